//! Street names, set along the streets' lines. On steep streets, Chinese names are set upright from top to
//! bottom.

use super::ground::NamedStreet;
use super::places::{Block, Places};
use super::view::View;
use crate::fonts::{Face, Glyph, Run, RunGlyph, is_han};
use crate::path::Xy;
use crate::scene::{Item, Text};
use crate::style::{Style, down};
use std::collections::BTreeMap;

/// Minimum distance between two names of one street, millimetres at A1.
const APART: f64 = 210.0;
/// Maximum turn of a street under its name, degrees.
const BENT: f64 = 34.0;

/// Sets the names, those of the most important streets first.
pub(super) fn names(
    view: &View,
    style: &Style<'_>,
    streets: &[NamedStreet],
    places: &mut Places,
) -> Vec<Item> {
    let mut by_name: BTreeMap<&str, (u8, Vec<&[Xy]>)> = BTreeMap::new();
    for street in streets {
        let of = by_name.entry(&street.name).or_default();
        of.0 = of.0.max(street.rank);
        of.1.push(&street.line);
    }
    let mut named: Vec<(u8, f64, &str, Vec<Vec<Xy>>)> = by_name
        .into_iter()
        .map(|(name, (rank, lines))| {
            let mut joined = join(&lines);
            joined.sort_by(|a, b| length(b).total_cmp(&length(a)));
            let longest = joined.first().map_or(0.0, |line| length(line));
            (rank, longest, name, joined)
        })
        .collect();
    named.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
    let mut items = Vec::new();
    for (rank, _, name, lines) in named {
        // A street name that no font can write is omitted; the board is about other things.
        let Ok(run) = Run::new(name, Face::Regular) else { continue };
        let sizes = &style.look.board.sizes;
        let height = sizes.street * if rank >= 4 { 1.15 } else { 0.92 };
        let size = style.em(height);
        let mut standing: Vec<Xy> = Vec::new();
        for line in &lines {
            standing.extend(along(view, style, &run, size, line, &standing, places, &mut items));
        }
    }
    items
}

/// Sets a name along a line wherever there is free room and no other copy within `APART`. Records the
/// positions.
#[expect(clippy::too_many_arguments, reason = "a struct for one caller would only repeat the names")]
fn along(
    view: &View,
    style: &Style<'_>,
    run: &Run,
    size: f64,
    line: &[Xy],
    standing: &[Xy],
    places: &mut Places,
    items: &mut Vec<Item>,
) -> Vec<Xy> {
    let chinese = run.text.chars().any(is_han);
    let spacing = if chinese { size * 0.12 } else { 0.0 };
    let level: f64 = run.width * size;
    let width = level.max(run.glyphs.iter().map(|glyph| step_of(glyph, size, chinese)).sum::<f64>())
        + spacing * (run.glyphs.len().max(1) - 1) as f64;
    let total = length(line);
    let mut found = Vec::new();
    if total < width * 1.08 {
        return found;
    }
    let apart = APART * style.scale;
    let step = (size * 1.2).max(2.0);
    // Positions are tried from the middle outwards, where readers look for a name.
    let middle = (total - width) / 2.0;
    let count = (middle / step).floor() as i32;
    for at in (0..=count).flat_map(|step| if step == 0 { vec![0] } else { vec![step, -step] }) {
        let start = middle + f64::from(at) * step;
        let Some(placed) = place(run, size, spacing, line, start, width, chinese) else { continue };
        let centre = placed.centre;
        let far = |other: &Xy| (other[0] - centre[0]).hypot(other[1] - centre[1]) >= apart;
        if !standing.iter().all(far) || !found.iter().all(far) {
            continue;
        }
        let inside =
            placed.blocks.iter().flat_map(Block::corners).all(|corner| view.holds(corner, style.unit * 0.5));
        // Two names that nearly touch read as one, so a margin is tested.
        let apart: Vec<Block> = placed.blocks.iter().map(|block| block.grown(size * 0.3)).collect();
        if !inside || !places.free(&apart) {
            continue;
        }
        places.take("street", placed.blocks);
        let halo = Some((style.look.map("halo"), size * 0.1));
        items.push(Item::Text(Text {
            text: run.text.clone(),
            face: run.face,
            size,
            colour: style.look.map("label"),
            halo,
            glyphs: placed.glyphs,
            width,
        }));
        found.push(centre);
    }
    found
}

/// Advance of a glyph along the line: its width, or its height if it stands upright.
fn step_of(glyph: &RunGlyph, size: f64, upright: bool) -> f64 {
    let height = if is_han(glyph.character) { 1.0 } else { 0.86 };
    size * if upright { glyph.advance.max(height) } else { glyph.advance }
}

struct Name {
    glyphs: Vec<Glyph>,
    blocks: Vec<Block>,
    centre: Xy,
}

