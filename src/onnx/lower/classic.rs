//! Operators of classic machine learning (`ai.onnx.ml`) that are tensor operators by another name.

use crate::graph::{Lowering, scalar};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node};
use nearshelf_engine::{Binary, DType};

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    Ok(vec![match &*node.proto.op_type {
        // Columns of the last axis; a vector is one row of them.
        "ArrayFeatureExtractor" => {
            let shape = steps.shape(x);
            let rank = shape.len();
            let rows = if rank == 1 {
                steps.unsqueeze(x, &[0])?
            } else {
                x.clone()
            };
            let indices = node.operand(1)?;
            let count = steps.lowering.ty(indices).element_count().unwrap_or(0);
            let indices = steps.reshape(indices, &[count])?;
            steps.gather(&rows, &indices, rank.max(2) - 1)?
        }
        "Binarizer" => {
            let own = steps.dtype(x);
            let x = steps.cast(x, DType::F32)?;
            let threshold = scalar(node.float("threshold", 0.0)?);
            let is_above = steps.binary(Binary::Greater, &x, &threshold)?;
            steps.cast(&is_above, own)?
        }
        _ => {
            return Err(node.unsupported(
                "models of classic machine learning are not compiled; run them as code",
            ));
        }
    }])
}
