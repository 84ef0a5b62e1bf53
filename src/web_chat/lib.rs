//! JavaScript bindings of the shop assistant: nearshelf_chat.wasm.
//!
//! Plain data in, plain data out. The encoder runs elsewhere, as any model does: what it has to read is [`Chat::readings`],
//! what it gave goes into [`Chat::reply`]. Errors are thrown as an `Error` named `NearshelfError` with a stable `code`.

use js_sys::{Array, Error, Float32Array, Int32Array, Reflect};
use nearshelf_chat::{
    catalogue::{Catalogue, ItemText},
    dialogue::{Assistant, State, Surroundings, readings},
    units::{MOST_SUBWORDS, unit_ids},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

/// An assistant: its parts are set one by one, as they arrive.
#[wasm_bindgen]
#[derive(Default)]
pub struct Chat {
    assistant: Assistant,
}

/// What a page passes beside a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Turn {
    #[serde(default)]
    state: State,
    locale: String,
    #[serde(default)]
    item: Option<u32>,
    #[serde(default)]
    intent: Option<String>,
}

#[wasm_bindgen]
impl Chat {
    /// An assistant with lists and rules alone.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a part: `head`, `words`, `tagger` or `answers`, as the JSON of its file says. Throws `chat-invalid`.
    pub fn set(&mut self, part: &str, value: JsValue) -> Result<(), JsValue> {
        let assistant = &mut self.assistant;
        match part {
            "head" => assistant.head = Some(read(value, part)?),
            "words" => assistant.words_head = Some(read(value, part)?),
            "tagger" => assistant.tagger = Some(read(value, part)?),
            "answers" => assistant.answers = read(value, part)?,
            // Of a later pack: the rest still answers.
            _ => {}
        }
        Ok(())
    }

    /// Takes the catalogue: `[{index, title, brand, category, attributes, price, currency, inStock}]`, an item once a locale.
    #[wasm_bindgen(js_name = setItems)]
    pub fn set_items(&mut self, items: JsValue) -> Result<(), JsValue> {
        let items: Vec<ItemText> = read(items, "items")?;
        self.assistant.catalogue = Catalogue::new(&items);
        Ok(())
    }

    /// Values of the embedding that the head reads; none without such a head.
    #[wasm_bindgen(getter)]
    pub fn dim(&self) -> Option<u32> {
        self.assistant.head.as_ref().map(|head| head.dim() as u32)
    }

    /// What the encoder has to read of a message: an `Int32Array` of rows of 20 for each, in order. An empty one has an
    /// embedding of zeros.
    pub fn readings(&self, message: &str) -> Array {
        readings(message)
            .iter()
            .map(|units| Int32Array::from(unit_ids(units).as_slice()))
            .collect()
    }

    /// Subwords of a row of a reading.
    #[wasm_bindgen(getter, js_name = rowLength)]
    pub fn row_length(&self) -> u32 {
        MOST_SUBWORDS as u32
    }

    /// Answers a message. `embeddings` are `Float32Array`s, one a reading, or none where the encoder isn't there;
    /// `turn` is `{state?, locale, item?, intent?}`. Throws `request-invalid`.
    pub fn reply(
        &self,
        message: &str,
        embeddings: Vec<Float32Array>,
        turn: JsValue,
    ) -> Result<JsValue, JsValue> {
        let Turn {
            state,
            locale,
            item,
            intent,
        } = serde_wasm_bindgen::from_value(turn)
            .map_err(|e| thrown("request-invalid", &e.to_string()))?;
        let embeddings: Vec<Vec<f32>> = embeddings.iter().map(Float32Array::to_vec).collect();
        let reply = self.assistant.reply(
            message,
            &embeddings,
            intent.as_deref(),
            &state,
            &Surroundings { locale, item },
        );
        let plain = serde_wasm_bindgen::Serializer::json_compatible();
        reply.serialize(&plain).map_err(JsValue::from)
    }
}

fn read<T: DeserializeOwned>(value: JsValue, part: &str) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|e| {
        thrown(
            "chat-invalid",
            &format!("the chat's {part} can't be used: {e}; pack the shop again"),
        )
    })
}

/// The error that a page catches.
fn thrown(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("NearshelfError");
    // Setting a fresh property of a fresh object can't fail; if it did, the message still tells.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
