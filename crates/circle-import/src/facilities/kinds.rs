//! Rules of the catalogue on categories: sites and their parts, sizes, residents, grounds.

use crate::classify::PlainName;
use circle_model::Catalogue;
use regex::Regex;

/// The rules by category, at its position in the catalogue.
pub(crate) struct Kinds {
    sites: Vec<Site>,
    /// Position in `sites` of the site that a category belongs to.
    site_of: Vec<Option<usize>>,
    pub(super) sizes: Vec<Option<Size>>,
    pub(super) for_residents: Vec<bool>,
    grounds: Vec<bool>,
    open_ground: Vec<bool>,
    groups: Vec<String>,
    pub(super) stop: Option<u8>,
    pub(super) metro: Option<u8>,
}

struct Site {
    general: u8,
    /// Matches within the name of a whole site.
    whole: Regex,
    /// Matches the name of a part: the whole, and the word for the part.
    part: Regex,
}

/// The least size of a category, and the categories of smaller and narrower outlines.
pub(super) struct Size {
    pub(super) smallest_square_metres: f64,
    pub(super) least_mean_width_metres: f64,
    pub(super) smaller: u8,
    pub(super) narrower: u8,
}

/// The whole in the name of a part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PartOf {
    /// The name contains it: X医院急诊科.
    Named(String),
    /// The name is only the word for a part: 急诊科.
    Unnamed,
}

