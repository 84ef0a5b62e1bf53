//! Attention as exporters write it becomes one operator.

use super::*;

/// Extents: samples, heads, queries, keys, width of a head's queries and of its values.
#[derive(Clone, Copy)]
struct Extents {
    n: usize,
    heads: usize,
    t: usize,
    s: usize,
    d: usize,
    e: usize,
}

const SMALL: Extents = Extents {
    n: 2,
    heads: 3,
    t: 5,
    s: 7,
    d: 4,
    e: 6,
};

impl Graph {
    fn reshape(&mut self, x: ValueId, shape: &[usize]) -> ValueId {
        let shape = shape.to_vec();
        self.push(Op::Reshape { shape }, &[x])
    }

    fn transpose(&mut self, x: ValueId, perm: &[usize]) -> ValueId {
        let perm = perm.to_vec();
        self.push(Op::Transpose { perm }, &[x])
    }

    fn binary(&mut self, kind: Binary, a: ValueId, b: ValueId) -> ValueId {
        self.push(Op::Binary(kind), &[a, b])
    }

    fn times(&mut self, x: ValueId, factor: f32) -> ValueId {
        let factor = self.scalar(factor);
        self.binary(Binary::Mul, x, factor)
    }

    fn softmax(&mut self, x: ValueId) -> ValueId {
        let axis = self.builder.value_type(x).shape.len() - 1;
        self.push(Op::Softmax { axis, log: false }, &[x])
    }

    /// `[n, rows, heads · width]` as `[n, heads, rows, width]`.
    fn split(&mut self, x: ValueId, heads: usize) -> ValueId {
        let [n, rows, columns] = self.builder.value_type(x).shape[..] else {
            panic!("three axes are split");
        };
        let x = self.reshape(x, &[n, rows, heads, columns / heads]);
        self.transpose(x, &[0, 2, 1, 3])
    }

    /// `[n, heads, rows, width]` as `[n, rows, heads · width]`.
    fn join(&mut self, x: ValueId) -> ValueId {
        let [n, heads, rows, width] = self.builder.value_type(x).shape[..] else {
            panic!("four axes are joined");
        };
        let x = self.transpose(x, &[0, 2, 1, 3]);
        self.reshape(x, &[n, rows, heads * width])
    }

    fn projections(&mut self, extents: Extents) -> [ValueId; 3] {
        let Extents {
            n,
            heads,
            t,
            s,
            d,
            e,
        } = extents;
        [
            self.input(floats(1, &[n, t, heads * d])),
            self.input(floats(2, &[n, s, heads * d])),
            self.input(floats(3, &[n, s, heads * e])),
        ]
    }

    /// Attention with `change` between scores and softmax.
    fn attention(
        &mut self,
        extents: Extents,
        change: impl FnOnce(&mut Self, ValueId) -> ValueId,
    ) -> ValueId {
        let [q, k, v] = self.projections(extents);
        let [q, k, v] = [q, k, v].map(|x| self.split(x, extents.heads));
        let k = self.transpose(k, &[0, 1, 3, 2]);
        let scores = self.push(Op::MatMul, &[q, k]);
        let scores = change(self, scores);
        let p = self.softmax(scores);
        let y = self.push(Op::MatMul, &[p, v]);
        self.join(y)
    }
}

/// A mask that hides some keys, of each sample others.
fn mask(shape: &[usize], hidden: f32) -> Tensor {
    let values = noise(9, shape.iter().product());
    let values = values.iter().map(|&x| if x > 0.3 { hidden } else { 0.0 });
    Tensor::new(shape, Values::F32(values.collect())).unwrap()
}

