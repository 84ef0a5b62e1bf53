//! The shipped recommender, put to the test.

use nearshelf_catalogue::Pack;

use super::Recommender;
use crate::index::PackIndex;
use crate::mine::Interaction;
use crate::rank::Tuning;
use crate::request::{HistoryEvent, Request};

/// What makes a query of a history: the for-you model, or nothing.
pub type QueryOf<'a> = dyn FnMut(&[HistoryEvent]) -> Option<Vec<f32>> + 'a;

/// [`crate::recommend`] over a pack mined from the training part.
pub struct ShelfRecommender<'a> {
    name: &'a str,
    pack: &'a Pack,
    index: PackIndex,
    template: Request,
    tuning: Tuning,
    query_of: Option<Box<QueryOf<'a>>>,
}

impl<'a> ShelfRecommender<'a> {
    /// Asks `template` of `pack` with the history, the time and the limit of each case. Accuracy is
    /// what is measured: a template for that has `diversity` 0. Without `repeat_purchases` bought
    /// items stay away for ever, and variants of a product count as items of their own: both as in
    /// the baselines, which know neither.
    pub fn new(name: &'a str, pack: &'a Pack, template: Request) -> Self {
        Self {
            name,
            pack,
            index: PackIndex::new(pack),
            template,
            tuning: Tuning {
                suppress_bought_days: f32::INFINITY,
                one_variant: false,
                ..Tuning::default()
            },
            query_of: None,
        }
    }

    /// With other constants.
    #[must_use]
    pub fn with_tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = tuning;
        self
    }

    /// With a model.
    #[must_use]
    pub fn with_query(
        mut self,
        query_of: impl FnMut(&[HistoryEvent]) -> Option<Vec<f32>> + 'a,
    ) -> Self {
        self.query_of = Some(Box::new(query_of));
        self
    }
}

impl Recommender for ShelfRecommender<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn recommend(&mut self, history: &[Interaction], now_millis: i64, k: usize) -> Vec<u32> {
        let event = |row: &Interaction| HistoryEvent {
            item: row.item,
            kind: row.kind,
            time_millis: row.time_millis,
        };
        let request = Request {
            history: history.iter().map(event).collect(),
            now_millis,
            limit: k,
            ..self.template.clone()
        };
        let query = self
            .query_of
            .as_mut()
            .and_then(|query_of| query_of(&request.history));
        let answer = self
            .index
            .recommend_with(self.pack, &request, query.as_deref(), &self.tuning);
        answer.into_iter().map(|answered| answered.item).collect()
    }
}
