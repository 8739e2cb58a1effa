//! The name of a file of coverage, by which readers tell their downloads apart.

use crate::choices::Choices;
use crate::question::{CoveragePart, CoverageQuestion};
use circle_export::download_name;
use circle_model::Profiles;
use circle_plan::{Level, line_names};

/// The name of a part of the coverage table as a file: city, level, line or rule set, what differs from the
/// defaults, date of the data.
pub fn file_name(choices: &Choices, question: &CoverageQuestion, part: &CoveragePart) -> String {
    let CoverageQuestion { rules, profile, at_time, evidence, .. } = question;
    let (level, line) = match part {
        CoveragePart::Verdicts => ("小区", None),
        CoveragePart::Units { level, line, .. } => (level.zh(), line.as_deref()),
        CoveragePart::Compounds { line, compound, only_rules, format } => {
            let city = &choices.city;
            let level = match compound {
                Some(compound) => city.text(city.compounds()[compound.index()].name),
                // A workbook has all levels.
                None if format.holds_several() && line.is_none() && !only_rules => Level::City.zh(),
                None => "小区",
            };
            (level, line.as_deref())
        }
    };
    let mut contents = vec![level];
    contents.extend(line.map(|line| line_zh(choices, question, line)));
    let is_default = choices.rule_sets.first().is_some_and(|first| first.id == rules.id);
    if line.is_none() || !is_default {
        contents.push(&rules.zh);
    }
    if profile.id != Profiles::DEFAULT {
        contents.push(&profile.zh);
    }
    let at_time = at_time.map(|time| time.to_string());
    contents.extend(at_time.as_deref());
    if evidence.as_mapped {
        contents.push("按地图所示");
    }
    download_name(&choices.city, &contents, part.format().word())
}

/// The Chinese name of a line: that in the rule set, or that of the category.
fn line_zh<'a>(choices: &'a Choices, question: &'a CoverageQuestion, line: &'a str) -> &'a str {
    let (catalogue, rules) = (&choices.catalogue, &question.rules);
    match line {
        "all" => return "全部条目",
        "all_with_source" => return "全部有数据的条目",
        _ => {}
    }
    let of_rules = line_names(catalogue, rules).iter().position(|name| *name == line);
    let of_category = || catalogue.index_of(line).map(|at| catalogue.categories[at].zh.as_str());
    of_rules.map(|at| rules.lines[at].zh.as_str()).or_else(of_category).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Parameters;
    use circle_export::FileFormat;
    use circle_model::City;
    use circle_model::city::{CityTables, Compound, Input, Meta, Unit};
    use zerocopy::FromZeros;

    /// The name of the file that the parameters ask for, about a city with a 街道.
    fn name(pairs: &[(&str, &str)]) -> String {
        let unit = Unit { admin_level: Unit::SUBDISTRICT, ..Unit::new_zeroed() };
        let none = u32::MAX;
        let compound = Compound { units: [none, 0, none, none], ..Compound::new_zeroed() };
        let tables = CityTables { units: vec![unit], compounds: vec![compound], ..CityTables::default() };
        let meta = Meta {
            inputs: vec![Input { name: "harbin.osm.pbf".into(), sha256: String::new() }],
            data_date: Some("2026-11-30T00:00:00Z".into()),
            ..Meta::default()
        };
        let choices = Choices::built_in(City::from_tables(tables, &meta).unwrap());
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let parameters = Parameters::new(pairs);
        let question = CoverageQuestion::parse(&choices, &parameters).unwrap();
        let part = CoveragePart::parse(&choices, &parameters, FileFormat::Xlsx).unwrap();
        file_name(&choices, &question, &part)
    }

    #[test]
    fn files_of_different_contents_have_different_names() {
        assert_eq!(name(&[]), "harbin-全市-导视图五类-2026-11-30.xlsx");
        assert_eq!(name(&[("format", "csv")]), "harbin-小区-导视图五类-2026-11-30.csv");
        assert_eq!(name(&[("by", "subdistrict"), ("line", "卫生室")]), "harbin-街道-卫生室-2026-11-30.xlsx");
        assert_eq!(name(&[("line", "park"), ("format", "csv")]), "harbin-小区-公园-2026-11-30.csv");
        let other = [
            ("by", "subdistrict"),
            ("line", "all"),
            ("rules", "complete_community"),
            ("profile", "elderly"),
            ("at_time", "22:30"),
            ("as_mapped", "true"),
        ];
        assert_eq!(
            name(&other),
            "harbin-街道-全部条目-完整居住社区-老年人-We_22_30-按地图所示-2026-11-30.xlsx"
        );
    }
}
