//! Faults around a running server: full disks, a log that nobody reads, too little memory, few descriptors,
//! damaged and crafted cities, clients that vanish, a clock that jumps. Each test asserts what goes on.

use crate::run::{campus, circle, harbin, write};
use crate::server::{Answer, Server, serve, until};
use crate::siege::client::{Client, Connection, block_on};
use crate::siege::files::{MANY_FILES, allow};
use circle_model::city::{ChangedTables, MapKind, Meta};
use circle_model::coordinates::Bounds;
use circle_model::{City, LonLat};
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use tempfile::TempDir;

/// Options with which every request has a line in the log.
const LOGGED: [&str; 4] = ["--access-log", "all", "--log", "json"];
const LOST: &str = "circle_log_lines_lost_total";
/// An isochrone of the campus.
const ISOCHRONE: &str = "/api/isochrones?at=116.3505,39.9580";
/// A workbook of the campus.
const WORKBOOK: &str = "/api/coverage?format=xlsx";
/// A large answer about Harbin.
const LARGE: &str = "/api/collections/buildings/items?limit=10000";

/// Asserts that requests about the campus are answered as ever.
#[track_caller]
fn goes_on(server: &Server) {
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        (ISOCHRONE, 200),
        ("/api/coverage", 200),
        ("/api/tiles/15/26974/12410", 200),
        ("/nothing", 404),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }
}

/// `circle serve` with every request in a log at a place.
fn logged(city: &Path, log: impl Into<Stdio>) -> Command {
    let mut command = serve(city, &LOGGED);
    command.env("RUST_LOG", "info").stderr(log);
    command
}

/// `circle serve` as the argument of another command.
fn inside(wrapper: &[&str], city: &Path, options: &[&str]) -> Command {
    let served = serve(city, options);
    let mut command = Command::new(wrapper[0]);
    command.args(&wrapper[1..]).arg(served.get_program()).args(served.get_args());
    command.env("RUST_LOG", "info").stderr(Stdio::piped());
    command
}

/// Sets a limit of a running process, such as `--as=1000000`.
#[track_caller]
fn limit(server: &Server, limit: &str) {
    let done = Command::new("prlimit").args(["--pid", &server.id().to_string(), limit]).status();
    assert!(done.unwrap().success(), "prlimit {limit}, from Debian's package `util-linux`");
}

/// Asserts that a server whose log cannot be written answers, counts the lost lines, and ends as asked.
#[track_caller]
fn goes_on_without_log(mut server: Server) {
    for _ in 0..5 {
        goes_on(&server);
    }
    until("lines of 30 requests are lost", || server.metric(LOST) >= 30);
    server.signal("-TERM");
    assert_eq!(server.wait(), "exit status: 0: ");
}

#[test]
fn a_log_on_a_full_disk_is_lost_and_counted() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    goes_on_without_log(Server::run(&mut logged(campus(), full)));
}

#[test]
fn a_closed_pipe_of_the_log_ends_nothing() {
    let mut server = Server::run(&mut logged(campus(), Stdio::piped()));
    drop(server.log());
    goes_on_without_log(server);
}

/// A pipe holds 64 KiB, and the server some thousand lines more.
#[test]
fn a_log_that_nobody_reads_blocks_nothing() {
    const BATCHES: usize = 250;
    const BATCH: usize = 100;
    let mut server = Server::run(&mut logged(campus(), Stdio::piped()));
    let mut stream = BufReader::new(server.connect());
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.host).repeat(BATCH);
    let mut answered = 0;
    for _ in 0..BATCHES {
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        for _ in 0..BATCH {
            answered += usize::from(Answer::read(&mut stream, false).status == 200);
        }
    }
    assert_eq!(answered, BATCHES * BATCH);
    goes_on(&server);
    until("lines are lost and counted", || server.metric(LOST) > 0);
    // What is lost is only the log: every request is counted.
    assert!(server.metric("circle_http_requests_total") >= (BATCHES * BATCH) as u64);
    server.signal("-TERM");
    let end = server.wait();
    assert!(end.starts_with("exit status: 0: "), "{}", end.lines().next().unwrap());
}

