//! Local pictures go into the pack, so that showing an item asks nobody for anything.

use nearshelf_catalogue::Pack;
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};

/// Largest picture that is embedded, in bytes.
const MAX_PICTURE_BYTES: u64 = 512 * 1024;

/// What became of the items' pictures.
#[derive(Debug, Default, Serialize)]
pub struct Pictures {
    /// Files embedded.
    pub embedded: usize,
    /// Items whose picture is an address: showing it makes a request to its host.
    pub links: usize,
    /// Files that could not be embedded, with the reason.
    pub refused: Vec<String>,
}

/// Embeds what lies below `folder`.
pub fn embed(pack: &mut Pack, folder: &Path) -> Pictures {
    let mut result = Pictures::default();
    let mut items_of: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (index, item) in (0_u32..).zip(pack.items.iter()) {
        match item.image.as_str() {
            "" => {}
            image if is_address(image) => result.links += 1,
            image => items_of.entry(image.to_owned()).or_default().push(index),
        }
    }
    for (image, items) in items_of {
        match read(folder, &image)
            .and_then(|bytes| pack.images.push(&items, bytes).map_err(|e| e.to_string()))
        {
            Ok(()) => result.embedded += 1,
            Err(reason) => result.refused.push(format!("{image}: {reason}")),
        }
    }
    result
}

/// Addresses, also those relative to the shop's root: they are no files of the catalogue.
fn is_address(image: &str) -> bool {
    image.contains("://") || image.starts_with('/') || image.starts_with("data:")
}

fn read(folder: &Path, image: &str) -> Result<Vec<u8>, String> {
    // A catalogue is not trusted with files outside its folder.
    let inside = |path: &Path| {
        path.components()
            .all(|part| matches!(part, std::path::Component::Normal(_)))
    };
    if !inside(Path::new(image)) {
        return Err("lies outside the catalogue's folder".to_owned());
    }
    let path = folder.join(image);
    let size = std::fs::metadata(&path).map_err(|e| e.to_string())?.len();
    if size > MAX_PICTURE_BYTES {
        return Err(format!(
            "has {size} bytes, at most {MAX_PICTURE_BYTES}: make it smaller"
        ));
    }
    std::fs::read(&path).map_err(|e| e.to_string())
}
