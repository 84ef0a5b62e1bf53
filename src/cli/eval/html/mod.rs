//! The report as one page: no scripts, nothing loaded, light and dark.

mod chart;
pub mod text;

use super::{
    field::SHIPPED,
    measure::{REFERENCE, Row},
    report::Report,
};
use chart::Mark;
use text::{cell, difference, escape, table};

/// The whole page.
pub fn page(report: &Report) -> String {
    let title = format!("Recommenders on {}", report.data.name);
    let mut body = header(report, &title);
    for repeats in report.protocol.repeats() {
        let rows: Vec<&Row> = report
            .rows
            .iter()
            .filter(|row| row.repeat_purchases == *repeats)
            .collect();
        if !rows.is_empty() {
            body += &section(report, &rows, *repeats);
        }
    }
    body += &precision(report);
    body += &choices(report);
    body += &how(report);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{}</style></head>\n<body><main>\n{body}</main></body></html>\n",
        escape(&title),
        include_str!("style.css")
    )
}

/// The row that the report is about: what ships, else the best.
fn main_row<'r>(report: &Report, rows: &[&'r Row]) -> Option<&'r Row> {
    let shipped = rows.iter().find(|row| row.recommender == SHIPPED);
    let best = || {
        rows.iter()
            .max_by(|a, b| value(a, "ndcg", report.k).total_cmp(&value(b, "ndcg", report.k)))
    };
    shipped.or_else(best).copied()
}

fn value(row: &Row, metric: &str, k: usize) -> f64 {
    row.metrics
        .get(&format!("{metric}@{k}"))
        .map_or(0.0, |estimate| estimate.value)
}

fn header(report: &Report, title: &str) -> String {
    let data = &report.data;
    let k = report.k;
    let first = report.protocol.repeats().first().copied().unwrap_or(false);
    let rows: Vec<&Row> = report
        .rows
        .iter()
        .filter(|row| row.repeat_purchases == first)
        .collect();
    let summary = main_row(report, &rows).map_or_else(String::new, |row| {
        let of = |metric: &str| {
            let estimate = row.metrics.get(&format!("{metric}@{k}"));
            estimate.map_or_else(String::new, |e| {
                format!("{:.4} ({:.4} to {:.4})", e.value, e.low, e.high)
            })
        };
        format!(
            "<p><strong>{}</strong>: HR@{k} {}, NDCG@{k} {}, MRR@{k} {}.</p>",
            escape(&row.recommender),
            of("hr"),
            of("ndcg"),
            of("mrr")
        )
    });
    format!(
        "<h1>{}</h1>\n<p class=\"faint\">{} questions of {} shoppers; {} items, {} sessions, {} events, of which {} \
         are for training.</p>\n{summary}\n<p>Protocol: {}. Every item of the catalogue is a candidate. Intervals hold \
         95 % of {} resamples of shoppers.</p>\n",
        escape(title),
        report.cases,
        report.shoppers,
        data.items,
        data.sessions,
        data.events,
        data.training_events,
        escape(report.protocol_about),
        report.resamples
    )
}

fn section(report: &Report, rows: &[&Row], repeats: bool) -> String {
    let k = report.k;
    let main = main_row(report, rows).map(|row| row.recommender.as_str());
    let heading = match (repeats, report.protocol.repeats().len()) {
        (_, 1) => "Results",
        (true, _) => "Results, items of the history kept",
        (false, _) => "Results, items of the history left out",
    };
    let marks = |metric: &str| -> Vec<Mark> {
        let name = format!("{metric}@{k}");
        let estimates = rows.iter().filter_map(|row| {
            Some(Mark {
                name: row.recommender.clone(),
                estimate: *row.metrics.get(&name)?,
                main: main == Some(row.recommender.as_str()),
            })
        });
        estimates.collect()
    };
    let mut html = format!("<h2>{heading}</h2>\n");
    for (metric, long) in [("ndcg", "NDCG"), ("hr", "Hit rate")] {
        let title = format!("{long} at {k}");
        html += &figure(
            &chart::bars(&title, &marks(metric)),
            &format!("{title}, with 95 % intervals."),
        );
    }
    html += &accuracy_tables(report, rows, main);
    html += &list_table(report, rows, main);
    html += &differences(report, rows, main);
    html + &slices(report, rows, main)
}

