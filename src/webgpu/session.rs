//! A plan on a device: buffers and bindings made once, run after run.

use crate::buffers::{ALIGNMENT, Buffer, Filling, bytes_of, storage, values_of, write};
use crate::dispatch::Region;
use crate::program::{Program, buffer_bytes};
use crate::submission::{Closed, Copied, Ran, Scopes, Submission};
use crate::{Gpu, GpuError};
use nearshelf_engine::{Place, Plan, Port, RunError, Tensor};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A plan with its buffers on a device. Inputs of other extents than those of the run before bind the plan anew.
#[derive(Debug)]
pub struct GpuSession {
    gpu: Rc<Gpu>,
    /// As it was given: what the ports show.
    given: Arc<Plan>,
    constants: Constants,
    bound: Bound,
    state: State,
    gpu_nanos: Option<f64>,
}

/// What is known of buffers and shaders.
#[derive(Debug)]
enum State {
    /// The browser hasn't told yet.
    Made(Closed),
    Sound,
    Broken,
}

/// The plan's constants on the device, whatever it is bound to.
#[derive(Debug)]
struct Constants {
    buffers: Vec<Buffer>,
    /// Buffer, offset and length of each.
    places: Vec<(usize, u64, u64)>,
}

/// What depends on the extents of open dimensions.
#[derive(Debug)]
struct Bound {
    plan: Arc<Plan>,
    inputs: Vec<Buffer>,
    fault: Buffer,
    /// The other buffers that bindings refer to, constants among them.
    _bound: Vec<Buffer>,
    submission: Submission,
}

/// Bytes of the fault's buffer, of which the first word counts. They are read back first.
const FAULT_BYTES: u64 = 16;

