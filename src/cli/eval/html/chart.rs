//! Charts as inline SVG. What they show is in a table beside them, too; their title says what they are.

use super::text::escape;
use nearshelf_recommend::evaluate::Estimate;
use std::fmt::Write;

const WIDTH: f64 = 760.0;
/// Width of the names on the left, and of the numbers on the right.
const NAMES: f64 = 225.0;
const NUMBERS: f64 = 70.0;
const ROW: f64 = 26.0;

/// One bar or dot with its interval.
pub struct Mark {
    pub name: String,
    pub estimate: Estimate,
    /// Whether it stands out.
    pub main: bool,
}

/// A bar a mark, from 0, with whiskers.
pub fn bars(title: &str, marks: &[Mark]) -> String {
    let most = marks
        .iter()
        .map(|mark| mark.estimate.high.max(mark.estimate.value))
        .fold(0.0, f64::max);
    let scale = Scale::new(0.0, most);
    let height = marks.len() as f64 * ROW + 30.0;
    let mut svg = begin(title, height);
    scale.grid(&mut svg, height - 24.0);
    for (place, mark) in marks.iter().enumerate() {
        let y = place as f64 * ROW + 4.0;
        let class = if mark.main { "bar main" } else { "bar" };
        let width = (scale.at(mark.estimate.value) - NAMES).max(0.5);
        name(&mut svg, &mark.name, y + 13.0);
        put(
            &mut svg,
            format_args!(
                "<rect class=\"{class}\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"18\" rx=\"2\"/>"
            ),
        );
        whisker(&mut svg, &scale, mark.estimate, y + 9.0);
        number(&mut svg, &format!("{:.4}", mark.estimate.value), y + 13.0);
    }
    end(svg)
}

/// A dot a mark with its interval, around 0: differences.
pub fn differences(title: &str, marks: &[Mark]) -> String {
    let least = marks
        .iter()
        .map(|mark| mark.estimate.low)
        .fold(0.0, f64::min);
    let most = marks
        .iter()
        .map(|mark| mark.estimate.high)
        .fold(0.0, f64::max);
    let scale = Scale::new(least, most);
    let height = marks.len() as f64 * ROW + 30.0;
    let mut svg = begin(title, height);
    scale.grid(&mut svg, height - 24.0);
    let zero = scale.at(0.0);
    put(
        &mut svg,
        format_args!(
            "<line class=\"axis\" x1=\"{zero:.1}\" y1=\"0\" x2=\"{zero:.1}\" y2=\"{:.1}\"/>",
            height - 24.0
        ),
    );
    for (place, mark) in marks.iter().enumerate() {
        let y = place as f64 * ROW + 13.0;
        name(&mut svg, &mark.name, y + 4.0);
        whisker(&mut svg, &scale, mark.estimate, y);
        dot(&mut svg, scale.at(mark.estimate.value), y, mark.main);
        number(&mut svg, &format!("{:+.4}", mark.estimate.value), y + 4.0);
    }
    end(svg)
}

/// Groups of dots with intervals, a heading each.
pub fn groups(title: &str, groups: &[(String, Vec<Mark>)]) -> String {
    let all = || groups.iter().flat_map(|(_, marks)| marks);
    let most = all()
        .map(|mark| mark.estimate.high.max(mark.estimate.value))
        .fold(0.0, f64::max);
    let scale = Scale::new(0.0, most);
    let rows = all().count() + groups.len();
    let height = rows as f64 * ROW + 30.0;
    let mut svg = begin(title, height);
    scale.grid(&mut svg, height - 24.0);
    let mut y = 13.0;
    for (heading, marks) in groups {
        put(
            &mut svg,
            format_args!(
                "<text class=\"faint\" x=\"0\" y=\"{:.1}\" font-weight=\"600\">{}</text>",
                y + 4.0,
                escape(heading)
            ),
        );
        y += ROW;
        for mark in marks {
            name(&mut svg, &mark.name, y + 4.0);
            whisker(&mut svg, &scale, mark.estimate, y);
            dot(&mut svg, scale.at(mark.estimate.value), y, mark.main);
            number(&mut svg, &format!("{:.4}", mark.estimate.value), y + 4.0);
            y += ROW;
        }
    }
    end(svg)
}

/// A number along the lower edge for a value, round numbers marked.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    fn new(least: f64, most: f64) -> Self {
        let room = ((most - least) * 0.04).max(1e-9);
        let least = if least < 0.0 { least - room } else { least };
        Self {
            least,
            most: most + room,
        }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value - self.least) / (self.most - self.least);
        NAMES + part.clamp(0.0, 1.0) * (WIDTH - NAMES - NUMBERS)
    }

    /// Lines at about five round numbers.
    fn grid(&self, svg: &mut String, height: f64) {
        let rough = (self.most - self.least) / 5.0;
        let magnitude = 10_f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * magnitude);
        let step = steps
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let decimals = (-magnitude.log10().floor()).clamp(0.0, 6.0) as usize;
        let first = (self.least / step).ceil() as i64;
        for number in first..=first + 12 {
            let value = number as f64 * step;
            if value > self.most {
                break;
            }
            let x = self.at(value);
            put(
                svg,
                format_args!(
                    "<line class=\"grid\" x1=\"{x:.1}\" y1=\"0\" x2=\"{x:.1}\" y2=\"{height:.1}\"/>"
                ),
            );
            put(
                svg,
                format_args!(
                    "<text class=\"faint\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.decimals$}</text>",
                    height + 16.0
                ),
            );
        }
    }
}

fn begin(title: &str, height: f64) -> String {
    let title = escape(title);
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
    )
}

fn end(mut svg: String) -> String {
    svg.push_str("</svg>");
    svg
}

/// Writing to a string can't fail.
fn put(svg: &mut String, part: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(part);
}

fn name(svg: &mut String, name: &str, y: f64) {
    put(
        svg,
        format_args!(
            "<text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>",
            NAMES - 8.0,
            escape(name)
        ),
    );
}

fn number(svg: &mut String, number: &str, y: f64) {
    put(
        svg,
        format_args!("<text x=\"{WIDTH}\" y=\"{y:.1}\" text-anchor=\"end\">{number}</text>"),
    );
}

fn whisker(svg: &mut String, scale: &Scale, estimate: Estimate, y: f64) {
    let (low, high) = (scale.at(estimate.low), scale.at(estimate.high));
    let (above, below) = (y - 4.0, y + 4.0);
    put(
        svg,
        format_args!(
            "<path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {above:.1}V{below:.1}M{high:.1} {above:.1}V{below:.1}\"/>"
        ),
    );
}

fn dot(svg: &mut String, x: f64, y: f64, main: bool) {
    let class = if main { "dot main" } else { "dot" };
    put(
        svg,
        format_args!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(value: f64) -> Mark {
        Mark {
            name: "a <b> & c".to_owned(),
            estimate: Estimate {
                value,
                low: value - 0.01,
                high: value + 0.01,
            },
            main: true,
        }
    }

    #[test]
    fn charts_of_anything_are_finite_and_escaped() {
        for marks in [vec![], vec![mark(0.0)], vec![mark(0.3), mark(0.0)]] {
            for svg in [
                bars("t", &marks),
                differences("t", &marks),
                groups("t", &[("g".to_owned(), marks)]),
            ] {
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
                assert!(!svg.contains("<b>"), "{svg}");
                assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
            }
        }
    }
}
