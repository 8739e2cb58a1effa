//! Answers that were made, in memory up to a limit.

use axum::body::Bytes;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Answers by what was asked, the oldest of which go when there are too many bytes.
#[derive(Debug)]
pub(crate) struct AnswerCache<K> {
    most_bytes: usize,
    answers: Mutex<Answers<K>>,
}

#[derive(Debug)]
struct Answers<K> {
    bytes: usize,
    by_key: HashMap<K, Bytes>,
    /// In the order they were made.
    made: VecDeque<K>,
}

/// What an answer costs besides its bytes.
const OVERHEAD: usize = 128;

impl<K: Eq + Hash + Clone> AnswerCache<K> {
    pub(crate) fn new(most_bytes: usize) -> Self {
        let answers = Answers { bytes: 0, by_key: HashMap::new(), made: VecDeque::new() };
        Self { most_bytes, answers: Mutex::new(answers) }
    }

    pub(crate) fn find(&self, key: &K) -> Option<Bytes> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(key).cloned()
    }

    pub(crate) fn keep(&self, key: K, answer: Bytes) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let cost = |answer: &Bytes| answer.len() + OVERHEAD;
        answers.bytes += cost(&answer);
        match answers.by_key.insert(key.clone(), answer) {
            Some(before) => answers.bytes -= cost(&before),
            None => answers.made.push_back(key),
        }
        while answers.bytes > self.most_bytes
            && let Some(oldest) = answers.made.pop_front()
        {
            let gone = answers.by_key.remove(&oldest).map_or(0, |answer| cost(&answer));
            answers.bytes -= gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_when_there_are_too_many_bytes() {
        let cache = AnswerCache::new(3 * (1000 + OVERHEAD));
        let answer = |fill: u8| Bytes::from(vec![fill; 1000]);
        for key in 0..3 {
            cache.keep(key, answer(key));
        }
        assert!(cache.find(&0).is_some());
        cache.keep(2, answer(9));
        assert_eq!(cache.find(&2), Some(answer(9)), "made anew, it is counted once");
        assert!(cache.find(&0).is_some());
        cache.keep(3, answer(3));
        assert_eq!(cache.find(&0), None);
        assert!((1..=3).all(|key| cache.find(&key).is_some()));
        cache.keep(4, Bytes::from(vec![0; 10_000]));
        assert_eq!(cache.find(&4), None, "one larger than all is not kept");
    }
}
