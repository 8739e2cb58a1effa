//! Styles of layers in QML, the format of QGIS, in the colours of the map page.
//!
//! Each symbol's properties are `prop` elements, which QGIS 3 reads in every version.

use super::names::column_name;
use crate::look::{Day, day};
use crate::typed::{StyledBy, StyledWord, TableColumn};
use std::fmt::Write;

/// The geometry type of symbols.
#[derive(Clone, Copy)]
pub(super) enum Symbols {
    /// Points.
    Points,
    /// Polygons.
    Polygons,
}

/// Writes a style, with the headings of the columns as their aliases and one column as label.
pub(super) fn styled(
    symbols: Symbols,
    by: &StyledBy,
    columns: &[TableColumn],
    label: Option<&str>,
) -> String {
    let renderer = match by {
        StyledBy::Verdict(key) => verdicts(symbols, &column_name(key)),
        StyledBy::Share(key) => shares(symbols, &column_name(key)),
        StyledBy::Words(key, words) => categorised(symbols, &column_name(key), words),
    };
    let share = match by {
        StyledBy::Share(key) => Some(column_name(key)),
        _ => None,
    };
    let geometry = match symbols {
        Symbols::Points => 0,
        Symbols::Polygons => 2,
    };
    let labels = label.map(|key| labels(&column_name(key), share.as_deref()));
    let rest = format!(
        "{renderer}\n{}{}",
        labels.as_deref().unwrap_or_default(),
        label.map_or_else(String::new, |key| format!(
            " <previewExpression>{}</previewExpression>\n",
            escaped(&quoted(&column_name(key)))
        )),
    );
    document(labels.is_some(), columns, &rest, geometry)
}

/// Writes only the aliases, for a table without geometries.
pub(super) fn unstyled(columns: &[TableColumn]) -> String {
    document(false, columns, "", 4)
}

fn verdicts(symbols: Symbols, key: &str) -> String {
    let Day { verdict: colours, .. } = day();
    let shown = [
        ("covered", "达标 covered", Look::filled(&colours.covered)),
        ("gap", "缺口 gap", Look::filled(&colours.gap)),
        ("unknown", "未知 unknown", Look::unknown()),
    ];
    let mut rules = Rules::default();
    for (word, label, look) in shown {
        rules.add(symbols, &format!("{} = '{word}'", quoted(key)), label, &look);
    }
    rules.renderer()
}

fn shares(symbols: Symbols, key: &str) -> String {
    let Day { scale, .. } = day();
    let (key, parts) = (quoted(key), scale.steps.len().max(1));
    let mut rules = Rules::default();
    for (part, colour) in scale.steps.iter().enumerate() {
        let [lower, upper] = [part, part + 1].map(|at| at as f64 / parts as f64);
        let to = if part + 1 == parts { "<= 1".to_owned() } else { format!("< {upper:.6}") };
        let filter = format!("{key} >= {lower:.6} AND {key} {to}");
        let label = format!("{:.0}–{:.0} %", lower * 100.0, upper * 100.0);
        rules.add(symbols, &filter, &label, &Look::filled(colour));
    }
    rules.add(symbols, &format!("{key} IS NULL"), "未知 unknown", &Look::unknown());
    rules.renderer()
}

fn categorised(symbols: Symbols, key: &str, words: &[StyledWord]) -> String {
    let mut rules = Rules::default();
    for word in words {
        let look = Look { fill: word.colour.clone(), hollow: word.hollow, hatched: false };
        let filter = format!("{} = '{}'", quoted(key), word.word.replace('\'', "''"));
        rules.add(symbols, &filter, &word.label, &look);
    }
    rules.renderer()
}

/// The rules of a renderer, each with its symbol. Only a rule-based renderer can show features without a
/// value.
#[derive(Default)]
struct Rules {
    count: usize,
    rules: String,
    symbols: String,
}

impl Rules {
    fn add(&mut self, symbols: Symbols, filter: &str, label: &str, look: &Look) {
        let index = self.count;
        let _ = writeln!(
            self.rules,
            r#"   <rule key="{{{index:08x}-0000-4000-8000-000000000000}}" symbol="{index}" filter="{}" label="{}"/>"#,
            escaped(filter),
            escaped(label)
        );
        self.symbols.push_str(&look.symbol(symbols, index));
        self.count += 1;
    }

