//! Designs for made-to-order shops: what to make, in which colours, with which pattern.

use crate::look::{Figure, Look, Pattern};
use nearshelf_vision::{Category, OkLab};
use serde::{Deserialize, Serialize};

/// What a design says it is.
pub const FORMAT: &str = "nearshelf-design";
/// The version that is written; later ones aren't read.
pub const VERSION: u32 = 1;
/// Longest text and most sizes.
const MOST: usize = 200;

/// A specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// [`FORMAT`].
    pub format: String,
    /// At most [`VERSION`].
    pub version: u32,
    /// What to make.
    pub garment: Category,
    /// The catalogue's item that it is made after.
    pub item: Item,
    /// The ground, then the pattern's.
    pub colours: Vec<Colour>,
    /// The pattern, in the second colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Drawn>,
    /// Sizes to make.
    #[serde(default)]
    pub sizes: Vec<String>,
}

/// An item of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its title, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The cloth.
    Ground,
    /// The pattern on it.
    Pattern,
}

/// A colour, twice: for screens, and as it looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Colour {
    /// What for.
    pub role: Role,
    /// `#rrggbb`, sRGB.
    pub hex: String,
    /// Lightness, green–red, blue–yellow; written from `hex`, which counts.
    #[serde(default)]
    pub oklab: [f32; 3],
}

/// A pattern's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// `stripes`, `checks` or `dots`.
    pub kind: String,
    /// One repeat in parts of the garment's width.
    pub scale: f64,
    /// Degrees clockwise.
    pub angle: f64,
}

/// Why a design can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// Of a later version.
    #[error("the design is of version {0}, and this shop reads up to {VERSION}: update the widget")]
    TooNew(u32),
    /// A field that isn't what it should be.
    #[error("the design's {field} {why}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong, and what it should be.
        why: String,
    },
}

impl DesignError {
    /// Stable code of the error, as `docs/errors.md` lists them.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooNew(_) => "design-too-new",
            Self::Field { .. } => "design-invalid",
        }
    }
}

impl Design {
    /// The design of a garment in a look; `main` is its colour where the look has none.
    pub fn new(
        garment: Category,
        main: [u8; 3],
        look: &Look,
        item: Item,
        sizes: Vec<String>,
    ) -> Self {
        let mut colours = vec![Colour::new(Role::Ground, look.colour.unwrap_or(main))];
        if let Some(pattern) = &look.pattern {
            colours.push(Colour::new(Role::Pattern, pattern.colour));
        }
        let pattern = look.pattern.map(|pattern| Drawn {
            kind: pattern.figure.name().to_owned(),
            scale: pattern.scale,
            angle: pattern.angle,
        });
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            garment,
            item,
            colours,
            pattern,
            sizes,
        }
    }

    /// Checks one that was read, and writes its colours anew.
    ///
    /// # Errors
    /// [`DesignError`]
    pub fn checked(mut self) -> Result<Self, DesignError> {
        if self.format != FORMAT {
            return Err(wrong(
                "format",
                format!(
                    "is {:?}, not {FORMAT:?}: this is no design",
                    short(&self.format)
                ),
            ));
        }
        if self.version > VERSION {
            return Err(DesignError::TooNew(self.version));
        }
        if self.version == 0 {
            return Err(wrong("version", "is 0: versions begin at 1"));
        }
        if self.item.id.is_empty() || self.item.id.len() > MOST {
            return Err(wrong(
                "item.id",
                format!("has {} bytes: give 1 to {MOST}", self.item.id.len()),
            ));
        }
        if self
            .item
            .title
            .as_ref()
            .is_some_and(|title| title.len() > 4 * MOST)
        {
            return Err(wrong(
                "item.title",
                format!("is longer than {} bytes", 4 * MOST),
            ));
        }
        if self.sizes.len() > MOST
            || self
                .sizes
                .iter()
                .any(|size| size.is_empty() || size.len() > MOST)
        {
            return Err(wrong(
                "sizes",
                format!("are more than {MOST}, or one of them is empty or too long"),
            ));
        }
        self.look()?;
        self.colours = self
            .colours
            .iter()
            .filter_map(|colour| Some(Colour::new(colour.role, srgb(&colour.hex)?)))
            .collect();
        Ok(self)
    }

    /// The look that it describes.
    ///
    /// # Errors
    /// [`DesignError::Field`] for colours and patterns that aren't any.
    pub fn look(&self) -> Result<Look, DesignError> {
        let colour = |role: Role| {
            let mut found = self.colours.iter().filter(|colour| colour.role == role);
            let first = found.next();
            if found.next().is_some() {
                return Err(wrong(
                    "colours",
                    "name a role twice: there is one ground and one pattern",
                ));
            }
            first
                .map(|colour| {
                    srgb(&colour.hex).ok_or_else(|| {
                        wrong(
                            "colours",
                            format!("have {:?}: write #rrggbb", short(&colour.hex)),
                        )
                    })
                })
                .transpose()
        };
        let ground = colour(Role::Ground)?
            .ok_or_else(|| wrong("colours", "have no ground: give one of role \"ground\""))?;
        let drawn = colour(Role::Pattern)?;
        let pattern = match (&self.pattern, drawn) {
            (None, None) => None,
            (Some(_), None) => {
                return Err(wrong(
                    "colours",
                    "have none of role \"pattern\" for its pattern",
                ));
            }
            (None, Some(_)) => return Err(wrong("pattern", "is missing for its colour")),
            (Some(drawn), Some(colour)) => {
                let figure = Figure::from_name(&drawn.kind).ok_or_else(|| {
                    wrong(
                        "pattern.kind",
                        format!(
                            "is {:?}: there are stripes, checks and dots",
                            short(&drawn.kind)
                        ),
                    )
                })?;
                let pattern = Pattern {
                    figure,
                    colour,
                    scale: drawn.scale,
                    angle: drawn.angle,
                };
                if !pattern.is_drawable() {
                    return Err(wrong(
                        "pattern",
                        "can't be drawn: its scale is 0.02 to 1, its angle a number",
                    ));
                }
                Some(pattern)
            }
        };
        Ok(Look {
            colour: Some(ground),
            pattern,
        })
    }
}

