//! `Einsum`: operand after operand joined by a product of matrices.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::Reduction;
use std::collections::BTreeMap;

/// A letter of the equation; those of an ellipsis are counted from its last axis, below all letters.
type Label = u8;

/// A value whose axes have labels, each one once.
struct Term {
    value: Value,
    labels: Vec<Label>,
}

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let equation = node.text("equation")?.unwrap_or_default();
    let equation: String = equation
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let (left, right) = match equation.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (&*equation, None),
    };
    let texts: Vec<&str> = left.split(',').collect();
    if texts.len() != node.inputs.len() {
        return Err(node.bad(format!(
            "equation {equation:?} doesn't name the axes of every operand"
        )));
    }
    let (mut operands, mut hidden) = (Vec::new(), 0);
    for (index, text) in texts.iter().enumerate() {
        let value = node.operand(index)?.clone();
        let rank = steps.shape(&value).len();
        let named = text.bytes().filter(u8::is_ascii_alphabetic).count();
        let covered = rank
            .checked_sub(named)
            .filter(|&more| more == 0 || text.contains("..."));
        let covered =
            covered.ok_or_else(|| node.bad(format!("{text:?} doesn't fit {rank} axes")))?;
        hidden = hidden.max(covered);
        operands.push((value, labels(node, text, covered)?));
    }
    let output = match right {
        Some(right) => labels(node, right, if right.contains("...") { hidden } else { 0 })?,
        None => implied(&operands, hidden),
    };
    let extents = extents(&steps, &operands)?;
    let mut terms = Vec::new();
    for (value, labels) in operands {
        terms.push(Term::of(&mut steps, value, labels, &extents)?);
    }
    let mut rest = terms.into_iter();
    let mut result = rest.next().ok_or_else(|| node.bad("has no operand"))?;
    let rest: Vec<Term> = rest.collect();
    for (index, term) in rest.iter().enumerate() {
        let later = rest[index + 1..].iter().flat_map(|term| &term.labels);
        let kept: Vec<Label> = later.chain(&output).copied().collect();
        result = result.joined(&mut steps, term, &kept)?;
    }
    Ok(vec![result.arranged(&mut steps, &output)?])
}

/// Labels of one operand, an ellipsis standing for `covered` axes.
fn labels(node: &Node, text: &str, covered: usize) -> Result<Vec<Label>, CompileError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        if let Some(after) = rest.strip_prefix("...") {
            found.extend(
                (0..covered.min(usize::from(b'A' - 1)))
                    .rev()
                    .map(|at| at as u8),
            );
            rest = after;
        } else if first.is_ascii_alphabetic() {
            found.push(first);
            rest = &rest[1..];
        } else {
            return Err(node.bad(format!("{text:?} names no axes")));
        }
    }
    Ok(found)
}

/// Without an arrow: the ellipsis, then letters that occur once, in order.
fn implied(operands: &[(Value, Vec<Label>)], hidden: usize) -> Vec<Label> {
    let mut counts: BTreeMap<Label, usize> = BTreeMap::new();
    for label in operands.iter().flat_map(|(_, labels)| labels) {
        *counts.entry(*label).or_default() += 1;
    }
    let ellipsis = (0..hidden).rev().map(|at| at as u8);
    let once = counts
        .iter()
        .filter(|&(label, &count)| label.is_ascii_alphabetic() && count == 1);
    ellipsis.chain(once.map(|(&label, _)| label)).collect()
}

fn extents(
    steps: &Steps,
    operands: &[(Value, Vec<Label>)],
) -> Result<BTreeMap<Label, usize>, CompileError> {
    let mut found: BTreeMap<Label, usize> = BTreeMap::new();
    for (value, labels) in operands {
        for (&label, extent) in labels.iter().zip(steps.shape(value)) {
            let known = found.entry(label).or_insert(extent);
            if *known == 1 {
                *known = extent;
            } else if extent != 1 && extent != *known {
                return Err(steps
                    .node
                    .bad(format!("one axis has extents {known} and {extent}")));
            }
        }
    }
    Ok(found)
}

