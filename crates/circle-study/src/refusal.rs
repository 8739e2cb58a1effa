//! Why a question is rejected, with the message for the command line and the API.

use circle_model::city::KeyOf;
use serde::Serialize;

/// Why a question is rejected: it is invalid, or names something that the city does not have.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// A parameter has a value that it cannot take.
    #[error("`{name}`: {message}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// The values that the parameter takes.
        message: String,
    },
    /// A place too far outside of the city's data.
    #[error("`{name}`: {message}")]
    Outside {
        /// The parameter.
        name: &'static str,
        /// How far outside, and where the data is.
        message: String,
    },
    /// A parameter that the question does not have.
    #[error("there is no parameter `{name}` here; there are: {}", choices.join(", "))]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// The parameters that exist.
        choices: Vec<String>,
    },
    /// A profile, rule set, category, … that does not exist.
    #[error("there is no {what} `{asked}`; there are: {}", choices.join(", "))]
    NoSuch {
        /// The kind of thing.
        what: &'static str,
        /// The given id.
        asked: String,
        /// The ids that exist.
        choices: Vec<String>,
    },
    /// A word that a parameter does not take.
    #[error("`{name}` takes {}, not `{asked}`", choices.join(", "))]
    Word {
        /// The parameter.
        name: &'static str,
        /// The given value.
        asked: String,
        /// The values that the parameter takes.
        choices: Vec<String>,
    },
    /// A name that several compounds have.
    #[error("`{asked}` fits {} compounds; ask for one of them by its id", compounds.len())]
    Ambiguous {
        /// The given name.
        asked: String,
        /// The compounds with this name.
        compounds: Vec<NamedCompound>,
    },
    /// A thing that does not exist.
    #[error("{0}")]
    NotFound(String),
    /// A former key; the request can be repeated with the present one.
    #[error("this key is a former one; the present one is {present}")]
    Moved {
        /// The position of the former key in the request.
        slot: KeySlot,
        /// The present key of the same thing.
        present: String,
    },
    /// A key of an earlier edition whose thing no longer exists.
    #[error("the {} `{asked}` is gone{}", noun(*of), nearest_sentence(.nearest.as_ref()))]
    Gone {
        /// The kind of thing.
        of: KeyOf,
        /// The given key.
        asked: String,
        /// The nearest thing of its kind.
        nearest: Option<NearestRecord>,
    },
    /// A question with more pairs than one answer holds.
    #[error("{0}")]
    TooMuch(String),
    /// A board that cannot be made with the gate, page or names of the question.
    #[error("{0}")]
    Board(String),
}

impl Refusal {
    /// A parameter with a value that it cannot take.
    pub fn parameter(name: &'static str, message: impl Into<String>) -> Self {
        Self::Parameter { name, message: message.into() }
    }

    /// An id of a kind `what` that does not exist, with the ids that do.
    pub fn no_such<'a>(what: &'static str, asked: &str, choices: impl IntoIterator<Item = &'a str>) -> Self {
        let choices = choices.into_iter().map(str::to_owned).collect();
        Self::NoSuch { what, asked: asked.to_owned(), choices }
    }
}

/// The position of a key in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySlot {
    /// The beginning of the last part of the path.
    Path {
        /// The rest of the last part, such as `.svg`.
        ending: String,
    },
    /// The value of this parameter.
    Parameter(String),
}

impl KeySlot {
    /// The value of a parameter.
    pub fn parameter(name: &str) -> Self {
        Self::Parameter(name.to_owned())
    }

    /// The last part of the path, all of it.
    pub fn path() -> Self {
        Self::Path { ending: String::new() }
    }
}

/// The record nearest to a record of the same kind that no longer exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearestRecord {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Straight-line distance between the two places, in metres.
    pub metres: u64,
    /// The id of the collection that lists it.
    pub collection: &'static str,
}

/// One of several compounds with the same name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedCompound {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Degrees, WGS 84.
    pub lon: f64,
    /// Degrees, WGS 84.
    pub lat: f64,
}

/// The English noun for a record of a collection.
const fn noun(of: KeyOf) -> &'static str {
    match of {
        KeyOf::Compound => "compound",
        KeyOf::Gate => "gate",
        KeyOf::Facility => "facility",
        KeyOf::Unit => "unit",
        KeyOf::Candidate => "candidate space",
        KeyOf::Building => "building",
    }
}

/// The Chinese noun for a record of a collection.
const fn noun_zh(of: KeyOf) -> &'static str {
    match of {
        KeyOf::Compound => "小区",
        KeyOf::Gate => "出入口",
        KeyOf::Facility => "设施",
        KeyOf::Unit => "单元",
        KeyOf::Candidate => "空间",
        KeyOf::Building => "楼栋",
    }
}

/// The message of commands about a key whose record no longer exists; that of the API is [`Refusal::Gone`].
pub(crate) fn gone_sentence(of: KeyOf, key: &str, nearest: Option<&NearestRecord>) -> String {
    let word = noun(of);
    let Some(NearestRecord { id, name, metres, .. }) = nearest else {
        return format!(
            "{key} is gone since an earlier edition, and there is no other {word} 编号 {key} 已不存在"
        );
    };
    let name = name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    let zh = noun_zh(of);
    format!(
        "{key} is gone since an earlier edition; the nearest {word} is {id}{name}, {metres} m away 编号 {key} \
         已不存在，最近的{zh}是 {id}，距 {metres} 米"
    )
}

fn nearest_sentence(nearest: Option<&NearestRecord>) -> String {
    nearest.map_or_else(String::new, |NearestRecord { id, name, metres, .. }| {
        let name = name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        format!("; the nearest to where it was is `{id}`{name}, {metres} m away")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_lists_the_choices() {
        let refusal = Refusal::no_such("profile", "x", ["a", "b"]);
        assert_eq!(refusal.to_string(), "there is no profile `x`; there are: a, b");
    }

    #[test]
    fn a_key_that_is_gone_names_the_nearest_record() {
        let nearest = NearestRecord {
            id: "w2".into(),
            name: Some("乙小区".into()),
            metres: 40,
            collection: "compounds",
        };
        let gone = |nearest| Refusal::Gone { of: KeyOf::Compound, asked: "w1".into(), nearest }.to_string();
        let sentence = "the compound `w1` is gone; the nearest to where it was is `w2` 乙小区, 40 m away";
        assert_eq!(gone(Some(nearest)), sentence);
        assert_eq!(gone(None), "the compound `w1` is gone");
    }
}
