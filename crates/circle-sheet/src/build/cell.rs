//! Values of spreadsheet cells as text.

use calamine::ExcelDateTime;

/// Significant digits of a number in a spreadsheet.
const DIGITS: usize = 15;

/// Appends a number as a person would write it: `310106` and `126.63`, with at most 15 significant digits.
pub(crate) fn write_number(number: f64, text: &mut String) {
    use std::fmt::Write;
    let written = text.len();
    // Writing to a string does not fail.
    let _ = if number.fract() == 0.0 && number.abs() < 1e15 {
        write!(text, "{}", number as i64)
    } else {
        write!(text, "{number}")
    };
    if text.len() - written > DIGITS + 2 && number.is_finite() && number.abs() < 1e15 {
        // Arithmetic yields 126.63000000000001 instead of 126.63.
        if let Ok(rounded) = format!("{number:.*e}", DIGITS - 1).parse::<f64>() {
            text.truncate(written);
            let _ = write!(text, "{rounded}");
        }
    }
}

/// A date or time of Excel in ISO 8601: a date, a date with time, or a time of day or duration as `HH:MM:SS`.
pub(crate) fn iso_time(time: &ExcelDateTime) -> String {
    let days = time.as_f64();
    if time.is_duration() || (0.0..1.0).contains(&days) {
        let seconds = (days * 86_400.0).round().max(0.0) as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if days.fract() == 0.0 { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

/// The letters of a column in a spreadsheet, from 0: A, B, …, Z, AA.
pub(crate) fn column_letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        let written = |number: f64| {
            let mut text = String::new();
            write_number(number, &mut text);
            text
        };
        let all =
            [126.63, 310_106.0, 0.1 + 0.2, 126.630_000_000_000_01, -0.0, 1e15, 1e-7, 123_456_789.123_456];
        assert_eq!(
            all.map(written),
            ["126.63", "310106", "0.3", "126.63", "0", "1000000000000000", "0.0000001", "123456789.123456"]
        );
    }

    #[test]
    fn columns_are_lettered_as_in_spreadsheets() {
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
