//! What is asked and what is answered.

use nearshelf_catalogue::EventKind;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// Which list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// For this shopper, from what they did.
    #[default]
    ForYou,
    /// Goes with the anchors: like them, or looked at with them.
    Related,
    /// Bought in one basket with the anchors.
    BoughtTogether,
    /// Bought in one basket with the anchors, and of another sort.
    GoesWith,
    /// One of each of several sorts that go with the anchors and with each other.
    Outfit,
    /// Asked for more than before.
    Trending,
    /// Seen by this shopper, newest first.
    RecentlyViewed,
    /// Bought by this shopper, and due again.
    BuyAgain,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::ForYou,
        Self::Related,
        Self::BoughtTogether,
        Self::GoesWith,
        Self::Outfit,
        Self::Trending,
        Self::RecentlyViewed,
        Self::BuyAgain,
    ];

    /// The kind's name in requests and in HTML: `for-you` and so on.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForYou => "for-you",
            Self::Related => "related",
            Self::BoughtTogether => "bought-together",
            Self::GoesWith => "goes-with",
            Self::Outfit => "outfit",
            Self::Trending => "trending",
            Self::RecentlyViewed => "recently-viewed",
            Self::BuyAgain => "buy-again",
        }
    }

    /// Whether it completes what is asked about, or the cart, and has nothing but what goes with that.
    pub(crate) fn completes(self) -> bool {
        matches!(self, Self::BoughtTogether | Self::GoesWith | Self::Outfit)
    }

    /// Whether what it answers is of another sort than what is asked about.
    pub(crate) fn crosses(self) -> bool {
        matches!(self, Self::GoesWith | Self::Outfit)
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something the shopper did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryEvent {
    /// Index in the item table.
    pub item: u32,
    /// What was done.
    pub kind: EventKind,
    /// Unix time.
    pub time_millis: i64,
}

/// Which items may be recommended. The default lets all pass.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Filter {
    /// Only what can be had at once.
    pub in_stock_only: bool,
    /// Category paths in any locale; an item passes in or below any of them. Empty: all pass.
    pub categories: Vec<Vec<String>>,
    /// Brands of which an item must have one. Empty: all pass.
    pub brands: Vec<String>,
    /// Attributes, in any locale, of which an item must have one of the values each.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Lowest price, in minor units (the sale price counts where there is one). With either bound
    /// set, items without a price don't pass.
    pub price_min: Option<i64>,
    /// Highest price, in minor units.
    pub price_max: Option<i64>,
    /// ISO 4217 code of both bounds; prices in other currencies don't pass them. Without it bounds
    /// are compared with the price in whatever currency it has.
    pub currency: Option<String>,
}

/// A question. Item numbers that the pack doesn't have are skipped wherever they occur.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Which list.
    pub kind: Kind,
    /// The item that is looked at, or the items of the cart. They are never answered.
    pub anchors: Vec<u32>,
    /// What the shopper did, oldest first.
    pub history: Vec<HistoryEvent>,
    /// Most items to answer.
    pub limit: usize,
    /// Which items may be answered.
    pub filter: Filter,
    /// Items that come first, in this order, where the filter lets them pass.
    pub pins: Vec<u32>,
    /// Items never to answer, pinned or not.
    pub exclude: Vec<u32>,
    /// Items that the shopper turned down: never answered, and what is all but identical sinks.
    pub not_interested: Vec<u32>,
    /// Items that another list on the page shows.
    pub already_shown: Vec<u32>,
    /// Unix time of the question; ages count from here.
    pub now_millis: i64,
    /// 0: by score alone; 1: as varied as possible.
    pub diversity: f32,
    /// 0: demand as it is; 1: what everybody wants has no score left, and the rest comes forward.
    pub novelty: f32,
    /// What the shopper says to want, item by item: how well it fits, in `(0, 1]`, in catalogue
    /// order. [`crate::Intent`] makes it of words.
    pub wishes: Vec<(u32, f32)>,
    /// Whether `for-you` may answer items that were bought before, as a grocer or a wholesaler
    /// wants; otherwise recent purchases are left out.
    pub repeat_purchases: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            anchors: Vec::new(),
            history: Vec::new(),
            limit: 8,
            filter: Filter::default(),
            pins: Vec::new(),
            exclude: Vec::new(),
            not_interested: Vec::new(),
            already_shown: Vec::new(),
            now_millis: 0,
            diversity: 0.2,
            novelty: 0.0,
            wishes: Vec::new(),
            repeat_purchases: false,
        }
    }
}

