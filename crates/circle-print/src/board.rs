//! A finished board, and its formats.

use crate::contents::contents;
use crate::error::PrintError;
use crate::layout::{self, Frame};
use crate::map::{self, Places};
use crate::pdf::pdf;
use crate::png::png;
use crate::scene::{Group, Item, Path, Scene, Shape, Text};
use crate::settings::Settings;
use crate::style::Style;
use crate::svg::{Words, svg};
use circle_model::{Catalogue, City, GateId};
use circle_reach::Network;

/// Millimetres beyond each edge, to be cut off.
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

/// How a board is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Vectors with the fonts' glyphs embedded.
    Pdf,
    /// Vectors, every glyph an outline.
    Svg,
    /// A picture.
    Png,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Pdf, Self::Png];

    /// What its files' names end in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// The format of that ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }
}

/// A box that something of the map stands in, for who checks that nothing lies on anything else.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What it is: `marker`, `street`, …
    pub what: &'static str,
    /// Number of the thing: a street's name is one of several boxes.
    pub thing: usize,
    /// Corners on the page, millimetres.
    pub corners: [[f64; 2]; 4],
}

impl Board {
    /// Draws the board of a gate.
    ///
    /// # Errors
    /// When the gate is inferred and that is not asked for, leads nowhere, the page is too small, or a name cannot be set.
    pub fn draw(
        network: &Network,
        catalogue: &Catalogue,
        settings: &Settings,
        gate: GateId,
    ) -> Result<Self, PrintError> {
        let city = network.city();
        let said = contents(network, catalogue, settings, gate)?;
        let style = Style::of(settings, catalogue);
        let frame = Frame::of(&style, city, &said)?;
        let list = &frame.list;
        let chosen = list.chosen(&style, &said);
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
        items.extend(map::draw(city, &style, &said, &chosen, frame.map, &mut places)?);
        items.push(group("list", layout::list::draw(&style, &chosen, list)?));
        items.push(group("foot", layout::foot::draw(&style, city, &said, &chosen, frame.foot, gate)?));
        let title = crate::fonts::clean(&format!(
            "{} {} {}",
            style.settings.title(),
            said.compound_name,
            said.gate_name
        ));
        Ok(Self {
            scene: Scene { size: [width, height], bleed, crop_marks: settings.crop_marks, title, items },
            places,
            map: frame.map,
            issuer: settings.issuer.clone(),
            date: date(city),
            dots_per_inch: settings.dots_per_inch,
        })
    }

    /// In a format.
    ///
    /// # Errors
    /// As [`Board::pdf`] and [`Board::png`].
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>, PrintError> {
        match format {
            Format::Pdf => self.pdf(),
            Format::Svg => Ok(self.svg().into_bytes()),
            Format::Png => self.png(),
        }
    }

    /// As SVG; its text is found and copied, though every glyph is an outline.
    pub fn svg(&self) -> String {
        svg(&self.scene, Words::Searchable)
    }

    /// As PDF, with the glyphs it needs embedded.
    ///
    /// # Errors
    /// As the library says.
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        pdf(&self.scene, self.issuer.as_deref(), self.date)
    }

    /// As PNG.
    ///
    /// # Errors
    /// When it would have too many pixels.
    pub fn png(&self) -> Result<Vec<u8>, PrintError> {
        png(&self.scene, self.dots_per_inch)
    }

    /// What stands where: everything of the map that has a place of its own, and every text beside it.
    pub fn standing(&self) -> Vec<Standing> {
        let things = self.places.placed.iter().enumerate();
        let boxes = things.flat_map(|(thing, placed)| {
            placed.blocks.iter().map(move |block| Standing {
                what: placed.what,
                thing,
                corners: block.corners(),
            })
        });
        let mut standing: Vec<Standing> = boxes.collect();
        let mut thing = self.places.placed.len();
        texts(&self.scene.items, &mut |text| {
            standing.push(Standing { what: "text", thing, corners: text_box(text) });
            thing += 1;
        });
        standing
    }

    /// The map's box: left, top, width, height.
    pub fn map_area(&self) -> [f64; 4] {
        self.map
    }
}

/// Every text but the map's.
fn texts(items: &[Item], see: &mut impl FnMut(&Text)) {
    for item in items {
        match item {
            Item::Text(text) => see(text),
            Item::Group(group) if group.name != "map" => texts(&group.items, see),
            _ => {}
        }
    }
}

/// Around the characters of a line: a little less than its em square.
fn text_box(text: &Text) -> [[f64; 2]; 4] {
    let Some(first) = text.glyphs.first() else { return [[0.0; 2]; 4] };
    let (sin, cos) = first.angle.to_radians().sin_cos();
    [[0.0, -0.82], [1.0, -0.82], [1.0, 0.06], [0.0, 0.06]].map(|[along, down]| {
        let [along, down] = [along * text.width, down * text.size];
        [first.at[0] + along * cos - down * sin, first.at[1] + along * sin + down * cos]
    })
}

/// Year, month and day of the map data.
pub(crate) fn date(city: &City) -> Option<[u16; 3]> {
    let date = city.meta().data_date.as_deref()?;
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
