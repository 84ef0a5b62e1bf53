//! What lists hold, at the edges first.
#![allow(clippy::unwrap_used)]

use super::{Lists, Partition, reach};
use crate::testing::{Drawn, Kind};
use crate::{Rows, Wanted, scan};

fn quantized(dim: usize, centres: &[f32]) -> (Vec<i8>, Vec<f32>) {
    let (mut values, mut scales) = (Vec::new(), Vec::new());
    for centre in centres.chunks_exact(dim) {
        let largest = centre.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let largest = largest.max(f32::MIN_POSITIVE);
        values.extend(centre.iter().map(|x| (x / largest * 127.0).round() as i8));
        scales.push(largest / 127.0);
    }
    (values, scales)
}

#[test]
fn no_rows_and_rows_of_zeros_are_in_no_list() {
    let none = Rows::new(3, &[], &[]).unwrap();
    let partition = Partition::of(&none, 4, 7, 2);
    assert!(partition.list_of.is_empty() && partition.centres.is_empty());

    let rows = Rows::new(2, &[0, 0, 5, 1, 7, 7], &[1.0, 1.0, f32::NAN]).unwrap();
    let partition = Partition::of(&rows, 4, 7, 2);
    assert_eq!(partition.lists(2), 1, "one row has a direction");
    assert_eq!(partition.list_of, [1, 0, 1]);
}

#[test]
fn rows_of_one_direction_share_a_list_whatever_their_length() {
    let values: Vec<i8> = [[100, 0], [0, 90], [7, 0], [0, 3]].concat();
    let rows = Rows::new(2, &values, &[1.0, 1.0, 0.1, 2.0]).unwrap();
    let list_of = Partition::of(&rows, 2, 1, 1).list_of;
    assert_eq!(list_of[0], list_of[2]);
    assert_eq!(list_of[1], list_of[3]);
    assert_ne!(list_of[0], list_of[1]);
}

#[test]
fn a_list_s_centre_is_as_long_as_its_rows_are_on_average() {
    let rows = Rows::new(2, &[100, 0, 100, 0], &[0.01, 0.03]).unwrap();
    let partition = Partition::of(&rows, 1, 1, 1);
    assert!((partition.centres[0] - 2.0).abs() < 1e-5);
    assert!(partition.centres[1].abs() < 1e-6);
}

#[test]
fn equal_seeds_give_equal_lists_on_any_number_of_threads() {
    let drawn = Drawn::new(Kind::Clustered(20, 0.5), 701, 24, 0);
    let one = Partition::of(&drawn.rows(), 17, 5, 1);
    assert_eq!(one, Partition::of(&drawn.rows(), 17, 5, 3));
    assert!(one.list_of.iter().all(|&list| list < 17));
}

#[test]
fn rows_that_are_all_the_same_still_get_their_lists() {
    let values = [[3_i8, 4]; 50].concat();
    let rows = Rows::new(2, &values, &[1.0; 50]).unwrap();
    let partition = Partition::of(&rows, 8, 1, 2);
    assert_eq!(partition.lists(2), 8);
    assert!(
        partition
            .list_of
            .iter()
            .all(|&list| list == partition.list_of[0])
    );
}

#[test]
fn most_lists_of_clustered_rows_are_used() {
    let drawn = Drawn::new(Kind::Clustered(64, 0.3), 4000, 32, 0);
    let mut counts = vec![0; 64];
    for list in Partition::of(&drawn.rows(), 64, 3, 2).list_of {
        counts[list as usize] += 1;
    }
    let used = counts.iter().filter(|&&count| count > 0).count();
    assert!(used >= 60, "{used} lists of 64");
    assert!(counts.iter().all(|&count| count < 1000), "{counts:?}");
}

#[test]
fn a_few_lists_hold_most_of_the_closest_rows_and_all_lists_hold_all() {
    let drawn = Drawn::new(Kind::Clustered(100, 0.5), 8000, 32, 30);
    let (rows, dim) = (drawn.rows(), 32);
    let partition = Partition::of(&rows, 64, 9, 2);
    let (values, scales) = quantized(dim, &partition.centres);
    let lists = Lists {
        centres: Rows::new(dim, &values, &scales).unwrap(),
        list_of: &partition.list_of,
        bytes: &[100; 64],
    };
    let queries: Vec<_> = drawn
        .queries
        .iter()
        .map(|query| (query.clone(), None))
        .collect();
    let found = reach(&rows, &lists, &queries, 20, &[0, 8, 64], None).unwrap();
    assert_eq!((found[0].recall, found[0].bytes), (0.0, 0.0));
    assert!(found[1].recall > 0.9, "{}", found[1].recall);
    assert!((found[1].bytes - 800.0).abs() < 1e-6);
    assert!((found[2].recall - 1.0).abs() < 1e-9);

    // What is told is what a search of those lists finds.
    let query = &drawn.queries[0];
    let near = scan(&lists.centres, query, 8, Wanted::All).unwrap();
    let probed = |row: u32| {
        near.iter()
            .any(|list| list.item == partition.list_of[row as usize])
    };
    let all = scan(&rows, query, 20, Wanted::All).unwrap();
    let some = scan(&rows, query, 20, Wanted::Where(&probed)).unwrap();
    let both = some.iter().filter(|row| all.contains(row)).count();
    let told = reach(&rows, &lists, &queries[..1], 20, &[8], None).unwrap();
    assert!((told[0].recall - both as f64 / 20.0).abs() < 1e-9);
}

#[test]
fn lists_without_a_wanted_row_are_passed_over() {
    let values: Vec<i8> = [[100, 0], [0, 100], [-100, 0]].concat();
    let rows = Rows::new(2, &values, &[0.01; 3]).unwrap();
    let lists = Lists {
        centres: rows,
        list_of: &[0, 1, 2],
        bytes: &[1, 10, 100],
    };
    let query = [(vec![1.0, 0.1], None)];
    let found = reach(&rows, &lists, &query, 1, &[1], Some(&[0b100])).unwrap();
    assert_eq!((found[0].recall, found[0].bytes), (1.0, 100.0));
    let nobody = reach(&rows, &lists, &query, 1, &[1], Some(&[0])).unwrap();
    assert_eq!((nobody[0].recall, nobody[0].bytes), (1.0, 0.0));
}
