//! Towns drawn as text.
//!
//! Capital letters are junctions, `-` and `|` streets, `+` their bends. Small letters and digits are places,
//! on a street where they stand in its line. A street is called by its junctions, the one first in the
//! alphabet being its `from`. Everything else is laid between places.

use super::town::{Estate, Street, Town, profile};
use crate::access::Legs;
use crate::{Network, Status, Walk, times};
use circle_model::city::{EdgeEndFlags, EdgeFlags, MapKind, NodeFlags};
use circle_model::plane::Xy;
use circle_model::{Milliseconds, Point};
use std::collections::BTreeMap;

pub(super) struct Map {
    pub(super) town: Town,
    places: BTreeMap<char, Xy>,
    junctions: BTreeMap<char, u32>,
    streets: Vec<String>,
}

/// A map that can be walked.
pub(super) struct Scene {
    pub(super) network: Network,
    pub(super) town: Town,
    places: BTreeMap<char, Xy>,
    streets: Vec<String>,
}

impl Map {
    /// `scale` metres for a character, across and down.
    pub(super) fn draw(scale: f64, text: &str) -> Self {
        let cells: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        let mut map = Self {
            town: Town::default(),
            places: BTreeMap::new(),
            junctions: BTreeMap::new(),
            streets: Vec::new(),
        };
        let at = |row: usize, column: usize| [column as f64 * scale, -(row as f64) * scale];
        for (row, line) in cells.iter().enumerate() {
            for (column, cell) in line.iter().enumerate().filter(|(_, cell)| cell.is_ascii_alphanumeric()) {
                assert!(map.places.insert(*cell, at(row, column)).is_none(), "`{cell}` is drawn twice");
                if cell.is_ascii_uppercase() {
                    map.junctions.insert(*cell, map.town.junction(at(row, column)));
                }
            }
        }
        for (row, line) in cells.iter().enumerate() {
            for (column, from) in line.iter().enumerate().filter(|(_, cell)| cell.is_ascii_uppercase()) {
                for step in [[0, 1], [1, 0], [0, -1], [-1, 0]] {
                    let Some((to, line)) = follow(&cells, [row, column], step) else { continue };
                    if *from < to {
                        map.streets.push(format!("{from}{to}"));
                        let line = line.into_iter().map(|[row, column]| at(row, column)).collect();
                        let (from, to) = (map.junctions[from], map.junctions[&to]);
                        map.town.streets.push(Street {
                            from,
                            to,
                            line,
                            flags: EdgeFlags::empty(),
                            ends: [EdgeEndFlags::empty(); 2],
                            zone: 0,
                        });
                    }
                }
            }
        }
        map
    }

    fn street(&mut self, name: &str) -> &mut Street {
        let at = self.streets.iter().position(|it| it == name);
        &mut self.town.streets[at.unwrap_or_else(|| panic!("no street {name} in {:?}", self.streets))]
    }

    pub(super) fn tag(mut self, streets: &[&str], flags: EdgeFlags) -> Self {
        streets.iter().for_each(|name| self.street(name).flags |= flags);
        self
    }

    /// Something is passed at a street's end, 0 or 1.
    pub(super) fn passing(mut self, street: &str, end: usize, what: EdgeEndFlags) -> Self {
        self.street(street).ends[end] |= what;
        self
    }

    pub(super) fn zone(mut self, zone: u32, streets: &[&str]) -> Self {
        streets.iter().for_each(|name| self.street(name).zone = zone);
        self
    }

    pub(super) fn locked_gate(mut self, junction: char) -> Self {
        self.town.junctions[self.junctions[&junction] as usize].1 |= NodeFlags::RESTRICTED;
        self
    }

    pub(super) fn shut_gate(mut self, junction: char) -> Self {
        self.town.shut.push(self.junctions[&junction]);
        self
    }

    fn line(&self, places: &str) -> Vec<Xy> {
        places.chars().map(|place| self.places[&place]).collect()
    }

    /// A wall, rails or a waterway from place to place.
    pub(super) fn barrier(mut self, kind: MapKind, places: &str) -> Self {
        self.town.obstacles.push((kind, self.line(places)));
        self
    }

    pub(super) fn wall(self, places: &str) -> Self {
        self.barrier(MapKind::Barrier, places)
    }

    pub(super) fn building(mut self, corners: &str) -> Self {
        let mut ring = self.line(corners);
        ring.push(ring[0]);
        self.town.obstacles.push((MapKind::Building, ring));
        self
    }

