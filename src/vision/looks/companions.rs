//! Which kinds of garment are worn together.

use super::{Looks, byte};
use crate::Category;

/// Pairs that rules weigh as much as: so many are needed before what was bought says more than they do.
const RULES_COUNT: f32 = 20.0;

/// How well what is of no such kind, a bag or a watch, goes with anything that is not filed beside it.
const ACCESSORY: f32 = 0.4;

/// How well each kind goes with each other, symmetrical, in steps of 1/255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companions {
    steps: [[u8; Category::COUNT]; Category::COUNT],
}

/// Where a garment is worn: two of a place are worn instead of each other, not together.
#[derive(PartialEq, Clone, Copy)]
enum Place {
    Body,
    Top,
    Over,
    Legs,
    Feet,
    Head,
}

fn place(category: Category) -> Place {
    match category {
        Category::Dress => Place::Body,
        Category::Longsleeve | Category::Shirt | Category::TShirt => Place::Top,
        Category::Outwear => Place::Over,
        Category::Pants | Category::Shorts | Category::Skirt => Place::Legs,
        Category::Shoes => Place::Feet,
        Category::Hat => Place::Head,
    }
}

/// How well two kinds go together, where nobody has bought any.
fn rule(one: Category, other: Category) -> f32 {
    use Place::{Body, Feet, Head, Legs, Over, Top};
    let season = |category| match category {
        Category::Shorts => Some(true),
        Category::Outwear => Some(false),
        _ => None,
    };
    let clash = match (season(one), season(other)) {
        (Some(a), Some(b)) if a != b => 0.4,
        _ => 1.0,
    };
    clash
        * match (place(one), place(other)) {
            (a, b) if a == b => 0.0,
            (Body, Top | Legs) | (Top | Legs, Body) => 0.1,
            (Top, Legs) | (Legs, Top) => 1.0,
            (Body, Over | Feet) | (Over | Feet, Body) => 0.9,
            (Over, Top | Legs) | (Top | Legs, Over) => 0.8,
            (Feet, Top | Legs | Over) | (Top | Legs | Over, Feet) => 0.7,
            (Head, _) | (_, Head) => 0.5,
            _ => 0.0,
        }
}

impl Default for Companions {
    /// By rules: a top with legs, a dress with shoes and a coat, no two of one place.
    fn default() -> Self {
        Self {
            steps: Category::ALL.map(|one| Category::ALL.map(|other| byte(rule(one, other)))),
        }
    }
}

impl Companions {
    /// Learns from items that were bought together how much more often kinds are than if they were bought at random, held
    /// towards the rules as long as pairs are few. Items without a look say nothing.
    ///
    /// - `pairs`: two items and how often, or how surely, they were bought together; above 0 and finite, others are skipped
    #[must_use]
    pub fn learned(looks: &Looks, pairs: impl IntoIterator<Item = (u32, u32, f32)>) -> Self {
        let mut counts = [[0.0_f32; Category::COUNT]; Category::COUNT];
        for (one, other, weight) in pairs {
            let (Some(a), Some(b)) = (looks.row_of(one), looks.row_of(other)) else {
                continue;
            };
            if weight.is_finite() && weight > 0.0 && one != other {
                let (Some(a), Some(b)) = (looks.kinds[a], looks.kinds[b]) else {
                    continue;
                };
                let (a, b) = (a as usize, b as usize);
                counts[a][b] += weight;
                counts[b][a] += weight;
            }
        }
        let of_kind = counts.map(|row| row.iter().sum::<f32>());
        let all: f32 = of_kind.iter().sum();
        let mut steps = Self::default().steps;
        for (a, row) in steps.iter_mut().enumerate() {
            for (b, step) in row.iter_mut().enumerate() {
                let chance = of_kind[a] * of_kind[b] / all.max(1.0);
                // As often as by chance is one half.
                let lift = counts[a][b] / chance.max(f32::MIN_POSITIVE);
                let learned = lift / (1.0 + lift);
                let rule = f32::from(*step) / 255.0;
                let mixed = (learned * chance + rule * RULES_COUNT) / (chance + RULES_COUNT);
                *step = byte(mixed);
            }
        }
        Self { steps }
    }

    /// How well two kinds go together, 0..1.
    #[must_use]
    pub fn affinity(&self, one: Category, other: Category) -> f32 {
        f32::from(self.steps[one as usize][other as usize]) / 255.0
    }

    /// The same of what may be of no kind that the model tells.
    pub(super) fn of(&self, one: Option<Category>, other: Option<Category>) -> f32 {
        match (one, other) {
            (Some(one), Some(other)) => self.affinity(one, other),
            _ => ACCESSORY,
        }
    }

    pub(super) fn steps(&self) -> &[[u8; Category::COUNT]; Category::COUNT] {
        &self.steps
    }

    pub(super) fn of_steps(steps: [[u8; Category::COUNT]; Category::COUNT]) -> Self {
        Self { steps }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{look, looks};
    use super::*;

    #[test]
    fn rules_are_the_same_either_way_and_no_two_of_one_place_go_together() {
        let rules = Companions::default();
        for one in Category::ALL {
            for other in Category::ALL {
                assert_eq!(rules.affinity(one, other), rules.affinity(other, one));
                let both = place(one) == place(other);
                assert_eq!(
                    rules.affinity(one, other) == 0.0,
                    both,
                    "{one:?}, {other:?}"
                );
            }
        }
        assert!(
            rules.affinity(Category::TShirt, Category::Pants)
                > rules.affinity(Category::TShirt, Category::Hat)
        );
    }

    #[test]
    fn what_is_bought_together_often_outweighs_the_rules() {
        let shelf = looks(&[
            (0, look(Category::Hat, &[])),
            (1, look(Category::Shoes, &[])),
            (2, look(Category::TShirt, &[])),
            (3, look(Category::Pants, &[])),
        ]);
        let learned = Companions::learned(
            &shelf,
            [
                (0, 1, 5000.0),
                (2, 3, 50.0),
                (0, 9, 1e9),
                (1, 1, 9.0),
                (2, 0, f32::NAN),
            ],
        );
        let rules = Companions::default();
        assert!(
            learned.affinity(Category::Hat, Category::Shoes)
                > rules.affinity(Category::Hat, Category::Shoes)
        );
        assert!(
            learned.affinity(Category::TShirt, Category::Shoes)
                < rules.affinity(Category::TShirt, Category::Shoes)
        );
        for one in Category::ALL {
            for other in Category::ALL {
                assert_eq!(learned.affinity(one, other), learned.affinity(other, one));
            }
        }
    }

    #[test]
    fn without_pairs_rules_stand() {
        assert_eq!(
            Companions::learned(&Looks::default(), []),
            Companions::default()
        );
        let shelf = looks(&[(0, look(Category::Hat, &[]))]);
        assert_eq!(
            Companions::learned(&shelf, [(5, 6, 1.0)]),
            Companions::default()
        );
    }
}
