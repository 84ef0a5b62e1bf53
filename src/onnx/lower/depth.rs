//! Channels laid out in space, and back.

use crate::graph::Lowering;
use crate::lower::matmul::permuted;
use crate::node::{Lowered, Node};

/// `DepthToSpace`, `SpaceToDepth` of `[n, c, h, w]`.
pub(super) fn depth(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let block = node.extent(node.int("blocksize")?.unwrap_or(0))?;
    let [n, c, h, w] = lowering.shape(&x)[..] else {
        return Err(node.bad("takes [n, c, h, w]"));
    };
    let area = block
        .checked_mul(block)
        .filter(|&area| area > 0)
        .ok_or_else(|| node.bad("blocksize is missing"))?;
    let to_space = node.proto.op_type == "DepthToSpace";
    let fits = if to_space {
        c % area == 0
    } else {
        h % block == 0 && w % block == 0
    };
    if !fits {
        return Err(node.bad(format!(
            "[{n}, {c}, {h}, {w}] does not split into blocks of {block}"
        )));
    }
    let column_first = match node.text("mode")?.as_deref() {
        None | Some("DCR") => false,
        Some("CRD") => true,
        Some(other) => return Err(node.bad(format!("mode {other:?} is unknown"))),
    };
    let (split, perm, joined) = if !to_space {
        let (h, w) = (h / block, w / block);
        let perm = if column_first {
            vec![0, 1, 3, 5, 2, 4]
        } else {
            vec![0, 3, 5, 1, 2, 4]
        };
        (
            vec![n, c, h, block, w, block],
            perm,
            [n, c.saturating_mul(area), h, w],
        )
    } else {
        let c = c / area;
        let joined = [n, c, h.saturating_mul(block), w.saturating_mul(block)];
        if column_first {
            (
                vec![n, c, block, block, h, w],
                vec![0, 1, 4, 2, 5, 3],
                joined,
            )
        } else {
            (
                vec![n, block, block, c, h, w],
                vec![0, 3, 4, 1, 5, 2],
                joined,
            )
        }
    };
    let split = lowering.reshape(node, &x, &split)?;
    let moved = permuted(node, lowering, &split, &perm)?;
    Ok(vec![lowering.reshape(node, &moved, &joined)?])
}
