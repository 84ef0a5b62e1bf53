//! Window geometry of convolutions and pools: `auto_pad` resolved, defaults filled in.

use crate::CompileError;
use crate::node::Node;
use nearshelf_engine::Window;

/// How a node asks for its padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AutoPad {
    NotSet,
    Valid,
    SameUpper,
    SameLower,
}

pub(super) fn auto_pad(node: &Node) -> Result<AutoPad, CompileError> {
    Ok(match node.text("auto_pad")?.as_deref() {
        None | Some("NOTSET" | "") => AutoPad::NotSet,
        Some("VALID") => AutoPad::Valid,
        Some("SAME_UPPER") => AutoPad::SameUpper,
        Some("SAME_LOWER") => AutoPad::SameLower,
        Some(other) => return Err(node.bad(format!("auto_pad {other:?} is unknown"))),
    })
}

/// The window of `node` over the spatial extents `input`. `kernel` is what the weights say.
pub(super) fn window(
    node: &Node,
    input: &[usize],
    kernel: Option<&[usize]>,
) -> Result<Window, CompileError> {
    let axes = input.len();
    if axes == 0 {
        return Err(node.bad("it has no spatial axes"));
    }
    let stated = node.extents("kernel_shape")?;
    let kernel = stated
        .or(kernel.map(<[usize]>::to_vec))
        .ok_or_else(|| node.bad("kernel_shape is missing"))?;
    let strides = node.extents("strides")?.unwrap_or_else(|| vec![1; axes]);
    let dilations = node.extents("dilations")?.unwrap_or_else(|| vec![1; axes]);
    let fields = [&kernel, &strides, &dilations];
    if fields.iter().any(|field| {
        field.len() != axes
            || field
                .iter()
                .any(|&extent| extent == 0 || extent > MAX_EXTENT)
    }) {
        return Err(node.bad(format!(
            "kernel {kernel:?}, strides {strides:?} or dilations {dilations:?} don't fit"
        )));
    }
    let mut window = Window {
        kernel,
        strides,
        dilations,
        pads_begin: vec![0; axes],
        pads_end: vec![0; axes],
    };
    match auto_pad(node)? {
        AutoPad::Valid => {}
        AutoPad::NotSet => {
            if let Some(pads) = node.ints("pads")? {
                if pads.len() != 2 * axes {
                    return Err(node.bad(format!("pads {pads:?} don't fit {axes} axes")));
                }
                let extents = pads
                    .iter()
                    .map(|&pad| node.extent(pad))
                    .collect::<Result<Vec<_>, _>>()?;
                window.pads_begin = extents[..axes].to_vec();
                window.pads_end = extents[axes..].to_vec();
            }
        }
        same => {
            for (axis, &extent) in input.iter().enumerate().take(axes) {
                let stride = window.strides[axis];
                let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
                let covered = (extent.div_ceil(stride).max(1) - 1)
                    .saturating_mul(stride)
                    .saturating_add(reach);
                let total = covered.saturating_sub(extent);
                split(&mut window, axis, total, same);
            }
        }
    }
    Ok(window)
}

/// Beyond it an extent is a mistake, and products of two can't overflow.
pub(super) const MAX_EXTENT: usize = 1 << 14;

/// Shares padding between the two ends; an odd element goes to the end with `SameUpper`, else to the beginning.
fn split(window: &mut Window, axis: usize, total: usize, auto_pad: AutoPad) {
    let (less, more) = (total / 2, total - total / 2);
    let (begin, end) = if auto_pad == AutoPad::SameLower {
        (more, less)
    } else {
        (less, more)
    };
    window.pads_begin[axis] = begin;
    window.pads_end[axis] = end;
}
