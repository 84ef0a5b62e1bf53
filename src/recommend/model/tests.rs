#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::EventKind;
use nearshelf_engine::TensorType;

use super::*;
use crate::testing::Shop;

/// Records what it is asked and answers what it was told to.
struct Fake {
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    answer: Vec<f32>,
    asked: Vec<(String, Values)>,
}

fn port(name: &str, dtype: DType, shape: &[usize]) -> Port {
    Port::new(name, TensorType::new(dtype, shape))
}

impl Fake {
    fn item_text() -> Self {
        Self {
            inputs: vec![port("token_ids", DType::I32, &[1, 4])],
            outputs: vec![port("embedding", DType::F32, &[1, 2])],
            answer: vec![0.6, 0.8],
            asked: Vec::new(),
        }
    }

    fn for_you() -> Self {
        Self {
            inputs: vec![
                port("items", DType::F32, &[1, 3, 2]),
                port("actions", DType::I32, &[1, 3]),
            ],
            outputs: vec![
                port("debug", DType::F32, &[1]),
                port("query", DType::F32, &[1, 2]),
            ],
            answer: vec![1.0, 0.0],
            asked: Vec::new(),
        }
    }
}

impl Session for Fake {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, RunError> {
        let asked = inputs
            .iter()
            .map(|(name, tensor)| ((*name).to_owned(), tensor.values().clone()));
        self.asked = asked.collect();
        let answers = self.outputs.iter().map(|port| {
            let length = self.answer.len();
            let values = if port.name == "debug" {
                vec![9.0; length]
            } else {
                self.answer.clone()
            };
            Tensor::new(vec![1, length], Values::F32(values)).expect("a valid tensor")
        });
        Ok(answers.collect())
    }
}

fn viewed(item: u32) -> HistoryEvent {
    HistoryEvent {
        item,
        kind: EventKind::View,
        time_millis: 0,
    }
}

fn pack() -> Pack {
    Shop::of(4)
        .embeddings(&[[127, 0], [0, 127], [0, 0], [-127, 0]])
        .pack()
}

#[test]
fn a_text_is_padded_or_cut_to_the_models_tokens() {
    let mut session = Fake::item_text();
    assert_eq!(TextEncoder::embed(&mut session, "ab").unwrap(), [0.6, 0.8]);
    let Values::I32(ids) = &session.asked[0].1 else {
        panic!("ids are integers")
    };
    assert_eq!(ids.len(), 4);
    assert!(ids[0] > 0);
    assert_eq!(ids[1..], [0, 0, 0]);

    TextEncoder::embed(&mut session, "many words in a long title").unwrap();
    let Values::I32(ids) = &session.asked[0].1 else {
        panic!("ids are integers")
    };
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| *id > 0));
}

#[test]
fn a_history_is_padded_on_the_left_with_the_newest_last() {
    let mut session = Fake::for_you();
    let history = [
        viewed(0),
        HistoryEvent {
            kind: EventKind::Purchase,
            ..viewed(1)
        },
    ];
    let query = ForYou::query(&mut session, &pack(), &history).unwrap();
    assert_eq!(query, Some(vec![1.0, 0.0]));
    assert_eq!(session.asked[0].0, "items");
    assert_eq!(
        session.asked[0].1,
        Values::F32(vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0])
    );
    assert_eq!(session.asked[1].1, Values::I32(vec![0, 1, 3]));
}

#[test]
fn a_model_that_asks_is_told_how_many_visits_ago_each_event_was() {
    const MINUTE: i64 = 60_000;
    let mut session = Fake::for_you();
    session.inputs.push(port("visits", DType::I32, &[1, 3]));
    let at = |item, minutes: i64| HistoryEvent {
        time_millis: minutes * MINUTE,
        ..viewed(item)
    };
    // The pause before item 3 has 31 minutes, the one before the last item 0 has 30.
    let history = [at(0, 0), at(3, 31), at(0, 61)];
    ForYou::query(&mut session, &pack(), &history).unwrap();
    assert_eq!(session.asked[2].0, "visits");
    assert_eq!(session.asked[2].1, Values::I32(vec![1, 0, 0]));

    // A clock that was set back begins no visit, however far; nor do times at both ends of what is possible.
    let history = [at(0, 500), at(3, 0)];
    ForYou::query(&mut session, &pack(), &history).unwrap();
    assert_eq!(session.asked[2].1, Values::I32(vec![0, 0, 0]));
    let ends = [i64::MIN, i64::MAX].map(|time_millis| HistoryEvent {
        time_millis,
        ..viewed(0)
    });
    ForYou::query(&mut session, &pack(), &ends).unwrap();
    assert_eq!(session.asked[2].1, Values::I32(vec![0, 1, 0]));
}

