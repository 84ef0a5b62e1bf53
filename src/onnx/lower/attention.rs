//! `Attention` of opset 23 and newer, and `FlexAttention`: softmax(q·kᵀ·scale + mask)·v over heads.

pub(super) mod fused;
mod mask;

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use mask::Mask;
use nearshelf_engine::{Binary, Op, Reduction, Unary};

/// Queries, keys and values as `[batch, heads, length, width]`, several query heads to one of the others'.
struct Heads {
    q: Value,
    k: Value,
    v: Value,
    /// Batch, heads of the queries and of keys and values, queries, keys.
    extents: [usize; 5],
}

impl Heads {
    fn of(steps: &Steps, q: Value, k: Value, v: Value) -> Result<Self, CompileError> {
        let shapes = [&q, &k, &v].map(|value| steps.shape(value));
        let ([n, q_heads, queries, _], [_, heads, keys, _], [_, v_heads, v_keys, _]) =
            (&shapes[0][..], &shapes[1][..], &shapes[2][..])
        else {
            return Err(steps.node.bad(format!("operands have shapes {shapes:?}")));
        };
        if heads != v_heads || keys != v_keys || *heads == 0 || !q_heads.is_multiple_of(*heads) {
            return Err(steps.node.bad(format!("operands have shapes {shapes:?}")));
        }
        let extents = [*n, *q_heads, *heads, *queries, *keys];
        Ok(Self { q, k, v, extents })
    }

    fn shape(&self) -> [usize; 4] {
        let [n, q_heads, _, queries, keys] = self.extents;
        [n, q_heads, queries, keys]
    }

    /// q·kᵀ·scale `[batch, query heads, queries, keys]`.
    fn scores(&self, steps: &mut Steps) -> Result<Value, CompileError> {
        let [n, q_heads, heads, queries, _] = self.extents;
        let width = steps.shape(&self.q)[3];
        let scale = match steps.node.float("scale", 0.0)? {
            0.0 => 1.0 / (width as f32).sqrt(),
            scale => scale,
        };
        // The query heads that share keys are rows of one product.
        let rows = [n, heads, (q_heads / heads).saturating_mul(queries), width];
        let q = steps.reshape(&self.q, &rows)?;
        let q = steps.mul(&q, &scalar(scale))?;
        let keys = steps.swap(&self.k)?;
        let scores = steps.matmul(&q, &keys)?;
        steps.reshape(&scores, &self.shape())
    }

    /// probabilities·v `[batch, query heads, queries, width]`.
    fn gathered(&self, steps: &mut Steps, probabilities: &Value) -> Result<Value, CompileError> {
        let [n, q_heads, heads, queries, keys] = self.extents;
        let rows = [n, heads, (q_heads / heads).saturating_mul(queries), keys];
        let probabilities = steps.reshape(probabilities, &rows)?;
        let y = steps.matmul(&probabilities, &self.v)?;
        let width = steps.shape(&y)[3];
        steps.reshape(&y, &[n, q_heads, queries, width])
    }
}

