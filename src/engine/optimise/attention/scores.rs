//! From the probabilities of attention back to queries, keys and what was done to their products.

use super::super::Target;
use super::scaled;
use crate::plan::Node;
use crate::{Binary, Masking, Op, PlanError, Reduction, Unary, ValueId, Values, ZeroShares};

/// Most steps between a product and its softmax.
const MAX_STEPS: usize = 6;

/// What a softmax is taken of.
pub(super) struct Scores {
    /// Operands of the product.
    pub q: ValueId,
    /// Turned already.
    pub k: ValueId,
    /// What the product is multiplied with.
    pub scale: f32,
    masks: Vec<Mask>,
}

/// Something that changes scores of `shape`.
struct Mask {
    kind: Kind,
    shape: Vec<usize>,
}

enum Kind {
    /// Is added.
    Addend(ValueId),
    /// Scores are replaced by `fill` where `condition` is not zero, or where it is.
    Filled {
        condition: ValueId,
        fill: ValueId,
        where_zero: bool,
    },
}

/// What probabilities are taken of, and those of which queries are zero.
pub(super) fn probabilities(target: &Target, id: ValueId) -> Option<(Scores, ZeroShares)> {
    let (op, of) = target.only_maker(id)?;
    match (op, &of[..]) {
        (Op::Reshape { .. }, &[x]) if keeps_rows(target, x, id) => probabilities(target, x),
        (Op::Softmax { .. }, _) => {
            let x = softmax(target, id, 1)?;
            Some((scores(target, x, 1, MAX_STEPS)?, ZeroShares::Never))
        }
        (Op::Select, &[condition, zero, p]) if target.float(zero) == Some(0.0) => {
            if is_nan(target, condition, p) {
                let x = softmax(target, p, 3)?;
                return Some((scores(target, x, 1, MAX_STEPS)?, ZeroShares::NoNumber));
            }
            let x = softmax(target, p, 1)?;
            let guarded = is_hidden(target, condition, x);
            let scores = guarded.then(|| scores(target, x, 2, MAX_STEPS))??;
            Some((scores, ZeroShares::Hidden))
        }
        _ => None,
    }
}

/// What a softmax over the last axis, read so often, is taken of.
fn softmax(target: &Target, id: ValueId, readers: usize) -> Option<ValueId> {
    let rank = target.ty(id).shape.len();
    match maker(target, id, readers)? {
        (&Op::Softmax { axis, log: false }, of) if axis + 1 == rank => of.first().copied(),
        _ => None,
    }
}

/// The maker of a value that is read so often.
fn maker(target: &Target, id: ValueId, readers: usize) -> Option<(&Op, Vec<ValueId>)> {
    let is_read_so = target.known.get(&id)?.readers == readers;
    target.maker(id).filter(|_| is_read_so)
}

/// Whether `condition` is `p ≠ p`.
fn is_nan(target: &Target, condition: ValueId, p: ValueId) -> bool {
    let Some((Op::Unary(Unary::Not), same)) = target.only_maker(condition) else {
        return false;
    };
    matches!(target.only_maker(same[0]), Some((Op::Binary(Binary::Equal), of)) if of == [p, p])
}

/// Whether `condition` is that the largest of `scores` in a row is −∞.
fn is_hidden(target: &Target, condition: ValueId, scores: ValueId) -> bool {
    let Some((Op::Binary(Binary::Equal), sides)) = target.only_maker(condition) else {
        return false;
    };
    let last = target.ty(scores).shape.len().checked_sub(1);
    let is_most = |id: ValueId| {
        matches!(target.only_maker(id),
            Some((Op::Reduce { reduction: Reduction::Max, axes, keep_dims: true }, of))
                if of == [scores] && axes.last().copied() == last && axes.len() == 1)
    };
    is_most(sides[0]) && target.float(sides[1]) == Some(f32::NEG_INFINITY)
}

/// Whether reshaping `x` to `y` leaves the last two axes.
fn keeps_rows(target: &Target, x: ValueId, y: ValueId) -> bool {
    let rows = |id: ValueId| target.ty(id).shape.last_chunk::<2>().copied();
    rows(x).is_some() && rows(x) == rows(y)
}

