//! What a shopper says to want in the middle of a visit: "cheaper", "in blue".

use nearshelf_catalogue::{Item, Money, Pack};

use crate::request::Request;
use crate::search::SearchIndex;

/// A wish in words and prices. Prices are conditions, words are wishes: what fits them comes first, what fits some of
/// them next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intent {
    /// Words for what it should be: a colour, a brand, a category, anything that texts say.
    pub words: String,
    /// Cheaper than this.
    pub cheaper_than: Option<Money>,
    /// Dearer than this.
    pub dearer_than: Option<Money>,
}

impl Intent {
    /// What an item costs now: what "cheaper" is cheaper than.
    pub fn price_of(item: &Item) -> Option<Money> {
        item.sale_price.as_ref().or(item.price.as_ref()).copied()
    }

    /// Lets a request ask for it, in the words of `locale`.
    pub fn apply(&self, pack: &Pack, index: &SearchIndex, locale: &str, request: &mut Request) {
        let filter = &mut request.filter;
        if let Some(price) = self.cheaper_than {
            let most = price.minor_units.saturating_sub(1);
            filter.price_max = Some(filter.price_max.map_or(most, |max| max.min(most)));
            filter.currency = Some(price.currency_code().to_owned());
        }
        if let Some(price) = self.dearer_than {
            let least = price.minor_units.saturating_add(1);
            filter.price_min = Some(filter.price_min.map_or(least, |min| min.max(least)));
            filter.currency = Some(price.currency_code().to_owned());
        }
        request.wishes = index.wishes(pack, &self.words, locale);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::request::{Kind, Reason};
    use crate::testing::{Shop, item, pounds, text};

    fn dress(colour: &str, minor_units: i64) -> Item {
        let mut text = text("en", "Dress", "Women > Dresses");
        text.attributes = vec![("Colour".to_owned(), colour.to_owned())];
        Item {
            price: Some(pounds(minor_units)),
            texts: vec![text],
            ..item(&format!("{colour} {minor_units}"))
        }
    }

    fn ask(intent: &Intent) -> Vec<(u32, Reason)> {
        let items = vec![
            dress("red", 3000),
            dress("blue", 5000),
            dress("blue", 2000),
            dress("green", 1000),
        ];
        let pack = Shop::with(items).popularity(&[1.0, 0.5, 0.4, 0.9]).pack();
        let mut request = Request {
            kind: Kind::Trending,
            diversity: 0.0,
            ..Request::default()
        };
        intent.apply(&pack, &SearchIndex::new(&pack), "en", &mut request);
        let answer = crate::recommend(&pack, &request, None);
        answer
            .iter()
            .map(|shown| (shown.item, shown.reasons[0]))
            .collect()
    }

    #[test]
    fn what_was_asked_for_comes_first_and_the_rest_follows() {
        let blue = Intent {
            words: "in blue".to_owned(),
            ..Intent::default()
        };
        let answer = ask(&blue);
        let items: Vec<u32> = answer.iter().map(|shown| shown.0).collect();
        assert_eq!(items, [1, 2, 0, 3]);
        assert_eq!(answer[0].1, Reason::AsAsked);
        assert_ne!(answer[2].1, Reason::AsAsked);
    }

    #[test]
    fn cheaper_is_cheaper_and_dearer_dearer() {
        let than = |cheaper: Option<i64>, dearer: Option<i64>| Intent {
            cheaper_than: cheaper.map(pounds),
            dearer_than: dearer.map(pounds),
            ..Intent::default()
        };
        let items = |intent: &Intent| -> Vec<u32> { ask(intent).iter().map(|s| s.0).collect() };
        assert_eq!(items(&than(Some(3000), None)), [3, 2]);
        assert_eq!(items(&than(None, Some(3000))), [1]);
        assert!(items(&than(Some(i64::MIN), None)).is_empty());
    }
}
