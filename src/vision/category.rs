//! What kinds of garment there are.

use serde::{Deserialize, Serialize};

/// A kind of garment, in the order of the model's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Category {
    Dress,
    Hat,
    Longsleeve,
    Outwear,
    Pants,
    Shirt,
    Shoes,
    Shorts,
    Skirt,
    TShirt,
}

impl Category {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// All, in the order of the model's output.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Dress,
        Self::Hat,
        Self::Longsleeve,
        Self::Outwear,
        Self::Pants,
        Self::Shirt,
        Self::Shoes,
        Self::Shorts,
        Self::Skirt,
        Self::TShirt,
    ];

    /// Its name in data sets and in JavaScript.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dress => "dress",
            Self::Hat => "hat",
            Self::Longsleeve => "longsleeve",
            Self::Outwear => "outwear",
            Self::Pants => "pants",
            Self::Shirt => "shirt",
            Self::Shoes => "shoes",
            Self::Shorts => "shorts",
            Self::Skirt => "skirt",
            Self::TShirt => "t-shirt",
        }
    }

    /// The category of that name, whatever its case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is worn on trunk, arms or legs, rather than on head or feet.
    #[must_use]
    pub fn covers_body(self) -> bool {
        !matches!(self, Self::Hat | Self::Shoes)
    }

    /// Whether it is worn in another's place: a dress in that of a top or of trousers.
    pub(crate) fn replaces(self, other: Self) -> bool {
        let covers_both = |kind| kind == Self::Dress;
        let is_over = |kind| kind == Self::Outwear;
        let body = self.covers_body() && other.covers_body();
        body && (covers_both(self) || covers_both(other)) && !is_over(self) && !is_over(other)
    }

    pub(crate) fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    #[test]
    fn a_dress_takes_the_place_of_top_and_trousers_but_not_of_a_coat() {
        use Category::{Dress, Hat, Outwear, Pants, Shirt, Shoes};
        for other in [Shirt, Pants, Dress] {
            assert!(Dress.replaces(other) && other.replaces(Dress), "{other:?}");
        }
        for (one, other) in [
            (Dress, Outwear),
            (Dress, Hat),
            (Shoes, Dress),
            (Shirt, Pants),
        ] {
            assert!(!one.replaces(other) && !other.replaces(one), "{one:?}");
        }
    }

    #[test]
    fn a_category_is_found_by_the_name_that_javascript_sees() {
        for (index, category) in Category::ALL.into_iter().enumerate() {
            assert_eq!(category as usize, index);
            assert_eq!(Category::from_name(category.name()), Some(category));
            let json = serde_json::to_string(&category).expect("a name");
            assert_eq!(json, format!("{:?}", category.name()));
        }
        assert_eq!(Category::from_name("T-Shirt"), Some(Category::TShirt));
        assert_eq!(Category::from_name("sock"), None);
    }
}