#[test]
fn heads_split_and_turned_in_any_order_become_one_operator() {
    for t in [1, 5, 8, 33] {
        let extents = Extents { t, ..SMALL };
        let Extents {
            n, heads, s, d, e, ..
        } = extents;
        let bert = assert_unchanged(&format!("BERT, {t} queries"), |graph| {
            let [q, k, v] = graph.projections(extents);
            let (q, v) = (graph.split(q, heads), graph.split(v, heads));
            let k = graph.reshape(k, &[n, s, heads, d]);
            let k = graph.transpose(k, &[0, 2, 3, 1]);
            let scores = graph.push(Op::MatMul, &[q, k]);
            let root = graph.scalar((d as f32).sqrt());
            let scores = graph.binary(Binary::Div, scores, root);
            let added = graph.input(mask(&[n, 1, 1, s], -10_000.0));
            let scores = graph.binary(Binary::Add, scores, added);
            let p = graph.softmax(scores);
            let y = graph.push(Op::MatMul, &[p, v]);
            let y = graph.join(y);
            graph.output(y);
        });
        assert_eq!(bert, ["Attention"]);
        let sdpa = assert_unchanged(&format!("scaled operands, {t} queries"), |graph| {
            let [q, k, v] = graph.projections(extents);
            let (q, v) = (graph.split(q, heads), graph.split(v, heads));
            let q = graph.times(q, 0.7);
            let k = graph.split(k, heads);
            let k = graph.reshape(k, &[n * heads, s, d]);
            let k = graph.transpose(k, &[0, 2, 1]);
            let k = graph.reshape(k, &[n, heads, d, s]);
            let k = graph.times(k, 0.7);
            let scores = graph.push(Op::MatMul, &[q, k]);
            let added = graph.input(floats(4, &[n, 1, t, s]));
            let scores = graph.binary(Binary::Add, added, scores);
            let p = graph.softmax(scores);
            let y = graph.push(Op::MatMul, &[p, v]);
            let y = graph.join(y);
            graph.output(y);
        });
        assert_eq!(sdpa, ["Attention"]);
        let bmm = assert_unchanged(
            &format!("samples and heads in one axis, {t} queries"),
            |graph| {
                let [q, k, v] = graph.projections(extents);
                let q = graph.times(q, 0.5);
                let [q, k, v] = [(q, t, d), (k, s, d), (v, s, e)].map(|(x, rows, width)| {
                    let x = graph.split(x, heads);
                    graph.reshape(x, &[n * heads, rows, width])
                });
                let k = graph.transpose(k, &[0, 2, 1]);
                let scores = graph.push(Op::MatMul, &[q, k]);
                let scores = graph.reshape(scores, &[n, heads, t, s]);
                let added = graph.input(floats(4, &[n, 1, t, s]));
                let scores = graph.binary(Binary::Add, scores, added);
                let scores = graph.reshape(scores, &[n * heads, t, s]);
                let p = graph.softmax(scores);
                let y = graph.push(Op::MatMul, &[p, v]);
                let y = graph.reshape(y, &[n, heads, t, e]);
                let y = graph.transpose(y, &[0, 2, 1, 3]);
                // Samples and queries in one axis, as what follows takes them.
                let y = graph.reshape(y, &[n * t, heads * e]);
                graph.output(y);
            },
        );
        assert_eq!(bmm[..2], ["Attention", "Reshape"]);
    }
}

#[test]
fn queries_and_keys_that_were_changed_after_the_split_are_taken_as_they_are() {
    let operators = assert_unchanged("rotated", |graph| {
        let [q, k, v] = graph.projections(SMALL);
        let [q, k, v] = [q, k, v].map(|x| graph.split(x, SMALL.heads));
        let turn = graph.input(floats(5, &[1, 1, 1, SMALL.d]));
        let [q, k] = [q, k].map(|x| graph.binary(Binary::Mul, x, turn));
        let k = graph.transpose(k, &[0, 1, 3, 2]);
        let scores = graph.push(Op::MatMul, &[q, k]);
        let scores = graph.times(scores, 0.5);
        let p = graph.softmax(scores);
        let y = graph.push(Op::MatMul, &[p, v]);
        let y = graph.join(y);
        graph.output(y);
    });
    assert_eq!(operators.iter().filter(|&&op| op == "Transpose").count(), 2);
    assert_eq!(operators.last(), Some(&"Attention"));
}

