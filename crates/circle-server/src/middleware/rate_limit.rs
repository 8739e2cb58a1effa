//! A limit on the requests per second of one address: a token bucket per address.

use super::problem::Problem;
use crate::http::serve::Peer;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Size of a bucket, in seconds of its rate: a page sends many requests at once.
const BURST_SECONDS: f64 = 10.0;
/// Most addresses with their own bucket; all others share one.
const MOST_ADDRESSES: usize = 65_536;
/// Shortest interval between two sweeps for buckets that are full again.
const SWEEP: Duration = Duration::from_secs(1);

/// The requests per second that one address may send.
///
/// Peers on the loopback interface are not limited. Behind a trusted proxy, the address is the one that the
/// proxy names.
#[derive(Debug, Clone)]
pub struct RateLimit {
    per_second: NonZeroU32,
    trust_proxy: bool,
    buckets: Arc<Mutex<Buckets>>,
}

#[derive(Debug)]
struct Buckets {
    of: HashMap<IpAddr, Bucket>,
    /// Shared by all addresses without their own bucket.
    rest: Option<Bucket>,
    /// Time of the last sweep.
    swept: Option<Instant>,
}

/// The tokens left at a time.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl RateLimit {
    /// Allows `per_second` requests from one address. With `trust_proxy`, the client's address is the last
    /// one of `X-Forwarded-For`; without a proxy in front, any client can write that header.
    pub fn new(per_second: NonZeroU32, trust_proxy: bool) -> Self {
        let buckets = Buckets { of: HashMap::new(), rest: None, swept: None };
        Self { per_second, trust_proxy, buckets: Arc::new(Mutex::new(buckets)) }
    }

    /// Takes a token for a request.
    ///
    /// # Errors
    /// The time until a token is available.
    fn take(&self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let (per_second, most) =
            (f64::from(self.per_second.get()), f64::from(self.per_second.get()) * BURST_SECONDS);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let from = subscriber(from);
        if buckets.of.len() >= MOST_ADDRESSES && !buckets.of.contains_key(&from) {
            buckets.sweep(now, per_second, most);
        }
        let full = Bucket { tokens: most, at: now };
        let bucket = if buckets.of.len() < MOST_ADDRESSES || buckets.of.contains_key(&from) {
            buckets.of.entry(from).or_insert(full)
        } else {
            buckets.rest.get_or_insert(full)
        };
        *bucket = Bucket { tokens: bucket.tokens_at(now, per_second, most), at: now };
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / per_second));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    /// The address that a request counts for; `None` if the request is not limited.
    fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        match forwarded.filter(|_| self.trust_proxy) {
            // Requests with an invalid header share one bucket, so they cannot bypass the limit.
            Some(forwarded) => Some(last_address(forwarded).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))),
            None => peer.filter(|peer| !peer.to_canonical().is_loopback()),
        }
    }
}

/// The last address of a list. Some proxies add the port.
fn last_address(forwarded: &HeaderValue) -> Option<IpAddr> {
    let last = forwarded.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| Some(last.parse::<SocketAddr>().ok()?.ip()))
}

impl Buckets {
    /// Drops full buckets. A new bucket is full, so nothing is lost.
    fn sweep(&mut self, now: Instant, per_second: f64, most: f64) {
        if self.swept.is_none_or(|swept| now.duration_since(swept) >= SWEEP) {
            self.swept = Some(now);
            self.of.retain(|_, bucket| bucket.tokens_at(now, per_second, most) < most);
        }
    }
}

impl Bucket {
    fn tokens_at(self, now: Instant, per_second: f64, most: f64) -> f64 {
        (self.tokens + now.saturating_duration_since(self.at).as_secs_f64() * per_second).min(most)
    }
}

/// The address of a subscriber: an IPv4 address, or the /64 network of an IPv6 address, which one subscriber
/// owns.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Rejects a request over the limit (429), with the time until the next one is accepted.
pub(crate) async fn limit(
    Shared(limit): Shared<Option<RateLimit>>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    if let Some(limit) = limit
        && let Some(client) = limit.client(peer, request.headers())
        && let Err(wait) = limit.take(client, Instant::now())
    {
        return Problem::TooOften { wait, per_second: limit.per_second.get() }.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_second: u32, trust_proxy: bool) -> RateLimit {
        RateLimit::new(NonZeroU32::new(per_second).unwrap(), trust_proxy)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_is_followed_by_the_rate() {
        let (limit, start) = (limit(2, false), Instant::now());
        let at = |millis: u64| start + Duration::from_millis(millis);
        let one = address("192.0.2.1");
        for request in 0..20 {
            assert_eq!(limit.take(one, at(0)), Ok(()), "{request}");
        }
        assert_eq!(limit.take(one, at(0)), Err(Duration::from_millis(500)));
        assert_eq!(limit.take(address("192.0.2.2"), at(0)), Ok(()), "another address has its own");
        assert_eq!(limit.take(one, at(500)), Ok(()));
        assert_eq!(limit.take(one, at(750)), Err(Duration::from_millis(250)));
        for request in 0..20 {
            assert_eq!(limit.take(one, at(3_600_000)), Ok(()), "{request}");
        }
        assert!(limit.take(one, at(3_600_000)).is_err(), "an hour refills no more than ten seconds' tokens");
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let (limit, now) = (limit(1, false), Instant::now());
        let taken = (0..30).filter(|host| limit.take(address(&format!("2001:db8::{host:x}")), now).is_ok());
        assert_eq!(taken.count(), 10);
        assert!(limit.take(address("2001:db8:0:1::1"), now).is_ok());
    }

    #[test]
    fn memory_is_bounded_and_full_buckets_are_dropped() {
        let (limit, now) = (limit(1, false), Instant::now());
        for number in 0..MOST_ADDRESSES as u32 {
            limit.take(IpAddr::V4(number.into()), now).unwrap();
        }
        let others =
            (0..100u32).filter(|number| limit.take(IpAddr::V4((u32::MAX - number).into()), now).is_ok());
        assert_eq!(others.count(), 10, "all others share one bucket");
        assert_eq!(limit.buckets.lock().unwrap().of.len(), MOST_ADDRESSES);
        limit.take(IpAddr::V4(u32::MAX.into()), now + Duration::from_secs(2)).unwrap();
        assert_eq!(limit.buckets.lock().unwrap().of.len(), 1);
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let headers = |lines: &[&str]| {
            lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), line.parse().unwrap())).collect()
        };
        let forged: HeaderMap = headers(&["203.0.113.9", "198.51.100.7, 192.0.2.1"]);
        let (peer, loopback) = (Some(address("192.0.2.77")), Some(address("127.0.0.1")));
        assert_eq!(limit(1, false).client(peer, &forged), peer);
        assert_eq!(limit(1, false).client(loopback, &forged), None);
        assert_eq!(limit(1, false).client(Some(address("::ffff:127.0.0.1")), &forged), None);
        assert_eq!(
            limit(1, true).client(loopback, &forged),
            Some(address("192.0.2.1")),
            "the proxy appends the last"
        );
        for (forwarded, expected) in [
            ("nonsense", "0.0.0.0"),
            ("1.2.3.4,", "0.0.0.0"),
            ("5.6.7.8:1234", "5.6.7.8"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
        ] {
            assert_eq!(
                limit(1, true).client(loopback, &headers(&[forwarded])),
                Some(address(expected)),
                "{forwarded}"
            );
        }
        assert_eq!(limit(1, true).client(peer, &HeaderMap::new()), peer);
    }
}
