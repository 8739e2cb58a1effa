//! `circle serve`

use crate::args::Log;
use crate::failure::{Failure, Outcome};
use crate::{args, input};
use anyhow::Context;
use circle_model::{Catalogue, Profiles};
use circle_server::{Limits, RateLimit, Served};
use circle_study::{Choices, Study};
use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;

/// Lifetime of idle threads. Long, because each thread holds search state that is costly to rebuild.
const IDLE_THREADS: Duration = Duration::from_hours(1);
/// Interval between two checks of the city file for changes.
const POLL: Duration = Duration::from_secs(2);

pub(crate) fn run(serve: &args::Serve) -> Outcome {
    log(serve.log);
    // A panic ends one request with 500; the log has its location.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_keep_alive(IDLE_THREADS).build()?;
    let end = runtime.block_on(answer(serve));
    // Does not wait for a reload that is reading from the disk.
    runtime.shutdown_background();
    end
}

/// Answers requests until the process is interrupted.
async fn answer(serve: &args::Serve) -> Outcome {
    // Bound before the city is built, so that a port in use is reported at once.
    let listener = tokio::net::TcpListener::bind(serve.listen).await.with_context(|| {
        format!("cannot listen on {}; another address: --listen 127.0.0.1:8081", serve.listen)
    })?;
    let mark = Mark::of(&serve.city);
    let served = Served::new(study(serve)?);
    let interrupted = circle_server::interrupted();
    // Installed before the address is printed, as are the handlers of SIGINT and SIGTERM.
    let reload = Arc::new(Notify::new());
    let notified = reload.clone();
    tokio::spawn(circle_server::hung_up(move || notified.notify_one()));
    println!("http://{}", listener.local_addr()?);
    tokio::spawn(watch(serve.clone(), mark, served.clone(), reload));
    let rate = serve.rate_limit.map(|rate| RateLimit::new(rate, serve.trust_proxy));
    let router = circle_server::limited_router(served, rate);
    circle_server::serve(listener, router, Limits::default(), interrupted).await?;
    Ok(())
}

fn log(form: Log) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match form {
        Log::Text => log.init(),
        Log::Json => log.json().init(),
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
        let (reading, replaced) = (serve.clone(), served.clone());
        let read = move || study(&reading).map(|study| replaced.replace(study));
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(())) => tracing::info!(city = %serve.city.display(), "city reloaded"),
            Ok(Err(Failure::Data(error))) => tracing::error!("city not reloaded: {error:#}"),
            Ok(Err(Failure::Usage(error))) => tracing::error!("city not reloaded: {error}"),
            Err(error) => tracing::error!("city not reloaded: {error}"),
        }
    }
}
