//! Pictures made of pixels.

use crate::{DecodeError, Decoded};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use nearshelf_vision::Picture;
use std::{
    io::Cursor,
    sync::{Mutex, PoisonError},
};

/// Most bytes that decoding may take beside the file: 16-bit RGBA of the largest picture, and as much again.
const MOST_DECODING_BYTES: u64 = 800_000_000;
/// Pictures of more pixels are decoded one at a time, however many threads there are.
const LARGE: usize = 12_000_000;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(crate) fn pixels(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) => {}
        Ok(ImageFormat::Gif) => return Err(DecodeError::UnreadType("GIF")),
        Ok(ImageFormat::Avif) => return Err(DecodeError::UnreadType("AVIF")),
        Ok(ImageFormat::Tiff) => return Err(DecodeError::UnreadType("TIFF")),
        Ok(ImageFormat::Bmp) => return Err(DecodeError::UnreadType("BMP")),
        _ => return Err(DecodeError::UnknownType),
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| DecodeError::Unreadable(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_DECODING_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(told)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    Picture::check_extents(width, height)?;
    let _alone = (width * height > LARGE)
        .then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner));
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
    picture.apply_orientation(orientation);
    let rgba = picture.into_rgba8();
    Ok(Decoded {
        width: rgba.width() as usize,
        height: rgba.height() as usize,
        rgba: rgba.into_raw(),
    })
}

fn told(error: ImageError) -> DecodeError {
    match error {
        ImageError::Limits(_) => DecodeError::Memory,
        other => DecodeError::Damaged(other.to_string()),
    }
}