#[test]
fn a_text_log_in_a_file_has_no_colours_and_short_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut command = serve(campus(), &["--access-log", "all"]);
    command.env("RUST_LOG", "info").env_remove("NO_COLOR").stderr(File::create(&path).unwrap());
    let mut server = Server::run(&mut command);
    goes_on(&server);
    // Clients may invent methods.
    let request = format!(
        "{} /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        "A".repeat(20_000),
        server.host
    );
    let mut stream = BufReader::new(server.connect());
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut stream, false).status, 405);
    server.signal("-TERM");
    assert_eq!(server.wait(), "exit status: 0: ");
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.contains(" access: ") && !log.contains('\u{1b}'), "{log}");
    assert!(log.contains("method=AAAA") && log.lines().all(|line| line.len() < 1000), "{log}");
}

/// Clients that read nothing of their answers are disconnected 10 s after the signal.
#[test]
fn requests_that_the_shutdown_ends_are_logged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut server = Server::run(&mut logged(harbin(), File::create(&path).unwrap()));
    block_on(async {
        let mut unread = Vec::new();
        for number in 0..80_u8 {
            let client = server.client(2 + number % 4).with_small_buffer();
            let mut connection = client.connect().await.unwrap();
            connection.send(LARGE, &format!("X-Request-Id: unread-{number}\r\n")).await.unwrap();
            unread.push(connection);
        }
        for connection in &mut unread {
            assert_eq!(connection.status().await.unwrap(), 200);
        }
        server.signal("-TERM");
        assert_eq!(server.wait(), "exit status: 0: ");
    });
    let log = std::fs::read_to_string(&path).unwrap();
    let is_cut = |line: &&str| line.contains("\"id\":\"unread-") && line.contains("\"cause\":\"shutdown\"");
    assert_eq!(log.lines().filter(is_cut).count(), 80, "{log}");
}

/// The rows of a workbook are written to a temporary file, on a disk that is full. Each failure is logged
/// with the folder, and repeated lines are summed up.
#[test]
fn a_full_temporary_disk_fails_a_workbook_and_nothing_else() {
    const WORKBOOKS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().to_str().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mount = "mount -t tmpfs -o size=16k tmpfs \"$0\"";
    let can_mount = Command::new("unshare").args(["-rm", "sh", "-c", mount, disk]).status();
    let can_mount = can_mount.is_ok_and(|status| status.success());
    let (wrapper, script) = if can_mount {
        let fill = "head -c 64k /dev/zero > \"$0/full\" 2> /dev/null";
        (vec!["unshare", "-rm"], format!("{mount} && {{ {fill}; TMPDIR=\"$0\" exec \"$@\"; }}"))
    } else {
        // Where no disk can be mounted, one that nothing can be written to: the rows stay in memory.
        (vec!["env"], "TMPDIR=/dev/null exec \"$@\"".to_owned())
    };
    let wrapper = [wrapper, vec!["sh", "-c", &script, disk]].concat();
    let mut server = Server::run(inside(&wrapper, campus(), &[]).stderr(File::create(log.path()).unwrap()));
    for _ in 0..WORKBOOKS {
        let workbook = server.get(WORKBOOK);
        if can_mount {
            workbook.problem(503);
            assert_eq!(workbook.must("retry-after"), "60");
        } else {
            assert!(workbook.status == 200 && workbook.body.starts_with(b"PK"), "{}", workbook.status);
        }
    }
    goes_on(&server);
    let files = server.get("/api/coverage?format=gpkg");
    assert_eq!(files.status, 200, "files without a temporary part");
    if can_mount {
        let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
        assert!(metrics.contains("code=\"503\",cause=\"no_room\"}"), "{metrics}");
        server.signal("-TERM");
        assert_eq!(server.wait(), "exit status: 0: ");
        let log = std::fs::read_to_string(log.path()).unwrap();
        let is_unwritten = |line: &&str| line.contains("a table could not be written");
        let (sums, lines): (Vec<&str>, Vec<&str>) =
            log.lines().filter(is_unwritten).partition(|line| line.contains(" more in the last 10 s: "));
        assert!(lines.iter().all(|line| line.contains(disk)), "{log}");
        assert!((5..WORKBOOKS).contains(&lines.len()) && !sums.is_empty(), "{log}");
    }
}

