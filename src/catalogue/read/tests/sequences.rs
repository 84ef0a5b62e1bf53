use super::*;

fn index_of(id: &str) -> Option<u32> {
    id.strip_prefix('i')?.parse().ok()
}

fn message<T: std::fmt::Debug>(result: Result<T, SequenceError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn items_with_titles_or_without_are_read_whatever_their_ids() {
    let lines = r#"{"item_id": 7, "title": " Nail lacquer ", "attributes": [3, "OPI"], "category": ["Nails", "Colour"]}
{"item_id": "b-8", "text_id": "red polish", "keywords": ["x"]}

{"item_id": 9, "title": "", "keywords": ["▁red", "dish", "▁hat"]}
{"item_id": 10}"#;
    let (items, sources) = read_sequence_items(lines.as_bytes()).unwrap();
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["7", "b-8", "9", "10"]);
    let titles: Vec<&str> = items
        .iter()
        .map(|item| item.texts[0].title.as_str())
        .collect();
    assert_eq!(titles, ["Nail lacquer", "red polish", "reddish hat", ""]);
    assert_eq!(items[0].texts[0].category, ["Nails", "Colour"]);
    assert_eq!(items[0].texts[0].attributes.len(), 2);
    assert_eq!((sources.titles, sources.substitutes), (1, 2));
}

#[test]
fn the_first_bad_item_line_is_named() {
    let twice = "{\"item_id\": 1}\n{\"item_id\": \"1\"}\nno json\n";
    assert!(
        message(read_sequence_items(twice.as_bytes()))
            .starts_with("line 2: item_id \"1\" occurs before, on line 1")
    );
    let before = "no json\n{\"item_id\": 1}\n{\"item_id\": 1}\n";
    assert!(message(read_sequence_items(before.as_bytes())).starts_with("line 1: not JSON"));
    for id in ["1.5", "null", "\"\"", "\"a b\"", "[1]"] {
        let line = format!("{{\"item_id\": {id}}}");
        assert!(
            message(read_sequence_items(line.as_bytes())).starts_with("line 1: no item_id"),
            "{id}"
        );
    }
    assert!(message(read_sequence_items(&b""[..])).contains("empty"));
}

#[test]
fn sequences_of_any_length_are_read_with_or_without_a_header() {
    let text = "user\titems\nu1\ti1 i2  i1\r\nu2\ti3\n\nu 3\ti1 i2\nu4\t\n";
    let found = read_sequences(text.as_bytes(), index_of).unwrap();
    assert_eq!(found, [vec![1, 2, 1], vec![3], vec![1, 2], vec![]]);
    assert_eq!(read_sequences(&b"a\ti1"[..], index_of).unwrap(), [[1]]);
}

#[test]
fn a_bad_sequence_ends_the_reading_with_its_line() {
    for (text, expected) in [
        (
            "user\titems\na\ti1 x9\n",
            "line 2: item \"x9\" is not among the items",
        ),
        ("a i1 i2\n", "line 1: no tab"),
        (
            "a\ti1\na\ti2\n",
            "line 2: user \"a\" occurs before, on line 1",
        ),
        ("a\t \n", "the file is empty"),
        ("\ti1\n", "line 1: no user"),
        ("", "the file is empty"),
        ("user\titems\n", "the file is empty"),
    ] {
        let found = message(read_sequences(text.as_bytes(), index_of));
        assert!(found.starts_with(expected), "{found}");
    }
    assert!(message(read_sequences(&b"a\t\xff\n"[..], index_of)).starts_with("line 1: not UTF-8"));
    assert!(message(read_sequences(&b"\xff\xfea\0"[..], index_of)).contains("UTF-16"));
}

#[test]
fn sessions_and_questions_are_read() {
    assert_eq!(
        read_sessions(&b"i1 i2\ni3\n"[..], index_of).unwrap(),
        [vec![1, 2], vec![3]]
    );
    let questions = read_questions(&b"i1 i2\ti2\ni3\ti1\n"[..], index_of).unwrap();
    assert_eq!(questions, [(vec![1, 2], 2), (vec![3], 1)]);
    for (text, expected) in [
        ("i1 i2\n", "line 1: no tab"),
        ("i1\ti2 i3\n", "line 1: expected"),
        ("\ti1\n", "line 1: expected"),
        ("i1\t\n", "line 1: expected"),
        ("i1\ti1\ni1\tx\n", "line 2: item \"x\""),
        ("", "the file is empty"),
    ] {
        let found = message(read_questions(text.as_bytes(), index_of));
        assert!(found.starts_with(expected), "{found}");
    }
}
