//! Quantization that the engine has no operator for: in blocks, and to types other than 8-bit integers.

use crate::CompileError;
use crate::element::Element;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Op, Unary};

/// Where a node's scales and zero points lie along its first operand.
struct Layout {
    shape: Vec<usize>,
    axis: usize,
    /// Elements that share a scale; 0 when each place of the axis has its own.
    block: usize,
}

impl Layout {
    fn of(steps: &Steps) -> Result<Self, CompileError> {
        let node = steps.node;
        let shape = steps.shape(node.operand(0)?);
        let block = node.extent(node.int("block_size")?.unwrap_or(0))?;
        let count = steps.lowering.ty(node.operand(1)?).element_count();
        let axis = match count {
            Some(1) => 0,
            _ => node.axis(node.int("axis")?.unwrap_or(1), shape.len())?,
        };
        Ok(Self { shape, axis, block })
    }

    /// A scale or zero point in a shape that broadcasts over the operand.
    fn spread(&self, steps: &mut Steps, value: &Value) -> Result<Value, CompileError> {
        let shape = steps.shape(value);
        if steps.lowering.ty(value).element_count() == Some(1) {
            return steps.reshape(value, &[]);
        }
        if self.shape.is_empty() {
            let detail = format!("{shape:?} scales or zero points for one number");
            return Err(steps.node.bad(detail));
        }
        if self.block == 0 {
            let mut column = vec![1; self.shape.len()];
            column[self.axis] = self.shape[self.axis];
            return steps.reshape(value, &column);
        }
        let blocks = shape.get(self.axis).copied().unwrap_or(0);
        let covered = blocks.checked_mul(self.block);
        let covered = covered
            .filter(|&covered| shape.len() == self.shape.len() && covered >= self.shape[self.axis]);
        let covered = covered.ok_or_else(|| {
            let detail = format!(
                "{shape:?} scales in blocks of {} don't cover {:?}",
                self.block, self.shape
            );
            steps.node.bad(detail)
        })?;
        let column = steps.unsqueeze(value, &[self.axis + 1])?;
        let mut wide = steps.shape(&column);
        wide[self.axis + 1] = self.block;
        let repeated = steps.expand(&column, &wide)?;
        let mut flat = shape;
        flat[self.axis] = covered;
        let repeated = steps.reshape(&repeated, &flat)?;
        steps.slice(&repeated, self.axis, 0, self.shape[self.axis], 1)
    }
}

/// x / scale, rounded, + zero point, within the bounds of `to`.
pub(super) fn quantize(node: &Node, lowering: &mut Lowering, to: Element) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let layout = Layout::of(&steps)?;
    let scale = layout.spread(&mut steps, node.operand(1)?)?;
    let mut y = steps.div(node.operand(0)?, &scale)?;
    let format = to.format();
    if format.is_none() {
        y = steps.unary(Unary::Round, &y)?;
    }
    if let Some(zero) = node.optional(2) {
        let zero = steps.cast(zero, DType::F32)?;
        let zero = layout.spread(&mut steps, &zero)?;
        y = steps.add(&y, &zero)?;
    }
    if let Some(format) = format {
        let saturate = node.flag("saturate", true)?;
        return Ok(vec![steps.op(Op::RoundFloat { format, saturate }, &[&y])?]);
    }
    let (bits, is_signed) = to.narrow_integer().unwrap_or((8, to == Element::Int8));
    let levels = 2_f32.powi(bits as i32);
    let least = if is_signed { -levels / 2.0 } else { 0.0 };
    let bounds = Unary::Clip {
        min: least,
        max: least + levels - 1.0,
    };
    let y = steps.unary(bounds, &y)?;
    Ok(vec![steps.cast(&y, to.dtype())?])
}

/// (x − zero point) · scale in floats.
pub(super) fn dequantize(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let layout = Layout::of(&steps)?;
    let mut y = steps.cast(node.operand(0)?, DType::F32)?;
    if let Some(zero) = node.optional(2) {
        let zero = steps.cast(zero, DType::F32)?;
        let zero = layout.spread(&mut steps, &zero)?;
        y = steps.sub(&y, &zero)?;
    }
    let scale = layout.spread(&mut steps, node.operand(1)?)?;
    Ok(vec![steps.mul(&y, &scale)?])
}

/// Quantized values of a type that only casts round to, or scales in blocks.
pub(super) fn is_wide(node: &Node, lowering: &Lowering) -> Result<bool, CompileError> {
    let is_float = lowering.ty(node.operand(0)?).dtype == DType::F32;
    Ok(is_float || node.int("block_size")?.unwrap_or(0) != 0)
}