impl Kinds {
    /// Prepares a catalogue.
    ///
    /// # Panics
    /// Never with the built-in catalogue: a test compiles its patterns.
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let position = |id: &String| catalogue.index_of(id).map(|at| at as u8);
        let mut site_of = vec![None; catalogue.categories.len()];
        let mut sites = Vec::new();
        for site in &catalogue.sites {
            let Some(general) = position(&site.general) else { continue };
            for category in std::iter::once(&site.general).chain(&site.special).filter_map(position) {
                site_of[usize::from(category)] = Some(sites.len());
            }
            let text = format!(r"^(?:(.*(?:{}))[-—·\s(（]*)?(?:{})[)）]?$", site.whole, site.parts);
            let pattern = |text: &str| Regex::new(text).expect("pattern");
            sites.push(Site { general, whole: pattern(&site.whole), part: pattern(&text) });
        }
        let size = |category: &circle_model::Category| {
            let size = category.size.as_ref()?;
            Some(Size {
                smallest_square_metres: size.smallest_square_metres,
                least_mean_width_metres: size.least_mean_width_metres,
                smaller: position(&size.smaller)?,
                narrower: position(&size.narrower)?,
            })
        };
        let categories = &catalogue.categories;
        Self {
            sites,
            site_of,
            sizes: categories.iter().map(size).collect(),
            for_residents: categories.iter().map(|category| category.for_residents).collect(),
            grounds: categories.iter().map(|category| category.grounds).collect(),
            open_ground: categories.iter().map(|category| category.open_ground).collect(),
            groups: categories.iter().map(|category| category.group.clone()).collect(),
            stop: catalogue.index_of("bus_stop").map(|at| at as u8),
            metro: catalogue.index_of("metro").map(|at| at as u8),
        }
    }

    /// The kind of site of these categories, the main one first.
    pub(super) fn site(&self, categories: &[u8]) -> Option<usize> {
        self.site_of.get(usize::from(*categories.first()?)).copied().flatten()
    }

    /// Whether places of these categories have grounds, on which others of the same kind may lie.
    pub(super) fn have_grounds(&self, categories: &[u8]) -> bool {
        categories.first().is_some_and(|main| self.grounds[usize::from(*main)])
    }

    /// Whether places of these categories are open ground, which is entered from any way beside it.
    pub(super) fn is_open_ground(&self, categories: &[u8]) -> bool {
        categories.first().is_some_and(|main| self.open_ground[usize::from(*main)])
    }

    /// Whether places of these categories may be one: they share a category, or one is the general category
    /// of the other.
    pub(super) fn are_related(&self, a: &[u8], b: &[u8]) -> bool {
        if a.iter().any(|category| b.contains(category)) {
            return true;
        }
        let (Some(site), Some(main), Some(other)) = (self.site(a), a.first(), b.first()) else {
            return false;
        };
        let general = self.sites[site].general;
        self.site(b) == Some(site) && (*main == general || *other == general)
    }

    /// Whether a building belongs to grounds: their categories are related, or it is some school of a
    /// university.
    pub(super) fn houses(&self, ground: &[u8], building: &[u8]) -> bool {
        let group = |categories: &[u8]| Some(&self.groups[usize::from(*categories.first()?)]);
        let general = self.site(building).map(|site| self.sites[site].general);
        self.are_related(ground, building)
            || (general.is_some() && general == building.first().copied() && group(ground) == group(building))
    }

    /// Whether a name is that of a whole site. In a category without parts every name is.
    pub(super) fn names_whole(&self, categories: &[u8], name: Option<&str>) -> bool {
        let Some(site) = self.site(categories) else { return true };
        name.is_some_and(|name| self.sites[site].whole.is_match(name))
    }

    /// The whole that a place of these categories is a part of, by its name; `None` if it is not a part.
    pub(super) fn part(&self, categories: &[u8], name: Option<&str>) -> Option<PartOf> {
        let found = self.sites[self.site(categories)?].part.captures(name?.trim())?;
        let named = |whole: regex::Match<'_>| PartOf::Named(whole.as_str().to_owned());
        Some(found.get(1).map_or(PartOf::Unnamed, named))
    }

    /// The name of a place, or of the whole in it.
    pub(super) fn whole(&self, categories: &[u8], name: Option<&str>) -> PlainName {
        match self.part(categories, name) {
            None => PlainName::of(name, |_| false),
            Some(PartOf::Unnamed) => PlainName::default(),
            Some(PartOf::Named(whole)) => PlainName::of(Some(&whole), |_| false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(category: &str, name: &str) -> Option<PartOf> {
        let catalogue = Catalogue::built_in();
        let category = catalogue.index_of(category).unwrap() as u8;
        Kinds::new(&catalogue).part(&[category], Some(name))
    }

    #[expect(clippy::unnecessary_wraps, reason = "compared with the result of `part`")]
    fn named(whole: &str) -> Option<PartOf> {
        Some(PartOf::Named(whole.to_owned()))
    }

    #[test]
    fn departments_are_parts_of_their_hospital() {
        for (name, whole) in [
            ("哈尔滨市第一医院急诊科", "哈尔滨市第一医院"),
            ("哈尔滨市第一医院门诊部", "哈尔滨市第一医院"),
            ("哈尔滨市第一医院-住院部", "哈尔滨市第一医院"),
            ("哈尔滨市第一医院(放射科)", "哈尔滨市第一医院"),
            ("黑龙江省医院外科楼", "黑龙江省医院"),
            ("黑龙江省医院2号楼", "黑龙江省医院"),
        ] {
            assert_eq!(part("hospital", name), named(whole), "{name}");
        }
        for name in ["急诊科", "门诊楼", "住院部"] {
            assert_eq!(part("hospital", name), Some(PartOf::Unnamed), "{name}");
        }
        // These are separate hospitals; the rules of hospitals do not apply to other categories.
        for name in ["哈尔滨市第一医院", "哈尔滨市第一医院江北院区", "黑龙江省医院香坊分院", "骨科医院"]
        {
            assert_eq!(part("hospital", name), None, "{name}");
        }
        assert_eq!(part("pharmacy", "哈尔滨市第一医院门诊部"), None);
    }

    #[test]
    fn playing_fields_and_teaching_blocks_are_parts_of_their_school() {
        for (name, whole) in [
            ("兆麟小学-操场", "兆麟小学"),
            ("兆麟小学教学楼", "兆麟小学"),
            ("哈尔滨市第三中学(实验楼)", "哈尔滨市第三中学"),
            ("第十七中学1号教学楼", "第十七中学"),
        ] {
            assert_eq!(part("primary_school", name), named(whole), "{name}");
        }
        for name in ["兆麟小学", "第十七中学群力校区", "兆麟学校小学部", "附属小学"] {
            assert_eq!(part("primary_school", name), None, "{name}");
        }
    }

    #[test]
    fn buildings_of_a_library_are_parts_of_it() {
        // way/316888855 and way/316888854 of Harbin.
        for name in ["东北林业大学图书馆 / A楼", "东北林业大学图书馆 / B楼", "东北林业大学图书馆(新馆)"]
        {
            assert_eq!(part("library", name), named("东北林业大学图书馆"), "{name}");
        }
        assert_eq!(part("library", "南区"), Some(PartOf::Unnamed));
        for name in ["东北林业大学图书馆", "哈尔滨市图书馆太阳岛分馆", "新图书馆", "黑龙江大学老图书馆"]
        {
            assert_eq!(part("library", name), None, "{name}");
        }
        assert_eq!(part("bookstore", "东北林业大学图书馆 / A楼"), None);
    }

    #[test]
    fn a_school_of_unknown_level_may_be_a_school_of_any_level() {
        let catalogue = Catalogue::built_in();
        let kinds = Kinds::new(&catalogue);
        let related = |a: &str, b: &str| {
            let category = |id: &str| catalogue.index_of(id).unwrap() as u8;
            kinds.are_related(&[category(a)], &[category(b)])
        };
        assert!(related("school", "primary_school") && related("middle_school", "school"));
        assert!(related("park", "park"));
        assert!(!related("primary_school", "middle_school"));
        assert!(
            !related("school", "kindergarten")
                && !related("school", "hospital")
                && !related("school", "park")
        );
    }
}
