//! Answers that nobody wants to their end.

use super::ascii_map::Map;
use super::town::profile;
use crate::{Form, Isochrones, Origin, Wanted, isochrones, while_wanted};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const CROSSROADS: &str = "
    A---------p---------B
    |                   |
    |                   |
    C---------q---------D";

/// Given up at each question in turn, and whole when it is given up at none; on one network, and on the same thread.
#[test]
fn an_answer_given_up_anywhere_leaves_the_next_one_whole() {
    let map = || Map::draw(50.0, CROSSROADS).open();
    let planning = profile("planning");
    let ask = |scene: &super::ascii_map::Scene, place: char| -> Isochrones {
        isochrones(&scene.network, &planning, Origin::Place(scene.point(place)), &[5, 15], Form::Discs)
    };
    let expected = ['p', 'q'].map(|place| format!("{:?}", ask(&map(), place)));
    let mut questions = 0;
    loop {
        // Anew each time, so that it is given up while parts of the lattice are made as well.
        let scene = map();
        let left = Arc::new(AtomicUsize::new(questions));
        let counted: Wanted = {
            let left = left.clone();
            let one_less = |left: usize| left.checked_sub(1);
            Arc::new(move || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok())
        };
        let answer = while_wanted(counted, || ask(&scene, 'p'));
        assert_eq!(format!("{:?}", ask(&scene, 'p')), expected[0], "after {questions} questions");
        assert_eq!(format!("{:?}", ask(&scene, 'q')), expected[1], "after {questions} questions");
        if let Some(answer) = answer {
            assert_eq!(format!("{answer:?}"), expected[0]);
            break;
        }
        questions += 1;
    }
    assert!(questions > 20, "asked {questions} times");
}

#[test]
fn a_fault_stays_a_fault() {
    let fault = std::panic::catch_unwind(|| while_wanted(Arc::new(|| true), || panic!("on purpose")));
    assert_eq!(fault.unwrap_err().downcast_ref::<&str>(), Some(&"on purpose"));
    assert_eq!(while_wanted(Arc::new(|| false), || 1), None);
    assert_eq!(while_wanted(Arc::new(|| true), || 2), Some(2));
}
