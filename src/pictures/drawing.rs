//! Drawings: SVG, rasterised. A few bytes can ask for any amount of memory and work, so both are counted before they are spent.

mod canvas;
mod growth;
#[cfg(test)]
mod tests;
mod work;

use crate::{DecodeError, Decoded};
use nearshelf_vision::{Picture, PictureError};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        ImageHrefResolver, Options, Tree,
        roxmltree::{Document, ParsingOptions},
    },
};
use std::thread;

/// Pixels of a drawing's longer side: three times what models read.
const SIDE: f32 = 480.0;
const MOST_BYTES: usize = 4 << 20;
const MOST_NODES: u32 = 100_000;
/// Deeper than any that is let through asks for.
const STACK_BYTES: usize = 64 << 20;

/// Whether the first thing in a file is a tag.
pub(crate) fn is_drawing(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().first() == Some(&b'<')
}

/// Draws in a thread with a stack of its own, and waits for it: that ends, since its work is counted first.
pub(crate) fn draw(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    if bytes.len() > MOST_BYTES {
        return Err(DecodeError::Drawing("has more than 4 MiB"));
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        let drawing = thread
            .spawn_scoped(scope, || rasterised(bytes))
            .map_err(|error| DecodeError::Unreadable(error.to_string()))?;
        let drawn = drawing.join();
        drawn.unwrap_or_else(|_| Err(DecodeError::Damaged("drawing it failed".to_owned())))
    })
}

fn rasterised(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let damaged = |error: &dyn ToString| DecodeError::Damaged(error.to_string());
    let text = str::from_utf8(bytes).map_err(|error| damaged(&error))?;
    if text.contains("<!ENTITY") {
        return Err(DecodeError::Drawing("abbreviates its text by entities"));
    }
    let parsing = ParsingOptions {
        // Many drawing programs name one; without entities it says nothing.
        allow_dtd: true,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, parsing).map_err(|error| damaged(&error))?;
    growth::check(&document)?;
    let options = Options {
        // Nothing is loaded, neither files nor what stands in the drawing.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options).map_err(|error| damaged(&error))?;
    let size = tree.size();
    let scale = SIDE / size.width().max(size.height());
    let extent = |side: f32| (side * scale).round().clamp(1.0, SIDE) as u32;
    let (width, height) = (extent(size.width()), extent(size.height()));
    let transform = Transform::from_scale(scale, scale);
    work::check(&tree, transform, width, height)?;
    let mut canvas = Pixmap::new(width, height).ok_or(PictureError::Empty {
        width: 0,
        height: 0,
    })?;
    resvg::render(&tree, transform, &mut canvas.as_mut());
    Picture::check_extents(width as usize, height as usize)?;
    let straight = canvas.pixels().iter().flat_map(|pixel| {
        let colour = pixel.demultiply();
        [colour.red(), colour.green(), colour.blue(), colour.alpha()]
    });
    Ok(Decoded {
        width: width as usize,
        height: height as usize,
        rgba: straight.collect(),
    })
}
