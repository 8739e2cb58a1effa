//! The seventh census of China (2020) by county and district, from `data/census2020_county.csv`, whose rows
//! ascend by code.

use std::sync::LazyLock;

/// A county or district 县级行政区 on 2020-11-01.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct County {
    /// Official code 行政区划代码, six digits; those ending in `00` are provinces and cities.
    pub code: u32,
    /// Its name.
    pub name: &'static str,
    /// Residents 常住人口.
    pub residents: u32,
    /// Residents per family household 家庭户规模.
    pub household_size: f64,
    /// Residents of 14 years and younger.
    pub children: u32,
    /// Residents of 60 years and older.
    pub elderly: u32,
    /// Floor area of homes per resident.
    pub floor_square_metres: f64,
    /// Share of the family households in a building with a lift.
    pub lift_share: f64,
}

impl County {
    /// Share of the residents that are 60 years and older.
    pub fn elderly_share(&self) -> f64 {
        f64::from(self.elderly) / f64::from(self.residents.max(1))
    }

    /// Share of the residents that are 14 years and younger.
    pub fn children_share(&self) -> f64 {
        f64::from(self.children) / f64::from(self.residents.max(1))
    }

    /// Whether it is a province or a city, not a county or district.
    pub const fn is_city(&self) -> bool {
        self.code.is_multiple_of(100)
    }
}

static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(|| {
    include_str!("../../../data/census2020_county.csv").lines().skip(1).filter_map(read_row).collect()
});

fn read_row(line: &'static str) -> Option<County> {
    let mut cells = line.split(',');
    let mut cell = || cells.next();
    let (code, name) = (cell()?.parse().ok()?, cell()?);
    // A cell is empty if the number is 0.
    let mut number = || match cell()? {
        "" => Some(0.0),
        digits => digits.parse::<f64>().ok(),
    };
    let (residents, household_size) = (number()?, number()?);
    let (children, elderly) = (number()?, number()?);
    let (floor_square_metres, lift_share) = (number()?, number()?);
    Some(County {
        code,
        name,
        residents: residents as u32,
        household_size,
        children: children as u32,
        elderly: elderly as u32,
        floor_square_metres,
        lift_share,
    })
}

/// All rows, by code: provinces, cities, and the counties and districts in them.
pub fn counties() -> &'static [County] {
    &COUNTIES
}

/// The row of a code.
pub fn county(code: u32) -> Option<&'static County> {
    let rows = counties();
    rows.binary_search_by_key(&code, |county| county.code).ok().map(|row| &rows[row])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_parsed_and_found_by_its_code() {
        let lines = include_str!("../../../data/census2020_county.csv").lines().count();
        assert_eq!(counties().len(), lines - 1);
        assert!(counties().windows(2).all(|pair| pair[0].code < pair[1].code));
        let all_plausible = |county: &County| {
            county.residents > 0
                && county.children + county.elderly < county.residents
                && (1.0..=6.0).contains(&county.household_size)
                && (10.0..=120.0).contains(&county.floor_square_metres)
                && (0.0..=1.0).contains(&county.lift_share)
        };
        assert!(counties().iter().all(all_plausible));
        // 南岗区 of Harbin, from the census bulletin of Harbin.
        let nangang = county(230_103).unwrap();
        assert_eq!((nangang.name, nangang.residents), ("南岗区", 1_390_679));
        assert!((nangang.elderly_share() - 267_156.0 / 1_390_679.0).abs() < 1e-12);
        assert!(county(230_100).unwrap().is_city() && !nangang.is_city());
        assert!(county(1).is_none());
    }
}
