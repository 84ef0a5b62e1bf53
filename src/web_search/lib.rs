//! JavaScript bindings of the search: nearshelf_search.wasm.
//!
//! A module of its own, so that pages paint their first lists before it is there. It reads the chunks of the pack that
//! the recommender's module has read, and knows nothing of the shopper.

use nearshelf_catalogue::{ItemTable, Pack, PackReader};
use nearshelf_recommend::{Filter, Intent, Request, SearchIndex, SearchRequest};
use nearshelf_web_session::{from_js, thrown, to_js};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// Most items that a wish is told for: lists hold fewer.
const MOST_WISHES: usize = 2000;

/// Most items that a search answers at once, whatever a page asks.
const MAX_LIMIT: usize = 1000;

/// A pack's texts, indexed.
#[wasm_bindgen]
pub struct Search {
    reader: PackReader,
    index: Option<SearchIndex>,
}

/// A search in the page's words.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageSearch {
    query: String,
    locale: String,
    offset: f64,
    limit: f64,
    #[serde(default)]
    filter: Filter,
    now_millis: f64,
    #[serde(default)]
    meaning: Option<Vec<f32>>,
}

/// What the shopper says to want, in the page's words; prices are those of items, by id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageIntent {
    words: String,
    locale: String,
    #[serde(default)]
    cheaper_than: Option<String>,
    #[serde(default)]
    dearer_than: Option<String>,
    #[serde(default)]
    filter: Filter,
}

/// What a request must ask for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    filter: Filter,
    wishes: Vec<(u32, f32)>,
}

#[wasm_bindgen]
impl Search {
    /// Reads `manifest.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8]) -> Result<Search, JsValue> {
        let reader = PackReader::new(manifest).map_err(|e| thrown(e.code(), &e.to_string()))?;
        Ok(Search {
            reader,
            index: None,
        })
    }

    /// Takes in one chunk.
    #[wasm_bindgen(js_name = addChunk)]
    pub fn add_chunk(&mut self, path: &str, bytes: &[u8]) -> Result<(), JsValue> {
        let added = self.reader.add(path, bytes);
        added.map_err(|e| thrown(e.code(), &e.to_string()))
    }

    /// What is found for words that the shopper typed: `{items, total, facets}`, items as indexes, best first.
    pub fn search(&mut self, page: JsValue) -> Result<JsValue, JsValue> {
        let page: PageSearch = from_js(page)?;
        let (pack, index) = self.indexed()?;
        let request = SearchRequest {
            query: &page.query,
            locale: &page.locale,
            offset: page.offset as usize,
            limit: (page.limit as usize).min(MAX_LIMIT),
            filter: page.filter,
            now_millis: page.now_millis as i64,
            meaning: page.meaning.as_deref(),
        };
        to_js(&index.search(pack, &request))
    }

    /// What a request must ask for to give the shopper what they say to want: `{filter, wishes}`.
    pub fn intend(&mut self, page: JsValue) -> Result<JsValue, JsValue> {
        let page: PageIntent = from_js(page)?;
        let (pack, index) = self.indexed()?;
        let price = |id: &Option<String>| price_of(&pack.items, id.as_deref()?);
        let intent = Intent {
            cheaper_than: price(&page.cheaper_than),
            dearer_than: price(&page.dearer_than),
            words: page.words,
        };
        let mut request = Request {
            filter: page.filter,
            ..Request::default()
        };
        intent.apply(pack, index, &page.locale, &mut request);
        keep_best(&mut request.wishes, MOST_WISHES);
        to_js(&Wanted {
            filter: request.filter,
            wishes: request.wishes,
        })
    }

    /// The pack and its index, which is made when it is first asked for.
    fn indexed(&mut self) -> Result<(&Pack, &SearchIndex), JsValue> {
        let pack = self.reader.pack().ok_or_else(|| {
            let message = "the pack's first chunks are not all there yet: await `ready`";
            thrown("pack-not-ready", message)
        })?;
        let index = self.index.get_or_insert_with(|| SearchIndex::new(pack));
        Ok((pack, index))
    }
}

/// Keeps the items that fit the words best, in catalogue order; of those that fit alike the first.
fn keep_best(wishes: &mut Vec<(u32, f32)>, most: usize) {
    wishes.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    wishes.truncate(most);
    wishes.sort_unstable_by_key(|&(item, _)| item);
}

fn price_of(items: &ItemTable, id: &str) -> Option<nearshelf_catalogue::Money> {
    Intent::price_of(items.get(items.index_of(id)?)?)
}

#[cfg(test)]
mod tests {
    use super::keep_best;

    #[test]
    fn of_too_many_wishes_those_that_fit_best_are_kept_in_catalogue_order() {
        let wishes = [(1, 0.5), (3, 1.0), (4, 0.5), (9, 1.0), (12, 0.25)];
        let kept = |most| {
            let mut wishes = wishes.to_vec();
            keep_best(&mut wishes, most);
            wishes
        };
        assert_eq!(kept(3), [(1, 0.5), (3, 1.0), (9, 1.0)]);
        assert_eq!(kept(9), wishes);
        assert!(kept(0).is_empty());
    }
}
