//! The result of an audit as text.

use circle_plan::{Proportion, Share, Shares};
use std::fmt::Write;

/// The shares of verdicts that stood, a line each.
pub(crate) fn shares_text(shares: &Shares, missing: u64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, share: &Share| {
        let checked = share.stood + share.wrong + share.not_defensible;
        let _ = write!(
            text,
            "{name}: {} of {checked} stood 成立, {} wrong 错误, {} not defensible 站不住",
            share.stood, share.wrong, share.not_defensible
        );
        match &share.plain {
            Some(plain) => {
                let _ = writeln!(text, ": {}", in_percent(plain));
            }
            None => {
                let _ = writeln!(text, ": nothing filled in 未填写");
            }
        }
        if let Some(weighted) = &share.weighted {
            let _ = writeln!(
                text,
                "  weighted to {} verdicts of the city 按全市结论加权: {}",
                share.population,
                in_percent(weighted)
            );
        }
        if share.not_looked_at > 0 {
            let _ = writeln!(
                text,
                "  not looked at: {} verdicts of lines without a finding 未核查",
                share.not_looked_at
            );
        }
    };
    for (verdict, share) in &shares.by_verdict {
        line(&format!("{} {}", verdict.zh(), verdict.word()), share);
    }
    line("全部 all", &shares.all);
    let _ = writeln!(text, "unfilled 未填写: {}", shares.unfilled);
    if missing > 0 {
        let _ = writeln!(text, "  of these missing in the sheet 其中表中缺行: at least {missing}");
    }
    text.push_str(
        "95 % intervals: Clopper–Pearson (exact); of weighted shares at Kish's effective size of the sample\n",
    );
    text
}

fn in_percent(proportion: &Proportion) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let interval = proportion.interval;
    format!("{} (95 %: {} to {})", percent(proportion.share), percent(interval.low), percent(interval.high))
}
