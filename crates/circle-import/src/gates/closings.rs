//! Gates that somebody in the field has found closed for good, by their key, compound or place.

use super::{CLUSTER_METRES, NO_GATE};
use crate::compounds::{Called, DraftCompound};
use crate::own::{Own, OwnCorrection, short};
use circle_model::Point;
use circle_model::city::KeyOf;
use circle_model::identity::may_be_key;
use std::collections::{HashMap, HashSet};

/// All corrections that close gates.
#[derive(Debug, Default)]
pub(super) struct Closings {
    of: Vec<Closing>,
    /// By cell of some 50 m.
    cells: HashMap<(i32, i32), Vec<usize>>,
    /// By the gate's key.
    by_key: HashMap<Box<str>, Vec<usize>>,
}

/// A correction that closes gates.
#[derive(Debug)]
struct Closing {
    correction: OwnCorrection,
    /// The only compound whose gates it may mean.
    compound: Option<usize>,
    /// The gate's key, which goes before the place.
    key: Option<Box<str>>,
    /// Whether the gates at its place are meant, where no gate has the key.
    by_place: bool,
    /// How many gates it has closed.
    gates: u32,
}

/// 10⁻⁷ degrees, more than [`CLUSTER_METRES`] in both directions below 60° north.
const CELL: i32 = 5_000;

fn cell(at: Point) -> (i32, i32) {
    (at.lon.div_euclid(CELL), at.lat.div_euclid(CELL))
}

impl Closings {
    /// Adds a correction. What its `target` names is a compound, else the key of a gate.
    pub(super) fn add(
        &mut self,
        correction: OwnCorrection,
        compounds: &[DraftCompound],
        called: &Called,
        own: &mut Own,
    ) {
        let target = correction.target.as_deref();
        let key: Option<Box<str>> = target.filter(|key| may_be_key(key)).map(Into::into);
        if !correction.placed {
            match key {
                Some(_) => self.push(correction, None, key, false),
                None => own.stale(&correction, NO_GATE),
            }
            return;
        }
        let at = Some(correction.record.point);
        let of_target = target.map(|target| called.find_target(compounds, target, at, own)).transpose();
        let of_column = correction.compound.as_deref();
        let of_column = of_column.map(|name| called.find(compounds, Some(name), at)).transpose();
        match (of_column, of_target) {
            (Ok(column), Ok(target)) => self.push(correction, column.or(target), None, true),
            (Ok(column), Err(_)) if key.is_some() || column.is_some() => {
                self.push(correction, column, key, true);
            }
            (Err(_), Err(_)) if key.is_some() => self.push(correction, None, key, false),
            (Err(why), _) | (_, Err(why)) => own.stale(&correction, &why),
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

    /// Whether one names a key, so that they have to be settled.
    pub(super) fn have_keys(&self) -> bool {
        !self.by_key.is_empty()
    }

    /// Of a key that no gate has: the key that it is now, where a gate has that, else the place of the correction.
    pub(super) fn settle(&mut self, keys: &HashSet<String>, own: &mut Own) {
        for (number, closing) in self.of.iter().enumerate() {
            let Some(key) = closing.key.as_deref().filter(|key| !keys.contains(*key)) else { continue };
            self.by_key.remove(key);
            let present = own.former_keys.get(KeyOf::Gate, key).filter(|present| keys.contains(*present));
            if let Some(present) = present.map(str::to_owned) {
                own.followed_keys.add(KeyOf::Gate, key, &present);
                self.by_key.entry(present.into()).or_default().push(number);
            } else if closing.by_place {
                self.cells.entry(cell(closing.correction.record.point)).or_default().push(number);
            }
        }
    }

    fn meant(&self, compound: usize, point: Point, key: &str) -> Vec<usize> {
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

    pub(super) fn closed(&self, compound: usize, point: Point, key: &str) -> bool {
        !self.meant(compound, point, key).is_empty()
    }

    /// Whether a gate is closed for good; all that close it have done their work.
    pub(super) fn close(&mut self, compound: usize, point: Point, key: &str) -> bool {
        let meant = self.meant(compound, point, key);
        meant.iter().for_each(|number| self.of[*number].gates += 1);
        !meant.is_empty()
    }

    pub(super) fn report(self, own: &mut Own) {
        for Closing { correction, key, by_place, gates, .. } in self.of {
            if gates > 0 {
                let said = format!("{gates} gates are closed for good and left out");
                own.applied(&correction, correction.record.point, &said);
                continue;
            }
            let why = match key.as_deref().map(short) {
                None => "no gate within 20 m of there any more".to_owned(),
                Some(key) if by_place => {
                    format!("no gate has the key `{key}` any more, and none is within 20 m of there")
                }
                Some(key) => format!("no gate has the key `{key}` any more"),
            };
            own.stale(&correction, &why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::{Action, CorrectionOf, Record};

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };
    const THERE: Point = Point { lon: 1_266_100_000, lat: 457_000_000 };

    fn closings(rows: &[(Option<&str>, Option<Point>)], own: &mut Own) -> Closings {
        let mut closings = Closings::default();
        let called = Called::of(&[], &[]);
        for (target, at) in rows {
            let correction = OwnCorrection {
                record: Record { point: at.unwrap_or_default(), ..Record::default() },
                placed: at.is_some(),
                action: Action::Closed,
                of: CorrectionOf::Gate,
                target: target.map(Into::into),
                compound: None,
                new_name: None,
                new_category: None,
                new_point: None,
                signed: "".into(),
            };
            closings.add(correction, &[], &called, own);
        }
        closings
    }

    fn settled(rows: &[(Option<&str>, Option<Point>)], keys: &[&str], own: &mut Own) -> Closings {
        let mut closings = closings(rows, own);
        closings.settle(&keys.iter().map(|key| (*key).to_owned()).collect(), own);
        closings
    }

    #[test]
    fn several_rows_of_one_key_and_of_its_place_close_one_gate_and_all_have_done_so() {
        let rows = [(Some("n1"), None), (Some("n1"), Some(THERE)), (None, Some(HERE))];
        let mut closings = settled(&rows, &["n1", "n2"], &mut Own::default());
        assert!(closings.close(0, HERE, "n1") && !closings.close(0, THERE, "n2"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn a_place_counts_where_no_gate_has_the_key() {
        let rows = [(Some("n9"), Some(HERE)), (Some("n8"), None)];
        let mut closings = settled(&rows, &["n1"], &mut Own::default());
        assert!(closings.close(0, HERE, "n1") && !closings.close(0, THERE, "n2"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn a_former_key_goes_before_the_place() {
        let mut own = Own::default();
        own.former_keys.add(KeyOf::Gate, "n1", "n5");
        own.former_keys.add(KeyOf::Gate, "n2", "n6");
        let rows = [(Some("n1"), Some(HERE)), (Some("n2"), Some(HERE))];
        let mut closings = settled(&rows, &["n5", "n7"], &mut own);
        assert!(closings.close(0, THERE, "n5") && closings.close(0, HERE, "n7"));
        assert_eq!(closings.of.iter().map(|it| it.gates).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(own.followed_keys.pairs(KeyOf::Gate).collect::<Vec<_>>(), [("n1", "n5")]);
    }
}