/// One answered item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendation {
    /// Index in the item table.
    pub item: u32,
    /// Relevance before diversification; finite, 0 or more, comparable within one answer only.
    pub score: f32,
    /// Why, strongest first; at least one.
    pub reasons: Vec<Reason>,
    /// Which events of the history raised its score, most points first. Empty where the history had no part in it,
    /// and where it was not asked ([`crate::PackIndex::recommend`] doesn't ask).
    pub grounds: Vec<Ground>,
}

/// What was done with one item of the history, and what it did for a recommended one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ground {
    /// The item of the history.
    pub item: u32,
    /// The strongest thing that was done with it.
    pub was: Deed,
    /// All events of it, as places in the request's history, rising.
    pub events: Vec<u32>,
    /// What the recommended item's score would lack without these events; above zero.
    pub points: f32,
}

/// What somebody did with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Looked at it.
    Viewed,
    /// Put it in the cart, where it is still.
    InCart,
    /// Bought it.
    Bought,
}

/// One ground of a recommendation. The item it names took part in the computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Others looked at it, or bought it, together with what the shopper viewed.
    BecauseViewed {
        /// What was viewed.
        item: u32,
    },
    /// It goes with what the shopper bought (or is that item, where buying again is allowed).
    BecauseBought {
        /// What was bought.
        item: u32,
    },
    /// It goes with what lies in the cart.
    BecauseInCart {
        /// What lies in the cart.
        item: u32,
    },
    /// Others bought it together with an anchor.
    BoughtTogetherWith {
        /// The anchor.
        item: u32,
    },
    /// Its text is like, or its category is the same as, that of an item.
    SimilarTo {
        /// The anchor, or an item of the history.
        item: u32,
    },
    /// Asked for more than before.
    Trending,
    /// Among the most wanted of the shop.
    Popular,
    /// The shopper viewed it.
    RecentlyViewed,
    /// The model puts it close to what the shopper is after.
    MatchesYourTaste,
    /// Others bought it together with what is like an anchor, of which no pairs are known.
    GoesWith {
        /// The anchor.
        item: u32,
    },
    /// It is what the shopper said to want.
    AsAsked,
    /// Bought before, and about time to buy again.
    DueAgain,
    /// Pinned by the shop.
    Pinned,
    /// Nothing speaks for it but that the shop sells it: an item that fills up a list.
    Catalogue,
}

impl Reason {
    /// Its name, and the item that it speaks of.
    pub fn parts(self) -> (&'static str, Option<u32>) {
        match self {
            Self::BecauseViewed { item } => ("because-viewed", Some(item)),
            Self::BecauseBought { item } => ("because-bought", Some(item)),
            Self::BecauseInCart { item } => ("because-in-cart", Some(item)),
            Self::BoughtTogetherWith { item } => ("bought-together-with", Some(item)),
            Self::SimilarTo { item } => ("similar-to", Some(item)),
            Self::GoesWith { item } => ("goes-with", Some(item)),
            Self::Trending => ("trending", None),
            Self::Popular => ("popular", None),
            Self::RecentlyViewed => ("recently-viewed", None),
            Self::MatchesYourTaste => ("matches-your-taste", None),
            Self::AsAsked => ("as-asked", None),
            Self::DueAgain => ("due-again", None),
            Self::Pinned => ("pinned", None),
            Self::Catalogue => ("catalogue", None),
        }
    }
}

/// As `{code}` or `{code, item}`.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (code, item) = self.parts();
        let mut map = serializer.serialize_struct("Reason", 2)?;
        map.serialize_field("code", code)?;
        match item {
            Some(item) => map.serialize_field("item", &item)?,
            None => map.skip_field("item")?,
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_own_name_and_no_other() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_name("For-You"), None);
    }
}
