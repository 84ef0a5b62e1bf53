//! Plans and item scoring on the machine's own adapter beside what the adapter itself can do: `./build.sh bench gpu-native`.
//!
//! `cargo bench -p nearshelf-webgpu -- PLAN… [--items N] [--rounds N]` prints Markdown.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ceilings;

use ceilings::Ceilings;
use nearshelf_engine::{Plan, Tensor, TensorType, Values};
use nearshelf_webgpu::{Gpu, GpuSession, ItemMatrix};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// Extents of the catalogue that is scored.
const DIM: usize = 64;
const TOP: usize = 20;

struct Arguments {
    plans: Vec<String>,
    items: usize,
    rounds: usize,
}

/// One line of the report.
struct Row {
    name: String,
    dispatches: Option<usize>,
    create_ms: f64,
    first_ms: f64,
    wall_ms: f64,
    gpu_ms: Option<f64>,
    /// Bytes that a run must at least move, and multiply-adds that it must do.
    work: Work,
}

#[derive(Clone, Copy)]
struct Work {
    bytes: u64,
    multiply_adds: u64,
}

fn main() {
    let arguments = arguments();
    let gpu = pollster::block_on(Gpu::request()).expect("an adapter");
    let adapter = gpu.capabilities().adapter.clone();
    eprintln!("{adapter}");
    let ceilings = Ceilings::measure();
    let mut rows = Vec::new();
    for path in &arguments.plans {
        eprintln!("{path}");
        rows.push(plan(&gpu, Path::new(path), arguments.rounds));
    }
    if arguments.items > 0 {
        eprintln!("{} items", arguments.items);
        rows.push(items(&gpu, arguments.items, arguments.rounds));
    }
    print(&adapter, &ceilings, &rows, arguments.rounds);
}

fn arguments() -> Arguments {
    let mut given = std::env::args().skip(1);
    let mut arguments = Arguments {
        plans: Vec::new(),
        items: 1_000_000,
        rounds: 50,
    };
    while let Some(argument) = given.next() {
        let mut number = || given.next().and_then(|n| n.parse().ok()).expect("a number");
        match argument.as_str() {
            "--items" => arguments.items = number(),
            "--rounds" => arguments.rounds = number(),
            // Cargo adds it.
            "--bench" => {}
            _ => arguments.plans.push(argument),
        }
    }
    arguments
}

/// Runs a plan on made-up inputs.
fn plan(gpu: &Rc<Gpu>, path: &Path, rounds: usize) -> Row {
    let bytes = std::fs::read(path).expect("a plan");
    let plan = Arc::new(Plan::from_bytes(&bytes).expect("a plan"));
    let io: u64 = [plan.inputs(), plan.outputs()]
        .into_iter()
        .flatten()
        .map(|port| port.ty.size_bytes().unwrap_or(0) as u64)
        .sum();
    let work = Work {
        bytes: plan.weight_bytes() as u64 + io,
        multiply_adds: plan.nodes().map(|node| node.multiply_adds).sum(),
    };
    let ports: Vec<(String, TensorType)> = plan
        .inputs()
        .iter()
        .map(|port| (port.name.clone(), port.ty.clone()))
        .collect();
    let inputs: Vec<(&str, Tensor)> = ports
        .iter()
        .map(|(name, ty)| (&**name, made_up(ty)))
        .collect();
    let inputs: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, x)| (*name, x)).collect();
    let begin = Instant::now();
    let mut session = GpuSession::new(gpu, plan).expect("a session");
    let create_ms = millis(begin);
    let begin = Instant::now();
    pollster::block_on(session.run(&inputs)).expect("a run");
    let first_ms = millis(begin);
    let (mut walls, mut gpus) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let begin = Instant::now();
        pollster::block_on(session.run(&inputs)).expect("a run");
        walls.push(millis(begin));
        gpus.extend(session.gpu_nanos().map(|nanos| nanos / 1e6));
    }
    Row {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        dispatches: Some(session.dispatches()),
        create_ms,
        first_ms,
        wall_ms: median(&mut walls),
        gpu_ms: (!gpus.is_empty()).then(|| median(&mut gpus)),
        work,
    }
}

/// Values that every operator takes: small floats, and integers that every table has.
fn made_up(ty: &TensorType) -> Tensor {
    let count = ty.element_count().unwrap_or(0);
    let mut values = Values::try_zeros(ty.dtype, count).expect("memory");
    if let Values::F32(floats) = &mut values {
        let mut random = Random(1);
        floats.iter_mut().for_each(|value| *value = random.float());
    }
    Tensor::new(ty.shape.clone(), values).expect("a tensor")
}

/// Finds the closest rows of a made-up catalogue.
fn items(gpu: &Rc<Gpu>, count: usize, rounds: usize) -> Row {
    let mut random = Random(2);
    let values: Vec<i8> = (0..count * DIM)
        .map(|_| (random.float() * 127.0) as i8)
        .collect();
    let scales: Vec<f32> = (0..count).map(|_| 0.01 + random.float().abs()).collect();
    let begin = Instant::now();
    let matrix = ItemMatrix::upload(gpu, DIM, &values, &scales).expect("a matrix");
    let create_ms = millis(begin);
    let mut find = || {
        let query: Vec<f32> = (0..DIM).map(|_| random.float()).collect();
        let begin = Instant::now();
        let found = pollster::block_on(matrix.top_k(&query, TOP, None)).expect("an answer");
        assert_eq!(found.len(), TOP.min(count));
        millis(begin)
    };
    let first_ms = find();
    let mut walls: Vec<f64> = (0..rounds).map(|_| find()).collect();
    Row {
        name: format!("closest {TOP} of {count} × {DIM}"),
        dispatches: None,
        create_ms,
        first_ms,
        wall_ms: median(&mut walls),
        gpu_ms: None,
        work: Work {
            bytes: (count * (DIM + 4)) as u64,
            multiply_adds: (count * DIM) as u64,
        },
    }
}

fn print(adapter: &str, ceilings: &Ceilings, rows: &[Row], rounds: usize) {
    let Ceilings {
        copied_per_second,
        multiply_adds_per_second,
        round_trip_ms,
    } = ceilings;
    println!(
        "Adapter: {adapter}. Measured of the adapter itself: copies move {:.0} GB/s (read and written), f32 {:.0} giga multiply-adds a \
         second, one submission with one readback of 16 bytes {round_trip_ms:.3} ms. Medians of {rounds} runs.\n",
        copied_per_second / 1e9,
        multiply_adds_per_second / 1e9,
    );
    println!(
        "| model | dispatches | create ms | first run ms | median ms | GPU time ms | bound ms | × bound |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        let moving = row.work.bytes as f64 / copied_per_second * 1e3;
        let computing = row.work.multiply_adds as f64 / multiply_adds_per_second * 1e3;
        let bound = moving.max(computing) + round_trip_ms;
        let known = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        println!(
            "| {} | {} | {:.1} | {:.1} | {:.3} | {} | {bound:.3} | {:.1} |",
            row.name,
            known(row.dispatches.map(|count| count.to_string())),
            row.create_ms,
            row.first_ms,
            row.wall_ms,
            known(row.gpu_ms.map(|ms| format!("{ms:.3}"))),
            row.wall_ms / bound,
        );
    }
}

fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Knuth's multiplicative generator: enough to keep the numbers apart.
struct Random(u64);

impl Random {
    /// In [-1, 1).
    fn float(&mut self) -> f32 {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}
