//! Residents of a city and of each of its units, inside and outside compounds.

use super::Residents;
use crate::census;
use crate::city::City;
use crate::coordinates::{Bounds, Point};
use crate::grid::SegmentGrid;
use crate::ids::UnitId;

/// Residents of a city and of each of its units.
#[derive(Debug, Clone)]
pub struct ResidentsByUnit {
    city: Option<Residents>,
    units: Vec<Option<Residents>>,
}

impl ResidentsByUnit {
    /// Sums the residents of compounds and of residential buildings outside all compounds.
    ///
    /// A district that is completely in the data has the residents of the census. A compound of unknown
    /// population adds nobody to the lower estimate; to the upper one it adds residents at the density of the
    /// other compounds.
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
            // Buildings are not mapped here. An upper estimate of 0 would prove false gaps.
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

    /// Residents of the whole city; `None` if none are known.
    pub const fn city(&self) -> Option<Residents> {
        self.city
    }

    /// Residents of a unit; `None` if none are known.
    pub fn unit(&self, unit: UnitId) -> Option<Residents> {
        self.units.get(unit.index()).copied().flatten()
    }
}

/// The upper estimate of residents per square metre of compounds with known residents; `None` without such
/// compounds.
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
        // 1,400 on 2 ha give 4,200 on 6 ha.
        let both = of(vec![known, compound(6.0, Population::NONE)]);
        assert_eq!(both, Some(Residents { low: 700, likely: 1_000, high: 5_600 }));
        assert_eq!(of(vec![compound(6.0, Population::NONE)]), None, "nobody knows of any");
    }
}
