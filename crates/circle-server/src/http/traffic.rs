//! The resources of a server that clients hold: connections and bytes.

use super::connections::Connections;
use super::limits::Limits;
use super::waiting::Waiting;

/// The open connections and the bytes that wait.
#[derive(Debug, Clone)]
pub struct Traffic {
    pub(crate) connections: Connections,
    pub(crate) waiting: Waiting,
    pub(crate) limits: Limits,
}

impl Traffic {
    /// Nothing, within these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            connections: Connections::new(limits.connections, limits.connections_of_one),
            waiting: Waiting::new(limits.waiting_bytes),
            limits,
        }
    }
}

impl Default for Traffic {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}
