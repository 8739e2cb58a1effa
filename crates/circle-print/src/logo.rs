//! Logos: an SVG or PNG file of the user. External references are rejected, so nothing is fetched.

use crate::error::PrintError;
use resvg::usvg;
use std::path::Path;
use std::sync::Arc;

/// Maximum size of a logo file, bytes.
const MOST_BYTES: u64 = 8 << 20;
/// Maximum side of a PNG, pixels.
const MOST_PIXELS: u32 = 4096;

/// A parsed logo.
#[derive(Debug, Clone)]
pub struct Logo {
    pub(crate) image: Arc<Image>,
    /// Ratio of width to height.
    pub(crate) aspect: f64,
}

#[derive(Debug)]
pub(crate) enum Image {
    Svg(Box<usvg::Tree>),
    Png(Vec<u8>),
}

impl Logo {
    /// Reads a logo file.
    ///
    /// # Errors
    ///
    /// When the file is not an image, is too large, or refers to anything outside itself.
    pub fn read(path: &Path) -> Result<Self, PrintError> {
        let wrong = |what: String| PrintError::Logo { path: path.to_owned(), what };
        let bytes =
            circle_model::files::read_whole(path, MOST_BYTES).map_err(|error| wrong(error.to_string()))?;
        Self::parse(bytes).map_err(wrong)
    }

    /// Parses the bytes of a logo.
    ///
    /// # Errors
    ///
    /// As [`Logo::read`], as a message.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.starts_with(b"\x89PNG") { Self::png(bytes) } else { Self::svg(&bytes) }
    }

    fn png(bytes: Vec<u8>) -> Result<Self, String> {
        let side = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let (Some(width), Some(height)) = (side(16), side(20)) else {
            return Err("a PNG cut short".to_owned());
        };
        if width == 0 || height == 0 || width > MOST_PIXELS || height > MOST_PIXELS {
            return Err(format!(
                "a PNG of {width} × {height} pixels; at most {MOST_PIXELS} × {MOST_PIXELS} are taken: make it smaller, or use an SVG"
            ));
        }
        let decoded = resvg::tiny_skia::Pixmap::decode_png(&bytes);
        decoded.map_err(|error| format!("a PNG that cannot be read: {error}"))?;
        let aspect = f64::from(width) / f64::from(height);
        Ok(Self { image: Arc::new(Image::Png(bytes)), aspect })
    }

    fn svg(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "neither a PNG nor an SVG".to_owned())?;
        vet(text)?;
        let nothing_fetched = usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        };
        let options = usvg::Options {
            resources_dir: None,
            image_href_resolver: nothing_fetched,
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_str(text, &options)
            .map_err(|error| format!("neither a PNG nor an SVG that can be read: {error}"))?;
        let (width, height) = (tree.size().width(), tree.size().height());
        if !SIDES.contains(&width) || !SIDES.contains(&height) {
            return Err(format!("an SVG of {width} × {height}; give it a width and height from 1 to 10000"));
        }
        let drawn = tree.root().abs_stroke_bounding_box();
        let seen =
            drawn.right() > 0.0 && drawn.bottom() > 0.0 && drawn.left() < width && drawn.top() < height;
        if !tree.root().has_children() || drawn.width().max(drawn.height()) <= 0.0 || !seen {
            return Err("an SVG without anything to be seen".to_owned());
        }
        if drawn.width() > width * BEYOND || drawn.height() > height * BEYOND {
            return Err("an SVG that draws far beyond its own size; cut it to what is seen".to_owned());
        }
        let aspect = f64::from(width) / f64::from(height);
        Ok(Self { aspect: aspect.clamp(0.05, 20.0), image: Arc::new(Image::Svg(Box::new(tree))) })
    }
}

/// Allowed width and height of an SVG.
const SIDES: std::ops::RangeInclusive<f32> = 1.0..=10_000.0;
/// Maximum extent of the drawing beyond the view box, in multiples of its size.
const BEYOND: f32 = 20.0;
/// Maximum number of elements of an SVG.
const MOST_ELEMENTS: u32 = 20_000;
/// Allowed elements of an SVG. Filters, masks and patterns are excluded: a few bytes of them can cost any
/// amount of time and memory.
const ELEMENTS: [&str; 24] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "a",
    "switch",
    "title",
    "desc",
    "metadata",
    "style",
    "script",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "view",
];

/// Rejects an SVG with an element that is not allowed.
fn vet(text: &str) -> Result<(), String> {
    use usvg::roxmltree::{Document, ParsingOptions};
    const SVG: &str = "http://www.w3.org/2000/svg";
    if text.contains("<!ENTITY") {
        return Err("an SVG that declares entities; save it as plain SVG".to_owned());
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| format!("neither a PNG nor an SVG that can be read: {error}"))?;
    for node in document.descendants().filter(usvg::roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        if node.tag_name().namespace() == Some(SVG) && !ELEMENTS.contains(&name) {
            let name: String = name.chars().take(40).collect();
            return Err(match name.as_str() {
                "image" | "feImage" => {
                    let href = node.attributes().find(|it| it.name() == "href").map_or("", |it| it.value());
                    let href: String = href.chars().take(60).collect();
                    format!(
                        "an SVG with the picture `{href}`; nothing is fetched: use a PNG, or draw it with paths"
                    )
                }
                "text" | "tspan" | "textPath" => {
                    "an SVG with text; turn its text into paths, so that it looks the same everywhere"
                        .to_owned()
                }
                _ => format!("an SVG with `{name}`; save it with plain shapes and colours, or use a PNG"),
            });
        }
        let id = node.attribute("id").unwrap_or_default();
        let plain = |character: char| character.is_alphanumeric() || "-_.:".contains(character);
        if !id.chars().all(plain) {
            return Err(
                "an SVG with an `id` of other signs than letters and digits; save it as plain SVG".to_owned()
            );
        }
    }
    Ok(())
}
