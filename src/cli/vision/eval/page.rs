//! The report as one page: no scripts, nothing loaded, light and dark.

use super::{
    Looked,
    accuracy::Accuracy,
    photos::Photos,
    report::{Measured, Report},
    sheets::{Thumbnails, palette},
};
use crate::eval::html::text::{escape, table};
use nearshelf_vision::{ATTRIBUTES, Category, Look};
use std::path::Path;

/// Questions of a class that the sheets of lists show, and answers of each.
const QUESTIONS: usize = 2;
const ANSWERS: usize = 7;
/// Most wrong pictures that are shown.
const WRONG: usize = 40;

/// The whole page.
pub fn page(folder: &Path, photos: &Photos, looked: &[Looked], measured: &Measured) -> String {
    let title = format!("Pictures in {}", folder.display());
    let mut thumbnails = Thumbnails::new(photos);
    let mut body = header(&title, &measured.report);
    if let Some(accuracy) = &measured.report.accuracy {
        body += &classes(accuracy);
        body += &wrong(photos, looked, &mut thumbnails);
    }
    body += &retrieval(&measured.report);
    let about = "The first of each row is asked, the rest is listed, best first. Green frames are of its class.";
    body += &lists(
        "Looks similar",
        about,
        &measured.similar,
        photos,
        looked,
        &mut thumbnails,
    );
    body += &lists(
        "Similar in another colour",
        about,
        &measured.another_colour,
        photos,
        looked,
        &mut thumbnails,
    );
    body += &outlines(looked, &mut thumbnails);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{}{}</style></head>\n<body><main>\n{body}</main></body></html>\n",
        escape(&title),
        include_str!("../../eval/html/style.css"),
        include_str!("sheets.css")
    )
}

fn header(title: &str, report: &Report) -> String {
    let refused: String = report
        .refused
        .iter()
        .map(|refused| {
            format!(
                "<li>{} {}</li>",
                escape(&refused.file),
                escape(&refused.reason)
            )
        })
        .collect();
    let refused = if refused.is_empty() {
        String::new()
    } else {
        format!(
            "<details><summary>{} files can't be read</summary><ul>{refused}</ul></details>\n",
            report.refused.len()
        )
    };
    let colours: Vec<String> = report
        .palettes
        .largest
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    format!(
        "<h1>{}</h1>\n<p class=\"faint\">{} pictures of {} classes. Median {:.1} ms to decode and {:.1} ms to look at one.</p>\n{refused}\
         <p>Masks cover {:.1} % of a picture on average, {} are empty; {:.1} landmarks are visible. Palettes have {:.1} colours on \
         average, {} have none. Largest colours: {}.</p>\n",
        escape(title),
        report.pictures,
        report.classes,
        report.median_decode_millis,
        report.median_look_millis,
        report.masks.mean_area * 100.0,
        report.masks.empty,
        report.mean_visible_landmarks,
        report.palettes.mean_colours,
        report.palettes.none,
        escape(&colours.join(", "))
    )
}

fn classes(accuracy: &Accuracy) -> String {
    let percent = |share: f64| format!("<td>{:.1} %</td>", share * 100.0);
    let rows: Vec<(bool, String, String)> = accuracy
        .classes
        .iter()
        .map(|class| {
            let precision = class.precision.map_or("<td>–</td>".to_owned(), percent);
            let wrong: Vec<String> = class
                .taken_for
                .iter()
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            let cells = format!(
                "<td>{}</td>{}{precision}<td class=\"words\">{}</td>",
                class.pictures,
                percent(class.recall),
                wrong.join(", ")
            );
            (false, class.name.clone(), cells)
        })
        .collect();
    format!(
        "<h2>Category</h2>\n<p><strong>{:.1} %</strong> of {} pictures are right, {:.1} % among the first two; {:.1} % is the mean of \
         classes.</p>\n{}",
        accuracy.top_1 * 100.0,
        accuracy.pictures,
        accuracy.top_2 * 100.0,
        accuracy.mean_of_classes * 100.0,
        table(
            "By class",
            &["class", "pictures", "recall", "precision", "taken for"],
            &rows
        )
    )
}

