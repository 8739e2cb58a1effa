//! All jobs: their turns, and the bounds of what is kept.

use super::archive::StoredFile;
use super::job::{Job, JobFailure, JobStatus};
use circle_study::Client;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most jobs that are kept. Beyond that, the oldest ended one goes.
const MOST: usize = 100;
/// Most jobs of one client that are kept.
const MOST_OF_ONE: usize = 20;
/// Most jobs of one client that have not ended.
const MOST_OPEN_OF_ONE: usize = 5;
/// Most bytes of all results on the disk. Beyond that, the oldest ended jobs go.
const MOST_BYTES: u64 = 1 << 30;

/// The work of a job.
type Work = Pin<Box<dyn Future<Output = Result<StoredFile, JobFailure>> + Send>>;

/// The jobs of all clients. Of each client, one runs at a time.
#[derive(Clone)]
pub(crate) struct Jobs(Arc<Shared>);

struct Shared {
    most_bytes: u64,
    /// The oldest first.
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    job: Arc<Job>,
    /// The work of a job that waits for its turn.
    work: Option<Work>,
    /// The work goes on; that of a cancelled job ends soon.
    is_running: bool,
}

/// No room for another job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The client has too many that have not ended.
    OfClient,
    /// All jobs that are kept have not ended.
    OfAll,
}

impl Default for Jobs {
    fn default() -> Self {
        Self::within(MOST_BYTES)
    }
}

impl Jobs {
    fn within(most_bytes: u64) -> Self {
        Self(Arc::new(Shared { most_bytes, entries: Mutex::default() }))
    }

    /// Adds a job, which begins once no other job of its client runs.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(crate) fn start(
        &self,
        job: Arc<Job>,
        work: impl Future<Output = Result<StoredFile, JobFailure>> + Send + 'static,
    ) -> Result<(), Full> {
        let client = job.client;
        let mut gone = Vec::new();
        {
            let mut entries = self.entries();
            let own = |entry: &&Entry| entry.job.client == client;
            if entries.iter().filter(own).filter(|entry| !entry.has_ended()).count() >= MOST_OPEN_OF_ONE {
                return Err(Full::OfClient);
            }
            if entries.iter().filter(own).count() >= MOST_OF_ONE {
                gone.extend(remove_oldest(&mut entries, |entry| entry.job.client == client));
            }
            if entries.len() >= MOST {
                gone.push(remove_oldest(&mut entries, |_| true).ok_or(Full::OfAll)?);
            }
            entries.push(Entry { job, work: Some(Box::pin(work)), is_running: false });
        }
        // Files are closed outside of the lock.
        drop(gone);
        self.advance(client);
        Ok(())
    }

    /// The job of an id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Job>> {
        self.entries().iter().find(|entry| entry.job.id == id).map(|entry| entry.job.clone())
    }

    /// The jobs of a client, the newest first.
    pub(crate) fn of(&self, client: Client) -> Vec<Arc<Job>> {
        let entries = self.entries();
        entries
            .iter()
            .rev()
            .filter(|entry| entry.job.client == client)
            .map(|entry| entry.job.clone())
            .collect()
    }

    /// Cancels a job, or removes one that has ended; `false` if there is none of this id.
    pub(crate) fn cancel(&self, id: &str) -> bool {
        let mut entries = self.entries();
        let Some(position) = entries.iter().position(|entry| entry.job.id == id) else { return false };
        if entries[position].has_ended() {
            let removed = entries.remove(position);
            drop(entries);
            drop(removed);
            return true;
        }
        let entry = &mut entries[position];
        entry.job.cancel();
        let work = entry.work.take();
        drop(entries);
        drop(work);
        true
    }

    /// Makes room for more bytes of a job's result, at the cost of the oldest ended jobs; `false` if that is not enough.
    pub(super) fn make_room(&self, job: &Job, bytes: u64) -> bool {
        let mut gone = Vec::new();
        let mut entries = self.entries();
        let has_room = loop {
            let held: u64 = entries.iter().map(|entry| entry.job.bytes()).sum();
            if held.saturating_add(bytes) <= self.0.most_bytes {
                job.add_bytes(bytes);
                break true;
            }
            let other = |entry: &Entry| entry.job.id != job.id && entry.job.bytes() > 0;
            match remove_oldest(&mut entries, other) {
                Some(removed) => gone.push(removed),
                None => break false,
            }
        };
        drop(entries);
        drop(gone);
        has_room
    }

    /// Begins the client's next job if none of its jobs runs.
    fn advance(&self, client: Client) {
        let mut entries = self.entries();
        let own = move |entry: &&mut Entry| entry.job.client == client;
        if entries.iter_mut().filter(own).any(|entry| entry.is_running) {
            return;
        }
        let next = entries.iter_mut().filter(own).find_map(|entry| {
            let work = entry.work.take()?;
            entry.is_running = true;
            entry.job.run();
            Some((entry.job.clone(), work))
        });
        drop(entries);
        if let Some((job, work)) = next {
            tokio::spawn(self.clone().run(job, work));
        }
    }

    async fn run(self, job: Arc<Job>, work: Work) {
        // A task of its own, so that a panic ends the job and nothing else.
        let end = tokio::spawn(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a job failed");
            Err(JobFailure::Failed("the program failed on this job; the server's log says more".to_owned()))
        });
        {
            // At once, so that nobody sees a job that has ended and still runs.
            let mut entries = self.entries();
            job.end(end);
            if let Some(entry) = entries.iter_mut().find(|entry| entry.job.id == job.id) {
                entry.is_running = false;
            }
        }
        self.advance(job.client);
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the oldest ended job that `fits`.
fn remove_oldest(entries: &mut Vec<Entry>, fits: impl Fn(&Entry) -> bool) -> Option<Entry> {
    let position = entries.iter().position(|entry| entry.has_ended() && fits(entry))?;
    Some(entries.remove(position))
}

impl Entry {
    /// Whether nothing more happens to it.
    fn has_ended(&self) -> bool {
        !self.is_running && self.job.status().has_ended()
    }
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
