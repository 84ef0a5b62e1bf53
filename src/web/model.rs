//! A compiled model for pages that bring their own: named typed arrays in, named typed arrays out.

use js_sys::{Array, Object};
use nearshelf_engine::{CpuSession, Plan, Session};
use nearshelf_web_session::{ports, run, thrown};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// A plan ready to run.
#[wasm_bindgen]
pub struct Model {
    session: CpuSession,
}

#[wasm_bindgen]
impl Model {
    /// Reads a plan (`nearshelf compile`, or `compileOnnx` of the lazy module).
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &[u8]) -> Result<Model, JsValue> {
        let plan = Plan::from_bytes(plan).map_err(|e| thrown("model-invalid", &e.to_string()))?;
        let session =
            CpuSession::new(Arc::new(plan)).map_err(|e| thrown("model-invalid", &e.to_string()))?;
        Ok(Model { session })
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
