//! How far the adapter's results are from the scalar kernels': `build/parity/native-SUITE.json`, for `docs/parity.md`.

use crate::case::{Case, Difference};
use crate::runner::Outcome;
use nearshelf_tests::root;
use std::collections::{BTreeMap, BTreeSet};

#[derive(serde::Serialize)]
struct Measured<'a> {
    adapter: &'a str,
    subjects: BTreeMap<&'a str, Option<Difference>>,
}

/// The largest difference of each subject whose cases all have outputs.
pub fn write(suite: &str, adapter: &str, cases: &[Case], outcomes: &[Outcome]) {
    let mut subjects: BTreeMap<&str, Option<Difference>> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        let so_far = subjects
            .entry(&case.subject)
            .or_insert(Some(Difference::default()));
        let Ok(outputs) = outcome else {
            *so_far = None;
            continue;
        };
        for (wanted, found) in case.wanted.iter().zip(outputs) {
            let more = wanted.difference(found);
            *so_far = so_far.map(|so_far| so_far.largest(more));
        }
    }
    let folder = root().join("build/parity");
    std::fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string(&Measured { adapter, subjects }).unwrap();
    std::fs::write(folder.join(format!("native-{suite}.json")), text).unwrap();
}

/// The first cells of the rows of the table below a heading of `docs/parity.md`.
pub fn rows_of(heading: &str) -> BTreeSet<String> {
    let document = std::fs::read_to_string(root().join("docs/parity.md")).unwrap_or_default();
    let sections = document.split("\n## ");
    let mut sections = sections.filter_map(|section| section.strip_prefix(heading));
    let section = sections.next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.skip(1).filter_map(|row| row.split(" |").next());
    cells.map(str::to_owned).collect()
}
