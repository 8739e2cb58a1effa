//! `circle serve`

mod descriptors;
mod log;

use crate::failure::{Failure, Outcome};
use crate::{args, input};
use anyhow::Context;
use circle_model::{Catalogue, Profiles};
use circle_server::{Forwarding, Limits, RateLimit, RouterOptions, Served};
use circle_study::probe::Extent;
use circle_study::{Budget, Choices, Pool, Study};
use std::fs::Metadata;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;

/// Lifetime of idle threads. Long, because each thread holds search state that is costly to rebuild.
const IDLE_THREADS: Duration = Duration::from_hours(1);
/// Longest time for the questions that a city answers before it is served.
const LONGEST_PROBE: Duration = Duration::from_mins(5);
/// Longest time to read a new city and to ask it.
const LONGEST_RELOAD: Duration = Duration::from_mins(30);
/// The part of the memory that answers which wait for their clients may take: one in so many.
const PARTS_OF_MEMORY: u64 = 6;
/// Memory for the caches, whose bounds are fixed, a city, and searches.
const LEAST_MEMORY_MIB: u32 = 3072;
/// Interval between two checks of the city file for changes.
const POLL: Duration = Duration::from_secs(2);

pub(crate) fn run(serve: &args::Serve) -> Outcome {
    let log = log::start(serve.log);
    // A panic ends one request with 500; the log has its location.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_keep_alive(IDLE_THREADS).build()?;
    // Installed first: SIGHUP would end the process while it reads the city.
    let reload = Arc::new(Notify::new());
    let notified = reload.clone();
    let hung_up = {
        let _inside = runtime.enter();
        circle_server::hung_up(move || notified.notify_one())
    };
    runtime.spawn(hung_up);
    let end = runtime.block_on(answer(serve, &log, reload));
    // Does not wait for a reload that is reading from the disk.
    runtime.shutdown_background();
    end
}

/// Answers requests until the process is interrupted.
async fn answer(serve: &args::Serve, log: &log::LogQueue, reload: Arc<Notify>) -> Outcome {
    // Bound before the city is built, so that a port in use is reported at once.
    let listener = tokio::net::TcpListener::bind(serve.listen).await.with_context(|| {
        format!("cannot listen on {}; another address: --listen 127.0.0.1:8081", serve.listen)
    })?;
    let mark = Mark::of(&serve.city);
    let first = fit(study(serve)?, serve, Extent::Walks)?;
    if serve.memory.get() < LEAST_MEMORY_MIB {
        tracing::warn!("--memory {}: caches do not follow it below {LEAST_MEMORY_MIB}", serve.memory);
    }
    let served = Served::within(with_budget(first, serve), limits(serve));
    served.show_lost_lines(log.lost_lines());
    // Installed before the address is printed.
    let interrupted = circle_server::interrupted();
    let address = listener.local_addr()?;
    // Not `println!`, which panics if standard output is closed or full.
    if let Err(error) = writeln!(std::io::stdout(), "http://{address}") {
        tracing::warn!(%error, "the address http://{address} could not be printed");
    }
    tokio::spawn(watch(serve.clone(), mark, served.clone(), reload));
    let options = RouterOptions {
        rate: serve.rate_limit.map(RateLimit::new),
        forwarding: if serve.trust_proxy { Forwarding::TrustedProxy } else { Forwarding::None },
        lines: log::access_lines(serve.access_log),
    };
    let traffic = served.traffic();
    circle_server::serve(listener, circle_server::router_with(served, options), traffic, interrupted).await;
    Ok(())
}

fn limits(serve: &args::Serve) -> Limits {
    let limits = Limits::default();
    let connections = descriptors::most_connections(limits.connections);
    Limits {
        connections,
        // Behind a proxy, all connections are the proxy's.
        connections_of_one: if serve.trust_proxy { connections } else { connections.div_ceil(4) },
        waiting_bytes: (u64::from(serve.memory.get()) << 20) / PARTS_OF_MEMORY,
        ..limits
    }
}

fn with_budget(study: Study, serve: &args::Serve) -> Study {
    let Some(seconds) = serve.search_limit else { return study };
    let budget = Budget::new(Duration::from_secs(u64::from(seconds.get())));
    study.on_pool(Arc::new(Pool::with_budget(budget)))
}

/// The study, if it answers a fixed set of questions.
fn fit(study: Study, serve: &args::Serve, extent: Extent) -> Result<Study, Failure> {
    match study.probe(extent, LONGEST_PROBE) {
        Ok(()) => Ok(study),
        Err(unfit) => {
            let city = serve.city.display();
            Err(Failure::Data(anyhow::anyhow!("{city} is not served: {unfit}; build it again: circle build")))
        }
    }
}

/// A study of the city with the files of the command line; its network is built.
fn study(serve: &args::Serve) -> Result<Study, Failure> {
    let profiles = match &serve.profiles {
        Some(path) => Profiles::built_in().joined_with(input::profiles(path)?)?,
        None => Profiles::built_in(),
    };
    let rule_sets = input::rule_sets(&serve.rules)?;
    let city = input::city(&serve.city)?.with_legs(input::legs(serve.legs.as_deref())?);
    let catalogue = Catalogue::built_in();
    let boards = input::boards(serve.board.as_deref(), &catalogue)?;
    let study = Study::new(Choices { city, catalogue, profiles, rule_sets, boards });
    // The first request must not wait for the network.
    study.edition(None);
    Ok(study)
}

/// Identifies a version of the city file: time of the last write, length in bytes, and inode number.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark(Option<(SystemTime, u64, u64)>);

impl Mark {
    fn of(city: &Path) -> Self {
        let file = std::fs::metadata(city).ok();
        Self(file.and_then(|file| Some((file.modified().ok()?, file.len(), number(&file)))))
    }
}

#[cfg(unix)]
fn number(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn number(_file: &Metadata) -> u64 {
    0
}

/// Serves the new version of the city file, on SIGHUP or when the file has changed. If the new version cannot
/// be opened, the error is logged and the old version stays in service.
async fn watch(serve: args::Serve, mut mark: Mark, served: Served, reload: Arc<Notify>) {
    loop {
        let asked = tokio::time::timeout(POLL, reload.notified()).await.is_ok();
        let now = Mark::of(&serve.city);
        if !asked && (now == mark || now.0.is_none()) {
            continue;
        }
        mark = now;
        let reading = serve.clone();
        // The old city stays in service until the new one has answered.
        let work = move || circle_study::run_nicely(|| fit(study(&reading)?, &reading, Extent::City));
        let read = tokio::task::spawn_blocking(work);
        match tokio::time::timeout(LONGEST_RELOAD, read).await {
            Ok(Ok(Ok(study))) => {
                served.replace(study);
                tracing::info!(city = %serve.city.display(), "city reloaded");
            }
            Ok(Ok(Err(Failure::Data(error)))) => tracing::error!("city not reloaded: {error:#}"),
            Ok(Ok(Err(Failure::Usage(error)))) => tracing::error!("city not reloaded: {error}"),
            Ok(Err(error)) => tracing::error!("city not reloaded: {error}"),
            // It goes on in its thread, and nobody waits for it.
            Err(_) => tracing::error!("city not reloaded: it took over {} s", LONGEST_RELOAD.as_secs()),
        }
    }
}
