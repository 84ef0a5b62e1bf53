//! Convolutions with channels last, and whatever lies between them: `[n, c, h, w]` becomes `[n, h, w, c]`
//! where the first convolution needs it and goes back where an operator or an output wants it.
//!
//! With channels last a convolution is a product of patches with packed weights, its results' channels lie
//! together, and a 1×1 convolution needs no patches at all.

use super::pack::{centred, multipliers};
use super::{Source, Target, take_apart};
use crate::plan::Node;
use crate::{DType, Op, PlanBuilder, PlanError, Tensor, Unary, ValueId, Values, Window};

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
        let extents = |shape: &[usize]| {
            shape
                .iter()
                .copied()
                .filter(|&e| e != 1)
                .collect::<Vec<_>>()
        };
        // Where only axes of extent 1 move, the values stay where they are.
        let op = if extents(shape) == extents(&turned) {
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

    /// Filters `[m, c / group, kernel rows, kernel columns]` of a convolution over two axes.
    fn filters(&self, window: &Window, w: usize) -> Option<[usize; 4]> {
        let id = self.forms[w].second?;
        let shape: &[usize; 4] = self.target.constant(id)?.shape().as_array()?;
        (window.kernel.len() == 2 && !shape.contains(&0)).then_some(*shape)
    }

    fn conv(
        &mut self,
        node: &Node,
        window: &Window,
        group: usize,
        readers: &[usize],
    ) -> Result<bool, PlanError> {
        let (Some(filters), Some(w)) = (
            self.filters(window, node.inputs[1]),
            self.forms[node.inputs[1]].second,
        ) else {
            return Ok(false);
        };
        let [maps, channels, rows, columns] = filters;
        let Some(weights) = self.target.floats(w).map(<[f32]>::to_vec) else {
            return Ok(false);
        };
        let bias = match node.inputs.get(2) {
            None => self.target.vector(vec![0.0; maps])?,
            Some(&bias) => self.second(bias)?,
        };
        let taps = rows * columns;
        let at = |map: usize, channel: usize, tap: usize| {
            weights[(map * channels + channel) * taps + tap]
        };
        let (window, activation) = (window.clone(), None);
        if group == 1 {
            let depth = taps * channels;
            let panels = self
                .target
                .panels_f32(depth, maps, |p, map| at(map, p % channels, p / channels))?;
            let x = self.last(node.inputs[0])?;
            let op = Op::ConvNhwc {
                window,
                maps,
                activation,
            };
            return self.made(node, op, &[x, panels, bias], readers);
        }
        if channels != 1 || maps != group {
            return Ok(false);
        }
        let filters = (0..taps * maps).map(|p| at(p % maps, 0, p / maps));
        let filters = Values::F32(filters.collect());
        let filters = self.target.place([taps, maps], filters)?;
        let x = self.last(node.inputs[0])?;
        let op = Op::DepthwiseNhwc { window, activation };
        self.made(node, op, &[x, filters, bias], readers)
    }

    fn qlinear_conv(
        &mut self,
        node: &Node,
        window: &Window,
        group: usize,
        readers: &[usize],
    ) -> Result<bool, PlanError> {
        let Some([maps, channels, rows, columns]) = self.filters(window, node.inputs[3]) else {
            return Ok(false);
        };
        let operands = node.inputs.iter().map(|&id| self.forms[id].second);
        let operands: Vec<Option<ValueId>> = operands.skip(1).collect();
        // All but the image has to be there already.
        let Some(&[x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero]) = operands
            .iter()
            .copied()
            .collect::<Option<Vec<ValueId>>>()
            .as_deref()
            .and_then(|known| known.first_chunk::<7>())
        else {
            return Ok(false);
        };
        let weights = self.target.constant(w).zip(self.target.constant(w_zero));
        let weights = weights.and_then(|(w, zero)| centred(w, zero, false));
        let multipliers = multipliers(&self.target, [x_scale, w_scale, y_scale], maps);
        let (Some(weights), Some(multipliers)) = (weights, multipliers) else {
            return Ok(false);
        };
        let bias = match operands.get(7).copied().flatten() {
            Some(bias) => bias,
            None => self.target.place([maps], Values::I32(vec![0; maps]))?,
        };
        let taps = rows * columns;
        let at = |map: usize, channel: usize, tap: usize| {
            weights.values[(map * channels + channel) * taps + tap]
        };
        let window = window.clone();
        let (op, filters) = if group == 1 {
            let depth = taps * channels;
            let panels = self
                .target
                .panels_q8(depth, maps, |p, map| at(map, p % channels, p / channels))?;
            (Op::QLinearConvNhwc { window, maps }, panels)
        } else if channels == 1 && maps == group {
            let filters = self.target.pairs(taps, maps, |tap, map| at(map, 0, tap))?;
            (Op::QLinearDepthwiseNhwc { window }, filters)
        } else {
            return Ok(false);
        };
        let multiplier = self.target.vector(multipliers)?;
        let x = self.last(node.inputs[0])?;
        let operands = [x, x_zero, filters, multiplier, bias, y_zero];
        self.made(node, op, &operands, readers)
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

/// A constant of four axes with its axes in another order.
fn transposed(tensor: &Tensor, perm: [usize; 4]) -> Tensor {
    fn turn<T: Copy>(values: &[T], shape: &[usize], perm: [usize; 4]) -> Vec<T> {
        let extent = |axis: usize| shape[perm[axis]];
        let strides: Vec<usize> = (0..4)
            .map(|axis| shape[axis + 1..].iter().product())
            .collect();
        let stride = |axis: usize| strides[perm[axis]];
        let mut turned = Vec::with_capacity(values.len());
        for a in 0..extent(0) {
            for b in 0..extent(1) {
                for c in 0..extent(2) {
                    for d in 0..extent(3) {
                        let at = a * stride(0) + b * stride(1) + c * stride(2) + d * stride(3);
                        turned.push(values[at]);
                    }
                }
            }
        }
        turned
    }
    let shape = tensor.shape();
    let values = match tensor.values() {
        Values::F32(values) => Values::F32(turn(values, shape, perm)),
        Values::I32(values) => Values::I32(turn(values, shape, perm)),
        Values::I8(values) => Values::I8(turn(values, shape, perm)),
        Values::U8(values) => Values::U8(turn(values, shape, perm)),
    };
    let turned = perm.map(|axis| shape[axis]);
    // As many values as before.
    Tensor::new(turned, values).unwrap_or_else(|_| tensor.clone())
}