/// `Attention`.
pub(super) fn attention(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let is_packed = steps.shape(node.operand(0)?).len() == 3;
    let q = split_heads(&mut steps, 0, "q_num_heads")?;
    let mut k = split_heads(&mut steps, 1, "kv_num_heads")?;
    let mut v = split_heads(&mut steps, 2, "kv_num_heads")?;
    let mut past = 0;
    if let (Some(past_k), Some(past_v)) = (node.optional(4), node.optional(5)) {
        past = steps.shape(past_k).get(2).copied().unwrap_or(0);
        k = steps.concat(&[past_k, &k], 2)?;
        v = steps.concat(&[past_v, &v], 2)?;
    }
    let heads = Heads::of(&steps, q, k.clone(), v.clone())?;
    let mut stages = vec![heads.scores(&mut steps)?];
    let softcap = node.float("softcap", 0.0)?;
    let mut scores = stages[0].clone();
    if softcap != 0.0 {
        let scaled = steps.div(&scores, &scalar(softcap))?;
        let bent = steps.unary(Unary::Tanh, &scaled)?;
        scores = steps.mul(&bent, &scalar(softcap))?;
    }
    stages.push(scores.clone());
    let mask = Mask::of(&mut steps, heads.shape(), past)?;
    let masked = mask.apply(&mut steps, &scores)?;
    stages.push(masked.clone());
    let mut probabilities = steps.op(SOFTMAX, &[&masked])?;
    if mask.may_hide_all {
        // A query that attends to nothing gives zeros.
        let most = steps.reduce(Reduction::Max, &masked, &[3], true)?;
        let is_hidden = steps.binary(Binary::Equal, &most, &scalar(f32::NEG_INFINITY))?;
        probabilities = steps.select(&is_hidden, &scalar(0.0), &probabilities)?;
    }
    stages.push(probabilities.clone());
    let mut y = heads.gathered(&mut steps, &probabilities)?;
    if is_packed {
        y = steps.transpose(&y, &[0, 2, 1, 3])?;
        let [n, length, count, width] = steps.shape(&y)[..] else {
            return Err(node.bad("gives no heads"));
        };
        y = steps.reshape(&y, &[n, length, count * width])?;
    }
    let mode = node.extent(node.int("qk_matmul_output_mode")?.unwrap_or(0))?;
    let stage = stages.get(mode).cloned();
    let stage = stage.ok_or_else(|| node.bad(format!("output mode {mode} is unknown")))?;
    Ok(vec![y, k, v, stage])
}

const SOFTMAX: Op = Op::Softmax {
    axis: 3,
    log: false,
};

/// Operand `index` with an axis of heads second: `[batch, length, heads · width]` is split and turned.
fn split_heads(steps: &mut Steps, index: usize, heads: &str) -> Result<Value, CompileError> {
    let node = steps.node;
    let x = node.operand(index)?;
    let [n, length, all] = steps.shape(x)[..] else {
        return Ok(x.clone());
    };
    let heads = node.extent(node.int(heads)?.unwrap_or(0))?;
    if heads == 0 || !all.is_multiple_of(heads) {
        return Err(node.bad(format!("{all} columns don't split into {heads} heads")));
    }
    let split = steps.reshape(x, &[n, length, heads, all / heads])?;
    steps.transpose(&split, &[0, 2, 1, 3])
}

/// `FlexAttention`: what bends the scores and the probabilities are graphs of their own.
pub(super) fn flexible<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    let operand = |index: usize| node.operand(index).cloned();
    let (q, k, v) = (operand(0)?, operand(1)?, operand(2)?);
    let mut steps = Steps::new(node, lowering);
    let heads = Heads::of(&steps, q, k, v)?;
    let scores = heads.scores(&mut steps)?;
    let scores = bent(node, lowering, "score_mod", scores)?;
    let probabilities = lowering.push(node, SOFTMAX, &[&scores])?;
    let probabilities = bent(node, lowering, "prob_mod", probabilities)?;
    let y = heads.gathered(&mut Steps::new(node, lowering), &probabilities)?;
    Ok(vec![y])
}

/// `x`, as the graph in attribute `name` changes it, where there is one.
fn bent<'a>(
    node: &Node<'a>,
    lowering: &mut Lowering<'a>,
    name: &str,
    x: Value,
) -> Result<Value, CompileError> {
    let Some(body) = node.graph(name)? else {
        return Ok(x);
    };
    let shape = lowering.shape(&x);
    let results = lowering.inline(node, body, &[(x, node.kind(0))])?;
    match &results[..] {
        [y] if lowering.shape(y) == shape => Ok(y.clone()),
        _ => Err(node.bad(format!("{name} must give one tensor of shape {shape:?}"))),
    }
}
