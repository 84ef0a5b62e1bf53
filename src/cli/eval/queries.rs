//! A model and what it was asked: several recommenders ask one model the same.

use anyhow::Result;
use nearshelf_catalogue::Pack;
use nearshelf_engine::{CpuSession, Plan};
use nearshelf_recommend::{ForYou, HistoryEvent, ModelError};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What a query depends on: items, actions and times, oldest first.
type History = Vec<(u32, u8, i64)>;

/// A model over one table of rows, its queries kept.
pub struct Model {
    plan: Arc<Plan>,
    kept: Mutex<HashMap<History, Option<Vec<f32>>>>,
}

/// Something that makes a query of a history.
pub type QueryOf<'a> = Box<dyn FnMut(&[HistoryEvent]) -> Result<Option<Vec<f32>>, ModelError> + 'a>;

impl Model {
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            kept: Mutex::new(HashMap::new()),
        }
    }

    /// Asks the model over a pack's rows, which must be the same ones every time.
    pub fn over<'a>(&'a self, pack: &'a Pack) -> Result<QueryOf<'a>> {
        let mut session = CpuSession::new(Arc::clone(&self.plan))?;
        Ok(self.keeping(move |history| ForYou::query(&mut session, pack, history)))
    }

    /// Asks the model over rows of f32, `[items, dim]`.
    pub fn over_rows<'a>(&'a self, dim: usize, rows: &'a [f32]) -> Result<QueryOf<'a>> {
        let mut session = CpuSession::new(Arc::clone(&self.plan))?;
        Ok(self.keeping(move |history| {
            ForYou::query_over(&mut session, dim, history, |item| {
                let start = item as usize * dim;
                Some(rows.get(start..start + dim)?.iter().copied())
            })
        }))
    }

    fn keeping<'a>(
        &'a self,
        mut ask: impl FnMut(&[HistoryEvent]) -> Result<Option<Vec<f32>>, ModelError> + 'a,
    ) -> QueryOf<'a> {
        Box::new(move |history| {
            let events = history.iter();
            let key: History = events
                .map(|event| (event.item, event.kind.code(), event.time_millis))
                .collect();
            let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(query) = kept().get(&key) {
                return Ok(query.clone());
            }
            let query = ask(history)?;
            kept().insert(key, query.clone());
            Ok(query)
        })
    }
}
