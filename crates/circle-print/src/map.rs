//! The map of a board: heads-up, clipped to the extent of the longest band.

mod bands;
mod furniture;
mod ground;
mod labels;
mod markers;
mod places;
mod streets;
mod view;

pub(crate) use bands::{label_colour, opacity, pattern};
pub(crate) use markers::{number, symbol};
pub(crate) use places::Places;

use crate::contents::{Contents, Listed};
use crate::error::PrintError;
use crate::path::Path;
use crate::scene::{Group, Item, Shape, Stroke};
use crate::style::Style;
use circle_model::City;
use view::View;

/// Draws the map into a box of the page: left, top, width, height.
///
/// # Errors
///
/// When a font lacks a character of a name.
pub(crate) fn draw(
    city: &City,
    style: &Style<'_>,
    contents: &Contents,
    listed: &Listed,
    area: [f64; 4],
    places: &mut Places,
) -> Result<Vec<Item>, PrintError> {
    let view = View::of(contents, area, style);
    let drawn = ground::draw(city, &view, style);
    let mut items = drawn.below;
    let on_land = |items| {
        Item::Group(Group { name: "bands", about: Vec::new(), clip: Some(drawn.land.clone()), items })
    };
    items.push(on_land(bands::fill(&view, style, &contents.bands)));
    items.extend(drawn.streets);
    items.push(on_land(bands::outline(&view, style, &contents.bands)));
    items.extend(ground::compound(city, &view, style, contents.compound));
    // Items that must be visible are placed first; names use the remaining room.
    let mut top = furniture::draw(&view, style, places)?;
    top.extend(furniture::here(&view, style, contents, places)?);
    markers::keep_clear(&view, style, listed, places);
    let band_labels = bands::labels(&view, style, &contents.bands, places)?;
    let marks = markers::draw(&view, style, listed, places)?;
    let mut names = labels::compound(&view, style, city, contents, places)?;
    names.extend(labels::areas(&view, style, city, places));
    names.extend(streets::names(&view, style, &drawn.named, places));
    items.extend(names);
    items.extend(band_labels);
    items.extend(marks);
    items.extend(top);
    let radius = style.unit * 0.8;
    let frame = Path::rounded(area, radius);
    let rim = Shape {
        path: frame.clone(),
        fill: None,
        stroke: Some(Stroke::solid(style.look.page("line"), style.hairline * 2.0)),
        even_odd: false,
    };
    Ok(vec![
        Item::Group(Group { name: "map", about: Vec::new(), clip: Some(frame), items }),
        Item::Shape(rim),
    ])
}
