//! The parameters of a request, and the address that they are part of.

use crate::http::base::Base;
use crate::http::query::{pairs, with_last_part, with_parameter};
use crate::middleware::problem::{Nearest, Problem};
use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use circle_study::{KeySlot, Parameters, Refusal};

/// Parameters in the order given, decoded, and the address that they are part of.
#[derive(Debug, Default)]
pub(crate) struct RequestParameters {
    values: Parameters,
    uri: Uri,
    base: String,
}

impl<S: Sync> FromRequestParts<S> for RequestParameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = pairs(&parts.uri).map_err(|message| Refusal::parameter("query", message))?;
        Ok(Self { values: Parameters::new(pairs), uri: parts.uri.clone(), base: Base::of(parts).0 })
    }
}

impl RequestParameters {
    /// The parameters themselves.
    pub(crate) fn values(&self) -> &Parameters {
        &self.values
    }

    /// Reads a question. A refusal that concerns a key becomes a problem with addresses.
    ///
    /// # Errors
    /// As `parse`.
    pub(crate) fn question<T>(
        &self,
        parse: impl FnOnce(&Parameters) -> Result<T, Refusal>,
    ) -> Result<T, Problem> {
        parse(&self.values).map_err(|refusal| self.problem(refusal))
    }

    /// Refuses all parameters.
    ///
    /// # Errors
    /// When there is one.
    pub(crate) fn expect_none(&self) -> Result<(), Problem> {
        self.question(|values| values.expect_only(&[]))
    }

    fn problem(&self, refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Moved { slot, present } => Problem::Moved(match slot {
                KeySlot::Path { ending } => with_last_part(&self.uri, &format!("{present}{ending}")),
                KeySlot::Parameter(name) => with_parameter(&self.uri, &name, &present),
            }),
            Refusal::Gone { nearest: ref thing, .. } => {
                let nearest = thing.as_ref().map(|it| Nearest {
                    id: it.id.clone(),
                    name: it.name.clone(),
                    metres: it.metres,
                    href: format!("{}/api/collections/{}/items/{}", self.base, it.collection, it.id),
                });
                Problem::Gone { detail: refusal.to_string(), nearest }
            }
            refusal => refusal.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    fn parameters(query: &str) -> RequestParameters {
        let uri: Uri = format!("/x/y.pdf?{query}").parse().unwrap();
        let values = Parameters::new(pairs(&uri).unwrap());
        RequestParameters { values, uri, base: "http://map.example".into() }
    }

    #[test]
    fn a_former_key_leads_to_the_same_address_with_the_present_key() {
        let asked = parameters("compound=w1&minutes=5");
        let moved = |slot| Refusal::Moved { slot, present: "w2".into() };
        let address = |slot| asked.problem(moved(slot)).into_response().headers()["location"].clone();
        assert_eq!(address(KeySlot::parameter("compound")), "/x/y.pdf?compound=w2&minutes=5");
        assert_eq!(address(KeySlot::Path { ending: ".pdf".into() }), "/x/w2.pdf?compound=w1&minutes=5");
    }

    #[test]
    fn the_nearest_thing_has_an_address_on_the_host_of_the_request() {
        let nearest =
            circle_study::NearestRecord { id: "w2".into(), name: None, metres: 40, collection: "compounds" };
        let of = circle_model::city::KeyOf::Compound;
        let gone = Refusal::Gone { of, asked: "w1".into(), nearest: Some(nearest) };
        let Problem::Gone { nearest: Some(nearest), .. } = parameters("").problem(gone) else {
            panic!("no nearest thing")
        };
        assert_eq!(nearest.href, "http://map.example/api/collections/compounds/items/w2");
    }
}
