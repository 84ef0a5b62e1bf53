//! What goes with a garment.

use super::{Audience, Harmony, Look, Looks, harmony_of};
use crate::{Category, attribute::PATTERN};
use serde::Serialize;

/// Two patterns side by side compete.
const TWO_PATTERNS: f32 = 0.7;
/// How well what is made for other people goes with anything.
const FOR_OTHERS: f32 = 0.3;
/// How well colours go where one picture has no palette.
const NO_PALETTE: f32 = 0.5;
/// Most of one kind, as a part of the list.
const MOST_OF_A_KIND: usize = 3;

/// An item that goes with another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Companion {
    /// Its number.
    pub item: u32,
    /// The higher, the better they go together, 0..1.
    pub score: f32,
    /// The kind of garment that it is, if of any that the model tells.
    pub kind: Option<Category>,
    /// How their colours go together, where both pictures have a palette.
    pub harmony: Option<Harmony>,
}

impl Looks {
    /// Other kinds of garment that go with `to` in kind, colour and pattern, best first; of equally good ones, the first of
    /// the catalogue. No kind fills more than a third of the list, but for two of each, and on the body where there is no
    /// other. `on_body` leaves out what is worn on head or feet, is no garment, or would take the place of `to`.
    #[must_use]
    pub fn goes_with(
        &self,
        to: &Look,
        top_k: usize,
        except: &[u32],
        on_body: bool,
    ) -> Vec<Companion> {
        let fits_on =
            |kind: Category| kind.covers_body() && !to.kind.is_some_and(|worn| worn.replaces(kind));
        let is_asked = |row: &usize| !on_body || self.kinds[*row].is_some_and(fits_on);
        let mut found: Vec<Companion> = (0..self.len())
            .filter(|row| !except.contains(&self.items[*row]) && !self.is_picture_of(*row, to))
            .filter(is_asked)
            .map(|row| self.companion(row, to))
            .filter(|companion| companion.score > 0.0)
            .collect();
        found.sort_by(|one, other| {
            other
                .score
                .total_cmp(&one.score)
                .then(one.item.cmp(&other.item))
        });
        let most = (top_k / MOST_OF_A_KIND).max(2);
        let mut of_kind = [0; Category::COUNT + 1];
        let (mut found, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|companion| {
            let count = &mut of_kind[companion.kind.map_or(Category::COUNT, |kind| kind as usize)];
            *count += 1;
            *count <= most
        });
        // Over a dress there are coats or nothing.
        if on_body {
            found.extend(others);
        }
        found.truncate(top_k);
        found
    }

