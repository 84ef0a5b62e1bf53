#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::tests::{int, ints};
use tract_onnx::pb::{AttributeProto, OperatorSetIdProto};

const ROOM: u64 = 1 << 20;

fn model(opset: i64) -> ModelProto {
    ModelProto {
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: opset,
        }],
        ..ModelProto::default()
    }
}

fn proto(operator: &str, attributes: &[AttributeProto], outputs: usize) -> NodeProto {
    NodeProto {
        op_type: operator.to_owned(),
        attribute: attributes.to_vec(),
        output: (0..outputs).map(|number| format!("y{number}")).collect(),
        ..NodeProto::default()
    }
}

fn node<'a>(proto: &'a NodeProto, operands: &[Constant], opset: i64) -> Node<'a> {
    Node {
        sources: vec![None; operands.len()],
        kinds: vec![None; operands.len()],
        proto,
        inputs: operands
            .iter()
            .cloned()
            .map(Value::constant)
            .map(Some)
            .collect(),
        opset,
    }
}

fn list(values: &[i64]) -> Constant {
    Constant::i64([values.len()], values.to_vec())
}

fn is_foldable(operator: &str, attributes: &[AttributeProto], operands: &[Constant]) -> bool {
    let proto = proto(operator, attributes, 1 + usize::from(operator == "TopK"));
    let node = node(&proto, operands, 13);
    Operands::known(&node).unwrap().are_foldable(&node, ROOM)
}

#[test]
fn a_small_node_is_folded_and_one_that_would_take_too_much_is_not() {
    let (one, wide) = (list(&[1]), list(&[1 << 20]));
    assert!(is_foldable("Expand", &[], &[one.clone(), list(&[64, 64])]));
    assert!(!is_foldable("Expand", &[], &[one.clone(), wide.clone()]));
    assert!(!is_foldable("Tile", &[], &[one.clone(), wide]));
    assert!(!is_foldable("TopK", &[], &[one, list(&[1 << 32])]));
    // A product over nothing still has rows and columns.
    let matrix = |shape: [usize; 2]| Constant::f32(shape, vec![0.0; shape[0] * shape[1]]);
    let [left, right] = [[1 << 17, 0], [0, 1 << 17]].map(matrix);
    assert!(!is_foldable("MatMul", &[], &[left, right]));
    assert!(is_foldable(
        "MatMul",
        &[],
        &[matrix([300, 2]), matrix([2, 300])]
    ));
    // 2^17 integers of 8 bytes fill the room; one more does not fit.
    let start = Constant::i64([], vec![0]);
    let range = |limit: i64| {
        let operands = [
            start.clone(),
            Constant::i64([], vec![limit]),
            Constant::i64([], vec![1]),
        ];
        is_foldable("Range", &[], &operands)
    };
    assert!(range(1 << 17) && !range((1 << 17) + 1));
}

#[test]
fn integers_that_can_not_be_divided_are_not_folded() {
    for operator in ["Div", "Mod"] {
        assert!(is_foldable(operator, &[], &[list(&[7]), list(&[-1])]));
        assert!(!is_foldable(operator, &[], &[list(&[7, 1]), list(&[2, 0])]));
        assert!(!is_foldable(
            operator,
            &[],
            &[list(&[i64::MIN]), list(&[-1])]
        ));
        let zero = Constant::f32([], vec![0.0]);
        assert!(is_foldable(operator, &[], &[zero.clone(), zero]));
    }
}

#[test]
fn axes_that_are_not_there_are_not_folded() {
    let x = Constant::f32([2, 2], vec![0.0; 4]);
    for operator in ["ReduceMax", "ReduceMean", "ReduceSum", "Squeeze"] {
        assert!(!is_foldable(
            operator,
            &[ints("axes", &[99])],
            std::slice::from_ref(&x)
        ));
    }
    assert!(!is_foldable(
        "Transpose",
        &[ints("perm", &[0, 2])],
        std::slice::from_ref(&x)
    ));
    assert!(!is_foldable(
        "Concat",
        &[int("axis", 2)],
        &[x.clone(), x.clone()]
    ));
    assert!(!is_foldable("Gather", &[], &[x, list(&[2])]));
}

