//! The words of field corrections 更正: what happened, and to what kind of thing.

/// The kind of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionAction {
    /// It is closed for good, or gone.
    Closed,
    /// It is at another place.
    Moved,
    /// There is an unmapped gate.
    NewGate,
    /// There is an unmapped facility.
    NewFacility,
    /// It has another name.
    Renamed,
    /// It is of another category.
    WrongCategory,
}

impl CorrectionAction {
    /// All actions with their Chinese words, for messages.
    pub const LIST: &'static str = "closed 已关闭, moved 已搬迁, new_gate 新增出入口, new_facility 新增设施, renamed 更名, \
                                    wrong_category 类别错误";

    /// The action of a word in a file, in lower case.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "closed" | "关闭" | "已关闭" | "停业" | "已停业" | "撤销" => Self::Closed,
            "moved" | "移位" | "搬迁" | "已搬迁" | "位置错误" => Self::Moved,
            "new_gate" | "new gate" | "新增出入口" | "新门" | "新增大门" => Self::NewGate,
            "new_facility" | "new facility" | "新增设施" | "新设施" => Self::NewFacility,
            "renamed" | "更名" | "已更名" | "名称错误" => Self::Renamed,
            "wrong_category" | "wrong category" | "类别错误" | "分类错误" => Self::WrongCategory,
            _ => return None,
        })
    }

    /// Its name in files and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Moved => "moved",
            Self::NewGate => "new_gate",
            Self::NewFacility => "new_facility",
            Self::Renamed => "renamed",
            Self::WrongCategory => "wrong_category",
        }
    }

    /// The collection that it corrects where nothing else is said.
    pub const fn usual_thing(self) -> CorrectedThing {
        match self {
            Self::NewGate => CorrectedThing::Gate,
            _ => CorrectedThing::Facility,
        }
    }
}

/// The collection that a correction applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectedThing {
    /// A facility.
    Facility,
    /// A compound.
    Compound,
    /// A gate of a compound.
    Gate,
}

impl CorrectedThing {
    /// The collection of a word in a file; `None` for other words, where the action decides.
    pub fn parse(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "compound" | "compounds" | "小区" => Some(Self::Compound),
            "gate" | "gates" | "出入口" | "大门" => Some(Self::Gate),
            _ => None,
        }
    }

    /// Its name in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Compound => "compound",
            Self::Gate => "gate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CorrectionAction::{Closed, Moved, NewFacility, NewGate, Renamed, WrongCategory};

    #[test]
    fn every_action_is_listed_and_read_by_both_of_its_words() {
        let listed: Vec<(&str, &str)> =
            CorrectionAction::LIST.split(", ").map(|pair| pair.split_once(' ').unwrap()).collect();
        let all = [Closed, Moved, NewGate, NewFacility, Renamed, WrongCategory];
        assert_eq!(listed.iter().map(|(word, _)| *word).collect::<Vec<_>>(), all.map(CorrectionAction::word));
        for ((word, zh), action) in listed.into_iter().zip(all) {
            assert_eq!([word, zh].map(CorrectionAction::parse), [Some(action); 2], "{word}");
        }
    }
}
