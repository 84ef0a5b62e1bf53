//! Weights whose columns span seven bits get a quicker product, such as those of ONNX Runtime's `reduce_range`.

use super::{Source, Target, take_apart};
use crate::kernels::panel::{GROUP, HALF};
use crate::plan::Node;
use crate::{Op, PlanBuilder, PlanError, Tensor, ValueId, Values};

/// Bytes of a group of half a panel.
const BYTES: usize = HALF * GROUP;

pub(super) fn run(graph: PlanBuilder) -> Result<PlanBuilder, PlanError> {
    let (source, mut target, mut map) = take_apart(graph)?;
    let Source { nodes, outputs, .. } = source;
    let unordered = || PlanError::BadGraph {
        detail: "a value is read before it is made".to_owned(),
    };
    for node in &nodes {
        let inputs = node.inputs.iter().map(|&id| map[id]);
        let mut inputs: Vec<ValueId> = inputs.collect::<Option<_>>().ok_or_else(unordered)?;
        let op = match narrowed(&mut target, node, &mut inputs)? {
            Some(op) => op,
            None => node.op.clone(),
        };
        let results = target.push(&node.name, op, &inputs)?;
        for (&output, result) in node.outputs.iter().zip(results) {
            map[output] = Some(result);
        }
    }
    for (name, id) in outputs {
        let id = map[id.index()].ok_or_else(unordered)?;
        target.builder.output(&name, id)?;
    }
    Ok(target.builder)
}

/// The operator for narrow weights, its operands in place of the node's.
fn narrowed(
    target: &mut Target,
    node: &Node,
    inputs: &mut Vec<ValueId>,
) -> Result<Option<Op>, PlanError> {
    let (
        &Op::DynamicLinear {
            columns,
            activation,
        },
        &[x, _, _, w, _, _],
    ) = (&node.op, &inputs[..])
    else {
        return Ok(None);
    };
    let depth = target.ty(x).shape.last().copied().unwrap_or(0);
    let narrow = target.constant(w).and_then(|w| narrow(w, depth, columns));
    let Some(narrow) = narrow else {
        return Ok(None);
    };
    let Narrow { panels, low, sums } = narrow;
    let shape = target.ty(w).shape.clone();
    inputs[3] = target.packed((w, w, "narrow"), |target| {
        target.place(shape, Values::I8(panels))
    })?;
    inputs.push(target.packed((w, w, "low"), |target| {
        target.place([columns], Values::I32(low))
    })?);
    inputs.push(target.packed((w, w, "sums"), |target| {
        target.place([columns], Values::I32(sums))
    })?);
    Ok(Some(Op::DynamicLinearNarrow {
        columns,
        activation,
    }))
}

/// Panels with their columns' smallest weights taken off.
struct Narrow {
    panels: Vec<i8>,
    low: Vec<i32>,
    sums: Vec<i32>,
}

/// `None` where a column's weights span more than seven bits.
fn narrow(panels: &Tensor, depth: usize, columns: usize) -> Option<Narrow> {
    let (Values::I8(values), &[_, groups, BYTES]) = (panels.values(), panels.shape()) else {
        return None;
    };
    let mut narrow = Narrow {
        panels: values.clone(),
        low: Vec::with_capacity(columns),
        sums: Vec::with_capacity(columns),
    };
    for column in 0..columns {
        let first = column / HALF * groups * BYTES + column % HALF * GROUP;
        let places = (0..depth).map(|p| first + p / GROUP * BYTES + p % GROUP);
        let low = places.clone().map(|at| values[at]).min().unwrap_or(0);
        let mut sum = 0_i32;
        for at in places {
            let weight = i8::try_from(i16::from(values[at]) - i16::from(low)).ok()?;
            sum = sum.wrapping_add(i32::from(weight));
            narrow.panels[at] = weight;
        }
        narrow.low.push(i32::from(low));
        narrow.sums.push(sum);
    }
    Some(narrow)
}
