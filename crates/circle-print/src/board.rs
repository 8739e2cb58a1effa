//! A finished board and its output formats.

use crate::contents::{contents, data_date};
use crate::error::PrintError;
use crate::layout::{self, Frame};
use crate::map::{self, Places};
use crate::path::Path;
use crate::pdf::pdf;
use crate::png::png;
use crate::scene::{Group, Item, Scene, Shape, Text};
use crate::settings::Settings;
use crate::style::Style;
use crate::svg::{Words, svg};
use circle_model::{Catalogue, GateId};
use circle_reach::{Cancel, Network};

/// Width of the bleed, millimetres.
const BLEED: f64 = 3.0;

/// A board 导视图 for one gate.
#[derive(Debug)]
pub struct Board {
    scene: Scene,
    places: Places,
    map: [f64; 4],
    issuer: Option<String>,
    date: Option<[u16; 3]>,
    dots_per_inch: f64,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Vectors, with the used glyphs embedded.
    Pdf,
    /// Vectors, with every glyph as an outline.
    Svg,
    /// A raster image.
    Png,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Pdf, Self::Png];

    /// The file extension.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// The format of a file extension.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }
}

/// A box on the page that an item of the map occupies. Tests check that no two items overlap.
#[derive(Debug, Clone)]
pub struct PlacedBox {
    /// Kind of item: `marker`, `street`, …
    pub what: &'static str,
    /// Number of the item: a street name consists of several boxes.
    pub thing: usize,
    /// Corners on the page, millimetres.
    pub corners: [[f64; 2]; 4],
}

impl Board {
    /// Draws the board of a gate.
    ///
    /// # Errors
    ///
    /// When the gate is inferred and such gates are excluded, when no way leads from it, when the page is too
    /// small, when a font lacks a character of a name, or when `cancel` is cancelled.
    pub fn draw(
        network: &Network,
        catalogue: &Catalogue,
        settings: &Settings,
        gate: GateId,
        cancel: &Cancel,
    ) -> Result<Self, PrintError> {
        let city = network.city();
        let contents = contents(network, catalogue, settings, gate, cancel)?;
        let style = Style::of(settings, catalogue);
        let frame = Frame::of(&style, city, &contents)?;
        let list = &frame.list;
        let chosen = list.chosen(&style, &contents);
        let mut places = Places::default();
        let bleed = if settings.bleed { BLEED } else { 0.0 };
        let [width, height] = [settings.paper().width, settings.paper().height];
        let ground = Path::rectangle([-bleed, -bleed, width + 2.0 * bleed, height + 2.0 * bleed]);
        let mut items = vec![Item::Shape(Shape {
            path: ground,
            fill: Some(style.paper.into()),
            stroke: None,
            even_odd: false,
        })];
        let group = |name, items| Item::Group(Group { name, about: Vec::new(), clip: None, items });
        items.push(group("head", frame.head));
        items.extend(map::draw(city, &style, &contents, &chosen, frame.map, &mut places)?);
        items.push(group("list", layout::list::draw(&style, &chosen, list)?));
        items.push(group("foot", layout::foot::draw(&style, city, &contents, &chosen, frame.foot, gate)?));
        let title = crate::fonts::clean(&format!(
            "{} {} {}",
            style.settings.title(),
            contents.compound_name,
            contents.gate_name
        ));
        Ok(Self {
            scene: Scene { size: [width, height], bleed, crop_marks: settings.crop_marks, title, items },
            places,
            map: frame.map,
            issuer: settings.issuer.clone(),
            date: data_date(city),
            dots_per_inch: settings.dots_per_inch,
        })
    }

    /// Writes the board in a format.
    ///
    /// # Errors
    ///
    /// As [`Board::pdf`] and [`Board::png`].
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>, PrintError> {
        match format {
            Format::Pdf => self.pdf(),
            Format::Svg => Ok(self.svg().into_bytes()),
            Format::Png => self.png(),
        }
    }

    /// Writes the board as SVG. Its text can be searched and copied, although every glyph is an outline.
    pub fn svg(&self) -> String {
        svg(&self.scene, Words::Searchable)
    }

    /// Writes the board as PDF, with the used glyphs embedded.
    ///
    /// # Errors
    ///
    /// When the PDF library fails.
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        pdf(&self.scene, self.issuer.as_deref(), self.date)
    }

    /// Draws the board as PNG.
    ///
    /// # Errors
    ///
    /// When the picture would have too many pixels.
    pub fn png(&self) -> Result<Vec<u8>, PrintError> {
        png(&self.scene, self.dots_per_inch)
    }

    /// The boxes of all placed items of the map and of every text outside it.
    pub fn placed_boxes(&self) -> Vec<PlacedBox> {
        let items = self.places.placed.iter().enumerate();
        let of_map = items.flat_map(|(thing, placed)| {
            placed.blocks.iter().map(move |block| PlacedBox {
                what: placed.what,
                thing,
                corners: block.corners(),
            })
        });
        let mut boxes: Vec<PlacedBox> = of_map.collect();
        let mut thing = self.places.placed.len();
        texts(&self.scene.items, &mut |text| {
            boxes.push(PlacedBox { what: "text", thing, corners: text_box(text) });
            thing += 1;
        });
        boxes
    }

    /// The map's box: left, top, width, height.
    pub fn map_area(&self) -> [f64; 4] {
        self.map
    }
}

/// Visits every text outside the map.
fn texts(items: &[Item], see: &mut impl FnMut(&Text)) {
    for item in items {
        match item {
            Item::Text(text) => see(text),
            Item::Group(group) if group.name != "map" => texts(&group.items, see),
            _ => {}
        }
    }
}

/// A box around the characters of a line, slightly smaller than its em square.
fn text_box(text: &Text) -> [[f64; 2]; 4] {
    let Some(first) = text.glyphs.first() else { return [[0.0; 2]; 4] };
    let (sin, cos) = first.angle.to_radians().sin_cos();
    [[0.0, -0.82], [1.0, -0.82], [1.0, 0.06], [0.0, 0.06]].map(|[along, down]| {
        let [along, down] = [along * text.width, down * text.size];
        [first.at[0] + along * cos - down * sin, first.at[1] + along * sin + down * cos]
    })
}
