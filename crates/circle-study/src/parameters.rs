//! Parameters of a question as text, and the parsing of their values.

use crate::refusal::Refusal;
use circle_model::bands::{BandsError, LONGEST_BAND, MOST_BANDS, bands};
use circle_model::{LonLat, Point, WeekTime};

/// The parameter that every question takes beside its own: the edition to answer from.
pub const EDITION: &str = "edition";

/// The values of a switch.
const SWITCH: [(&str, bool); 4] = [("false", false), ("true", true), ("1", true), ("0", false)];

/// Decoded names and values, in the given order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Parameters by name and value.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Rejects parameters that are not in `known`, and parameters given twice. Every question takes
    /// [`EDITION`].
    ///
    /// # Errors
    /// For the first such parameter; the refusal lists `known`.
    pub fn expect_only(&self, known: &[&str]) -> Result<(), Refusal> {
        for (position, (name, _)) in self.0.iter().enumerate() {
            if self.0[..position].iter().any(|(other, _)| other == name) {
                return Err(Refusal::parameter("query", format!("`{name}` is given twice")));
            }
            if name == EDITION {
                continue;
            }
            if known.is_empty() {
                return Err(Refusal::parameter("query", format!("`{name}`: this path takes no parameters")));
            }
            if !known.contains(&name.as_str()) {
                let choices = known.iter().map(ToString::to_string).collect();
                return Err(Refusal::UnknownParameter { name: name.clone(), choices });
            }
        }
        Ok(())
    }

    /// The value of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// All parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A whole number of at least `least`. A number above [`usize::MAX`] is read as [`usize::MAX`].
    ///
    /// # Errors
    /// When the value is not such a number.
    pub fn whole(&self, name: &'static str, least: usize) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse().unwrap_or(usize::MAX)).filter(|number| *number >= least);
        number.map(Some).ok_or_else(|| {
            Refusal::parameter(name, format!("it takes a whole number from {least} on, not `{text}`"))
        })
    }

    /// The value of one of `words`; that of the first word if the parameter is not given.
    ///
    /// # Errors
    /// When the value is none of `words`; the refusal lists them.
    pub fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Result<T, Refusal> {
        let Some(asked) = self.text(name) else { return Ok(words[0].1) };
        let found = words.iter().find(|(word, _)| *word == asked);
        found.map(|(_, value)| *value).ok_or_else(|| Refusal::Word {
            name,
            asked: asked.to_owned(),
            choices: words.iter().map(|(word, _)| (*word).to_owned()).collect(),
        })
    }

    /// A switch: `true`, `1`, `false` or `0`; `default` if the parameter is not given.
    ///
    /// # Errors
    /// When the value is none of these.
    pub fn switch(&self, name: &'static str, default: bool) -> Result<bool, Refusal> {
        match self.text(name) {
            None => Ok(default),
            Some(_) => self.word(name, &SWITCH),
        }
    }

    /// The bands in the parameter `minutes`: ascending, without duplicates.
    ///
    /// # Errors
    /// When a part is not a whole number of minutes, there are more than [`MOST_BANDS`] parts, and as [`bands_of`].
    pub fn minutes(&self) -> Result<Option<Vec<u32>>, Refusal> {
        let Some(text) = self.text("minutes") else { return Ok(None) };
        let count = text.split(',').count();
        if count > MOST_BANDS {
            return Err(Refusal::parameter("minutes", BandsError::Count(count).to_string()));
        }
        // Rust accepts a sign and leading zeros, JSON does not.
        let is_written =
            |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.starts_with('0');
        let whole =
            |part: &str| Some(part.trim()).filter(|part| is_written(part)).and_then(|part| part.parse().ok());
        let asked = text.split(',').map(whole).collect::<Option<Vec<u32>>>().ok_or_else(|| {
            let message =
                format!("it takes whole minutes from 1 to {LONGEST_BAND}, separated by commas, not `{text}`");
            Refusal::parameter("minutes", message)
        })?;
        bands_of(&asked).map(Some)
    }

    /// The time in the parameter `at_time`, to which opening hours are applied.
    ///
    /// # Errors
    /// When the value is not a time.
    pub fn at_time(&self) -> Result<Option<WeekTime>, Refusal> {
        let Some(text) = self.text("at_time") else { return Ok(None) };
        let time = WeekTime::parse(text).ok_or_else(|| {
            Refusal::parameter("at_time", format!("it takes {}, not `{text}`", WeekTime::FORMS))
        })?;
        Ok(Some(time))
    }
}

/// Bands in minutes: ascending, without duplicates.
///
/// # Errors
/// When there is none, one is not from 1 to [`LONGEST_BAND`], or there are too many.
pub fn bands_of(minutes: &[u32]) -> Result<Vec<u32>, Refusal> {
    bands(minutes).map_err(|error| Refusal::parameter("minutes", error.to_string()))
}

/// A place written as `LON,LAT`: degrees, WGS 84.
///
/// # Errors
/// When the text is not a place, or not on the globe; the message says which.
pub fn place(text: &str) -> Result<Point, String> {
    let (lon, lat) = text.split_once(',').ok_or("a place is LON,LAT, such as 126.63,45.76")?;
    let degrees =
        |text: &str| text.trim().parse::<f64>().map_err(|_| format!("`{}` is not a number", text.trim()));
    let (lon, lat) = (degrees(lon)?, degrees(lat)?);
    LonLat::new(lon, lat).map(LonLat::point).ok_or_else(|| {
        format!("{lon},{lat} is not on the globe: longitude first, -180 to 180, then latitude, -90 to 90")
    })
}

/// The [`place()`] in a parameter.
///
/// # Errors
/// When the text is not a place, or not on the globe.
pub fn parse_place(parameter: &'static str, text: &str) -> Result<Point, Refusal> {
    place(text).map_err(|_| {
        let message = format!("it takes LON,LAT in degrees, WGS 84, longitude first, not `{text}`");
        Refusal::parameter(parameter, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        Parameters::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn bands_are_sorted_and_deduplicated() {
        assert_eq!(parameters(&[("minutes", "15,5, 10,5")]).minutes(), Ok(Some(vec![5, 10, 15])));
        assert_eq!(parameters(&[("a", "b")]).minutes(), Ok(None));
    }

    #[test]
    fn impossible_bands_are_rejected() {
        for bands in [
            "",
            "0",
            "121",
            "5,",
            "5;10",
            "-1",
            "1.5",
            "+5",
            "05",
            "5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21",
        ] {
            assert!(parameters(&[("minutes", bands)]).minutes().is_err(), "{bands}");
        }
    }

    #[test]
    fn unknown_and_repeated_parameters_are_rejected() {
        assert!(parameters(&[("a", "1"), ("b", "2")]).expect_only(&["a", "b"]).is_ok());
        let message = parameters(&[("a", "1"), ("c", "2")]).expect_only(&["a", "b"]).unwrap_err().to_string();
        assert!(message.contains("`c`") && message.contains("a, b"), "{message}");
        assert!(parameters(&[("a", "1"), ("a", "2")]).expect_only(&["a"]).is_err());
        assert!(parameters(&[("edition", "1")]).expect_only(&[]).is_ok());
        assert!(parameters(&[("edition", "1"), ("edition", "1")]).expect_only(&[]).is_err());
    }

    #[test]
    fn places_are_longitude_first() {
        assert_eq!(parse_place("at", "126.63, 45.76"), Ok(LonLat { lon: 126.63, lat: 45.76 }.point()));
        for text in ["126.63", "1,2,3", "a,b", "45.76,126.63", ""] {
            assert!(parse_place("at", text).is_err(), "{text}");
        }
    }
}
