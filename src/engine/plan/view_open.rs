//! Numbers that depend on open dimensions, as people read them.

use super::Plan;
use super::bind::Template;
use super::symbols::{Expression, Factor, Number, Term};

/// A number that each binding works out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenNumber {
    /// The node's name, or which constant.
    pub node: String,
    /// The operator, or `constant`.
    pub operator: &'static str,
    /// Which of its numbers, from 0.
    pub number: usize,
    /// How it is worked out, from symbols and from extents such as `relu[2]`: axis 2 of a value made before.
    pub expression: String,
}

impl Plan {
    /// Numbers that depend on open dimensions, in execution order.
    #[must_use]
    pub fn open_numbers(&self) -> Vec<OpenNumber> {
        let Some(template) = &self.template else {
            return Vec::new();
        };
        let names = Names {
            template,
            values: self.value_names(),
        };
        let elements = template.extras.elements.iter().map(|element| OpenNumber {
            node: names.value(template.graph.inputs.len() as u32 + element.constant),
            operator: "constant",
            number: element.at as usize,
            expression: names.number(&element.value),
        });
        let attributes = template.extras.attributes.iter().filter_map(|attribute| {
            let step = template.graph.nodes.get(attribute.node as usize)?;
            Some(OpenNumber {
                node: step.name.clone(),
                operator: step.op.name(),
                number: attribute.number as usize,
                expression: names.number(&attribute.value),
            })
        });
        elements.chain(attributes).collect()
    }

    /// What made each value, numbered as in the template's file.
    fn value_names(&self) -> Vec<String> {
        let inputs = self.inputs().iter().map(|port| port.name.clone());
        let constants = self.template.as_ref().map_or(0, |t| t.constants.len());
        let constants = (0..constants).map(|at| format!("constant {at}"));
        let results = self.nodes.iter().flat_map(|node| {
            let result = |at: usize| match node.outputs.len() {
                1 => node.name.clone(),
                _ => format!("{}.{at}", node.name),
            };
            (0..node.outputs.len()).map(result).collect::<Vec<_>>()
        });
        inputs.chain(constants).chain(results).collect()
    }
}

struct Names<'a> {
    template: &'a Template,
    values: Vec<String>,
}

impl Names<'_> {
    fn value(&self, value: u32) -> String {
        let name = self.values.get(value as usize);
        name.cloned().unwrap_or_else(|| value.to_string())
    }

    fn number(&self, number: &Number) -> String {
        match number {
            Number::Whole(expression) => self.expression(expression),
            Number::Quotient(a, b) => format!("{} / {}", self.expression(a), self.expression(b)),
        }
    }

    fn expression(&self, expression: &Expression) -> String {
        let terms: Vec<String> = expression
            .terms
            .iter()
            .map(|term| self.term(term))
            .collect();
        let sum = terms.join(" + ").replace("+ -", "- ");
        match expression.divisor {
            1 => sum,
            divisor => format!("floor(({sum}) / {divisor})"),
        }
    }

    fn term(&self, term: &Term) -> String {
        let factors = term.factors.iter().map(|factor| match factor {
            Factor::Symbol(symbol) => {
                let symbol = self.template.extras.symbols.get(*symbol as usize);
                symbol.map_or_else(String::new, |symbol| symbol.name.clone())
            }
            Factor::Extent { value, axis } => format!("{}[{axis}]", self.value(*value)),
        });
        let factors = factors.collect::<Vec<_>>().join(" * ");
        match term.coefficient {
            1 if !factors.is_empty() => factors,
            coefficient if factors.is_empty() => coefficient.to_string(),
            -1 => format!("-{factors}"),
            coefficient => format!("{coefficient} * {factors}"),
        }
    }
}
