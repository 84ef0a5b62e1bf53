//! Outlines of a figure and the points on it. In heads from the top of the head, across from its middle line.

use super::{Build, HEIGHT, WIDTH};
use crate::body::Body;
use crate::geometry::{Point, point};
use crate::raster::smooth;

/// Where the top of the head is, and a head's height, in heights of the picture.
const TOP: f64 = 0.045;
const HEAD: f64 = 0.1195;

/// Closed outlines in pixels, and the body in heights of the picture.
pub struct Outlines {
    pub head: Vec<Point>,
    pub trunk: Vec<Point>,
    pub arms: [Vec<Point>; 2],
    /// Of what it wears, wider than its trunk: a vest, and shorts over it.
    pub underwear: [Vec<Point>; 2],
    /// Between the soles, in pixels.
    pub ground: Point,
    pub body: Body,
}

fn heights(p: Point) -> Point {
    point(
        WIDTH as f64 / HEIGHT as f64 / 2.0 + p.x * HEAD,
        TOP + p.y * HEAD,
    )
}

fn pixels(p: Point) -> Point {
    heights(p) * HEIGHT as f64
}

fn mirrored(p: Point) -> Point {
    point(-p.x, p.y)
}

pub fn of(build: &Build) -> Outlines {
    let right = arm_bones(build);
    let arm = limb(&right, build);
    let left: Vec<Point> = arm.iter().map(|p| mirrored(*p)).collect();
    let both = |p: Point| [mirrored(p), p].map(heights);
    let leg = leg_middle(build);
    Outlines {
        head: smooth(&closed(&head()), 10)
            .into_iter()
            .map(pixels)
            .collect(),
        trunk: smooth(&closed(&trunk(build)), 8)
            .into_iter()
            .map(pixels)
            .collect(),
        arms: [left, arm].map(|outline| outline.into_iter().map(pixels).collect()),
        underwear: [vest(build), shorts(build)].map(|outline| {
            let outline = closed(&outline).into_iter();
            outline.map(pixels).collect()
        }),
        ground: pixels(point(0.0, 7.58)),
        body: Body {
            neck: heights(point(0.0, 1.5)),
            shoulders: both(point(build.shoulder - 0.03, 1.62)),
            elbows: both(right[1]),
            wrists: both(right[2]),
            hips: both(point(build.hip, 3.82)),
            crotch: heights(point(0.0, 4.1)),
            ankles: both(point(leg + 0.02, 7.1)),
        },
    }
}

/// The right half of an outline from its upper to its lower end on the middle line, and its mirror image back.
fn closed(half: &[(f64, f64)]) -> Vec<Point> {
    let right = half.iter().map(|(x, y)| point(*x, *y));
    let left = half
        .iter()
        .rev()
        .filter(|(x, _)| *x > 1e-9)
        .map(|(x, y)| point(-x, *y));
    right.chain(left).collect()
}

fn head() -> Vec<(f64, f64)> {
    vec![
        (0.0, 0.0),
        (0.19, 0.035),
        (0.33, 0.17),
        (0.375, 0.38),
        (0.355, 0.58),
        (0.3, 0.78),
        (0.2, 0.94),
        (0.09, 1.01),
        (0.0, 1.03),
    ]
}

/// Where the middle of a leg is across at the knee and below.
fn leg_middle(build: &Build) -> f64 {
    0.14 + build.hip * 0.26
}

/// Neck, trunk and legs.
fn trunk(build: &Build) -> Vec<(f64, f64)> {
    let Build {
        shoulder,
        chest,
        waist,
        hip,
        thigh,
        neck,
        ..
    } = *build;
    let leg = leg_middle(build);
    let (knee, calf, ankle) = (
        0.115 + thigh * 0.24,
        0.11 + thigh * 0.3,
        0.085 + thigh * 0.1,
    );
    let shift = (hip - thigh - leg).max(0.0) * 0.4;
    vec![
        (0.0, 0.85),
        (neck * 0.94, 0.87),
        (neck * 0.93, 1.12),
        (neck * 1.06, 1.3),
        (neck + (shoulder - neck) * 0.45, 1.46),
        (shoulder * 0.9, 1.56),
        (shoulder * 0.985, 1.72),
        (chest + (shoulder - chest) * 0.25, 2.06),
        (chest, 2.32),
        (chest * 0.6 + waist * 0.4, 2.62),
        (waist, 2.98),
        (waist * 0.45 + hip * 0.55, 3.34),
        (hip, 3.8),
        (hip * 0.985, 4.15),
        (leg + shift + thigh * 0.86, 4.7),
        (leg + knee * 1.12, 5.3),
        (leg + knee, 5.62),
        (leg + calf, 6.1),
        (leg + calf * 0.86, 6.45),
        (leg + ankle, 7.0),
        (leg + ankle * 1.05, 7.2),
        (leg + 0.2, 7.42),
        (leg + 0.23, 7.53),
        (leg + 0.1, 7.58),
        (leg - 0.07, 7.57),
        (leg - 0.1, 7.45),
        (leg - ankle, 7.2),
        (leg - ankle * 0.98, 7.0),
        (leg - calf * 0.78, 6.35),
        (leg - calf * 0.82, 6.05),
        (leg - knee * 0.92, 5.6),
        (leg - knee * 1.02, 5.3),
        ((leg + shift - thigh * 0.78).max(0.03), 4.7),
        (0.022, 4.28),
        (0.0, 4.2),
    ]
}

