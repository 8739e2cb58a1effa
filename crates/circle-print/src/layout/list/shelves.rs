//! The arrangement of the list's sections on shelves: side by side where they fit, else below each other.
//! A heading stands once, above all columns of its section, so that no section is continued elsewhere.

use std::ops::Range;

/// An entry of the list: its section, and its height in units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) section: usize,
    pub(super) units: usize,
}

/// Number of columns of each section, shelf by shelf from the top.
pub(super) type Shape = Vec<Vec<usize>>;

/// The space for the shelves, millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Space {
    pub(super) height: f64,
    /// Height of a unit: half a row with a name on one line.
    pub(super) unit: f64,
    /// Height of a heading.
    pub(super) heading: f64,
    /// Distance between two shelves.
    pub(super) gap: f64,
}

/// The entries that a shape has room for.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    pub(super) chosen: Vec<bool>,
    /// Height of the rows of each section, units.
    pub(super) units: Vec<usize>,
}

/// Units of a row with a name on one line, and of the line that counts the omitted entries. They are equal,
/// so that the last omitted entry always fits in place of its count.
pub(super) const ROW: usize = 2;

/// Chooses as many entries as a shape has room for, in the order of `order`. Afterwards, no omitted entry
/// would fit. `None` if not even the headings fit.
pub(super) fn fill(shape: &[Vec<usize>], slots: &[Slot], order: &[usize], space: &Space) -> Option<Filled> {
    let columns: Vec<usize> = shape.iter().flatten().copied().collect();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); columns.len()];
    for (at, slot) in slots.iter().enumerate() {
        members[slot.section].push(at);
    }
    let mut chosen = vec![false; slots.len()];
    let of = |section: usize, chosen: &[bool]| {
        let mut units: Vec<usize> =
            members[section].iter().filter(|at| chosen[**at]).map(|at| slots[*at].units).collect();
        if units.len() < members[section].len() {
            units.push(ROW);
        }
        balanced(&units, columns[section])
    };
    let mut units: Vec<usize> = (0..columns.len()).map(|section| of(section, &chosen)).collect();
    if height_of(shape, &units, space) > space.height {
        return None;
    }
    // A section that gets its last entry loses its count, which may make room elsewhere: hence the repetition.
    let mut grown = true;
    while grown {
        grown = false;
        let mut full = vec![false; columns.len()];
        for &at in order {
            let Slot { section, units: own } = slots[at];
            if chosen[at] || full[section] {
                continue;
            }
            chosen[at] = true;
            let before = std::mem::replace(&mut units[section], of(section, &chosen));
            if height_of(shape, &units, space) <= space.height {
                grown = true;
            } else {
                chosen[at] = false;
                units[section] = before;
                full[section] = own <= ROW;
            }
        }
    }
    Some(Filled { chosen, units })
}

/// Height of all shelves, millimetres.
pub(super) fn height_of(shape: &[Vec<usize>], units: &[usize], space: &Space) -> f64 {
    let rows: usize = shelf_units(shape, units).iter().sum();
    let gaps = shape.len().saturating_sub(1) as f64 * space.gap;
    shape.len() as f64 * space.heading + rows as f64 * space.unit + gaps
}

/// Height of the rows of each shelf: that of its tallest section.
pub(super) fn shelf_units(shape: &[Vec<usize>], units: &[usize]) -> Vec<usize> {
    let mut sections = units.iter().copied();
    shape.iter().map(|shelf| sections.by_ref().take(shelf.len()).max().unwrap_or(0)).collect()
}

/// All shapes with a number of sections and of columns. Every shelf uses all columns.
pub(super) fn shapes(sections: usize, columns: usize) -> Vec<Shape> {
    if sections == 0 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for first in 1..=sections.min(columns) {
        let lower = shapes(sections - first, columns);
        for shelf in divisions(columns, first) {
            found.extend(lower.iter().map(|lower| {
                let mut shape = vec![shelf.clone()];
                shape.extend_from_slice(lower);
                shape
            }));
        }
    }
    found
}

/// All ways to divide columns among parts, at least one for each.
fn divisions(columns: usize, parts: usize) -> Vec<Vec<usize>> {
    if parts == 1 {
        return vec![vec![columns]];
    }
    let mut found = Vec::new();
    for first in 1..=columns + 1 - parts {
        for mut rest in divisions(columns - first, parts - 1) {
            rest.insert(0, first);
            found.push(rest);
        }
    }
    found
}

