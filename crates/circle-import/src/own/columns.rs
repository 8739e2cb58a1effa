//! Which column holds what: usual names in Chinese and English, and those that `OWN.toml` gives.

use super::crs::Crs;
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
    /// The planner's own id. Numbers that a program or an office counts anew (fid, 序号) are none.
    Id = "id": ["id", "编号", "poiid", "uid", "fullid", "osmid", "编码"],
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
        Self::find_in(sheet, layer, named, None)
    }

    /// The same; of coordinates that the file has in several datums, those in `crs` are taken.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub(crate) fn find_in(
        sheet: &Sheet,
        layer: Layer,
        named: &BTreeMap<Role, String>,
        crs: Option<Crs>,
    ) -> Result<Self, String> {
        let heads: Vec<Head> = (0..sheet.columns.len()).map(|column| Head::of(sheet.head(column))).collect();
        let (found, missing) = assign(&heads, layer, named, crs);
        match missing {
            None => Ok(Self(found)),
            Some(role) => Err(format!(
                "no column `{}` for `{}`; it has: {}",
                named[&role],
                role.word(),
                list(&sheet.columns)
            )),
        }
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

    /// Whether rows of the layer can be read from these columns.
    pub(crate) fn suffice(&self, layer: Layer) -> bool {
        let placed = self.has(Role::Lon) && self.has(Role::Lat) || self.has(Role::Location);
        match layer {
            Layer::Population => {
                (placed || self.has(Role::Compound))
                    && (self.has(Role::Households) || self.has(Role::Residents))
            }
            Layer::Corrections => self.has(Role::Action),
            _ => placed,
        }
    }

    /// The headings of coordinates that name a datum, each with it.
    pub(crate) fn datums<'a>(&self, sheet: &'a Sheet) -> Vec<(&'a str, Crs)> {
        let of_place = [Role::Lon, Role::Lat, Role::Location].into_iter().filter_map(|role| self.at(role));
        let datum =
            |column: usize| Some((sheet.columns[column].as_str(), Head::of(sheet.head(column)).datum?));
        of_place.filter_map(datum).collect()
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

/// What is known of a file's columns before its header is found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) layer: Layer,
    /// Names that `OWN.toml` gives.
    pub(crate) named: &'a BTreeMap<Role, String>,
}

impl Known<'_> {
    /// How well some cells serve as a header.
    pub(crate) fn score<'b>(&self, heads: impl Iterator<Item = (&'b str, &'b str)>) -> Score {
        let heads: Vec<Head> = heads.map(Head::of).collect();
        let (found, _) = assign(&heads, self.layer, self.named, None);
        let named = self.named.keys().filter(|role| found.contains_key(role)).count();
        let roles = found.len() - named;
        Score { named, suffices: Columns(found).suffice(self.layer), roles }
    }

    /// Whether rows of the layer can be read from a sheet.
    pub(crate) fn suffices(&self, sheet: &Sheet) -> bool {
        Columns::find(sheet, self.layer, self.named).is_ok_and(|columns| columns.suffice(self.layer))
    }
}

/// How well a row serves as a header; what comes first counts most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Score {
    /// Columns found that the list names.
    pub(crate) named: usize,
    /// Whether rows can be read below it.
    pub(crate) suffices: bool,
    /// Columns with usual names.
    pub(crate) roles: usize,
}

/// A heading, ready to be compared.
#[derive(Debug)]
struct Head {
    /// As it stands, the heading above it in front.
    whole: String,
    /// [`plain`], the lower heading alone.
    plain: String,
    /// The same without the datum that it names.
    bare: String,
    datum: Option<Crs>,
}

impl Head {
    fn of((group, lower): (&str, &str)) -> Self {
        // 60岁以上 over 人数: what is counted stands above.
        let counts = matches!(&*plain(lower), "人数" | "人口数" | "数量" | "合计" | "小计" | "数");
        let above = plain(group);
        let by_group = counts && Role::ALL.iter().any(|role| role.usual().contains(&&*above));
        let plain = if by_group { above } else { plain(lower) };
        let datum = datum_in(lower).or_else(|| datum_in(group));
        let bare = datum.map_or_else(|| plain.clone(), |(word, _)| without(&plain, word));
        Self { whole: joined(group, lower), plain, bare, datum: datum.map(|(_, crs)| crs) }
    }
}

