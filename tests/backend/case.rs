//! Cases as `make_cases.py` lists them.

use nearshelf_engine::DType;
use std::path::{Path, PathBuf};

/// Where the cases are; `None`, said aloud, where nobody has made them.
///
/// # Panics
/// When there are none, but `REQUIRE_DATA` is set.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let folder = crate::root().join("build/backend");
    if folder.join("cases.json").is_file() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("REQUIRE_DATA").is_none(),
        "REQUIRE_DATA is set, but there is no build/backend: run ./build.sh operators"
    );
    println!("SKIPPED: no build/backend; ./build.sh operators makes it");
    None
}

/// The whole suite.
#[derive(serde::Deserialize)]
pub struct Suite {
    /// Version of the package that holds the suite.
    pub onnx: String,
    /// All cases, those left out among them.
    pub cases: Vec<Case>,
}

/// One node with inputs and expected outputs, or the body of the function that an operator stands for.
#[derive(serde::Deserialize)]
pub struct Case {
    /// Name in the suite, and of its files.
    pub name: String,
    /// The node's operator.
    pub operator: String,
    /// Its domain; empty for ONNX's own.
    pub domain: String,
    /// Why the rule leaves it out.
    pub left_out: Option<String>,
    /// Relative tolerance.
    pub rtol: f64,
    /// Absolute tolerance.
    pub atol: f64,
    /// Names and ONNX element types.
    pub inputs: Vec<(String, String)>,
    /// The same of the outputs.
    pub outputs: Vec<(String, String)>,
}

impl Suite {
    /// Reads the suite's list.
    ///
    /// # Panics
    /// When it is missing or damaged.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// Element type that a plan has for an ONNX type; `None` where it has none.
#[must_use]
pub fn dtype(kind: &str) -> Option<DType> {
    Some(match kind {
        "FLOAT" | "DOUBLE" | "FLOAT16" | "BFLOAT16" | "FLOAT8E4M3FN" | "FLOAT8E4M3FNUZ"
        | "FLOAT8E5M2" | "FLOAT8E5M2FNUZ" | "FLOAT8E8M0" | "FLOAT4E2M1" => DType::F32,
        "INT64" | "UINT64" | "INT32" | "UINT32" | "INT16" | "UINT16" => DType::I32,
        "INT8" | "INT4" | "INT2" => DType::I8,
        "UINT8" | "UINT4" | "UINT2" | "BOOL" => DType::U8,
        _ => return None,
    })
}
