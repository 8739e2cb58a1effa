//! A budget of processor time by client.

use crate::client::Client;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_mins(1);
/// Most clients whose searches are remembered. Beyond that, those that have spent the least are forgotten.
const MOST_REMEMBERED: usize = 4096;

/// The limit on the cost of one client's searches: so much time a minute, and as much at once after a minute's rest. A dear
/// search costs the time of the processors that it has used, a cheap one the time that it has run.
///
/// Programs on this machine have no limit.
#[derive(Debug)]
pub struct Budget {
    a_minute: Duration,
    /// Time that a client has spent and not earned again, at a moment.
    spent: Mutex<HashMap<Client, (Duration, Instant)>>,
}

impl Budget {
    /// A budget of `a_minute` a minute for each client.
    pub fn new(a_minute: Duration) -> Self {
        Self { a_minute, spent: Mutex::default() }
    }

    /// Whether a client may start another search.
    ///
    /// # Errors
    /// The time until it may.
    pub(super) fn check(&self, client: Client, now: Instant) -> Result<(), Duration> {
        if client.address().is_loopback() || client == Client::OPERATOR {
            return Ok(());
        }
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let left = spent.get(&client).map_or(Duration::ZERO, |account| self.left(account, now));
        match left.checked_sub(self.a_minute) {
            None => Ok(()),
            Some(over) => Err(MINUTE.mul_f64(over.as_secs_f64() / self.a_minute.as_secs_f64())),
        }
    }

    /// Charges the cost of a search.
    pub(super) fn charge(&self, client: Client, took: Duration, now: Instant) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= MOST_REMEMBERED && !spent.contains_key(&client) {
            spent.retain(|_, account| !self.left(account, now).is_zero());
            if spent.len() >= MOST_REMEMBERED {
                let least = spent.iter().min_by_key(|(_, account)| self.left(account, now));
                if let Some(least) = least.map(|(client, _)| *client) {
                    spent.remove(&least);
                }
            }
        }
        let account = spent.entry(client).or_insert((Duration::ZERO, now));
        *account = (self.left(account, now) + took, now);
    }

    fn left(&self, (spent, at): &(Duration, Instant), now: Instant) -> Duration {
        let share = now.saturating_duration_since(*at).as_secs_f64() / MINUTE.as_secs_f64();
        spent.saturating_sub(self.a_minute.mul_f64(share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_over_its_budget_waits_until_it_has_earned_it_again() {
        let (budget, start) = (Budget::new(Duration::from_secs(6)), Instant::now());
        let [one, other, local] =
            [[192, 0, 2, 1], [192, 0, 2, 2], [127, 0, 0, 5]].map(|address| Client::new(address.into()));
        let at = |seconds| start + Duration::from_secs(seconds);
        budget.charge(one, Duration::from_secs(5), at(0));
        assert_eq!(budget.check(one, at(0)), Ok(()));
        budget.charge(one, Duration::from_secs(2), at(0));
        budget.charge(local, Duration::from_secs(99), at(0));
        assert_eq!(budget.check(one, at(0)), Err(Duration::from_secs(10)));
        assert_eq!((budget.check(other, at(0)), budget.check(local, at(0))), (Ok(()), Ok(())));
        assert!(budget.check(one, at(9)).is_err());
        assert_eq!(budget.check(one, at(11)), Ok(()));
        budget.charge(one, Duration::from_secs(5), at(3600));
        assert_eq!(
            budget.check(one, at(3600)),
            Ok(()),
            "an hour's rest earns no more than a minute's budget"
        );
    }

    #[test]
    fn memory_is_bounded() {
        let (budget, now) = (Budget::new(Duration::from_secs(6)), Instant::now());
        for number in 0..2 * MOST_REMEMBERED as u32 {
            let client = Client::new(std::net::Ipv4Addr::from(number).into());
            budget.charge(client, Duration::from_secs(1), now);
        }
        assert_eq!(budget.spent.lock().unwrap().len(), MOST_REMEMBERED);
    }
}
