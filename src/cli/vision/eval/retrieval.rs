//! How well a ranking finds what is alike.

use nearshelf_vision::{OkLab, Squashed};
use serde::Serialize;

/// Pictures of a list that count.
pub const DEPTH: usize = 10;
/// Values of a random projection: as many as an embedding has.
const PROJECTED: usize = 128;
const BINS: usize = 8;

/// mAP@10 of one ranking, by what counts as alike.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    pub vectors: &'static str,
    pub class: f64,
    pub colour: f64,
    pub class_and_colour: f64,
}

impl Found {
    /// - `ranked`: by picture, the others, best first, at least [`DEPTH`] where there are as many
    /// - `classes`, `colours`: by picture
    pub fn of(
        vectors: &'static str,
        ranked: &[Vec<usize>],
        classes: &[usize],
        colours: &[usize],
    ) -> Self {
        let both: Vec<(usize, usize)> = classes
            .iter()
            .copied()
            .zip(colours.iter().copied())
            .collect();
        Self {
            vectors,
            class: mean_average_precision(ranked, classes),
            colour: mean_average_precision(ranked, colours),
            class_and_colour: mean_average_precision(ranked, &both),
        }
    }
}

/// Mean over the pictures whose label another has. A picture's average precision is the mean of the precisions at its hits
/// over min([`DEPTH`], how many there are).
fn mean_average_precision<T: PartialEq>(ranked: &[Vec<usize>], labels: &[T]) -> f64 {
    let (mut sum, mut asked) = (0.0, 0_u32);
    for (label, others) in labels.iter().zip(ranked) {
        let alike = labels.iter().filter(|other| *other == label).count() - 1;
        if alike == 0 {
            continue;
        }
        let (mut hits, mut precisions) = (0.0, 0.0);
        for (place, other) in others.iter().take(DEPTH).enumerate() {
            if labels.get(*other) == Some(label) {
                hits += 1.0;
                precisions += hits / (place + 1) as f64;
            }
        }
        sum += precisions / alike.min(DEPTH) as f64;
        asked += 1;
    }
    sum / f64::from(asked.max(1))
}

/// By row, the others by inner product, best first; of equally good ones, the first.
pub fn ranked(rows: &[Vec<f32>]) -> Vec<Vec<usize>> {
    let of = |(number, row): (usize, &Vec<f32>)| {
        let others = rows
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        let mut scored: Vec<(f32, usize)> = others
            .map(|(other, values)| (row.iter().zip(values).map(|(a, b)| a * b).sum(), other))
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        scored.truncate(DEPTH);
        scored.into_iter().map(|(_, other)| other).collect()
    };
    rows.iter().enumerate().map(of).collect()
}

/// Square roots of the shares of 8 × 8 × 8 colours in OKLab over the whole picture, so that the inner product is
/// Bhattacharyya's coefficient.
pub fn colour_histogram(picture: &Squashed) -> Vec<f32> {
    let mut counts = vec![0.0_f32; BINS * BINS * BINS];
    let (pixels, _) = picture.rgb.as_chunks::<3>();
    for pixel in pixels {
        let lab = OkLab::from_srgb(pixel.map(|value| value.round() as u8));
        let bin = |value: f32, low: f32, high: f32| {
            (((value - low) / (high - low) * BINS as f32) as usize).min(BINS - 1)
        };
        let place = (bin(lab.l, 0.0, 1.0) * BINS + bin(lab.a, -0.25, 0.25)) * BINS
            + bin(lab.b, -0.25, 0.25);
        counts[place] += 1.0 / pixels.len() as f32;
    }
    counts.into_iter().map(f32::sqrt).collect()
}

/// The model's input multiplied with random signs, of unit length: what a picture is found by without anything learnt
/// (D. Achlioptas, "Database-friendly random projections", 2003).
pub fn random_projection(picture: &Squashed) -> Vec<f32> {
    let mut sums = vec![0.0_f32; PROJECTED];
    // SplitMix64 (Steele, Lea, Flood, 2014), two draws of 64 signs a value.
    let mut state = 20_261_126_u64;
    for value in picture.tensor() {
        for half in sums.chunks_mut(64) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bits ^= bits >> 31;
            for (place, sum) in half.iter_mut().enumerate() {
                *sum += if bits >> place & 1 == 0 {
                    value
                } else {
                    -value
                };
            }
        }
    }
    let length = sums.iter().map(|sum| sum * sum).sum::<f32>().sqrt();
    sums.into_iter()
        .map(|sum| sum / length.max(f32::MIN_POSITIVE))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_hits_alone_has_precision_one_and_one_without_has_none() {
        let labels = [0, 0, 0, 1];
        let first = mean_average_precision(
            &[vec![1, 2, 3], vec![0, 2, 3], vec![0, 1, 3], vec![0, 1, 2]],
            &labels,
        );
        assert!(
            (first - 1.0).abs() < 1e-12,
            "a picture that is alone is not asked"
        );
        let mixed = mean_average_precision(&[vec![3, 1], vec![3, 2], vec![3], vec![]], &labels);
        assert!((mixed - (0.25 + 0.25) / 3.0).abs() < 1e-12);
        assert_eq!(mean_average_precision::<u8>(&[], &[]), 0.0);
    }

    #[test]
    fn rows_rank_the_others_and_never_themselves() {
        let rows = [vec![1.0, 0.0], vec![0.9, 0.1], vec![0.0, 1.0]];
        assert_eq!(ranked(&rows), [vec![1, 2], vec![0, 2], vec![1, 0]]);
    }

    #[test]
    fn baselines_have_unit_length() {
        let picture = Squashed {
            width: 2,
            height: 2,
            rgb: (0..12).map(|n| n as f32 * 20.0).collect(),
        };
        for row in [colour_histogram(&picture), random_projection(&picture)] {
            let length: f32 = row.iter().map(|value| value * value).sum();
            assert!((length - 1.0).abs() < 1e-4);
        }
    }
}
