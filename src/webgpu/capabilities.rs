//! What of an adapter decides how a plan becomes dispatches.

/// What an adapter can do. The least is what WebGPU promises everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The adapter's name.
    pub adapter: String,
    /// A driver that computes on the CPU.
    pub is_software: bool,
    /// Largest buffer, in bytes.
    pub max_buffer_bytes: u64,
    /// Largest part of a buffer that a shader sees, in bytes.
    pub max_binding_bytes: u64,
    /// Most workgroups along one axis of a dispatch.
    pub max_workgroups: u32,
    /// Most rounds that all loops of an invocation may take together, where the driver leaves them after so many without
    /// a word: Mesa's llvmpipe does.
    pub max_loop_rounds: Option<u64>,
    /// WGSL has `dot4I8Packed`.
    pub has_packed_dot: bool,
    /// So many invocations of neighbouring numbers surely compute side by side, as a subgroup or a part of one: a power of
    /// two, no more than a workgroup has; 1 where there are no subgroups. WGSL doesn't promise that subgroups follow the
    /// numbers of a workgroup along one axis; drivers do.
    pub near: u32,
    /// Passes can be timed.
    pub has_timestamps: bool,
}

impl Default for Capabilities {
    /// The limits of the WebGPU specification.
    fn default() -> Self {
        Self {
            adapter: "an adapter with WebGPU's default limits".to_owned(),
            is_software: false,
            max_buffer_bytes: 256 << 20,
            max_binding_bytes: 128 << 20,
            max_workgroups: 65_535,
            max_loop_rounds: None,
            has_packed_dot: false,
            near: 1,
            has_timestamps: false,
        }
    }
}