/// The product behind scores that are read so often.
fn scores(target: &Target, id: ValueId, readers: usize, steps: usize) -> Option<Scores> {
    let before = |x: ValueId| scores(target, x, 1, steps.checked_sub(1)?);
    let shape = || target.ty(id).shape.clone();
    let is_alike = |x: ValueId| target.ty(x) == target.ty(id);
    let (op, of) = maker(target, id, readers)?;
    match (op, &of[..]) {
        (Op::MatMul, &[q, k]) => Some(Scores {
            q,
            k,
            scale: 1.0,
            masks: Vec::new(),
        }),
        (Op::Reshape { .. }, &[x]) if keeps_rows(target, x, id) => before(x),
        (Op::Binary(Binary::Add), &[a, b]) => {
            let sides = [(a, b), (b, a)].into_iter();
            let mut sides = sides.filter(|&(x, _)| is_alike(x));
            sides.find_map(|(x, addend)| {
                let mut scores = before(x)?;
                scores.masks.push(Mask {
                    kind: Kind::Addend(addend),
                    shape: shape(),
                });
                Some(scores)
            })
        }
        (Op::Select, &[condition, a, b]) => {
            let (x, fill, where_zero) = match target.float(a) {
                Some(_) => (b, a, false),
                None => (a, b, true),
            };
            let is_fill = target.float(fill)? <= Masking::HIDDEN && is_alike(x);
            let mut scores = before(x).filter(|_| is_fill)?;
            scores.masks.push(Mask {
                kind: Kind::Filled {
                    condition: narrowest(target, condition),
                    fill,
                    where_zero,
                },
                shape: shape(),
            });
            Some(scores)
        }
        // A guard reads scores as they are masked last.
        (Op::Binary(_), _) if readers == 1 => {
            let (x, factor) = scaled(target, id)?;
            let mut scores = before(x)?;
            scores.scale *= factor;
            // What is masked already would have to be scaled, too.
            scores.masks.is_empty().then_some(scores)
        }
        _ => None,
    }
}

/// What was expanded to give `id`, if it was.
fn narrowest(target: &Target, id: ValueId) -> ValueId {
    match target.maker(id) {
        Some((Op::Expand { .. }, of)) => of.first().copied().unwrap_or(id),
        _ => id,
    }
}

impl Scores {
    /// What the masks do, put together.
    pub(super) fn masking(&self) -> Masking {
        let is_fill = |mask: &Mask| matches!(mask.kind, Kind::Filled { .. });
        match self.masks.iter().any(is_fill) {
            true => Masking::Replaces,
            false => Masking::Added,
        }
    }

    /// Whether the masks can be given to scores of `wanted [n, heads, t, s]`.
    pub(super) fn fits(&self, target: &Target, wanted: [usize; 4]) -> bool {
        let is_alone = self.masks.len() == 1;
        self.masks.iter().all(|mask| {
            let (id, adds_up) = match mask.kind {
                // What is added beside a fill must neither undo it nor be taken for one.
                Kind::Addend(id) => {
                    let is_small = |x: &f32| x.is_finite() && *x > Masking::HIDDEN;
                    let values = target.floats(id);
                    let is_known = values.is_some_and(|values| values.iter().all(is_small));
                    (id, self.masking() == Masking::Added || is_known)
                }
                // Two large numbers would add up to −∞.
                Kind::Filled {
                    condition, fill, ..
                } => (
                    condition,
                    is_alone || target.float(fill) == Some(f32::NEG_INFINITY),
                ),
            };
            let own = &target.ty(id).shape;
            let beyond = own.len().saturating_sub(2);
            let is_flat = own.len() <= wanted.len() && own[..beyond].iter().all(|&n| n == 1);
            adds_up && (mask.shape == wanted || is_flat)
        })
    }

    /// All masks as one.
    pub(super) fn mask(
        &self,
        target: &mut Target,
        node: &Node,
    ) -> Result<Option<ValueId>, PlanError> {
        let mut sum = None;
        for mask in &self.masks {
            let addend = match mask.kind {
                Kind::Addend(id) => id,
                Kind::Filled {
                    condition,
                    fill,
                    where_zero,
                } => {
                    let zero = target.place([], Values::F32(vec![0.0]))?;
                    let [a, b] = match where_zero {
                        true => [zero, fill],
                        false => [fill, zero],
                    };
                    target.push_one(&node.name, Op::Select, &[condition, a, b])?
                }
            };
            sum = Some(match sum {
                None => addend,
                Some(sum) => {
                    let add = Op::Binary(Binary::Add);
                    target.push_one(&node.name, add, &[sum, addend])?
                }
            });
        }
        Ok(sum)
    }
}
