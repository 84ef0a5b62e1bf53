//! Attention over heads.

use super::layout::broadcast;
use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::Dispatch;
use crate::shader::ATTENTION;
use nearshelf_engine::{Masking, ZeroShares};

/// Queries and columns of values that a workgroup has.
const TILE: [usize; 2] = [8, 64];

/// Keys that a workgroup looks at together.
const BLOCK: usize = 32;

/// Samples, rows and a head's columns of an operand, and the distances between rows, heads and samples.
fn rows(x: &Operand, heads: usize) -> Result<([usize; 3], [usize; 3]), String> {
    match *x.shape() {
        [n, rows, columns] => {
            let width = columns / heads;
            Ok(([n, rows, width], [columns, width, rows * columns]))
        }
        [n, _, rows, width] => {
            let steps = [width, rows * width, heads * rows * width];
            Ok(([n, rows, width], steps))
        }
        _ => Err("an operand has neither three axes nor four".to_owned()),
    }
}

pub(super) fn lower(
    step: &Step,
    heads: usize,
    scale: f32,
    (zero, masking): (ZeroShares, Masking),
    target: &mut Target,
) -> Lowered {
    let [q, k, v, ref mask @ ..] = step.inputs[..] else {
        return Err("operands are missing".to_owned());
    };
    let [y] = operands(&step.outputs)?;
    let ([n, queries, depth], q_steps) = rows(&q, heads)?;
    let ([_, keys, _], k_steps) = rows(&k, heads)?;
    let ([_, _, width], v_steps) = rows(&v, heads)?;
    let mask = mask.first();
    let mask_steps = match mask {
        Some(mask) => broadcast(mask.shape(), &[n, heads, queries, keys]),
        None => vec![0; 4],
    };
    let mut params = [queries, keys, depth, width, heads, n]
        .map(|extent| extent as u32)
        .to_vec();
    params.extend([scale.to_bits(), 0]);
    for steps in [q_steps, k_steps, v_steps] {
        params.extend(steps.map(|step| step as u32));
        params.push(0);
    }
    params.extend(mask_steps.iter().rev().map(|&step| step as u32));
    let is_whole = |extent: usize| u32::from(extent.is_multiple_of(4));
    let dots = if depth.is_multiple_of(4) {
        depth / 4
    } else {
        depth
    };
    target.loops(&[keys.div_ceil(BLOCK), dots + 2 * BLOCK + 1]);
    let tiles = queries.div_ceil(TILE[0]) * width.div_ceil(TILE[1]);
    target.push(Dispatch {
        shader: &ATTENTION,
        constants: vec![
            ("ALIGNED", is_whole(depth)),
            ("V_ALIGNED", is_whole(width)),
            ("MASK", u32::from(mask.is_some())),
            // Without keys there are zeros.
            (
                "ZERO_HIDDEN",
                u32::from(zero != ZeroShares::Never || keys == 0),
            ),
            ("ZERO_NO_NUMBER", u32::from(zero == ZeroShares::NoNumber)),
            ("REPLACES", u32::from(masking == Masking::Replaces)),
        ],
        params,
        reads: [q, k, v, *mask.unwrap_or(&q)]
            .map(|operand| operand.region)
            .to_vec(),
        writes: vec![y.region],
        workgroups: (n * heads * tiles) as u64,
    });
    Ok(())
}
