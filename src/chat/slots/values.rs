//! What the words of a slot mean.

use super::{Proposal, SlotName, measures, prices};
use crate::normalise::{Token, in_simplified};
use nearshelf_text::fold;

pub(super) fn value(
    name: SlotName,
    surface: &str,
    tokens: &[Token],
    proposed: Option<&Proposal>,
) -> String {
    let listed = proposed.and_then(|proposal| proposal.value.clone());
    match name {
        SlotName::PriceMin | SlotName::PriceMax => prices::value(tokens)
            .or(listed)
            .unwrap_or_else(|| surface.to_owned()),
        SlotName::Quantity => measures::quantity_value(tokens).unwrap_or_else(|| "1".to_owned()),
        SlotName::Size => measures::size_value(tokens, surface),
        SlotName::ProductType => in_simplified(surface),
        SlotName::Colour | SlotName::Material | SlotName::Occasion | SlotName::Brand => {
            listed.unwrap_or_else(|| in_simplified(&fold(surface)))
        }
        SlotName::Comparison => listed.unwrap_or_else(|| "more_like_this".to_owned()),
        SlotName::OrderNumber | SlotName::Date => surface.to_owned(),
    }
}
