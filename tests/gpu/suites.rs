//! Where cases come from. What the CPU doesn't answer rightly is none.

use crate::case::{Case, Wanted};
use nearshelf_engine::{CpuSession, DType, KernelSet, Plan, Session, Tensor, TensorType, Values};
use nearshelf_onnx::{CompileOptions, compile, open_dimensions};
use nearshelf_parity::CASES;
use nearshelf_tests::backend::case::{self, Suite};
use nearshelf_tests::backend::prepared::{Prepared, prepare, values};
use nearshelf_tests::conformance::reference;
use nearshelf_tests::{npz, root};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

impl Case {
    /// Whether the CPU's fastest kernels give what is wanted.
    fn is_answered_by_cpu(&self) -> bool {
        let run = || {
            let session = CpuSession::new(Arc::clone(&self.plan));
            let mut session = session.map_err(|error| error.to_string())?;
            let inputs: Vec<(&str, &Tensor)> = self.inputs.iter().map(|(n, x)| (&**n, x)).collect();
            session.run(&inputs).map_err(|error| error.to_string())
        };
        let run = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(String::new()));
        crate::runner::judge(self, &run).is_ok()
    }
}

/// The counted cases of the ONNX backend suite.
pub fn backend() -> Option<Vec<Case>> {
    let folder = case::folder()?;
    let suite = Suite::read(&folder);
    let counted = suite.cases.iter().filter(|case| case.left_out.is_none());
    let cases = counted.filter_map(|case| {
        let prepared = catch_unwind(AssertUnwindSafe(|| prepare(&folder, case).ok())).ok()??;
        let case = backend_case(case, prepared)?;
        case.is_answered_by_cpu().then_some(case)
    });
    Some(cases.collect())
}

fn backend_case(case: &case::Case, prepared: Prepared) -> Option<Case> {
    let expected = prepared.expected.iter();
    let wanted = expected.map(|expected| {
        let values = values(&expected.array, expected.dtype?)?;
        Some(Wanted {
            name: expected.name.clone(),
            tensor: Tensor::new(expected.array.shape.clone(), values).ok()?,
            rtol: expected.rtol,
            atol: expected.atol,
        })
    });
    Some(Case {
        name: case.name.clone(),
        subject: case.operator.clone(),
        wanted: wanted.collect::<Option<_>>()?,
        plan: Arc::new(prepared.plan),
        inputs: prepared.inputs,
    })
}

/// How outputs of a fixture agree with ONNX Runtime's, as `tests/conformance` holds the CPU to it.
enum Agreement {
    /// Sums in another order.
    Floats,
    /// A few roundings to the other side.
    Roundings,
    Exact,
}
use Agreement::{Exact, Floats, Roundings};

const FIXTURES: &[(&str, Agreement)] = &[
    ("attention_quantized", Roundings),
    ("bert_fused", Floats),
    ("cnn", Floats),
    ("cnn_qdq", Roundings),
    ("cnn_qoperator", Roundings),
    ("decoder", Floats),
    ("fused", Floats),
    ("gru", Floats),
    ("gru_linear_before_reset", Floats),
    ("lstm", Floats),
    ("lstm_dynamic", Roundings),
    ("quantized_sums_i8", Exact),
    ("quantized_sums_u8", Exact),
    ("residual_qdq", Exact),
    ("resize", Floats),
    ("segmenter", Floats),
    ("segmenter_qoperator", Roundings),
    ("transformer", Floats),
    ("transformer_dynamic", Roundings),
];

/// Fixtures with open dimensions, which stay open.
const OPEN: &[(&str, [&str; 2])] = &[
    ("open_encoder", ["batch=1..4", "length=1..24"]),
    ("open_segmenter", ["height=16..48", "width=16..48"]),
    ("open_stream", ["time=1..16", "batch=1..3"]),
];

/// The conformance fixtures.
pub fn fixtures() -> Vec<Case> {
    let folder = root().join("tests/conformance/fixtures");
    let read = |name: &str| std::fs::read(folder.join(format!("{name}.onnx"))).unwrap();
    let fixed = FIXTURES.iter().map(|(name, agreement)| {
        let archive = folder.join(format!("{name}.npz"));
        let plan = reference::compile(&read(name), &npz::arrays(&archive, "in_")).unwrap();
        fixture(name, name, Arc::new(plan), &archive, agreement)
    });
    let open = OPEN.iter().flat_map(|(name, ranges)| {
        let options = CompileOptions {
            open: ranges.iter().map(|range| range.parse().unwrap()).collect(),
            ..CompileOptions::default()
        };
        let plan = Arc::new(compile(&read(name), &options).unwrap());
        let folder = &folder;
        (0..3).map(move |number| {
            let archive = folder.join(format!("{name}.{number}.npz"));
            let own = format!("{name}.{number}");
            fixture(&own, name, Arc::clone(&plan), &archive, &Floats)
        })
    });
    let cases: Vec<Case> = fixed.chain(open).collect();
    for case in &cases {
        assert!(case.is_answered_by_cpu(), "{}", case.name);
    }
    cases
}

