//! Names of railway and metro stations, each with a pictogram at its place.

use super::labels::Names;
use super::markers::symbol;
use super::places::{Block, Places};
use super::view::View;
use crate::colour::Colour;
use crate::fonts::{Face, Run};
use crate::listed::Listed;
use crate::names::is_chinese;
use crate::path::{Path, Xy};
use crate::scene::{Item, Shape, Stroke};
use crate::style::{Style, set_with_halo};
use circle_model::City;
use circle_model::city::MapKind;
use std::collections::BTreeSet;

/// Sets the stations that the list does not have, in the order of the map, with their names.
pub(super) fn stations(
    view: &View,
    style: &Style<'_>,
    city: &City,
    names: &Names,
    listed: &Listed,
    places: &mut Places,
) -> Vec<Item> {
    let bounds = view.bounds();
    let entries = listed.sections.iter().flat_map(|section| &section.entries);
    let mut set: BTreeSet<String> = entries.map(|(_, entry)| with_station(&entry.name)).collect();
    let mut items = Vec::new();
    for feature in city.features() {
        if feature.map_kind() != MapKind::Place
            || city.text(feature.class) != "station"
            || !feature.bounds.intersects(&bounds)
        {
            continue;
        }
        let Some(name) = city.text_or_none(feature.name).and_then(|name| names.of_area(name)) else {
            continue;
        };
        let name = with_station(&name);
        if set.contains(&name) {
            continue;
        }
        let at = view.place(feature.bounds.centre());
        // A name that no font can write is omitted.
        let Ok(run) = Run::new(&name, Face::Regular) else { continue };
        let drawn = station(view, style, &run, at, places);
        if !drawn.is_empty() {
            set.insert(name);
        }
        items.extend(drawn);
    }
    items
}

/// The name with the word for station: 医大一院 is a hospital, 医大一院站 its station.
fn with_station(name: &str) -> String {
    let word = if is_chinese(name) && !name.ends_with('站') { "站" } else { "" };
    format!("{name}{word}")
}

/// Draws a station at a place: the pictogram, and the name right or left of it, below it or above it.
fn station(view: &View, style: &Style<'_>, run: &Run, at: Xy, places: &mut Places) -> Vec<Item> {
    let size = style.em(style.look.board.sizes.street);
    let side = size * 1.25;
    let width = run.width * size;
    let beside = side / 2.0 + width / 2.0 + size * 0.3;
    let below = side / 2.0 + size * 0.65;
    let sign = Block::around(at, side / 2.0);
    let text = |[dx, dy]: Xy| Block {
        middle: [at[0] + dx, at[1] + dy],
        half: [width / 2.0 + size * 0.1, size * 0.58],
        angle: 0.0,
    };
    let fits = |block: &Block| {
        block.corners().iter().all(|corner| view.holds(*corner, style.unit * 0.6))
            && places.free(std::slice::from_ref(block))
    };
    if !fits(&sign) {
        return Vec::new();
    }
    let around = [[beside, 0.0], [-beside, 0.0], [0.0, below], [0.0, -below]].map(text);
    let Some(text) = around.into_iter().find(|block| fits(block) && places.is_off_lines(block)) else {
        return Vec::new();
    };
    places.take("station", vec![sign, text]);
    let colour = style.look.map("label");
    vec![
        Item::Shape(Shape {
            path: Path::rounded([at[0] - side / 2.0, at[1] - side / 2.0, side, side], side * 0.2),
            fill: Some(colour.into()),
            stroke: Some(Stroke::solid(Colour::WHITE, 0.4 * style.scale)),
            even_odd: false,
        }),
        symbol("metro", at, side * 0.8, Colour::WHITE),
        set_with_halo(run, text.middle, size, colour, (style.look.map("halo"), size * 0.11)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_called_a_station() {
        for (name, written) in
            [("医大一院", "医大一院站"), ("哈尔滨西站", "哈尔滨西站"), ("Schaan-Vaduz", "Schaan-Vaduz")]
        {
            assert_eq!(with_station(name), written);
        }
    }
}
