//! The query part of an address.

use crate::editions;
use crate::links::Base;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use circle_model::WeekTime;
pub(crate) use circle_model::bands::BANDS;
use circle_model::bands::{LONGEST_BAND, bands};

/// Parameters in the order given, decoded, and the address that they are of.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    uri: Uri,
    base: String,
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::parameter("query", error.to_string()))?;
        Ok(Self { pairs, uri: parts.uri.clone(), base: Base::of(parts).0 })
    }
}

impl Parameters {
    /// Refuses parameters that are not in `known` and those given twice. Every path takes `edition`, which
    /// [`editions::asked`] has compared already.
    ///
    /// # Errors
    /// With the list of those that exist.
    pub(crate) fn expect_only(&self, known: &[&str]) -> Result<(), Problem> {
        for (position, (name, _)) in self.pairs.iter().enumerate() {
            if self.pairs[..position].iter().any(|(other, _)| other == name) {
                return Err(Problem::parameter("query", format!("`{name}` is given twice")));
            }
            if name == editions::PARAMETER {
                continue;
            }
            if known.is_empty() {
                return Err(Problem::parameter("query", format!("`{name}`: this path takes no parameters")));
            }
            if !known.contains(&name.as_str()) {
                return Err(Problem::UnknownParameter {
                    name: name.clone(),
                    choices: known.iter().map(ToString::to_string).collect(),
                });
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
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The address of this request with another value of a parameter, from the path on; all else is kept as written.
    pub(crate) fn with_parameter(&self, name: &str, value: &str) -> String {
        let parts = self.uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty());
        let parts: Vec<String> = parts
            .map(|part| if decoded_name(part) == name { format!("{name}={value}") } else { part.to_owned() })
            .collect();
        format!("{}?{}", self.uri.path(), parts.join("&"))
    }

    /// The address of this request with another last part of the path, from the path on; the query is kept as written.
    pub(crate) fn with_last_part(&self, last: &str) -> String {
        let path = self.uri.path();
        let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
        match self.uri.query() {
            Some(query) => format!("{folder}/{last}?{query}"),
            None => format!("{folder}/{last}"),
        }
    }

    /// The whole address of `path` on the host that was asked; it begins with `/`.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}{path}", self.base)
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

/// The parts of a query, as they are written, whose names are none of these.
pub(crate) fn query_without(query: &str, names: &[&str]) -> String {
    let kept =
        query.split('&').filter(|part| !part.is_empty() && !names.contains(&decoded_name(part).as_str()));
    kept.collect::<Vec<_>>().join("&")
}

/// The name of a `name=value` part, decoded.
fn decoded_name(part: &str) -> String {
    let uri = format!("/?{part}").parse().ok();
    let pairs = uri.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.and_then(|Query(pairs)| pairs.into_iter().next()).map(|(name, _)| name).unwrap_or_default()
}

/// A whole number written as one, without signs or leading zeros, so that every answer has one address.
pub(crate) fn whole(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().filter(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(query: &str) -> Parameters {
        let uri: Uri = format!("/x/y?{query}").parse().unwrap();
        let pairs = Query::try_from_uri(&uri).unwrap().0;
        Parameters { pairs, uri, base: "http://map.example".into() }
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
        assert!(parameters("edition=1").expect_only(&[]).is_ok());
        assert!(parameters("edition=1&edition=1").expect_only(&[]).is_err());
    }

    #[test]
    fn an_address_keeps_all_but_what_is_replaced() {
        let asked = parameters("a=%E5%85%AC+1&&%63ompound=w1&minutes=5,10");
        assert_eq!(asked.with_parameter("compound", "w2"), "/x/y?a=%E5%85%AC+1&compound=w2&minutes=5,10");
        assert_eq!(asked.with_last_part("z"), "/x/z?a=%E5%85%AC+1&&%63ompound=w1&minutes=5,10");
        assert_eq!(asked.href("/api"), "http://map.example/api");
        assert_eq!(query_without("offset=3&limit=2&%65dition=x&", &["edition", "offset"]), "limit=2");
    }

    #[test]
    fn chinese_is_decoded() {
        assert_eq!(parameters("name=%E5%85%AC%E5%9B%AD").text("name"), Some("公园"));
    }
}
