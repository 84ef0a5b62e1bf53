//! Files that arrive in pieces.

use super::*;

fn read(bytes: &[u8], piece: usize) -> Result<Plan, PlanError> {
    let mut reader = PlanReader::new();
    for piece in bytes.chunks(piece) {
        reader.push(piece)?;
    }
    reader.finish()
}

/// Constants of every element type, of which the first, one in the middle and the last have no elements.
fn constants_of_all_types() -> Plan {
    let mut builder = PlanBuilder::new();
    let all = [
        Values::F32(Vec::new()),
        Values::U8(vec![1, 2, 255]),
        Values::F32(vec![0.5, f32::NAN, -3.0, f32::INFINITY, -0.0]),
        Values::I32(Vec::new()),
        Values::I8((-100..100).collect()),
        Values::I32(vec![i32::MIN, -1, 7]),
        Values::U8(Vec::new()),
    ];
    for (number, values) in all.into_iter().enumerate() {
        let constant = Tensor::new([values.len()], values).unwrap();
        let id = builder.constant(constant);
        builder.output(&format!("y{number}"), id).unwrap();
    }
    builder.finish().unwrap()
}

#[test]
fn pieces_of_any_length_give_the_same_plan() {
    for plan in [sample(), constants_of_all_types()] {
        let bytes = plan.to_bytes().unwrap();
        for piece in [1, 2, 3, 31, 32, 33, 63, 64, 65, 1000, bytes.len()] {
            let again = read(&bytes, piece).unwrap();
            assert_eq!(again.to_bytes().unwrap(), bytes, "pieces of {piece}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = sample().to_bytes().unwrap();
    for end in 0..bytes.len() {
        let error = read(&bytes[..end], 7).unwrap_err();
        if end < 32 {
            assert!(matches!(error, PlanError::NotAPlan), "{end}: {error}");
        } else {
            let PlanError::WrongSize { found, expected } = error else {
                panic!("{end}: {error}");
            };
            assert_eq!((found, expected), (end as u64, bytes.len() as u64));
        }
    }
}

#[test]
fn a_byte_too_many_is_refused_as_it_comes() {
    let bytes = sample().to_bytes().unwrap();
    let mut reader = PlanReader::new();
    reader.push(&bytes).unwrap();
    assert!(matches!(
        reader.push(&[0]),
        Err(PlanError::WrongSize { .. })
    ));
    assert!(matches!(reader.finish(), Err(PlanError::WrongSize { .. })));
}

#[test]
fn other_files_are_refused_before_they_have_arrived() {
    let mut reader = PlanReader::new();
    let page = b"<!doctype html><title>Not found</title>";
    assert!(matches!(reader.push(page), Err(PlanError::NotAPlan)));
    // Neither does it read on.
    let rest = sample().to_bytes().unwrap();
    assert!(reader.push(&rest).is_err() || reader.finish().is_err());
}

#[test]
fn damage_is_told_from_a_graph_that_was_written_wrong() {
    let bytes = sample().to_bytes().unwrap();
    for at in 32..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        assert!(
            matches!(read(&damaged, 50), Err(PlanError::ChecksumMismatch)),
            "byte {at}"
        );
    }
}

#[test]
fn what_a_plan_computes_is_known_before_its_constants() {
    let (graph, extras, data) = super::open::table();
    let open = format::file(&graph, &extras, &data).unwrap();
    let sample = sample().to_bytes().unwrap();
    for bytes in [sample, open] {
        let plan = Plan::from_bytes(&bytes).unwrap();
        let graph_end = 32 + u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
        let mut reader = PlanReader::new();
        reader.push(&bytes[..graph_end - 1]).unwrap();
        assert!(reader.outline().is_none());
        reader.push(&bytes[graph_end - 1..graph_end]).unwrap();
        let outline = reader.outline().unwrap().unwrap();
        assert_eq!(
            format!("{:?}", outline.steps().collect::<Vec<_>>()),
            format!("{:?}", plan.steps().collect::<Vec<_>>())
        );
        assert!(outline.value_types().eq(plan.value_types()));
    }
}

#[test]
fn a_graph_that_makes_no_sense_has_no_outline() {
    let (mut graph, extras, data) = super::open::table();
    graph.nodes[1].inputs = vec![99];
    let bytes = format::file(&graph, &extras, &data).unwrap();
    let mut reader = PlanReader::new();
    reader.push(&bytes).unwrap();
    assert!(matches!(
        reader.outline(),
        Some(Err(PlanError::BadGraph { .. }))
    ));
}
