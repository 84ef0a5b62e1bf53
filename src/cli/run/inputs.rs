//! The inputs: from an archive or made up, their extents bound to the model's open dimensions.

use super::model::{Model, Source};
use crate::compile::BindArguments;
use crate::tensors::{Array, Random, in_plan, npz};
use anyhow::{Context, Result, bail};
use nearshelf_engine::{Port, Tensor};
use nearshelf_onnx::{CompileOptions, Declaration, OpenDimension};
use std::path::Path;

/// Inputs before the model is compiled for them.
pub struct Given {
    values: Values,
    declared: Vec<Declaration>,
    open: Vec<OpenDimension>,
}

enum Values {
    Archive(Vec<(String, Array)>),
    Random(u64),
}

/// Inputs by name, as arrays and as the session takes them.
type Inputs = (Vec<(String, Array)>, Vec<(String, Tensor)>);

impl Given {
    /// Made up from `seed`.
    pub fn random(seed: u64, source: &Source) -> Self {
        Self::new(Values::Random(seed), source)
    }

    /// None, for a model without inputs.
    pub fn nothing(source: &Source) -> Self {
        Self::new(Values::Archive(Vec::new()), source)
    }

    /// The arrays of an archive.
    ///
    /// # Errors
    /// When it can't be read, or lacks an input, or holds what the model doesn't have.
    pub fn read(path: &Path, source: &Source) -> Result<Self> {
        let arrays = by_name(path, ("in_", source.inputs()), ("out_", source.outputs()))?;
        for wanted in source.inputs() {
            let Some((_, array)) = arrays.iter().find(|(name, _)| *name == wanted.name) else {
                bail!(
                    "{} holds no {:?}; the model wants {}",
                    path.display(),
                    wanted.name,
                    listed(source.inputs())
                );
            };
            let axes = wanted.shape.as_ref().map(Vec::len);
            if axes.is_some_and(|axes| axes != array.shape.len()) {
                bail!(
                    "input {:?} is {array}, the model wants {wanted}",
                    wanted.name
                );
            }
        }
        Ok(Self::new(Values::Archive(arrays), source))
    }

    fn new(values: Values, source: &Source) -> Self {
        Self {
            values,
            declared: source.inputs().to_vec(),
            open: source.open_dimensions().to_vec(),
        }
    }

    /// Whether an archive holds these inputs, one at least that is not among `fixed`.
    pub fn holds_more(&self, inputs: &[String], fixed: &[String]) -> bool {
        matches!(self.values, Values::Archive(_))
            && inputs.iter().any(|input| !fixed.contains(input))
    }

    /// How to compile the model for these inputs: open dimensions that `--bind` does not name take their extents, and
    /// the inputs in `fixed` become constants.
    ///
    /// # Errors
    /// When two inputs disagree about a dimension, or a fixed one is of another kind than the model wants.
    pub fn options(&self, arguments: &BindArguments, fixed: &[String]) -> Result<CompileOptions> {
        let mut options = arguments.options();
        let Values::Archive(arrays) = &self.values else {
            return Ok(options);
        };
        for (name, array) in arrays.iter().filter(|(name, _)| fixed.contains(name)) {
            let declared = self.declared.iter().find(|input| input.name == *name);
            let stated = declared.and_then(|input| input.element_type);
            let element_type = stated.unwrap_or(array.element_type);
            let tensor = array.to_tensor(name, element_type, in_plan(element_type))?;
            options.fix.push((name.clone(), tensor));
        }
        let mut taken: Vec<(&OpenDimension, usize)> = Vec::new();
        let open = self.open.iter();
        for dimension in open.filter(|dimension| !fixed.contains(&dimension.input)) {
            let place = format!("{}:{}", dimension.input, dimension.axis);
            let is_bound =
                |(name, _): &(String, usize)| *name == dimension.symbol || *name == place;
            let array = arrays.iter().find(|(name, _)| *name == dimension.input);
            let extent = array.and_then(|(_, array)| array.shape.get(dimension.axis).copied());
            let (Some(extent), false) = (extent, arguments.options().bind.iter().any(is_bound))
            else {
                continue;
            };
            let other = taken
                .iter()
                .find(|(other, _)| other.symbol == dimension.symbol);
            match other {
                Some((other, theirs)) if *theirs != extent => bail!(
                    "{:?} is {theirs} on axis {} of input {:?} and {extent} on axis {} of {:?}: they have to be equal",
                    dimension.symbol,
                    other.axis,
                    other.input,
                    dimension.axis,
                    dimension.input
                ),
                Some(_) => {}
                None => {
                    taken.push((dimension, extent));
                    options.bind.push((dimension.symbol.clone(), extent));
                }
            }
        }
        Ok(options)
    }

