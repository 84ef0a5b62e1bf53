//! A session as JavaScript sees it, for both wasm modules: [`ports`] and [`run`] turn tensors into
//! typed arrays and back, [`thrown`] turns errors into what a page catches.

mod data;
mod error;
mod shape;

pub use data::{from_js, to_js};
pub use error::thrown;

use js_sys::{Array, Float32Array, Int8Array, Int32Array, Object, Reflect, Uint8Array};
use nearshelf_engine::{DType, Port, RunError, Session, Tensor, Values};
use shape::Known;
use wasm_bindgen::{JsCast, JsValue};

/// `[{name, dtype, shape}]`, in the order of `ports`. Where axes are open the shape has the largest extents, and
/// `open` tells `[{axis, symbol, min, max, step}]`.
#[must_use]
pub fn ports(ports: &[Port]) -> Array {
    ports.iter().map(describe).collect()
}

/// Runs `session` once. `inputs` maps each input's name to a typed array of its dtype, row-major, or to
/// `{data, shape}` with such an array; the answer maps each output's name likewise, with shapes when an input has one.
///
/// # Errors
/// Throws `model-input-invalid` for a missing array, another type, length or shape, and `model-run-failed`
/// when the values make an operator fail.
pub fn run(session: &mut dyn Session, inputs: &Object) -> Result<Object, JsValue> {
    let inputs = Inputs::read(session.inputs(), inputs)?;
    let outputs = session.run(&inputs.named()).map_err(|e| run_error(&e))?;
    inputs.answer(session.outputs(), &outputs)
}

/// What is thrown when a run fails.
#[must_use]
pub fn run_error(error: &RunError) -> JsValue {
    let code = match error {
        RunError::WrongType { .. }
        | RunError::WrongExtent { .. }
        | RunError::ExtentsDiffer { .. } => "model-input-invalid",
        _ => "model-run-failed",
    };
    thrown(code, &error.to_string())
}

/// A page's arrays as tensors.
pub struct Inputs {
    tensors: Vec<(String, Tensor)>,
    has_shapes: bool,
}

impl Inputs {
    /// Reads what [`run`] takes.
    ///
    /// # Errors
    /// Throws `model-input-invalid` for a missing array, another type, length or shape.
    pub fn read(ports: &[Port], inputs: &Object) -> Result<Self, JsValue> {
        let given = ports.iter().map(|port| given(port, inputs));
        let given = given.collect::<Result<Vec<Given>, _>>()?;
        let mut known = Known::new();
        for (port, given) in ports.iter().zip(&given) {
            shape::note(port, given.shape.as_deref().unwrap_or_default(), &mut known);
        }
        let has_shapes = given.iter().any(|given| given.shape.is_some());
        let mut tensors = Vec::new();
        for (port, given) in ports.iter().zip(given) {
            let len = given.values.len();
            let shape = given.shape.or_else(|| shape::of_len(port, len, &known));
            let tensor = shape.and_then(|shape| Tensor::new(shape, given.values).ok());
            let tensor = tensor.ok_or_else(|| {
                let message = format!(
                    "input {:?} has {len} values, which do not make {port}; where that leaves the shape open, give {{data, shape}}",
                    port.name
                );
                thrown("model-input-invalid", &message)
            })?;
            shape::note(port, tensor.shape(), &mut known);
            tensors.push((port.name.clone(), tensor));
        }
        Ok(Self {
            tensors,
            has_shapes,
        })
    }

    /// Tensors by name, as sessions take them.
    #[must_use]
    pub fn named(&self) -> Vec<(&str, &Tensor)> {
        let tensors = self.tensors.iter();
        tensors.map(|(name, x)| (name.as_str(), x)).collect()
    }

    /// The outputs as typed arrays by name, with shapes when an input had one.
    ///
    /// # Errors
    /// What JavaScript throws where an object can't be written.
    pub fn answer(&self, ports: &[Port], outputs: &[Tensor]) -> Result<Object, JsValue> {
        let answer = Object::new();
        for (port, tensor) in ports.iter().zip(outputs) {
            let array = array_of(tensor);
            let value = if self.has_shapes {
                object(&[("data", array), ("shape", extents(tensor.shape()))])
            } else {
                array
            };
            Reflect::set(&answer, &JsValue::from_str(&port.name), &value)?;
        }
        Ok(answer)
    }
}

/// What a page gives for an input.
struct Given {
    values: Values,
    shape: Option<Vec<usize>>,
}

fn given(port: &Port, inputs: &Object) -> Result<Given, JsValue> {
    let value = Reflect::get(inputs, &JsValue::from_str(&port.name))?;
    let field = |name: &str| Reflect::get(&value, &JsValue::from_str(name)).ok();
    let data = field("data").filter(|data| !data.is_undefined());
    let shape = match (&data, field("shape")) {
        (Some(_), Some(shape)) => Some(extents_of(port, &shape)?),
        _ => None,
    };
    Ok(Given {
        values: values_of(port, data.as_ref().unwrap_or(&value))?,
        shape,
    })
}

fn extents_of(port: &Port, shape: &JsValue) -> Result<Vec<usize>, JsValue> {
    let whole =
        |extent: &f64| extent.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(extent);
    // What is no array can't be made one without an exception that would leave the session locked.
    let extents = shape.dyn_ref::<Array>().and_then(|extents| {
        let extents = extents.iter().map(|extent| extent.as_f64().filter(whole));
        extents.map(|extent| Some(extent? as usize)).collect()
    });
    extents.ok_or_else(|| {
        let message = format!(
            "the shape of input {:?} must be an array of whole numbers",
            port.name
        );
        thrown("model-input-invalid", &message)
    })
}

fn extents(shape: &[usize]) -> JsValue {
    let extents = shape.iter().map(|&extent| JsValue::from_f64(extent as f64));
    extents.collect::<Array>().into()
}

/// A fresh object with these properties.
fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in properties {
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
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
    let mut properties = vec![
        ("name", JsValue::from_str(&port.name)),
        ("dtype", JsValue::from_str(dtype_name(port.ty.dtype))),
        ("shape", extents(&port.ty.shape)),
    ];
    if !port.open.is_empty() {
        let open = port.open.iter().map(|open| {
            object(&[
                ("axis", JsValue::from_f64(open.axis as f64)),
                ("symbol", JsValue::from_str(&open.symbol.name)),
                ("min", open.symbol.min.into()),
                ("max", open.symbol.max.into()),
                ("step", open.symbol.step.into()),
            ])
        });
        properties.push(("open", open.collect::<Array>().into()));
    }
    object(&properties)
}

fn values_of(port: &Port, array: &JsValue) -> Result<Values, JsValue> {
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
    values.ok_or_else(|| {
        let message = format!("input {:?} must be a typed array of {wanted}", port.name);
        thrown("model-input-invalid", &message)
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
