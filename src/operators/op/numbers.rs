//! Which attributes of an operator are numbers that may depend on the extents of its operands.

use super::Op;

/// One such number.
pub enum NumberMut<'a> {
    /// An extent or an offset.
    Extent(&'a mut usize),
    /// A scale.
    Float(&'a mut f32),
}

impl Op {
    /// Extents, offsets and scales, in an order that plan files rely on: what is added comes last. An operator that
    /// is not named here has none.
    pub fn numbers(&mut self) -> Vec<NumberMut<'_>> {
        let extents: Vec<&mut Vec<usize>> = match self {
            Self::Conv { window, .. }
            | Self::ConvInteger { window, .. }
            | Self::QLinearConv { window, .. }
            | Self::MaxPool { window, .. }
            | Self::AveragePool { window, .. }
            | Self::ArgMaxPool { window, .. }
            | Self::ConvNhwc { window, .. }
            | Self::QLinearConvNhwc { window, .. }
            | Self::DepthwiseNhwc { window, .. }
            | Self::QLinearDepthwiseNhwc { window } => window.fields().into(),
            Self::ConvTranspose {
                window,
                output_padding,
                ..
            } => window
                .fields()
                .into_iter()
                .chain([output_padding])
                .collect(),
            Self::Reshape { shape }
            | Self::Expand { shape }
            | Self::ElementPositions { shape, .. }
            | Self::TuplePositions { shape, .. } => vec![shape],
            Self::TopK { k: count, .. } | Self::NonMaxSuppression { limit: count, .. } => {
                return vec![NumberMut::Extent(count)];
            }
            Self::Slice { starts, shape, .. } => vec![starts, shape],
            Self::Pad { before, after, .. } => vec![before, after],
            Self::Resize { shape, scales, .. } => {
                let extents = shape.iter_mut().map(NumberMut::Extent);
                let scales = scales.iter_mut().map(NumberMut::Float);
                return extents.chain(scales).collect();
            }
            Self::Attention { scale, .. } => return vec![NumberMut::Float(scale)],
            _ => Vec::new(),
        };
        extents
            .into_iter()
            .flatten()
            .map(NumberMut::Extent)
            .collect()
    }
}

impl super::Window {
    fn fields(&mut self) -> [&mut Vec<usize>; 5] {
        [
            &mut self.kernel,
            &mut self.strides,
            &mut self.dilations,
            &mut self.pads_begin,
            &mut self.pads_end,
        ]
    }
}
