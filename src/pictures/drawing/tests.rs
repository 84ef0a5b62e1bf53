#![allow(clippy::unwrap_used)]

use crate::{DecodeError, Decoded, decode};
use std::time::Instant;

fn pixel(decoded: &Decoded, x: usize, y: usize) -> [u8; 4] {
    let at = 4 * (y * decoded.width + x);
    decoded.rgba[at..at + 4].try_into().unwrap()
}

#[test]
fn a_drawing_is_drawn_over_nothing() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'><rect width='10' height='10' fill='#c81e26'/></svg>";
    let decoded = decode(svg.as_bytes()).unwrap();
    assert_eq!((decoded.width, decoded.height), (480, 240));
    assert_eq!(pixel(&decoded, 100, 100), [0xc8, 0x1e, 0x26, 255]);
    assert_eq!(pixel(&decoded, 400, 100)[3], 0);
}

#[test]
fn a_drawing_loads_nothing() {
    let outside = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='/etc/hostname' width='9' height='9'/></svg>";
    let decoded = decode(outside.as_bytes()).unwrap();
    assert!(decoded.rgba.iter().all(|value| *value == 0));
}

#[test]
fn drawings_that_are_none_are_told_so() {
    let endless = format!("{}{}", "<g>".repeat(5000), "</g>".repeat(5000));
    for svg in [
        "<",
        "<html></html>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>",
        endless.as_str(),
    ] {
        assert!(
            decode(svg.as_bytes()).is_err(),
            "{}",
            &svg[..svg.len().min(40)]
        );
    }
    let billion = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>\
        <!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]>\
        <svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><title>&e;&e;&e;&e;&e;&e;&e;&e;</title></svg>";
    let said = decode(billion.as_bytes()).unwrap_err();
    assert_eq!(
        said,
        DecodeError::Drawing("abbreviates its text by entities")
    );
    let wide = "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1'><rect width='9' height='1'/></svg>";
    assert_eq!(decode(wide.as_bytes()).unwrap().height, 1);
}

/// A drawing of 100 by 100 with these definitions and this content.
fn drawing(definitions: &str, content: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 100 100'>\
         <defs>{definitions}</defs>{content}</svg>"
    )
}

#[test]
fn drawings_that_ask_for_more_memory_than_there_is_are_refused_before_they_are_drawn() {
    let tile = |side: &str| {
        drawing(
            &format!(
                "<pattern id='p' width='{side}' height='{side}' patternUnits='userSpaceOnUse'><path d='M0 0h9v9'/></pattern>"
            ),
            "<rect width='100' height='100' fill='url(#p)'/>",
        )
    };
    assert!(decode(tile("10").as_bytes()).is_ok());
    let turned = "<g transform='matrix(1 0 0 1 0 0)' opacity='.9'>";
    let nested = format!(
        "{}<path d='M-9e3-9e3h9e4v9e4z'/>{}",
        turned.repeat(100),
        "</g>".repeat(100)
    );
    let skewed = drawing(
        "<filter id='f' x='-9' y='-9' width='99' height='99'><feFlood/></filter>",
        "<g transform='matrix(1 1 1 1.0001 0 0)' filter='url(#f)'><rect width='1e5' height='1e5'/></g>",
    );
    for (what, svg) in [
        ("a large tile", tile("4000")),
        ("an endless tile", tile("1e9")),
        ("layers in one another", drawing("", &nested)),
        ("a skewed layer", skewed),
    ] {
        let said = decode(svg.as_bytes()).unwrap_err();
        let layers = DecodeError::Drawing("needs more than 256 MB for its layers and patterns");
        assert_eq!(said, layers, "{what}");
    }
}

#[test]
fn drawings_that_ask_for_endless_work_are_refused_before_they_are_drawn() {
    let filtered = |primitives: &str| {
        drawing(
            &format!("<filter id='f' x='0' y='0' width='1' height='1'>{primitives}</filter>"),
            "<rect width='100' height='100' filter='url(#f)'/>",
        )
    };
    assert!(
        decode(filtered("<feTurbulence baseFrequency='.1' numOctaves='2'/>").as_bytes()).is_ok()
    );
    assert!(decode(filtered("<feMorphology operator='dilate' radius='1'/>").as_bytes()).is_ok());
    let noise = filtered("<feTurbulence baseFrequency='.1' numOctaves='400000000'/>");
    let grown = filtered("<feMorphology operator='dilate' radius='90'/>");
    let dashed = drawing(
        "",
        "<path d='M0 0h9e9' stroke='red' stroke-dasharray='1e-4 1e-4'/>",
    );
    let tiled = drawing(
        "<pattern id='p' width='100' height='100' patternUnits='userSpaceOnUse'><path d='M0 0h9v9'/></pattern>",
        &"<rect width='100' height='100' fill='url(#p)'/>".repeat(5000),
    );
    let faint = drawing(
        "<radialGradient id='p'><stop/><stop offset='1'/></radialGradient>",
        &"<rect width='100' height='100' fill='url(#p)'/>".repeat(5000),
    );
    for svg in [noise, grown, dashed, tiled, faint] {
        let said = decode(svg.as_bytes()).unwrap_err();
        assert_eq!(said, DecodeError::Drawing("takes too much work to draw"));
    }
}

