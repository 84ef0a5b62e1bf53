//! Control flow that is known when compiling: a branch is chosen, a loop is written out.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::steps::{Steps, truths, whole};
use crate::node::{Lowered, Node, Value};
use tract_onnx::pb::GraphProto;

/// Most turns of a loop that is written out.
const MAX_TURNS: usize = 1 << 12;

/// The branch of an `If` whose condition is known.
pub(super) fn branch<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    let condition = node
        .known_ints(0)?
        .and_then(|values| values.first().copied());
    let condition = condition.ok_or_else(|| node.bad("its condition is missing"))?;
    let name = if condition == 0 {
        "else_branch"
    } else {
        "then_branch"
    };
    let branch = body(node, name)?;
    lowering.inline(node, branch, &[])
}

/// `Loop` whose number of turns is known, and whose condition stays true.
pub(super) fn repeat<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    let first = |index: usize| -> Result<Option<i64>, CompileError> {
        Ok(node
            .known_ints(index)?
            .and_then(|values| values.first().copied()))
    };
    let body = body(node, "body")?;
    let carried_count = node.inputs.len().saturating_sub(2);
    let limit = first(0)?.unwrap_or(i64::MAX).max(0);
    let mut goes_on = first(1)?.unwrap_or(1) != 0;
    let mut carried: Vec<Value> = (0..carried_count)
        .map(|index| node.operand(index + 2).cloned())
        .collect::<Result<_, _>>()?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut turn = 0;
    while goes_on && turn < limit {
        if turn as usize == MAX_TURNS {
            return Err(too_long(node));
        }
        let mut operands = vec![(whole(turn), None), (truths(&[], vec![true]), None)];
        let kinds = (2..node.inputs.len()).map(|index| node.kind(index));
        operands.extend(carried.iter().cloned().zip(kinds));
        let mut results = lowering.inline(node, body, &operands)?.into_iter();
        let condition = results
            .next()
            .ok_or_else(|| node.bad("its body gives nothing"))?;
        let condition = condition.as_constant().and_then(|constant| constant.ints());
        let condition = condition.and_then(|values| values.first().copied());
        goes_on = condition.ok_or_else(|| {
            node.unsupported("when it ends depends on the input's values; export it with a fixed number of turns")
        })? != 0;
        carried = results.by_ref().take(carried_count).collect();
        rows.push(results.collect());
        turn += 1;
    }
    let stacked = stack(&mut Steps::new(node, lowering), &rows)?;
    Ok([carried, stacked].concat())
}

/// `Scan`, forwards or backwards, along the first axis of its inputs and outputs.
pub(super) fn scan<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    let body = body(node, "body")?;
    let scanned = node.extent(node.int("num_scan_inputs")?.unwrap_or(0))?;
    let states = node.inputs.len().checked_sub(scanned);
    let states = states.ok_or_else(|| node.bad("it has fewer operands than it scans"))?;
    let axes = ["scan_input_axes", "scan_output_axes"].map(|name| node.ints(name));
    let is_first = |axes: Result<Option<&[i64]>, CompileError>| {
        axes.map(|axes| axes.unwrap_or_default().iter().all(|&axis| axis == 0))
    };
    let [inputs_first, outputs_first] = axes.map(is_first);
    if node.opset < 9 || !inputs_first? || !outputs_first? {
        return Err(node.unsupported(
            "only scans along the first axis are known; export with opset 9 or newer",
        ));
    }
    let reversed = |name: &str, index: usize| -> Result<bool, CompileError> {
        Ok(node.ints(name)?.and_then(|flags| flags.get(index).copied()) == Some(1))
    };
    let operand = |index: usize| node.operand(index).cloned();
    let mut carried: Vec<Value> = (0..states).map(operand).collect::<Result<_, _>>()?;
    let inputs: Vec<Value> = (states..node.inputs.len())
        .map(operand)
        .collect::<Result<_, _>>()?;
    let turns = inputs
        .first()
        .and_then(|input| lowering.shape(input).first().copied());
    let turns = turns.ok_or_else(|| node.bad("it scans nothing"))?;
    if turns > MAX_TURNS {
        return Err(too_long(node));
    }
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for turn in 0..turns {
        let mut operands: Vec<_> = carried
            .drain(..)
            .enumerate()
            .map(|(index, value)| (value, node.kind(index)))
            .collect();
        for (index, input) in inputs.iter().enumerate() {
            let at = if reversed("scan_input_directions", index)? {
                turns - 1 - turn
            } else {
                turn
            };
            let mut steps = Steps::new(node, lowering);
            let row = steps.slice(input, 0, at, 1, 1)?;
            let shape = steps.shape(&row);
            operands.push((steps.reshape(&row, &shape[1..])?, node.kind(states + index)));
        }
        let mut results = lowering.inline(node, body, &operands)?.into_iter();
        carried = results.by_ref().take(states).collect();
        rows.push(results.collect());
    }
    let count = rows.first().map_or(0, Vec::len);
    for index in 0..count {
        if reversed("scan_output_directions", index)? {
            let backwards: Vec<Value> = rows.iter().rev().map(|row| row[index].clone()).collect();
            for (row, value) in rows.iter_mut().zip(backwards) {
                row[index] = value;
            }
        }
    }
    let stacked = stack(&mut Steps::new(node, lowering), &rows)?;
    Ok([carried, stacked].concat())
}

/// Each column of `rows` as one value with a new first axis.
fn stack(steps: &mut Steps, rows: &[Vec<Value>]) -> Lowered {
    let columns = rows.iter().map(Vec::len).min().unwrap_or(0);
    let mut stacked = Vec::with_capacity(columns);
    for column in 0..columns {
        let mut parts = Vec::with_capacity(rows.len());
        for row in rows {
            parts.push(steps.unsqueeze(&row[column], &[0])?);
        }
        stacked.push(steps.concat(&parts.iter().collect::<Vec<_>>(), 0)?);
    }
    Ok(stacked)
}

fn body<'a>(node: &Node<'a>, name: &str) -> Result<&'a GraphProto, CompileError> {
    node.graph(name)?
        .ok_or_else(|| node.bad(format!("{name} is missing")))
}

fn too_long(node: &Node) -> CompileError {
    node.unsupported(format!(
        "it has more than {MAX_TURNS} turns; bind a smaller extent"
    ))
}
