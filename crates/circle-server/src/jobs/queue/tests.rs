use super::*;
use crate::jobs::archive::Archive;
use crate::jobs::job::JobPart;
use tokio::sync::oneshot;

fn client(number: u8) -> Client {
    Client::new([192, 0, 2, number].into())
}

fn job(id: &str, of: u8) -> Arc<Job> {
    Arc::new(Job::new(id.to_owned(), "test", client(of), "0".to_owned(), 1, Vec::new()))
}

fn stored(bytes: usize) -> StoredFile {
    let mut archive = Archive::new().unwrap();
    archive.add("file", &vec![0; bytes]).unwrap();
    archive.finish().unwrap()
}

/// Starts a job that ends when the sender says so.
fn start(jobs: &Jobs, id: &str, of: u8) -> (Arc<Job>, oneshot::Sender<()>) {
    let (sender, receiver) = oneshot::channel::<()>();
    let job = job(id, of);
    let work = async move {
        let _ = receiver.await;
        Ok(stored(10))
    };
    jobs.start(job.clone(), work).unwrap();
    (job, sender)
}

async fn until(is_met: impl Fn() -> bool) {
    while !is_met() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_job_of_a_client_runs_at_a_time_and_others_have_their_own_turn() {
    let jobs = Jobs::default();
    let (first, end_first) = start(&jobs, "1", 1);
    let (second, end_second) = start(&jobs, "2", 1);
    let (other, _end_other) = start(&jobs, "3", 2);
    let status = |job: &Job| job.status();
    assert_eq!(
        [&first, &second, &other].map(|job| status(job)),
        [JobStatus::Running, JobStatus::Queued, JobStatus::Running]
    );
    end_first.send(()).unwrap();
    until(|| second.status() == JobStatus::Running).await;
    assert_eq!(first.status(), JobStatus::Done);
    assert!(first.state().result.is_some());
    end_second.send(()).unwrap();
    until(|| second.status() == JobStatus::Done).await;
    let ids = |of| jobs.of(client(of)).iter().map(|job| job.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(1), ids(2)), (vec!["2".to_owned(), "1".to_owned()], vec!["3".to_owned()]));
}

#[tokio::test]
async fn a_cancelled_job_ends_and_one_that_has_ended_is_removed() {
    let jobs = Jobs::default();
    let (running, end) = start(&jobs, "1", 1);
    let (queued, end_queued) = start(&jobs, "2", 1);
    assert!(jobs.cancel("2") && jobs.cancel("1") && !jobs.cancel("9"));
    assert_eq!([&running, &queued].map(|job| job.status()), [JobStatus::Cancelled; 2]);
    assert!(end_queued.is_closed(), "its work is dropped");
    running.cancelled().await;
    end.send(()).unwrap();
    until(|| jobs.entries().iter().all(|entry| !entry.is_running)).await;
    assert_eq!(running.status(), JobStatus::Cancelled, "although its work was done");
    assert!(jobs.cancel("1") && jobs.find("1").is_none() && jobs.find("2").is_some());
}

#[tokio::test]
async fn a_job_that_panics_fails_and_the_next_one_runs() {
    let jobs = Jobs::default();
    let failing = job("1", 1);
    let work = async || -> Result<StoredFile, JobFailure> { panic!("a bug") };
    jobs.start(failing.clone(), work()).unwrap();
    let (next, _end) = start(&jobs, "2", 1);
    until(|| next.status() == JobStatus::Running).await;
    assert_eq!(failing.status(), JobStatus::Failed);
    assert!(failing.state().message.is_some());
}

#[tokio::test]
async fn the_jobs_of_a_client_and_of_all_are_bounded_and_the_oldest_ended_ones_go() {
    let jobs = Jobs::default();
    let mut open = Vec::new();
    for number in 0..MOST_OPEN_OF_ONE {
        open.push(start(&jobs, &number.to_string(), 1));
    }
    let more = async || Ok(stored(1));
    assert_eq!(jobs.start(job("more", 1), more()), Err(Full::OfClient));
    for of in 2..=20 {
        for number in 0..MOST_OPEN_OF_ONE {
            open.push(start(&jobs, &format!("{of}-{number}"), of));
        }
    }
    assert_eq!(jobs.start(job("more", 30), more()), Err(Full::OfAll));
    let (first, end) = open.remove(0);
    end.send(()).unwrap();
    until(|| jobs.entries().iter().all(|entry| entry.job.id != "0" || !entry.is_running)).await;
    assert_eq!(first.status(), JobStatus::Done);
    jobs.start(job("more", 30), more()).unwrap();
    assert!(jobs.find("0").is_none() && jobs.entries().len() == MOST);
}

#[tokio::test]
async fn results_take_no_more_than_their_room() {
    let jobs = Jobs::within(1000);
    let (old, end) = start(&jobs, "1", 1);
    assert!(jobs.make_room(&old, 600));
    let (new, _end_new) = start(&jobs, "2", 2);
    assert!(!jobs.make_room(&new, 600), "the other job is not done");
    end.send(()).unwrap();
    until(|| jobs.entries().iter().all(|entry| entry.job.id != "1" || !entry.is_running)).await;
    assert!(jobs.make_room(&new, 600) && jobs.find("1").is_none());
    assert!(!jobs.make_room(&new, 600));
    new.add_part(JobPart { name: "a".into(), path: "/a".into() });
    assert_eq!((new.bytes(), new.state().done), (600, 1));
}