#[test]
fn masks_are_added_or_chosen_once_or_twice() {
    let Extents { n, heads, t, s, .. } = SMALL;
    for shape in [&[n, 1, 1, s][..], &[1, heads, t, s], &[t, s], &[s], &[]] {
        let operators = assert_unchanged(&format!("{shape:?}"), |graph| {
            let y = graph.attention(SMALL, |graph, scores| {
                let scores = graph.times(scores, 0.5);
                let added = graph.input(floats(4, shape));
                graph.binary(Binary::Add, scores, added)
            });
            graph.output(y);
        });
        assert_eq!(operators, ["Attention"]);
    }
    let places = assert_unchanged("places and a mask", |graph| {
        let y = graph.attention(SMALL, |graph, scores| {
            let scores = graph.times(scores, 0.5);
            let places = graph.input(floats(4, &[1, heads, t, s]));
            let scores = graph.binary(Binary::Add, scores, places);
            let added = graph.input(mask(&[n, 1, 1, s], f32::MIN));
            graph.binary(Binary::Add, scores, added)
        });
        graph.output(y);
    });
    assert_eq!(places, ["Add", "Attention"]);
    for is_first in [true, false] {
        for hidden in [f32::MIN, f32::NEG_INFINITY] {
            let operators = assert_unchanged(&format!("{is_first} {hidden}"), |graph| {
                let y = graph.attention(SMALL, |graph, scores| {
                    let seen = mask(&[n, 1, 1, s], 1.0);
                    let seen = graph.input(seen);
                    let seen = graph.push(Op::IsNonZero, &[seen]);
                    let shape = vec![n, heads, t, s];
                    let seen = graph.push(Op::Expand { shape }, &[seen]);
                    let hidden = graph.scalar(hidden);
                    let [a, b] = match is_first {
                        true => [hidden, scores],
                        false => [scores, hidden],
                    };
                    graph.push(Op::Select, &[seen, a, b])
                });
                graph.output(y);
            });
            assert_eq!(operators, ["IsNonZero", "Where", "Attention"]);
        }
    }
    for places in [floats(4, &[1, heads, t, s]), mask(&[t, s], f32::MIN)] {
        let is_small = places.as_f32().unwrap().iter().all(|x| x.abs() < 2.0);
        let operators = assert_unchanged("known places and a choice", |graph| {
            let y = graph.attention(SMALL, |graph, scores| {
                let places = graph.constant(places.clone());
                let scores = graph.binary(Binary::Add, scores, places);
                graph.hidden_key(scores, f32::NEG_INFINITY)
            });
            graph.output(y);
        });
        // What might be taken for a fill keeps the graph as it is.
        assert_eq!(operators.contains(&"Attention"), is_small);
    }
}

impl Graph {
    /// `scores` with `fill` in the place of key 2's.
    fn hidden_key(&mut self, scores: ValueId, fill: f32) -> ValueId {
        let mut hides = vec![0; SMALL.s];
        hides[2] = 1;
        let hides = self.input(Tensor::new([SMALL.s], Values::U8(hides)).unwrap());
        let fill = self.scalar(fill);
        self.push(Op::Select, &[hides, fill, scores])
    }

    /// Attention whose keys 2 hold `odd` in the first head, their scores changed by `change`, shares zero as `guard` says.
    fn guarded(
        &mut self,
        odd: f32,
        change: impl FnOnce(&mut Self, ValueId) -> ValueId,
        guard: &str,
    ) {
        let Extents { n, s, heads, d, .. } = SMALL;
        let [q, _, v] = self.projections(SMALL);
        let mut k = noise(2, n * s * heads * d);
        k[2 * heads * d..][..d].fill(odd);
        let k = self.input(Tensor::new([n, s, heads * d], Values::F32(k)).unwrap());
        let [q, k, v] = [q, k, v].map(|x| self.split(x, heads));
        let k = self.transpose(k, &[0, 1, 3, 2]);
        let scores = self.push(Op::MatMul, &[q, k]);
        let scores = change(self, scores);
        let mut p = self.softmax(scores);
        let zero = self.scalar(0.0);
        if guard == "largest" {
            let most = Op::Reduce {
                reduction: Reduction::Max,
                axes: vec![3],
                keep_dims: true,
            };
            let most = self.push(most, &[scores]);
            let lowest = self.scalar(f32::NEG_INFINITY);
            let is_hidden = self.binary(Binary::Equal, most, lowest);
            p = self.push(Op::Select, &[is_hidden, zero, p]);
        } else if guard == "number" {
            let is_number = self.binary(Binary::Equal, p, p);
            let is_nan = self.push(Op::Unary(Unary::Not), &[is_number]);
            p = self.push(Op::Select, &[is_nan, zero, p]);
        }
        let y = self.push(Op::MatMul, &[p, v]);
        let y = self.join(y);
        self.output(y);
    }
}

#[test]
fn keys_beyond_all_numbers_are_hidden_or_spread_as_the_graph_has_it() {
    // Products of MAX overflow, to +∞ or −∞ as the query has it, or to what is no number.
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
        for guard in ["none", "largest", "number"] {
            for fill in [f32::NEG_INFINITY, f32::MIN] {
                let what = format!("{odd}, guard {guard}, fill {fill}");
                let chosen = assert_unchanged(&format!("{what} chosen"), |graph| {
                    let change = |graph: &mut Graph, scores| graph.hidden_key(scores, fill);
                    graph.guarded(odd, change, guard);
                });
                assert_eq!(chosen, ["Where", "Attention"], "{what}");
                let added = assert_unchanged(&format!("{what} added"), |graph| {
                    let change = |graph: &mut Graph, scores| {
                        let added = graph.input(mask(&[SMALL.s], fill));
                        graph.binary(Binary::Add, scores, added)
                    };
                    graph.guarded(odd, change, guard);
                });
                assert_eq!(added, ["Attention"], "{what}");
            }
            if guard != "largest" {
                let plain = assert_unchanged(&format!("{odd}, guard {guard}"), |graph| {
                    graph.guarded(odd, |_, scores| scores, guard);
                });
                assert_eq!(plain, ["Attention"]);
            }
        }
    }
}

