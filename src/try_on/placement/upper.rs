//! Tops, dresses and outwear: they hang from the shoulders.

use super::piece::Anchor;
use super::{Handle, Part, Piece, Placement};
use crate::geometry::{Point, point};
use crate::marks::{ALONG_SLEEVE, ARMPIT, Pair, SleeveCut, Upper};
use crate::person::Person;
use nearshelf_vision::{Category, Landmark};

/// Where hems of a category may be, in lengths of the trunk below the shoulders.
const fn hems(category: Category) -> (f64, f64) {
    match category {
        Category::Dress => (1.45, 2.7),
        Category::Outwear => (0.95, 2.2),
        _ => (1.0, 1.5),
    }
}

/// A garment lies flat, and hangs round a body: what was its half is seen narrower from the front.
const ROUND: f64 = 0.94;
/// What a garment's edge keeps from the body's, in widths of the shoulders.
const EASE: f64 = 0.035;
/// A sleeve that reaches so far down the arm ends at the wrist: laid out, it is bent, and looks shorter than it is.
const LONG_SLEEVE: f64 = 0.52;
/// The same as [`ARMPIT`] on a body.
const BODY_ARMPIT: (f64, f64) = (0.34, 0.06);
/// Cloth lies over the shoulder, not at it: so far outside and above.
const OVER_SHOULDER: (f64, f64) = (0.03, 0.025);
/// Between the armpits, in widths of the shoulders: what tells how large a garment without sleeves is.
const CHEST: f64 = 0.84;

/// A garment's own directions: along its shoulders and down, in widths of its shoulders, from between them.
struct Cut {
    origin: Point,
    across: Point,
    down: Point,
}

impl Cut {
    fn of(garment: &Upper) -> Self {
        let [left, right] = garment.shoulder.map(|mark| mark.at);
        let span = right - left;
        let origin = left.towards(right, 0.5);
        // Straps sit anywhere on the shoulders, but the armholes end where the chest does.
        let chest = (garment.cuff[1].at - garment.cuff[0].at).length() / CHEST;
        let wide = if garment.sleeves.is_none() {
            chest.max(span.length())
        } else {
            span.length()
        };
        let across = span.unit_or(point(1.0, 0.0)) * wide.max(1e-6);
        let low = garment.hem[0].at.towards(garment.hem[1].at, 0.5);
        let upright = across.quarter_turn();
        // Far from upright, the hem was not where it seemed to be.
        let way = (low - origin).unit_or(upright);
        let down = if way.dot(upright.unit_or(point(0.0, 1.0))) > 0.8 {
            way * across.length()
        } else {
            upright
        };
        Self {
            origin,
            across,
            down,
        }
    }

    /// How far across and down.
    fn place(&self, p: Point) -> (f64, f64) {
        let d = p - self.origin;
        let area = self.across.x * self.down.y - self.across.y * self.down.x;
        if area.abs() < 1e-9 {
            return (0.0, 0.0);
        }
        (
            (d.x * self.down.y - d.y * self.down.x) / area,
            (self.across.x * d.y - self.across.y * d.x) / area,
        )
    }

    /// Half the distance across of both, and how far down they are.
    fn pair(&self, pair: &Pair) -> (f64, f64) {
        let [(left, upper), (right, lower)] = [0, 1].map(|side| self.place(pair[side].at));
        (((right - left) / 2.0).max(0.02), (upper + lower) / 2.0)
    }
}

