//! What tract takes for granted when it evaluates a node, checked before it does: its operators unwrap and index, and
//! integers divided by zero panic.

use super::Operands;
use crate::constant::{Constant, Data};
use crate::node::Node;

/// Most axes of a tensor in a plan.
const MAX_RANK: usize = 8;

/// Whether attributes and operands of `node` are what its operator takes.
pub(super) fn is_sound(operands: &Operands, node: &Node) -> bool {
    let ranks = operands.present().map(|operand| operand.shape.len());
    ranks.max().unwrap_or(0) <= MAX_RANK && check(operands, node).is_some()
}

/// `Some` when all is well.
fn check(operands: &Operands, node: &Node) -> Option<()> {
    let x = operands.get(0)?;
    let rank = x.shape.len();
    let axis_within = |default: i64, rank: usize| {
        let axis = node.int("axis").ok()?.unwrap_or(default);
        node.axis(axis, rank).ok()
    };
    let axis = |default: i64| axis_within(default, rank);
    match node.proto.op_type.as_str() {
        "Div" | "Mod" => divides(x, operands.get(1)?),
        "Pow" => {
            let exponents = operands.get(1)?;
            let is_number =
                |x: &Constant| matches!(x.data, Data::F32(_) | Data::I32(_) | Data::I64(_));
            require(is_number(x) && is_number(exponents))?;
            let broken = exponents.floats().is_some() || x.floats().is_some();
            require(broken || exponents.ints()?.iter().all(|&exponent| exponent >= 0))
        }
        "ArgMax" | "ArgMin" => {
            axis(0)?;
            require(x.len() > 0)
        }
        operator if operator.starts_with("Reduce") => {
            axes(operands, node, rank)?;
            require(x.len() > 0)
        }
        "Concat" => {
            let axis = axis(1)?;
            let fits = |operand: &Constant| {
                operand.shape.len() == rank
                    && (0..rank).all(|at| at == axis || operand.shape[at] == x.shape[at])
            };
            require(operands.present().all(fits))
        }
        "CumSum" => {
            let axis = operands.get(1).filter(|axis| axis.len() == 1)?;
            node.axis(*axis.ints()?.first()?, rank).ok().map(drop)
        }
        "Expand" => {
            let target = extents(&operands.ints(1)?)?;
            let pairs = x.shape.iter().rev().zip(target.iter().rev());
            let fits = |(&own, &wanted): (&usize, &usize)| own == wanted || own == 1 || wanted == 1;
            require(target.len() <= MAX_RANK && pairs.into_iter().all(fits))
        }
        "Flatten" => {
            let stated = node.int("axis").ok()?.unwrap_or(1);
            require(stated == rank as i64 || node.axis(stated, rank).is_ok())
        }
        "Gather" => within(operands.get(1)?, x.shape[axis(0)?]),
        "GatherElements" => elements(x, operands.get(1)?, axis(0)?),
        "GatherND" => {
            require(node.int("batch_dims").ok()?.unwrap_or(0) == 0)?;
            points(x, operands.get(1)?)
        }
        "ScatterElements" => {
            require(operands.shape(1)? == operands.shape(2)?)?;
            elements(x, operands.get(1)?, axis(0)?)
        }
        "ScatterND" => {
            let indices = operands.get(1)?;
            points(x, indices)?;
            let (&depth, around) = indices.shape.split_last()?;
            let shape = [around, &x.shape[depth..]].concat();
            require(operands.shape(2)? == shape)
        }
        "MatMul" => {
            let b = operands.shape(1)?;
            let rows = if b.len() == 1 { 1 } else { 2 };
            require(x.floats().is_some() && operands.get(1)?.floats().is_some())?;
            require(rank > 0 && x.shape.last() == b.iter().rev().nth(rows - 1))
        }
        "OneHot" => {
            let depth = operands.number(1).filter(|&depth| depth >= 1.0)? as i64;
            axis_within(-1, rank + 1)?;
            require(operands.shape(2)? == [2])?;
            let mut indices = x.ints()?.into_iter();
            require(indices.all(|index| (-depth..depth).contains(&index)))
        }
        "Pad" => pad(operands, node, &x.shape),
        "Range" => require(operands.number(2)? != 0.0),
        "Reshape" => {
            let wanted = operands.ints(1)?;
            let copied = |(at, &extent): (usize, &i64)| match extent {
                0 => Some(x.shape.get(at).copied().unwrap_or(0)),
                -1 => Some(1),
                _ => usize::try_from(extent).ok(),
            };
            let extents = wanted
                .iter()
                .enumerate()
                .map(copied)
                .collect::<Option<Vec<_>>>()?;
            let count = extents
                .iter()
                .try_fold(1_usize, |product, &extent| product.checked_mul(extent))?;
            let open = wanted.iter().filter(|&&extent| extent == -1).count();
            let fits = match open {
                0 => count == x.len(),
                1 => count > 0 && x.len().is_multiple_of(count),
                _ => false,
            };
            require(fits && wanted.len() <= MAX_RANK && !node.flag("allowzero", false).ok()?)
        }
        "Slice" => {
            let starts = operands.ints_or(node, "starts", 1)??;
            let ends = operands.ints_or(node, "ends", 2)??;
            let axes = operands.ints_or(node, "axes", 3)?;
            if operands.get(1).is_none() {
                // In attributes tract takes axes for counted from the front.
                extents(axes.as_deref().unwrap_or_default())?;
            }
            let axes = axes.unwrap_or_else(|| (0..starts.len() as i64).collect());
            let steps = operands
                .get(4)
                .map_or(Some(vec![1; starts.len()]), Constant::ints)?;
            node.axes(&axes, rank).ok()?;
            let lengths = [ends.len(), axes.len(), steps.len()];
            // A step is negated, and added to an index.
            let moves = |&step: &i64| step != 0 && i32::try_from(step).is_ok();
            require(lengths == [starts.len(); 3] && steps.iter().all(moves))
        }
        "Split" => {
            let extent = x.shape[axis(0)?];
            let parts = node.proto.output.len();
            require(parts > 0)?;
            let stated = operands.ints_or(node, "split", 1)?;
            let Some(lengths) = stated else {
                return require(extent.is_multiple_of(parts));
            };
            let sum = extents(&lengths)?
                .iter()
                .try_fold(0_usize, |sum, &length| sum.checked_add(length))?;
            require(lengths.len() == parts && sum == extent)
        }
        "Squeeze" => {
            let stated = operands.ints_or(node, "axes", 1)?.unwrap_or_default();
            let found = stated.iter().map(|&axis| node.axis(axis, rank).ok());
            let axes = found.collect::<Option<Vec<_>>>()?;
            // tract drops the last one first, as they are stated.
            let ascending = axes.windows(2).all(|pair| pair[0] < pair[1]);
            require(ascending && axes.iter().all(|&axis| x.shape[axis] == 1))
        }
        "Unsqueeze" => {
            let count = operands.ints_or(node, "axes", 1)??.len();
            require(rank + count <= MAX_RANK)?;
            axes(operands, node, rank + count).map(drop)
        }
        "Tile" => require(extents(&operands.ints(1)?)?.len() == rank),
        "TopK" => {
            let extent = x.shape[axis(-1)?];
            let k = operands.number(1)?;
            require(k >= 0.0 && k <= extent as f64 && node.proto.output.len() == 2)
        }
        "Transpose" => {
            let Some(perm) = node.extents("perm").ok()? else {
                return Some(());
            };
            let mut sorted = perm;
            sorted.sort_unstable();
            require(sorted.into_iter().eq(0..rank))
        }
        "Trilu" => require(rank >= 2),
        _ => Some(()),
    }
}