#[test]
fn drawings_that_grow_where_they_refer_to_themselves_are_refused_before_they_are_read() {
    let doubled = |element: &str, reference: &str| {
        let level = |n: usize| {
            format!(
                "<{element} id='n{}'>{}</{element}>",
                n + 1,
                reference.replace('#', &format!("#n{n}")).repeat(9)
            )
        };
        let levels: String = (0..9).map(level).collect();
        drawing(
            &format!("<{element} id='n0'><path d='M0 0h9v9'/></{element}>{levels}"),
            &reference.replace('#', "#n9"),
        )
    };
    let many = "<path d='M0 0h1'/>".repeat(1000);
    let corners = format!("<path d='M0 0{}' marker-mid='url(#m)'/>", "h1".repeat(1000));
    let shapes = "<path d='M0 0h9v9'/>".repeat(1000);
    let grown = [
        doubled("g", "<use xlink:href='#'/>"),
        doubled("pattern", "<path d='M0 0h9v9' fill='url(#)'/>"),
        doubled("clipPath", "<path d='M0 0h9v9' clip-path='url(#)'/>"),
        drawing(&format!("<marker id='m'>{many}</marker>"), &corners),
        drawing(
            &format!("<pattern id='p'>{many}</pattern>"),
            &format!("<g fill='url(#p)'>{shapes}</g>"),
        ),
        drawing(
            &format!("<pattern id='p'>{many}</pattern><style>.a{{fill:url(#p)}}</style>"),
            &shapes.replace("<path", "<path class='a'"),
        ),
    ];
    for svg in grown {
        let said = decode(svg.as_bytes()).unwrap_err();
        assert_eq!(
            said,
            DecodeError::Drawing("repeats its parts too often"),
            "{}",
            &svg[..200]
        );
    }
    let deep = format!("{}{}", "<g>".repeat(250), "</g>".repeat(250));
    let said = decode(drawing("", &deep).as_bytes()).unwrap_err();
    assert_eq!(
        said,
        DecodeError::Drawing("has parts that lie too deep in one another")
    );
    let circle = drawing(
        "<g id='a'><use xlink:href='#b'/></g><g id='b'><use xlink:href='#a'/></g>",
        "<use xlink:href='#a'/>",
    );
    // The reader says no to it; what counts is that following it ends.
    assert!(decode(circle.as_bytes()).is_err());
}

#[test]
fn counting_how_a_drawing_grows_ends_soon_itself() {
    let corners = format!("M0 0{}", "h1".repeat(120_000));
    let circle = format!("<marker id='m'><path marker-mid='url(#m)' d='{corners}'/></marker>");
    let paints = "#g".repeat(120_000);
    let started = Instant::now();
    // A marker that marks itself leads nowhere new, below however many paints.
    let svg = drawing(&format!("<g id='g' fill='{paints}'>{circle}</g>"), "");
    assert!(decode(svg.as_bytes()).is_ok());
    let filters = format!("<g filter='{}'>{circle}</g>", "url(#g) ".repeat(60_000));
    let deep = format!("{}{circle}{}", "<g id='g'>".repeat(150), "</g>".repeat(150));
    let styles = ".a{fill:url(#g);fill:url(#g)}".repeat(60_000);
    let long = "fill:url(#g);".repeat(100_000);
    let classes = "b ".repeat(200_000);
    let nested = format!("{}<path/>{}", "<g>".repeat(150), "</g>".repeat(150));
    for svg in [
        drawing(
            &format!("<style>a {}path{{}}</style>", "g ".repeat(20)),
            &nested,
        ),
        drawing("", &format!("{filters}{deep}")),
        drawing(
            &format!("<style>{styles}</style>"),
            &"<path class='a'/>".repeat(50),
        ),
        drawing(
            &format!("<style>path{{{long}}}</style>"),
            &"<path/>".repeat(50_000),
        ),
        drawing(
            &format!("<style>{}{{}}</style>", ".a".repeat(500_000)),
            &format!("<path class='{classes}'/>"),
        ),
    ] {
        let said = decode(svg.as_bytes()).err();
        let grown = DecodeError::Drawing("repeats its parts too often");
        assert_eq!(said, Some(grown), "{}", &svg[..200]);
    }
    let seconds = started.elapsed().as_secs();
    assert!(seconds < 20, "{seconds} s");
}

#[test]
fn what_drawing_programs_write_is_drawn() {
    let gradients: String = (0..60)
        .map(|n| format!("<linearGradient id='g{n}'><stop stop-color='red'/><stop offset='1'/></linearGradient>"))
        .collect();
    let rules: String = (0..60)
        .map(|n| format!(".c{n}{{fill:url(#g{n});clip-path:url(#clip)}}"))
        .collect();
    let shapes: String = (0..1000)
        .map(|n| format!("<path class='c{}' d='M{} 0h9v99z'/>", n % 60, n % 91))
        .collect();
    let clip = "<clipPath id='clip'><rect width='90' height='100'/></clipPath>";
    let svg = drawing(&format!("<style>{rules}</style>{gradients}{clip}"), &shapes);
    let doctype = format!(
        "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>{svg}"
    );
    assert!(pixel(&decode(doctype.as_bytes()).unwrap(), 200, 10)[3] > 0);
}
