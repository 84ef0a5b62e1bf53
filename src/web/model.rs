//! A compiled model for pages that bring their own: named typed arrays in, named typed arrays out.

use crate::pieces::pieces;
use js_sys::{Array, Object, Uint8Array};
use nearshelf_engine::{CpuSession, PlanError, PlanReader, Session};
use nearshelf_web_session::{ports, run, thrown};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Reads a plan (`nearshelf compile`, or `compileOnnx` of the lazy module) as it arrives.
#[wasm_bindgen]
pub struct ModelReader {
    reader: PlanReader,
}

#[wasm_bindgen]
impl ModelReader {
    /// A reader that expects the plan's first byte.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // JavaScript knows no other.
    pub fn new() -> ModelReader {
        ModelReader {
            reader: PlanReader::new(),
        }
    }

    /// Takes the next bytes of the plan.
    pub fn push(&mut self, bytes: &Uint8Array) -> Result<(), JsValue> {
        for piece in pieces(bytes) {
            self.reader.push(&piece).map_err(|e| invalid(&e))?;
        }
        Ok(())
    }

    /// The model, when all bytes have been taken.
    pub fn finish(self) -> Result<Model, JsValue> {
        let plan = self.reader.finish().map_err(|e| invalid(&e))?;
        let session = CpuSession::new(Arc::new(plan)).map_err(|e| invalid(&e))?;
        Ok(Model { session })
    }
}

fn invalid(error: &PlanError) -> JsValue {
    thrown("model-invalid", &error.to_string())
}

/// A plan ready to run.
#[wasm_bindgen]
pub struct Model {
    session: CpuSession,
}

#[wasm_bindgen]
impl Model {
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
