//! What the adapter itself can do, measured on a device of its own.

use std::time::Instant;

/// Rates that no run can be above.
pub struct Ceilings {
    /// Bytes read and written by copies within the device.
    pub copied_per_second: f64,
    /// Of f32, in a shader that does nothing else.
    pub multiply_adds_per_second: f64,
    /// One submission that copies 16 bytes, which are mapped.
    pub round_trip_ms: f64,
}

/// Bytes of a copy: beyond what caches hold.
const COPY: u64 = 256 << 20;
const COPIES: usize = 20;
const GROUPS: u32 = 8192;
const GROUP: u32 = 256;
const LOOPS: u32 = 2048;
/// Independent sums of an invocation, four lanes each.
const CHAINS: u32 = 8;
const TURNS: usize = 7;

const SHADER: &str = "
@group(0) @binding(0) var<storage, read_write> out: array<vec4f>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = vec4f(f32(id.x) * 1e-9 + 0.999);
    var sums: array<vec4f, 8>;
    for (var turn = 0u; turn < 2048u; turn++) {
        sums[0] = fma(sums[0], x, x); sums[1] = fma(sums[1], x, x);
        sums[2] = fma(sums[2], x, x); sums[3] = fma(sums[3], x, x);
        sums[4] = fma(sums[4], x, x); sums[5] = fma(sums[5], x, x);
        sums[6] = fma(sums[6], x, x); sums[7] = fma(sums[7], x, x);
    }
    out[id.x % 256u] = sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}";

impl Ceilings {
    pub fn measure() -> Self {
        let (device, queue) = pollster::block_on(device());
        let device = Device { device, queue };
        let idle = fastest(|| device.time(|_| ()));
        let seconds = |work: &dyn Fn(&mut wgpu::CommandEncoder)| {
            (fastest(|| device.time(work)) - idle).max(1e-9)
        };
        let from = device.buffer(COPY, wgpu::BufferUsages::COPY_SRC);
        let to = device.buffer(COPY, wgpu::BufferUsages::COPY_DST);
        let copying = seconds(&|encoder| {
            for _ in 0..COPIES {
                encoder.copy_buffer_to_buffer(&from, 0, &to, 0, COPY);
            }
        });
        let (pipeline, bindings) = device.adder();
        let adding = seconds(&|encoder| {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &bindings, &[]);
            pass.dispatch_workgroups(GROUPS, 1, 1);
        });
        let adds = [GROUPS, GROUP, LOOPS, CHAINS, 4].map(f64::from);
        Self {
            copied_per_second: 2.0 * COPY as f64 * COPIES as f64 / copying,
            multiply_adds_per_second: adds.iter().product::<f64>() / adding,
            round_trip_ms: idle * 1e3,
        }
    }
}

/// The shortest of a few, after one that warms up.
fn fastest(time: impl Fn() -> f64) -> f64 {
    time();
    (0..TURNS).map(|_| time()).fold(f64::INFINITY, f64::min)
}

struct Device {
    device: wgpu::Device,
    queue: wgpu::Queue,
}

async fn device() -> (wgpu::Device, wgpu::Queue) {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::PRIMARY;
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    let instance = wgpu::Instance::new(descriptor);
    let adapter = instance
        .request_adapter(&options)
        .await
        .expect("an adapter");
    let wanted = wgpu::DeviceDescriptor::default();
    adapter.request_device(&wanted).await.expect("a device")
}

impl Device {
    fn buffer(&self, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    fn adder(&self) -> (wgpu::ComputePipeline, wgpu::BindGroup) {
        let source = wgpu::ShaderSource::Wgsl(SHADER.into());
        let module = wgpu::ShaderModuleDescriptor {
            label: None,
            source,
        };
        let module = self.device.create_shader_module(module);
        let pipeline = wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: None,
            compilation_options: Default::default(),
            cache: None,
        };
        let pipeline = self.device.create_compute_pipeline(&pipeline);
        let out = self.buffer(u64::from(GROUP) * 16, wgpu::BufferUsages::STORAGE);
        let bindings = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: out.as_entire_binding(),
            }],
        });
        (pipeline, bindings)
    }

    /// Seconds until 16 bytes are read that were copied after `work`.
    fn time(&self, work: impl Fn(&mut wgpu::CommandEncoder)) -> f64 {
        use wgpu::BufferUsages as Usage;
        let from = self.buffer(16, Usage::COPY_SRC);
        let to = self.buffer(16, Usage::COPY_DST | Usage::MAP_READ);
        let begin = Instant::now();
        let mut encoder = self.device.create_command_encoder(&Default::default());
        work(&mut encoder);
        encoder.copy_buffer_to_buffer(&from, 0, &to, 0, 16);
        self.queue.submit([encoder.finish()]);
        to.map_async(wgpu::MapMode::Read, .., |result| result.expect("mapped"));
        self.device.poll(wgpu::PollType::wait_indefinitely()).ok();
        begin.elapsed().as_secs_f64()
    }
}
