//! The statement that every output carries: data, profile, rule set and assumptions of the answer.

use crate::info::population_estimate;
use circle_model::rules::{Line, Measure};
use circle_model::{
    City, Profile, RuleSet,
    city::{ClosedByDefault, Input},
};
use circle_plan::Evidence;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Edition, data date, profile, rule set, version and input hashes of an answer.
///
/// In JSON it is the foreign member `statement` of every `GeoJSON`; as text ([`fmt::Display`]) it is one
/// line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// The label of the city, such as 演示数据, which is in every title; `None` without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The city's edition. Only answers of one edition can be joined.
    pub edition: String,
    /// Date of the newest map data, RFC 3339.
    pub data_date: Option<String>,
    /// The profile and its speed; `None` for an answer without walks.
    pub profile: Option<String>,
    /// The profiles of the columns for the elderly and for children; empty without such columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_profiles: Vec<String>,
    /// How residents were estimated; `None` if none were, or the answer counts no people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// The unknowns of a walk; `None` for an answer without walks.
    pub slopes: Option<String>,
    /// The time whose opening hours apply; `None` if hours were ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_time: Option<String>,
    /// Limits of access legs that differ from the defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legs: Option<BTreeMap<&'static str, f64>>,
    /// Where compounds without evidence are taken as closed, if that differs from the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_by_default: Option<&'static str>,
    /// The city that this one was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<Before>,
    /// The unit that the answer is limited to; `None` for the whole city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The rule set; `None` for an answer without verdicts.
    pub rule_set: Option<String>,
    /// The minimum completeness of a category for a gap, 0 to 1; `None` for an answer without verdicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_completeness: Option<f64>,
    /// Whether the map was taken as complete 按地图所示.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub as_mapped: bool,
    /// Whether figures of the rule set have not been checked against the published text 待核.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_to_check: Option<bool>,
    /// The program and its version.
    pub version: String,
    /// The files that the city was built from, with their SHA-256.
    pub inputs: Vec<Input>,
    /// Source and licence of the map data.
    pub attribution: &'static str,
    #[serde(skip)]
    heights: Vec<Input>,
}

/// The city before, in a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Before {
    /// Its edition.
    pub edition: String,
    /// Date of its newest map data, RFC 3339.
    pub data_date: Option<String>,
    /// The files that it was built from.
    pub inputs: Vec<Input>,
}

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.data_date.as_deref().unwrap_or("未知 unknown"))?;
        write!(f, ", 版本 edition {}", self.edition)?;
        for input in &self.inputs {
            write!(f, ", {} {}", input.name, input.sha256.get(..12).unwrap_or(&input.sha256))?;
        }
        Ok(())
    }
}

/// Precedes a label in a statement.
const STAR: &str = "★ ";
/// The beginning of the line on evidence if the map was taken as complete.
const AS_MAPPED: &str = "按地图所示";

/// The title above a table, for a statement with those lines: preceded by the city's label, such as 演示数据, and
/// with 按地图所示 if the map was taken as complete.
pub(crate) fn titled(title: &str, lines: &[String]) -> String {
    let label = lines.iter().find_map(|line| line.strip_prefix(STAR));
    let as_mapped = lines.iter().any(|line| line.starts_with(AS_MAPPED)).then_some("按地图所示 as mapped");
    label.into_iter().chain([title]).chain(as_mapped).collect::<Vec<_>>().join(" · ")
}

/// The value of `slopes` for a city without heights.
const IGNORED: &str = "ignored";

impl Statement {
    /// Attribution of the map data.
    pub const ATTRIBUTION: &'static str = "© OpenStreetMap contributors, ODbL 1.0";

    /// The statement of an answer on `city`.
    pub fn of(city: &City) -> Self {
        Self {
            label: city.meta().label().map(str::to_owned),
            edition: city.edition().to_string(),
            data_date: city.meta().data_date.clone(),
            profile: None,
            other_profiles: Vec::new(),
            population: None,
            slopes: None,
            at_time: city.conditions().at_time.map(|time| time.to_string()),
            legs: Some(city.conditions().legs.departures().into_iter().collect())
                .filter(|legs: &BTreeMap<_, _>| !legs.is_empty()),
            closed_by_default: Some(city.meta().closed_by_default)
                .filter(|by_default| *by_default != ClosedByDefault::default())
                .map(ClosedByDefault::word),
            heights: city.meta().elevation.clone(),
            compared_with: None,
            within: None,
            rule_set: None,
            least_completeness: None,
            as_mapped: false,
            rules_to_check: None,
            version: format!("circle {}", env!("CARGO_PKG_VERSION")),
            inputs: city.meta().inputs.clone(),
            attribution: Self::ATTRIBUTION,
        }
    }

