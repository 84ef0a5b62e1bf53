//! How much memory a folded node takes: a few bytes of a file can ask for any amount.

use super::Operands;
use crate::node::Node;

/// An upper bound of the bytes that the results of `node` have; `None` when it can't be told.
pub(super) fn bytes(operands: &Operands, node: &Node) -> Option<u128> {
    let operator = node.proto.op_type.as_str();
    let widest = operands
        .present()
        .map(|operand| operand.data.element_bytes())
        .max();
    let element_bytes = match operator {
        "ArgMax" | "ArgMin" | "Cast" | "CastLike" | "NonZero" | "TopK" => 8,
        _ => widest.unwrap_or(8),
    };
    elements(operator, operands, node)?.checked_mul(element_bytes as u128)
}

fn elements(operator: &str, operands: &Operands, node: &Node) -> Option<u128> {
    let first = operands.shape(0)?;
    match operator {
        "Expand" => product(&aligned(&[first, &extents(operands.ints(1)?)?])),
        "Tile" => product(&extents(operands.ints(1)?)?)?.checked_mul(product(first)?),
        "OneHot" => product(first)?.checked_mul(operands.number(1)?.max(0.0) as u128),
        "TopK" => product(first)?.checked_mul(2 * operands.number(1)?.max(0.0) as u128),
        "NonZero" => product(first)?.checked_mul(first.len().max(1) as u128),
        "Range" => {
            let [start, limit, delta] = [0, 1, 2].map(|index| operands.number(index));
            let count = ((limit? - start?) / delta?).ceil();
            (count.is_finite() && count < f64::from(u32::MAX)).then_some(count.max(0.0) as u128)
        }
        "Pad" => {
            let pads = operands.ints_or(node, "pads", 1)??;
            let border = pads
                .iter()
                .try_fold(0_u64, |sum, pad| sum.checked_add(pad.unsigned_abs()))?;
            first.iter().try_fold(1_u128, |product, &extent| {
                product.checked_mul(extent as u128 + u128::from(border))
            })
        }
        "Gather" => {
            let axis = node
                .axis(node.int("axis").ok()?.unwrap_or(0), first.len())
                .ok()?;
            let around = product(&first[..axis])?.checked_mul(product(&first[axis + 1..])?)?;
            around.checked_mul(product(operands.shape(1)?)?)
        }
        "GatherND" => product(first)?.checked_mul(product(operands.shape(1)?)?),
        "MatMul" => {
            let (a, b) = (first, operands.shape(1)?);
            let [rows, columns] = [a.iter().rev().nth(1), b.last().filter(|_| b.len() > 1)];
            let batch = aligned(&[a, b].map(|shape| &shape[..shape.len().saturating_sub(2)]));
            let matrix = [rows, columns].map(|extent| extent.copied().unwrap_or(1).max(1));
            product(&batch)?.checked_mul(product(&matrix)?)
        }
        // Every other one moves, reduces, joins or broadcasts.
        _ => {
            let shapes: Vec<&[usize]> = operands
                .present()
                .map(|operand| &operand.shape[..])
                .collect();
            let joined = operands.present().try_fold(0_u128, |sum, operand| {
                sum.checked_add(operand.len() as u128)
            })?;
            Some(product(&aligned(&shapes))?.max(joined))
        }
    }
}

/// The shape that all `shapes` broadcast to, aligned at their ends, whether or not they fit.
fn aligned(shapes: &[&[usize]]) -> Vec<usize> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let extent = |from_end: usize| {
        let extents = shapes
            .iter()
            .filter_map(|shape| shape.iter().rev().nth(from_end));
        extents.copied().max().unwrap_or(1)
    };
    (0..rank).map(extent).collect()
}

/// Product of the extents, an empty axis counted as one element.
fn product(extents: &[usize]) -> Option<u128> {
    extents.iter().try_fold(1_u128, |product, &extent| {
        product.checked_mul(extent.max(1) as u128)
    })
}

fn extents(values: Vec<i64>) -> Option<Vec<usize>> {
    values
        .into_iter()
        .map(|value| usize::try_from(value).ok())
        .collect()
}
