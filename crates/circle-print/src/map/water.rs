//! Names of rivers and streams, set along their lines.

use super::ground::NamedLine;
use super::labels::Names;
use super::lettering::{Lettering, join, length};
use super::places::Places;
use super::view::View;
use crate::fonts::{Face, Run};
use crate::path::Xy;
use crate::scene::Item;
use crate::style::Style;
use std::collections::{BTreeMap, BTreeSet};

/// Minimum distance between two names of one river, millimetres at A1.
const APART: f64 = 320.0;
/// Size of a river's name and of a stream's, in multiples of a street's.
const SIZES: [f64; 2] = [1.0, 1.45];

/// Sets the names, with those that are set.
pub(super) fn names(
    view: &View,
    style: &Style<'_>,
    rivers: &[NamedLine],
    names: &Names,
    places: &mut Places,
) -> (Vec<Item>, BTreeSet<String>) {
    let mut by_name: BTreeMap<String, (u8, Vec<&[Xy]>)> = BTreeMap::new();
    for river in rivers {
        let Some(name) = names.of_line(&river.name) else { continue };
        let of = by_name.entry(name).or_default();
        of.0 = of.0.max(river.rank);
        of.1.push(&river.line);
    }
    let (mut items, mut set) = (Vec::new(), BTreeSet::new());
    for (name, (rank, lines)) in by_name {
        // A name that no font can write is omitted.
        let Ok(run) = Run::new(&name, Face::Regular) else { continue };
        let mut joined = join(&lines);
        joined.sort_by(|a, b| length(b).total_cmp(&length(a)));
        let mut standing: Vec<Xy> = Vec::new();
        for share in [1.0, 0.75] {
            let size = style.em(style.look.board.sizes.street) * SIZES[usize::from(rank.min(1))] * share;
            let lettering = Lettering {
                run: &run,
                size: size.max(style.smallest()),
                spacing: 0.5,
                colour: style.look.map("label_water"),
                apart: APART * style.scale,
                what: "river",
            };
            for line in &joined {
                items.extend(lettering.along(view, style, line, &mut standing, places));
            }
            if !standing.is_empty() {
                break;
            }
        }
        if !standing.is_empty() {
            set.insert(name);
        }
    }
    (items, set)
}
