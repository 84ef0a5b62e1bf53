//! Drawings that may be looked at and can do no more: no script, no foreign content, no other files.
//!
//! Read by a scanner of its own, stricter than XML. Pages look at drawings again before they show them, in
//! `www/worker/picture.ts`.

use super::ImageError;

/// Fails for what is no well-formed SVG, and for one that could act.
pub(super) fn check_svg(bytes: &[u8]) -> Result<(), ImageError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImageError::UnknownType)?;
    let mut scan = Scan {
        rest: text.trim_start_matches('\u{feff}'),
        open: Vec::new(),
        is_svg: false,
    };
    let whole = scan.document();
    match whole {
        // What isn't XML before its first element isn't a broken drawing, it is none.
        Err(ImageError::Malformed(_)) if !scan.is_svg => Err(ImageError::UnknownType),
        Ok(()) if !scan.is_svg => Err(ImageError::UnknownType),
        other => other,
    }
}

/// What is left to read, and where in the tree that is.
struct Scan<'a> {
    rest: &'a str,
    /// Names of the elements that are open.
    open: Vec<&'a str>,
    is_svg: bool,
}

impl<'a> Scan<'a> {
    fn document(&mut self) -> Result<(), ImageError> {
        if let Some(rest) = self.rest.strip_prefix("<?xml")
            && rest.starts_with(is_space)
        {
            let declaration = self.until("?>")?;
            check_encoding(declaration)?;
        }
        while let Some(at) = self.rest.find('<') {
            let text = self.take(at);
            self.text(text)?;
            self.markup()?;
        }
        let text = self.take(self.rest.len());
        self.text(text)?;
        if self.open.is_empty() {
            Ok(())
        } else {
            malformed("an element is not closed")
        }
    }

    /// Characters between two tags.
    fn text(&self, text: &str) -> Result<(), ImageError> {
        if self.open.is_empty() && !text.chars().all(is_space) {
            return malformed("text outside of <svg>");
        }
        decode(text).map(|_| ())
    }

    /// What begins with `<`.
    fn markup(&mut self) -> Result<(), ImageError> {
        if self.rest.starts_with("<!--") {
            return self.until("-->").map(|_| ());
        }
        if self.rest.starts_with("<![CDATA[") && !self.open.is_empty() {
            return self.until("]]>").map(|_| ());
        }
        if self.rest.starts_with("<!") {
            return active("a DOCTYPE");
        }
        if self.rest.starts_with("<?") {
            return active("a processing instruction");
        }
        if let Some(rest) = self.rest.strip_prefix("</") {
            self.rest = rest;
            let name = self.name()?;
            self.skip_space();
            return if self.open.pop() == Some(name) && self.skip(">") {
                Ok(())
            } else {
                malformed("an end tag closes another element")
            };
        }
        self.element()
    }

    /// A start tag, or an element of nothing else.
    fn element(&mut self) -> Result<(), ImageError> {
        self.take(1);
        let name = self.name()?;
        if self.open.is_empty() {
            if self.is_svg {
                return malformed("a second element beside <svg>");
            }
            if !local(name).eq_ignore_ascii_case("svg") {
                return Err(ImageError::UnknownType);
            }
            self.is_svg = true;
        }
        check_element(&local(name).to_ascii_lowercase())?;
        loop {
            let spaced = self.skip_space();
            if self.skip("/>") {
                return Ok(());
            }
            if self.skip(">") {
                self.open.push(name);
                return Ok(());
            }
            if !spaced {
                return malformed("an attribute follows without a space");
            }
            self.attribute()?;
        }
    }

    fn attribute(&mut self) -> Result<(), ImageError> {
        let name = self.name()?;
        self.skip_space();
        if !self.skip("=") {
            return malformed("an attribute has no value");
        }
        self.skip_space();
        let quote = if self.skip("\"") {
            '"'
        } else if self.skip("'") {
            '\''
        } else {
            return malformed("an attribute's value is not quoted");
        };
        let Some(end) = self.rest.find(quote) else {
            return malformed("an attribute's value has no end");
        };
        let value = self.take(end);
        self.take(1);
        if value.contains('<') {
            return malformed("an attribute's value holds <");
        }
        // As whoever draws it reads it: `&#117;rl(` is `url(`.
        check_attribute(&local(name).to_ascii_lowercase(), &decode(value)?)
    }

    fn name(&mut self) -> Result<&'a str, ImageError> {
        let ends = |c: char| is_space(c) || "/>=<\"'&".contains(c);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        match self.take(end) {
            "" => malformed("a name is missing"),
            name => Ok(name),
        }
    }

    /// Everything up to `end`, which is passed.
    fn until(&mut self, end: &str) -> Result<&'a str, ImageError> {
        let Some(at) = self.rest.find(end) else {
            return malformed("a comment or declaration has no end");
        };
        let taken = self.take(at);
        self.take(end.len());
        Ok(taken)
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn skip(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(is_space);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }
}

/// White space of XML, which is less than Unicode's.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn malformed<T>(detail: &str) -> Result<T, ImageError> {
    Err(ImageError::Malformed(detail.to_owned()))
}

fn active<T>(what: &str) -> Result<T, ImageError> {
    Err(ImageError::ActiveContent(what.to_owned()))
}

