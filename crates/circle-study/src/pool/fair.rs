//! A queue that is fair by client and by cost.
//!
//! The next job is that of the client whose jobs have taken the least time so far (start-time fair queueing, as the
//! processes of an operating system are scheduled). Deficit round robin has to know the cost of a job before it runs;
//! here the cost of the client's job before stands for it until the job has ended.

use crate::client::Client;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Most clients whose times are remembered while they have no job.
const MOST_REMEMBERED: usize = 4096;

/// Jobs that wait, by client.
pub(super) struct FairQueue<T> {
    /// Clients with waiting or running jobs.
    accounts: HashMap<Client, Account<T>>,
    /// Clients without jobs that have taken more time than a client that comes back begins with: the time, and that
    /// of the last job.
    remembered: HashMap<Client, (Duration, Duration)>,
    /// New jobs that wait.
    new: usize,
    /// Jobs that have begun and wait for their next turn.
    begun: usize,
    /// The time of the client whose job was taken last. A client that comes back begins here, so that nobody
    /// saves up time.
    floor: Duration,
}

struct Account<T> {
    /// Time that the client's jobs have taken, with that of the running ones as far as it is known.
    used: Duration,
    /// Time of the client's job before.
    usual: Duration,
    /// Jobs that have begun and wait for their next turn, then new ones in order of arrival.
    waiting: VecDeque<Waiting<T>>,
    /// Jobs that were taken and have not ended.
    running: usize,
}

struct Waiting<T> {
    number: u64,
    /// `None` for a job that has begun: its thread waits.
    job: Option<T>,
}

impl<T> Waiting<T> {
    const fn has_begun(&self) -> bool {
        self.job.is_none()
    }
}

/// The job that is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) client: Client,
    pub(super) number: u64,
    pub(super) has_begun: bool,
}

/// A job that was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken<T> {
    /// `None` for a job that had begun.
    pub(super) job: Option<T>,
    /// The time that was charged in advance.
    pub(super) charged: Duration,
}

impl<T> Default for FairQueue<T> {
    fn default() -> Self {
        Self { accounts: HashMap::new(), remembered: HashMap::new(), new: 0, begun: 0, floor: Duration::ZERO }
    }
}

impl<T> FairQueue<T> {
    /// Number of new jobs.
    pub(super) const fn new_jobs(&self) -> usize {
        self.new
    }

    /// Number of jobs that have begun and wait for their next turn.
    pub(super) const fn begun_jobs(&self) -> usize {
        self.begun
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.new + self.begun == 0
    }

    /// Adds a new job. Numbers ascend in order of arrival.
    pub(super) fn push(&mut self, client: Client, number: u64, job: T) {
        self.account(client).waiting.push_back(Waiting { number, job: Some(job) });
        self.new += 1;
    }

    /// Moves a new job to `client`, if its turn comes earlier there.
    pub(super) fn offer(&mut self, number: u64, client: Client) {
        let holds = |account: &Account<T>| account.waiting.iter().position(|job| job.number == number);
        let found =
            self.accounts.iter().find_map(|(owner, account)| Some((*owner, account, holds(account)?)));
        let Some((owner, account, before)) = found else { return };
        let turn = account.turn_after(before);
        let other = self.account(client);
        let is_earlier = owner != client && other.turn_after(other.waiting.len()) < turn;
        if is_earlier && let Some(job) = self.remove_new(owner, number) {
            self.push(client, number, job);
        }
        self.forget(client);
    }

    /// Adds a job that has begun, before the client's other jobs.
    pub(super) fn push_again(&mut self, client: Client, number: u64) {
        self.account(client).waiting.push_front(Waiting { number, job: None });
        self.begun += 1;
    }

    fn account(&mut self, client: Client) -> &mut Account<T> {
        let (floor, remembered) = (self.floor, &mut self.remembered);
        self.accounts.entry(client).or_insert_with(|| {
            let (used, usual) = remembered.remove(&client).unwrap_or_default();
            Account { used: used.max(floor), usual, waiting: VecDeque::new(), running: 0 }
        })
    }

    /// The next job, and whether it has begun. A client may have begun `most_of_one` jobs; without `can_begin`, no new
    /// job begins.
    pub(super) fn peek(&self, can_begin: bool, most_of_one: usize) -> Option<Next> {
        let first = |(client, account): (&Client, &Account<T>)| {
            let begun = account.waiting.iter().take_while(|job| job.has_begun()).count();
            let can_begin = can_begin && account.running + begun < most_of_one;
            let job = account.waiting.front().filter(|job| job.has_begun() || can_begin)?;
            Some((account.used, job.number, *client, job.has_begun()))
        };
        let next = self.accounts.iter().filter_map(first).min();
        next.map(|(_, number, client, has_begun)| Next { client, number, has_begun })
    }

    /// Takes the job of [`Self::peek`], and charges the client's usual time.
    pub(super) fn take(&mut self, client: Client, number: u64) -> Option<Taken<T>> {
        let Waiting { job, .. } = self.withdraw(client, number, |_| true)?;
        let account = self.accounts.get_mut(&client)?;
        self.floor = self.floor.max(account.used);
        let charged = account.usual;
        account.used += charged;
        account.running += 1;
        Some(Taken { job, charged })
    }