    /// Adds the profile.
    pub fn walked_as(mut self, profile: &Profile) -> Self {
        self.slopes = Some(match self.heights.as_slice() {
            [] => IGNORED.to_owned(),
            files => {
                let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
                format!("Tobler 1993, heights from {}", names.join(", "))
            }
        });
        self.profile = Some(in_words(profile));
        self.inputs.extend(profile.read_from.clone());
        self
    }

    /// Adds the profiles of the elderly and of children.
    pub fn and_walked_as(mut self, others: &[&Profile]) -> Self {
        self.other_profiles = others.iter().map(|profile| in_words(profile)).collect();
        self
    }

    /// Adds the rule set and the evidence.
    pub fn judged_by(mut self, rules: &RuleSet, evidence: &Evidence) -> Self {
        let by_band = |line: &Line| rules.measure(line) == Measure::Minutes(rules.minutes);
        let band =
            if rules.lines.iter().any(by_band) { format!(" ({} min)", rules.minutes) } else { String::new() };
        self.rule_set = Some(format!("{} {} {}{band}", rules.id, rules.zh, rules.en));
        self.inputs.extend(rules.read_from.clone());
        self.least_completeness = Some(evidence.least_completeness);
        self.as_mapped = evidence.as_mapped;
        self.rules_to_check = Some(rules.needs_check());
        self
    }

    /// Adds how residents were estimated, for an answer that counts people.
    pub fn counting_people(mut self, city: &City) -> Self {
        self.population = population_estimate(city);
        self
    }

    /// Adds the unit that the answer is limited to.
    pub fn within(mut self, unit: &str) -> Self {
        self.within = Some(unit.to_owned());
        self
    }

    /// Adds the city that this one was compared with.
    pub fn compared_with(mut self, before: &City) -> Self {
        let meta = before.meta();
        self.compared_with = Some(Before {
            edition: before.edition().to_string(),
            data_date: meta.data_date.clone(),
            inputs: meta.inputs.clone(),
        });
        self
    }

    /// The line on evidence.
    fn evidence(&self) -> Option<String> {
        let least = (self.least_completeness? * 100.0).round();
        Some(if self.as_mapped {
            format!(
                "{AS_MAPPED}：没有画在地图上的设施算作没有 as mapped: what is not on the map counts as not there"
            )
        } else {
            format!(
                "数据完整度不到 {least}% 的类别为未知，不算缺口 a category that is less than {least} % complete is unknown, not a gap"
            )
        })
    }

    /// The statement line by line, with complete hashes, for files that have room for it.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.label.iter().map(|label| format!("{STAR}{label}")).collect();
        lines.push(format!("数据日期 data date: {}", self.data_date.as_deref().unwrap_or("未知 unknown")));
        lines.push(format!("版本 edition: {}", self.edition));
        lines.extend(self.within.iter().map(|unit| format!("范围 within: {unit}")));
        lines.extend(self.compared_with.iter().map(|before| format!("对比 compared with: {before}")));
        lines.extend(self.profile.iter().map(|profile| format!("步行 walking: {profile}")));
        lines.extend(
            self.other_profiles
                .iter()
                .map(|profile| format!("老年人、儿童各列 elderly, children: {profile}")),
        );
        lines.extend(self.population.iter().map(|population| format!("人口估算 population: {population}")));
        lines.extend(self.slopes.iter().map(|slopes| format!("坡度 slopes: {slopes}")));
        lines.extend(self.at_time.iter().map(|time| format!("时刻 at: {time}")));
        lines.extend(self.legs.iter().flatten().map(|(name, value)| format!("{name} = {value}")));
        lines.extend(self.closed_by_default.iter().map(|word| {
            format!("小区默认封闭 compounds closed without evidence: closed_by_default = {word}")
        }));
        lines.extend(self.rule_set.iter().map(|rules| format!("规则集 rules: {rules}")));
        lines.extend(self.evidence());
        if self.rules_to_check == Some(true) {
            lines.push(
                "待核：规则集中有数字未与发布文本核对，见“规则集 rules” some figures of the rule set are not checked \
                 against the published text, see the table of rules"
                    .to_owned(),
            );
        }
        lines.push(format!("程序 program: {}", self.version));
        lines.extend(
            self.inputs.iter().map(|input| format!("输入 input: {} sha256 {}", input.name, input.sha256)),
        );
        lines.push(format!("来源 source: {}", self.attribution));
        lines
    }
}

