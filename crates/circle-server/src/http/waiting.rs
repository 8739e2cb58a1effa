//! The bytes of answers that wait for their clients: counted, bounded in all and by client.
//!
//! An answer stays in memory until its client has read it. A client that reads slowly can therefore hold
//! memory for long. Where there is no room for an answer, the connections of the slowest readers are closed,
//! if that is enough. A part of the room is kept for clients with few bytes.

use super::connections::Connection;
use super::end_cause::Cause;
use super::saturation::WaitingLoad;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use circle_study::Client;
use hyper::body::{Frame, SizeHint};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

const KIBIBYTE: u64 = 1024;
/// Part of the room that the answers of one client may take.
const SHARE: u64 = 4;
/// Part of the room that is kept for clients with few bytes: clients that read just fast enough must not hold all of it.
const KEPT: u64 = 8;
/// Most bytes of a client that may use the part that is kept: an answer on each of six connections.
const FEW: u64 = 2 * 1024 * KIBIBYTE;
/// Smaller answers are not counted: the buffers of a connection, which are, hold them.
const TINY: u64 = 2 * KIBIBYTE;
/// Smaller answers are counted and not refused: they are bounded by the number of connections.
const SMALL: u64 = 16 * KIBIBYTE;
/// Memory of a connection beside its answer: buffers and the state of the compression.
const OVERHEAD: u64 = 256 * KIBIBYTE;
/// Largest part that a body passes on. The pace of its reader is measured in these parts.
const LARGEST_PART: usize = 64 * 1024;
/// An answer has to be read within this time, and some seconds to begin with.
const LONGEST: Duration = Duration::from_mins(5);
/// Time before a reader must keep up with the least pace.
const PATIENCE: Duration = Duration::from_secs(30);
/// Least pace in bytes per second, however small the answer.
const LEAST_PACE: u64 = KIBIBYTE;
/// A reader faster than this is never closed for another.
const FAST: u64 = 64 * KIBIBYTE;
/// Time before the pace of a reader is known, where room is short.
const FIRST_SECONDS: Duration = Duration::from_secs(2);

/// The bytes that wait.
#[derive(Debug, Clone)]
pub(crate) struct Waiting(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Most bytes.
    most: u64,
    large: Mutex<Large>,
}

#[derive(Debug, Default)]
struct Large {
    bytes: u64,
    by_client: HashMap<Client, u64>,
    answers: HashMap<u64, Answer>,
    next_number: u64,
}

/// An answer under way.
#[derive(Debug)]
struct Answer {
    client: Client,
    bytes: u64,
    /// Bytes that were passed on to the connection.
    read: Arc<AtomicU64>,
    began: Instant,
    /// `None` in tests without connections.
    connection: Option<Connection>,
}

impl Waiting {
    /// Room for `most` bytes.
    pub(crate) fn new(most: u64) -> Self {
        Self(Arc::new(Shared { most, large: Mutex::default() }))
    }

    /// Whether a large answer for `client` may be computed: neither the room for large answers nor its share is used up.
    pub(crate) fn has_room(&self, client: Client) -> bool {
        let large = self.large();
        let own = large.by_client.get(&client).copied().unwrap_or_default();
        let has_slow_reader = || large.slow(Instant::now()).next().is_some();
        own < self.share() && (large.bytes < for_large(self.0.most) || has_slow_reader())
    }

    /// Counts an answer until it is sent or dropped; `None` if there is no room for it. An answer larger than
    /// the room, or than the share of a client, needs all of it.
    pub(crate) fn hold(
        &self,
        client: Client,
        connection: Option<Connection>,
        answer: Response,
    ) -> Option<Response> {
        let length = answer.body().size_hint().exact().unwrap_or_default();
        if length < TINY {
            return Some(answer);
        }
        let (number, read) = self.reserve(client, connection, length + OVERHEAD)?;
        let held = Arc::new(Held { waiting: self.clone(), number, read });
        Some(answer.map(|body| Body::new(HeldBody { body, rest: Bytes::new(), held })))
    }

