//! Recurrent layers.

use super::layout::walk_along;
use super::{Lowered, Operand, Step, Target};
use crate::dispatch::Dispatch;
use crate::shader::{RECURRENT, STRIDED, WORKGROUP};
use nearshelf_engine::Direction;

/// `x, w, r, bias, initial_h` and, of an LSTM, `initial_c`.
pub(super) fn lower(
    step: &Step,
    direction: Direction,
    gates: u32,
    linear_before_reset: bool,
    target: &mut Target,
) -> Lowered {
    let ([x, w, r, bias, initial, more @ ..], [y, last, cells @ ..]) =
        (&step.inputs[..], &step.outputs[..])
    else {
        return Err("operands are missing".to_owned());
    };
    let (&[steps, batch, input], &[directions, _, hidden]) = (x.shape(), r.shape()) else {
        return Err("operands have not three axes".to_owned());
    };
    if steps == 0 {
        copy(last, initial, 0, 0, target);
        if let ([cell], [initial]) = (cells, more) {
            copy(cell, initial, 0, 0, target);
        }
        return Ok(());
    }
    // Of each gate the shares of the input and of the state; an invocation has each 64th unit.
    let sums = gates as usize * (input + hidden) + 2;
    target.loops(&[steps, hidden.div_ceil(WORKGROUP as usize), sums]);
    let is_backwards = direction == Direction::Reverse;
    let work = match cells {
        [cells] => cells.region,
        _ => target.scratch(directions * batch * hidden),
    };
    let reads = [x, w, r, bias, initial, more.first().unwrap_or(initial)];
    target.push(Dispatch {
        shader: &RECURRENT,
        constants: vec![
            ("GATES", gates),
            ("LINEAR_BEFORE_RESET", u32::from(linear_before_reset)),
            ("BACKWARDS", u32::from(is_backwards)),
        ],
        params: [steps, batch, input, hidden, directions]
            .map(|n| n as u32)
            .to_vec(),
        reads: reads.map(|operand| operand.region).to_vec(),
        writes: vec![y.region, work],
        workgroups: (directions * batch) as u64,
    });
    // Forwards the last step is the last one, backwards the first.
    let state = (batch * hidden) as i64;
    let end = (steps as i64 - 1) * directions as i64 * state;
    let start = if is_backwards { 0 } else { end };
    copy(last, y, start, state - end, target);
    Ok(())
}

/// A state `[directions, batch, hidden]` from where it lies in `x`: directions are `step` elements apart, or the states
/// are alike when that is 0.
fn copy(state: &Operand, x: &Operand, start: i64, step: i64, target: &mut Target) {
    let inner = state.shape()[1..].iter().product::<usize>();
    let shape = [state.shape()[0], inner];
    let step = if step == 0 { inner as i64 } else { step };
    let params = walk_along(&shape, start, &[&[step, 1]], [0; 4]);
    target.each(&STRIDED, &[("TYPE", x.dtype())], &params, &[*x], state);
}
