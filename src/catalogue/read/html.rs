//! HTML descriptions as plain text: tags dropped, common entities decoded. Never shown as markup.

/// Text of an HTML fragment.
pub(super) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let hidden = ["script", "style"].into_iter().find(|name| {
            rest.get(1..1 + name.len())
                .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
        });
        let skipped = match hidden {
            Some(name) => end_of_element(rest, name),
            None => rest.find('>').map(|close| close + 1),
        };
        text.push(' ');
        rest = skipped.and_then(|at| rest.get(at..)).unwrap_or("");
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    decode(&words.join(" "))
}

fn end_of_element(html: &str, name: &str) -> Option<usize> {
    let lower = html.to_ascii_lowercase();
    let close = lower.find(&format!("</{name}"))?;
    lower[close..].find('>').map(|at| close + at + 1)
}

fn decode(text: &str) -> String {
    let mut out = text.to_owned();
    for (entity, plain) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, plain);
    }
    out
}
