//! Cases as files that a page reads: `build/gpu-cases/SUITE.json`, and `SUITE.bin` with the plans and tensors it points
//! into.

use crate::case::Case;
use crate::exceptions;
use nearshelf_engine::{DType, Tensor, Values};
use nearshelf_tests::root;
use serde::Serialize;

/// Tensors begin at multiples of this, so that arrays can be laid over them.
const ALIGNMENT: usize = 4;

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    subject: &'a str,
    /// Why it fails.
    exception: Option<&'static str>,
    /// It does so on Mesa's lavapipe alone.
    is_of_lavapipe: bool,
    /// Begin and length in bytes.
    plan: [usize; 2],
    inputs: Vec<Array<'a>>,
    outputs: Vec<Array<'a>>,
}

#[derive(Serialize)]
struct Array<'a> {
    name: &'a str,
    /// As in the client: `float32`, `int32`, `int8` or `uint8`.
    dtype: &'static str,
    shape: &'a [usize],
    /// Begin in bytes.
    at: usize,
    rtol: f64,
    atol: f64,
}

pub fn write(suite: &str, cases: &[Case]) {
    let folder = root().join("build/gpu-cases");
    std::fs::create_dir_all(&folder).unwrap();
    let mut bytes = Vec::new();
    let listed: Vec<Listed> = cases
        .iter()
        .map(|case| {
            let plan = case.plan.to_bytes().unwrap();
            let exception = exceptions::reason(suite, case);
            let inputs = case.inputs.iter().map(|(n, x)| (&**n, x, (0.0, 0.0)));
            let wanted = case.wanted.iter();
            let outputs = wanted.map(|w| (&*w.name, &w.tensor, (w.rtol, w.atol)));
            Listed {
                name: &case.name,
                subject: &case.subject,
                exception: exception.map(|(reason, _)| reason),
                is_of_lavapipe: exception.is_some_and(|(_, is_of_lavapipe)| is_of_lavapipe),
                plan: [append(&mut bytes, &plan), plan.len()],
                inputs: inputs.map(|x| array(&mut bytes, x)).collect(),
                outputs: outputs.map(|y| array(&mut bytes, y)).collect(),
            }
        })
        .collect();
    std::fs::write(folder.join(format!("{suite}.bin")), &bytes).unwrap();
    let list = serde_json::to_string(&listed).unwrap();
    std::fs::write(folder.join(format!("{suite}.json")), list).unwrap();
}

fn append(bytes: &mut Vec<u8>, more: &[u8]) -> usize {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    bytes.extend(more);
    bytes.len() - more.len()
}

fn array<'a>(
    bytes: &mut Vec<u8>,
    (name, tensor, (rtol, atol)): (&'a str, &'a Tensor, (f64, f64)),
) -> Array<'a> {
    let more: Vec<u8> = match tensor.values() {
        Values::F32(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Values::I32(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Values::I8(values) => values.iter().map(|v| v.cast_unsigned()).collect(),
        Values::U8(values) => values.clone(),
    };
    Array {
        name,
        dtype: match tensor.dtype() {
            DType::F32 => "float32",
            DType::I32 => "int32",
            DType::I8 => "int8",
            DType::U8 => "uint8",
        },
        shape: tensor.shape(),
        at: append(bytes, &more),
        rtol,
        atol,
    }
}
