//! Dispatches with their bindings: one submission and one readback a run.

use crate::buffers::{Buffer, Params};
use crate::dispatch::{Dispatch, Region};
use crate::{Gpu, GpuError};
use futures_channel::oneshot;
use std::pin::Pin;

/// Dispatches that are run together, and what is read when they are done.
#[derive(Debug)]
pub(crate) struct Submission {
    calls: Vec<Call>,
    copies: Vec<Copied>,
    /// What bindings refer to lives as long as they are used: here the parameters.
    _params: Buffer,
    readback: Buffer,
    timer: Option<Timer>,
}

#[derive(Debug)]
struct Call {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
    grid: [u32; 2],
}

/// Bytes that are read back: whole words.
#[derive(Debug)]
pub(crate) struct Copied {
    pub from: Buffer,
    pub offset: u64,
    pub bytes: u64,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    /// All that is read back, piece after piece.
    pub bytes: Vec<u8>,
    /// How long the device computed, where it tells.
    pub gpu_nanos: Option<f64>,
}

/// Two points in the device's time: when the pass begins and when it ends.
#[derive(Debug)]
struct Timer {
    queries: wgpu::QuerySet,
    resolved: Buffer,
}

/// Bytes of the two points.
const TIMER_BYTES: u64 = 16;

impl Submission {
    /// Makes pipelines where there are none of the kind, and binds what `region` says.
    pub fn new<'a>(
        gpu: &Gpu,
        dispatches: &[Dispatch],
        region: &dyn Fn(Region) -> wgpu::BufferBinding<'a>,
        copies: Vec<Copied>,
    ) -> Self {
        let params = Params::upload(gpu, dispatches);
        let calls = dispatches.iter().zip(&params.offsets);
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
                // The program was refused where there is none.
                grid: dispatch
                    .grid(gpu.capabilities().max_workgroups)
                    .unwrap_or([0; 2]),
            }
        });
        let calls = calls.collect();
        let bytes: u64 = copies.iter().map(|copied| copied.bytes).sum();
        Self {
            calls,
            copies,
            _params: params.buffer,
            readback: Buffer::new(
                gpu,
                &wgpu::BufferDescriptor {
                    label: Some("readback"),
                    size: bytes + TIMER_BYTES,
                    usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                },
            ),
            timer: gpu.capabilities().has_timestamps.then(|| Timer::new(gpu)),
        }
    }

    /// Dispatches.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Runs all dispatches, in order, and reads back. `scopes` were opened before what they work on was written.
    ///
    /// # Errors
    /// [`GpuError::Lost`] and [`GpuError::Refused`].
    pub async fn run(&self, gpu: &Gpu, scopes: Scopes) -> Result<Ran, GpuError> {
        let mut encoder = gpu.device().create_command_encoder(&Default::default());
        {
            let timestamp_writes =
                self.timer
                    .as_ref()
                    .map(|timer| wgpu::ComputePassTimestampWrites {
                        query_set: &timer.queries,
                        beginning_of_pass_write_index: Some(0),
                        end_of_pass_write_index: Some(1),
                    });
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes,
            });
            for call in &self.calls {
                pass.set_pipeline(&call.pipeline);
                pass.set_bind_group(0, &call.bindings, &[]);
                pass.dispatch_workgroups(call.grid[0], call.grid[1], 1);
            }
        }
        let mut end = 0;
        for copied in &self.copies {
            let Copied {
                from,
                offset,
                bytes,
            } = copied;
            encoder.copy_buffer_to_buffer(from, *offset, &self.readback, end, *bytes);
            end += bytes;
        }
        if let Some(Timer { queries, resolved }) = &self.timer {
            encoder.resolve_query_set(queries, 0..2, resolved, 0);
            encoder.copy_buffer_to_buffer(resolved, 0, &self.readback, end, TIMER_BYTES);
        }
        gpu.queue().submit([encoder.finish()]);
        let closed = scopes.close();
        let (sender, mapped) = oneshot::channel();
        self.readback
            .map_async(wgpu::MapMode::Read, .., move |result| {
                // Nobody waits any more when the run was given up.
                sender.send(result).ok();
            });
        let mapping = Mapping(&self.readback);
        #[cfg(not(target_family = "wasm"))]
        gpu.device().poll(wgpu::PollType::wait_indefinitely()).ok();
        let mapped = mapped.await;
        let bytes = match mapped {
            Ok(Ok(())) => {
                let bytes = self.readback.get_mapped_range(..).map(|view| view.to_vec());
                bytes.ok()
            }
            _ => None,
        };
        drop(mapping);
        closed.verdict(gpu, "a run", end as usize).await?;
        let Some(mut bytes) = bytes else {
            let unread = || "its memory can't be read".to_owned();
            let reason = gpu.lost().unwrap_or_else(unread);
            return Err(GpuError::Lost { reason });
        };
        let times = bytes.split_off(end as usize);
        let gpu_nanos = self.timer.as_ref().and_then(|_| nanos(gpu, &times));
        Ok(Ran { bytes, gpu_nanos })
    }
}

