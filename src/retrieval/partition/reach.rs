//! How many of the closest rows the lists closest to a query hold.

use crate::{QueryError, Rows, Wanted, scan};

/// What searches find that look at so many lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Lists looked at a query.
    pub probes: usize,
    /// Of the `k` closest rows of all, the part that lies in those lists; 1 where no row is wanted.
    pub recall: f64,
    /// What those lists weigh, on average.
    pub bytes: f64,
}

/// How lists are weighed.
pub struct Lists<'a> {
    /// A centre each.
    pub centres: Rows<'a>,
    /// The list of each row.
    pub list_of: &'a [u32],
    /// What each weighs.
    pub bytes: &'a [u64],
}

/// Asks every query exactly, and how many lists it would have taken to find the same rows: lists are scanned exactly, so that
/// a row is found if its list is looked at. Lists without a wanted row are passed over.
///
/// - `queries`: with the number of the row that each was made of, which it isn't asked to find
///
/// # Errors
/// [`QueryError`] when a query or the mask doesn't fit the rows.
pub fn reach(
    rows: &Rows,
    lists: &Lists,
    queries: &[(Vec<f32>, Option<u32>)],
    k: usize,
    probes: &[usize],
    mask: Option<&[u32]>,
) -> Result<Vec<Reach>, QueryError> {
    let mut reached: Vec<Reach> = probes
        .iter()
        .map(|&probes| Reach {
            probes,
            recall: 0.0,
            bytes: 0.0,
        })
        .collect();
    let count = lists.centres.count();
    let passes = |row: u32| {
        mask.is_none_or(|mask| {
            let word = mask.get(row as usize / 32);
            word.is_some_and(|word| word >> (row % 32) & 1 == 1)
        })
    };
    let mut wanted = vec![0_u32; Wanted::mask_words(count)];
    for (row, &list) in lists.list_of.iter().enumerate() {
        if (list as usize) < count && passes(row as u32) {
            wanted[list as usize / 32] |= 1 << (list % 32);
        }
    }
    let share = 1.0 / queries.len().max(1) as f64;
    for (query, own) in queries {
        let asked = |row: u32| Some(row) != *own && passes(row);
        let closest = scan(rows, query, k, Wanted::Where(&asked))?;
        let order = scan(&lists.centres, query, count, Wanted::Mask(&wanted))?;
        let mut rank = vec![usize::MAX; count + 1];
        for (place, list) in order.iter().enumerate() {
            rank[list.item as usize] = place;
        }
        for reach in &mut reached {
            let near = order.iter().take(reach.probes);
            let bytes: u64 = near.map(|list| lists.bytes[list.item as usize]).sum();
            reach.bytes += share * bytes as f64;
            let found = closest.iter().filter(|row| {
                rank[(lists.list_of[row.item as usize] as usize).min(count)] < reach.probes
            });
            let part = match closest.len() {
                0 => 1.0,
                all => found.count() as f64 / all as f64,
            };
            reach.recall += share * part;
        }
    }
    Ok(reached)
}
