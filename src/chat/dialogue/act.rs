//! What is said and done for an intent.

use super::{Assistant, MOST_PRODUCTS, Meant, Part, State, Surroundings, value};
use crate::answers::{is_chinese, phrase};
use crate::slots::{Slot, SlotName};
use crate::wish::Wish;
use serde::Serialize;

/// What the page does besides saying something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Action {
    /// Nothing.
    None,
    /// Shows items.
    Products {
        /// Item numbers, best first.
        items: Vec<u32>,
        /// What was given up to find any.
        given_up: Vec<SlotName>,
    },
    /// Asks the recommender.
    Recommend {
        /// `for-you`, `related` or `bought-together`.
        list: &'static str,
        /// Item numbers that it is about.
        anchors: Vec<u32>,
        /// Whether only what costs less than the anchors is wanted.
        cheaper: bool,
    },
    /// Hands a question about an order to the shop.
    Order {
        /// The intent.
        topic: String,
        /// As the shopper wrote it.
        order_number: Option<String>,
    },
    /// Hands the shopper over to a person.
    Person,
}

impl Assistant {
    pub(super) fn answer(
        &self,
        meaning: &Meant,
        slots: &[Slot],
        state: &mut State,
        locale: &str,
        around: &Surroundings,
    ) -> Part {
        let intent = meaning.intent.as_str();
        let mut note = None;
        let action = match intent {
            "find_product" | "availability" | "gift_advice" | "price_question"
            | "product_details" | "material_question" | "size_help" | "care_instructions"
            | "compare_products" => {
                let asked = Wish::of(slots);
                // Of a product page, unless another product is named.
                let here = around.item.filter(|_| {
                    asked.value(SlotName::ProductType).is_none()
                        && !matches!(intent, "find_product" | "gift_advice")
                });
                match here {
                    Some(item) => Action::Products {
                        items: vec![item],
                        given_up: Vec::new(),
                    },
                    None if asked.is_empty() && intent == "gift_advice" => {
                        recommend("for-you", Vec::new())
                    }
                    None if asked.is_empty() => {
                        // Cards are announced that nothing can be found for.
                        let alone = matches!(
                            intent,
                            "material_question" | "size_help" | "care_instructions"
                        );
                        if !alone && !self.answers.says(intent) {
                            note = Some("which_product");
                        }
                        Action::None
                    }
                    None => self.find(asked, state, &mut note),
                }
            }
            "refine_search" => {
                let mut wish = state.wish.clone();
                wish.narrow(slots);
                if slots
                    .iter()
                    .any(|slot| slot.name == SlotName::Comparison && slot.value == "cheaper")
                {
                    wish.cheaper_than(self.reference(state, around));
                }
                if wish.is_empty() {
                    if !self.answers.says(intent) {
                        note = Some("which_product");
                    }
                    Action::None
                } else {
                    self.find(wish, state, &mut note)
                }
            }
            "cheaper_alternative" => self.cheaper(slots, state, around, &mut note),
            "similar_items" | "style_advice" => {
                let list = if intent == "style_advice" {
                    "bought-together"
                } else {
                    "related"
                };
                match around.item.or_else(|| state.shown.first().copied()) {
                    Some(item) => recommend(list, vec![item]),
                    None => match Wish::of(slots) {
                        wish if wish.is_empty() => {
                            note = Some("which_product");
                            Action::None
                        }
                        wish => self.find(wish, state, &mut note),
                    },
                }
            }
            "recommend" => match Wish::of(slots) {
                wish if wish.is_empty() => recommend("for-you", Vec::new()),
                wish => self.find(wish, state, &mut note),
            },
            "talk_to_person" => Action::Person,
            "order_status" | "cancel_order" | "change_order" | "change_address"
            | "delivery_problem" | "return_item" | "exchange_item" | "refund_status"
            | "invoice" | "payment_problem" | "warranty" => Action::Order {
                topic: intent.to_owned(),
                order_number: value(slots, SlotName::OrderNumber).map(str::to_owned),
            },
            _ if self
                .answers
                .answers
                .get(intent)
                .is_some_and(|answer| answer.person) =>
            {
                Action::Person
            }
            _ => Action::None,
        };
        let names = |slot: &Slot| (slot.name.as_str(), slot.value.clone());
        let filled: Vec<(&str, String)> = slots
            .iter()
            .filter(|slot| !slot.negated)
            .map(names)
            .collect();
        let filled: Vec<(&str, &str)> = filled
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let said = self.answers.say(intent, locale, &filled);
        Part {
            intent: intent.to_owned(),
            text: note.map_or(said.text, |note| {
                phrase(note, is_chinese(locale)).to_owned()
            }),
            links: said.links,
            action,
        }
    }

    fn find(&self, wish: Wish, state: &mut State, note: &mut Option<&'static str>) -> Action {
        let wish = Wish {
            audience: state.wish.audience,
            ..wish
        };
        let found = self.catalogue.find(&wish, MOST_PRODUCTS);
        state.wish = wish;
        if found.items.is_empty() {
            *note = Some("nothing_found");
            return Action::None;
        }
        if !found.given_up.is_empty() {
            *note = Some("given_up");
        }
        state.shown.clone_from(&found.items);
        Action::Products {
            items: found.items,
            given_up: found.given_up,
        }
    }

    fn cheaper(
        &self,
        slots: &[Slot],
        state: &mut State,
        around: &Surroundings,
        note: &mut Option<&'static str>,
    ) -> Action {
        let named = Wish::of(slots);
        let mut wish = if named.value(SlotName::ProductType).is_some() {
            named
        } else {
            state.wish.clone()
        };
        if wish.is_empty() {
            return match around.item.or_else(|| self.dearest(state)) {
                Some(item) => Action::Recommend {
                    list: "related",
                    anchors: vec![item],
                    cheaper: true,
                },
                None => {
                    *note = Some("which_product");
                    Action::None
                }
            };
        }
        wish.narrow(slots);
        wish.cheaper_than(self.reference(state, around));
        let action = self.find(wish, state, note);
        if *note == Some("nothing_found") {
            *note = Some("nothing_cheaper");
        }
        action
    }

    /// The dearest item shown.
    fn dearest(&self, state: &State) -> Option<u32> {
        let priced = state.shown.iter().filter_map(|&item| {
            let price = self.catalogue.price(item)?;
            Some((item, price))
        });
        let dearest = priced.max_by(|(_, a), (_, b)| a.total_cmp(b));
        dearest.map(|(item, _)| item)
    }

    /// What is "cheaper" than: the open item, else the dearest shown.
    fn reference(&self, state: &State, around: &Surroundings) -> Option<f64> {
        let shown = state
            .shown
            .iter()
            .filter_map(|item| self.catalogue.price(*item));
        around
            .item
            .and_then(|item| self.catalogue.price(item))
            .or_else(|| shown.max_by(f64::total_cmp))
    }
}

fn recommend(list: &'static str, anchors: Vec<u32>) -> Action {
    Action::Recommend {
        list,
        anchors,
        cheaper: false,
    }
}
