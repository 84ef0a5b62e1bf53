//! Where on the body a garment is worn.

use nearshelf_vision::Category;

/// Places of garments, from behind to before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Trousers, shorts, skirts.
    Bottom,
    /// Shirts and whatever else ends at the hips.
    Top,
    /// Dresses.
    Dress,
    /// What is worn over all others.
    Outer,
}

impl Slot {
    /// All, from behind to before.
    pub const ALL: [Self; 4] = [Self::Bottom, Self::Top, Self::Dress, Self::Outer];

    /// Its name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bottom => "bottom",
            Self::Top => "top",
            Self::Dress => "dress",
            Self::Outer => "outer",
        }
    }

    /// The slot of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }

    /// Where a category is worn; none for hats and shoes, which are not tried on.
    pub const fn of(category: Category) -> Option<Self> {
        match category {
            Category::Dress => Some(Self::Dress),
            Category::Outwear => Some(Self::Outer),
            Category::Longsleeve | Category::Shirt | Category::TShirt => Some(Self::Top),
            Category::Pants | Category::Shorts | Category::Skirt => Some(Self::Bottom),
            Category::Hat | Category::Shoes => None,
        }
    }

    /// What can't be worn with it: a dress is a top and a bottom.
    pub const fn excludes(self) -> &'static [Self] {
        match self {
            Self::Dress => &[Self::Top, Self::Bottom],
            Self::Top | Self::Bottom => &[Self::Dress],
            Self::Outer => &[],
        }
    }

    /// The order in which garments are painted: a top that is tucked in lies behind the bottom.
    pub const fn painted(tucked_in: bool) -> [Self; 4] {
        if tucked_in {
            [Self::Top, Self::Bottom, Self::Dress, Self::Outer]
        } else {
            Self::ALL
        }
    }
}