fn require(truth: bool) -> Option<()> {
    truth.then_some(())
}

/// Axes of an attribute, or of the second operand where newer operator sets have them.
fn axes(operands: &Operands, node: &Node, rank: usize) -> Option<Option<Vec<usize>>> {
    let Some(stated) = operands.ints_or(node, "axes", 1)? else {
        return Some(None);
    };
    node.axes(&stated, rank).ok().map(Some)
}

/// Whether integers can be divided: by none that is zero or beyond the 32 bits that tract's symbolic divisions
/// have, and no smallest one by −1.
fn divides(dividend: &Constant, divisor: &Constant) -> Option<()> {
    if dividend.floats().is_some() || divisor.floats().is_some() {
        return Some(());
    }
    let smallest = |constant: &Constant| match constant.data {
        Data::I32(_) => i64::from(i32::MIN),
        Data::I8(_) => i64::from(i8::MIN),
        _ => i64::MIN,
    };
    let (dividends, divisors) = (dividend.ints()?, divisor.ints()?);
    let overflows = divisors.contains(&-1) && dividends.contains(&smallest(dividend));
    let is_small = |&divisor: &i64| divisor != 0 && divisor.unsigned_abs() <= i32::MAX as u64;
    require(!overflows && divisors.iter().all(is_small))
}

/// Whether all indices are of an axis of `extent` elements.
fn within(indices: &Constant, extent: usize) -> Option<()> {
    let extent = i64::try_from(extent).ok()?;
    let mut indices = indices.ints()?.into_iter();
    require(indices.all(|index| (-extent..extent).contains(&index)))
}

/// Whether `indices` picks elements of `x` along `axis`.
fn elements(x: &Constant, indices: &Constant, axis: usize) -> Option<()> {
    let fits = |at: usize| at == axis || indices.shape[at] <= x.shape[at];
    require(indices.shape.len() == x.shape.len() && (0..x.shape.len()).all(fits))?;
    within(indices, x.shape[axis])
}

/// Whether the last axis of `indices` holds places in `x`.
fn points(x: &Constant, indices: &Constant) -> Option<()> {
    let &depth = indices.shape.last()?;
    require(depth > 0 && depth <= x.shape.len())?;
    let extents = x.shape[..depth]
        .iter()
        .map(|&extent| i64::try_from(extent).ok());
    let extents = extents.collect::<Option<Vec<i64>>>()?;
    let indices = indices.ints()?;
    let mut places = indices.iter().zip(extents.iter().cycle());
    // tract takes them for counted from the front.
    require(places.all(|(&index, &extent)| (0..extent).contains(&index)))
}

/// Whether a border only grows, from elements that are there.
fn pad(operands: &Operands, node: &Node, shape: &[usize]) -> Option<()> {
    let pads = operands.ints_or(node, "pads", 1)??;
    let axes = match operands.get(3) {
        Some(axes) => axes.ints()?,
        None => (0..shape.len() as i64).collect(),
    };
    node.axes(&axes, shape.len()).ok()?;
    require(pads.len() == 2 * axes.len())?;
    let room = |axis: usize| match node.text("mode").ok()?.as_deref() {
        None | Some("constant") => Some(usize::MAX),
        Some("edge") => Some(if shape[axis] > 0 { usize::MAX } else { 0 }),
        _ => Some(shape[axis].saturating_sub(1)),
    };
    for (&axis, pad) in axes.iter().cycle().zip(extents(&pads)?) {
        require(pad <= room(node.axis(axis, shape.len()).ok()?)?)?;
    }
    Some(())
}

/// The values as extents; `None` when one is negative.
fn extents(values: &[i64]) -> Option<Vec<usize>> {
    values
        .iter()
        .map(|&value| usize::try_from(value).ok())
        .collect()
}
