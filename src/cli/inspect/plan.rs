//! A plan: its inputs and outputs, its nodes, and what each costs.

use super::profile::Profile;
use super::{Sort, table};
use crate::{Outcome, output};
use anyhow::Result;
use nearshelf_engine::{NodeView, Plan, Port};
use serde::Serialize;

#[derive(Serialize)]
pub struct Report {
    pub inputs: Vec<Named>,
    pub outputs: Vec<Named>,
    /// Numbers that depend on open dimensions.
    pub open: Vec<Open>,
    pub nodes: Vec<Node>,
    /// Totals by operator, the largest first.
    pub operators: Vec<Operator>,
    pub multiply_adds: u64,
    pub weight_bytes: usize,
    pub arena_bytes: usize,
    pub profile: Option<Profiled>,
}

/// An input or output, and its type as `f32[1, length=1..32, 16]`.
#[derive(Serialize)]
pub struct Named {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
}

/// A number that is worked out for each binding.
#[derive(Serialize)]
pub struct Open {
    pub node: String,
    pub operator: &'static str,
    /// Which of the operator's numbers, from 0.
    pub number: usize,
    pub expression: String,
}

#[derive(Serialize)]
pub struct Node {
    pub name: String,
    pub operator: &'static str,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    #[serde(flatten)]
    pub cost: Cost,
}

#[derive(Serialize)]
pub struct Operator {
    pub operator: &'static str,
    pub nodes: usize,
    #[serde(flatten)]
    pub cost: Cost,
}

/// What one node takes, or several.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Cost {
    /// Multiply-adds of products and convolutions.
    pub multiply_adds: u64,
    /// Bytes of the weights read.
    pub weight_bytes: u64,
    /// Bytes of activations read and written.
    pub activation_bytes: u64,
    /// Median of the time, when it was measured.
    pub milliseconds: Option<f64>,
    /// Of the nodes' time, 0 to 1.
    pub share: Option<f64>,
}

#[derive(Serialize)]
pub struct Profiled {
    pub runs: u32,
    pub run_ms: f64,
}

impl Cost {
    fn add(&mut self, other: &Self) {
        let sum = |a: Option<f64>, b: Option<f64>| Some(a.unwrap_or(0.0) + b?).or(a);
        self.multiply_adds = self.multiply_adds.saturating_add(other.multiply_adds);
        self.weight_bytes += other.weight_bytes;
        self.activation_bytes += other.activation_bytes;
        self.milliseconds = sum(self.milliseconds, other.milliseconds);
        self.share = sum(self.share, other.share);
    }

    /// Billions of multiply-adds a second, where there are any and they took time.
    pub fn gmacs(&self) -> Option<f64> {
        let seconds = self.milliseconds? / 1e3;
        (self.multiply_adds > 0 && seconds > 0.0).then(|| self.multiply_adds as f64 / seconds / 1e9)
    }

    /// Larger first: time where it was measured, else multiply-adds, else bytes.
    fn order(&self, other: &Self, sort: Sort) -> std::cmp::Ordering {
        let time = |cost: &Self| cost.milliseconds.unwrap_or(0.0);
        let bytes = |cost: &Self| cost.weight_bytes + cost.activation_bytes;
        let by_time = time(other).total_cmp(&time(self));
        let by_macs = other.multiply_adds.cmp(&self.multiply_adds);
        let by_bytes = bytes(other).cmp(&bytes(self));
        match sort {
            Sort::Execution => std::cmp::Ordering::Equal,
            Sort::Time => by_time.then(by_macs).then(by_bytes),
            Sort::Macs => by_macs.then(by_bytes),
            Sort::Bytes => by_bytes,
        }
    }
}

pub fn inspect(plan: &Plan, profile: Option<&Profile>, sort: Sort, json: bool) -> Result<Outcome> {
    let report = Report::of(plan, profile, sort);
    if json {
        output::json(&report)?;
    } else {
        table::print(&report);
    }
    Ok(Outcome::Done)
}

impl Report {
    fn of(plan: &Plan, profile: Option<&Profile>, sort: Sort) -> Self {
        let total_ms = profile.map_or(0.0, |profile| profile.nodes_ms.iter().sum());
        let time = |at: usize| profile.and_then(|profile| profile.nodes_ms.get(at).copied());
        let nodes = plan.nodes().enumerate();
        let mut nodes: Vec<Node> = nodes
            .map(|(at, node)| Node::of(&node, time(at), total_ms))
            .collect();
        let multiply_adds = nodes.iter().map(|node| node.cost.multiply_adds);
        let multiply_adds = multiply_adds.fold(0, u64::saturating_add);
        let operators = operators(&nodes);
        nodes.sort_by(|a, b| a.cost.order(&b.cost, sort));
        Self {
            inputs: ports(plan.inputs()),
            outputs: ports(plan.outputs()),
            open: plan
                .open_numbers()
                .into_iter()
                .map(|open| Open {
                    node: open.node,
                    operator: open.operator,
                    number: open.number,
                    expression: open.expression,
                })
                .collect(),
            operators,
            nodes,
            multiply_adds,
            weight_bytes: plan.weight_bytes(),
            arena_bytes: plan.arena_bytes(),
            profile: profile.map(|profile| Profiled {
                runs: profile.runs,
                run_ms: profile.run_ms,
            }),
        }
    }
}

impl Node {
    fn of(node: &NodeView, milliseconds: Option<f64>, total_ms: f64) -> Self {
        let types = |types: &[&nearshelf_engine::TensorType]| {
            types.iter().map(|ty| ty.to_string()).collect::<Vec<_>>()
        };
        let share = |time: f64| if total_ms > 0.0 { time / total_ms } else { 0.0 };
        Self {
            name: node.name.to_owned(),
            operator: node.operator,
            inputs: types(&node.inputs),
            outputs: types(&node.outputs),
            cost: Cost {
                multiply_adds: node.multiply_adds,
                weight_bytes: node.weight_bytes,
                activation_bytes: node.activation_bytes,
                milliseconds,
                share: milliseconds.map(share),
            },
        }
    }
}

fn ports(ports: &[Port]) -> Vec<Named> {
    let named = |port: &Port| Named {
        name: port.name.clone(),
        ty: port.to_string(),
    };
    ports.iter().map(named).collect()
}

fn operators(nodes: &[Node]) -> Vec<Operator> {
    let mut found: Vec<Operator> = Vec::new();
    for node in nodes {
        let at = found
            .iter()
            .position(|total| total.operator == node.operator);
        let at = at.unwrap_or_else(|| {
            found.push(Operator {
                operator: node.operator,
                nodes: 0,
                cost: Cost::default(),
            });
            found.len() - 1
        });
        found[at].nodes += 1;
        found[at].cost.add(&node.cost);
    }
    found.sort_by(|a, b| a.cost.order(&b.cost, Sort::Time));
    found
}
