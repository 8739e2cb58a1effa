//! The sizes of a siege.

use std::time::Duration;

/// How many clients each attack has, how long it goes on, and what is asserted.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Time of the visitors alone, before the attacks.
    pub(crate) peace: Duration,
    /// Time of the attacks.
    pub(crate) siege: Duration,
    /// Well-behaved visitors, each with an address of its own.
    pub(crate) visitors: u8,
    /// Shortest and longest pause of a visitor before a request, in milliseconds.
    pub(crate) pause: [usize; 2],
    /// Slow readers of a large answer that is not compressed.
    pub(crate) plain_readers: usize,
    /// Slow readers of a large compressed answer.
    pub(crate) packed_readers: usize,
    /// Slow readers of a `GeoPackage`.
    pub(crate) file_readers: usize,
    /// Clients of the dearest request.
    pub(crate) dear: usize,
    /// Connections without a whole request.
    pub(crate) idle: usize,
    /// Clients that ask the same cold question at the same time.
    pub(crate) same: usize,
    /// Connections of each of four addresses that wait for the answer to one dear question.
    pub(crate) joining: usize,
    /// Connections of each of four addresses that read a file just fast enough not to be closed.
    pub(crate) holders: usize,
    /// Time between two requests that are abandoned.
    pub(crate) abandoned_pause: Duration,
    /// Connections that send invalid requests, 50 at a time.
    pub(crate) floods: usize,
    /// Time between two dear requests of an address that never waits for the answers.
    pub(crate) steady_pause: Duration,
    /// `--memory` of the server, in MiB.
    pub(crate) memory_mib: u64,
    /// Whether the caches are filled before the memory is first read.
    pub(crate) fills_caches: bool,
    /// Longest wait for the answer to a probe.
    pub(crate) longest_probe: Duration,
    /// Longest time that 99 % of the visits of each kind may take; `None` if no time is asserted.
    pub(crate) longest_visit: Option<Duration>,
    /// Share of the sockets of the plan that the limit of open files allows.
    pub(crate) share: f64,
}

impl Plan {
    /// All attacks in their full size, with times.
    pub(crate) fn full(siege: Duration) -> Self {
        Self {
            peace: Duration::from_secs(20),
            siege,
            visitors: 16,
            pause: [50, 150],
            plain_readers: 1000,
            packed_readers: 136,
            file_readers: 7,
            dear: 32,
            idle: 1200,
            same: 500,
            joining: 250,
            holders: 4,
            abandoned_pause: Duration::from_millis(50),
            floods: 20,
            steady_pause: Duration::from_millis(500),
            memory_mib: 3072,
            fills_caches: true,
            longest_probe: Duration::from_secs(2),
            longest_visit: Some(Duration::from_millis(250)),
            share: 1.0,
        }
    }

    /// A siege of 25 s for a build without optimization on a busy machine. No time is asserted, and the
    /// caches fill up during the siege.
    pub(crate) fn short() -> Self {
        Self {
            peace: Duration::from_secs(3),
            siege: Duration::from_secs(25),
            visitors: 8,
            pause: [500, 1500],
            plain_readers: 300,
            packed_readers: 24,
            file_readers: 2,
            dear: 8,
            same: 200,
            joining: 60,
            holders: 1,
            floods: 5,
            steady_pause: Duration::from_secs(1),
            memory_mib: 2048,
            fills_caches: false,
            longest_probe: Duration::from_mins(1),
            longest_visit: None,
            ..Self::full(Duration::ZERO)
        }
    }

    /// Most memory of the server, in MiB.
    pub(crate) const fn most_mib(&self) -> u64 {
        self.memory_mib + BESIDE_MIB
    }

    /// Open files of all clients.
    pub(crate) fn files(&self) -> u64 {
        let readers =
            self.plain_readers + self.packed_readers + self.file_readers + HOLDING_ADDRESSES * self.holders;
        let waiting = self.dear + self.same + JOINING_ADDRESSES * self.joining;
        (readers + waiting + self.idle + self.floods + BESIDE) as u64
    }

    /// The requests of all visitors in the siege, if they were answered at once.
    pub(crate) fn most_visits(&self) -> f64 {
        let [shortest, longest] = self.pause;
        let pause = (shortest + longest) as f64 / 2.0 / 1000.0;
        f64::from(self.visitors) * self.siege.as_secs_f64() / pause
    }

    /// The plan with fewer clients if fewer files than [`Self::files`] may be open.
    pub(crate) fn fitting(&self, files: u64) -> Self {
        let share = (files as f64 / self.files() as f64).min(1.0);
        let part = |clients: usize| (clients as f64 * share) as usize;
        Self {
            plain_readers: part(self.plain_readers),
            packed_readers: part(self.packed_readers),
            file_readers: part(self.file_readers),
            dear: part(self.dear),
            idle: part(self.idle),
            same: part(self.same),
            joining: part(self.joining),
            share,
            ..self.clone()
        }
    }
}

/// Addresses of the clients that wait for the answer to one dear question.
pub(crate) const JOINING_ADDRESSES: usize = 4;
/// Addresses of the clients that read files just fast enough.
pub(crate) const HOLDING_ADDRESSES: usize = 4;
/// Addresses of the clients whose answers fill what is left beside these files.
pub(crate) const FILLING_ADDRESSES: usize = 3;
/// Files of visitors, prober, abandoned and steady requests, libraries and logs.
const BESIDE: usize = 400;
/// Memory that the server may take beside `--memory`, in MiB.
const BESIDE_MIB: u64 = 64;

#[test]
fn a_plan_fits_the_limit_of_open_files() {
    let plan = Plan::full(Duration::ZERO);
    assert_eq!(plan.fitting(1 << 20).idle, 1200);
    let small = plan.fitting(plan.files() / 2);
    assert!(small.idle < 610 && small.files() <= plan.files() / 2 + BESIDE as u64, "{small:?}");
    assert!((Plan::short().most_visits() - 200.0).abs() < 1e-9);
}
