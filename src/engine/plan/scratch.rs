//! Work space of the kernels beyond operands and results.

use super::{Node, Value};
use crate::{Op, Reduction, TensorType};
use nearshelf_kernels::panel::{COLUMNS, ROWS};

/// Panels and blocks of products and convolutions, whatever their extents.
const BLOCKS: u64 = 4 << 20;

/// Most bytes that the kernel of `node` takes for itself.
pub(super) fn bytes(node: &Node, values: &[Value]) -> u64 {
    let types = |ids: &[usize]| ids.iter().map(|&id| &values[id].ty).collect::<Vec<_>>();
    let (inputs, outputs) = (types(&node.inputs), types(&node.outputs));
    let [Some(x), Some(y)] = [inputs.first(), outputs.first()] else {
        return 0;
    };
    let operand = |at: usize| inputs.get(at).map_or(0, |ty| elements(&ty.shape));
    let words = match &node.op {
        // Sums of every output element before they are requantized.
        Op::MatMul
        | Op::MatMulInteger
        | Op::QLinearMatMul
        | Op::Conv { .. }
        | Op::ConvInteger { .. }
        | Op::QLinearConv { .. } => elements(&y.shape),
        // One tap's weights, and what they make of every input pixel.
        Op::ConvTranspose { .. } => {
            let maps = y.shape.get(1).map_or(0, |&maps| maps as u64);
            let pixels = elements(x.shape.get(2..).unwrap_or_default());
            operand(1).saturating_add(maps.saturating_mul(pixels))
        }
        // Gates of all steps at once, then states and gates of one step.
        Op::Gru { .. } | Op::Lstm { .. } => {
            let rows = inputs.get(1).and_then(|w| w.shape.get(1)).copied();
            let samples = elements(x.shape.get(..2).unwrap_or_default()).saturating_add(4);
            samples.saturating_mul(rows.unwrap_or(0) as u64)
        }
        Op::Resize { shape, .. } => resized(x, shape),
        Op::Reduce {
            reduction: Reduction::LogSumExp,
            ..
        } => elements(&y.shape),
        Op::Softmax { axis, .. } => x.shape.get(*axis).map_or(0, |&extent| extent as u64),
        // A block of packed rows is at most as deep as a panel and a tile high, beyond what is counted anyway.
        Op::Linear { .. } | Op::ConvNhwc { .. } => operand(1),
        Op::DynamicLinear { .. } | Op::DynamicLinearNarrow { .. } => {
            operand(3).saturating_add(operand(5).saturating_mul(5))
        }
        Op::QLinear { .. } | Op::QLinearConvNhwc { .. } | Op::QLinearDepthwiseNhwc { .. } => {
            let weights = operand(2).saturating_mul(2);
            weights.saturating_add(operand(4).saturating_mul(4))
        }
        // Where each tap lies.
        Op::DepthwiseNhwc { window, .. } => elements(&window.kernel).saturating_mul(4),
        // Zero points as i32.
        Op::QuantizeLinear { .. } | Op::DequantizeLinear { .. } => operand(2),
        // Keys, numbers in order, positions.
        Op::TopK { axis, .. } => {
            let line = x.shape.get(*axis).map_or(0, |&extent| extent as u64);
            let numbers = line.saturating_mul(4).saturating_add(elements(&y.shape));
            elements(&x.shape).saturating_add(numbers)
        }
        // Keys, then numbers of slices: in order, where their like begins, the different ones, their ranks.
        Op::Unique { .. } => {
            let slices = elements(&y.shape).saturating_mul(10);
            elements(&x.shape).saturating_add(slices)
        }
        // Keys, the boxes of one class in order, and the edges of those that stay.
        Op::NonMaxSuppression { .. } => {
            let boxes = x.shape.get(1).map_or(0, |&boxes| boxes as u64);
            operand(1).saturating_add(boxes.saturating_mul(8))
        }
        // A head's keys and values, a block of queries and their scores.
        Op::Attention { heads, .. } => {
            let block = (2 * ROWS + COLUMNS) as u64;
            let width = |at: usize| match inputs.get(at).map_or(&[][..], |ty| &ty.shape) {
                [_, _, columns] => (columns / heads.max(&1)) as u64,
                shape => shape.last().map_or(0, |&width| width as u64),
            };
            let keys = inputs.get(1).and_then(|k| k.shape.iter().rev().nth(1));
            let keys = keys.map_or(0, |&keys| keys as u64).saturating_add(block);
            let widths = width(0).saturating_add(width(2)).saturating_add(block);
            keys.saturating_mul(widths)
        }
        // At most four neighbours an axis.
        Op::Sample { .. } => 1 << 10,
        _ => 0,
    };
    words.saturating_mul(4).saturating_add(BLOCKS)
}

/// Axis after axis is resized: operand, result and a table of neighbours for each.
fn resized(x: &TensorType, shape: &[usize]) -> u64 {
    /// Two indices and a weight, in words of 4 bytes.
    const NEIGHBOURS: u64 = 6;
    let mut current = x.shape.clone();
    let (mut largest, mut table) = (elements(&current), 0);
    for (axis, &target) in shape.iter().enumerate().take(x.shape.len()) {
        current[axis] = target;
        largest = largest.max(elements(&current));
        table = table.max(target as u64);
    }
    largest
        .saturating_mul(2)
        .saturating_add(table.saturating_mul(NEIGHBOURS))
}

/// Product of the extents.
fn elements(shape: &[usize]) -> u64 {
    shape.iter().fold(1_u64, |product, &extent| {
        product.saturating_mul(extent as u64)
    })
}
