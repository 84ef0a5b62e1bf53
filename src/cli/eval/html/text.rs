//! Words and tables of the page.

use nearshelf_recommend::evaluate::Estimate;

/// Text as HTML shows it.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A value with its interval.
pub fn cell(estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(
        || "<td>–</td>".to_owned(),
        |e| {
            format!(
                "<td>{:.4} <span class=\"range\">[{:.4}, {:.4}]</span></td>",
                e.value, e.low, e.high
            )
        },
    )
}

/// A difference with its interval.
pub fn difference(estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(
        || "<td>–</td>".to_owned(),
        |e| {
            format!(
                "<td>{:+.4} <span class=\"range\">[{:+.4}, {:+.4}]</span></td>",
                e.value, e.low, e.high
            )
        },
    )
}

/// A table that can be scrolled where it is too wide, its first column heading each row.
///
/// - `rows`: whether it stands out, its heading, and its other cells as HTML
pub fn table(caption: &str, head: &[&str], rows: &[(bool, String, String)]) -> String {
    let head: String = head
        .iter()
        .map(|name| format!("<th scope=\"col\">{}</th>", escape(name)))
        .collect();
    let body: String = rows
        .iter()
        .map(|(main, heading, cells)| {
            let class = if *main { " class=\"main\"" } else { "" };
            format!(
                "<tr{class}><th scope=\"row\">{}</th>{cells}</tr>\n",
                escape(heading)
            )
        })
        .collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table><caption>{caption}</caption>\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n",
        caption = escape(caption)
    )
}
