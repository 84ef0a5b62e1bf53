//! One network for many extents: a graph whose numbers are worked out for each binding, its constants shared.

use super::Graph;
use super::symbols::{Element, Extras, Factor, bad};
use super::{Outline, Plan, PlanBuilder, Symbol, ValueId};
use crate::{DType, OpenAxis, PlanError, RunError, Tensor, TensorType, Values};
use nearshelf_operators::NumberMut;
use std::sync::Arc;

/// Most elements of a constant of which some depend on symbols: each binding has a copy.
const MAX_ELEMENTS: usize = 64;

/// What the bindings of a plan have in common.
#[derive(Debug)]
pub(crate) struct Template {
    pub graph: Graph,
    pub constants: Vec<Arc<Tensor>>,
    pub extras: Extras,
}

impl Template {
    /// The plan of largest extents.
    ///
    /// # Errors
    /// Any [`PlanError`]: nothing of a template is trusted.
    pub(crate) fn plan(self) -> Result<Plan, PlanError> {
        self.extras.check_symbols()?;
        let extents = self.extras.largest();
        Arc::new(self).bound(extents)
    }

    /// What is known of [`Self::plan`] before there are constants.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub(super) fn outline(graph: &Graph, extras: &Extras) -> Result<Outline, PlanError> {
        extras.check_symbols()?;
        let promised = graph.constants.iter().map(|stored| stored.ty.clone());
        let nothing = Tensor::new([0], Values::empty(DType::U8));
        let nothing = Arc::new(nothing.map_err(|error| bad(error.to_string()))?);
        let promised = promised.map(|ty| (ty, Arc::clone(&nothing)));
        let builder = build(graph, extras, &extras.largest(), promised.collect())?;
        Ok(Outline::new(builder.finish()?))
    }

    /// The plan of other extents, one a symbol.
    fn bound(self: Arc<Self>, extents: Vec<usize>) -> Result<Plan, PlanError> {
        let mut constants = self.constants.clone();
        for element in &self.extras.elements {
            fill(&mut constants, element, &extents)?;
        }
        let constants = constants.into_iter().map(|tensor| (tensor.ty(), tensor));
        let constants = constants.collect();
        let builder = build(&self.graph, &self.extras, &extents, constants)?;
        let mut plan = builder.finish()?;
        for axis in &self.extras.axes {
            let open = &mut plan.input_ports[axis.input as usize].open;
            let axis = OpenAxis {
                axis: axis.axis as usize,
                symbol: self.extras.symbols[axis.symbol as usize].clone(),
            };
            if open.iter().any(|other| other.axis == axis.axis) {
                return Err(bad("an axis of an input is open twice".to_owned()));
            }
            open.push(axis);
        }
        plan.extents = extents;
        plan.template = (!self.extras.symbols.is_empty()).then_some(self);
        Ok(plan)
    }
}

