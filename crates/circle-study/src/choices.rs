//! The values that a question may choose from: records of the city, profiles, rule sets, categories.

use crate::refusal::Refusal;
use circle_model::{Catalogue, City, Profile, Profiles, RuleSet};
use circle_print::Settings;

/// The values that a question may choose from.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The city with everything open.
    pub city: City,
    /// Categories of facilities.
    pub catalogue: Catalogue,
    /// Profiles; [`Profiles::DEFAULT`] is among them.
    pub profiles: Profiles,
    /// Rule sets; the first is the default.
    pub rule_sets: Vec<RuleSet>,
    /// Settings of boards; a question may override them.
    pub boards: Settings,
}

impl Choices {
    /// A city with the built-in catalogue, profiles, rule sets and board settings.
    pub fn built_in(city: City) -> Self {
        let catalogue = Catalogue::built_in();
        let boards = Settings::built_in(&catalogue);
        let (profiles, rule_sets) = (Profiles::built_in(), RuleSet::built_in());
        Self { city, catalogue, profiles, rule_sets, boards }
    }

    /// The profile with this id, or the default profile.
    ///
    /// # Errors
    /// When no profile has this id; the refusal lists the ids.
    pub fn profile(&self, id: Option<&str>) -> Result<&Profile, Refusal> {
        find_profile(&self.profiles, id.unwrap_or(Profiles::DEFAULT))
    }

    /// The rule set with this id, or the first one.
    ///
    /// # Errors
    /// When no rule set has this id; the refusal lists the ids.
    pub fn rules(&self, id: Option<&str>) -> Result<&RuleSet, Refusal> {
        match (id, self.rule_sets.first()) {
            (None, Some(first)) => Ok(first),
            (id, _) => find_rules(&self.rule_sets, id.unwrap_or_default()),
        }
    }

    /// Checks that a category exists.
    ///
    /// # Errors
    /// When no category has this id; the refusal lists the ids.
    pub fn check_category(&self, id: &str) -> Result<(), Refusal> {
        if self.catalogue.index_of(id).is_some() {
            return Ok(());
        }
        let ids = self.catalogue.categories.iter().map(|category| category.id.as_str());
        Err(Refusal::no_such("category", id, ids))
    }

    /// The profiles of the elderly and of children, as far as they exist. Tables of units have columns for
    /// them.
    pub fn other_profiles(&self) -> Vec<&Profile> {
        [Profiles::ELDERLY, Profiles::CHILDREN].iter().filter_map(|id| self.profiles.find(id)).collect()
    }
}

/// The profile with this id.
///
/// # Errors
/// When no profile has this id; the refusal lists the ids.
pub fn find_profile<'a>(profiles: &'a Profiles, id: &str) -> Result<&'a Profile, Refusal> {
    let ids = || profiles.iter().map(|profile| profile.id.as_str());
    profiles.find(id).ok_or_else(|| Refusal::no_such("profile", id, ids()))
}

/// The rule set with this id.
///
/// # Errors
/// When no rule set has this id; the refusal lists the ids.
pub fn find_rules<'a>(sets: &'a [RuleSet], id: &str) -> Result<&'a RuleSet, Refusal> {
    let ids = || sets.iter().map(|rules| rules.id.as_str());
    sets.iter().find(|rules| rules.id == id).ok_or_else(|| Refusal::no_such("rule set", id, ids()))
}
