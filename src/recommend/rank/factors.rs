//! What an item's score is multiplied by, whoever asks: the merchant's rules, stock, novelty, and likeness to what
//! was turned down.

use nearshelf_catalogue::{Availability, Pack};

use super::Tuning;
use crate::merchandise::Merchandise;
use crate::request::Request;
use crate::retrieve::Space;

/// Factors of one request; none depends on the history.
pub(crate) struct Factors<'a> {
    pack: &'a Pack,
    space: Option<Space<'a>>,
    merchandise: Merchandise<'a>,
    not_interested: &'a [u32],
    novelty: f32,
    tuning: &'a Tuning,
}

impl<'a> Factors<'a> {
    pub fn new(
        pack: &'a Pack,
        request: &'a Request,
        tuning: &'a Tuning,
        merchandise: &Merchandise<'a>,
    ) -> Self {
        let novelty = request.novelty;
        Self {
            pack,
            space: Space::new(pack.embeddings.as_ref(), pack.items.len()),
            merchandise: merchandise.clone(),
            not_interested: &request.not_interested,
            // NaN counts as 0.
            novelty: novelty.clamp(0.0, 1.0).max(0.0),
            tuning,
        }
    }

    /// The item's factor: finite, 0 or more.
    pub fn of(&self, item: u32) -> f32 {
        let familiar = self.novelty * self.pack.popularity.score(item);
        let factor = self.merchandise.factor(item) * (1.0 - familiar) * self.stock(item);
        if self.is_turned_down(item) {
            factor * self.tuning.identical_factor
        } else {
            factor
        }
    }

    fn stock(&self, item: u32) -> f32 {
        let availability = self.pack.items.get(item).map(|item| item.availability);
        match availability {
            Some(Availability::OutOfStock) => self.tuning.out_of_stock,
            Some(Availability::BackOrder | Availability::PreOrder) => self.tuning.to_order,
            Some(Availability::InStock) | None => 1.0,
        }
    }

    /// Whether it is all but identical to something that was turned down.
    fn is_turned_down(&self, item: u32) -> bool {
        let Some(space) = self.space else {
            return false;
        };
        let identical =
            |&other: &u32| space.similarity(item, other) >= self.tuning.identical_cosine;
        self.not_interested.iter().any(identical)
    }
}