/// Sets a name from a distance along a line; `None` where the line bends too much.
fn place(
    run: &Run,
    size: f64,
    spacing: f64,
    line: &[Xy],
    start: f64,
    width: f64,
    chinese: bool,
) -> Option<Name> {
    let (from, _) = at_distance(line, start)?;
    let (to, _) = at_distance(line, start + width)?;
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    // A name on a hook is illegible.
    if dx.hypot(dy) < width * 0.93 {
        return None;
    }
    // On steeper lines, Chinese is read from the top down, other scripts from the bottom up.
    let upright = chinese && dy.abs() > dx.abs() * 1.15;
    let reversed = if upright { dy < 0.0 } else { dx < 0.0 };
    let overall = dy.atan2(dx).to_degrees();
    let mut along = if reversed { start + width } else { start };
    let sign = if reversed { -1.0 } else { 1.0 };
    let (mut glyphs, mut blocks) = (Vec::new(), Vec::new());
    for glyph in &run.glyphs {
        let advance = glyph.advance * size;
        let step = step_of(glyph, size, upright);
        let (middle, tangent) = at_distance(line, along + sign * step / 2.0)?;
        let turned = (tangent - overall + 540.0).rem_euclid(360.0) - 180.0;
        if turned.abs() > BENT {
            return None;
        }
        let heading = if reversed { tangent + 180.0 } else { tangent };
        let angle = normal(if upright { heading - 90.0 } else { heading });
        let (sin, cos) = angle.to_radians().sin_cos();
        let [right, below] = [-advance / 2.0, down(size)];
        let at = [middle[0] + right * cos - below * sin, middle[1] + right * sin + below * cos];
        glyphs.push(Glyph { id: glyph.id, at, angle, range: glyph.range.clone() });
        blocks.push(Block {
            middle,
            half: [advance / 2.0 * 0.98, size * if upright { 0.42 } else { 0.5 }],
            angle,
        });
        along += sign * (step + spacing);
    }
    let centre = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
    Some(Name { glyphs, blocks, centre })
}

/// Normalises an angle to -180…180 degrees.
fn normal(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

/// The point at a distance along a line, with the line's direction there, degrees clockwise from the right.
fn at_distance(line: &[Xy], distance: f64) -> Option<(Xy, f64)> {
    let mut left = distance.max(0.0);
    for pair in line.windows(2) {
        let [dx, dy] = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
        let length = dx.hypot(dy);
        if left <= length && length > 0.0 {
            let share = left / length;
            return Some(([pair[0][0] + dx * share, pair[0][1] + dy * share], dy.atan2(dx).to_degrees()));
        }
        left -= length;
    }
    // Rounding may put the distance slightly beyond the end of the line.
    let [a, b] = line.last_chunk::<2>()?;
    (left < 1e-6).then(|| (*b, (b[1] - a[1]).atan2(b[0] - a[0]).to_degrees()))
}

fn length(line: &[Xy]) -> f64 {
    line.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum()
}

/// Joins lines that begin where others end, if they continue in nearly the same direction.
fn join(lines: &[&[Xy]]) -> Vec<Vec<Xy>> {
    const SAME: f64 = 0.05;
    let same = |a: Xy, b: Xy| (a[0] - b[0]).abs() < SAME && (a[1] - b[1]).abs() < SAME;
    let mut left: Vec<Option<&[Xy]>> =
        lines.iter().filter(|line| line.len() > 1).map(|line| Some(*line)).collect();
    let mut joined = Vec::new();
    for at in 0..left.len() {
        let Some(first) = left[at].take() else { continue };
        let mut line = first.to_vec();
        let mut grown = true;
        while grown {
            grown = false;
            for other in &mut left {
                let Some(next) = *other else { continue };
                let (start, end) = (line[0], line[line.len() - 1]);
                let (begin, finish) = (next[0], next[next.len() - 1]);
                let longer = if same(end, begin) {
                    line.iter().chain(&next[1..]).copied().collect()
                } else if same(end, finish) {
                    line.iter().chain(next[..next.len() - 1].iter().rev()).copied().collect()
                } else if same(start, finish) {
                    next.iter().chain(&line[1..]).copied().collect()
                } else if same(start, begin) {
                    next.iter().rev().chain(&line[1..]).copied().collect()
                } else {
                    continue;
                };
                line = longer;
                *other = None;
                grown = true;
            }
        }
        joined.push(line);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_street_become_one_line() {
        let [a, b, c] =
            [vec![[0.0, 0.0], [10.0, 0.0]], vec![[20.0, 0.0], [10.0, 0.0]], vec![[50.0, 0.0], [60.0, 0.0]]];
        let joined = join(&[&a, &b, &c]);
        assert_eq!(joined.len(), 2);
        assert!((length(&joined[0]) - 20.0).abs() < 1e-9);
    }

    #[test]
    fn steep_chinese_is_upright_and_read_from_the_top() {
        let run = Run::new("经纬街", Face::Regular).unwrap();
        let line = [[0.0, 100.0], [5.0, 0.0]];
        let name = place(&run, 5.0, 0.5, &line, 40.0, run.width * 5.0 + 1.0, true).unwrap();
        assert!(name.glyphs.iter().all(|glyph| glyph.angle.abs() < 10.0), "{:?}", name.glyphs);
        assert!(name.glyphs.windows(2).all(|pair| pair[0].at[1] < pair[1].at[1]));
    }

    #[test]
    fn a_hook_carries_no_name() {
        let run = Run::new("经纬街", Face::Regular).unwrap();
        let line = [[0.0, 0.0], [8.0, 0.0], [8.0, 8.0], [0.0, 8.0]];
        assert!(place(&run, 5.0, 0.5, &line, 2.0, 16.0, true).is_none());
    }
}
