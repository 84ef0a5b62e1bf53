//! Weights whose columns span seven bits get a quicker product, such as those of ONNX Runtime's `reduce_range`. Others can
//! be quantized anew, so that they do.

use super::{Source, Target, WeightBits, take_apart};
use crate::plan::Node;
use crate::{Op, PlanBuilder, PlanError, Tensor, ValueId, Values};
use nearshelf_kernels::panel::{GROUP, HALF};
use std::cmp::Ordering;

/// Bytes of a group of half a panel.
const BYTES: usize = HALF * GROUP;

/// Steps that seven bits have room for above the smallest weight.
const STEPS: i32 = 127;

pub(super) fn run(graph: PlanBuilder, bits: WeightBits) -> Result<PlanBuilder, PlanError> {
    let (source, mut target, mut map) = take_apart(graph)?;
    let Source { nodes, outputs, .. } = source;
    let unordered = || PlanError::BadGraph {
        detail: "a value is read before it is made".to_owned(),
    };
    for node in &nodes {
        let inputs = node.inputs.iter().map(|&id| map[id]);
        let mut inputs: Vec<ValueId> = inputs.collect::<Option<_>>().ok_or_else(unordered)?;
        let op = match narrowed(&mut target, node, &mut inputs, bits)? {
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
    bits: WeightBits,
) -> Result<Option<Op>, PlanError> {
    let (
        &Op::DynamicLinear {
            columns,
            activation,
        },
        &[x, _, _, w, w_scale, _],
    ) = (&node.op, &inputs[..])
    else {
        return Ok(None);
    };
    let depth = target.ty(x).shape.last().copied().unwrap_or(0);
    let narrow = target
        .constant(w)
        .and_then(|w| narrow(w, depth, columns, bits));
    let Some(narrow) = narrow else {
        return Ok(None);
    };
    let Narrow {
        panels,
        low,
        sums,
        steps,
    } = narrow;
    if steps.iter().any(|&step| step != 1.0) {
        let Some(scales) = target.floats(w_scale).and_then(|w| rescaled(w, &steps)) else {
            return Ok(None);
        };
        inputs[4] = target.vector(scales)?;
    }
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

/// Scales of columns whose weights count in other steps. `None` where one is too large for that.
fn rescaled(scales: &[f32], steps: &[f64]) -> Option<Vec<f32>> {
    let rescaled = scales.iter().zip(steps).map(|(&scale, &step)| {
        let wide = (f64::from(scale) * step) as f32;
        (wide.is_finite() || !scale.is_finite()).then_some(wide)
    });
    rescaled.collect()
}

/// Panels with their columns' smallest weights taken off.
struct Narrow {
    panels: Vec<i8>,
    low: Vec<i32>,
    sums: Vec<i32>,
    /// What a weight of 1 was before; 1 where the column stays as it is.
    steps: Vec<f64>,
}

/// `None` where a column's weights span more than seven bits and have to keep them.
fn narrow(panels: &Tensor, depth: usize, columns: usize, bits: WeightBits) -> Option<Narrow> {
    let (Values::I8(values), &[_, groups, BYTES]) = (panels.values(), panels.shape()) else {
        return None;
    };
    let mut narrow = Narrow {
        panels: values.clone(),
        low: Vec::with_capacity(columns),
        sums: Vec::with_capacity(columns),
        steps: Vec::with_capacity(columns),
    };
    for column in 0..columns {
        let first = column / HALF * groups * BYTES + column % HALF * GROUP;
        let places = (0..depth).map(|p| first + p / GROUP * BYTES + p % GROUP);
        let weights = places.clone().map(|at| i32::from(values[at]));
        let least = weights.clone().min().unwrap_or(0);
        let span = weights.max().unwrap_or(0) - least;
        if span > STEPS && bits == WeightBits::Eight {
            return None;
        }
        // Steps meet 0, which many weights are, and which keeps the smallest weight a whole number of them.
        let in_steps = |weight: i32| match span {
            0..=STEPS => weight,
            _ => rounded(weight * STEPS, span),
        };
        let low = in_steps(least);
        let mut sum = 0_i32;
        for at in places {
            // Of a tie at either end both may round outwards: the upper one then rounds the other way.
            let weight = (in_steps(i32::from(values[at])) - low).min(STEPS);
            sum = sum.wrapping_add(weight);
            narrow.panels[at] = i8::try_from(weight).ok()?;
        }
        narrow.low.push(low);
        narrow.sums.push(sum);
        narrow
            .steps
            .push(f64::from(span.max(STEPS)) / f64::from(STEPS));
    }
    Some(narrow)
}

/// `dividend / divisor`, a half to the even neighbour. The divisor is positive.
fn rounded(dividend: i32, divisor: i32) -> i32 {
    let (below, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    match (2 * rest).cmp(&divisor) {
        Ordering::Less => below,
        Ordering::Greater => below + 1,
        Ordering::Equal => below + (below & 1),
    }
}
