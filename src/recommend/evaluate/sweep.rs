//! What the constants were chosen among: to ask validation baskets with other constants.

use super::ItemKnnOptions;
use crate::mine::{MineOptions, Pairs};
use crate::rank::Tuning;

/// Item-kNN's constants, one at a time, with a name each; first the defaults.
pub fn knn_variations(repeat_purchases: bool) -> Vec<(String, ItemKnnOptions)> {
    let mut found = Variations::new();
    found.vary("neighbours", &[5, 20, 50], |o: &mut ItemKnnOptions, v| {
        o.neighbours = v;
    });
    found.vary("shrinkage", &[5.0], |o, v| o.shrinkage = v);
    found.vary(
        "half-life, days",
        &[15.0, 30.0, 120.0, f64::INFINITY],
        |o, v| o.half_life_days = v,
    );
    for (_, options) in &mut found.0 {
        options.repeat_purchases = repeat_purchases;
    }
    found.0
}

/// Constants of ranking that baskets can tell about, one at a time, with a name each; first `shipped`, which are the
/// pack's.
pub fn tuning_variations(shipped: Tuning) -> Vec<(String, Tuning)> {
    let mut found = Variations::of(shipped);
    found.vary(
        "history half-life, days",
        &[30.0, 60.0, 240.0],
        |t: &mut Tuning, v| t.history_half_life_days = v,
    );
    found.vary("popularity", &[0.0, 0.2], |t, v| {
        t.for_you.popularity = v;
        t.for_you_again.popularity = v;
    });
    found.vary("trend", &[0.0, 0.1], |t, v| {
        t.for_you.trend = v;
        t.for_you_again.trend = v;
    });
    found.vary("again", &[0.0, 4.0, 8.0, 20.0], |t, v| {
        t.for_you_again.again = v;
    });
    found.vary("taste", &[0.0, 0.25, 1.0], |t, v| {
        t.for_you.taste = v;
        t.for_you_again.taste = v;
    });
    found.0
}

/// Constants of mining that baskets can tell about, one at a time, with a name each; first what
/// ships.
pub fn mine_variations() -> Vec<(String, MineOptions)> {
    let mut found = Variations::new();
    found.vary(
        "half-life, days",
        &[30.0, 120.0, f64::INFINITY],
        |o: &mut MineOptions, v| o.half_life_days = v,
    );
    found.vary("basket size power", &[0.0, 0.25, 1.0], |o, v| {
        o.basket_size_power = v;
    });
    found.vary("across visits", &[0.0, 0.5, 1.0], |o, v| {
        o.across_visits = v;
    });
    found.vary("between visits half-life, days", &[15.0, 240.0], |o, v| {
        o.between_visits_half_life_days = v;
    });
    found.vary("popularity power", &[0.3, 0.7], |o, v| {
        o.popularity_power = v;
    });
    found.vary("shrinkage", &[0.0, 10.0], |o, v| o.shrinkage = v);
    found.vary("neighbours", &[8, 32], |o, v| o.top_k = v);
    found.vary("linear, penalty", &[10.0, 30.0, 100.0, 300.0], |o, v| {
        o.pairs = Pairs::Linear { penalty: v };
    });
    found.vary("sessions a pair", &[1], |o, v| o.min_sessions = v);
    found.vary("sessions a pair, linear, penalty 100", &[1], |o, v| {
        o.min_sessions = v;
        o.pairs = Pairs::Linear { penalty: 100.0 };
    });
    found.0
}

struct Variations<T>(Vec<(String, T)>);

impl<T: Default + Clone> Variations<T> {
    fn new() -> Self {
        Self::of(T::default())
    }

    fn of(shipped: T) -> Self {
        Self(vec![("as shipped".to_owned(), shipped)])
    }

    fn vary<V: Copy + std::fmt::Display>(
        &mut self,
        name: &str,
        values: &[V],
        set: impl Fn(&mut T, V),
    ) {
        for &value in values {
            let mut varied = self.0[0].1.clone();
            set(&mut varied, value);
            self.0.push((format!("{name} {value}"), varied));
        }
    }
}