impl Colour {
    fn new(role: Role, srgb: [u8; 3]) -> Self {
        let lab = OkLab::from_srgb(srgb);
        let rounded = |value: f32| (value * 1e4).round() / 1e4;
        Self {
            role,
            hex: hex(srgb),
            oklab: [lab.l, lab.a, lab.b].map(rounded),
        }
    }
}

/// `#rrggbb`.
pub fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour that `#rrggbb` is, in either case.
pub fn srgb(hex: &str) -> Option<[u8; 3]> {
    let digits = hex
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|d| d.is_ascii_hexdigit()))?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some([red, green, blue])
}

fn wrong(field: &'static str, why: impl Into<String>) -> DesignError {
    DesignError::Field {
        field,
        why: why.into(),
    }
}

/// What of a text is worth showing.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dotted() -> Design {
        let pattern = Pattern {
            figure: Figure::Dots,
            colour: [255, 255, 255],
            scale: 0.1,
            angle: 30.0,
        };
        let look = Look {
            colour: Some([0x22, 0x44, 0x88]),
            pattern: Some(pattern),
        };
        let item = Item {
            id: "shirt-7".into(),
            title: None,
        };
        Design::new(Category::Shirt, [1, 2, 3], &look, item, vec!["M".into()])
    }

    fn read(change: impl FnOnce(&mut serde_json::Value)) -> Result<Design, String> {
        let mut json = serde_json::to_value(dotted()).unwrap();
        change(&mut json);
        let design: Design = serde_json::from_value(json).map_err(|e| e.to_string())?;
        design.checked().map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let read = read(|_| ()).unwrap();
        assert_eq!(read, dotted());
        assert_eq!(read.look().unwrap().pattern.unwrap().figure, Figure::Dots);
        assert_eq!(read.colours[0].hex, "#224488");
        assert!(serde_json::to_string(&read).unwrap().starts_with(
            r#"{"format":"nearshelf-design","version":1,"garment":"shirt","item":{"id":"shirt-7"}"#
        ));
    }

    #[test]
    fn without_a_wish_the_ground_is_the_garments_own_colour() {
        let item = Item {
            id: "1".into(),
            title: Some("T".into()),
        };
        let plain = Design::new(
            Category::TShirt,
            [255, 0, 0],
            &Look::default(),
            item,
            Vec::new(),
        );
        assert_eq!(plain.colours.len(), 1);
        assert_eq!(
            plain.checked().unwrap().look().unwrap(),
            Look {
                colour: Some([255, 0, 0]),
                pattern: None
            }
        );
    }

    #[test]
    fn colours_are_as_hex_says_whatever_oklab_says() {
        let read = read(|json| json["colours"][0]["oklab"] = serde_json::json!([9, 9, 9])).unwrap();
        assert_eq!(read, dotted());
    }

    #[test]
    fn what_is_wrong_with_a_design_is_said_with_its_field() {
        let said = |change: fn(&mut serde_json::Value)| read(change).unwrap_err();
        assert!(said(|json| json["version"] = 2.into()).contains("update the widget"));
        assert!(said(|json| json["version"] = 0.into()).contains("version"));
        assert!(said(|json| json["format"] = "poem".into()).contains("poem"));
        assert!(said(|json| json["garment"] = "sock".into()).contains("sock"));
        assert!(said(|json| json["item"]["id"] = "".into()).contains("item.id"));
        assert!(said(|json| json["colours"][0]["hex"] = "#12é45".into()).contains("#rrggbb"));
        assert!(said(|json| json["colours"][1]["role"] = "ground".into()).contains("twice"));
        assert!(said(|json| json["colours"] = serde_json::json!([])).contains("no ground"));
        assert!(said(|json| json["pattern"]["kind"] = "paisley".into()).contains("paisley"));
        assert!(said(|json| json["pattern"]["scale"] = 0.into()).contains("scale"));
        assert!(said(|json| json["pattern"] = serde_json::Value::Null).contains("pattern"));
        assert!(said(|json| json["sizes"] = serde_json::json!([""])).contains("sizes"));
    }
}
