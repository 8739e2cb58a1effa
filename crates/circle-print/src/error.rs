//! The error type of this crate.

use circle_reach::Cancelled;
use std::path::PathBuf;

/// An error that prevents a board from being made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// No font has a character of a text.
    #[error("`{text}`: no font has `{character}` (U+{code:04X}); write the name another way", code = *character as u32)]
    NoGlyph {
        /// The character.
        character: char,
        /// The text with the character.
        text: String,
    },
    /// A text mixes traditional Mongolian with another script.
    #[error("`{text}`: Mongolian is set by itself; give the rest as another text")]
    Mixed {
        /// The text.
        text: String,
    },
    /// The page is too small for its required contents.
    #[error("a page of {width:.0} × {height:.0} mm is too small for {what}; choose a larger one")]
    TooSmall {
        /// Width, millimetres.
        width: f64,
        /// Height, millimetres.
        height: f64,
        /// The contents that do not fit.
        what: String,
    },
    /// The gate was inferred, and boards of inferred gates were not requested.
    #[error(
        "gate {gate} of {compound} was only inferred: nobody has mapped where it is; a board for it has to be asked for \
         (--inferred), and says so"
    )]
    Inferred {
        /// The compound's name.
        compound: String,
        /// The gate's key.
        gate: String,
    },
    /// The gate is locked or shut, so nobody can leave by it.
    #[error("gate {gate} of {compound}: {what}")]
    Gate {
        /// The compound's name.
        compound: String,
        /// The gate's key.
        gate: String,
        /// The problem.
        what: &'static str,
    },
    /// No gate of the compound can have a board.
    #[error("{compound} has no gate that a board can be made for")]
    NoGate {
        /// The compound's name.
        compound: String,
    },
    /// The board file, or a file that it names, is invalid.
    #[error("{what}")]
    BoardFile {
        /// The problem and the field.
        what: String,
    },
    /// The address of the page is invalid.
    #[error("address: {what}")]
    Address {
        /// The problem.
        what: String,
    },
    /// The compound has no such gate.
    #[error("{what}")]
    NoSuchGate {
        /// The requested gate and the existing gates.
        what: String,
    },
    /// The logo cannot be used.
    #[error("{}: {what}", path.display())]
    Logo {
        /// The file.
        path: PathBuf,
        /// The problem.
        what: String,
    },
    /// A library failed to write the drawing.
    #[error("the board could not be written as {format}: {what}")]
    Write {
        /// PDF or PNG.
        format: &'static str,
        /// The library's message.
        what: String,
    },
    /// The caller cancelled the search.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
