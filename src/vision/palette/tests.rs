#![allow(clippy::expect_used)]

use super::*;
use proptest::prelude::*;

/// A picture of 160 × 160 pixels and a mask of 80 × 80 cells.
fn drawn(
    colour: impl Fn(usize, usize) -> [f32; 3],
    inside: impl Fn(usize, usize) -> bool,
) -> (Squashed, Mask) {
    let picture = Squashed {
        width: 160,
        height: 160,
        rgb: (0..160 * 160)
            .flat_map(|at| colour(at / 160, at % 160))
            .collect(),
    };
    let logits = (0..80 * 80).map(|at| if inside(at / 80, at % 80) { 1.0 } else { -1.0 });
    (
        picture,
        Mask::new(80, 80, logits.collect()).expect("a mask"),
    )
}

#[test]
fn two_halves_are_two_colours_and_what_lies_outside_is_none() {
    let (picture, mask) = drawn(
        |_, x| {
            if x < 100 {
                [200.0, 30.0, 30.0]
            } else {
                [40.0, 100.0, 200.0]
            }
        },
        |row, column| (20..60).contains(&row) && (20..60).contains(&column),
    );
    let found = palette(&picture, &mask);
    assert_eq!(
        found.iter().map(Swatch::name).collect::<Vec<_>>(),
        [ColourName::Red, ColourName::Blue]
    );
    assert_eq!(found[0].lab.to_srgb(), [200, 30, 30]);
    assert!(
        (found[0].share - 0.76).abs() < 0.02
            && (found[0].share + found[1].share - 1.0).abs() < 1e-6
    );
}

#[test]
fn folds_are_no_colour_of_their_own() {
    let (picture, mask) = drawn(
        |_, x| {
            if x % 16 < 6 {
                [175.0, 25.0, 25.0]
            } else {
                [200.0, 30.0, 30.0]
            }
        },
        |_, _| true,
    );
    let found = palette(&picture, &mask);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0].lab.to_srgb(),
        [200, 30, 30],
        "the lit half says the colour"
    );
}

#[test]
fn a_garment_of_a_few_cells_has_no_palette() {
    let (picture, mask) = drawn(|_, _| [9.0; 3], |row, column| row < 3 && column < 5);
    assert_eq!(palette(&picture, &mask), []);
    let (picture, mask) = drawn(|_, _| [9.0; 3], |row, column| row < 2 && column < 8);
    assert_eq!(
        palette(&picture, &mask).len(),
        1,
        "a thin one has, of all its cells"
    );
}

#[test]
fn pixels_that_are_no_numbers_do_no_harm() {
    let (picture, mask) = drawn(
        |_, x| {
            if x < 80 {
                [f32::NAN; 3]
            } else {
                [f32::INFINITY; 3]
            }
        },
        |_, _| true,
    );
    assert!(palette(&picture, &mask).len() <= 5);
}

#[test]
fn a_mask_finer_than_the_picture_is_read_all_the_same() {
    let picture = Squashed {
        width: 3,
        height: 2,
        rgb: vec![255.0; 18],
    };
    let mask = Mask::new(8, 8, vec![1.0; 64]).expect("a mask");
    assert_eq!(palette(&picture, &mask)[0].name(), ColourName::White);
}

#[test]
fn a_swatch_is_written_with_its_names() {
    let swatch = Swatch {
        lab: OkLab::from_srgb([27, 37, 71]),
        share: 1.0,
    };
    let json = serde_json::to_value(swatch).expect("plain data");
    assert_eq!(
        json,
        serde_json::json!({"hex": "#1b2547", "share": 1.0, "name": "navy", "chinese": "藏青色"})
    );
}

proptest! {
    #[test]
    fn shares_of_any_picture_fall_and_are_one_together(colours: [[u8; 3]; 7], period in 1_usize..40) {
        let (picture, mask) = drawn(|y, x| colours[(x / period + y) % 7].map(f32::from), |_, _| true);
        let found = palette(&picture, &mask);
        prop_assert!((1..=5).contains(&found.len()));
        prop_assert!(found.is_sorted_by(|a, b| a.share >= b.share));
        prop_assert!((found.iter().map(|s| s.share).sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
