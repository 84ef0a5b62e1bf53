//! `./build.sh bench shards [--rows N] [--lists N] [--queries N] [--write FILE]`: what lists find of clustered rows, by how many
//! are looked at.
//!
//! Rows and queries are drawn as those of `bench retrieve`: unit vectors of 64 values about 1,000 centres, as far from them as
//! half the centres' length. Bytes are those of rows in shards: values, a scale, and two for the item.
#![allow(clippy::unwrap_used, missing_docs)]

// The tests' own draws.
#[allow(dead_code, unused)]
#[path = "../testing.rs"]
mod testing;

use nearshelf_retrieval::{
    Draws, Rows, Wanted,
    partition::{Lists, Partition, reach},
};
use std::{env, fs, time::Instant};
use testing::{Drawn, Kind};

const DIM: usize = 64;
const PROBES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// Bytes of a row besides its values.
const BESIDES: usize = 6;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let number =
        |name: &str, otherwise: usize| value(name).map_or(otherwise, |text| text.parse().unwrap());
    let count = number("--rows", 1_000_000);
    let lists = number("--lists", count.div_ceil(512));
    let queries = number("--queries", 200);
    let drawn = Drawn::new(Kind::Clustered(1000, 0.5), count, DIM, queries);
    let rows = drawn.rows();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let partition = Partition::of(&rows, lists, 20_261_126, threads);
    let seconds = began.elapsed().as_secs_f64();
    let lists = partition.lists(DIM);
    let (values, scales) = quantized(&partition.centres);
    let mut bytes = vec![0_u64; lists];
    for &list in &partition.list_of {
        bytes[list as usize] += (DIM + BESIDES) as u64;
    }
    let largest = bytes.iter().max().unwrap() / 1024;
    let divided = Lists {
        centres: Rows::new(DIM, &values, &scales).unwrap(),
        list_of: &partition.list_of,
        bytes: &bytes,
    };
    let asked: Vec<_> = drawn
        .queries
        .iter()
        .map(|query| (query.clone(), None))
        .collect();
    let mut draws = Draws(1);
    let mut mask = vec![0_u32; Wanted::mask_words(count)];
    for row in 0..count {
        mask[row / 32] |= u32::from(draws.below(100) == 0) << (row % 32);
    }
    let plain = reach(&rows, &divided, &asked, 20, &PROBES, None).unwrap();
    let filtered = reach(&rows, &divided, &asked, 20, &PROBES, Some(&mask)).unwrap();
    let mut table = format!(
        "{count} × {DIM} about 1,000 centres, {lists} lists (the largest of {largest} KiB) made in {seconds:.0} s on {threads} threads; {queries} queries:\n\n\
         | lists looked at | fetched, KiB | of all rows | recall@20 | with a filter of 1 % |\n| ---: | ---: | ---: | ---: | ---: |\n"
    );
    for (plain, filtered) in plain.iter().zip(&filtered) {
        let share = plain.bytes / (count * (DIM + BESIDES)) as f64;
        table += &format!(
            "| {} | {:.0} | {:.2} % | {:.4} | {:.4} |\n",
            plain.probes,
            plain.bytes / 1024.0,
            100.0 * share,
            plain.recall,
            filtered.recall
        );
    }
    println!("{table}");
    if let Some(path) = value("--write") {
        const MARKS: [&str; 2] = [
            "<!-- bench shards: begin -->\n",
            "<!-- bench shards: end -->",
        ];
        let text = fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(MARKS[0]).unwrap();
        let (_, after) = rest.split_once(MARKS[1]).unwrap();
        fs::write(
            &path,
            format!("{before}{}\n{table}\n{}{after}", MARKS[0], MARKS[1]),
        )
        .unwrap();
    }
}

fn quantized(centres: &[f32]) -> (Vec<i8>, Vec<f32>) {
    let (mut values, mut scales) = (Vec::new(), Vec::new());
    for centre in centres.chunks_exact(DIM) {
        let largest = centre
            .iter()
            .fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
        values.extend(centre.iter().map(|x| (x / largest * 127.0).round() as i8));
        scales.push(largest / 127.0);
    }
    (values, scales)
}
