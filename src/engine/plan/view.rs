//! A plan's nodes as people look at them.

use super::{Node, Place, Plan};
use crate::{Op, TensorType};

/// One step of a plan, for `inspect`.
#[derive(Debug, Clone)]
pub struct NodeView<'a> {
    /// The ONNX node's name.
    pub name: &'a str,
    /// Operator.
    pub operator: &'static str,
    /// Operand types.
    pub inputs: Vec<&'a TensorType>,
    /// Result types.
    pub outputs: Vec<&'a TensorType>,
    /// Multiply-adds of products and convolutions; 0 for other operators.
    pub multiply_adds: u64,
    /// Bytes of the constants it reads.
    pub weight_bytes: u64,
    /// Bytes of inputs and computed values that it reads and writes. A `Reshape` or `Cut` moves none.
    pub activation_bytes: u64,
}

impl Plan {
    /// Steps in execution order.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeView<'_>> {
        self.nodes.iter().map(|node| NodeView {
            name: &node.name,
            operator: node.op.name(),
            inputs: node.inputs.iter().map(|&id| &self.values[id].ty).collect(),
            outputs: node.outputs.iter().map(|&id| &self.values[id].ty).collect(),
            multiply_adds: self.multiply_adds(node),
            weight_bytes: self.bytes(&node.inputs, true),
            activation_bytes: if node.op.is_view() {
                0
            } else {
                self.bytes(&node.inputs, false) + self.bytes(&node.outputs, false)
            },
        })
    }

    /// Bytes of those of the values that are constants, or of those that aren't.
    fn bytes(&self, ids: &[usize], constants: bool) -> u64 {
        let values = ids.iter().map(|&id| &self.values[id]);
        let counted = values.filter(|value| matches!(value.place, Place::Constant(_)) == constants);
        counted
            .map(|value| value.ty.size_bytes().unwrap_or(0) as u64)
            .sum()
    }

    fn multiply_adds(&self, node: &Node) -> u64 {
        let count = |id: usize| self.values[id].ty.element_count().unwrap_or(0) as u64;
        let shape = |at: usize| {
            node.inputs
                .get(at)
                .map_or(&[][..], |&id| &self.values[id].ty.shape)
        };
        let per_output = |product: &[usize]| {
            let extents = product.iter().map(|&extent| extent as u64);
            let depth = extents.fold(1, u64::saturating_mul);
            count(node.outputs[0]).saturating_mul(depth)
        };
        match &node.op {
            Op::MatMul | Op::MatMulInteger | Op::QLinearMatMul => {
                per_output(&shape(0)[shape(0).len() - 1..])
            }
            Op::Conv { .. } | Op::ConvInteger { .. } => per_output(&shape(1)[1..]),
            Op::QLinearConv { .. } => per_output(&shape(3)[1..]),
            Op::Linear { .. }
            | Op::DynamicLinear { .. }
            | Op::DynamicLinearNarrow { .. }
            | Op::QLinear { .. } => per_output(&shape(0)[shape(0).len() - 1..]),
            Op::ConvNhwc { window, .. } | Op::QLinearConvNhwc { window, .. } => {
                let channels = shape(0)[3];
                per_output(&[channels, window.kernel.iter().product()])
            }
            Op::DepthwiseNhwc { window, .. } | Op::QLinearDepthwiseNhwc { window } => {
                per_output(&window.kernel)
            }
            Op::ConvTranspose { .. } => {
                let taps: u64 = shape(1)[1..].iter().map(|&extent| extent as u64).product();
                count(node.inputs[0]) * taps
            }
            // Each query with each key, then with each value.
            Op::Attention { .. } => {
                let rows = |at: usize| shape(at).iter().rev().nth(1).map_or(0, |&n| n as u64);
                let scores = count(node.inputs[0]).saturating_mul(rows(1));
                scores.saturating_add(count(node.inputs[2]).saturating_mul(rows(0)))
            }
            Op::Gru { .. } | Op::Lstm { .. } => {
                let steps = shape(0)[0] as u64 * shape(0)[1] as u64;
                steps * (count(node.inputs[1]) + count(node.inputs[2]))
            }
            _ => 0,
        }
    }
}
