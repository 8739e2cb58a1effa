//! Cancellation: a token that the caller holds and every long computation checks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A cancellation token. Cheap to clone; all clones are cancelled together.
///
/// The engine checks it in every bucket of a search, every block of a tile and every row of a contour, on
/// whichever thread that runs. A cancelled computation leaves the caches of the network consistent.
///
/// ```
/// use circle_reach::{Cancel, Cancelled};
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// let flag = Arc::new(AtomicBool::new(false));
/// let cancel = Cancel::by(flag.clone());
/// assert_eq!(cancel.check(), Ok(()));
/// flag.store(true, Ordering::Relaxed);
/// assert_eq!(cancel.check(), Err(Cancelled));
/// ```
#[derive(Clone, Default)]
pub struct Cancel {
    is_cancelled: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
    pause: Option<Arc<Pause>>,
}

type Pause = dyn Fn() -> Result<(), Cancelled> + Send + Sync;

/// The computation was cancelled before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl Cancel {
    /// A token that is never cancelled.
    pub const fn never() -> Self {
        Self { is_cancelled: None, pause: None }
    }

    /// A token that is cancelled once `is_cancelled` returns `true`; after that it must stay `true`.
    pub fn when(is_cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { is_cancelled: Some(Arc::new(is_cancelled)), pause: None }
    }

    /// The token with something to do between two parts of a long computation, such as to wait while more urgent
    /// ones run. [`Self::pause`] calls it.
    #[must_use]
    pub fn pausing(self, pause: impl Fn() -> Result<(), Cancelled> + Send + Sync + 'static) -> Self {
        Self { pause: Some(Arc::new(pause)), ..self }
    }

    /// Lets more urgent computations run, between two parts of a long one. The caller holds no lock, and is not
    /// inside a parallel loop.
    ///
    /// # Errors
    /// [`Cancelled`] if the token is cancelled.
    pub fn pause(&self) -> Result<(), Cancelled> {
        self.check()?;
        self.pause.as_ref().map_or(Ok(()), |pause| pause())
    }

    /// A token that is cancelled once the flag is `true`.
    pub fn by(flag: Arc<AtomicBool>) -> Self {
        Self::when(move || flag.load(Ordering::Relaxed))
    }

    /// Whether the token is cancelled.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.as_ref().is_some_and(|is_cancelled| is_cancelled())
    }

    /// Returns early from a function with `cancel.check()?`.
    ///
    /// # Errors
    /// [`Cancelled`] if the token is cancelled.
    #[inline]
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_cancelled.is_some() { "Cancel(when)" } else { "Cancel(never)" })
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the computation was cancelled")
    }
}

impl std::error::Error for Cancelled {}
