//! Experimental operators of ONNX's first years, still found in published models.

use crate::constant::Constant;
use crate::graph::{Lowering, scalar};
use crate::lower::conv::along_channels;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, Op};

/// `Affine`: alpha·x + beta.
pub(super) fn affine(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let (alpha, beta) = (
        scalar(node.float("alpha", 1.0)?),
        scalar(node.float("beta", 0.0)?),
    );
    let scaled = lowering.push(node, Op::Binary(Binary::Mul), &[&x, &alpha])?;
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Add),
        &[&scaled, &beta],
    )?])
}

/// `ImageScaler`: scale·x + bias a channel.
pub(super) fn image_scaler(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let scale = scalar(node.float("scale", 1.0)?);
    let bias = node.floats("bias")?.unwrap_or_default().to_vec();
    let y = lowering.push(node, Op::Binary(Binary::Mul), &[&x, &scale])?;
    if bias.is_empty() {
        return Ok(vec![y]);
    }
    let bias = Value::constant(Constant::f32([bias.len()], bias));
    let bias = along_channels(node, lowering, &bias, lowering.shape(&x).len())?;
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Add),
        &[&y, &bias],
    )?])
}

/// `Crop` of `[n, c, h, w]`: `border` is left, top, right, bottom; `scale` an explicit height and width.
pub(super) fn crop(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let border = node
        .extents("border")?
        .ok_or_else(|| node.bad("border is missing"))?;
    let ([n, c, h, w], [left, top, right, bottom]) = (&shape[..], &border[..]) else {
        return Err(node.bad(format!("border {border:?} does not fit {shape:?}")));
    };
    let too_small = || node.bad(format!("border {border:?} leaves nothing of {shape:?}"));
    let (height, width) = match node.extents("scale")?.as_deref() {
        Some([height, width]) => (Some(*height), Some(*width)),
        _ => (
            top.checked_add(*bottom).and_then(|sum| h.checked_sub(sum)),
            left.checked_add(*right).and_then(|sum| w.checked_sub(sum)),
        ),
    };
    let (height, width) = height.zip(width).ok_or_else(too_small)?;
    let op = Op::Slice {
        starts: vec![0, 0, *top, *left],
        steps: vec![1; 4],
        shape: vec![*n, *c, height, width],
    };
    Ok(vec![lowering.push(node, op, &[&x])?])
}