    /// The inputs in the order and types of the session.
    ///
    /// # Errors
    /// When one has another shape or kind than the model wants, or than it is bound to, or a value that does not fit.
    pub fn tensors(self, model: &Model, bind: &BindArguments) -> Result<Inputs> {
        let mut arrays = Vec::new();
        let mut tensors = Vec::new();
        let (mut given, mut random) = match self.values {
            Values::Archive(arrays) => (arrays, None),
            Values::Random(seed) => (Vec::new(), Some(Random::new(seed))),
        };
        for (port, element_type) in model.inputs() {
            let (name, ty) = (&port.name, &port.ty);
            let array = if let Some(random) = &mut random {
                random.array(element_type, &ty.shape)
            } else {
                let at = given.iter().position(|(other, _)| other == name);
                let at = at.with_context(|| format!("input {name:?} is missing"))?;
                given.swap_remove(at).1
            };
            if !fits(&array.shape, port) {
                let wanted = port.to_string();
                let axes = wanted.trim_start_matches(|c| c != '[');
                bail!("input {name:?} is {array}, the model wants {element_type}{axes}");
            }
            for (axis, symbol, bound) in bound_axes(port, bind) {
                if array.shape.get(axis) != Some(&bound) {
                    bail!(
                        "input {name:?} is {array}, and axis {axis} is bound by --bind {symbol}={bound}"
                    );
                }
            }
            tensors.push((name.clone(), array.to_tensor(name, element_type, ty.dtype)?));
            arrays.push((name.clone(), array));
        }
        // What is left was fixed when the model was compiled.
        arrays.append(&mut given);
        Ok((arrays, tensors))
    }
}

/// Whether a shape has the fixed extents of `port`. About open ones the session knows more.
fn fits(shape: &[usize], port: &Port) -> bool {
    let is_open = |axis| port.open.iter().any(|open| open.axis == axis);
    let mut axes = shape.iter().zip(&port.ty.shape).enumerate();
    shape.len() == port.ty.shape.len() && axes.all(|(axis, (a, b))| a == b || is_open(axis))
}

/// Open axes of `port` that `--bind` gives an extent: axis, symbol and extent.
fn bound_axes<'a>(
    port: &'a Port,
    bind: &'a BindArguments,
) -> impl Iterator<Item = (usize, &'a str, usize)> {
    port.open.iter().filter_map(|open| {
        let symbol = &*open.symbol.name;
        Some((open.axis, symbol, bind.of(symbol)?))
    })
}

/// The arrays of an archive that belong to one side of the model (a key is a name, or prefix and name), those of the
/// other side left out.
///
/// # Errors
/// When it can't be read, or holds what the model doesn't have.
pub fn by_name(
    path: &Path,
    (prefix, side): (&str, &[Declaration]),
    (other_prefix, other_side): (&str, &[Declaration]),
) -> Result<Vec<(String, Array)>> {
    fn named<'a>(key: &'a str, prefix: &str, side: &[Declaration]) -> Option<&'a str> {
        let names = [Some(key), key.strip_prefix(prefix)];
        let mut names = names.into_iter().flatten();
        names.find(|name| side.iter().any(|declared| declared.name == *name))
    }
    let mut found: Vec<(String, Array)> = Vec::new();
    for (key, array) in npz::read(path)? {
        if let Some(name) = named(&key, prefix, side) {
            if found.iter().any(|(other, _)| other == name) {
                bail!("{} holds {name:?} twice", path.display());
            }
            found.push((name.to_owned(), array));
        } else if named(&key, other_prefix, other_side).is_none_or(|name| name == key) {
            bail!(
                "{} holds {key:?}, which the model doesn't have here; it has {}",
                path.display(),
                listed(side)
            );
        }
    }
    Ok(found)
}

/// Names and types, for a message.
pub fn listed(declared: &[Declaration]) -> String {
    let listed: Vec<String> = declared
        .iter()
        .map(|declared| format!("{:?} {declared}", declared.name))
        .collect();
    if listed.is_empty() {
        "nothing".to_owned()
    } else {
        listed.join(", ")
    }
}
