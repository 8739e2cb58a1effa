//! The properties of features, by collection.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The properties of a compound 小区.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompoundProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// OSM 要素类型 OSM type.
    pub(crate) osm_type: String,
    /// OSM 编号 OSM id.
    pub(crate) osm_id: Option<String>,
    /// 名称 name.
    pub(crate) name: String,
    /// 英文名称 name in English.
    pub(crate) name_en: Option<String>,
    /// 名称为程序所拟 generated name.
    pub(crate) generated_name: bool,
    /// 封闭 closed.
    pub(crate) closed: bool,
    /// 小区依据 evidence.
    pub(crate) evidence: String,
    /// 出入口数 gates.
    pub(crate) gates: u64,
    /// 面积 平方米 area m².
    pub(crate) area_square_metres: u64,
    /// 区编号 district id.
    pub(crate) district_id: Option<String>,
    /// 区 district.
    pub(crate) district: Option<String>,
    /// 街道编号 subdistrict id.
    pub(crate) subdistrict_id: Option<String>,
    /// 街道 subdistrict.
    pub(crate) subdistrict: Option<String>,
    /// 社区编号 community id.
    pub(crate) community_id: Option<String>,
    /// 社区 community.
    pub(crate) community: Option<String>,
    /// 网格编号 grid id.
    pub(crate) grid_id: Option<String>,
    /// 网格 grid.
    pub(crate) grid: Option<String>,
    /// 户数 households.
    pub(crate) households: Option<u64>,
    /// 居民 人 residents.
    pub(crate) residents: Option<u64>,
    /// 居民下限 人 residents, low.
    pub(crate) residents_low: Option<u64>,
    /// 居民上限 人 residents, high.
    pub(crate) residents_high: Option<u64>,
    /// 老年人 人 elderly.
    pub(crate) elderly: Option<u64>,
    /// 儿童 人 children.
    pub(crate) children: Option<u64>,
    /// 人口来源 population from.
    pub(crate) population_from: String,
    /// 来源 sources.
    pub(crate) sources: Option<String>,
}

/// The properties of a gate 小区出入口.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// OSM 要素类型 OSM type.
    pub(crate) osm_type: String,
    /// OSM 编号 OSM id.
    pub(crate) osm_id: Option<String>,
    /// 名称 name.
    pub(crate) name: Option<String>,
    /// 小区编号 compound id.
    pub(crate) compound_id: String,
    /// 小区 compound.
    pub(crate) compound_name: Option<String>,
    /// 区 district.
    pub(crate) district: Option<String>,
    /// 街道 subdistrict.
    pub(crate) subdistrict: Option<String>,
    /// 出入口来源 provenance.
    pub(crate) provenance: String,
    /// 上锁 locked.
    pub(crate) locked: bool,
    /// 来源 sources.
    pub(crate) sources: Option<String>,
}

/// The properties of a facility 设施.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FacilityProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// OSM 要素类型 OSM type.
    pub(crate) osm_type: String,
    /// OSM 编号 OSM id.
    pub(crate) osm_id: Option<String>,
    /// 名称 name.
    pub(crate) name: Option<String>,
    /// 英文名称 name in English.
    pub(crate) name_en: Option<String>,
    /// 类别 category.
    pub(crate) category: Option<String>,
    /// 全部类别 categories.
    pub(crate) categories: Vec<String>,
    /// 大类 group.
    pub(crate) group: Option<String>,
    /// 可信度 0–1 confidence.
    pub(crate) confidence: f64,
    /// 开放方式 channel.
    pub(crate) channel: String,
    /// 清真 halal.
    pub(crate) halal: bool,
    /// 级别不确定 level uncertain.
    pub(crate) level_uncertain: bool,
    /// 仅限 only for.
    pub(crate) only_for: Option<String>,
    /// 容量 capacity.
    pub(crate) capacity: Option<f64>,
    /// 面积 平方米 area m².
    pub(crate) area_square_metres: u64,
    /// 出入点数 access points.
    pub(crate) access_points: u64,
    /// 合并的记录数 merged records.
    pub(crate) merged: u64,
    /// 区 district.
    pub(crate) district: Option<String>,
    /// 街道 subdistrict.
    pub(crate) subdistrict: Option<String>,
    /// 来源 sources.
    pub(crate) sources: Option<String>,
}

/// The properties of a unit 行政单元.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// OSM 编号 OSM id.
    pub(crate) osm_id: Option<String>,
    /// 名称 name.
    pub(crate) name: Option<String>,
    /// 英文名称 name in English.
    pub(crate) name_en: Option<String>,
    /// 代码 code.
    pub(crate) code: Option<String>,
    /// 行政级别 admin level.
    pub(crate) admin_level: u64,
    /// 上级编号 parent id.
    pub(crate) parent: Option<String>,
    /// 上级 parent.
    pub(crate) parent_name: Option<String>,
    /// 面积 平方米 area m².
    pub(crate) area_square_metres: u64,
    /// 数据不完整 clipped.
    pub(crate) clipped: bool,
    /// 来源 sources.
    pub(crate) sources: Option<String>,
}

/// The properties of a building 楼栋.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BuildingProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// 名称 name.
    pub(crate) name: Option<String>,
    /// 小区编号 compound id.
    pub(crate) compound_id: Option<String>,
    /// 小区 compound.
    pub(crate) compound_name: Option<String>,
    /// 层数 levels.
    pub(crate) levels: Option<f64>,
    /// 层数为假定 levels assumed.
    pub(crate) levels_assumed: bool,
    /// 户数 households.
    pub(crate) households: Option<f64>,
    /// 居民 人 residents.
    pub(crate) residents: Option<f64>,
    /// 居民下限 人 residents, low.
    pub(crate) residents_low: Option<f64>,
    /// 居民上限 人 residents, high.
    pub(crate) residents_high: Option<f64>,
    /// 人口来源 population from.
    pub(crate) population_from: String,
}

/// The properties of a candidate space 可盘活闲置空间.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CandidateProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// 名称 name.
    pub(crate) name: Option<String>,
    /// 说明 note.
    pub(crate) note: Option<String>,
    /// 面积 平方米 area m².
    pub(crate) area_square_metres: u64,
    /// 小区编号 compound id.
    pub(crate) compound_id: Option<String>,
    /// 小区 compound.
    pub(crate) compound_name: Option<String>,
    /// 来源 sources.
    pub(crate) sources: Option<String>,
}

/// The properties of an access point 出入点.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessPointProperties {
    /// 编号 id.
    pub(crate) id: String,
    /// 设施编号 facility id.
    pub(crate) facility_id: String,
    /// 设施 facility.
    pub(crate) facility_name: Option<String>,
    /// 出入点类型 kind.
    pub(crate) kind: String,
    /// 封闭 closed.
    pub(crate) closed: bool,
}
