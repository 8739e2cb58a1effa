//! Why a board cannot be made.

use std::path::PathBuf;

/// Why a board cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A text holds a character that the fonts do not.
    #[error("`{text}`: no font has `{character}` (U+{code:04X}); write the name another way", code = *character as u32)]
    NoGlyph {
        /// The character.
        character: char,
        /// The text it is in.
        text: String,
    },
    /// Traditional Mongolian with letters of another script.
    #[error("`{text}`: Mongolian is set by itself; give the rest as another text")]
    Mixed {
        /// The text.
        text: String,
    },
    /// The page cannot hold what has to be on it.
    #[error("a page of {width:.0} × {height:.0} mm is too small for {what}; choose a larger one")]
    TooSmall {
        /// Millimetres.
        width: f64,
        /// Millimetres.
        height: f64,
        /// What does not fit.
        what: String,
    },
    /// The gate is a guess.
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
    /// Nobody can leave by the gate.
    #[error("gate {gate} of {compound}: {what}")]
    Gate {
        /// The compound's name.
        compound: String,
        /// The gate's key.
        gate: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A compound without a gate that a board may be made for.
    #[error("{compound} has no gate that a board can be made for")]
    NoGate {
        /// The compound's name.
        compound: String,
    },
    /// A board file or what it names.
    #[error("{what}")]
    BoardFile {
        /// What is wrong and where.
        what: String,
    },
    /// The page's address.
    #[error("address: {what}")]
    Address {
        /// What is wrong.
        what: String,
    },
    /// No such gate.
    #[error("{what}")]
    NoSuchGate {
        /// What was asked for, and what there is.
        what: String,
    },
    /// A logo cannot be used.
    #[error("{}: {what}", path.display())]
    Logo {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The drawing could not be written.
    #[error("the board could not be written as {format}: {what}")]
    Write {
        /// PDF or PNG.
        format: &'static str,
        /// What the library says.
        what: String,
    },
}
