//! A size chart as comma-separated text.

use super::chart::{Chart, ChartError, MOST_BYTES, MOST_SIZES, Measure, SizeRow, Unit};
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Size,
    Unit,
    /// 0 from, 1 to.
    Bound(Measure, usize),
}

/// Reads rows, no more of them than a chart has; what they hold is checked by [`Chart::checked`].
pub fn chart(text: &str) -> Result<Chart, ChartError> {
    if text.len() > MOST_BYTES {
        return Err(ChartError::Long(text.len()));
    }
    let mut rows = rows(text.trim_start_matches('\u{feff}'));
    let headings = rows.next().unwrap_or_default();
    let columns = columns(&headings)?;
    let mut sizes = Vec::new();
    let mut unit = None;
    for (number, cells) in rows.enumerate() {
        let mut row = Reading {
            row: number + 1,
            size: String::new(),
            bounds: BTreeMap::new(),
        };
        for (at, column) in columns.iter().enumerate() {
            let cell = cells.get(at).map_or("", |cell| cell.trim());
            match column {
                Column::Size => cell.clone_into(&mut row.size),
                Column::Unit => unit = Some(row.unit(cell, unit)?),
                Column::Bound(measure, end) => row.bound(*measure, *end, cell)?,
            }
        }
        sizes.push(row.finished()?);
        if sizes.len() > MOST_SIZES {
            return Err(ChartError::Count(sizes.len()));
        }
    }
    let unit = unit.ok_or(ChartError::Count(0))?;
    Ok(Chart { unit, sizes })
}

fn columns(headings: &[String]) -> Result<Vec<Column>, ChartError> {
    let wrong = |heading: &str, why| ChartError::Heading {
        heading: heading.to_owned(),
        why,
    };
    let mut columns = Vec::with_capacity(headings.len());
    for heading in headings {
        let name = heading.trim().to_ascii_lowercase();
        let column = match name.as_str() {
            "size" => Column::Size,
            "unit" => Column::Unit,
            _ => {
                let (measure, end) = name
                    .rsplit_once('_')
                    .ok_or_else(|| wrong(heading, "is unknown"))?;
                let measure =
                    Measure::from_name(measure).ok_or_else(|| wrong(heading, "is unknown"))?;
                let ends = ["min", "max"];
                let end = ends
                    .iter()
                    .position(|known| *known == end)
                    .ok_or_else(|| wrong(heading, "is unknown"))?;
                Column::Bound(measure, end)
            }
        };
        if columns.contains(&column) {
            return Err(wrong(heading, "is there twice"));
        }
        columns.push(column);
    }
    for (column, name) in [(Column::Size, "size"), (Column::Unit, "unit")] {
        if !columns.contains(&column) {
            return Err(wrong(name, "is missing"));
        }
    }
    Ok(columns)
}

struct Reading {
    row: usize,
    size: String,
    bounds: BTreeMap<Measure, [Option<f64>; 2]>,
}

impl Reading {
    fn wrong(&self, column: String, found: &str, wanted: &'static str) -> ChartError {
        ChartError::Cell {
            row: self.row,
            column,
            found: found.to_owned(),
            wanted,
        }
    }

    fn unit(&self, cell: &str, before: Option<Unit>) -> Result<Unit, ChartError> {
        let unit = match cell.to_ascii_lowercase().as_str() {
            "cm" => Unit::Cm,
            "in" | "inch" | "inches" => Unit::In,
            _ => return Err(self.wrong("unit".to_owned(), cell, "write cm or in")),
        };
        if before.is_some_and(|before| before != unit) {
            return Err(self.wrong(
                "unit".to_owned(),
                cell,
                "a chart has one unit in all its rows",
            ));
        }
        Ok(unit)
    }

    fn bound(&mut self, measure: Measure, end: usize, cell: &str) -> Result<(), ChartError> {
        if cell.is_empty() {
            return Ok(());
        }
        let column = || format!("{}_{}", measure.name(), ["min", "max"][end]);
        let value: f64 = cell
            .parse()
            .map_err(|_| self.wrong(column(), cell, "write a number with a point, such as 86.5"))?;
        self.bounds.entry(measure).or_default()[end] = Some(value);
        Ok(())
    }

