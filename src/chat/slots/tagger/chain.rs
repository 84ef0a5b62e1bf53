//! How likely each tag is, by a chain's weights: the forward–backward algorithm (Rabiner 1989).

use super::{TAGS, may_follow};

/// How often each tag is expected at each token, and after each other.
pub(super) struct Expected {
    pub(super) tags: Vec<[f32; TAGS]>,
    /// `[TAGS + 1, TAGS]`, the last row from the begin.
    pub(super) links: Vec<f32>,
}

impl Expected {
    /// Of tokens with these scores; `transitions` are a tagger's.
    pub(super) fn new(scores: &[[f32; TAGS]], transitions: &[f32]) -> Self {
        let steps = steps(transitions);
        // Each token's factors are scaled to a sum of one, so that nothing vanishes and no logarithm is needed.
        let seen: Vec<[f32; TAGS]> = scores.iter().map(powers).collect();
        let forward = forward(&seen, &steps);
        let mut tags = vec![[0.0; TAGS]; scores.len()];
        let mut links = vec![0.0; (TAGS + 1) * TAGS];
        let mut later = [1.0_f32; TAGS];
        for at in (0..scores.len()).rev() {
            tags[at] = shares(product(&forward[at], &later));
            let ahead = product(&seen[at], &later);
            let Some(before) = at.checked_sub(1) else {
                links[TAGS * TAGS..].copy_from_slice(&tags[0]);
                break;
            };
            let mut earlier = [0.0; TAGS];
            for (from, earlier) in earlier.iter_mut().enumerate() {
                let row = &steps[from * TAGS..][..TAGS];
                *earlier = row
                    .iter()
                    .zip(&ahead)
                    .map(|(step, ahead)| step * ahead)
                    .sum();
            }
            let total: f32 = product(&forward[before], &earlier).iter().sum();
            for (from, links) in links.chunks_mut(TAGS).take(TAGS).enumerate() {
                let share = forward[before][from] / total.max(f32::MIN_POSITIVE);
                for ((link, step), ahead) in links.iter_mut().zip(&steps[from * TAGS..]).zip(&ahead)
                {
                    *link += share * step * ahead;
                }
            }
            later = shares(earlier);
        }
        Self { tags, links }
    }
}

/// Factors of the steps from tag to tag; none of what may not follow.
fn steps(transitions: &[f32]) -> Vec<f32> {
    let step = |(at, weight): (usize, &f32)| {
        let (before, tag) = (at / TAGS, at % TAGS);
        let allowed = may_follow((before < TAGS).then_some(before), tag);
        if allowed { weight.exp() } else { 0.0 }
    };
    transitions.iter().enumerate().map(step).collect()
}

/// Of each token, the shares of its tags by what comes before it.
fn forward(seen: &[[f32; TAGS]], steps: &[f32]) -> Vec<[f32; TAGS]> {
    let mut found: Vec<[f32; TAGS]> = Vec::with_capacity(seen.len());
    for seen in seen {
        let mut came = [0.0; TAGS];
        match found.last() {
            None => came.copy_from_slice(&steps[TAGS * TAGS..]),
            Some(before) => {
                for (share, row) in before.iter().zip(steps.chunks(TAGS)) {
                    for (came, step) in came.iter_mut().zip(row) {
                        *came += share * step;
                    }
                }
            }
        }
        found.push(shares(product(&came, seen)));
    }
    found
}

fn powers(scores: &[f32; TAGS]) -> [f32; TAGS] {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.map(|score| (score - most).exp())
}

fn product(one: &[f32; TAGS], other: &[f32; TAGS]) -> [f32; TAGS] {
    std::array::from_fn(|at| one[at] * other[at])
}

fn shares(values: [f32; TAGS]) -> [f32; TAGS] {
    let sum: f32 = values.iter().sum();
    values.map(|value| value / sum.max(f32::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_expects_nothing() {
        let expected = Expected::new(&[], &vec![0.0; (TAGS + 1) * TAGS]);
        assert!(expected.tags.is_empty());
        assert!(expected.links.iter().all(|link| *link == 0.0));
    }

    #[test]
    fn without_weights_every_way_that_may_be_is_as_likely() {
        let expected = Expected::new(&[[0.0; TAGS]; 2], &vec![0.0; (TAGS + 1) * TAGS]);
        let slots = (TAGS - 1) / 2;
        // At first outside or a begin; then those, and the inside of the slot that was begun.
        let ways = (slots + 1) * (slots + 1) + slots;
        let outside = (slots + 1) as f32 / ways as f32;
        assert!((expected.tags[0][0] - outside).abs() < 1e-6);
        assert_eq!(expected.tags[0][2], 0.0, "an inside without a begin");
        assert!((expected.tags[1][2] - 1.0 / ways as f32).abs() < 1e-6);
    }

    #[test]
    fn shares_of_tags_and_of_steps_agree() {
        let scores: Vec<[f32; TAGS]> = (0..7)
            .map(|token| std::array::from_fn(|tag| ((token * 31 + tag * 17) % 23) as f32 / 3.0))
            .collect();
        let transitions: Vec<f32> = (0..(TAGS + 1) * TAGS)
            .map(|at| (at % 13) as f32 / 5.0 - 1.0)
            .collect();
        let expected = Expected::new(&scores, &transitions);
        for tag in 0..TAGS {
            let stands: f32 = expected.tags.iter().map(|shares| shares[tag]).sum();
            let reached: f32 = (0..=TAGS)
                .map(|from| expected.links[from * TAGS + tag])
                .sum();
            assert!(
                (stands - reached).abs() < 1e-4,
                "tag {tag}: {stands} and {reached}"
            );
        }
    }

    #[test]
    fn large_weights_overflow_nothing() {
        let mut scores = [[-1e4_f32; TAGS]; 3];
        scores[1][3] = 1e4;
        let expected = Expected::new(&scores, &vec![40.0; (TAGS + 1) * TAGS]);
        assert!((expected.tags[1][3] - 1.0).abs() < 1e-6);
        assert!(expected.links.iter().all(|link| link.is_finite()));
    }
}
