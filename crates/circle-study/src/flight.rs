//! A computation that several callers wait for. Its queued search moves to the caller whose turn comes first, so
//! that nobody waits in the queue of a client with many searches because that client asked the same question before.

use crate::client::Client;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

tokio::task_local! {
    static CURRENT: Arc<Flight>;
}

/// Most clients whose turns are compared.
const MOST_CLIENTS: usize = 16;

/// The callers of a computation, and what it waits for.
#[derive(Default)]
pub(crate) struct Flight(Mutex<State>);

#[derive(Default)]
struct State {
    /// Clients that joined.
    clients: Vec<Client>,
    /// Offers the search in the queue to a client.
    queued: Option<Offer>,
}

type Offer = Box<dyn Fn(Client) + Send>;

impl Flight {
    /// Runs the computation as this flight.
    pub(crate) async fn carrying<F: Future>(self: Arc<Self>, computation: F) -> F::Output {
        CURRENT.scope(self, computation).await
    }

    /// Adds a caller.
    pub(crate) fn join(&self, client: Client) {
        let mut state = self.state();
        if state.clients.len() >= MOST_CLIENTS || state.clients.contains(&client) {
            return;
        }
        state.clients.push(client);
        if let Some(offer) = &state.queued {
            offer(client);
        }
    }

    /// Tells the flight of the running task, if there is one, what its computation waits for. `offer` is called for
    /// the clients that have joined, and for those that join later.
    pub(crate) fn waits_for(offer: impl Fn(Client) + Send + 'static) {
        let Ok(flight) = CURRENT.try_with(Arc::clone) else { return };
        let mut state = flight.state();
        for client in &state.clients {
            offer(*client);
        }
        state.queued = Some(Box::new(offer));
    }

    /// No offer panics, so a poisoned lock is sound.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Flight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flight").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_search_is_offered_to_clients_that_joined_before_and_after_it_was_queued() {
        let client = |number: u8| Client::new([192, 0, 2, number].into());
        let (flight, offered) = (Arc::new(Flight::default()), Arc::new(Mutex::new(Vec::new())));
        flight.join(client(1));
        let to = offered.clone();
        let computation = async { Flight::waits_for(move |client| to.lock().unwrap().push(client)) };
        flight.clone().carrying(computation).await;
        flight.join(client(2));
        flight.join(client(2));
        assert_eq!(*offered.lock().unwrap(), [client(1), client(2)]);
        Flight::waits_for(|_| unreachable!("outside of a flight nobody joins"));
    }
}
