// GRU and LSTM. As src/kernels/recurrent.rs. A workgroup has a direction of a sequence of the batch and goes through
// its steps; the state lies in y, where the step before wrote it.
override GATES: u32;
override LINEAR_BEFORE_RESET: bool;
override BACKWARDS: bool;

struct Params { steps: u32, batch: u32, input: u32, hidden: u32, directions: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> initial: array<f32>;
@group(0) @binding(6) var<storage, read> initial_cell: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;
// Of an LSTM the cells, of a GRU the state where it is reset.
@group(0) @binding(8) var<storage, read_write> more: array<f32>;

var<private> sequence: u32;
var<private> direction: u32;
// This step's and the one before; the first one's is none.
var<private> now: u32;
var<private> before: u32;
var<private> is_first: bool;

fn state(unit: u32) -> f32 {
    if (is_first) { return initial[(direction * p.batch + sequence) * p.hidden + unit]; }
    return y[((before * p.directions + direction) * p.batch + sequence) * p.hidden + unit];
}

// A gate's share of the step's input, with its bias.
fn projected(gate: u32, unit: u32) -> f32 {
    let row = (direction * GATES + gate) * p.hidden + unit;
    let at = (now * p.batch + sequence) * p.input;
    var sum = bias[row + direction * GATES * p.hidden];
    for (var i = 0u; i < p.input; i++) { sum += w[row * p.input + i] * x[at + i]; }
    return sum;
}

// A gate's share of the state, or of what it is reset to, with its bias.
fn recurred(gate: u32, unit: u32, is_reset: bool) -> f32 {
    let row = (direction * GATES + gate) * p.hidden + unit;
    let at = (direction * p.batch + sequence) * p.hidden;
    var sum = bias[row + (direction + 1u) * GATES * p.hidden];
    for (var i = 0u; i < p.hidden; i++) {
        var value: f32;
        if (is_reset) { value = more[at + i]; } else { value = state(i); }
        sum += r[row * p.hidden + i] * value;
    }
    return sum;
}

fn opening(gate: u32, unit: u32) -> f32 {
    return sigmoid(projected(gate, unit) + recurred(gate, unit, false));
}

fn tangent(x: f32) -> f32 {
    return activate(x, TANH, 0.0, 0.0);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let number = group.x + group.y * groups.x;
    if (number >= p.directions * p.batch) { return; }
    sequence = number % p.batch;
    direction = number / p.batch;
    let backwards = BACKWARDS || direction == 1u;
    let own = number * p.hidden;
    for (var step = 0u; step < p.steps; step++) {
        is_first = step == 0u;
        now = select(step, p.steps - 1u - step, backwards);
        before = select(now - 1u, now + 1u, backwards);
        let to = ((now * p.directions + direction) * p.batch + sequence) * p.hidden;
        if (GATES == 3u && !LINEAR_BEFORE_RESET) {
            for (var unit = local; unit < p.hidden; unit += 64u) { more[own + unit] = state(unit) * opening(1u, unit); }
            storageBarrier();
        }
        for (var unit = local; unit < p.hidden; unit += 64u) {
            let first = opening(0u, unit);
            if (GATES == 4u) {
                var cell: f32;
                if (is_first) { cell = initial_cell[own + unit]; } else { cell = more[own + unit]; }
                let candidate = tangent(projected(3u, unit) + recurred(3u, unit, false));
                cell = opening(2u, unit) * cell + first * candidate;
                more[own + unit] = cell;
                y[to + unit] = opening(1u, unit) * tangent(cell);
            } else {
                var candidate = recurred(2u, unit, !LINEAR_BEFORE_RESET);
                if (LINEAR_BEFORE_RESET) { candidate *= opening(1u, unit); }
                candidate = tangent(projected(2u, unit) + candidate);
                y[to + unit] = (1.0 - first) * candidate + first * state(unit);
            }
        }
        storageBarrier();
    }
}
