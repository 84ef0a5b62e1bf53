//! A session as JavaScript sees it, for both wasm modules: [`ports`] and [`run`] turn tensors into
//! typed arrays and back, [`thrown`] turns errors into what a page catches.

mod error;

pub use error::thrown;

use js_sys::{Array, Float32Array, Int8Array, Int32Array, Object, Reflect, Uint8Array};
use nearshelf_engine::{DType, Port, Session, Tensor, Values};
use wasm_bindgen::{JsCast, JsValue};

/// `[{name, dtype, shape}]`, in the order of `ports`.
#[must_use]
pub fn ports(ports: &[Port]) -> Array {
    ports.iter().map(describe).collect()
}

/// Runs `session` once. `inputs` maps each input's name to a typed array of its dtype, row-major;
/// the answer maps each output's name likewise.
///
/// # Errors
/// Throws `model-input-invalid` for a missing array, another type or length, and `model-run-failed`
/// when the values make an operator fail.
pub fn run(session: &mut dyn Session, inputs: &Object) -> Result<Object, JsValue> {
    let mut tensors = Vec::new();
    for port in session.inputs() {
        let array = Reflect::get(inputs, &JsValue::from_str(&port.name))?;
        tensors.push((port.name.clone(), tensor_of(port, &array)?));
    }
    let named: Vec<(&str, &Tensor)> = tensors.iter().map(|(n, t)| (n.as_str(), t)).collect();
    let outputs = session
        .run(&named)
        .map_err(|e| thrown("model-run-failed", &e.to_string()))?;
    let answer = Object::new();
    for (port, tensor) in session.outputs().iter().zip(&outputs) {
        Reflect::set(&answer, &JsValue::from_str(&port.name), &array_of(tensor))?;
    }
    Ok(answer)
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
