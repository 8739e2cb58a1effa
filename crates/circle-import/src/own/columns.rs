//! Which column holds what: usual names in Chinese and English, and those that `OWN.toml` gives.

use super::list::Layer;
use super::sheet::Sheet;
use std::collections::BTreeMap;

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $word:literal: $usual:expr),* $(,)?) => {
        /// What a column holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Role { $($(#[$doc])* $role),* }

        impl Role {
            /// Every role, in order.
            pub(crate) const ALL: [Self; [$($word),*].len()] = [$(Self::$role),*];

            /// Its name in `OWN.toml`.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$role => $word),* }
            }

            /// Usual names of its column, the most telling first, in lower case without blanks and underlines.
            const fn usual(self) -> &'static [&'static str] {
                match self { $(Self::$role => &$usual),* }
            }
        }
    };
}

roles! {
    /// The planner's own id.
    Id = "id": ["id", "编号", "poiid", "uid", "fullid", "osmid", "编码", "fid", "objectid", "序号"],
    Name = "name": ["name", "名称", "名字", "设施名称", "机构名称", "单位名称", "点位名称", "学校名称", "店名", "店铺名称",
        "企业名称", "场所名称", "社区名称", "街道名称", "网格名称", "小区名称", "公园名称", "出入口名称", "标题", "title", "poiname"],
    NameEn = "name_en": ["nameen", "name:en", "英文名称", "英文名", "englishname"],
    /// Longitude, or easting.
    Lon = "lon": ["lon", "lng", "long", "longitude", "经度", "东经", "经度坐标", "坐标经度", "lonwgs84", "wgs84lng", "wgs84lon",
        "gcj02lng", "gcjlng", "gcj02lon", "bd09lng", "bdlng", "百度经度", "高德经度", "pointx", "x", "x坐标", "横坐标"],
    /// Latitude, or northing.
    Lat = "lat": ["lat", "latitude", "纬度", "北纬", "纬度坐标", "坐标纬度", "latwgs84", "wgs84lat", "gcj02lat", "gcjlat",
        "bd09lat", "bdlat", "百度纬度", "高德纬度", "pointy", "y", "y坐标", "纵坐标"],
    /// Both in one cell, `lng,lat`.
    Location = "location": ["location", "坐标", "经纬度", "经纬度坐标", "lnglat", "lonlat", "位置坐标", "点位坐标", "地理坐标"],
    /// A category by its id or name.
    Category = "category": ["category", "类别", "设施类别", "设施类型", "类别代码"],
    /// Amap's `typecode`.
    Code = "typecode": ["typecode", "类型编码", "分类编码", "poi编码", "类型代码", "分类代码", "高德编码"],
    /// A kind in words.
    Kind = "type": ["type", "类型", "分类", "tag", "标签", "业态", "种类", "小类", "中类", "大类"],
    /// Beds, places, seats.
    Capacity = "capacity": ["capacity", "容量", "床位数", "床位", "学位数", "学位", "服务能力", "接待能力"],
    Hours = "opening_hours": ["openinghours", "开放时间", "营业时间", "开放时段"],
    /// The compound that a row belongs to, by name or id.
    Compound = "compound": ["compound", "compoundname", "小区", "所属小区", "所在小区", "小区名", "小区名称"],
    /// Whether a gate is kept locked.
    Locked = "locked": ["locked", "锁闭", "常闭", "是否常闭", "是否锁闭"],
    /// Whether a compound is closed.
    Closed = "closed": ["closed", "封闭", "是否封闭", "封闭式", "封闭管理"],
    /// 区, 街道, 社区 or 网格.
    Level = "level": ["level", "级别", "层级", "adminlevel", "单元级别", "单元类型"],
    /// An official code.
    UnitCode = "code": ["code", "代码", "行政区划代码", "区划代码", "divisioncode", "统计代码", "网格编码", "社区编码"],
    /// The unit above, by name or code.
    Parent = "parent": ["parent", "上级", "所属街道", "所属社区", "上级单位", "上级代码", "上级名称", "所属区"],
    Households = "households": ["households", "户数", "总户数", "住户数", "家庭户"],
    Residents = "residents": ["residents", "人数", "人口", "人口数", "居民数", "常住人口", "总人口", "居民人数", "population"],
    Elderly = "elderly": ["elderly", "老年人", "老年人口", "老人数", "60岁以上", "60岁及以上", "老年人数", "老年人占比", "老龄化率"],
    Children = "children": ["children", "儿童", "儿童数", "014岁", "14岁以下", "儿童人口", "少儿人口", "儿童占比"],
    /// A building within a compound.
    Building = "building": ["building", "楼栋", "楼号", "楼栋号", "楼栋名称", "幢号", "栋号"],
    /// Levels of a building.
    Levels = "levels": ["levels", "层数", "楼层数", "buildinglevels", "地上层数"],
    Note = "note": ["note", "备注", "说明", "用途", "现状", "remark", "remarks", "notes"],
    /// What a correction does.
    Action = "action": ["action", "操作", "更正类型", "修正类型", "变更类型", "更正"],
    /// What a correction is of: `node/123`, an id or nothing.
    Target = "target": ["target", "对象", "对象编号", "osm", "ref"],
    /// `facility`, `compound` or `gate`.
    TargetLayer = "of": ["of", "对象类型", "对象类别", "layer"],
    NewName = "new_name": ["newname", "新名称", "更名为", "现名称"],
    NewCategory = "new_category": ["newcategory", "新类别", "正确类别"],
    NewLon = "new_lon": ["newlon", "newlng", "新经度"],
    NewLat = "new_lat": ["newlat", "新纬度"],
    Author = "author": ["author", "填报人", "网格员", "作者", "登记人", "上报人", "记录人"],
    Date = "date": ["date", "日期", "填报日期", "登记日期", "时间"],
}