/// The graph with its numbers worked out. `constants` come with the types that they have, or will have.
fn build(
    graph: &Graph,
    extras: &Extras,
    extents: &[usize],
    constants: Vec<(TensorType, Arc<Tensor>)>,
) -> Result<PlanBuilder, PlanError> {
    let Graph {
        inputs,
        nodes,
        outputs,
        ..
    } = graph;
    let mut builder = PlanBuilder::new();
    let mut ids: Vec<ValueId> = Vec::new();
    let mut types: Vec<_> = inputs.iter().map(|(_, ty)| ty.clone()).collect();
    for axis in &extras.axes {
        let ty = types.get_mut(axis.input as usize);
        let place = ty.and_then(|ty| ty.shape.get_mut(axis.axis as usize));
        let extent = extents.get(axis.symbol as usize);
        let (Some(place), Some(&extent)) = (place, extent) else {
            return Err(bad("an open axis is none of an input".to_owned()));
        };
        *place = extent;
    }
    for ((name, _), ty) in inputs.iter().zip(types) {
        ids.push(builder.input(name, ty)?);
    }
    let constants = constants.into_iter();
    ids.extend(constants.map(|(ty, tensor)| builder.constant_of(ty, tensor)));
    let mut attributes = extras.attributes.iter().peekable();
    for (number, step) in nodes.iter().enumerate() {
        let operands = step
            .inputs
            .iter()
            .map(|&number| ids.get(number as usize).copied());
        let operands: Option<Vec<ValueId>> = operands.collect();
        let operands =
            operands.ok_or_else(|| bad("a node uses a value that comes after it".to_owned()))?;
        let mut op = step.op.clone();
        let known = |factor| known(factor, extents, &ids, &builder);
        let mut numbers = op.numbers();
        while let Some(attribute) =
            attributes.next_if(|attribute| attribute.node as usize == number)
        {
            match numbers.get_mut(attribute.number as usize) {
                Some(NumberMut::Extent(place)) => {
                    let value = attribute.value.whole(&known)?;
                    **place = usize::try_from(value).map_err(|_| {
                        bad(format!("{:?} would have an extent of {value}", step.name))
                    })?;
                }
                Some(NumberMut::Float(place)) => **place = attribute.value.float(&known)?,
                None => {
                    let detail = format!("{:?} has no such number", step.name);
                    return Err(bad(detail));
                }
            }
        }
        ids.extend(builder.push(&step.name, op, &operands)?);
    }
    if attributes.next().is_some() {
        return Err(bad("numbers of nodes are out of order".to_owned()));
    }
    for (name, number) in outputs {
        let id = ids.get(*number as usize);
        builder.output(
            name,
            *id.ok_or_else(|| bad("an output is no value".to_owned()))?,
        )?;
    }
    Ok(builder)
}

/// What an expression may refer to, as far as the graph is built.
fn known(
    factor: Factor,
    extents: &[usize],
    ids: &[ValueId],
    builder: &PlanBuilder,
) -> Result<usize, PlanError> {
    let extent = match factor {
        Factor::Symbol(symbol) => extents.get(symbol as usize).copied(),
        Factor::Extent { value, axis } => {
            let id = ids.get(value as usize);
            let shape = id.map(|&id| &builder.value_type(id).shape);
            shape.and_then(|shape| shape.get(axis as usize).copied())
        }
    };
    extent.ok_or_else(|| bad("a number depends on an extent that is not known".to_owned()))
}

/// Writes an element of a constant.
fn fill(
    constants: &mut [Arc<Tensor>],
    element: &Element,
    extents: &[usize],
) -> Result<(), PlanError> {
    let known = |factor| known(factor, extents, &[], &PlanBuilder::new());
    let constant = constants.get_mut(element.constant as usize);
    let constant = constant.filter(|constant| constant.values().len() <= MAX_ELEMENTS);
    let none = || bad("a number stands for no element of a small constant".to_owned());
    let constant = constant.ok_or_else(none)?;
    let mut values = constant.values().clone();
    let at = element.at as usize;
    match &mut values {
        Values::F32(values) => {
            *values.get_mut(at).ok_or_else(none)? = element.value.float(&known)?;
        }
        Values::I32(values) => {
            let value = i32::try_from(element.value.whole(&known)?);
            let value = value.map_err(|_| bad("an element is beyond 32 bits".to_owned()))?;
            *values.get_mut(at).ok_or_else(none)? = value;
        }
        _ => return Err(none()),
    }
    let filled = Tensor::new(constant.shape(), values);
    *constant = Arc::new(filled.map_err(|error| bad(error.to_string()))?);
    Ok(())
}

impl Plan {
    /// Dimensions that [`Self::bind`] may give another extent.
    #[must_use]
    pub fn symbols(&self) -> &[Symbol] {
        self.template
            .as_ref()
            .map_or(&[], |template| &template.extras.symbols)
    }

    /// The same network for other extents; symbols left out keep theirs. Constants are shared.
    ///
    /// # Errors
    /// [`PlanError::BadBinding`] for a symbol that the plan lacks or an extent that it doesn't take, any other
    /// [`PlanError`] when the network makes no sense for these extents.
    pub fn bind(&self, extents: &[(&str, usize)]) -> Result<Self, PlanError> {
        let symbols = self.symbols();
        let mut bound = self.extents.clone();
        for &(name, extent) in extents {
            let at = symbols.iter().position(|symbol| symbol.name == name);
            let Some(at) = at.filter(|&at| symbols[at].takes(extent)) else {
                let open: Vec<String> = symbols.iter().map(Symbol::to_string).collect();
                return Err(PlanError::BadBinding {
                    symbol: name.to_owned(),
                    extent,
                    open: open.join(", "),
                });
            };
            bound[at] = extent;
        }
        self.bind_all(bound)
    }

