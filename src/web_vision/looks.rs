//! Which items look alike and which go together.

use crate::given::read;
use crate::thrown::{coded, plain_or_undefined, thrown};
use js_sys::{Reflect, Uint8Array};
use nearshelf_vision::{Category, Companion, Likeness, Look, Match};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The looks of a shop's items.
#[wasm_bindgen]
pub struct Looks {
    looks: nearshelf_vision::Looks,
}

#[derive(Serialize)]
struct Found {
    item: u32,
    score: f32,
    colour: Option<&'static str>,
}

#[derive(Serialize)]
struct Paired {
    item: u32,
    score: f32,
    harmony: Option<nearshelf_vision::Harmony>,
}

#[wasm_bindgen]
impl Looks {
    /// Reads a pack's looks file. Throws `pack-invalid`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Self, JsValue> {
        let looks = nearshelf_vision::Looks::from_bytes(bytes).map_err(coded("pack-invalid"))?;
        Ok(Self { looks })
    }

    /// An item's kind, `other` where it is none that the model tells; undefined for an item without a look.
    pub fn kind(&self, item: u32) -> Option<String> {
        let kind = self.looks.get(item)?.kind;
        Some(kind.map_or("other", Category::name).to_owned())
    }

    /// Items that look like one, or like what `readGarment` saw, best first. Throws `request-invalid`.
    pub fn similar(
        &self,
        to: &JsValue,
        likeness: JsValue,
        count: usize,
        except: Vec<u32>,
    ) -> Result<JsValue, JsValue> {
        let likeness: Likeness = read(likeness, "request-invalid")?;
        let Some((look, except)) = self.asked(to, except)? else {
            return plain_or_undefined(&[(); 0]);
        };
        let found = self.looks.similar(&look, likeness, count, &except);
        let plain = |Match {
                         item,
                         score,
                         colour,
                         ..
                     }| Found {
            item,
            score,
            colour: colour.map(|colour| colour.name()),
        };
        plain_or_undefined(&found.into_iter().map(plain).collect::<Vec<_>>())
    }

    /// Items that go with one, best first; only what is worn on the body, where that is asked. Throws `request-invalid`.
    #[wasm_bindgen(js_name = goesWith)]
    pub fn goes_with(
        &self,
        to: &JsValue,
        count: usize,
        except: Vec<u32>,
        on_body: bool,
    ) -> Result<JsValue, JsValue> {
        let Some((look, except)) = self.asked(to, except)? else {
            return plain_or_undefined(&[(); 0]);
        };
        let found = self.looks.goes_with(&look, count, &except, on_body);
        let plain = |Companion {
                         item,
                         score,
                         harmony,
                         ..
                     }| Paired {
            item,
            score,
            harmony,
        };
        plain_or_undefined(&found.into_iter().map(plain).collect::<Vec<_>>())
    }

    /// Key of an item's colour where the items viewed, newest first, show that it is liked.
    pub fn liked(&self, viewed: Vec<u32>, item: u32) -> Option<String> {
        let look = self.looks.get(item)?;
        self.looks
            .taste(&viewed)
            .reason(&look)
            .map(|colour| colour.name().to_owned())
    }
}

impl Looks {
    /// The look that is asked for, and what may not be found; none for an item without a look.
    fn asked(
        &self,
        to: &JsValue,
        mut except: Vec<u32>,
    ) -> Result<Option<(Look, Vec<u32>)>, JsValue> {
        if let Some(item) = to.as_f64() {
            let item = item as u32;
            except.push(item);
            return Ok(self.looks.get(item).map(|look| (look, except)));
        }
        let row = Reflect::get(to, &"row".into())
            .ok()
            .and_then(|row| row.dyn_into::<Uint8Array>().ok());
        let wrong = || {
            thrown(
                "request-invalid",
                "this is no item's number and not what readGarment gave",
            )
        };
        let looks = nearshelf_vision::Looks::from_bytes(&row.ok_or_else(wrong)?.to_vec())
            .map_err(coded("request-invalid"))?;
        Ok(Some((looks.get(0).ok_or_else(wrong)?, except)))
    }
}
