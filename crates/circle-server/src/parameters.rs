//! The query part of an address.

use crate::problem::Problem;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use circle_model::WeekTime;
pub(crate) use circle_model::bands::BANDS;
use circle_model::bands::{LONGEST_BAND, bands};

/// Parameters in the order given, decoded.
#[derive(Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::parameter("query", error.to_string()))?;
        Ok(Self(pairs))
    }
}

impl Parameters {
    /// Refuses parameters that are not in `known` and those given twice.
    ///
    /// # Errors
    /// With the list of those that exist.
    pub(crate) fn expect_only(&self, known: &[&str]) -> Result<(), Problem> {
        for (position, (name, _)) in self.0.iter().enumerate() {
            if known.is_empty() {
                return Err(Problem::parameter("query", format!("`{name}`: this path takes no parameters")));
            }
            if !known.contains(&name.as_str()) {
                return Err(Problem::UnknownParameter {
                    name: name.clone(),
                    choices: known.iter().map(ToString::to_string).collect(),
                });
            }
            if self.0[..position].iter().any(|(other, _)| other == name) {
                return Err(Problem::parameter("query", format!("`{name}` is given twice")));
            }
        }
        Ok(())
    }

    /// The value of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// All parameters.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A whole number from `least` on.
    ///
    /// # Errors
    /// When it is not one.
    pub(crate) fn whole(&self, name: &'static str, least: usize) -> Result<Option<usize>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // More than there can be is as good as all.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse().unwrap_or(usize::MAX)).filter(|number| *number >= least);
        number.map(Some).ok_or_else(|| {
            Problem::parameter(name, format!("it takes a whole number from {least} on, not `{text}`"))
        })
    }

    /// One of a few words; the first is the default.
    ///
    /// # Errors
    /// With the list of those that exist.
    pub(crate) fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Result<T, Problem> {
        let Some(asked) = self.text(name) else { return Ok(words[0].1) };
        let found = words.iter().find(|(word, _)| *word == asked);
        found.map(|(_, value)| *value).ok_or_else(|| Problem::Word {
            name,
            asked: asked.to_owned(),
            choices: words.iter().map(|(word, _)| (*word).to_owned()).collect(),
        })
    }

    /// The bands asked for, ascending, each once.
    ///
    /// # Errors
    /// When they are none that can be asked for.
    pub(crate) fn minutes(&self) -> Result<Option<Vec<u32>>, Problem> {
        let Some(text) = self.text("minutes") else { return Ok(None) };
        let whole = |part: &str| part.trim().parse::<u32>().ok();
        let asked = text.split(',').map(whole).collect::<Option<Vec<u32>>>().ok_or_else(|| {
            let message =
                format!("it takes whole minutes from 1 to {LONGEST_BAND}, parted by commas, not `{text}`");
            Problem::parameter("minutes", message)
        })?;
        bands(&asked).map(Some).map_err(|error| Problem::parameter("minutes", error.to_string()))
    }

    /// The time that opening hours are honoured at.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn at_time(&self) -> Result<Option<WeekTime>, Problem> {
        let Some(text) = self.text("at_time") else { return Ok(None) };
        let time = WeekTime::parse(text).ok_or_else(|| {
            Problem::parameter("at_time", format!("it takes {}, not `{text}`", WeekTime::FORMS))
        })?;
        Ok(Some(time))
    }
}

/// A whole number written as one, without signs or leading zeros, so that every answer has one address.
pub(crate) fn whole(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().filter(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(query: &str) -> Parameters {
        let uri = format!("/x?{query}").parse().unwrap();
        Parameters(Query::try_from_uri(&uri).unwrap().0)
    }

    #[test]
    fn bands_are_sorted_and_each_is_there_once() {
        assert_eq!(parameters("minutes=15,5,%2010,5").minutes().unwrap(), Some(vec![5, 10, 15]));
        assert_eq!(parameters("a=b").minutes().unwrap(), None);
    }

    #[test]
    fn impossible_bands_are_refused() {
        for bands in [
            "",
            "0",
            "121",
            "5,",
            "5;10",
            "-1",
            "1.5",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21",
        ] {
            assert!(parameters(&format!("minutes={bands}")).minutes().is_err(), "{bands}");
        }
    }

    #[test]
    fn strangers_and_twins_are_refused() {
        assert!(parameters("a=1&b=2").expect_only(&["a", "b"]).is_ok());
        let message = parameters("a=1&c=2").expect_only(&["a", "b"]).unwrap_err().to_string();
        assert!(message.contains("`c`") && message.contains("a, b"), "{message}");
        assert!(parameters("a=1&a=2").expect_only(&["a"]).is_err());
    }

    #[test]
    fn chinese_is_decoded() {
        assert_eq!(parameters("name=%E5%85%AC%E5%9B%AD").text("name"), Some("公园"));
    }
}
