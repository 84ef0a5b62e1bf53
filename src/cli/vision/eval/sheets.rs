//! Pictures inside the page: thumbnails, outlines, swatches.

use super::{Looked, Outline, photos::Photos};
use crate::eval::html::text::escape;
use nearshelf_vision::{Landmark, Mask, Swatch};
use std::{collections::HashMap, fmt::Write};

/// Pixels of a thumbnail's longer side.
const SIDE: usize = 144;

/// Thumbnails that have been made: a picture is often shown more than once.
pub struct Thumbnails<'a> {
    photos: &'a Photos,
    made: HashMap<usize, Option<Thumbnail>>,
}

struct Thumbnail {
    /// A `data:` address.
    address: String,
    /// Width over height.
    aspect: f64,
}

impl<'a> Thumbnails<'a> {
    pub fn new(photos: &'a Photos) -> Self {
        Self {
            photos,
            made: HashMap::new(),
        }
    }

    fn of(&mut self, one: &Looked) -> Option<&Thumbnail> {
        let path = &self.photos.photos.get(one.photo)?.path;
        let made = self.made.entry(one.photo).or_insert_with(|| {
            let decoded = nearshelf_pictures::open(path).ok()?;
            let jpeg = nearshelf_pictures::thumbnail(&decoded.picture().ok()?, SIDE)?;
            Some(Thumbnail {
                address: format!("data:image/jpeg;base64,{}", base64(&jpeg)),
                aspect: decoded.width as f64 / decoded.height as f64,
            })
        });
        made.as_ref()
    }

    /// A picture with what is said under it; `mark` is a class of the style sheet.
    pub fn figure(&mut self, one: &Looked, mark: &str, caption: &str) -> String {
        let name = self.name(one);
        let image = self.of(one).map_or_else(String::new, |thumbnail| {
            format!(
                "<img src=\"{}\" alt=\"{}\">",
                thumbnail.address,
                escape(&name)
            )
        });
        format!(
            "<figure class=\"picture {mark}\" title=\"{}\">{image}<figcaption>{caption}</figcaption></figure>\n",
            escape(&name)
        )
    }

    /// A picture with its mask tinted and its visible landmarks numbered.
    pub fn outlined(&mut self, one: &Looked, outline: &Outline, caption: &str) -> String {
        let name = self.name(one);
        let Some(Thumbnail { address, aspect }) = self.of(one) else {
            return String::new();
        };
        let (width, height) = if *aspect > 1.0 {
            (160.0, 160.0 / aspect)
        } else {
            (160.0 * aspect, 160.0)
        };
        let points: String = (1..)
            .zip(&outline.landmarks)
            .zip(Landmark::ALL)
            .filter(|((_, point), _)| point.visible)
            .map(|((number, point), landmark)| {
                let (x, y) = (f64::from(point.x) * width, f64::from(point.y) * height);
                format!(
                    "<g><title>{} {:.2}</title><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/><text x=\"{x:.1}\" y=\"{:.1}\">{number}</text></g>",
                    landmark.name(),
                    point.score,
                    y + 2.5
                )
            })
            .collect();
        format!(
            "<figure class=\"picture\" title=\"{}\"><svg viewBox=\"0 0 {width:.1} {height:.1}\" class=\"outline\" role=\"img\" aria-label=\"{}\">\
             <image href=\"{address}\" width=\"{width:.1}\" height=\"{height:.1}\" preserveAspectRatio=\"none\"/>\
             <path d=\"{}\" transform=\"scale({:.4} {:.4})\"/>{points}</svg><figcaption>{caption}</figcaption></figure>\n",
            escape(&name),
            escape(&name),
            runs(&outline.mask),
            width / outline.mask.width() as f64,
            height / outline.mask.height() as f64
        )
    }

    fn name(&self, one: &Looked) -> String {
        let photo = self.photos.photos.get(one.photo);
        let file = photo.and_then(|photo| photo.path.file_name());
        let class = self
            .photos
            .classes
            .get(one.class)
            .map_or("", String::as_str);
        format!("{class}/{}", file.unwrap_or_default().to_string_lossy())
    }
}

/// The cells inside as runs of each row.
fn runs(mask: &Mask) -> String {
    let mut path = String::new();
    for row in 0..mask.height() {
        let mut column = 0;
        while column < mask.width() {
            let length = (column..mask.width())
                .take_while(|at| mask.inside(row, *at))
                .count();
            if length > 0 {
                // Writing to a string can't fail.
                let _ = write!(path, "M{column} {row}h{length}v1h-{length}z");
            }
            column += length.max(1);
        }
    }
    path
}

/// A palette as a bar, with the names of its colours.
pub fn palette(swatches: &[Swatch]) -> String {
    let bar: String = swatches
        .iter()
        .map(|swatch| {
            let (hex, name) = (swatch.lab.hex(), swatch.name().name());
            let share = swatch.share * 100.0;
            format!("<span style=\"background:{hex};flex-grow:{share:.0}\" title=\"{name} {hex} {share:.0} %\"></span>")
        })
        .collect();
    let names: Vec<&str> = swatches.iter().map(|swatch| swatch.name().name()).collect();
    format!(
        "<span class=\"palette\">{bar}</span>{}",
        if names.is_empty() {
            "no palette".to_owned()
        } else {
            names.join(", ")
        }
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_mask_is_drawn_run_by_run() -> Result<(), nearshelf_vision::OutputError> {
        let mask = Mask::new(4, 2, vec![1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, -1.0])?;
        assert_eq!(runs(&mask), "M0 0h2v1h-2zM3 0h1v1h-1z");
        Ok(())
    }
}
