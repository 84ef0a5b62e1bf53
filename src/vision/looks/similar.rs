//! What looks similar.

use super::{Audience, Look, Looks};
use crate::{Category, ColourName, Swatch, garment::dot};
use serde::{Deserialize, Serialize};

/// What a palette one apart in OKLab costs, as a cosine. Chosen on the validation photos of clothing-dataset-small, as
/// the next: by class and colour lists get better up to here, by class alone they get worse all the way.
const COLOUR: f32 = 1.0;
/// What another category costs: the catalogue's, where both items are in one, else another kind.
const CATEGORY: f32 = 0.3;
/// What being made for other people costs: for men, say, where the other is for children.
const AUDIENCE: f32 = 0.15;
/// Palettes nearer than this are of the same colour, whatever they are called.
const ANOTHER: f32 = 0.1;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// Alike in cut, cloth and colour.
    Similar,
    /// Alike in all but colour, and nothing of another category.
    AnotherColour,
}

/// An item that was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Match {
    /// Its number.
    pub item: u32,
    /// The higher, the more alike; 1 at most.
    pub score: f32,
    /// The kind of garment that it is, if of any that the model tells.
    pub kind: Option<Category>,
    /// Its largest colour, where it has a palette.
    pub colour: Option<ColourName>,
}

impl Looks {
    /// The items that look most like `to`, best first; of equally good ones, the first of the catalogue. Those in `except`
    /// and those whose picture is the asked one are left out.
    #[must_use]
    pub fn similar(
        &self,
        to: &Look,
        likeness: Likeness,
        top_k: usize,
        except: &[u32],
    ) -> Vec<Match> {
        let mut found: Vec<(f32, usize)> = (0..self.len())
            .filter(|row| !except.contains(&self.items[*row]) && !self.is_picture_of(*row, to))
            .filter_map(|row| Some((self.likeness(row, to, likeness)?, row)))
            .collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        found.truncate(top_k);
        let matches = found.into_iter().map(|(score, row)| Match {
            item: self.items[row],
            score,
            kind: self.kinds[row],
            colour: self.colour(row),
        });
        matches.collect()
    }

    /// Variants of a product often share a picture: it looks like itself, which helps nobody.
    pub(super) fn is_picture_of(&self, row: usize, look: &Look) -> bool {
        look.embedding.scale == self.scales[row] && look.embedding.values == self.embedding(row)
    }

    fn likeness(&self, row: usize, to: &Look, likeness: Likeness) -> Option<f32> {
        let product = dot(self.embedding(row), &to.embedding.values) as f32;
        let cosine = (product * self.scales[row] * to.embedding.scale).min(1.0);
        let apart = palettes_apart(self.palette(row), &to.palette);
        let other = match (to.shelf, self.shelves[row]) {
            (0, _) | (_, 0) => self.kinds[row] != to.kind,
            (asked, found) => found != asked,
        };
        let for_others = Audience::differ(self.audiences[row], to.audience);
        let cosine = cosine - if for_others { AUDIENCE } else { 0.0 };
        match likeness {
            Likeness::Similar => {
                let category = if other { CATEGORY } else { 0.0 };
                Some(cosine - category - COLOUR * apart.unwrap_or(0.0))
            }
            Likeness::AnotherColour => {
                let another = apart? >= ANOTHER && self.colour(row) != to.colour();
                (another && !other).then_some(cosine)
            }
        }
    }
}

