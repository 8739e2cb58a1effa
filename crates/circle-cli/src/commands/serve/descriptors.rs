//! The number of connections that the file descriptors of the process allow.

/// Descriptors that the process needs beside those of clients: files, the listener, the runtime, the reserve of
/// connections for the operator.
#[cfg(unix)]
const OTHERS: u64 = 128;

/// The number of connections, at most `most`. Raises the limit of descriptors as far as the process may.
#[cfg(unix)]
pub(super) fn most_connections(most: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = most as u64 + OTHERS;
    let may_have = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let mut has = limit.current.unwrap_or(wanted);
    if has < may_have {
        let raised = Rlimit { current: Some(may_have), maximum: limit.maximum };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            has = may_have;
        }
    }
    connections_within(has, most)
}

#[cfg(not(unix))]
pub(super) fn most_connections(most: usize) -> usize {
    most
}

/// With few descriptors, a quarter of them is for clients.
#[cfg(unix)]
fn connections_within(descriptors: u64, most: usize) -> usize {
    let free = descriptors.saturating_sub(OTHERS).max(descriptors / 4);
    usize::try_from(free).unwrap_or(most).clamp(1, most)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn few_descriptors_leave_few_connections() {
        assert_eq!(connections_within(4096, 1024), 1024);
        assert_eq!(connections_within(1024, 1024), 896);
        assert_eq!(connections_within(64, 1024), 16);
        assert_eq!(connections_within(0, 1024), 1);
    }
}