/// Less memory than the answers of slow readers would take.
#[test]
fn a_memory_limit_of_the_system_is_not_met() {
    allow(MANY_FILES);
    let server = Server::start_with(harbin(), &["--memory", "768"]);
    let question = "/api/reach?at=126.6433,45.7579";
    let reach = server.get(question);
    assert_eq!((reach.status, server.get(LARGE).status), (200, 200));
    // What is mapped and not used yet counts too.
    limit(&server, &format!("--as={}", (server.mebibytes("VmSize") + 384) << 20));
    block_on(async {
        let mut held = Vec::new();
        for number in 0..400_u32 {
            let client = server.client(2 + (number % 4) as u8).with_small_buffer();
            let mut connection = client.connect().await.unwrap();
            let _ = connection.send(LARGE, "").await;
            held.push(connection);
        }
        for path in ["/healthz", question, "/readyz"] {
            let answer = server.client(9).get(path, "").await.unwrap();
            assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        }
        drop(held);
    });
    assert!(server.get(question).body == reach.body);
    until("there is room for a large answer", || server.get(LARGE).status == 200);
}

#[test]
fn few_descriptors_leave_answers_and_a_new_city() {
    let folder = tempfile::tempdir().unwrap();
    let (city, next) = (folder.path().join("city.circle"), folder.path().join("next.circle"));
    std::fs::copy(campus(), &city).unwrap();
    let server = Server::run(&mut inside(&["prlimit", "--nofile=64:64"], &city, &[]));
    block_on(async {
        let mut idle = Vec::new();
        for _ in 0..100 {
            idle.push(server.client(2).connect().await.unwrap());
        }
        for path in ["/healthz", "/readyz", ISOCHRONE] {
            let answer = server.client(3).get(path, "").await.unwrap();
            assert_eq!(answer.status, 200, "{path} beside 100 idle connections");
        }
        drop(idle);
    });
    goes_on(&server);
    let before = server.get("/api").must("circle-edition").to_owned();
    std::fs::copy(harbin(), &next).unwrap();
    std::fs::rename(&next, &city).unwrap();
    server.signal("-HUP");
    until("the new city", || server.get("/api").must("circle-edition") != before);
}

/// Reads lines of a log up to one with some words.
#[track_caller]
fn read_until(log: &mut impl BufRead, words: &str) -> String {
    let mut lines = String::new();
    while !lines.contains(words) {
        assert_ne!(log.read_line(&mut lines).unwrap(), 0, "no `{words}` in {lines}");
    }
    lines
}

/// A server of a copy of the campus, with the path of the copy and the log.
fn reloading(folder: &TempDir) -> (Server, PathBuf, BufReader<ChildStderr>) {
    let city = write(folder, "city.circle", std::fs::read(campus()).unwrap());
    let mut command = serve(&city, &["--access-log", "off"]);
    let mut server = Server::run(command.env("RUST_LOG", "info").stderr(Stdio::piped()));
    let log = BufReader::new(server.log());
    (server, city, log)
}

#[test]
fn a_city_file_that_is_truncated_while_it_is_served_keeps_the_old_city() {
    let folder = tempfile::tempdir().unwrap();
    let (server, city, mut log) = reloading(&folder);
    let before = server.get("/api/coverage");
    for length in [20_000, 100, 0] {
        File::options().write(true).open(&city).unwrap().set_len(length).unwrap();
        server.signal("-HUP");
        read_until(&mut log, "city not reloaded");
        goes_on(&server);
        assert!(server.get("/api/coverage").body == before.body, "after {length} bytes were left");
    }
    let next = write(&folder, "next.circle", std::fs::read(harbin()).unwrap());
    std::fs::rename(next, &city).unwrap();
    server.signal("-HUP");
    read_until(&mut log, "city reloaded");
    assert_eq!(server.get("/api/isochrones?at=126.6433,45.7579").status, 200);
}

