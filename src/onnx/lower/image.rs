//! `AffineGrid`, `CenterCropPad`, `Col2Im`.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::lower::slice::Part;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Op, PadMode, Window};

/// `AffineGrid`: where each place of an image of `size [n, c, spatial..]` lies under `theta [n, d, d + 1]`.
pub(super) fn affine_grid(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let size = extents(node, 1)?;
    let spatial = size.get(2..).unwrap_or_default();
    let axes = spatial.len();
    if !matches!(axes, 2 | 3) {
        return Err(node.bad(format!("size {size:?} is no picture or volume")));
    }
    let count = affordable(&[&[axes + 1], spatial].concat(), size_of::<f32>());
    let count = count.ok_or_else(|| node.bad("the grid is too large"))? / (axes + 1);
    let touches_corners = node.flag("align_corners", false)?;
    let place = |index: usize, extent: usize| {
        let (index, extent) = (index as f32, extent as f32);
        if !touches_corners {
            (2.0 * index + 1.0) / extent - 1.0
        } else if extent > 1.0 {
            2.0 * index / (extent - 1.0) - 1.0
        } else {
            0.0
        }
    };
    let mut places = Vec::with_capacity(count * (axes + 1));
    for index in 0..count {
        // The last axis comes first: x, y, z, 1.
        let mut rest = index;
        for &extent in spatial.iter().rev() {
            places.push(place(rest % extent, extent));
            rest /= extent;
        }
        places.push(1.0);
    }
    let places = Value::constant(Constant::f32([count, axes + 1], places));
    let columns = steps.swap(node.operand(0)?)?;
    let grid = steps.matmul(&places, &columns)?;
    let mut shape = vec![steps.shape(&grid)[0]];
    shape.extend(spatial);
    shape.push(axes);
    Ok(vec![steps.reshape(&grid, &shape)?])
}

/// `CenterCropPad`: axes cut or filled with zeros on both sides, the odd element at the end.
pub(super) fn center_crop_pad(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let shape = steps.shape(x);
    let wanted = extents(node, 1)?;
    let axes: Vec<usize> = match node.ints("axes")? {
        Some(axes) => axes
            .iter()
            .map(|&axis| node.axis(axis, shape.len()))
            .collect::<Result<_, _>>()?,
        None => (0..shape.len()).collect(),
    };
    if wanted.len() != axes.len() {
        return Err(node.bad(format!("{wanted:?} doesn't fit axes {axes:?}")));
    }
    let mut part = Part::whole(&shape);
    let (mut before, mut after) = (vec![0; shape.len()], vec![0; shape.len()]);
    for (&axis, &target) in axes.iter().zip(&wanted) {
        if target < shape[axis] {
            part.starts[axis] = (shape[axis] - target) / 2;
            part.shape[axis] = target;
        } else {
            before[axis] = (target - shape[axis]) / 2;
            after[axis] = target - shape[axis] - before[axis];
        }
    }
    let cut = part.take(node, steps.lowering, x)?;
    if before.iter().chain(&after).all(|&count| count == 0) {
        return Ok(vec![cut]);
    }
    let border = Op::Pad {
        mode: PadMode::Constant,
        before,
        after,
        value: 0.0,
    };
    Ok(vec![steps.op(border, &[&cut])?])
}

/// `Col2Im` of `[n, channels · taps, places]`: a transposed convolution that adds each column's taps in their places.
pub(super) fn columns_to_image(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let (image, block) = (extents(node, 1)?, extents(node, 2)?);
    let axes = image.len();
    let attribute =
        |name: &str, default: usize, count: usize| -> Result<Vec<usize>, CompileError> {
            let stated = node.extents(name)?.unwrap_or_else(|| vec![default; count]);
            if stated.len() == count {
                Ok(stated)
            } else {
                Err(node.bad(format!("{name} doesn't fit {axes} axes")))
            }
        };
    let strides = attribute("strides", 1, axes)?;
    let dilations = attribute("dilations", 1, axes)?;
    let pads = attribute("pads", 0, 2 * axes)?;
    let [n, rows, _] = steps.shape(x)[..] else {
        return Err(node.bad("takes [n, channels · taps, places]"));
    };
    let taps = block
        .iter()
        .try_fold(1_usize, |product, &extent| product.checked_mul(extent));
    let taps = taps.filter(|&taps| taps > 0 && rows % taps == 0 && block.len() == axes);
    let taps = taps.ok_or_else(|| node.bad(format!("{rows} rows don't hold blocks {block:?}")))?;
    let (mut places, mut output_padding) = (vec![n, rows], Vec::new());
    for axis in 0..axes {
        let padded = image[axis]
            .saturating_add(pads[axis])
            .saturating_add(pads[axis + axes]);
        let reach = dilations[axis]
            .saturating_mul(block[axis] - 1)
            .saturating_add(1);
        let room = padded.checked_sub(reach).filter(|_| strides[axis] > 0);
        let room = room.ok_or_else(|| node.bad("a block is larger than the image"))?;
        places.push(room / strides[axis] + 1);
        output_padding.push(room % strides[axis]);
    }
    let unfolded = steps.reshape(x, &places)?;
    let len = affordable(&[rows, taps], size_of::<f32>());
    let mut weights = vec![0.0; len.ok_or_else(|| node.bad("its blocks are too large"))?];
    for row in 0..rows {
        weights[row * taps + row % taps] = 1.0;
    }
    let mut shape = vec![rows, 1];
    shape.extend(&block);
    let weights = Value::constant(Constant::f32(shape, weights));
    let op = Op::ConvTranspose {
        window: Window {
            kernel: block,
            strides,
            dilations,
            pads_begin: pads[..axes].to_vec(),
            pads_end: pads[axes..].to_vec(),
        },
        group: rows / taps,
        output_padding,
    };
    Ok(vec![steps.op(op, &[&unfolded, &weights])?])
}

/// Extents in an operand that has to be known.
fn extents(node: &Node, index: usize) -> Result<Vec<usize>, CompileError> {
    let ints = node.known_ints(index)?;
    let ints = ints.ok_or_else(|| node.bad(format!("operand {index} is missing")))?;
    ints.iter().map(|&extent| node.extent(extent)).collect()
}
