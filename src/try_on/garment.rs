//! A garment that is worn: cut out, placed, coloured.

use crate::cut_out::CutOut;
use crate::error::TryOnError;
use crate::geometry::Point;
use crate::look::Look;
use crate::marks::{Landmarks, Marks};
use crate::person::Person;
use crate::pixels::Pixels;
use crate::placement::Placement;
use crate::texture::Texture;
use nearshelf_vision::{Category, Mask, Picture, palette};

/// A garment without anybody to wear it.
#[derive(Debug, Clone)]
pub struct Garment {
    /// What it is.
    pub category: Category,
    /// Its pixels.
    pub cut_out: CutOut,
    /// Its main colour as photographed, sRGB.
    pub main: [u8; 3],
    marks: Marks,
}

impl Garment {
    /// From its picture and what the garment model says of it.
    ///
    /// # Errors
    /// Where the category can't be tried on or the mask is empty.
    pub fn new(
        category: Category,
        picture: Pixels,
        mask: &Mask,
        landmarks: &Landmarks,
    ) -> Result<Self, TryOnError> {
        let unsuitable = TryOnError::Unsuitable {
            category: category.name(),
        };
        let main = main_colour(&picture, mask);
        let cut_out = CutOut::new(picture, mask)?;
        let aspect = cut_out.picture.aspect();
        let marks =
            Marks::complete(category, landmarks, &cut_out.cells, aspect).ok_or(unsuitable)?;
        Ok(Self {
            category,
            main: main.unwrap_or_else(|| mean_colour(&cut_out.picture)),
            cut_out,
            marks,
        })
    }

    /// Its place on a person.
    pub fn placed(&self, person: &Person) -> Placement {
        Placement::new(self.category, &self.marks, person)
    }
}

/// The main colour by the palette that the shop shows, where its mask is large enough for one.
fn main_colour(picture: &Pixels, mask: &Mask) -> Option<[u8; 3]> {
    let checked = Picture::new(picture.width, picture.height, picture.bytes()).ok()?;
    let squashed = checked.squash(2 * mask.width(), 2 * mask.height());
    palette(&squashed, mask)
        .first()
        .map(|swatch| swatch.lab.to_srgb())
}

fn mean_colour(cut: &Pixels) -> [u8; 3] {
    let mut sums = [0_u64; 4];
    for pixel in &cut.rgba {
        for channel in 0..3 {
            sums[channel] += u64::from(pixel[channel]) * u64::from(pixel[3]);
        }
        sums[3] += u64::from(pixel[3]);
    }
    std::array::from_fn(|channel| (sums[channel] / sums[3].max(1)) as u8)
}

/// A garment on a person.
#[derive(Debug, Clone)]
pub struct Worn {
    /// The garment.
    pub garment: Garment,
    /// Where it lay at first.
    pub placement: Placement,
    /// Where its handles are now.
    pub moved: Vec<Point>,
    /// How it looks.
    pub look: Look,
    /// Its pixels in that look.
    pub texture: Texture,
}

impl Worn {
    /// Puts it on.
    pub fn new(garment: Garment, person: &Person) -> Self {
        let placement = garment.placed(person);
        let texture = Texture::new(&garment.cut_out.picture);
        Self {
            moved: placement.targets(),
            placement,
            look: Look::default(),
            texture,
            garment,
        }
    }

    /// Lays it on somebody else.
    pub fn place_on(&mut self, person: &Person) {
        self.placement = self.garment.placed(person);
        self.moved = self.placement.targets();
    }

    /// Changes its look.
    pub fn set_look(&mut self, look: Look) {
        if look != self.look {
            self.look = look;
            self.texture = Texture::new(&look.applied(&self.garment.cut_out, self.garment.main));
        }
    }
}
