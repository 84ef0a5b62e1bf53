//! Constants of what is fitted to the log alone, chosen on validation questions: one after the other, each at the value
//! with the best NDCG.

use super::asking::{Competitor, ask};
use anyhow::Result;
use nearshelf_catalogue::{ForYouBlend, NeighbourKind, Pack};
use nearshelf_recommend::{
    Memory, Tuning,
    evaluate::{Case, ItemKnn, ItemKnnOptions, PairsChoice, Split},
    metrics::Metric,
    mine::{session_cosine, session_linear},
};
use serde::Serialize;

/// Most validation questions that one value is tried on; more are thinned out evenly.
const MOST_CASES: usize = 3000;

/// Neighbours of an item that a fitted pack keeps.
pub const KEPT: usize = 64;

/// The penalty that linear weights are tried with beside a fitted blend; packing, which asks more of a pair, has its own.
const PENALTY: f64 = 30.0;

/// Sets one constant to one value.
type Set<T> = Box<dyn Fn(&mut T)>;

/// What was tried and taken.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub recommender: String,
    pub constants: String,
    /// NDCG on the validation questions that were asked.
    pub validation_ndcg: f64,
    pub cases: usize,
}

/// Where choices are made.
pub struct Chooser<'a> {
    cases: Vec<Case>,
    split: &'a Split,
    item_count: usize,
    k: usize,
    threads: usize,
    pub choices: Vec<Choice>,
}

impl<'a> Chooser<'a> {
    pub fn new(split: &'a Split, item_count: usize, k: usize, threads: usize) -> Self {
        let every = split.cases.len().div_ceil(MOST_CASES).max(1);
        Self {
            cases: split.cases.iter().step_by(every).cloned().collect(),
            split,
            item_count,
            k,
            threads,
            choices: Vec::new(),
        }
    }

    fn ndcg(&self, competitor: &Competitor<'_>) -> Result<f64> {
        let lists = ask(competitor, &self.cases, self.k, self.threads)?;
        let pairs = self.cases.iter().zip(&lists);
        let sum: f64 = pairs
            .map(|(case, list)| Metric::Ndcg.of(list, &case.relevant, self.k))
            .sum();
        Ok(sum / self.cases.len().max(1) as f64)
    }

    fn note(&mut self, recommender: &str, constants: String, validation_ndcg: f64) {
        self.choices.push(Choice {
            recommender: recommender.to_owned(),
            constants,
            validation_ndcg,
            cases: self.cases.len(),
        });
    }

    /// Goes through the constants in order, and takes of each the value that does best with those taken before.
    fn one_by_one<T: Clone>(
        &self,
        start: T,
        constants: &[Vec<Set<T>>],
        ndcg: impl Fn(&T) -> Result<f64>,
    ) -> Result<(T, f64)> {
        let mut best = (start.clone(), ndcg(&start)?);
        for values in constants {
            let from = best.0.clone();
            for set in values {
                let mut tried = from.clone();
                set(&mut tried);
                let score = ndcg(&tried)?;
                if score > best.1 {
                    best = (tried, score);
                }
            }
        }
        Ok(best)
    }

    /// Item-kNN's neighbours, shrinkage and decay.
    pub fn item_knn(&mut self, repeat_purchases: bool) -> Result<ItemKnnOptions> {
        let set =
            |with: fn(&mut ItemKnnOptions, f64), values: &[f64]| -> Vec<Set<ItemKnnOptions>> {
                let set = |&value: &f64| -> Set<ItemKnnOptions> {
                    Box::new(move |options: &mut ItemKnnOptions| with(options, value))
                };
                values.iter().map(set).collect()
            };
        let mut constants = vec![
            set(
                |o, v| o.half_life_days = v,
                &[0.5, 1.0, 2.0, 4.0, 8.0, 60.0],
            ),
            set(|o, v| o.neighbours = v as usize, &[50.0, 200.0]),
            set(|o, v| o.shrinkage = v, &[5.0]),
        ];
        if repeat_purchases {
            constants.insert(1, set(|o, v| o.own = v, &[0.1, 1.0]));
        }
        let start = ItemKnnOptions {
            neighbours: 100,
            shrinkage: 0.0,
            half_life_days: f64::INFINITY,
            repeat_purchases,
            own: 0.0,
        };
        let train = &self.split.train;
        let (options, ndcg) = self.one_by_one(start, &constants, |options| {
            let knn = ItemKnn::fit(train, self.item_count, options.clone());
            self.ndcg(&Competitor::of("item-kNN (validation)", "", knn))
        })?;
        let about = knn_about(&options);
        self.note("item-kNN, decayed", about, ndcg);
        Ok(options)
    }

