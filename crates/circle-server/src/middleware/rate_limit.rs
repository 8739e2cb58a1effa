//! A limit on the requests per second of one address: a token bucket per address.

use super::problem::Problem;
use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use circle_study::Client;
use std::collections::HashMap;
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
/// Programs on this machine are not limited.
#[derive(Debug, Clone)]
pub struct RateLimit {
    per_second: NonZeroU32,
    buckets: Arc<Mutex<Buckets>>,
}

#[derive(Debug)]
struct Buckets {
    of: HashMap<Client, Bucket>,
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
    /// Allows `per_second` requests from one client.
    pub fn new(per_second: NonZeroU32) -> Self {
        let buckets = Buckets { of: HashMap::new(), rest: None, swept: None };
        Self { per_second, buckets: Arc::new(Mutex::new(buckets)) }
    }

    /// Takes a token for a request.
    ///
    /// # Errors
    /// The time until a token is available.
    fn take(&self, from: Client, now: Instant) -> Result<(), Duration> {
        let (per_second, most) =
            (f64::from(self.per_second.get()), f64::from(self.per_second.get()) * BURST_SECONDS);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Rejects a request over the limit (429), with the time until the next one is accepted.
pub(crate) async fn limit(
    Shared(limit): Shared<Option<RateLimit>>,
    request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<Client>().copied().unwrap_or(Client::UNKNOWN);
    if let Some(limit) = limit
        && !client.address().is_loopback()
        && let Err(wait) = limit.take(client, Instant::now())
    {
        return Problem::TooOften { wait, per_second: limit.per_second.get() }.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_second: u32) -> RateLimit {
        RateLimit::new(NonZeroU32::new(per_second).unwrap())
    }

    fn client(text: &str) -> Client {
        Client::new(text.parse().unwrap())
    }

    #[test]
    fn a_burst_is_followed_by_the_rate() {
        let (limit, start) = (limit(2), Instant::now());
        let at = |millis: u64| start + Duration::from_millis(millis);
        let one = client("192.0.2.1");
        for request in 0..20 {
            assert_eq!(limit.take(one, at(0)), Ok(()), "{request}");
        }
        assert_eq!(limit.take(one, at(0)), Err(Duration::from_millis(500)));
        assert_eq!(limit.take(client("192.0.2.2"), at(0)), Ok(()), "another address has its own");
        assert_eq!(limit.take(one, at(500)), Ok(()));
        assert_eq!(limit.take(one, at(750)), Err(Duration::from_millis(250)));
        for request in 0..20 {
            assert_eq!(limit.take(one, at(3_600_000)), Ok(()), "{request}");
        }
        assert!(limit.take(one, at(3_600_000)).is_err(), "an hour refills no more than ten seconds' tokens");
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let (limit, now) = (limit(1), Instant::now());
        let taken = (0..30).filter(|host| limit.take(client(&format!("2001:db8::{host:x}")), now).is_ok());
        assert_eq!(taken.count(), 10);
        assert!(limit.take(client("2001:db8:0:1::1"), now).is_ok());
    }

    #[test]
    fn memory_is_bounded_and_full_buckets_are_dropped() {
        let (limit, now) = (limit(1), Instant::now());
        for number in 0..MOST_ADDRESSES as u32 {
            limit.take(Client::new(std::net::Ipv4Addr::from(number).into()), now).unwrap();
        }
        let others = (0..100u32).filter(|number| {
            limit.take(Client::new(std::net::Ipv4Addr::from(u32::MAX - number).into()), now).is_ok()
        });
        assert_eq!(others.count(), 10, "all others share one bucket");
        assert_eq!(limit.buckets.lock().unwrap().of.len(), MOST_ADDRESSES);
        limit
            .take(Client::new(std::net::Ipv4Addr::from(u32::MAX).into()), now + Duration::from_secs(2))
            .unwrap();
        assert_eq!(limit.buckets.lock().unwrap().of.len(), 1);
    }
}
