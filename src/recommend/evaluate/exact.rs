//! A pack's blend computed as it is written down: over every item, nothing rounded. What ships is measured against it.

use nearshelf_catalogue::{ForYouBlend, Neighbour};

use super::Recommender;
use super::shelf::QueryOf;
use crate::mine::Interaction;
use crate::model::ModelError;
use crate::order::best;
use crate::request::HistoryEvent;

/// The formula of [`ForYouBlend`] in f32.
pub struct ExactBlend<'a> {
    /// Its constants.
    pub blend: ForYouBlend,
    /// Values a row.
    pub dim: usize,
    /// `[items, dim]`
    pub rows: &'a [f32],
    /// Neighbours of each item.
    pub neighbours: &'a [Vec<Neighbour>],
    /// Of each item, in `[0, 1]`.
    pub popularity: &'a [f32],
    /// Whether items of the history may be recommended.
    pub repeat_purchases: bool,
    /// The model.
    pub query_of: Box<QueryOf<'a>>,
}

impl Recommender for ExactBlend<'_> {
    fn recommend(
        &mut self,
        history: &[Interaction],
        _now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
        let events: Vec<HistoryEvent> = history
            .iter()
            .map(|row| HistoryEvent {
                item: row.item,
                kind: row.kind,
                time_millis: row.time_millis,
            })
            .collect();
        let query = (self.query_of)(&events)?;
        let model = self.model(query.as_deref());
        let votes = self.votes(history);
        let seen = |item: &u32| history.iter().any(|row| row.item == *item);
        let items = (0..self.popularity.len() as u32)
            .filter(|item| self.repeat_purchases || !seen(item))
            .map(|item| {
                let at = item as usize;
                let score = self.blend.model * model[at]
                    + self.blend.neighbours * votes[at].powf(self.blend.neighbours_power)
                    + self.blend.popularity * self.popularity[at];
                (score, item)
            });
        Ok(best(items, k))
    }
}

impl ExactBlend<'_> {
    fn model(&self, query: Option<&[f32]>) -> Vec<f32> {
        let Some(query) = query else {
            return vec![0.0; self.popularity.len()];
        };
        let rows = self.rows.chunks_exact(self.dim.max(1));
        let product = |row: &[f32]| row.iter().zip(query).map(|(a, b)| a * b).sum::<f32>();
        let mut products: Vec<f32> = rows.map(product).collect();
        let largest = products.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for product in &mut products {
            *product = ((*product - largest) / self.blend.temperature).exp();
        }
        products.resize(self.popularity.len(), 0.0);
        products
    }

    fn votes(&self, history: &[Interaction]) -> Vec<f32> {
        let mut newest: Vec<u32> = Vec::new();
        for row in history.iter().rev() {
            if !newest.contains(&row.item) {
                newest.push(row.item);
            }
        }
        let mut votes = vec![0.0_f32; self.popularity.len()];
        let mut weight = 1.0;
        for &item in newest.iter().take(self.blend.newest as usize) {
            let neighbours = self.neighbours.get(item as usize).into_iter().flatten();
            let neighbours = neighbours.map(|neighbour| (neighbour.item, neighbour.weight));
            for (voted, share) in neighbours.chain([(item, self.blend.own)]) {
                if let Some(sum) = votes.get_mut(voted as usize) {
                    *sum += weight * share;
                }
            }
            weight *= self.blend.decay;
        }
        let largest = votes.iter().copied().fold(0.0, f32::max);
        if largest > 0.0 {
            votes.iter_mut().for_each(|sum| *sum /= largest);
        }
        votes
    }
}
