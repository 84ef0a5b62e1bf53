//! The table of results on a terminal.

use super::{measure::Row, report::Report};
use nearshelf_recommend::evaluate::Estimate;

/// Prints the report for people.
pub fn print(report: &Report) {
    let data = &report.data;
    crate::say!(
        "{} cases of {} shoppers, {} items, {} events ({} for training)",
        report.cases,
        report.shoppers,
        data.items,
        data.events,
        data.training_events
    );
    if data.unknown_items > 0 {
        crate::say!(
            "{} events are of items that the catalogue does not have",
            data.unknown_items
        );
    }
    crate::say!("{}", report.protocol_about);
    let k = report.k;
    let width = report
        .rows
        .iter()
        .map(|row| row.recommender.chars().count())
        .max();
    let width = width.unwrap_or(0).max(28);
    for repeat_purchases in [false, true] {
        let rows: Vec<&Row> = report
            .rows
            .iter()
            .filter(|row| row.repeat_purchases == repeat_purchases)
            .collect();
        if rows.is_empty() {
            continue;
        }
        let seen = if repeat_purchases {
            "may be"
        } else {
            "are not"
        };
        crate::say!("\nItems of the history {seen} recommended; in brackets 95 % intervals.\n");
        crate::say!(
            "{:<width$} {:>23} {:>23} {:>9} {:>8} {:>8} {:>6} {:>7}",
            "recommender",
            format!("HR@{k}"),
            format!("NDCG@{k}"),
            format!("recall@{k}"),
            format!("MRR@{k}"),
            "coverage",
            "Gini",
            "ms"
        );
        for row in rows {
            let of = |name: &str| row.metrics.get(&format!("{name}@{k}")).copied();
            let value = |name: &str| of(name).map_or(0.0, |estimate| estimate.value);
            crate::say!(
                "{:<width$} {:>23} {:>23} {:>9.4} {:>8.4} {:>8.3} {:>6.3} {:>7.2}",
                row.recommender,
                bracketed(of("hr")),
                bracketed(of("ndcg")),
                value("recall"),
                value("mrr"),
                row.coverage,
                row.gini,
                row.millis_a_list
            );
        }
    }
    for row in report.rows.iter().filter(|row| !row.head_adds.is_empty()) {
        for metric in ["hr", "ndcg", "recall"].map(|name| format!("{name}@{k}")) {
            crate::say!(
                "{}the personal head adds to {metric}: {}",
                if metric.starts_with("hr") { "\n" } else { "" },
                bracketed(row.head_adds.get(&metric).copied())
            );
        }
    }
    for precision in &report.precision {
        crate::say!(
            "\n{}: int8 {:.4}, f32 {:.4}; {:.2} % lost to eight bits",
            precision.metric,
            precision.int8.value,
            precision.f32.value,
            precision.lost * 100.0
        );
    }
    for left_out in &report.left_out {
        crate::say!("left out: {}: {}", left_out.recommender, left_out.why);
    }
    crate::say!("{:.1} s on {} threads", report.seconds, report.threads);
}

fn bracketed(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(String::new, |e| {
        format!("{:.4} [{:.4}, {:.4}]", e.value, e.low, e.high)
    })
}
