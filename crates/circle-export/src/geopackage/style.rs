//! How QGIS shows verdicts, in its own format QML, in the colours of the map page.

use crate::look::{Day, day};
use std::fmt::Write;

/// What symbols are drawn of.
#[derive(Clone, Copy)]
pub(super) enum Symbols {
    /// A dot.
    Points,
    /// An area.
    Polygons,
}

/// The style of a layer with the field `verdict`.
///
/// Each symbol's properties are `prop` elements, which QGIS 3 reads in every version.
pub(super) fn verdict_style(symbols: Symbols) -> String {
    let Day { verdict: colours, .. } = day();
    let shown = [
        ("covered", "达标 covered", rgba(&colours.covered, 200), rgba(&colours.covered, 255)),
        ("gap", "缺口 gap", rgba(&colours.gap, 200), rgba(&colours.gap_text, 255)),
        ("unknown", "未知 unknown", rgba(&colours.unknown, 200), rgba(&colours.unknown_line, 255)),
        ("", "未评 not judged", "0,0,0,0".to_owned(), rgba(&colours.unknown_line, 255)),
    ];
    let mut categories = String::new();
    let mut drawn = String::new();
    for (index, (value, label, fill, line)) in shown.iter().enumerate() {
        let _ = writeln!(
            categories,
            // Most rows of a coverage table are of categories that nobody asked for.
            r#"   <category render="{}" symbol="{index}" value="{value}" label="{label}"/>"#,
            !value.is_empty()
        );
        drawn.push_str(&symbol(symbols, index, fill, line));
    }
    document(
        symbols,
        &format!(
            r#" <renderer-v2 type="categorizedSymbol" attr="verdict" enableorderby="0" forceraster="0" symbollevels="0">
  <categories>
{categories}  </categories>
  <symbols>
{drawn}  </symbols>
 </renderer-v2>"#
        ),
    )
}

/// The style of a layer of units: parts of the field `compounds_share`, in the colours of the page's scale.
pub(super) fn share_style() -> String {
    let Day { verdict, scale, .. } = day();
    let (mut ranges, mut drawn) = (String::new(), String::new());
    let parts = scale.steps.len().max(1);
    for (part, colour) in scale.steps.iter().enumerate() {
        let [lower, upper] = [part, part + 1].map(|at| at as f64 / parts as f64);
        let _ = writeln!(
            ranges,
            r#"   <range render="true" symbol="{part}" lower="{lower:.6}" upper="{upper:.6}" label="{:.0}–{:.0} %"/>"#,
            lower * 100.0,
            upper * 100.0
        );
        drawn.push_str(&symbol(
            Symbols::Polygons,
            part,
            &rgba(colour, 200),
            &rgba(&verdict.unknown_line, 255),
        ));
    }
    document(
        Symbols::Polygons,
        &format!(
            r#" <renderer-v2 type="graduatedSymbol" attr="compounds_share" graduatedMethod="GraduatedColor" enableorderby="0" forceraster="0" symbollevels="0">
  <ranges>
{ranges}  </ranges>
  <symbols>
{drawn}  </symbols>
 </renderer-v2>"#
        ),
    )
}

fn symbol(symbols: Symbols, index: usize, fill: &str, line: &str) -> String {
    let (kind, class, own) = match symbols {
        Symbols::Points => {
            ("marker", "SimpleMarker", [("name", "circle"), ("size", "2.4"), ("size_unit", "MM")])
        }
        Symbols::Polygons => {
            ("fill", "SimpleFill", [("style", "solid"), ("joinstyle", "round"), ("outline_width_unit", "MM")])
        }
    };
    let mut drawn = format!(
        r#"   <symbol type="{kind}" name="{index}" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="{class}" enabled="1" locked="0" pass="0">
"#
    );
    let shared =
        [("color", fill), ("outline_color", line), ("outline_style", "solid"), ("outline_width", "0.26")];
    for (key, value) in shared.into_iter().chain(own) {
        let _ = writeln!(drawn, r#"     <prop k="{key}" v="{value}"/>"#);
    }
    drawn.push_str("    </layer>\n   </symbol>\n");
    drawn
}

fn document(symbols: Symbols, renderer: &str) -> String {
    let geometry = match symbols {
        Symbols::Points => 0,
        Symbols::Polygons => 2,
    };
    format!(
        r#"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
{renderer}
 <layerGeometryType>{geometry}</layerGeometryType>
</qgis>
"#
    )
}

/// `#RRGGBB` as QGIS writes it: `63,161,143,200`.
fn rgba(hex: &str, alpha: u8) -> String {
    let part = |at: usize| hex.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let [red, green, blue] = [1, 3, 5].map(|at| part(at).unwrap_or_default());
    format!("{red},{green},{blue},{alpha}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_page() {
        assert_eq!(rgba("#3FA18F", 200), "63,161,143,200");
        for symbols in [Symbols::Points, Symbols::Polygons] {
            let style = verdict_style(symbols);
            assert!(style.contains("63,161,143,200"), "{style}");
            assert_eq!(style.matches("<category ").count(), style.matches("<symbol ").count());
        }
        let style = share_style();
        assert_eq!((style.matches("<range ").count(), style.matches("<symbol ").count()), (6, 6));
        assert!(style.contains("168,42,27,200") && style.contains("lower=\"0.833333\" upper=\"1.000000\""));
    }
}
