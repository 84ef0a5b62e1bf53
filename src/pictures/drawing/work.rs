//! What drawing takes: memory for layers, and work. Follows the renderer (resvg 0.49) over what was read, without drawing.

use super::canvas::{Canvas, PIXEL, drawn, layer};
use crate::DecodeError;
use resvg::{
    tiny_skia::{IntSize, Transform},
    usvg::{ClipPath, Group, Mask, Node, Paint, Path, Pattern, Tree, filter::Kind},
};

/// Most steps, each about as much as putting a colour onto a pixel.
const MOST_STEPS: f64 = 4e9;
/// Steps that a path takes, however small it is.
const PATH: f64 = 4000.0;
/// Steps of a dash, which is short.
const DASH: f64 = 6000.0;

const LONG: DecodeError = DecodeError::Drawing("takes too much work to draw");

/// Says no where drawing would take too much.
pub(super) fn check(
    tree: &Tree,
    transform: Transform,
    width: u32,
    height: u32,
) -> Result<(), DecodeError> {
    Work { steps: 0.0 }.nodes(tree.root(), transform, Canvas::of(width, height)?)
}

struct Work {
    steps: f64,
}

impl Work {
    fn take(&mut self, steps: f64) -> Result<(), DecodeError> {
        // At least one, so that counting ends as well.
        self.steps += steps.max(1.0);
        if self.steps <= MOST_STEPS {
            Ok(())
        } else {
            Err(LONG)
        }
    }

