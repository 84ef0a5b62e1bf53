//! A model that tract runs.

use crate::{bindings::options, refused};
use js_sys::{Array, Object};
use nearshelf_engine::Session;
use nearshelf_onnx::TractSession;
use nearshelf_web_session::{ports, run};
use wasm_bindgen::prelude::*;

/// An ONNX model run by tract itself: slower than a plan, for operators that plans lack.
#[wasm_bindgen]
pub struct TractModel {
    session: TractSession,
}

#[wasm_bindgen]
impl TractModel {
    /// Prepares an ONNX file whose open dimensions are bound: `{batch: 1, "tokens:1": 32}`.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8], bind: &Object) -> Result<TractModel, JsValue> {
        let session = TractSession::open(onnx, &options(bind)?).map_err(refused)?;
        Ok(TractModel { session })
    }

    /// `[{name, dtype, shape}]` of the inputs, in the model's order.
    #[wasm_bindgen(getter)]
    pub fn inputs(&self) -> Array {
        ports(self.session.inputs())
    }

    /// `[{name, dtype, shape}]` of the outputs, in the model's order.
    #[wasm_bindgen(getter)]
    pub fn outputs(&self) -> Array {
        ports(self.session.outputs())
    }

    /// Runs once. `inputs` maps each input's name to a typed array of its dtype, row-major;
    /// the answer maps each output's name likewise.
    pub fn run(&mut self, inputs: &Object) -> Result<Object, JsValue> {
        run(&mut self.session, inputs)
    }
}
