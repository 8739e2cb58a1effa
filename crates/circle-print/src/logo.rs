//! A logo: an SVG or PNG of the user's. Nothing that it refers to is fetched.

use crate::error::PrintError;
use resvg::usvg;
use std::path::Path;
use std::sync::Arc;

/// Most bytes of a logo's file.
const MOST_BYTES: u64 = 8 << 20;
/// Most pixels of a PNG's side.
const MOST_PIXELS: u32 = 4096;

/// A logo, ready to be drawn.
#[derive(Debug, Clone)]
pub struct Logo {
    pub(crate) image: Arc<Image>,
    /// Width for a height of 1.
    pub(crate) aspect: f64,
}

#[derive(Debug)]
pub(crate) enum Image {
    Svg(Box<usvg::Tree>),
    Png(Vec<u8>),
}

impl Logo {
    /// Reads a logo.
    ///
    /// # Errors
    /// When it is no image, too large, or refers to something outside itself.
    pub fn read(path: &Path) -> Result<Self, PrintError> {
        let wrong = |what: String| PrintError::Logo { path: path.to_owned(), what };
        let bytes = circle_model::files::read_whole(path, MOST_BYTES).map_err(|error| wrong(error.to_string()))?;
        Self::parse(bytes).map_err(wrong)
    }

    /// Reads a logo's bytes.
    ///
    /// # Errors
    /// As [`Logo::read`], in words.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.starts_with(b"\x89PNG") { Self::png(bytes) } else { Self::svg(&bytes) }
    }

    fn png(bytes: Vec<u8>) -> Result<Self, String> {
        let side = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let (Some(width), Some(height)) = (side(16), side(20)) else { return Err("a PNG cut short".to_owned()) };
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
        if text.contains("<!ENTITY") {
            return Err("an SVG with entities of its own; save it as plain SVG".to_owned());
        }
        let fetched = Arc::new(std::sync::Mutex::new(None::<String>));
        let seen = fetched.clone();
        let options = usvg::Options {
            resources_dir: None,
            image_href_resolver: usvg::ImageHrefResolver {
                resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
                resolve_string: Box::new(move |href, _| {
                    if let Ok(mut seen) = seen.lock() {
                        seen.get_or_insert_with(|| href.chars().take(100).collect());
                    }
                    None
                }),
            },
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_str(text, &options)
            .map_err(|error| format!("neither a PNG nor an SVG that can be read: {error}"))?;
        if let Some(href) = fetched.lock().ok().and_then(|seen| seen.clone()) {
            return Err(format!("an SVG that refers to `{href}`; nothing is fetched: embed the picture in it"));
        }
        if text.contains("<text") {
            return Err("an SVG with text; turn its text into paths, so that it looks the same everywhere".to_owned());
        }
        let (width, height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
        if !tree.root().has_children() {
            return Err("an SVG without anything to be seen".to_owned());
        }
        Ok(Self { aspect: (width / height).clamp(0.05, 20.0), image: Arc::new(Image::Svg(Box::new(tree))) })
    }
}