#[test]
fn scores_and_masks_with_more_axes_than_the_operator_has_do_not_end_a_compilation() {
    let Extents {
        heads, t, s, d, e, ..
    } = SMALL;
    for shape in [&[1, 1, 1, t, s][..], &[1, 1, 1, 1, s], &[t, s]] {
        let operators = assert_unchanged(&format!("{shape:?}"), |graph| {
            let [q, k, v] = graph.projections(Extents { n: 1, ..SMALL });
            let widths = [(q, t, d), (k, s, d), (v, s, e)];
            let [q, k, v] = widths.map(|(x, rows, width)| {
                let x = graph.reshape(x, &[1, 1, rows, heads, width]);
                graph.transpose(x, &[0, 1, 3, 2, 4])
            });
            let k = graph.transpose(k, &[0, 1, 2, 4, 3]);
            let scores = graph.push(Op::MatMul, &[q, k]);
            let added = graph.input(floats(4, shape));
            let scores = graph.binary(Binary::Add, scores, added);
            let p = graph.softmax(scores);
            let y = graph.push(Op::MatMul, &[p, v]);
            let y = graph.transpose(y, &[0, 1, 3, 2, 4]);
            let y = graph.reshape(y, &[1, t, heads * e]);
            graph.output(y);
        });
        assert_eq!(operators.contains(&"Attention"), shape.len() == 2);
    }
}

#[test]
fn queries_that_see_nothing_stay_without_numbers_or_give_zeros() {
    let Extents { n, t, s, .. } = SMALL;
    let hidden = || {
        let mut values = noise(9, n * t * s);
        values[..2 * s].fill(1.0);
        let values = values
            .iter()
            .map(|&x| if x > 0.3 { f32::NEG_INFINITY } else { 0.0 });
        Tensor::new([n, 1, t, s], Values::F32(values.collect())).unwrap()
    };
    for guard in ["none", "largest", "number"] {
        let operators = assert_unchanged(guard, |graph| {
            let [q, k, v] = graph.projections(SMALL);
            let [q, k, v] = [q, k, v].map(|x| graph.split(x, SMALL.heads));
            let k = graph.transpose(k, &[0, 1, 3, 2]);
            let scores = graph.push(Op::MatMul, &[q, k]);
            let added = graph.input(hidden());
            let scores = graph.binary(Binary::Add, scores, added);
            let mut p = graph.softmax(scores);
            let zero = graph.scalar(0.0);
            if guard == "largest" {
                let most = Op::Reduce {
                    reduction: Reduction::Max,
                    axes: vec![3],
                    keep_dims: true,
                };
                let most = graph.push(most, &[scores]);
                let lowest = graph.scalar(f32::NEG_INFINITY);
                let is_hidden = graph.binary(Binary::Equal, most, lowest);
                p = graph.push(Op::Select, &[is_hidden, zero, p]);
            } else if guard == "number" {
                let is_number = graph.binary(Binary::Equal, p, p);
                let is_nan = graph.push(Op::Unary(Unary::Not), &[is_number]);
                p = graph.push(Op::Select, &[is_nan, zero, p]);
            }
            let y = graph.push(Op::MatMul, &[p, v]);
            let y = graph.join(y);
            graph.output(y);
        });
        assert_eq!(operators, ["Attention"], "{guard}");
    }
}

/// The graph stays as it was but for what it is called.
fn assert_not_melted(what: &str, build: impl Fn(&mut Graph)) {
    let operators = assert_unchanged(what, build);
    assert!(!operators.contains(&"Attention"), "{what}: {operators:?}");
}

