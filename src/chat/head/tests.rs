#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::normalise::clean;
use crate::units::units;

fn examples() -> Vec<Example> {
    let texts = [
        (
            "ship",
            [
                "where is my parcel",
                "has my parcel shipped",
                "track my parcel",
                "我的包裹到哪了",
                "parcel still not here",
            ],
        ),
        (
            "find",
            [
                "show me a red dress",
                "I want a dress",
                "any blue dress",
                "有没有红色连衣裙",
                "looking for a dress",
            ],
        ),
        (
            OUT_OF_SCOPE,
            [
                "what is the capital of peru",
                "write a poem",
                "solve this sum",
                "今天天气怎么样",
                "who is president",
            ],
        ),
    ];
    let of = |(intent, texts): (&str, [&str; 5])| {
        texts.map(|text| Example {
            text: text.into(),
            intent: intent.into(),
            group: 0,
        })
    };
    texts.into_iter().flat_map(of).collect()
}

fn head() -> Head {
    let training = Training::new(&examples(), Vec::new()).expect("three intents");
    train(&training, None, &FitOptions::default())
        .expect("they can be told apart")
        .head
}

#[test]
fn what_was_learned_is_recognised() {
    let head = head();
    for example in examples()
        .iter()
        .filter(|example| example.intent != OUT_OF_SCOPE)
    {
        let verdict = head
            .judge(&units(&clean(&example.text)), &[])
            .expect("it has words");
        assert_eq!(
            head.classes()[verdict.intent],
            example.intent,
            "{}",
            example.text
        );
    }
}

#[test]
fn confidences_are_probabilities_and_out_of_scope_is_no_intent() {
    let head = head();
    let verdict = head
        .judge(&units("capital of france"), &[])
        .expect("it has words");
    let sum: f32 = verdict.ranking.iter().map(|(_, p)| p).sum();
    assert!((sum - 1.0).abs() < 1e-5);
    assert_eq!(head.classes()[verdict.ranking[0].0], OUT_OF_SCOPE);
    assert_ne!(head.classes()[verdict.intent], OUT_OF_SCOPE);
}

#[test]
fn a_text_without_words_and_an_embedding_too_many_are_not_judged() {
    let head = head();
    assert_eq!(head.judge(&[], &[]), None);
    assert_eq!(head.judge(&units("dress"), &[0.5]), None);
}

#[test]
fn fitting_twice_gives_the_same_head() {
    assert_eq!(head(), head());
}

#[test]
fn a_head_that_is_written_and_read_answers_alike() {
    let head = head();
    let json = serde_json::to_string(&head).expect("a head is plain data");
    let read: Head = serde_json::from_str(&json).expect("its own format");
    let asked = units("where is the red dress");
    assert_eq!(head.judge(&asked, &[]), read.judge(&asked, &[]));
}

#[test]
fn damaged_heads_are_refused_with_a_reason() {
    let json = serde_json::to_value(head()).expect("a head is plain data");
    let refused = |key: &str, value: serde_json::Value| {
        let mut other = json.clone();
        other[key] = value;
        serde_json::from_value::<Head>(other)
            .expect_err("it is damaged")
            .to_string()
    };
    assert!(refused("format", "x".into()).contains("no head"));
    assert!(refused("version", 9.into()).contains("newer"));
    assert!(refused("weights", "AAAA".into()).contains("weights"));
    assert!(refused("counts", "".into()).contains("n-grams"));
    assert!(refused("scales", serde_json::json!([1.0])).contains("classes"));
}

#[test]
fn an_embedding_helps_where_words_do_not() {
    let examples: Vec<Example> = (0..40)
        .map(|at| Example {
            text: format!("text {}", at / 2),
            intent: if at % 2 == 0 { "a" } else { "b" }.into(),
            group: 0,
        })
        .collect();
    let embeddings: Vec<Vec<f32>> = (0..40)
        .map(|at| {
            if at % 2 == 0 {
                vec![1.0, 0.0]
            } else {
                vec![0.0, 1.0]
            }
        })
        .collect();
    let training = Training::new(&examples, embeddings).expect("two intents");
    let head = train(&training, None, &FitOptions::default())
        .expect("they can be told apart")
        .head;
    assert_eq!(head.dim(), 2);
    assert_eq!(
        head.judge(&units("text 3"), &[1.0, 0.0])
            .expect("judged")
            .intent,
        0
    );
    assert_eq!(
        head.judge(&units("text 3"), &[0.0, 1.0])
            .expect("judged")
            .intent,
        1
    );
}

#[test]
fn examples_that_make_no_head_say_why() {
    let one = |intent: &str| Example {
        text: "x".into(),
        intent: intent.into(),
        group: 0,
    };
    assert_eq!(
        Training::new(&[], Vec::new()).err(),
        Some(TrainError::Empty)
    );
    assert_eq!(
        Training::new(&[one("a"), one("a")], Vec::new()).err(),
        Some(TrainError::OneIntent("a".into()))
    );
    let found = Training::new(&[one("a"), one("b")], vec![vec![1.0]]).err();
    assert_eq!(
        found,
        Some(TrainError::Embeddings {
            found: 1,
            expected: 2
        })
    );
}

#[test]
fn paraphrases_are_never_in_two_folds() {
    let groups: Vec<(usize, u32)> = (0..60).map(|at| (at % 3, 1 + (at / 6) as u32)).collect();
    let fold_of = folds(&groups, 5);
    for (a, fold) in groups.iter().zip(&fold_of) {
        for (b, other) in groups.iter().zip(&fold_of) {
            assert!(a != b || fold == other);
        }
    }
    for fold in 0..5 {
        assert_eq!(fold_of.iter().filter(|found| **found == fold).count(), 12);
    }
}

#[test]
fn the_threshold_refuses_what_must_be() {
    let sure = |label| Judged {
        scores: vec![4.0, 0.0],
        label,
    };
    let unsure = |label| Judged {
        scores: vec![0.2, 0.0],
        label,
    };
    let judged: Vec<Judged> = (0..10)
        .flat_map(|_| [sure(Some(0)), unsure(None)])
        .collect();
    let calibration = calibrate(&judged, None);
    assert!(!calibration.verdict(&[4.0, 0.0], None).refused);
    assert!(calibration.verdict(&[0.2, 0.0], None).refused);
    assert_eq!(calibrate(&[], None), Calibration::default());
}

/// As it was on its first day.
#[test]
fn a_head_of_the_first_version_is_read() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/compat/head-v1.json"
    );
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some() && !std::fs::exists(path).unwrap_or(true)
    {
        let training = Training::new(&examples(), Vec::new()).unwrap();
        let trained = train(&training, None, &FitOptions::default()).unwrap();
        let json = serde_json::to_vec(&trained.head).unwrap();
        std::fs::write(path, json).expect("the fixture is written");
    }
    let file = std::fs::read(path).expect("the fixture");
    let head: Head = serde_json::from_slice(&file).expect("a head");
    assert_eq!(head.classes(), ["find", OUT_OF_SCOPE, "ship"]);
    let verdict = head.judge(&units(&clean("any red dress")), &[]).unwrap();
    assert_eq!(head.classes()[verdict.intent], "find");
}