impl Timer {
    fn new(gpu: &Gpu) -> Self {
        Self {
            queries: gpu.device().create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            }),
            resolved: Buffer::new(
                gpu,
                &wgpu::BufferDescriptor {
                    label: None,
                    size: TIMER_BYTES,
                    usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
                    mapped_at_creation: false,
                },
            ),
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.queries.destroy();
    }
}

/// A buffer that is mapped, or is going to be, until this is dropped: with a run that is given up, too.
struct Mapping<'a>(&'a wgpu::Buffer);

impl Drop for Mapping<'_> {
    fn drop(&mut self) {
        self.0.unmap();
    }
}

/// The time between the two points.
fn nanos(gpu: &Gpu, times: &[u8]) -> Option<f64> {
    let (points, _) = times.as_chunks();
    let &[begin, end] = points else {
        return None;
    };
    let ticks = u64::from_le_bytes(end).checked_sub(u64::from_le_bytes(begin))?;
    Some(ticks as f64 * f64::from(gpu.queue().get_timestamp_period()))
}

/// What goes wrong between opening and closing is told rather than thrown at the page.
pub(crate) struct Scopes {
    memory: wgpu::ErrorScopeGuard,
    validation: wgpu::ErrorScopeGuard,
}

impl Scopes {
    pub fn open(gpu: &Gpu) -> Self {
        Self {
            memory: gpu
                .device()
                .push_error_scope(wgpu::ErrorFilter::OutOfMemory),
            validation: gpu.device().push_error_scope(wgpu::ErrorFilter::Validation),
        }
    }

    /// Nothing more belongs to it.
    pub fn close(self) -> Closed {
        Closed {
            validation: Box::pin(self.validation.pop()),
            memory: Box::pin(self.memory.pop()),
        }
    }
}

/// Scopes that are closed, of which it isn't known yet what they caught: browsers tell later.
pub(crate) struct Closed {
    validation: Caught,
    memory: Caught,
}

type Caught = Pin<Box<dyn Future<Output = Option<wgpu::Error>>>>;

impl std::fmt::Debug for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Closed")
    }
}

impl Closed {
    /// Whether all went well. `what` was made or done, which takes about so many bytes.
    ///
    /// # Errors
    /// [`GpuError::Lost`], [`GpuError::OutOfMemory`] and [`GpuError::Refused`].
    pub async fn verdict(
        self,
        gpu: &Gpu,
        what: &'static str,
        bytes: usize,
    ) -> Result<(), GpuError> {
        let refused = self.validation.await;
        let no_memory = self.memory.await;
        if let Some(reason) = gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        if let Some(error) = no_memory {
            return Err(GpuError::OutOfMemory {
                what,
                bytes: bytes as u64,
                reason: error.to_string(),
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