fn figure(svg: &str, caption: &str) -> String {
    format!(
        "<figure>{svg}<figcaption>{}</figcaption></figure>\n",
        escape(caption)
    )
}

fn accuracy_tables(report: &Report, rows: &[&Row], main: Option<&str>) -> String {
    let mut lengths = vec![report.k];
    let names = rows
        .first()
        .map(|row| row.metrics.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    let others = names
        .iter()
        .filter_map(|name| name.strip_prefix("hr@")?.parse().ok());
    let mut others: Vec<usize> = others.filter(|&k| k != report.k).collect();
    others.sort_unstable();
    lengths.extend(others);
    let mut html = String::new();
    for k in lengths {
        let cells = |row: &&Row| {
            let metrics = ["hr", "ndcg", "recall", "mrr"];
            let cells: String = metrics
                .iter()
                .map(|name| cell(row.metrics.get(&format!("{name}@{k}"))))
                .collect();
            (
                main == Some(row.recommender.as_str()),
                row.recommender.clone(),
                cells,
            )
        };
        let head = [
            "Recommender",
            &format!("HR@{k}"),
            &format!("NDCG@{k}"),
            &format!("Recall@{k}"),
            &format!("MRR@{k}"),
        ];
        html += &table(
            &format!("Accuracy of lists of {k}"),
            &head,
            &rows.iter().map(cells).collect::<Vec<_>>(),
        );
    }
    html
}

fn list_table(report: &Report, rows: &[&Row], main: Option<&str>) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let whole: String = ["novelty", "diversity", "calibration"]
                .iter()
                .map(|name| cell(row.metrics.get(*name)))
                .collect();
            let cells = format!(
                "<td>{:.3}</td><td>{:.3}</td>{whole}<td>{:.2}</td><td class=\"words\">{}</td>",
                row.coverage,
                row.gini,
                row.millis_a_list,
                escape(&row.about)
            );
            (
                main == Some(row.recommender.as_str()),
                row.recommender.clone(),
                cells,
            )
        })
        .collect();
    table(
        &format!("What lists of {} are like", report.k),
        &[
            "Recommender",
            "Coverage",
            "Gini",
            "Novelty, bits",
            "Diversity",
            "Calibration",
            "ms a list",
            "What it is",
        ],
        &rows,
    )
}

fn differences(report: &Report, rows: &[&Row], main: Option<&str>) -> String {
    let name = format!("ndcg@{}", report.k);
    let marks: Vec<Mark> = rows
        .iter()
        .filter_map(|row| {
            Some(Mark {
                name: row.recommender.clone(),
                estimate: *row.against_reference.get(&name)?,
                main: main == Some(row.recommender.as_str()),
            })
        })
        .collect();
    if marks.is_empty() {
        return String::new();
    }
    let title = format!("NDCG@{} less that of {REFERENCE}", report.k);
    let svg = chart::differences(&title, &marks);
    let caption = format!(
        "{title}: paired over shoppers. Where the interval leaves 0 out, it is more than chance."
    );
    let cells = |row: &&Row| {
        let hits = format!("hr@{}", report.k);
        let cells = [
            difference(row.against_reference.get(&hits)),
            difference(row.against_reference.get(&name)),
            difference(row.short_of_best.get(&hits)),
            difference(row.short_of_best.get(&name)),
        ];
        (
            main == Some(row.recommender.as_str()),
            row.recommender.clone(),
            cells.concat(),
        )
    };
    let head = [
        "Recommender",
        &format!("HR@{} over {REFERENCE}", report.k),
        &format!("NDCG@{} over {REFERENCE}", report.k),
        "HR short of the best",
        "NDCG short of the best",
    ];
    figure(&svg, &caption)
        + &table(
            "Paired differences",
            &head,
            &rows.iter().map(cells).collect::<Vec<_>>(),
        )
}

