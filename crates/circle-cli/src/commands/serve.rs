//! `circle serve`

use crate::args::Log;
use crate::failure::{Failure, Outcome};
use crate::{args, input};
use anyhow::Context;
use circle_model::{Catalogue, Profiles};
use circle_reach::Network;
use circle_server::{Limits, RateLimit, Served, State};
use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;

/// Search state lives with its thread, so idle threads are kept.
const KEEP_IDLE_THREADS: Duration = Duration::from_hours(1);
/// How often the city file is looked at.
const LOOK: Duration = Duration::from_secs(2);

pub(crate) fn run(serve: &args::Serve) -> Outcome {
    log(serve.log);
    // A panic ends one request, as a 500; its place goes to the log.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(KEEP_IDLE_THREADS)
        .build()?;
    let end = runtime.block_on(async {
        // The address is taken first, so that a port in use is said before the city is built.
        let listener = tokio::net::TcpListener::bind(serve.listen).await.with_context(|| {
            format!("cannot listen on {}; another address: --listen 127.0.0.1:8081", serve.listen)
        })?;
        let mark = Mark::of(&serve.city);
        let served = Served::from(Arc::new(state(serve)?));
        let interrupted = circle_server::interrupted();
        // Listened for from here on, as the signals that end it.
        let hung_up = Arc::new(Notify::new());
        let told = hung_up.clone();
        tokio::spawn(circle_server::hung_up(move || told.notify_one()));
        println!("http://{}", listener.local_addr()?);
        tokio::spawn(keep_up(serve.clone(), mark, served.clone(), hung_up));
        let rate = serve.rate_limit.map(|rate| RateLimit::new(rate, serve.trust_proxy));
        let router = circle_server::limited_router(served, rate);
        circle_server::serve(listener, router, Limits::default(), interrupted).await?;
        Ok(())
    });
    // Whatever still waits for a disk is not waited for.
    runtime.shutdown_background();
    end
}

fn log(form: Log) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match form {
        Log::Text => log.init(),
        Log::Json => log.json().init(),
    }
}

/// The city, and all that is read to answer for it.
fn state(serve: &args::Serve) -> Result<State, Failure> {
    let profiles = match &serve.profiles {
        Some(path) => Profiles::built_in().joined_with(input::profiles(path)?)?,
        None => Profiles::built_in(),
    };
    let rule_sets = input::rule_sets(&serve.rules)?;
    let city = input::city(&serve.city)?.with_legs(input::legs(serve.legs.as_deref())?);
    let network = Arc::new(Network::build(&city));
    let catalogue = Catalogue::built_in();
    let boards = input::boards(serve.board.as_deref(), &catalogue)?;
    Ok(State::new(network, catalogue, profiles, rule_sets).with_boards(boards))
}

/// What tells one file from the next of its name: when it was written, its length, and its number on the disk.
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

/// Serves a new city file in the place of the old one, when told to or when it is there. One that cannot be opened is told
/// of, and the old one stays.
async fn keep_up(serve: args::Serve, mut mark: Mark, served: Served, hung_up: Arc<Notify>) {
    loop {
        let told = tokio::time::timeout(LOOK, hung_up.notified()).await.is_ok();
        let now = Mark::of(&serve.city);
        if !told && (now == mark || now.0.is_none()) {
            continue;
        }
        mark = now;
        let reading = serve.clone();
        match tokio::task::spawn_blocking(move || state(&reading)).await {
            Ok(Ok(state)) => {
                served.replace(state);
                tracing::info!(city = %serve.city.display(), "read anew");
            }
            Ok(Err(Failure::Data(error))) => tracing::error!("the city stays as it was: {error:#}"),
            Ok(Err(Failure::Usage(error))) => tracing::error!("the city stays as it was: {error}"),
            Err(error) => tracing::error!("the city stays as it was: {error}"),
        }
    }
}
