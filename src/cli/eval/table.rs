//! The table of results.

use nearshelf_recommend::evaluate::Scores;
use serde::Serialize;

/// One recommender's scores.
#[derive(Serialize)]
pub struct Row {
    pub recommender: String,
    /// Whether items that were bought before may be recommended.
    pub repeat_purchases: bool,
    #[serde(flatten)]
    pub scores: Scores,
}

/// Prints the rows below their names.
pub fn print(rows: &[Row], k: usize) {
    let width = rows.iter().map(|row| row.recommender.len()).max();
    let width = width.unwrap_or(0).max(28);
    crate::say!(
        "{:<width$} {:>10} {:>10} {:>10} {:>8} {:>8} {:>9}",
        "recommender",
        "bought too",
        format!("recall@{k}"),
        format!("NDCG@{k}"),
        format!("HR@{k}"),
        "MRR",
        "coverage"
    );
    for Row {
        recommender,
        repeat_purchases,
        scores,
    } in rows
    {
        let repeats = if *repeat_purchases { "yes" } else { "no" };
        crate::say!(
            "{recommender:<width$} {repeats:>10} {:>10.4} {:>10.4} {:>8.4} {:>8.4} {:>9.3}",
            scores.recall,
            scores.ndcg,
            scores.hit_rate,
            scores.mrr,
            scores.coverage
        );
    }
}
