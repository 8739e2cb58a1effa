//! Texts of the sheet and the page, Chinese first.

use circle_model::city::{EdgeEndFlags, Facility, OsmKind};
use circle_model::rules::Measure;
use circle_model::{Catalogue, City, FeatureId};
use circle_reach::{Barred, Barrier, Explained, Part, Status, Surface};
use std::fmt::Write;

/// The id of a map object as map editors search for it: `w123`; empty for an object that is not on the map.
pub(super) fn osm(kind: u8, id: i64) -> String {
    match OsmKind::from_code(kind) {
        _ if id == 0 => String::new(),
        OsmKind::Node => format!("n{id}"),
        OsmKind::Way => format!("w{id}"),
        OsmKind::Relation => format!("r{id}"),
        OsmKind::None => String::new(),
    }
}

/// The web page of a map object, from its short id.
pub(super) fn address(osm: &str) -> Option<String> {
    let kind = match osm.get(..1)? {
        "n" => "node",
        "w" => "way",
        "r" => "relation",
        _ => return None,
    };
    let id = osm.get(1..)?.parse::<i64>().ok()?;
    Some(format!("https://www.openstreetmap.org/{kind}/{id}"))
}

/// The map object that a facility is, or was joined with.
pub(super) fn facility_osm(city: &City, facility: &Facility) -> String {
    let own = osm(facility.osm_kind, facility.osm_id);
    if !own.is_empty() {
        return own;
    }
    let origins = &city.origins()[facility.origins.range()];
    origins
        .iter()
        .filter(|it| it.source == 0)
        .map(|it| osm(it.osm_kind, it.osm_id))
        .find(|it| !it.is_empty())
        .unwrap_or_default()
}

/// All records that a facility was made from: `w123; clinics.csv:12`.
pub(super) fn sources(city: &City, facility: &Facility) -> String {
    let label = |origin: &circle_model::city::SourceRecord| match osm(origin.osm_kind, origin.osm_id) {
        short if origin.source == 0 && !short.is_empty() => short,
        _ => city.origin_label(origin),
    };
    let labels: Vec<String> = city.origins()[facility.origins.range()].iter().map(label).collect();
    labels.join("; ")
}

pub(super) fn category<'a>(city: &City, catalogue: &'a Catalogue, facility: &Facility) -> &'a str {
    let first = city.facility_categories()[facility.categories.range()].first();
    let category = first.and_then(|category| catalogue.categories.get(usize::from(*category)));
    category.map_or("", |category| category.id.as_str())
}

pub(super) fn asks(measure: Option<Measure>) -> String {
    match measure {
        Some(Measure::Minutes(minutes)) => format!("步行 {minutes} 分钟内 within {minutes} min on foot"),
        Some(Measure::Metres(metres)) => format!("步行 {metres} 米内 within {metres} m on foot"),
        Some(Measure::OnePer(unit)) => format!("每{}一处 one in each {}", unit.zh(), unit.word()),
        Some(Measure::None) | None => String::new(),
    }
}

pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Ok => "",
        Status::Beyond => "步行超过 240 分钟 beyond 240 min",
        Status::OffNetwork => "不在路网上 off the network",
        Status::NoPath => "没有可走的路 no path",
    }
}

/// The route as text: every leg and way in order.
pub(super) fn route(city: &City, explained: &Explained) -> String {
    let parts: Vec<String> = explained.parts.iter().map(|part| part_in_words(city, part)).collect();
    parts.join(" → ")
}

fn part_in_words(city: &City, part: &Part) -> String {
    let mut words = match part.surface {
        Surface::Leg => "空地 open ground".to_owned(),
        Surface::Straight => "直接走到 straight".to_owned(),
        Surface::Way(way, steps) => {
            let Some(way) = city.features().get(way.index()) else { return String::new() };
            let name = city.text_or_none(way.name).unwrap_or("无名路");
            let class = if steps { "steps" } else { city.text(way.class) };
            format!("{name} {class} {}", osm(way.osm_kind, way.osm_id))
        }
    };
    let _ = write!(words, " {} m", whole(part.length.0));
    for wait in &part.waits {
        let what = match wait.what {
            EdgeEndFlags::SIGNALS => "等灯 signals",
            EdgeEndFlags::CROSSING => "过街 crossing",
            EdgeEndFlags::LIFT => "电梯 lift",
            EdgeEndFlags::GATE => "开门 gate",
            _ => "天桥 footbridge",
        };
        let _ = write!(words, " ({what} {} s)", whole(wait.time.0));
    }
    words
}

/// Rounds thousandths to units.
fn whole(thousandths: u32) -> u32 {
    (thousandths.saturating_add(500)) / 1000
}

/// The barriers to a shorter walk.
pub(super) fn barred(city: &City, barred: &[Barred]) -> Vec<String> {
    let in_words = |it: &Barred| {
        let feature = |id: FeatureId| &city.features()[id.index()];
        match it.by {
            Barrier::ClosedCompound(id) => {
                let compound = &city.compounds()[id.index()];
                format!("封闭小区 closed compound {}", city.text(compound.name))
            }
            Barrier::RestrictedWay(id) => {
                format!("限行道路 restricted way {}", osm(feature(id).osm_kind, feature(id).osm_id))
            }
            Barrier::Wall(id) => format!("墙 wall {}", osm(feature(id).osm_kind, feature(id).osm_id)),
            Barrier::LockedGate(node) => {
                format!("锁闭的门 locked gate n{}", city.nodes()[node.index()].osm_id)
            }
        }
    };
    let mut words: Vec<String> = barred.iter().map(in_words).collect();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn map_objects_have_a_short_id_and_a_page() {
        assert_eq!(osm(OsmKind::Way.code(), 12), "w12");
        assert_eq!(osm(OsmKind::None.code(), 12), "");
        assert_eq!(osm(OsmKind::Node.code(), 0), "");
        assert_eq!(address("r7").unwrap(), "https://www.openstreetmap.org/relation/7");
        for none in ["", "x1", "w", "w1\"", "号1"] {
            assert_eq!(address(none), None);
        }
    }
}
