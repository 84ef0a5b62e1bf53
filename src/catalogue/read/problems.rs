//! What of a merchant's file was left out, and why.

use std::{collections::BTreeMap, ops::Deref};

/// Problems that are kept one by one; a file of which every row is bad must not fill the memory.
const KEPT: usize = 500;

/// Why one row was left out, or one of its values was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowProblem {
    /// Line of the file, from 1; for XML that on which the entry begins.
    pub line: u64,
    /// Column, field or element.
    pub column: String,
    /// What is wrong and how to mend it.
    pub reason: String,
    /// Beginning of the value.
    pub excerpt: String,
    /// Whether the whole row was left out; otherwise only the value was.
    pub row_rejected: bool,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.column, self.reason)?;
        if !self.excerpt.is_empty() {
            write!(f, " (found {:?})", self.excerpt)?;
        }
        Ok(())
    }
}

/// The first 500 problems of a file, and how many there were of each kind. Derefs to those.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowProblems {
    first: Vec<RowProblem>,
    rows: BTreeMap<String, u64>,
    values: BTreeMap<String, u64>,
}

impl RowProblems {
    pub(super) fn push(&mut self, problem: RowProblem) {
        let counts = match problem.row_rejected {
            true => &mut self.rows,
            false => &mut self.values,
        };
        match counts.get_mut(&problem.column) {
            Some(count) => *count += 1,
            None => {
                counts.insert(problem.column.clone(), 1);
            }
        }
        if self.first.len() < KEPT {
            self.first.push(problem);
        }
    }

    /// All there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.rows.values().chain(self.values.values()).sum()
    }

    /// Rows left out, by column.
    #[must_use]
    pub fn rows(&self) -> &BTreeMap<String, u64> {
        &self.rows
    }

    /// Single values left out, by column.
    #[must_use]
    pub fn values(&self) -> &BTreeMap<String, u64> {
        &self.values
    }
}

impl Deref for RowProblems {
    type Target = [RowProblem];

    fn deref(&self) -> &[RowProblem] {
        &self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_problems_the_first_are_kept_and_all_are_counted() {
        let mut problems = RowProblems::default();
        for line in 1..=2000 {
            problems.push(RowProblem {
                line,
                column: if line % 4 == 0 { "price" } else { "id" }.to_owned(),
                reason: String::new(),
                excerpt: String::new(),
                row_rejected: line % 4 != 0,
            });
        }
        assert_eq!(
            (problems.len(), problems[499].line, problems.count()),
            (500, 500, 2000)
        );
        assert_eq!(problems.rows()["id"], 1500);
        assert_eq!(problems.values()["price"], 500);
        assert_eq!(RowProblems::default().count(), 0);
    }
}
