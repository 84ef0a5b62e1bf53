//! Convolutions with channels last, and whatever lies between them: `[n, c, h, w]` becomes `[n, h, w, c]`
//! where the first convolution needs it and goes back where an operator or an output wants it.
//!
//! With channels last a convolution is a product of patches with packed weights, its results' channels lie
//! together, and a 1×1 convolution needs no patches at all.

mod conv;

use super::pack::transposed;
use super::{Source, Target, take_apart};
use crate::plan::Node;
use crate::{DType, Op, PlanBuilder, PlanError, Unary, ValueId};

/// Input axis of each axis of `[n, h, w, c]`.
const LAST: [usize; 4] = [0, 2, 3, 1];
/// Input axis of each axis of `[n, c, h, w]`.
const SECOND: [usize; 4] = [0, 3, 1, 2];

/// A value in the forms that exist so far; at least one does once it is made.
#[derive(Clone, Copy, Default)]
struct Forms {
    second: Option<ValueId>,
    last: Option<ValueId>,
}

struct Pass {
    target: Target,
    forms: Vec<Forms>,
}

pub(super) fn run(graph: PlanBuilder) -> Result<PlanBuilder, PlanError> {
    let (source, target, map) = take_apart(graph)?;
    let Source {
        nodes,
        outputs,
        readers,
    } = source;
    let forms = map.into_iter().map(|second| Forms { second, last: None });
    let mut pass = Pass {
        target,
        forms: forms.collect(),
    };
    for node in &nodes {
        if !pass.channels_last(node, &readers)? {
            let inputs = node.inputs.iter().map(|&id| pass.second(id));
            let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
            let results = pass.target.push(&node.name, node.op.clone(), &inputs)?;
            for (&output, id) in node.outputs.iter().zip(results) {
                pass.target.read_by(id, readers[output]);
                pass.forms[output].second = Some(id);
            }
        }
    }
    for (name, id) in outputs {
        let id = pass.second(id.index())?;
        pass.target.builder.output(&name, id)?;
    }
    Ok(pass.target.builder)
}

impl Pass {
    /// The value with channels second, or as it is where it has no channels.
    fn second(&mut self, value: usize) -> Result<ValueId, PlanError> {
        let forms = self.forms[value];
        match (forms.second, forms.last) {
            (Some(id), _) => Ok(id),
            (None, Some(last)) => {
                let id = self.permuted(last, SECOND)?;
                self.forms[value].second = Some(id);
                Ok(id)
            }
            (None, None) => Err(PlanError::BadGraph {
                detail: "a value is read before it is made".to_owned(),
            }),
        }
    }

    /// The value, which has four axes, with channels last.
    fn last(&mut self, value: usize) -> Result<ValueId, PlanError> {
        if let Some(id) = self.forms[value].last {
            return Ok(id);
        }
        let second = self.second(value)?;
        let id = match self.target.constant(second) {
            Some(constant) => {
                let turned = transposed(constant, LAST);
                self.target.builder.constant(turned)
            }
            None => self.permuted(second, LAST)?,
        };
        self.forms[value].last = Some(id);
        Ok(id)
    }

    fn permuted(&mut self, id: ValueId, perm: [usize; 4]) -> Result<ValueId, PlanError> {
        let shape = &self.target.ty(id).shape;
        let turned: Vec<usize> = perm.iter().map(|&axis| shape[axis]).collect();
        // Where only axes of extent 1 move, the values stay where they are.
        let moved = perm.iter().filter(|&&axis| shape[axis] != 1);
        let op = if moved.is_sorted() {
            Op::Reshape { shape: turned }
        } else {
            Op::Transpose {
                perm: perm.to_vec(),
            }
        };
        self.target.push_one("layout", op, &[id])
    }

    fn shape(&self, value: usize) -> Option<&[usize]> {
        let forms = self.forms[value];
        if let Some(id) = forms.second {
            return Some(&self.target.ty(id).shape);
        }
        forms.last.map(|id| &self.target.ty(id).shape[..])
    }

    fn has_four_axes(&self, value: usize) -> bool {
        self.shape(value).is_some_and(|shape| shape.len() == 4)
    }

    fn is_last(&self, value: usize) -> bool {
        self.forms[value].last.is_some() && self.has_four_axes(value)
    }

    /// Writes a node's single result, with channels last.
    fn made(
        &mut self,
        node: &Node,
        op: Op,
        operands: &[ValueId],
        readers: &[usize],
    ) -> Result<bool, PlanError> {
        let id = self.target.push_one(&node.name, op, operands)?;
        let output = node.outputs[0];
        self.target.read_by(id, readers[output]);
        self.forms[output].last = Some(id);
        Ok(true)
    }

