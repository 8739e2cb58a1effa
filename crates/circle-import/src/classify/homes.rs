//! The areas and rows that are not residential and therefore not compounds.

use super::amap::Types;
use circle_model::Catalogue;
use regex::Regex;

/// The exclusions of the catalogue's compound layer.
#[derive(Debug)]
pub(super) struct CompoundRules {
    by_reason: Vec<(String, Regex)>,
    /// Prefixes of Amap's codes of homes.
    homes: Vec<String>,
}

impl CompoundRules {
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let layer = catalogue.layer("compound");
        Self {
            by_reason: layer
                .iter()
                .flat_map(|layer| &layer.name_exclude)
                .map(|excluded| (excluded.reason.clone(), Regex::new(&excluded.regex).expect("pattern")))
                .collect(),
            homes: layer
                .iter()
                .flat_map(|layer| &layer.amap)
                .map(|code| code.trim_end_matches('*').to_owned())
                .collect(),
        }
    }

    /// The reason why a name is not that of a compound, as the catalogue names it: `planned` for 待建.
    pub(super) fn exclusion(&self, name: &str) -> Option<&str> {
        let fits = |(_, regex): &&(String, Regex)| regex.is_match(name.trim());
        self.by_reason.iter().find(fits).map(|(reason, _)| reason.as_str())
    }

    /// Code and words of an Amap type, given as either, that is not residential: `120201 商务住宅;楼宇;商务写字楼`.
    pub(super) fn type_without_homes(&self, code: &str, kind: &str) -> Option<String> {
        let types = Types::built_in();
        let given = code.split(['|', ',', ';']).map(|code| code.trim().to_owned());
        let words = kind.split('|').filter_map(|kind| types.find(kind.trim())).map(|found| found.code);
        let mut known = given.chain(words).filter_map(|code| Some((types.words(&code)?, code)));
        let first = known.clone().next()?;
        let home = |code: &str| self.homes.iter().any(|stem| code.starts_with(stem.as_str()));
        let homes = known.any(|(_, code)| home(&code));
        (!homes).then(|| format!("{} {}", first.1, first.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_without_homes_are_no_compounds() {
        let rules = CompoundRules::new(&Catalogue::built_in());
        // Names of landuse=residential on the map of Harbin.
        for (name, reason) in [
            ("待建", "planned"),
            ("金地·待建", "planned"),
            ("规划二类居住用地", "planned"),
            ("材料科学与工程学院", "institutions"),
            ("民生老年公寓", "institutions"),
            ("学生一公寓", "student_housing"),
            ("香埠商业广场", "shops_and_works"),
        ] {
            assert_eq!(rules.exclusion(name), Some(reason), "{name}");
        }
        let homes = "学院小区 学院新城 教育学院家属楼 热电厂宿舍 明珠公寓 警官公寓 恒大时代广场三期 \
         时代广场 东北农业大学教师公寓 哈尔滨工业大学木兰小区职工住宅 和平工业小区 \
         粮食学校家属院"
            .split(' ');
        for name in homes {
            assert_eq!(rules.exclusion(name), None, "{name}");
        }
    }

    #[test]
    fn types_of_offices_and_works_are_not_residential() {
        let rules = CompoundRules::new(&Catalogue::built_in());
        let other = |code, kind| rules.type_without_homes(code, kind);
        assert_eq!(other("120201", "").as_deref(), Some("120201 商务住宅;楼宇;商务写字楼"));
        assert_eq!(
            other("", "商务住宅;产业园区;产业园区").as_deref(),
            Some("120100 商务住宅;产业园区;产业园区")
        );
        assert_eq!(other("120302", ""), None);
        assert_eq!(other("120203|120302", ""), None);
        assert_eq!(other("", "商务住宅;住宅区;别墅"), None);
        // These words are not in Amap's table.
        assert_eq!(other("0702", "商品房"), None);
        assert_eq!(other("", ""), None);
    }
}
