//! The layers of `OWN.toml`.

/// The kind of the rows of a planner's file: the `layer` of a source in `OWN.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnLayer {
    /// Facilities 设施.
    Facilities,
    /// Residential compounds 小区.
    Compounds,
    /// Gates of compounds 出入口.
    Gates,
    /// District units 单元.
    Units,
    /// Residents and households 人口.
    Population,
    /// Spaces for possible facilities 候选空间.
    Candidates,
    /// Field corrections 更正.
    Corrections,
}

impl OwnLayer {
    /// Every layer, in the order of messages.
    pub const ALL: [Self; 7] = [
        Self::Facilities,
        Self::Compounds,
        Self::Gates,
        Self::Units,
        Self::Population,
        Self::Candidates,
        Self::Corrections,
    ];

    /// The layer of a word in `OWN.toml`, English or Chinese, in any case.
    ///
    /// ```
    /// use circle_sheet::OwnLayer;
    /// assert_eq!(OwnLayer::parse(" 小区 "), Some(OwnLayer::Compounds));
    /// assert_eq!(OwnLayer::parse("shops"), None);
    /// ```
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        let is_named = |layer: &Self| layer.word() == word || layer.chinese().contains(&word.as_str());
        Self::ALL.into_iter().find(is_named)
    }

    /// Its Chinese names; the first is the one in the guide.
    pub const fn chinese(self) -> &'static [&'static str] {
        match self {
            Self::Facilities => &["设施", "公共服务设施", "配套设施"],
            Self::Compounds => &["小区", "住宅小区", "居住小区"],
            Self::Gates => &["出入口", "小区出入口", "大门"],
            Self::Units => &["单元", "行政单元", "行政区划"],
            Self::Population => &["人口"],
            Self::Candidates => &["候选", "候选空间", "闲置空间", "可盘活闲置空间"],
            Self::Corrections => &["更正", "修正", "现场更正"],
        }
    }

    /// Its English name, which is also its name in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Facilities => "facilities",
            Self::Compounds => "compounds",
            Self::Gates => "gates",
            Self::Units => "units",
            Self::Population => "population",
            Self::Candidates => "candidates",
            Self::Corrections => "corrections",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_identifies_one_layer() {
        for layer in OwnLayer::ALL {
            for name in layer.chinese().iter().chain([&layer.word()]) {
                assert_eq!(OwnLayer::parse(name), Some(layer), "{name}");
            }
        }
        assert_eq!(OwnLayer::parse(""), None);
    }
}
