//! What stands against printing a board.

use circle_model::city::Severity;

/// The kind of a finding about a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardFindingKind {
    /// The compound's ways are an island of the network.
    Island,
    /// No place is within the longest band.
    NothingToShow,
    /// A band has no place of its own.
    EmptyBand,
    /// More than a third of the places have only the name of their kind.
    GenericNames,
    /// More than a third of the names on the map have no Chinese character.
    LatinNames,
    /// The compound has no Chinese name of its own.
    CompoundName,
    /// The gate was inferred: nobody has mapped it.
    InferredGate,
    /// The walks go beyond the map data.
    EdgeOfData,
    /// The title says other minutes than the longest band.
    TitleMinutes,
    /// Nobody is named as issuer.
    NoIssuer,
    /// The QR code has no address.
    NoAddress,
    /// The address of the QR code opens on one machine or network only.
    LocalAddress,
}

impl BoardFindingKind {
    /// All kinds, errors first.
    pub const ALL: [Self; 12] = [
        Self::Island,
        Self::NothingToShow,
        Self::EmptyBand,
        Self::GenericNames,
        Self::LatinNames,
        Self::CompoundName,
        Self::InferredGate,
        Self::EdgeOfData,
        Self::TitleMinutes,
        Self::NoIssuer,
        Self::NoAddress,
        Self::LocalAddress,
    ];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Island => "island",
            Self::NothingToShow => "nothing_to_show",
            Self::EmptyBand => "empty_band",
            Self::GenericNames => "generic_names",
            Self::LatinNames => "latin_names",
            Self::CompoundName => "compound_name",
            Self::InferredGate => "inferred_gate",
            Self::EdgeOfData => "edge_of_data",
            Self::TitleMinutes => "title_minutes",
            Self::NoIssuer => "no_issuer",
            Self::NoAddress => "no_address",
            Self::LocalAddress => "local_address",
        }
    }

    /// How much it weighs: a board with an error should not hang as it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Island
            | Self::NothingToShow
            | Self::EmptyBand
            | Self::GenericNames
            | Self::LatinNames
            | Self::CompoundName => Severity::Error,
            Self::InferredGate
            | Self::EdgeOfData
            | Self::TitleMinutes
            | Self::NoIssuer
            | Self::NoAddress
            | Self::LocalAddress => Severity::Warning,
        }
    }
}

/// Something that stands against printing a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardFinding {
    /// Its kind.
    pub kind: BoardFindingKind,
    /// Its severity.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
}

impl BoardFinding {
    pub(crate) fn new(kind: BoardFindingKind, message: String, message_en: String) -> Self {
        Self { kind, severity: kind.severity(), message, message_en }
    }

    /// Whether the board should not hang as it is.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The word of its kind in JSON and CSV.
    pub const fn kind_word(&self) -> &'static str {
        self.kind.word()
    }

    /// The word of its severity in JSON and CSV.
    pub const fn severity_word(&self) -> &'static str {
        self.severity.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own_and_errors_come_first() {
        let words: std::collections::BTreeSet<&str> =
            BoardFindingKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), BoardFindingKind::ALL.len());
        assert!(BoardFindingKind::ALL.is_sorted_by_key(|kind| kind.severity().code()));
    }
}
