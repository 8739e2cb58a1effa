//! Names of areas: the board's compound, parks, water and large buildings.

use super::places::{Block, Places};
use super::view::View;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::Face;
use crate::path::Xy;
use crate::scene::Item;
use crate::style::{Style, fit, set_with_halo};
use circle_model::City;
use circle_model::city::MapKind;

/// Words in names that public maps must not show (地图管理条例; 自然资规〔2023〕2号): military, police, courts and
/// utilities. Words are chosen so that street and park names such as 红军街 and 军乐园 do not match.
const NOT_NAMED: [&str; 40] = [
    "部队",
    "军区",
    "军分区",
    "武警",
    "武装部",
    "军营",
    "军事",
    "军械",
    "营区",
    "人防",
    "公安",
    "警察",
    "派出所",
    "看守所",
    "拘留所",
    "监狱",
    "戒毒",
    "检察院",
    "国安局",
    "国家安全",
    "消防支队",
    "消防大队",
    "消防救援",
    "消防站",
    "变电",
    "电网",
    "供电",
    "发电厂",
    "热电厂",
    "电厂",
    "供水",
    "供热",
    "自来水",
    "水厂",
    "泵站",
    "加压站",
    "污水",
    "油库",
    "弹药",
    "雷达",
];

/// Whether a name is allowed on a public map.
fn may_be_named(name: &str) -> bool {
    !NOT_NAMED.iter().any(|word| name.contains(word))
}

/// Sets the compound's name in it or beside it.
pub(super) fn compound(
    view: &View,
    style: &Style<'_>,
    city: &City,
    contents: &Contents,
    places: &mut Places,
) -> Result<Vec<Item>, PrintError> {
    let size = style.em(style.look.board.sizes.street) * 1.1;
    let of = &city.compounds()[contents.compound.index()];
    let at = view.place(of.point);
    name(view, style, &contents.compound_name, at, size, Face::Bold, style.here, places, true)
}

/// Sets the names of parks and water, then of buildings, the largest first, where there is room.
pub(super) fn areas(view: &View, style: &Style<'_>, city: &City, places: &mut Places) -> Vec<Item> {
    let bounds = view.bounds();
    let mut named: Vec<(f64, &str, Xy, MapKind)> = Vec::new();
    for feature in city.features() {
        let kind = feature.map_kind();
        let labelled = matches!(kind, MapKind::Green | MapKind::Water | MapKind::Building);
        if !labelled || !feature.bounds.intersects(&bounds) {
            continue;
        }
        let Some(text) = city.text_or_none(feature.name).filter(|name| may_be_named(name)) else { continue };
        let square = f64::from(feature.area_square_metres) * view.scale * view.scale;
        // A name wider than its area would seem to name something else.
        let least = if kind == MapKind::Building { 160.0 } else { 120.0 } * style.scale * style.scale;
        if square >= least {
            named.push((square, text, view.place(feature.bounds.centre()), kind));
        }
    }
    named.sort_by(|a, b| {
        let building = |kind| kind == MapKind::Building;
        building(a.3).cmp(&building(b.3)).then(b.0.total_cmp(&a.0)).then(a.1.cmp(b.1))
    });
    let mut items = Vec::new();
    let mut set: Vec<&str> = Vec::new();
    for (_, text, at, kind) in named {
        if set.contains(&text) {
            continue;
        }
        let (colour, share) = match kind {
            MapKind::Green => (style.look.map("label_green"), 0.95),
            MapKind::Water => (style.look.map("label_water"), 1.0),
            _ => (style.look.map("label_minor"), 0.72),
        };
        let size = (style.em(style.look.board.sizes.street) * share).max(style.smallest());
        let drawn = name(view, style, text, at, size, Face::Regular, colour, places, false);
        // A base map name that no font can write is omitted; the board is about other things.
        let drawn = drawn.unwrap_or_default();
        if !drawn.is_empty() {
            set.push(text);
        }
        items.extend(drawn);
    }
    items
}

/// Sets a name on one or two lines, centred on a place or slightly beside it.
#[expect(clippy::too_many_arguments, reason = "each is given once")]
fn name(
    view: &View,
    style: &Style<'_>,
    text: &str,
    at: Xy,
    size: f64,
    face: Face,
    colour: crate::colour::Colour,
    places: &mut Places,
    must: bool,
) -> Result<Vec<Item>, PrintError> {
    let (least, most_lines) = if must { (0.5, 5) } else { (1.0, 3) };
    let Some(fitted) = fit(style, text, face, size, least, size * 9.0, most_lines)? else {
        return Ok(Vec::new());
    };
    let line = fitted.size * 1.15;
    let width = fitted.lines.iter().map(|run| run.width).fold(0.0, f64::max) * fitted.size;
    let half = [width / 2.0 + 0.4 * style.scale, line * fitted.lines.len() as f64 / 2.0];
    let block = |at: Xy| Block { middle: at, half, angle: 0.0 };
    let mut tried = vec![[0.0, 0.0]];
    let rings = if must { 14 } else { 2 };
    for ring in 1..=rings {
        let step = size * 0.8 * f64::from(ring);
        tried.extend([
            [0.0, -step],
            [0.0, step],
            [step, 0.0],
            [-step, 0.0],
            [step, -step],
            [-step, -step],
            [step, step],
            [-step, step],
        ]);
    }
    let found = tried.into_iter().map(|[dx, dy]| [at[0] + dx, at[1] + dy]).find(|at| {
        let inside = block(*at).corners().iter().all(|corner| view.holds(*corner, style.unit * 0.6));
        inside && places.free(&[block(*at)])
    });
    let Some(at) = found else { return Ok(Vec::new()) };
    places.take("name", vec![block(at)]);
    let first = at[1] - line * (fitted.lines.len() as f64 - 1.0) / 2.0;
    let halo = (style.look.map("halo"), fitted.size * 0.11);
    let lines = fitted.lines.iter().enumerate();
    Ok(lines
        .map(|(number, run)| {
            set_with_halo(run, [at[0], first + line * number as f64], fitted.size, colour, halo)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_public_maps_must_not_show_are_rejected() {
        for name in ["某部队营区", "道里公安分局", "南岗变电站"] {
            assert!(!may_be_named(name), "{name}");
        }
        for name in ["兆麟公园", "军乐园", "红军小学"] {
            assert!(may_be_named(name), "{name}");
        }
    }
}
