//! Keys of cached answers: the edition, and every member of the question that the answer depends on.

use crate::question::{BoardQuestion, CoveragePart, CoverageQuestion, IsochronesQuestion, ReachQuestion};
use circle_model::GateId;
use circle_model::city::Edition;
use circle_print::Format;
use circle_reach::{Form, Origin};
use sha2::{Digest, Sha256};

/// Key of an answer about the walks from one origin.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WalksKey {
    edition: Edition,
    origin: Origin,
    minutes: Vec<u32>,
    profile: String,
    /// The form of the shapes; `None` for the facilities within reach.
    form: Option<Form>,
}

impl WalksKey {
    pub(crate) fn of_isochrones(edition: Edition, question: &IsochronesQuestion) -> Self {
        Self {
            edition,
            origin: question.origin,
            minutes: question.shapes.minutes.clone(),
            profile: question.shapes.profile.id.clone(),
            form: Some(question.shapes.form),
        }
    }

    pub(crate) fn of_reach(edition: Edition, question: &ReachQuestion) -> Self {
        Self {
            edition,
            origin: question.origin,
            minutes: question.minutes.clone(),
            profile: question.profile.id.clone(),
            form: None,
        }
    }
}

/// Key of a coverage table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CoverageKey {
    edition: Edition,
    rules: String,
    profile: String,
    minutes: Vec<u32>,
    as_mapped: bool,
    /// Bits of the least completeness, an `f64`.
    completeness: u64,
}

impl CoverageKey {
    pub(crate) fn of(edition: Edition, question: &CoverageQuestion) -> Self {
        Self {
            edition,
            rules: question.rules.id.clone(),
            profile: question.profile.id.clone(),
            minutes: question.minutes.clone(),
            as_mapped: question.evidence.as_mapped,
            completeness: question.evidence.least_completeness.to_bits(),
        }
    }
}

/// Key of the response bytes of a part of a coverage table, and whether they are compressed.
pub(crate) type WrittenKey = (CoverageKey, CoveragePart, Gzip);

/// Whether bytes are compressed by gzip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Gzip(pub(crate) bool);

/// Key of a board: the gate, the format, and the SHA-256 of the settings. Clients choose the settings, so nobody may be
/// able to make two with the same key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BoardKey {
    edition: Edition,
    gate: GateId,
    format: Format,
    settings: [u8; 32],
}

impl BoardKey {
    pub(crate) fn of(edition: Edition, question: &BoardQuestion) -> Self {
        let settings = Sha256::digest(format!("{:?}", question.settings)).into();
        Self { edition, gate: question.gate, format: question.format, settings }
    }
}

/// Key of a tile of the base map: edition, zoom, column, row.
pub(crate) type TileKey = (Edition, u32, u32, u32);
