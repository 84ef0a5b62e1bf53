//! Convolutions whose filters are known.

use super::super::pack::{centred, multipliers};
use super::Pass;
use crate::plan::Node;
use crate::{Op, PlanError, ValueId, Values, Window};

impl Pass {
    /// Filters `[m, c / group, kernel rows, kernel columns]` of a convolution over two axes.
    fn filters(&self, window: &Window, w: usize) -> Option<[usize; 4]> {
        let id = self.forms[w].second?;
        let &[maps, channels, rows, columns] = self.target.constant(id)?.shape() else {
            return None;
        };
        let shape = [maps, channels, rows, columns];
        (window.kernel.len() == 2 && !shape.contains(&0)).then_some(shape)
    }

    pub(super) fn conv(
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
            let panels = self.target.packed((w, w, "patches"), |target| {
                target.panels_f32(depth, maps, |p, map| at(map, p % channels, p / channels))
            })?;
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

    pub(super) fn qlinear_conv(
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
            let panels = self.target.packed((w, w_zero, "patches"), |target| {
                target.panels_q8(depth, maps, |p, map| at(map, p % channels, p / channels))
            })?;
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
}
