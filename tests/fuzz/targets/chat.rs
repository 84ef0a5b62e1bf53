#![no_main]
//! The shop assistant: what a merchant writes, what a pack holds of it, and what shoppers say, one turn a line.

use libfuzzer_sys::fuzz_target;
use nearshelf_chat::{
    answers::Answers,
    catalogue::{Catalogue, ItemText},
    dialogue::{Assistant, State, Surroundings, readings},
    examples::{read_annotated, read_csv, read_yaml, yaml},
    head::Head,
    normalise::{clean, tokens},
    slots::Tagger,
    units::units,
};
use std::{fs, sync::LazyLock};

/// Turns of a conversation; more are slow, and no finding.
const MOST_TURNS: usize = 8;

static ASSISTANT: LazyLock<Assistant> = LazyLock::new(|| {
    let folder = nearshelf_fuzz::root().join("models/chat-retail");
    let read = |name| fs::read(folder.join(name)).expect("the file is there");
    let items: Vec<ItemText> = serde_json::from_str(
        r#"[{"index":0,"title":"Red linen dress","brand":"Lumera","category":["Clothing","Dresses"],"attributes":[["colour","red"]],
             "price":49.5,"currency":"EUR","inStock":true},
            {"index":1,"title":"陶瓷茶壶","category":["厨房"],"price":120,"currency":"CNY"}]"#,
    )
    .expect("items");
    Assistant {
        words_head: Some(serde_json::from_slice(&read("words.json")).expect("a head")),
        tagger: Some(serde_json::from_slice(&read("tagger.json")).expect("a tagger")),
        catalogue: Catalogue::new(&items),
        ..Assistant::default()
    }
});

fuzz_target!(|bytes: &[u8]| {
    let _ = (
        read_csv(bytes),
        read_yaml(bytes),
        read_annotated("intent", bytes),
    );
    let text = String::from_utf8_lossy(bytes);
    if let Ok(answers) = yaml::<Answers>(&text) {
        let _ = answers.check(&[]);
        for intent in answers.answers.keys() {
            let _ = (
                answers.say(intent, "en", &[("order_number", &text)]),
                answers.label(intent, "zh-CN"),
            );
        }
    }
    if let Ok(head) = serde_json::from_slice::<Head>(bytes) {
        let _ = head.judge(&units("where is my order"), &vec![0.5; head.dim()]);
    }
    if let Ok(tagger) = serde_json::from_slice::<Tagger>(bytes) {
        let _ = tagger.tag(&tokens(&clean("a red dress")), &[], &["find_product"]);
    }
    let mut around = Surroundings {
        locale: "en".to_owned(),
        item: None,
    };
    let mut state = serde_json::from_slice::<State>(bytes).unwrap_or_default();
    for message in text.lines().take(MOST_TURNS) {
        let reading = readings(message);
        assert!(!reading.is_empty());
        let reply = ASSISTANT.reply(message, &[], None, &state, &around);
        assert!(!reply.parts.is_empty());
        let length = clean(message).chars().count();
        assert!(
            reply
                .why
                .slots
                .iter()
                .all(|slot| slot.start < slot.end && slot.end <= length)
        );
        state = reply.state;
        around.item = Some(message.len() as u32);
    }
});
