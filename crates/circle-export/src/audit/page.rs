//! The sample as a stand-alone page: it makes no requests, and prints one or two verdicts on a sheet of A4.

use super::html::escaped;
use super::{Audit, Checked, map, words};
use crate::look;
use circle_plan::{AuditFinding, Verdict};
use std::fmt::Write;

/// Maximum number of facilities listed for a verdict.
const MOST_LISTED: usize = 8;

impl Audit<'_> {
    /// Writes the page.
    pub fn page(&self) -> Vec<u8> {
        let day = look::day();
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width\">\n<title>结论抽查 audit</title>\n<style>{}{}</style>\n</head>\n<body>\n",
            style(&day),
            map::style(&day)
        );
        page.push_str("<header><h1>结论抽查 Audit of verdicts</h1>");
        for line in self.method().iter().chain(&self.statement().lines()) {
            let _ = write!(page, "<p>{}</p>", escaped(line));
        }
        page.push_str(
            "<p class=\"key\"><b class=\"gate\"></b>出入口 gate（实心为所用 solid: used） <b class=\"place\"></b>设施 \
             facility（空心为走不到 hollow: no walk） <b class=\"walk\"></b>步行路线 walk <b class=\"wall\"></b>墙 wall</p></header>\n",
        );
        for (number, checked) in (1..).zip(&self.checked) {
            self.card(&day, number, checked, &mut page);
        }
        page.push_str("</body>\n</html>\n");
        page.into_bytes()
    }

    fn card(&self, day: &look::Day, number: usize, checked: &Checked, page: &mut String) {
        let city = self.report.city;
        let (drawn, stratum) = (checked.drawn, self.stratum(checked.drawn));
        let standing = self.standing(drawn);
        let compound = &city.compounds()[drawn.compound.index()];
        let place = compound.point.lon_lat();
        let verdict = stratum.verdict;
        let _ = write!(
            page,
            "<section class=\"{}\"><h2><span>{number}</span> {} · {} · <em>{} {}</em></h2><div class=\"both\"><div><table>",
            verdict.word(),
            escaped(city.text(compound.name)),
            escaped(self.report.title(stratum.column)),
            verdict.zh(),
            verdict.word()
        );
        let mut row = |heading: &str, html: &str| {
            if !html.is_empty() {
                let _ = write!(page, "<tr><th>{heading}</th><td>{html}</td></tr>");
            }
        };
        row("要求 asks", &escaped(&words::asks(standing.column.measure)));
        let reason = standing.row.reason;
        row("原因 reason", &reason.map_or_else(String::new, |it| format!("{} {}", it.zh(), it.word())));
        let osm = words::osm(compound.osm_kind, compound.osm_id);
        row(
            "小区 compound",
            &format!(
                "{} {} {:.6},{:.6} {} {:.0} m²",
                escaped(&city.compound_key(drawn.compound)),
                linked(&osm),
                place.lon,
                place.lat,
                escaped(&self.units(checked)),
                compound.area_square_metres
            ),
        );
        let nearest = standing.row.nearest;
        row("出入口 gate", &nearest.map_or_else(String::new, |it| escaped(&self.gate_in_words(it.gate))));
        let html = nearest.map_or_else(String::new, |nearest| {
            let facility = &city.facilities()[nearest.facility.index()];
            let place = facility.point.lon_lat();
            format!(
                "<b>{}</b> {} {} {} {:.6},{:.6}",
                escaped(city.text(facility.name)),
                escaped(words::category(city, self.report.catalogue, facility)),
                linked(&words::facility_osm(city, facility)),
                escaped(&words::sources(city, facility)),
                place.lon,
                place.lat
            )
        });
        row("最近设施 nearest", &html);
        let html = nearest.map_or_else(String::new, |nearest| {
            let straight = self.straight_metres(drawn.compound, nearest.facility);
            format!(
                "<b>{:.1} s</b> ({:.1} min), {:.0} m; 直线 straight {straight:.0} m",
                f64::from(nearest.time.0) / 1000.0,
                f64::from(nearest.time.0) / 60_000.0,
                f64::from(nearest.length.0) / 1000.0
            )
        });
        row("步行 walk", &html);
        row("路线 route", &escaped(&self.route(checked)));
        row("阻隔 barred by", &escaped(&self.barred(checked)));
        row("附近 nearby", &self.listed(checked));
        page.push_str("</table>");
        let boxes = AuditFinding::ALL.map(|it| format!("<span>☐ {} {}</span>", it.zh(), it.word()));
        let _ = write!(
            page,
            "<p class=\"fill\">核查 finding: {}<br>备注 note: <u></u></p></div>",
            boxes.concat()
        );
        page.push_str(&map::draw(self, day, checked));
        page.push_str("</div></section>\n");
    }

    /// The facilities around a verdict, the nearest first.
    fn listed(&self, checked: &Checked) -> String {
        let city = self.report.city;
        let mut html = String::new();
        for it in checked.nearby.iter().take(MOST_LISTED) {
            let facility = &city.facilities()[it.facility.index()];
            let walk = it.walk.map_or_else(
                |_| escaped(&self.why_not(it)),
                |walk| {
                    format!(
                        "{:.0} s, {:.0} m",
                        f64::from(walk.time.0) / 1000.0,
                        f64::from(walk.length.0) / 1000.0
                    )
                },
            );
            let _ = write!(
                html,
                "<div>{} {} — 直线 {:.0} m; {walk}</div>",
                escaped(city.text_or_none(facility.name).unwrap_or("无名")),
                linked(&words::facility_osm(city, facility)),
                it.straight_metres,
            );
        }
        match checked.nearby.len().saturating_sub(MOST_LISTED) {
            0 => {}
            more => {
                let _ = write!(html, "<div>另有 and {more} more</div>");
            }
        }
        html
    }
}

