//! The device that models are put on.

use nearshelf_web_session::thrown;
use nearshelf_webgpu::{Gpu, GpuError};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A device with its pipelines, which models share.
#[wasm_bindgen]
pub struct GpuDevice {
    gpu: Rc<Gpu>,
}

#[wasm_bindgen]
impl GpuDevice {
    /// The device of the adapter that the browser prefers, which the caller has given subgroups of at least `near`
    /// invocations, or none. Throws `gpu-absent` where there is none.
    pub async fn request(near: Option<u32>) -> Result<GpuDevice, JsValue> {
        let gpu = Gpu::request_with(near.unwrap_or(1)).await;
        let gpu = gpu.map_err(|e| refused(&e))?;
        Ok(GpuDevice { gpu })
    }

    /// Whether its driver computes on the CPU.
    #[wasm_bindgen(getter, js_name = isSoftware)]
    pub fn is_software(&self) -> bool {
        self.gpu.capabilities().is_software
    }

    /// Why the device is gone, if it is.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Option<String> {
        self.gpu.lost()
    }
}

impl GpuDevice {
    pub(crate) fn gpu(&self) -> &Rc<Gpu> {
        &self.gpu
    }
}

/// What is thrown when the CPU has to do it.
pub(crate) fn refused(error: &GpuError) -> JsValue {
    let code = match error {
        GpuError::NoAdapter { .. } => "gpu-absent",
        GpuError::Unsupported { .. } => "gpu-unsupported",
        GpuError::OutOfMemory { .. } => "gpu-out-of-memory",
        GpuError::Lost { .. } => "gpu-lost",
        GpuError::Refused { .. } | GpuError::Run(_) => "gpu-refused",
    };
    thrown(code, &error.to_string())
}
