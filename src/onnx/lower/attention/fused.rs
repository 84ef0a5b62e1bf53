//! ONNX Runtime's `Attention`, `QAttention` and `MultiHeadAttention` (`com.microsoft`).

use super::{Heads, SOFTMAX};
use crate::CompileError;
use crate::budget::affordable;
use crate::graph::{Lowering, scalar};
use crate::lower::quantize::zero_point;
use crate::lower::quantized::scaled_product;
use crate::lower::steps::{Steps, truths};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op};

/// What is added to the score of a masked key, unless the node says otherwise.
const FILTER: f32 = -10_000.0;

/// `Attention`: x, weights, bias, mask, past, added scores.
pub(in crate::lower) fn attention(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    if node.flag("do_rotary", false)? || node.optional(6).is_some() {
        return Err(node.unsupported("neither rotary embedding nor a shared buffer is known in it; save the model before ONNX Runtime's optimizer"));
    }
    let (x, weights) = (node.operand(0)?, node.operand(1)?);
    let mut joined = steps.matmul(x, weights)?;
    if let Some(bias) = node.optional(2) {
        joined = steps.add(&joined, bias)?;
    }
    from_joined(&mut steps, &joined, [3, 4, 5])
}

/// `QAttention`: x, weights, bias, both scales, mask, both zero points, past.
pub(in crate::lower) fn quantized(node: &Node, lowering: &mut Lowering) -> Lowered {
    if node.flag("do_rotary", false)? {
        return Err(node.unsupported(
            "rotary embedding is not known in it; save the model before ONNX Runtime's optimizer",
        ));
    }
    let operand = |index: usize| node.operand(index).cloned();
    let (x, weights, x_scale, scale) = (operand(0)?, operand(1)?, operand(3)?, operand(4)?);
    let x_zero = zero_point(node, lowering, 6, 0)?;
    let zero = zero_point(node, lowering, 7, 1)?;
    let operands = [&x, &weights, &x_zero, &zero];
    let joined = scaled_product(
        node,
        lowering,
        operands,
        [&x_scale, &scale],
        node.optional(2),
    )?;
    from_joined(&mut Steps::new(node, lowering), &joined, [5, 8, usize::MAX])
}

/// Attention over `joined [n, length, q + k + v]`; mask, past and added scores are the operands of these indices.
fn from_joined(steps: &mut Steps, joined: &Value, [mask, past, added]: [usize; 3]) -> Lowered {
    let node = steps.node;
    let heads = head_count(node)?;
    let all = steps.shape(joined).last().copied().unwrap_or(0);
    let sizes = match node.extents("qkv_hidden_sizes")?.as_deref() {
        Some(&[q, k, v]) => [q, k, v],
        Some(_) => return Err(node.bad("qkv_hidden_sizes are three")),
        None => [all / 3; 3],
    };
    if sizes
        .iter()
        .try_fold(0_usize, |sum, &size| sum.checked_add(size))
        != Some(all)
    {
        return Err(node.bad(format!("{sizes:?} don't add up to {all} columns")));
    }
    let mut parts = Vec::with_capacity(3);
    let mut start = 0;
    for size in sizes {
        let part = steps.slice(joined, 2, start, size, 1)?;
        parts.push(split(steps, &part, heads)?);
        start += size;
    }
    let mut past_length = 0;
    if let Some(past) = node.optional(past) {
        past_length = steps.shape(past).get(3).copied().unwrap_or(0);
        for (at, part) in [(0, 1), (1, 2)] {
            let before = steps.slice(past, 0, at, 1, 1)?;
            let shape = steps.shape(&before);
            let before = steps.reshape(&before, &shape[1..])?;
            parts[part] = steps.concat(&[&before, &parts[part]], 2)?;
        }
    }
    let (k, v) = (parts[1].clone(), parts[2].clone());
    let heads = Heads::of(steps, parts[0].clone(), k.clone(), v.clone())?;
    let y = attended(
        steps,
        &heads,
        past_length,
        node.optional(mask),
        node.optional(added),
    )?;
    if node.proto.output.len() < 2 {
        return Ok(vec![y]);
    }
    let (k, v) = (steps.unsqueeze(&k, &[0])?, steps.unsqueeze(&v, &[0])?);
    Ok(vec![y, steps.concat(&[&k, &v], 0)?])
}

