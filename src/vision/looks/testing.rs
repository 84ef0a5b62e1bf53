//! Looks to test with.

#![allow(clippy::expect_used)]

use super::{Look, Looks};
use crate::{Category, OkLab, Row, Swatch};

/// A look of a category, with an embedding of its category's own and equal shares of some `#rrggbb` colours.
pub(super) fn look(category: Category, colours: &[&str]) -> Look {
    let mut embedding = [0.0; 128];
    embedding[category as usize] = 1.0;
    Look {
        category,
        probability: 1.0,
        attributes: [0; 5],
        palette: colours
            .iter()
            .map(|hex| swatch(hex, 1.0 / colours.len() as f32))
            .collect(),
        embedding: Row::quantize(&embedding),
        kind: Some(category),
        shelf: 0,
        audience: None,
    }
}

/// Another embedding, nearer to the category's own the smaller `off` is.
pub(super) fn off(mut look: Look, off: f32) -> Look {
    let mut embedding = [0.0; 128];
    embedding[look.category as usize] = 1.0;
    embedding[100] = off;
    look.embedding = Row::quantize(&embedding);
    look
}

fn swatch(hex: &str, share: f32) -> Swatch {
    let part = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("#rrggbb");
    let share = (share * 255.0).round() / 255.0;
    Swatch {
        lab: OkLab::from_srgb([part(1), part(3), part(5)]),
        share,
    }
}

/// Looks by item.
pub(super) fn looks(of: &[(u32, Look)]) -> Looks {
    let mut looks = Looks::default();
    for (item, look) in of {
        looks.insert(*item, look);
    }
    looks
}