/// Numbers that look random.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }

    fn int(&mut self) -> i64 {
        let often = [0, 1, 1, 2, 2, 3, -1, -2];
        let rarely = [4, 99, -99, i64::MAX, i64::MIN, 1 << 32];
        if self.below(8) > 0 {
            often[self.below(often.len())]
        } else {
            rarely[self.below(rarely.len())]
        }
    }

    fn list(&mut self) -> Vec<i64> {
        (0..self.below(4)).map(|_| self.int()).collect()
    }

    fn constant(&mut self, rank: usize) -> Constant {
        let shape: Vec<usize> = (0..rank)
            .map(|_| [0, 1, 1, 2, 2, 3][self.below(6)])
            .collect();
        let len = shape.iter().product();
        let data = match self.below(4) {
            0 => Data::F32((0..len).map(|at| at as f32 - 1.5).collect()),
            1 => Data::I32((0..len).map(|_| self.int() as i32).collect()),
            2 => Data::Bool((0..len).map(|at| at % 2 == 0).collect()),
            _ => Data::I64((0..len).map(|_| self.int()).collect()),
        };
        Constant { shape, data }
    }

    /// An operand: of the first one's shape or type, a list of integers, or anything.
    fn operand(&mut self, first: &Constant) -> Constant {
        match self.below(5) {
            0 => first.clone(),
            1 => {
                let mut other = first.clone();
                other.data = Data::I64((0..first.len()).map(|_| self.int()).collect());
                other
            }
            2 | 3 => list(&self.list()),
            _ => {
                let rank = self.below(4);
                self.constant(rank)
            }
        }
    }
}

/// tract panics here where a node is let through that it doesn't take. In WebAssembly that would end the module.
#[test]
fn whatever_is_let_through_is_evaluated_without_panic() {
    let mut draw = Draw(7);
    let (mut panics, mut evaluated) = (Vec::new(), 0);
    for (least, operators) in FOLDABLE {
        for operator in *operators {
            for _ in 0..600 {
                let opset = [7, 9, 11, 13, 18][draw.below(5)];
                let mut attributes = Vec::new();
                for name in [
                    "axis",
                    "keepdims",
                    "to",
                    "fmod",
                    "upper",
                    "exclusive",
                    "select_last_index",
                ] {
                    if draw.below(3) == 0 {
                        attributes.push(int(name, draw.int()));
                    }
                }
                for name in ["axes", "perm", "pads", "split", "starts", "ends"] {
                    if draw.below(6) == 0 {
                        attributes.push(ints(name, &draw.list()));
                    }
                }
                let rank = draw.below(4);
                let mut operands = vec![draw.constant(rank)];
                let count = least + draw.below(3);
                while operands.len() < count {
                    operands.push(draw.operand(&operands[0].clone()));
                }
                let proto = proto(operator, &attributes, 1 + draw.below(2));
                let node = node(&proto, &operands, opset);
                let known = Operands::known(&node).unwrap();
                if known.are_foldable(&node, ROOM) {
                    evaluated += 1;
                    let folder = Folder::new(&model(opset));
                    let result = catch_unwind(AssertUnwindSafe(|| folder.evaluate(&proto, &known)));
                    if result.is_err() {
                        panics.push(format!(
                            "{operator} {attributes:?} {operands:?} opset {opset}"
                        ));
                    }
                }
            }
        }
    }
    assert!(
        panics.is_empty(),
        "{} panics:\n{}",
        panics.len(),
        panics.join("\n")
    );
    assert!(
        evaluated > 5000,
        "only {evaluated} of the nodes were let through"
    );
}
