//! JavaScript bindings of the ONNX compiler: nearshelf_onnx.wasm, loaded only for a raw model.
//!
//! [`compile_onnx`] turns an ONNX file into a plan for `ModelReader` of nearshelf.wasm; a model with an
//! operator that plans lack runs here, slower, as a [`TractModel`]. What can be told is wrong is thrown
//! as an `Error` named `NearshelfError` with a `code`: that of the `CompileError`, `request-invalid` for
//! a binding that is no extent, or a code of `nearshelf_web_session` when a run fails. What tract does
//! not expect traps: the module is then to be started anew.

mod bindings;
mod tract_model;

pub use tract_model::TractModel;

use bindings::options;
use js_sys::Object;
use nearshelf_onnx::CompileError;
use nearshelf_web_session::thrown;
use wasm_bindgen::prelude::*;

/// The plan file of an ONNX file whose open dimensions are bound, or stay open within a range:
/// `{batch: 1, "tokens:1": {min: 1, max: 128}}`.
#[wasm_bindgen(js_name = compileOnnx)]
pub fn compile_onnx(onnx: &[u8], bind: &Object) -> Result<Vec<u8>, JsValue> {
    let plan = nearshelf_onnx::compile(onnx, &options(bind)?).map_err(refused)?;
    plan.to_bytes()
        .map_err(|e| thrown("bad-plan", &e.to_string()))
}

fn refused(error: CompileError) -> JsValue {
    thrown(error.code(), &error.to_string())
}
