//! Marks from landmarks, and from the mask where there are none.

use super::{ALONG_SLEEVE, ARMPIT, Axis, Landmarks, Legs, Mark, Marks, Pair, SleeveCut, Upper};
use crate::cut_out::Cells;
use crate::geometry::{Point, point};
use nearshelf_vision::Landmark;

/// Armholes end no further apart than this many widths of the waist.
const BESIDE: f64 = 1.28;
/// Where legs part below the waistband, in widths of it.
const SEAT: f64 = 0.63;
/// Where hips are widest, in parts of that.
const HIPS: f64 = 0.6;

/// Steps in which widths are measured, in heights.
const STEP: f64 = 0.004;

pub struct Finder<'a> {
    pub landmarks: &'a Landmarks,
    pub cells: &'a Cells,
    pub aspect: f64,
    pub axis: Axis,
}

impl Finder<'_> {
    /// A seen landmark in heights.
    fn seen(&self, which: Landmark) -> Option<Point> {
        seen(self.landmarks, which, self.aspect)
    }

    /// Both of a kind: what is seen, else its mirror image, else what the mask suggests.
    fn pair(&self, left: Landmark, right: Landmark, suggested: [Point; 2]) -> Pair {
        let found = [self.seen(left), self.seen(right)];
        let mark = |side: usize| match (found[side], found[1 - side]) {
            (Some(at), _) => Mark { at, seen: true },
            (None, Some(other)) => Mark {
                at: self.axis.mirrored(other),
                seen: false,
            },
            (None, None) => Mark {
                at: suggested[side],
                seen: false,
            },
        };
        let (a, b) = (mark(0), mark(1));
        if a.at.x <= b.at.x { [a, b] } else { [b, a] }
    }

    /// Edges of the stretch of garment that the axis passes at a height of 0 (top of the mask) to 1 (its bottom).
    fn edges(&self, part: f64) -> [Point; 2] {
        let (top, bottom) = self.cells.reach();
        let y = top + (bottom - top) * part.clamp(0.01, 0.99);
        let (left, right) = self
            .cells
            .run(self.axis.x_at(y) / self.aspect, y)
            .unwrap_or((0.25, 0.75));
        [point(left * self.aspect, y), point(right * self.aspect, y)]
    }

    /// Outermost edges at a height, as `edges` has it.
    fn outermost(&self, part: f64) -> [Point; 2] {
        let (top, bottom) = self.cells.reach();
        let y = top + (bottom - top) * part.clamp(0.01, 0.99);
        let (left, right) = self.cells.span(y).unwrap_or((0.25, 0.75));
        [point(left * self.aspect, y), point(right * self.aspect, y)]
    }

    pub fn upper(&self) -> Marks {
        use Landmark::*;
        let hem = self.pair(HemLeft, HemRight, self.edges(0.96));
        // A body is rarely wider at the shoulders than at the hem.
        let (middle, half) = (
            hem[0].at.towards(hem[1].at, 0.5),
            (hem[1].at - hem[0].at) * 0.46,
        );
        let (top, bottom) = self.cells.reach();
        let up = |part: f64| self.axis.at(top + (bottom - top) * part) - self.axis.at(middle.y);
        let shoulder = self.pair(
            ShoulderLeft,
            ShoulderRight,
            [middle - half + up(0.07), middle + half + up(0.07)],
        );
        let inner = |part: f64| {
            let between = shoulder[0].at.towards(shoulder[1].at, 0.5);
            [
                between.towards(shoulder[0].at, part) + up(0.01) - up(0.07),
                between.towards(shoulder[1].at, part) + up(0.01) - up(0.07),
            ]
        };
        let collar = self.pair(CollarLeft, CollarRight, inner(0.45));
        let [low_left, low_right] =
            [0, 1].map(|side| shoulder[side].at.towards(hem[side].at, 0.35));
        let cuff = self.pair(CuffLeft, CuffRight, [low_left, low_right]);
        let waist = self.pair(
            WaistLeft,
            WaistRight,
            [0, 1].map(|side| shoulder[side].at.towards(hem[side].at, 0.62)),
        );
        let sleeves = self.sleeves(&shoulder, &cuff, &waist, &hem);
        Marks::Upper(Upper {
            collar,
            shoulder,
            cuff,
            waist,
            hem,
            sleeves,
        })
    }

    /// How sleeves are cut.
    ///
    /// Of a garment without sleeves, the cuff is the armhole's lower end: below it and a little inside the garment goes on.
    fn sleeves(
        &self,
        shoulder: &Pair,
        cuff: &Pair,
        waist: &Pair,
        hem: &Pair,
    ) -> Option<[SleeveCut; 2]> {
        let wide = (shoulder[1].at - shoulder[0].at).length();
        let goes_on = |side: usize| {
            let at = cuff[side].at;
            let inward = (hem[1 - side].at - hem[side].at).unit_or(point(0.0, 0.0));
            let length = (hem[side].at - shoulder[side].at).length();
            let beneath = at + self.axis.down * (0.16 * wide) + inward * (0.06 * wide);
            let outside = at - inward * (0.12 * wide);
            let high = (at - shoulder[side].at).length() < 0.5 * length;
            let far = |pair: &Pair| (pair[1].at - pair[0].at).length();
            let close = far(cuff) < BESIDE * far(waist);
            high && close && self.covers(beneath) && !self.covers(outside)
        };
        if goes_on(0) && goes_on(1) {
            return None;
        }
        Some([0, 1].map(|side| {
            let (shoulder, cuff) = (shoulder[side].at, cuff[side].at);
            let way = (cuff - shoulder).unit_or(self.axis.down);
            let out = way.quarter_turn() * [1.0, -1.0][side];
            // Just before its end, where the mask is sure of it.
            let before = cuff - way * (0.05 * wide);
            let half = (self.reach(before, out, wide) + self.reach(before, -out, wide)) / 2.0;
            let half = half.clamp(0.05 * wide, 0.2 * wide);
            let root = shoulder + self.axis.down * (ARMPIT.0 / 2.0 * wide);
            let middle = ALONG_SLEEVE.map(|part| root.towards(cuff, part));
            let outer = middle.map(|at| at + out * self.reach(at, out, wide).max(half * 0.6));
            SleeveCut {
                half,
                middle,
                outer,
            }
        }))
    }

    fn covers(&self, p: Point) -> bool {
        let cell = |part: f64, cells: usize| (part * cells as f64).floor();
        let (column, row) = (
            cell(p.x / self.aspect, self.cells.width),
            cell(p.y, self.cells.height),
        );
        column >= 0.0 && row >= 0.0 && self.cells.inside(column as usize, row as usize)
    }

    /// How far the garment goes on from a place, at most a third of `wide`.
    fn reach(&self, from: Point, way: Point, wide: f64) -> f64 {
        let most = (wide / 3.0 / STEP) as usize;
        let steps = (0..most).take_while(|step| self.covers(from + way * (*step as f64 * STEP)));
        steps.count() as f64 * STEP
    }

    pub fn waist_and_hem(&self) -> (Pair, Pair) {
        use Landmark::*;
        let waist = self.pair(WaistLeft, WaistRight, self.edges(0.02));
        (waist, self.pair(HemLeft, HemRight, self.outermost(0.96)))
    }

    pub fn legs(&self) -> Marks {
        use Landmark::*;
        let (waist, hem) = self.waist_and_hem();
        let outer = [hem[0].at, hem[1].at];
        let inner = [0, 1].map(|side| {
            // The leg is as wide as the mask beside its outer corner, but no wider than half of all.
            let y = outer[side].y - 0.02;
            let inside = outer[side].towards(outer[1 - side], 0.1);
            let run = self
                .cells
                .run(inside.x / self.aspect, y)
                .unwrap_or((0.0, 1.0));
            let edge = point([run.1, run.0][side] * self.aspect, outer[side].y);
            let half = outer[side].towards(outer[1 - side], 0.47);
            if (edge - outer[side]).length() < (half - outer[side]).length() {
                edge
            } else {
                half
            }
        });
        let cuff = self.pair(CuffLeft, CuffRight, inner);
        let crotch = self.crotch(&waist, &cuff);
        Marks::Legs(Legs {
            waist,
            hem,
            cuff,
            crotch,
            hips: self.hips(&waist, Some(crotch)),
        })
    }

    /// The garment's own sides at the hips: between the waistband and where legs part, or would.
    pub fn hips(&self, waist: &Pair, crotch: Option<Point>) -> [Point; 2] {
        let top = waist[0].at.towards(waist[1].at, 0.5);
        let usual = SEAT * (waist[1].at - waist[0].at).length();
        let deep = crotch.map_or(usual, |crotch| (crotch - top).length());
        let y = (top + self.axis.down * (HIPS * deep)).y;
        let (left, right) = self.cells.span(y).unwrap_or((0.25, 0.75));
        [point(left * self.aspect, y), point(right * self.aspect, y)]
    }

    /// Up between the legs to where the garment begins; where they lie together, as deep as seats are.
    fn crotch(&self, waist: &Pair, cuff: &Pair) -> Point {
        let low = cuff[0].at.towards(cuff[1].at, 0.5);
        let high = waist[0].at.towards(waist[1].at, 0.5);
        let gap = (2..80).map(|step| f64::from(step) / 100.0);
        let found = gap
            .take_while(|part| !self.covers(low.towards(high, *part)))
            .last();
        let deep = SEAT * (waist[1].at - waist[0].at).length() / (low - high).length().max(1e-6);
        let usual = (1.0 - deep).clamp(0.04, 0.8);
        low.towards(high, found.filter(|part| *part > 0.06).unwrap_or(usual))
    }
}

/// A landmark that is visible and near the picture, in heights.
pub fn seen(landmarks: &Landmarks, which: Landmark, aspect: f64) -> Option<Point> {
    let found = landmarks[which as usize];
    let near = |value: f32| (-0.1..=1.1).contains(&value);
    (found.visible && near(found.x) && near(found.y))
        .then(|| point(f64::from(found.x) * aspect, f64::from(found.y)))
}
