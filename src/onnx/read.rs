//! From bytes to protobuf messages and constants. Nothing here trusts the file.

use crate::CompileError;
use crate::constant::{Constant, Data};
use nearshelf_engine::DType;
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

/// Element type in a plan of an ONNX element type.
pub(crate) fn dtype(name: &str, elem_type: i32) -> Result<DType, CompileError> {
    let found = DataType::try_from(elem_type);
    match found {
        Ok(DataType::Float | DataType::Double | DataType::Float16) => Ok(DType::F32),
        Ok(DataType::Int64 | DataType::Int32) => Ok(DType::I32),
        Ok(DataType::Int8) => Ok(DType::I8),
        Ok(DataType::Uint8 | DataType::Bool) => Ok(DType::U8),
        Ok(other) => Err(unsupported(name, other.as_str_name())),
        Err(_) => Err(unsupported(name, &format!("number {elem_type}"))),
    }
}

fn unsupported(name: &str, found: &str) -> CompileError {
    CompileError::UnsupportedType {
        name: name.to_owned(),
        found: found.to_lowercase(),
    }
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
    let kind = DataType::try_from(proto.data_type)
        .map_err(|_| unsupported(name, &format!("number {}", proto.data_type)))?;
    let size_bytes = match kind {
        DataType::Bool | DataType::Uint8 | DataType::Int8 => 1_u128,
        DataType::Uint16 | DataType::Int16 | DataType::Float16 => 2,
        DataType::Uint32 | DataType::Int32 | DataType::Float => 4,
        DataType::Uint64 | DataType::Int64 | DataType::Double => 8,
        other => return Err(unsupported(name, other.as_str_name())),
    };
    let product = |count: u128, &extent: &i64| count.checked_mul(u128::try_from(extent).ok()?);
    let count = proto.dims.iter().try_fold(1_u128, product);
    let count = count.ok_or_else(|| bad(format!("shape {:?} makes no sense", proto.dims)))?;
    // tract's decoder checks this too; here the tensor is named.
    if !proto.raw_data.is_empty()
        && proto.raw_data.len() as u128 != count.saturating_mul(size_bytes)
    {
        return Err(bad(format!(
            "shape {:?} does not fit {} bytes",
            proto.dims,
            proto.raw_data.len()
        )));
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
    let shape = proto.dims.iter().map(|&extent| usize::try_from(extent));
    let shape: Vec<usize> = shape
        .collect::<Result<_, _>>()
        .map_err(|error| bad(error.to_string()))?;
    if let Some(data) = listed(kind, proto) {
        return Ok(Constant { shape, data });
    }
    let tensor = tract_onnx::tensor::load_tensor(&MmapDataResolver, proto, None);
    tensor
        .and_then(|tensor| from_tract(&tensor))
        .map_err(|error| bad(error.root_cause().to_string()))
}

/// Unsigned lists that the decoder reads as signed ones.
fn listed(kind: DataType, proto: &TensorProto) -> Option<Data> {
    let wide = |values: &[u64]| {
        Data::I64(
            values
                .iter()
                .map(|&v| i64::try_from(v).unwrap_or(i64::MAX))
                .collect(),
        )
    };
    let unsigned = matches!(kind, DataType::Uint32 | DataType::Uint64);
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
