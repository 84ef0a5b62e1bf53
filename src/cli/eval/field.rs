//! All recommenders that are compared, fitted to the training part.

use super::{
    asking::{Competitor, Make},
    choose::{blend_about, knn_about, memory_about},
    queries::Model,
};
use crate::fitted::Fitted;
use anyhow::Result;
use nearshelf_catalogue::Pack;
use nearshelf_recommend::{
    Kind, Request, Tuning,
    evaluate::{
        ExactBlend, ItemKnn, ItemKnnOptions, PersonalBaseline, PopularityBaseline,
        ShelfRecommender, Split,
    },
};
use serde::Serialize;

/// Half-life of popularity with decay.
const POPULARITY_HALF_LIFE_DAYS: f64 = 30.0;

/// What all are fitted from.
pub struct Field<'a> {
    /// Mined from the training part, with text embeddings where there are a text encoder and texts.
    pub pack: &'a Pack,
    /// The same of the log alone: without embeddings and words.
    pub log_only: &'a Pack,
    /// What is packed where there are no events.
    pub no_log: &'a Pack,
    /// The same without models.
    pub words_alone: &'a Pack,
    pub split: &'a Split,
    pub timed: bool,
    /// The for-you model that ships.
    pub for_you: Option<&'a Model>,
    /// The same pack with what was fine-tuned.
    pub fine_tuned: Option<FineTuned<'a>>,
    /// The same pack with neighbours and a blend fitted to the log natively.
    pub log_fitted: Option<&'a Pack>,
    pub knn: Option<&'a ItemKnnOptions>,
    pub text: Option<nearshelf_recommend::Memory>,
    pub repeat_purchases: bool,
    /// Whether asked is what goes with the cart.
    pub completes: bool,
}

/// A fine-tuned pack and its encoders.
#[derive(Clone, Copy)]
pub struct FineTuned<'a> {
    pub pack: &'a Pack,
    pub encoder: &'a Model,
    /// The encoder before quantization, and the items' rows.
    pub exact: Option<(&'a Model, &'a Fitted)>,
}

/// A recommender that isn't in the table, and why.
#[derive(Debug, Clone, Serialize)]
pub struct LeftOut {
    pub recommender: &'static str,
    pub why: String,
}

/// Names that others look rows up by.
pub const SHIPPED: &str = "nearshelf, fine-tuned";
/// The same before quantization.
pub const EXACT: &str = "nearshelf, fine-tuned, f32";

/// The recommender without the personal head; the row above it is the one with it.
pub const HEAD_OFF: &str = "the same, personal head off";

