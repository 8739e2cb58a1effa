//! Parsers of argument values.

pub(super) use circle_study::parameters::place;

use circle_model::WeekTime;

/// A share from 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1, such as 0.5".to_owned())
}

/// A time of the week, to which opening hours are applied.
pub(super) fn week_time(text: &str) -> Result<WeekTime, String> {
    WeekTime::parse(text).ok_or_else(|| format!("a time is {}", WeekTime::FORMS))
}

#[cfg(test)]
mod tests {
    use super::place;
    use circle_model::LonLat;

    #[test]
    fn places_are_longitude_first() {
        assert_eq!(place("126.63, 45.76").unwrap(), LonLat { lon: 126.63, lat: 45.76 }.point());
        for wrong in ["45.76", "a,b", "45.76,126.63", "nan,1"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
