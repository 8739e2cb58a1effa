//! The open connections: their number by client, and the one that is closed to make room.
//!
//! One client can hold a share of them. Beyond its share, one of its own connections is closed for the next
//! one: an idle one, or that of a slow reader. When all places are taken, connections of clients with more of
//! them are closed, in this order: idle ones, slow readers, idle ones of any client, and last those that wait
//! for an answer. Where none can be closed, the next connection gets a place in the reserve, on which only
//! the paths for the operator are answered, so that the liveness of a full server can be asked.

use super::end_cause::{Cause, EndCause};
use super::saturation::ConnectionLoad;
use circle_study::Client;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Most places in the reserve; fewer where there are few places at all.
const MOST_RESERVED: usize = 64;
/// A connection that has been idle for less than this is closed only for a client with fewer connections: its
/// next request may be on the way.
const FRESH: Duration = Duration::from_secs(1);

/// The open connections of a server.
#[derive(Debug, Clone)]
pub(crate) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Most connections outside the reserve.
    most: usize,
    /// Most of them from one client.
    share: usize,
    /// Most connections in the reserve.
    reserve: usize,
    began: Instant,
    open: Mutex<HashMap<u64, Connection>>,
    next_number: AtomicU64,
}

/// A connection, an extension of each of its requests.
#[derive(Debug, Clone)]
pub(crate) struct Connection(Arc<Open>);

#[derive(Debug)]
struct Open {
    client: Client,
    is_reserved: bool,
    /// Start of the server, from which times are counted.
    began: Instant,
    /// Microseconds since the start of the server at which the last request ended; [`BUSY`] during a request.
    idle_since: AtomicU64,
    /// Bytes of an answer wait for the client.
    is_sending: AtomicBool,
    close: Notify,
    end: EndCause,
}

const BUSY: u64 = u64::MAX;
const RETIRED: u64 = u64::MAX - 1;

impl Connections {
    /// At most `most` connections beside the reserve, and `share` of them from one client.
    pub(crate) fn new(most: usize, share: usize) -> Self {
        Self(Arc::new(Shared {
            most,
            share,
            reserve: (most / 4).clamp(4, MOST_RESERVED),
            began: Instant::now(),
            open: Mutex::default(),
            next_number: AtomicU64::new(0),
        }))
    }

    /// Admits a connection, and closes another one if there is no place. `close_slowest` gets clients in the
    /// order in which they lose connections, closes the slowest reader of the first client that has one, and
    /// returns whether there is one.
    pub(crate) fn admit(&self, client: Client, close_slowest: impl FnOnce(&[Client]) -> bool) -> Admitted {
        let now = micros(self.0.began);
        let mut open = self.open();
        let counts = counts(&open, |connection| !connection.0.is_reserved);
        let own = counts.get(&client).copied().unwrap_or_default();
        let has_place = if own >= self.0.share {
            let is_own = |connection: &Connection, _: u64| (connection.0.client == client).then_some(());
            close_idle(&mut open, is_own) || close_slowest(&[client])
        } else if counts.values().sum::<usize>() >= self.0.most {
            make_room(&mut open, &counts, own, now, close_slowest)
        } else {
            true
        };
        let is_reserved = !has_place;
        if is_reserved
            && open.values().filter(|connection| connection.0.is_reserved).count() >= self.0.reserve
        {
            close_reserved(&mut open);
        }
        let number = self.0.next_number.fetch_add(1, Ordering::Relaxed);
        let connection = Connection(Arc::new(Open {
            client,
            is_reserved,
            began: self.0.began,
            idle_since: AtomicU64::new(now),
            is_sending: AtomicBool::new(false),
            close: Notify::new(),
            end: EndCause::default(),
        }));
        open.insert(number, connection.clone());
        Admitted { connections: self.clone(), number, connection }
    }

    /// Closes the connection that has been without a request for longest, else one of the reserve; `false` if
    /// there is none.
    pub(crate) fn close_one(&self) -> bool {
        let mut open = self.open();
        close_idle(&mut open, |_, _| Some(())) || close_reserved(&mut open)
    }

    /// Closes all connections.
    pub(crate) fn close_all(&self, cause: Cause) {
        for connection in self.open().values() {
            connection.close(cause);
        }
    }

