//! Seeded rows of many kinds.
#![allow(clippy::unwrap_used)]

/// How embeddings lie.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// In all directions alike.
    Uniform,
    /// Around so many centres, so far from them relative to their length.
    Clustered(usize, f32),
    /// Mostly along few directions.
    Anisotropic,
    /// Far from zero, in the same direction.
    Shifted,
    /// Of lengths that differ a hundredfold.
    Unequal,
}

/// Numbers without a pattern, the same for a seed.
pub(crate) struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1 << 24) as f32
    }

    /// Of mean 0 and deviation 1, all but normal.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }
}

/// Rows in q8 and queries like them.
pub(crate) struct Drawn {
    pub dim: usize,
    pub values: Vec<i8>,
    pub scales: Vec<f32>,
    pub queries: Vec<Vec<f32>>,
}

impl Drawn {
    pub fn new(kind: Kind, count: usize, dim: usize, queries: usize) -> Self {
        let mut noise = Noise::new(count as u64 + dim as u64);
        let centres: Vec<f32> = match kind {
            Kind::Clustered(centres, _) => (0..centres * dim).map(|_| noise.normal()).collect(),
            _ => Vec::new(),
        };
        let mut vectors = |count: usize| -> Vec<Vec<f32>> {
            let vector = |_| {
                let mut vector: Vec<f32> = (0..dim).map(|_| noise.normal()).collect();
                let chosen = noise.uniform();
                for (at, value) in vector.iter_mut().enumerate() {
                    match kind {
                        Kind::Uniform | Kind::Unequal => {}
                        Kind::Clustered(centres_count, distance) => {
                            let centre = (chosen * centres_count as f32) as usize;
                            *value = centres[centre * dim + at] + distance * *value;
                        }
                        Kind::Anisotropic => *value /= 1.0 + at as f32,
                        Kind::Shifted => *value += 1.0 + (at % 3) as f32,
                    }
                }
                let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
                let wanted = if matches!(kind, Kind::Unequal) {
                    0.01 + chosen
                } else {
                    1.0
                };
                vector.iter().map(|x| x / length * wanted).collect()
            };
            (0..count).map(vector).collect()
        };
        let (rows, queries) = (vectors(count), vectors(queries));
        let (mut values, mut scales) = (Vec::new(), Vec::new());
        for row in rows {
            let largest = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            values.extend(row.iter().map(|x| (x / largest * 127.0).round() as i8));
            scales.push(largest / 127.0);
        }
        Self {
            dim,
            values,
            scales,
            queries,
        }
    }

    pub fn rows(&self) -> crate::Rows<'_> {
        crate::Rows::new(self.dim, &self.values, &self.scales).unwrap()
    }
}
