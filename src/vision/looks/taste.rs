//! Which colours a shopper looks at.

use super::{Look, Looks};
use crate::ColourName;
use std::collections::HashSet;

/// What an item counts beside the one viewed after it.
const FADES: f32 = 0.9;
/// Most items that count: older ones weigh next to nothing.
const MOST_VIEWED: usize = 50;
/// Fewest items of a colour that say it is liked.
const FEWEST: usize = 2;
/// Least part of what was viewed.
const LEAST_SHARE: f32 = 0.25;
/// How many times as often as the shop has it: who looks at white in a shop of white has no taste for white.
const LIFT: f32 = 1.5;

/// The colours that a shopper looks at more than the shop shows them. Computed where it is used and kept nowhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taste {
    colours: Vec<(ColourName, f32)>,
}

impl Taste {
    /// Colours that are liked and their part of what was viewed, most liked first.
    #[must_use]
    pub fn colours(&self) -> &[(ColourName, f32)] {
        &self.colours
    }

    /// The liked colour that a look's largest colour is: "matches the blues you like".
    #[must_use]
    pub fn reason(&self, look: &Look) -> Option<ColourName> {
        let colour = look.colour()?;
        self.colours
            .iter()
            .any(|(liked, _)| *liked == colour)
            .then_some(colour)
    }
}

impl Looks {
    /// The taste of a shopper.
    ///
    /// - `viewed`: items, the last viewed first; again and again viewed ones count once, those without a look not at all
    #[must_use]
    pub fn taste(&self, viewed: &[u32]) -> Taste {
        let mut seen = HashSet::new();
        let rows = viewed.iter().filter(|item| seen.insert(**item));
        let colours = rows.filter_map(|item| self.colour(self.row_of(*item)?));
        let mut shares = [0.0; ColourName::COUNT];
        let mut counts = [0; ColourName::COUNT];
        let (mut weight, mut all) = (1.0, 0.0);
        for colour in colours.take(MOST_VIEWED) {
            shares[colour as usize] += weight;
            counts[colour as usize] += 1;
            all += weight;
            weight *= FADES;
        }
        if all == 0.0 {
            return Taste::default();
        }
        let usual = self.colour_shares();
        let liked = ColourName::all().filter_map(|colour| {
            let (share, count) = (shares[colour as usize] / all, counts[colour as usize]);
            let more = share >= LIFT * usual[colour as usize];
            (count >= FEWEST && share >= LEAST_SHARE && more).then_some((colour, share))
        });
        let mut colours: Vec<_> = liked.collect();
        colours.sort_by(|one, other| other.1.total_cmp(&one.1));
        Taste { colours }
    }

    /// The part of the catalogue's looks that each colour is the largest of.
    fn colour_shares(&self) -> [f32; ColourName::COUNT] {
        let mut shares = [0.0; ColourName::COUNT];
        for colour in (0..self.len()).filter_map(|row| self.colour(row)) {
            shares[colour as usize] += 1.0 / self.len() as f32;
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{look, looks};
    use super::*;
    use crate::Category;

    const BLUE: &str = "#2f6fd0";
    const RED: &str = "#c81e26";

    /// Items 0..2 are blue, 2..4 red, 4..10 white, 10 without a palette.
    fn shelf() -> Looks {
        let of = |item| match item {
            0..2 => look(Category::Hat, &[BLUE]),
            2..4 => look(Category::Hat, &[RED]),
            4..10 => look(Category::Hat, &["#ffffff"]),
            _ => look(Category::Hat, &[]),
        };
        looks(&(0..=10).map(|item| (item, of(item))).collect::<Vec<_>>())
    }

    #[test]
    fn who_looks_at_blues_likes_blue() {
        let taste = shelf().taste(&[0, 4, 1]);
        assert_eq!(taste.colours().len(), 1);
        assert_eq!(
            taste.reason(&look(Category::Dress, &["#5b8fc9", RED])),
            Some(ColourName::Blue)
        );
        assert_eq!(taste.reason(&look(Category::Dress, &[RED, BLUE])), None);
        assert_eq!(taste.reason(&look(Category::Dress, &[])), None);
    }

    #[test]
    fn one_item_is_no_taste_however_often_it_is_viewed() {
        assert_eq!(shelf().taste(&[0, 0, 0, 0]), Taste::default());
    }

    #[test]
    fn what_the_shop_has_most_of_is_no_taste() {
        assert_eq!(shelf().taste(&[4, 5, 0, 6]).colours(), []);
    }

    #[test]
    fn colours_seen_later_count_more() {
        let found = shelf().taste(&[2, 3, 0, 1]);
        let names: Vec<_> = found.colours().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [ColourName::Red, ColourName::Blue]);
    }

    #[test]
    fn nothing_viewed_is_no_taste() {
        assert_eq!(shelf().taste(&[]), Taste::default());
        assert_eq!(shelf().taste(&[10, 77]), Taste::default());
        assert_eq!(Looks::default().taste(&[1, 2]), Taste::default());
    }
}
