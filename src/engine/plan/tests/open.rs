//! Plans with open dimensions: bound, run, stored, and written by strangers.

use super::hostile::ty;
use super::*;
use crate::plan::format::{self, Graph, Step, Stored};
use crate::plan::symbols::{
    Attribute, Element, Expression, Extras, Factor, InputAxis, Number, Term,
};

fn symbol(name: &str, min: u32, max: u32, step: u32) -> Symbol {
    Symbol {
        name: name.to_owned(),
        min,
        max,
        step,
    }
}

fn term(coefficient: i64, factors: &[Factor]) -> Term {
    Term {
        coefficient,
        factors: factors.to_vec(),
    }
}

fn whole(terms: &[Term], divisor: u32) -> Number {
    Number::Whole(Expression {
        terms: terms.to_vec(),
        divisor,
    })
}

const ROWS: Factor = Factor::Symbol(0);

/// `x [rows, 2]` plus the first rows of a table of four, divided by the number of rows, laid out flat.
pub(super) fn table() -> (Graph, Extras, Vec<u8>) {
    let step = |name: &str, op: Op, inputs: &[u32]| Step {
        name: name.to_owned(),
        op,
        inputs: inputs.to_vec(),
    };
    let graph = Graph {
        inputs: vec![("x".to_owned(), ty(DType::F32, &[4, 2]))],
        constants: vec![
            Stored {
                ty: ty(DType::F32, &[4, 2]),
                offset: 0,
            },
            Stored {
                ty: ty(DType::F32, &[]),
                offset: 64,
            },
        ],
        nodes: vec![
            step(
                "rows",
                Op::Slice {
                    starts: vec![0, 0],
                    steps: vec![1, 1],
                    shape: vec![4, 2],
                },
                &[1],
            ),
            step("sum", Op::Binary(Binary::Add), &[0, 3]),
            step("mean", Op::Binary(Binary::Div), &[4, 2]),
            step("flat", Op::Reshape { shape: vec![8] }, &[5]),
        ],
        outputs: vec![("y".to_owned(), 6)],
    };
    let extents = |axis| Factor::Extent { value: 5, axis };
    let extras = Extras {
        symbols: vec![symbol("rows", 1, 4, 1)],
        axes: vec![InputAxis {
            input: 0,
            axis: 0,
            symbol: 0,
        }],
        elements: vec![Element {
            constant: 1,
            at: 0,
            value: whole(&[term(1, &[ROWS])], 1),
        }],
        attributes: vec![
            Attribute {
                node: 0,
                number: 2,
                value: whole(&[term(1, &[ROWS])], 1),
            },
            Attribute {
                node: 3,
                number: 0,
                value: whole(&[term(1, &[extents(0), extents(1)])], 1),
            },
        ],
    };
    let mut data: Vec<u8> = (0..8_u8).flat_map(|v| f32::from(v).to_le_bytes()).collect();
    data.resize(64, 0);
    data.extend(4.0_f32.to_le_bytes());
    (graph, extras, data)
}

fn read((graph, extras, data): (Graph, Extras, Vec<u8>)) -> Result<Plan, PlanError> {
    Plan::from_bytes(&format::file(&graph, &extras, &data).unwrap())
}

/// What the table of [`table`] makes of zeros.
fn expected(rows: usize) -> Tensor {
    let values: Vec<f32> = (0..2 * rows).map(|at| at as f32 / rows as f32).collect();
    f32s(&[2 * rows], &values)
}

#[test]
fn one_plan_serves_every_extent_of_its_range_and_binds_anew_when_it_changes() {
    let mut session = CpuSession::new(Arc::new(read(table()).unwrap())).unwrap();
    assert_eq!(session.inputs()[0].to_string(), "f32[rows=1..4, 2]");
    for rows in [1, 4, 2, 2, 3, 1] {
        let x = f32s(&[rows, 2], &vec![0.0; 2 * rows]);
        assert_eq!(session.run(&[("x", &x)]).unwrap(), [expected(rows)]);
        assert_eq!(session.plan().inputs()[0].ty.shape, [rows, 2]);
        assert_eq!(session.inputs()[0].ty.shape, [4, 2], "as it was compiled");
    }
}

#[test]
fn a_plan_of_format_2_from_its_first_day_is_still_read() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/plan-v2.plan");
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some() && !path.exists() {
        let (graph, extras, data) = table();
        fs::write(&path, format::file(&graph, &extras, &data).unwrap()).unwrap();
    }
    let file = fs::read(path).unwrap();
    assert_eq!(file[4..6], [2, 0]);
    let mut session = CpuSession::new(Arc::new(Plan::from_bytes(&file).unwrap())).unwrap();
    for rows in [4, 1, 3] {
        let x = f32s(&[rows, 2], &vec![0.0; 2 * rows]);
        assert_eq!(session.run(&[("x", &x)]).unwrap(), [expected(rows)]);
    }
}

