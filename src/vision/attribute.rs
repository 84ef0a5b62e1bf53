//! How a garment is cut and what is on its cloth.

use crate::point::softmax;
use serde::Serialize;

/// A group of values of which a garment has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its name in JavaScript.
    pub name: &'static str,
    /// Names of its values. The first of every group but `pattern` says that the question doesn't apply.
    pub values: &'static [&'static str],
}

/// The groups, in the order of the model's output.
pub const ATTRIBUTES: [Group; 5] = [
    Group {
        name: "sleeve",
        values: &["none-applies", "sleeveless", "short", "long"],
    },
    Group {
        name: "length",
        values: &["none-applies", "short", "medium", "long"],
    },
    Group {
        name: "neckline",
        values: &["none-applies", "round", "v", "collar", "boat", "hood"],
    },
    Group {
        name: "fit",
        values: &["none-applies", "slim", "regular", "loose"],
    },
    Group {
        name: "pattern",
        values: &["plain", "stripes", "checks", "dots", "floral", "print"],
    },
];

/// Where `pattern` stands among the groups.
pub(crate) const PATTERN: usize = 4;

/// Values of all groups together.
pub(crate) const ATTRIBUTE_VALUES: usize = 24;

/// What the model says of one group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Attribute {
    /// Name of the group.
    pub group: &'static str,
    /// Name of the value.
    pub name: &'static str,
    /// Its place among the group's values.
    pub value: u8,
    /// Its probability within the group.
    pub probability: f32,
}

impl Attribute {
    /// The likeliest value of each group; of two equally likely, the first.
    ///
    /// - `logits`: finite
    pub(crate) fn all(logits: &[f32; ATTRIBUTE_VALUES]) -> [Self; ATTRIBUTES.len()] {
        let mut rest = logits.as_slice();
        ATTRIBUTES.map(|group| {
            let (own, behind) = rest.split_at(group.values.len().min(rest.len()));
            rest = behind;
            let mut shares = own.to_vec();
            softmax(&mut shares);
            let (value, probability) = likeliest(&shares);
            Self {
                group: group.name,
                name: group.values.get(value).copied().unwrap_or_default(),
                value: value as u8,
                probability,
            }
        })
    }
}

/// Place and value of the largest number, the first of equal ones.
pub(crate) fn likeliest(shares: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for (place, &share) in shares.iter().enumerate() {
        if share > best.1 {
            best = (place, share);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_as_many_values_as_the_model_gives() {
        let values: usize = ATTRIBUTES.iter().map(|group| group.values.len()).sum();
        assert_eq!(values, ATTRIBUTE_VALUES);
        assert_eq!(ATTRIBUTES[PATTERN].name, "pattern");
    }

    #[test]
    fn each_group_has_its_own_likeliest_value() {
        let mut logits = [0.0; ATTRIBUTE_VALUES];
        (logits[3], logits[5], logits[23]) = (9.0, 9.0, 1.0);
        let found = Attribute::all(&logits);
        assert_eq!(
            found.map(|a| a.name),
            ["long", "short", "none-applies", "none-applies", "print"]
        );
        assert!(found[0].probability > 0.99);
        assert_eq!(found[2].probability, 1.0 / 6.0);
    }
}
