//! Small copies for pages.

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use nearshelf_vision::Picture;

const QUALITY: u8 = 80;

/// The picture over white as a JPEG file of at most `side` pixels a side, its aspect kept; `None` only where the encoder
/// fails.
#[must_use]
pub fn thumbnail(picture: &Picture, side: usize) -> Option<Vec<u8>> {
    let scale = side as f64 / picture.width().max(picture.height()) as f64;
    let extent = |extent: usize| ((extent as f64 * scale.min(1.0)).round() as usize).max(1);
    let small = picture.squash(extent(picture.width()), extent(picture.height()));
    // Casts stop at 0 and 255.
    let bytes: Vec<u8> = small.rgb.iter().map(|value| value.round() as u8).collect();
    let mut file = Vec::new();
    let (width, height) = (small.width as u32, small.height as u32);
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .encode(&bytes, width, height, ExtendedColorType::Rgb8)
        .ok()?;
    Some(file)
}
