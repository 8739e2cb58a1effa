//! Limits on clients.

use std::time::Duration;

/// Limits on clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time to send the headers, and longest time that an idle connection stays open.
    pub header: Duration,
    /// Longest time without reading the answer. A client that reads less than 1 KiB per second also uses it
    /// up.
    pub write: Duration,
    /// Most open connections. Beyond that, one of a client with more of them is closed for each new one;
    /// where there is none, only the paths for the operator are answered.
    pub connections: usize,
    /// Most open connections of one client.
    pub connections_of_one: usize,
    /// Most bytes of answers that wait for their clients; a quarter of that for one client.
    pub waiting_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(20),
            write: Duration::from_secs(30),
            connections: 1024,
            connections_of_one: 256,
            waiting_bytes: 512 << 20,
        }
    }
}
