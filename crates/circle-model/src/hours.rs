//! Opening hours 开放时间: what is open at a time of the week.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours, RuleKind};

/// The requested time: of an ordinary week, or of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekTime {
    at: NaiveDateTime,
    form: Form,
}

/// The form in which it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Time,
    Weekday,
    Date,
}

/// Names of days in OSM, Monday first.
const DAYS: [(&str, &str); 7] = [
    ("Mo", "周一"),
    ("Tu", "周二"),
    ("We", "周三"),
    ("Th", "周四"),
    ("Fr", "周五"),
    ("Sa", "周六"),
    ("Su", "周日"),
];
/// The day of a time without a day: Wednesday.
const ORDINARY_DAY: usize = 2;

impl WeekTime {
    /// The forms that [`WeekTime::parse`] accepts, for messages.
    pub const FORMS: &'static str = "HH:MM (an ordinary Wednesday), `Sa HH:MM`, or YYYY-MM-DDTHH:MM";

    /// A regular expression (ECMA 262) of exactly the texts that [`WeekTime::parse`] accepts.
    pub const PATTERN: &'static str = concat!(
        "^ *((([Mm][Oo]|[Tt][UuHh]|[Ww][Ee]|[Ff][Rr]|[Ss][AaUu]|周[一二三四五六日]) *)?",
        "([01]?[0-9]|2[0-3]):[0-5][0-9]|",
        // Dates of the years that holidays are known for, 29 February in leap years.
        "((19|20)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|",
        "02-(0[1-9]|1[0-9]|2[0-8]))|(19(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))-02-29)",
        "[T ] *([01]?[0-9]|2[0-3]):[0-5][0-9]) *$"
    );

    /// Parses `22:30`, `Sa 22:30`, `周六 22:30` or `2026-05-01T22:30`; `None` for other texts.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(' ');
        if let Some((date, time)) = text.split_once(['T', ' '])
            && let Some(date) = date_of(date)
        {
            return Some(Self { at: date.and_time(clock(time)?), form: Form::Date });
        }
        let named = DAYS.iter().position(|(osm, zh)| {
            text.get(..2).is_some_and(|day| day.eq_ignore_ascii_case(osm)) || text.starts_with(zh)
        });
        let time = match named {
            Some(day) if text.starts_with(DAYS[day].1) => &text[DAYS[day].1.len()..],
            Some(_) => &text[2..],
            None => text,
        };
        // A week without a public holiday, from Monday 1 June 2026.
        let day = NaiveDate::from_ymd_opt(2026, 6, 1 + named.unwrap_or(ORDINARY_DAY) as u32)?;
        let form = if named.is_some() { Form::Weekday } else { Form::Time };
        Some(Self { at: day.and_time(clock(time)?), form })
    }

    /// Whether something with these opening hours is open. Public holidays of China apply if the time has a
    /// date. `None` if the hours cannot be parsed or do not apply.
    pub fn is_open(&self, hours: &str) -> Option<bool> {
        let hours: OpeningHours = hours.parse().ok()?;
        let holidays = Context::default().with_holidays(Country::CN.holidays());
        match hours.with_context(holidays).state(self.at).0 {
            RuleKind::Open => Some(true),
            RuleKind::Closed => Some(false),
            RuleKind::Unknown => None,
        }
    }
}

/// A date `YYYY-MM-DD` of the years 1900 to 2099.
fn date_of(text: &str) -> Option<NaiveDate> {
    let is_written = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = is_written.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()?;
    (1900..2100).contains(&chrono::Datelike::year(&date)).then_some(date)
}

/// A time `H:MM` or `HH:MM`.
fn clock(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.trim_matches(' ').split_once(':')?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_written = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_written.then(|| text.parse().ok()).flatten()
    };
    NaiveTime::from_hms_opt(number(hours, 1..=2)?, number(minutes, 2..=2)?, 0)
}

impl std::fmt::Display for WeekTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clock = self.at.format("%H:%M");
        match self.form {
            Form::Date => write!(f, "{}", self.at.format("%Y-%m-%dT%H:%M")),
            Form::Time | Form::Weekday => {
                let day = chrono::Datelike::weekday(&self.at.date()).num_days_from_monday() as usize;
                write!(f, "{} {clock}", DAYS[day].0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parsed_and_displayed() {
        for (text, said) in [
            ("22:30", "We 22:30"),
            ("6:05", "We 06:05"),
            ("sa 22:30", "Sa 22:30"),
            ("周日 08:00", "Su 08:00"),
            ("2026-10-01T09:00", "2026-10-01T09:00"),
            ("2026-10-01 09:00", "2026-10-01T09:00"),
        ] {
            assert_eq!(WeekTime::parse(text).map(|time| time.to_string()).as_deref(), Some(said), "{text}");
        }
        for text in
            ["", "24:00", "22", "22:61", "Xx 10:00", "2026-13-01T09:00", "2026-10-01T", "周 8:00", "é"]
        {
            assert_eq!(WeekTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn opening_hours_decide_what_is_open() {
        let open = |time: &str, hours: &str| WeekTime::parse(time).unwrap().is_open(hours);
        for (time, hours, expected) in [
            ("22:30", "06:00-22:00", Some(false)),
            ("21:59", "06:00-22:00", Some(true)),
            ("03:00", "24/7; 22:00-06:00 off", Some(false)),
            ("12:00", "24/7; 22:00-06:00 off", Some(true)),
            ("Sa 12:00", "Mo-Fr 08:00-17:00", Some(false)),
            ("12:00", "Mo-Fr 08:00-17:00", Some(true)),
            ("2026-10-01T12:00", "Mo-Su 08:00-17:00; PH off", Some(false)),
            ("12:00", "Mo-Su 08:00-17:00; PH off", Some(true)),
            ("12:00", "when it suits", None),
        ] {
            assert_eq!(open(time, hours), expected, "{time} {hours}");
        }
    }
}
