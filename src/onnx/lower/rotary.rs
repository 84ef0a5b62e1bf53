//! `RotaryEmbedding` (Su et al. 2021): pairs of columns turned by an angle that depends on their row.

use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node};

/// Operands x, cosines, sines, places.
pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    rotated(node, lowering, [1, 2, 3])
}

/// ONNX Runtime's `RotaryEmbedding`: x, places, cosines, sines.
pub(super) fn microsoft(node: &Node, lowering: &mut Lowering) -> Lowered {
    let is_plain =
        node.int("is_packed_batching")?.unwrap_or(0) == 0 && node.float("scale", 1.0)? == 1.0;
    if !is_plain || lowering.shape(node.operand(1)?).len() != 2 {
        return Err(node.unsupported(
            "only places [n, length] without scale are known; use ONNX's RotaryEmbedding",
        ));
    }
    rotated(node, lowering, [2, 3, 1])
}

fn rotated(node: &Node, lowering: &mut Lowering, [cos, sin, places]: [usize; 3]) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?.clone();
    let shape = steps.shape(&x);
    // [batch, length, heads, width]
    let x = match shape[..] {
        [n, length, all] => {
            let heads = node.extent(node.int("num_heads")?.unwrap_or(0))?;
            if heads == 0 || !all.is_multiple_of(heads) {
                return Err(node.bad(format!("{all} columns don't split into {heads} heads")));
            }
            steps.reshape(&x, &[n, length, heads, all / heads])?
        }
        [_, _, _, _] => steps.transpose(&x, &[0, 2, 1, 3])?,
        _ => return Err(node.bad(format!("operand has shape {shape:?}"))),
    };
    let split = steps.shape(&x);
    let width = split[3];
    let turned = match node.extent(node.int("rotary_embedding_dim")?.unwrap_or(0))? {
        0 => width,
        turned => turned,
    };
    if turned > width || turned % 2 != 0 {
        return Err(node.bad(format!("{turned} of {width} columns can't be turned")));
    }
    let mut tables = Vec::with_capacity(2);
    for index in [cos, sin] {
        let mut table = node.operand(index)?.clone();
        if let Some(places) = node.optional(places) {
            table = steps.gather(&table, places, 0)?;
        }
        tables.push(steps.unsqueeze(&table, &[2])?);
    }
    let (cos, sin) = (&tables[0], &tables[1]);
    let half = turned / 2;
    let is_interleaved = node.flag("interleaved", false)?;
    let (second, step) = if is_interleaved { (1, 2) } else { (half, 1) };
    let a = steps.slice(&x, 3, 0, half, step)?;
    let b = steps.slice(&x, 3, second, half, step)?;
    let (a_cos, b_sin) = (steps.mul(&a, cos)?, steps.mul(&b, sin)?);
    let real = steps.sub(&a_cos, &b_sin)?;
    let (a_sin, b_cos) = (steps.mul(&a, sin)?, steps.mul(&b, cos)?);
    let imaginary = steps.add(&a_sin, &b_cos)?;
    let mut y = if is_interleaved {
        let real = steps.unsqueeze(&real, &[4])?;
        let imaginary = steps.unsqueeze(&imaginary, &[4])?;
        let pairs = steps.concat(&[&real, &imaginary], 4)?;
        steps.reshape(&pairs, &[split[0], split[1], split[2], turned])?
    } else {
        steps.concat(&[&real, &imaginary], 3)?
    };
    if turned < width {
        let rest = steps.slice(&x, 3, turned, width - turned, 1)?;
        y = steps.concat(&[&y, &rest], 3)?;
    }
    if shape.len() == 4 {
        y = steps.transpose(&y, &[0, 2, 1, 3])?;
    }
    Ok(vec![steps.reshape(&y, &shape)?])
}
