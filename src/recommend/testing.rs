//! Small shops for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use nearshelf_catalogue::{
    Embeddings, Item, ItemTable, ItemText, Money, Neighbour, NeighbourKind, Neighbours, Pack,
    Popularity,
};

use crate::mine::NeighbourLists;

/// A shop under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shop {
    pub items: Vec<Item>,
    pub viewed_together: NeighbourLists,
    pub bought_together: NeighbourLists,
    pub bought_after_viewing: NeighbourLists,
    pub popularity: Vec<f32>,
    pub trend: Vec<f32>,
    pub embeddings: Option<(usize, Vec<i8>)>,
}

/// In stock, 10.00 GBP, no texts, no group.
pub(crate) fn item(id: &str) -> Item {
    Item {
        id: id.into(),
        price: Some(pounds(1000)),
        texts: vec![text("en", "", "")],
        ..Item::default()
    }
}

pub(crate) fn pounds(minor_units: i64) -> Money {
    Money {
        minor_units,
        currency: *b"GBP",
    }
}

/// `category`: names separated by " > ".
pub(crate) fn text(locale: &str, title: &str, category: &str) -> ItemText {
    let names = category.split(" > ").filter(|name| !name.is_empty());
    ItemText {
        locale: locale.into(),
        title: title.into(),
        description: String::new(),
        category: names.map(str::to_owned).collect(),
        attributes: Vec::new(),
    }
}

pub(crate) fn in_category(id: &str, category: &str) -> Item {
    Item {
        texts: vec![text("en", "", category)],
        ..item(id)
    }
}

impl Shop {
    /// `count` plain items.
    pub fn of(count: usize) -> Self {
        Self::with((0..count).map(|n| item(&n.to_string())).collect())
    }

    pub fn with(items: Vec<Item>) -> Self {
        let count = items.len();
        Self {
            items,
            viewed_together: vec![Vec::new(); count],
            bought_together: vec![Vec::new(); count],
            bought_after_viewing: vec![Vec::new(); count],
            popularity: vec![0.0; count],
            trend: vec![0.0; count],
            embeddings: None,
        }
    }

    /// Adds a viewed-together neighbour.
    pub fn viewed(mut self, item: usize, neighbour: u32, weight: f32) -> Self {
        self.viewed_together[item].push(Neighbour {
            item: neighbour,
            weight,
        });
        self
    }

    /// Adds a bought-together neighbour.
    pub fn bought(mut self, item: usize, neighbour: u32, weight: f32) -> Self {
        self.bought_together[item].push(Neighbour {
            item: neighbour,
            weight,
        });
        self
    }

    pub fn popularity(mut self, popularity: &[f32]) -> Self {
        self.popularity = popularity.to_vec();
        self
    }

    pub fn trend(mut self, trend: &[f32]) -> Self {
        self.trend = trend.to_vec();
        self
    }

    /// Two values an item, scale 1/127.
    pub fn embeddings(mut self, rows: &[[i8; 2]]) -> Self {
        self.embeddings = Some((2, rows.concat()));
        self
    }

    pub fn pack(self) -> Pack {
        let count = self.items.len();
        let mut neighbours = Neighbours::default();
        neighbours.push(NeighbourKind::ViewedTogether, &self.viewed_together);
        neighbours.push(NeighbourKind::BoughtTogether, &self.bought_together);
        neighbours.push(
            NeighbourKind::BoughtAfterViewing,
            &self.bought_after_viewing,
        );
        Pack {
            items: ItemTable::new(self.items),
            neighbours,
            popularity: Popularity::new(&self.popularity, &self.trend),
            embeddings: self.embeddings.map(|(dim, values)| Embeddings {
                dim,
                values,
                scales: vec![1.0 / 127.0; count],
                items: Vec::new(),
            }),
            ..Pack::default()
        }
    }
}
