//! A part of a garment that is warped by itself.

use super::Placement;
use crate::geometry::{Point, Polyline, point};
use crate::spline::Spline;

/// How much the warp may miss its handles in favour of bending less.
const STIFFNESS: f64 = 5e-4;
/// How far pieces lie over each other, in widths of the shoulders.
const OVERLAP: f64 = 0.05;

/// How far from the arm a sleeve goes at its upper end, likewise.
const WIDEST: f64 = 0.16;

/// Places a side at which a map is asked whether it folds.
const LOOKED: usize = 16;

/// A place of a garment that is held and follows handles when they are moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    /// On the garment.
    pub source: Point,
    /// On the person.
    pub target: Point,
    /// Numbers of handles, and how much of their way it goes.
    pub follows: Vec<(usize, f64)>,
}

/// Which part it is, and by that where on the person it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// All of the garment.
    Whole,
    /// The trunk of a garment with sleeves; anchors 0 and 1 are the armpits.
    Trunk,
    /// The sleeve of a side; anchor 0 is the armpit, 1 half-way down the arm, 2 and 3 are the corners of its end.
    Sleeve(usize),
    /// The leg of a side; anchor 0 is where the legs part.
    Leg(usize),
}

/// A part and what holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Which.
    pub part: Part,
    /// Numbers of the handles that hold it.
    pub handles: Vec<usize>,
    /// What else does.
    pub anchors: Vec<Anchor>,
}

impl Anchor {
    fn now(&self, placement: &Placement, moved: &[Point]) -> Point {
        self.follows
            .iter()
            .fold(self.target, |sum, (number, part)| {
                match (moved.get(*number), placement.handles.get(*number)) {
                    (Some(now), Some(handle)) => sum + (*now - handle.target) * *part,
                    _ => sum,
                }
            })
    }
}

/// A piece with its handles where they are now.
pub struct Laid {
    /// From the person's picture to the garment's, both in heights.
    pub warp: Spline,
    /// Where its handles and anchors are on the person.
    pub held: Vec<Point>,
    edges: Edges,
}

/// Where a piece ends on the person.
enum Edges {
    None,
    /// It ends at the line through a point, with a side of it away from the piece.
    Line(Point, Point),
    /// It ends at both armholes and, below them, at its own sides.
    Trunk([Armhole; 2]),
    /// It begins at the armhole, and lies outside of the trunk's side or round the arm.
    Sleeve {
        armhole: Armhole,
        arm: Polyline,
        /// Half the width of its end, and how far from the arm it goes at most.
        half: f64,
        reach: f64,
        /// Its end, and the way that goes on from there.
        end: (Point, Point),
    },
}

/// Where a sleeve begins on the person.
struct Armhole {
    armpit: Point,
    /// From the shoulder to the armpit, one long.
    down: Point,
    /// Across that, away from the body.
    out: Point,
    /// -1 left, 1 right.
    sign: f64,
    /// From the armpit along the trunk's side.
    side: [Point; 3],
    /// How far pieces lie over each other.
    overlap: f64,
}

impl Armhole {
    /// How far a place is from the trunk, outwards.
    fn beyond(&self, p: Point) -> f64 {
        let from = p - self.armpit;
        if from.dot(self.down) < 0.0 {
            return from.dot(self.out);
        }
        let leg = if p.y < self.side[1].y {
            &self.side[..2]
        } else {
            &self.side[1..]
        };
        let part = ((p.y - leg[0].y) / (leg[1].y - leg[0].y).max(1e-6)).max(0.0);
        (p.x - leg[0].towards(leg[1], part).x) * self.sign
    }
}

impl Piece {
    /// All of a garment, held by its handles alone.
    pub fn whole(count: usize, anchors: Vec<Anchor>) -> Self {
        Self {
            part: Part::Whole,
            handles: (0..count).collect(),
            anchors,
        }
    }

    /// The piece with handles where `moved` has them.
    pub fn laid(&self, placement: &Placement, moved: &[Point]) -> Laid {
        let (mut targets, mut sources) = (Vec::new(), Vec::new());
        for number in &self.handles {
            if let (Some(now), Some(handle)) = (moved.get(*number), placement.handles.get(*number))
            {
                targets.push(*now);
                sources.push(handle.source);
            }
        }
        let anchors: Vec<Point> = self
            .anchors
            .iter()
            .map(|anchor| anchor.now(placement, moved))
            .collect();
        let edges = self.edges(&anchors, moved);
        targets.extend(anchors);
        sources.extend(self.anchors.iter().map(|anchor| anchor.source));
        Laid {
            warp: Spline::fit(&targets, &sources, STIFFNESS),
            held: targets,
            edges,
        }
    }

