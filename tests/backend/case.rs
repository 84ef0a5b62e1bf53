//! Cases as `make_cases.py` lists them.

use nearshelf_engine::DType;
use std::path::Path;

/// The whole suite.
#[derive(serde::Deserialize)]
pub struct Suite {
    /// Version of the package that holds the suite.
    pub onnx: String,
    pub cases: Vec<Case>,
}

/// One node with inputs and expected outputs, or the body of the function that an operator stands for.
#[derive(serde::Deserialize)]
pub struct Case {
    pub name: String,
    pub operator: String,
    pub domain: String,
    /// Why the rule leaves it out.
    pub left_out: Option<String>,
    pub rtol: f64,
    pub atol: f64,
    /// Names and ONNX element types.
    pub inputs: Vec<(String, String)>,
    pub outputs: Vec<(String, String)>,
}

impl Suite {
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// Element type that a plan has for an ONNX type; `None` where it has none.
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
