//! A long answer ends early once nobody wants it: whoever asked has left.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// Whether an answer is still wanted; once it is not, it never is again.
pub type Wanted = Arc<dyn Fn() -> bool + Send + Sync>;

thread_local! {
    static WANTED: RefCell<Option<Wanted>> = RefCell::default();
}

/// What `answer` comes to on this thread; `None` once it is no longer `wanted`, which is asked at every part of a search,
/// of the lattice and of a shape. What a search keeps for the next one stays whole.
///
/// Not one within another: the inner one alone is asked. Threads that help ask where they were handed [`wanted`].
pub fn while_wanted<T>(wanted: Wanted, answer: impl FnOnce() -> T) -> Option<T> {
    let before = WANTED.replace(Some(wanted));
    let ended = catch_unwind(AssertUnwindSafe(|| {
        check_wanted();
        answer()
    }));
    WANTED.set(before);
    match ended {
        Ok(answer) => Some(answer),
        Err(payload) if payload.is::<GivenUp>() => None,
        Err(payload) => resume_unwind(payload),
    }
}

struct GivenUp;

/// Whether the answer that is made on this thread is wanted; outside of [`while_wanted`] it always is.
pub fn wanted() -> Wanted {
    WANTED.with_borrow(|wanted| wanted.clone().unwrap_or_else(|| Arc::new(|| true)))
}

/// Ends the answer that is made on this thread if nobody wants it any more. Never under a lock: it would be poisoned.
pub fn check_wanted() {
    let given_up = WANTED.with_borrow(|wanted| wanted.as_ref().is_some_and(|wanted| !wanted()));
    if given_up {
        resume_unwind(Box::new(GivenUp));
    }
}