/// The name of a column below another heading.
pub(crate) fn joined(group: &str, lower: &str) -> String {
    match (group, lower) {
        ("", name) | (name, "") => name.to_owned(),
        (group, lower) => format!("{group}/{lower}"),
    }
}

/// Every role's column, and the first that the list names and nothing is called.
fn assign(
    heads: &[Head],
    layer: Layer,
    named: &BTreeMap<Role, String>,
    crs: Option<Crs>,
) -> (BTreeMap<Role, usize>, Option<Role>) {
    let mut found = BTreeMap::new();
    let mut missing = None;
    for (role, name) in named {
        let by = |is: &dyn Fn(&Head) -> bool| heads.iter().position(is);
        let at = by(&|head| head.whole.trim() == name.trim())
            .or_else(|| by(&|head| head.plain == plain(name)))
            .or_else(|| by(&|head| plain(&head.whole) == plain(name)));
        match at {
            Some(at) => {
                found.insert(*role, at);
            }
            None => missing = missing.or(Some(*role)),
        }
    }
    // Coordinates of one datum belong together.
    let open: Vec<Role> =
        [Role::Lon, Role::Lat].into_iter().filter(|role| !found.contains_key(role)).collect();
    if open.len() == 2 {
        let of_datum = |datum: Option<Crs>| {
            let at = |role: Role| place_column(heads, role, &found, Some(datum));
            Some([at(Role::Lon)?, at(Role::Lat)?])
        };
        let usual = [None, Some(Crs::Wgs84), Some(Crs::Cgcs2000), Some(Crs::Gcj02), Some(Crs::Bd09)];
        let mut datums = crs.map(Some).into_iter().chain(usual).chain([Some(Crs::Bd09Mc)]);
        if let Some([lon, lat]) = datums.find_map(of_datum) {
            found.extend([(Role::Lon, lon), (Role::Lat, lat)]);
        }
    }
    for role in [Role::Lon, Role::Lat, Role::Location] {
        if !found.contains_key(&role) {
            let of_crs = place_column(heads, role, &found, Some(crs)).filter(|_| crs.is_some());
            let at = of_crs.or_else(|| place_column(heads, role, &found, None));
            found.extend(at.map(|at| (role, at)));
        }
    }
    for role in Role::ALL {
        if found.contains_key(&role) {
            continue;
        }
        let taken = |at: &usize| found.values().any(|taken| taken == at);
        let at = role
            .usual()
            .iter()
            .filter(|usual| !misleads(layer, role, usual))
            .find_map(|usual| heads.iter().position(|head| head.plain == *usual).filter(|at| !taken(at)));
        if let Some(at) = at {
            found.insert(role, at);
        }
    }
    (found, missing)
}

/// The column of a coordinate, of any datum or of the one that is wanted, which may be none.
#[expect(clippy::option_option, reason = "a heading may name no datum, and that may be what is wanted")]
fn place_column(
    heads: &[Head],
    role: Role,
    found: &BTreeMap<Role, usize>,
    datum: Option<Option<Crs>>,
) -> Option<usize> {
    let fits = |at: &usize| {
        datum.is_none_or(|datum| heads[*at].datum == datum) && !found.values().any(|taken| taken == at)
    };
    let called = |usual: &&str| {
        (0..heads.len()).filter(fits).find(|at| heads[*at].plain == **usual || heads[*at].bare == **usual)
    };
    role.usual().iter().find_map(called)
}

