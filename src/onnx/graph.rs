//! The walk over a graph: names to values, nodes in order, each folded or lowered.

use crate::budget::{Budget, affordable};
use crate::constant::{Constant, Data};
use crate::element::Element;
use crate::fold::{Folder, engine};
use crate::lower::cut::Cut;
use crate::lower::peephole::Made;
use crate::node::{Node, Value, name};
use crate::uses::needed;
use crate::{CompileError, CompileOptions, dims, kinds, lower, read};
use nearshelf_engine::{DType, Op, Plan, PlanBuilder, PlanError, TensorType, ValueId, optimise};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto};

/// How deep branches of `If` may nest.
const MAX_DEPTH: usize = 16;

/// Most nodes of bodies that are written out, turn by turn.
const MAX_INLINED: usize = 1 << 18;

/// Names of the model's inputs that a value depends on.
pub(crate) type Sources<'a> = Rc<BTreeSet<&'a str>>;

/// The plan being built and what is known of its values.
pub(crate) struct Lowering<'a> {
    model: &'a ModelProto,
    folder: Folder,
    budget: Budget,
    builder: PlanBuilder,
    scope: HashMap<&'a str, Value>,
    sources: HashMap<ValueId, Sources<'a>>,
    /// ONNX element types by name, where they are known.
    kinds: HashMap<&'a str, Element>,
    /// Constants already in the plan. Each keeps its tensor alive, so that an address is never reused.
    placed: HashMap<*const Constant, (Rc<Constant>, ValueId)>,
    /// Tensors of the file that are decoded, by address: a body that is written out reads its own at each turn.
    decoded: HashMap<*const TensorProto, Rc<Constant>>,
    /// Values of the plan that are ONNX's `bool`.
    pub(crate) truths: HashSet<ValueId>,
    /// Values of the plan that are longer than meant.
    pub(crate) cuts: HashMap<ValueId, Cut>,
    /// How often each name is read.
    uses: HashMap<&'a str, usize>,
    /// Makers of values, where a later node may melt with them.
    pub(crate) made: HashMap<ValueId, Made>,
    depth: usize,
    /// Nodes of bodies written out so far.
    inlined: usize,
}

/// Lowers a whole model.
pub(crate) fn lower(model: &ModelProto, options: &CompileOptions) -> Result<Plan, CompileError> {
    let graph = model.graph.as_ref().ok_or_else(|| CompileError::NotOnnx {
        detail: "it holds no graph".to_owned(),
    })?;
    let mut lowering = Lowering {
        model,
        folder: Folder::new(model),
        budget: Budget::default(),
        builder: PlanBuilder::new(),
        scope: HashMap::new(),
        sources: HashMap::new(),
        kinds: HashMap::new(),
        placed: HashMap::new(),
        decoded: HashMap::new(),
        truths: HashSet::new(),
        cuts: HashMap::new(),
        uses: HashMap::new(),
        made: HashMap::new(),
        depth: 0,
        inlined: 0,
    };
    let inputs = inputs(model);
    for (input, ty) in inputs.iter().zip(dims::bind(&inputs, options)?) {
        let id = lowering.builder.input(&input.name, ty)?;
        if let Some(kind) = dims::kind(input) {
            lowering.kinds.insert(&input.name, kind);
            if kind == Element::Bool {
                lowering.truths.insert(id);
            }
        }
        let source = Rc::new(BTreeSet::from([&*input.name]));
        lowering.sources.insert(id, source);
        lowering.scope.insert(&input.name, Value::Run(id));
    }
    let outputs = lowering.graph(graph)?;
    for (output, value) in graph.output.iter().zip(outputs) {
        let mut id = lowering.run(&output.name, &value)?;
        if let Some(&Cut { axis, count }) = lowering.cuts.get(&id) {
            let cut = lowering
                .builder
                .push(&output.name, Op::Cut { axis }, &[id, count])?;
            id = cut.first().copied().unwrap_or(id);
        }
        lowering.builder.output(&output.name, id)?;
    }
    Ok(optimise(lowering.builder, options.weight_bits)?.finish()?)
}

/// Inputs of a model. Files of the first years list initializers among them.
pub(crate) fn inputs(model: &ModelProto) -> Vec<&ValueInfoProto> {
    let Some(graph) = &model.graph else {
        return Vec::new();
    };
    let known: HashSet<&str> = graph
        .initializer
        .iter()
        .map(|tensor| &*tensor.name)
        .collect();
    graph
        .input
        .iter()
        .filter(|input| !known.contains(&*input.name))
        .collect()
}

impl<'a> Lowering<'a> {
    /// Lowers what the outputs of `graph` need and returns their values.
    fn graph(&mut self, graph: &'a GraphProto) -> Result<Vec<Value>, CompileError> {
        let nodes = needed(graph, &mut self.uses);
        let read: HashSet<&str> = self.uses.keys().copied().collect();
        for tensor in &graph.initializer {
            if read.contains(&*tensor.name) {
                let constant = self.decoded(&tensor.name, tensor)?;
                self.scope.insert(&tensor.name, Value::Constant(constant));
                let kind = Element::numbered(tensor.data_type.into());
                self.kinds.extend(kind.map(|kind| (&*tensor.name, kind)));
            }
        }
        for node in nodes {
            self.node(node)?;
        }
        graph
            .output
            .iter()
            .map(|output| self.named(&output.name, &output.name))
            .collect()
    }

