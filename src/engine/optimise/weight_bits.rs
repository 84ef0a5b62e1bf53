//! How many bits a weight may keep.

use std::str::FromStr;

/// Bits of a weight of a dynamically quantized product with constant weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightBits {
    /// Weights stay as they are.
    #[default]
    Eight,
    /// A column that spans more than seven bits is quantized anew, in steps of its own; none is more than half a step
    /// from where it was. Columns that span seven bits, or fewer, stay as they are.
    Seven,
}

/// A number of bits that weights can't have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("weights can't have {found:?} bits: write 8, which leaves them as they are, or 7")]
pub struct UnknownWeightBits {
    /// As given.
    pub found: String,
}

impl FromStr for WeightBits {
    type Err = UnknownWeightBits;

    fn from_str(text: &str) -> Result<Self, UnknownWeightBits> {
        match text {
            "8" => Ok(Self::Eight),
            "7" => Ok(Self::Seven),
            _ => Err(UnknownWeightBits {
                found: text.to_owned(),
            }),
        }
    }
}