pub fn placed(category: Category, garment: &Upper, person: &Person) -> Placement {
    let cut = Cut::of(garment);
    let body = &person.body;
    let width = body.across().length();
    let spine = body.seat() - body.top();
    let trunk = spine.length() / width;
    let side = body.across() * (1.0 / width);
    let down = spine.unit_or(side.quarter_turn());
    let lay = |at: usize, across: f64, along: f64| {
        body.top() + (side * ([-across, across][at]) + down * along) * width
    };
    // How far down, the garment's own proportions but for what no body can wear.
    let (_, hem_down) = cut.pair(&garment.hem);
    let (least, most) = hems(category);
    let stretch = if hem_down > 0.1 {
        (hem_down.clamp(least * trunk, most * trunk) / hem_down).clamp(0.6, 1.6)
    } else {
        1.0
    };
    let clear = |at: usize, across: f64, along: f64| {
        let free = body.top() + down * (along * width);
        let outline = person
            .half_width(free)
            .map_or(0.0, |half| (half / width).min(0.8) + EASE);
        lay(at, (across * ROUND).max(outline), along)
    };

    let pairs: [(&Pair, [Landmark; 2]); 5] = [
        (
            &garment.collar,
            [Landmark::CollarLeft, Landmark::CollarRight],
        ),
        (
            &garment.shoulder,
            [Landmark::ShoulderLeft, Landmark::ShoulderRight],
        ),
        (&garment.cuff, [Landmark::CuffLeft, Landmark::CuffRight]),
        (&garment.hem, [Landmark::HemLeft, Landmark::HemRight]),
        (&garment.waist, [Landmark::WaistLeft, Landmark::WaistRight]),
    ];
    let sleeves = garment
        .sleeves
        .map(|cuts| [0, 1].map(|at| Sleeve::of(&cut, garment, at, cuts[at], person)));
    let mut handles = Vec::with_capacity(10);
    for (number, (pair, landmarks)) in pairs.into_iter().enumerate() {
        let (across, along) = cut.pair(pair);
        for at in 0..2 {
            let target = match (number, &sleeves) {
                (0, _) => on_shoulder(person, at, across.min(0.4)),
                (1, Some(_)) => {
                    body.shoulders[at]
                        + (side * ([-1.0, 1.0][at] * OVER_SHOULDER.0) - down * OVER_SHOULDER.1)
                            * width
                }
                (1, None) => on_shoulder(person, at, across),
                (2, Some(sleeves)) => sleeves[at].end,
                (2, None) => clear(at, across, along.clamp(0.25, 0.5)),
                _ => clear(at, across, along * stretch),
            };
            handles.push(Handle {
                landmark: landmarks[at],
                source: pair[at].at,
                target,
                seen: pair[at].seen,
            });
        }
    }
    let Some(sleeves) = sleeves else {
        let strap = 0.12 * width;
        return Placement {
            pieces: vec![Piece::whole(handles.len(), Vec::new())],
            handles,
            sleeves: Some([strap; 2]),
        };
    };
    let armpits = [0, 1].map(|at| {
        let inward = [1.0, -1.0][at];
        let on = |origin: Point, across: Point, down: Point, (low, inside): (f64, f64)| {
            origin + down * low + across * (inside * inward)
        };
        Anchor {
            source: on(garment.shoulder[at].at, cut.across, cut.down, ARMPIT),
            target: on(body.shoulders[at], side * width, down * width, BODY_ARMPIT),
            follows: vec![(2 + at, 0.7), (8 + at, 0.3)],
        }
    });
    let trunk = Piece {
        part: Part::Trunk,
        handles: vec![0, 1, 2, 3, 6, 7, 8, 9],
        anchors: armpits.to_vec(),
    };
    let sleeve = |at: usize| {
        let mut anchors = vec![armpits[at].clone()];
        anchors.extend(sleeves[at].anchors(at));
        Piece {
            part: Part::Sleeve(at),
            handles: vec![2 + at, 4 + at],
            anchors,
        }
    };
    Placement {
        handles,
        pieces: vec![trunk, sleeve(0), sleeve(1)],
        sleeves: Some([0, 1].map(|at| sleeves[at].covers)),
    }
}

/// A place so far across on the line from the neck's side to the shoulder's end.
fn on_shoulder(person: &Person, at: usize, across: f64) -> Point {
    let body = &person.body;
    let width = body.across().length();
    let side = body.across() * (1.0 / width);
    let sign = [-1.0, 1.0][at];
    let down = (body.seat() - body.top()).unit_or(side.quarter_turn());
    let neck = body.neck + (side * (sign * 0.17) - down * 0.1) * width;
    let part = ((across - 0.17) / 0.33).clamp(0.0, 1.0);
    neck.towards(body.shoulders[at], part)
}

/// A sleeve on its arm.
struct Sleeve {
    /// Middle of its end.
    end: Point,
    /// How far along the arm it covers, in heights of the person's picture.
    covers: f64,
    /// A place on the arm, the corners of the end, and the outer edge twice: on the garment, on the person, and how much they
    /// follow the cuff.
    held: [(Point, Point, f64); 5],
}

impl Sleeve {
    fn of(cut: &Cut, garment: &Upper, at: usize, sleeve: SleeveCut, person: &Person) -> Self {
        let arm = person.body.arm(at);
        let width = person.body.across().length();
        let scale = width / cut.across.length();
        let (cuff, shoulder) = (garment.cuff[at].at, garment.shoulder[at].at);
        let long = (cuff - shoulder).length() * scale;
        let whole = arm.length();
        let covers = if long > LONG_SLEEVE * whole.max(1.2 * width) {
            whole
        } else {
            long.max(0.25 * width)
        };
        let end = arm.at(covers);
        let across = |way: Point| way.unit_or(point(0.0, 1.0)).quarter_turn() * [1.0, -1.0][at];
        let out = |along: f64| across(arm.at(along) - arm.at(along - 0.1 * width));
        // No sleeve is narrower than what is in it.
        let wide = |along: f64, own: f64| (own * scale).max(1.15 * person.arm_half(at, along));
        let own_out = across(cuff - sleeve.middle[1]) * sleeve.half;
        let corner = out(covers) * wide(covers, sleeve.half);
        let outer = [0, 1].map(|number| {
            let part = ALONG_SLEEVE[number];
            let along = covers * part;
            let own = (sleeve.outer[number] - sleeve.middle[number]).length();
            (
                sleeve.outer[number],
                arm.at(along) + out(along) * wide(along, own.min(0.2 / scale * width)),
                part,
            )
        });
        Self {
            end,
            covers,
            held: [
                (
                    sleeve.middle[1],
                    arm.at(covers * ALONG_SLEEVE[1]),
                    ALONG_SLEEVE[1],
                ),
                (cuff + own_out, end + corner, 1.0),
                (cuff - own_out, end - corner, 1.0),
                outer[0],
                outer[1],
            ],
        }
    }

    fn anchors(&self, at: usize) -> impl Iterator<Item = Anchor> {
        self.held.iter().map(move |(source, target, part)| Anchor {
            source: *source,
            target: *target,
            follows: vec![(4 + at, *part), (2 + at, 1.0 - part)],
        })
    }
}
