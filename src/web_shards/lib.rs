//! JavaScript bindings of embeddings that come in shards: nearshelf_shards.wasm.
//!
//! A module of its own, which only packs with shards have a page load. It fetches nothing: it says which files a list needs,
//! checks those that come, and hands their rows on to the recommender's module.

use js_sys::{Float32Array, Int8Array, Object, Reflect, Uint32Array};
use nearshelf_catalogue::{Manifest, PackError, ShardIndex};
use nearshelf_recommend::shards::ShardCache;
use nearshelf_web_session::{from_js, thrown, to_js};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// Memory that rows may take: some quarter of a million of 64 values.
const LIMIT_BYTES: usize = 16 << 20;

/// The lists of a pack's embeddings, and the rows that have come.
#[wasm_bindgen]
pub struct Shards {
    cache: ShardCache,
}

/// What a list looks for, as the recommender's module tells it.
#[derive(Deserialize)]
struct Sought {
    queries: Vec<Vec<f32>>,
    wanted: Vec<u32>,
}

/// A file to fetch.
#[derive(Serialize)]
struct FileView<'a> {
    file: u32,
    path: &'a str,
}

#[wasm_bindgen]
impl Shards {
    /// Reads the chunk of lists that a manifest names.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8], lists: &[u8]) -> Result<Shards, JsValue> {
        let manifest = Manifest::from_json(manifest).map_err(|e| refused(&e))?;
        let index = ShardIndex::new(&manifest, lists).map_err(|e| refused(&e))?;
        Ok(Shards {
            cache: ShardCache::new(index, LIMIT_BYTES),
        })
    }

    /// Files of something else that the pack wants fetched with each.
    #[wasm_bindgen(getter)]
    pub fn decoys(&self) -> u32 {
        self.cache.index().sharding().decoys
    }

    /// The lists that items are in.
    #[wasm_bindgen(js_name = listsOf)]
    pub fn lists_of(&self, items: &[u32]) -> Vec<u32> {
        self.cache.lists_of(items)
    }

    /// The lists closest to `{queries, wanted}`.
    pub fn nearest(&self, sought: JsValue) -> Result<Vec<u32>, JsValue> {
        let sought: Sought = from_js(sought)?;
        Ok(self.cache.nearest(&sought.queries, Some(&sought.wanted)))
    }

    /// `[{file, path}]` of lists that have not come, and `decoys` others with each, shuffled by the seed's two words.
    pub fn missing(&self, lists: &[u32], decoys: u32, seed: &[u32]) -> Result<JsValue, JsValue> {
        let seed = seed
            .iter()
            .fold(0_u64, |seed, &word| seed << 32 | u64::from(word));
        let files = self.cache.missing(lists, decoys as usize, seed);
        let known = self.cache.index().files();
        let views = files.into_iter().filter_map(|file| {
            let path = &known.get(file as usize)?.path;
            Some(FileView { file, path })
        });
        to_js(&views.collect::<Vec<_>>())
    }

    /// Takes in a file.
    pub fn add(&mut self, file: u32, bytes: &[u8]) -> Result<(), JsValue> {
        self.cache.add(file, bytes).map_err(|e| refused(&e))
    }

    /// `{items, dim, values, scales}` of the lists' rows that have come, by item.
    pub fn rows(&mut self, lists: &[u32]) -> Result<Object, JsValue> {
        let rows = self.cache.rows(lists);
        let object = Object::new();
        let fields: [(&str, JsValue); 4] = [
            ("items", Uint32Array::from(rows.items.as_slice()).into()),
            ("dim", (rows.dim as u32).into()),
            ("values", Int8Array::from(rows.values.as_slice()).into()),
            ("scales", Float32Array::from(rows.scales.as_slice()).into()),
        ];
        for (name, value) in fields {
            Reflect::set(&object, &name.into(), &value)?;
        }
        Ok(object)
    }
}

fn refused(error: &PackError) -> JsValue {
    thrown(error.code(), &error.to_string())
}
