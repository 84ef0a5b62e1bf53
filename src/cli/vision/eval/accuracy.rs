//! How often the category is right, where folders have names of categories.

use super::{Looked, photos::Photos};
use nearshelf_vision::Category;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of the pictures in folders of known names.
#[derive(Debug, Serialize)]
pub struct Accuracy {
    pub pictures: usize,
    pub top_1: f64,
    /// Among the two likeliest.
    pub top_2: f64,
    pub mean_of_classes: f64,
    pub classes: Vec<Class>,
}

/// One folder of a known name.
#[derive(Debug, Serialize)]
pub struct Class {
    pub name: String,
    pub pictures: usize,
    pub recall: f64,
    /// Of the pictures in these folders that were said to be it; none where none was.
    pub precision: Option<f64>,
    /// What its pictures were taken for, wrongly.
    pub taken_for: BTreeMap<&'static str, usize>,
}

/// None where no folder has a known name.
pub fn accuracy(photos: &Photos, looked: &[Looked]) -> Option<Accuracy> {
    let categories: Vec<Option<Category>> = photos
        .classes
        .iter()
        .map(|name| Category::from_name(name))
        .collect();
    let known: Vec<(Category, &Looked)> = looked
        .iter()
        .filter_map(|one| Some((categories.get(one.class).copied()??, one)))
        .collect();
    if known.is_empty() {
        return None;
    }
    let part = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let right = known
        .iter()
        .filter(|(category, one)| one.likeliest[0] == *category);
    let among = known
        .iter()
        .filter(|(category, one)| one.likeliest.contains(category));
    let classes: Vec<Class> = photos
        .classes
        .iter()
        .zip(&categories)
        .filter_map(|(name, category)| Some((name, (*category)?)))
        .filter_map(|(name, category)| {
            let own: Vec<Category> = known
                .iter()
                .filter(|(of, _)| *of == category)
                .map(|(_, one)| one.likeliest[0])
                .collect();
            let hits = own.iter().filter(|said| **said == category).count();
            let said = known
                .iter()
                .filter(|(_, one)| one.likeliest[0] == category)
                .count();
            let mut taken_for = BTreeMap::new();
            for wrong in own.iter().filter(|said| **said != category) {
                *taken_for.entry(wrong.name()).or_default() += 1;
            }
            (!own.is_empty()).then(|| Class {
                name: name.clone(),
                pictures: own.len(),
                recall: part(hits, own.len()),
                precision: (said > 0).then(|| part(hits, said)),
                taken_for,
            })
        })
        .collect();
    Some(Accuracy {
        pictures: known.len(),
        top_1: part(right.count(), known.len()),
        top_2: part(among.count(), known.len()),
        mean_of_classes: classes.iter().map(|class| class.recall).sum::<f64>()
            / classes.len().max(1) as f64,
        classes,
    })
}