/// How far apart two palettes are: the mean way of each one's colours to the nearest of the other, by share. None where
/// one is empty.
pub(super) fn palettes_apart(one: &[Swatch], other: &[Swatch]) -> Option<f32> {
    let way = |from: &[Swatch], to: &[Swatch]| {
        let nearest = |swatch: &Swatch| {
            let apart = to.iter().map(|other| swatch.lab.distance(other.lab));
            swatch.share * apart.fold(f32::INFINITY, f32::min)
        };
        let shares: f32 = from.iter().map(|swatch| swatch.share).sum();
        from.iter().map(nearest).sum::<f32>() / shares
    };
    let neither_empty = !one.is_empty() && !other.is_empty();
    neither_empty.then(|| f32::midpoint(way(one, other), way(other, one)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::super::testing::{look, looks, off};
    use super::super::{Filed, Named};
    use super::*;

    const RED: &str = "#c81e26";
    const NAVY: &str = "#1b2547";

    fn items(matches: &[Match]) -> Vec<u32> {
        matches.iter().map(|found| found.item).collect()
    }

    #[test]
    fn the_most_alike_come_first_and_colours_count() {
        let shelf = looks(&[
            (1, off(look(Category::Shirt, &[NAVY]), 0.1)),
            (2, off(look(Category::Shirt, &[RED]), 0.1)),
            (3, off(look(Category::Hat, &[RED]), 0.1)),
        ]);
        let asked = look(Category::Shirt, &[RED]);
        let found = shelf.similar(&asked, Likeness::Similar, 10, &[]);
        assert_eq!(items(&found), [2, 1, 3]);
        assert_eq!(
            (found[1].kind, found[1].colour),
            (Some(Category::Shirt), Some(ColourName::Navy))
        );
        assert_eq!(
            items(&shelf.similar(&asked, Likeness::Similar, 1, &[2])),
            [1]
        );
        assert_eq!(shelf.similar(&asked, Likeness::Similar, 0, &[]), []);
    }

    #[test]
    fn what_the_catalogue_files_together_is_nearer_than_what_the_model_calls_the_same() {
        let filed = |look: Look, shelf, named| {
            look.filed(Filed {
                shelf,
                named,
                audience: None,
            })
        };
        let bag = |off_by, shelf| {
            let taken_for_shoes = off(look(Category::Shoes, &[RED]), off_by);
            filed(taken_for_shoes, shelf, Some(Named::Other))
        };
        let shelf = looks(&[
            (1, filed(off(look(Category::Shoes, &[RED]), 0.1), 4, None)),
            (2, bag(0.3, 9)),
            (3, bag(0.2, 0)),
        ]);
        let found = shelf.similar(&bag(0.0, 9), Likeness::Similar, 10, &[]);
        assert_eq!(
            items(&found),
            [3, 2, 1],
            "what is in no category goes by its kind"
        );
        let photo = look(Category::Shoes, &[RED]);
        let found = shelf.similar(&photo, Likeness::Similar, 10, &[]);
        assert_eq!(items(&found)[0], 1, "a photo goes by its kind");
    }

    #[test]
    fn what_is_for_the_same_people_comes_first() {
        let of = |audience| {
            let shirt = off(look(Category::Shirt, &[RED]), 0.1);
            shirt.filed(Filed {
                shelf: 1,
                named: None,
                audience,
            })
        };
        let [men, kids] = [Audience::Men, Audience::Children].map(Some);
        let shelf = looks(&[(1, of(kids)), (2, of(None)), (3, of(men))]);
        let asked = Look {
            embedding: look(Category::Shirt, &[]).embedding,
            ..of(men)
        };
        let found = shelf.similar(&asked, Likeness::Similar, 10, &[]);
        assert_eq!(items(&found), [2, 3, 1]);
    }

    #[test]
    fn another_colour_is_no_shade_of_the_same() {
        let shelf = looks(&[
            (1, off(look(Category::Shirt, &["#a8182a"]), 0.01)),
            (2, off(look(Category::Shirt, &[NAVY]), 0.3)),
            (3, off(look(Category::Shirt, &[]), 0.1)),
            (4, look(Category::Hat, &[NAVY])),
        ]);
        let found = shelf.similar(
            &look(Category::Shirt, &[RED]),
            Likeness::AnotherColour,
            10,
            &[],
        );
        assert_eq!(
            items(&found),
            [2],
            "what has no palette is of no known colour, and a hat is no shirt"
        );
    }

    #[test]
    fn a_picture_is_not_like_itself() {
        let shirt = look(Category::Shirt, &[RED]);
        let shelf = looks(&[
            (1, shirt.clone()),
            (2, shirt.clone()),
            (3, off(shirt.clone(), 0.2)),
        ]);
        assert_eq!(
            items(&shelf.similar(&shirt, Likeness::Similar, 10, &[])),
            [3]
        );
    }

    #[test]
    fn no_shelf_has_nothing_alike() {
        let shirt = look(Category::Shirt, &[RED]);
        assert_eq!(
            Looks::default().similar(&shirt, Likeness::Similar, 10, &[]),
            []
        );
    }

    #[test]
    fn palettes_are_as_far_apart_either_way() {
        let [one, other] =
            [&[RED, NAVY][..], &[RED]].map(|colours| look(Category::Hat, colours).palette);
        let apart = palettes_apart(&one, &other).expect("two palettes");
        assert_eq!(palettes_apart(&other, &one), Some(apart));
        assert!(apart > 0.0 && palettes_apart(&one, &one) == Some(0.0));
        assert_eq!(palettes_apart(&one, &[]), None);
    }
}
