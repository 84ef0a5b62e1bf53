//! Slots of annotated examples, found as the assistant finds them.

use super::figures::SlotFigures;
use nearshelf_chat::{
    examples::Annotated,
    head::OUT_OF_SCOPE,
    measure::Case,
    normalise::tokens,
    slots::{Lexicon, Slot, SlotName, Tagged, Tagger, measure_slots, slots},
};

/// A tagger from what people wrote: grammars mark other words than they do.
pub fn learn(examples: &[&Annotated]) -> Tagger {
    let lexicon = lexicon();
    let written = examples.iter().filter(|one| one.example.group > 0);
    let tagged: Vec<Tagged> = written
        .map(|one| {
            let intent = Some(one.example.intent.as_str()).filter(|name| *name != OUT_OF_SCOPE);
            Tagged::new(&one.example.text, intent, &one.slots, &lexicon)
        })
        .collect();
    Tagger::learn(&tagged)
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
        let intent = classes.get(case.verdict.intent).map(String::as_str);
        slots(text, &tokens(text), &lexicon, Some(tagger), intent)
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