    fn nodes(
        &mut self,
        parent: &Group,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        for node in parent.children() {
            match node {
                Node::Group(group) => self.group(group, transform, canvas)?,
                Node::Path(path) => self.path(path, transform, canvas)?,
                Node::Text(text) => self.group(text.flattened(), transform, canvas)?,
                // None is loaded.
                Node::Image(_) => {}
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        group: &Group,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        let transform = transform.pre_concat(group.transform());
        self.take(1.0)?;
        if !group.should_isolate() {
            return self.nodes(group, transform, canvas);
        }
        // Where the renderer finds no layer, it draws nothing.
        let Some((size, bounds, transform)) = layer(group, transform, canvas.bounds) else {
            return Ok(());
        };
        let layer = canvas.layer(size, bounds)?;
        self.take(16.0 * layer.pixels())?;
        self.nodes(group, transform, layer)?;
        for filter in group.filters() {
            // Each result is kept until the last, besides some on the way; blurs count in floats.
            let results = filter.primitives().len() as f64 + 8.0;
            let filtered = layer.beside(size, PIXEL * results)?;
            for primitive in filter.primitives() {
                let steps = steps_a_pixel(primitive.kind(), transform, size);
                self.take(filtered.pixels() * steps)?;
                if let Kind::Image(image) = primitive.kind() {
                    self.nodes(image.root(), transform, filtered)?;
                }
            }
        }
        if let Some(clip) = group.clip_path() {
            self.clip(clip, transform, layer)?;
        }
        if let Some(mask) = group.mask() {
            self.mask(mask, transform, layer)?;
        }
        Ok(())
    }

    fn clip(
        &mut self,
        clip: &ClipPath,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        let clipping = canvas.beside(canvas.size, 1.0)?;
        self.take(8.0 * canvas.pixels())?;
        self.clipped(
            clip.root(),
            transform.pre_concat(clip.transform()),
            clipping,
        )?;
        clip.clip_path()
            .map_or(Ok(()), |clip| self.clip(clip, transform, clipping))
    }

    /// What lies in a clip.
    fn clipped(
        &mut self,
        group: &Group,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        for node in group.children() {
            match node {
                Node::Path(path) => self.path(path, transform, canvas)?,
                Node::Text(text) => self.clipped(text.flattened(), transform, canvas)?,
                Node::Image(_) => {}
                Node::Group(group) => {
                    let transform = transform.pre_concat(group.transform());
                    self.take(1.0)?;
                    if let Some(clip) = group.clip_path() {
                        let own = canvas.beside(canvas.size, 0.0)?;
                        self.take(8.0 * own.pixels())?;
                        self.clipped(group, transform, own)?;
                        self.clip(clip, transform, own)?;
                    } else {
                        self.clipped(group, transform, canvas)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn mask(
        &mut self,
        mask: &Mask,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        let masking = canvas.beside(canvas.size, 2.0)?;
        self.take(16.0 * canvas.pixels())?;
        self.nodes(mask.root(), transform, masking)?;
        mask.mask()
            .map_or(Ok(()), |mask| self.mask(mask, transform, masking))
    }

    fn path(
        &mut self,
        path: &Path,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        if !path.is_visible() {
            return self.take(1.0);
        }
        let (width, height) = drawn(path.stroke_bounding_box(), transform, canvas.size);
        // Lines pass several times through the rows that they cross.
        let corner = 64.0 + 32.0 * height;
        let corners = path.data().len() as f64;
        self.take(PATH)?;
        if let Some(fill) = path.fill() {
            self.paint(fill.paint(), width * height, transform, canvas)?;
            self.take(corners * corner)?;
        }
        if let Some(stroke) = path.stroke() {
            self.paint(stroke.paint(), width * height, transform, canvas)?;
            let dashes = stroke
                .dasharray()
                .map_or(0.0, |dashes| dash_count(path, dashes));
            self.take(4.0 * corners * corner + DASH * dashes)?;
        }
        Ok(())
    }

    fn paint(
        &mut self,
        paint: &Paint,
        pixels: f64,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        match paint {
            Paint::Color(_) => self.take(pixels),
            Paint::LinearGradient(gradient) => {
                self.take(pixels * 4.0 + gradient.stops().len() as f64)
            }
            Paint::RadialGradient(gradient) => {
                self.take(pixels * 32.0 + gradient.stops().len() as f64)
            }
            Paint::Pattern(pattern) => {
                self.take(pixels * 32.0)?;
                self.tile(pattern, transform, canvas)
            }
        }
    }

    /// A pattern is drawn once, as large as it is seen, however much of it is shown.
    fn tile(
        &mut self,
        pattern: &Pattern,
        transform: Transform,
        canvas: Canvas,
    ) -> Result<(), DecodeError> {
        let (across, down) = transform.pre_concat(pattern.transform()).get_scale();
        let extent = |side: f32, scale: f32| (side * scale).round() as u32;
        let rect = pattern.rect();
        let size = IntSize::from_wh(extent(rect.width(), across), extent(rect.height(), down));
        let Some(size) = size else {
            return Ok(());
        };
        let tile = canvas.beside((f64::from(size.width()), f64::from(size.height())), 0.0)?;
        self.take(tile.pixels())?;
        self.nodes(pattern.root(), Transform::from_scale(across, down), tile)
    }
}

/// Most dashes of an outline: of the way along its corners, which is no shorter.
fn dash_count(path: &Path, dashes: &[f32]) -> f64 {
    let points = path.data().points();
    let way = points
        .windows(2)
        .map(|two| f64::from(two[0].distance(two[1])));
    let period: f64 = dashes.iter().copied().map(f64::from).sum();
    way.sum::<f64>() / period.max(f64::MIN_POSITIVE) * dashes.len() as f64
}

/// Steps of a filter a pixel, on a canvas of `size`.
fn steps_a_pixel(kind: &Kind, transform: Transform, size: (f64, f64)) -> f64 {
    20.0 + match kind {
        Kind::GaussianBlur(_) | Kind::DropShadow(_) => 100.0,
        Kind::Turbulence(noise) => 200.0 * f64::from(noise.num_octaves()),
        Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 100.0,
        Kind::ConvolveMatrix(convolve) => 8.0 * convolve.matrix().data().len() as f64,
        Kind::Morphology(grown) => {
            let (across, down) = transform.get_scale();
            let window = |radius: f32, scale: f32, side: f64| {
                (2.0 * f64::from(radius * scale) + 3.0).min(side)
            };
            4.0 * window(grown.radius_x().get(), across, size.0)
                * window(grown.radius_y().get(), down, size.1)
        }
        Kind::Merge(merge) => 20.0 * merge.inputs().len() as f64,
        _ => 30.0,
    }
}
