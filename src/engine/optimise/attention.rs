//! Attention that exporters write out: heads are split off and turned, scored, masked, weighed and put back.
//!
//! Scales may stand before, between and behind the steps that turn, which come in many orders; what counts is how the
//! operands of both products lie in what they are made of (`view.rs`). Sums and products of floats are taken in
//! another order than the graph's.

mod scores;
mod view;

use super::{Target, fuse::Melted};
use crate::plan::Node;
use crate::{Binary, Op, ValueId};
use scores::{Scores, probabilities};
use view::View;

/// Most steps between a projection and a product.
const MAX_STEPS: usize = 8;

/// `Reshape` of heads that are put back side by side.
pub(super) fn joined(target: &mut Target, node: &Node, x: ValueId) -> Melted {
    let Some(found) = found(target, node, x) else {
        return Ok(None);
    };
    let Found {
        operands: [q, k, v],
        op,
        scores,
    } = found;
    let mut inputs = vec![q, k, v];
    inputs.extend(scores.mask(target, node)?);
    if !target.takes(&op, &inputs) {
        return Ok(None);
    }
    let y = target.push_one(&node.name, op, &inputs)?;
    if target.is_type_of(y, &node.op, &[x]) {
        return Ok(Some(y));
    }
    target.read_by(y, 1);
    target.push_one(&node.name, node.op.clone(), &[y]).map(Some)
}

struct Found {
    operands: [ValueId; 3],
    op: Op,
    scores: Scores,
}

fn found(target: &Target, node: &Node, x: ValueId) -> Option<Found> {
    let (p, v, product, steps) = gathered(target, node, x)?;
    let (scores, zero) = probabilities(target, p)?;
    let (q, k) = (scores.q, scores.k);
    let [.., t, s] = target.ty(p).shape[..] else {
        return None;
    };
    let (d, e) = (*target.ty(q).shape.last()?, *target.ty(v).shape.last()?);
    let q = split(target, q, [t, d], Side::Query)?;
    let k = split(target, k, [s, d], Side::Key)?;
    let v = split(target, v, [s, e], Side::Value)?;
    let [n, heads] = q.batch;
    let is_one = k.batch == q.batch && v.batch == q.batch;
    let back = View::of(&target.ty(product).shape)?.after(steps.iter())?;
    if !is_one || !back.lies_as(&[(n, heads * t * e), (t, e), (heads, t * e), (e, 1)]) {
        return None;
    }
    let scale = scores.scale * q.scale * k.scale;
    let is_plain = scale.is_finite() && scores.fits(target, [n, heads, t, s]);
    is_plain.then_some(Found {
        operands: [q.base, k.base, v.base],
        op: Op::Attention {
            heads,
            scale,
            zero,
            masking: scores.masking(),
        },
        scores,
    })
}

/// Both operands of the product of probabilities and values, the product, and the steps from there to `node`'s result.
fn gathered(
    target: &Target,
    node: &Node,
    x: ValueId,
) -> Option<(ValueId, ValueId, ValueId, Vec<Op>)> {
    let mut steps = vec![node.op.clone()];
    let mut at = x;
    for _ in 0..MAX_STEPS {
        match target.only_maker(at)? {
            (op @ (Op::Reshape { .. } | Op::Transpose { .. }), of) => {
                steps.push(op.clone());
                at = *of.first()?;
            }
            (Op::MatMul, of) => {
                let is_turned = steps.iter().any(|op| matches!(op, Op::Transpose { .. }));
                steps.reverse();
                return match of[..] {
                    [p, v] if is_turned => Some((p, v, at, steps)),
                    _ => None,
                };
            }
            _ => return None,
        }
    }
    None
}

/// Which of attention's operands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Query,
    /// Its rows are the product's columns.
    Key,
    /// Its scale is none of the scores'.
    Value,
}

/// Rows of heads, and where they come from.
struct Split {
    /// `[n, rows, heads · width]`, or `[n, heads, rows, width]`.
    base: ValueId,
    /// Samples and heads.
    batch: [usize; 2],
    scale: f32,
}

/// What a product's operand `[.., rows, width]`, or `[.., width, rows]` of keys, is made of.
fn split(
    target: &Target,
    operand: ValueId,
    [rows, width]: [usize; 2],
    side: Side,
) -> Option<Split> {
    // With elements, and so few that they can be counted, no part of a shape overflows either.
    View::of(&target.ty(operand).shape)?;
    let count: usize = target.ty(operand).shape.iter().rev().skip(2).product();
    let mut steps: Vec<Op> = Vec::new();
    let (mut at, mut scale, mut best) = (operand, 1.0, None);
    for _ in 0..MAX_STEPS {
        let shape = &target.ty(at).shape;
        let lies_as = |runs: [(usize, usize); 4]| {
            let [n, heads, rows, width] = runs;
            let view = View::of(shape).and_then(|view| view.after(steps.iter().rev()));
            view.is_some_and(|view| {
                view.lies_as(&match side {
                    Side::Key => [n, heads, width, rows],
                    _ => [n, heads, rows, width],
                })
            })
        };
        let has_turned = steps.iter().any(|op| matches!(op, Op::Transpose { .. }));
        match shape[..] {
            [n, own_rows, columns] if own_rows == rows && width > 0 => {
                let heads = columns / width;
                let runs = [
                    (n, rows * columns),
                    (heads, width),
                    (rows, columns),
                    (width, 1),
                ];
                let is_whole = heads * width == columns && n * heads == count;
                // Samples and heads in one axis look like samples of one head.
                if is_whole && (has_turned || heads == 1) && lies_as(runs) {
                    let batch = [n, heads];
                    let base = at;
                    let split = Split { base, batch, scale };
                    if heads > 1 {
                        return Some(split.unscaled(target, side));
                    }
                    best = Some(split);
                }
            }
            [n, heads, own_rows, own_width]
                if [own_rows, own_width] == [rows, width] && n * heads == count =>
            {
                let runs = [
                    (n, heads * rows * width),
                    (heads, rows * width),
                    (rows, width),
                    (width, 1),
                ];
                if lies_as(runs) {
                    let batch = [n, heads];
                    let base = at;
                    best = Some(Split { base, batch, scale });
                }
            }
            _ => {}
        }
        let Some((op, of)) = target.only_maker(at) else {
            return best;
        };
        match op {
            Op::Reshape { .. } | Op::Transpose { .. } => {
                steps.push(op.clone());
                at = *of.first()?;
            }
            _ => match scaled(target, at) {
                Some((x, factor)) if side != Side::Value => (at, scale) = (x, scale * factor),
                _ => return best,
            },
        }
    }
    best
}

impl Split {
    /// Takes scales of the base, too.
    fn unscaled(mut self, target: &Target, side: Side) -> Self {
        for _ in 0..MAX_STEPS {
            match scaled(target, self.base) {
                Some((x, factor)) if side != Side::Value => {
                    (self.base, self.scale) = (x, self.scale * factor);
                }
                _ => break,
            }
        }
        self
    }
}

/// What a value that nothing else reads is a multiple of, and which: a product with a scalar, or a quotient by one.
fn scaled(target: &Target, id: ValueId) -> Option<(ValueId, f32)> {
    let (op, of) = target.only_maker(id)?;
    let &[a, b] = &of[..] else { return None };
    let (x, factor) = match op {
        Op::Binary(Binary::Div) => (a, 1.0 / target.float(b)?),
        Op::Binary(Binary::Mul) => match target.float(b) {
            Some(factor) => (a, factor),
            None => (b, target.float(a)?),
        },
        _ => return None,
    };
    (target.ty(x) == target.ty(id)).then_some((x, factor))
}
