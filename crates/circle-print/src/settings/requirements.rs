//! What a board lists: categories by id, or the lines of a rule set.

use circle_model::{Catalogue, RuleSet};

/// A thing that the board lists; a facility of any of its categories counts.
#[derive(Debug, Clone)]
pub(crate) struct Requirement {
    /// Rows of the catalogue.
    pub(crate) categories: Vec<usize>,
}

/// Ids of categories that public maps must not show (地图管理条例).
pub const NOT_SHOWN: [&str; 1] = ["police_station"];

/// Makes one requirement for each category id.
pub(super) fn categories(ids: &[String], catalogue: &Catalogue) -> Result<Vec<Requirement>, String> {
    let requirements: Vec<Requirement> = ids
        .iter()
        .map(|id| {
            if NOT_SHOWN.contains(&id.as_str()) {
                return Err(format!("`{id}` is not shown on maps for everybody"));
            }
            let row =
                catalogue.categories.iter().position(|category| category.id == *id).ok_or_else(|| {
                    let known: Vec<&str> =
                        catalogue.categories.iter().map(|category| category.id.as_str()).collect();
                    format!("no category `{id}`; there are: {}", known.join(", "))
                })?;
            Ok(Requirement { categories: vec![row] })
        })
        .collect::<Result<_, String>>()?;
    if requirements.is_empty() { Err("none is given".to_owned()) } else { Ok(requirements) }
}

/// Makes one requirement for every line of a rule set that facilities can meet.
pub(super) fn by_rules(id: &str, catalogue: &Catalogue) -> Result<Vec<Requirement>, String> {
    let sets = RuleSet::built_in();
    let rules = sets.iter().find(|rules| rules.id == id).ok_or_else(|| {
        let known: Vec<&str> = sets.iter().map(|rules| rules.id.as_str()).collect();
        format!("rules: no `{id}`; there are: {}", known.join(", "))
    })?;
    let row = |id: &String| catalogue.categories.iter().position(|category| category.id == *id);
    let shown = |id: &&String| !NOT_SHOWN.contains(&id.as_str());
    let requirements =
        rules.lines.iter().map(|line| line.any_of.iter().filter(shown).filter_map(row).collect());
    let requirements = requirements.filter(|categories: &Vec<usize>| !categories.is_empty());
    Ok(requirements.map(|categories| Requirement { categories }).collect())
}
