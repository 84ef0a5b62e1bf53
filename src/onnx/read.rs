//! From bytes to protobuf messages and constants. Nothing here trusts the file.

use crate::CompileError;
use crate::constant::{Constant, Data};
use crate::element::{Element, decoded};
use nearshelf_engine::FloatFormat;
use tract_onnx::data_resolver::MmapDataResolver;
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::{ModelProto, TensorProto};
use tract_onnx::prelude::{DatumType, Framework, Tensor, f16};

/// Decodes a model.
pub(crate) fn model(onnx: &[u8]) -> Result<ModelProto, CompileError> {
    let not_onnx = |detail: &str| CompileError::NotOnnx {
        detail: detail.to_owned(),
    };
    if onnx.is_empty() {
        return Err(not_onnx("the file is empty"));
    }
    let mut reader = onnx;
    let model = tract_onnx::Onnx::default()
        .proto_model_for_read(&mut reader)
        .map_err(|error| not_onnx(&error.root_cause().to_string()))?;
    let graph = model
        .graph
        .as_ref()
        .ok_or_else(|| not_onnx("it holds no graph"))?;
    if graph.output.is_empty() {
        return Err(not_onnx("its graph has no output"));
    }
    if let Some(sparse) = graph.sparse_initializer.first() {
        let name = sparse.values.as_ref().map_or("", |values| &values.name);
        return Err(CompileError::UnsupportedType {
            name: name.to_owned(),
            found: "sparse tensor".to_owned(),
        });
    }
    Ok(model)
}

/// Version of the operator set of `domain` that a model imports; 1 when it doesn't say.
pub(crate) fn opset(model: &ModelProto, domain: &str) -> i64 {
    let same = |other: &str| other == domain || (domain.is_empty() && other == "ai.onnx");
    let import = model
        .opset_import
        .iter()
        .find(|import| same(&import.domain));
    import.map_or(1, |import| import.version)
}

/// The ONNX element type of a number in a file.
pub(crate) fn element(name: &str, number: impl Into<i64>) -> Result<Element, CompileError> {
    let number = number.into();
    Element::numbered(number).ok_or_else(|| {
        let known = i32::try_from(number)
            .ok()
            .and_then(|number| DataType::try_from(number).ok());
        CompileError::UnsupportedType {
            name: name.to_owned(),
            found: known.map_or(format!("number {number}"), |kind| {
                kind.as_str_name().to_lowercase()
            }),
        }
    })
}

/// Decodes a tensor.
pub(crate) fn constant(name: &str, proto: &TensorProto) -> Result<Constant, CompileError> {
    let bad = |detail: String| CompileError::BadModel {
        node: name.to_owned(),
        detail,
    };
    if proto.data_location == Some(DataLocation::External as i32) {
        return Err(CompileError::ExternalData {
            tensor: name.to_owned(),
        });
    }
    let kind = element(name, proto.data_type)?;
    let product = |count: u128, &extent: &i64| count.checked_mul(u128::try_from(extent).ok()?);
    let count = proto.dims.iter().try_fold(1_u128, product);
    let count = count.ok_or_else(|| bad(format!("shape {:?} makes no sense", proto.dims)))?;
    // tract's decoder checks this too; here the tensor is named.
    if !proto.raw_data.is_empty()
        && proto.raw_data.len() as u128 != count.saturating_mul(kind.bits() as u128).div_ceil(8)
    {
        return Err(bad(format!(
            "shape {:?} does not fit {} bytes",
            proto.dims,
            proto.raw_data.len()
        )));
    }
    let shape = proto.dims.iter().map(|&extent| usize::try_from(extent));
    let shape: Vec<usize> = shape
        .collect::<Result<_, _>>()
        .map_err(|error| bad(error.to_string()))?;
    if let Some(data) = narrow(kind, proto, count) {
        return Ok(Constant { shape, data });
    }
    if count > 0 && proto.raw_data.is_empty() {
        let lists = [
            proto.float_data.len(),
            proto.int32_data.len(),
            proto.int64_data.len(),
            proto.double_data.len(),
            proto.uint64_data.len(),
        ];
        if !lists.iter().any(|&len| len as u128 == count) {
            return Err(bad(format!(
                "shape {:?} does not fit its values",
                proto.dims
            )));
        }
    }
    if let Some(data) = listed(kind, proto) {
        return Ok(Constant { shape, data });
    }
    let tensor = tract_onnx::tensor::load_tensor(&MmapDataResolver, proto, None);
    tensor
        .and_then(|tensor| from_tract(&tensor))
        .map_err(|error| bad(error.root_cause().to_string()))
}

