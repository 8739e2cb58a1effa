//! Verdicts, and the reports and tables that outputs are written from.

use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::question::CoverageQuestion;
use circle_export::{CoverageReport, CoverageTables};
use circle_model::{City, Profile, Profiles};
use circle_plan::{Coverage, Level, RollUp, Supply, Walkers};
use circle_reach::{Cancel, Cancelled};

/// Judges all compounds.
///
/// # Errors
/// [`Cancelled`].
pub fn judge(
    edition: &CityEdition,
    choices: &Choices,
    question: &CoverageQuestion,
    cancel: &Cancel,
) -> Result<Coverage, Cancelled> {
    circle_plan::coverage(&edition.network, &question.judging(&choices.catalogue), cancel)
}

/// The report that outputs about a coverage table are written from.
pub const fn report<'a>(
    city: &'a City,
    choices: &'a Choices,
    question: &'a CoverageQuestion,
    coverage: &'a Coverage,
) -> CoverageReport<'a> {
    CoverageReport {
        city,
        catalogue: &choices.catalogue,
        profile: &question.profile,
        rules: &question.rules,
        coverage,
        sensitivity: None,
        within: None,
        carried: None,
    }
}

/// The tables of a report, with a roll-up for each of `levels`.
pub fn tables<'a>(
    report: CoverageReport<'a>,
    walkers: Walkers<'a>,
    levels: &[Level],
    supply: &'a Supply,
    other_profiles: &'a [&'a Profile],
) -> CoverageTables<'a> {
    let roll_up = |level: &Level| RollUp::within(report.city, report.rules, walkers, *level, report.within);
    let levels = levels.iter().map(roll_up).collect();
    CoverageTables { report, walkers, levels, supply, other_profiles, ledger_by: None }
}

/// The levels of a file that holds several tables: the whole city, then the units.
pub fn all_levels() -> Vec<Level> {
    [Level::City].into_iter().chain(Level::UNITS).collect()
}

/// Judges all compounds, and computes the supply of facilities whose capacity is known from the same walks.
///
/// # Errors
/// [`Cancelled`].
pub fn judge_with_supply(
    edition: &CityEdition,
    choices: &Choices,
    question: &CoverageQuestion,
    cancel: &Cancel,
) -> Result<(Coverage, Supply), Cancelled> {
    circle_plan::coverage_with_supply(&edition.network, &question.judging(&choices.catalogue), cancel)
}

/// Everything that tables show: the verdicts for everyone, the elderly and children, and the supply.
#[derive(Debug)]
pub struct JudgedTables<'a> {
    /// The verdicts for the question's own profile.
    pub coverage: Coverage,
    others: Vec<(&'a Profile, Coverage)>,
    supply: Supply,
}

impl<'a> JudgedTables<'a> {
    /// Judges all compounds. `with_people` also judges for the elderly and for children; `with_supply` also
    /// computes the supply, from the same walks.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn judge(
        edition: &CityEdition,
        choices: &'a Choices,
        question: &CoverageQuestion,
        with_people: bool,
        with_supply: bool,
        cancel: &Cancel,
    ) -> Result<Self, Cancelled> {
        let (coverage, supply) = if with_supply {
            judge_with_supply(edition, choices, question, cancel)?
        } else {
            (judge(edition, choices, question, cancel)?, Supply::default())
        };
        let profiles = if with_people { choices.other_profiles() } else { Vec::new() };
        let judged = |profile: &'a Profile| {
            Ok((profile, judge(edition, choices, &question.walked_as(profile), cancel)?))
        };
        let others = profiles.into_iter().map(judged).collect::<Result<_, Cancelled>>()?;
        Ok(Self { coverage, others, supply })
    }

    /// Whether no facility has a capacity; tables about supply are empty then.
    pub fn has_no_capacities(&self) -> bool {
        self.supply.columns.is_empty()
    }

    /// Builds the tables of `levels` and calls `write` with them.
    pub fn with_tables<T>(
        &self,
        report: CoverageReport<'_>,
        levels: &[Level],
        ledger_by: Option<Level>,
        write: impl FnOnce(&CoverageTables<'_>) -> T,
    ) -> T {
        let of = |id: &str| self.others.iter().find(|(profile, _)| profile.id == id).map(|(_, table)| table);
        let walkers = Walkers {
            everyone: &self.coverage,
            elderly: of(Profiles::ELDERLY),
            children: of(Profiles::CHILDREN),
        };
        let profiles: Vec<&Profile> = self.others.iter().map(|(profile, _)| *profile).collect();
        write(&CoverageTables { ledger_by, ..tables(report, walkers, levels, &self.supply, &profiles) })
    }
}
