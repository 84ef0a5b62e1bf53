//! `Resize` and the older `Upsample`.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::resample::{Axis, Kernel, Method};
use crate::node::{Lowered, Node};
use nearshelf_engine::{DType, Op, ResizeCoordinates, ResizeMode};

pub(super) fn resize(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let dtype = lowering.ty(&x).dtype;
    let input = lowering.shape(&x);
    let (shape, scales) = extents(node, &input)?;
    let old = node.proto.op_type == "Upsample" || node.opset < 11;
    let stated = node.text("coordinate_transformation_mode")?;
    let default = if old { "asymmetric" } else { "half_pixel" };
    let name = stated.unwrap_or_else(|| default.to_owned());
    let coordinates = match &*name {
        "half_pixel" => Some(ResizeCoordinates::HalfPixel),
        "asymmetric" => Some(ResizeCoordinates::Asymmetric),
        "align_corners" => Some(ResizeCoordinates::AlignCorners),
        "pytorch_half_pixel" => Some(ResizeCoordinates::PytorchHalfPixel),
        "half_pixel_symmetric" | "tf_crop_and_resize" => None,
        other => return Err(node.bad(format!("coordinates {other:?} are unknown"))),
    };
    let grows = scales.iter().all(|&scale| scale >= 1.0);
    // What opset 10 left open, as ONNX Runtime settles it, axis by axis.
    let simple = |scale: f32| if scale < 1.0 { "ceil" } else { "floor" };
    let is_simple = old && node.text("nearest_mode")?.is_none();
    let is_mixed = is_simple && !grows && scales.iter().any(|&scale| scale > 1.0);
    let rounding = match node.text("nearest_mode")?.as_deref() {
        None if is_simple => simple(if grows { 1.0 } else { 0.0 }),
        None | Some("round_prefer_floor") => "round_prefer_floor",
        Some("round_prefer_ceil") => "round_prefer_ceil",
        Some("floor") => "floor",
        Some("ceil") => "ceil",
        Some(other) => return Err(node.bad(format!("nearest_mode {other:?} is unknown"))),
    };
    let kernel = match node.text("mode")?.as_deref() {
        Some("linear" | "bilinear") => Kernel::Linear,
        Some("cubic") => Kernel::Cubic(f64::from(node.float("cubic_coeff_a", -0.75)?)),
        None | Some("nearest") => Kernel::Nearest(rounding.to_owned()),
        Some(other) => return Err(node.bad(format!("mode {other:?} is unknown"))),
    };
    if shape == input && scales.iter().all(|&scale| scale == 1.0) && name != "tf_crop_and_resize" {
        return Ok(vec![x]);
    }
    let antialias = node.flag("antialias", false)? && !grows;
    let exclude_outside = node.flag("exclude_outside", false)?;
    let mode = match &kernel {
        Kernel::Linear if !antialias && !exclude_outside => Some(ResizeMode::Linear),
        Kernel::Nearest(_) if is_mixed => None,
        Kernel::Nearest(rounding) => Some(match &**rounding {
            "floor" => ResizeMode::NearestFloor,
            "ceil" => ResizeMode::NearestCeil,
            "round_prefer_ceil" => ResizeMode::NearestRoundPreferCeil,
            _ => ResizeMode::NearestRoundPreferFloor,
        }),
        _ => None,
    };
    let mut y = lowering.cast(node, &x, DType::F32)?;
    if let (Some(coordinates), Some(mode)) = (coordinates, mode) {
        let op = Op::Resize {
            shape,
            scales,
            coordinates,
            mode,
        };
        y = lowering.push(node, op, &[&y])?;
    } else {
        let regions = regions(node, &name, input.len())?;
        let mut method = Method {
            coordinates: name,
            kernel,
            antialias,
            exclude_outside,
            beyond: node.float("extrapolation_value", 0.0)?,
        };
        for (axis, region) in regions.into_iter().enumerate() {
            let by = Axis {
                from: input[axis],
                to: shape[axis],
                scale: f64::from(scales[axis]),
                region,
            };
            if is_mixed && matches!(method.kernel, Kernel::Nearest(_)) {
                method.kernel = Kernel::Nearest(simple(scales[axis]).to_owned());
            }
            if by.from != by.to || by.scale != 1.0 || region != [0.0, 1.0] {
                y = method.apply(node, lowering, &y, axis, &by)?;
            }
        }
    }
    Ok(vec![lowering.cast(node, &y, dtype)?])
}