    /// How many are open.
    pub(crate) fn load(&self) -> ConnectionLoad {
        let open = self.open();
        let count = |which: fn(&Connection) -> bool| open.values().filter(|it| which(it)).count() as u64;
        ConnectionLoad {
            open: open.len() as u64,
            idle: count(|connection| connection.idle_since().is_some()),
            reserved: count(|connection| connection.0.is_reserved),
            limit: self.0.most as u64,
        }
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn open(&self) -> MutexGuard<'_, HashMap<u64, Connection>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of connections by client.
fn counts(open: &HashMap<u64, Connection>, which: impl Fn(&Connection) -> bool) -> HashMap<Client, usize> {
    let mut counts: HashMap<Client, usize> = HashMap::new();
    for connection in open.values().filter(|connection| which(connection)) {
        *counts.entry(connection.0.client).or_default() += 1;
    }
    counts
}

/// Closes a connection for one of a client that has `own` of them. `now` is in microseconds since the start.
///
/// Only clients that have more connections than this client will have lose slow readers and waiting requests,
/// the client with the most first.
fn make_room(
    open: &mut HashMap<u64, Connection>,
    counts: &HashMap<Client, usize>,
    own: usize,
    now: u64,
    close_slowest: impl FnOnce(&[Client]) -> bool,
) -> bool {
    let order = |client: &Client| {
        let count = counts.get(client).copied().filter(|count| *count > own + 1)?;
        Some(Reverse((count, *client)))
    };
    let mut larger: Vec<Client> = counts.keys().copied().filter(|client| order(client).is_some()).collect();
    larger.sort_unstable_by_key(order);
    let fresh_since = now.saturating_sub(FRESH.as_micros() as u64);
    close_idle(open, |connection, _| order(&connection.0.client))
        || close_slowest(&larger)
        || close_idle(open, |_, since| (since < fresh_since).then_some(()))
        || close_waiting(open, order)
}

/// Closes an idle connection outside the reserve: the first one by `order`, and of these the one that has
/// been idle for longest. `order` gets the microseconds from the start until it became idle, and returns
/// `None` for connections that stay open.
fn close_idle<K: Ord>(
    open: &mut HashMap<u64, Connection>,
    order: impl Fn(&Connection, u64) -> Option<K>,
) -> bool {
    let idle = open.iter().filter(|(_, connection)| !connection.0.is_reserved);
    let idle = idle.filter_map(|(number, connection)| {
        let since = connection.idle_since()?;
        Some((order(connection, since)?, since, *number))
    });
    let mut idle: Vec<(K, u64, u64)> = idle.collect();
    idle.sort_unstable();
    // A request may begin meanwhile.
    let closes = |(_, since, number): &&(K, u64, u64)| {
        open.get(number).is_some_and(|connection| connection.retire(*since))
    };
    let Some(number) = idle.iter().find(closes).map(|(.., number)| *number) else { return false };
    close(open, number);
    true
}

/// Closes the newest connection outside the reserve that waits for its answer, of the first client by
/// `order`. A connection whose client reads an answer is none of these.
fn close_waiting<K: Ord>(open: &mut HashMap<u64, Connection>, order: impl Fn(&Client) -> Option<K>) -> bool {
    let waiting = open.iter().filter(|(_, connection)| !connection.0.is_reserved && connection.is_waiting());
    let waiting =
        waiting.filter_map(|(number, connection)| Some((order(&connection.0.client)?, Reverse(*number))));
    // Numbers ascend in order of arrival.
    let Some((_, Reverse(number))) = waiting.min() else { return false };
    close(open, number);
    true
}

/// Closes the oldest connection in the reserve of the client with the most of them, an idle one if it has
/// one.
fn close_reserved(open: &mut HashMap<u64, Connection>) -> bool {
    let counts = counts(open, |connection| connection.0.is_reserved);
    let reserved = open.iter().filter(|(_, connection)| connection.0.is_reserved);
    let order = |number: u64, connection: &Connection| {
        let of_client = counts.get(&connection.0.client).copied().unwrap_or_default();
        (Reverse(of_client), connection.idle_since().is_none(), number)
    };
    let next = reserved.map(|(number, connection)| order(*number, connection)).min();
    if let Some((.., number)) = next {
        close(open, number);
    }
    next.is_some()
}

fn close(open: &mut HashMap<u64, Connection>, number: u64) {
    if let Some(connection) = open.remove(&number) {
        connection.close(Cause::Evicted);
    }
}

/// An admitted connection. Dropping it frees its place.
#[derive(Debug)]
pub(crate) struct Admitted {
    connections: Connections,
    number: u64,
    pub(crate) connection: Connection,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}

impl Connection {
    /// Closes it, even while an answer is sent.
    pub(crate) fn close(&self, cause: Cause) {
        self.0.end.set(cause);
        self.0.close.notify_one();
    }

    /// Resolves when it is to be closed.
    pub(crate) async fn closed(&self) {
        self.0.close.notified().await;
    }

    /// Why it is closed.
    pub(crate) fn end_cause(&self) -> &EndCause {
        &self.0.end
    }

    /// The client with the peer's address.
    pub(crate) fn client(&self) -> Client {
        self.0.client
    }

    /// Whether only the paths for the operator are answered on it.
    pub(crate) fn is_reserved(&self) -> bool {
        self.0.is_reserved
    }

    /// Marks the begin of a request, which ends when the returned value is dropped.
    pub(crate) fn begin(&self) -> RequestUnderWay {
        self.0.idle_since.store(BUSY, Ordering::Relaxed);
        RequestUnderWay(self.clone())
    }

    /// Notes whether bytes of an answer wait for the client.
    pub(crate) fn set_sending(&self, is_sending: bool) {
        self.0.is_sending.store(is_sending, Ordering::Relaxed);
    }

    fn idle_since(&self) -> Option<u64> {
        let since = self.0.idle_since.load(Ordering::Relaxed);
        (since < RETIRED && !self.0.is_sending.load(Ordering::Relaxed)).then_some(since)
    }

    /// Whether its request has no answer yet, or one that the client reads as fast as it is sent.
    fn is_waiting(&self) -> bool {
        self.0.idle_since.load(Ordering::Relaxed) == BUSY && !self.0.is_sending.load(Ordering::Relaxed)
    }

    /// Takes an idle connection out of use; `false` if a request has begun since.
    fn retire(&self, since: u64) -> bool {
        self.0.idle_since.compare_exchange(since, RETIRED, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// A request of a connection. hyper answers the requests of a connection one after the other.
#[derive(Debug)]
pub(crate) struct RequestUnderWay(Connection);

impl Drop for RequestUnderWay {
    fn drop(&mut self) {
        let Open { began, idle_since, .. } = &*self.0.0;
        idle_since.store(micros(*began), Ordering::Relaxed);
    }
}

fn micros(since: Instant) -> u64 {
    since.elapsed().as_micros() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn client(number: u8) -> Client {
        Client::new([192, 0, 2, number].into())
    }

    fn admit(connections: &Connections, number: u8) -> Admitted {
        connections.admit(client(number), |_| false)
    }

    fn is_closed(admitted: &Admitted) -> bool {
        admitted.connection.closed().now_or_never().is_some()
    }

    #[test]
    fn a_client_beyond_its_share_loses_its_own_idle_connection() {
        let connections = Connections::new(10, 2);
        let other = admit(&connections, 2);
        let mut own: Vec<Admitted> = (0..2).map(|_| admit(&connections, 1)).collect();
        let _request = own[0].connection.begin();
        own.push(admit(&connections, 1));
        assert!(is_closed(&own[1]) && !own[2].connection.is_reserved());
        assert_eq!(own[1].connection.end_cause().get(), Some(Cause::Evicted));
        let _second = own[2].connection.begin();
        let third = admit(&connections, 1);
        assert!(third.connection.is_reserved(), "both of its connections have requests");
        assert!(![&own[0], &own[2], &other].into_iter().any(is_closed));
    }

    #[test]
    fn a_full_server_closes_an_idle_connection_of_the_client_with_the_most() {
        let connections = Connections::new(4, 4);
        let first = admit(&connections, 2);
        let own: Vec<Admitted> = (0..3).map(|_| admit(&connections, 1)).collect();
        let next = admit(&connections, 3);
        assert!(is_closed(&own[0]) && !is_closed(&first) && !next.connection.is_reserved());
    }

    #[test]
    fn the_reserve_always_has_a_place() {
        let connections = Connections::new(1, 1);
        let busy = admit(&connections, 1);
        let _request = busy.connection.begin();
        let prober = admit(&connections, 3);
        let reserved: Vec<Admitted> = (0..9).map(|_| admit(&connections, 2)).collect();
        assert!(reserved.iter().all(|admitted| admitted.connection.is_reserved()));
        assert!(is_closed(&reserved[0]) && !is_closed(&reserved[8]));
        assert!(!is_closed(&prober) && !is_closed(&busy), "the client with the most loses its connections");
        let load = connections.load();
        assert_eq!((load.open, load.idle, load.reserved, load.limit), (5, 4, 4, 1));
        assert!(connections.close_one(), "one of the reserve, where no other is idle");
        drop((reserved, prober));
        assert_eq!(connections.load().open, 1);
    }

    #[test]
    fn requests_of_one_client_do_not_fill_the_reserve() {
        let connections = Connections::new(1, 1);
        let busy = admit(&connections, 1);
        let _request = busy.connection.begin();
        let prober = admit(&connections, 3);
        let reserved: Vec<Admitted> = (0..3).map(|_| admit(&connections, 2)).collect();
        let _requests: Vec<_> = reserved.iter().map(|admitted| admitted.connection.begin()).collect();
        let next = admit(&connections, 4);
        assert!(next.connection.is_reserved() && is_closed(&reserved[0]));
        assert!(!is_closed(&prober), "it is idle, but the only one of its client");
    }

    #[test]
    fn slow_readers_of_clients_with_more_connections_lose_them() {
        let connections = Connections::new(6, 3);
        let admitted: Vec<Admitted> =
            [1, 2, 2, 1, 1, 4].into_iter().map(|number| admit(&connections, number)).collect();
        let _requests: Vec<_> = admitted.iter().map(|admitted| admitted.connection.begin()).collect();
        admitted.iter().for_each(|admitted| admitted.connection.set_sending(true));
        let next = connections.admit(client(3), |clients| clients == [client(1), client(2)]);
        assert!(!next.connection.is_reserved());
        let _request = next.connection.begin();
        assert!(admit(&connections, 3).connection.is_reserved(), "without a slow reader");
        let own = connections.admit(client(1), |clients| clients == [client(1)]);
        assert!(!own.connection.is_reserved(), "beyond its share, its own slow reader");
    }

    #[test]
    fn the_newest_waiting_request_of_the_client_with_the_most_is_closed_last() {
        let connections = Connections::new(5, 4);
        let other = admit(&connections, 2);
        let own: Vec<Admitted> = (0..4).map(|_| admit(&connections, 1)).collect();
        let _requests: Vec<_> =
            own.iter().chain([&other]).map(|admitted| admitted.connection.begin()).collect();
        own[3].connection.set_sending(true);
        let next = admit(&connections, 3);
        assert!(!next.connection.is_reserved() && is_closed(&own[2]));
        assert_eq!(own[2].connection.end_cause().get(), Some(Cause::Evicted));
        let _request = next.connection.begin();
        let second = admit(&connections, 3);
        assert!(!second.connection.is_reserved() && is_closed(&own[1]));
        let _request = second.connection.begin();
        let third = admit(&connections, 3);
        assert!(third.connection.is_reserved(), "the others would have fewer");
        assert!(![&own[0], &own[3], &other, &next, &second].into_iter().any(is_closed));
    }

    #[test]
    fn a_fresh_connection_is_not_closed_for_a_client_with_more() {
        let mut connections = Connections::new(4, 4);
        Arc::get_mut(&mut connections.0).unwrap().began -= Duration::from_secs(5);
        let single = admit(&connections, 1);
        let many: Vec<Admitted> = (0..3).map(|_| admit(&connections, 2)).collect();
        let _requests: Vec<_> = many.iter().map(|admitted| admitted.connection.begin()).collect();
        assert!(admit(&connections, 2).connection.is_reserved() && !is_closed(&single));
        single.connection.0.idle_since.store(0, Ordering::Relaxed);
        assert!(!admit(&connections, 2).connection.is_reserved() && is_closed(&single));
    }

    #[test]
    fn a_connection_is_idle_after_its_request() {
        let connections = Connections::new(1, 1);
        let admitted = admit(&connections, 1);
        let request = admitted.connection.begin();
        assert!(!connections.close_one());
        admitted.connection.set_sending(true);
        drop(request);
        assert!(!connections.close_one(), "its answer is still being sent");
        admitted.connection.set_sending(false);
        assert!(connections.close_one() && is_closed(&admitted));
    }
}
