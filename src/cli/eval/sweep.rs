//! The same questions with other constants: where the defaults come from.

use super::{asking::Competitor, field::Field};
use crate::source::Source;
use nearshelf_catalogue::Pack;
use nearshelf_recommend::{
    Tuning,
    evaluate::{ItemKnn, knn_variations, mine_variations, tuning_variations},
    mine::{MineOptions, mine},
};
use time::OffsetDateTime;

/// Packs mined with one constant changed.
pub fn packs(field: &Field<'_>, source: &Source) -> Vec<(String, Pack)> {
    let now_millis = OffsetDateTime::now_utc().unix_timestamp() * 1000;
    let believed = source.mine_options(now_millis).now_millis;
    let variations = mine_variations().into_iter().map(|(name, options)| {
        let options = MineOptions {
            now_millis: believed,
            ..options
        };
        let (neighbours, popularity) =
            mine(&field.split.train, field.pack.items.len(), &options).tables();
        let pack = Pack {
            neighbours,
            popularity,
            ..field.pack.clone()
        };
        (format!("mining: {name}"), pack)
    });
    variations.collect()
}

/// One constant changed at a time: of item-kNN, of ranking with the model, of mining without.
pub fn competitors<'a>(field: &Field<'a>, packs: &'a [(String, Pack)]) -> Vec<Competitor<'a>> {
    let mut found = Vec::new();
    for (name, options) in knn_variations(field.repeat_purchases) {
        let knn = ItemKnn::fit(&field.split.train, field.pack.items.len(), options);
        found.push(Competitor::of(format!("item-kNN: {name}"), "", knn));
    }
    for (name, tuning) in tuning_variations(Tuning::of(field.pack)) {
        let name = format!("ranking: {name}");
        found.push(field.over(
            &name,
            String::new(),
            field.pack,
            field.for_you,
            Some(tuning),
        ));
    }
    for (name, pack) in packs {
        found.push(field.over(name, String::new(), pack, None, None));
    }
    found
}
