//! What was measured.

use super::{
    Looked,
    accuracy::{Accuracy, accuracy},
    photos::Photos,
    retrieval::{DEPTH, Found, ranked},
};
use nearshelf_vision::{ColourName, Likeness, Looks};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything, as it is printed.
#[derive(Debug, Serialize)]
pub struct Report {
    pub classes: usize,
    pub pictures: usize,
    pub refused: Vec<Refused>,
    pub passed_over: usize,
    pub accuracy: Option<Accuracy>,
    pub retrieval: Vec<Found>,
    pub another_colour: AnotherColour,
    pub masks: Masks,
    pub mean_visible_landmarks: f64,
    pub palettes: Palettes,
    pub median_decode_millis: f64,
    pub median_look_millis: f64,
    pub seconds: f64,
}

/// A file that can't be read.
#[derive(Debug, Serialize)]
pub struct Refused {
    pub file: String,
    pub reason: String,
}

/// What "similar in another colour" lists.
#[derive(Debug, Serialize)]
pub struct AnotherColour {
    /// Pictures that it lists anything for.
    pub found: usize,
    /// Of what it lists, up to ten a picture, the part that is of the picture's class.
    pub of_class: f64,
}

#[derive(Debug, Serialize)]
pub struct Masks {
    pub empty: usize,
    /// Part of the picture.
    pub mean_area: f64,
}

#[derive(Debug, Serialize)]
pub struct Palettes {
    pub none: usize,
    pub mean_colours: f64,
    /// How many pictures each colour is the largest of.
    pub largest: BTreeMap<&'static str, usize>,
}

/// The report, and the lists that its page shows.
pub struct Measured {
    pub report: Report,
    /// By picture, what "looks similar" lists.
    pub similar: Vec<Vec<usize>>,
    /// Likewise in another colour.
    pub another_colour: Vec<Vec<usize>>,
}

impl Measured {
    pub fn new(photos: &Photos, looked: &[Looked]) -> Self {
        let mut looks = Looks::default();
        for (item, one) in (0_u32..).zip(looked) {
            looks.insert(item, &one.look);
        }
        let listed = |likeness| -> Vec<Vec<usize>> {
            (0_u32..)
                .zip(looked)
                .map(|(item, one)| looks.similar(&one.look, likeness, DEPTH, &[item]))
                .map(|list| list.iter().map(|found| found.item as usize).collect())
                .collect()
        };
        let (similar, another_colour) =
            (listed(Likeness::Similar), listed(Likeness::AnotherColour));
        let rows = |of: fn(&Looked) -> Vec<f32>| ranked(&looked.iter().map(of).collect::<Vec<_>>());
        let classes: Vec<usize> = looked.iter().map(|one| one.class).collect();
        let colours: Vec<usize> = looked
            .iter()
            .map(|one| {
                one.look
                    .colour()
                    .map_or(ColourName::COUNT, |name| name as usize)
            })
            .collect();
        let found = |vectors, ranked: &[Vec<usize>]| Found::of(vectors, ranked, &classes, &colours);
        let retrieval = vec![
            found("looks similar", &similar),
            found("embedding alone", &rows(embedding)),
            found("colour histogram", &rows(|one| one.histogram.clone())),
            found("random projection", &rows(|one| one.projection.clone())),
        ];
        let report = Report {
            classes: photos.classes.len(),
            pictures: looked.len(),
            refused: Vec::new(),
            passed_over: photos.passed_over,
            accuracy: accuracy(photos, looked),
            retrieval,
            another_colour: of_class(&another_colour, &classes),
            masks: Masks {
                empty: looked.iter().filter(|one| one.area == 0.0).count(),
                mean_area: mean(looked.iter().map(|one| f64::from(one.area))),
            },
            mean_visible_landmarks: mean(looked.iter().map(|one| one.visible as f64)),
            palettes: palettes(looked),
            median_decode_millis: median(looked.iter().map(|one| one.decode_millis).collect()),
            median_look_millis: median(looked.iter().map(|one| one.look_millis).collect()),
            seconds: 0.0,
        };
        Self {
            report,
            similar,
            another_colour,
        }
    }
}

fn embedding(one: &Looked) -> Vec<f32> {
    let row = &one.look.embedding;
    row.values
        .iter()
        .map(|value| f32::from(*value) * row.scale)
        .collect()
}

fn of_class(lists: &[Vec<usize>], classes: &[usize]) -> AnotherColour {
    let pairs = lists.iter().zip(classes);
    let (mut hits, mut all) = (0_usize, 0_usize);
    for (list, class) in pairs {
        hits += list
            .iter()
            .filter(|other| classes.get(**other) == Some(class))
            .count();
        all += list.len();
    }
    AnotherColour {
        found: lists.iter().filter(|list| !list.is_empty()).count(),
        of_class: hits as f64 / all.max(1) as f64,
    }
}

fn palettes(looked: &[Looked]) -> Palettes {
    let mut largest = BTreeMap::new();
    for name in looked.iter().filter_map(|one| one.look.colour()) {
        *largest.entry(name.name()).or_default() += 1;
    }
    Palettes {
        none: looked
            .iter()
            .filter(|one| one.look.palette.is_empty())
            .count(),
        mean_colours: mean(looked.iter().map(|one| one.look.palette.len() as f64)),
        largest,
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
