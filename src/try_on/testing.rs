//! Small persons and garments for tests.

use crate::body::KeyPoints;
use crate::garment::Garment;
use crate::marks::Landmarks;
use crate::person::Person;
use crate::pixels::Pixels;
use nearshelf_vision::{Category, KeyPoint, Mask, Point, Regions};

pub const UNSEEN: Point = Point {
    x: 0.0,
    y: 0.0,
    score: 0.0,
    visible: false,
};

pub fn seen(x: f32, y: f32) -> Point {
    Point {
        x,
        y,
        score: 1.0,
        visible: true,
    }
}

/// A mask of 80 × 80 cells.
pub fn mask(inside: impl Fn(f32, f32) -> bool) -> Mask {
    let at = |i: usize| ((i as f32 + 0.5) / 80.0).fract();
    let logits = (0..6400).map(|i| {
        if inside(at(i % 80), at(i / 80)) {
            6.0
        } else {
            -6.0
        }
    });
    Mask::new(80, 80, logits.collect()).expect("80 × 80 logits")
}

pub fn plain(width: usize, height: usize, colour: [u8; 3]) -> Pixels {
    let [red, green, blue] = colour;
    Pixels {
        width,
        height,
        rgba: vec![[red, green, blue, 255]; width * height],
    }
}

/// Somebody grey before a white wall: a trunk, without hair, arms at both sides.
pub fn person() -> Person {
    let points = [
        (KeyPoint::Neck, 0.5, 0.2),
        (KeyPoint::ShoulderLeft, 0.35, 0.25),
        (KeyPoint::ShoulderRight, 0.65, 0.25),
        (KeyPoint::ElbowLeft, 0.28, 0.45),
        (KeyPoint::ElbowRight, 0.72, 0.45),
        (KeyPoint::WristLeft, 0.25, 0.65),
        (KeyPoint::WristRight, 0.75, 0.65),
        (KeyPoint::HipLeft, 0.4, 0.6),
        (KeyPoint::HipRight, 0.6, 0.6),
    ];
    let mut key_points: KeyPoints = [UNSEEN; 10];
    for (which, x, y) in points {
        key_points[which as usize] = seen(x, y);
    }
    let arm = |x: f32, y: f32| {
        (0.25..0.7).contains(&y) && ((0.22..0.34).contains(&x) || (0.66..0.78).contains(&x))
    };
    let trunk = |x: f32, y: f32| (0.36..0.64).contains(&x) && y > 0.1;
    let regions = Regions {
        person: mask(|x, y| trunk(x, y) || arm(x, y)),
        hair: mask(|_, _| false),
        arms: mask(arm),
    };
    let mut picture = plain(160, 200, [245; 3]);
    for row in 0..200 {
        for column in 0..160 {
            let (x, y) = ((column as f32 + 0.5) / 160.0, (row as f32 + 0.5) / 200.0);
            if trunk(x, y) || arm(x, y) {
                picture.rgba[row * 160 + column] = [120, 110, 100, 255];
            }
        }
    }
    Person::in_photo(picture, &regions, &key_points).expect("a person")
}

/// A red garment with short sleeves, on a grey ground.
pub fn shirt() -> Garment {
    let inside = |x: f32, y: f32| {
        (0.1..0.9).contains(&y)
            && ((0.3..0.7).contains(&x) || ((0.1..0.9).contains(&x) && y < 0.35))
    };
    let mut picture = plain(160, 160, [205; 3]);
    for row in 0..160 {
        for column in 0..160 {
            if inside((column as f32 + 0.5) / 160.0, (row as f32 + 0.5) / 160.0) {
                picture.rgba[row * 160 + column] = [190, 30, 40, 255];
            }
        }
    }
    let landmarks: Landmarks = [
        (0.42, 0.1),
        (0.58, 0.1),
        (0.3, 0.12),
        (0.7, 0.12),
        (0.1, 0.25),
        (0.9, 0.25),
        (0.3, 0.9),
        (0.7, 0.9),
        (0.3, 0.6),
        (0.7, 0.6),
    ]
    .map(|(x, y)| seen(x, y));
    Garment::new(Category::TShirt, picture, &mask(inside), &landmarks).expect("a shirt")
}

/// Blue trousers.
pub fn trousers() -> Garment {
    let inside = |x: f32, y: f32| {
        (0.05..0.95).contains(&y)
            && ((0.3..0.48).contains(&x)
                || (0.52..0.7).contains(&x)
                || ((0.3..0.7).contains(&x) && y < 0.35))
    };
    let landmarks: Landmarks = [
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 0.0),
        (0.48, 0.95),
        (0.52, 0.95),
        (0.3, 0.95),
        (0.7, 0.95),
        (0.3, 0.05),
        (0.7, 0.05),
    ]
    .map(|(x, y)| if x > 0.0 { seen(x, y) } else { UNSEEN });
    Garment::new(
        Category::Pants,
        plain(160, 160, [30, 60, 170]),
        &mask(inside),
        &landmarks,
    )
    .expect("trousers")
}
