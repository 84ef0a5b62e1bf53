#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{in_category, pounds};
use nearshelf_catalogue::{Availability, Item};

fn catalogue() -> ItemTable {
    let branded = |id: &str, brand: &str, category: &str, colour: &str| {
        let mut item = in_category(id, category);
        item.brand = brand.to_owned();
        item.texts[0].attributes = vec![("Colour".to_owned(), colour.to_owned())];
        item
    };
    let mut items = vec![
        branded("a", "Acme", "Home > Lamps", "red"),
        branded("b", "Acme", "Home > Tables", "blue"),
        branded("c", "Birch", "Garden", "blue"),
        branded("d", "", "Home > Lamps", "red"),
    ];
    items[1].sale_price = Some(pounds(500));
    items[2].availability = Availability::OutOfStock;
    items[3] = Item {
        group_id: Some("lamp".to_owned()),
        price: None,
        ..items[3].clone()
    };
    ItemTable::new(items)
}

fn read(rules: &str) -> Result<Merchandising, Vec<RuleProblem>> {
    read_rules(&format!("{{\"rules\": [{rules}]}}"), &catalogue())
}

/// The one action that a rule comes to.
fn action(rule: &str) -> Action {
    read(rule).unwrap().rules.remove(0).action
}

/// The one problem of some rules, in words.
fn problem(rules: &str) -> String {
    let problems = read(rules).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

fn where_(condition: &str) -> Vec<u32> {
    match action(&format!("{{\"exclude\": true, \"where\": {condition}}}")) {
        Action::Exclude { items } => items,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_speaks_of_the_items_that_fit_all_its_conditions() {
    assert_eq!(where_("{\"brand\": \"Acme\"}"), [0, 1]);
    assert_eq!(where_("{\"category\": [\"Home\"]}"), [0, 1, 3]);
    assert_eq!(
        where_("{\"category\": \"Home>Lamps\", \"brand\": [\"Acme\", \"Birch\"]}"),
        [0]
    );
    assert_eq!(where_("{\"attributes\": {\"Colour\": [\"blue\"]}}"), [1, 2]);
    assert_eq!(where_("{\"availability\": \"out of stock\"}"), [2]);
    assert_eq!(
        where_("{\"price_below\": \"10.00 GBP\"}"),
        [1],
        "the price that is paid"
    );
    assert_eq!(where_("{\"price_from\": \"10.00 GBP\"}"), [0, 2]);
    assert_eq!(where_("{\"on_sale\": true}"), [1]);
    assert_eq!(where_("{\"ids\": [\"d\", \"a\"]}"), [0, 3]);
}

#[test]
fn every_action_is_read_with_its_lists_and_times() {
    let rule = read(
        "{\"name\": \"spring\", \"boost\": 1.5, \"where\": {\"brand\": [\"Acme\"]}, \"in\": [\"for-you\"],
          \"from\": \"1970-01-01T00:00:01Z\", \"until\": \"1970-01-01T00:00:02+00:00\"}",
    )
    .unwrap()
    .rules
    .remove(0);
    assert_eq!(
        (rule.from_millis, rule.until_millis),
        (Some(1000), Some(2000))
    );
    assert_eq!(
        (rule.name.as_str(), rule.lists),
        ("spring", vec!["for-you".to_owned()])
    );
    let boost = Action::Weigh {
        factor: 1.5,
        items: vec![0, 1],
    };
    assert_eq!(rule.action, boost);
    assert!(
        matches!(action("{\"bury\": 0, \"where\": {\"on_sale\": true}}"), Action::Weigh { factor, .. } if factor == 0.0)
    );
    let pin = Action::Pin { items: vec![2, 0] };
    assert_eq!(action("{\"pin\": [\"c\", \"a\"]}"), pin);
    let quota = |per: &str| match action(&format!("{{\"at_most\": 2, \"per\": \"{per}\"}}")) {
        Action::Quota { most: 2, groups } => groups,
        other => panic!("{other:?}"),
    };
    assert_eq!(quota("brand"), [1, 1, 2, 0]);
    assert_eq!(quota("category"), [1, 2, 3, 1]);
    assert_eq!(quota("attribute:colour"), [1, 2, 2, 1]);
    assert_eq!(quota("product"), [0, 0, 0, 1]);
}

#[test]
fn words_of_searches_and_synonyms_are_spelt_as_searches_spell_them() {
    let rule = "{\"pin\": [\"a\"], \"in\": [\"search\"], \"queries\": [\"Desk  LAMPS\", \"台灯\"]}";
    assert_eq!(read(rule).unwrap().rules[0].queries, ["desk lamps", "台灯"]);
    let said = read_rules(
        "{\"synonyms\": [[\"Sofa\", \"couch\", \"sofa\"]]}",
        &catalogue(),
    )
    .unwrap();
    assert_eq!(said.synonyms, [["couch", "sofa"]]);
    assert!(read_rules("{}", &catalogue()).unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_told_with_rule_field_and_mend() {
    let good = "{\"exclude\": true, \"where\": {\"brand\": \"Acme\"}}";
    for (rule, told) in [
        (
            "{\"boost\": 2}",
            "rule 2, `where`: missing: say which items, as {\"brand\": [\"…\"]}",
        ),
        (
            "{\"boost\": 2, \"where\": {}}",
            "rule 2, `where`: it is empty, which would be all items: say which",
        ),
        (
            "{\"exclude\": true, \"where\": {\"attributes\": {}}}",
            "rule 2, `where.attributes`: it names no attribute",
        ),
        (
            "{\"boost\": 0.5, \"where\": {\"brand\": \"Acme\"}}",
            "rule 2, `boost`: 0.5 is not from 1 to 1000",
        ),
        (
            "{\"bury\": \"low\", \"where\": {\"brand\": \"Acme\"}}",
            "rule 2, `bury`: \"low\" is no number",
        ),
        (
            "{\"bost\": 2}",
            "rule 2, `bost`: there is no field \"bost\": did you mean \"boost\"?",
        ),
        (
            "{\"where\": {\"brand\": \"Acme\"}}",
            "rule 2: it does nothing: give it one of boost, bury, pin, exclude, at_most",
        ),
        (
            "{\"pin\": [\"a\"], \"exclude\": true}",
            "rule 2: it has pin and exclude: give it one of boost, bury, pin, exclude, at_most",
        ),
        (
            "{\"exclude\": true, \"where\": {\"brand\": \"Acne\"}}",
            "rule 2, `where.brand`: there is no brand \"Acne\": did you mean \"Acme\"?",
        ),
        (
            "{\"exclude\": true, \"where\": {\"brand\": \"Zeta\"}}",
            "rule 2, `where.brand`: there is no brand \"Zeta\"; there are \"Acme\", \"Birch\"",
        ),
        (
            "{\"exclude\": true, \"where\": {\"brnad\": \"Acme\"}}",
            "rule 2, `where.brnad`: there is no field \"brnad\": did you mean \"brand\"?",
        ),
        (
            "{\"exclude\": true, \"where\": {\"attributes\": {\"Colour\": \"bleu\"}}}",
            "rule 2, `where.attributes.Colour`: there is no value \"bleu\": did you mean \"blue\"?",
        ),
        (
            "{\"exclude\": true, \"where\": {\"brand\": \"Acme\", \"category\": \"Garden\"}}",
            "rule 2, `where`: no item of the catalogue fits all of this: loosen it, or take the rule out",
        ),
        (
            "{\"pin\": [\"x\"]}",
            "rule 2, `pin`: there is no item \"x\": did you mean \"a\"?",
        ),
        ("{\"pin\": []}", "rule 2, `pin`: it names no item"),
        (
            "{\"pin\": [\"a\"], \"in\": [\"foryou\"]}",
            "rule 2, `in`: there is no list \"foryou\": did you mean \"for-you\"?",
        ),
        (
            "{\"pin\": [\"a\"], \"queries\": [\"lamp\"], \"in\": [\"for-you\"]}",
            "rule 2, `queries`: only searches have words: add \"in\": [\"search\"]",
        ),
        (
            "{\"pin\": [\"a\"], \"from\": \"June\"}",
            "rule 2, `from`: \"June\" is no time as \"2026-06-01T00:00:00Z\"",
        ),
        (
            "{\"pin\": [\"a\"], \"from\": \"2026-06-02T00:00:00Z\", \"until\": \"2026-06-01T00:00:00Z\"}",
            "rule 2, `until`: it ends before it begins: put a later time than in `from`",
        ),
        (
            "{\"at_most\": 1.5, \"per\": \"brand\"}",
            "rule 2, `at_most`: 1.5 is no whole number from 0 to 1000",
        ),
        (
            "{\"at_most\": 1}",
            "rule 2, `per`: missing: brand, category, product, or attribute:NAME",
        ),
        (
            "{\"exclude\": false, \"where\": {\"brand\": \"Acme\"}}",
            "rule 2, `exclude`: write true, or take the rule out",
        ),
        (
            "7",
            "rule 2: a rule is an object: write {\"boost\": 1.5, \"where\": {…}}",
        ),
    ] {
        assert_eq!(problem(&format!("{good}, {rule}")), told);
    }
}

#[test]
fn every_problem_of_a_file_is_told_at_once() {
    let problems =
        read("{\"boost\": 2}, {\"bury\": 3, \"where\": {\"brand\": \"Acne\"}, \"colour\": 1}")
            .unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:#?}");
}

#[test]
fn what_is_no_file_of_rules_is_refused_in_words() {
    let told = |json: &str| read_rules(json, &catalogue()).unwrap_err()[0].to_string();
    assert!(told("{\"rules\": [}").starts_with("this is no JSON: "));
    assert!(told("[]").contains("no object"));
    assert_eq!(
        told("{\"rule\": []}"),
        "`rule`: there is no field \"rule\": did you mean \"rules\"?"
    );
    assert_eq!(
        told("{\"synonyms\": [[\"sofa\"]]}"),
        "synonyms 1: one word alone has no synonym: add another"
    );
    assert_eq!(
        told("{\"synonyms\": [[\"!\", \"a\", \"b\"]]}"),
        "synonyms 1: \"!\" has no letters that a search reads"
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_refused_or_read_without_panic(text in ".{0,60}") {
        let _ = read_rules(&text, &catalogue());
        let _ = read(&text);
    }
}
