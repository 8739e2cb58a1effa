//! How many people live in a city and in each of its units, inside compounds and outside of them.

use crate::census;
use crate::city::City;
use crate::coordinates::{Bounds, Point};
use crate::grid::SegmentGrid;

/// How many people live somewhere: a range where they are estimated, three times the same where they were counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Residents {
    /// At the least.
    pub low: u64,
    /// The best guess.
    pub likely: u64,
    /// At the most.
    pub high: u64,
}

impl Residents {
    /// Counted.
    pub const fn counted(count: u64) -> Self {
        Self { low: count, likely: count, high: count }
    }

    const fn plus(self, more: Self) -> Self {
        Self {
            low: self.low.saturating_add(more.low),
            likely: self.likely.saturating_add(more.likely),
            high: self.high.saturating_add(more.high),
        }
    }
}

/// Residents of a city and of each of its units.
#[derive(Debug, Clone)]
pub struct ResidentsByUnit {
    city: Option<Residents>,
    units: Vec<Option<Residents>>,
}

impl ResidentsByUnit {
    /// Adds up those of compounds and of residential buildings outside of all compounds.
    ///
    /// A district that lies in the data whole has the residents of the census.
    pub fn of(city: &City) -> Self {
        let units = city.units();
        let mut sums = vec![None; units.len()];
        let counted: Vec<Option<Residents>> = units
            .iter()
            .map(|unit| {
                let county = census::county(unit.census).filter(|_| unit.clipped == 0)?;
                Some(Residents::counted(county.residents.into()))
            })
            .collect();
        let boxes: Vec<(Point, Point)> = units.iter().map(|unit| unit.bounds.diagonal()).collect();
        let grid = SegmentGrid::build(boxes.iter().copied(), 1000.0);
        let mut elsewhere: Option<Residents> = None;
        let mut add = |at: Point, residents: Residents| {
            let mut holders = Vec::new();
            grid.visit(&Bounds::of([at]), |entry| {
                if city.rings_contain(units[entry.id as usize].rings, at) {
                    holders.push(entry.id as usize);
                }
                true
            });
            holders.sort_unstable();
            holders.dedup();
            for unit in &holders {
                add_to(&mut sums[*unit], residents);
            }
            if !holders.iter().any(|unit| counted[*unit].is_some()) {
                add_to(&mut elsewhere, residents);
            }
        };
        for compound in city.compounds() {
            if let Some(residents) = compound.population.residents_range() {
                add(compound.point, residents);
            }
        }
        for building in city.buildings() {
            if building.compound == u32::MAX && building.residents >= 0.0 {
                let [low, high] = [building.residents_low, building.residents_high];
                let whole = |count: f32| f64::from(count).round() as u64;
                let likely = whole(building.residents);
                let low = if low < 0.0 { likely } else { whole(low).min(likely) };
                let high = if high < 0.0 { likely } else { whole(high).max(likely) };
                add(building.point, Residents { low, likely, high });
            }
        }
        let whole = counted.iter().flatten().copied();
        let all = elsewhere.into_iter().chain(whole).reduce(Residents::plus);
        let units = sums.into_iter().zip(counted).map(|(sum, counted)| counted.or(sum)).collect();
        Self { city: all, units }
    }

    /// Residents of the whole city; `None` where nobody knows of any.
    pub const fn city(&self) -> Option<Residents> {
        self.city
    }

    /// Residents of a unit, by its row; `None` where nobody knows of any.
    pub fn unit(&self, row: u32) -> Option<Residents> {
        self.units.get(row as usize).copied().flatten()
    }
}

fn add_to(sum: &mut Option<Residents>, more: Residents) {
    *sum = Some(sum.unwrap_or_default().plus(more));
}
