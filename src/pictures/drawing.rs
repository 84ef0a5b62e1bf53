//! Drawings: SVG, rasterised.

use crate::{DecodeError, Decoded};
use nearshelf_vision::{Picture, PictureError};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, Options, Tree},
};
use std::{sync::mpsc, thread, time::Duration};

/// Pixels of a drawing's longer side: three times what models read.
const SIDE: f32 = 480.0;
const MOST_BYTES: usize = 4 << 20;
const MOST_SECONDS: u64 = 10;

/// Whether the first thing in a file is a tag.
pub(crate) fn is_drawing(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().first() == Some(&b'<')
}

/// Draws in a thread of its own, which is left behind where it takes too long: a file can ask for any amount of work.
pub(crate) fn draw(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    if bytes.len() > MOST_BYTES {
        return Err(DecodeError::Memory);
    }
    let (done, waits) = mpsc::channel();
    let bytes = bytes.to_vec();
    let spawned = thread::Builder::new().spawn(move || {
        // Nobody waits any more where sending fails.
        let _ = done.send(rasterised(&bytes));
    });
    spawned.map_err(|error| DecodeError::Unreadable(error.to_string()))?;
    match waits.recv_timeout(Duration::from_secs(MOST_SECONDS)) {
        Ok(drawn) => drawn,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(DecodeError::Slow(MOST_SECONDS)),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(DecodeError::Damaged("drawing it failed".to_owned()))
        }
    }
}

fn rasterised(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let options = Options {
        // Nothing is loaded, neither files nor what stands in the drawing.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_data(bytes, &options)
        .map_err(|error| DecodeError::Damaged(error.to_string()))?;
    let size = tree.size();
    let scale = SIDE / size.width().max(size.height());
    let extent = |side: f32| (side * scale).round().clamp(1.0, SIDE) as u32;
    let (width, height) = (extent(size.width()), extent(size.height()));
    let mut canvas = Pixmap::new(width, height).ok_or(PictureError::Empty {
        width: 0,
        height: 0,
    })?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut canvas.as_mut(),
    );
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