/// The bytes were read as UTF-8; whoever draws them must do the same.
fn check_encoding(declaration: &str) -> Result<(), ImageError> {
    let Some((_, stated)) = declaration.split_once("encoding") else {
        return Ok(());
    };
    let stated = stated.trim_matches(|c: char| is_space(c) || "=\"'".contains(c));
    let utf8 = stated.get(..5).unwrap_or(stated);
    if utf8.eq_ignore_ascii_case("utf-8") {
        Ok(())
    } else {
        active("another encoding than UTF-8")
    }
}

/// Text with its references resolved.
fn decode(text: &str) -> Result<String, ImageError> {
    let mut pieces = text.split('&');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let Some((name, rest)) = piece.split_once(';') else {
            return malformed("an & is no reference");
        };
        let number = name.strip_prefix('#');
        let character = match (name, number) {
            ("amp", _) => Some('&'),
            ("lt", _) => Some('<'),
            ("gt", _) => Some('>'),
            ("quot", _) => Some('"'),
            ("apos", _) => Some('\''),
            (_, Some(number)) => match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            }
            .and_then(char::from_u32),
            _ => None,
        };
        let Some(character) = character else {
            return malformed("an unknown reference");
        };
        decoded.push(character);
        decoded.push_str(rest);
    }
    Ok(decoded)
}

fn check_element(name: &str) -> Result<(), ImageError> {
    let acts = matches!(
        name,
        "script" | "foreignobject" | "iframe" | "style" | "set" | "handler" | "listener"
    );
    if acts || name.starts_with("animate") {
        return active(&format!("<{name}>"));
    }
    Ok(())
}

/// CSS functions that load a file by a plain string.
const LOADERS: &[&str] = &["image(", "image-set(", "src("];

fn check_attribute(name: &str, value: &str) -> Result<(), ImageError> {
    let refuse = || Err(ImageError::ActiveContent(format!("the attribute {name}")));
    if name.starts_with("on") {
        return refuse();
    }
    if matches!(name, "href" | "src") && !value.trim_start().starts_with('#') {
        return refuse();
    }
    let value = value.to_ascii_lowercase();
    // A backslash spells letters of CSS by number: `\75rl(` is `url(` as well.
    let escaped = value.contains('\\') && value.contains('(');
    if escaped || LOADERS.iter().any(|loader| value.contains(loader)) {
        return refuse();
    }
    for inner in value.split("url(").skip(1) {
        let inner = inner.trim_start();
        if !["#", "'#", "\"#"].iter().any(|own| inner.starts_with(own)) {
            return refuse();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{ImageError, ImageType};

    #[test]
    fn drawings_that_could_act_are_refused() {
        for hostile in [
            "<svg><script>alert(1)</script></svg>",
            "<svg onload='alert(1)'/>",
            "<svg><a href='javascript:alert(1)'/></svg>",
            "<svg><image xlink:href='https://example.com/a.png'/></svg>",
            "<svg><rect fill='url( https://example.com/#a)'/></svg>",
            "<svg><rect fill='&#117;rl(https://example.com/#a)'/></svg>",
            "<svg><rect fill='\\75rl(https://example.com/#a)'/></svg>",
            "<svg><rect style='mask: image-set(\"https://example.com/a.png\" 1x)'/></svg>",
            "<svg><a href='&#x6a;avascript:alert(1)'/></svg>",
            "<svg><foreignObject/></svg>",
            "<svg><animate attributeName='href' to='javascript:1'/></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
            "<svg><?xml-stylesheet href='https://example.com/a.css'?></svg>",
            "<?xml version='1.0' encoding='ISO-2022-JP'?><svg/>",
            "<svg:svg><svg:script>alert(1)</svg:script></svg:svg>",
            "<svg><!-- --><script/><!-- --></svg>",
        ] {
            assert!(
                matches!(
                    ImageType::of(hostile.as_bytes()),
                    Err(ImageError::ActiveContent(_))
                ),
                "{hostile}"
            );
        }
    }

    #[test]
    fn a_broken_drawing_is_refused_as_malformed() {
        for broken in [
            "<svg><g></svg>",
            "<svg>",
            "<svg><g/>",
            "<svg/><svg/>",
            "<svg></svg><html></html>",
            "<svg fill='&nothing;'/>",
            "<svg fill='&#xD800;'/>",
            "<svg>&nothing;</svg>",
            "<svg fill=red/>",
            "<svg fill/>",
            "<svg fill='red'stroke='red'/>",
            "<svg fill='red",
            "<svg fill='<script>'/>",
            "<svg></svg",
            "<svg><!-- </svg>",
            "<svg/>text",
            "<svg>< g/></svg>",
            "<svg></></svg>",
        ] {
            assert!(
                matches!(
                    ImageType::of(broken.as_bytes()),
                    Err(ImageError::Malformed(_))
                ),
                "{broken}"
            );
        }
    }

    #[test]
    fn a_drawing_may_refer_to_its_own_parts_however_that_is_written() {
        for drawing in [
            "<svg><rect fill='&#117;rl(&quot;#a&quot;)'/></svg>",
            "<svg><use href='&#35;a'/></svg>",
            "<?xml version='1.0'?>\n<!-- by hand --><svg>\n</svg>\n",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><svg:svg\n xmlns:svg = 'a'\t></svg:svg >",
            "<svg><title>T-shirt &amp; more</title><desc><![CDATA[<script>]]></desc></svg>",
        ] {
            assert_eq!(
                ImageType::of(drawing.as_bytes()),
                Ok(ImageType::Svg),
                "{drawing}"
            );
        }
    }
}