impl Term {
    /// The diagonal of axes that share a label, every axis as long as its label says.
    fn of(
        steps: &mut Steps,
        mut value: Value,
        mut labels: Vec<Label>,
        extents: &BTreeMap<Label, usize>,
    ) -> Result<Self, CompileError> {
        let wide: Vec<usize> = labels
            .iter()
            .map(|label| extents.get(label).copied().unwrap_or(1))
            .collect();
        value = steps.expand(&value, &wide)?;
        while let Some((first, second)) = twice(&labels) {
            // Both axes last, flattened: every (n + 1)-th element lies on the diagonal.
            let mut order: Vec<usize> = (0..labels.len())
                .filter(|&at| at != first && at != second)
                .collect();
            order.extend([first, second]);
            value = steps.transpose(&value, &order)?;
            let label = labels[first];
            labels = order[..order.len() - 2]
                .iter()
                .map(|&at| labels[at])
                .collect();
            let mut shape = steps.shape(&value);
            let extent = shape.pop().unwrap_or(0);
            let axis = shape.len() - 1;
            shape[axis] = extent.saturating_mul(extent);
            value = steps.reshape(&value, &shape)?;
            value = steps.slice(&value, axis, 0, extent, extent as i64 + 1)?;
            labels.push(label);
        }
        Ok(Self { value, labels })
    }

    /// Sums over labels that nobody wants.
    fn summed(
        self,
        steps: &mut Steps,
        wanted: impl Fn(Label) -> bool,
    ) -> Result<Self, CompileError> {
        let axes: Vec<usize> = (0..self.labels.len())
            .filter(|&at| !wanted(self.labels[at]))
            .collect();
        if axes.is_empty() {
            return Ok(self);
        }
        let value = steps.reduce(Reduction::Sum, &self.value, &axes, false)?;
        let labels = self
            .labels
            .into_iter()
            .filter(|&label| wanted(label))
            .collect();
        Ok(Self { value, labels })
    }

    /// The product with another term: summed over the labels both have and that are not `kept`.
    fn joined(self, steps: &mut Steps, other: &Self, kept: &[Label]) -> Result<Self, CompileError> {
        let other = Self {
            value: other.value.clone(),
            labels: other.labels.clone(),
        };
        let theirs = other.labels.clone();
        let left = self.summed(steps, |label| {
            kept.contains(&label) || theirs.contains(&label)
        })?;
        let own = left.labels.clone();
        let right = other.summed(steps, |label| kept.contains(&label) || own.contains(&label))?;
        let group = |of: &[Label], with: &[Label], shared: bool, wanted: bool| -> Vec<Label> {
            let fits = |label: &&Label| {
                with.contains(label) == shared && (!shared || kept.contains(label) == wanted)
            };
            of.iter().filter(fits).copied().collect()
        };
        let batch = group(&left.labels, &right.labels, true, true);
        let inner = group(&left.labels, &right.labels, true, false);
        let rows = group(&left.labels, &right.labels, false, true);
        let columns = group(&right.labels, &left.labels, false, true);
        let a = left.matrix(steps, [&batch, &rows, &inner])?;
        let b = right.matrix(steps, [&batch, &inner, &columns])?;
        let y = steps.matmul(&a, &b)?;
        let mut shape = left.lengths(steps, &batch);
        shape.extend(left.lengths(steps, &rows));
        shape.extend(right.lengths(steps, &columns));
        let value = steps.reshape(&y, &shape)?;
        Ok(Self {
            value,
            labels: [batch, rows, columns].concat(),
        })
    }

    fn lengths(&self, steps: &Steps, labels: &[Label]) -> Vec<usize> {
        let shape = steps.shape(&self.value);
        let at = |label: &Label| self.labels.iter().position(|own| own == label);
        labels
            .iter()
            .filter_map(|label| shape.get(at(label)?).copied())
            .collect()
    }

    /// The value with its labels in three groups, an axis each.
    fn matrix(&self, steps: &mut Steps, groups: [&[Label]; 3]) -> Result<Value, CompileError> {
        let order: Vec<Label> = groups.concat();
        let turned = self.turned(steps, &order)?;
        let shape = groups.map(|group| {
            let lengths = self.lengths(steps, group);
            lengths.into_iter().fold(1, usize::saturating_mul)
        });
        steps.reshape(&turned, &shape)
    }

    fn turned(&self, steps: &mut Steps, order: &[Label]) -> Result<Value, CompileError> {
        let at = |label: &Label| self.labels.iter().position(|own| own == label);
        let perm: Option<Vec<usize>> = order.iter().map(at).collect();
        let perm = perm.filter(|perm| perm.len() == self.labels.len());
        let perm =
            perm.ok_or_else(|| steps.node.bad("the result has an axis that no operand has"))?;
        steps.transpose(&self.value, &perm)
    }

    /// Axes as the result wants them.
    fn arranged(self, steps: &mut Steps, output: &[Label]) -> Result<Value, CompileError> {
        let term = self.summed(steps, |label| output.contains(&label))?;
        term.turned(steps, output)
    }
}

/// Two axes with one label.
fn twice(labels: &[Label]) -> Option<(usize, usize)> {
    labels.iter().enumerate().find_map(|(second, label)| {
        let first = labels[..second].iter().position(|other| other == label)?;
        Some((first, second))
    })
}
