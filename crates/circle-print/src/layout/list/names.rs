//! The names of the list: all at one size, long ones on several lines.

use super::grid::Grid;
use crate::error::PrintError;
use crate::fonts::Face;
use crate::layout::too_small::too_small;
use crate::style::{Fitted, Style, balanced, fit};

/// Sizes of names that are tried, as shares of the look's size.
const SHARES: [f64; 5] = [1.0, 0.95, 0.9, 0.85, 0.8];
/// Lines of a name at the size of the list. A name that needs more is set smaller.
const LINES: usize = 4;
/// Maximum number of lines of a name at the smallest size.
const MOST_LINES: usize = 12;

/// What a size 1 % smaller costs, in per cent of the names that must gain from it by fitting one line.
const SMALLER: f64 = 0.5;

/// The grid with the size of names that fits best: smaller than that of the look only if enough more names fit
/// one line. `ems` are the widths of the names in multiples of their size.
pub(super) fn grid_for(
    style: &Style<'_>,
    digits: [usize; 2],
    zoom: f64,
    ems: &[f64],
    column_width: f64,
) -> Grid {
    let fits = |share: f64| {
        let grid = Grid::of(style, digits, zoom, share);
        let width = column_width - grid.around_name();
        let on_one_line = ems.iter().filter(|ems| **ems * grid.name <= width).count();
        (on_one_line as f64 / ems.len().max(1) as f64 - SMALLER * (1.0 - share), grid)
    };
    let [largest, smaller @ ..] = SHARES.map(fits);
    smaller.into_iter().fold(largest, |best, it| if it.0 > best.0 { it } else { best }).1
}

/// Sets a name within a width at the size of the list. Several lines are about equally long.
///
/// # Errors
///
/// When no font has one of the characters, or the name does not fit at the smallest size.
pub(super) fn set_name(style: &Style<'_>, grid: &Grid, name: &str, width: f64) -> Result<Fitted, PrintError> {
    for (size, least, lines) in
        [(grid.name, 1.0, LINES), (grid.name, 0.2, LINES), (style.smallest(), 1.0, MOST_LINES)]
    {
        if let Some(fitted) = fit(style, name, Face::Regular, size, least, width, lines)? {
            return balanced(style, name, Face::Regular, width, fitted);
        }
    }
    Err(too_small(style, &format!("the name `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use circle_model::Catalogue;

    #[test]
    fn one_long_name_does_not_make_all_names_smaller() {
        let catalogue = Catalogue::built_in();
        let settings = Settings::built_in(&catalogue);
        let style = Style::of(&settings, &catalogue);
        let size = |ems: &[f64]| grid_for(&style, [2, 4], 1.0, ems, 178.0).name;
        let mut ems = vec![5.0; 19];
        ems.push(30.0);
        assert!((size(&ems) - size(&[5.0])).abs() < 1e-9);
        assert!(size(&[11.5; 20]) < size(&[5.0]));
    }

    #[test]
    fn a_long_name_keeps_the_size_and_a_very_long_one_does_not() {
        let catalogue = Catalogue::built_in();
        let settings = Settings::built_in(&catalogue);
        let style = Style::of(&settings, &catalogue);
        let grid = Grid::of(&style, [2, 4], 1.0, 1.0);
        let name = set_name(&style, &grid, "哈尔滨市香坊区第一中学校实验分校", 90.0).unwrap();
        assert_eq!(name.lines.len(), 2);
        assert!((name.size - grid.name).abs() < 1e-9);
        let lengths: Vec<usize> = name.lines.iter().map(|line| line.text.chars().count()).collect();
        assert_eq!(lengths, [8, 8]);
        let name = set_name(&style, &grid, &"塔布板".repeat(20), 90.0).unwrap();
        assert!(name.lines.len() <= LINES && name.size < grid.name);
        assert_eq!(name.lines.iter().map(|line| line.text.as_str()).collect::<String>(), "塔布板".repeat(20));
    }
}
