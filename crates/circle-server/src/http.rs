//! The layer below axum: sockets, slow clients, memory budgets, addresses, signals.

pub(crate) mod answer_budget;
pub(crate) mod base;
pub(crate) mod counters;
pub(crate) mod query;
pub(crate) mod serve;
pub(crate) mod signals;
mod slow_client;
mod socket;
