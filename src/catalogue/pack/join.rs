//! Tables out of the chunks that hold runs of them.

use super::{
    Embeddings, PackError, Popularity,
    writer::{EmbeddingColumns, PopularityColumns},
};

/// Tables with the first item of each, in the order of items.
pub(super) type Runs<T> = Vec<(u32, T)>;

/// Puts a table where its first item belongs.
pub(super) fn insert<T>(runs: &mut Runs<T>, first: u32, table: T) {
    let at = runs.partition_point(|(other, _)| *other <= first);
    runs.insert(at, (first, table));
}

pub(super) fn inconsistent(detail: &str) -> PackError {
    PackError::Inconsistent {
        detail: detail.to_owned(),
    }
}

/// Whether numbers can be scales of rows.
pub(super) fn are_scales(scales: &[f32]) -> bool {
    scales
        .iter()
        .all(|scale| scale.is_finite() && *scale >= 0.0)
}

pub(super) fn join_popularity(
    chunks: Runs<PopularityColumns>,
    count: u32,
) -> Result<Popularity, PackError> {
    let (mut scores, mut trends) = (Vec::new(), Vec::new());
    for (first, mut chunk) in chunks {
        if first as usize != scores.len() || chunk.scores.len() != chunk.trends.len() {
            return Err(inconsistent(
                "popularity chunks overlap, leave a gap or differ in length",
            ));
        }
        scores.append(&mut chunk.scores);
        trends.append(&mut chunk.trends);
    }
    if !scores.is_empty() && scores.len() != count as usize {
        return Err(inconsistent("popularity and items differ in number"));
    }
    Ok(Popularity::from_columns(scores, trends))
}

pub(super) fn join_embeddings(
    chunks: Runs<EmbeddingColumns>,
    count: u32,
) -> Result<Embeddings, PackError> {
    let mut joined = Embeddings::default();
    for (first, mut chunk) in chunks {
        let dim = chunk.dim as usize;
        if joined.scales.is_empty() {
            joined.dim = dim;
        }
        let fits = first as usize == joined.scales.len()
            && dim == joined.dim
            && chunk.scales.len().checked_mul(dim) == Some(chunk.values.len());
        if !fits {
            return Err(inconsistent(
                "embedding chunks overlap, leave a gap or differ in shape",
            ));
        }
        if !are_scales(&chunk.scales) {
            return Err(inconsistent(
                "an embedding's scale is not a finite number of 0 or more",
            ));
        }
        joined.scales.append(&mut chunk.scales);
        joined.values.append(&mut chunk.values);
    }
    if joined.scales.len() != count as usize {
        return Err(inconsistent("embeddings and items differ in number"));
    }
    Ok(joined)
}