/// A link to a map object; nothing is requested before it is clicked.
fn linked(osm: &str) -> String {
    words::address(osm).map_or_else(String::new, |address| {
        format!("<a href=\"{address}\" rel=\"noreferrer\">{}</a>", escaped(osm))
    })
}

fn style(day: &look::Day) -> String {
    let colour = |verdict: Verdict| match verdict {
        Verdict::Covered => &day.verdict.covered,
        Verdict::Gap => &day.verdict.gap,
        Verdict::Unknown => &day.verdict.unknown_line,
    };
    let mut style = "body{font:13px/1.45 'Noto Sans CJK SC','Source Han Sans SC','Noto Sans SC','PingFang SC',\
         'Microsoft YaHei',sans-serif;color:#22312d;margin:16px auto;max-width:1120px;padding:0 12px}\
         header p{margin:2px 0;color:#48534f;font-size:12px}h1{font-size:20px;margin:0 0 8px}\
         section{border:1px solid #cfc8b9;border-left:6px solid;border-radius:4px;margin:14px 0;padding:8px 12px;\
         break-inside:avoid}h2{font-size:15px;margin:0 0 6px}h2 span{color:#5c6864}h2 em{font-style:normal}\
         .both{display:flex;gap:14px;align-items:flex-start;justify-content:space-between}.both>div{flex:1;min-width:0}\
         table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:normal;color:#5c6864;\
         white-space:nowrap;vertical-align:top;padding:1px 10px 1px 0}td{vertical-align:top;padding:1px 0;\
         overflow-wrap:anywhere}svg.m{flex:none;border:1px solid #ded8cb}a{color:#105eb2}\
         .fill span{margin-right:14px}.fill u{display:inline-block;width:70%;border-bottom:1px solid #22312d;\
         text-decoration:none}.key b{display:inline-block;width:9px;height:9px;margin:0 4px 0 12px}\
         .key .gate{background:#0b6e5f}.key .place{background:#b52b5e;border-radius:5px}\
         .key .walk{background:#105eb2;height:3px;width:18px;vertical-align:middle}\
         .key .wall{background:#8a7f6d;height:2px;width:18px;vertical-align:middle}\
         @page{size:A4 landscape;margin:10mm}@media print{body{margin:0;max-width:none;font-size:11px}a{color:inherit}}"
        .to_owned();
    for verdict in Verdict::ALL {
        let (word, colour) = (verdict.word(), colour(verdict));
        let text = if verdict == Verdict::Gap { day.verdict.gap_text.as_str() } else { "#22312d" };
        let _ = write!(style, ".{word}{{border-left-color:{colour}}}.{word} em{{color:{text}}}");
    }
    style
}