    fn reserve(
        &self,
        client: Client,
        connection: Option<Connection>,
        bytes: u64,
    ) -> Option<(u64, Arc<AtomicU64>)> {
        let (most, share, now) = (self.0.most, self.share(), Instant::now());
        let mut large = self.large();
        if bytes >= SMALL + OVERHEAD {
            large.make_room(client, bytes, [most, share], now)?;
        }
        let number = large.next_number;
        large.next_number += 1;
        large.bytes += bytes;
        *large.by_client.entry(client).or_default() += bytes;
        let read = Arc::new(AtomicU64::new(0));
        large.answers.insert(number, Answer { client, bytes, read: read.clone(), began: now, connection });
        Some((number, read))
    }

    /// Closes the connections of clients that read too slowly for what waits for them.
    pub(crate) fn close_slow(&self) {
        let mut large = self.large();
        let now = Instant::now();
        let slow = |answer: &Answer| {
            let waited = now.duration_since(answer.began).saturating_sub(PATIENCE);
            let pace = (answer.bytes as f64 / LONGEST.as_secs_f64()).max(LEAST_PACE as f64);
            let expected = (waited.as_secs_f64() * pace) as u64;
            answer.read.load(Ordering::Relaxed) < expected.min(answer.bytes)
        };
        let slow: Vec<u64> =
            large.answers.iter().filter(|(_, answer)| slow(answer)).map(|(number, _)| *number).collect();
        for number in slow {
            large.close(number, Cause::TooSlow);
        }
    }

    /// Closes the connection of the slowest reader, of the first of these clients that has a slow one;
    /// `false` if none has. Clients are those of connections: behind a proxy, the proxy.
    pub(crate) fn close_slowest_of(&self, clients: &[Client]) -> bool {
        let order: HashMap<Client, usize> = clients.iter().copied().zip(0..).collect();
        let mut large = self.large();
        let slow = large.slow(Instant::now()).filter_map(|(number, pace, answer)| {
            let of = answer.connection.as_ref()?.client();
            Some((*order.get(&of)?, pace, number))
        });
        let slowest = slow.min();
        if let Some((.., slowest)) = slowest {
            large.close(slowest, Cause::Evicted);
        }
        slowest.is_some()
    }

    /// How much waits.
    pub(crate) fn load(&self) -> WaitingLoad {
        WaitingLoad { bytes: self.large().bytes, limit: self.0.most }
    }

