//! The shipped recommender, put to the test.

use nearshelf_catalogue::Pack;

use super::Recommender;
use crate::index::PackIndex;
use crate::mine::Interaction;
use crate::model::ModelError;
use crate::rank::Tuning;
use crate::request::{HistoryEvent, Request};

/// What makes a query of a history: the for-you model. `None` when it knows nothing of it.
pub type QueryOf<'a> = dyn FnMut(&[HistoryEvent]) -> Result<Option<Vec<f32>>, ModelError> + 'a;

/// [`crate::recommend`] over a pack mined from the training part.
pub struct ShelfRecommender<'a> {
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
    pub fn new(pack: &'a Pack, template: Request) -> Self {
        Self {
            pack,
            index: PackIndex::new(pack),
            template,
            tuning: Self::for_accuracy(Tuning::of(pack)),
            query_of: None,
        }
    }

    /// The constants with what [`Self::new`] changes: bought items stay away, variants count.
    pub fn for_accuracy(tuning: Tuning) -> Tuning {
        Tuning {
            suppress_bought_days: f32::INFINITY,
            suppress_viewed_minutes: 0.0,
            one_variant: false,
            ..tuning
        }
    }

    /// With exactly these constants.
    #[must_use]
    pub fn with_tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = tuning;
        self
    }

    /// With a model.
    #[must_use]
    pub fn with_query(
        mut self,
        query_of: impl FnMut(&[HistoryEvent]) -> Result<Option<Vec<f32>>, ModelError> + 'a,
    ) -> Self {
        self.query_of = Some(Box::new(query_of));
        self
    }
}

impl Recommender for ShelfRecommender<'_> {
    fn recommend(
        &mut self,
        history: &[Interaction],
        now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
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
        let query = match &mut self.query_of {
            Some(query_of) => query_of(&request.history)?,
            None => None,
        };
        let answer = self
            .index
            .recommend_with(self.pack, &request, query.as_deref(), &self.tuning);
        Ok(answer.into_iter().map(|answered| answered.item).collect())
    }
}