fn fixture(
    name: &str,
    subject: &str,
    plan: Arc<Plan>,
    archive: &Path,
    agreement: &Agreement,
) -> Case {
    let expected = npz::arrays(archive, "out_");
    let outputs = plan.outputs().iter();
    let wanted = outputs.map(|port| {
        let (_, array) = expected.iter().find(|(of, _)| *of == port.name).unwrap();
        let magnitudes = array.values.iter().map(|value| value.abs());
        let magnitude = magnitudes.fold(0.0, f64::max);
        Wanted {
            name: port.name.clone(),
            tensor: reference::tensor(array, port.ty.dtype),
            rtol: 0.0,
            atol: match agreement {
                Floats => 1e-5 * magnitude.max(1.0),
                Roundings => 2.0 / 127.0 * magnitude,
                Exact => 0.0,
            },
        }
    });
    Case {
        name: name.to_owned(),
        subject: subject.to_owned(),
        wanted: wanted.collect(),
        inputs: reference::inputs_of(plan.inputs(), archive),
        plan,
    }
}

/// About how many examples of each of the parity crate's cases are drawn: a device takes longer for one than the CPU.
const DRAWN_EXAMPLES: usize = 60;

/// Examples of every operator beside the scalar kernels' results.
pub fn parity() -> Vec<Case> {
    let mut cases = Vec::new();
    let (mut names, mut drawn) = (BTreeSet::new(), BTreeMap::<&str, u32>::new());
    for case in CASES {
        let mut count = 0;
        (case.examples)(&mut |_| count += 1);
        let mut number = 0_u32;
        (case.examples)(&mut |example| {
            number += 1;
            // Drawn without a pattern, which loops have; an operator's first two lie at its edges.
            let draw = number.wrapping_mul(2_654_435_761) as usize % count;
            let of_operator = drawn.entry(example.operator).or_default();
            if *of_operator >= 2 && draw >= DRAWN_EXAMPLES {
                return;
            }
            *of_operator += 1;
            let wanted = example.wanted().into_iter();
            let wanted = wanted.zip(example.plan.outputs()).map(|(tensor, port)| {
                let tolerance = f64::from(example.tolerance(&tensor));
                Wanted {
                    name: port.name.clone(),
                    tensor,
                    rtol: tolerance,
                    atol: tolerance,
                }
            });
            let name = format!("{}: {}, {}", case.name, example.operator, example.what);
            let is_new = names.insert(name.clone());
            cases.push(Case {
                name: if is_new {
                    name
                } else {
                    format!("{name} ({number})")
                },
                subject: example.operator.to_owned(),
                wanted: wanted.collect(),
                plan: Arc::clone(&example.plan),
                inputs: example.inputs,
            });
        });
    }
    cases
}

/// What floats of a model may differ by, as a part of the largest: roundings of activations to bytes, layer upon layer.
const MODEL_TOLERANCE: f64 = 5e-3;

/// Extent that open dimensions of shipped models get here.
const BOUND: usize = 11;

/// The models below `models/` on made-up inputs beside the scalar kernels' results.
pub fn models() -> Vec<Case> {
    let folders = std::fs::read_dir(root().join("models")).unwrap();
    let mut names: Vec<String> = folders
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.join("model.q8.onnx").is_file())
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let cases = names.into_iter().flat_map(|name| {
        let onnx = std::fs::read(root().join("models").join(&name).join("model.q8.onnx")).unwrap();
        let open = open_dimensions(&onnx).unwrap().into_iter();
        let options = CompileOptions {
            bind: open.map(|dimension| (dimension.symbol, BOUND)).collect(),
            ..CompileOptions::default()
        };
        let plan = Arc::new(compile(&onnx, &options).unwrap());
        (1..=3).map(move |seed| model(&name, seed, &plan))
    });
    cases.collect()
}

fn model(name: &str, seed: usize, plan: &Arc<Plan>) -> Case {
    let inputs = plan.inputs().iter();
    let inputs: Vec<(String, Tensor)> = inputs
        .map(|port| (port.name.clone(), made_up(&port.ty, seed)))
        .collect();
    let mut session = CpuSession::with_kernels(Arc::clone(plan), KernelSet::Scalar).unwrap();
    let given: Vec<(&str, &Tensor)> = inputs.iter().map(|(n, x)| (&**n, x)).collect();
    let outputs = session.run(&given).unwrap();
    let wanted = plan.outputs().iter().zip(outputs).map(|(port, tensor)| {
        let finite = tensor.as_f32().unwrap_or_default().iter();
        let largest = finite.fold(0.0_f32, |most, x| most.max(x.abs()));
        Wanted {
            name: port.name.clone(),
            tensor,
            rtol: 0.0,
            atol: MODEL_TOLERANCE * f64::from(largest),
        }
    });
    Case {
        name: format!("{name} {seed}"),
        subject: name.to_owned(),
        wanted: wanted.collect(),
        plan: Arc::clone(plan),
        inputs,
    }
}

/// Values that differ from place to place; integers that every table has.
fn made_up(ty: &TensorType, seed: usize) -> Tensor {
    let places = 0..ty.element_count().unwrap();
    let values = match ty.dtype {
        DType::I32 => Values::I32(places.map(|at| (at * 7 % (2 + seed)) as i32).collect()),
        DType::F32 => Values::F32(
            places
                .map(|at| ((at * seed) as f32 * 12.9898).sin())
                .collect(),
        ),
        DType::I8 => Values::I8(places.map(|at| (at * 37 * seed) as i8).collect()),
        DType::U8 => Values::U8(places.map(|at| (at & 1) as u8).collect()),
    };
    Tensor::new(ty.shape.clone(), values).unwrap()
}
