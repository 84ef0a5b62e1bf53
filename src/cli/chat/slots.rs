//! Slots of annotated examples, found as the assistant finds them.

use super::figures::SlotFigures;
use nearshelf_chat::{
    examples::Annotated,
    head::{Example, FitOptions, Training, cross_validate},
    measure::Case,
    normalise::tokens,
    slots::{Lexicon, MOST_INTENTS, Slot, SlotName, Tagged, Tagger, measure_slots, slots},
};

/// A tagger from what people wrote: grammars mark other words than they do. The intents that it sees are those which heads
/// over n-grams guess that have not seen the text, as they are when it is asked.
pub fn learn(examples: &[&Annotated]) -> Tagger {
    let lexicon = lexicon();
    let written = examples.iter().filter(|one| one.example.group > 0);
    let written: Vec<&Annotated> = written.copied().collect();
    let plain: Vec<Example> = written.iter().map(|one| one.example.clone()).collect();
    // Where people wrote of one intent alone, or of none, there is nothing to guess.
    let training = Training::new(&plain, Vec::new()).ok();
    let judged = training
        .as_ref()
        .map(|training| cross_validate(training, &FitOptions::default()));
    let classes = training
        .map(|training| training.classes)
        .unwrap_or_default();
    let guessed = |at: usize| {
        let Some(judged) = judged.as_ref().and_then(|judged| judged.get(at)) else {
            return Vec::new();
        };
        let mut ranking: Vec<usize> = (0..judged.scores.len()).collect();
        ranking.sort_by(|a, b| judged.scores[*b].total_cmp(&judged.scores[*a]));
        named(ranking.into_iter(), &classes)
    };
    let tagged = written
        .iter()
        .enumerate()
        .map(|(at, one)| Tagged::new(&one.example.text, &guessed(at), &one.slots, &lexicon));
    Tagger::learn(&tagged.collect::<Vec<_>>())
}

/// The first intents of a ranking.
fn named(ranking: impl Iterator<Item = usize>, classes: &[String]) -> Vec<&str> {
    ranking
        .take(MOST_INTENTS)
        .filter_map(|class| classes.get(class).map(String::as_str))
        .collect()
}

/// The slots of each example, of which a head with these classes has said what it takes it for.
pub fn find(
    examples: &[&Annotated],
    cases: &[Case],
    classes: &[String],
    tagger: &Tagger,
) -> Vec<Vec<Slot>> {
    let lexicon = lexicon();
    let found = examples.iter().zip(cases).map(|(one, case)| {
        let text = &one.example.text;
        let ranking = case.verdict.ranking.iter().map(|(class, _)| *class);
        let intents = named(ranking, classes);
        slots(text, &tokens(text), &lexicon, Some(tagger), &intents)
    });
    found.collect()
}

/// How they count, in one locale or in all.
pub fn figures(examples: &[&Annotated], found: &[Vec<Slot>], locale: Option<&str>) -> SlotFigures {
    let chosen = examples
        .iter()
        .zip(found)
        .filter(|(one, _)| locale.is_none_or(|locale| one.locale == locale));
    measure_slots(chosen.map(|(one, found)| (one.slots.as_slice(), found.as_slice()))).into()
}

/// What stands for a catalogue where there is none: the brands that the retail intents invent.
pub fn lexicon() -> Lexicon {
    let mut lexicon = Lexicon::common();
    for brand in [
        "Lumera",
        "Nordvik",
        "Loomera",
        "Norvell",
        "Tansy & Co",
        "Tarnwick",
        "云岚",
        "拾光",
    ] {
        lexicon.add(SlotName::Brand, brand, brand);
    }
    lexicon
}
