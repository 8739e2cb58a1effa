//! Tables about boards: what their checks found, and the compounds that got none.

use super::CheckedBoard;
use crate::question::LeftOutBoard;
use circle_export::csv_of_texts;
use circle_model::{City, CompoundId, GateId};

/// A row for every finding, as CSV.
pub fn findings_csv(city: &City, checked: &[CheckedBoard]) -> Vec<u8> {
    let header = ["compound_id", "compound_name", "gate_id", "severity", "kind", "message"];
    let rows = checked.iter().flat_map(|board| {
        let compound = city.gates()[board.gate.index()].compound;
        board.findings.iter().map(move |finding| {
            let [id, name] = compound_cells(city, compound);
            let message = format!("{} {}", finding.message, finding.message_en);
            let (severity, kind) = (finding.severity_word().to_owned(), finding.kind_word().to_owned());
            [id, name, gate_cell(city, Some(board.gate)), severity, kind, message]
        })
    });
    csv_of_texts(header, rows)
}

/// A row for every compound or gate that was left out, as CSV.
pub fn left_out_csv(city: &City, left_out: &[LeftOutBoard]) -> Vec<u8> {
    let header = ["compound_id", "compound_name", "gate_id", "reason", "message"];
    let rows = left_out.iter().map(|it| {
        let [id, name] = compound_cells(city, it.compound);
        let message = it.message.as_deref().unwrap_or_default().to_owned();
        [id, name, gate_cell(city, it.gate), it.reason.word().to_owned(), message]
    });
    csv_of_texts(header, rows)
}

/// Key and name of a compound.
fn compound_cells(city: &City, compound: CompoundId) -> [String; 2] {
    let name = city.text(city.compounds()[compound.index()].name);
    [city.compound_key(compound).into_owned(), name.to_owned()]
}

fn gate_cell(city: &City, gate: Option<GateId>) -> String {
    gate.map(|gate| city.gate_key(gate).into_owned()).unwrap_or_default()
}
