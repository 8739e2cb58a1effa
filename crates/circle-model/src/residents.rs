//! How many people live in a city and in each of its units, inside compounds and outside of them.

use crate::census;
use crate::city::City;
use crate::coordinates::{Bounds, Point};
use crate::grid::SegmentGrid;
use crate::ids::UnitId;

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
    /// A district that lies in the data whole has the residents of the census. Of a compound that nobody knows
    /// anything of, at most as many live on its ground as on that of the others; at the least nobody.
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
        let dense = most_per_square_metre(city);
        for compound in city.compounds() {
            let known = compound.population.residents_range();
            // Nobody has mapped its buildings: that nobody lives there would prove gaps.
            let at_most = || {
                let high = (dense? * f64::from(compound.area_square_metres)).round() as u64;
                Some(Residents { low: 0, likely: 0, high })
            };
            if let Some(residents) = known.or_else(at_most) {
                add(compound.point, residents);
            }
        }
        for building in city.buildings() {
            if building.compound().is_none() && building.residents >= 0.0 {
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

    /// Residents of a unit; `None` where nobody knows of any.
    pub fn unit(&self, unit: UnitId) -> Option<Residents> {
        self.units.get(unit.index()).copied().flatten()
    }
}

/// Residents at the most for each square metre of the compounds of which they are known; `None` where they are of none.
fn most_per_square_metre(city: &City) -> Option<f64> {
    let known = city.compounds().iter().filter(|compound| compound.area_square_metres > 0.0);
    let known = known.filter_map(|compound| {
        Some((compound.population.residents_range()?.high as f64, f64::from(compound.area_square_metres)))
    });
    let (residents, ground) = known.fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    (ground > 0.0).then(|| residents / ground)
}

fn add_to(sum: &mut Option<Residents>, more: Residents) {
    *sum = Some(sum.unwrap_or_default().plus(more));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::{CityTables, Compound, Meta, Population};
    use zerocopy::FromZeros;

    #[test]
    fn a_compound_without_buildings_may_be_as_dense_as_the_others() {
        let compound = |hectares: f32, population: Population| Compound {
            area_square_metres: hectares * 10_000.0,
            population,
            units: [u32::MAX; 4],
            ..Compound::new_zeroed()
        };
        let estimated =
            Population { residents: 1_000, residents_low: 700, residents_high: 1_400, ..Population::NONE };
        let of = |compounds: Vec<Compound>| {
            let tables = CityTables { compounds, ..CityTables::default() };
            ResidentsByUnit::of(&City::from_tables(tables, &Meta::default()).unwrap()).city()
        };
        let known = compound(2.0, estimated);
        assert_eq!(of(vec![known]), Some(Residents { low: 700, likely: 1_000, high: 1_400 }));
        // 1,400 on 2 ha: 4,200 on 6 ha.
        let both = of(vec![known, compound(6.0, Population::NONE)]);
        assert_eq!(both, Some(Residents { low: 700, likely: 1_000, high: 5_600 }));
        assert_eq!(of(vec![compound(6.0, Population::NONE)]), None, "nobody knows of any");
    }
}
