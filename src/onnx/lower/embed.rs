//! ONNX Runtime's `EmbedLayerNormalization`: sums of embeddings, normalised.

use crate::graph::Lowering;
use crate::lower::norm::{SKIP_EPSILON, normalised};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node};
use nearshelf_engine::{DType, Reduction};

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let ids = node.operand(0)?;
    let [samples, length] = steps.shape(ids)[..] else {
        return Err(node.bad("takes ids [n, length]"));
    };
    let words = steps.gather(node.operand(2)?, ids, 0)?;
    let places = match node.optional(8) {
        Some(places) => places.clone(),
        None => steps.numbers(0..length as i64)?,
    };
    let places = steps.gather(node.operand(3)?, &places, 0)?;
    let mut sum = steps.add(&words, &places)?;
    if let Some(table) = node.optional(4) {
        // Without segments everything is in the first one.
        let segments = match node.optional(1) {
            Some(segments) => steps.gather(table, segments, 0)?,
            None => steps.slice(table, 0, 0, 1, 1)?,
        };
        sum = steps.add(&sum, &segments)?;
    }
    let lengths = match node.optional(7) {
        Some(mask) => {
            let mask = steps.cast(mask, DType::I32)?;
            steps.reduce(Reduction::Sum, &mask, &[1], false)?
        }
        None => steps.zeros(DType::I32, &[samples])?,
    };
    let (scale, bias) = (node.operand(5)?.clone(), node.operand(6)?.clone());
    let epsilon = node.float("epsilon", SKIP_EPSILON)?;
    let y = normalised(node, lowering, &sum, (-1, epsilon), &scale, Some(&bias))?;
    Ok(vec![y, lengths, sum])
}
