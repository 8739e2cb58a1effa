//! The layout of a page: the boxes of head, map, list and foot.

mod corner;
pub(crate) mod foot;
pub(crate) mod head;
pub(crate) mod list;
mod qr;
pub(crate) mod sample;
mod too_small;

use too_small::too_small;

use crate::contents::Contents;
use crate::error::PrintError;
use crate::scene::Item;
use crate::style::Style;
use circle_model::{City, GateId};
use list::{Plan, Room};

/// The parts of a page, each as a box: left, top, width, height. The head is drawn already, because the other
/// boxes begin at its end.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) head: Vec<Item>,
    pub(crate) map: [f64; 4],
    pub(crate) list: Plan,
    pub(crate) foot: [f64; 4],
}

/// Share of the width that the map takes on a landscape page, beside a list in one column and beside one in
/// several.
const MAP_SHARES: [f64; 2] = [0.67, 0.58];
/// Height of a list for which the usual one is not enough, in multiples of it.
const LARGER_LIST: f64 = 1.6;
/// Minimum side of a map, millimetres.
const LEAST_MAP: f64 = 60.0;

impl Frame {
    pub(crate) fn of(
        style: &Style<'_>,
        city: &City,
        contents: &Contents,
        gate: GateId,
    ) -> Result<Self, PrintError> {
        let page = style.settings.paper();
        let (width, height) = (page.width, page.height);
        let margin = width.min(height) * style.look.board.margin;
        let gap = style.unit * 2.0;
        let across = width - 2.0 * margin;
        let address = style.settings.address.as_ref();
        let link = address.map(|address| qr::link(address, &city.gate_key(gate), contents.at));
        let (head, below) = head::draw(style, contents, link.as_deref(), [margin, margin, across])?;
        let top = below + gap;
        let foot_height = foot::height(style, city, contents, across)?;
        let foot = [margin, height - margin - foot_height, across, foot_height];
        let space = foot[1] - gap - top;
        let (map, list) = if width > height {
            beside(style, contents, [margin, top, across, space])?
        } else {
            // A small page with many headings needs more than the usual share.
            let planned = |growth: f64| {
                let list_height = height * style.look.board.portrait.list * growth;
                let area = [margin, foot[1] - gap - list_height, across, list_height];
                list::plan(style, contents, area, Room::Below)
            };
            let list = planned(1.0).or_else(|_| planned(LARGER_LIST))?;
            ([margin, top, across, list.top() - gap - top], list)
        };
        if map[2] < LEAST_MAP || map[3] < LEAST_MAP {
            return Err(too_small(style, "a map, a list and their headings"));
        }
        Ok(Self { head, map, list, foot })
    }
}

/// The map and, beside it, the list: one wide column if it has room for everything, else the columns that
/// show the most.
fn beside(
    style: &Style<'_>,
    contents: &Contents,
    [x, y, width, height]: [f64; 4],
) -> Result<([f64; 4], Plan), PrintError> {
    let gap = style.unit * 3.0;
    let with = |share: f64, room: Room| {
        let map = ((width - gap) * share).floor();
        let area = [x + map + gap, y, width - map - gap, height];
        list::plan(style, contents, area, room).map(|list| ([x, y, map, height], list))
    };
    let one = with(MAP_SHARES[0], Room::Beside);
    if one.as_ref().is_ok_and(|(_, list)| list.is_complete()) {
        return one;
    }
    let several = with(MAP_SHARES[1], Room::BesideInColumns);
    match (one, several) {
        (Ok(one), Ok(several)) if one.1.shown() >= several.1.shown() => Ok(one),
        (one, Err(_)) => one,
        (_, several) => several,
    }
}
