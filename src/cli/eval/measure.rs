//! From lists to numbers with intervals.

use super::{asking::Competitor, field::HEAD_OFF};
use nearshelf_recommend::{
    evaluate::{Bootstrap, Case, Column, Estimate, ItemFacts, Means, Slice, coverage, gini},
    metrics::Metric,
};
use serde::Serialize;
use std::{collections::BTreeMap, thread};

/// One recommender's numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub recommender: String,
    pub about: String,
    /// Whether items of the history may be recommended.
    pub repeat_purchases: bool,
    /// Questions asked.
    pub cases: usize,
    /// By name and length of list, as `hr@10`; `novelty`, `diversity` and `calibration` of the whole list.
    pub metrics: BTreeMap<String, Estimate>,
    /// Part of the catalogue in any list.
    pub coverage: f64,
    /// Gini coefficient of how often items are shown.
    pub gini: f64,
    pub slices: Vec<SliceRow>,
    /// Its metrics less those of [`REFERENCE`], paired.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub against_reference: BTreeMap<String, Estimate>,
    /// The best one's metrics less its own, paired; best by NDCG.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub short_of_best: BTreeMap<String, Estimate>,
    /// What the personal head adds: the metrics of the row above less these, paired; in the row without it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub head_adds: BTreeMap<String, Estimate>,
    /// Wall time of a list on one thread, making the recommender included.
    pub millis_a_list: f64,
}

/// Its metrics on a part of the cases.
#[derive(Debug, Clone, Serialize)]
pub struct SliceRow {
    pub slice: &'static str,
    pub about: String,
    pub cases: usize,
    pub metrics: BTreeMap<String, Estimate>,
}

/// What all others are compared with.
pub const REFERENCE: &str = "item-kNN";

/// What was answered by one.
pub struct Answered {
    pub name: String,
    pub about: String,
    pub lists: Vec<Vec<u32>>,
    pub millis_a_list: f64,
}

impl Answered {
    pub fn of(competitor: &Competitor<'_>, lists: Vec<Vec<u32>>, millis_a_list: f64) -> Self {
        Self {
            name: competitor.name.clone(),
            about: competitor.about.clone(),
            lists,
            millis_a_list,
        }
    }
}

/// How lists are measured.
pub struct Ruler<'a> {
    pub cases: &'a [Case],
    pub slices: &'a [Slice],
    pub facts: &'a ItemFacts,
    pub item_count: usize,
    /// Lengths of lists; the last of them is not the longest but the one that slices and lists as a whole are measured at.
    pub ks: &'a [usize],
    pub k: usize,
    pub repeat_purchases: bool,
    pub bootstrap: &'a Bootstrap,
    pub threads: usize,
}

