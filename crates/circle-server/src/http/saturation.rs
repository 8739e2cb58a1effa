//! How much of the service's room is in use, read for `/metrics`.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// The room in use at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Saturation {
    /// The lanes of searches.
    pub(crate) lanes: Vec<LaneLoad>,
    pub(crate) connections: ConnectionLoad,
    pub(crate) waiting: WaitingLoad,
    pub(crate) caches: Vec<CacheLoad>,
}

/// The searches of one lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LaneLoad {
    pub(crate) name: &'static str,
    /// Searches in the queue.
    pub(crate) queued: u64,
    pub(crate) running: u64,
    /// Searches that have begun and let others go first.
    pub(crate) suspended: u64,
    /// Time that all searches have run, since the start.
    pub(crate) busy: Duration,
}

/// Connections of clients.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ConnectionLoad {
    /// All open connections, idle and reserved ones among them.
    pub(crate) open: u64,
    /// Connections without a request.
    pub(crate) idle: u64,
    /// Connections in the reserve for the operator.
    pub(crate) reserved: u64,
    /// Most open connections.
    pub(crate) limit: u64,
}

/// Bytes of answers that wait for their clients.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WaitingLoad {
    pub(crate) bytes: u64,
    /// Most bytes that may wait.
    pub(crate) limit: u64,
}

/// One cache of answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheLoad {
    pub(crate) name: &'static str,
    pub(crate) bytes: u64,
    pub(crate) entries: u64,
    /// Lookups that found an entry, since the start.
    pub(crate) hits: u64,
    /// Lookups that found none, since the start.
    pub(crate) misses: u64,
}

impl Saturation {
    /// Registers all values, and the memory of the process.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.register_lanes(registry);
        self.register_connections(registry);
        self.register_caches(registry);
        if let Some(bytes) = resident_bytes() {
            let help = "Resident memory of the process";
            registry.register_with_unit("process_resident_memory", help, Unit::Bytes, gauge(bytes));
        }
    }

    fn register_lanes(&self, registry: &mut Registry) {
        let searches = Family::<[Label; 2], Number>::default();
        let busy = Family::<[Label; 1], Counter<f64, AtomicU64>>::default();
        for lane in &self.lanes {
            let states = [("queued", lane.queued), ("running", lane.running), ("suspended", lane.suspended)];
            for (state, number) in states {
                searches.get_or_create(&[("lane", lane.name), ("state", state)]).set(number);
            }
            busy.get_or_create(&[("lane", lane.name)]).inc_by(lane.busy.as_secs_f64());
        }
        registry.register("circle_searches", "Searches by lane, queued, running or suspended", searches);
        let help = "Time that searches have run, by lane";
        registry.register_with_unit("circle_search_busy", help, Unit::Seconds, busy);
    }

    fn register_connections(&self, registry: &mut Registry) {
        let ConnectionLoad { open, idle, reserved, limit } = self.connections;
        for (name, help, number) in [
            ("circle_http_connections_open", "Open connections", open),
            ("circle_http_connections_idle", "Open connections without a request", idle),
            ("circle_http_connections_reserved", "Open connections in the operator's reserve", reserved),
            ("circle_http_connections_limit", "Most open connections", limit),
        ] {
            registry.register(name, help, gauge(number));
        }
        let WaitingLoad { bytes, limit } = self.waiting;
        for (name, help, number) in [
            ("circle_http_waiting", "Bytes of answers that wait for their clients", bytes),
            ("circle_http_waiting_limit", "Most bytes of answers that may wait", limit),
        ] {
            registry.register_with_unit(name, help, Unit::Bytes, gauge(number));
        }
    }

    fn register_caches(&self, registry: &mut Registry) {
        let [bytes, entries] = [(); 2].map(|()| Family::<[Label; 1], Number>::default());
        let [hits, misses] = [(); 2].map(|()| Family::<[Label; 1], Counter>::default());
        for cache in &self.caches {
            let labels = [("cache", cache.name)];
            bytes.get_or_create(&labels).set(cache.bytes);
            entries.get_or_create(&labels).set(cache.entries);
            hits.get_or_create(&labels).inc_by(cache.hits);
            misses.get_or_create(&labels).inc_by(cache.misses);
        }
        registry.register_with_unit("circle_cache", "Bytes in a cache", Unit::Bytes, bytes);
        registry.register("circle_cache_entries", "Entries of a cache", entries);
        registry.register("circle_cache_hits", "Lookups that found an entry in a cache", hits);
        registry.register("circle_cache_misses", "Lookups that found no entry in a cache", misses);
    }
}

/// Name and value of a label.
type Label = (&'static str, &'static str);
type Number = Gauge<u64, AtomicU64>;

fn gauge(number: u64) -> Number {
    let gauge = Number::default();
    gauge.set(number);
    gauge
}

/// Resident memory of the process; `None` where the system has no `/proc`.
fn resident_bytes() -> Option<u64> {
    // `status` states kibibytes; `statm` would need the size of a page.
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = resident.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;

    #[test]
    fn every_value_has_a_line_with_its_labels() {
        let lane =
            LaneLoad { name: "dear", queued: 1, running: 2, suspended: 3, busy: Duration::from_millis(4500) };
        let cache = CacheLoad { name: "boards", bytes: 6, entries: 7, hits: 8, misses: 9 };
        let full = Saturation {
            lanes: vec![lane, LaneLoad { name: "cheap", ..lane }],
            connections: ConnectionLoad { open: 10, idle: 11, reserved: 12, limit: 13 },
            waiting: WaitingLoad { bytes: 14, limit: 15 },
            caches: vec![cache],
        };
        let mut registry = Registry::default();
        full.register(&mut registry);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "# TYPE circle_searches gauge",
            "circle_searches{lane=\"dear\",state=\"queued\"} 1",
            "circle_searches{lane=\"cheap\",state=\"running\"} 2",
            "circle_searches{lane=\"dear\",state=\"suspended\"} 3",
            "circle_search_busy_seconds_total{lane=\"dear\"} 4.5",
            "# UNIT circle_cache_bytes bytes",
            "circle_cache_bytes{cache=\"boards\"} 6",
            "circle_cache_entries{cache=\"boards\"} 7",
            "circle_cache_hits_total{cache=\"boards\"} 8",
            "circle_cache_misses_total{cache=\"boards\"} 9",
            "circle_http_connections_open 10",
            "circle_http_connections_idle 11",
            "circle_http_connections_reserved 12",
            "circle_http_connections_limit 13",
            "circle_http_waiting_bytes 14",
            "circle_http_waiting_limit_bytes 15",
            "# EOF",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn resident_memory_is_read() {
        assert!(resident_bytes().unwrap() > 100 * 1024);
    }
}