    /// How many of the newest items' texts a list should be like.
    pub fn text<'p>(
        &mut self,
        pack: &'p Pack,
        competitor: impl Fn(&'p Pack, Tuning) -> Competitor<'p>,
    ) -> Result<Memory> {
        let memories = [(1, 1.0), (3, 0.5), (10, 0.7), (32, 1.0)];
        let mut best: Option<(Memory, f64)> = None;
        for (items, decay) in memories {
            let memory = Memory::Newest { items, decay };
            let score = self.ndcg(&competitor(pack, Tuning::of_content_alone(memory)))?;
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((memory, score));
            }
        }
        let (memory, ndcg) = best.unwrap_or((Memory::Fading, 0.0));
        self.note("text alone", memory_about(memory), ndcg);
        Ok(memory)
    }

    /// Neighbours of the log, and how they go with the model that was not fitted, if there is one.
    ///
    /// - `competitor`: the recommender over a pack, with its model
    pub fn log(
        &mut self,
        pack: &Pack,
        has_model: bool,
        knn: &ItemKnnOptions,
        ndcg_of: impl Fn(&Self, &Pack) -> Result<f64>,
    ) -> Result<Pack> {
        let train = &self.split.train;
        let cosine = session_cosine(train, self.item_count, KEPT, knn.shrinkage);
        let mut ways = vec![("cosine".to_owned(), cosine)];
        let lists = session_linear(train, self.item_count, KEPT, PENALTY);
        ways.push((format!("linear, penalty {PENALTY}"), lists));
        let start = ForYouBlend {
            model: 0.0,
            temperature: 0.1,
            neighbours: 1.0,
            neighbours_power: 1.0,
            popularity: 0.001,
            newest: 50,
            decay: 0.8,
            own: 0.0,
            own_space: false,
        };
        let set = |with: fn(&mut ForYouBlend, f32), values: &[f32]| -> Vec<Set<ForYouBlend>> {
            let set = |&value: &f32| -> Set<ForYouBlend> {
                Box::new(move |blend: &mut ForYouBlend| with(blend, value))
            };
            values.iter().map(set).collect()
        };
        let mut constants = vec![
            set(|b, v| b.decay = v, &[1.0, 0.9, 0.7, 0.6, 0.4, 0.2]),
            set(|b, v| b.popularity = v, &[0.03, 0.1]),
        ];
        if knn.repeat_purchases {
            constants.insert(0, set(|b, v| b.own = v, &[0.1, 0.3, 1.0, 3.0]));
        }
        if has_model {
            constants.push(set(|b, v| b.model = v, &[0.05, 0.15, 0.4, 1.0]));
            constants.push(set(|b, v| b.temperature = v, &[0.03, 0.3]));
        }
        constants.push(set(|b, v| b.neighbours_power = v, &[0.5, 2.0]));
        let mut best: Option<(Pack, f64)> = None;
        for (way, lists) in ways {
            let mut fitted = pack.clone();
            fitted.neighbours.replace(NeighbourKind::Fitted, &lists);
            let (blend, ndcg) = self.one_by_one(start, &constants, |blend| {
                let mut tried = fitted.clone();
                tried.blend = Some(*blend);
                ndcg_of(self, &tried)
            })?;
            fitted.blend = Some(blend);
            let about = format!("{way}: {}", blend_about(&blend));
            self.note("nearshelf, fitted to the log", about, ndcg);
            if best.as_ref().is_none_or(|(_, most)| ndcg > *most) {
                best = Some((fitted, ndcg));
            }
        }
        Ok(best.map_or_else(|| pack.clone(), |(fitted, _)| fitted))
    }

    /// NDCG of a recommender on the validation questions.
    pub fn ndcg_of(&self, competitor: &Competitor<'_>) -> Result<f64> {
        self.ndcg(competitor)
    }
}

/// How a pack weighs pairs, as it was chosen within the training part.
pub fn of_pairs(choice: &PairsChoice) -> Vec<Choice> {
    let noted = choice.tried.iter().map(|tried| Choice {
        recommender: "nearshelf, pack".to_owned(),
        constants: tried.way.to_string(),
        validation_ndcg: tried.ndcg,
        cases: choice.cases,
    });
    noted.collect()
}

/// The constants in words.
pub fn knn_about(options: &ItemKnnOptions) -> String {
    let decay = if options.half_life_days.is_finite() {
        format!("history halves every {} days", options.half_life_days)
    } else {
        "all history alike".to_owned()
    };
    let own = if options.repeat_purchases {
        format!(", an item counts {} for itself", options.own)
    } else {
        String::new()
    };
    format!(
        "cosine of sessions, {} neighbours, shrinkage {}, {decay}{own}",
        options.neighbours, options.shrinkage
    )
}

/// The constants in words.
pub fn memory_about(memory: Memory) -> String {
    match memory {
        Memory::Newest { items: 1, .. } => "likeness to the newest item's text".to_owned(),
        Memory::Newest { items, decay } => {
            format!(
                "likeness to the newest {items} items' texts, each counting {decay} of the one after it"
            )
        }
        Memory::Fading => "likeness to the history's texts".to_owned(),
    }
}

/// The constants in words.
pub fn blend_about(blend: &ForYouBlend) -> String {
    format!(
        "{} × model (temperature {:.3}) + {} × neighbours (power {}) of the newest {} items (decay {}, itself {}) + {} × popularity",
        blend.model,
        blend.temperature,
        blend.neighbours,
        blend.neighbours_power,
        blend.newest,
        blend.decay,
        blend.own,
        blend.popularity
    )
}
