//! The base of all links in an answer: scheme and host of the request.

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::str::FromStr;

/// `http://host`, or empty if the request names no usable host.
///
/// A proxy that terminates TLS sends `X-Forwarded-Proto: https`.
#[derive(Debug, Clone)]
pub(crate) struct Base(pub(crate) String);

impl Base {
    pub(crate) fn of(parts: &Parts) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // The host of an absolute address takes precedence (RFC 9112, 3.2.2).
        let host = parts.uri.authority().map(Authority::as_str).or_else(|| header(HOST.as_str()));
        let is_https = |word: &str| word.trim().eq_ignore_ascii_case("https");
        let first = header("x-forwarded-proto").and_then(|list| list.split(',').next());
        let scheme = if first.is_some_and(is_https) { "https" } else { "http" };
        Self(
            host.filter(|host| may_begin_links(host))
                .map_or_else(String::new, |host| format!("{scheme}://{host}")),
        )
    }

    /// A link object of OGC API; `path` begins with `/`.
    pub(crate) fn link(&self, rel: &str, kind: &str, path: &str, title: &str) -> Value {
        json!({ "rel": rel, "type": kind, "href": self.href(path), "title": title })
    }

    /// The absolute address of `path`, which begins with `/`.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Bytes of the longest host name (RFC 1035) with a port.
const LONGEST_HOST: usize = 253 + 6;

/// Whether a host can follow `http://` in links.
fn may_begin_links(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte);
    let is_port = |port: &str| port.is_empty() || port.parse::<u16>().is_ok();
    host.len() <= LONGEST_HOST
        && host.bytes().all(plain)
        && Authority::from_str(host).is_ok_and(|authority| {
            let name = authority.host();
            !name.is_empty() && host[name.len()..].strip_prefix(':').is_none_or(is_port)
        })
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn base(host: &str, scheme: &str) -> String {
        let request =
            Request::get("/api").header("host", host).header("x-forwarded-proto", scheme).body(()).unwrap();
        Base::of(&request.into_parts().0).0
    }

    #[test]
    fn links_go_to_the_host_of_the_request() {
        assert_eq!(base("localhost:8080", ""), "http://localhost:8080");
        assert_eq!(base("[::1]:80", "https"), "https://[::1]:80");
        assert_eq!(base("[::1]:", ""), "http://[::1]:");
        assert_eq!(base("a", "HTTPS, http"), "https://a");
        let absolute = Request::get("http://asked/api").header("host", "proxy").body(()).unwrap();
        assert_eq!(Base::of(&absolute.into_parts().0).0, "http://asked");
    }

    #[test]
    fn an_invalid_host_is_ignored() {
        for none in [
            "",
            ":80",
            "a/b\"c",
            "a@b",
            "a:b",
            "a:99999",
            "a:1:2",
            "[::1",
            "a b",
            "<b>",
            "a~b",
            &"a".repeat(300),
        ] {
            assert_eq!(base(none, ""), "", "{none}");
        }
    }
}
