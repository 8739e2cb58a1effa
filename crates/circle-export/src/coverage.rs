//! The coverage table 覆盖 as `GeoJSON` and CSV.

mod csv;
mod geojson;

pub use csv::coverage_csv;
pub use geojson::coverage_geojson;

use circle_model::{City, CompoundId, RuleSet};
use circle_plan::Coverage;

/// Which part of the table is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverageSelection<'a> {
    /// Only the lines of this rule set, in its order; all categories when `None`.
    pub only_rules: Option<&'a RuleSet>,
    /// Only this compound; all when `None`.
    pub compound: Option<CompoundId>,
}

impl CoverageSelection<'_> {
    /// The columns of `coverage` that are wanted.
    ///
    /// A line has a column of its name; one that a single category meets may be that category's.
    fn columns(&self, coverage: &Coverage) -> Vec<usize> {
        let Some(rules) = self.only_rules else { return (0..coverage.categories.len()).collect() };
        let (catalogue, lines) = coverage.categories.split_at(coverage.catalogue_len);
        let column = |line: &circle_model::rules::Line| {
            let named = lines.iter().position(|name| *name == line.zh).map(|column| catalogue.len() + column);
            named.or_else(|| match line.any_of.as_slice() {
                [single] => catalogue.iter().position(|id| id == single),
                _ => None,
            })
        };
        rules.lines.iter().filter_map(column).collect()
    }

    fn compounds(&self, city: &City) -> impl Iterator<Item = CompoundId> + use<> {
        let all = 0..city.compounds().len() as u32;
        let range = match self.compound {
            None => all,
            Some(CompoundId(row)) if all.contains(&row) => row..row + 1,
            Some(_) => 0..0,
        };
        range.map(CompoundId)
    }
}

