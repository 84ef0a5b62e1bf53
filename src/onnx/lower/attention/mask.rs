//! Which keys a query sees: the mask given, causality, a window, and where padding begins.

use crate::CompileError;
use crate::budget::affordable;
use crate::graph::scalar;
use crate::lower::steps::{Steps, truths, whole};
use crate::node::{Node, Value};
use nearshelf_engine::{Binary, DType, Op, PadMode};

/// What is added to the scores, and which of them count.
pub(super) struct Mask {
    added: Option<Value>,
    seen: Option<Value>,
    /// Whether a query may see no key at all.
    pub(super) may_hide_all: bool,
}

/// Keys that a query sees beyond its own place, as the node's attributes say; `None` for all.
struct Reach {
    before: Option<i64>,
    after: Option<i64>,
}

impl Reach {
    fn of(node: &Node) -> Result<Self, CompileError> {
        let bound = |name: &str| -> Result<Option<i64>, CompileError> {
            Ok(node.int(name)?.filter(|&reach| reach >= 0))
        };
        let after = bound("right_window_size")?;
        Ok(Self {
            before: bound("left_window_size")?,
            after: if node.flag("is_causal", false)? {
                Some(0)
            } else {
                after
            },
        })
    }
}

impl Mask {
    /// For scores of `shape [batch, heads, queries, keys]`, the first `past` keys of which come before the queries.
    pub(super) fn of(
        steps: &mut Steps,
        shape: [usize; 4],
        past: usize,
    ) -> Result<Self, CompileError> {
        let node = steps.node;
        let [_, _, queries, keys] = shape;
        let mut mask = Self {
            added: None,
            seen: None,
            may_hide_all: false,
        };
        if let Some(given) = node.optional(3) {
            mask.give(steps, &given.clone(), keys)?;
        }
        let reach = Reach::of(node)?;
        match node.optional(6) {
            Some(lengths) => mask.pad(steps, &lengths.clone(), &reach, queries, keys)?,
            None => mask.limit(steps, &reach, past, queries, keys)?,
        }
        Ok(mask)
    }

    /// Takes the mask of the third operand; keys beyond its end are not seen.
    fn give(&mut self, steps: &mut Steps, given: &Value, keys: usize) -> Result<(), CompileError> {
        self.may_hide_all = true;
        let is_truth = steps.dtype(given) == DType::U8;
        let shape = steps.shape(given);
        let last = shape.last().copied().unwrap_or(1);
        let given = if last < keys && last != 1 {
            let mut after = vec![0; shape.len()];
            after[shape.len() - 1] = keys - last;
            let border = Op::Pad {
                mode: PadMode::Constant,
                before: vec![0; shape.len()],
                after,
                value: if is_truth { 0.0 } else { f32::NEG_INFINITY },
            };
            steps.op(border, &[given])?
        } else {
            given.clone()
        };
        if is_truth {
            self.seen = Some(given);
        } else {
            self.added = Some(given);
        }
        Ok(())
    }

    /// Narrows what is seen to the reach of queries that stand `past` keys from the first.
    fn limit(
        &mut self,
        steps: &mut Steps,
        reach: &Reach,
        past: usize,
        queries: usize,
        keys: usize,
    ) -> Result<(), CompileError> {
        if reach.before.is_none() && reach.after.is_none() {
            return Ok(());
        }
        let count = affordable(&[queries, keys], 1);
        let count = count.ok_or_else(|| steps.node.bad("the mask is too large"))?;
        let is_seen = |index: usize| {
            let (place, key) = ((index / keys + past) as i64, (index % keys) as i64);
            reach
                .before
                .is_none_or(|before| key >= place.saturating_sub(before))
                && reach
                    .after
                    .is_none_or(|after| key <= place.saturating_add(after))
        };
        let seen: Vec<bool> = (0..count).map(is_seen).collect();
        self.may_hide_all |= seen.chunks(keys.max(1)).any(|row| !row.contains(&true));
        self.both(steps, &truths(&[queries, keys], seen))
    }

    /// Narrows what is seen to the first `lengths [batch]` keys, the queries being the last ones among them.
    fn pad(
        &mut self,
        steps: &mut Steps,
        lengths: &Value,
        reach: &Reach,
        queries: usize,
        keys: usize,
    ) -> Result<(), CompileError> {
        self.may_hide_all = true;
        let lengths = steps.cast(lengths, DType::I32)?;
        let lengths = steps.unsqueeze(&lengths, &[1, 2, 3])?;
        let numbers = steps.numbers(0..keys as i64)?;
        let is_there = steps.binary(Binary::Less, &numbers, &lengths)?;
        self.both(steps, &is_there)?;
        let rows = steps.numbers(-(queries as i64)..0)?;
        let rows = steps.reshape(&rows, &[queries, 1])?;
        let places = steps.add(&rows, &lengths)?;
        let bounds = [
            (reach.before.map(|before| -before), Binary::GreaterOrEqual),
            (reach.after, Binary::LessOrEqual),
        ];
        for (distance, comparison) in bounds {
            let Some(distance) = distance else { continue };
            let bound = steps.add(&places, &whole(distance))?;
            let is_near = steps.binary(comparison, &numbers, &bound)?;
            self.both(steps, &is_near)?;
        }
        Ok(())
    }

    fn both(&mut self, steps: &mut Steps, seen: &Value) -> Result<(), CompileError> {
        self.seen = Some(match &self.seen {
            Some(before) => steps.binary(Binary::And, before, seen)?,
            None => seen.clone(),
        });
        Ok(())
    }

    /// `scores`, −∞ where a key is not seen.
    pub(super) fn apply(&self, steps: &mut Steps, scores: &Value) -> Result<Value, CompileError> {
        let mut masked = scores.clone();
        if let Some(added) = &self.added {
            masked = steps.add(&masked, added)?;
        }
        match &self.seen {
            Some(seen) => steps.select(seen, &masked, &scalar(f32::NEG_INFINITY)),
            None => Ok(masked),
        }
    }
}