/// Words in headings that name a datum; of words that begin alike the longer comes first.
const DATUMS: [(&str, Crs); 22] = [
    ("wgs84", Crs::Wgs84),
    ("wgs1984", Crs::Wgs84),
    ("gps", Crs::Wgs84),
    ("gcj02", Crs::Gcj02),
    ("gcj", Crs::Gcj02),
    ("高德", Crs::Gcj02),
    ("腾讯", Crs::Gcj02),
    ("火星", Crs::Gcj02),
    ("amap", Crs::Gcj02),
    ("tencent", Crs::Gcj02),
    ("bd09mc", Crs::Bd09Mc),
    ("bd09ll", Crs::Bd09),
    ("bd09", Crs::Bd09),
    ("baidu", Crs::Bd09),
    ("百度", Crs::Bd09),
    ("cgcs2000", Crs::Cgcs2000),
    ("cgcs", Crs::Cgcs2000),
    ("2000国家大地", Crs::Cgcs2000),
    ("国家大地2000", Crs::Cgcs2000),
    ("国家2000", Crs::Cgcs2000),
    ("大地2000", Crs::Cgcs2000),
    ("天地图", Crs::Cgcs2000),
];

/// The datum that a heading names, with its word.
fn datum_in(heading: &str) -> Option<(&'static str, Crs)> {
    let heading = without_marks(heading);
    DATUMS.into_iter().find(|(word, _)| heading.contains(*word))
}

/// A heading without the word for its datum.
fn without(plain: &str, word: &str) -> String {
    plain.replacen(&format!("{word}坐标系"), "", 1).replacen(word, "", 1)
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
    without_marks(bare)
}

fn without_marks(text: &str) -> String {
    text.chars()
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

    fn found(columns: &[&str], crs: Option<Crs>) -> BTreeMap<Role, usize> {
        let heads: Vec<Head> =
            columns.iter().map(|name| Head::of(name.split_once('/').unwrap_or(("", name)))).collect();
        assign(&heads, Layer::Facilities, &BTreeMap::new(), crs).0
    }

    #[test]
    fn headings_may_name_the_datum() {
        for (lon, lat, datum) in [
            ("经度_gcj02", "纬度_gcj02", Crs::Gcj02),
            ("经度(WGS84)", "纬度(WGS84)", Crs::Wgs84),
            ("lng_bd09", "lat_bd09", Crs::Bd09),
            ("X坐标(CGCS2000)", "Y坐标(CGCS2000)", Crs::Cgcs2000),
            ("GCJ-02 经度", "GCJ-02 纬度", Crs::Gcj02),
            ("经度（百度坐标系）", "纬度（百度坐标系）", Crs::Bd09),
            ("高德坐标/经度", "高德坐标/纬度", Crs::Gcj02),
            ("高德经度", "高德纬度", Crs::Gcj02),
        ] {
            let found = found(&["名称", lon, lat], None);
            assert_eq!((found.get(&Role::Lon), found.get(&Role::Lat)), (Some(&1), Some(&2)), "{lon}");
            let head = Head::of(lon.split_once('/').unwrap_or(("", lon)));
            assert_eq!(head.datum, Some(datum), "{lon}");
        }
        assert_eq!(Head::of(("", "经度")).datum, None);
        assert_eq!(Head::of(("", "高德编码")).plain, "高德编码");
    }

    #[test]
    fn coordinates_of_one_datum_go_together() {
        let both = ["经度_gcj02", "纬度_gcj02", "经度_wgs84", "纬度_wgs84"];
        let pair = |found: &BTreeMap<Role, usize>| [found[&Role::Lon], found[&Role::Lat]];
        assert_eq!(pair(&found(&both, None)), [2, 3]);
        assert_eq!(pair(&found(&both, Some(Crs::Gcj02))), [0, 1]);
        let plain = ["经度(百度)", "经度", "纬度(百度)", "纬度"];
        assert_eq!(pair(&found(&plain, None)), [1, 3]);
    }

    #[test]
    fn lower_headings_count_unless_they_only_count() {
        let columns = ["坐标位置/经度", "坐标位置/纬度", "人口/户数", "人口/人数", "60岁以上/人数"];
        let found = found(&columns, None);
        let roles = [Role::Lon, Role::Lat, Role::Households, Role::Residents, Role::Elderly];
        assert_eq!(roles.map(|role| found[&role]), [0, 1, 2, 3, 4]);
    }

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