    fn companion(&self, row: usize, to: &Look) -> Companion {
        let kind = self.kinds[row];
        let beside = to.shelf != 0 && to.shelf == self.shelves[row];
        let kinds = if beside {
            0.0
        } else {
            self.companions.of(to.kind, kind)
        };
        let for_others = Audience::differ(self.audiences[row], to.audience);
        let people = if for_others { FOR_OTHERS } else { 1.0 };
        let harmony = harmony_of(&to.palette, self.palette(row));
        let patterned = self.attributes[row][PATTERN] != 0;
        let patterns = if patterned && to.patterned() {
            TWO_PATTERNS
        } else {
            1.0
        };
        let colours = harmony.map_or(NO_PALETTE, |(_, score)| score);
        Companion {
            item: self.items[row],
            score: kinds * colours * patterns * people,
            kind,
            harmony: harmony.map(|(kind, _)| kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{look, looks};
    use super::super::{Filed, Named};
    use super::*;

    fn items(found: &[Companion]) -> Vec<u32> {
        found.iter().map(|companion| companion.item).collect()
    }

    #[test]
    fn a_shirt_goes_with_trousers_in_harmony_and_never_with_a_shirt() {
        let shelf = looks(&[
            (1, look(Category::Pants, &["#2f8f3f"])),
            (2, look(Category::Pants, &["#1b2547"])),
            (3, look(Category::TShirt, &["#1b2547"])),
            (4, look(Category::Hat, &["#1b2547"])),
        ]);
        let found = shelf.goes_with(&look(Category::Shirt, &["#e8772a"]), 10, &[], false);
        assert_eq!(
            items(&found),
            [2, 4, 1],
            "colours that clash cost more than a lesser kind"
        );
        assert_eq!(found[0].harmony, Some(Harmony::Neutral));
    }

    #[test]
    fn two_patterns_go_worse_than_one() {
        let striped = |category| Look {
            attributes: [0, 0, 0, 0, 1],
            ..look(category, &["#101010"])
        };
        let shelf = looks(&[
            (1, striped(Category::Pants)),
            (2, look(Category::Pants, &["#101010"])),
        ]);
        assert_eq!(
            items(&shelf.goes_with(&striped(Category::Shirt), 10, &[], false)),
            [2, 1]
        );
        let plain = look(Category::Shirt, &["#101010"]);
        assert_eq!(items(&shelf.goes_with(&plain, 10, &[], false)), [1, 2]);
    }

    #[test]
    fn no_kind_fills_the_list() {
        let pants = (0..20).map(|item| (item, look(Category::Pants, &["#101010"])));
        let mut all: Vec<_> = pants.collect();
        all.push((99, look(Category::Hat, &["#101010"])));
        let shelf = looks(&all);
        let shirt = look(Category::Shirt, &["#ffffff"]);
        assert_eq!(
            items(&shelf.goes_with(&shirt, 9, &[0], false)),
            [1, 2, 3, 99]
        );
        assert_eq!(items(&shelf.goes_with(&shirt, 1, &[], false)), [0]);
    }

    #[test]
    fn what_the_model_does_not_know_goes_with_clothes_but_is_not_put_on_the_body() {
        let bag = |shelf| {
            let taken_for_a_skirt = look(Category::Skirt, &["#101010"]);
            taken_for_a_skirt.filed(Filed {
                shelf,
                named: Some(Named::Other),
                audience: None,
            })
        };
        let shelf = looks(&[
            (1, bag(5)),
            (2, look(Category::Hat, &["#101010"])),
            (3, look(Category::Pants, &["#101010"])),
        ]);
        let shirt = look(Category::Shirt, &["#ffffff"]);
        let all = shelf.goes_with(&shirt, 10, &[], false);
        assert_eq!(items(&all), [3, 2, 1]);
        let on_body = shelf.goes_with(&shirt, 10, &[], true);
        assert_eq!(items(&on_body), [3]);
        let other_bag = Look {
            embedding: shirt.embedding,
            ..bag(5)
        };
        let found = shelf.goes_with(&other_bag, 10, &[], false);
        assert_eq!(items(&found), [2, 3], "not what is filed beside it");
    }

    #[test]
    fn on_the_body_nothing_goes_with_a_dress_that_takes_its_place() {
        let shelf = looks(&[
            (1, look(Category::Pants, &["#101010"])),
            (2, look(Category::TShirt, &["#101010"])),
            (3, look(Category::Outwear, &["#101010"])),
            (4, look(Category::Outwear, &["#101010"])),
            (5, look(Category::Outwear, &["#101010"])),
        ]);
        let dress = look(Category::Dress, &["#ffffff"]);
        assert_eq!(items(&shelf.goes_with(&dress, 6, &[], true)), [3, 4, 5]);
        assert_eq!(items(&shelf.goes_with(&dress, 2, &[], true)), [3, 4]);
    }

    #[test]
    fn what_is_made_for_other_people_comes_last() {
        let pants = |audience| {
            let pants = look(Category::Pants, &["#101010"]);
            pants.filed(Filed {
                shelf: 0,
                named: None,
                audience,
            })
        };
        let shelf = looks(&[
            (1, pants(Some(Audience::Children))),
            (2, pants(None)),
            (3, pants(Some(Audience::Women))),
        ]);
        let shirt = look(Category::Shirt, &["#ffffff"]).filed(Filed {
            shelf: 0,
            named: None,
            audience: Some(Audience::Women),
        });
        assert_eq!(items(&shelf.goes_with(&shirt, 10, &[], true)), [2, 3, 1]);
    }

    #[test]
    fn pictures_without_a_palette_go_by_kind() {
        let shelf = looks(&[
            (1, look(Category::Pants, &[])),
            (2, look(Category::Hat, &[])),
        ]);
        let found = shelf.goes_with(&look(Category::Shirt, &[]), 10, &[], false);
        assert_eq!(items(&found), [1, 2]);
        assert_eq!(found[0].harmony, None);
    }
}
