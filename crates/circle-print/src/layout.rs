//! The layout of a page: the boxes of head, map, list and foot.

pub(crate) mod foot;
pub(crate) mod head;
pub(crate) mod list;
mod too_small;

use too_small::too_small;

use crate::contents::Contents;
use crate::error::PrintError;
use crate::scene::Item;
use crate::style::Style;
use circle_model::City;

/// The parts of a page, each as a box: left, top, width, height. The head is drawn already, because the other
/// boxes begin at its end.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) head: Vec<Item>,
    pub(crate) map: [f64; 4],
    pub(crate) list: list::Plan,
    pub(crate) foot: [f64; 4],
}

/// Share of the width that the map takes on a landscape page.
const MAP_SHARE: f64 = 0.64;
/// Minimum side of a map, millimetres.
const LEAST_MAP: f64 = 60.0;

impl Frame {
    pub(crate) fn of(style: &Style<'_>, city: &City, contents: &Contents) -> Result<Self, PrintError> {
        let page = style.settings.paper();
        let (width, height) = (page.width, page.height);
        let margin = width.min(height) * style.look.board.margin;
        let gap = style.unit * 2.0;
        let across = width - 2.0 * margin;
        let lies = width > height;
        let beside = if lies { ((across - gap) * MAP_SHARE).floor() } else { across };
        let (head, below) = head::draw(style, contents, [margin, margin, beside])?;
        let top = below + gap;
        let foot_height = foot::height(style, city, contents, across)?;
        let foot = [margin, height - margin - foot_height, across, foot_height];
        let space = foot[1] - gap - top;
        let (map, list) = if lies {
            let right =
                [margin + beside + gap * 1.5, margin, across - beside - gap * 1.5, foot[1] - gap - margin];
            ([margin, top, beside, space], list::plan(style, contents, right)?)
        } else {
            let list_height = height * style.look.board.portrait.list;
            let below = [margin, foot[1] - gap - list_height, across, list_height];
            // The map gets the height that the list does not need.
            let list = list::plan(style, contents, below)?.shrunk(style, contents)?;
            ([margin, top, across, list.top() - gap - top], list)
        };
        if map[2] < LEAST_MAP || map[3] < LEAST_MAP {
            return Err(too_small(style, "a map, a list and their headings"));
        }
        Ok(Self { head, map, list, foot })
    }
}
