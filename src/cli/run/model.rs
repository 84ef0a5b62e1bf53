//! The model: what it declares, and the session that runs it.

use super::{Backend, inputs::Given};
use crate::{compile::BindArguments, tensors, wrong_usage};
use anyhow::{Context, Result};
use nearshelf_engine::{CpuSession, Plan, Port, Session, Tensor};
use nearshelf_onnx::{
    CompileError, Declaration, ElementType, Extent, OpenDimension, TractSession, compile,
    open_dimensions, signature,
};
use nearshelf_webgpu::{Gpu, GpuSession};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A model as its file holds it.
pub struct Source {
    path: PathBuf,
    backend: Backend,
    content: Content,
    inputs: Vec<Declaration>,
    outputs: Vec<Declaration>,
    open: Vec<OpenDimension>,
}

enum Content {
    Onnx(Vec<u8>),
    Plan(Plan),
}

impl Source {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is no model, or none that the backend takes.
    pub fn open(path: &Path, backend: Backend) -> Result<Self> {
        let reading = || format!("reading {}", path.display());
        let bytes = std::fs::read(path).with_context(reading)?;
        let source = |content, inputs, outputs, open| Self {
            path: path.to_owned(),
            backend,
            content,
            inputs,
            outputs,
            open,
        };
        if !Plan::is_plan(&bytes) {
            let signature = signature(&bytes).with_context(reading)?;
            let open = open_dimensions(&bytes).with_context(reading)?;
            let content = Content::Onnx(bytes);
            return Ok(source(content, signature.inputs, signature.outputs, open));
        }
        if backend == Backend::Tract {
            return Err(wrong_usage(
                "a plan runs on --backend cpu or gpu; tract takes the ONNX file that it was compiled from",
            ));
        }
        let plan = Plan::from_bytes(&bytes).with_context(reading)?;
        let declare = |ports: &[Port]| ports.iter().map(declared).collect();
        let (inputs, outputs) = (declare(plan.inputs()), declare(plan.outputs()));
        Ok(source(Content::Plan(plan), inputs, outputs, Vec::new()))
    }

    pub fn inputs(&self) -> &[Declaration] {
        &self.inputs
    }

    pub fn outputs(&self) -> &[Declaration] {
        &self.outputs
    }

    /// Dimensions that the inputs decide.
    pub fn open_dimensions(&self) -> &[OpenDimension] {
        &self.open
    }
}

/// What a plan says of a tensor, as an ONNX file would.
fn declared(port: &Port) -> Declaration {
    let extent = |(axis, &extent): (usize, &usize)| {
        let open = port.open.iter().find(|open| open.axis == axis);
        open.map_or(Extent::Fixed(extent), |open| {
            Extent::Open(open.symbol.to_string())
        })
    };
    let extents = port.ty.shape.iter().enumerate().map(extent);
    Declaration {
        name: port.name.clone(),
        element_type: Some(tensors::of_plan(port.ty.dtype)),
        shape: Some(extents.collect()),
    }
}

/// A model ready to run.
pub struct Model {
    session: Placed,
    inputs: Vec<Declaration>,
    outputs: Vec<Declaration>,
    /// Compiling an ONNX file; `None` where nothing is compiled to a plan.
    pub compile: Option<Duration>,
    /// Making the session.
    pub create: Duration,
}

/// A session where it runs.
enum Placed {
    Processor(Box<dyn Session>),
    Gpu(Box<GpuSession>, Device),
}

/// The device that runs a model.
#[derive(Clone, Serialize)]
pub struct Device {
    /// What its driver calls it.
    pub adapter: String,
    /// Its driver computes on the CPU.
    pub is_software: bool,
    /// Dispatches of a run.
    pub dispatches: usize,
}