fn wrong(photos: &Photos, looked: &[Looked], thumbnails: &mut Thumbnails) -> String {
    let category = |one: &Looked| Category::from_name(photos.classes.get(one.class)?);
    let wrong: Vec<(&Looked, Category)> = looked
        .iter()
        .filter_map(|one| Some((one, category(one)?)))
        .filter(|(one, category)| one.likeliest[0] != *category)
        .collect();
    if wrong.is_empty() {
        return String::new();
    }
    let figures: String = wrong
        .iter()
        .take(WRONG)
        .map(|(one, category)| {
            let said = format!(
                "{}, taken for <strong>{}</strong> ({:.0} %)",
                category.name(),
                one.likeliest[0].name(),
                one.look.probability * 100.0
            );
            thumbnails.figure(one, "wrong", &said)
        })
        .collect();
    format!(
        "<h3>Wrong: {} of {} shown</h3>\n<div class=\"sheet\">{figures}</div>\n",
        wrong.len().min(WRONG),
        wrong.len()
    )
}

fn retrieval(report: &Report) -> String {
    let rows: Vec<(bool, String, String)> = report
        .retrieval
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let cells = [row.class, row.colour, row.class_and_colour]
                .map(|value| format!("<td>{value:.4}</td>"));
            (place == 0, row.vectors.to_owned(), cells.concat())
        })
        .collect();
    format!(
        "<h2>Retrieval</h2>\n{}<p>Each picture against all others. The colour is the name of the largest colour of the palette, which \
         <em>looks similar</em> ranks by as well. <em>Random projection</em>: the model's input times random signs, to as many values as \
         the embedding has.</p>\n<p><em>In another colour</em> finds something for {} pictures; {:.1} % of it is of the picture's class.</p>\n",
        table(
            "mAP@10",
            &["", "class", "colour", "class and colour"],
            &rows
        ),
        report.another_colour.found,
        report.another_colour.of_class * 100.0
    )
}

fn lists(
    title: &str,
    about: &str,
    lists: &[Vec<usize>],
    photos: &Photos,
    looked: &[Looked],
    thumbnails: &mut Thumbnails,
) -> String {
    let mut html = format!("<h2>{}</h2>\n<p>{about}</p>\n", escape(title));
    for class in 0..photos.classes.len() {
        let own: Vec<usize> = (0..looked.len())
            .filter(|number| looked[*number].class == class)
            .collect();
        let step = own.len().div_ceil(QUESTIONS).max(1);
        for question in own.into_iter().step_by(step) {
            html += "<div class=\"sheet row\">";
            html += &thumbnails.figure(
                &looked[question],
                "asked",
                &named(photos, &looked[question]),
            );
            for answer in lists[question]
                .iter()
                .take(ANSWERS)
                .filter_map(|answer| looked.get(*answer))
            {
                let mark = if answer.class == class {
                    "right"
                } else {
                    "wrong"
                };
                html += &thumbnails.figure(answer, mark, &named(photos, answer));
            }
            html += "</div>\n";
        }
    }
    html
}

fn named(photos: &Photos, one: &Looked) -> String {
    let class = photos.classes.get(one.class).map_or("", String::as_str);
    let colour = one.look.colour().map_or("–", |name| name.name());
    format!("{}, {colour}", escape(class))
}

fn outlines(looked: &[Looked], thumbnails: &mut Thumbnails) -> String {
    let figures: String = looked
        .iter()
        .filter_map(|one| Some((one, one.outline.as_ref()?)))
        .map(|(one, outline)| thumbnails.outlined(one, outline, &said(&one.look)))
        .collect();
    format!(
        "<h2>Masks, landmarks, attributes, palettes</h2>\n<p>Tinted: inside the mask. Points: 1, 2 collar, 3, 4 shoulder, 5, 6 cuff, 7, 8 \
         hem, 9, 10 waist.</p>\n<div class=\"sheet\">{figures}</div>\n"
    )
}

fn said(look: &Look) -> String {
    let values = ATTRIBUTES
        .iter()
        .zip(look.attributes)
        .filter_map(|(group, value)| {
            let name = *group.values.get(usize::from(value))?;
            (name != "none-applies").then(|| format!("{} {name}", group.name))
        });
    let values: Vec<String> = values.collect();
    format!(
        "<strong>{}</strong> {:.0} %<br>{}<br>{}",
        look.category.name(),
        look.probability * 100.0,
        values.join(", "),
        palette(&look.palette)
    )
}
