//! What the findings of a sample say of all verdicts.

use super::interval::{Interval, clopper_pearson};
use crate::coverage::Verdict;
use std::collections::BTreeMap;

/// What somebody found who checked a verdict by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is right.
    Stands,
    /// It is not.
    Wrong,
    /// It may be right, and the data does not carry it.
    NotDefensible,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Stands, Self::Wrong, Self::NotDefensible];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Wrong => "wrong",
            Self::NotDefensible => "not defensible",
        }
    }

    /// What tables for people call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Stands => "成立",
            Self::Wrong => "错误",
            Self::NotDefensible => "站不住",
        }
    }

    /// The finding that a cell names, in either language or both.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace(['_', '-'], " ");
        let is = |finding: &Self| {
            let (word, zh) = (finding.word(), finding.zh());
            text == word || text == zh || text == format!("{zh} {word}") || text == format!("{word} {zh}")
        };
        Self::ALL.into_iter().find(is)
    }
}

/// A row of a sheet that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line of the rule set.
    pub line: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How many verdicts its stratum has in the city.
    pub stratum_size: u64,
    /// The finding; `None` where nobody filled it in.
    pub finding: Option<Finding>,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The share.
    pub share: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

/// How many verdicts stood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Rows that stood.
    pub stood: u64,
    /// Rows that are wrong.
    pub wrong: u64,
    /// Rows that are not defensible.
    pub not_defensible: u64,
    /// Of the rows; `None` where none is filled in.
    pub plain: Option<Proportion>,
    /// Of all verdicts of the strata that have a finding.
    pub weighted: Option<Proportion>,
    /// Verdicts of these strata.
    pub population: u64,
    /// Verdicts of the strata of which no row is filled in.
    pub not_looked_at: u64,
}

/// How many verdicts stood, by word and in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// Those words that the sheet has.
    pub by_verdict: Vec<(Verdict, Share)>,
    /// All.
    pub all: Share,
    /// Rows without a finding.
    pub unfilled: u64,
}

impl Shares {
    /// Adds up the rows of a sheet.
    pub fn of(found: &[Found]) -> Self {
        let of_verdict = |verdict: Verdict| {
            let rows: Vec<&Found> = found.iter().filter(|it| it.verdict == verdict).collect();
            (!rows.is_empty()).then(|| (verdict, Share::of(&rows)))
        };
        Self {
            by_verdict: Verdict::ALL.into_iter().filter_map(of_verdict).collect(),
            all: Share::of(&found.iter().collect::<Vec<_>>()),
            unfilled: found.iter().filter(|it| it.finding.is_none()).count() as u64,
        }
    }
}

/// What was found in one stratum.
#[derive(Default)]
struct OfStratum {
    size: u64,
    stood: u64,
    checked: u64,
}

