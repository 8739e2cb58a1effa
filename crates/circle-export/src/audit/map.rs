//! A small map of a verdict as plain SVG: the base map, the compound, its gates, the facilities that meet the
//! line, and the walk.

use super::{Audit, Checked};
use crate::look::Day;
use circle_model::city::{Compound, MapKind, RingRole, Span};
use circle_model::clip::Window;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point};
use std::fmt::Write;

/// Size of the map, pixels.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 330.0;
/// Minimum size of rings and minimum distance of points, pixels.
const LEAST: f64 = 0.7;
/// Minimum extent of a map, metres.
const LEAST_METRES: f64 = 260.0;
/// Margin around the shown points, as a share of the extent.
const ROOM: f64 = 0.12;
/// Extent above which buildings are left out, metres.
const WITH_BUILDINGS: f64 = 3000.0;
/// Extent above which paths are left out, metres.
const WITH_PATHS: f64 = 6000.0;

/// The view of the map.
struct View {
    frame: Frame,
    /// Metres from the frame's origin to the top left corner.
    left_top: [f64; 2],
    pixels_a_metre: f64,
    bounds: Bounds,
}

impl View {
    fn of(points: &[Point]) -> Self {
        let frame = Frame::at(points.first().copied().unwrap_or_default());
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in points {
            let at = frame.local(*point);
            for axis in [0, 1] {
                low[axis] = low[axis].min(at[axis]);
                high[axis] = high[axis].max(at[axis]);
            }
        }
        let middle = [0, 1]
            .map(|axis| if low[axis] <= high[axis] { f64::midpoint(low[axis], high[axis]) } else { 0.0 });
        let span = [0, 1].map(|axis| ((high[axis] - low[axis]) * (1.0 + 2.0 * ROOM)).max(LEAST_METRES));
        let metres_a_pixel = (span[0] / WIDTH).max(span[1] / HEIGHT);
        let half = [WIDTH, HEIGHT].map(|pixels| pixels * metres_a_pixel / 2.0);
        let left_top = [middle[0] - half[0], middle[1] + half[1]];
        let corner = |x: f64, y: f64| frame.point([middle[0] + x * half[0], middle[1] + y * half[1]]);
        let bounds = Bounds::of([corner(-1.0, -1.0), corner(1.0, 1.0)]);
        Self { frame, left_top, pixels_a_metre: 1.0 / metres_a_pixel, bounds }
    }

    fn pixel(&self, point: Point) -> [f64; 2] {
        let [x, y] = self.frame.local(point);
        [(x - self.left_top[0]) * self.pixels_a_metre, (self.left_top[1] - y) * self.pixels_a_metre]
    }

    /// Width of the map, metres.
    fn metres(&self) -> f64 {
        WIDTH / self.pixels_a_metre
    }

    const WINDOW: Window = Window { low: [-6.0, -6.0], high: [WIDTH + 6.0, HEIGHT + 6.0] };

    fn line(&self, line: &[Point], path: &mut String) {
        let pixels: Vec<[f64; 2]> = line.iter().map(|point| self.pixel(*point)).collect();
        for part in Self::WINDOW.line(&pixels) {
            add(path, &part, false);
        }
    }

    fn ring(&self, ring: &[Point], path: &mut String) {
        let pixels: Vec<[f64; 2]> = ring.iter().map(|point| self.pixel(*point)).collect();
        add(path, &Self::WINDOW.ring(&pixels), true);
    }
}

/// Adds a line to a path, rounded to a tenth of a pixel, without points closer than `LEAST`.
fn add(path: &mut String, line: &[[f64; 2]], closed: bool) {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for (number, at) in line.iter().enumerate() {
        let is_near = |last: &[f64; 2]| (last[0] - at[0]).hypot(last[1] - at[1]) < LEAST;
        let is_end = number + 1 == line.len() && !closed;
        if is_end || !kept.last().is_some_and(is_near) {
            kept.push(*at);
        }
    }
    if kept.len() < if closed { 3 } else { 2 } {
        return;
    }
    for (number, [x, y]) in kept.iter().enumerate() {
        let _ = write!(path, "{}{} {}", if number == 0 { "M" } else { "L" }, tenths(*x), tenths(*y));
    }
    if closed {
        path.push('Z');
    }
}

fn tenths(pixels: f64) -> f64 {
    let rounded = (pixels * 10.0).round() / 10.0;
    // Avoids a negative zero.
    rounded + 0.0
}

