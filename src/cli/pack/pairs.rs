//! How pairs of items are weighed in a pack, in words.

use nearshelf_recommend::evaluate::PairsChoice;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was taken, and how good each way was on the shop's own log.
#[derive(Debug, Serialize)]
pub struct Weighed {
    /// The way.
    pub taken: String,
    /// NDCG@20 of the last item that each session came to, by way.
    pub ndcg_at_20: BTreeMap<String, f64>,
    /// Sessions that were asked.
    pub sessions: usize,
}

impl Weighed {
    /// `None` where too few sessions could be asked to decide anything.
    pub fn of(choice: &PairsChoice) -> Option<Self> {
        let tried = choice.tried.iter();
        (!choice.tried.is_empty()).then(|| Self {
            taken: choice.way().to_string(),
            ndcg_at_20: tried
                .map(|tried| (tried.way.to_string(), tried.ndcg))
                .collect(),
            sessions: choice.cases,
        })
    }

    /// As a line for people.
    pub fn print(&self) {
        let tried = self.ndcg_at_20.iter();
        let tried: Vec<String> = tried
            .map(|(way, ndcg)| format!("{way} {ndcg:.4}"))
            .collect();
        crate::say!(
            "  neighbours in for-you: weighed by {} (NDCG@20 of the last new item of {} sessions: {})",
            self.taken,
            self.sessions,
            tried.join("; ")
        );
    }
}
