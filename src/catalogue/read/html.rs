//! HTML descriptions as plain text: tags dropped, character references decoded. Never shown as markup.

/// Text of an HTML fragment.
pub(super) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        // "5 < 6" and "<3" are no tags: those begin with a letter, "/", "!" or "?".
        let begins_tag = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?');
        if !rest[1..].starts_with(begins_tag) {
            text.push('<');
            rest = &rest[1..];
            continue;
        }
        text.push(' ');
        rest = end_of_tag(rest).and_then(|at| rest.get(at..)).unwrap_or("");
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    decode(&words.join(" "))
}

/// Behind a tag or comment; of script and style behind the whole element.
fn end_of_tag(html: &str) -> Option<usize> {
    if html.starts_with("<!--") {
        return html.find("-->").map(|at| at + 3);
    }
    let name_is = |name: &str| {
        let inside = html.get(1..=name.len());
        let after = html.get(name.len() + 1..).and_then(|t| t.chars().next());
        inside.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
            && !after.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let Some(name) = ["script", "style"].into_iter().find(|name| name_is(name)) else {
        return html.find('>').map(|at| at + 1);
    };
    let lower = html.to_ascii_lowercase();
    let close = lower.find(&format!("</{name}"))?;
    lower[close..].find('>').map(|at| close + at + 1)
}

/// Longest name of a reference, in bytes.
const MAX_REFERENCE_BYTES: usize = 10;

/// Decodes each reference once; what is none stays as it is.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest
            .bytes()
            .take(MAX_REFERENCE_BYTES)
            .position(|b| b == b';');
        match end.and_then(|end| Some((end, character(&rest[..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    if let Some(&(_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(c);
    }
    let place = LATIN_1.split_whitespace().position(|known| known == name)?;
    char::from_u32(0xa0 + place as u32)
}

/// Names of U+00A0 to U+00FF, in order.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// The other names that product descriptions hold; they come first.
const NAMED: &[(&str, char)] = &[
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("hellip", '…'),
    ("bull", '•'),
    ("euro", '€'),
    ("trade", '™'),
    ("minus", '−'),
    ("rarr", '→'),
    ("larr", '←'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("hearts", '♥'),
    ("star", '☆'),
    ("check", '✓'),
    ("prime", '′'),
    ("Prime", '″'),
    ("permil", '‰'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
];

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn a_less_than_sign_is_no_tag() {
        assert_eq!(to_text("5 < 6 and <3 <b>bold</b>"), "5 < 6 and <3 bold");
        assert_eq!(to_text("a <"), "a <");
    }

    #[test]
    fn comments_scripts_and_styles_are_left_out_as_a_whole() {
        assert_eq!(to_text("a<!-- > b -->c"), "a c");
        assert_eq!(to_text("a<STYLE>p>b{}</style >c"), "a c");
        assert_eq!(to_text("<scripted>a</scripted>"), "a");
        assert_eq!(to_text("a<script>never closed"), "a");
    }

    #[test]
    fn references_are_decoded_once_by_number_or_name() {
        assert_eq!(
            to_text("caf&eacute; &#8364;5 &#x1F9E6; &yuml;"),
            "café €5 🧦 ÿ"
        );
        assert_eq!(to_text("a&nbsp;&ndash;&nbsp;b"), "a – b");
        assert_eq!(to_text("&amp;lt;b&amp;gt;"), "&lt;b&gt;");
        assert_eq!(to_text("&lt;b&gt;"), "<b>");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in [
            "R&D",
            "&",
            "&;",
            "&#;",
            "&#xD800;",
            "&unknown;",
            "&#0;",
            "a & b; c",
            "&é;",
        ] {
            assert_eq!(to_text(text), text, "{text}");
        }
    }
}