/// The style sheet of all maps of a page.
pub(super) fn style(day: &Day) -> String {
    let map = |name: &str| day.map.get(name).map_or("#cccccc", String::as_str);
    format!(
        ".m path{{fill:none;stroke-linejoin:round;stroke-linecap:round}}\
         .m .green{{fill:{}}}.m .water{{fill:{}}}.m .river{{stroke:{};stroke-width:2}}\
         .m .building{{fill:{};stroke:{};stroke-width:.5}}.m .casing{{stroke:{};stroke-width:5}}\
         .m .street{{stroke:{};stroke-width:3.6}}.m .path{{stroke:{};stroke-width:1.2;stroke-dasharray:3 2}}\
         .m .rail{{stroke:{};stroke-width:1.2}}.m .wall{{stroke:#8a7f6d;stroke-width:.9}}\
         .m .other{{stroke:#9c8fa8;stroke-width:.7;stroke-dasharray:2 2}}\
         .m .compound{{fill:#0b6e5f22;stroke:#0b6e5f;stroke-width:2}}\
         .m .halo{{stroke:#fff;stroke-width:6;stroke-opacity:.85}}.m .walk{{stroke:#105eb2;stroke-width:3}}\
         .m text{{font-size:11px;fill:#22312d;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}}",
        map("green"),
        map("water"),
        map("water"),
        map("building"),
        map("building_line"),
        map("casing"),
        map("street"),
        map("path"),
        map("railway"),
    )
}

/// Draws the map of a verdict.
pub(super) fn draw(audit: &Audit<'_>, day: &Day, checked: &Checked) -> String {
    let city = audit.report.city;
    let compound = &city.compounds()[checked.drawn.compound.index()];
    let view = View::of(&shown(audit, checked, compound));
    let mut svg = format!(
        "<svg class=\"m\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-label=\"地图 map\"><rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        day.map.get("ground").map_or("#ffffff", String::as_str)
    );
    ground(audit, &view, compound, &mut svg);
    let outline = rings(audit, &view, compound.rings);
    push_path(&mut svg, "compound", &outline);
    if let Some(walk) = &checked.walk {
        let mut path = String::new();
        walk.parts.iter().for_each(|part| view.line(&part.line, &mut path));
        push_path(&mut svg, "halo", &path);
        push_path(&mut svg, "walk", &path);
    }
    marks(audit, &view, checked, compound, &mut svg);
    scale_bar(&view, &mut svg);
    svg.push_str("</svg>");
    svg
}

/// The points that the map must show: the compound, its gates, the walk, or without one the nearest facility
/// by straight-line distance.
fn shown(audit: &Audit<'_>, checked: &Checked, compound: &Compound) -> Vec<Point> {
    let city = audit.report.city;
    let mut shown = vec![compound.point];
    let rings = city.rings_of(compound.rings).iter();
    shown.extend(rings.flat_map(|ring| city.line(ring.line)).copied());
    shown.extend(city.gates()[compound.gates.range()].iter().map(|gate| gate.point));
    if let Some(walk) = &checked.walk {
        shown.extend(walk.parts.iter().flat_map(|part| part.line.iter().copied()));
    } else {
        let nearest = checked.nearby.first();
        shown.extend(nearest.map(|it| city.facilities()[it.facility.index()].point));
    }
    shown
}

fn rings(audit: &Audit<'_>, view: &View, rings: Span) -> String {
    let city = audit.report.city;
    let mut path = String::new();
    for ring in city.rings_of(rings) {
        view.ring(city.line(ring.line), &mut path);
    }
    path
}

/// Draws the base map and the other compounds.
fn ground(audit: &Audit<'_>, view: &View, compound: &Compound, svg: &mut String) {
    let city = audit.report.city;
    let area = widened(&view.bounds, 20.0);
    let [mut green, mut water, mut river, mut building, mut street, mut path, mut rail, mut wall, mut other] =
        [const { String::new() }; 9];
    let (with_buildings, with_paths) = (view.metres() <= WITH_BUILDINGS, view.metres() <= WITH_PATHS);
    for feature in city.features().iter().filter(|feature| feature.bounds.intersects(&area)) {
        let class = city.text(feature.class);
        let into = match feature.map_kind() {
            MapKind::Green => &mut green,
            MapKind::Water => &mut water,
            MapKind::Waterway => &mut river,
            MapKind::Building if with_buildings => &mut building,
            MapKind::Way if is_path(class) && with_paths => &mut path,
            MapKind::Way if !is_path(class) => &mut street,
            MapKind::Railway => &mut rail,
            MapKind::Barrier if with_buildings => &mut wall,
            _ => continue,
        };
        let is_area = !matches!(
            feature.map_kind(),
            MapKind::Way | MapKind::Railway | MapKind::Waterway | MapKind::Barrier
        );
        for ring in city.rings_of(feature.rings) {
            let line = city.line(ring.line);
            if is_area && ring.role != u32::from(RingRole::Line.code()) {
                view.ring(line, into);
            } else if !is_area {
                view.line(line, into);
            }
        }
    }
    for neighbour in city.compounds().iter().filter(|it| it.rings != compound.rings) {
        if neighbour.rings.len > 0 && city.rings_bounds(neighbour.rings).intersects(&area) {
            other.push_str(&rings(audit, view, neighbour.rings));
        }
    }
    for (class, drawn) in [
        ("green", &green),
        ("water", &water),
        ("river", &river),
        ("building", &building),
        ("casing", &street),
        ("street", &street),
        ("path", &path),
        ("rail", &rail),
        ("wall", &wall),
        ("other", &other),
    ] {
        push_path(svg, class, drawn);
    }
}

