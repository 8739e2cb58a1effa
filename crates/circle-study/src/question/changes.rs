//! The question of what changed on a line since the earlier city.

use super::coverage::CoverageQuestion;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use circle_plan::line_names;

/// The changes of a line between the earlier city and the served one.
#[derive(Debug, Clone)]
pub struct ChangesQuestion {
    /// How both cities are judged.
    pub(crate) judged: CoverageQuestion,
    /// The name of the line's column.
    pub(crate) line: String,
}

impl ChangesQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 6] = ["line", "rules", "profile", "minutes", "at_time", "as_mapped"];

    /// Parses the question; without `line` it is about the first line of the rule set.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or the rule set has no such line.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        let judged = CoverageQuestion::parse(choices, parameters)?;
        let lines = line_names(&choices.catalogue, &judged.rules);
        let asked = parameters.text("line").or(lines.first().copied()).unwrap_or_default();
        if !lines.contains(&asked) {
            return Err(Refusal::no_such("line", asked, lines));
        }
        let line = asked.to_owned();
        Ok(Self { judged, line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::City;
    use circle_model::city::{CityTables, Meta};

    #[test]
    fn the_line_is_one_of_the_rule_set() {
        let choices = Choices::built_in(City::from_tables(CityTables::default(), &Meta::default()).unwrap());
        let parse = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            ChangesQuestion::parse(&choices, &Parameters::new(pairs))
        };
        let first = parse(&[]).unwrap().line;
        assert_eq!(parse(&[("line", &first)]).unwrap().line, first);
        assert_eq!(parse(&[("line", "park")]).unwrap().line, "park");
        let Err(Refusal::NoSuch { choices: lines, .. }) = parse(&[("line", "cinema")]) else {
            panic!("a category that the rule set does not require is accepted")
        };
        assert!(lines.contains(&first) && lines.contains(&"park".to_owned()), "{lines:?}");
    }
}
