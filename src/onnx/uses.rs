//! Who reads what in a graph.

use std::collections::{HashMap, HashSet};
use tract_onnx::pb::{GraphProto, NodeProto};

/// Nodes the outputs depend on, in the file's order; counts in `uses` who reads what.
pub(crate) fn needed<'a>(
    graph: &'a GraphProto,
    uses: &mut HashMap<&'a str, usize>,
) -> Vec<&'a NodeProto> {
    let mut wanted: HashSet<&str> = HashSet::new();
    for output in &graph.output {
        wanted.insert(&output.name);
        *uses.entry(&output.name).or_default() += 1;
    }
    let mut nodes = Vec::new();
    for node in graph.node.iter().rev() {
        if node
            .output
            .iter()
            .any(|output| !output.is_empty() && wanted.contains(&**output))
        {
            reads(node, &mut |name| {
                wanted.insert(name);
                *uses.entry(name).or_default() += 1;
            });
            nodes.push(node);
        }
    }
    nodes.reverse();
    nodes
}

/// Names a node reads, those its branches capture included.
fn reads<'a>(node: &'a NodeProto, found: &mut impl FnMut(&'a str)) {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        node.input
            .iter()
            .filter(|input| !input.is_empty())
            .for_each(|input| found(input));
        for graph in node
            .attribute
            .iter()
            .filter_map(|attribute| attribute.g.as_ref())
        {
            graph.output.iter().for_each(|output| found(&output.name));
            stack.extend(&graph.node);
        }
    }
}
