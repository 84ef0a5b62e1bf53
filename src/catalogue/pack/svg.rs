//! Drawings that may be looked at and can do no more: no script, no foreign content, no other files.

use super::ImageError;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// Fails for what is no well-formed SVG, and for one that could act.
pub(super) fn check_svg(bytes: &[u8]) -> Result<(), ImageError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImageError::UnknownType)?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let malformed = |detail: &str| Err(ImageError::Malformed(detail.to_owned()));
    let (mut is_svg, mut depth) = (false, 0_usize);
    loop {
        let event = reader.read_event().map_err(|e| {
            if is_svg {
                ImageError::Malformed(e.to_string())
            } else {
                ImageError::UnknownType
            }
        })?;
        match event {
            Event::Eof if !is_svg => return Err(ImageError::UnknownType),
            Event::Eof if depth > 0 => return malformed("an element is not closed"),
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(ImageError::ActiveContent("a DOCTYPE".to_owned())),
            Event::PI(_) => {
                return Err(ImageError::ActiveContent(
                    "a processing instruction".to_owned(),
                ));
            }
            Event::Start(_) | Event::Empty(_) if is_svg && depth == 0 => {
                return malformed("a second element beside <svg>");
            }
            Event::Start(element) => {
                check_element(&element, is_svg)?;
                is_svg = true;
                depth += 1;
            }
            Event::Empty(element) => {
                check_element(&element, is_svg)?;
                is_svg = true;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn check_element(element: &BytesStart, is_svg: bool) -> Result<(), ImageError> {
    let name = element.local_name().as_ref().to_ascii_lowercase();
    if !is_svg && name != "svg" {
        return Err(ImageError::UnknownType);
    }
    if matches!(
        name.as_str(),
        "script" | "foreignobject" | "iframe" | "style" | "set" | "handler" | "listener"
    ) || name.starts_with("animate")
    {
        return Err(ImageError::ActiveContent(format!("<{name}>")));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|e| ImageError::Malformed(e.to_string()))?;
        // As whoever draws it reads it: `&#117;rl(` is `url(`.
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|e| ImageError::Malformed(e.to_string()))?;
        check_attribute(
            &attribute.key.local_name().as_ref().to_ascii_lowercase(),
            &value,
        )?;
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
        ] {
            assert_eq!(
                ImageType::of(drawing.as_bytes()),
                Ok(ImageType::Svg),
                "{drawing}"
            );
        }
    }
}
