//! Towns drawn as text.

use crate::cancel::Cancel;
use crate::legs::leg::Legs;
use crate::network::Network;
use crate::network::entry_points::times;
use crate::testing::town::{Estate, Street, Town, profile};
use crate::walk::times::{Status, Walk};
use circle_model::city::{EdgeEndFlags, EdgeFlags, MapKind, NodeFlags};
use circle_model::plane::Xy;
use circle_model::{Milliseconds, Point};
use std::collections::BTreeMap;

/// A town drawn as text.
///
/// Capital letters are junctions, `-` and `|` streets, `+` their bends. Small letters and digits are places,
/// on a street if they stand in its line. The name of a street is the letters of its two junctions, in the
/// order of the alphabet; the first is its `from`. Everything else is added between places.
///
/// ```
/// use circle_model::city::EdgeFlags;
/// use circle_reach::testing::Map;
///
/// let scene = Map::draw(10.0, "
///     A---p---B
///     |       |
///     C-------D").tag(&["AB"], EdgeFlags::STEPS).open();
/// assert_eq!(scene.streets_in_reach('p'), ["AB"]);
/// ```
#[derive(Debug)]
pub struct Map {
    /// The town as drawn so far.
    pub town: Town,
    places: BTreeMap<char, Xy>,
    junctions: BTreeMap<char, u32>,
    streets: Vec<String>,
}

/// A drawn town and its network.
#[derive(Debug)]
pub struct Scene {
    /// The network.
    pub network: Network,
    /// The town.
    pub town: Town,
    places: BTreeMap<char, Xy>,
    streets: Vec<String>,
}

impl Map {
    /// Draws a town; a character stands for `scale` metres, across and down.
    ///
    /// # Panics
    /// If a letter is drawn twice, or a street does not lead to a junction.
    pub fn draw(scale: f64, text: &str) -> Self {
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

    /// Adds flags to streets.
    pub fn tag(mut self, streets: &[&str], flags: EdgeFlags) -> Self {
        streets.iter().for_each(|name| self.street(name).flags |= flags);
        self
    }

    /// Adds something that is passed at a street's end, 0 or 1.
    pub fn passing(mut self, street: &str, end: usize, what: EdgeEndFlags) -> Self {
        self.street(street).ends[end] |= what;
        self
    }

    /// Puts streets into a zone.
    pub fn zone(mut self, zone: u32, streets: &[&str]) -> Self {
        streets.iter().for_each(|name| self.street(name).zone = zone);
        self
    }

    /// Locks a gate at a junction: only walkers that start or end behind it pass.
    ///
    /// # Panics
    /// If there is no such junction.
    pub fn locked_gate(mut self, junction: char) -> Self {
        self.town.junctions[self.junctions[&junction] as usize].1 |= NodeFlags::RESTRICTED;
        self
    }

    /// Shuts a gate at a junction: no walk passes.
    ///
    /// # Panics
    /// If there is no such junction.
    pub fn shut_gate(mut self, junction: char) -> Self {
        self.town.shut.push(self.junctions[&junction]);
        self
    }

    fn line(&self, places: &str) -> Vec<Xy> {
        places.chars().map(|place| self.places[&place]).collect()
    }

    /// Adds a wall, rails or a waterway from place to place.
    pub fn barrier(mut self, kind: MapKind, places: &str) -> Self {
        self.town.obstacles.push((kind, self.line(places)));
        self
    }

    /// Adds a wall from place to place.
    pub fn wall(self, places: &str) -> Self {
        self.barrier(MapKind::Barrier, places)
    }

    /// Adds a building.
    pub fn building(mut self, corners: &str) -> Self {
        let mut ring = self.line(corners);
        ring.push(ring[0]);
        self.town.obstacles.push((MapKind::Building, ring));
        self
    }

    /// Adds a compound, which is closed if `zone` is not 0.
    pub fn compound(mut self, zone: u32, corners: &str, gates: &str) -> Self {
        let mut outline = self.line(corners);
        outline.push(outline[0]);
        let gates = self.line(gates);
        self.town.estates.push(Estate { outline, zone, parent: 0, gates });
        self
    }

    /// Adds a facility with an access point at each of some places.
    pub fn facility(mut self, places: &str) -> Self {
        self.town.facilities.push(self.line(places));
        self
    }

    /// Builds the network.
    pub fn open(self) -> Scene {
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

/// A limit that no walk in a drawn town reaches.
pub const HOUR: Milliseconds = Milliseconds::from_minutes(60);

impl Scene {
    /// A drawn place.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn point(&self, place: char) -> Point {
        self.town.point(self.places[&place])
    }

    /// The walk between two places.
    ///
    /// # Panics
    /// If there is no such place or profile.
    pub fn walk(&self, from: char, to: char, profile_id: &str) -> Walk {
        let (from, to) = ([self.point(from)], [self.point(to)]);
        let walks = times(&self.network, &profile(profile_id), &from, &to, HOUR, &Cancel::never());
        walks.expect("never cancelled")[0]
    }

    /// Whether there is a walk between two places.
    pub fn status(&self, from: char, to: char) -> Status {
        self.walk(from, to, "planning").status
    }

    /// The legs of a place.
    pub fn legs(&self, place: char) -> Legs {
        self.network.legs(self.point(place))
    }

    /// Names of the streets that legs of a place lead to.
    pub fn streets_in_reach(&self, place: char) -> Vec<&str> {
        let mut streets: Vec<&str> =
            self.legs(place).legs.iter().map(|leg| self.streets[leg.edge.index()].as_str()).collect();
        streets.sort_unstable();
        streets.dedup();
        streets
    }

    /// Checks the cost of a walk in both directions and under two profiles: its time times the profile's
    /// speed, in metres. Legs cost 1.5 times their length.
    ///
    /// # Panics
    /// If the cost differs by 6 cm or more.
    #[track_caller]
    pub fn assert_cost(&self, from: char, to: char, cost: f64) {
        for (from, to) in [(from, to), (to, from)] {
            self.assert_cost_one_way(from, to, cost);
        }
    }

    /// As [`Scene::assert_cost`], in one direction.
    ///
    /// # Panics
    /// If the cost differs by 6 cm or more.
    #[track_caller]
    pub fn assert_cost_one_way(&self, from: char, to: char, cost: f64) {
        for profile_id in ["planning", "adult"] {
            let walk = self.walk(from, to, profile_id);
            assert_eq!(walk.status, Status::Ok, "{from} to {to} under {profile_id}");
            let found = walk.time.seconds() * profile(profile_id).pace.speed.value();
            assert!(
                (found - cost).abs() < 0.06,
                "{from} to {to} under {profile_id}: {found:.3} m instead of {cost:.3} m; {walk:?}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_become_towns() {
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
}