    fn renderer(self) -> String {
        let Self { rules, symbols, .. } = self;
        format!(
            r#" <renderer-v2 type="RuleRenderer" enableorderby="0" forceraster="0" symbollevels="0">
  <rules key="{{ffffffff-0000-4000-8000-000000000000}}">
{rules}  </rules>
  <symbols>
{symbols}  </symbols>
 </renderer-v2>"#
        )
    }
}

/// Appearance of a symbol.
struct Look {
    fill: String,
    /// Whether it is an outline instead of a fill.
    hollow: bool,
    /// Whether it is hatched grey, for unknown values.
    hatched: bool,
}

impl Look {
    fn filled(colour: &str) -> Self {
        Self { fill: colour.to_owned(), hollow: false, hatched: false }
    }

    fn unknown() -> Self {
        Self { fill: day().verdict.unknown, hollow: false, hatched: true }
    }

    fn symbol(&self, symbols: Symbols, index: usize) -> String {
        let grey = day().verdict.unknown_line;
        let layers = match symbols {
            Symbols::Points => {
                let (fill, line, width) = match (self.hollow, self.hatched) {
                    (true, _) => ("255,255,255,255".to_owned(), rgba(&self.fill, 255), "0.5"),
                    (_, true) => (rgba(&self.fill, 255), rgba(&grey, 255), "0.4"),
                    _ => (rgba(&self.fill, 255), "255,255,255,255".to_owned(), "0.2"),
                };
                layer(
                    "SimpleMarker",
                    &[
                        ("name", "circle"),
                        ("color", &fill),
                        ("outline_color", &line),
                        ("outline_style", "solid"),
                        ("outline_width", width),
                        ("outline_width_unit", "MM"),
                        ("size", "2"),
                        ("size_unit", "MM"),
                    ],
                    "",
                )
            }
            Symbols::Polygons => {
                let (fill, line) = if self.hollow {
                    ("0,0,0,0".to_owned(), rgba(&self.fill, 255))
                } else if self.hatched {
                    (rgba(&self.fill, 120), rgba(&grey, 255))
                } else {
                    (rgba(&self.fill, 215), "255,255,255,255".to_owned())
                };
                let mut layers = layer(
                    "SimpleFill",
                    &[
                        ("style", "solid"),
                        ("color", &fill),
                        ("outline_color", &line),
                        ("outline_style", "solid"),
                        ("outline_width", "0.12"),
                        ("outline_width_unit", "MM"),
                        ("joinstyle", "round"),
                    ],
                    "",
                );
                if self.hatched {
                    layers.push_str(&hatch(index, &rgba(&grey, 255)));
                }
                layers
            }
        };
        let kind = match symbols {
            Symbols::Points => "marker",
            Symbols::Polygons => "fill",
        };
        symbol(kind, &index.to_string(), &layers)
    }
}

fn hatch(index: usize, colour: &str) -> String {
    let line = layer(
        "SimpleLine",
        &[("line_color", colour), ("line_style", "solid"), ("line_width", "0.2"), ("line_width_unit", "MM")],
        "",
    );
    let line = symbol("line", &format!("@{index}@1"), &line);
    layer(
        "LinePatternFill",
        &[
            ("angle", "45"),
            ("distance", "1.4"),
            ("distance_unit", "MM"),
            ("color", colour),
            ("line_width", "0.2"),
            ("line_width_unit", "MM"),
        ],
        &line,
    )
}

fn symbol(kind: &str, name: &str, layers: &str) -> String {
    format!(
        "   <symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n{layers}   </symbol>\n"
    )
}

