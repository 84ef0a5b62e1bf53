//! `Det` of small matrices, by minors.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};

/// Beyond it the number of minors grows too large.
const MAX_ROWS: usize = 5;

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let shape = steps.shape(x);
    let [batch @ .., rows, columns] = &shape[..] else {
        return Err(node.bad("takes matrices"));
    };
    if rows != columns || *rows == 0 {
        return Err(node.bad(format!("{rows} × {columns} is not square")));
    }
    if *rows > MAX_ROWS {
        return Err(node.unsupported(format!("matrices have at most {MAX_ROWS} rows")));
    }
    let all: Vec<usize> = (0..*rows).collect();
    let y = minor(&mut steps, x, 0, &all)?;
    Ok(vec![steps.reshape(&y, batch)?])
}

/// The determinant of the rows from `row` on and of `columns`, as a 1 × 1 matrix.
fn minor(
    steps: &mut Steps,
    x: &Value,
    row: usize,
    columns: &[usize],
) -> Result<Value, CompileError> {
    let axis = steps.shape(x).len() - 2;
    let line = steps.slice(x, axis, row, 1, 1)?;
    let mut sum: Option<Value> = None;
    for (index, &column) in columns.iter().enumerate() {
        let mut term = steps.slice(&line, axis + 1, column, 1, 1)?;
        if columns.len() > 1 {
            let others: Vec<usize> = columns
                .iter()
                .copied()
                .filter(|&other| other != column)
                .collect();
            let rest = minor(steps, x, row + 1, &others)?;
            term = steps.mul(&term, &rest)?;
        }
        sum = Some(match sum {
            None => term,
            Some(sum) if index % 2 == 0 => steps.add(&sum, &term)?,
            Some(sum) => steps.sub(&sum, &term)?,
        });
    }
    sum.ok_or_else(|| steps.node.bad("has no column"))
}
