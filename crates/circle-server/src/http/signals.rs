//! Signals of the operating system.

/// Resolves on SIGINT (ctrl-c) or SIGTERM.
///
/// The call installs the handlers, not the first poll: a signal right after the address is printed must not
/// kill the process.
#[cfg(unix)]
pub fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
    async move {
        let waits = signals.map(|listening| async move {
            match listening {
                Some(mut listening) => {
                    listening.recv().await;
                }
                None => std::future::pending().await,
            }
        });
        let [interrupt, terminate] = waits;
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

/// Resolves on ctrl-c.
#[cfg(not(unix))]
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Calls `reload` on every SIGHUP. The call installs the handler, not the first poll.
#[cfg(unix)]
pub fn hung_up(mut reload: impl FnMut()) -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let hangup = signal(SignalKind::hangup()).ok();
    async move {
        let Some(mut hangup) = hangup else { return };
        while hangup.recv().await.is_some() {
            reload();
        }
    }
}

/// Does nothing: this system has no such signal.
#[cfg(not(unix))]
pub async fn hung_up(_reload: impl FnMut()) {}
