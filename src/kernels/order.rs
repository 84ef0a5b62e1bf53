//! Ordering by number, for the rare operators that sort: one heap for whatever is compared, since the standard
//! library's sort is compiled anew for each type.

use super::Operand;
use nearshelf_operators::DType;

/// The first `take` of the numbers below `count`, in the order that `before` states. That must be a strict order of
/// all of them: where values are equal, compare the numbers.
pub(super) fn first(
    count: usize,
    take: usize,
    before: &dyn Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut heap: Vec<usize> = (0..count).collect();
    for root in (0..count / 2).rev() {
        sink(&mut heap, root, before);
    }
    let mut taken = Vec::with_capacity(take.min(count));
    while taken.len() < take && !heap.is_empty() {
        taken.push(heap.swap_remove(0));
        sink(&mut heap, 0, before);
    }
    taken
}

/// Moves an element down until neither child comes before it.
fn sink(heap: &mut [usize], mut at: usize, before: &dyn Fn(usize, usize) -> bool) {
    loop {
        let mut least = at;
        for child in [2 * at + 1, 2 * at + 2] {
            if child < heap.len() && before(heap[child], heap[least]) {
                least = child;
            }
        }
        if least == at {
            return;
        }
        heap.swap(at, least);
        at = least;
    }
}

/// Integers in the order of the values: NaN is the largest, and both zeros are one.
pub(super) fn keys(x: Operand) -> Vec<i32> {
    match x.dtype() {
        DType::F32 => x.f32().iter().map(|&x| key(x)).collect(),
        DType::I32 => x.i32().to_vec(),
        DType::I8 => x.i8().iter().map(|&x| i32::from(x)).collect(),
        DType::U8 => x.u8().iter().map(|&x| i32::from(x)).collect(),
    }
}

fn key(x: f32) -> i32 {
    if x.is_nan() {
        return i32::MAX;
    }
    let bits = (x + 0.0).to_bits().cast_signed();
    // Of negative floats the larger number is the smaller value.
    bits ^ ((bits >> 31) & i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_the_floats_are() {
        let floats = [
            f32::NEG_INFINITY,
            -2.0,
            -1e-40,
            0.0,
            1e-40,
            2.0,
            f32::INFINITY,
            f32::NAN,
        ];
        assert!(floats.windows(2).all(|pair| key(pair[0]) < key(pair[1])));
        assert_eq!(key(-0.0), key(0.0));
        assert_eq!(key(-f32::NAN), key(f32::NAN));
    }

    #[test]
    fn the_first_few_come_in_order() {
        let values = [5, 1, 4, 1, 3];
        let before = |a: usize, b: usize| (values[a], a) < (values[b], b);
        assert_eq!(first(5, 3, &before), [1, 3, 4]);
        assert_eq!(first(5, 9, &before), [1, 3, 4, 2, 0]);
        assert!(first(0, 1, &before).is_empty());
    }
}