/// With thin straps and cut low, so that what is worn over it covers it.
fn vest(build: &Build) -> Vec<(f64, f64)> {
    let strap = build.neck * 1.2 + 0.04;
    // Beyond the trunk, which cuts it off.
    let beyond = build.chest.max(build.hip) + 0.5;
    vec![
        (0.0, 2.14),
        (strap * 0.45, 2.11),
        (strap * 0.8, 2.0),
        (strap * 0.95, 1.84),
        (strap, 1.2),
        (strap + 0.1, 1.2),
        (strap + 0.13, 1.8),
        (build.chest * 0.72, 2.06),
        (build.chest * 0.88, 2.2),
        (beyond, 2.26),
        (beyond, 3.56),
        (0.0, 3.56),
    ]
}

fn shorts(build: &Build) -> Vec<(f64, f64)> {
    let beyond = build.hip + 0.5;
    vec![
        (0.0, 3.46),
        (build.waist * 0.5, 3.45),
        (beyond, 3.38),
        (beyond, 4.58),
        (0.0, 4.66),
    ]
}

/// Shoulder, elbow, wrist and the end of the hand, at the right.
fn arm_bones(build: &Build) -> [Point; 4] {
    let from = build.shoulder - build.arm * 0.78;
    // What is wide at the hips keeps its arms further away.
    let out = 0.3 + (build.hip.max(build.waist) - 0.74).max(0.0) * 0.75;
    let joint = |across: f64, down: f64| point(from + out * across, down);
    [
        joint(0.0, 1.76),
        joint(0.92, 3.02),
        joint(1.72, 4.0),
        joint(2.02, 4.52),
    ]
}

/// The outline round bones, by its half widths along them.
fn limb(bones: &[Point; 4], build: &Build) -> Vec<Point> {
    let arm = build.arm;
    // Leg of the way, part of it, half width.
    let profile: [(usize, f64, f64); 13] = [
        (0, 0.0, arm * 1.0),
        (0, 0.18, arm * 1.04),
        (0, 0.5, arm * 0.92),
        (0, 0.85, arm * 0.76),
        (1, 0.08, arm * 0.74),
        (1, 0.3, arm * 0.76),
        (1, 0.65, arm * 0.58),
        (1, 0.97, 0.06 + arm * 0.2),
        (2, 0.15, 0.075 + arm * 0.2),
        (2, 0.4, 0.1 + arm * 0.18),
        (2, 0.7, 0.085 + arm * 0.16),
        (2, 0.92, 0.05 + arm * 0.12),
        (2, 1.0, 0.02),
    ];
    let mut sides = [Vec::new(), Vec::new()];
    for (number, part, half) in profile {
        let middle = bones[number].towards(bones[number + 1], part);
        // Directions turn gently from bone to bone.
        let before = bones[number] - bones[number.saturating_sub(1)];
        let here = bones[number + 1] - bones[number];
        let way = before
            .unit_or(here)
            .towards(here.unit_or(before), 0.5 + part / 2.0)
            .unit_or(point(0.0, 1.0));
        sides[0].push(middle + way.quarter_turn() * half);
        sides[1].push(middle - way.quarter_turn() * half);
    }
    let cap = bones[0] - (bones[1] - bones[0]).unit_or(point(0.0, 1.0)) * (arm * 0.98);
    let [mut outline, back] = sides;
    outline.extend(back.into_iter().rev());
    outline.push(cap);
    smooth(&outline, 6)
}
