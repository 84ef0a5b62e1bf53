//! Inputs whose values are known when compiling: they become constants of the file.

use crate::{CompileError, CompileOptions, graph};
use nearshelf_engine::{Tensor, Values};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{ModelProto, TensorProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::f16;

/// Gives each input that `options` fixes an initializer, as files of the first years have them.
///
/// # Errors
/// [`CompileError::BadFix`] when there is no such input, or the tensor is of another type.
pub(crate) fn fix(model: &mut ModelProto, options: &CompileOptions) -> Result<(), CompileError> {
    let mut constants = Vec::with_capacity(options.fix.len());
    let inputs = graph::inputs(model);
    for (name, tensor) in &options.fix {
        let bad = |detail: String| CompileError::BadFix {
            input: name.clone(),
            detail,
        };
        let Some(input) = inputs.iter().find(|input| input.name == *name) else {
            let known: Vec<&str> = inputs.iter().map(|input| &*input.name).collect();
            return Err(bad(format!("the model has {}", known.join(", "))));
        };
        constants.push(constant(input, tensor).map_err(bad)?);
    }
    if let Some(graph) = &mut model.graph {
        graph.initializer.extend(constants);
    }
    Ok(())
}

/// `tensor` in the element type of `input`.
fn constant(input: &ValueInfoProto, tensor: &Tensor) -> Result<TensorProto, String> {
    let elem_type = match input.r#type.as_ref().and_then(|ty| ty.value.as_ref()) {
        Some(type_proto::Value::TensorType(tensor)) => tensor.elem_type,
        None => return Err("it is no tensor".to_owned()),
    };
    let kind = DataType::try_from(elem_type).map_err(|_| "its type is unknown".to_owned())?;
    let raw_data = bytes(kind, tensor.values())
        .ok_or_else(|| format!("it is {}, given is {}", kind.as_str_name(), tensor.ty()))?;
    let dims: Result<Vec<i64>, _> = tensor.shape().iter().map(|&n| i64::try_from(n)).collect();
    Ok(TensorProto {
        name: input.name.clone(),
        data_type: elem_type,
        dims: dims.map_err(|error| error.to_string())?,
        raw_data,
        ..TensorProto::default()
    })
}

/// Values as a file holds them; `None` when they are not what a plan has for `kind`.
fn bytes(kind: DataType, values: &Values) -> Option<Vec<u8>> {
    fn raw<T: Copy, const N: usize>(values: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
        values.iter().flat_map(|&value| bytes(value)).collect()
    }
    Some(match (kind, values) {
        (DataType::Float, Values::F32(v)) => raw(v, f32::to_le_bytes),
        (DataType::Double, Values::F32(v)) => raw(v, |x| f64::from(x).to_le_bytes()),
        (DataType::Float16, Values::F32(v)) => raw(v, |x| f16::from_f32(x).to_le_bytes()),
        // A plan's value has no more bits than the format.
        (DataType::Bfloat16, Values::F32(v)) => {
            raw(v, |x| ((x.to_bits() >> 16) as u16).to_le_bytes())
        }
        (DataType::Int64 | DataType::Uint64, Values::I32(v)) => {
            raw(v, |x| i64::from(x).to_le_bytes())
        }
        (DataType::Int32 | DataType::Uint32, Values::I32(v)) => raw(v, i32::to_le_bytes),
        (DataType::Int16 | DataType::Uint16, Values::I32(v)) => {
            raw(v, |x| (x as i16).to_le_bytes())
        }
        (DataType::Int8, Values::I8(v)) => raw(v, i8::to_le_bytes),
        (DataType::Uint8, Values::U8(v)) => v.clone(),
        (DataType::Bool, Values::U8(v)) => raw(v, |x| [u8::from(x != 0)]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::tests::Graph;
    use nearshelf_engine::Plan;

    /// y = Reshape(x [2, 3], shape [2]), some inputs fixed.
    fn reshape(fixed: &[(&str, Tensor)]) -> Result<Plan, CompileError> {
        let graph = Graph::default()
            .input("x", DataType::Float, &[2, 3])
            .input("shape", DataType::Int64, &[2])
            .node("Reshape", &["x", "shape"], "y", &[]);
        let fixed = fixed.iter().cloned();
        let options = CompileOptions {
            fix: fixed
                .map(|(name, tensor)| (name.to_owned(), tensor))
                .collect(),
            ..CompileOptions::default()
        };
        let mut model = graph.model();
        fix(&mut model, &options)?;
        graph::lower(&model, &options)
    }

    #[test]
    fn a_shape_among_the_inputs_is_asked_for_by_name() {
        let error = reshape(&[]).unwrap_err();
        assert!(
            matches!(&error, CompileError::InputNeeded { inputs, .. } if inputs == &["shape"]),
            "{error}"
        );
    }

    #[test]
    fn a_fixed_input_is_a_constant_and_no_longer_asked_for() {
        let shape = Tensor::new([2], Values::I32(vec![3, -1])).unwrap();
        let plan = reshape(&[("shape", shape)]).unwrap();
        assert_eq!(plan.inputs().len(), 1);
        assert_eq!(plan.outputs()[0].ty.shape, [3, 2]);
    }

    #[test]
    fn an_unknown_name_and_another_type_are_refused() {
        let floats = Tensor::new([2], Values::F32(vec![3.0, 2.0])).unwrap();
        for (name, told) in [
            ("form", "the model has x, shape"),
            ("shape", "given is f32[2]"),
        ] {
            let error = reshape(&[(name, floats.clone())]).unwrap_err();
            let CompileError::BadFix { input, detail } = &error else {
                panic!("{error}");
            };
            assert!(input == name && detail.contains(told), "{error}");
        }
    }
}
