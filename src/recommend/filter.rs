//! What may be shown: filters, exclusions, what is shown already, one variant a product.

use crate::ask::Ask;
use crate::facts::Facts;
use crate::history::Shopper;
use crate::request::Kind;

/// Decides which items may be shown, and remembers which were.
pub(crate) struct Admission<'a> {
    facts: Facts<'a>,
    allowed: Vec<bool>,
    /// By product number: whether a variant of it is shown, or is ruled out.
    products: Vec<bool>,
    one_variant: bool,
}

impl<'a> Admission<'a> {
    pub fn new(ask: &Ask<'a>, shopper: &Shopper) -> Self {
        let &Ask {
            facts,
            request,
            tuning,
            ..
        } = ask;
        let count = facts.item_count() as u32;
        let mut admission = Self {
            facts,
            allowed: (0..count)
                .map(|item| facts.passes(item, &request.filter))
                .collect(),
            products: vec![false; facts.index.product_count()],
            one_variant: tuning.one_variant,
        };
        for item in request
            .exclude
            .iter()
            .copied()
            .chain(ask.merchandise.excluded())
        {
            admission.rule_out(item);
        }
        // Their variants, too: another size of what is looked at, shown or turned down is no news.
        let whole_products = [
            &request.anchors,
            &request.not_interested,
            &request.already_shown,
        ];
        for &item in whole_products.into_iter().flatten() {
            admission.rule_out_product(item);
        }
        if request.kind != Kind::RecentlyViewed {
            for &item in &shopper.in_cart {
                admission.rule_out_product(item);
            }
        }
        if request.kind == Kind::ForYou {
            let visit = (f64::from(tuning.suppress_viewed_minutes) * 60_000.0) as i64;
            for &(item, time_millis) in &shopper.viewed {
                if request.now_millis.saturating_sub(time_millis) < visit {
                    admission.rule_out(item);
                }
            }
        }
        if request.kind == Kind::ForYou && !request.repeat_purchases {
            let longest = (f64::from(tuning.suppress_bought_days) * 86_400_000.0) as i64;
            for &(item, time_millis) in &shopper.bought {
                if request.now_millis.saturating_sub(time_millis) <= longest {
                    admission.rule_out_product(item);
                }
            }
        }
        admission
    }

    fn rule_out(&mut self, item: u32) {
        if let Some(allowed) = self.allowed.get_mut(item as usize) {
            *allowed = false;
        }
    }

    fn rule_out_product(&mut self, item: u32) {
        self.rule_out(item);
        if let Some(product) = self.facts.index.product(item)
            && self.one_variant
            && let Some(ruled_out) = self.products.get_mut(product as usize)
        {
            *ruled_out = true;
        }
    }

    /// Whether the item may be shown, going by itself and by what is shown so far.
    pub fn allows(&self, item: u32) -> bool {
        let allowed = self.allowed.get(item as usize).copied().unwrap_or(false);
        allowed && !self.product_ruled_out(item)
    }

    fn product_ruled_out(&self, item: u32) -> bool {
        let product = self.facts.index.product(item);
        let ruled_out = product.and_then(|product| self.products.get(product as usize));
        ruled_out.copied().unwrap_or(false)
    }

    /// Takes the item if it may be shown; neither it nor another variant may be shown after that.
    pub fn admit(&mut self, item: u32) -> bool {
        let allowed = self.allows(item);
        if allowed {
            self.rule_out_product(item);
        }
        allowed
    }
}
