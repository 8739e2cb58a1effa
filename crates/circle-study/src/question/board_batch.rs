//! The question of many boards at once.

use super::board::{BoardQuestion, settings};
use super::board_gates::{BoardSelection, LeftOutBoard, compounds_within};
use super::body::{self, Holds};
use super::origin::compound;
use super::search::find_units;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::{KeySlot, Refusal};
use circle_model::{City, CompoundId, GateId};
use circle_print::{Format, Settings};
use serde_json::Value;

/// The settings of a batch: the parameters of one board, but for its gate and what a picture alone has.
const SETTINGS: [(&str, Holds); 20] = [
    ("size", Holds::Text),
    ("landscape", Holds::Switch),
    ("bleed", Holds::Switch),
    ("crop_marks", Holds::Switch),
    ("categories", Holds::List),
    ("group_by", Holds::Text),
    ("minutes", Holds::List),
    ("profile", Holds::Text),
    ("faces", Holds::Text),
    ("north_up", Holds::Switch),
    ("inferred", Holds::Switch),
    ("address", Holds::Text),
    ("title", Holds::Text),
    ("issuer", Holds::Text),
    ("hotline", Holds::Text),
    ("approval_number", Holds::Text),
    ("note", Holds::Text),
    ("languages", Holds::List),
    ("logo", Holds::Text),
    ("sample", Holds::Switch),
];

/// The boards of a unit, or of some compounds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BoardBatchQuestion {
    /// The gates, at least one.
    pub gates: Vec<GateId>,
    /// The compounds that get no board.
    pub left_out: Vec<LeftOutBoard>,
    /// Page, contents and style of the boards.
    pub settings: Settings,
    /// The file format.
    pub format: Format,
    /// The settings as the parameters of one board.
    pub parameters: Parameters,
}

impl BoardBatchQuestion {
    /// Members of the body.
    pub const MEMBERS: [&str; 4] = ["unit", "compounds", "format", "settings"];
    /// Formats of a batch.
    pub const FORMATS: [Format; 2] = [Format::Pdf, Format::Svg];
    /// Most boards of a batch.
    pub const MOST: usize = 1_000;

    /// Names of the settings.
    pub fn settings() -> impl Iterator<Item = &'static str> {
        SETTINGS.iter().map(|(name, _)| *name)
    }

    /// Parses the body: `unit` (key or name) or `compounds` (keys or names), `format`, and `settings`, an object with the
    /// parameters of one board. `address` is that of the page, empty if it is unknown.
    ///
    /// # Errors
    /// When the body is no such object, the unit or a compound does not exist, or no gate gets a board.
    pub fn parse(choices: &Choices, address: &str, body: &[u8]) -> Result<Self, Refusal> {
        let members = body::members(body, &Self::MEMBERS)?;
        let parameters = match members.get("settings") {
            None => Parameters::default(),
            Some(Value::Object(members)) => body::as_parameters(members, &SETTINGS)?,
            Some(_) => {
                return Err(Refusal::parameter(
                    "settings",
                    "it takes an object with the parameters of a board",
                ));
            }
        };
        let settings = settings(choices, address, &parameters)?;
        let city = &choices.city;
        let (compounds, named) = match (members.get("unit"), members.get("compounds")) {
            (Some(unit), None) => (of_unit(city, unit)?, false),
            (None, Some(compounds)) => (listed(city, compounds)?, true),
            _ => return Err(Refusal::parameter("unit", "give either `unit` or `compounds`")),
        };
        let format = format(members.get("format"))?;
        let BoardSelection { gates, left_out } = {
            let selection = BoardSelection::of(city, &compounds, named, settings.inferred);
            if selection.gates.is_empty() {
                let reasons = selection.reasons();
                return Err(Refusal::Board(format!("no gate to make a board for: {reasons}")));
            }
            selection
        };
        if gates.len() > Self::MOST {
            return Err(Refusal::TooMuch(format!(
                "{} boards are too many for one batch, which makes {}; ask for a smaller unit",
                gates.len(),
                Self::MOST
            )));
        }
        Ok(Self { gates, left_out, settings, format, parameters })
    }

    /// The board of one gate.
    pub fn board(&self, gate: GateId) -> BoardQuestion {
        BoardQuestion { gate, settings: self.settings.clone(), format: self.format }
    }
}

/// The compounds of a unit.
///
/// # Errors
/// When there is no such unit.
fn of_unit(city: &City, unit: &Value) -> Result<Vec<CompoundId>, Refusal> {
    let unit =
        unit.as_str().ok_or_else(|| Refusal::parameter("unit", "it takes the key or name of a unit"))?;
    Ok(compounds_within(city, Some(&find_units(city, unit)?.value)))
}

