//! A page's request as the recommender reads it: ids become indexes, unknown ids are dropped.

use nearshelf_catalogue::{EventKind, ItemTable};
use nearshelf_recommend::{Filter, HistoryEvent, Kind, Request};
use nearshelf_web_session::{from_js, thrown};
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// Most items one request may ask for.
const MAX_LIMIT: usize = 1000;

/// A request in the page's words: camel case, items by id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageRequest {
    kind: String,
    #[serde(default)]
    anchors: Vec<String>,
    #[serde(default)]
    history: Vec<PageEvent>,
    limit: f64,
    #[serde(default)]
    filter: Filter,
    #[serde(default)]
    pins: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    not_interested: Vec<String>,
    #[serde(default)]
    already_shown: Vec<String>,
    now_millis: f64,
    #[serde(default)]
    diversity: Option<f32>,
    #[serde(default)]
    novelty: Option<f32>,
    #[serde(default)]
    wishes: Vec<(u32, f32)>,
    #[serde(default)]
    repeat_purchases: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageEvent {
    item_id: String,
    kind: String,
    time_millis: f64,
}

/// A request, read.
pub struct Question {
    pub request: Request,
    /// Of each event of the request's history, its place in the page's.
    pub places: Vec<u32>,
}

/// Reads a request that a page passed.
///
/// # Errors
/// `request-invalid`, thrown as JavaScript catches it, naming what is wrong.
pub fn read(page: JsValue, items: &ItemTable) -> Result<Question, JsValue> {
    let page: PageRequest = from_js(page)?;
    let kind = Kind::from_name(&page.kind).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        let message = format!("kind {:?} is none of {}", page.kind, known.join(", "));
        thrown("request-invalid", &message)
    })?;
    let indexes = |ids: &[String]| {
        ids.iter()
            .filter_map(|id| items.index_of(id))
            .collect::<Vec<u32>>()
    };
    let defaults = Request::default();
    let resolved = page.history.iter().zip(0..);
    let resolved = resolved.filter_map(|(event, place)| Some((event.resolve(items)?, place)));
    let (history, places) = resolved.unzip();
    let request = Request {
        kind,
        anchors: indexes(&page.anchors),
        history,
        limit: (page.limit as usize).min(MAX_LIMIT),
        filter: page.filter,
        pins: indexes(&page.pins),
        exclude: indexes(&page.exclude),
        not_interested: indexes(&page.not_interested),
        already_shown: indexes(&page.already_shown),
        now_millis: page.now_millis as i64,
        diversity: page.diversity.unwrap_or(defaults.diversity),
        novelty: page.novelty.unwrap_or(defaults.novelty),
        wishes: page.wishes,
        repeat_purchases: page.repeat_purchases,
    };
    Ok(Question { request, places })
}

impl PageEvent {
    /// `None` for an item that has left the catalogue, or an event of a newer widget.
    fn resolve(&self, items: &ItemTable) -> Option<HistoryEvent> {
        let kind = match self.kind.as_str() {
            "view" => EventKind::View,
            "add_to_cart" => EventKind::AddToCart,
            "purchase" => EventKind::Purchase,
            "remove" => EventKind::Remove,
            _ => return None,
        };
        Some(HistoryEvent {
            item: items.index_of(&self.item_id)?,
            kind,
            time_millis: self.time_millis as i64,
        })
    }
}
