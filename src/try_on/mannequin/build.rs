//! What figures there are.

/// Half widths of a figure, in heights of a head. A figure is 7.6 heads tall.
#[derive(Debug, Clone, Copy)]
pub struct Build {
    /// Its name in requests.
    pub name: &'static str,
    /// At the shoulders.
    pub shoulder: f64,
    /// At the chest, below the armpits.
    pub chest: f64,
    /// At the waist.
    pub waist: f64,
    /// At the hips.
    pub hip: f64,
    /// Of a thigh.
    pub thigh: f64,
    /// Of an upper arm.
    pub arm: f64,
    /// Of the neck.
    pub neck: f64,
}

/// All builds.
pub const BUILDS: [Build; 6] = [
    Build {
        name: "straight",
        shoulder: 0.88,
        chest: 0.70,
        waist: 0.62,
        hip: 0.74,
        thigh: 0.37,
        arm: 0.185,
        neck: 0.25,
    },
    Build {
        name: "narrow",
        shoulder: 0.78,
        chest: 0.60,
        waist: 0.51,
        hip: 0.64,
        thigh: 0.31,
        arm: 0.15,
        neck: 0.22,
    },
    Build {
        name: "broad",
        shoulder: 1.04,
        chest: 0.83,
        waist: 0.70,
        hip: 0.76,
        thigh: 0.40,
        arm: 0.235,
        neck: 0.31,
    },
    Build {
        name: "curved",
        shoulder: 0.83,
        chest: 0.69,
        waist: 0.56,
        hip: 0.86,
        thigh: 0.43,
        arm: 0.185,
        neck: 0.235,
    },
    Build {
        name: "round",
        shoulder: 0.95,
        chest: 0.84,
        waist: 0.88,
        hip: 0.92,
        thigh: 0.45,
        arm: 0.235,
        neck: 0.29,
    },
    Build {
        name: "full",
        shoulder: 0.98,
        chest: 0.92,
        waist: 0.90,
        hip: 1.08,
        thigh: 0.53,
        arm: 0.26,
        neck: 0.28,
    },
];

/// What a figure is painted with.
#[derive(Debug, Clone, Copy)]
pub struct Tone {
    /// Its name in requests.
    pub name: &'static str,
    /// Where the light falls on it.
    pub srgb: [u8; 3],
}

/// All tones, from light to dark.
pub const TONES: [Tone; 6] = [
    Tone {
        name: "tone-1",
        srgb: [244, 222, 205],
    },
    Tone {
        name: "tone-2",
        srgb: [231, 194, 164],
    },
    Tone {
        name: "tone-3",
        srgb: [208, 158, 120],
    },
    Tone {
        name: "tone-4",
        srgb: [170, 118, 82],
    },
    Tone {
        name: "tone-5",
        srgb: [124, 81, 56],
    },
    Tone {
        name: "tone-6",
        srgb: [84, 56, 42],
    },
];
