//! A page's request as the recommender reads it: ids become indexes, unknown ids are dropped.

use nearshelf_catalogue::{EventKind, ItemTable};
use nearshelf_recommend::{Filter, HistoryEvent, Intent, Kind, Request};
use nearshelf_web_session::thrown;
use serde::{Deserialize, de::DeserializeOwned};
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
    filter: Option<PageFilter>,
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
    novelty: f32,
    #[serde(default)]
    intent: Option<PageIntent>,
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

/// What the shopper says to want; prices are those of items, by id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageIntent {
    words: String,
    locale: String,
    #[serde(default)]
    cheaper_than: Option<String>,
    #[serde(default)]
    dearer_than: Option<String>,
}

/// A search in the page's words.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSearch {
    pub query: String,
    pub locale: String,
    pub offset: f64,
    pub limit: f64,
    #[serde(default)]
    filter: Option<PageFilter>,
    pub now_millis: f64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageFilter {
    #[serde(default)]
    in_stock_only: bool,
    #[serde(default)]
    categories: Vec<Vec<String>>,
    #[serde(default)]
    brands: Vec<String>,
    #[serde(default)]
    attributes: Vec<(String, Vec<String>)>,
    #[serde(default)]
    price_min: Option<f64>,
    #[serde(default)]
    price_max: Option<f64>,
    #[serde(default)]
    currency: Option<String>,
}

/// Reads what a page passed.
///
/// # Errors
/// `request-invalid`, thrown as JavaScript catches it, naming what is wrong.
pub fn from_page<T: DeserializeOwned>(page: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(page).map_err(|e| {
        thrown(
            "request-invalid",
            &format!("the request is not understood: {e}"),
        )
    })
}

impl PageSearch {
    /// Which items may be found.
    pub fn filter(&mut self) -> Filter {
        let filter = self.filter.take();
        filter.map(PageFilter::into_filter).unwrap_or_default()
    }
}

/// A request, read.
pub struct Question {
    pub request: Request,
    /// What the shopper says to want, and the language that they say it in.
    pub intent: Option<(Intent, String)>,
    /// Of each event of the request's history, its place in the page's.
    pub places: Vec<u32>,
}

/// Reads a request that a page passed.
///
/// # Errors
/// `request-invalid`, thrown as JavaScript catches it, naming what is wrong.
pub fn read(page: JsValue, items: &ItemTable) -> Result<Question, JsValue> {
    let page: PageRequest = from_page(page)?;
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
        filter: page.filter.map(PageFilter::into_filter).unwrap_or_default(),
        pins: indexes(&page.pins),
        exclude: indexes(&page.exclude),
        not_interested: indexes(&page.not_interested),
        already_shown: indexes(&page.already_shown),
        now_millis: page.now_millis as i64,
        diversity: page.diversity.unwrap_or(defaults.diversity),
        novelty: page.novelty,
        wishes: Vec::new(),
        repeat_purchases: page.repeat_purchases,
    };
    let price = |id: Option<String>| {
        let item = items.get(items.index_of(&id?)?)?;
        Intent::price_of(item)
    };
    let intent = page.intent.map(|asked| {
        let intent = Intent {
            words: asked.words,
            cheaper_than: price(asked.cheaper_than),
            dearer_than: price(asked.dearer_than),
        };
        (intent, asked.locale)
    });
    Ok(Question {
        request,
        intent,
        places,
    })
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

impl PageFilter {
    fn into_filter(self) -> Filter {
        Filter {
            in_stock_only: self.in_stock_only,
            categories: self.categories,
            brands: self.brands,
            attributes: self.attributes,
            price_min: self.price_min.map(|units| units as i64),
            price_max: self.price_max.map(|units| units as i64),
            currency: self.currency,
        }
    }
}
