//! A plan as a table.

use super::plan::{Cost, Named, Report};
use crate::output;

/// Widest name shown whole; of a longer one the end, where models name the layer.
const MAX_NAME: usize = 40;

pub fn print(report: &Report) {
    for (what, ports) in [("input", &report.inputs), ("output", &report.outputs)] {
        for Named { name, ty } in ports {
            crate::say!("{what:<7} {name:<24} {ty}");
        }
    }
    if !report.open.is_empty() {
        crate::say!("\nworked out for each binding");
    }
    for open in &report.open {
        crate::say!(
            "  {} ({}), number {}: {}",
            end_of(&open.node),
            open.operator,
            open.number,
            open.expression
        );
    }
    let head = ["node", "operator", "first operand → result"];
    let nodes = report.nodes.iter().map(|node| {
        let operand = node.inputs.first().map_or("", String::as_str);
        let shapes = format!("{operand} → {}", node.outputs.join(" "));
        (
            [end_of(&node.name), node.operator.to_owned(), shapes],
            &node.cost,
        )
    });
    rows(head, nodes.collect(), report.profile.is_some());
    let operators = report.operators.iter().map(|total| {
        let count = match total.nodes {
            1 => "1 node".to_owned(),
            count => format!("{count} nodes"),
        };
        (
            [total.operator.to_owned(), count, String::new()],
            &total.cost,
        )
    });
    let head = ["by operator", "", ""];
    rows(head, operators.collect(), report.profile.is_some());
    crate::say!(
        "\n{} nodes, {} multiply-adds, weights {}, buffers {}",
        report.nodes.len(),
        report.multiply_adds,
        output::size(report.weight_bytes as u64),
        output::size(report.arena_bytes as u64)
    );
    if let Some(profile) = &report.profile {
        let gmacs = report.multiply_adds as f64 / profile.run_ms / 1e6;
        crate::say!(
            "a run takes {:.3} ms, the median of {}: {gmacs:.2} GMAC/s",
            profile.run_ms,
            profile.runs
        );
    }
}

/// A headed block of rows, its first columns as wide as they have to be.
fn rows(head: [&str; 3], rows: Vec<([String; 3], &Cost)>, is_timed: bool) {
    let width = |column: usize| {
        let cells = rows.iter().map(|(cells, _)| cells[column].chars().count());
        cells.max().unwrap_or(0).max(head[column].chars().count())
    };
    let widths = [0, 1, 2].map(width);
    let line = |cells: [&str; 3], numbers: [String; 6]| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| *width > 0) {
            line += &format!("{cell:<width$}  ");
        }
        let shown = if is_timed { 6 } else { 3 };
        for number in &numbers[..shown] {
            line += &format!("{number:>11}");
        }
        crate::say!("{line}");
    };
    crate::say!("");
    let titles = ["MACs", "weights", "moved", "ms", "share", "GMAC/s"];
    line(head, titles.map(str::to_owned));
    for (cells, cost) in &rows {
        let number = |value: Option<f64>, digits: usize| {
            value.map_or_else(String::new, |value| format!("{value:.digits$}"))
        };
        let numbers = [
            cost.multiply_adds.to_string(),
            output::size(cost.weight_bytes),
            output::size(cost.activation_bytes),
            number(cost.milliseconds, 4),
            cost.share
                .map_or_else(String::new, |share| format!("{:.1} %", share * 100.0)),
            number(cost.gmacs(), 2),
        ];
        line([&cells[0], &cells[1], &cells[2]], numbers);
    }
}

/// The end of a name that is too long.
fn end_of(name: &str) -> String {
    let excess = name.chars().count().saturating_sub(MAX_NAME);
    match name.char_indices().nth(excess + 1) {
        Some((from, _)) if excess > 0 => format!("…{}", &name[from..]),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(end_of("conv1"), "conv1");
        let long = format!("{}/大/MatMul", "x".repeat(60));
        let shown = end_of(&long);
        assert_eq!(shown.chars().count(), MAX_NAME);
        assert!(shown.starts_with('…') && shown.ends_with("/大/MatMul"));
    }
}
