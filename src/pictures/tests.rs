#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgb, Rgba};
use std::io::Cursor;

/// Cyan at the left and red at the right, as Pillow wrote it.
const CMYK: &[u8] = include_bytes!("tests/cmyk.jpg");
/// A red picture, then a blue one.
const ANIMATED: &[u8] = include_bytes!("tests/animated.webp");

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Red above blue.
fn flag(width: u32, height: u32) -> DynamicImage {
    let colour = |_, y| {
        if y < height / 2 {
            Rgb([200, 30, 30])
        } else {
            Rgb([30, 30, 200])
        }
    };
    DynamicImage::ImageRgb8(ImageBuffer::from_fn(width, height, colour))
}

fn pixel(decoded: &Decoded, x: usize, y: usize) -> [u8; 4] {
    let at = 4 * (y * decoded.width + x);
    decoded.rgba[at..at + 4].try_into().unwrap()
}

fn is_red([r, g, b, _]: [u8; 4]) -> bool {
    r > 150 && g < 90 && b < 90
}

/// A JPEG file with segments put in behind its first marker.
fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let mut file = jpeg[..2].to_vec();
    for segment in segments {
        file.extend([0xff, 0xe1]);
        file.extend(u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
        file.extend(segment);
    }
    file.extend(&jpeg[2..]);
    file
}

fn exif(orientation: u8) -> Vec<u8> {
    let mut segment = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    segment.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    segment
}

#[test]
fn jpeg_png_and_webp_are_told_by_their_content() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let decoded = decode(&file(&flag(6, 4), format)).unwrap();
        assert_eq!((decoded.width, decoded.height), (6, 4));
        assert!(
            is_red(pixel(&decoded, 0, 0)) && !is_red(pixel(&decoded, 0, 3)),
            "{format:?}"
        );
        assert!(decoded.picture().is_ok());
    }
}

#[test]
fn a_photo_that_was_taken_sideways_stands_upright() {
    let sideways = file(&flag(16, 8), ImageFormat::Jpeg);
    // 6: its top is at the right.
    let decoded = decode(&with_segments(&sideways, &[exif(6)])).unwrap();
    assert_eq!((decoded.width, decoded.height), (8, 16));
    assert!(is_red(pixel(&decoded, 7, 0)) && !is_red(pixel(&decoded, 0, 0)));
    let nonsense = decode(&with_segments(&sideways, &[exif(77)])).unwrap();
    assert_eq!((nonsense.width, nonsense.height), (16, 8));
}

#[test]
fn a_hundred_segments_of_exif_do_no_harm() {
    let huge = vec![vec![b'E'; 65_000]; 100];
    let mut segments = vec![exif(6)];
    segments.extend(huge);
    let decoded = decode(&with_segments(
        &file(&flag(16, 8), ImageFormat::Jpeg),
        &segments,
    ))
    .unwrap();
    assert_eq!(decoded.rgba.len(), 16 * 8 * 4);
}

#[test]
fn four_inks_become_colours_of_a_screen() {
    let decoded = decode(CMYK).unwrap();
    assert!(
        !is_red(pixel(&decoded, 0, 0)) && is_red(pixel(&decoded, 7, 0)),
        "{:?}",
        pixel(&decoded, 7, 0)
    );
}

#[test]
fn sixteen_bits_become_eight() {
    let deep =
        DynamicImage::ImageRgb16(ImageBuffer::from_pixel(2, 2, Rgb([0xffff_u16, 0x8080, 0])));
    let decoded = decode(&file(&deep, ImageFormat::Png)).unwrap();
    assert_eq!(pixel(&decoded, 0, 0), [255, 128, 0, 255]);
    let grey = DynamicImage::ImageLuma16(ImageBuffer::from_pixel(1, 1, Luma([0x4040_u16])));
    assert_eq!(
        pixel(&decode(&file(&grey, ImageFormat::Png)).unwrap(), 0, 0),
        [64, 64, 64, 255]
    );
}

#[test]
fn transparency_is_kept() {
    let clear = DynamicImage::ImageRgba8(ImageBuffer::from_pixel(1, 1, Rgba([9_u8, 8, 7, 0])));
    assert_eq!(
        pixel(&decode(&file(&clear, ImageFormat::Png)).unwrap(), 0, 0)[3],
        0
    );
}

#[test]
fn of_an_animation_the_first_picture_is_seen() {
    let decoded = decode(ANIMATED).unwrap();
    assert_eq!((decoded.width, decoded.height), (8, 6));
    assert!(is_red(pixel(&decoded, 4, 3)));
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
    assert_eq!(decode(gif), Err(DecodeError::UnreadType("GIF")));
}

/// A PNG file of one pixel whose header says otherwise.
fn header(width: u32, height: u32) -> Vec<u8> {
    let mut png = file(&flag(1, 1), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn extents_are_looked_at_before_anything_is_decoded() {
    let huge = decode(&header(20_000, 20_000));
    let expected = PictureError::TooLarge {
        width: 20_000,
        height: 20_000,
    };
    assert_eq!(huge, Err(DecodeError::Extents(expected)));
    for (width, height) in [(0, 0), (0, 7), (u32::MAX, 1), (u32::MAX, u32::MAX)] {
        assert!(
            decode(&header(width, height)).is_err(),
            "{width} × {height}"
        );
    }
}

#[test]
fn a_jpeg_of_huge_extents_is_refused_by_its_header() {
    let mut jpeg = file(&flag(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x4e, 0x20, 0x4e, 0x20]);
    let expected = PictureError::TooLarge {
        width: 20_000,
        height: 20_000,
    };
    assert_eq!(decode(&jpeg), Err(DecodeError::Extents(expected)));
}

#[test]
fn files_that_end_anywhere_are_pictures_or_errors() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = file(&flag(40, 40), format);
        for end in 0..whole.len() {
            // A JPEG that is cut late is shown as far as it goes, as browsers do.
            if let Ok(decoded) = decode(&whole[..end]) {
                assert_eq!(decoded.rgba.len(), 40 * 40 * 4);
            }
        }
        assert!(decode(&whole[..whole.len() / 8]).is_err(), "{format:?}");
    }
}

#[test]
fn changed_bytes_are_pictures_or_errors() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = file(&flag(24, 24), format);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = decode(&changed);
        }
    }
}

#[test]
fn what_is_no_picture_is_told_so() {
    for bytes in [&b""[..], b"id,title\n1,shirt\n", b"%PDF-1.7", b"\0\0\0\0"] {
        assert_eq!(decode(bytes), Err(DecodeError::UnknownType));
    }
    let missing = open(Path::new("/there/is/none.jpg"));
    assert!(matches!(missing, Err(DecodeError::Unreadable(_))));
}

#[test]
fn a_thumbnail_keeps_its_aspect_and_is_never_larger_than_the_picture() {
    let decoded = decode(&file(&flag(300, 150), ImageFormat::Png)).unwrap();
    let small = decode(&thumbnail(&decoded.picture().unwrap(), 100).unwrap()).unwrap();
    assert_eq!((small.width, small.height), (100, 50));
    let decoded = decode(&file(&flag(30, 1), ImageFormat::Png)).unwrap();
    let same = decode(&thumbnail(&decoded.picture().unwrap(), 100).unwrap()).unwrap();
    assert_eq!((same.width, same.height), (30, 1));
}