    /// A compound, closed when it has a zone.
    pub(super) fn compound(mut self, zone: u32, corners: &str, gates: &str) -> Self {
        let mut outline = self.line(corners);
        outline.push(outline[0]);
        let gates = self.line(gates);
        self.town.estates.push(Estate { outline, zone, parent: 0, gates });
        self
    }

    pub(super) fn facility(mut self, places: &str) -> Self {
        self.town.facilities.push(self.line(places));
        self
    }

    pub(super) fn open(self) -> Scene {
        Scene { network: self.town.network(), town: self.town, places: self.places, streets: self.streets }
    }
}

/// The junction at the other end of the street that leaves `at` by `step`, and its corners.
fn follow(cells: &[Vec<char>], at: [usize; 2], step: [isize; 2]) -> Option<(char, Vec<[usize; 2]>)> {
    let look = |at: [usize; 2], step: [isize; 2]| {
        let next = [at[0].checked_add_signed(step[0])?, at[1].checked_add_signed(step[1])?];
        Some((next, *cells.get(next[0])?.get(next[1])?))
    };
    let along = |step: [isize; 2]| if step[0] == 0 { '-' } else { '|' };
    let (mut at, mut step, mut line) = (at, step, vec![at]);
    let (_, first) = look(at, step)?;
    if first != along(step) {
        return None;
    }
    loop {
        let (next, cell) = look(at, step)?;
        at = next;
        match cell {
            'A'..='Z' => {
                line.push(at);
                return Some((cell, line));
            }
            '+' => {
                line.push(at);
                let turns = [step, [step[1], step[0]], [-step[1], -step[0]]];
                step = turns
                    .into_iter()
                    .find(|turn| look(at, *turn).is_some_and(|(_, cell)| cell == along(*turn)))?;
            }
            'a'..='z' | '0'..='9' => {}
            cell if cell == along(step) => {}
            cell => panic!("a street runs into `{cell}` at {at:?}"),
        }
    }
}

pub(super) const HOUR: Milliseconds = Milliseconds::from_minutes(60);

impl Scene {
    pub(super) fn point(&self, place: char) -> Point {
        self.town.point(self.places[&place])
    }

    pub(super) fn walk(&self, from: char, to: char, profile_id: &str) -> Walk {
        times(&self.network, &profile(profile_id), &[self.point(from)], &[self.point(to)], HOUR)[0]
    }

    pub(super) fn status(&self, from: char, to: char) -> Status {
        self.walk(from, to, "planning").status
    }

    pub(super) fn legs(&self, place: char) -> Legs {
        self.network.legs(self.point(place))
    }

    /// Names of the streets that legs of a place lead to.
    pub(super) fn streets_in_reach(&self, place: char) -> Vec<&str> {
        let mut streets: Vec<&str> =
            self.legs(place).legs.iter().map(|leg| self.streets[leg.edge as usize].as_str()).collect();
        streets.sort_unstable();
        streets.dedup();
        streets
    }

    /// Checks a walk both ways and under both profiles, where legs count 1.5 times: `paid` metres at each speed.
    #[track_caller]
    pub(super) fn assert_paid(&self, from: char, to: char, paid: f64) {
        for (from, to) in [(from, to), (to, from)] {
            self.assert_paid_one_way(from, to, paid);
        }
    }

    #[track_caller]
    pub(super) fn assert_paid_one_way(&self, from: char, to: char, paid: f64) {
        for profile_id in ["planning", "adult"] {
            let walk = self.walk(from, to, profile_id);
            assert_eq!(walk.status, Status::Ok, "{from} to {to} under {profile_id}");
            let found = walk.time.seconds() * profile(profile_id).pace.speed.value();
            assert!(
                (found - paid).abs() < 0.06,
                "{from} to {to} under {profile_id}: {found:.3} m instead of {paid:.3} m; {walk:?}"
            );
        }
    }
}

#[test]
fn a_drawing_is_read_as_it_looks() {
    let map = Map::draw(
        10.0,
        "
        A--p--B   x
        |     |
        |     +--C
        D",
    );
    assert_eq!(map.streets, ["AB", "AD", "BC"]);
    assert_eq!(map.town.streets[2].line.len(), 3);
    let scene = map.open();
    let lengths: Vec<u32> =
        scene.network.city().edges().iter().map(|edge| (edge.length_mm + 500) / 1000).collect();
    assert_eq!(lengths, [60, 30, 50]);
    assert!((scene.point('p').distance_metres(scene.point('x')) - 70.0).abs() < 0.02);
}