    /// Ends a job that was taken: replaces the time charged in advance by the time that it took.
    pub(super) fn end(&mut self, client: Client, charged: Duration, took: Duration) {
        if let Some(account) = self.accounts.get_mut(&client) {
            account.used = (account.used + took).saturating_sub(charged);
            account.usual = took;
            account.running = account.running.saturating_sub(1);
        }
        self.forget(client);
    }

    /// Removes a job that has not begun, whose client may have changed.
    pub(super) fn remove_new_of_anybody(&mut self, number: u64) -> Option<T> {
        let is_here = |account: &Account<T>| account.waiting.iter().any(|job| job.number == number);
        let client =
            self.accounts.iter().find_map(|(client, account)| is_here(account).then_some(*client))?;
        self.remove_new(client, number)
    }

    /// Removes a job that has not begun.
    pub(super) fn remove_new(&mut self, client: Client, number: u64) -> Option<T> {
        let Waiting { job, .. } = self.withdraw(client, number, |job| !job.has_begun())?;
        self.forget(client);
        job
    }

    /// Removes a job that has begun.
    pub(super) fn remove_begun(&mut self, client: Client, number: u64) {
        self.withdraw(client, number, Waiting::has_begun);
        self.forget(client);
    }

    /// Takes a job that `fits` out of the queue.
    fn withdraw(
        &mut self,
        client: Client,
        number: u64,
        fits: impl Fn(&Waiting<T>) -> bool,
    ) -> Option<Waiting<T>> {
        let waiting = &mut self.accounts.get_mut(&client)?.waiting;
        let position = waiting.iter().position(|job| job.number == number && fits(job))?;
        let job = waiting.remove(position)?;
        *(if job.has_begun() { &mut self.begun } else { &mut self.new }) -= 1;
        Some(job)
    }

    /// Closes the account of a client without jobs.
    fn forget(&mut self, client: Client) {
        let Some(account) = self.accounts.get(&client).filter(|account| !account.is_active()) else { return };
        if account.used > self.floor {
            if self.remembered.len() >= MOST_REMEMBERED {
                let floor = self.floor;
                self.remembered.retain(|_, (used, _)| *used > floor);
            }
            if self.remembered.len() < MOST_REMEMBERED {
                self.remembered.insert(client, (account.used, account.usual));
            }
        }
        self.accounts.remove(&client);
    }

    /// Whether another client's job waits, which has taken no more time than `client`'s.
    pub(super) fn is_anothers_turn(&self, client: Client, took: Duration) -> bool {
        let used = self.accounts.get(&client).map_or(Duration::ZERO, |account| account.used) + took;
        let mut others = self.accounts.iter().filter(|(other, _)| **other != client);
        others.any(|(_, account)| !account.waiting.is_empty() && account.used <= used)
    }

    /// The last new job of the client with the most of them, if that has more than `client` would have.
    pub(super) fn longest_but(&self, client: Client) -> Option<(Client, u64)> {
        let own = self.accounts.get(&client).map_or(0, Account::new_jobs);
        let longest = self.accounts.iter().max_by_key(|(client, account)| (account.new_jobs(), **client));
        let (longest, account) = longest.filter(|(_, account)| account.new_jobs() > own + 1)?;
        account.waiting.back().map(|job| (*longest, job.number))
    }
}

impl<T> std::fmt::Debug for FairQueue<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FairQueue")
            .field("new", &self.new)
            .field("begun", &self.begun)
            .finish_non_exhaustive()
    }
}

impl<T> Account<T> {
    /// Waiting jobs that have not begun.
    fn new_jobs(&self) -> usize {
        self.waiting.iter().filter(|job| !job.has_begun()).count()
    }

    /// The time that the client will have taken when `before` more of its jobs have run, and the number of these.
    fn turn_after(&self, before: usize) -> (Duration, usize) {
        (self.used + self.usual * u32::try_from(before).unwrap_or(u32::MAX), before)
    }

    fn is_active(&self) -> bool {
        self.running > 0 || !self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u8) -> Client {
        Client::new([192, 0, 2, number].into())
    }

