//! `TfIdfVectorizer` of whole numbers: each known run of them is looked for everywhere at once.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::lower::slice::Part;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction};

/// Most distances between the numbers of a run: each one is looked for on its own.
const MAX_SKIPS: usize = 1 << 8;

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let x = lowering.cast(node, &x, DType::I32)?;
    let shape = lowering.shape(&x);
    let (batch, length) = match shape[..] {
        [length] => (1, length),
        [batch, length] => (batch, length),
        _ => return Err(node.bad("takes one or two axes")),
    };
    let x = lowering.reshape(node, &x, &[batch, length, 1])?;
    let known = |name: &str| -> Result<usize, CompileError> {
        node.extent(
            node.int(name)?
                .ok_or_else(|| node.bad(format!("{name} is missing")))?,
        )
    };
    let (least, most) = (known("min_gram_length")?, known("max_gram_length")?);
    let skips = known("max_skip_count")?;
    if skips > MAX_SKIPS {
        return Err(node.unsupported(format!(
            "runs with {skips} numbers left out are too many; use a max_skip_count of at most {MAX_SKIPS}"
        )));
    }
    let pool = node.ints("pool_int64s")?;
    let pool =
        pool.ok_or_else(|| node.unsupported("texts are not known; number the words first"))?;
    let begins = node.extents("ngram_counts")?.unwrap_or_default();
    let columns = node.extents("ngram_indexes")?.unwrap_or_default();
    let (mut found, mut numbers, mut first) = (Vec::new(), Vec::new(), 0_usize);
    for (size, &begin) in (1..).zip(&begins) {
        let end = begins.get(size).copied().unwrap_or(pool.len());
        let runs = pool.get(begin..end).filter(|runs| runs.len() % size == 0);
        let runs = runs.ok_or_else(|| node.bad("ngram_counts don't fit its pool"))?;
        let count = runs.len() / size;
        let numbered = columns.get(first..first + count);
        let numbered = numbered.ok_or_else(|| node.bad("ngram_indexes don't fit its pool"))?;
        first += count;
        if (least..=most).contains(&size) && count > 0 {
            numbers.extend_from_slice(numbered);
            let skips = if size == 1 { 0 } else { skips };
            found.push(counts(node, lowering, &x, runs, size, skips)?);
        }
    }
    let width = columns
        .iter()
        .max()
        .map_or(0, |&last| last.saturating_add(1));
    if width > numbers.len().saturating_mul(16).max(1 << 16) {
        return Err(node.bad("ngram_indexes are too far apart"));
    }
    // A last column of nothing stands for all that nothing is counted in.
    let nothing = crate::graph::zeros(DType::F32, &[batch, 1]);
    found.push(nothing.ok_or_else(|| node.bad("is too large"))?);
    let all: Vec<&Value> = found.iter().collect();
    let all = lowering.push(node, Op::Concat { axis: 1 }, &all)?;
    let mut order = vec![numbers.len() as i64; width];
    for (at, &number) in numbers.iter().enumerate() {
        order[number] = at as i64;
    }
    let order = Value::constant(Constant::i64([width], order));
    let y = lowering.push(node, Op::Gather { axis: 1 }, &[&all, &order])?;
    let y = weighted(node, lowering, &y, &columns)?;
    let shape = if shape.len() == 1 {
        vec![width]
    } else {
        vec![batch, width]
    };
    Ok(vec![lowering.reshape(node, &y, &shape)?])
}

/// How often each run of `size` numbers is met, with up to `skips` others between two of them: `[batch, runs]`.
fn counts(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    runs: &[i64],
    size: usize,
    skips: usize,
) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let count = runs.len() / size;
    let blank = crate::graph::zeros(DType::F32, &[shape[0], count]);
    let mut sum = blank.ok_or_else(|| node.bad("is too large"))?;
    for step in 1..=skips + 1 {
        let reach = step.saturating_mul(size - 1);
        let Some(places) = shape[1].checked_sub(reach).filter(|&places| places > 0) else {
            break;
        };
        let mut hit: Option<Value> = None;
        for place in 0..size {
            let mut part = Part::whole(&shape);
            (part.starts[1], part.shape[1]) = (place * step, places);
            let seen = part.take(node, lowering, x)?;
            let sought = runs.iter().skip(place).step_by(size).copied().collect();
            let sought = Value::constant(Constant::i64([1, 1, count], sought));
            let equal = lowering.push(node, Op::Binary(Binary::Equal), &[&seen, &sought])?;
            hit = Some(match hit {
                None => equal,
                Some(hit) => lowering.push(node, Op::Binary(Binary::And), &[&hit, &equal])?,
            });
        }
        let Some(hit) = hit else { break };
        let hit = lowering.cast(node, &hit, DType::F32)?;
        let op = Op::Reduce {
            reduction: Reduction::Sum,
            axes: vec![1],
            keep_dims: false,
        };
        let hits = lowering.push(node, op, &[&hit])?;
        sum = lowering.push(node, Op::Binary(Binary::Add), &[&sum, &hits])?;
    }
    Ok(sum)
}

/// Counts as `mode` weights them.
fn weighted(
    node: &Node,
    lowering: &mut Lowering,
    counts: &Value,
    columns: &[usize],
) -> Result<Value, CompileError> {
    let mut y = counts.clone();
    let mode = node.text("mode")?;
    match mode.as_deref() {
        Some("TF") => return Ok(y),
        Some("IDF") => {
            let one = crate::graph::scalar(1.0);
            y = lowering.push(node, Op::Binary(Binary::Min), &[&y, &one])?;
        }
        Some("TFIDF") => {}
        _ => return Err(node.bad("its mode must be TF, IDF or TFIDF")),
    }
    let Some(weights) = node.floats("weights")? else {
        return Ok(y);
    };
    let width = lowering.shape(counts)[1];
    let mut by_column = vec![1.0; width];
    for (&column, &weight) in columns.iter().zip(weights) {
        by_column[column] = weight;
    }
    let weights = Value::constant(Constant::f32([width], by_column));
    lowering.push(node, Op::Binary(Binary::Mul), &[&y, &weights])
}