    /// Lets go of anchors, the last first, until the map doesn't fold where the piece is seen.
    pub fn relaxed(mut self, placement: &Placement) -> Self {
        let least = match self.part {
            Part::Whole => 0,
            Part::Leg(_) => 1,
            Part::Trunk => 2,
            Part::Sleeve(_) => 4,
        };
        let targets = placement.targets();
        while self.anchors.len() > least && self.laid(placement, &targets).folds() {
            self.anchors.pop();
        }
        self
    }

    fn edges(&self, anchors: &[Point], moved: &[Point]) -> Edges {
        let handle = |number: usize| moved.get(number).copied().unwrap_or_default();
        let armhole = |side: usize, armpit: Point| {
            let sign = [-1.0, 1.0][side];
            let down = (armpit - handle(2 + side)).unit_or(point(0.0, 1.0));
            Armhole {
                armpit,
                down,
                out: down.quarter_turn() * -sign,
                sign,
                side: [armpit, handle(8 + side), handle(6 + side)],
                overlap: OVERLAP * (handle(3) - handle(2)).length(),
            }
        };
        match (self.part, anchors) {
            (Part::Trunk, [left, right, ..]) => {
                Edges::Trunk([armhole(0, *left), armhole(1, *right)])
            }
            (Part::Sleeve(side), [armpit, middle, one, other, ..]) => {
                let armhole = armhole(side, *armpit);
                let half = (*other - *one).length() / 2.0;
                let end = handle(4 + side);
                Edges::Sleeve {
                    arm: Polyline(vec![handle(2 + side), *middle, end]),
                    half,
                    reach: half.max(WIDEST * (handle(3) - handle(2)).length()) * 1.4,
                    end: (end, (end - *middle).unit_or(armhole.down)),
                    armhole,
                }
            }
            (Part::Leg(side), [crotch, ..]) => {
                let waist = handle(0).towards(handle(1), 0.5);
                let out =
                    (*crotch - waist).unit_or(point(0.0, 1.0)).quarter_turn() * [1.0, -1.0][side];
                // The left leg goes on under the right one.
                let overlap = OVERLAP * (handle(1) - handle(0)).length() * [1.0, 0.0][side];
                Edges::Line(*crotch - out * overlap, -out)
            }
            _ => Edges::None,
        }
    }
}

impl Laid {
    /// Whether the map turns over anywhere between what holds it, looked at in a grid.
    fn folds(&self) -> bool {
        let extent = |pick: fn(&Point) -> f64| {
            let values = self.held.iter().map(pick);
            let least = values.clone().fold(f64::INFINITY, f64::min);
            (least, values.fold(f64::NEG_INFINITY, f64::max) - least)
        };
        let ((left, wide), (top, high)) = (extent(|p| p.x), extent(|p| p.y));
        let step = wide.max(high) / 400.0;
        (0..LOOKED * LOOKED).any(|cell| {
            let part = |number: usize| (number as f64 + 0.5) / LOOKED as f64;
            let p = point(
                left + wide * part(cell % LOOKED),
                top + high * part(cell / LOOKED),
            );
            let here = self.warp.at(p);
            let across = self.warp.at(p + point(step, 0.0)) - here;
            let down = self.warp.at(p + point(0.0, step)) - here;
            self.seen(p, step) > 0.5 && across.x * down.y - across.y * down.x <= 0.0
        })
    }

    /// How much of the piece is seen at a place; `soft` is over how much it fades.
    pub fn seen(&self, p: Point, soft: f64) -> f64 {
        let fade = |far: f64| (0.5 - far / soft).clamp(0.0, 1.0);
        match &self.edges {
            Edges::None => 1.0,
            Edges::Line(at, away) => fade((p - *at).dot(*away)),
            Edges::Trunk(armholes) => armholes
                .iter()
                .map(|armhole| fade(armhole.beyond(p) - armhole.overlap))
                .fold(1.0, f64::min),
            Edges::Sleeve {
                armhole,
                arm,
                half,
                reach,
                end,
            } => {
                let begins = fade(-(p - armhole.armpit).dot(armhole.out) - armhole.overlap);
                let away = arm.nearest(p).1;
                let beside = fade(-armhole.beyond(p)).min(fade(away - reach));
                let round = fade(away - half * 1.1);
                let (end, on) = *end;
                let ends = fade((p - end).dot(on) - armhole.overlap);
                begins.min(ends).min(beside.max(round))
            }
        }
    }
}
