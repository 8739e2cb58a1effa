//! Ids of jobs. Who knows an id may read and cancel the job, so nobody can guess one.

use std::fmt::Write;

/// Random bytes of an id.
const BYTES: usize = 16;

/// A new id: 32 hexadecimal digits from the random numbers of the operating system.
///
/// # Errors
/// When the operating system has none.
pub(crate) fn new_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    let mut id = String::with_capacity(2 * BYTES);
    for byte in bytes {
        // Writing to memory cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_long_and_differ() {
        let ids = [(); 2].map(|()| new_id().unwrap());
        assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() == 32));
    }
}
