//! How QGIS shows verdicts, in its own format QML, in the colours of the map page.

use serde::Deserialize;
use std::fmt::Write;

/// The colours of the page, the boards and this.
const LOOK: &str = include_str!("../../../../data/look.toml");

#[derive(Deserialize)]
struct Look {
    day: Day,
}

#[derive(Deserialize)]
struct Day {
    verdict: Colours,
}

#[derive(Deserialize)]
struct Colours {
    covered: String,
    gap: String,
    gap_text: String,
    unknown: String,
    unknown_line: String,
}

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
    let Look { day: Day { verdict: colours } } = toml::from_str(LOOK).expect("look.toml holds the colours");
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
            r#"   <category render="true" symbol="{index}" value="{value}" label="{label}"/>"#
        );
        let (kind, class, own) = match symbols {
            Symbols::Points => {
                ("marker", "SimpleMarker", [("name", "circle"), ("size", "2.4"), ("size_unit", "MM")])
            }
            Symbols::Polygons => (
                "fill",
                "SimpleFill",
                [("style", "solid"), ("joinstyle", "round"), ("outline_width_unit", "MM")],
            ),
        };
        let _ = writeln!(
            drawn,
            r#"   <symbol type="{kind}" name="{index}" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="{class}" enabled="1" locked="0" pass="0">"#
        );
        let line = ("outline_color", line.as_str());
        let shared = [("color", fill.as_str()), line, ("outline_style", "solid"), ("outline_width", "0.26")];
        for (key, value) in shared.into_iter().chain(own) {
            let _ = writeln!(drawn, r#"     <prop k="{key}" v="{value}"/>"#);
        }
        drawn.push_str("    </layer>\n   </symbol>\n");
    }
    let geometry = match symbols {
        Symbols::Points => 0,
        Symbols::Polygons => 2,
    };
    format!(
        r#"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
 <renderer-v2 type="categorizedSymbol" attr="verdict" enableorderby="0" forceraster="0" symbollevels="0">
  <categories>
{categories}  </categories>
  <symbols>
{drawn}  </symbols>
 </renderer-v2>
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
    }
}
