//! The fastest kernels against the scalar ones on seeded cases.
//!
//! `cargo test` runs the cases natively, where the fastest kernels have no SIMD. Those that a shopper's browser runs
//! are only in wasm: `./build.sh test` builds this crate with baseline and with relaxed SIMD, and
//! `tests/browser/parity.spec.ts` runs its cases in Chromium.

mod cases;
mod graph;
mod seeded;
#[path = "../../src/engine/kernels/tolerance.rs"]
mod tolerance;
#[cfg(target_family = "wasm")]
mod wasm;

/// What has to hold for both kernel sets.
pub struct Case {
    /// The sentence that holds.
    pub name: &'static str,
    /// Panics where it doesn't.
    pub check: fn(),
}

/// Lists cases, and makes each a test where there is a test harness.
macro_rules! cases {
    ($($module:ident :: $case:ident,)*) => {
        /// All cases.
        pub const CASES: &[Case] = &[
            $(Case { name: stringify!($case), check: cases::$module::$case },)*
        ];

        #[cfg(test)]
        mod tests {
            $(#[test]
            fn $case() {
                super::cases::$module::$case();
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
    convolutions::convolutions_with_weights_given_at_run_time_agree,
    convolutions::convolutions_with_channels_last_agree,
    convolutions::quantized_convolutions_with_channels_last_give_the_same_bytes,
    elementwise::functions_agree_on_all_magnitudes,
    elementwise::softmax_agrees_along_every_axis,
    elementwise::layer_normalization_is_what_it_is_defined_as_for_rows_of_every_length,
    elementwise::recurrent_layers_agree,
    elementwise::quantization_gives_the_same_bytes,
    elementwise::sums_of_bytes_agree_for_all_pairs_ties_among_them,
}
