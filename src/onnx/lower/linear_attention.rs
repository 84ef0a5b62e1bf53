//! `LinearAttention`: a matrix of state a head, changed by each key and value and read by each query.

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Unary};

/// Most steps that are written out.
const MAX_STEPS: usize = 1 << 12;

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let rule = node
        .text("update_rule")?
        .unwrap_or_else(|| "gated_delta".to_owned());
    let (decays, corrects) = match &*rule {
        "linear" => (false, false),
        "gated" => (true, false),
        "delta" => (false, true),
        "gated_delta" => (true, true),
        other => return Err(node.bad(format!("update rule {other:?} is unknown"))),
    };
    let count = |name: &str| -> Result<usize, CompileError> {
        let heads = node.extent(node.int(name)?.unwrap_or(0))?;
        if heads == 0 {
            Err(node.bad(format!("{name} is missing")))
        } else {
            Ok(heads)
        }
    };
    let (q_heads, heads) = (count("q_num_heads")?, count("kv_num_heads")?);
    if q_heads % heads != 0 {
        return Err(node.bad(format!("{q_heads} query heads don't share {heads} heads")));
    }
    let q = by_step(&mut steps, 0, q_heads)?;
    let k = by_step(&mut steps, 1, heads)?;
    let v = by_step(&mut steps, 2, heads)?;
    let ([n, _, length, key], [_, _, _, value]) = (&steps.shape(&k)[..], &steps.shape(&v)[..])
    else {
        return Err(node.bad("operands have no heads"));
    };
    let (n, length, key, value) = (*n, *length, *key, *value);
    if length > MAX_STEPS {
        return Err(node.unsupported(format!(
            "it has more than {MAX_STEPS} steps; bind a shorter sequence"
        )));
    }
    let scale = match node.float("scale", 0.0)? {
        0.0 => 1.0 / (key as f32).sqrt(),
        scale => scale,
    };
    let q = steps.mul(&q, &scalar(scale))?;
    let mut state = match node.optional(3) {
        Some(past) => past.clone(),
        None => steps.zeros(DType::F32, &[n, heads, key, value])?,
    };
    let decay = if decays {
        Some(by_step(&mut steps, 4, heads)?)
    } else {
        None
    };
    let rate = if corrects {
        Some(rates(&mut steps, heads)?)
    } else {
        None
    };
    let mut outputs = Vec::with_capacity(length);
    for step in 0..length {
        let at = |steps: &mut Steps, x: &Value| steps.slice(x, 2, step, 1, 1);
        let key_row = at(&mut steps, &k)?;
        let mut value_row = at(&mut steps, &v)?;
        let query = at(&mut steps, &q)?;
        if let Some(decay) = &decay {
            let row = at(&mut steps, decay)?;
            let kept = steps.unary(Unary::Exp, &row)?;
            let kept = steps.swap(&kept)?;
            state = steps.mul(&state, &kept)?;
        }
        if let Some(rate) = &rate {
            let known = steps.matmul(&key_row, &state)?;
            let missing = steps.sub(&value_row, &known)?;
            let rate = at(&mut steps, rate)?;
            value_row = steps.mul(&missing, &rate)?;
        }
        let column = steps.swap(&key_row)?;
        let change = steps.mul(&column, &value_row)?;
        state = steps.add(&state, &change)?;
        let rows = steps.reshape(&query, &[n, heads, q_heads / heads, key])?;
        let read = steps.matmul(&rows, &state)?;
        outputs.push(steps.reshape(&read, &[n, 1, q_heads * value])?);
    }
    let y = steps.concat(&outputs.iter().collect::<Vec<_>>(), 1)?;
    Ok(vec![y, state])
}

/// Operand `index [n, t, heads · d]` as `[n, heads, t, d]`.
fn by_step(steps: &mut Steps, index: usize, heads: usize) -> Result<Value, CompileError> {
    let node = steps.node;
    let x = node.operand(index)?;
    let shape = steps.shape(x);
    let [n, length, all] = shape[..] else {
        return Err(node.bad(format!("operand {index} has shape {shape:?}")));
    };
    if all % heads != 0 {
        return Err(node.bad(format!("{all} columns don't split into {heads} heads")));
    }
    let split = steps.reshape(x, &[n, length, heads, all / heads])?;
    steps.transpose(&split, &[0, 2, 1, 3])
}

/// How much of what is missing each step learns: one a head, or one for all.
fn rates(steps: &mut Steps, heads: usize) -> Result<Value, CompileError> {
    let shape = steps.shape(steps.node.operand(5)?);
    let own = if shape.last() == Some(&1) { 1 } else { heads };
    by_step(steps, 5, own)
}