/// `MultiHeadAttention`: q, k, v, bias, mask, added scores, past k and v.
pub(in crate::lower) fn multi_head(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let heads = head_count(node)?;
    let mut parts = Vec::with_capacity(3);
    let mut start = 0;
    for index in 0..3 {
        let mut part = node.operand(index)?.clone();
        let shape = steps.shape(&part);
        if shape.len() == 3 {
            if let Some(bias) = node.optional(3) {
                let bias = steps.slice(bias, 0, start, shape[2], 1)?;
                part = steps.add(&part, &bias)?;
            }
            start += shape[2];
            part = split(&mut steps, &part, heads)?;
        } else if shape.len() != 4 || index == 0 {
            return Err(node.unsupported(
                "queries, keys and values packed in one tensor are not known; pass three",
            ));
        }
        parts.push(part);
    }
    let mut past_length = 0;
    for (part, past) in [(1, 6), (2, 7)] {
        if let Some(past) = node.optional(past) {
            past_length = steps.shape(past).get(2).copied().unwrap_or(0);
            parts[part] = steps.concat(&[past, &parts[part]], 2)?;
        }
    }
    let (k, v) = (parts[1].clone(), parts[2].clone());
    let heads = Heads::of(&steps, parts[0].clone(), k.clone(), v.clone())?;
    let (mask, added) = (node.optional(4), node.optional(5));
    let y = attended(&mut steps, &heads, past_length, mask, added)?;
    Ok(vec![y, k, v])
}

fn head_count(node: &Node) -> Result<usize, CompileError> {
    match node.extent(node.int("num_heads")?.unwrap_or(0))? {
        0 => Err(node.bad("num_heads is missing")),
        heads => Ok(heads),
    }
}

/// `[n, length, heads · width]` as `[n, heads, length, width]`.
fn split(steps: &mut Steps, x: &Value, heads: usize) -> Result<Value, CompileError> {
    let shape = steps.shape(x);
    let [n, length, all] = shape[..] else {
        return Err(steps.node.bad(format!("an operand has shape {shape:?}")));
    };
    if !all.is_multiple_of(heads) {
        return Err(steps
            .node
            .bad(format!("{all} columns don't split into {heads} heads")));
    }
    let split = steps.reshape(x, &[n, length, heads, all / heads])?;
    steps.transpose(&split, &[0, 2, 1, 3])
}

/// The heads' results `[n, length, heads · width]`.
fn attended(
    steps: &mut Steps,
    heads: &Heads,
    past: usize,
    mask: Option<&Value>,
    added: Option<&Value>,
) -> Result<Value, CompileError> {
    let node = steps.node;
    let [n, _, queries, keys] = heads.shape();
    let mut scores = heads.scores(steps)?;
    if let Some(added) = added {
        scores = steps.add(&scores, added)?;
    }
    if let Some(mask) = mask {
        let seen = seen(steps, mask, n, keys)?;
        let filter = scalar(node.float("mask_filter_value", FILTER)?);
        let filter = steps.select(&seen, &scalar(0.0), &filter)?;
        scores = steps.add(&scores, &filter)?;
    }
    if node.flag("unidirectional", false)? {
        let count = affordable(&[queries, keys], 1);
        let count = count.ok_or_else(|| node.bad("the mask is too large"))?;
        let is_seen = |index: usize| index % keys <= index / keys + past;
        let seen = truths(&[queries, keys], (0..count).map(is_seen).collect());
        scores = steps.select(&seen, &scores, &scalar(f32::NEG_INFINITY))?;
    }
    let probabilities = steps.op(SOFTMAX, &[&scores])?;
    let y = heads.gathered(steps, &probabilities)?;
    let y = steps.transpose(&y, &[0, 2, 1, 3])?;
    let width: usize = steps.shape(&y)[2..].iter().product();
    steps.reshape(&y, &[n, queries, width])
}

/// Which keys count, to broadcast over scores: a mask of keys, of queries and keys, or the number of keys a sample.
fn seen(steps: &mut Steps, mask: &Value, n: usize, keys: usize) -> Result<Value, CompileError> {
    match steps.shape(mask)[..] {
        [samples] if samples == n => {
            let numbers = steps.numbers(0..keys as i64)?;
            let lengths = steps.cast(mask, DType::I32)?;
            let lengths = steps.reshape(&lengths, &[n, 1, 1, 1])?;
            steps.binary(Binary::Less, &numbers, &lengths)
        }
        [_, width] if width == keys => {
            let seen = steps.op(Op::IsNonZero, &[mask])?;
            steps.unsqueeze(&seen, &[1, 2])
        }
        [_, _, width] if width == keys => {
            let seen = steps.op(Op::IsNonZero, &[mask])?;
            steps.unsqueeze(&seen, &[1])
        }
        ref shape => Err(steps.node.unsupported(format!(
            "a mask of shape {shape:?} is not known; use one of samples and keys"
        ))),
    }
}
