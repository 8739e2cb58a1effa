//! Corrections that close gates for good, by key, compound or place.

use super::street_gates::CLUSTER_METRES;
use crate::compounds::{CompoundNames, DraftCompound};
use crate::own::{OwnCorrection, Report};
use circle_model::Point;
use circle_model::city::KeyOf;
use circle_model::identity::may_be_key;
use circle_sheet::excerpt;
use std::collections::{HashMap, HashSet};

/// The reason why a correction of gates without key and place cannot be applied.
pub(super) const NO_GATE: &str = "a gate can be closed, by its key or place, or new, with its place";

/// All corrections that close gates.
#[derive(Debug, Default)]
pub(super) struct Closings {
    of: Vec<Closing>,
    /// Positions in `of` by cell of about 50 m.
    cells: HashMap<(i32, i32), Vec<usize>>,
    /// Positions in `of` by key of the gate.
    by_key: HashMap<Box<str>, Vec<usize>>,
}

/// A correction that closes gates.
#[derive(Debug)]
struct Closing {
    correction: OwnCorrection,
    /// The only compound whose gates it may close.
    compound: Option<usize>,
    /// The key of the gate, which takes precedence over the place.
    key: Option<Box<str>>,
    /// Whether it closes the gates at its place if no gate has the key.
    by_place: bool,
    /// Count of gates that it closed.
    gates: u32,
}

/// Side of a cell in 10⁻⁷ degrees, more than [`CLUSTER_METRES`] in both directions below 60° north.
const CELL: i32 = 5_000;

fn cell(at: Point) -> (i32, i32) {
    (at.lon.div_euclid(CELL), at.lat.div_euclid(CELL))
}

impl Closings {
    /// Adds a correction. Its `target` is a compound or else the key of a gate.
    pub(super) fn add(
        &mut self,
        correction: OwnCorrection,
        compounds: &[DraftCompound],
        named: &CompoundNames,
        report: &mut Report<'_>,
    ) {
        let target = correction.target.as_deref();
        let key: Option<Box<str>> = target.filter(|key| may_be_key(key)).map(Into::into);
        if !correction.placed {
            match key {
                Some(_) => self.push(correction, None, key, false),
                None => report.stale(&correction, NO_GATE),
            }
            return;
        }
        let at = Some(correction.record.point);
        let of_target = target.map(|target| named.find_target(compounds, target, at, report)).transpose();
        let of_column = correction.compound.as_deref();
        let of_column = of_column.map(|name| named.find(compounds, Some(name), at)).transpose();
        match (of_column, of_target) {
            (Ok(column), Ok(target)) => self.push(correction, column.or(target), None, true),
            (Ok(column), Err(_)) if key.is_some() || column.is_some() => {
                self.push(correction, column, key, true);
            }
            (Err(_), Err(_)) if key.is_some() => self.push(correction, None, key, false),
            (Err(why), _) | (_, Err(why)) => report.stale(&correction, &why),
        }
    }

    fn push(
        &mut self,
        correction: OwnCorrection,
        compound: Option<usize>,
        key: Option<Box<str>>,
        by_place: bool,
    ) {
        let number = self.of.len();
        match &key {
            Some(key) => self.by_key.entry(key.clone()).or_default().push(number),
            None => self.cells.entry(cell(correction.record.point)).or_default().push(number),
        }
        self.of.push(Closing { correction, compound, key, by_place, gates: 0 });
    }

    /// Whether a correction names a key, so that [`Closings::settle`] is needed.
    pub(super) fn have_keys(&self) -> bool {
        !self.by_key.is_empty()
    }

    /// Replaces the keys that no gate has: by the present key if a gate has it, else by the place of the
    /// correction.
    pub(super) fn settle(&mut self, keys: &HashSet<String>, report: &mut Report<'_>) {
        for (number, closing) in self.of.iter().enumerate() {
            let Some(key) = closing.key.as_deref().filter(|key| !keys.contains(*key)) else { continue };
            self.by_key.remove(key);
            let present = report.present_key(KeyOf::Gate, key).filter(|present| keys.contains(*present));
            if let Some(present) = present.map(str::to_owned) {
                report.follow(KeyOf::Gate, key, &present);
                self.by_key.entry(present.into()).or_default().push(number);
            } else if closing.by_place {
                self.cells.entry(cell(closing.correction.record.point)).or_default().push(number);
            }
        }
    }