fn layer(class: &str, properties: &[(&str, &str)], inner: &str) -> String {
    let mut drawn = format!("    <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n");
    for (key, value) in properties {
        let _ = writeln!(drawn, r#"     <prop k="{key}" v="{value}"/>"#);
    }
    drawn.push_str(inner);
    drawn.push_str("    </layer>\n");
    drawn
}

/// Labels every area with a column, and below it the share that decides the colour.
fn labels(key: &str, share: Option<&str>) -> String {
    let name = quoted(key);
    let (expression, near) = match share {
        Some(share) => {
            let share = quoted(share);
            (format!("{name} || '\\n' || coalesce(format_number(100 * {share}, 0) || ' %', '未知')"), "")
        }
        // Names of thousands of compounds are shown only at large scales.
        None => (name, r#" scaleVisibility="1" scaleMin="12000" scaleMax="1""#),
    };
    format!(
        r#" <labeling type="simple">
  <settings calloutType="simple">
   <text-style fieldName="{}" isExpression="1" fontFamily="Noto Sans CJK SC" fontSize="8" fontSizeUnit="Point" namedStyle="Regular" textColor="34,49,45,255" textOpacity="1">
    <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85" bufferNoFill="1" bufferJoinStyle="128"/>
   </text-style>
   <text-format multilineAlign="1" formatNumbers="0"/>
   <placement placement="1" centroidInside="1" centroidWhole="1" quadOffset="4" priority="5"/>
   <rendering displayAll="0" obstacle="0"{near}/>
  </settings>
 </labeling>
"#,
        escaped(&expression)
    )
}

fn document(labels: bool, columns: &[TableColumn], rest: &str, geometry: u8) -> String {
    let mut aliases = String::new();
    for (index, column) in columns.iter().enumerate() {
        let _ = writeln!(
            aliases,
            // The first column of a layer is `fid`.
            r#"  <alias field="{}" index="{}" name="{}"/>"#,
            escaped(&column_name(&column.key)),
            index + 1,
            escaped(&column.heading)
        );
    }
    format!(
        r#"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="{}">
{rest} <aliases>
{aliases} </aliases>
 <layerGeometryType>{geometry}</layerGeometryType>
</qgis>
"#,
        u8::from(labels)
    )
}

/// Escapes the value of an XML attribute and removes characters that XML does not allow.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
    out
}

/// Quotes a column in an expression.
fn quoted(key: &str) -> String {
    format!("\"{}\"", key.replace('"', "\"\""))
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
    use crate::typed::Kind;

    fn columns() -> Vec<TableColumn> {
        vec![
            TableColumn::new("verdict", "结论 <a & \"b\">", Kind::Text),
            TableColumn::new("check", "待核", Kind::Text),
        ]
    }

    #[test]
    fn colours_equal_those_of_the_page() {
        assert_eq!(rgba("#3FA18F", 200), "63,161,143,200");
        for symbols in [Symbols::Points, Symbols::Polygons] {
            let style = styled(symbols, &StyledBy::Verdict("verdict".into()), &columns(), None);
            assert!(style.contains("63,161,143,") && style.contains("200,68,47,"), "{style}");
            assert_eq!(style.matches("<rule ").count(), 3);
        }
        let style = styled(Symbols::Polygons, &StyledBy::Share("part".into()), &columns(), Some("name"));
        assert_eq!(style.matches("<rule ").count(), 7);
        assert!(
            style.contains("168,42,27,") && style.contains("&gt;= 0.833333 AND &quot;part&quot; &lt;= 1\"")
        );
        assert!(style.contains("&quot;part&quot; IS NULL") && style.contains("LinePatternFill"));
    }

    #[test]
    fn headings_are_aliases_and_are_escaped() {
        let words = StyledBy::Words(
            "verdict".into(),
            vec![StyledWord {
                word: "it's".into(),
                label: "a < b\u{1}".into(),
                colour: "#000000".into(),
                hollow: true,
            }],
        );
        let style = styled(Symbols::Points, &words, &columns(), Some("check"));
        assert!(
            style.contains(r#"<alias field="verdict" index="1" name="结论 &lt;a &amp; &quot;b&quot;&gt;"/>"#)
        );
        assert!(style.contains(r#"<alias field="to_check" index="2" name="待核"/>"#), "{style}");
        assert!(style.contains("= &apos;it&apos;&apos;s&apos;") && style.contains("label=\"a &lt; b\""));
        for word in ["'it's", "\u{1}"] {
            assert!(!style.contains(word), "{word}");
        }
    }
}