/// Least height of columns that hold rows in their order.
fn balanced(units: &[usize], columns: usize) -> usize {
    let total: usize = units.iter().sum();
    let tallest = units.iter().copied().max().unwrap_or(0);
    let mut height = total.div_ceil(columns).max(tallest);
    while split(units, height).len() > columns {
        height += 1;
    }
    height
}

/// Divides rows into columns of at most `height` units. A column has at least one row, unless there is none.
pub(super) fn split(units: &[usize], height: usize) -> Vec<Range<usize>> {
    let mut columns = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, of) in units.iter().enumerate() {
        if used + of > height && at > start {
            columns.push(start..at);
            (start, used) = (at, 0);
        }
        used += of;
    }
    columns.push(start..units.len());
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: Space = Space { height: 24.0, unit: 1.0, heading: 2.0, gap: 1.0 };

    /// Entries of some sections, in turn, all with the same height.
    fn slots(counts: &[usize], units: usize) -> Vec<Slot> {
        let of = |(section, count): (usize, &usize)| vec![Slot { section, units }; *count];
        counts.iter().enumerate().flat_map(of).collect()
    }

    fn shown(shape: &[Vec<usize>], slots: &[Slot], space: &Space) -> usize {
        let order: Vec<usize> = (0..slots.len()).collect();
        fill(shape, slots, &order, space).map_or(0, |it| it.chosen.iter().filter(|it| **it).count())
    }

    #[test]
    fn rows_are_balanced_over_columns_in_their_order() {
        assert_eq!(balanced(&[2; 7], 3), 6);
        assert_eq!(split(&[2; 7], 6), [0..3, 3..6, 6..7]);
        assert_eq!(balanced(&[2, 3, 2, 5], 2), 7);
        assert_eq!(balanced(&[], 2), 0);
    }

    #[test]
    fn every_shape_uses_all_columns_and_every_section_once() {
        for shape in shapes(3, 3) {
            assert!(shape.iter().all(|shelf| shelf.iter().sum::<usize>() == 3), "{shape:?}");
            assert_eq!(shape.iter().map(Vec::len).sum::<usize>(), 3, "{shape:?}");
        }
        assert!(shapes(3, 3).contains(&vec![vec![1, 1, 1]]));
        assert!(shapes(2, 3).contains(&vec![vec![1, 2]]));
        assert_eq!(shapes(3, 1), [vec![vec![1], vec![1], vec![1]]]);
    }

    #[test]
    fn a_section_with_many_entries_gets_two_columns_under_one_heading() {
        let slots = slots(&[2, 20], ROW);
        let shape = [vec![1, 2]];
        assert_eq!(shown(&shape, &slots, &SPACE), 22);
        assert_eq!(shown(&[vec![1, 1]], &slots, &SPACE), 12);
    }

    #[test]
    fn an_omitted_entry_never_fits() {
        for counts in [[3, 30, 9], [40, 1, 1], [12, 12, 12]] {
            let mut slots = slots(&counts, ROW);
            slots.iter_mut().step_by(5).for_each(|slot| slot.units = 3);
            let order: Vec<usize> = (0..slots.len()).collect();
            for shape in shapes(3, 3) {
                let Some(filled) = fill(&shape, &slots, &order, &SPACE) else { continue };
                assert!(height_of(&shape, &filled.units, &SPACE) <= SPACE.height, "{shape:?}");
                for at in (0..slots.len()).filter(|at| !filled.chosen[*at]) {
                    let mut more = filled.chosen.clone();
                    more[at] = true;
                    let section = slots[at].section;
                    let members = slots.iter().zip(&more).filter(|(slot, _)| slot.section == section);
                    let mut units: Vec<usize> =
                        members.clone().filter(|(_, is)| **is).map(|(slot, _)| slot.units).collect();
                    if units.len() < members.count() {
                        units.push(ROW);
                    }
                    let columns: Vec<usize> = shape.iter().flatten().copied().collect();
                    let mut grown = filled.units.clone();
                    grown[section] = balanced(&units, columns[section]);
                    assert!(height_of(&shape, &grown, &SPACE) > SPACE.height, "{shape:?} has room for {at}");
                }
            }
        }
    }

    #[test]
    fn the_last_omitted_entry_takes_the_place_of_its_count() {
        let space = Space { height: 8.0, ..SPACE };
        assert_eq!(shown(&[vec![1]], &slots(&[3], ROW), &space), 3);
        assert_eq!(shown(&[vec![1]], &slots(&[4], ROW), &space), 2);
    }
}
