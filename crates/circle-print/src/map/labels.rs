//! Names of areas: the board's compound, parks, water and large buildings. None lies on the line of a band.

use super::ground::rings_of;
use super::inside::innermost;
use super::places::{Block, Places};
use super::rivers::river_in;
use super::view::View;
use crate::colour::Colour;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::Face;
use crate::names::{clean_name, is_chinese};
use crate::path::Xy;
use crate::scene::Item;
use crate::style::{Style, balanced, fit, set_with_halo};
use circle_model::City;
use circle_model::city::{MapFeature, MapKind};
use circle_model::mainland::in_mainland_china;
use std::collections::BTreeSet;

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

/// The names that the map of a board shows.
#[derive(Debug)]
pub(super) struct Names {
    /// The compound's name on the board and on the map: its own label is the only one with them.
    own: [String; 2],
    /// Whether a name needs a Chinese character.
    chinese: bool,
}

impl Names {
    pub(super) fn of(city: &City, contents: &Contents) -> Self {
        let compound = &city.compounds()[contents.compound.index()];
        Self {
            own: [contents.compound_name.clone(), clean_name(city.text(compound.name))],
            chinese: in_mainland_china(contents.at.lon_lat()),
        }
    }

    /// The cleaned name of a street or river; `None` if its readers cannot read it.
    pub(super) fn of_line(&self, name: &str) -> Option<String> {
        let name = clean_name(name);
        (!name.is_empty() && (!self.chinese || is_chinese(&name))).then_some(name)
    }

    /// The cleaned name of an area or a station; `None` also if public maps must not show it, or if it is the
    /// compound's.
    pub(super) fn of_area(&self, name: &str) -> Option<String> {
        let name = may_be_named(name).then(|| self.of_line(name))??;
        (!self.own.contains(&name)).then_some(name)
    }
}

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
    let of = &city.compounds()[contents.compound.index()];
    let label = Label {
        text: &contents.compound_name,
        at: view.place(of.point),
        size: style.em(style.look.board.sizes.street) * 1.1,
        face: Face::Bold,
        colour: style.here,
        must: true,
    };
    label.set(view, style, places)
}

/// Sets the names of parks and water, then of buildings, the largest first, where there is room. Those of
/// `set` are set already.
pub(super) fn areas(
    view: &View,
    style: &Style<'_>,
    city: &City,
    names: &Names,
    mut set: BTreeSet<String>,
    places: &mut Places,
) -> Vec<Item> {
    let bounds = view.bounds();
    let mut named: Vec<(f64, String, &MapFeature)> = Vec::new();
    for feature in city.features() {
        let kind = feature.map_kind();
        let labelled = matches!(kind, MapKind::Green | MapKind::Water | MapKind::Building);
        if !labelled || !feature.bounds.intersects(&bounds) {
            continue;
        }
        let square = f64::from(feature.area_square_metres) * view.scale * view.scale;
        // A name wider than its area would seem to name something else.
        let least = if kind == MapKind::Building { 160.0 } else { 120.0 } * style.scale * style.scale;
        if square < least {
            continue;
        }
        let of_river = || (kind == MapKind::Water).then(|| river_in(city, feature)).flatten();
        let text = city.text_or_none(feature.name).or_else(of_river);
        if let Some(text) = text.and_then(|name| names.of_area(name)) {
            named.push((square, text, feature));
        }
    }
    let is_building = |feature: &MapFeature| feature.map_kind() == MapKind::Building;
    named.sort_by(|a, b| {
        is_building(a.2).cmp(&is_building(b.2)).then(b.0.total_cmp(&a.0)).then(a.1.cmp(&b.1))
    });
    let mut items = Vec::new();
    for (square, text, feature) in named {
        if set.contains(&text) {
            continue;
        }
        let (colour, share) = match feature.map_kind() {
            MapKind::Green => (style.look.map("label_green"), 0.95),
            MapKind::Water => (style.look.map("label_water"), if square > RIVER { 1.45 } else { 1.0 }),
            _ => (style.look.map("label_minor"), 0.72),
        };
        let size = (style.em(style.look.board.sizes.street) * share).max(style.smallest());
        let tried: Vec<Xy> = if is_building(feature) {
            vec![view.place(feature.bounds.centre())]
        } else {
            // The middle of the part that the map shows: a large area may have its centre elsewhere.
            let middles = innermost(&rings_of(city, view, feature)).into_iter();
            middles
                .take_while(|(_, clear)| *clear > size * 0.5)
                .step_by(5)
                .take(MIDDLES)
                .map(|it| it.0)
                .collect()
        };
        let label = |at: Xy| Label { text: &text, at, size, face: Face::Regular, colour, must: false };
        // A base map name that no font can write is omitted; the board is about other things.
        let drawn = tried
            .into_iter()
            .map(|at| label(at).set(view, style, places).unwrap_or_default())
            .find(|drawn| !drawn.is_empty());
        if let Some(drawn) = drawn {
            set.insert(text);
            items.extend(drawn);
        }
    }
    items
}