impl Placed {
    fn new(plan: Plan, backend: Backend) -> Result<Self> {
        let plan = Arc::new(plan);
        if backend != Backend::Gpu {
            return Ok(Self::Processor(Box::new(CpuSession::new(plan)?)));
        }
        let (session, device) = pollster::block_on(async {
            let gpu = Gpu::request().await?;
            let session = GpuSession::new(&gpu, plan)?;
            let capabilities = gpu.capabilities();
            let device = Device {
                adapter: capabilities.adapter.clone(),
                is_software: capabilities.is_software,
                dispatches: session.dispatches(),
            };
            anyhow::Ok((session, device))
        })
        .context("it doesn't run on the GPU (--backend cpu runs every plan)")?;
        Ok(Self::Gpu(Box::new(session), device))
    }

    fn inputs(&self) -> &[Port] {
        match self {
            Self::Processor(session) => session.inputs(),
            Self::Gpu(session, _) => session.inputs(),
        }
    }

    fn outputs(&self) -> &[Port] {
        match self {
            Self::Processor(session) => session.outputs(),
            Self::Gpu(session, _) => session.outputs(),
        }
    }
}

impl Model {
    /// Compiles what has to be compiled for the inputs, and makes the session. Inputs whose values the compiler asks
    /// for, such as shapes, are fixed to what is given.
    ///
    /// # Errors
    /// When the model can't be compiled, or its plan not be put on the GPU that was asked for.
    pub fn prepare(source: Source, given: &Given, bind: &BindArguments) -> Result<Self> {
        let begin = Instant::now();
        let preparing = || format!("compiling {}", source.path.display());
        let mut compiled = None;
        let mut options = given.options(bind, &[])?;
        let session = match (source.content, source.backend) {
            (Content::Onnx(bytes), Backend::Tract) => Placed::Processor(Box::new(
                TractSession::open(&bytes, &options).with_context(preparing)?,
            )),
            (Content::Onnx(bytes), backend) => {
                let mut fixed = Vec::new();
                let plan = loop {
                    match compile(&bytes, &options) {
                        Err(CompileError::InputNeeded { inputs, .. })
                            if given.holds_more(&inputs, &fixed) =>
                        {
                            fixed.extend(inputs);
                            options = given.options(bind, &fixed)?;
                        }
                        result => break result.with_context(preparing)?,
                    }
                };
                compiled = Some(begin.elapsed());
                Placed::new(plan, backend)?
            }
            (Content::Plan(plan), backend) => Placed::new(bind.bind(plan)?, backend)?,
        };
        Ok(Self {
            session,
            inputs: source.inputs,
            outputs: source.outputs,
            compile: compiled,
            create: begin.elapsed() - compiled.unwrap_or_default(),
        })
    }

    /// Runs it once.
    ///
    /// # Errors
    /// When the model refuses the inputs, or the GPU is lost.
    pub fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>> {
        Ok(match &mut self.session {
            Placed::Processor(session) => session.run(inputs)?,
            Placed::Gpu(session, _) => pollster::block_on(session.run(inputs))?,
        })
    }

    /// The GPU that runs it, if one does.
    pub fn device(&self) -> Option<&Device> {
        match &self.session {
            Placed::Processor(_) => None,
            Placed::Gpu(_, device) => Some(device),
        }
    }

    /// Inputs of the session, and the element types that the model declares.
    pub fn inputs(&self) -> impl Iterator<Item = (&Port, ElementType)> {
        let ports = self.session.inputs().iter();
        ports.map(|port| (port, element_type(&self.inputs, port)))
    }

    /// Names of the session's outputs, and the element types that the model declares.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, ElementType)> {
        let ports = self.session.outputs().iter();
        ports.map(|port| (&*port.name, element_type(&self.outputs, port)))
    }
}

/// As declared, else as a plan has it.
fn element_type(declared: &[Declaration], port: &Port) -> ElementType {
    let found = declared.iter().find(|found| found.name == port.name);
    let stated = found.and_then(|found| found.element_type);
    stated.unwrap_or(tensors::of_plan(port.ty.dtype))
}
