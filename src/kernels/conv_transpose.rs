//! Transposed convolution: every input element spreads its window over the output.

use super::{Operand, Output, Scratch, gemm::Gemm};
use crate::KernelSet;
use nearshelf_operators::Window;

pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    window: &Window,
    group: usize,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let (x, w, bias) = (inputs[0], inputs[1], inputs.get(2).map(Operand::f32));
    // Seen from its output, this is a convolution whose roles are exchanged: `source` maps x to y.
    let plane = super::conv::Plane::new(y.shape, x.shape, window);
    let (channels, maps) = (x.shape[1] / group, y.shape[1] / group);
    let (pixels, taps) = (plane.positions(), plane.taps());
    let out_pixels = plane.pixels();
    let all_maps = y.shape[1];
    let (x, w, y) = (x.f32(), w.f32(), y.f32_mut());
    if out_pixels == 0 || maps == 0 {
        return;
    }
    for (map, values) in y.chunks_exact_mut(out_pixels).enumerate() {
        values.fill(bias.map_or(0.0, |bias| bias[map % all_maps]));
    }
    let mut weights = vec![0.0; maps * channels];
    for (at, y) in y.chunks_exact_mut(maps * out_pixels).enumerate() {
        let x = &x[at * channels * pixels..][..channels * pixels];
        let w = &w[at % group * channels * maps * taps..][..channels * maps * taps];
        for tap in 0..taps {
            for map in 0..maps {
                for channel in 0..channels {
                    weights[map * channels + channel] = w[(channel * maps + map) * taps + tap];
                }
            }
            let spread = &mut scratch.f32_a;
            spread.clear();
            spread.resize(maps * pixels, 0.0);
            Gemm::dense(maps, channels, pixels).run(&weights, x, spread, &mut scratch.f32_b, set);
            let (tap_row, tap_column) = (tap / plane.kernel[1], tap % plane.kernel[1]);
            for map in 0..maps {
                for row in 0..plane.out_height {
                    let Some(target_row) = plane.source(0, row, tap_row) else {
                        continue;
                    };
                    let from = &spread[map * pixels + row * plane.out_width..][..plane.out_width];
                    let line = &mut y[map * out_pixels + target_row * plane.width..][..plane.width];
                    for (column, value) in from.iter().enumerate() {
                        if let Some(target) = plane.source(1, column, tap_column) {
                            line[target] += value;
                        }
                    }
                }
            }
        }
    }
}
