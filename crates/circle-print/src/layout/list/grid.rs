//! The sizes of the list. Rows are whole multiples of one unit, so that columns stay aligned.

use super::figures::Figures;
use crate::style::{Fitted, Style};

/// Line spacing of a name, in multiples of its size.
pub(super) const LINE: f64 = 1.06;
/// Line spacing of the line under a name, in multiples of its size.
const KIND_LINE: f64 = 1.12;

/// The sizes of the list, millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// Size of all names.
    pub(super) name: f64,
    /// Size of the line under a name: its kind and its English name.
    pub(super) kind: f64,
    /// Half the height of a row with a name on one line.
    pub(super) unit: f64,
    /// Size of the headings' text.
    pub(super) band: f64,
    /// Height of a heading with its distance to the first row.
    pub(super) heading: f64,
    /// Distance between two shelves.
    pub(super) gap: f64,
    pub(super) figures: Figures,
}

impl Grid {
    /// `zoom` is the ratio to the sizes of the look, `share` the further ratio of names.
    pub(super) fn of(style: &Style<'_>, digits: [usize; 2], zoom: f64, share: f64) -> Self {
        let sizes = &style.look.board.sizes;
        let name = (style.em(sizes.list_name) * zoom * share).max(style.smallest());
        let kind = style.em(sizes.list_name * 0.5) * zoom;
        let band = style.em(sizes.band) * zoom;
        Self {
            name,
            kind,
            unit: (name * LINE + kind * KIND_LINE + style.unit * 0.42 * zoom) / 2.0,
            band,
            heading: band * 1.55 + style.unit * 0.9,
            gap: style.unit * 1.2 * zoom,
            figures: Figures::of(style, digits, zoom),
        }
    }

    /// Width of the marker and the pictogram before a name.
    pub(super) fn lead(&self) -> f64 {
        self.name * 2.75
    }

    /// Width of the marker, the pictogram and the figures, which a name may not use.
    pub(super) fn around_name(&self) -> f64 {
        self.lead() + self.figures.width()
    }

    /// Height of the lines of a name and the line under it.
    pub(super) fn text_height(&self, name: &Fitted, has_kind: bool) -> f64 {
        let kind = if has_kind { self.kind * KIND_LINE } else { 0.0 };
        name.size * LINE * name.lines.len() as f64 + kind
    }

    /// Number of units of a row. The line under the name is always counted, so that rows without it have the
    /// same height.
    pub(super) fn units(&self, name: &Fitted) -> usize {
        ((self.text_height(name, true) / self.unit).ceil() as usize).max(super::shelves::ROW)
    }

    /// Distance from the end of the last line of a name to the middle of the line under it.
    pub(super) fn kind_below(&self) -> f64 {
        self.kind * KIND_LINE / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::{Face, Run};
    use crate::settings::Settings;
    use circle_model::Catalogue;

    #[test]
    fn rows_have_one_rhythm_whatever_their_names() {
        let catalogue = Catalogue::built_in();
        let mut settings = Settings::built_in(&catalogue);
        for size in ["A0", "A1", "A4"] {
            settings.page = crate::page::PageSize::parse(size).unwrap();
            let style = Style::of(&settings, &catalogue);
            for zoom in [1.0, 1.3] {
                let grid = Grid::of(&style, [2, 4], zoom, 0.9);
                for lines in 1..=4 {
                    let lines = vec![Run::new("塔布板", Face::Regular).unwrap(); lines];
                    let name = Fitted { lines, size: grid.name };
                    assert_eq!(grid.units(&name), name.lines.len() + 1, "{size} {zoom}");
                }
            }
        }
    }
}