/// The compounds of a list, each once.
///
/// # Errors
/// When it is no list of keys and names, or one does not exist.
fn listed(city: &City, compounds: &Value) -> Result<Vec<CompoundId>, Refusal> {
    let wrong = || Refusal::parameter("compounds", "it takes a list of keys or names of compounds");
    let mut found: Vec<CompoundId> = Vec::new();
    for asked in compounds.as_array().filter(|list| !list.is_empty()).ok_or_else(wrong)? {
        let asked = asked.as_str().ok_or_else(wrong)?;
        // A body cannot be redirected, so former keys are accepted.
        let compound = match city.compound_named(asked).found() {
            Some(compound) => compound,
            None => compound(city, asked, KeySlot::parameter("compounds"))?,
        };
        if !found.contains(&compound) {
            found.push(compound);
        }
    }
    Ok(found)
}

/// The format; PDF if none is given.
///
/// # Errors
/// When it is not one of a batch.
fn format(format: Option<&Value>) -> Result<Format, Refusal> {
    let Some(format) = format else { return Ok(Format::Pdf) };
    let known = BoardBatchQuestion::FORMATS.into_iter().find(|known| format == known.ending());
    known.ok_or_else(|| {
        let choices = BoardBatchQuestion::FORMATS.map(|format| format.ending().to_owned()).into();
        Refusal::Word { name: "format", asked: format.to_string(), choices }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Compound, Gate, Meta, OsmKind, Span};
    use serde_json::json;
    use zerocopy::FromZeros;

    /// Two compounds, `w1` with a gate and `w2` without.
    fn choices() -> Choices {
        let mut tables = CityTables::default();
        tables.texts = "甲小区乙小区".into();
        for row in 0..2u32 {
            tables.compounds.push(Compound {
                osm_id: i64::from(row) + 1,
                osm_kind: OsmKind::Way.code(),
                name: Span { start: 9 * row, len: 9 },
                gates: Span { start: row.min(1), len: 1 - row },
                ..Compound::new_zeroed()
            });
        }
        tables.gates.push(Gate { osm_id: 7, ..Gate::new_zeroed() });
        Choices::built_in(City::from_tables(tables, &Meta::default()).unwrap())
    }

    fn parse(body: &Value) -> Result<BoardBatchQuestion, Refusal> {
        BoardBatchQuestion::parse(&choices(), "http://map.example", body.to_string().as_bytes())
    }

    #[test]
    fn a_batch_has_the_gates_of_its_compounds_and_names_the_others() {
        let settings = json!({ "size": "A3", "landscape": true, "minutes": [5, 10], "issuer": "街道" });
        let batch = parse(&json!({ "compounds": ["w1", "乙小区", "w1"], "settings": settings })).unwrap();
        assert_eq!((batch.gates.as_slice(), batch.left_out.len()), ([GateId(0)].as_slice(), 1));
        assert_eq!((batch.format, batch.settings.minutes.as_slice()), (Format::Pdf, [5, 10].as_slice()));
        assert_eq!(batch.parameters.text("minutes"), Some("5,10"));
        assert!(batch.board(GateId(0)).settings.landscape);
    }

    #[test]
    fn a_refusal_names_the_member() {
        for (body, named) in [
            (json!({}), "`unit`"),
            (json!({ "unit": "a", "compounds": ["w1"] }), "`unit`"),
            (json!({ "unit": 5 }), "`unit`"),
            (json!({ "unit": "没有" }), "没有"),
            (json!({ "compounds": [] }), "`compounds`"),
            (json!({ "compounds": [1] }), "`compounds`"),
            (json!({ "compounds": ["w9"] }), "w9"),
            (json!({ "compounds": ["w2"] }), "without a known gate"),
            (json!({ "compounds": ["w1"], "format": "doc" }), "`format`"),
            (json!({ "compounds": ["w1"], "settings": { "size": "A9" } }), "`size`"),
            (json!({ "compounds": ["w1"], "settings": { "gate": "n7" } }), "`gate`"),
            (json!({ "compounds": ["w1"], "settings": [] }), "`settings`"),
            (json!({ "compound": ["w1"] }), "`compound`"),
        ] {
            let message = parse(&body).unwrap_err().to_string();
            assert!(message.contains(named), "{body}: {message}");
        }
    }

    #[test]
    fn the_settings_are_the_parameters_of_one_board() {
        let others = ["gate", "dpi", "download"];
        let of_one = BoardQuestion::PARAMETERS.into_iter().filter(|name| !others.contains(name));
        assert_eq!(BoardBatchQuestion::settings().collect::<Vec<_>>(), of_one.collect::<Vec<_>>());
    }
}
