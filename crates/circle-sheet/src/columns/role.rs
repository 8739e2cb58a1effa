//! The roles of columns, with the usual names of each.

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $word:literal: $usual:expr),* $(,)?) => {
        /// The content of a column of a planner's file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $role),* }

        impl Role {
            /// Every role. If several match a column, the first one gets it.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$role),*];

            /// Its name in `OWN.toml`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$role => $word),* }
            }

            /// The usual names of its column, the most specific first, in lower case without blanks and
            /// underscores.
            pub const fn usual_names(self) -> &'static [&'static str] {
                match self { $(Self::$role => &$usual),* }
            }
        }
    };
}

roles! {
    /// The planner's own id. Numbers that a program or an office assigns anew to each file (fid, 序号) are not
    /// ids.
    Id = "id": ["id", "编号", "poiid", "uid", "fullid", "osmid", "编码"],
    /// The name.
    Name = "name": ["name", "名称", "名字", "设施名称", "机构名称", "单位名称", "点位名称", "学校名称", "店名", "店铺名称",
        "企业名称", "场所名称", "社区名称", "街道名称", "网格名称", "小区名称", "公园名称", "出入口名称", "标题", "title", "poiname"],
    /// The English name.
    NameEn = "name_en": ["nameen", "name:en", "英文名称", "英文名", "englishname"],
    /// Longitude, or easting.
    Lon = "lon": ["lon", "lng", "long", "longitude", "经度", "东经", "经度坐标", "坐标经度", "lonwgs84", "wgs84lng", "wgs84lon",
        "gcj02lng", "gcjlng", "gcj02lon", "bd09lng", "bdlng", "百度经度", "高德经度", "pointx", "x", "x坐标", "横坐标"],
    /// Latitude, or northing.
    Lat = "lat": ["lat", "latitude", "纬度", "北纬", "纬度坐标", "坐标纬度", "latwgs84", "wgs84lat", "gcj02lat", "gcjlat",
        "bd09lat", "bdlat", "百度纬度", "高德纬度", "pointy", "y", "y坐标", "纵坐标"],
    /// Both coordinates in one cell, `lng,lat`.
    Location = "location": ["location", "坐标", "经纬度", "经纬度坐标", "lnglat", "lonlat", "位置坐标", "点位坐标", "地理坐标"],
    /// A category by its id or name.
    Category = "category": ["category", "类别", "设施类别", "设施类型", "类别代码"],
    /// Amap's `typecode`.
    Code = "typecode": ["typecode", "类型编码", "分类编码", "poi编码", "类型代码", "分类代码", "高德编码"],
    /// A kind in words: Amap's type, Baidu's tag.
    Kind = "type": ["type", "类型", "分类", "tag", "标签", "业态", "种类", "小类", "中类", "大类"],
    /// Capacity: beds, places, seats.
    Capacity = "capacity": ["capacity", "容量", "床位数", "床位", "学位数", "学位", "服务能力", "接待能力"],
    /// Opening hours as OSM writes them.
    Hours = "opening_hours": ["openinghours", "开放时间", "营业时间", "开放时段"],
    /// The compound that the row belongs to, by name or id.
    Compound = "compound": ["compound", "compoundname", "小区", "所属小区", "所在小区", "小区名", "小区名称"],
    /// Whether a gate is kept locked.
    Locked = "locked": ["locked", "锁闭", "常闭", "是否常闭", "是否锁闭"],
    /// Whether a compound is closed.
    Closed = "closed": ["closed", "封闭", "是否封闭", "封闭式", "封闭管理"],
    /// The level of a unit: 区, 街道, 社区 or 网格.
    Level = "level": ["level", "级别", "层级", "adminlevel", "单元级别", "单元类型"],
    /// The official code of a unit.
    UnitCode = "code": ["code", "代码", "行政区划代码", "区划代码", "divisioncode", "统计代码", "网格编码", "社区编码"],
    /// The unit above, by name or code.
    Parent = "parent": ["parent", "上级", "所属街道", "所属社区", "上级单位", "上级代码", "上级名称", "所属区"],
    /// Count of households.
    Households = "households": ["households", "户数", "总户数", "住户数", "家庭户"],
    /// Count of residents.
    Residents = "residents": ["residents", "人数", "人口", "人口数", "居民数", "常住人口", "总人口", "居民人数", "population"],
    /// Residents of 60 and older: a count or a share.
    Elderly = "elderly": ["elderly", "老年人", "老年人口", "老人数", "60岁以上", "60岁及以上", "老年人数", "老年人占比", "老龄化率"],
    /// Residents of 14 and younger: a count or a share.
    Children = "children": ["children", "儿童", "儿童数", "014岁", "14岁以下", "儿童人口", "少儿人口", "儿童占比"],
    /// A building within a compound.
    Building = "building": ["building", "楼栋", "楼号", "楼栋号", "楼栋名称", "幢号", "栋号"],
    /// Count of levels of a building.
    Levels = "levels": ["levels", "层数", "楼层数", "buildinglevels", "地上层数"],
    /// A note.
    Note = "note": ["note", "备注", "说明", "用途", "现状", "remark", "remarks", "notes"],
    /// The action of a correction.
    Action = "action": ["action", "操作", "更正类型", "修正类型", "变更类型", "更正"],
    /// The object of a correction: `node/123`, an id, or empty.
    Target = "target": ["target", "对象", "对象编号", "osm", "ref"],
    /// The kind of that object: `facility`, `compound` or `gate`.
    TargetLayer = "of": ["of", "对象类型", "对象类别", "layer"],
    /// The name after a correction.
    NewName = "new_name": ["newname", "新名称", "更名为", "现名称"],
    /// The category after a correction, by id or name.
    NewCategory = "new_category": ["newcategory", "新类别", "正确类别"],
    /// The longitude or easting after a correction.
    NewLon = "new_lon": ["newlon", "newlng", "新经度"],
    /// The latitude or northing after a correction.
    NewLat = "new_lat": ["newlat", "新纬度"],
    /// The person who made a correction.
    Author = "author": ["author", "填报人", "网格员", "作者", "登记人", "上报人", "记录人"],
    /// The date of a correction.
    Date = "date": ["date", "日期", "填报日期", "登记日期", "时间"],
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
            assert!(row.ends_with(&format!("| {} |", role.usual_names().join(", "))), "{row}");
        }
    }
}