#[test]
fn bindings_share_the_constants_and_give_one_file() {
    let plan = read(table()).unwrap();
    assert_eq!(plan.symbols(), [symbol("rows", 1, 4, 1)]);
    let small = plan.bind(&[("rows", 2)]).unwrap();
    assert!(Arc::ptr_eq(&plan.constants[0], &small.constants[0]));
    assert!(small.arena_bytes() < plan.arena_bytes());
    let (graph, extras, data) = table();
    let file = format::file(&graph, &extras, &data).unwrap();
    assert_eq!(plan.to_bytes().unwrap(), file);
    assert_eq!(small.to_bytes().unwrap(), file);
    let again = small.bind(&[]).unwrap();
    assert_eq!(
        again.inputs()[0].ty.shape,
        [2, 2],
        "symbols left out keep theirs"
    );
    for bad in [("rows", 0), ("rows", 5), ("columns", 1)] {
        assert!(matches!(
            plan.bind(&[bad]),
            Err(PlanError::BadBinding { .. })
        ));
    }
    let fixed = sample().bind(&[("rows", 1)]);
    assert!(matches!(fixed, Err(PlanError::BadBinding { .. })));
}

#[test]
fn inputs_out_of_range_are_named_with_axis_and_range() {
    let mut session = CpuSession::new(Arc::new(read(table()).unwrap())).unwrap();
    let mut refused = |shape: &[usize]| {
        let x = f32s(shape, &vec![0.0; shape.iter().product()]);
        session.run(&[("x", &x)]).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&[5, 2]),
        "axis 0 of input \"x\" is 5, the model was compiled for rows=1..4"
    );
    assert_eq!(
        refused(&[4, 3]),
        "input \"x\" is f32[4, 3], the model was compiled for f32[rows=1..4, 2]"
    );
    assert_eq!(refused(&[0, 2]).split(',').count(), 2);
    let x = f32s(&[3, 2], &[0.0; 6]);
    assert_eq!(session.run(&[("x", &x)]).unwrap(), [expected(3)]);
}

#[test]
fn axes_of_one_symbol_have_one_extent() {
    let add = Step {
        name: "sum".to_owned(),
        op: Op::Binary(Binary::Add),
        inputs: vec![0, 1],
    };
    let axis = |input| InputAxis {
        input,
        axis: 0,
        symbol: 0,
    };
    let graph = Graph {
        inputs: ["a", "b"]
            .map(|name| (name.to_owned(), ty(DType::F32, &[8])))
            .into(),
        constants: Vec::new(),
        nodes: vec![add],
        outputs: vec![("y".to_owned(), 2)],
    };
    let extras = Extras {
        symbols: vec![symbol("n", 2, 8, 3)],
        axes: vec![axis(0), axis(1)],
        ..Extras::default()
    };
    let mut session = CpuSession::new(Arc::new(read((graph, extras, vec![])).unwrap())).unwrap();
    let mut run = |a: usize, b: usize| {
        let (a, b) = (f32s(&[a], &vec![1.0; a]), f32s(&[b], &vec![2.0; b]));
        session.run(&[("a", &a), ("b", &b)])
    };
    assert_eq!(run(5, 5).unwrap(), [f32s(&[5], &[3.0; 5])]);
    assert!(matches!(
        run(8, 5),
        Err(RunError::ExtentsDiffer { other: 8, .. })
    ));
    assert!(matches!(
        run(4, 4),
        Err(RunError::WrongExtent { extent: 4, .. })
    ));
}

#[test]
fn an_extent_for_which_the_network_makes_no_sense_is_an_error_of_the_run() {
    let (graph, mut extras, data) = table();
    // Right at 4 rows only.
    extras.attributes[1].value = whole(&[term(8, &[])], 1);
    let plan = read((graph, extras, data)).unwrap();
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    let x = |rows: usize| f32s(&[rows, 2], &vec![0.0; 2 * rows]);
    let error = session.run(&[("x", &x(3))]).unwrap_err();
    assert!(
        matches!(&error, RunError::Unbindable { extents, .. } if extents == "rows = 3"),
        "{error}"
    );
    assert_eq!(session.run(&[("x", &x(4))]).unwrap(), [expected(4)]);
}

