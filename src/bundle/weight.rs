//! Sizes as a browser sees them: raw, gzip and brotli.

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::PathBuf};

/// Bytes of one or more files, each compressed on its own as a server would send it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Uncompressed bytes.
    pub raw: u64,
    /// gzip level 9.
    pub gzip: u64,
    /// brotli quality 11, window 22.
    pub brotli: u64,
}

/// Adds up the weights of `files`.
///
/// # Errors
/// When a file can't be read.
pub fn weigh(files: &[PathBuf]) -> Result<Weight> {
    let mut total = Weight::default();
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        total.raw += bytes.len() as u64;
        total.gzip += gzip_len(&bytes)?;
        total.brotli += brotli_len(&bytes)?;
    }
    Ok(total)
}

fn gzip_len(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

fn brotli_len(mut bytes: &[u8]) -> Result<u64> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut out, &params)?;
    Ok(out.len() as u64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_files_weigh_nothing() {
        assert_eq!(weigh(&[]).unwrap(), Weight::default());
    }

    #[test]
    fn repetitive_bytes_weigh_less_compressed_and_each_file_counts_once() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, vec![b'n'; 10_000]).unwrap();
        let one = weigh(std::slice::from_ref(&file)).unwrap();
        assert_eq!(one.raw, 10_000);
        assert!(one.gzip < 100 && one.brotli < one.gzip);
        let two = weigh(&[file.clone(), file]).unwrap();
        assert_eq!(two.brotli, 2 * one.brotli);
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = weigh(&["no/such.wasm".into()]).unwrap_err();
        assert!(error.to_string().contains("no/such.wasm"));
    }
}
