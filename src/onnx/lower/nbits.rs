//! ONNX Runtime's `MatMulNBits`: weights of 2, 4 or 8 bits, a scale for each block of rows.
//!
//! The plan keeps them as bytes and multiplies by the scales when it runs.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::{Constant, Data};
use crate::graph::{Lowering, scalar};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::Op;

/// How the weights lie in the file: `[columns, blocks, block · bits / 8]` bytes, the lowest bits first.
struct Packing {
    bits: usize,
    rows: usize,
    columns: usize,
    block: usize,
    blocks: usize,
}

impl Packing {
    fn of(node: &Node) -> Result<Self, CompileError> {
        let extent = |name: &str| node.extent(node.int(name)?.unwrap_or(0));
        let (rows, columns, block) = (extent("K")?, extent("N")?, extent("block_size")?);
        let bits = node.extent(node.int("bits")?.unwrap_or(4))?;
        let is_block = block.is_multiple_of(8) && (8..=1 << 20).contains(&block);
        if !matches!(bits, 2 | 4 | 8) || rows == 0 || columns == 0 || !is_block {
            return Err(node.bad(format!(
                "{rows} × {columns} weights of {bits} bits in blocks of {block} are not known"
            )));
        }
        let blocks = rows.div_ceil(block);
        Ok(Self {
            bits,
            rows,
            columns,
            block,
            blocks,
        })
    }

    /// Number `index` of those packed into `bytes`.
    fn number(&self, bytes: &[i64], index: usize) -> i64 {
        let at = index * self.bits;
        let byte = bytes.get(at / 8).copied().unwrap_or(0);
        byte >> (at % 8) & ((1 << self.bits) - 1)
    }

    /// Weights less their zero points, `[blocks, block, columns]`; rows beyond the last one are zeros.
    fn weights(&self, node: &Node) -> Result<Constant, CompileError> {
        let bytes = node
            .known_ints(1)?
            .ok_or_else(|| node.bad("weights are missing"))?;
        let a_block = self.block * self.bits / 8;
        let expected = self
            .columns
            .checked_mul(self.blocks)
            .and_then(|count| count.checked_mul(a_block));
        if expected != Some(bytes.len()) {
            return Err(node.bad(format!("{} bytes are not its weights", bytes.len())));
        }
        let zeros = self.zero_points(node)?;
        let shape = vec![self.blocks, self.block, self.columns];
        let count = affordable(&shape, size_of::<i32>());
        let count = count.ok_or_else(|| node.bad("is too large"))?;
        let centred = |index: usize| {
            let (row, column) = (index / self.columns, index % self.columns);
            if row >= self.rows {
                return 0;
            }
            let block = column * self.blocks + row / self.block;
            let first = block * a_block;
            let number = self.number(&bytes[first..first + a_block], row % self.block);
            (number - zeros[block]) as i32
        };
        let values: Vec<i32> = (0..count).map(centred).collect();
        // Only 8 bits with zero points of their own may need a ninth.
        let narrow: Result<Vec<i8>, _> = values.iter().map(|&value| i8::try_from(value)).collect();
        let data = narrow.map_or(Data::I32(values), Data::I8);
        Ok(Constant { shape, data })
    }

    /// One a block: packed in bytes, a column's last one filled up, or the middle of the range.
    fn zero_points(&self, node: &Node) -> Result<Vec<i64>, CompileError> {
        let count = self.columns * self.blocks;
        let Some(given) = node.known(3)? else {
            return Ok(vec![1 << (self.bits - 1); count]);
        };
        let bytes = given.ints().ok_or_else(|| {
            node.unsupported("zero points in floats are not known; quantize with whole ones")
        })?;
        let a_column = (self.blocks * self.bits).div_ceil(8);
        if bytes.len() != self.columns * a_column {
            return Err(node.bad(format!("{} bytes are not its zero points", bytes.len())));
        }
        let zero = |block: usize| {
            let column = block / self.blocks;
            self.number(&bytes[column * a_column..][..a_column], block % self.blocks)
        };
        Ok((0..count).map(zero).collect())
    }
}

pub(super) fn matmul(node: &Node, lowering: &mut Lowering) -> Lowered {
    let packing = Packing::of(node)?;
    if node.optional(4).is_some() || node.int("weight_prepacked")?.unwrap_or(0) != 0 {
        return Err(node.unsupported("rows out of order and weights packed for a device are not known; quantize without g_idx"));
    }
    let weights = packing.weights(node)?;
    let mut steps = Steps::new(node, lowering);
    let Packing {
        rows,
        columns,
        block,
        blocks,
        ..
    } = packing;
    let scales = steps.reshape(node.operand(2)?, &[columns, blocks])?;
    let scales = steps.swap(&scales)?;
    let scales = steps.unsqueeze(&scales, &[1])?;
    let weights = floats(&mut steps, weights)?;
    let scaled = steps.mul(&weights, &scales)?;
    let scaled = steps.reshape(&scaled, &[blocks * block, columns])?;
    let scaled = steps.slice(&scaled, 0, 0, rows, 1)?;
    let mut y = steps.matmul(node.operand(0)?, &scaled)?;
    if let Some(bias) = node.optional(5) {
        y = steps.add(&y, bias)?;
    }
    Ok(vec![y])
}

/// Numbers that become floats when the plan runs, and not before.
fn floats(steps: &mut Steps, weights: Constant) -> Result<Value, CompileError> {
    let zero = steps.zeros(weights.dtype(), &[])?;
    let op = Op::DequantizeLinear { axis: 0 };
    steps.op(op, &[&Value::constant(weights), &scalar(1.0), &zero])
}
