//! The Chinese texts of findings. Every output and the page have them from here.

use circle_model::city::FindingKind;
use circle_plan::Remark;

/// The Chinese label of a kind of finding.
pub(crate) const fn kind_zh(kind: FindingKind) -> &'static str {
    texts(kind).0
}

/// The Chinese explanation of a finding, with what to do. Figures are in its message.
pub(crate) fn message_zh(remark: &Remark) -> &'static str {
    match remark.kind {
        FindingKind::NoCategory if remark.is_of_own_file() => {
            "这一行没有类别，从名称和代码也看不出类别，没有采用；请补上类别"
        }
        // An entry without a thing is a sum over the whole city.
        FindingKind::Merged if remark.about.is_none() => {
            "合计：合并的同一处要素、并入主体的组成部分，或只供本小区居民使用的公园；条数见详情"
        }
        FindingKind::Island if remark.point.is_none() => "其余较短的孤立路网，合计见详情",
        kind => texts(kind).1,
    }
}

/// Label and explanation of a kind.
const fn texts(kind: FindingKind) -> (&'static str, &'static str) {
    match kind {
        FindingKind::RejectedRow => {
            ("未采用的行", "自有文件里的这一行没有采用，原因见详情；请改正后重新生成")
        }
        FindingKind::OddRow => ("存疑的行", "自有文件里的这一行已经采用，但有可疑之处，见详情；请核对"),
        FindingKind::Coordinates => ("坐标存疑", "自有文件的坐标系或坐标有疑问，见详情；请核对位置"),
        FindingKind::CorrectionApplied => ("已应用的更正", "这一条更正已经应用"),
        FindingKind::CorrectionStale => {
            ("已失效的更正", "这一条更正已不适用：对象在数据里找不到，或已经改过；请核对后删去")
        }
        FindingKind::CompoundOnIsland => {
            ("小区在孤立路网上", "出入口只通向一段孤立的路；请在地图上把它和街道连起来")
        }
        FindingKind::CompoundShutIn => (
            "小区被封闭区域围住",
            "封闭小区、限行道路或上锁的门挡住了所有出来的路；请改正地图，或在自有数据里给它一个出入口",
        ),
        FindingKind::CompoundOffNetwork => {
            ("小区走不到路上", "没有路通到这里，什么也算不出；请在自有数据里给它一个出入口")
        }
        FindingKind::PossibleDuplicate => ("可能重复的设施", "附近有同名设施，可能是同一处；两处都保留了"),
        FindingKind::Island => ("孤立路网", "这段路和别的路都不相连；地图上少了一个路口或大门"),
        FindingKind::NoMappedGate => {
            ("没有测绘的出入口", "没有测绘或登记的出入口，由附近的路代替；请在自有数据里列出")
        }
        FindingKind::GateToSurvey => {
            ("出入口待踏勘", "没有测绘的出入口，有的结论取决于门在哪一侧；请现场踏勘，并在自有数据里列出")
        }
        FindingKind::FacilityOnIsland => {
            ("设施只通孤立路网", "到这里的路和别的路都不相连，别处的人谁也算不进；请在地图上把它和街道连起来")
        }
        FindingKind::FacilityShutIn => (
            "设施被封闭区域围住",
            "封闭小区、限行道路或上锁的门挡住了所有通往它的路；请改正地图，或在自有数据里说明它对外开放",
        ),
        FindingKind::FacilityOffNetwork => {
            ("设施走不到路上", "没有路通到这里，谁也算不进；请改正位置或补画周围的路")
        }
        FindingKind::CategoryWithoutSource => {
            ("整类没有数据", "整份数据里一处也没有，缺了不说明问题；请提供自有数据")
        }
        FindingKind::FewRecords => {
            ("记录偏少", "和别处相比记录明显偏少，缺口可能是数据的缺口；请提供自有数据")
        }
        FindingKind::NoCategory => ("没有归类", "地图上有名字的地点，类别表里没有对应的类"),
        FindingKind::Merged => ("合并的记录", "几条记录是同一处，已合并"),
        FindingKind::ClippedBoundary => {
            ("边界被裁断", "边界被数据范围裁断，沿边缘合拢；数字只代表范围内的部分")
        }
        FindingKind::NoPopulation => ("人口未知", "自有数据没有人口，地图上也没有画出住宅楼"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::Severity;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_label_and_an_explanation_of_its_own() {
        let labels: BTreeSet<&str> = FindingKind::ALL.iter().map(|kind| kind_zh(*kind)).collect();
        assert_eq!(labels.len(), FindingKind::ALL.len());
        for kind in FindingKind::ALL {
            for id in ["1", ""] {
                let remark = Remark {
                    severity: Severity::Info,
                    kind: *kind,
                    about: None,
                    id: id.to_owned(),
                    name: String::new(),
                    point: None,
                    message: "in English".to_owned(),
                };
                assert!(!message_zh(&remark).is_ascii() && !kind_zh(*kind).is_ascii(), "{}", kind.word());
            }
        }
    }
}