/// Values of types that the decoder doesn't know: formats of 16 and 8 bits, and packed ones, lowest bits first.
fn narrow(kind: Element, proto: &TensorProto, count: u128) -> Option<Data> {
    let format = kind
        .format()
        .filter(|&format| format != FloatFormat::Float16);
    let bits = kind.bits();
    if format.is_none() && bits >= 8 {
        return None;
    }
    // In the list of numbers each one stands for as many bytes as one or, of packed ones, two or four elements take.
    let raw: Vec<u8> = match (proto.raw_data.is_empty(), bits) {
        (false, _) => proto.raw_data.clone(),
        (true, 16) => proto
            .int32_data
            .iter()
            .flat_map(|&v| (v as u16).to_le_bytes())
            .collect(),
        (true, _) => proto.int32_data.iter().map(|&v| v as u8).collect(),
    };
    let count = usize::try_from(count)
        .ok()
        .filter(|count| count.saturating_mul(bits).div_ceil(8) <= raw.len())?;
    let code = |index: usize| match bits {
        16 => u16::from_le_bytes([raw[2 * index], raw[2 * index + 1]]),
        _ => {
            let at = index * bits;
            u16::from(raw[at / 8] >> (at % 8)) & ((1 << bits) - 1)
        }
    };
    let codes = (0..count).map(code);
    Some(match (format, kind.narrow_integer()) {
        (Some(format), _) => Data::F32(codes.map(|code| decoded(format, code)).collect()),
        (None, Some((bits, true))) => {
            let signed = |code: u16| ((code << (16 - bits)) as i16 >> (16 - bits)) as i8;
            Data::I8(codes.map(signed).collect())
        }
        _ => Data::U8(codes.map(|code| code as u8).collect()),
    })
}

/// Unsigned lists that the decoder reads as signed ones.
fn listed(kind: Element, proto: &TensorProto) -> Option<Data> {
    let wide = |values: &[u64]| {
        Data::I64(
            values
                .iter()
                .map(|&v| i64::try_from(v).unwrap_or(i64::MAX))
                .collect(),
        )
    };
    let unsigned = matches!(kind, Element::Uint32 | Element::Uint64);
    (unsigned && proto.raw_data.is_empty()).then(|| wide(&proto.uint64_data))
}

/// What tract holds, in the types constants have here.
pub(crate) fn from_tract(tensor: &Tensor) -> tract_onnx::prelude::TractResult<Constant> {
    let shape = tensor.shape().to_vec();
    let data = match tensor.datum_type().unquantized() {
        DatumType::F32 => Data::F32(tensor.try_as_plain_ram()?.as_slice::<f32>()?.to_vec()),
        DatumType::F16 => Data::F32(
            tensor
                .try_as_plain_ram()?
                .as_slice::<f16>()?
                .iter()
                .map(|v| v.to_f32())
                .collect(),
        ),
        DatumType::I8 => Data::I8(tensor.try_as_plain_ram()?.as_slice::<i8>()?.to_vec()),
        DatumType::U8 => Data::U8(tensor.try_as_plain_ram()?.as_slice::<u8>()?.to_vec()),
        DatumType::I32 => Data::I32(tensor.try_as_plain_ram()?.as_slice::<i32>()?.to_vec()),
        DatumType::Bool => Data::Bool(tensor.try_as_plain_ram()?.as_slice::<bool>()?.to_vec()),
        DatumType::F64 => Data::F32(
            tensor
                .cast_to::<f32>()?
                .try_as_plain_ram()?
                .as_slice::<f32>()?
                .to_vec(),
        ),
        _ => Data::I64(
            tensor
                .cast_to::<i64>()?
                .try_as_plain_ram()?
                .as_slice::<i64>()?
                .to_vec(),
        ),
    };
    Ok(Constant { shape, data })
}