    /// Takes the next job, which runs for `millis`.
    fn next(queue: &mut FairQueue<&'static str>, millis: u64) -> &'static str {
        let Next { client, number, .. } = queue.peek(true, 9).unwrap();
        let taken = queue.take(client, number).unwrap();
        queue.end(client, taken.charged, Duration::from_millis(millis));
        taken.job.unwrap()
    }

    #[test]
    fn a_client_with_dear_jobs_waits_for_one_with_cheap_jobs() {
        let mut queue = FairQueue::default();
        for number in 0..3 {
            queue.push(client(1), number, "dear");
        }
        for number in 3..9 {
            queue.push(client(2), number, "cheap");
        }
        let order: Vec<&str> = (0..9)
            .map(|_| {
                if queue.peek(true, 9).unwrap().client == client(1) {
                    next(&mut queue, 1000)
                } else {
                    next(&mut queue, 10)
                }
            })
            .collect();
        assert_eq!(order, ["dear", "cheap", "cheap", "cheap", "cheap", "cheap", "cheap", "dear", "dear"]);
    }

    #[test]
    fn equal_clients_take_turns() {
        let mut queue = FairQueue::default();
        for number in 0..6 {
            queue.push(
                client(if number < 3 { 1 } else { 2 }),
                number,
                if number < 3 { "one" } else { "two" },
            );
        }
        let order: Vec<&str> = (0..6).map(|_| next(&mut queue, 10)).collect();
        assert_eq!(order, ["one", "two", "one", "two", "one", "two"]);
    }

    #[test]
    fn a_client_that_was_away_has_saved_nothing() {
        let mut queue = FairQueue::default();
        queue.push(client(1), 0, "early");
        queue.push(client(2), 1, "late");
        assert_eq!([next(&mut queue, 10), next(&mut queue, 0)], ["early", "late"]);
        for number in 2..100 {
            queue.push(client(1), number, "early");
            next(&mut queue, 1000);
        }
        queue.push(client(1), 100, "early");
        for number in 101..110 {
            queue.push(client(2), number, "late");
        }
        let order: Vec<&str> = (0..4).map(|_| next(&mut queue, 1000)).collect();
        assert_eq!(order.iter().filter(|job| **job == "early").count(), 1, "{order:?}");
        assert!(order[..3].contains(&"early"), "it does not wait for all jobs of the other: {order:?}");
    }

    #[test]
    fn the_last_job_of_the_longest_queue_is_the_one_to_drop() {
        let mut queue = FairQueue::default();
        for number in 0..5 {
            queue.push(client(1), number, "many");
        }
        queue.push(client(2), 5, "one");
        assert_eq!(queue.longest_but(client(2)), Some((client(1), 4)));
        assert_eq!(queue.longest_but(client(1)), None);
        assert_eq!((queue.remove_new(client(1), 4), queue.new_jobs()), (Some("many"), 5));
    }

    #[test]
    fn a_job_moves_to_a_client_whose_turn_comes_earlier() {
        let mut queue = FairQueue::default();
        for number in 0..5 {
            queue.push(client(1), number, "many");
        }
        queue.offer(4, client(2));
        assert_eq!((queue.new_jobs(), queue.longest_but(client(3))), (5, Some((client(1), 3))));
        // A client without an advantage takes nothing over.
        queue.offer(0, client(3));
        queue.offer(4, client(1));
        let order: Vec<u64> = (0..5)
            .map(|_| {
                let Next { client, number, .. } = queue.peek(true, 9).unwrap();
                let charged = queue.take(client, number).unwrap().charged;
                queue.end(client, charged, Duration::from_millis(10));
                number
            })
            .collect();
        assert_eq!(order, [0, 4, 1, 2, 3]);
        assert!(queue.accounts.is_empty());
        queue.push(client(1), 9, "moved");
        queue.push(client(1), 10, "moved");
        queue.offer(10, client(2));
        assert_eq!(queue.remove_new_of_anybody(10), Some("moved"));
        assert_eq!((queue.remove_new_of_anybody(10), queue.new_jobs()), (None, 1));
    }

    #[test]
    fn clients_without_jobs_are_forgotten() {
        let mut queue = FairQueue::default();
        for number in 0..2 * MOST_REMEMBERED as u64 {
            queue.push(Client::new(std::net::Ipv4Addr::from(number as u32).into()), number, "x");
            next(&mut queue, number);
        }
        assert!(queue.accounts.is_empty() && queue.remembered.len() <= MOST_REMEMBERED);
    }

    #[test]
    fn a_begun_job_goes_on_before_new_ones_begin_and_is_never_dropped() {
        let mut queue = FairQueue::default();
        for number in 0..3 {
            queue.push(client(1), number, "new");
        }
        let taken = queue.take(client(1), 0).unwrap();
        queue.push_again(client(1), 0);
        queue.end(client(1), taken.charged, Duration::from_millis(1));
        let begun = Next { client: client(1), number: 0, has_begun: true };
        assert_eq!((queue.peek(true, 9), queue.peek(false, 9)), (Some(begun), Some(begun)));
        assert_eq!(queue.longest_but(client(2)), Some((client(1), 2)));
        queue.remove_new(client(1), 2);
        queue.remove_new(client(1), 1);
        assert_eq!(queue.longest_but(client(2)), None);
        assert_eq!((queue.remove_new(client(1), 0), queue.begun_jobs()), (None, 1));
        queue.remove_begun(client(1), 0);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_client_begins_no_more_jobs_than_it_may() {
        let mut queue = FairQueue::default();
        for number in 0..3 {
            queue.push(client(1), number, "job");
        }
        queue.take(client(1), 0).unwrap();
        assert_eq!(queue.peek(true, 1), None);
        assert!(queue.peek(true, 2).is_some());
        queue.push(client(2), 3, "other");
        assert_eq!(queue.peek(true, 1).unwrap().client, client(2));
    }
}
