//! Notations of angles: decimal degrees, and degrees with minutes and seconds.

/// The notation of the angles of a file whose cells are plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AngleNotation {
    /// Decimal degrees, 126.6424; also every number in metres.
    Decimal,
    /// Degrees and minutes, 12638.544, as GPS receivers write them.
    DegreesMinutes,
    /// Degrees, then minutes and seconds as digits of the fraction, 126.383264.
    SexagesimalDigits,
    /// Degrees, minutes and seconds run together, 1263832.64.
    DegreesMinutesSeconds,
}

impl AngleNotation {
    /// Every notation.
    pub const ALL: [Self; 4] =
        [Self::Decimal, Self::DegreesMinutes, Self::SexagesimalDigits, Self::DegreesMinutesSeconds];

    /// The angle in degrees; `None` if the digits cannot be minutes and seconds.
    pub fn degrees(self, number: f64) -> Option<f64> {
        let size = number.abs();
        let (degrees, minutes, seconds) = match self {
            Self::Decimal => return Some(number),
            Self::DegreesMinutes => ((size / 100.0).floor(), size % 100.0, 0.0),
            Self::SexagesimalDigits => split_digits(size * 10_000.0),
            Self::DegreesMinutesSeconds => split_digits(size),
        };
        let is_angle = degrees <= 180.0 && minutes < 60.0 && seconds < 60.0;
        is_angle.then(|| (degrees + minutes / 60.0 + seconds / 3600.0).copysign(number))
    }

    /// Its description in messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Decimal => "decimal degrees",
            Self::DegreesMinutes => "degrees and minutes run together (DDMM.mmm)",
            Self::SexagesimalDigits => "degrees, minutes and seconds as digits (DD.MMSS)",
            Self::DegreesMinutesSeconds => "degrees, minutes and seconds run together (DDMMSS)",
        }
    }
}

/// Degrees, minutes and seconds of DDDMMSS.s. Rounded to 10⁻⁷: the last digit of 126.3832 is often missing by
/// 10⁻¹³.
fn split_digits(digits: f64) -> (f64, f64, f64) {
    let digits = (digits * 1e7).round() / 1e7;
    ((digits / 10_000.0).floor(), (digits / 100.0).floor() % 100.0, digits % 100.0)
}

/// The number in a cell of coordinates: decimal, or degrees with minutes and seconds in any of the usual
/// marks (`126°38′12.5″E`, `126度38分12.5秒`, `东经126°38'`, `126:38:12.5`, `126 38 12.5`), full-width digits
/// included.
///
/// ```
/// use circle_sheet::datum::parse_coordinate;
/// assert_eq!(parse_coordinate("东经126°30′"), Some(126.5));
/// assert_eq!(parse_coordinate("126°75′"), None);
/// ```
pub fn parse_coordinate(text: &str) -> Option<f64> {
    let text: String = text.trim().chars().map(narrow).collect();
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some(number);
    }
    let mut is_negative = false;
    let mut parts: Vec<f64> = Vec::with_capacity(3);
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            parts.push(rest[..end].parse().ok()?);
            rest = &rest[end..];
            continue;
        }
        match first {
            'S' | 's' | 'W' | 'w' | '南' | '西' => is_negative = true,
            // A sign before the first number; between numbers it is a separator.
            '-' | '−' if parts.is_empty() => is_negative = true,
            'N' | 'n' | 'E' | 'e' | '北' | '东' | '東' | '经' | '經' | '纬' | '緯' | '°' | 'º' | '˚'
            | '度' | '\'' | '′' | '’' | '‘' | '´' | '分' | '"' | '″' | '”' | '“' | '秒' | ':' | '-' | ' '
            | '+' | '_' => {}
            _ => return None,
        }
        rest = &rest[first.len_utf8()..];
    }
    let [degrees, minutes, seconds] = match parts[..] {
        [degrees] => [degrees, 0.0, 0.0],
        [degrees, minutes] => [degrees, minutes, 0.0],
        [degrees, minutes, seconds] => [degrees, minutes, seconds],
        _ => return None,
    };
    // Only the last part may have a fraction.
    let are_whole = parts[..parts.len() - 1].iter().all(|part| part.fract() == 0.0);
    if !are_whole || degrees > 180.0 || minutes >= 60.0 || seconds >= 60.0 {
        return None;
    }
    let angle = degrees + minutes / 60.0 + seconds / 3600.0;
    Some(if is_negative { -angle } else { angle })
}

/// The ASCII form of full-width digits, marks and blanks.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '－' | '：' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\t' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn degrees_minutes_and_seconds_are_read_with_all_marks() {
        let degrees = 126.0 + 38.0 / 60.0 + 12.5 / 3600.0;
        for text in [
            "126°38′12.5″",
            "126°38'12.5\"E",
            "E126°38′12.5″",
            "东经126度38分12.5秒",
            "126:38:12.5",
            " 126 38 12.5 ",
            "126-38-12.5",
            "１２６°３８′１２．５″",
        ] {
            let parsed = parse_coordinate(text).unwrap_or_else(|| panic!("{text}"));
            assert!((parsed - degrees).abs() < 1e-12, "{text}: {parsed}");
        }
        assert_eq!(parse_coordinate("126.6424"), Some(126.6424));
        assert_eq!(parse_coordinate("42549980.05"), Some(42_549_980.05));
        assert_eq!(parse_coordinate("１２６．５"), Some(126.5));
        assert_eq!(parse_coordinate("-33°30′"), Some(-33.5));
        assert_eq!(parse_coordinate("33°30′S"), Some(-33.5));
        assert_eq!(parse_coordinate("126.5°"), Some(126.5));
        for text in
            ["", "哈尔滨", "126°75′", "126,6424", "1 2 3 4", "126.5°30′", "NaN", "inf", "126.6.4", "°"]
        {
            assert_eq!(parse_coordinate(text), None, "{text}");
        }
    }

    #[test]
    fn digits_are_read_as_minutes_and_seconds() {
        let close = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 1e-9);
        assert!(close(AngleNotation::DegreesMinutes.degrees(12638.544), 126.6424));
        assert!(close(
            AngleNotation::SexagesimalDigits.degrees(126.383_264),
            126.0 + 38.0 / 60.0 + 32.64 / 3600.0
        ));
        assert!(close(AngleNotation::SexagesimalDigits.degrees(45.30), 45.5));
        assert!(close(AngleNotation::DegreesMinutesSeconds.degrees(-453_000.0), -45.5));
        assert_eq!(AngleNotation::SexagesimalDigits.degrees(126.6424), None);
        assert_eq!(AngleNotation::DegreesMinutes.degrees(12670.0), None);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[0-9.°′″'\" NSEW东经度分秒:-]{0,24}|.{0,24}") {
            let _ = parse_coordinate(&text);
        }
    }
}
