//! Elements found by their values: the best, the different ones, those that are not zero.

use super::{
    Operand, Output, gather,
    order::{first, keys},
};

/// The best `k` along an axis.
pub(super) fn top_k(x: Operand, outputs: &mut [Output], axis: usize, k: usize, largest: bool) {
    let extent = x.shape[axis];
    let inner: usize = x.shape[axis + 1..].iter().product();
    let keys = keys(x);
    let mut positions = vec![0; outputs[1].i32_mut().len()];
    let indices = outputs[1].i32_mut();
    for line in 0..indices.len() / k.max(1) {
        let (block, column) = (line / inner, line % inner);
        let at = |n: usize| (block * extent + n) * inner + column;
        let before = |a: usize, b: usize| {
            let (x, y) = (keys[at(a)], keys[at(b)]);
            if x == y { a < b } else { (x > y) == largest }
        };
        for (rank, found) in first(extent, k, &before).into_iter().enumerate() {
            let to = (block * k + rank) * inner + column;
            indices[to] = found as i32;
            positions[to] = at(found) as i32;
        }
    }
    gather::elements(x, &positions, &mut outputs[0]);
}

/// Coordinates of what is not zero.
pub(super) fn non_zero(x: Operand, outputs: &mut [Output]) {
    let all = x.u8().len();
    let found = outputs[0].i32_mut();
    found.fill(0);
    let mut count = 0;
    for at in (0..all).filter(|&at| x.u8()[at] != 0) {
        let mut rest = at;
        for axis in (0..x.shape.len()).rev() {
            found[axis * all + count] = (rest % x.shape[axis]) as i32;
            rest /= x.shape[axis];
        }
        count += 1;
    }
    outputs[1].i32_mut().fill(count as i32);
}

/// Slices along an axis that differ.
pub(super) fn unique(x: Operand, outputs: &mut [Output], axis: usize, sorted: bool) {
    let extent = x.shape[axis];
    let inner: usize = x.shape[axis + 1..].iter().product();
    let outer: usize = x.shape[..axis].iter().product();
    let keys = keys(x);
    let order = |a: usize, b: usize| {
        let pairs = (0..outer).flat_map(|block| {
            let row = block * extent * inner;
            (0..inner).map(move |n| (row + a * inner + n, row + b * inner + n))
        });
        pairs
            .map(|(a, b)| keys[a].cmp(&keys[b]))
            .find(|order| order.is_ne())
    };
    let before = |a: usize, b: usize| order(a, b).map_or(a < b, std::cmp::Ordering::is_lt);
    let ascending = first(extent, extent, &before);
    // Each run of equal slices begins with the one met first.
    let mut begins = vec![0; extent];
    let mut distinct: Vec<usize> = Vec::new();
    for &at in &ascending {
        match distinct.last() {
            Some(&begin) if order(begin, at).is_none() => begins[at] = begin,
            _ => {
                distinct.push(at);
                begins[at] = at;
            }
        }
    }
    if !sorted {
        distinct = (0..extent).filter(|&at| begins[at] == at).collect();
    }
    let [firsts, inverse, counts, count] = outputs else {
        return;
    };
    firsts.i32_mut().fill(0);
    counts.i32_mut().fill(0);
    let mut ranks = vec![0; extent];
    for (rank, &at) in distinct.iter().enumerate() {
        ranks[at] = rank;
        firsts.i32_mut()[rank] = at as i32;
    }
    for (at, to) in inverse.i32_mut().iter_mut().enumerate() {
        let rank = ranks[begins[at]];
        *to = rank as i32;
        counts.i32_mut()[rank] += 1;
    }
    count.i32_mut().fill(distinct.len() as i32);
}
