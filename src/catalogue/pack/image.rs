//! Pictures inside the pack, so that showing a recommendation asks nobody for anything.

use serde::{Deserialize, Serialize};

/// File format of a picture, found from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ImageType {
    Svg,
    Png,
    Jpeg,
    Webp,
    Avif,
}

/// A picture that can't be embedded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Content of no known format.
    #[error("not an SVG, PNG, JPEG, WebP or AVIF file")]
    UnknownType,
    /// A drawing that isn't well-formed.
    #[error("the SVG is not well-formed XML: {0}")]
    Malformed(String),
    /// A drawing that could do more than be looked at.
    #[error("the SVG holds {0}, which could run script or load files: remove it")]
    ActiveContent(String),
}

impl ImageType {
    /// Type for HTTP and blobs.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// Finds the type from the content and refuses drawings with script, foreign content or references
    /// to other files.
    ///
    /// # Errors
    /// [`ImageError`]
    pub fn of(bytes: &[u8]) -> Result<Self, ImageError> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Ok(Self::Jpeg),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Ok(Self::Webp),
            [
                _,
                _,
                _,
                _,
                b'f',
                b't',
                b'y',
                b'p',
                b'a',
                b'v',
                b'i',
                b'f' | b's',
                ..,
            ] => Ok(Self::Avif),
            _ => drawing(bytes),
        }
    }
}

/// A drawing, read whole.
#[cfg(not(target_arch = "wasm32"))]
fn drawing(bytes: &[u8]) -> Result<ImageType, ImageError> {
    super::svg::check_svg(bytes).map(|()| ImageType::Svg)
}

/// A drawing by its beginning: whoever shows it in a page looks at what it holds (`www/worker/picture.ts`), and a page
/// need not have two readers.
#[cfg(target_arch = "wasm32")]
fn drawing(bytes: &[u8]) -> Result<ImageType, ImageError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii_start().first() == Some(&b'<') {
        Ok(ImageType::Svg)
    } else {
        Err(ImageError::UnknownType)
    }
}

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its format.
    pub kind: ImageType,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Pictures by item; items may share one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Images {
    files: Vec<Image>,
    /// By item: which of the files is its picture.
    of_item: Vec<Option<u32>>,
}

impl Images {
    /// Adds a picture that is shown for each of `items`.
    ///
    /// # Errors
    /// [`ImageError`] when the file may not be embedded.
    pub fn push(&mut self, items: &[u32], bytes: Vec<u8>) -> Result<(), ImageError> {
        let kind = ImageType::of(&bytes)?;
        self.insert(items, Image { kind, bytes });
        Ok(())
    }

    fn insert(&mut self, items: &[u32], image: Image) {
        let file = self.files.len() as u32;
        self.files.push(image);
        for item in items.iter().map(|&item| item as usize) {
            if item >= self.of_item.len() {
                self.of_item.resize(item + 1, None);
            }
            self.of_item[item] = Some(file);
        }
    }

    /// The item's picture.
    #[must_use]
    pub fn of(&self, item: u32) -> Option<&Image> {
        let file = *self.of_item.get(item as usize)?;
        self.files.get(file? as usize)
    }

    /// Number of pictures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Each picture with the items that it is shown for.
    pub fn each(&self) -> impl Iterator<Item = (Vec<u32>, &Image)> {
        let mut items_of = vec![Vec::new(); self.files.len()];
        for (item, file) in (0_u32..).zip(&self.of_item) {
            if let Some(items) = file.and_then(|file| items_of.get_mut(file as usize)) {
                items.push(item);
            }
        }
        items_of.into_iter().zip(&self.files)
    }

    /// Pictures in chunks of about `chunk_bytes`.
    pub(super) fn columns(&self, chunk_bytes: usize) -> Vec<ImageColumns> {
        let mut chunks = Vec::new();
        let mut chunk = ImageColumns::default();
        let mut size = 0;
        for (items, image) in self.each() {
            if size > 0 && size + image.bytes.len() > chunk_bytes {
                chunks.push(std::mem::take(&mut chunk));
                size = 0;
            }
            size += image.bytes.len();
            chunk.images.push(ImageColumn {
                items,
                kind: image.kind,
                bytes: image.bytes.clone(),
            });
        }
        if !chunk.images.is_empty() {
            chunks.push(chunk);
        }
        chunks
    }

    /// Takes in a chunk, or nothing of it. Content is checked again: the packer may not have been ours.
    pub(super) fn append(&mut self, columns: ImageColumns, item_count: u32) -> Result<(), String> {
        for image in &columns.images {
            if image.items.iter().any(|&item| item >= item_count) {
                return Err("a picture belongs to no item".to_owned());
            }
            let kind = ImageType::of(&image.bytes).map_err(|e| e.to_string())?;
            if kind != image.kind {
                return Err(format!(
                    "a picture is {}, not {}",
                    kind.mime(),
                    image.kind.mime()
                ));
            }
        }
        for ImageColumn { items, kind, bytes } in columns.images {
            self.insert(&items, Image { kind, bytes });
        }
        Ok(())
    }
}

/// Pictures as a chunk stores them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ImageColumns {
    images: Vec<ImageColumn>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ImageColumn {
    items: Vec<u32>,
    kind: ImageType,
    bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        assert_eq!(ImageType::of(b"\x89PNG\r\n\x1a\n..."), Ok(ImageType::Png));
        assert_eq!(ImageType::of(b"\xff\xd8\xff\xe0"), Ok(ImageType::Jpeg));
        assert_eq!(
            ImageType::of(b"<svg xmlns='http://www.w3.org/2000/svg'><g fill='url(#a)'/></svg>"),
            Ok(ImageType::Svg)
        );
        assert_eq!(ImageType::of(b""), Err(ImageError::UnknownType));
        assert_eq!(
            ImageType::of(b"<html><svg/></html>"),
            Err(ImageError::UnknownType)
        );
        assert_eq!(ImageType::of(b"\xff\xfe\x00"), Err(ImageError::UnknownType));
    }

    #[test]
    fn items_can_share_a_picture_and_unknown_items_have_none() {
        let mut images = Images::default();
        assert_eq!(images.push(&[0, 2], b"<svg/>".to_vec()), Ok(()));
        assert_eq!(images.of(0), images.of(2));
        assert_eq!(images.of(1), None);
    }
}
