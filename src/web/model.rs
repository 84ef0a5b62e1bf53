//! A compiled model for pages that bring their own: named typed arrays in, named typed arrays out.

use crate::gpu::{GpuDevice, refused};
use crate::pieces::pieces;
use js_sys::{Array, Object, Uint8Array};
use nearshelf_engine::{CpuSession, Plan, PlanError, PlanReader, Session};
use nearshelf_web_session::{Inputs, ports, run, run_error, thrown};
use nearshelf_webgpu::{Gpu, GpuError, GpuSession};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Reads a plan (`nearshelf compile`, or `compileOnnx` of the lazy module) as it arrives.
#[wasm_bindgen]
pub struct ModelReader {
    reader: PlanReader,
    /// What prepares for the plan when its graph is there.
    awaiting: Option<Rc<Gpu>>,
}

#[wasm_bindgen]
impl ModelReader {
    /// A reader that expects the plan's first byte.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // JavaScript knows no other.
    pub fn new() -> ModelReader {
        ModelReader {
            reader: PlanReader::new(),
            awaiting: None,
        }
    }

    /// Takes the next bytes of the plan.
    pub fn push(&mut self, bytes: &Uint8Array) -> Result<(), JsValue> {
        for piece in pieces(bytes) {
            self.reader.push(&piece).map_err(|e| invalid(&e))?;
        }
        self.prepare();
        Ok(())
    }

    /// Has a device compile the plan's shaders while its constants arrive.
    #[wasm_bindgen(js_name = prepareFor)]
    pub fn prepare_for(&mut self, device: &GpuDevice) {
        self.awaiting = Some(Rc::clone(device.gpu()));
        self.prepare();
    }

    fn prepare(&mut self) {
        if let (Some(gpu), Some(outline)) = (&self.awaiting, self.reader.outline()) {
            // A graph that makes no sense is told of by `finish`.
            if let Ok(outline) = outline {
                gpu.prepare(&outline);
            }
            self.awaiting = None;
        }
    }

    /// The model, when all bytes have been taken.
    pub fn finish(self) -> Result<Model, JsValue> {
        let checksum = self.reader.checksum().unwrap_or_default();
        let fingerprint = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
        let plan = self.reader.finish().map_err(|e| invalid(&e))?;
        let plan = Arc::new(plan);
        let session = CpuSession::new(Arc::clone(&plan)).map_err(|e| invalid(&e))?;
        Ok(Model {
            fingerprint,
            plan,
            session,
            gpu: None,
        })
    }
}

fn invalid(error: &PlanError) -> JsValue {
    thrown("model-invalid", &error.to_string())
}

/// A plan ready to run.
#[wasm_bindgen]
pub struct Model {
    fingerprint: String,
    plan: Arc<Plan>,
    session: CpuSession,
    gpu: Option<GpuSession>,
}

#[wasm_bindgen]
impl Model {
    /// `[{name, dtype, shape}]` of the inputs, in the model's order.
    #[wasm_bindgen(getter)]
    pub fn inputs(&self) -> Array {
        ports(self.session.inputs())
    }

    /// `[{name, dtype, shape}]` of the outputs, in the model's order.
    #[wasm_bindgen(getter)]
    pub fn outputs(&self) -> Array {
        ports(self.session.outputs())
    }

    /// What tells the model from others, in hexadecimal digits.
    #[wasm_bindgen(getter)]
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// Runs once. `inputs` maps each input's name to a typed array of its dtype, row-major;
    /// the answer maps each output's name likewise.
    pub fn run(&mut self, inputs: &Object) -> Result<Object, JsValue> {
        run(&mut self.session, inputs)
    }
    /// Puts the model on a device, beside the CPU. Throws `gpu-…` where that can't be; the model stays what it was.
    /// Shaders are compiled behind the page's back, and what goes wrong there is told by the first run.
    #[wasm_bindgen(js_name = putOnGpu)]
    pub fn put_on_gpu(&mut self, device: &GpuDevice) -> Result<(), JsValue> {
        let session = GpuSession::new(device.gpu(), Arc::clone(&self.plan));
        self.gpu = Some(session.map_err(|e| refused(&e))?);
        Ok(())
    }

    /// Takes the model off the device.
    #[wasm_bindgen(js_name = takeOffGpu)]
    pub fn take_off_gpu(&mut self) {
        self.gpu = None;
    }

    /// Dispatches of a run on the device; none where the model isn't on one.
    #[wasm_bindgen(getter)]
    pub fn dispatches(&self) -> Option<u32> {
        self.gpu.as_ref().map(|gpu| gpu.dispatches() as u32)
    }

    /// [`Self::run`] on the device. Throws `gpu-…` where the CPU has to do it.
    #[wasm_bindgen(js_name = runOnGpu)]
    pub async fn run_on_gpu(&mut self, inputs: Object) -> Result<Object, JsValue> {
        let inputs = Inputs::read(self.session.inputs(), &inputs)?;
        let Some(gpu) = &mut self.gpu else {
            return Err(thrown("gpu-absent", "the model was not put on a GPU"));
        };
        match gpu.run(&inputs.named()).await {
            Ok(outputs) => inputs.answer(self.session.outputs(), &outputs),
            Err(GpuError::Run(error)) => Err(run_error(&error)),
            Err(error) => Err(refused(&error)),
        }
    }
}
