//! The client of a request: the peer, or behind a trusted proxy the client that the proxy names.

use crate::http::connections::Connection;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue};
use circle_study::Client;
use std::net::{IpAddr, SocketAddr};

/// Whether a proxy in front of the server names the clients. Without one, any client can write the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarding {
    /// The peers are the clients.
    None,
    /// The client is the last address in `X-Forwarded-For`.
    TrustedProxy,
}

/// Adds the [`Client`] to the extensions of a request.
pub(crate) fn identify(forwarding: Forwarding, request: &mut Request) {
    let peer = request.extensions().get::<Connection>().map(Connection::client);
    let client = client(forwarding, peer, request.headers());
    request.extensions_mut().insert(client);
}

fn client(forwarding: Forwarding, peer: Option<Client>, headers: &HeaderMap) -> Client {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    match forwarded.filter(|_| forwarding == Forwarding::TrustedProxy) {
        // Requests with an invalid header are one client, so they cannot bypass a limit.
        Some(forwarded) => last_address(forwarded).map_or(Client::UNKNOWN, Client::new),
        None => peer.unwrap_or(Client::UNKNOWN),
    }
}

/// The last address of a list. Some proxies add the port.
fn last_address(forwarded: &HeaderValue) -> Option<IpAddr> {
    let last = forwarded.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| Some(last.parse::<SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let headers = |lines: &[&str]| -> HeaderMap {
            lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), line.parse().unwrap())).collect()
        };
        let address = |text: &str| -> IpAddr { text.parse().unwrap() };
        let forged = headers(&["203.0.113.9", "198.51.100.7, 192.0.2.1"]);
        let [peer, loopback] = ["192.0.2.77", "127.0.0.1"].map(|text| Some(Client::new(address(text))));
        assert_eq!(client(Forwarding::None, peer, &forged).address(), address("192.0.2.77"));
        assert_eq!(client(Forwarding::None, None, &forged), Client::UNKNOWN);
        let trusted = |lines: &[&str]| client(Forwarding::TrustedProxy, loopback, &headers(lines)).address();
        assert_eq!(
            client(Forwarding::TrustedProxy, loopback, &forged).address(),
            address("192.0.2.1"),
            "the proxy appends the last"
        );
        for (forwarded, expected) in [
            ("nonsense", "0.0.0.0"),
            ("1.2.3.4,", "0.0.0.0"),
            ("5.6.7.8:1234", "5.6.7.8"),
            ("[2001:db8::1]", "2001:db8::"),
            ("[2001:db8::1]:80", "2001:db8::"),
        ] {
            assert_eq!(trusted(&[forwarded]), address(expected), "{forwarded}");
        }
        assert_eq!(trusted(&[]), address("127.0.0.1"));
    }
}