/// The part of each axis that `tf_crop_and_resize` looks at, in shares of it.
fn regions(node: &Node, coordinates: &str, rank: usize) -> Result<Vec<[f64; 2]>, CompileError> {
    let mut regions = vec![[0.0, 1.0]; rank];
    if coordinates != "tf_crop_and_resize" {
        return Ok(regions);
    }
    let axes = resized_axes(node, rank)?;
    let stated = node.known_floats(1)?.unwrap_or_default();
    if stated.len() != 2 * axes.len() {
        return Err(node.bad("its region of interest does not fit the axes"));
    }
    for (at, &axis) in axes.iter().enumerate() {
        regions[axis] = [stated[at], stated[at + axes.len()]].map(f64::from);
    }
    Ok(regions)
}

/// The axes that sizes, scales and the region of interest are of, in their order.
fn resized_axes(node: &Node, rank: usize) -> Result<Vec<usize>, CompileError> {
    let Some(axes) = node.ints("axes")? else {
        return Ok((0..rank).collect());
    };
    node.axes(axes, rank)?; // none twice
    axes.iter().map(|&axis| node.axis(axis, rank)).collect()
}

/// Output extents and scales of every axis, from whichever the node states.
fn extents(node: &Node, input: &[usize]) -> Result<(Vec<usize>, Vec<f32>), CompileError> {
    let rank = input.len();
    let axes = resized_axes(node, rank)?;
    // Resize takes a region of interest second from opset 11 on.
    let at = if node.proto.op_type == "Upsample" || node.opset < 11 {
        1
    } else {
        2
    };
    let stated = match node.floats("scales")? {
        Some(scales) => Some(scales.to_vec()),
        None => node.known_floats(at)?,
    };
    let (mut shape, mut scales) = (input.to_vec(), vec![1.0; rank]);
    let fit = |len: usize| {
        if len == axes.len() {
            Ok(())
        } else {
            Err(node.bad("sizes or scales don't fit the axes"))
        }
    };
    if let Some(stated) = stated.filter(|scales| !scales.is_empty()) {
        fit(stated.len())?;
        for (&axis, &scale) in axes.iter().zip(&stated) {
            let extent = (f64::from(scale) * input[axis] as f64).floor();
            if !scale.is_finite() || scale <= 0.0 || extent > f64::from(u32::MAX) {
                return Err(node.bad(format!("scale {scale} makes no sense")));
            }
            scales[axis] = scale;
            shape[axis] = extent as usize;
        }
    } else {
        let sizes = node
            .known_ints(3)?
            .ok_or_else(|| node.bad("sizes and scales are missing"))?;
        fit(sizes.len())?;
        for (&axis, &size) in axes.iter().zip(&sizes) {
            shape[axis] = node.extent(size)?;
            if input[axis] == 0 {
                return Err(node.bad(format!("axis {axis} is empty")));
            }
            scales[axis] = shape[axis] as f32 / input[axis] as f32;
        }
        let own = axes.iter().map(|&axis| scales[axis]);
        let ratio = match node.text("keep_aspect_ratio_policy")?.as_deref() {
            None | Some("stretch") => return Ok((shape, scales)),
            Some("not_larger") => own.fold(f32::INFINITY, f32::min),
            Some("not_smaller") => own.fold(0.0, f32::max),
            Some(other) => return Err(node.bad(format!("policy {other:?} is unknown"))),
        };
        for &axis in &axes {
            scales[axis] = ratio;
            let extent = (f64::from(ratio) * input[axis] as f64 + 0.5).floor();
            shape[axis] = extent.min(f64::from(u32::MAX)) as usize;
        }
    }
    Ok((shape, scales))
}
