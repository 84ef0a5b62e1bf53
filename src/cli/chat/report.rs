//! The evaluation as a page: no script, no style from elsewhere, charts as SVG in it.

use super::{eval::Report, figures::Figures};
use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f23}\
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.3rem .8rem;border-bottom:1px solid #d5dae0;text-align:right}\
td:first-child,th:first-child{text-align:left}svg{max-width:30rem;height:auto}@media(prefers-color-scheme:dark){\
body{background:#15181c;color:#e6e9ec}td,th{border-color:#3a4047}.axis{stroke:#8a929b}}";

pub fn page(title: &str, report: &Report) -> String {
    let mut page = String::new();
    let title = escaped(title);
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><h1>{title}</h1>\
         <p>{} intents by {}; {} examples to learn from, {} to calibrate on; threshold {:.3}; fitted in {:.1} s. Median {:.2} ms a text.</p>",
        report.intents,
        report.reads,
        report.train,
        report.validation,
        report.threshold,
        report.fit_seconds,
        report.latency.median_millis
    );
    table(&mut page, &report.figures);
    if let Some(whole) = report.figures.first() {
        page.push_str("<h2>Reliability</h2><p>How often answers of a confidence are right; on the line they would be as sure as they should.</p>");
        chart(&mut page, whole);
        page.push_str(
            "<h2>Confusions</h2><table><tr><th>intent</th><th>taken for</th><th>times</th></tr>",
        );
        for one in &whole.confusions {
            let _ = write!(
                page,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&one.intent),
                escaped(&one.taken_for),
                one.count
            );
        }
        page.push_str("</table>");
    }
    page.push_str("</html>\n");
    page
}

fn table(page: &mut String, figures: &[Figures]) {
    page.push_str("<table><tr><th></th><th>accuracy</th><th>macro F1</th><th>OOS recall</th><th>at 95 % in scope</th><th>AUROC</th><th>ECE</th><th>slot F1</th></tr>");
    let percent = |value: f64| format!("{:.1} %", value * 100.0);
    let perhaps = |value: Option<f64>| value.map_or("–".to_owned(), percent);
    for row in figures {
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{:.4}</td><td>{}</td></tr>",
            escaped(&row.name),
            percent(row.accuracy),
            percent(row.macro_f1),
            perhaps(row.oos_recall),
            perhaps(row.oos_recall_at_95),
            row.auroc
                .map_or("–".to_owned(), |auroc| format!("{auroc:.4}")),
            row.ece,
            perhaps(row.slots.as_ref().map(|slots| slots.f1)),
        );
    }
    page.push_str("</table>");
}

/// A bar a bin from confidence to accuracy, 300 units a side.
fn chart(page: &mut String, figures: &Figures) {
    let most = figures
        .reliability
        .iter()
        .map(|bin| bin.count)
        .max()
        .unwrap_or(1)
        .max(1);
    page.push_str("<svg viewBox=\"-40 -10 360 350\" role=\"img\" aria-label=\"Accuracy by confidence\"><path class=\"axis\" d=\"M0 0V300H300M0 300L300 0\" fill=\"none\" stroke=\"#6b737c\"/>");
    for bin in figures.reliability.iter().filter(|bin| bin.count > 0) {
        let (x, width) = (bin.from * 300.0, (bin.to - bin.from) * 300.0);
        let height = bin.accuracy * 300.0;
        let strength = 0.25 + 0.75 * (bin.count as f64 / most as f64).sqrt();
        let _ = write!(
            page,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"#2f6fde\" fill-opacity=\"{strength:.2}\">\
             <title>{} answers, sure {:.2}, right {:.2}</title></rect>",
            x + 1.0,
            300.0 - height,
            width - 2.0,
            bin.count,
            bin.confidence,
            bin.accuracy
        );
    }
    page.push_str("<g font-size=\"12\" fill=\"currentColor\"><text x=\"110\" y=\"325\">confidence</text><text x=\"-30\" y=\"4\">1.0</text><text x=\"-30\" y=\"304\">0.0</text><text x=\"285\" y=\"318\">1.0</text></g></svg>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