#[test]
fn numbers_that_stand_nowhere_or_can_not_be_worked_out_are_refused() {
    type Change = fn(&mut Extras);
    let changes: [(&str, Change); 19] = [
        ("an empty range", |e| e.symbols[0].max = 0),
        ("a range from 0", |e| e.symbols[0].min = 0),
        ("no step", |e| e.symbols[0].step = 0),
        ("steps beside the end", |e| e.symbols[0].step = 2),
        ("a name of many bytes", |e| {
            e.symbols[0].name = "n".repeat(257)
        }),
        ("an axis twice", |e| e.axes.push(e.axes[0])),
        ("no name", |e| e.symbols[0].name.clear()),
        ("a symbol twice", |e| e.symbols.push(e.symbols[0].clone())),
        ("a symbol that no input tells", |e| {
            e.symbols.push(symbol("t", 1, 2, 1))
        }),
        ("an axis of no input", |e| e.axes[0].input = 1),
        ("an axis too many", |e| e.axes[0].axis = 2),
        ("an axis of no symbol", |e| {
            e.axes.push(InputAxis {
                input: 0,
                axis: 1,
                symbol: 1,
            })
        }),
        ("a constant too many", |e| e.elements[0].constant = 2),
        ("an element too many", |e| e.elements[0].at = 1),
        ("a node too many", |e| e.attributes[1].node = 4),
        ("nodes out of order", |e| e.attributes.swap(0, 1)),
        ("a number too many", |e| e.attributes[0].number = 4),
        ("a value that comes later", |e| {
            let later = Factor::Extent { value: 6, axis: 0 };
            e.attributes[1].value = whole(&[term(1, &[later])], 1);
        }),
        ("an unknown symbol", |e| {
            e.attributes[0].value = whole(&[term(1, &[Factor::Symbol(1)])], 1);
        }),
    ];
    for (what, change) in changes {
        let (graph, mut extras, data) = table();
        change(&mut extras);
        let plan = read((graph, extras, data));
        assert!(
            matches!(plan, Err(PlanError::BadGraph { .. })),
            "{what}: {plan:?}"
        );
    }
    let expressions = [
        ("a division by zero", whole(&[term(1, &[])], 0)),
        (
            "an overflow of a product",
            whole(&[term(i64::MAX, &[ROWS])], 1),
        ),
        (
            "an overflow of a sum",
            whole(&[term(i64::MAX, &[]), term(1, &[])], 1),
        ),
        ("a negative extent", whole(&[term(-1, &[])], 1)),
        (
            "a quotient as an extent",
            Number::Quotient(
                Expression {
                    terms: vec![term(4, &[])],
                    divisor: 1,
                },
                Expression {
                    terms: vec![term(1, &[])],
                    divisor: 1,
                },
            ),
        ),
    ];
    for (what, value) in expressions {
        let (graph, mut extras, data) = table();
        extras.attributes[0].value = value;
        let plan = read((graph, extras, data));
        assert!(
            matches!(plan, Err(PlanError::BadGraph { .. })),
            "{what}: {plan:?}"
        );
    }
}

#[test]
fn a_large_constant_is_not_copied_for_an_element() {
    let graph = Graph {
        inputs: vec![("x".to_owned(), ty(DType::F32, &[1]))],
        constants: vec![Stored {
            ty: ty(DType::F32, &[65]),
            offset: 0,
        }],
        nodes: Vec::new(),
        outputs: vec![("y".to_owned(), 1)],
    };
    let extras = Extras {
        symbols: vec![symbol("n", 1, 1, 1)],
        axes: vec![InputAxis {
            input: 0,
            axis: 0,
            symbol: 0,
        }],
        elements: vec![Element {
            constant: 0,
            at: 0,
            value: whole(&[], 1),
        }],
        attributes: Vec::new(),
    };
    let plan = read((graph, extras, vec![0; 260]));
    assert!(matches!(plan, Err(PlanError::BadGraph { .. })));
}

#[test]
fn numbers_of_a_node_are_listed_once_however_many_are_given() {
    let (mut graph, mut extras, data) = table();
    let many = 1 << 17;
    graph.nodes[3].op = Op::Reshape {
        shape: vec![1; many],
    };
    let attribute = extras.attributes[1].clone();
    extras.attributes = vec![attribute; many];
    let begin = std::time::Instant::now();
    assert!(read((graph, extras, data)).is_err());
    assert!(begin.elapsed().as_secs() < 10);
}

#[test]
fn a_session_that_found_no_memory_for_an_extent_still_serves_others() {
    let plan = read(table()).unwrap();
    let mut huge = plan.bind(&[("rows", 2)]).unwrap();
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    let x = f32s(&[4, 2], &[0.0; 8]);
    assert_eq!(session.run(&[("x", &x)]).unwrap(), [expected(4)]);
    // As many buffers as before, before there is no more room.
    let slot = |len| SlotType {
        dtype: DType::U8,
        len,
    };
    huge.slots = session.plan().slots.iter().map(|_| slot(1)).collect();
    huge.slots.push(slot(usize::MAX / 2));
    assert!(matches!(
        session.bind(Arc::new(huge)),
        Err(PlanError::OutOfMemory { .. })
    ));
    assert_eq!(session.run(&[("x", &x)]).unwrap(), [expected(4)]);
}

proptest! {
    #[test]
    fn damage_with_a_mended_checksum_never_panics_neither_bound_nor_run(at in 0_usize..600, value: u8, rows in 1_usize..6) {
        let (graph, extras, data) = table();
        let mut bytes = format::file(&graph, &extras, &data).unwrap();
        let body = 32 + at % (bytes.len() - 32);
        bytes[body] = value;
        let sum = format::checksum(&[&bytes[32..]]);
        bytes[16..32].copy_from_slice(&sum);
        if let Ok(plan) = Plan::from_bytes(&bytes) {
            let x = f32s(&[rows, 2], &vec![1.0; 2 * rows]);
            let _ = run(plan, &[("x", &x)]);
        }
    }
}
