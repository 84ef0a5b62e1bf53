//! Parts of the cases that are looked at by themselves.

use super::Case;

/// Items with fewer training sessions are cold.
pub const COLD_BELOW: u32 = 5;
/// Part of the catalogue, most wanted first, that is called popular.
pub const POPULAR_PART: f64 = 0.2;
/// Histories of at most this many events are short, of more than [`LONG_FROM`] long.
pub const SHORT_UP_TO: usize = 5;
/// See [`SHORT_UP_TO`].
pub const LONG_FROM: usize = 21;

/// A part of the cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Stable name.
    pub name: &'static str,
    /// What it holds, in words.
    pub about: String,
    /// Number of each case, ascending, with those of its relevant items that belong to the slice.
    pub cases: Vec<(u32, Vec<u32>)>,
}

/// The slices that have any case: by how known the hidden items are, and by the length of histories.
///
/// - `sessions`: of the training part with each item
pub fn slices(cases: &[Case], sessions: &[u32]) -> Vec<Slice> {
    let mut ranked: Vec<u32> = (0..sessions.len() as u32).collect();
    ranked.sort_by_key(|&item| (std::cmp::Reverse(sessions[item as usize]), item));
    let popular_count = (sessions.len() as f64 * POPULAR_PART).ceil() as usize;
    let mut popular = vec![false; sessions.len()];
    for &item in ranked.iter().take(popular_count) {
        popular[item as usize] = sessions[item as usize] > 0;
    }
    let is_popular = |item: u32| popular.get(item as usize).copied().unwrap_or(false);
    let count = |item: u32| sessions.get(item as usize).copied().unwrap_or(0);
    let of_items = |name, about: String, wanted: &dyn Fn(u32) -> bool| Slice {
        name,
        about,
        cases: (0..)
            .zip(cases)
            .filter_map(|(number, case)| {
                let items = case.relevant.iter().copied();
                let items: Vec<u32> = items.filter(|&item| wanted(item)).collect();
                (!items.is_empty()).then_some((number, items))
            })
            .collect(),
    };
    let of_lengths = |name, about: String, wanted: &dyn Fn(usize) -> bool| Slice {
        name,
        about,
        cases: (0..)
            .zip(cases)
            .filter(|(_, case)| wanted(case.history.len()))
            .map(|(number, case)| (number, case.relevant.clone()))
            .collect(),
    };
    let all = [
        of_items(
            "popular-items",
            format!(
                "hidden item among the {:.0} % most wanted",
                POPULAR_PART * 100.0
            ),
            &is_popular,
        ),
        of_items(
            "tail-items",
            "hidden item among the others".to_owned(),
            &|item| !is_popular(item),
        ),
        of_items(
            "cold-items",
            format!("hidden item in fewer than {COLD_BELOW} training sessions"),
            &|item| count(item) < COLD_BELOW,
        ),
        of_items(
            "unseen-items",
            "hidden item in no training session".to_owned(),
            &|item| count(item) == 0,
        ),
        of_lengths(
            "short-histories",
            format!("at most {SHORT_UP_TO} events before"),
            &|length| length <= SHORT_UP_TO,
        ),
        of_lengths(
            "middle-histories",
            format!("{} to {} events before", SHORT_UP_TO + 1, LONG_FROM - 1),
            &|length| length > SHORT_UP_TO && length < LONG_FROM,
        ),
        of_lengths(
            "long-histories",
            format!("{LONG_FROM} events before or more"),
            &|length| length >= LONG_FROM,
        ),
    ];
    all.into_iter()
        .filter(|slice| !slice.cases.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::mine::Interaction;
    use nearshelf_catalogue::EventKind;

    #[test]
    fn cases_are_sliced_by_their_hidden_items_and_by_their_length() {
        let row = Interaction {
            session: 0,
            item: 0,
            kind: EventKind::View,
            time_millis: 0,
        };
        let case = |length: usize, relevant: &[u32]| Case {
            history: vec![row; length],
            now_millis: 0,
            relevant: relevant.to_vec(),
        };
        let cases = [case(1, &[0, 4]), case(6, &[1]), case(30, &[2])];
        let slices = slices(&cases, &[100, 7, 6, 5, 0]);
        let of = |name: &str| {
            let slice = slices.iter().find(|slice| slice.name == name).unwrap();
            slice.cases.clone()
        };
        assert_eq!(of("popular-items"), [(0, vec![0])]);
        assert_eq!(of("tail-items"), [(0, vec![4]), (1, vec![1]), (2, vec![2])]);
        assert_eq!(of("cold-items"), [(0, vec![4])]);
        assert_eq!(of("unseen-items"), [(0, vec![4])]);
        assert_eq!(of("short-histories"), [(0, vec![0, 4])]);
        assert_eq!(of("middle-histories"), [(1, vec![1])]);
        assert_eq!(of("long-histories"), [(2, vec![2])]);
        assert!(super::slices(&[], &[]).is_empty());
    }
}
