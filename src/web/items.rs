//! A page's own embeddings, asked for the items closest to a query.

use crate::gpu::{GpuDevice, refused};
use js_sys::{Float32Array, Int8Array, Int32Array, Object, Reflect, Uint32Array};
use nearshelf_retrieval::{Index, Scored, Scratch, Wanted};
use nearshelf_web_session::thrown;
use nearshelf_webgpu::{ItemMatrix, MAX_K};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Embeddings in q8: `dim` values and a scale each item.
#[wasm_bindgen]
pub struct Items {
    index: Index,
    scratch: RefCell<Scratch>,
    gpu: Option<ItemMatrix>,
}

/// What is asked: a query, how many, and which items at all.
struct Question {
    query: Vec<f32>,
    count: usize,
    wanted: Option<Vec<u32>>,
}

#[wasm_bindgen]
impl Items {
    /// With a sketch, where it is wanted that answers are quicker and may lack a row. Throws `request-invalid` when there
    /// are not `dim` values for each scale.
    #[wasm_bindgen(constructor)]
    pub fn new(
        dim: u32,
        values: &Int8Array,
        scales: &Float32Array,
        sketched: bool,
    ) -> Result<Items, JsValue> {
        let (dim, values, scales) = (dim as usize, values.to_vec(), scales.to_vec());
        let index = Index::new(dim, values, scales, sketched);
        let index = index.map_err(|e| thrown("request-invalid", &e.to_string()))?;
        Ok(Items {
            index,
            scratch: RefCell::default(),
            gpu: None,
        })
    }

    /// `{query: Float32Array, count: Int32Array of one, wanted?: Uint32Array of a bit an item}` →
    /// `{items: Int32Array, scores: Float32Array}`, the largest inner products first.
    pub fn run(&self, question: &Object) -> Result<Object, JsValue> {
        let question = self.read(question)?;
        let (wanted, mut scratch) = (question.wanted(), self.scratch.borrow_mut());
        let found = self
            .index
            .closest(&question.query, question.count, wanted, &mut scratch);
        let found = found.map_err(|e| thrown("request-invalid", &e.to_string()))?;
        answer(found)
    }

    /// Puts the items on a device, beside the CPU. Throws `gpu-…` where that can't be.
    #[wasm_bindgen(js_name = putOnGpu)]
    pub fn put_on_gpu(&mut self, device: &GpuDevice) -> Result<(), JsValue> {
        let rows = self.index.rows();
        let matrix = ItemMatrix::upload(device.gpu(), rows.dim(), rows.values(), rows.scales());
        self.gpu = Some(matrix.map_err(|e| refused(&e))?);
        Ok(())
    }

    /// Takes the items off the device.
    #[wasm_bindgen(js_name = takeOffGpu)]
    pub fn take_off_gpu(&mut self) {
        self.gpu = None;
    }

    /// [`Self::run`] on the device. Throws `gpu-…` where the CPU has to do it.
    #[wasm_bindgen(js_name = runOnGpu)]
    pub async fn run_on_gpu(&self, question: Object) -> Result<Object, JsValue> {
        let Question {
            query,
            count,
            wanted,
        } = self.read(&question)?;
        // So many that selecting them is most of the work.
        if count > MAX_K {
            return self.run(&question);
        }
        let Some(gpu) = &self.gpu else {
            return Err(thrown("gpu-absent", "the items were not put on a GPU"));
        };
        let found = gpu.top_k(&query, count, wanted.as_deref()).await;
        let found = found.map_err(|e| refused(&e))?.into_iter();
        answer(
            found
                .map(|one| Scored {
                    item: one.item,
                    score: one.score,
                })
                .collect(),
        )
    }
}

impl Items {
    fn read(&self, question: &Object) -> Result<Question, JsValue> {
        let field = |name: &str| Reflect::get(question, &JsValue::from_str(name));
        let query = field("query")?
            .dyn_into::<Float32Array>()
            .map(|x| x.to_vec());
        let count = field("count")?
            .dyn_into::<Int32Array>()
            .map(|x| x.get_index(0));
        let wanted = field("wanted")?
            .dyn_into::<Uint32Array>()
            .map(|x| x.to_vec())
            .ok();
        let count = count.map(usize::try_from);
        let (Ok(query), Ok(Ok(count))) = (query, count) else {
            let message = "a question is {query: Float32Array, count: Int32Array of one not below 0, wanted?: Uint32Array}";
            return Err(thrown("request-invalid", message));
        };
        let question = Question {
            query,
            count,
            wanted,
        };
        let checked = self.index.rows().check(&question.query, question.wanted());
        checked.map_err(|e| thrown("request-invalid", &e.to_string()))?;
        Ok(question)
    }
}

impl Question {
    fn wanted(&self) -> Wanted<'_> {
        self.wanted.as_deref().map_or(Wanted::All, Wanted::Mask)
    }
}

fn answer(found: Vec<Scored>) -> Result<Object, JsValue> {
    let items: Vec<i32> = found.iter().map(|one| one.item.cast_signed()).collect();
    let scores: Vec<f32> = found.iter().map(|one| one.score).collect();
    let answer = Object::new();
    Reflect::set(
        &answer,
        &"items".into(),
        &Int32Array::from(items.as_slice()),
    )?;
    Reflect::set(
        &answer,
        &"scores".into(),
        &Float32Array::from(scores.as_slice()),
    )?;
    Ok(answer)
}
