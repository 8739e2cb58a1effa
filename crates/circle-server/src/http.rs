//! The layer below axum: sockets, slow clients, memory budgets, addresses, signals, counts.

pub(crate) mod base;
pub(crate) mod connections;
pub(crate) mod counters;
pub(crate) mod end_cause;
pub(crate) mod limits;
pub(crate) mod query;
pub(crate) mod saturation;
pub(crate) mod serve;
pub(crate) mod signals;
mod slow_client;
mod socket;
pub(crate) mod traffic;
pub(crate) mod waiting;
