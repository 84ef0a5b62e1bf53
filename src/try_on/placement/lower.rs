//! Trousers, shorts and skirts: they sit on the hips.

use super::piece::Anchor;
use super::{Handle, Part, Piece, Placement};
use crate::geometry::{Point, point};
use crate::marks::{Legs, Pair};
use crate::person::Person;
use nearshelf_vision::{Category, Landmark};

/// How far above the hips' widest place a waistband sits, in lengths of the trunk.
const RISE: f64 = 0.2;
/// A garment lies flat, and a body is round: lengths a width are larger on it.
const ROUND: f64 = 1.2;
/// What a garment's edge keeps from the body's, in widths of the hips.
const EASE: f64 = 0.02;
/// Legs of trousers that reach so far end at the ankles.
const LONG_LEG: f64 = 0.66;

/// How far out skirts and trousers stand at the hips at most, in widths of the body there.
const SKIRT: f64 = 1.4;
const LEGS: f64 = 1.15;

/// Where things are below the waist.
struct Frame<'a> {
    person: &'a Person,
    waist: Point,
    side: Point,
    down: Point,
    /// Half the body's width at the waistband.
    half: f64,
    /// Heights of the person's picture for one of the garment's.
    scale: f64,
    /// From the waistband to the ankles.
    leg: f64,
    /// Middle of the garment's waistband and its directions.
    origin: Point,
    own_side: Point,
    own_down: Point,
}

impl<'a> Frame<'a> {
    fn new(waist: &Pair, hem: &Pair, person: &'a Person) -> Self {
        let body = &person.body;
        let spine = body.seat() - body.top();
        let side = (body.hips[1] - body.hips[0]).unit_or(point(1.0, 0.0));
        let at = body.seat() - spine * RISE;
        let hips = (body.hips[1] - body.hips[0]).length();
        let half = person
            .half_width(at)
            .unwrap_or(0.45 * hips)
            .clamp(0.35 * hips, 0.6 * hips)
            + EASE * hips;
        let [left, right] = waist.map(|mark| mark.at);
        let own = right - left;
        let origin = left.towards(right, 0.5);
        let own_side = own.unit_or(point(1.0, 0.0));
        let low = hem[0].at.towards(hem[1].at, 0.5);
        let upright = own_side.quarter_turn();
        let way = (low - origin).unit_or(upright);
        let own_down = if way.dot(upright) > 0.8 { way } else { upright };
        let ankle = body.ankles[0].towards(body.ankles[1], 0.5);
        Self {
            person,
            waist: at,
            side,
            down: (ankle - at).unit_or(side.quarter_turn()),
            half,
            scale: ROUND * 2.0 * half / own.length().max(1e-6),
            leg: (ankle - at).length(),
            origin,
            own_side,
            own_down,
        }
    }

    /// How far a garment's place is from its middle and from its waistband, in heights of the person's picture.
    fn place(&self, p: Point) -> (f64, f64) {
        let d = p - self.origin;
        (
            d.dot(self.own_side) * self.scale / ROUND,
            d.dot(self.own_down) * self.scale,
        )
    }

    fn lay(&self, across: f64, along: f64) -> Point {
        self.waist + self.side * across + self.down * along
    }

    fn waistband(&self, waist: &Pair) -> [Handle; 2] {
        [
            (0, Landmark::WaistLeft, -1.0),
            (1, Landmark::WaistRight, 1.0),
        ]
        .map(|(at, landmark, sign)| Handle {
            landmark,
            source: waist[at].at,
            target: self.lay(sign * self.half, 0.0),
            seen: waist[at].seen,
        })
    }

    /// The garment's own sides at the hips' widest place, no closer than the body's and at most `most` times as far out.
    fn seat(&self, own: [Point; 2], most: f64) -> Vec<Anchor> {
        let body = &self.person.body;
        let drop = (body.seat() - self.waist).length();
        let hips = (body.hips[1] - body.hips[0]).length();
        let half = self
            .person
            .half_width(body.seat())
            .unwrap_or(0.5 * hips)
            .clamp(0.45 * hips, 0.62 * hips)
            + EASE * hips;
        [0, 1]
            .map(|at| {
                let wide = self.place(own[at]).0.abs() * 0.97;
                Anchor {
                    source: own[at],
                    target: self.lay([-1.0, 1.0][at] * wide.clamp(half, half * most), drop),
                    follows: vec![(at, 0.6), (2 + at, 0.4)],
                }
            })
            .to_vec()
    }
}

pub fn skirt(waist: Pair, hem: Pair, own_hips: [Point; 2], person: &Person) -> Placement {
    let frame = Frame::new(&waist, &hem, person);
    let mut handles = frame.waistband(&waist).to_vec();
    let along = hem.map(|mark| frame.place(mark.at).1);
    let along = ((along[0] + along[1]) / 2.0).clamp(0.28 * frame.leg, 0.98 * frame.leg);
    let wide = hem.map(|mark| frame.place(mark.at).0.abs());
    let low = frame.lay(0.0, along);
    let hips = (person.body.hips[1] - person.body.hips[0]).length();
    let outline = person.half_width(low).unwrap_or(0.0).min(0.7 * hips);
    let half = ((wide[0] + wide[1]) / 2.0).max(outline);
    for (at, landmark) in [Landmark::HemLeft, Landmark::HemRight]
        .into_iter()
        .enumerate()
    {
        let target = frame.lay([-half, half][at], along);
        handles.push(Handle {
            landmark,
            source: hem[at].at,
            target,
            seen: hem[at].seen,
        });
    }
    let pieces = vec![Piece::whole(handles.len(), frame.seat(own_hips, SKIRT))];
    Placement {
        handles,
        pieces,
        sleeves: None,
    }
}

