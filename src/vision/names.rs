//! What people call colours.

use crate::OkLab;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Name of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ColourName {
    Black,
    Grey,
    White,
    Beige,
    Brown,
    Red,
    Orange,
    Yellow,
    Olive,
    Green,
    Teal,
    Blue,
    Navy,
    Purple,
    Pink,
}

/// Name, English, 简体中文, and sRGB prototypes: a colour is called after the nearest.
type Known = (ColourName, &'static str, &'static str, &'static [[u8; 3]]);

const KNOWN: [Known; ColourName::COUNT] = [
    (
        ColourName::Black,
        "black",
        "黑色",
        &[[0x0c, 0x0c, 0x0d], [0x1f, 0x1f, 0x22]],
    ),
    (
        ColourName::Grey,
        "grey",
        "灰色",
        &[[0x4a, 0x4a, 0x4d], [0x80, 0x80, 0x80], [0xb4, 0xb4, 0xb4]],
    ),
    (
        ColourName::White,
        "white",
        "白色",
        &[[0xf8, 0xf8, 0xf6], [0xe6, 0xe4, 0xe0]],
    ),
    (
        ColourName::Beige,
        "beige",
        "米色",
        &[[0xd9, 0xc8, 0xa9], [0xc2, 0xae, 0x8e]],
    ),
    (
        ColourName::Brown,
        "brown",
        "棕色",
        &[[0x5b, 0x3a, 0x21], [0x86, 0x55, 0x2e], [0x3d, 0x28, 0x1a]],
    ),
    (
        ColourName::Red,
        "red",
        "红色",
        &[[0xc8, 0x1e, 0x26], [0x8c, 0x16, 0x20]],
    ),
    (
        ColourName::Orange,
        "orange",
        "橙色",
        &[[0xe8, 0x77, 0x2a], [0xf2, 0x9b, 0x4b]],
    ),
    (
        ColourName::Yellow,
        "yellow",
        "黄色",
        &[[0xf2, 0xcf, 0x3a], [0xd6, 0xb0, 0x21], [0xf3, 0xe5, 0x8e]],
    ),
    (
        ColourName::Olive,
        "olive",
        "橄榄色",
        &[[0x6b, 0x6b, 0x2f], [0x8a, 0x8a, 0x4a]],
    ),
    (
        ColourName::Green,
        "green",
        "绿色",
        &[[0x2f, 0x8f, 0x3f], [0x1f, 0x4d, 0x2b], [0x8f, 0xce, 0x7a]],
    ),
    (
        ColourName::Teal,
        "teal",
        "青色",
        &[[0x1f, 0x8a, 0x8a], [0x5c, 0xc4, 0xc0]],
    ),
    (
        ColourName::Blue,
        "blue",
        "蓝色",
        &[
            [0x2f, 0x6f, 0xd0],
            [0x5b, 0x8f, 0xc9],
            [0xa3, 0xc7, 0xec],
            [0x1a, 0x2b, 0xe6],
        ],
    ),
    (
        ColourName::Navy,
        "navy",
        "藏青色",
        &[[0x1b, 0x25, 0x47], [0x2a, 0x3a, 0x66]],
    ),
    (
        ColourName::Purple,
        "purple",
        "紫色",
        &[[0x6b, 0x3f, 0xa0], [0xa0, 0x7c, 0xc9], [0x43, 0x25, 0x5e]],
    ),
    (
        ColourName::Pink,
        "pink",
        "粉色",
        &[[0xe8, 0x8b, 0xb0], [0xf4, 0xc3, 0xd0], [0xd0, 0x41, 0x7f]],
    ),
];

static PROTOTYPES: LazyLock<Vec<(OkLab, ColourName)>> = LazyLock::new(|| {
    KNOWN
        .iter()
        .flat_map(|(name, _, _, colours)| {
            colours
                .iter()
                .map(|colour| (OkLab::from_srgb(*colour), *name))
        })
        .collect()
});

impl ColourName {
    /// How many there are.
    pub const COUNT: usize = 15;

    /// All names.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|(name, ..)| *name)
    }

    /// In English, and in JavaScript.
    #[must_use]
    pub fn name(self) -> &'static str {
        KNOWN[self as usize].1
    }

    /// In 简体中文.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        KNOWN[self as usize].2
    }

    /// The name of the nearest prototype, the first of equally near ones.
    #[must_use]
    pub fn of(colour: OkLab) -> Self {
        let mut best = (f32::INFINITY, Self::Black);
        for (prototype, name) in PROTOTYPES.iter() {
            let apart = colour.distance(*prototype);
            if apart < best.0 {
                best = (apart, *name);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    #[test]
    fn names_stand_at_their_place_and_their_prototypes_are_called_after_them() {
        for (place, (name, english, _, colours)) in KNOWN.iter().enumerate() {
            assert_eq!(*name as usize, place);
            assert_eq!(serde_json::to_value(name).expect("a name"), *english);
            for colour in *colours {
                assert_eq!(OkLab::from_srgb(*colour).name(), *name, "{colour:?}");
            }
        }
    }

    #[test]
    fn blues_are_blue_and_violets_purple_however_lively_they_are() {
        use ColourName::{Blue, Navy, Purple};
        for (rgb, name) in [
            ([0x00, 0x00, 0xff], Blue),
            ([0x1c, 0x39, 0xbb], Blue),
            ([0x00, 0x47, 0xab], Blue),
            ([0x41, 0x69, 0xe1], Blue),
            ([0x00, 0x00, 0x80], Navy),
            ([0x80, 0x00, 0xff], Purple),
            ([0x4b, 0x00, 0x82], Purple),
        ] {
            assert_eq!(OkLab::from_srgb(rgb).name(), name, "{rgb:?}");
        }
    }

    #[test]
    fn a_colour_that_is_no_number_still_has_a_name() {
        let nan = OkLab {
            l: f32::NAN,
            a: 0.0,
            b: 0.0,
        };
        assert_eq!(nan.name(), ColourName::Black);
    }
}
