//! A device with its pipelines, which all sessions share.

use crate::dispatch::Dispatch;
use crate::program::Program;
use crate::shader::WORKGROUP;
use crate::submission::Scopes;
use crate::{Capabilities, GpuError};
use nearshelf_engine::Outline;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// A device. Sessions share its pipelines.
#[derive(Debug)]
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    capabilities: Capabilities,
    lost: Arc<Mutex<Option<String>>>,
    layouts: RefCell<HashMap<(usize, usize), Layouts>>,
    pipelines: RefCell<HashMap<Key, wgpu::ComputePipeline>>,
}

/// How the bindings of dispatches with so many reads and writes are laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layouts {
    pub bind_group: wgpu::BindGroupLayout,
    pipeline: wgpu::PipelineLayout,
}

/// What makes a pipeline another one.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    shader: &'static str,
    constants: Vec<(&'static str, u32)>,
}

impl Gpu {
    /// The device of the adapter that the browser or the system prefers.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] where there is none.
    pub async fn request() -> Result<Rc<Self>, GpuError> {
        Self::request_with(1).await
    }

    /// The same where the caller sees to it that the device has subgroups of at least `near` invocations: in browsers wgpu
    /// doesn't ask for them. 1 where there are none.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub async fn request_with(near: u32) -> Result<Rc<Self>, GpuError> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::BROWSER_WEBGPU | wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(descriptor);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let none = |reason: String| GpuError::NoAdapter { reason };
        let adapter = instance.request_adapter(&options).await;
        // In a browser wgpu speaks of systems that it wasn't built for.
        let adapter = adapter.map_err(|error| {
            none(if cfg!(target_family = "wasm") {
                "the browser offers no adapter".to_owned()
            } else {
                error.to_string()
            })
        })?;
        let (info, limits, features) = (adapter.get_info(), adapter.limits(), adapter.features());
        let timestamps = features & wgpu::Features::TIMESTAMP_QUERY;
        let subgroups = features & wgpu::Features::SUBGROUP;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("nearshelf"),
            required_features: timestamps | subgroups,
            // Weights may be larger than the default limits; nothing else of an adapter is asked for.
            required_limits: wgpu::Limits {
                max_buffer_size: limits.max_buffer_size,
                max_storage_buffer_binding_size: limits.max_storage_buffer_binding_size,
                ..wgpu::Limits::default()
            },
            ..Default::default()
        };
        let device = adapter.request_device(&descriptor).await;
        let (device, queue) = device.map_err(|error| none(error.to_string()))?;
        let lost = Arc::new(Mutex::new(None));
        let note = Arc::clone(&lost);
        device.set_device_lost_callback(move |_, reason| {
            *note.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        });
        // Errors outside of a scope come from a device that is going away: its loss is what is told. In browsers the handler
        // would panic at internal errors, and without one they are written to the console.
        #[cfg(not(target_family = "wasm"))]
        device.on_uncaptured_error(Arc::new(|_| ()));
        let dot = wgpu::WgslLanguageFeatures::Packed4x8IntegerDotProduct;
        let name = [info.name.as_str(), info.driver.as_str()];
        let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
        let capabilities = Capabilities {
            adapter: if name.is_empty() {
                "this adapter".to_owned()
            } else {
                name.join(", ")
            },
            is_software: info.device_type == wgpu::DeviceType::Cpu,
            max_buffer_bytes: limits.max_buffer_size,
            max_binding_bytes: limits.max_storage_buffer_binding_size,
            max_workgroups: device.limits().max_compute_workgroups_per_dimension,
            max_loop_rounds: info.name.contains("llvmpipe").then_some(65_535),
            // A CPU takes packed bytes apart again for each product.
            has_packed_dot: instance.wgsl_language_features().contains(dot)
                && info.device_type != wgpu::DeviceType::Cpu,
            near: if subgroups.is_empty() {
                near
            } else {
                info.subgroup_min_size
            }
            .clamp(1, WORKGROUP),
            has_timestamps: !timestamps.is_empty(),
        };
        Ok(Rc::new(Self {
            device,
            queue,
            capabilities,
            lost,
            layouts: RefCell::default(),
            pipelines: RefCell::default(),
        }))
    }

    /// What it can do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// To lower plans as for another adapter.
    #[cfg(test)]
    pub(crate) fn capabilities_mut(&mut self) -> &mut Capabilities {
        &mut self.capabilities
    }

    /// Why the device is gone, if it is.
    #[must_use]
    pub fn lost(&self) -> Option<String> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone()
    }

    /// Gives the device up, as a driver may at any time: runs under way fail with [`GpuError::Lost`].
    pub fn destroy(&self) {
        self.device.destroy();
    }

    pub(crate) fn device(&self) -> &wgpu::Device {
        &self.device
    }

    pub(crate) fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// Layouts for bindings of so many reads and writes behind the parameters.
    pub(crate) fn layouts(&self, reads: usize, writes: usize) -> Layouts {
        let mut all = self.layouts.borrow_mut();
        let make = || self.make_layouts(reads, writes);
        all.entry((reads, writes)).or_insert_with(make).clone()
    }

    fn make_layouts(&self, reads: usize, writes: usize) -> Layouts {
        let types = std::iter::once(wgpu::BufferBindingType::Uniform)
            .chain((0..reads).map(|_| wgpu::BufferBindingType::Storage { read_only: true }))
            .chain((0..writes).map(|_| wgpu::BufferBindingType::Storage { read_only: false }));
        let entries = types
            .zip(0..)
            .map(|(ty, binding)| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty,
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            });
        let entries: Vec<_> = entries.collect();
        let descriptor = wgpu::BindGroupLayoutDescriptor {
            label: None,
            entries: &entries,
        };
        let bind_group = self.device.create_bind_group_layout(&descriptor);
        let descriptor = wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bind_group)],
            immediate_size: 0,
        };
        let pipeline = self.device.create_pipeline_layout(&descriptor);
        Layouts {
            bind_group,
            pipeline,
        }
    }

    /// The pipeline of a dispatch, made where none of its kind was made before.
    pub(crate) fn pipeline(&self, dispatch: &Dispatch) -> wgpu::ComputePipeline {
        let key = Key {
            shader: dispatch.shader.name,
            constants: dispatch.constants.clone(),
        };
        let mut all = self.pipelines.borrow_mut();
        let make = || self.make_pipeline(dispatch);
        all.entry(key).or_insert_with(make).clone()
    }

    /// Asks for the pipelines of a plan whose constants are still on their way. What goes wrong is told when the plan is put
    /// on the device, or by its first run.
    pub fn prepare(&self, outline: &Outline) {
        let types: Vec<_> = outline.value_types().collect();
        let steps: Vec<_> = outline.steps().collect();
        let program = Program::new(&types, &steps, &self.capabilities);
        if let (Ok(program), None) = (program, self.lost()) {
            let scopes = Scopes::open(self);
            for dispatch in &program.dispatches {
                self.pipeline(dispatch);
            }
            drop(scopes.close());
        }
    }

    /// Pipelines made so far.
    #[cfg(test)]
    pub(crate) fn pipelines_made(&self) -> usize {
        self.pipelines.borrow().len()
    }

    fn make_pipeline(&self, dispatch: &Dispatch) -> wgpu::ComputePipeline {
        let text = dispatch.shader.text(&self.capabilities);
        let module = self
            .device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(dispatch.shader.name),
                source: wgpu::ShaderSource::Wgsl(text.into()),
            });
        let layouts = self.layouts(dispatch.reads.len(), dispatch.writes.len());
        let constants = dispatch.constants.iter();
        let constants: Vec<(&str, f64)> = constants
            .map(|&(name, value)| (name, f64::from(value)))
            .collect();
        let descriptor = wgpu::ComputePipelineDescriptor {
            label: Some(dispatch.shader.name),
            layout: Some(&layouts.pipeline),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &constants,
                ..Default::default()
            },
            cache: None,
        };
        self.device.create_compute_pipeline(&descriptor)
    }
}
