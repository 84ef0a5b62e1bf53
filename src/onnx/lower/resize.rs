//! `Resize` and the older `Upsample`.

use crate::CompileError;
use crate::graph::Lowering;
use crate::node::{Lowered, Node};
use nearshelf_engine::{Op, ResizeCoordinates, ResizeMode};

pub(super) fn resize(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let input = lowering.shape(&x);
    let (shape, scales) = extents(node, &input)?;
    let old = node.proto.op_type == "Upsample" || node.opset < 11;
    let coordinates = match node.text("coordinate_transformation_mode")?.as_deref() {
        None if old => ResizeCoordinates::Asymmetric,
        None | Some("half_pixel") => ResizeCoordinates::HalfPixel,
        Some("asymmetric") => ResizeCoordinates::Asymmetric,
        Some("align_corners") => ResizeCoordinates::AlignCorners,
        Some("pytorch_half_pixel") => ResizeCoordinates::PytorchHalfPixel,
        Some(other) => {
            return Err(node.unsupported(format!(
                "coordinates {other:?} are not known; use half_pixel"
            )));
        }
    };
    let grows = scales.iter().all(|&scale| scale >= 1.0);
    let mode = match (
        node.text("mode")?.as_deref(),
        node.text("nearest_mode")?.as_deref(),
    ) {
        (Some("linear" | "bilinear"), _) => ResizeMode::Linear,
        // What opset 10 left open, as ONNX Runtime settles it.
        (None | Some("nearest"), None) if old && grows => ResizeMode::NearestFloor,
        (None | Some("nearest"), None) if old => ResizeMode::NearestCeil,
        (None | Some("nearest"), None | Some("round_prefer_floor")) => {
            ResizeMode::NearestRoundPreferFloor
        }
        (None | Some("nearest"), Some("round_prefer_ceil")) => ResizeMode::NearestRoundPreferCeil,
        (None | Some("nearest"), Some("floor")) => ResizeMode::NearestFloor,
        (None | Some("nearest"), Some("ceil")) => ResizeMode::NearestCeil,
        (Some(other), _) => {
            return Err(node.unsupported(format!(
                "mode {other:?} is not known; use linear or nearest"
            )));
        }
        (None, Some(other)) => return Err(node.bad(format!("nearest_mode {other:?} is unknown"))),
    };
    if node.flag("antialias", false)? && !grows && mode == ResizeMode::Linear {
        return Err(node.unsupported("antialiasing is not known; export with antialias=False"));
    }
    if shape == input && scales.iter().all(|&scale| scale == 1.0) {
        return Ok(vec![x]);
    }
    Ok(vec![lowering.push(
        node,
        Op::Resize {
            shape,
            scales,
            coordinates,
            mode,
        },
        &[&x],
    )?])
}

/// Output extents and scales of every axis, from whichever the node states.
fn extents(node: &Node, input: &[usize]) -> Result<(Vec<usize>, Vec<f32>), CompileError> {
    let rank = input.len();
    if node
        .text("keep_aspect_ratio_policy")?
        .is_some_and(|policy| policy != "stretch")
    {
        return Err(node.unsupported("only stretching is known; state sizes that keep the ratio"));
    }
    let axes = match node.ints("axes")? {
        Some(axes) => {
            node.axes(axes, rank)?; // none twice
            axes.iter()
                .map(|&axis| node.axis(axis, rank))
                .collect::<Result<Vec<_>, _>>()?
        }
        None => (0..rank).collect(),
    };
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
    }
    Ok((shape, scales))
}