    /// Writes the node with channels last, if that suits it.
    fn channels_last(&mut self, node: &Node, readers: &[usize]) -> Result<bool, PlanError> {
        match &node.op {
            Op::Conv { window, group } => self.conv(node, window, *group, readers),
            Op::QLinearConv { window, group } => self.qlinear_conv(node, window, *group, readers),
            Op::Unary(unary) if self.is_last(node.inputs[0]) => self.unary(node, *unary, readers),
            Op::Binary(_) | Op::QLinearAdd => self.binary(node, readers),
            Op::QuantizeLinear { .. } | Op::DequantizeLinear { .. }
                if self.is_last(node.inputs[0]) =>
            {
                self.scaled(node, readers)
            }
            Op::Cast { .. } if self.is_last(node.inputs[0]) => {
                let x = self.last(node.inputs[0])?;
                self.made(node, node.op.clone(), &[x], readers)
            }
            Op::Concat { axis } if node.inputs.iter().all(|&id| self.is_last(id)) => {
                let parts = node.inputs.iter().map(|&id| self.last(id));
                let parts = parts.collect::<Result<Vec<_>, _>>()?;
                let axis = SECOND[*axis];
                self.made(node, Op::Concat { axis }, &parts, readers)
            }
            Op::Resize {
                shape,
                scales,
                coordinates,
                mode,
            } if self.is_last(node.inputs[0]) => {
                let op = Op::Resize {
                    shape: LAST.map(|axis| shape[axis]).to_vec(),
                    scales: LAST.map(|axis| scales[axis]).to_vec(),
                    coordinates: *coordinates,
                    mode: *mode,
                };
                let x = self.last(node.inputs[0])?;
                self.made(node, op, &[x], readers)
            }
            Op::Reduce { .. } if self.is_last(node.inputs[0]) => self.reduce(node, readers),
            _ => Ok(false),
        }
    }

    /// An activation melts into the convolution before it.
    fn unary(&mut self, node: &Node, unary: Unary, readers: &[usize]) -> Result<bool, PlanError> {
        let x = self.last(node.inputs[0])?;
        if self.target.ty(x).dtype == DType::F32
            && let Some((op, operands)) = self.target.only_maker(x)
        {
            let melted = match op.clone() {
                Op::ConvNhwc {
                    window,
                    maps,
                    activation: None,
                } => Some(Op::ConvNhwc {
                    window,
                    maps,
                    activation: Some(unary),
                }),
                Op::DepthwiseNhwc {
                    window,
                    activation: None,
                } => Some(Op::DepthwiseNhwc {
                    window,
                    activation: Some(unary),
                }),
                _ => None,
            };
            if let Some(op) = melted {
                return self.made(node, op, &operands, readers);
            }
        }
        self.made(node, Op::Unary(unary), &[x], readers)
    }

    /// Two operands of one shape, or one of them broadcast, when the full one has channels last.
    fn binary(&mut self, node: &Node, readers: &[usize]) -> Result<bool, PlanError> {
        let images: Vec<usize> = match node.op {
            Op::QLinearAdd => vec![0, 3],
            _ => vec![0, 1],
        };
        if !images.iter().any(|&at| self.is_last(node.inputs[at])) {
            return Ok(false);
        }
        let mut operands = Vec::with_capacity(node.inputs.len());
        for (at, &id) in node.inputs.iter().enumerate() {
            let is_constant = self.forms[id]
                .second
                .is_some_and(|id| self.target.constant(id).is_some());
            let Some(shape) = self.shape(id).map(<[usize]>::to_vec) else {
                return Ok(false);
            };
            let is_single = shape.iter().all(|&extent| extent == 1);
            operands.push(match shape.len() {
                _ if !images.contains(&at) || is_single && shape.len() <= 1 => self.second(id)?,
                4 => self.last(id)?,
                // One value a channel, from files that leave the batch axis out.
                3 if is_constant && shape[1..] == [1, 1] => {
                    let second = self.second(id)?;
                    let Some(tensor) = self.target.constant(second) else {
                        return Ok(false);
                    };
                    let values = tensor.values().clone();
                    self.target.place([shape[0]], values)?
                }
                _ => return Ok(false),
            });
        }
        self.made(node, node.op.clone(), &operands, readers)
    }

    /// Quantization, whose parameters go with an axis.
    fn scaled(&mut self, node: &Node, readers: &[usize]) -> Result<bool, PlanError> {
        let op = match node.op {
            Op::QuantizeLinear { axis } => Op::QuantizeLinear {
                axis: SECOND.get(axis).copied().unwrap_or(0),
            },
            Op::DequantizeLinear { axis } => Op::DequantizeLinear {
                axis: SECOND.get(axis).copied().unwrap_or(0),
            },
            _ => return Ok(false),
        };
        let x = self.last(node.inputs[0])?;
        let mut operands = vec![x];
        for &parameter in &node.inputs[1..] {
            operands.push(self.second(parameter)?);
        }
        self.made(node, op, &operands, readers)
    }

    /// A reduction over axes that stay, or over all that lies behind the channels.
    fn reduce(&mut self, node: &Node, readers: &[usize]) -> Result<bool, PlanError> {
        let Op::Reduce {
            reduction,
            axes,
            keep_dims,
        } = &node.op
        else {
            return Ok(false);
        };
        let mut turned: Vec<usize> = axes.iter().map(|&axis| SECOND[axis]).collect();
        turned.sort_unstable();
        let op = Op::Reduce {
            reduction: *reduction,
            axes: turned,
            keep_dims: *keep_dims,
        };
        let x = self.last(node.inputs[0])?;
        if *keep_dims {
            return self.made(node, op, &[x], readers);
        }
        if axes[..] != [2, 3] {
            return Ok(false);
        }
        // Batch and channels are left, in the order they had.
        let id = self.target.push_one(&node.name, op, &[x])?;
        self.target.read_by(id, readers[node.outputs[0]]);
        self.forms[node.outputs[0]].second = Some(id);
        Ok(true)
    }
}
