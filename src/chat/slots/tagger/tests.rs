#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::normalise::tokens;

fn example(text: &str, spans: &[(SlotName, usize, usize)]) -> Tagged {
    Tagged {
        tokens: tokens(text),
        proposals: Vec::new(),
        intents: Vec::new(),
        spans: spans.to_vec(),
    }
}

fn tagger() -> Tagger {
    Tagger::learn(&[
        example(
            "show me a red dress",
            &[(SlotName::Colour, 3, 4), (SlotName::ProductType, 4, 5)],
        ),
        example(
            "show me a blue shirt",
            &[(SlotName::Colour, 3, 4), (SlotName::ProductType, 4, 5)],
        ),
        example("show me a desk lamp", &[(SlotName::ProductType, 3, 5)]),
        example("where is my parcel", &[]),
        example("thank you", &[]),
    ])
}

#[test]
fn what_was_learned_is_tagged() {
    let found = tagger().tag(&tokens("show me a red shirt"), &[], &[]);
    assert_eq!(
        found,
        [(SlotName::Colour, 3, 4), (SlotName::ProductType, 4, 5)]
    );
    assert_eq!(tagger().tag(&tokens("thank you"), &[], &[]), []);
    assert_eq!(tagger().tag(&[], &[], &[]), []);
}

#[test]
fn spans_and_tags_are_each_others_inverse() {
    let both = [
        (SlotName::Size, 0, 1),
        (SlotName::Size, 1, 3),
        (SlotName::Date, 4, 5),
    ];
    assert_eq!(spans(&tags(&both, 6)), both);
}

#[test]
fn an_inside_never_follows_another_slot() {
    assert!(may_follow(Some(1), 2) && may_follow(Some(2), 2));
    assert!(!may_follow(Some(3), 2) && !may_follow(None, 2) && !may_follow(Some(0), 2));
}

#[test]
fn a_tagger_that_is_written_and_read_tags_alike() {
    let tagger = tagger();
    let json = serde_json::to_string(&tagger).expect("plain data");
    assert_eq!(
        serde_json::from_str::<Tagger>(&json).expect("its own format"),
        tagger
    );
    for table in ["rows", "tags", "weights", "transitions"] {
        let damaged = json.replace(&format!("\"{table}\":\""), &format!("\"{table}\":\"!"));
        assert!(serde_json::from_str::<Tagger>(&damaged).is_err(), "{table}");
    }
    let more = json.replace("\"tags\":\"", "\"tags\":\"////");
    assert!(serde_json::from_str::<Tagger>(&more).is_err());
    assert!(serde_json::from_str::<Tagger>(&json.replace("chat-tagger", "x")).is_err());
    for version in [0, 1, 4] {
        let other = json.replace("\"version\":3", &format!("\"version\":{version}"));
        let refused = serde_json::from_str::<Tagger>(&other).expect_err("another version");
        assert!(
            refused.to_string().contains(&version.to_string()),
            "{refused}"
        );
    }
}

/// Why a tagger whose file was changed so is refused.
fn refusal(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut file = serde_json::to_value(tagger()).expect("plain data");
    change(&mut file);
    serde_json::from_value::<Tagger>(file)
        .expect_err("damaged")
        .to_string()
}

#[test]
fn a_tagger_without_a_step_above_nought_is_refused() {
    let without = refusal(|file| {
        file.as_object_mut().expect("an object").remove("step");
    });
    assert!(
        without.contains("its step is no number above 0"),
        "{without}"
    );
    for step in [0.0, -1.0, 1e300] {
        let refused = refusal(|file| file["step"] = step.into());
        assert!(refused.contains("its step"), "{step}: {refused}");
    }
}

#[test]
fn a_tagger_of_more_weights_than_its_tags_say_is_refused() {
    let refused = refusal(|file| {
        let weights = file["weights"].as_str().expect("base64");
        let mut weights = crate::base64::decode(weights).expect("base64");
        weights.push(1);
        file["weights"] = crate::base64::encode(&weights).into();
    });
    assert!(refused.contains("more weights"), "{refused}");
}

#[test]
fn a_tagger_of_too_many_rows_is_refused_before_they_are_built() {
    let refused = refusal(|file| {
        file["rows"] = crate::base64::encode(&vec![0xff; (1 << 17) + 1]).into();
    });
    assert!(refused.contains("more rows"), "{refused}");
}

#[test]
fn a_tagger_that_learned_nothing_is_written_and_read() {
    let tagger = Tagger::learn(&[example("thank you", &[])]);
    let json = serde_json::to_string(&tagger).expect("plain data");
    assert_eq!(
        serde_json::from_str::<Tagger>(&json).expect("its own format"),
        tagger
    );
}

#[test]
fn a_message_of_any_length_is_tagged() {
    assert!(tagger().tag(&tokens(&"red ".repeat(5_000)), &[], &[]).len() <= MOST_TOKENS);
}

#[test]
fn the_same_words_are_slots_where_the_intent_asks_for_them() {
    let learned = |intent: &str, spans: &[(SlotName, usize, usize)]| Tagged {
        intents: vec![intent.to_owned()],
        ..example("the second dress", spans)
    };
    let tagger = Tagger::learn(&[
        learned("find_product", &[(SlotName::ProductType, 2, 3)]),
        learned("compare_products", &[]),
    ]);
    let found = |intent| tagger.tag(&tokens("the second dress"), &[], &[intent]);
    assert_eq!(found("find_product"), [(SlotName::ProductType, 2, 3)]);
    assert_eq!(found("compare_products"), []);
}

/// Taggers that any version wrote, as they were on their first day.
#[test]
fn taggers_of_every_version_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/compat");
    let path = |version: u16| format!("{folder}/tagger-v{version}.json");
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some()
        && !std::fs::exists(path(3)).unwrap_or(true)
    {
        let json = serde_json::to_vec(&tagger()).expect("plain data");
        std::fs::write(path(3), json).expect("the fixture is written");
    }
    for version in [2, 3] {
        let file = std::fs::read(path(version)).expect("the fixture");
        let tagger: Tagger = serde_json::from_slice(&file).expect("a tagger");
        assert_eq!(
            tagger.tag(&tokens("show me a red shirt"), &[], &[]),
            [(SlotName::Colour, 3, 4), (SlotName::ProductType, 4, 5)],
            "version {version}"
        );
        assert_eq!(tagger.tag(&tokens("thank you"), &[], &[]), []);
    }
}