impl Share {
    fn of(rows: &[&Found]) -> Self {
        let mut strata: BTreeMap<(&str, Verdict), OfStratum> = BTreeMap::new();
        for row in rows {
            let stratum = strata.entry((&row.line, row.verdict)).or_default();
            stratum.size = row.stratum_size;
            stratum.stood += u64::from(row.finding == Some(Finding::Stands));
            stratum.checked += u64::from(row.finding.is_some());
        }
        let count = |finding: Finding| rows.iter().filter(|row| row.finding == Some(finding)).count() as u64;
        let (stood, wrong) = (count(Finding::Stands), count(Finding::Wrong));
        let not_defensible = count(Finding::NotDefensible);
        let checked = stood + wrong + not_defensible;
        let size = |is_checked: bool| {
            strata.values().filter(|it| (it.checked > 0) == is_checked).map(|it| it.size).sum::<u64>()
        };
        let population = size(true);
        let proportion =
            |share: f64, of: f64| Proportion { share, interval: clopper_pearson(share * of, of) };
        let weighted = (checked > 0 && population > 0).then(|| {
            let (mut share, mut squares) = (0.0, 0.0);
            for stratum in strata.values().filter(|it| it.checked > 0) {
                let weight = stratum.size as f64 / population as f64;
                share += weight * stratum.stood as f64 / stratum.checked as f64;
                squares += weight * weight / stratum.checked as f64;
            }
            // Kish's effective size of a weighted sample, which is never more than the rows.
            proportion(share.min(1.0), 1.0 / squares)
        });
        Self {
            stood,
            wrong,
            not_defensible,
            plain: (checked > 0).then(|| Proportion {
                share: stood as f64 / checked as f64,
                interval: clopper_pearson(stood as f64, checked as f64),
            }),
            weighted,
            population,
            not_looked_at: size(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(line: &str, verdict: Verdict, size: u64, findings: &[Option<Finding>]) -> Vec<Found> {
        let row = |finding: &Option<Finding>| Found {
            line: line.to_owned(),
            verdict,
            stratum_size: size,
            finding: *finding,
        };
        findings.iter().map(row).collect()
    }

    #[test]
    fn shares_are_weighted_back_to_all_verdicts() {
        let (stands, wrong) = (Some(Finding::Stands), Some(Finding::Wrong));
        let found = [
            rows("a", Verdict::Covered, 900, &[stands, stands, stands, None]),
            rows("a", Verdict::Gap, 100, &[wrong, stands, Some(Finding::NotDefensible), wrong]),
            rows("b", Verdict::Gap, 50, &[None]),
        ]
        .concat();
        let shares = Shares::of(&found);
        assert_eq!((shares.all.stood, shares.all.wrong, shares.all.not_defensible), (4, 2, 1));
        assert_eq!((shares.unfilled, shares.all.population, shares.all.not_looked_at), (2, 1000, 50));
        let plain = shares.all.plain.unwrap();
        assert!((plain.share - 4.0 / 7.0).abs() < 1e-12);
        assert_eq!(plain.interval, clopper_pearson(4.0, 7.0));
        // 0.9 × 3/3 + 0.1 × 1/4; the effective size is 1 ÷ (0.81 ÷ 3 + 0.01 ÷ 4) = 3.67.
        let weighted = shares.all.weighted.unwrap();
        assert!((weighted.share - 0.925).abs() < 1e-12);
        let of = 1.0 / (0.27 + 0.0025);
        let expected = clopper_pearson(0.925 * of, of);
        assert!((weighted.interval.low - expected.low).abs() < 1e-9);
        let words: Vec<(Verdict, u64)> = shares.by_verdict.iter().map(|it| (it.0, it.1.stood)).collect();
        assert_eq!(words, [(Verdict::Covered, 3), (Verdict::Gap, 1)]);
    }

    #[test]
    fn an_even_sample_weighs_as_it_is() {
        let (stands, wrong) = (Some(Finding::Stands), Some(Finding::Wrong));
        let found =
            [rows("a", Verdict::Covered, 20, &[stands, wrong]), rows("b", Verdict::Covered, 10, &[stands])]
                .concat();
        let share = Shares::of(&found).all;
        let (plain, weighted) = (share.plain.unwrap(), share.weighted.unwrap());
        assert!((plain.share - weighted.share).abs() < 1e-12);
        assert!((plain.interval.low - weighted.interval.low).abs() < 1e-9);
    }

    #[test]
    fn nothing_found_is_no_share() {
        let share = Shares::of(&rows("a", Verdict::Gap, 9, &[None])).all;
        assert_eq!((share.plain, share.weighted, share.not_looked_at), (None, None, 9));
        assert!(Shares::of(&[]).by_verdict.is_empty());
    }

    #[test]
    fn findings_are_read_in_either_language() {
        for (text, finding) in [
            ("stands", Some(Finding::Stands)),
            (" Not_Defensible ", Some(Finding::NotDefensible)),
            ("成立 stands", Some(Finding::Stands)),
            ("错误", Some(Finding::Wrong)),
            ("right", None),
            ("", None),
        ] {
            assert_eq!(Finding::parse(text), finding, "{text}");
        }
    }
}