/// Its summary says that it lies elsewhere, so that walks to its own places are refused. Nothing in its
/// tables is wrong.
#[test]
fn a_city_that_does_not_answer_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let (server, path, mut log) = reloading(&folder);
    let city = City::open(campus()).unwrap();
    let meta = Meta { bounds: Some([0.0, 0.0, 1.0, 1.0]), ..city.meta().clone() };
    let elsewhere = write(&folder, "elsewhere.circle", city.with_meta(&meta).unwrap().as_bytes());
    let done = circle(["serve", elsewhere.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(done.refusal().contains("is not served"), "{}", done.err);
    let before = server.get("/api").must("circle-edition").to_owned();
    std::fs::rename(elsewhere, path).unwrap();
    server.signal("-HUP");
    let lines = read_until(&mut log, "reloaded");
    assert!(lines.contains("city not reloaded") && lines.contains("is not served"), "{lines}");
    assert_eq!(server.get("/api").must("circle-edition"), before);
    goes_on(&server);
}

/// Where the buildings of [`city_with_a_pile`] stand: several kilometres from the compounds that a city is
/// probed with.
const PILE: LonLat = LonLat { lon: 126.65, lat: 45.74 };
const PILED: i64 = 6_000;
/// Half the length of their walls, and how far apart they stand, in 10⁻⁷ degrees.
const HALF_WALL: i32 = 20_000;
const SCATTER: i64 = 200;

/// Inner Harbin with 6,000 buildings on top of each other: a walk from there looks through the walls of all
/// of them. The check of city files accepts it, and questions about other places are answered as ever.
fn city_with_a_pile() -> Vec<u8> {
    let city = City::open(harbin()).unwrap();
    let (mut points, mut features) = (city.points().to_vec(), city.features().to_vec());
    let of_edges: HashSet<usize> = city.edges().iter().flat_map(|edge| edge.line.range()).collect();
    let pile = PILE.point();
    let mut moved = 0_i64;
    for feature in features.iter_mut().filter(|feature| feature.map_kind() == MapKind::Building) {
        let rings = city.rings_of(feature.rings);
        let is_free = !rings.iter().flat_map(|ring| ring.line.range()).any(|point| of_edges.contains(&point));
        if moved == PILED || !is_free {
            continue;
        }
        moved += 1;
        let scattered = |factor: i64| (moved * factor % SCATTER - SCATTER / 2) as i32;
        let (lon, lat) = (pile.lon + scattered(7_919), pile.lat + scattered(104_729));
        let mut bounds = Bounds::EMPTY;
        for ring in rings {
            let line = &mut points[ring.line.range()];
            let sides = [[1, 1], [-1, 1], [1, -1], [-1, -1]].into_iter().cycle();
            for (point, [east, north]) in line.iter_mut().zip(sides) {
                (point.lon, point.lat) = (lon + east * HALF_WALL, lat + north * HALF_WALL);
            }
            // Rings are closed.
            line[line.len() - 1] = line[0];
            line.iter().for_each(|point| bounds.include(*point));
        }
        feature.bounds = bounds;
    }
    assert_eq!(moved, PILED);
    let changed =
        ChangedTables { points: Some(points), features: Some(features), ..ChangedTables::default() };
    city.changed(changed).written().unwrap().as_bytes().to_vec()
}

/// All threads are in searches that let no other run for many seconds.
#[test]
fn a_server_whose_searches_hang_is_alive_and_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&write(&folder, "pile.circle", city_with_a_pile()));
    let ready = server.get("/readyz");
    assert_eq!(ready.status, 200, "{}", String::from_utf8_lossy(&ready.body));
    block_on(async {
        let mut hanging = Vec::new();
        for number in 0..32 {
            // One client alone cannot hold all threads.
            let mut connection = server.client(2 + number as u8 % 8).connect().await.unwrap();
            let [east, north] = [number % 6, number / 6].map(|step| 0.0006 * f64::from(step - 3));
            let path = format!("/api/isochrones?at={:.7},{:.7}", PILE.lon + east, PILE.lat + north);
            connection.send(&path, "").await.unwrap();
            hanging.push(connection);
        }
        until("it is not ready", || server.get("/readyz").status == 503);
        assert_eq!(server.get("/healthz").status, 200);
        drop(hanging);
    });
}

/// 50 clients that ask for something dear and leave.
#[test]
fn an_abandoned_request_is_counted_and_logged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let server = Server::run(&mut logged(harbin(), File::create(&path).unwrap()));
    block_on(async {
        for number in 0..50 {
            let mut connection = server.client(2).connect().await.unwrap();
            let headers = format!("X-Request-Id: abandoned-{number}\r\n");
            connection.send(&format!("{WORKBOOK}&minutes={}", 5 + number), &headers).await.unwrap();
        }
    });
    let ended = || {
        let text = String::from_utf8(server.get("/metrics").body).unwrap();
        let of_tables = text.lines().filter(|line| line.contains("route=\"/api/coverage\""));
        let counts =
            of_tables.filter_map(|line| line.strip_prefix("circle_http_requests_total{")?.rsplit_once(' '));
        counts.filter_map(|(_, count)| count.parse::<u64>().ok()).sum::<u64>()
    };
    until("every abandoned request is counted", || ended() == 50);
    let is_logged = |number: usize| {
        let log = std::fs::read_to_string(&path).unwrap();
        let id = format!("\"id\":\"abandoned-{number}\"");
        let line = log.lines().find(|line| line.contains("\"target\":\"access\"") && line.contains(&id));
        line.is_some_and(|line| line.contains("\"client\":\"127.0.0.2\"") && line.contains("&minutes="))
    };
    until("every abandoned request has a line", || {
        server.get("/healthz").status == 200 && (0..50).all(is_logged)
    });
    assert_eq!(server.metric(LOST), 0);
    assert_eq!(ended(), 50);
}

