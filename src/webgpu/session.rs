//! A plan on a device: buffers and bindings made once, run after run.

use crate::dispatch::{Dispatch, Region};
use crate::program::{Program, buffer_bytes};
use crate::{Gpu, GpuError};
use futures_channel::oneshot;
use nearshelf_engine::{DType, Place, Plan, Port, RunError, Tensor, Values};
use std::rc::Rc;
use std::sync::Arc;

/// Constants begin at multiples of this within their buffer: what every adapter takes for a binding.
const ALIGNMENT: u64 = 256;

/// A plan with its buffers on a device. Inputs of other extents than those of the run before bind the plan anew.
#[derive(Debug)]
pub struct GpuSession {
    gpu: Rc<Gpu>,
    /// As it was given: what the ports show.
    given: Arc<Plan>,
    constants: Rc<Constants>,
    bound: Bound,
}

/// The plan's constants on the device, whatever it is bound to.
#[derive(Debug)]
struct Constants {
    buffers: Vec<wgpu::Buffer>,
    /// Buffer, offset and length of each.
    places: Vec<(usize, u64, u64)>,
}

/// What depends on the extents of open dimensions.
#[derive(Debug)]
struct Bound {
    plan: Arc<Plan>,
    calls: Vec<Call>,
    inputs: Vec<wgpu::Buffer>,
    fault: wgpu::Buffer,
    readback: Readback,
}

#[derive(Debug)]
struct Call {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
    grid: [u32; 2],
}

/// The buffer that results are copied to, and from where. The fault's word comes first.
#[derive(Debug)]
struct Readback {
    buffer: wgpu::Buffer,
    /// Source with its offset, offset in the buffer, bytes.
    copies: Vec<(wgpu::Buffer, u64, u64, u64)>,
}

impl GpuSession {
    /// Uploads the plan's constants and makes pipelines and buffers.
    ///
    /// # Errors
    /// [`GpuError`] when the adapter can't execute the plan, has no memory for it, or is lost.
    pub async fn new(gpu: &Rc<Gpu>, plan: Arc<Plan>) -> Result<Self, GpuError> {
        let scopes = Scopes::open(gpu);
        let made = Constants::upload(gpu, &plan);
        let made = made.and_then(|constants| {
            let bound = Bound::new(gpu, Arc::clone(&plan), &constants)?;
            Ok((constants, bound))
        });
        let bytes = plan.weight_bytes() + plan.arena_bytes();
        scopes.close("the model's buffers", bytes).await?;
        let (constants, bound) = made?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            given: plan,
            constants: Rc::new(constants),
            bound,
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
        self.bound.calls.len()
    }

    /// Runs the model once, as [`Session::run`](nearshelf_engine::Session::run) does.
    ///
    /// # Errors
    /// [`GpuError::Run`] as on the CPU; any other [`GpuError`] says why the CPU has to do it.
    pub async fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, GpuError> {
        let inputs = self.bound.plan.in_order(inputs)?;
        if let Some(plan) = self.bound.plan.suiting(&inputs)? {
            let scopes = Scopes::open(&self.gpu);
            let bytes = plan.arena_bytes();
            let bound = Bound::new(&self.gpu, plan, &self.constants);
            scopes.close("the model's buffers", bytes).await?;
            self.bound = bound?;
        }
        let bytes = self.bound.run(&self.gpu, &inputs).await?;
        self.bound.outputs(&bytes)
    }
}

/// What goes wrong between opening and closing is told rather than thrown at the page.
struct Scopes<'a> {
    gpu: &'a Gpu,
    memory: wgpu::ErrorScopeGuard,
    validation: wgpu::ErrorScopeGuard,
}

impl<'a> Scopes<'a> {
    fn open(gpu: &'a Gpu) -> Self {
        Self {
            gpu,
            memory: gpu
                .device()
                .push_error_scope(wgpu::ErrorFilter::OutOfMemory),
            validation: gpu.device().push_error_scope(wgpu::ErrorFilter::Validation),
        }
    }

    /// `what` was made or done, which takes about so many bytes.
    async fn close(self, what: &'static str, bytes: usize) -> Result<(), GpuError> {
        let refused = self.validation.pop().await;
        let no_memory = self.memory.pop().await;
        if let Some(reason) = self.gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        if let Some(error) = no_memory {
            let reason = error.to_string();
            return Err(GpuError::OutOfMemory {
                what,
                bytes: bytes as u64,
                reason,
            });
        }
        match refused {
            Some(error) => Err(GpuError::Refused {
                what: what.to_owned(),
                reason: error.to_string(),
            }),
            None => Ok(()),
        }
    }
}

