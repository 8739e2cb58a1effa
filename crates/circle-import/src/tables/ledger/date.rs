//! Dates in cells.

use jiff::civil::Date;

/// Parses `2026-03-01`, `2026/3/1`, `26/3/1`, `2026.3.1`, `2026年3月1日`, `20260301`, also in full-width digits. A time after
/// the date is ignored.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let text: String = text.trim().chars().map(narrow).collect();
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        let day = text.split(['T', ' ']).next().unwrap_or(&text);
        day.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = match (year.len(), year.parse::<i16>().ok()?) {
        (2, year) => 2000 + year,
        // Earlier years, such as those of two digits padded with zeros, are mistakes.
        (4, year @ 1900..) => year,
        _ => return None,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