/// The columns of one file by what they hold.
#[derive(Debug, Default)]
pub(crate) struct Columns(BTreeMap<Role, usize>);

impl Columns {
    /// Finds every role's column. Columns that the list names have to be there.
    ///
    /// # Errors
    /// Names the missing column and lists those that are there.
    pub(crate) fn find(sheet: &Sheet, layer: Layer, named: &BTreeMap<Role, String>) -> Result<Self, String> {
        let headers: Vec<String> = sheet.columns.iter().map(|column| plain(column)).collect();
        let mut found = BTreeMap::new();
        for (role, name) in named {
            let exact = sheet.columns.iter().position(|column| column.trim() == name.trim());
            let at = exact.or_else(|| headers.iter().position(|header| *header == plain(name)));
            let at = at.ok_or_else(|| {
                format!("no column `{name}` for `{}`; it has: {}", role.word(), list(&sheet.columns))
            })?;
            found.insert(*role, at);
        }
        for role in Role::ALL {
            if found.contains_key(&role) {
                continue;
            }
            let taken = |at: &usize| found.values().any(|taken| taken == at);
            let at =
                role.usual().iter().filter(|usual| !misleads(layer, role, usual)).find_map(|usual| {
                    headers.iter().position(|header| header == usual).filter(|at| !taken(at))
                });
            if let Some(at) = at {
                found.insert(role, at);
            }
        }
        Ok(Self(found))
    }

    pub(crate) fn at(&self, role: Role) -> Option<usize> {
        self.0.get(&role).copied()
    }

    /// Columns that hold nothing known.
    pub(crate) fn unused<'a>(&self, sheet: &'a Sheet) -> impl Iterator<Item = &'a String> {
        let taken = |at: &usize| self.0.values().any(|taken| taken == at);
        sheet.columns.iter().enumerate().filter(move |(at, _)| !taken(at)).map(|(_, name)| name)
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.0.contains_key(&role)
    }

    /// The cell of a row; empty where the file has no such column.
    pub(crate) fn cell<'a>(&self, sheet: &'a Sheet, row: usize, role: Role) -> &'a str {
        self.0.get(&role).map_or("", |column| sheet.cell(row, *column))
    }

    /// What the file calls the column of a role.
    pub(crate) fn called<'a>(&self, sheet: &'a Sheet, role: Role) -> &'a str {
        self.0.get(&role).map_or(role.word(), |column| sheet.columns[*column].as_str())
    }
}

/// Names that mean something else in some layers: 小区名称 is the compound of a gate, not the gate's name.
fn misleads(layer: Layer, role: Role, usual: &str) -> bool {
    let of_compound = matches!(layer, Layer::Gates | Layer::Population);
    match role {
        Role::Name => of_compound && usual == "小区名称" || layer == Layer::Population,
        Role::Compound => layer == Layer::Compounds,
        Role::UnitCode | Role::Level | Role::Parent => layer != Layer::Units,
        _ => false,
    }
}

/// Lower case, without blanks, underlines, hyphens and what stands in brackets.
fn plain(header: &str) -> String {
    let bare = header.split(['(', '（', '[', '【']).next().unwrap_or_default();
    let bare = if bare.trim().is_empty() { header } else { bare };
    bare.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The first names of a list: a hostile file may have a thousand columns.
pub(crate) fn list(names: &[String]) -> String {
    const MOST: usize = 30;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| super::short(name)).collect();
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_lists_every_column_with_its_usual_names() {
        let guide = include_str!("../../../../docs/own-files.md").split_once("## Columns").unwrap().1;
        for role in Role::ALL {
            let row = format!("| `{}` |", role.word());
            let row = guide
                .lines()
                .find(|line| line.starts_with(&row))
                .unwrap_or_else(|| panic!("{}", role.word()));
            assert!(row.ends_with(&format!("| {} |", role.usual().join(", "))), "{row}");
            for usual in role.usual() {
                assert_eq!(plain(usual), *usual, "{}: no header can be called so", role.word());
            }
        }
    }
}