impl Ruler<'_> {
    /// Rows in the order of `answered`.
    pub fn rows(&self, answered: &[Answered]) -> Vec<Row> {
        let plans: Vec<Vec<(Place, Column)>> =
            answered.iter().map(|a| self.columns(&a.lists)).collect();
        let columns: Vec<Column> = plans
            .iter()
            .flatten()
            .map(|(_, column)| column.clone())
            .collect();
        let mut means = self.means(&columns).into_iter();
        let means: Vec<Vec<(Place, Means)>> = plans
            .into_iter()
            .map(|plan| {
                plan.into_iter()
                    .map(|(place, _)| place)
                    .zip(means.by_ref())
                    .collect()
            })
            .collect();
        let overall: Vec<BTreeMap<&str, &Means>> = means.iter().map(|m| overall(m)).collect();
        let main = format!("ndcg@{}", self.k);
        let value = |row: &BTreeMap<&str, &Means>| {
            row.get(main.as_str()).map_or(0.0, |m| m.estimate().value)
        };
        let best = overall.iter().enumerate().max_by(|a, b| {
            // Of equal ones the first.
            value(a.1).total_cmp(&value(b.1)).then(b.0.cmp(&a.0))
        });
        let best = best.map(|(place, _)| place);
        let reference = answered.iter().position(|a| a.name == REFERENCE);
        let rows = answered.iter().enumerate().map(|(place, answered)| Row {
            recommender: answered.name.clone(),
            about: answered.about.clone(),
            repeat_purchases: self.repeat_purchases,
            cases: self.cases.len(),
            metrics: overall[place]
                .iter()
                .map(|(name, m)| ((*name).to_owned(), m.estimate()))
                .collect(),
            coverage: coverage(&answered.lists, self.k, self.item_count),
            gini: gini(&answered.lists, self.k, self.item_count),
            slices: self.slice_rows(&means[place]),
            against_reference: reference
                .filter(|&reference| reference != place)
                .map(|reference| differences(&overall[place], &overall[reference]))
                .unwrap_or_default(),
            short_of_best: best
                .filter(|&best| best != place)
                .map(|best| differences(&overall[best], &overall[place]))
                .unwrap_or_default(),
            head_adds: place
                .checked_sub(1)
                .filter(|_| answered.name == HEAD_OFF)
                .map(|above| differences(&overall[above], &overall[place]))
                .unwrap_or_default(),
            millis_a_list: answered.millis_a_list,
        });
        rows.collect()
    }

    /// Means of all columns, a share of them on each thread.
    fn means(&self, columns: &[Column]) -> Vec<Means> {
        let share = columns.len().div_ceil(self.threads.max(1)).max(1);
        thread::scope(|scope| {
            let workers: Vec<_> = columns
                .chunks(share)
                .map(|columns| scope.spawn(|| self.bootstrap.means(columns)))
                .collect();
            let joined = workers
                .into_iter()
                .flat_map(|w| w.join().unwrap_or_default());
            joined.collect()
        })
    }

    fn columns(&self, lists: &[Vec<u32>]) -> Vec<(Place, Column)> {
        let mut columns = Vec::new();
        let pairs = || self.cases.iter().zip(lists);
        for metric in Metric::ALL {
            for &k in self.ks {
                let values = pairs().map(|(case, list)| metric.of(list, &case.relevant, k));
                let name = format!("{}@{k}", metric.as_str());
                columns.push((Place::Overall(name), Column::of_all(values)));
            }
        }
        let whole = |name: &str| Place::Overall(name.to_owned());
        let novelty = pairs().map(|(_, list)| self.facts.novelty(list, self.k));
        columns.push((whole("novelty"), Column::of_all(novelty)));
        if self.facts.labelled() > 0.5 {
            let diversity = pairs().map(|(_, list)| self.facts.diversity(list, self.k));
            columns.push((whole("diversity"), Column::of_all(diversity)));
            let calibration = (0..).zip(pairs()).filter_map(|(number, (case, list))| {
                Some((number, self.facts.calibration(case, list, self.k)?))
            });
            columns.push((whole("calibration"), Column::of_some(calibration)));
        }
        for (number, slice) in self.slices.iter().enumerate() {
            for metric in [Metric::HitRate, Metric::Ndcg] {
                let values = slice.cases.iter().map(|(case, relevant)| {
                    let list = lists.get(*case as usize).map_or(&[][..], Vec::as_slice);
                    (*case, metric.of(list, relevant, self.k))
                });
                let name = format!("{}@{}", metric.as_str(), self.k);
                columns.push((Place::Slice(number, name), Column::of_some(values)));
            }
        }
        columns
    }

    fn slice_rows(&self, means: &[(Place, Means)]) -> Vec<SliceRow> {
        let mut rows: Vec<SliceRow> = self
            .slices
            .iter()
            .map(|slice| SliceRow {
                slice: slice.name,
                about: slice.about.clone(),
                cases: slice.cases.len(),
                metrics: BTreeMap::new(),
            })
            .collect();
        for (place, means) in means {
            if let Place::Slice(number, name) = place
                && let Some(row) = rows.get_mut(*number)
            {
                row.metrics.insert(name.clone(), means.estimate());
            }
        }
        rows
    }
}

/// What a column is of.
enum Place {
    Overall(String),
    Slice(usize, String),
}

fn overall(means: &[(Place, Means)]) -> BTreeMap<&str, &Means> {
    let named = means.iter().filter_map(|(place, means)| match place {
        Place::Overall(name) => Some((name.as_str(), means)),
        Place::Slice(..) => None,
    });
    named.collect()
}

fn differences(
    of: &BTreeMap<&str, &Means>,
    less: &BTreeMap<&str, &Means>,
) -> BTreeMap<String, Estimate> {
    let both = of
        .iter()
        .filter_map(|(name, means)| Some((name, means, less.get(name)?)));
    both.map(|(name, means, less)| ((*name).to_owned(), means.less(less)))
        .collect()
}
