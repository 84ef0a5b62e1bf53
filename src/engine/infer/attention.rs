//! Attention over heads.

use super::{Inferred, broadcast, ensure, expect_dtype};
use crate::{DType, TensorType};

/// Batch, rows and columns of an operand, whose columns fall into `heads`.
fn rows(ty: &TensorType, heads: usize) -> Result<[usize; 3], String> {
    expect_dtype(ty, &[DType::F32])?;
    match ty.shape[..] {
        [n, rows, columns] if heads > 0 && columns.is_multiple_of(heads) => Ok([n, rows, columns]),
        [n, own, rows, width] if heads > 0 && own == heads => {
            let columns = width.checked_mul(heads).ok_or("heads are too many")?;
            Ok([n, rows, columns])
        }
        _ => Err(format!("operand {ty} does not fall into {heads} heads")),
    }
}

pub(super) fn attention(inputs: &[&TensorType], heads: usize) -> Inferred {
    let (q, k, v, mask) = match *inputs {
        [q, k, v] => (q, k, v, None),
        [q, k, v, mask] => (q, k, v, Some(mask)),
        _ => return Err(format!("takes 3 or 4 operands, got {}", inputs.len())),
    };
    let [n, t, columns] = rows(q, heads)?;
    let [v_n, s, v_columns] = rows(v, heads)?;
    ensure(rows(k, heads)? == [n, s, columns] && v_n == n, || {
        format!("queries {q}, keys {k} and values {v} don't go together")
    })?;
    if let Some(mask) = mask {
        expect_dtype(mask, &[DType::F32])?;
        let scores = [n, heads, t, s];
        let broadcast = broadcast(&mask.shape, &scores);
        ensure(broadcast.is_ok_and(|shape| shape == scores), || {
            format!("the mask {mask} doesn't broadcast to scores {scores:?}")
        })?;
    }
    Ok(vec![TensorType::new(DType::F32, [n, t, v_columns])])
}