pub fn legs(category: Category, garment: &Legs, person: &Person) -> Placement {
    let Legs {
        waist,
        hem,
        cuff,
        crotch,
        ..
    } = garment;
    let frame = Frame::new(waist, hem, person);
    let body = &person.body;
    let hips = (body.hips[1] - body.hips[0]).length();
    let own = (frame.place(hem[0].at).1 + frame.place(hem[1].at).1) / 2.0;
    let (least, most) = if category == Category::Shorts {
        (0.25, 0.62)
    } else {
        (0.55, 1.0)
    };
    let along = own.clamp(least * frame.leg, most * frame.leg);
    let along = if category != Category::Shorts && along > LONG_LEG * frame.leg {
        frame.leg
    } else {
        along
    };
    let mut handles = frame.waistband(waist).to_vec();
    let ends = [0, 1].map(|at| {
        // Down the leg: from the hip to the ankle.
        let hip = body.hips[0].towards(body.hips[1], [0.24, 0.76][at]);
        let leg = body.ankles[at] - hip;
        let part = (along - (hip - frame.waist).length()) / leg.length().max(1e-6);
        let middle = hip + leg * part.clamp(0.1, 1.05);
        let own_half = (hem[at].at - cuff[at].at).length() * frame.scale / ROUND / 2.0;
        let outline = person.leg_half(middle).unwrap_or(0.0).min(0.35 * hips);
        let half = (own_half * 0.94).clamp(
            outline * 1.1 + 0.01 * hips,
            (0.36 * hips).max(outline * 1.2),
        );
        let out = frame.side * [-1.0, 1.0][at];
        // What stands close together shares the way between.
        let room = (middle - frame.lay(0.0, along)).dot(out) - 0.004;
        (
            middle + out * half,
            middle - out * half.min(room.max(0.05 * hips)),
        )
    });
    let mut push = |landmark: Landmark, mark: &crate::marks::Mark, target: Point| {
        handles.push(Handle {
            landmark,
            source: mark.at,
            target,
            seen: mark.seen,
        });
    };
    push(Landmark::HemLeft, &hem[0], ends[0].0);
    push(Landmark::HemRight, &hem[1], ends[1].0);
    push(Landmark::CuffLeft, &cuff[0], ends[0].1);
    push(Landmark::CuffRight, &cuff[1], ends[1].1);
    // Cloth hangs a little below where the legs part.
    let parts = Anchor {
        source: *crotch,
        target: body.crotch + frame.down * (0.03 * hips),
        follows: vec![(0, 0.3), (1, 0.3), (4, 0.2), (5, 0.2)],
    };
    let seat = frame.seat(garment.hips, LEGS);
    let leg = |at: usize| {
        let mut anchors = vec![parts.clone()];
        anchors.extend(seat.iter().cloned());
        anchors.extend(knee(garment, &handles, &parts, &seat[at], person, at));
        Piece {
            part: Part::Leg(at),
            handles: vec![0, 1, 2 + at, 4 + at],
            anchors,
        }
    };
    Placement {
        pieces: vec![leg(0), leg(1)],
        handles,
        sleeves: None,
    }
}

/// Both edges of a leg half-way down: straight from the seat and from where the legs part to its end, but no closer than the
/// body's own edges.
fn knee(
    garment: &Legs,
    handles: &[Handle],
    parts: &Anchor,
    seat: &Anchor,
    person: &Person,
    at: usize,
) -> [Anchor; 2] {
    let body = &person.body;
    let out = (body.hips[1] - body.hips[0]).unit_or(point(1.0, 0.0)) * [-1.0, 1.0][at];
    let (outer, inner) = (&handles[2 + at], &handles[4 + at]);
    let beside = seat.target.towards(outer.target, 0.5);
    let between = parts.target.towards(inner.target, 0.5);
    let hip = body.hips[0].towards(body.hips[1], [0.24, 0.76][at]);
    let level = (beside.y + between.y) / 2.0;
    let leg = hip.towards(
        body.ankles[at],
        ((level - hip.y) / (body.ankles[at].y - hip.y).max(1e-6)).clamp(0.0, 1.0),
    );
    let half = person.leg_half(leg).unwrap_or(0.0) * 1.06;
    let room = (leg - parts.target).dot(out).max(0.0);
    let outwards = |p: Point| (p - leg).dot(out);
    let anchor = |source: Point, target: Point| Anchor {
        source,
        target,
        follows: vec![(2 + at, 0.25), (4 + at, 0.25)],
    };
    [
        anchor(
            seat.source.towards(garment.hem[at].at, 0.5),
            beside + out * (half - outwards(beside)).max(0.0),
        ),
        anchor(
            garment.crotch.towards(garment.cuff[at].at, 0.5),
            between - out * (half.min(room) + outwards(between)).max(0.0),
        ),
    ]
}
