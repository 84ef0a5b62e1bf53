//! One pack in wasm memory.

use crate::{
    item,
    pieces::pieces,
    request::{self, Question},
};
use js_sys::{Object, Reflect, Uint8Array};
use nearshelf_catalogue::{Embeddings, Pack, PackError, PackReader};
use nearshelf_engine::{CpuSession, PlanReader};
use nearshelf_recommend::{
    ForYou, Ground, HistoryEvent, PackIndex, Reason, Recommendation, Request, TextEncoder,
};
use nearshelf_web_session::{thrown, to_js};
use serde::Serialize;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Name of the model that turns a history into a query.
const FOR_YOU: &str = "for-you";
/// Name of the model that turns words into one.
const ITEM_TEXT: &str = "item-text";

/// A pack, the models that came with it, and what is asked of them.
#[wasm_bindgen]
pub struct Shelf {
    reader: PackReader,
    for_you: Option<CpuSession>,
    item_text: Option<CpuSession>,
    loaded_models: Vec<String>,
    index: Option<PackIndex>,
}

/// A file that the pack still wants.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WantedView<'a> {
    path: &'a str,
    kind: &'static str,
    stage: &'static str,
    size_bytes: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    items: Vec<AnswerItem<'a>>,
    refined_by: &'static str,
    /// Why the model was not asked or its answer not used; the list is the pack's own then.
    model_failure: Option<String>,
}

#[derive(Serialize)]
struct AnswerItem<'a> {
    index: u32,
    id: &'a str,
    score: f32,
    reasons: &'a [Reason],
    grounds: &'a [Ground],
}

