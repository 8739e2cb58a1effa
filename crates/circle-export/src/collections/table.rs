//! A collection as a typed table: a row per feature, its properties as columns.

use super::Collection;
use super::value::Value;
use crate::typed::{Cell, Column, Kind, TableGeometry, TypedTable};
use crate::words::in_chinese;
use circle_model::{Catalogue, City, Point};

impl Collection {
    /// All features as a table with places. Lists are texts with `; ` between their words.
    pub fn table(self, city: &City, catalogue: &Catalogue) -> TypedTable {
        let rows: Vec<Vec<Value<'_>>> =
            (0..self.len(city)).map(|row| self.values(city, catalogue, row)).collect();
        let columns = self.properties().iter().enumerate().map(|(at, key)| {
            // The kind of what is there: the first value is often none at all.
            let kinds = rows.iter().filter_map(|row| kind(&row[at]));
            let kind = kinds.reduce(wider).unwrap_or_else(|| usual_kind(key));
            Column::new(*key, heading(key), kind)
        });
        let mut table = TypedTable::new(self.id(), self.title(), columns.collect()).with_places();
        table.reserve(rows.len());
        let kinds: Vec<Kind> = table.columns().iter().map(|column| column.kind).collect();
        for (row, values) in rows.iter().enumerate() {
            let cells: Vec<Cell> =
                values.iter().zip(&kinds).map(|(value, kind)| cell(&mut table, value, *kind)).collect();
            table.push_at(self.place(city, row), &cells);
        }
        in_chinese(table, catalogue)
    }

    /// The point that stands for feature `row`.
    ///
    /// # Panics
    /// When `row` is not below [`Collection::len`].
    pub fn point(self, city: &City, row: usize) -> Point {
        match self {
            Self::Compounds => city.compounds()[row].point,
            Self::Gates => city.gates()[row].point,
            Self::Facilities => city.facilities()[row].point,
            Self::Units => city.units()[row].point,
            Self::Buildings => city.buildings()[row].point,
            Self::Candidates => city.candidates()[row].point,
            Self::AccessPoints => city.access_points()[row].point,
        }
    }

    fn place(self, city: &City, row: usize) -> TableGeometry {
        let point = self.point(city, row);
        let rings = match self {
            Self::Compounds => city.compounds()[row].rings,
            Self::Units => city.units()[row].rings,
            Self::Buildings => super::buildings::rings(city, row),
            Self::Candidates => city.candidates()[row].rings,
            Self::Gates | Self::Facilities | Self::AccessPoints => return TableGeometry::Point(point),
        };
        TableGeometry::of(city, rings, point)
    }
}

/// What a value is; nothing where there is none.
fn kind(value: &Value<'_>) -> Option<Kind> {
    Some(match value {
        Value::Null => return None,
        Value::Flag(_) => Kind::Flag,
        Value::Whole(_) => Kind::Whole,
        Value::Number(_) => Kind::Number,
        Value::Text(_) | Value::Id(_) | Value::List(_) => Kind::Text,
    })
}

/// What holds values of both kinds.
fn wider(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (one, other) if one == other => one,
        (Kind::Whole | Kind::Number, Kind::Whole | Kind::Number) => Kind::Number,
        _ => Kind::Text,
    }
}

/// The kind of a column that nothing stands in.
fn usual_kind(key: &str) -> Kind {
    match key {
        "households" | "residents" | "elderly" | "children" | "capacity" | "area_square_metres"
        | "levels" | "confidence" => Kind::Number,
        _ => Kind::Text,
    }
}

fn cell(table: &mut TypedTable, value: &Value<'_>, kind: Kind) -> Cell {
    match (value, kind) {
        (Value::Null, _) => Cell::None,
        (Value::Flag(flag), Kind::Flag) => Cell::Flag(*flag),
        (Value::Whole(whole), Kind::Whole) => Cell::Whole(*whole),
        (Value::Whole(whole), Kind::Number) => Cell::Number(*whole as f64),
        (Value::Number(number), Kind::Number) => Cell::Number(*number),
        (Value::Flag(flag), _) => table.text(&flag.to_string()),
        (Value::Whole(whole), _) => table.text(&whole.to_string()),
        (Value::Number(number), _) => table.text(&number.to_string()),
        (Value::Text(text), _) => table.text(text),
        (Value::Id(id), _) => table.text(&id.to_string()),
        (Value::List(words), _) if words.is_empty() => Cell::None,
        (Value::List(words), _) => table.text(&words.join("; ")),
    }
}

/// The heading of a property, Chinese first.
fn heading(key: &str) -> String {
    let zh = match key {
        "id" => "编号",
        "osm_type" => "OSM 类型",
        "osm_id" => "OSM 编号",
        "name" => "名称",
        "name_en" => "英文名",
        "generated_name" => "名称为生成",
        "closed" => "封闭",
        "evidence" => "依据",
        "gates" => "出入口",
        "area_square_metres" => "面积 平方米",
        "district_id" => "区编号",
        "district" => "区",
        "subdistrict_id" => "街道编号",
        "subdistrict" => "街道",
        "community_id" => "社区编号",
        "community" => "社区",
        "grid_id" => "网格编号",
        "grid" => "网格",
        "households" => "户数",
        "residents" => "居民",
        "elderly" => "老年人",
        "children" => "儿童",
        "population_from" => "人口来源",
        "sources" => "来源",
        "compound_id" => "小区编号",
        "compound_name" => "小区",
        "provenance" => "来历",
        "locked" => "上锁",
        "category" => "类别",
        "categories" => "全部类别",
        "capacity" => "容量",
        "confidence" => "可信度",
        "admin_level" => "行政级别",
        "parent" => "上级编号",
        "parent_name" => "上级",
        "group" => "大类",
        "channel" => "判定途径",
        "halal" => "清真",
        "level_uncertain" => "学段不明",
        "access_points" => "出入点",
        "merged" => "合并记录数",
        "note" => "备注",
        "code" => "代码",
        "clipped" => "被截断",
        "levels" => "层数",
        "levels_assumed" => "层数为假定",
        "facility_id" => "设施编号",
        "facility_name" => "设施",
        "kind" => "种类",
        _ => return key.replace('_', " "),
    };
    format!("{zh} {}", key.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_takes_all_that_stands_in_it() {
        assert_eq!(wider(Kind::Whole, Kind::Number), Kind::Number);
        assert_eq!(wider(Kind::Flag, Kind::Whole), Kind::Text);
        assert_eq!((kind(&Value::Null), kind(&Value::Id(3))), (None, Some(Kind::Text)));
        let mut table = TypedTable::new("t", "t", vec![Column::new("a", "a", Kind::Text)]);
        assert_eq!(cell(&mut table, &Value::Whole(3), Kind::Number), Cell::Number(3.0));
        let list = cell(&mut table, &Value::List(vec!["a".into(), "b".into()]), Kind::Text);
        let Cell::Text(list) = list else { panic!("{list:?}") };
        assert_eq!(table.words(list), "a; b");
    }
}
