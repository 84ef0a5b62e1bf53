//! The same questions with other constants: where the defaults come from.

use super::{Asked, Row, mined};
use anyhow::Result;
use nearshelf_catalogue::Pack;
use nearshelf_recommend::evaluate::{
    ItemKnn, ShelfRecommender, knn_variations, mine_variations, tuning_variations,
};

/// One constant changed at a time: of item-kNN, of ranking with the model, of mining without.
pub fn rows(asked: &Asked<'_>) -> Result<Vec<Row>> {
    let count = asked.pack.items.len();
    let mut rows = Vec::new();
    for (name, options) in knn_variations(asked.repeat_purchases) {
        rows.push(Row {
            recommender: format!("item-kNN: {name}"),
            ..asked.row(ItemKnn::fit(&asked.split.train, count, options))?
        });
    }
    for (name, tuning) in tuning_variations() {
        // The shipped rule for what was bought is no constant of accuracy: see ShelfRecommender.
        let tuning = ShelfRecommender::for_accuracy(tuning);
        let name = format!("ranking: {name}");
        rows.push(asked.row(asked.refined(&name)?.with_tuning(tuning))?);
    }
    for (name, options) in mine_variations() {
        let (neighbours, popularity) = mined(asked.split, count, &options);
        let pack = Pack {
            neighbours,
            popularity,
            ..asked.pack.clone()
        };
        rows.push(Row {
            recommender: format!("mining: {name}"),
            ..asked.row(asked.first_paint(&pack))?
        });
    }
    Ok(rows)
}
