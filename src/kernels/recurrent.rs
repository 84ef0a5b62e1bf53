//! GRU and LSTM (ONNX operator specification), one direction after the other.

use super::{Operand, Output, Scratch, gemm::Gemm, unary::sigmoid};
use crate::KernelSet;
use nearshelf_operators::Direction;

/// Extents of a layer.
#[derive(Clone, Copy)]
struct Extents {
    steps: usize,
    batch: usize,
    input: usize,
    hidden: usize,
    directions: usize,
    gates: usize,
}

impl Extents {
    fn new(inputs: &[Operand], gates: usize) -> Self {
        let (x, r) = (inputs[0].shape, inputs[2].shape);
        Self {
            steps: x[0],
            batch: x[1],
            input: x[2],
            hidden: r[2],
            directions: r[0],
            gates,
        }
    }

    fn rows(self) -> usize {
        self.gates * self.hidden
    }

    /// Steps in the order in which a direction sees them.
    fn order(self, direction: Direction, number: usize) -> Box<dyn Iterator<Item = usize>> {
        let backwards = direction == Direction::Reverse || number == 1;
        if backwards {
            Box::new((0..self.steps).rev())
        } else {
            Box::new(0..self.steps)
        }
    }
}

/// Weights of one direction.
struct Weights<'a> {
    r: &'a [f32],
    /// Bias of the recurrent product, `[gates * hidden]`.
    r_bias: &'a [f32],
}

/// `x · wᵀ + bias` of all steps, `[steps, batch, gates * hidden]`.
fn project(
    e: Extents,
    inputs: &[Operand],
    number: usize,
    panel: &mut Vec<f32>,
    set: KernelSet,
) -> Vec<f32> {
    let rows = e.rows();
    let w = &inputs[1].f32()[number * rows * e.input..][..rows * e.input];
    let bias = &inputs[3].f32()[number * 2 * rows..][..rows];
    let mut projected = bias.repeat(e.steps * e.batch);
    Gemm::transposed(e.steps * e.batch, e.input, rows).run(
        inputs[0].f32(),
        w,
        &mut projected,
        panel,
        set,
    );
    projected
}

fn weights<'a>(e: Extents, inputs: &[Operand<'a>], number: usize) -> Weights<'a> {
    let rows = e.rows();
    Weights {
        r: &inputs[2].f32()[number * rows * e.hidden..][..rows * e.hidden],
        r_bias: &inputs[3].f32()[(number * 2 + 1) * rows..][..rows],
    }
}

/// `state · rᵀ + bias`, `[batch, gates * hidden]`.
fn recur(
    e: Extents,
    weights: &Weights,
    state: &[f32],
    sums: &mut Vec<f32>,
    panel: &mut Vec<f32>,
    set: KernelSet,
) {
    sums.clear();
    for _ in 0..e.batch {
        sums.extend_from_slice(weights.r_bias);
    }
    Gemm::transposed(e.batch, e.hidden, e.rows()).run(state, weights.r, sums, panel, set);
}

/// A direction's share of a state tensor `[directions, batch, hidden]`.
fn state_of(e: Extents, operand: Operand, number: usize) -> Vec<f32> {
    let size = e.batch * e.hidden;
    operand.f32()[number * size..][..size].to_vec()
}

/// Writes a state into `y [steps, directions, batch, hidden]`.
fn write_step(e: Extents, y: &mut Output, step: usize, number: usize, state: &[f32]) {
    let size = e.batch * e.hidden;
    y.f32_mut()[(step * e.directions + number) * size..][..size].copy_from_slice(state);
}

fn write_state(e: Extents, y: &mut Output, number: usize, state: &[f32]) {
    let size = e.batch * e.hidden;
    y.f32_mut()[number * size..][..size].copy_from_slice(state);
}

pub(super) fn gru(
    inputs: &[Operand],
    outputs: &mut [Output],
    direction: Direction,
    linear_before_reset: bool,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let e = Extents::new(inputs, 3);
    let h = e.hidden;
    let Scratch {
        f32_a: sums,
        f32_b: panel,
        ..
    } = scratch;
    for number in 0..e.directions {
        let projected = project(e, inputs, number, panel, set);
        let weights = weights(e, inputs, number);
        let mut state = state_of(e, inputs[4], number);
        for step in e.order(direction, number) {
            recur(e, &weights, &state, sums, panel, set);
            let x = &projected[step * e.batch * 3 * h..][..e.batch * 3 * h];
            // Reset before the product: the candidate's product is taken again, of the reset state.
            let mut candidates = Vec::new();
            if !linear_before_reset {
                let mut reset = state.clone();
                for (at, value) in reset.iter_mut().enumerate() {
                    let gate = at / h * 3 * h + h + at % h;
                    *value *= sigmoid(x[gate] + sums[gate]);
                }
                recur(e, &weights, &reset, &mut candidates, panel, set);
            }
            for (at, value) in state.iter_mut().enumerate() {
                let (row, unit) = (at / h * 3 * h, at % h);
                let z = sigmoid(x[row + unit] + sums[row + unit]);
                let candidate = if linear_before_reset {
                    let r = sigmoid(x[row + h + unit] + sums[row + h + unit]);
                    r * sums[row + 2 * h + unit]
                } else {
                    candidates[row + 2 * h + unit]
                };
                let candidate = (x[row + 2 * h + unit] + candidate).tanh();
                *value = (1.0 - z) * candidate + z * *value;
            }
            write_step(e, &mut outputs[0], step, number, &state);
        }
        write_state(e, &mut outputs[1], number, &state);
    }
}

pub(super) fn lstm(
    inputs: &[Operand],
    outputs: &mut [Output],
    direction: Direction,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let e = Extents::new(inputs, 4);
    let h = e.hidden;
    let Scratch {
        f32_a: sums,
        f32_b: panel,
        ..
    } = scratch;
    for number in 0..e.directions {
        let projected = project(e, inputs, number, panel, set);
        let weights = weights(e, inputs, number);
        let mut state = state_of(e, inputs[4], number);
        let mut cell = state_of(e, inputs[5], number);
        for step in e.order(direction, number) {
            recur(e, &weights, &state, sums, panel, set);
            let x = &projected[step * e.batch * 4 * h..][..e.batch * 4 * h];
            for (at, (value, cell)) in state.iter_mut().zip(&mut cell).enumerate() {
                let first = at / h * 4 * h + at % h;
                let gate = |number: usize| x[first + number * h] + sums[first + number * h];
                let (input, output, forget) =
                    (sigmoid(gate(0)), sigmoid(gate(1)), sigmoid(gate(2)));
                *cell = forget * *cell + input * gate(3).tanh();
                *value = output * cell.tanh();
            }
            write_step(e, &mut outputs[0], step, number, &state);
        }
        write_state(e, &mut outputs[1], number, &state);
        write_state(e, &mut outputs[2], number, &cell);
    }
}
