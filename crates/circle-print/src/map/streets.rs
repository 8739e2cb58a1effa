//! Street names, set along the streets' lines.

use super::ground::NamedLine;
use super::labels::Names;
use super::lettering::{Lettering, join, length};
use super::places::Places;
use super::view::View;
use crate::fonts::{Face, Run};
use crate::names::is_chinese;
use crate::path::Xy;
use crate::scene::Item;
use crate::style::Style;
use std::collections::BTreeMap;

/// Minimum distance between two names of one street, millimetres at A1.
const APART: f64 = 210.0;

/// Sets the names, those of the most important streets first.
pub(super) fn names(
    view: &View,
    style: &Style<'_>,
    streets: &[NamedLine],
    allowed: &Names,
    places: &mut Places,
) -> Vec<Item> {
    let mut by_name: BTreeMap<String, (u8, Vec<&[Xy]>)> = BTreeMap::new();
    for street in streets.iter().filter(|street| !is_working_name(&street.name)) {
        let Some(name) = allowed.of_line(&street.name) else { continue };
        let of = by_name.entry(name).or_default();
        of.0 = of.0.max(street.rank);
        of.1.push(&street.line);
    }
    let mut named: Vec<(u8, f64, String, Vec<Vec<Xy>>)> = by_name
        .into_iter()
        .map(|(name, (rank, lines))| {
            let mut joined = join(&lines);
            joined.sort_by(|a, b| length(b).total_cmp(&length(a)));
            let longest = joined.first().map_or(0.0, |line| length(line));
            (rank, longest, name, joined)
        })
        .collect();
    named.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut items = Vec::new();
    for (rank, _, name, lines) in named {
        // A street name that no font can write is omitted; the board is about other things.
        let Ok(run) = Run::new(&name, Face::Regular) else { continue };
        let sizes = &style.look.board.sizes;
        let lettering = Lettering {
            run: &run,
            size: style.em(sizes.street * if rank >= 4 { 1.15 } else { 0.92 }),
            spacing: 0.12,
            colour: style.look.map("label"),
            apart: APART * style.scale,
            what: "street",
        };
        let mut standing: Vec<Xy> = Vec::new();
        for line in &lines {
            items.extend(lettering.along(view, style, line, &mut standing, places));
        }
    }
    items
}

/// Whether a name is that of a plan, which stands on no street sign: 规划路294, 规划崂山路, 香坊南北路17,
/// 松菊路·2022.
fn is_working_name(name: &str) -> bool {
    if name.strip_prefix("规划").is_some_and(|rest| !rest.starts_with(['馆', '展', '局', '院'])) {
        return true;
    }
    let after = name.rfind(['路', '街', '道', '巷']).map_or("", |at| &name[at..]);
    is_chinese(name) && after.chars().any(|character| character.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_plans_are_left_out() {
        for name in
            ["规划路294", "规划61路", "规划崂山路", "规划路33南", "规划街", "香坊南北路17", "松菊路·2022"]
        {
            assert!(is_working_name(name), "{name}");
        }
        for name in ["红军街", "经纬二道街", "规划馆路", "102国道", "G1京哈高速", "5th Avenue", "Route 66"]
        {
            assert!(!is_working_name(name), "{name}");
        }
    }
}
