//! Numbers of a graph that follow from the extents of open dimensions: what a file of version 2 says behind the
//! graph, and how its expressions are worked out.

use crate::PlanError;
use serde::{Deserialize, Serialize};

/// Most symbols of a plan.
const MAX_SYMBOLS: usize = 16;

/// Most bytes of a symbol's name: each open axis has a copy.
const MAX_NAME_BYTES: usize = 256;

/// An open dimension: a name, and the extents it may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// Its name in the ONNX graph, or `input:axis` where it has none.
    pub name: String,
    /// Smallest extent; at least 1.
    pub min: u32,
    /// Largest extent; a whole number of steps above the smallest.
    pub max: u32,
    /// Distance between extents.
    pub step: u32,
}

impl Symbol {
    /// Whether the dimension may have this extent.
    #[must_use]
    pub fn takes(&self, extent: usize) -> bool {
        let above = extent.checked_sub(self.min as usize);
        extent <= self.max as usize
            && above.is_some_and(|above| above.is_multiple_of(self.step as usize))
    }

    /// Whether it describes a range.
    ///
    /// # Errors
    /// [`PlanError::BadGraph`] when the name is empty or longer than 256 bytes, no extent is in the range, or steps don't meet its end.
    pub fn check(&self) -> Result<(), PlanError> {
        let range = self.max.checked_sub(self.min);
        let is_range = self.min > 0
            && self.step > 0
            && range.is_some_and(|range| range.is_multiple_of(self.step));
        if self.name.len() > MAX_NAME_BYTES {
            return Err(bad(format!(
                "the name of an open dimension has more than {MAX_NAME_BYTES} bytes"
            )));
        }
        if is_range && !self.name.is_empty() {
            return Ok(());
        }
        Err(bad(format!("{self} is no open dimension")))
    }
}

impl std::fmt::Display for Symbol {
    /// As it is written for the compiler: `height=32..640:32`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}..{}", self.name, self.min, self.max)?;
        if self.step == 1 {
            return Ok(());
        }
        write!(f, ":{}", self.step)
    }
}

impl std::str::FromStr for Symbol {
    type Err = String;

    /// Reads what [`Display`](std::fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no range: write it as NAME=MIN..MAX or NAME=MIN..MAX:STEP");
        let (name, range) = text.rsplit_once('=').ok_or_else(wrong)?;
        let (range, step) = range.split_once(':').unwrap_or((range, "1"));
        let (min, max) = range.split_once("..").ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse().map_err(|_| wrong());
        let symbol = Self {
            name: name.trim().to_owned(),
            min: number(min)?,
            max: number(max)?,
            step: number(step)?,
        };
        symbol.check().map_err(|_| {
            format!("{text:?} is no range: it begins at 1 or above, and steps meet its end")
        })?;
        Ok(symbol)
    }
}

/// What a file of version 2 adds to the graph. Its numbers of values, nodes and constants are the graph's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Extras {
    pub symbols: Vec<Symbol>,
    /// Axes of the inputs that have a symbol's extent.
    pub axes: Vec<InputAxis>,
    /// Elements of constants that depend on symbols.
    pub elements: Vec<Element>,
    /// Attributes that depend on symbols, by ascending node.
    pub attributes: Vec<Attribute>,
}

/// An open axis of an input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct InputAxis {
    pub input: u32,
    pub axis: u32,
    pub symbol: u32,
}

/// An element of a constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Element {
    pub constant: u32,
    pub at: u32,
    pub value: Number,
}

/// A number among a node's attributes, counted as [`Op::numbers`](crate::Op::numbers) lists them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attribute {
    pub node: u32,
    pub number: u32,
    pub value: Number,
}

/// An integer, or the f32 quotient of two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Number {
    Whole(Expression),
    Quotient(Expression, Expression),
}

/// `⌊sum of the terms ÷ divisor⌋`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Expression {
    pub terms: Vec<Term>,
    pub divisor: u32,
}

/// `coefficient · product of the factors`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Term {
    pub coefficient: i64,
    pub factors: Vec<Factor>,
}

/// A number that is known when a node is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Factor {
    /// A symbol's extent.
    Symbol(u32),
    /// An extent of an operand of the node, or of any other value made before it.
    Extent { value: u32, axis: u32 },
}

impl Expression {
    /// Its value, when `known` tells each factor.
    pub(crate) fn value(
        &self,
        known: &impl Fn(Factor) -> Result<usize, PlanError>,
    ) -> Result<i64, PlanError> {
        let too_large = || bad("a number that depends on open dimensions is too large".to_owned());
        let mut sum = 0_i64;
        for term in &self.terms {
            let mut product = term.coefficient;
            for &factor in &term.factors {
                let factor = i64::try_from(known(factor)?).ok();
                let multiplied = factor.and_then(|factor| product.checked_mul(factor));
                product = multiplied.ok_or_else(too_large)?;
            }
            sum = sum.checked_add(product).ok_or_else(too_large)?;
        }
        let quotient = sum.checked_div_euclid(i64::from(self.divisor));
        quotient
            .ok_or_else(|| bad("a number that depends on open dimensions divides by 0".to_owned()))
    }
}

impl Number {
    /// The integer.
    pub(crate) fn whole(
        &self,
        known: &impl Fn(Factor) -> Result<usize, PlanError>,
    ) -> Result<i64, PlanError> {
        match self {
            Self::Whole(expression) => expression.value(known),
            Self::Quotient(..) => Err(bad("a quotient stands for an integer".to_owned())),
        }
    }

    /// The number as a float.
    pub(crate) fn float(
        &self,
        known: &impl Fn(Factor) -> Result<usize, PlanError>,
    ) -> Result<f32, PlanError> {
        match self {
            Self::Whole(expression) => Ok(expression.value(known)? as f32),
            Self::Quotient(a, b) => Ok(a.value(known)? as f32 / b.value(known)? as f32),
        }
    }
}

impl Extras {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The largest extent of each symbol.
    pub(crate) fn largest(&self) -> Vec<usize> {
        self.symbols
            .iter()
            .map(|symbol| symbol.max as usize)
            .collect()
    }

    /// # Errors
    /// [`PlanError::BadGraph`] when the symbols are none, or no input tells one.
    pub(crate) fn check_symbols(&self) -> Result<(), PlanError> {
        if self.symbols.len() > MAX_SYMBOLS {
            return Err(bad(format!(
                "it has more than {MAX_SYMBOLS} open dimensions"
            )));
        }
        for (number, symbol) in self.symbols.iter().enumerate() {
            symbol.check()?;
            if self.symbols[..number]
                .iter()
                .any(|other| other.name == symbol.name)
            {
                return Err(bad(format!(
                    "two open dimensions are named {:?}",
                    symbol.name
                )));
            }
            if !self.axes.iter().any(|axis| axis.symbol as usize == number) {
                return Err(bad(format!(
                    "no input tells the extent of {:?}",
                    symbol.name
                )));
            }
        }
        Ok(())
    }
}

pub(super) fn bad(detail: String) -> PlanError {
    PlanError::BadGraph { detail }
}
