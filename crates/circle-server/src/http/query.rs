//! The query of an address: decoding, and replacing of parts.

use axum::extract::Query;
use axum::http::Uri;

/// Decoded names and values of a query.
///
/// # Errors
/// The decoder's message when the query is not percent-encoded UTF-8.
pub(crate) fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, String> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).map_err(|error| error.to_string())
}

/// The query without the parameters of these names. The other parts stay as they are written.
pub(crate) fn query_without(query: &str, names: &[&str]) -> String {
    let rest =
        query.split('&').filter(|part| !part.is_empty() && !names.contains(&decoded_name(part).as_str()));
    rest.collect::<Vec<_>>().join("&")
}

/// Path and query of an address with another value of a parameter. The other parts stay as they are written.
pub(crate) fn with_parameter(uri: &Uri, name: &str, value: &str) -> String {
    let parts = uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty());
    let parts: Vec<String> = parts
        .map(|part| if decoded_name(part) == name { format!("{name}={value}") } else { part.to_owned() })
        .collect();
    format!("{}?{}", uri.path(), parts.join("&"))
}

/// Path and query of an address with another last part of the path. The query stays as it is written.
pub(crate) fn with_last_part(uri: &Uri, last: &str) -> String {
    let path = uri.path();
    let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
    match uri.query() {
        Some(query) => format!("{folder}/{last}?{query}"),
        None => format!("{folder}/{last}"),
    }
}

/// The name of a `name=value` part, decoded.
fn decoded_name(part: &str) -> String {
    let uri = format!("/?{part}").parse().ok();
    let pairs = uri.and_then(|uri| pairs(&uri).ok());
    pairs.and_then(|pairs| pairs.into_iter().next()).map(|(name, _)| name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_part_of_an_address_is_replaced() {
        let uri = "/x/y?a=%E5%85%AC+1&&%63ompound=w1&minutes=5,10".parse().unwrap();
        assert_eq!(with_parameter(&uri, "compound", "w2"), "/x/y?a=%E5%85%AC+1&compound=w2&minutes=5,10");
        assert_eq!(with_last_part(&uri, "z"), "/x/z?a=%E5%85%AC+1&&%63ompound=w1&minutes=5,10");
        assert_eq!(query_without("offset=3&limit=2&%65dition=x&", &["edition", "offset"]), "limit=2");
    }

    #[test]
    fn chinese_is_decoded() {
        let uri = "/?name=%E5%85%AC%E5%9B%AD".parse().unwrap();
        assert_eq!(pairs(&uri), Ok(vec![("name".to_owned(), "公园".to_owned())]));
    }
}
