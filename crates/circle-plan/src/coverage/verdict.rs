//! Verdicts, and their reasons.

/// The judgement of one compound in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A facility is within the limit.
    Covered,
    /// No facility is within the limit.
    Gap,
    /// The data does not decide it.
    Unknown,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 3] = [Self::Covered, Self::Gap, Self::Unknown];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Gap => "gap",
            Self::Unknown => "unknown",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Covered => "达标",
            Self::Gap => "缺口",
            Self::Unknown => "未知",
        }
    }
}

/// The reason of a gap or of an unknown verdict. For a gap, it names what would have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No facility in the city meets the column.
    NoneInCity,
    /// No facility in the compound's unit meets the column.
    NoneInUnit,
    /// The nearest facility is farther than the limit.
    Beyond,
    /// A closed compound or gate bars a walk within the limit.
    OnlyThroughClosed,
    /// No facility is on the connected component of the network that the compound is on: a fault of the map.
    OnIsland,
    /// The profile cannot pass steps or kerbs on a walk within the limit.
    Impassable,
    /// A facility within the limit is closed at the requested hour.
    ClosedAtHour,
    /// A facility is on the same connected component, but no walk leads to it: a fault of the map.
    NoPath,
    /// The data holds too few facilities of the category for a gap (see [`Evidence`](crate::Evidence)).
    SourceIncomplete,
    /// A facility within the limit may meet the line; its level is not recorded.
    LevelUnknown,
    /// All gates of the compound are inferred, and the verdict differs between them.
    GateUnknown,
    /// The edge of the data is within the limit.
    DataEdge,
    /// No gate of the compound has a leg to the network.
    NoUsableGate,
    /// The unit of the compound is not known.
    NoUnit,
    /// No map data can decide the line.
    NotMeasured,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 15] = [
        Self::LevelUnknown,
        Self::NoneInCity,
        Self::NoneInUnit,
        Self::Beyond,
        Self::OnlyThroughClosed,
        Self::OnIsland,
        Self::Impassable,
        Self::ClosedAtHour,
        Self::NoPath,
        Self::SourceIncomplete,
        Self::GateUnknown,
        Self::DataEdge,
        Self::NoUsableGate,
        Self::NoUnit,
        Self::NotMeasured,
    ];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoneInCity => "none_in_city",
            Self::NoneInUnit => "none_in_unit",
            Self::Beyond => "beyond",
            Self::OnlyThroughClosed => "only_through_closed",
            Self::OnIsland => "on_island",
            Self::Impassable => "impassable",
            Self::ClosedAtHour => "closed_at_hour",
            Self::NoPath => "no_path",
            Self::SourceIncomplete => "source_incomplete",
            Self::LevelUnknown => "level_unknown",
            Self::GateUnknown => "gate_unknown",
            Self::DataEdge => "data_edge",
            Self::NoUsableGate => "no_usable_gate",
            Self::NoUnit => "no_unit",
            Self::NotMeasured => "not_measured",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NoneInCity => "全市没有",
            Self::NoneInUnit => "本单元没有",
            Self::Beyond => "最近的超出时限",
            Self::OnlyThroughClosed => "只能穿过封闭小区或大门",
            Self::OnIsland => "所在路网与外界不连通",
            Self::Impassable => "该人群无法通行",
            Self::ClosedAtHour => "该时刻不开放",
            Self::NoPath => "没有可走的路",
            Self::SourceIncomplete => "该类数据不完整",
            Self::LevelUnknown => "附近一处学段不明",
            Self::GateUnknown => "出入口位置未知",
            Self::DataEdge => "靠近数据边界",
            Self::NoUsableGate => "没有可用的出入口",
            Self::NoUnit => "所属单元未知",
            Self::NotMeasured => "地图无法判断",
        }
    }
}