    /// A tensor of the file.
    pub(crate) fn decoded(
        &mut self,
        name: &str,
        tensor: &'a TensorProto,
    ) -> Result<Rc<Constant>, CompileError> {
        if let Some(constant) = self.decoded.get(&std::ptr::from_ref(tensor)) {
            return Ok(Rc::clone(constant));
        }
        let constant = Rc::new(read::constant(name, tensor)?);
        self.budget.read(&constant);
        self.decoded.insert(tensor, Rc::clone(&constant));
        Ok(constant)
    }

    fn node(&mut self, proto: &'a NodeProto) -> Result<(), CompileError> {
        let mut inputs = Vec::with_capacity(proto.input.len());
        for input in &proto.input {
            inputs.push(if input.is_empty() {
                None
            } else {
                Some(self.named(name(proto), input)?)
            });
        }
        let sources = |input: &Option<Value>| match input {
            Some(Value::Run(id)) => self.sources.get(id).cloned(),
            _ => None,
        };
        let node = Node {
            proto,
            sources: inputs.iter().map(sources).collect(),
            kinds: proto
                .input
                .iter()
                .map(|name| self.kinds.get(&**name).copied())
                .collect(),
            inputs,
            opset: read::opset(self.model, &proto.domain),
        };
        let is_affordable = node
            .work()
            .is_some_and(|elements| self.budget.work_out(elements));
        let folded = if is_affordable {
            self.folder.fold(&node, self.budget.room())
        } else {
            None
        };
        let values = match folded {
            Some(values) => {
                // tract gives one value an output that is named.
                let mut values = values.into_iter();
                let present = proto.output.iter().map(|output| {
                    if output.is_empty() {
                        None
                    } else {
                        values.next()
                    }
                });
                present.collect::<Vec<_>>()
            }
            None => lower::node(&node, self)?.into_iter().map(Some).collect(),
        };
        for (index, output) in proto.output.iter().enumerate() {
            match values.get(index).cloned().flatten() {
                Some(value) => {
                    match &value {
                        Value::Constant(constant) if proto.op_type == "Constant" => {
                            self.budget.read(constant);
                        }
                        Value::Constant(constant) => self.budget.write(constant)?,
                        Value::Run(_) => {}
                    }
                    self.scope.insert(output, value);
                    let kind = kinds::of_output(&node, index);
                    self.kinds.extend(kind.map(|kind| (&**output, kind)));
                }
                None if self.uses.contains_key(&**output) => {
                    return Err(node.unsupported(format!(
                        "its output {output:?} is not available; remove what reads it"
                    )));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// What the body of an operator gives for `operands`.
    pub(crate) fn inline(
        &mut self,
        node: &Node<'a>,
        body: &'a GraphProto,
        operands: &[(Value, Option<Element>)],
    ) -> Result<Vec<Value>, CompileError> {
        if self.depth == MAX_DEPTH {
            return Err(node.unsupported(format!("branches nest deeper than {MAX_DEPTH}")));
        }
        self.inlined = self.inlined.saturating_add(body.node.len() + 1);
        if self.inlined > MAX_INLINED {
            return Err(node.unsupported(format!(
                "bodies written out have more than {MAX_INLINED} nodes; bind a smaller extent"
            )));
        }
        if body.input.len() != operands.len() {
            let (takes, given) = (body.input.len(), operands.len());
            return Err(node.bad(format!("its body takes {takes} operands, not {given}")));
        }
        for (input, (value, kind)) in body.input.iter().zip(operands) {
            self.scope.insert(&input.name, value.clone());
            self.kinds.extend(kind.map(|kind| (&*input.name, kind)));
        }
        self.depth += 1;
        let outputs = self.graph(body);
        self.depth -= 1;
        outputs
    }

    fn named(&self, reader: &str, name: &str) -> Result<Value, CompileError> {
        let undefined = || CompileError::BadModel {
            node: reader.to_owned(),
            detail: format!("reads {name:?}, which nothing before it defines"),
        };
        self.scope.get(name).cloned().ok_or_else(undefined)
    }

    /// Bytes that the next constant which the file doesn't hold may have.
    pub(crate) fn room(&self) -> u64 {
        self.budget.room()
    }

    /// Whether only one operand in the whole graph reads `name`.
    pub(crate) fn is_read_once(&self, name: &str) -> bool {
        self.uses.get(name) == Some(&1)
    }

    /// The value in the plan. `reader` is named when a constant does not fit.
    pub(crate) fn run(&mut self, reader: &str, value: &Value) -> Result<ValueId, CompileError> {
        let constant = match value {
            Value::Run(id) => return Ok(*id),
            Value::Constant(constant) => constant,
        };
        if let Some((_, id)) = self.placed.get(&Rc::as_ptr(constant)) {
            return Ok(*id);
        }
        self.budget.write(constant)?;
        let id = self.builder.constant(constant.to_tensor(reader)?);
        self.placed
            .insert(Rc::as_ptr(constant), (Rc::clone(constant), id));
        Ok(id)
    }

    /// Adds an operator of one result over values.
    pub(crate) fn push(
        &mut self,
        node: &Node,
        op: Op,
        operands: &[&Value],
    ) -> Result<Value, CompileError> {
        let mut results = self.push_all(node, op, operands)?;
        if results.is_empty() {
            return Err(node.bad("gives no result"));
        }
        Ok(results.swap_remove(0))
    }

    /// Adds an operator over values.
    pub(crate) fn push_all(
        &mut self,
        node: &Node,
        op: Op,
        operands: &[&Value],
    ) -> Result<Vec<Value>, CompileError> {
        let is_truth = self.gives_truth(&op, operands);
        let known = operands
            .iter()
            .map(|operand| operand.as_constant().map(|known| &**known));
        let folded = known
            .collect::<Option<Vec<_>>>()
            .filter(|known| {
                let lens = known.iter().map(|constant| constant.len() as u64);
                self.budget.work_out(lens.sum())
            })
            .and_then(|known| engine::evaluate(&op, &known, is_truth));
        if let Some(constant) = folded {
            let value = Value::constant(constant);
            if let Value::Constant(constant) = &value {
                self.budget.write(constant)?;
            }
            return Ok(vec![value]);
        }
        let is_cut = operands.iter().any(|value| self.cut_of(value).is_some());
        let cut_by = is_cut.then(|| op.clone());
        let values = operands;
        let operands = values
            .iter()
            .map(|operand| self.run(node.name(), operand))
            .collect::<Result<Vec<_>, _>>()?;
        let results = self.builder.push(node.name(), op, &operands);
        let results = results.map_err(|error| match error {
            // A model may well be right where the engine is narrower than ONNX.
            PlanError::BadNode {
                operator, detail, ..
            } => node.unsupported(format!(
                "{operator} of the engine can't take it ({detail}); export the model in float, with fixed shapes"
            )),
            other => other.into(),
        })?;
        if is_truth {
            self.truths.extend(&results);
        }
        self.note_sources(&operands, &results);
        if let Some(op) = cut_by {
            let cut = self.carried(node, &op, values, &results)?;
            self.cuts.extend(results.first().map(|&id| (id, cut)));
        }
        Ok(results.into_iter().map(Value::Run).collect())
    }

    /// Results depend on whatever their operands depend on.
    fn note_sources(&mut self, operands: &[ValueId], results: &[ValueId]) {
        let mut all: Option<Sources> = None;
        for sources in operands.iter().filter_map(|id| self.sources.get(id)) {
            all = Some(match all {
                None => Rc::clone(sources),
                Some(all) if sources.is_subset(&all) => all,
                Some(all) => Rc::new(&*all | &**sources),
            });
        }
        if let Some(all) = all {
            let noted = results.iter().map(|&id| (id, Rc::clone(&all)));
            self.sources.extend(noted);
        }
    }

    pub(crate) fn ty(&self, value: &Value) -> TensorType {
        match value {
            Value::Constant(constant) => TensorType::new(constant.dtype(), constant.shape.clone()),
            Value::Run(id) => self.builder.value_type(*id).clone(),
        }
    }

    pub(crate) fn shape(&self, value: &Value) -> Vec<usize> {
        self.ty(value).shape
    }

    /// `value` in another shape of as many elements.
    pub(crate) fn reshape(
        &mut self,
        node: &Node,
        value: &Value,
        shape: &[usize],
    ) -> Result<Value, CompileError> {
        let ty = self.ty(value);
        if ty.shape == shape {
            return Ok(value.clone());
        }
        match value {
            Value::Constant(constant)
                if TensorType::new(ty.dtype, shape).element_count() == Some(constant.len()) =>
            {
                Ok(Value::constant(constant.reshaped(shape)))
            }
            _ => self.push(
                node,
                Op::Reshape {
                    shape: shape.to_vec(),
                },
                &[value],
            ),
        }
    }

    /// `value` with element type `to`.
    pub(crate) fn cast(
        &mut self,
        node: &Node,
        value: &Value,
        to: DType,
    ) -> Result<Value, CompileError> {
        if self.ty(value).dtype == to {
            return Ok(value.clone());
        }
        self.push(node, Op::Cast { to }, &[value])
    }
}

/// A constant of one element and no axes.
pub(crate) fn scalar(value: f32) -> Value {
    Value::constant(Constant::f32([], vec![value]))
}

/// Zeros of `dtype`, as operands left out stand for; `None` when there are too many.
pub(crate) fn zeros(dtype: DType, shape: &[usize]) -> Option<Value> {
    let len = affordable(shape, dtype.size_bytes())?;
    let data = match dtype {
        DType::F32 => Data::F32(vec![0.0; len]),
        DType::I32 => Data::I32(vec![0; len]),
        DType::I8 => Data::I8(vec![0; len]),
        DType::U8 => Data::U8(vec![0; len]),
    };
    Some(Value::constant(Constant {
        shape: shape.to_vec(),
        data,
    }))
}
