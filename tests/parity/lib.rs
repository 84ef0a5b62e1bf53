//! Seeded cases of every operator, for the fastest kernels against the scalar ones and for whatever else runs plans.
//!
//! `cargo test` runs the cases natively, where the fastest kernels have no SIMD. Those that a shopper's browser runs
//! are only in wasm: `./build.sh test` builds this crate with baseline and with relaxed SIMD, and
//! `tests/browser/parity.spec.ts` runs its cases in Chromium.

mod cases;
mod graph;
mod seeded;
#[cfg(target_family = "wasm")]
mod wasm;

pub use graph::{Example, Sink};

/// What has to hold, whatever runs the examples.
pub struct Case {
    /// The sentence that holds.
    pub name: &'static str,
    /// Makes the examples, one by one.
    pub examples: fn(&mut Sink),
}

/// Lists cases, and makes each a test where there is a test harness.
macro_rules! cases {
    ($($module:ident :: $case:ident,)*) => {
        /// All cases.
        pub const CASES: &[Case] = &[
            $(Case { name: stringify!($case), examples: cases::$module::$case },)*
        ];

        #[cfg(test)]
        mod tests {
            $(#[test]
            fn $case() {
                super::cases::$module::$case(&mut |example| example.check());
            })*
        }
    };
}

cases! {
    attention::attention_agrees_at_all_edges,
    attention::attention_agrees_where_heads_have_an_axis,
    attention::attention_over_long_texts_and_large_scores_agrees,
    products::products_agree_at_all_edges,
    products::every_activation_agrees_behind_a_product,
    products::dynamically_quantized_products_agree_at_all_edges,
    products::products_of_seven_bit_weights_agree_at_all_edges,
    products::products_of_the_largest_bytes_agree,
    products::statically_quantized_products_give_the_same_bytes,
    products::quantized_products_of_weights_given_at_run_time_give_the_same_bytes,
    convolutions::convolutions_with_weights_given_at_run_time_agree,
    convolutions::convolutions_with_channels_last_agree,
    convolutions::quantized_convolutions_with_channels_last_give_the_same_bytes,
    elementwise::functions_agree_on_all_magnitudes,
    elementwise::softmax_agrees_along_every_axis,
    elementwise::layer_normalization_is_what_it_is_defined_as_for_rows_of_every_length,
    elementwise::recurrent_layers_agree,
    elementwise::quantization_gives_the_same_bytes,
    elementwise::sums_of_bytes_agree_for_all_pairs_ties_among_them,
    arithmetic::functions_of_integers_and_truths_agree,
    arithmetic::arithmetic_agrees_on_all_pairs_of_edges,
    arithmetic::logic_and_equality_agree_on_bytes,
    arithmetic::casts_agree_between_all_types,
    arithmetic::roundings_to_narrow_floats_agree,
    moving::gathering_agrees_on_every_axis_and_from_the_end,
    moving::axes_move_as_they_do,
    moving::tensors_join_and_part_alike,
    moving::borders_and_repetitions_agree,
    moving::results_are_cut_where_their_count_says,
    windows::pools_agree,
    windows::integer_convolutions_give_the_same_sums,
    windows::channels_are_normalised_alike,
    windows::images_are_resized_alike,
    windows::pixels_are_looked_up_alike,
    windows::bytes_become_floats_alike,
    picking::every_reduction_agrees_along_any_axes,
    picking::lines_are_ordered_and_added_up_alike,
    picking::positions_and_scattered_rows_agree,
    picking::what_is_found_is_counted_alike,
    picking::boxes_are_suppressed_alike,
    retrieval::scans_find_the_rows_with_the_largest_scores,
    retrieval::scans_rank_scales_that_are_no_numbers,
    retrieval::sketches_estimate_alike,
}

#[cfg(test)]
#[test]
fn every_operator_has_examples() {
    // Its file says what operators are called.
    let names = include_str!("../../src/operators/op/name.rs")
        .split("=> \"")
        .skip(1);
    let mut names: std::collections::BTreeSet<&str> =
        names.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 100, "{names:?}");
    for case in CASES {
        (case.examples)(&mut |example| {
            names.remove(example.operator);
        });
    }
    assert!(names.is_empty(), "{names:?} have none");
}
