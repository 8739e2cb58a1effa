//! `circle serve`

use crate::failure::Outcome;
use crate::{args, input};
use anyhow::Context;
use circle_model::{Catalogue, Profiles};
use circle_reach::Network;
use circle_server::State;
use std::sync::Arc;
use std::time::Duration;

/// Search state lives with its thread, so idle threads are kept.
const KEEP_IDLE_THREADS: Duration = Duration::from_hours(1);

pub(crate) fn run(serve: &args::Serve) -> Outcome {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    // A panic ends one request, as a 500; its place goes to the log.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(KEEP_IDLE_THREADS)
        .build()?;
    runtime.block_on(async {
        // The address is taken first, so that a port in use is said before the city is built.
        let listener = tokio::net::TcpListener::bind(serve.listen).await.with_context(|| {
            format!("cannot listen on {}; another address: --listen 127.0.0.1:8081", serve.listen)
        })?;
        let profiles = match &serve.profiles {
            Some(path) => Profiles::built_in().joined_with(input::profiles(path)?)?,
            None => Profiles::built_in(),
        };
        let rule_sets = input::rule_sets(&serve.rules)?;
        let city = input::city(&serve.city)?.with_legs(input::legs(serve.legs.as_deref())?);
        let network = Arc::new(Network::build(&city));
        let catalogue = Catalogue::built_in();
        let boards = input::boards(serve.board.as_deref(), &catalogue)?;
        let state = State::new(network, catalogue, profiles, rule_sets).with_boards(boards);
        let interrupted = circle_server::interrupted();
        println!("http://{}", listener.local_addr()?);
        circle_server::serve(listener, circle_server::router(Arc::new(state)), interrupted).await?;
        Ok(())
    })
}
