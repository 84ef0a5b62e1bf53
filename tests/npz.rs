//! NumPy archives.

use std::io::Read;
use std::path::Path;

/// One array, its values widened to f64 (exact for f32 and all integers the suites use).
#[derive(Debug, Clone)]
pub struct Array {
    /// Extents of the axes.
    pub shape: Vec<usize>,
    /// Row-major values.
    pub values: Vec<f64>,
}

/// Arrays whose name starts with `prefix`, by the rest of their name.
///
/// # Panics
/// When the file is missing or damaged, or holds an array of another kind than the suites write.
#[must_use]
pub fn arrays(path: &Path, prefix: &str) -> Vec<(String, Array)> {
    let file =
        std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().trim_end_matches(".npy").to_owned();
        let mut bytes = Vec::new();
        if let Some(name) = name.strip_prefix(prefix) {
            entry.read_to_end(&mut bytes).unwrap();
            found.push((name.to_owned(), array(&bytes)));
        }
    }
    found
}

fn array(bytes: &[u8]) -> Array {
    let file = npyz::NpyFile::new(bytes).unwrap();
    assert_eq!(file.order(), npyz::Order::C);
    let shape = file.shape().iter().map(|&extent| extent as usize).collect();
    let descriptor = file.dtype().descr();
    fn read<T: npyz::Deserialize>(file: npyz::NpyFile<&[u8]>, widen: fn(T) -> f64) -> Vec<f64> {
        file.into_vec::<T>()
            .unwrap()
            .into_iter()
            .map(widen)
            .collect()
    }
    let values = match descriptor.trim_matches('\'') {
        "<f4" => read::<f32>(file, f64::from),
        "<f8" => read::<f64>(file, |v| v),
        "<i8" => read::<i64>(file, |v| v as f64),
        "<i4" => read::<i32>(file, f64::from),
        "|i1" => read::<i8>(file, f64::from),
        "|u1" => read::<u8>(file, f64::from),
        "|b1" => read::<bool>(file, |v| f64::from(u8::from(v))),
        other => panic!("arrays of {other} are not expected"),
    };
    Array { shape, values }
}