impl GpuSession {
    /// Uploads the plan's constants and makes pipelines and buffers. What the browser says of them is told by the first
    /// run: until then it may be compiling shaders.
    ///
    /// # Errors
    /// [`GpuError`] when the adapter can't execute the plan, or is lost.
    pub fn new(gpu: &Rc<Gpu>, plan: Arc<Plan>) -> Result<Self, GpuError> {
        if let Some(reason) = gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        let scopes = Scopes::open(gpu);
        let all: Vec<&Tensor> = plan.constants().collect();
        let made = Constants::upload(gpu, &all).and_then(|constants| {
            let bound = Bound::new(gpu, Arc::clone(&plan), &constants)?;
            Ok((constants, bound))
        });
        let closed = scopes.close();
        let (constants, bound) = made?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            given: plan,
            constants,
            bound,
            state: State::Made(closed),
            gpu_nanos: None,
        })
    }

    /// Inputs in the model's order.
    #[must_use]
    pub fn inputs(&self) -> &[Port] {
        self.given.inputs()
    }

    /// Outputs in the model's order.
    #[must_use]
    pub fn outputs(&self) -> &[Port] {
        self.given.outputs()
    }

    /// Dispatches of a run.
    #[must_use]
    pub fn dispatches(&self) -> usize {
        self.bound.submission.len()
    }

    /// How long the device computed in the last run, in nanoseconds, where it tells.
    #[must_use]
    pub fn gpu_nanos(&self) -> Option<f64> {
        self.gpu_nanos
    }

    /// Runs the model once, as [`Session::run`](nearshelf_engine::Session::run) does.
    ///
    /// # Errors
    /// [`GpuError::Run`] as on the CPU; any other [`GpuError`] says why the CPU has to do it.
    pub async fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, GpuError> {
        let inputs = self.bound.plan.in_order(inputs)?;
        if let Some(plan) = self.bound.plan.suiting(&inputs)? {
            self.checked().await?;
            let scopes = Scopes::open(&self.gpu);
            let constants = self.constants.of(&self.gpu, &self.given, &plan);
            let bound = constants.and_then(|constants| Bound::new(&self.gpu, plan, &constants));
            self.state = State::Made(scopes.close());
            self.bound = bound?;
        }
        let ran = self.bound.run(&self.gpu, &inputs).await;
        self.checked().await?;
        let ran = ran?;
        self.gpu_nanos = ran.gpu_nanos;
        self.bound.outputs(&ran.bytes)
    }

    /// Whether what was made last is sound.
    async fn checked(&mut self) -> Result<(), GpuError> {
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Made(closed) => {
                let plan = &self.bound.plan;
                let bytes = plan.weight_bytes() + plan.arena_bytes();
                closed.verdict(&self.gpu, "the model", bytes).await?;
                self.state = State::Sound;
            }
            State::Sound => self.state = State::Sound,
            State::Broken => {
                return Err(GpuError::Refused {
                    what: "the model".to_owned(),
                    reason: "it was refused before".to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Constants {
    /// Those of another binding of the plan that these were uploaded for: what both share isn't uploaded again, but small
    /// constants may hold numbers that depend on the extents.
    fn of(&self, gpu: &Gpu, given: &Plan, plan: &Plan) -> Result<Self, GpuError> {
        let places = given.constants().map(std::ptr::from_ref).zip(&self.places);
        let known: HashMap<*const Tensor, _> = places.collect();
        let fresh = plan.constants();
        let fresh: Vec<&Tensor> = fresh
            .filter(|&constant| !known.contains_key(&std::ptr::from_ref(constant)))
            .collect();
        let own = Self::upload(gpu, &fresh)?;
        let first = self.buffers.len();
        let own_places = own.places.into_iter();
        let mut own_places =
            own_places.map(|(buffer, offset, bytes)| (first + buffer, offset, bytes));
        let places = plan.constants().filter_map(|constant| {
            let known = known.get(&std::ptr::from_ref(constant));
            known.map_or_else(|| own_places.next(), |&&place| Some(place))
        });
        Ok(Self {
            places: places.collect(),
            buffers: [&self.buffers[..], &own.buffers].concat(),
        })
    }

    fn upload(gpu: &Gpu, tensors: &[&Tensor]) -> Result<Self, GpuError> {
        let limit = gpu.capabilities().max_buffer_bytes;
        let mut sizes: Vec<u64> = Vec::new();
        let mut places = Vec::new();
        for constant in tensors {
            let bytes = buffer_bytes(&constant.ty());
            let room = bytes.next_multiple_of(ALIGNMENT);
            match sizes.last_mut().filter(|size| **size + room <= limit) {
                Some(size) => *size += room,
                None => sizes.push(room),
            }
            let end = sizes.last().copied().unwrap_or(0);
            places.push((sizes.len() - 1, end - room, bytes));
        }
        let sizes = sizes.into_iter();
        let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
        let buffers: Vec<Buffer> = sizes
            .map(|bytes| storage(gpu, bytes, usage))
            .collect::<Result<_, _>>()?;
        let mut all = tensors.iter().zip(&places).peekable();
        for (at, buffer) in buffers.iter().enumerate() {
            let mut filling = Filling::new(gpu, buffer);
            while let Some((constant, &(_, offset, _))) = all.next_if(|(_, place)| place.0 == at) {
                filling.write(offset as usize, bytes_of(constant.values()));
            }
            filling.finish();
        }
        Ok(Self { buffers, places })
    }
}

impl Bound {
    fn new(gpu: &Gpu, plan: Arc<Plan>, constants: &Constants) -> Result<Self, GpuError> {
        let types: Vec<_> = plan.value_types().collect();
        let steps: Vec<_> = plan.steps().collect();
        let program = Program::new(&types, &steps, gpu.capabilities())?;
        let usage = wgpu::BufferUsages::COPY_SRC;
        let slots = plan.slots().iter();
        let slots: Vec<Buffer> = slots
            .map(|slot| storage(gpu, slot.bytes().max(1).next_multiple_of(16), usage))
            .collect::<Result<_, _>>()?;
        let inputs = plan.inputs().iter();
        let inputs: Vec<Buffer> = inputs
            .map(|port| {
                storage(
                    gpu,
                    buffer_bytes(&port.ty),
                    usage | wgpu::BufferUsages::COPY_DST,
                )
            })
            .collect::<Result<_, _>>()?;
        let scratch = program.scratch.iter();
        let scratch: Vec<Buffer> = scratch
            .map(|&bytes| storage(gpu, bytes, wgpu::BufferUsages::empty()))
            .collect::<Result<_, _>>()?;
        let tables = program.tables.iter();
        let tables: Vec<Buffer> = tables
            .map(|words| {
                let bytes = (words.len() as u64 * 4).max(16).next_multiple_of(16);
                let buffer = storage(gpu, bytes, wgpu::BufferUsages::COPY_DST)?;
                let words: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                gpu.queue().write_buffer(&buffer, 0, &words);
                Ok(buffer)
            })
            .collect::<Result<_, GpuError>>()?;
        let fault = storage(gpu, FAULT_BYTES, usage | wgpu::BufferUsages::COPY_DST)?;
        let places: Vec<Place> = plan.value_places().collect();
        let value = |id: usize| -> (&Buffer, u64, Option<u64>) {
            match places[id] {
                Place::Input(at) => (&inputs[at], 0, None),
                Place::Slot(at) => (&slots[at], 0, None),
                Place::Constant(at) => {
                    let (buffer, offset, bytes) = constants.places[at];
                    (&constants.buffers[buffer], offset, Some(bytes))
                }
            }
        };
        let region = |region: Region| -> wgpu::BufferBinding {
            let (buffer, offset, size) = match region {
                Region::Value(id) => value(id),
                Region::Table(at) => (&tables[at], 0, None),
                Region::Scratch(at) => (&scratch[at], 0, None),
                Region::Fault => (&fault, 0, None),
            };
            wgpu::BufferBinding {
                buffer,
                offset,
                size: size.and_then(wgpu::BufferSize::new),
            }
        };
        let mut copies = vec![Copied {
            from: fault.clone(),
            offset: 0,
            bytes: FAULT_BYTES,
        }];
        copies.extend(read_back(&plan).into_iter().map(|id| {
            let (buffer, offset, _) = value(id);
            Copied {
                from: buffer.clone(),
                offset,
                bytes: buffer_bytes(types[id]),
            }
        }));
        let submission = Submission::new(gpu, &program.dispatches, &region, copies);
        Ok(Self {
            plan,
            _bound: [&slots[..], &scratch, &tables, &constants.buffers].concat(),
            inputs,
            fault,
            submission,
        })
    }

    /// The bytes of the fault's word and of what [`read_back`] lists.
    async fn run(&self, gpu: &Gpu, inputs: &[&Tensor]) -> Result<Ran, GpuError> {
        if let Some(reason) = gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        let scopes = Scopes::open(gpu);
        for (input, buffer) in inputs.iter().zip(&self.inputs) {
            write(gpu, buffer, 0, input.values());
        }
        gpu.queue().write_buffer(&self.fault, 0, &[255; 4]);
        self.submission.run(gpu, scopes).await
    }

    /// The outputs from what was read back.
    fn outputs(&self, bytes: &[u8]) -> Result<Vec<Tensor>, GpuError> {
        let fault = bytes
            .first_chunk()
            .map_or(u32::MAX, |word| u32::from_le_bytes(*word));
        if let Some(step) = self.plan.steps().nth(fault as usize) {
            return Err(GpuError::Run(RunError::Node {
                node: step.name.to_owned(),
                operator: step.op.name(),
                detail: "a number that it was given lies outside of what it may be".to_owned(),
            }));
        }
        let types: Vec<_> = self.plan.value_types().collect();
        let mut found = Vec::new();
        let mut at = FAULT_BYTES as usize;
        for id in read_back(&self.plan) {
            let ty = types[id];
            let values = values_of(ty.dtype, &bytes[at..], ty.element_count().unwrap_or(0));
            found.push((id, Tensor::new(ty.shape.clone(), values)?));
            at += buffer_bytes(ty) as usize;
        }
        let tensor = |id: usize| {
            found
                .iter()
                .find(|(other, _)| *other == id)
                .map(|(_, tensor)| tensor)
        };
        let outputs = self.plan.output_values().map(|(id, cut)| {
            let missing = || RunError::MissingInput {
                name: String::new(),
            };
            let whole = tensor(id).ok_or_else(missing)?;
            match cut {
                None => Ok(whole.clone()),
                Some(cut) => {
                    let count = tensor(cut.count).and_then(Tensor::as_i32);
                    let count = count.and_then(|count| count.first().copied()).unwrap_or(0);
                    whole.cut(cut.axis, usize::try_from(count).unwrap_or(0))
                }
            }
        });
        Ok(outputs.collect::<Result<_, _>>()?)
    }
}

/// Values that are read after a run, each once: outputs, and what tells where they are cut.
fn read_back(plan: &Plan) -> Vec<usize> {
    let mut ids = Vec::new();
    for (id, cut) in plan.output_values() {
        for id in std::iter::once(id).chain(cut.map(|cut| cut.count)) {
            if let Err(place) = ids.binary_search(&id) {
                ids.insert(place, id);
            }
        }
    }
    ids
}
