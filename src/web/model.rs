//! A compiled model for pages that bring their own: named typed arrays in, named typed arrays out.

use crate::error::thrown;
use js_sys::{Array, Float32Array, Int8Array, Int32Array, Object, Reflect, Uint8Array};
use nearshelf_engine::{CpuSession, DType, Plan, Port, Session, Tensor, Values};
use std::sync::Arc;
use wasm_bindgen::{JsCast, prelude::*};

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
        self.session.inputs().iter().map(describe).collect()
    }

    /// `[{name, dtype, shape}]` of the outputs, in the model's order.
    #[wasm_bindgen(getter)]
    pub fn outputs(&self) -> Array {
        self.session.outputs().iter().map(describe).collect()
    }

    /// Runs once. `inputs` maps each input's name to a typed array of its dtype, row-major;
    /// the answer maps each output's name likewise.
    pub fn run(&mut self, inputs: &Object) -> Result<Object, JsValue> {
        let mut tensors = Vec::new();
        for port in self.session.inputs() {
            let array = Reflect::get(inputs, &JsValue::from_str(&port.name))?;
            tensors.push((port.name.clone(), tensor_of(port, &array)?));
        }
        let named: Vec<(&str, &Tensor)> = tensors.iter().map(|(n, t)| (n.as_str(), t)).collect();
        let outputs = self
            .session
            .run(&named)
            .map_err(|e| thrown("model-run-failed", &e.to_string()))?;
        let answer = Object::new();
        for (port, tensor) in self.session.outputs().iter().zip(&outputs) {
            Reflect::set(&answer, &JsValue::from_str(&port.name), &array_of(tensor))?;
        }
        Ok(answer)
    }
}

fn dtype_name(dtype: DType) -> &'static str {
    match dtype {
        DType::F32 => "float32",
        DType::I32 => "int32",
        DType::I8 => "int8",
        DType::U8 => "uint8",
    }
}

fn describe(port: &Port) -> JsValue {
    let shape: Array = port
        .ty
        .shape
        .iter()
        .map(|&extent| JsValue::from_f64(extent as f64))
        .collect();
    let object = Object::new();
    for (key, value) in [
        ("name", JsValue::from_str(&port.name)),
        ("dtype", JsValue::from_str(dtype_name(port.ty.dtype))),
        ("shape", shape.into()),
    ] {
        let _ = Reflect::set(&object, &JsValue::from_str(key), &value);
    }
    object.into()
}

fn tensor_of(port: &Port, array: &JsValue) -> Result<Tensor, JsValue> {
    let values = match port.ty.dtype {
        DType::F32 => array
            .dyn_ref::<Float32Array>()
            .map(|a| Values::F32(a.to_vec())),
        DType::I32 => array
            .dyn_ref::<Int32Array>()
            .map(|a| Values::I32(a.to_vec())),
        DType::I8 => array.dyn_ref::<Int8Array>().map(|a| Values::I8(a.to_vec())),
        DType::U8 => array
            .dyn_ref::<Uint8Array>()
            .map(|a| Values::U8(a.to_vec())),
    };
    let wanted = dtype_name(port.ty.dtype);
    let values = values.ok_or_else(|| {
        let message = format!("input {:?} must be a typed array of {wanted}", port.name);
        thrown("model-input-invalid", &message)
    })?;
    Tensor::new(port.ty.shape.clone(), values).map_err(|e| {
        thrown(
            "model-input-invalid",
            &format!("input {:?}: {e}", port.name),
        )
    })
}

fn array_of(tensor: &Tensor) -> JsValue {
    match tensor.values() {
        Values::F32(v) => Float32Array::from(v.as_slice()).into(),
        Values::I32(v) => Int32Array::from(v.as_slice()).into(),
        Values::I8(v) => Int8Array::from(v.as_slice()).into(),
        Values::U8(v) => Uint8Array::from(v.as_slice()).into(),
    }
}