impl<'a> Field<'a> {
    /// Everyone on the same cases, the plainest first.
    pub fn competitors(&self) -> Vec<Competitor<'a>> {
        let (train, count) = (&self.split.train, self.pack.items.len());
        let repeats = self.repeat_purchases;
        let mut field = vec![Competitor::of(
            "popularity",
            "items by training sessions",
            PopularityBaseline::fit(train, count, repeats),
        )];
        if self.timed {
            let decayed =
                PopularityBaseline::fit_decayed(train, count, repeats, POPULARITY_HALF_LIFE_DAYS);
            let about = format!("the same, halving every {POPULARITY_HALF_LIFE_DAYS} days");
            field.push(Competitor::of("popularity, decayed", about, decayed));
        }
        let plain = ItemKnnOptions {
            neighbours: 100,
            shrinkage: 0.0,
            half_life_days: f64::INFINITY,
            repeat_purchases: repeats,
            own: if self.timed { 1.0 } else { 0.0 },
        };
        let about = knn_about(&plain);
        field.push(Competitor::of(
            "item-kNN",
            about,
            ItemKnn::fit(train, count, plain),
        ));
        let decayed = self.knn.cloned().unwrap_or(ItemKnnOptions {
            repeat_purchases: repeats,
            ..ItemKnnOptions::default()
        });
        let about = knn_about(&decayed);
        field.push(Competitor::of(
            "item-kNN, decayed",
            about,
            ItemKnn::fit(train, count, decayed),
        ));
        if repeats && self.timed {
            let about = "what the shopper had most often, then popularity";
            field.push(Competitor::of(
                "personal frequency",
                about,
                PersonalBaseline::fit(train, count),
            ));
        }
        if let (Some(_), Some(memory)) = (&self.pack.embeddings, self.text) {
            let about = memory_about(memory);
            field.push(self.over(
                "text alone",
                about,
                self.pack,
                None,
                Some(Tuning::of_content_alone(memory)),
            ));
        }
        if let Some(model) = self.for_you {
            let about = "the model that ships, trained on other shops";
            let tuning = Tuning::of_taste_alone(0.0);
            field.push(self.over(
                "for-you alone",
                about.to_owned(),
                self.pack,
                Some(model),
                Some(tuning),
            ));
        }
        if !self.completes && !repeats {
            self.add_without_log(&mut field);
        }
        if self.completes {
            field.extend(self.lists_of_the_cart());
            return field;
        }
        let about = "neighbours, popularity and trend; constants as shipped".to_owned();
        field.push(self.over("nearshelf, log only", about, self.log_only, None, None));
        if self.pack.embeddings.is_some() || self.pack.neighbours != self.log_only.neighbours {
            let about = "the same with words, where they count, and text embeddings".to_owned();
            field.push(self.over("nearshelf, pack", about, self.pack, None, None));
        }
        if let Some(model) = self.for_you {
            let about = "the same with the model that ships".to_owned();
            field.push(self.over(
                "nearshelf, pack and model",
                about,
                self.pack,
                Some(model),
                None,
            ));
        }
        if !repeats {
            let about = "the row above without what it learns of each shopper".to_owned();
            let tuning = Tuning::of(self.pack).without_head();
            field.push(self.over(HEAD_OFF, about, self.pack, self.for_you, Some(tuning)));
        }
        if let Some(pack) = self.log_fitted {
            let about = pack.blend.as_ref().map(blend_about).unwrap_or_default();
            field.push(self.over(
                "nearshelf, fitted to the log",
                about,
                pack,
                self.for_you,
                None,
            ));
        }
        if let Some(tuned) = self.fine_tuned {
            self.add_fine_tuned(&mut field, tuned);
        }
        if self.timed && !repeats {
            field.push(self.as_shipped());
        }
        field
    }

    /// What a shop gets that has no events: its catalogue, the shopper's own history, and nothing that was fitted to either.
    fn add_without_log(&self, field: &mut Vec<Competitor<'a>>) {
        let about = "likeness of words and what the shopper teaches; no log of the shop, no model";
        field.push(self.over(
            "nearshelf, words alone",
            about.to_owned(),
            self.words_alone,
            None,
            None,
        ));
        if self.no_log.embeddings.is_some() {
            let about = "the same with text embeddings and the model that ships";
            field.push(self.over(
                "nearshelf, no log",
                about.to_owned(),
                self.no_log,
                self.for_you,
                None,
            ));
        }
    }

    fn add_fine_tuned(&self, field: &mut Vec<Competitor<'a>>, tuned: FineTuned<'a>) {
        let Some(blend) = tuned.pack.blend else {
            return;
        };
        let alone = Tuning::of_taste_alone(blend.temperature);
        let about = "the encoder of eight bits over rows of eight bits".to_owned();
        field.push(self.over(
            "fine-tuned model alone",
            about,
            tuned.pack,
            Some(tuned.encoder),
            Some(alone),
        ));
        let about = blend_about(&blend);
        field.push(self.over(SHIPPED, about, tuned.pack, Some(tuned.encoder), None));
        if let Some((encoder, fitted)) = tuned.exact {
            field.push(Competitor {
                name: EXACT.to_owned(),
                about: "the same formula over all items, with encoder, rows and neighbours in f32"
                    .to_owned(),
                make: exact(encoder, fitted, self.repeat_purchases),
            });
        }
    }

    /// The lists that start from what lies in the cart.
    fn lists_of_the_cart(&self) -> impl Iterator<Item = Competitor<'a>> {
        let pack = self.pack;
        [Kind::Related, Kind::BoughtTogether, Kind::GoesWith]
            .into_iter()
            .map(move |kind| Competitor {
                name: format!("nearshelf, {}", kind.as_str()),
                about: "the list of that kind for the cart".to_owned(),
                make: Box::new(move || {
                    let request = Request {
                        kind,
                        diversity: 0.0,
                        ..Request::default()
                    };
                    Ok(Box::new(ShelfRecommender::new(pack, request)))
                }),
            })
    }

    /// What a shop gets that sets nothing: varied lists, one variant of a product, and what was bought long ago again.
    fn as_shipped(&self) -> Competitor<'a> {
        let (pack, model) = (self.pack, self.for_you);
        Competitor {
            name: "nearshelf, as shipped".to_owned(),
            about: "with variety, one variant of a product, old purchases again".to_owned(),
            make: Box::new(move || {
                let shelf = ShelfRecommender::new(pack, Request::default());
                Ok(Box::new(with_model(
                    shelf.with_tuning(Tuning::of(pack)),
                    pack,
                    model,
                )?))
            }),
        }
    }

    /// The shipped recommender over a pack; accuracy is what is measured.
    ///
    /// - `tuning`: other constants than the pack's
    pub fn over<'p>(
        &self,
        name: &str,
        about: String,
        pack: &'p Pack,
        model: Option<&'p Model>,
        tuning: Option<Tuning>,
    ) -> Competitor<'p> {
        let request = self.accuracy();
        let tuning = ShelfRecommender::for_accuracy(tuning.unwrap_or_else(|| Tuning::of(pack)));
        Competitor {
            name: name.to_owned(),
            about,
            make: Box::new(move || {
                let shelf = ShelfRecommender::new(pack, request.clone());
                Ok(Box::new(with_model(
                    shelf.with_tuning(tuning.clone()),
                    pack,
                    model,
                )?))
            }),
        }
    }

    fn accuracy(&self) -> Request {
        Request {
            diversity: 0.0,
            repeat_purchases: self.repeat_purchases,
            ..Request::default()
        }
    }
}

fn with_model<'p>(
    shelf: ShelfRecommender<'p>,
    pack: &'p Pack,
    model: Option<&'p Model>,
) -> Result<ShelfRecommender<'p>> {
    match model {
        Some(model) => Ok(shelf.with_query(model.over(pack)?)),
        None => Ok(shelf),
    }
}

/// The fine-tuned recommender with nothing quantized.
fn exact<'a>(encoder: &'a Model, fitted: &'a Fitted, repeat_purchases: bool) -> Make<'a> {
    Box::new(move || {
        let (dim, rows) = fitted.rows();
        Ok(Box::new(ExactBlend {
            blend: fitted.blend(),
            dim,
            rows,
            neighbours: fitted.neighbours(),
            popularity: fitted.popularity(),
            repeat_purchases,
            query_of: encoder.over_rows(dim, rows)?,
        }))
    })
}