#[test]
fn a_model_that_asks_for_visits_otherwise_is_refused() {
    let mut session = Fake::for_you();
    session.inputs.push(port("visits", DType::F32, &[1, 3]));
    match ForYou::query(&mut session, &pack(), &[viewed(0)]) {
        Err(ModelError::WrongPort { port: "visits", .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_newest_events_of_items_with_an_embedding_are_used() {
    let mut session = Fake::for_you();
    // Item 2 has an embedding of zeros, item 9 doesn't exist.
    let history = [0, 1, 3, 2, 9, 0].map(viewed);
    ForYou::query(&mut session, &pack(), &history).unwrap();
    assert_eq!(
        session.asked[0].1,
        Values::F32(vec![0.0, 1.0, -1.0, 0.0, 1.0, 0.0])
    );
}

#[test]
fn without_a_usable_history_or_embeddings_there_is_no_query() {
    let mut session = Fake::for_you();
    for history in [&[][..], &[viewed(9), viewed(2)]] {
        assert_eq!(ForYou::query(&mut session, &pack(), history).unwrap(), None);
    }
    let bare = Shop::of(4).pack();
    assert_eq!(
        ForYou::query(&mut session, &bare, &[viewed(0)]).unwrap(),
        None
    );
    assert!(session.asked.is_empty(), "the model isn't run for nothing");
}

#[test]
fn another_model_is_refused_with_what_it_lacks() {
    let error = TextEncoder::embed(&mut Fake::for_you(), "x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the item-text model has no input named `token_ids` (it has `items`, `actions`): \
         export it anew"
    );
    let error = ForYou::query(&mut Fake::item_text(), &pack(), &[]).unwrap_err();
    assert!(matches!(
        error,
        ModelError::MissingPort { port: "items", .. }
    ));
}

#[test]
fn ports_of_another_type_or_shape_are_refused() {
    type Damage = fn(&mut Fake);
    let broken: [(Damage, &str); 5] = [
        (|fake| fake.inputs[0].ty.dtype = DType::U8, "items"),
        (|fake| fake.inputs[0].ty.shape = vec![1, 6], "items"),
        (|fake| fake.inputs[1].ty.shape = vec![1, 4], "actions"),
        (|fake| fake.inputs[1].ty.dtype = DType::F32, "actions"),
        (|fake| fake.outputs[1].ty.shape = vec![2], "query"),
    ];
    for (damage, name) in broken {
        let mut session = Fake::for_you();
        damage(&mut session);
        match ForYou::query(&mut session, &pack(), &[viewed(0)]) {
            Err(ModelError::WrongPort { port, .. }) => assert_eq!(port, name),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_model_for_other_embeddings_is_refused() {
    let mut session = Fake::for_you();
    session.inputs[0].ty.shape = vec![1, 3, 64];
    let error = ForYou::query(&mut session, &pack(), &[viewed(0)]).unwrap_err();
    assert!(matches!(
        error,
        ModelError::OtherEmbeddings {
            model_dim: 64,
            pack_dim: 2,
            ..
        }
    ));
    session.inputs[0].ty.shape = vec![1, 3, 0];
    assert!(ForYou::query(&mut session, &pack(), &[viewed(0)]).is_err());
}

#[test]
fn an_answer_with_nan_or_of_another_length_is_refused() {
    for answer in [vec![f32::NAN, 0.0], vec![1.0], vec![]] {
        let mut session = Fake::for_you();
        session.answer = answer;
        let error = ForYou::query(&mut session, &pack(), &[viewed(0)]).unwrap_err();
        assert!(matches!(error, ModelError::BadOutput { port: "query", .. }));
    }
}
