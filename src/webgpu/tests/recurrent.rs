//! Recurrent layers in each direction.

use super::agree::{agrees, floats, gpu};
use nearshelf_engine::{Direction, Op, Tensor};

fn operands(extents: [usize; 4], directions: usize, gates: usize) -> Vec<Tensor> {
    let [steps, batch, input, hidden] = extents;
    let state = [directions, batch, hidden];
    let mut operands = vec![
        floats(1, &[steps, batch, input]),
        floats(2, &[directions, gates * hidden, input]),
        floats(3, &[directions, gates * hidden, hidden]),
        floats(4, &[directions, 2 * gates * hidden]),
        floats(5, &state),
    ];
    if gates == 4 {
        operands.push(floats(6, &state));
    }
    operands
}

#[test]
fn recurrent_layers_agree_in_each_direction_and_without_steps() {
    let Some(gpu) = gpu() else { return };
    for extents in [
        [1, 1, 1, 1],
        [3, 2, 5, 4],
        [7, 1, 3, 65],
        [2, 3, 64, 33],
        [0, 2, 3, 4],
    ] {
        for (direction, directions) in [
            (Direction::Forward, 1),
            (Direction::Reverse, 1),
            (Direction::Bidirectional, 2),
        ] {
            let what = format!("{extents:?} {direction:?}");
            for linear_before_reset in [false, true] {
                let op = Op::Gru {
                    direction,
                    linear_before_reset,
                };
                agrees(&gpu, op, &operands(extents, directions, 3), &what);
            }
            let op = Op::Lstm { direction };
            agrees(&gpu, op, &operands(extents, directions, 4), &what);
        }
    }
}
