//! Comparison of two cities on one line: the compounds whose verdict or walk changed.

use super::{Cause, Compared, Judged, Pair, Turn, turn};
use circle_model::{CompoundId, Milliseconds};

/// The changes on one line.
#[derive(Debug, Clone)]
pub struct LineComparison {
    /// Compounds whose verdict or time differs, by compound after; then those that are gone.
    pub changes: Vec<LineChange>,
    /// Number of compounds with the same verdict.
    pub unchanged: usize,
}

/// A compound whose verdict or time differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineChange {
    /// The compound before; `None` if it is new.
    pub before: Option<CompoundId>,
    /// The compound after; `None` if it is gone.
    pub after: Option<CompoundId>,
    /// Direction of the change of the verdict; `None` if only the time differs.
    pub turn: Option<Turn>,
    /// Cause of the change.
    pub cause: Cause,
}

/// Compares the verdicts and the walks to the nearest facility in a column of both coverage tables.
pub fn compare_line(before: Judged<'_>, after: Judged<'_>, column: usize) -> LineComparison {
    let compared = Compared::of(before, after);
    let mut comparison = LineComparison { changes: Vec::new(), unchanged: 0 };
    for &pair in &compared.pairs {
        let (before, after) = pair;
        let verdicts = compared.verdicts(pair, column);
        let turn = turn(verdicts);
        if turn.is_none() && verdicts != [None; 2] {
            comparison.unchanged += 1;
        }
        let cause = match turn {
            Some(turn) => Some(compared.cause(turn, pair, column)),
            None => time_cause(&compared, pair, column),
        };
        comparison.changes.extend(cause.map(|cause| LineChange { before, after, turn, cause }));
    }
    comparison
}

/// Why the walk to the nearest facility takes another time; `None` if it does not.
fn time_cause(compared: &Compared<'_>, pair: Pair, column: usize) -> Option<Cause> {
    let (Some(old), Some(new)) = pair else { return None };
    let nearest = compared.rows(pair, column).map(|row| row.and_then(|row| row.nearest));
    let [was, is] = nearest.map(|nearest| nearest.map(|nearest| nearest.time));
    if was == is {
        return None;
    }
    // No walk is longer than any walk.
    let shorter = is.unwrap_or(Milliseconds(u32::MAX)) < was.unwrap_or(Milliseconds(u32::MAX));
    let sides = compared.sides(shorter, [old, new], column);
    let nearest = sides.nearest?;
    Some(match sides.counterpart() {
        Some(counterpart) => sides.cause(nearest, counterpart),
        None if shorter => Cause::FacilityNew,
        None => Cause::FacilityGone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{Coverage, Judging, coverage};
    use crate::evidence::Evidence;
    use circle_model::city::{Meta, Span, Text};
    use circle_model::{Catalogue, City, RuleSet};
    use circle_reach::testing::{Map, profile};
    use circle_reach::{Cancel, Network};

    /// A compound with its gate at `G`, and clinics at `P` and `Q`, as many of them as asked for.
    fn town(clinics: usize) -> City {
        let map = Map::draw(
            10.0,
            "
             a  d

             b  c
             G-------------------Q--------------------P",
        )
        .compound(0, "abcd", "G")
        .facility("P")
        .facility("Q");
        let catalogue = Catalogue::built_in();
        let mut tables = map.town.tables();
        tables.texts = b"RiversideFarNear".to_vec();
        tables.compounds[0].name = Text { start: 0, len: 9 };
        tables.facility_categories = vec![catalogue.index_of("clinic").unwrap() as u8];
        for (facility, name) in
            tables.facilities.iter_mut().zip([Text { start: 9, len: 3 }, Text { start: 12, len: 4 }])
        {
            facility.categories = Span { start: 0, len: 1 };
            facility.name = name;
        }
        tables.facilities.truncate(clinics);
        tables.access_points.truncate(clinics);
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    fn judged(city: &City) -> Coverage {
        let (catalogue, rules) = (Catalogue::built_in(), RuleSet::built_in().remove(0));
        let judging = Judging {
            catalogue: &catalogue,
            profile: &profile("planning"),
            rules: &rules,
            minutes: &[15],
            evidence: Evidence::AS_MAPPED,
        };
        coverage(&Network::build(city), &judging, &Cancel::never()).unwrap()
    }

    fn compared(before: usize, after: usize) -> LineComparison {
        let cities = [before, after].map(town);
        let tables = [judged(&cities[0]), judged(&cities[1])];
        let column = tables[0].columns.iter().position(|column| column.name == "卫生室").unwrap();
        let [before, after] = [0, 1].map(|at| Judged { city: &cities[at], coverage: &tables[at] });
        compare_line(before, after, column)
    }

    #[test]
    fn a_shorter_walk_is_a_change_without_a_turn() {
        let compound = Some(CompoundId(0));
        let change = |turn, cause| LineChange { before: compound, after: compound, turn, cause };
        let nearer = compared(1, 2);
        assert_eq!((nearer.changes, nearer.unchanged), (vec![change(None, Cause::FacilityNew)], 1));
        let farther = compared(2, 1);
        assert_eq!((farther.changes, farther.unchanged), (vec![change(None, Cause::FacilityGone)], 1));
        let gained = compared(0, 1);
        assert_eq!(gained.changes, [change(Some(Turn::Gained), Cause::FacilityNew)]);
        assert_eq!(gained.unchanged, 0);
        assert!(compared(2, 2).changes.is_empty());
    }
}