    fn share(&self) -> u64 {
        self.0.most / SHARE
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn large(&self) -> MutexGuard<'_, Large> {
        self.0.large.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Large {
    /// Answers whose readers are slow: number, bytes that are read in a second, and the answer.
    fn slow(&self, now: Instant) -> impl Iterator<Item = (u64, u64, &Answer)> {
        self.answers.iter().filter_map(move |(number, answer)| {
            let took = now.duration_since(answer.began);
            let pace = (answer.read.load(Ordering::Relaxed) as f64 / took.as_secs_f64()) as u64;
            (took >= FIRST_SECONDS && pace < FAST).then_some((*number, pace, answer))
        })
    }

    /// Closes slow readers until there is room for an answer, in all and in the share of its client. `None`
    /// if there are not enough of them; none is closed then.
    ///
    /// Of the slow readers, the slowest of the client with the most bytes is closed first.
    fn make_room(&mut self, client: Client, bytes: u64, [most, share]: [u64; 2], now: Instant) -> Option<()> {
        let own = self.by_client.get(&client).copied().unwrap_or_default();
        let most = if own + bytes > FEW { for_large(most) } else { most };
        let is_over_share = |own: u64| own > 0 && own + bytes > share;
        let is_over_all = |all: u64| all > 0 && all + bytes > most;
        if !is_over_share(own) && !is_over_all(self.bytes) {
            return Some(());
        }
        let mut slow: Vec<(u64, u64, &Answer)> = self.slow(now).collect();
        let (mut held, mut all) = (self.by_client.clone(), self.bytes);
        let held_by = |held: &HashMap<Client, u64>, of: Client| held.get(&of).copied().unwrap_or_default();
        let mut closed = Vec::new();
        loop {
            let only_own = is_over_share(held_by(&held, client));
            if !only_own && !is_over_all(all) {
                break;
            }
            let may_close = slow.iter().enumerate().filter(|(_, it)| !only_own || it.2.client == client);
            let order = |(_, (number, pace, answer)): &(usize, &(u64, u64, &Answer))| {
                (Reverse(held_by(&held, answer.client)), *pace, *number)
            };
            let (position, _) = may_close.min_by_key(order)?;
            let (number, _, answer) = slow.swap_remove(position);
            all -= answer.bytes;
            if let Some(held) = held.get_mut(&answer.client) {
                *held -= answer.bytes;
            }
            closed.push(number);
        }
        for number in closed {
            self.close(number, Cause::Evicted);
        }
        Some(())
    }

    /// Closes the connection of an answer. Its memory is freed right after that.
    fn close(&mut self, number: u64, cause: Cause) {
        if let Some(Answer { connection: Some(connection), .. }) = self.remove(number) {
            connection.close(cause);
        }
    }

    fn remove(&mut self, number: u64) -> Option<Answer> {
        let answer = self.answers.remove(&number)?;
        self.bytes -= answer.bytes;
        if let Some(own) = self.by_client.get_mut(&answer.client) {
            *own -= answer.bytes;
            if *own == 0 {
                self.by_client.remove(&answer.client);
            }
        }
        Some(answer)
    }
}

/// The room for clients with more than [`FEW`] bytes.
const fn for_large(most: u64) -> u64 {
    most - most / KEPT
}

/// What an answer counts, until the last of its bytes is sent or dropped.
#[derive(Debug)]
struct Held {
    waiting: Waiting,
    number: u64,
    /// Bytes that were passed on.
    read: Arc<AtomicU64>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.waiting.large().remove(self.number);
    }
}

/// Bytes that are counted until all their parts are dropped: hyper holds the last parts of a body after the
/// body is dropped.
struct HeldBytes {
    bytes: Bytes,
    _held: Arc<Held>,
}

impl AsRef<[u8]> for HeldBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A body whose bytes are counted.
struct HeldBody {
    body: Body,
    rest: Bytes,
    held: Arc<Held>,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                end => return Poll::Ready(end),
            };
            match frame.into_data() {
                Ok(bytes) => self.rest = Bytes::from_owner(HeldBytes { bytes, _held: self.held.clone() }),
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let length = self.rest.len().min(LARGEST_PART);
        let part = self.rest.split_to(length);
        self.held.read.fetch_add(length as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (hint, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + rest);
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper + rest);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::connections::{Admitted, Connections};
    use axum::response::IntoResponse;
    use futures_util::FutureExt;

    const MEBIBYTE: u64 = 1024 * KIBIBYTE;

    fn client(number: u8) -> Client {
        Client::new([192, 0, 2, number].into())
    }

    fn answer(bytes: u64) -> Response {
        vec![0_u8; bytes as usize].into_response()
    }

    async fn take(answer: &mut Response, parts: usize) -> usize {
        let mut bytes = 0;
        for _ in 0..parts {
            let frame = std::future::poll_fn(|context| Pin::new(answer.body_mut()).poll_frame(context)).await;
            bytes += frame.unwrap().unwrap().into_data().unwrap().len();
        }
        bytes
    }

    /// Lets an answer have begun some seconds ago.
    fn age(waiting: &Waiting, seconds: u64) {
        for answer in waiting.large().answers.values_mut() {
            answer.began -= Duration::from_secs(seconds);
        }
    }

    fn is_closed(admitted: &Admitted) -> bool {
        admitted.connection.closed().now_or_never().is_some()
    }

    #[tokio::test]
    async fn every_byte_is_counted_until_the_answer_is_dropped() {
        let waiting = Waiting::new(100 * MEBIBYTE);
        let _tiny = waiting.hold(client(1), None, answer(100)).unwrap();
        assert_eq!(waiting.load().bytes, 0);
        let middling = waiting.hold(client(1), None, answer(SMALL - 1)).unwrap();
        assert_eq!(waiting.load().bytes, SMALL - 1 + OVERHEAD);
        drop(middling);
        let mut large = waiting.hold(client(1), None, answer(MEBIBYTE)).unwrap();
        assert_eq!(waiting.load().bytes, MEBIBYTE + OVERHEAD);
        assert_eq!(take(&mut large, 3).await, 3 * LARGEST_PART, "it is passed on in parts");
        assert_eq!(waiting.load().bytes, MEBIBYTE + OVERHEAD, "the parts share one piece of memory");
        assert_eq!(large.body().size_hint().exact(), Some(MEBIBYTE - 3 * LARGEST_PART as u64));
        let frame = std::future::poll_fn(|context| Pin::new(large.body_mut()).poll_frame(context)).await;
        let part = frame.unwrap().unwrap().into_data().unwrap();
        drop(large);
        assert_eq!(
            waiting.load().bytes,
            MEBIBYTE + OVERHEAD,
            "a part in the buffers of the connection holds all of it"
        );
        drop(part);
        assert_eq!(waiting.load().bytes, 0);
        assert!(waiting.large().by_client.is_empty());
    }

    #[test]
    fn a_client_has_a_share_and_all_have_the_room() {
        let waiting = Waiting::new(8 * MEBIBYTE);
        let hold = |number| waiting.hold(client(number), None, answer(MEBIBYTE));
        let first = hold(1).unwrap();
        assert!(hold(1).is_none(), "two are more than a quarter");
        assert!(waiting.has_room(client(1)));
        assert!(
            waiting.hold(client(1), None, answer(SMALL - 1)).is_some(),
            "small answers are never refused"
        );
        let others: Vec<Response> = (2..7).map(|number| hold(number).unwrap()).collect();
        assert!(hold(7).is_none(), "the room is full");
        drop(first);
        assert!(hold(7).is_some());
        drop(others);
        assert!(
            waiting.hold(client(1), None, answer(20 * MEBIBYTE)).is_some(),
            "alone, it gets all of the room"
        );
    }

    #[tokio::test]
    async fn the_slowest_reader_gives_its_room_and_a_fast_one_does_not() {
        let (waiting, connections) = (Waiting::new(4 * MEBIBYTE), Connections::new(10, 10));
        let admitted: Vec<Admitted> =
            (1..4).map(|number| connections.admit(client(number), |_| false)).collect();
        let hold = |place: usize| {
            let connection = admitted[place].connection.clone();
            waiting.hold(client(place as u8), Some(connection), answer(MEBIBYTE))
        };
        let (mut one, mut two, mut three) = (hold(0).unwrap(), hold(1).unwrap(), hold(2).unwrap());
        take(&mut one, 2).await;
        take(&mut two, 1).await;
        take(&mut three, 15).await;
        assert!(waiting.hold(client(4), None, answer(MEBIBYTE)).is_none(), "their pace is not known yet");
        age(&waiting, 3);
        let four = waiting.hold(client(4), None, answer(MEBIBYTE)).unwrap();
        assert!(is_closed(&admitted[1]) && !is_closed(&admitted[0]) && !is_closed(&admitted[2]));
        assert_eq!(admitted[1].connection.end_cause().get(), Some(Cause::Evicted));
        let five = waiting.hold(client(5), None, answer(MEBIBYTE)).unwrap();
        assert!(is_closed(&admitted[0]));
        assert!(
            waiting.hold(client(6), None, answer(MEBIBYTE)).is_none(),
            "only fast and new readers are left"
        );
        drop((one, two, three, four, five));
        assert_eq!(waiting.load().bytes, 0, "room is given back once");
    }

    #[tokio::test]
    async fn slow_readers_are_closed_only_where_that_makes_enough_room() {
        let (waiting, connections) = (Waiting::new(8 * MEBIBYTE), Connections::new(10, 10));
        let admitted: Vec<Admitted> =
            (1..4).map(|number| connections.admit(client(number), |_| false)).collect();
        let hold = |place: usize, bytes: u64| {
            let connection = admitted[place].connection.clone();
            waiting.hold(client(place as u8), Some(connection), answer(bytes)).unwrap()
        };
        let mut fast = hold(0, 5 * MEBIBYTE);
        let _slow = [hold(1, MEBIBYTE), hold(2, MEBIBYTE)];
        take(&mut fast, 60).await;
        age(&waiting, 3);
        assert!(waiting.hold(client(4), None, answer(6 * MEBIBYTE)).is_none());
        assert!(!admitted.iter().any(is_closed), "both slow readers are not enough");
        assert!(waiting.hold(client(4), None, answer(MEBIBYTE)).is_some());
        assert_eq!(admitted.iter().filter(|admitted| is_closed(admitted)).count(), 1);
    }

    #[tokio::test]
    async fn a_slow_reader_of_the_client_with_the_most_bytes_is_closed_first() {
        let (waiting, connections) = (Waiting::new(8 * MEBIBYTE), Connections::new(10, 10));
        let admitted: Vec<Admitted> =
            (0..4).map(|number| connections.admit(client(number), |_| false)).collect();
        let hold = |place: usize, number: u8| {
            let connection = admitted[place].connection.clone();
            waiting.hold(client(number), Some(connection), answer(SMALL - 1)).unwrap()
        };
        let mut fast = waiting.hold(client(3), None, answer(6 * MEBIBYTE)).unwrap();
        let few = hold(0, 1);
        let mut many = [hold(1, 2), hold(2, 2), hold(3, 2)];
        take(&mut many[0], 1).await;
        take(&mut fast, 10).await;
        age(&waiting, 3);
        let next = waiting.hold(client(4), None, answer(900 * KIBIBYTE)).unwrap();
        assert!(!is_closed(&admitted[0]), "its reader is slow, but it has one answer alone");
        assert!(is_closed(&admitted[2]) && is_closed(&admitted[3]) && !is_closed(&admitted[1]));
        drop((few, many, fast, next));
    }

    #[test]
    fn readers_that_are_fast_enough_leave_room_to_clients_with_few_bytes() {
        let waiting = Waiting::new(64 * MEBIBYTE);
        let held: Vec<_> = (1..=4)
            .flat_map(|number| (0..20).map(move |_| number))
            .filter_map(|number| waiting.hold(client(number), None, answer(MEBIBYTE)))
            .collect();
        for answer in waiting.large().answers.values() {
            answer.read.store(MEBIBYTE, Ordering::Relaxed);
        }
        age(&waiting, 3);
        assert!((54 * MEBIBYTE..=56 * MEBIBYTE).contains(&waiting.load().bytes));
        let few: Vec<_> = (0..9).map(|_| waiting.hold(client(9), None, answer(64 * KIBIBYTE))).collect();
        assert_eq!(few.iter().flatten().count(), 6, "then it holds too much");
        assert!(waiting.hold(client(10), None, answer(64 * KIBIBYTE)).is_some());
        drop(held);
    }

    #[test]
    fn slow_readers_behind_a_proxy_are_those_of_its_connections() {
        let (waiting, connections) = (Waiting::new(8 * MEBIBYTE), Connections::new(10, 10));
        let admitted = connections.admit(client(1), |_| false);
        let _answer = waiting.hold(client(7), Some(admitted.connection.clone()), answer(MEBIBYTE)).unwrap();
        age(&waiting, 3);
        assert!(!waiting.close_slowest_of(&[client(7)]), "the client that the proxy names has no connection");
        assert!(waiting.close_slowest_of(&[client(2), client(1)]) && is_closed(&admitted));
        assert!(!waiting.close_slowest_of(&[client(1)]), "it is closed already");
    }

    #[tokio::test]
    async fn the_least_pace_grows_with_what_waits() {
        let (waiting, connections) = (Waiting::new(1024 * MEBIBYTE), Connections::new(10, 10));
        let admitted: Vec<Admitted> =
            (1..3).map(|number| connections.admit(client(number), |_| false)).collect();
        let hold = |place: usize, bytes: u64| {
            let connection = admitted[place].connection.clone();
            waiting.hold(client(place as u8), Some(connection), answer(bytes)).unwrap()
        };
        let (mut small, mut large) = (hold(0, MEBIBYTE), hold(1, 60 * MEBIBYTE));
        // Both have read 640 KiB within 130 s: enough of a mebibyte, too little of sixty.
        take(&mut small, 10).await;
        take(&mut large, 10).await;
        age(&waiting, 29);
        waiting.close_slow();
        assert!(!is_closed(&admitted[1]), "not within the first half minute");
        age(&waiting, 101);
        waiting.close_slow();
        assert!(is_closed(&admitted[1]) && !is_closed(&admitted[0]));
        assert_eq!(admitted[1].connection.end_cause().get(), Some(Cause::TooSlow));
    }
}
