//! The layers between the sockets and the handlers, one file per layer.

pub(crate) mod access_log;
pub(crate) mod client;
pub(crate) mod editions;
pub(crate) mod etag;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod limits;
pub(crate) mod metrics;
pub(crate) mod problem;
pub(crate) mod rate_limit;
pub(crate) mod request_id;
pub(crate) mod waiting;
