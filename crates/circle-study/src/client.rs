//! The client of a request. Searches of many clients are queued fairly by client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

tokio::task_local! {
    static ASKING: Client;
}

/// A client: an IPv4 address, or the /64 network of an IPv6 address, which one subscriber owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Client(IpAddr);

impl Client {
    /// All clients whose address is unknown.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The operator of the server: the client of its own questions.
    pub const OPERATOR: Self = Self(IpAddr::V6(Ipv6Addr::UNSPECIFIED));

    /// The client with an address.
    pub fn new(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) if v6.is_loopback() => v6.into(),
            IpAddr::V6(v6) => match v6.segments() {
                // Addresses that no host has. Their network `::` is the operator.
                [0, 0, 0, 0, ..] => return Self::UNKNOWN,
                [a, b, c, d, ..] => Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(),
            },
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    /// The address, of an IPv6 client that of its network.
    pub const fn address(self) -> IpAddr {
        self.0
    }

    /// Runs `future` as this client: searches that it starts are queued as this client's.
    pub async fn asking<F: Future>(self, future: F) -> F::Output {
        ASKING.scope(self, future).await
    }

    /// The client that the running task asks for; [`Client::UNKNOWN`] outside of [`Client::asking`].
    pub(crate) fn current() -> Self {
        ASKING.try_with(|client| *client).unwrap_or(Self::UNKNOWN)
    }
}

impl std::fmt::Display for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let client = |text: &str| Client::new(text.parse().unwrap());
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:1"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_eq!((client("::2"), client("::")), (Client::UNKNOWN, Client::UNKNOWN));
        assert!(client("::1").address().is_loopback() && client("::1") != Client::OPERATOR);
    }

    #[tokio::test]
    async fn a_task_asks_as_its_client() {
        let client = Client::new([192, 0, 2, 1].into());
        assert_eq!(client.asking(async { Client::current() }).await, client);
        assert_eq!(Client::current(), Client::UNKNOWN);
    }
}