#[wasm_bindgen]
impl Shelf {
    /// Reads `manifest.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8]) -> Result<Shelf, JsValue> {
        let reader = PackReader::new(manifest).map_err(refused)?;
        Ok(Shelf {
            reader,
            for_you: None,
            item_text: None,
            loaded_models: Vec::new(),
            index: None,
        })
    }

    /// `[{path, kind, stage, sizeBytes}]` of chunks and models that have not been added yet.
    pub fn wanted(&self) -> Result<JsValue, JsValue> {
        let chunks = self.reader.wanted().map(|chunk| WantedView {
            path: &chunk.path,
            kind: chunk.kind.as_str(),
            stage: chunk.stage.as_str(),
            size_bytes: chunk.size_bytes as f64,
        });
        let models = self.reader.manifest().models.iter();
        let missing = models.filter(|model| !self.loaded_models.contains(&model.name));
        let models = missing.map(|model| WantedView {
            path: &model.path,
            kind: "model",
            stage: "refine",
            size_bytes: model.size_bytes as f64,
        });
        to_js(&chunks.chain(models).collect::<Vec<_>>())
    }

    /// Takes in one chunk.
    #[wasm_bindgen(js_name = addChunk)]
    pub fn add_chunk(&mut self, path: &str, bytes: &[u8]) -> Result<(), JsValue> {
        self.reader.add(path, bytes).map_err(refused)
    }

    /// Takes in one compiled model. One that this widget has no use for is noted and left aside; one that
    /// does not fit the pack is refused, and recommendations go on without it.
    #[wasm_bindgen(js_name = loadModel)]
    pub fn load_model(&mut self, path: &str, bytes: &Uint8Array) -> Result<(), JsValue> {
        let name = self
            .reader
            .check_model(path, pieces(bytes))
            .map_err(refused)?
            .name
            .clone();
        if name == FOR_YOU || name == ITEM_TEXT {
            let invalid = |detail: String| thrown("model-invalid", &format!("{path}: {detail}"));
            let mut reader = PlanReader::new();
            for piece in pieces(bytes) {
                reader.push(&piece).map_err(|e| invalid(e.to_string()))?;
            }
            let plan = reader.finish().map_err(|e| invalid(e.to_string()))?;
            let mut session =
                CpuSession::new(Arc::new(plan)).map_err(|e| invalid(e.to_string()))?;
            if name == ITEM_TEXT {
                TextEncoder::embed(&mut session, "").map_err(|e| invalid(e.to_string()))?;
                self.item_text = Some(session);
            } else {
                // An empty history asks nothing of the model but its inputs, outputs and their extents.
                let pack = self.pack()?;
                ForYou::query(&mut session, pack, &[]).map_err(|e| invalid(e.to_string()))?;
                self.for_you = Some(session);
            }
        }
        self.loaded_models.push(name);
        Ok(())
    }

    /// Whether recommendations can be made.
    #[wasm_bindgen(getter)]
    pub fn ready(&self) -> bool {
        self.reader.ready()
    }

    /// Number of items.
    #[wasm_bindgen(getter, js_name = itemCount)]
    pub fn item_count(&self) -> u32 {
        self.reader.manifest().item_count
    }

    /// Names of the models that are loaded.
    #[wasm_bindgen(getter)]
    pub fn models(&self) -> Vec<String> {
        self.loaded_models.clone()
    }

    /// Index of the item with an id.
    #[wasm_bindgen(js_name = indexOf)]
    pub fn index_of(&self, id: &str) -> Option<u32> {
        self.reader.pack()?.items.index_of(id)
    }

    /// Items in one locale; unknown indexes are left out.
    pub fn items(&self, indexes: &[u32], locale: &str) -> Result<JsValue, JsValue> {
        let pack = self.pack()?;
        to_js(
            &indexes
                .iter()
                .filter_map(|&index| item::view(pack, index, locale))
                .collect::<Vec<_>>(),
        )
    }

    /// `{mime, bytes}` of the item's embedded picture.
    pub fn image(&self, index: u32) -> Result<Option<Object>, JsValue> {
        let Some(image) = self.pack()?.images.of(index) else {
            return Ok(None);
        };
        let object = Object::new();
        Reflect::set(&object, &"mime".into(), &image.kind.mime().into())?;
        Reflect::set(
            &object,
            &"bytes".into(),
            &Uint8Array::from(image.bytes.as_slice()),
        )?;
        Ok(Some(object))
    }

    /// `[{path, count, first}]` of all categories in the words of `locale`.
    pub fn categories(&self, locale: &str) -> Result<JsValue, JsValue> {
        to_js(&item::categories(self.pack()?, locale))
    }

    /// Items in or below a category.
    #[wasm_bindgen(js_name = itemsInCategory)]
    pub fn items_in_category(&self, path: Vec<String>, locale: &str) -> Result<Vec<u32>, JsValue> {
        Ok(item::in_category(self.pack()?, &path, locale))
    }

    /// Where words lie in the space of the items' texts; nothing where the pack has no encoder, or it fails.
    pub fn embed(&mut self, words: &str) -> Option<Vec<f32>> {
        let pack = self.reader.pack()?;
        let embedding = TextEncoder::embed(self.item_text.as_mut()?, words).ok()?;
        Some(pack.text_query(&embedding))
    }

    /// Answers a request: `{items: [{index, id, score, reasons, grounds}], refinedBy, modelFailure?}`. A model that
    /// fails leaves the pack's own recommendations. Grounds name events by their places in the page's history.
    pub fn recommend(&mut self, page: JsValue) -> Result<JsValue, JsValue> {
        let Some(pack) = self.reader.pack() else {
            return Err(not_ready());
        };
        let Question { request, places } = request::read(page, &pack.items)?;
        let (mut refined, mut failure) = (false, None);
        let for_you = &mut self.for_you;
        let mut query_of = |history: &[HistoryEvent]| {
            let query = for_you.as_mut().map(|s| ForYou::query(s, pack, history))?;
            match query {
                Ok(query) => {
                    refined |= query.is_some();
                    query
                }
                Err(error) => {
                    failure = Some(error.to_string());
                    None
                }
            }
        };
        let index = self.index.get_or_insert_with(|| PackIndex::new(pack));
        let mut found = index.recommend_and_explain(pack, &request, &mut query_of);
        let grounds = found.iter_mut().flat_map(|shown| &mut shown.grounds);
        for event in grounds.flat_map(|ground| &mut ground.events) {
            *event = places[*event as usize];
        }
        let refined_by = if refined { "model" } else { "pack" };
        to_js(&Answer {
            items: found.iter().filter_map(|r| answer_item(pack, r)).collect(),
            refined_by,
            model_failure: failure,
        })
    }

    /// What the score of an item is made of in the list that a request asks for: `{score, parts, factor, mayBeShown,
    /// rules}`, rules by their names. Nothing for an unknown item.
    pub fn explain(&mut self, page: JsValue, id: &str) -> Result<JsValue, JsValue> {
        let Some(pack) = self.reader.pack() else {
            return Err(not_ready());
        };
        let request = request::read(page, &pack.items)?.request;
        let Some(item) = pack.items.index_of(id) else {
            return Ok(JsValue::UNDEFINED);
        };
        let query = model_query(&mut self.for_you, pack, &request);
        let index = self.index.get_or_insert_with(|| PackIndex::new(pack));
        to_js(&index.explain(pack, &request, query.as_deref(), item))
    }

    /// What the list that a request asks for will look for among embeddings: `{queries, wanted}`, a bit an item in words.
    pub fn sought(&mut self, page: JsValue) -> Result<JsValue, JsValue> {
        let Some(pack) = self.reader.pack() else {
            return Err(not_ready());
        };
        let request = request::read(page, &pack.items)?.request;
        let query = model_query(&mut self.for_you, pack, &request);
        let index = self.index.get_or_insert_with(|| PackIndex::new(pack));
        to_js(&index.sought(pack, &request, query.as_deref()))
    }

    /// Puts rows of some items, which rise, in the place of embeddings.
    #[wasm_bindgen(js_name = setRows)]
    pub fn set_rows(&mut self, items: Vec<u32>, dim: usize, values: Vec<i8>, scales: Vec<f32>) {
        self.reader.set_rows(Embeddings {
            dim,
            values,
            scales,
            items,
        });
    }

    fn pack(&self) -> Result<&Pack, JsValue> {
        self.reader.pack().ok_or_else(not_ready)
    }
}

/// What the model makes of the history; nothing without it, or where it fails.
fn model_query(
    for_you: &mut Option<CpuSession>,
    pack: &Pack,
    request: &Request,
) -> Option<Vec<f32>> {
    ForYou::query(for_you.as_mut()?, pack, &request.history).unwrap_or_default()
}

fn answer_item<'a>(pack: &'a Pack, found: &'a Recommendation) -> Option<AnswerItem<'a>> {
    let id = &pack.items.get(found.item)?.id;
    Some(AnswerItem {
        index: found.item,
        id,
        score: found.score,
        reasons: &found.reasons,
        grounds: &found.grounds,
    })
}

fn refused(error: PackError) -> JsValue {
    thrown(error.code(), &error.to_string())
}

fn not_ready() -> JsValue {
    thrown(
        "pack-not-ready",
        "the pack's first chunks are not all there yet: await `ready`",
    )
}