    fn finished(self) -> Result<SizeRow, ChartError> {
        let mut ranges = BTreeMap::new();
        for (measure, bounds) in &self.bounds {
            let range = match bounds {
                [Some(from), Some(to)] => [*from, *to],
                _ => {
                    return Err(self.wrong(
                        measure.name().to_owned(),
                        "",
                        "give both _min and _max, or neither",
                    ));
                }
            };
            ranges.insert(*measure, range);
        }
        Ok(SizeRow {
            size: self.size,
            ranges,
        })
    }
}

/// Cells of each row that isn't empty. A cell in double quotes may hold commas, line ends and doubled quotes.
fn rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            rest.peek()?;
            let mut cells = vec![String::new()];
            let mut quoted = false;
            while let Some(next) = rest.next() {
                let cell = cells.len() - 1;
                match next {
                    '"' if quoted && rest.peek() == Some(&'"') => {
                        rest.next();
                        cells[cell].push('"');
                    }
                    '"' => quoted = !quoted,
                    ',' if !quoted => cells.push(String::new()),
                    '\r' if !quoted => {}
                    '\n' if !quoted => break,
                    _ => cells[cell].push(next),
                }
            }
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(cells);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_with_quotes_blank_lines_and_other_cases() {
        let text = "\u{feff}Size,UNIT,chest_min,Chest_Max,waist_min,waist_max\r\n\r\n\"S, short\",in,34,36,,\r\nM,in,36,38,30,32";
        let read = Chart::from_csv(text).unwrap();
        assert_eq!(read.unit, Unit::In);
        assert_eq!(read.sizes[0].size, "S, short");
        assert_eq!(
            read.sizes[0].ranges,
            BTreeMap::from([(Measure::Chest, [34.0, 36.0])])
        );
        assert_eq!(read.sizes[1].ranges[&Measure::Waist], [30.0, 32.0]);
    }

    #[test]
    fn a_text_that_is_too_long_for_a_chart_is_not_read() {
        let headings = "size,unit,chest_min,chest_max\n";
        let long = format!("{headings}{}", "S,cm,86,92\n".repeat(200_000));
        assert_eq!(Chart::from_csv(&long), Err(ChartError::Long(long.len())));
        let said = Chart::from_csv(&long).unwrap_err().to_string();
        assert!(said.contains("64 KiB"), "{said}");
        let rows: String = (0..61).map(|n| format!("{n},cm,{n},{}\n", n + 1)).collect();
        let unread = format!("{headings}{rows}this,row,is,not a chart's\n");
        assert_eq!(Chart::from_csv(&unread), Err(ChartError::Count(61)));
        let field = format!("{headings}\"{}\",cm,86,92", "S".repeat(70_000));
        assert!(matches!(Chart::from_csv(&field), Err(ChartError::Long(_))));
    }

    #[test]
    fn what_is_wrong_is_said_with_row_and_column() {
        for (text, said) in [
            ("", "\"size\" is missing"),
            ("size,chest_min,chest_max\nS,86,92", "\"unit\" is missing"),
            ("size,unit,bust_min", "\"bust_min\" is unknown"),
            ("size,unit,chest", "\"chest\" is unknown"),
            ("size,unit,size", "twice"),
            ("size,unit", "0 sizes"),
            (
                "size,unit,chest_min,chest_max\nS,cm,86,92\nM,cm,9o,98",
                "row 2 of the size chart has \"9o\" as chest_min",
            ),
            (
                "size,unit,chest_min,chest_max\nS,cm,86,",
                "both _min and _max",
            ),
            ("size,unit,chest_min,chest_max\nS,ell,86,92", "cm or in"),
            (
                "size,unit,chest_min,chest_max\nS,cm,86,92\nM,in,34,36",
                "one unit",
            ),
            ("size,unit,chest_min,chest_max\nS,cm,nan,inf", "a number"),
            (
                "size,unit,chest_min,chest_max\nS,cm,\"86",
                "both _min and _max",
            ),
        ] {
            let found = Chart::from_csv(text);
            assert!(
                found.clone().is_err_and(|e| e.to_string().contains(said)),
                "{text:?}: {found:?}"
            );
        }
    }
}
