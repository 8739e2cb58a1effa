//! Whether a board can be printed, as JSON.

use super::{check_board, study_error};
use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::BoardCheckQuestion;
use crate::study::Study;
use bytes::Bytes;
use circle_model::city::GateProvenance;
use circle_model::{City, GateId};
use circle_print::{BoardFinding, PrintError};
use circle_reach::Cancel;
use serde::Serialize;
use std::sync::Arc;

#[derive(Debug, Serialize)]
struct Checked {
    edition: String,
    gate: CheckedGate,
    /// The gates of the compound that can have a board, the most certain first.
    gates: Vec<GateChoice>,
    findings: Vec<Finding>,
    may_be_printed: bool,
    bands: Vec<BandPlaces>,
}

#[derive(Debug, Clone, Serialize)]
struct CheckedGate {
    id: String,
    name: String,
    at: [f64; 2],
    provenance: &'static str,
}

#[derive(Debug, Serialize)]
struct GateChoice {
    #[serde(flatten)]
    gate: CheckedGate,
    selected: bool,
}

#[derive(Debug, Serialize)]
struct Finding {
    kind: &'static str,
    severity: &'static str,
    message: String,
    message_en: String,
}

#[derive(Debug, Serialize)]
struct BandPlaces {
    minutes: u32,
    places: usize,
}

impl Study {
    /// What stands against printing a board, as JSON.
    ///
    /// # Errors
    /// As [`Study::search`]; [`Refusal::Board`](crate::Refusal::Board) when there is no board to check.
    pub async fn board_check(self: &Arc<Self>, question: BoardCheckQuestion) -> Result<Bytes, StudyError> {
        // A check searches what a list and the shapes of three bands search.
        self.search(Lane::within(&question.settings.minutes), move |study, cancel| {
            let checked = checked(&study.edition(None), study.choices(), &question, cancel);
            let json = serde_json::to_vec(&checked.map_err(|error| study_error(&error))?);
            json.map(Bytes::from).map_err(|error| StudyError::unwritten("the check of a board", &error))
        })
        .await
    }
}

fn checked(
    edition: &CityEdition,
    choices: &Choices,
    question: &BoardCheckQuestion,
    cancel: &Cancel,
) -> Result<Checked, PrintError> {
    let BoardCheckQuestion { compound, gate, settings, .. } = question;
    let city = &edition.city;
    let findings = check_board(edition, choices, settings, *gate, cancel)?;
    let places = circle_print::places_by_band(&edition.network, &choices.catalogue, settings, *gate, cancel)?;
    let choice = |id: GateId| GateChoice { gate: described(city, id), selected: id == *gate };
    let bands = settings.minutes.iter().zip(places);
    Ok(Checked {
        edition: edition.edition.to_string(),
        gate: described(city, *gate),
        gates: circle_print::boards_of(city, *compound, true).into_iter().map(choice).collect(),
        may_be_printed: !findings.iter().any(BoardFinding::is_error),
        findings: findings.into_iter().map(found).collect(),
        bands: bands.map(|(minutes, places)| BandPlaces { minutes: *minutes, places }).collect(),
    })
}

fn described(city: &City, id: GateId) -> CheckedGate {
    let gate = &city.gates()[id.index()];
    let place = gate.point.lon_lat();
    CheckedGate {
        id: city.gate_key(id).into_owned(),
        name: circle_print::gate_name(city, id),
        at: [place.lon, place.lat],
        provenance: GateProvenance::from_code(gate.provenance).word(),
    }
}

fn found(finding: BoardFinding) -> Finding {
    Finding {
        kind: finding.kind_word(),
        severity: finding.severity_word(),
        message: finding.message,
        message_en: finding.message_en,
    }
}