fn push_path(svg: &mut String, class: &str, path: &str) {
    if !path.is_empty() {
        // The even–odd rule, as the rings of the city are stored.
        let _ = write!(svg, "<path class=\"{class}\" fill-rule=\"evenodd\" d=\"{path}\"/>");
    }
}

fn is_path(class: &str) -> bool {
    matches!(class, "footway" | "path" | "steps" | "cycleway" | "bridleway" | "track" | "corridor")
}

/// Draws gates, facilities and names.
fn marks(audit: &Audit<'_>, view: &View, checked: &Checked, compound: &Compound, svg: &mut String) {
    let city = audit.report.city;
    let used = audit.standing(checked.drawn).row.nearest;
    for it in checked.nearby.iter().rev() {
        if used.is_none_or(|used| used.facility != it.facility) {
            let [x, y] = view.pixel(city.facilities()[it.facility.index()].point).map(tenths);
            let colour = if it.walk.is_ok() { "#b52b5e" } else { "#ffffff" };
            let _ = write!(
                svg,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\" stroke=\"#b52b5e\" stroke-width=\"1.5\"/>"
            );
        }
    }
    for row in compound.gates.range() {
        let [x, y] = view.pixel(city.gates()[row].point).map(tenths);
        let is_used = used.is_some_and(|used| used.gate.index() == row);
        let (fill, size) = if is_used { ("#0b6e5f", 5.0) } else { ("#ffffff", 3.5) };
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\" stroke=\"#0b6e5f\" stroke-width=\"1.5\"/>",
            tenths(x - size),
            tenths(y - size),
            2.0 * size,
            2.0 * size,
        );
    }
    if compound.rings.len == 0 {
        let [x, y] = view.pixel(compound.point).map(tenths);
        let _ = write!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"none\" stroke=\"#0b6e5f\" stroke-width=\"2\"/>"
        );
    }
    label(view, compound.point, city.text(compound.name), 0.0, svg);
    if let Some(used) = used {
        let facility = &city.facilities()[used.facility.index()];
        let at = checked.walk.as_ref().and_then(|walk| walk.entered_at).unwrap_or(facility.point);
        let [x, y] = view.pixel(at).map(tenths);
        let _ = write!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"6\" fill=\"#b52b5e\" stroke=\"#fff\" stroke-width=\"2\"/>"
        );
        label(view, at, city.text(facility.name), -10.0, svg);
    }
}

/// Draws a name, moved so that it stays within the map.
fn label(view: &View, at: Point, name: &str, up: f64, svg: &mut String) {
    let [x, y] = view.pixel(at);
    if name.is_empty() {
        return;
    }
    let name: String = name.chars().take(18).collect();
    let half = name.chars().map(|char| if char >= '\u{1100}' { 5.5 } else { 3.2 }).sum::<f64>();
    let x = tenths(x.clamp(half + 2.0, (WIDTH - half - 2.0).max(half + 2.0)));
    let y = tenths((y + up).clamp(12.0, HEIGHT - 6.0));
    let _ = write!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
        super::html::escaped(&name)
    );
}

/// Draws a scale bar with a round length at the bottom left.
fn scale_bar(view: &View, svg: &mut String) {
    let most = view.metres() / 4.0;
    let steps =
        [1.0, 2.0, 5.0].into_iter().flat_map(|step| (1..6).map(move |power| step * 10f64.powi(power)));
    let metres = steps.filter(|metres| *metres <= most).fold(10.0, f64::max);
    let (length, y) = (tenths(metres * view.pixels_a_metre), HEIGHT - 10.0);
    let _ = write!(
        svg,
        "<path d=\"M10 {y}h{length}\" style=\"stroke:#fff;stroke-width:5\"/><path d=\"M10 {y}h{length}\" \
         style=\"stroke:#22312d;stroke-width:2\"/><text x=\"10\" y=\"{}\">{metres} m</text>",
        y - 6.0
    );
}
