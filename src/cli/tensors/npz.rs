//! NumPy archives, as `numpy.savez` and `savez_compressed` write them.

use super::{Array, npy};
use anyhow::{Context, Result, bail};
use std::io::{Cursor, Read};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Most times that deflated bytes can grow.
const MAX_DEFLATE_RATIO: u64 = 1032;

/// The arrays of an archive, by their keys, in its order.
///
/// # Errors
/// When the file can't be read, or is damaged.
pub fn read(path: &Path) -> Result<Vec<(String, Array)>> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    arrays(&bytes).with_context(|| format!("reading {}", path.display()))
}

/// The arrays of an archive in memory.
///
/// # Errors
/// When it is damaged.
pub fn arrays(bytes: &[u8]) -> Result<Vec<(String, Array)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .context("it is no NumPy archive (.npz), as numpy.savez writes them")?;
    let mut found: Vec<(String, Array)> = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let key = entry.name().trim_end_matches(".npy").to_owned();
        let size = entry.size();
        if size > entry.compressed_size().saturating_mul(MAX_DEFLATE_RATIO) {
            bail!("array {key:?}: its {size} bytes can't be in this file");
        }
        let mut stored = Vec::new();
        entry
            .by_ref()
            .take(size)
            .read_to_end(&mut stored)
            .with_context(|| format!("array {key:?}"))?;
        if found.iter().any(|(other, _)| *other == key) {
            bail!("it holds two arrays {key:?}");
        }
        let array = npy::read(&stored).with_context(|| format!("array {key:?}"))?;
        found.push((key, array));
    }
    Ok(found)
}

/// Writes a compressed archive. Equal arrays give equal bytes.
///
/// # Errors
/// When the file can't be written.
pub fn write<'a>(path: &Path, arrays: impl Iterator<Item = (&'a str, &'a Array)>) -> Result<()> {
    let bytes = archive(arrays)?;
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

fn archive<'a>(arrays: impl Iterator<Item = (&'a str, &'a Array)>) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (key, array) in arrays {
        writer.start_file(format!("{key}.npy"), options)?;
        npy::write(array, &mut writer)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tensors::Data;
    use nearshelf_onnx::ElementType;

    fn pair() -> Vec<(String, Array)> {
        let array = |values: &[f64]| Array {
            element_type: ElementType::F32,
            shape: vec![values.len()],
            data: Data::Float(values.to_vec()),
        };
        vec![
            ("gpu_0/data".to_owned(), array(&[1.0, 2.0])),
            ("y:0".to_owned(), array(&[])),
        ]
    }

    fn written() -> Vec<u8> {
        archive(pair().iter().map(|(key, array)| (&**key, array))).unwrap()
    }

    #[test]
    fn an_archive_gives_its_arrays_again_and_always_the_same_bytes() {
        assert_eq!(arrays(&written()).unwrap(), pair());
        assert_eq!(written(), written());
    }

    #[test]
    fn a_damaged_archive_is_an_error_wherever_it_is_damaged() {
        let bytes = written();
        for end in 0..bytes.len() {
            assert!(arrays(&bytes[..end]).is_err(), "cut at {end}");
        }
        let mut found = 0;
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x41;
            found += usize::from(arrays(&damaged).ok() != Some(pair()));
        }
        assert!(found > bytes.len() / 2, "{found} of {}", bytes.len());
    }

    #[test]
    fn a_key_that_is_there_twice_is_an_error() {
        let both = pair().into_iter().chain(pair()).collect::<Vec<_>>();
        let refused = archive(both.iter().map(|(key, array)| (&**key, array)));
        assert!(refused.is_err());
    }
}