fn storage(gpu: &Gpu, bytes: u64, more: wgpu::BufferUsages) -> Result<wgpu::Buffer, GpuError> {
    let limit = gpu.capabilities().max_buffer_bytes;
    if bytes > limit {
        return Err(GpuError::OutOfMemory {
            what: "a buffer",
            bytes,
            reason: format!("buffers have at most {limit} bytes"),
        });
    }
    Ok(gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: bytes,
        usage: wgpu::BufferUsages::STORAGE | more,
        mapped_at_creation: false,
    }))
}

impl Constants {
    fn upload(gpu: &Gpu, plan: &Plan) -> Result<Self, GpuError> {
        let limit = gpu.capabilities().max_buffer_bytes;
        let mut sizes: Vec<u64> = Vec::new();
        let mut places = Vec::new();
        for constant in plan.constants() {
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
        let buffers: Vec<wgpu::Buffer> = sizes
            .map(|bytes| storage(gpu, bytes, usage))
            .collect::<Result<_, _>>()?;
        for (constant, &(buffer, offset, _)) in plan.constants().zip(&places) {
            write(gpu, &buffers[buffer], offset, constant.values());
        }
        Ok(Self { buffers, places })
    }
}

/// Writes values, filled up to whole words.
fn write(gpu: &Gpu, buffer: &wgpu::Buffer, offset: u64, values: &Values) {
    let bytes = bytes_of(values);
    let whole = bytes.len() / 4 * 4;
    gpu.queue().write_buffer(buffer, offset, &bytes[..whole]);
    if let rest @ [_, ..] = &bytes[whole..] {
        let mut word = [0; 4];
        word[..rest.len()].copy_from_slice(rest);
        gpu.queue()
            .write_buffer(buffer, offset + whole as u64, &word);
    }
}

/// The values' memory.
fn bytes_of(values: &Values) -> &[u8] {
    // SAFETY: every bit pattern of these types is a valid sequence of bytes, and the length is that of the slice.
    unsafe fn view<T>(values: &[T]) -> &[u8] {
        unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
    }
    match values {
        Values::F32(values) => unsafe { view(values) },
        Values::I32(values) => unsafe { view(values) },
        Values::I8(values) => unsafe { view(values) },
        Values::U8(values) => values,
    }
}

impl Bound {
    fn new(gpu: &Gpu, plan: Arc<Plan>, constants: &Constants) -> Result<Self, GpuError> {
        let program = Program::new(&plan, gpu.capabilities())?;
        let usage = wgpu::BufferUsages::COPY_SRC;
        let slots = plan.slots().iter();
        let slots: Vec<wgpu::Buffer> = slots
            .map(|slot| storage(gpu, slot.bytes().max(1).next_multiple_of(16), usage))
            .collect::<Result<_, _>>()?;
        let inputs = plan.inputs().iter();
        let inputs: Vec<wgpu::Buffer> = inputs
            .map(|port| {
                storage(
                    gpu,
                    buffer_bytes(&port.ty),
                    usage | wgpu::BufferUsages::COPY_DST,
                )
            })
            .collect::<Result<_, _>>()?;
        let scratch = program.scratch.iter();
        let scratch: Vec<wgpu::Buffer> = scratch
            .map(|&bytes| storage(gpu, bytes, wgpu::BufferUsages::empty()))
            .collect::<Result<_, _>>()?;
        let tables = program.tables.iter();
        let tables: Vec<wgpu::Buffer> = tables
            .map(|words| {
                let bytes = (words.len() as u64 * 4).max(16).next_multiple_of(16);
                let buffer = storage(gpu, bytes, wgpu::BufferUsages::COPY_DST)?;
                let words: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                gpu.queue().write_buffer(&buffer, 0, &words);
                Ok(buffer)
            })
            .collect::<Result<_, GpuError>>()?;
        let fault = storage(gpu, 16, usage | wgpu::BufferUsages::COPY_DST)?;
        let places: Vec<Place> = plan.value_places().collect();
        let value = |id: usize| -> (&wgpu::Buffer, u64, Option<u64>) {
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
        let params = Params::upload(gpu, &program.dispatches)?;
        let calls = program.dispatches.iter().zip(&params.offsets);
        let calls = calls.map(|(dispatch, &(offset, bytes))| {
            let uniform = wgpu::BufferBinding {
                buffer: &params.buffer,
                offset,
                size: wgpu::BufferSize::new(bytes),
            };
            let all = dispatch.reads.iter().chain(&dispatch.writes);
            let all = std::iter::once(uniform).chain(all.map(|&at| region(at)));
            let entries: Vec<wgpu::BindGroupEntry> = all
                .zip(0..)
                .map(|(buffer, binding)| wgpu::BindGroupEntry {
                    binding,
                    resource: wgpu::BindingResource::Buffer(buffer),
                })
                .collect();
            let layouts = gpu.layouts(dispatch.reads.len(), dispatch.writes.len());
            Call {
                pipeline: gpu.pipeline(dispatch),
                bindings: gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
                    label: None,
                    layout: &layouts.bind_group,
                    entries: &entries,
                }),
                grid: dispatch
                    .grid(gpu.capabilities().max_workgroups)
                    .unwrap_or([0; 2]),
            }
        });
        let calls = calls.collect();
        let types: Vec<_> = plan.value_types().collect();
        let mut copies = vec![(fault.clone(), 0, 0, 4)];
        let mut end = 16;
        for id in read_back(&plan) {
            let (buffer, offset, _) = value(id);
            let bytes = buffer_bytes(types[id]);
            copies.push((buffer.clone(), offset, end, bytes));
            end += bytes;
        }
        let readback = Readback {
            buffer: gpu.device().create_buffer(&wgpu::BufferDescriptor {
                label: Some("readback"),
                size: end,
                usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
            copies,
        };
        Ok(Self {
            plan,
            calls,
            inputs,
            fault,
            readback,
        })
    }

    /// One submission and one readback: the bytes of the fault's word and of what [`read_back`] lists.
    async fn run(&self, gpu: &Gpu, inputs: &[&Tensor]) -> Result<Vec<u8>, GpuError> {
        if let Some(reason) = gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        let scopes = Scopes::open(gpu);
        for (input, buffer) in inputs.iter().zip(&self.inputs) {
            write(gpu, buffer, 0, input.values());
        }
        gpu.queue().write_buffer(&self.fault, 0, &[255; 4]);
        let mut encoder = gpu.device().create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            for call in &self.calls {
                pass.set_pipeline(&call.pipeline);
                pass.set_bind_group(0, &call.bindings, &[]);
                pass.dispatch_workgroups(call.grid[0], call.grid[1], 1);
            }
        }
        let buffer = &self.readback.buffer;
        for (source, offset, at, bytes) in &self.readback.copies {
            encoder.copy_buffer_to_buffer(source, *offset, buffer, *at, *bytes);
        }
        gpu.queue().submit([encoder.finish()]);
        let (sender, mapped) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., |result| {
            // Nobody waits any more when the run was given up.
            sender.send(result).ok();
        });
        #[cfg(not(target_family = "wasm"))]
        gpu.device().poll(wgpu::PollType::wait_indefinitely()).ok();
        let mapped = mapped.await;
        scopes.close("a run", self.plan.arena_bytes()).await?;
        let lost = || GpuError::Lost {
            reason: gpu
                .lost()
                .unwrap_or_else(|| "its memory can't be read".to_owned()),
        };
        if !matches!(mapped, Ok(Ok(()))) {
            return Err(lost());
        }
        let bytes = buffer.get_mapped_range(..).map_err(|_| lost())?.to_vec();
        buffer.unmap();
        Ok(bytes)
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
        for (&(_, _, at, _), id) in self.readback.copies[1..].iter().zip(read_back(&self.plan)) {
            let ty = types[id];
            let values = values_of(
                ty.dtype,
                &bytes[at as usize..],
                ty.element_count().unwrap_or(0),
            );
            found.push((id, Tensor::new(ty.shape.clone(), values)?));
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
        ids.push(id);
        ids.extend(cut.map(|cut| cut.count));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn values_of(dtype: DType, bytes: &[u8], len: usize) -> Values {
    let (words, _) = bytes.as_chunks::<4>();
    match dtype {
        DType::F32 => Values::F32(
            words
                .iter()
                .take(len)
                .map(|word| f32::from_le_bytes(*word))
                .collect(),
        ),
        DType::I32 => Values::I32(
            words
                .iter()
                .take(len)
                .map(|word| i32::from_le_bytes(*word))
                .collect(),
        ),
        DType::I8 => Values::I8(
            bytes
                .iter()
                .take(len)
                .map(|byte| byte.cast_signed())
                .collect(),
        ),
        DType::U8 => Values::U8(bytes.iter().take(len).copied().collect()),
    }
}

/// The parameters of all dispatches in one buffer.
struct Params {
    buffer: wgpu::Buffer,
    /// Offset and length of each.
    offsets: Vec<(u64, u64)>,
}

impl Params {
    fn upload(gpu: &Gpu, dispatches: &[Dispatch]) -> Result<Self, GpuError> {
        let mut bytes: Vec<u8> = Vec::new();
        let mut offsets = Vec::new();
        for dispatch in dispatches {
            let offset = bytes.len() as u64;
            bytes.extend(dispatch.params.iter().flat_map(|word| word.to_le_bytes()));
            // A uniform's length is a multiple of 16.
            bytes.resize(bytes.len().next_multiple_of(16), 0);
            offsets.push((offset, bytes.len() as u64 - offset));
            bytes.resize(bytes.len().next_multiple_of(ALIGNMENT as usize), 0);
        }
        let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (bytes.len() as u64).max(ALIGNMENT),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        gpu.queue().write_buffer(&buffer, 0, &bytes);
        Ok(Self { buffer, offsets })
    }
}