/// `count_5min`, … for the bands of the table.
fn count_names(coverage: &Coverage) -> Vec<String> {
    coverage.minutes.iter().map(|minutes| format!("count_{minutes}min")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::{
        FacilityId, GateId, Millimetres, Milliseconds, Point, Profiles,
        city::{CityTables, Compound, Facility, Meta, Span},
    };
    use circle_plan::{Nearest, Row, Verdict};
    use zerocopy::FromZeros;

    pub(super) fn rules() -> RuleSet {
        RuleSet::parse(
            r#"
            id = "two"
            zh = "二"
            en = "Two"
            minutes = 15
            [[line]]
            zh = "学校"
            any_of = ["school", "primary_school"]
            [[line]]
            zh = "公园"
            any_of = ["park"]
            "#,
        )
        .unwrap()
    }

    /// Two compounds; the catalogue has `park` and `school`, the rule set the line 学校.
    pub(super) fn table() -> (City, Coverage) {
        let mut tables = CityTables::default();
        let mut text = |word: &str| {
            let start = tables.texts.len() as u32;
            tables.texts.extend_from_slice(word.as_bytes());
            Span { start, len: word.len() as u32 }
        };
        let (first, second, park) = (text("甲小区"), text("=乙,小区"), text("甲公园"));
        let point = Point { lon: 1_266_400_000, lat: 457_500_000 };
        let compound = |name, closed| Compound { name, closed, point, ..Compound::new_zeroed() };
        tables.compounds = vec![compound(first, 1), compound(second, 0)];
        tables.facilities = vec![Facility { name: park, ..Facility::new_zeroed() }];
        let walked = Row {
            nearest: Some(Nearest {
                facility: FacilityId(0),
                gate: Some(GateId(4)),
                time: Milliseconds(240_500),
                length: Millimetres(300_000),
            }),
            counts: vec![1, 2],
            verdict: Some(Verdict::Covered),
            reason: "",
            tier: Some(15),
            beyond: None,
            distance: None,
        };
        let none = Row {
            nearest: None,
            counts: vec![0, 0],
            verdict: None,
            reason: "",
            tier: None,
            beyond: None,
            distance: None,
        };
        let gap = Row {
            verdict: Some(Verdict::Gap),
            reason: "beyond",
            tier: Some(15),
            beyond: Some(Milliseconds(61_000)),
            ..none.clone()
        };
        let coverage = Coverage {
            minutes: vec![5, 15],
            categories: vec!["park".into(), "school".into(), "学校".into()],
            catalogue_len: 2,
            rows: vec![walked, none.clone(), gap.clone(), none.clone(), none, gap],
        };
        (City::from_tables(tables, &Meta::default()).unwrap(), coverage)
    }

    #[test]
    fn the_long_form_has_a_row_per_compound_and_category() {
        let (city, coverage) = table();
        let csv = String::from_utf8(coverage_csv(&city, &coverage, CoverageSelection::default())).unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[0],
            "compound_id,compound_name,category,tier,nearest_facility_id,nearest_facility_name,gate_id,\
             walk_seconds,walk_metres,count_5min,count_15min,verdict,reason,beyond_seconds,radius_metres,\
             straight_metres,straight_verdict"
        );
        assert_eq!(lines[1], "0,甲小区,park,15,0,甲公园,4,240.5,300,1,2,covered,,,,,");
        assert_eq!(lines[2], "0,甲小区,school,,,,,,,0,0,,,,,,");
        assert_eq!(lines[6], "1,\"'=乙,小区\",学校,15,,,,,,0,0,gap,beyond,61,,,");
        assert_eq!(lines.len(), 7);
    }

    #[test]
    fn a_selection_keeps_the_rule_sets_lines_of_one_compound() {
        let (city, coverage) = table();
        let rules = rules();
        let selection = CoverageSelection { only_rules: Some(&rules), compound: Some(CompoundId(1)) };
        let csv = String::from_utf8(coverage_csv(&city, &coverage, selection)).unwrap();
        let categories: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').nth(3).unwrap()).collect();
        assert_eq!(categories, ["学校", "park"]);
    }

    #[test]
    fn geojson_has_the_same_fields_under_coverage() {
        let (city, coverage) = table();
        let profiles = Profiles::built_in();
        let bytes = coverage_geojson(
            &city,
            &coverage,
            profiles.find("adult").unwrap(),
            &rules(),
            CoverageSelection::default(),
        );
        let text = String::from_utf8(bytes).unwrap();
        let collection =
            ::geojson::FeatureCollection::try_from(text.parse::<::geojson::GeoJson>().unwrap()).unwrap();
        assert_eq!(collection.features.len(), 2);
        let properties = collection.features[0].properties.as_ref().unwrap();
        assert_eq!(properties["compound_name"], "甲小区");
        assert_eq!(properties["closed"], true);
        assert_eq!(
            properties["coverage"]["park"],
            serde_json::json!({
                "category": "park", "tier": 15, "nearest_facility_id": "0", "nearest_facility_name": "甲公园",
                "gate_id": "4", "walk_seconds": 240.5, "walk_metres": 300, "count_5min": 1, "count_15min": 2,
                "verdict": "covered", "reason": "", "beyond_seconds": null, "radius_metres": null,
                "straight_metres": null, "straight_verdict": ""
            })
        );
        assert_eq!(properties["coverage"]["school"]["walk_seconds"], serde_json::Value::Null);
        assert_eq!(properties["coverage"]["school"]["verdict"], "");
        let statement = &collection.foreign_members.unwrap()["statement"];
        assert!(statement["rule_set"].as_str().unwrap().starts_with("two"));
    }

    #[test]
    fn a_compound_that_does_not_exist_selects_nothing() {
        let (city, coverage) = table();
        let selection = CoverageSelection { only_rules: None, compound: Some(CompoundId(9)) };
        let csv = String::from_utf8(coverage_csv(&city, &coverage, selection)).unwrap();
        assert_eq!(csv.lines().count(), 1, "{csv}");
    }
}
