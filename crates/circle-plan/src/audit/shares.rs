//! The shares of correct verdicts, estimated from the findings of a sample.

use super::interval::{Interval, clopper_pearson};
use crate::coverage::Verdict;
use std::collections::BTreeMap;

/// The finding of a person who checked a verdict by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFinding {
    /// The verdict is correct.
    Stands,
    /// The verdict is wrong.
    Wrong,
    /// The verdict may be correct, but the data does not support it.
    NotDefensible,
}

impl AuditFinding {
    /// All findings.
    pub const ALL: [Self; 3] = [Self::Stands, Self::Wrong, Self::NotDefensible];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Wrong => "wrong",
            Self::NotDefensible => "not defensible",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Stands => "成立",
            Self::Wrong => "错误",
            Self::NotDefensible => "站不住",
        }
    }

    /// Parses a cell that names a finding in Chinese, in English or in both.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace(['_', '-'], " ");
        let is = |finding: &Self| {
            let (word, zh) = (finding.word(), finding.zh());
            text == word || text == zh || text == format!("{zh} {word}") || text == format!("{word} {zh}")
        };
        Self::ALL.into_iter().find(is)
    }
}

/// A row of a filled-in sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedRow {
    /// The line of the rule set.
    pub line: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Number of verdicts of its stratum in the city.
    pub stratum_size: u64,
    /// The finding; `None` if the cell is empty.
    pub finding: Option<AuditFinding>,
}

/// A share with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The share.
    pub share: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

/// The share of correct verdicts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Rows with a correct verdict.
    pub stood: u64,
    /// Rows with a wrong verdict.
    pub wrong: u64,
    /// Rows with a verdict that the data does not support.
    pub not_defensible: u64,
    /// Share of the rows; `None` without a filled-in row.
    pub plain: Option<Proportion>,
    /// Share of all verdicts in the strata with a finding, weighted by stratum size.
    pub weighted: Option<Proportion>,
    /// Number of verdicts in these strata.
    pub population: u64,
    /// Number of verdicts in the strata without a filled-in row.
    pub not_looked_at: u64,
}

/// The shares of correct verdicts, by verdict and in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// The verdicts that the sheet has rows of.
    pub by_verdict: Vec<(Verdict, Share)>,
    /// All verdicts.
    pub all: Share,
    /// Rows without a finding.
    pub unfilled: u64,
}

impl Shares {
    /// Computes the shares from the rows of a sheet.
    pub fn of(found: &[AuditedRow]) -> Self {
        let of_verdict = |verdict: Verdict| {
            let rows: Vec<&AuditedRow> = found.iter().filter(|it| it.verdict == verdict).collect();
            (!rows.is_empty()).then(|| (verdict, Share::of(&rows)))
        };
        Self {
            by_verdict: Verdict::ALL.into_iter().filter_map(of_verdict).collect(),
            all: Share::of(&found.iter().collect::<Vec<_>>()),
            unfilled: found.iter().filter(|it| it.finding.is_none()).count() as u64,
        }
    }
}

/// The findings in one stratum.
#[derive(Default)]
struct OfStratum {
    size: u64,
    stood: u64,
    checked: u64,
}

impl Share {
    fn of(rows: &[&AuditedRow]) -> Self {
        let mut strata: BTreeMap<(&str, Verdict), OfStratum> = BTreeMap::new();
        for row in rows {
            let stratum = strata.entry((&row.line, row.verdict)).or_default();
            stratum.size = row.stratum_size;
            stratum.stood += u64::from(row.finding == Some(AuditFinding::Stands));
            stratum.checked += u64::from(row.finding.is_some());
        }
        let count =
            |finding: AuditFinding| rows.iter().filter(|row| row.finding == Some(finding)).count() as u64;
        let (stood, wrong) = (count(AuditFinding::Stands), count(AuditFinding::Wrong));
        let not_defensible = count(AuditFinding::NotDefensible);
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
            // Kish's effective size of a weighted sample; it never exceeds the number of rows.
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

    fn rows(line: &str, verdict: Verdict, size: u64, findings: &[Option<AuditFinding>]) -> Vec<AuditedRow> {
        let row = |finding: &Option<AuditFinding>| AuditedRow {
            line: line.to_owned(),
            verdict,
            stratum_size: size,
            finding: *finding,
        };
        findings.iter().map(row).collect()
    }

    #[test]
    fn shares_are_weighted_by_stratum_size() {
        let (stands, wrong) = (Some(AuditFinding::Stands), Some(AuditFinding::Wrong));
        let found = [
            rows("a", Verdict::Covered, 900, &[stands, stands, stands, None]),
            rows("a", Verdict::Gap, 100, &[wrong, stands, Some(AuditFinding::NotDefensible), wrong]),
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
    fn a_proportional_sample_has_equal_weights() {
        let (stands, wrong) = (Some(AuditFinding::Stands), Some(AuditFinding::Wrong));
        let found =
            [rows("a", Verdict::Covered, 20, &[stands, wrong]), rows("b", Verdict::Covered, 10, &[stands])]
                .concat();
        let share = Shares::of(&found).all;
        let (plain, weighted) = (share.plain.unwrap(), share.weighted.unwrap());
        assert!((plain.share - weighted.share).abs() < 1e-12);
        assert!((plain.interval.low - weighted.interval.low).abs() < 1e-9);
    }

    #[test]
    fn without_findings_there_is_no_share() {
        let share = Shares::of(&rows("a", Verdict::Gap, 9, &[None])).all;
        assert_eq!((share.plain, share.weighted, share.not_looked_at), (None, None, 9));
        assert!(Shares::of(&[]).by_verdict.is_empty());
    }

    #[test]
    fn findings_are_parsed_in_either_language() {
        for (text, finding) in [
            ("stands", Some(AuditFinding::Stands)),
            (" Not_Defensible ", Some(AuditFinding::NotDefensible)),
            ("成立 stands", Some(AuditFinding::Stands)),
            ("错误", Some(AuditFinding::Wrong)),
            ("right", None),
            ("", None),
        ] {
            assert_eq!(AuditFinding::parse(text), finding, "{text}");
        }
    }
}