#[test]
fn what_something_else_reads_or_what_only_resembles_attention_stays() {
    let Extents { n, heads, t, s, .. } = SMALL;
    assert_not_melted("scores are read elsewhere", |graph| {
        let mut seen = None;
        let y = graph.attention(SMALL, |_, scores| *seen.insert(scores));
        let most = Op::Reduce {
            reduction: Reduction::Max,
            axes: vec![0, 1, 2, 3],
            keep_dims: false,
        };
        let most = graph.push(most, &[seen.unwrap()]);
        let y = graph.binary(Binary::Add, y, most);
        graph.output(y);
    });
    assert_not_melted("a mask that is scaled with the scores", |graph| {
        let y = graph.attention(SMALL, |graph, scores| {
            let added = graph.input(floats(4, &[t, s]));
            let scores = graph.binary(Binary::Add, scores, added);
            graph.times(scores, 0.5)
        });
        graph.output(y);
    });
    assert_not_melted("scores replaced by an ordinary number", |graph| {
        let y = graph.attention(SMALL, |graph, scores| {
            let seen = graph.input(mask(&[n, 1, 1, s], 1.0));
            let seen = graph.push(Op::IsNonZero, &[seen]);
            let fill = graph.scalar(-100.0);
            graph.push(Op::Select, &[seen, fill, scores])
        });
        graph.output(y);
    });
    assert_not_melted("a softmax over queries", |graph| {
        let [q, k, v] = graph.projections(Extents { t: s, ..SMALL });
        let [q, k, v] = [q, k, v].map(|x| graph.split(x, heads));
        let k = graph.transpose(k, &[0, 1, 3, 2]);
        let scores = graph.push(Op::MatMul, &[q, k]);
        let axis = 2;
        let p = graph.push(Op::Softmax { axis, log: false }, &[scores]);
        let y = graph.push(Op::MatMul, &[p, v]);
        let y = graph.join(y);
        graph.output(y);
    });
    assert_not_melted("heads put back in another order", |graph| {
        let [q, k, v] = graph.projections(SMALL);
        let [q, k, v] = [q, k, v].map(|x| graph.split(x, heads));
        let k = graph.transpose(k, &[0, 1, 3, 2]);
        let scores = graph.push(Op::MatMul, &[q, k]);
        let p = graph.softmax(scores);
        let y = graph.push(Op::MatMul, &[p, v]);
        let y = graph.transpose(y, &[0, 2, 3, 1]);
        let y = graph.reshape(y, &[n, t, heads * SMALL.e]);
        graph.output(y);
    });
}

#[test]
fn values_that_are_scaled_are_so_before() {
    let operators = assert_unchanged("scaled values", |graph| {
        let [q, k, v] = graph.projections(SMALL);
        let [q, k, v] = [q, k, v].map(|x| graph.split(x, SMALL.heads));
        let (k, v) = (graph.transpose(k, &[0, 1, 3, 2]), graph.times(v, 2.0));
        let scores = graph.push(Op::MatMul, &[q, k]);
        let p = graph.softmax(scores);
        let y = graph.push(Op::MatMul, &[p, v]);
        let y = graph.join(y);
        graph.output(y);
    });
    assert_eq!(operators, ["Reshape", "Transpose", "Mul", "Attention"]);
}

#[test]
fn attention_of_texts_of_any_length_stays_one_operator() {
    let written_out = |t: usize| {
        let extents = Extents {
            n: 1,
            t,
            s: t,
            ..SMALL
        };
        let mut graph = Graph::new();
        let y = graph.attention(extents, |graph, scores| {
            let root = graph.scalar(2.0);
            let scores = graph.binary(Binary::Div, scores, root);
            let added = graph.input(mask(&[1, 1, 1, t], -10_000.0));
            graph.binary(Binary::Add, scores, added)
        });
        graph.output(y);
        graph
    };
    let plan = |t: usize| {
        optimise(written_out(t).builder, WeightBits::Eight)
            .unwrap()
            .finish()
            .unwrap()
    };
    let axes = [(0, 1, 0), (1, 1, 0), (2, 1, 0), (3, 3, 0)];
    let symbol: Symbol = "length=1..9".parse().unwrap();
    let mut generaliser = Generaliser::new(vec![symbol], &axes, &plan(9));
    for t in [7, 5, 3, 2] {
        generaliser.add(&[t], &plan(t)).unwrap();
    }
    let open = generaliser.finish().unwrap();
    let operators: Vec<_> = open.nodes().map(|node| node.operator).collect();
    assert_eq!(operators, ["Attention"]);
    let mut session = CpuSession::new(Arc::new(open)).unwrap();
    for t in [1, 4, 9, 2] {
        let graph = written_out(t);
        let (wanted, _) = outcome(graph.builder, &graph.inputs, KernelSet::Scalar);
        let named = graph.inputs.iter().map(|(n, x)| (n.as_str(), x));
        let found = session.run(&named.collect::<Vec<_>>()).unwrap();
        assert_alike(&found[0], &wanted, &format!("{t} tokens"));
    }
}