/// Closes a connection with a reset, as a client that was switched off seems to.
fn vanish(connection: Connection) {
    connection.into_stream().set_zero_linger().unwrap();
}

#[test]
fn clients_that_vanish_leave_nothing_behind() {
    let server = Server::start(harbin());
    let whole = server.get(LARGE);
    block_on(async {
        let client = server.client(2).with_small_buffer();
        for _ in 0..30 {
            vanish(client.connect().await.unwrap());
            let mut half = client.connect().await.unwrap();
            half.send(LARGE, "X-Half: 1").await.unwrap();
            vanish(half);
            let mut early = client.connect().await.unwrap();
            early.send(LARGE, "").await.unwrap();
            vanish(early);
        }
        let mut late = Vec::new();
        for _ in 0..10 {
            let mut connection = client.connect().await.unwrap();
            connection.send(LARGE, "").await.unwrap();
            late.push(connection);
        }
        for mut connection in late {
            assert!(connection.begins().await);
            vanish(connection);
        }
        let other = server.client(3).get(LARGE, "").await.unwrap();
        assert!(other.status == 200 && other.body == whole.body, "{}", other.status);
    });
    until("no answer waits for them", || server.metric("circle_http_waiting_bytes") == 0);
    until("no connection of theirs is open", || server.metric("circle_http_connections_open") <= 1);
}

/// `libfaketime` of the system.
fn faketime() -> PathBuf {
    let names = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let mut libraries = names.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    let library = libraries.find(|library| library.exists());
    library.expect("libfaketime is missing; install it: scripts/install-packages libfaketime")
}

/// The clock of the system jumps by years, forwards and back. Clocks that measure durations do not.
#[test]
fn a_clock_that_jumps_delays_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let offset = write(&folder, "offset", "+0\n");
    let set_clock = |text: &str| {
        let next = write(&folder, "next", text);
        std::fs::rename(next, &offset).unwrap();
    };
    let (city, next) = (folder.path().join("city.circle"), folder.path().join("next.circle"));
    std::fs::copy(campus(), &city).unwrap();
    let path = folder.path().join("log");
    let mut command = logged(&city, File::create(&path).unwrap());
    command
        .env("LD_PRELOAD", faketime())
        .env("FAKETIME_TIMESTAMP_FILE", &offset)
        .env("FAKETIME_NO_CACHE", "1");
    for setting in ["DONT_FAKE_MONOTONIC", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT"] {
        command.env(setting, "1");
    }
    let server = Server::run(&mut command);
    let client: Client = server.client(2);
    block_on(async {
        let mut kept = client.connect().await.unwrap();
        let first = kept.get(ISOCHRONE, "").await.unwrap();
        for (clock, year) in [("+4000d\n", "203"), ("-9000d\n", "200"), ("+0\n", "202")] {
            set_clock(clock);
            let again = kept.get(ISOCHRONE, "").await.unwrap();
            assert!(again.status == 200 && again.body == first.body, "on the connection from before");
            goes_on(&server);
            let dated = || {
                let log = std::fs::read_to_string(&path).unwrap();
                let last = log.lines().rfind(|line| line.contains("/healthz")).unwrap_or_default();
                last.starts_with(&format!("{{\"timestamp\":\"{year}"))
            };
            until("the log has the new time", || server.get("/healthz").status == 200 && dated());
        }
    });
    let log = std::fs::read_to_string(&path).unwrap();
    let years: HashSet<&str> = log.lines().filter_map(|line| line.get(14..18)).collect();
    assert!(years.len() >= 3, "the clock did not jump: {years:?}");
    let requests = log.lines().filter(|line| line.contains("\"target\":\"access\""));
    let ids: Vec<&str> =
        requests.filter_map(|line| line.split("\"id\":\"").nth(1)?.split('"').next()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "a request has the id of another");
    // The new file is older than the old one by this clock.
    let before = server.get("/api").must("circle-edition").to_owned();
    std::fs::copy(harbin(), &next).unwrap();
    std::fs::rename(&next, &city).unwrap();
    until("the new city", || server.get("/api").must("circle-edition") != before);
}