    /// [`Self::bind`] to extents that the symbols take, in their order.
    pub(crate) fn bind_all(&self, extents: Vec<usize>) -> Result<Self, PlanError> {
        match &self.template {
            Some(template) => Arc::clone(template).bound(extents),
            None => Err(bad("it has no open dimensions".to_owned())),
        }
    }

    /// The symbols' extents in tensors given as the plan's inputs.
    ///
    /// # Errors
    /// [`RunError`] when a tensor's type is none of the input's, an extent is out of range, or two of one symbol differ.
    pub(crate) fn extents_of(&self, inputs: &[&Tensor]) -> Result<Vec<usize>, RunError> {
        let mut extents: Vec<Option<usize>> = vec![None; self.symbols().len()];
        for (port, tensor) in self.inputs().iter().zip(inputs) {
            let is_open = |axis| port.open.iter().any(|open| open.axis == axis);
            let mut axes = tensor.shape().iter().zip(&port.ty.shape).enumerate();
            let fits = tensor.dtype() == port.ty.dtype
                && tensor.shape().len() == port.ty.shape.len()
                && axes.all(|(axis, (found, expected))| found == expected || is_open(axis));
            if !fits {
                return Err(RunError::WrongType {
                    name: port.name.clone(),
                    expected: port.to_string(),
                    found: tensor.ty(),
                });
            }
            for OpenAxis { axis, symbol } in &port.open {
                let extent = tensor.shape()[*axis];
                if !symbol.takes(extent) {
                    return Err(RunError::WrongExtent {
                        name: port.name.clone(),
                        axis: *axis,
                        extent,
                        symbol: symbol.to_string(),
                    });
                }
                let at = self.symbols().iter().position(|other| other == symbol);
                let Some(known) = at.and_then(|at| extents.get_mut(at)) else {
                    continue;
                };
                let other = *known.get_or_insert(extent);
                if other != extent {
                    return Err(RunError::ExtentsDiffer {
                        name: port.name.clone(),
                        axis: *axis,
                        extent,
                        symbol: symbol.name.clone(),
                        other,
                    });
                }
            }
        }
        // Every symbol has an axis: the reader saw to it.
        Ok(extents.into_iter().flatten().collect())
    }

    /// This plan bound to the extents of `inputs`, which are in the order of [`Plan::inputs`]; `None` when it is bound
    /// to them already.
    ///
    /// # Errors
    /// [`RunError`] when the model doesn't take these types, or makes no sense for these extents.
    pub fn suiting(&self, inputs: &[&Tensor]) -> Result<Option<Arc<Self>>, RunError> {
        let mut ports = inputs.iter().zip(self.inputs());
        if ports.all(|(x, port)| x.dtype() == port.ty.dtype && x.shape() == port.ty.shape) {
            return Ok(None);
        }
        let extents = self.extents_of(inputs)?;
        match self.bind_all(extents.clone()) {
            Ok(plan) => Ok(Some(Arc::new(plan))),
            Err(error) => Err(unbindable(self.symbols(), &extents, error)),
        }
    }

    /// Says that there is no running this plan with the extents that it is bound to.
    #[must_use]
    pub fn unbindable(&self, error: PlanError) -> RunError {
        unbindable(self.symbols(), &self.extents, error)
    }
}

fn unbindable(symbols: &[Symbol], extents: &[usize], error: PlanError) -> RunError {
    let symbols = symbols.iter().zip(extents);
    let extents: Vec<String> = symbols
        .map(|(symbol, extent)| format!("{} = {extent}", symbol.name))
        .collect();
    RunError::Unbindable {
        extents: extents.join(", "),
        error: Box::new(error),
    }
}
