#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;

const FILE: &str = r#"{
  "values": {"shop": "Fern", "days": 30, "mail": {"en": "hi@fern.example", "zh-CN": "nihao@fern.example"}},
  "answers": {
    "return_item": {
      "text": {"en": "{days} days to send it back to {shop}.", "zh-CN": "{days} 天内可退。"},
      "links": [{"href": "/returns", "label": {"en": "Start a return", "zh-CN": "申请退货"}}, {"href": "mailto:{mail}", "label": "Mail"}],
      "replies": ["refund_status"]
    },
    "order_status": {"text": "Looking for {order_number}."},
    "distress": {"text": "Please call 112 now."}
  }
}"#;

fn answers() -> Answers {
    serde_json::from_str(FILE).expect("the format above")
}

fn intents() -> Vec<String> {
    INTENTS.iter().map(|intent| (*intent).to_owned()).collect()
}

#[test]
fn a_merchants_words_are_said_in_the_shoppers_language() {
    let said = answers().say("return_item", "zh-Hans", &[]);
    assert_eq!(said.text, "30 天内可退。");
    assert_eq!(said.links[1].href, "mailto:nihao@fern.example");
    assert_eq!(
        answers().say("return_item", "de", &[]).text,
        "30 days to send it back to Fern."
    );
}

#[test]
fn slots_fill_placeholders_and_missing_ones_leave_nothing_behind() {
    assert_eq!(
        answers()
            .say("order_status", "en", &[("order_number", "#7")])
            .text,
        "Looking for #7."
    );
    assert_eq!(
        answers().say("order_status", "en", &[]).text,
        "Looking for ."
    );
}

#[test]
fn every_intent_has_common_words_in_both_languages() {
    for intent in INTENTS {
        for locale in ["en", "zh-CN"] {
            assert!(
                !Answers::default().say(intent, locale, &[]).text.is_empty(),
                "{intent} in {locale}"
            );
        }
    }
}

#[test]
fn a_good_file_has_no_problems() {
    assert_eq!(answers().check(&intents()), []);
}

#[test]
fn mistakes_are_named_with_their_place() {
    let mut answers = answers();
    let broken = answers.answers.get_mut("return_item").expect("it is there");
    broken.text = Some(Words::ByLocale(
        [
            ("en".to_owned(), "{weeks} {".to_owned()),
            ("zh".to_owned(), " ".to_owned()),
        ]
        .into(),
    ));
    broken.links[0].href = "javascript:alert(1)".to_owned();
    broken.replies = vec!["dance".to_owned()];
    answers.answers.insert("sing".to_owned(), Answer::default());
    answers
        .answers
        .insert("Retrun-item".to_owned(), Answer::default());
    let problems: Vec<String> = answers
        .check(&intents())
        .iter()
        .map(ToString::to_string)
        .collect();
    for part in [
        "return_item.text.en: {weeks} has no value",
        "return_item.text.en: a { is not closed",
        "return_item.text.zh: the text is empty",
        "links[0].href: \"javascript",
        "replies: no such intent: \"dance\": name one of",
        "sing: no such intent: \"sing\": name one of",
        "Retrun-item: no such intent: \"Retrun-item\": did you mean return_item?",
        "sing: says nothing",
    ] {
        assert!(
            problems.iter().any(|problem| problem.contains(part)),
            "{part} is not among {problems:?}"
        );
    }
}

#[test]
fn unsafe_links_are_never_said() {
    for href in [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "//elsewhere.example",
        "java\nscript:x",
        "vbscript:x",
        "\\\\host",
        "/\\evil.example",
        "http://shop.example",
        "",
    ] {
        assert!(!is_safe(href), "{href:?}");
    }
    for href in [
        "/returns",
        "returns?x=1:2",
        "#top",
        "https://shop.example",
        "mailto:a@b.example",
        "tel:+441234",
    ] {
        assert!(is_safe(href), "{href:?}");
    }
}

#[test]
fn every_answer_that_asks_for_a_person_is_known_to_do_so() {
    let mut answers = Answers::default();
    for intent in INTENTS {
        let asks = phrase(intent, false)
            .to_lowercase()
            .contains("shall i put you through");
        assert_eq!(answers.asks_for_a_person(intent), asks, "{intent}");
    }
    let own = Answer {
        text: Some(Words::Text("Write to us.".to_owned())),
        ..Answer::default()
    };
    answers.answers.insert("complaint".to_owned(), own);
    assert!(
        !answers.asks_for_a_person("complaint"),
        "other words ask nothing"
    );
}

#[test]
fn unknown_fields_are_refused_rather_than_ignored() {
    assert!(serde_json::from_str::<Answers>(r#"{"answer": {}}"#).is_err());
}