fn in_words(profile: &Profile) -> String {
    let speed = (profile.pace.speed.kilometres_per_hour() * 100.0).round() / 100.0;
    format!("{} {} {} ({speed} km/h)", profile.id, profile.zh, profile.en)
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = &self.label {
            write!(f, "{STAR}{label} · ")?;
        }
        write!(f, "数据 data {}", self.data_date.as_deref().unwrap_or("未知 unknown"))?;
        write!(f, " · 版本 edition {}", self.edition)?;
        if let Some(unit) = &self.within {
            write!(f, " · 范围 within {unit}")?;
        }
        if let Some(before) = &self.compared_with {
            write!(f, " · 对比 compared with {before}")?;
        }
        if let Some(profile) = &self.profile {
            write!(f, " · 步行 walking {profile}")?;
        }
        match self.slopes.as_deref() {
            Some(IGNORED) => write!(f, " · 未计坡度 slopes ignored")?,
            Some(slopes) => write!(f, " · 坡度 slopes {slopes}")?,
            None => {}
        }
        if let Some(time) = &self.at_time {
            write!(f, " · 时刻 at {time}")?;
        }
        for (name, value) in self.legs.iter().flatten() {
            write!(f, " · {name} = {value}")?;
        }
        if let Some(word) = self.closed_by_default {
            write!(f, " · closed_by_default = {word}")?;
        }
        if let Some(rules) = &self.rule_set {
            write!(f, " · 规则 rules {rules}")?;
        }
        if let Some(evidence) = self.evidence() {
            write!(f, " · {evidence}")?;
        }
        if self.rules_to_check == Some(true) {
            f.write_str(" · 待核 figures to be checked")?;
        }
        if let Some(population) = &self.population {
            write!(f, " · {population}")?;
        }
        write!(f, " · {}", self.version)?;
        for input in &self.inputs {
            // Twelve hex digits identify a file; the complete hash is in `inputs`.
            let digits = input.sha256.get(..12).unwrap_or(&input.sha256);
            write!(f, " · {} {digits}", input.name)?;
        }
        write!(f, " · {}", self.attribution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::{
        Profiles,
        city::{CityTables, Meta},
    };

    #[test]
    fn a_statement_names_data_profile_rules_version_and_inputs() {
        let meta = Meta {
            inputs: vec![Input { name: "x.osm.pbf".into(), sha256: "0123456789abcdef".into() }],
            data_date: Some("2026-11-01T00:00:00Z".into()),
            ..Meta::default()
        };
        let city = City::from_tables(CityTables::default(), &meta).unwrap();
        let profiles = Profiles::built_in();
        let rules = RuleSet::built_in();
        let line = Statement::of(&city)
            .walked_as(profiles.find("adult").unwrap())
            .judged_by(&rules[0], &Evidence::default())
            .to_string();
        let edition = city.edition().to_string();
        let version = env!("CARGO_PKG_VERSION");
        for part in ["2026-11-01", &edition, "adult", "4.5 km/h", "board", version, "0123456789ab", "ODbL"] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(Statement::of(&city).lines().contains(&format!("版本 edition: {edition}")));
        assert!(!line.contains('\n'));
    }

    #[test]
    fn titles_contain_the_label_and_as_mapped() {
        let city = City::from_tables(CityTables::default(), &Meta::default()).unwrap();
        let rules = RuleSet::built_in();
        let judged = |evidence: &Evidence| Statement::of(&city).judged_by(&rules[0], evidence);
        assert_eq!(titled("问题台账 ledger", &judged(&Evidence::default()).lines()), "问题台账 ledger");
        let mut statement = judged(&Evidence::AS_MAPPED);
        statement.label = Some("演示数据".to_owned());
        let title = titled("问题台账 ledger", &statement.lines());
        assert_eq!(title, "演示数据 · 问题台账 ledger · 按地图所示 as mapped");
    }

    #[test]
    fn only_limits_that_differ_from_the_defaults_are_stated() {
        let of = |closed_by_default| {
            let meta = Meta { closed_by_default, ..Meta::default() };
            let statement = Statement::of(&City::from_tables(CityTables::default(), &meta).unwrap());
            let json = serde_json::to_value(&statement).unwrap();
            (statement.to_string(), statement.lines().join("\n"), json["closed_by_default"].clone())
        };
        let (line, lines, json) = of(ClosedByDefault::Never);
        assert!(line.contains("closed_by_default = never") && lines.contains("closed_by_default = never"));
        assert_eq!(json, "never");
        let (line, lines, json) = of(ClosedByDefault::China);
        assert!(
            !line.contains("closed_by_default") && !lines.contains("closed_by_default") && json.is_null()
        );
    }
}