    /// Positions of the corrections that close a gate.
    fn closing(&self, compound: usize, point: Point, key: &str) -> Vec<usize> {
        if self.of.is_empty() {
            return Vec::new();
        }
        let of_key = self.by_key.get(key).into_iter().flatten().copied();
        let (x, y) = cell(point);
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let near = around.filter_map(|cell| self.cells.get(&cell)).flatten().copied();
        let near = near.filter(|number| {
            let Closing { correction, compound: of, .. } = &self.of[*number];
            of.is_none_or(|of| of == compound)
                && correction.record.point.distance_metres(point) <= CLUSTER_METRES
        });
        of_key.chain(near).collect()
    }

    /// Whether a gate is closed for good.
    pub(super) fn is_closed(&self, compound: usize, point: Point, key: &str) -> bool {
        !self.closing(compound, point, key).is_empty()
    }

    /// As [`Closings::is_closed`]; counts the gate for all corrections that close it.
    pub(super) fn close(&mut self, compound: usize, point: Point, key: &str) -> bool {
        let closing = self.closing(compound, point, key);
        closing.iter().for_each(|number| self.of[*number].gates += 1);
        !closing.is_empty()
    }

    /// Reports the corrections as applied or stale.
    pub(super) fn report(self, report: &mut Report<'_>) {
        for Closing { correction, key, by_place, gates, .. } in self.of {
            if gates > 0 {
                let message = format!("{gates} gates are closed for good and left out");
                report.applied(&correction, correction.record.point, &message);
                continue;
            }
            let why = match key.as_deref().map(excerpt) {
                None => "no gate within 20 m of there any more".to_owned(),
                Some(key) if by_place => {
                    format!("no gate has the key `{key}` any more, and none is within 20 m of there")
                }
                Some(key) => format!("no gate has the key `{key}` any more"),
            };
            report.stale(&correction, &why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::{CorrectedThing, CorrectionAction, Record};
    use circle_model::city::FollowedKeys;

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };
    const THERE: Point = Point { lon: 1_266_100_000, lat: 457_000_000 };

    fn closings(rows: &[(Option<&str>, Option<Point>)], report: &mut Report<'_>) -> Closings {
        let mut closings = Closings::default();
        let named = CompoundNames::of(&[], &[]);
        for (target, at) in rows {
            let correction = OwnCorrection {
                record: Record { point: at.unwrap_or_default(), ..Record::default() },
                placed: at.is_some(),
                action: CorrectionAction::Closed,
                of: CorrectedThing::Gate,
                target: target.map(Into::into),
                compound: None,
                new_name: None,
                new_category: None,
                new_point: None,
                signature: "".into(),
            };
            closings.add(correction, &[], &named, report);
        }
        closings
    }

    fn settled(rows: &[(Option<&str>, Option<Point>)], keys: &[&str], report: &mut Report<'_>) -> Closings {
        let mut closings = closings(rows, report);
        closings.settle(&keys.iter().map(|key| (*key).to_owned()).collect(), report);
        closings
    }

    #[test]
    fn several_corrections_of_one_gate_all_count_it() {
        let rows = [(Some("n1"), None), (Some("n1"), Some(THERE)), (None, Some(HERE))];
        let mut closings = settled(&rows, &["n1", "n2"], &mut Report::empty());
        assert!(closings.close(0, HERE, "n1") && !closings.close(0, THERE, "n2"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn the_place_decides_if_no_gate_has_the_key() {
        let rows = [(Some("n9"), Some(HERE)), (Some("n8"), None)];
        let mut closings = settled(&rows, &["n1"], &mut Report::empty());
        assert!(closings.close(0, HERE, "n1") && !closings.close(0, THERE, "n2"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn a_former_key_comes_before_the_place() {
        let mut former_keys = FollowedKeys::default();
        former_keys.add(KeyOf::Gate, "n1", "n5");
        former_keys.add(KeyOf::Gate, "n2", "n6");
        let mut report = Report::new(&[], &former_keys);
        let rows = [(Some("n1"), Some(HERE)), (Some("n2"), Some(HERE))];
        let mut closings = settled(&rows, &["n5", "n7"], &mut report);
        assert!(closings.close(0, THERE, "n5") && closings.close(0, HERE, "n7"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 1]);
        let followed = report.finish([]).followed_keys;
        assert_eq!(followed.pairs(KeyOf::Gate).collect::<Vec<_>>(), [("n1", "n5")]);
    }
}