fn slices(report: &Report, rows: &[&Row], main: Option<&str>) -> String {
    let name = format!("ndcg@{}", report.k);
    let Some(first) = rows.first().filter(|row| !row.slices.is_empty()) else {
        return String::new();
    };
    let shown = |row: &&&Row| {
        ["popularity", REFERENCE, "for-you alone"].contains(&row.recommender.as_str())
            || main == Some(row.recommender.as_str())
    };
    let groups: Vec<(String, Vec<Mark>)> = first
        .slices
        .iter()
        .enumerate()
        .map(|(place, slice)| {
            let marks = rows.iter().filter(shown).filter_map(|row| {
                Some(Mark {
                    name: row.recommender.clone(),
                    estimate: *row.slices.get(place)?.metrics.get(&name)?,
                    main: main == Some(row.recommender.as_str()),
                })
            });
            (
                format!(
                    "{}: {} ({} questions)",
                    slice.slice, slice.about, slice.cases
                ),
                marks.collect(),
            )
        })
        .collect();
    let title = format!("NDCG@{} of parts of the questions", report.k);
    let svg = chart::groups(&title, &groups);
    let cells = |row: &&Row| {
        let cells: String = row
            .slices
            .iter()
            .map(|slice| cell(slice.metrics.get(&name)))
            .collect();
        (
            main == Some(row.recommender.as_str()),
            row.recommender.clone(),
            cells,
        )
    };
    let mut head = vec!["Recommender"];
    head.extend(first.slices.iter().map(|slice| slice.slice));
    figure(
        &svg,
        &format!("{title}, for a few recommenders; all are in the table."),
    ) + &table(&title, &head, &rows.iter().map(cells).collect::<Vec<_>>())
}

fn precision(report: &Report) -> String {
    let mut rows: Vec<(bool, String, String)> = Vec::new();
    for found in &report.precision {
        let seen = if found.repeat_purchases {
            "kept"
        } else {
            "left out"
        };
        let cells = format!(
            "{}{}<td>{:+.2} %</td>",
            cell(Some(&found.int8)),
            cell(Some(&found.f32)),
            found.lost * 100.0
        );
        rows.push((false, format!("{}, history {seen}", found.metric), cells));
    }
    if rows.is_empty() {
        return String::new();
    }
    "<h2>What eight bits cost</h2>\n".to_owned()
        + &table(
            "Before and after quantization",
            &["Metric", "int8", "f32", "Lost"],
            &rows,
        )
}

fn choices(report: &Report) -> String {
    let mut html = String::new();
    if !report.choices.is_empty() {
        let rows: Vec<_> = report
            .choices
            .iter()
            .map(|choice| {
                let cells = format!(
                    "<td>{:.4}</td><td>{}</td><td class=\"words\">{}</td>",
                    choice.validation_ndcg,
                    choice.cases,
                    escape(&choice.constants)
                );
                (false, choice.recommender.clone(), cells)
            })
            .collect();
        let ndcg = format!("Validation NDCG@{}", report.k);
        html += "<h2>Chosen on validation</h2>\n";
        html += &table(
            "Constants, by NDCG on validation",
            &["Recommender", &ndcg, "Questions", "Constants"],
            &rows,
        );
    }
    if !report.left_out.is_empty() {
        html += "<h2>Left out</h2>\n<ul>";
        for left_out in &report.left_out {
            html += &format!(
                "<li>{}: {}</li>",
                escape(left_out.recommender),
                escape(&left_out.why)
            );
        }
        html += "</ul>\n";
    }
    html
}

fn how(report: &Report) -> String {
    let words = match (report.data.titles, report.data.substitutes) {
        (0, 0) => String::new(),
        (titles, substitutes) => format!(
            "{titles} items have a title, {substitutes} others have words of another field. "
        ),
    };
    format!(
        "<h2>How to read this</h2>\n<p>HR: part of the questions with a hit. NDCG: hits count less further down. \
         Recall: part of the hidden items that were found. MRR: reciprocal place of the first hit. Coverage: part of \
         the catalogue in any list. Gini: 0 where all items are shown alike, towards 1 where a few take all places. \
         Novelty: how rare the shown items are among training sessions, in bits. Diversity: 1 less the part of labels \
         that two items of a list share. Calibration: how far a list's labels are from the history's \
         (Kullback–Leibler, 0 is true to it). Labels are brand, category levels and attributes.</p>\n\
         <p class=\"faint\">{words}{} items occur in no training session. Seed {}, {} threads, {:.0} s, nearshelf {}.</p>\n",
        report.data.items_without_training,
        report.seed,
        report.threads,
        report.seconds,
        report.nearshelf
    )
}