/// Area on the page from which water has a larger name, square millimetres.
const RIVER: f64 = 40_000.0;
/// Number of places in an area that are tried for its name.
const MIDDLES: usize = 20;
/// Maximum distance of a name that avoids a line from its place, in multiples of its size.
const NEAR: f64 = 4.0;

/// A name to be set at a place.
struct Label<'a> {
    text: &'a str,
    at: Xy,
    size: f64,
    face: Face,
    colour: Colour,
    /// Whether it may be smaller, farther away, and at last on a line, rather than left out.
    must: bool,
}

impl Label<'_> {
    /// Sets the name on a few lines, centred on its place or slightly beside it.
    fn set(&self, view: &View, style: &Style<'_>, places: &mut Places) -> Result<Vec<Item>, PrintError> {
        let Self { at, size, .. } = *self;
        let (least, most_lines) = if self.must { (0.5, 5) } else { (1.0, 3) };
        let Some(fitted) = fit(style, self.text, self.face, size, least, size * 9.0, most_lines)? else {
            return Ok(Vec::new());
        };
        let fitted = balanced(style, self.text, self.face, size * 9.0, fitted)?;
        let line = fitted.size * 1.15;
        let width = fitted.lines.iter().map(|run| run.width).fold(0.0, f64::max) * fitted.size;
        let half = [width / 2.0 + 0.4 * style.scale, line * fitted.lines.len() as f64 / 2.0];
        let block = |at: Xy| Block { middle: at, half, angle: 0.0 };
        let mut tried = vec![[0.0, 0.0]];
        let rings = if self.must { 14 } else { 3 };
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
        let free: Vec<Xy> = tried
            .into_iter()
            .map(|[dx, dy]| [at[0] + dx, at[1] + dy])
            .filter(|at| {
                let inside = block(*at).corners().iter().all(|corner| view.holds(*corner, style.unit * 0.6));
                inside && places.free(&[block(*at)])
            })
            .collect();
        let is_near = |it: &Xy| (it[0] - at[0]).hypot(it[1] - at[1]) <= size * NEAR;
        let off_lines = free.iter().find(|at| is_near(at) && places.is_off_lines(&block(**at)));
        let Some(at) = off_lines.or(free.first().filter(|_| self.must)).copied() else {
            return Ok(Vec::new());
        };
        places.take(if self.must { "own name" } else { "name" }, vec![block(at)]);
        let first = at[1] - line * (fitted.lines.len() as f64 - 1.0) / 2.0;
        let halo = (style.look.map("halo"), fitted.size * 0.11);
        let lines = fitted.lines.iter().enumerate();
        Ok(lines
            .map(|(number, run)| {
                let at = [at[0], first + line * number as f64];
                set_with_halo(run, at, fitted.size, self.colour, halo)
            })
            .collect())
    }
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

    #[test]
    fn the_compound_is_named_once_and_names_are_in_chinese() {
        let own = ["荣耀上城", "荣耀上城"].map(str::to_owned);
        let names = Names { own, chinese: true };
        for name in ["荣耀上城", "荣耀上城·2021-12", "School of Civil Engineering", "某部队营区"]
        {
            assert_eq!(names.of_area(name), None, "{name}");
        }
        assert_eq!(names.of_area("金桂园 - Jingui Court").as_deref(), Some("金桂园"));
        assert_eq!(names.of_line("公安街").as_deref(), Some("公安街"));
        let names = Names { chinese: false, ..names };
        assert_eq!(names.of_area("Jardim do Morro").as_deref(), Some("Jardim do Morro"));
    }
}
