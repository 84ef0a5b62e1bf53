//! How the elements of a value lie in the value that it was made of by turning and reshaping.

use crate::Op;

/// A value's elements in order, as runs of places in another value.
pub(super) struct View {
    shape: Vec<usize>,
    /// Extents and the distances between their places, the outermost first; none is 1, and none goes on where the
    /// next ends.
    runs: Vec<(usize, usize)>,
}

impl View {
    /// A value as it lies in itself. None without elements.
    pub(super) fn of(shape: &[usize]) -> Option<Self> {
        let count = shape.iter().try_fold(1_usize, |n, &e| n.checked_mul(e))?;
        (count > 0).then(|| Self {
            shape: shape.to_vec(),
            runs: merged([(count, 1)]),
        })
    }

    /// Behind `Reshape` and `Transpose`; none behind others.
    pub(super) fn after<'a>(self, steps: impl Iterator<Item = &'a Op>) -> Option<Self> {
        steps.into_iter().try_fold(self, |view, op| match op {
            // The order stays, and with it the places.
            Op::Reshape { shape } => Some(Self {
                shape: shape.clone(),
                ..view
            }),
            Op::Transpose { perm } => view.turned(perm),
            _ => None,
        })
    }

    /// Whether the elements lie in these runs.
    pub(super) fn lies_as(&self, runs: &[(usize, usize)]) -> bool {
        self.runs == merged(runs.iter().copied())
    }

    /// None where an axis ends within a run that it doesn't divide.
    fn turned(self, perm: &[usize]) -> Option<Self> {
        let mut runs = self.runs.into_iter();
        let mut next = runs.next();
        let mut axes = Vec::with_capacity(self.shape.len());
        for &extent in &self.shape {
            let (mut left, mut axis) = (extent, Vec::new());
            while left > 1 {
                let (length, step) = next?;
                let taken = length.min(left);
                if length % taken != 0 || left % taken != 0 {
                    return None;
                }
                let rest = length / taken;
                axis.push((taken, step * rest));
                left /= taken;
                next = if rest > 1 {
                    Some((rest, step))
                } else {
                    runs.next()
                };
            }
            axes.push(axis);
        }
        let turned = perm.iter().map(|&axis| axes.get(axis).cloned());
        let turned: Vec<Vec<_>> = turned.collect::<Option<_>>()?;
        let shape = perm.iter().map(|&axis| self.shape.get(axis).copied());
        Some(Self {
            shape: shape.collect::<Option<_>>()?,
            runs: merged(turned.into_iter().flatten()),
        })
    }
}

/// Runs of one, and such as go on where the next ends, are no runs of their own.
fn merged(runs: impl IntoIterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (extent, step) in runs.into_iter().filter(|&(extent, _)| extent != 1) {
        match merged.last_mut() {
            Some((outer, outer_step)) if *outer_step == extent * step => {
                (*outer, *outer_step) = (*outer * extent, step);
            }
            _ => merged.push((extent, step)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(shape: &[usize], steps: &[Op]) -> Option<View> {
        View::of(shape)?.after(steps.iter())
    }

    fn reshape(shape: &[usize]) -> Op {
        Op::Reshape {
            shape: shape.to_vec(),
        }
    }

    fn transpose(perm: &[usize]) -> Op {
        Op::Transpose {
            perm: perm.to_vec(),
        }
    }

    #[test]
    fn heads_lie_where_they_were_split_off_in_whatever_order_the_steps_come() {
        let heads = [(2, 5 * 12), (3, 4), (5, 12), (4, 1)];
        let turned = [(2, 5 * 12), (3, 4), (4, 1), (5, 12)];
        let split = [reshape(&[2, 5, 3, 4]), transpose(&[0, 2, 1, 3])];
        assert!(after(&[2, 5, 12], &split).is_some_and(|view| view.lies_as(&heads)));
        assert!(!after(&[2, 5, 12], &split).is_some_and(|view| view.lies_as(&turned)));
        let folded = [
            reshape(&[2, 5, 3, 4]),
            transpose(&[0, 2, 1, 3]),
            reshape(&[6, 5, 4]),
            transpose(&[0, 2, 1]),
            reshape(&[2, 3, 4, 5]),
        ];
        assert!(after(&[2, 5, 12], &folded).is_some_and(|view| view.lies_as(&turned)));
        let at_once = [reshape(&[2, 5, 3, 4]), transpose(&[0, 2, 3, 1])];
        assert!(after(&[2, 5, 12], &at_once).is_some_and(|view| view.lies_as(&turned)));
    }

    #[test]
    fn axes_that_end_within_a_run_are_given_up() {
        let steps = [transpose(&[1, 0]), reshape(&[4, 3]), transpose(&[1, 0])];
        assert!(after(&[6, 2], &steps).is_some());
        let steps = [transpose(&[1, 0]), reshape(&[6, 4]), transpose(&[1, 0])];
        assert!(after(&[3, 8], &steps).is_none());
        assert!(after(&[3, 0], &[]).is_none());
        assert!(after(&[2, 3], &[transpose(&[0, 5])]).is_none());
    }
}
