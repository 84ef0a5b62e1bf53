//! What can be wrong with a model's output.

/// Why a model's output can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// Another number of values.
    #[error(
        "output {output:?} has {found} values, not {expected}: the model is not the one that this version reads; pack the shop again"
    )]
    Length {
        /// The output's name.
        output: &'static str,
        /// Its values.
        found: usize,
        /// Those it should have.
        expected: usize,
    },
    /// NaN or infinite.
    #[error(
        "output {output:?} holds a value that is not finite, at {at}: the model or its input is damaged"
    )]
    NotFinite {
        /// The output's name.
        output: &'static str,
        /// Index of the first such value.
        at: usize,
    },
}

/// Fails unless there are `expected` values, all finite.
pub(crate) fn check(
    output: &'static str,
    values: &[f32],
    expected: usize,
) -> Result<(), OutputError> {
    if values.len() != expected {
        return Err(OutputError::Length {
            output,
            found: values.len(),
            expected,
        });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(OutputError::NotFinite { output, at }),
        None => Ok(()),
    }
}
