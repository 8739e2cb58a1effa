//! The life cycle of the server: start, many clients, reload, shutdown.

use crate::run::{build, campus, circle, data, harbin, harbin_extract};
use crate::server::{Answer, Server, request, until};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

#[test]
fn a_port_in_use_gives_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let done = circle(["serve", campus().to_str().unwrap(), "--listen", &address]);
    assert!(done.refusal().contains(&address), "{}", done.err);
    assert!(done.err.contains("--listen"), "{}", done.err);
}

#[test]
fn an_extract_and_its_city_file_are_served_alike() {
    let (built, read) = (Server::start(campus()), Server::start(&data("beijing-bupt.osm.pbf")));
    for path in ["/api/settings", "/api/coverage", "/api/tiles/15/26974/12410"] {
        let (one, other) = (built.get(path), read.get(path));
        assert!(one.status == 200 && one.body == other.body, "{path}: {} and {}", one.status, other.status);
    }
}

/// The answer is larger than the buffers of a socket, so it is still being sent when the signal arrives.
#[test]
fn sigterm_ends_the_server_after_the_answers_under_way() {
    let mut server = Server::start(harbin());
    let (idle, mut used) = (server.connect(), BufReader::new(server.connect()));
    request(used.get_mut(), "GET", "/healthz", &server.host, &[]);
    assert_eq!(Answer::read(&mut used, false).status, 200);
    let mut busy = BufReader::with_capacity(64, server.connect());
    request(busy.get_mut(), "GET", "/api/coverage", &server.host, &[]);
    let mut first = [0; 1];
    busy.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"H");
    server.signal("-TERM");
    let answer = Answer::read(&mut BufReader::new(first.as_slice().chain(busy)), false);
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() > 10_000_000, "{} bytes may fit the buffers", answer.body.len());
    assert!(answer.json()["features"].as_array().unwrap().len() > 1000, "whole to its end");
    let end = server.wait();
    assert!(end.starts_with("exit status: 0: "), "{end}");
    assert!(!end.contains("not finished"), "idle connections delay the shutdown: {end}");
    assert!(TcpStream::connect(&server.host).is_err(), "the port is still open");
    drop(idle);
}

#[test]
fn ctrl_c_ends_the_server_too() {
    let mut server = Server::start(campus());
    server.signal("-INT");
    assert_eq!(server.wait(), "exit status: 0: ");
}

#[test]
fn a_new_city_is_served_without_dropping_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let (city, next) = (folder.path().join("city.circle"), folder.path().join("next.circle"));
    std::fs::copy(campus(), &city).unwrap();
    let mut server = Server::start(&city);
    let before = server.get("/api/settings");
    let done = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for path in ["/api/settings", "/api/collections/gates/items?limit=3", "/readyz"] {
                        assert_eq!(server.get(path).status, 200, "{path}");
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        // Reloads at once on SIGHUP, and within seconds without it.
        std::fs::copy(harbin(), &next).unwrap();
        std::fs::rename(&next, &city).unwrap();
        server.signal("-HUP");
        until("another city", || server.get("/api/settings").body != before.body);
        assert_ne!(server.get("/api/settings").header("etag"), before.header("etag"));
        std::fs::copy(campus(), &next).unwrap();
        std::fs::rename(&next, &city).unwrap();
        until("the first city again", || server.get("/api/settings").body == before.body);
        // A file that cannot be opened is logged, and the previous city stays in service.
        std::fs::write(&next, "no city").unwrap();
        std::fs::rename(&next, &city).unwrap();
        server.signal("-HUP");
        done.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) > 100);
    assert_eq!(server.get("/api/settings").body, before.body);
    let mut lines = String::new();
    let mut log = BufReader::new(server.log());
    while !lines.contains("city not reloaded") {
        assert_ne!(log.read_line(&mut lines).unwrap(), 0, "{lines}");
    }
    assert!(lines.contains("not a city file"), "{lines}");
    assert_eq!(server.get("/api/settings").body, before.body);
}

/// `cp` over an existing file truncates and rewrites it, with the same inode.
#[test]
fn a_city_file_that_is_overwritten_in_place_does_not_end_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    std::fs::copy(campus(), &city).unwrap();
    let (mut server, other) = (Server::start(&city), Server::start(campus()));
    let mut log = BufReader::new(server.log());
    let whole = std::fs::read(campus()).unwrap();
    let damaged: Vec<u8> = whole.iter().map(|byte| !byte).collect();
    let half = &whole[..whole.len() / 2];
    // Each round reads other parts of the city for the first time.
    for (bytes, paths) in [
        (&whole[..0], ["/api/coverage", "/api/names"]),
        (half, ["/api/tiles/15/26974/12410", "/api/quality"]),
        (damaged.as_slice(), ["/api/verdicts?profile=elderly", "/api/settings"]),
    ] {
        std::fs::write(&city, bytes).unwrap();
        server.signal("-HUP");
        let mut lines = String::new();
        while !lines.contains("city not reloaded") {
            assert_ne!(log.read_line(&mut lines).unwrap(), 0, "{} bytes: {lines}", bytes.len());
        }
        for path in paths {
            let (answer, known) = (server.get(path), other.get(path));
            assert_eq!((answer.status, answer.must("circle-edition")), (200, known.must("circle-edition")));
            assert!(answer.body == known.body, "{path} after {} bytes", bytes.len());
        }
    }
    let before = server.get("/api").must("circle-edition").to_owned();
    std::fs::copy(harbin(), &city).unwrap();
    until("the new city, whole", || server.get("/api").must("circle-edition") != before);
}

#[test]
fn pages_across_a_swap_answer_409_with_the_first_page() {
    let folder = tempfile::tempdir().unwrap();
    let (city, next) = (folder.path().join("city.circle"), folder.path().join("next.circle"));
    std::fs::copy(campus(), &city).unwrap();
    let server = Server::start(&city);
    let following = |page: &serde_json::Value| {
        let links = page["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == "next").unwrap();
        link["href"].as_str().unwrap().to_owned()
    };
    let page = server.json("/api/collections/facilities/items?limit=2");
    let second = following(&page);
    let second_page = server.json(&second);
    assert_eq!(second_page["edition"], page["edition"]);
    std::fs::copy(harbin(), &next).unwrap();
    std::fs::rename(&next, &city).unwrap();
    server.signal("-HUP");
    until("another city", || server.get("/api").must("circle-edition") != page["edition"]);
    let path = second.strip_prefix(&format!("http://{}", server.host)).unwrap();
    let refused = server.get(path);
    let detail = refused.problem(409);
    let first = refused.json()["first"].as_str().unwrap().to_owned();
    assert!(
        detail.contains(&first) && first.ends_with("/api/collections/facilities/items?limit=2"),
        "{detail}"
    );
    let first_page = server.json(&first);
    assert_ne!(first_page["edition"], page["edition"]);
    assert_eq!(server.json(&following(&first_page))["edition"], first_page["edition"]);
}

/// 闽江小区 was way 466001745 in 2017 and is relation 8154608 in 2024. 警校小区, way 338425213, no longer
/// exists.
#[test]
fn keys_of_2017_are_redirected_or_gone_when_2024_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let [city, next] = ["city", "next"].map(|name| folder.path().join(format!("{name}.circle")));
    build(&data("harbin-2017.osm.pbf"), &city).ok();
    let server = Server::start(&city);
    let gates = server.json("/api/collections/gates/items?limit=10000");
    let keys: Vec<&str> =
        gates["features"].as_array().unwrap().iter().map(|gate| gate["id"].as_str().unwrap()).collect();
    for key in ["w466001745", "w338425213"] {
        assert_eq!(server.get(&format!("/api/reach?compound={key}")).status, 200, "{key}");
    }
    let extract = harbin_extract();
    let [extract, old, new] = [&extract, &city, &next].map(|path| path.to_str().unwrap());
    circle(["build", extract, "--since", old, "-o", new]).ok();
    let before = server.get("/api").must("circle-edition").to_owned();
    std::fs::rename(&next, &city).unwrap();
    server.signal("-HUP");
    until("the city of 2024", || server.get("/api").must("circle-edition") != before);
    let moved = server.get("/api/reach?minutes=10&compound=w466001745");
    assert_eq!((moved.status, moved.must("location")), (308, "/api/reach?minutes=10&compound=r8154608"));
    assert_eq!(server.get(moved.must("location")).status, 200);
    let gone = server.get("/api/reach?compound=w338425213");
    assert!(gone.problem(410).contains("w338425213"));
    let nearest = gone.json()["nearest"].clone();
    assert_eq!(server.json(nearest["href"].as_str().unwrap())["id"], nearest["id"]);
    // Every gate of 2017 is known, since boards with its key may hang there.
    for key in keys {
        let answer = server.get(&format!("/api/collections/gates/items/{key}"));
        assert!([200, 308, 410].contains(&answer.status), "{key}: {}", answer.status);
        if let Some(location) = answer.header("location") {
            assert_eq!(server.get(location).status, 200, "{key}");
        }
    }
}

#[test]
fn the_request_id_of_the_client_is_returned() {
    let server = Server::start(campus());
    let own = server.ask("GET", "/healthz", &["X-Request-Id: abc-1"]);
    assert_eq!(own.header("x-request-id"), Some("abc-1"));
    let [one, other] = [server.get("/healthz"), server.get("/api/nothing")];
    assert!(one.header("x-request-id").is_some());
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    assert!(String::from_utf8(server.get("/readyz").body).unwrap().starts_with("ready 2"));
}

#[test]
fn one_connection_takes_many_requests() {
    let server = Server::start(campus());
    let mut stream = BufReader::new(server.connect());
    for path in ["/api/settings", "/healthz", "/api/nothing", "/api/collections/gates/items"] {
        request(stream.get_mut(), "GET", path, &server.host, &[]);
        let answer = Answer::read(&mut stream, false);
        assert_eq!(answer.body, server.get(path).body, "{path}");
    }
}

/// The questions are cold: the server has not been asked before, and all clients ask at once. The answers of one
/// client come from a server of their own, so that none comes from a cache of the other.
#[test]
fn many_clients_get_the_answers_that_one_gets() {
    const CLIENTS: usize = 64;
    let (server, other) = (Server::start(harbin()), Server::start(harbin()));
    let keys = other.json("/api/collections/compounds/items?limit=30&offset=200");
    let keys: Vec<&str> = keys["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|compound| compound["id"].as_str().unwrap())
        .collect();
    let questions: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(number, key)| {
            let (lon, lat) = (126.60 + 0.01 * (number % 6) as f64, 45.74 + 0.01 * (number / 6) as f64);
            match number % 6 {
                0 => format!("/api/isochrones?at={lon:.4},{lat:.4}"),
                1 => format!("/api/reach?at={lon:.4},{lat:.4}"),
                2 => format!("/api/isochrones?compound={key}&form=rings&minutes=5,10"),
                3 => format!("/api/boards/{key}.png?size=A4&inferred=true"),
                4 => format!("/api/explain?from={lon:.4},{lat:.4}&to={:.4},{lat:.4}", lon + 0.005),
                _ => format!("/api/tiles/15/{}/{}", 27_900 + number, 11_680 + number),
            }
        })
        .chain(["district", "city"].map(|level| format!("/api/coverage?by={level}")))
        .collect();
    let given: Vec<Vec<Answer>> = thread::scope(|scope| {
        let ask = |client: usize| {
            let turn = client * questions.len() / CLIENTS;
            let (later, first) = questions.split_at(turn);
            let mut answers: Vec<Answer> = first.iter().chain(later).map(|path| server.get(path)).collect();
            answers.rotate_right(turn);
            answers
        };
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || ask(client))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let mut done = 0;
    for (number, path) in questions.iter().enumerate() {
        // Links hold the host that was asked.
        let alone = other.ask_as("GET", path, &server.host, &[]);
        for answers in &given {
            let answer = &answers[number];
            assert_eq!(answer.status, alone.status, "{path}: {}", String::from_utf8_lossy(&answer.body));
            assert!(answer.body == alone.body, "{path}");
        }
        done += usize::from([200, 204].contains(&alone.status));
    }
    assert_eq!(done, questions.len(), "all of them are answered");
}

#[test]
fn invalid_requests_do_not_harm_the_server() {
    let server = Server::start(campus());
    for noise in [
        &b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"GET /%zz?%zz=%zz HTTP/1.1\r\nHost: a b\r\n\r\n",
    ] {
        let mut stream = server.connect();
        stream.write_all(noise).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let status = answer.get(9..10);
        assert!(status.is_none_or(|class| class == b"4"), "{}", String::from_utf8_lossy(&answer));
    }
    // A client that leaves in the middle of an answer.
    let mut stream = server.connect();
    request(&mut stream, "GET", "/api/coverage", &server.host, &[]);
    drop(stream);
    assert_eq!(server.get("/healthz").body, b"ok");
}

#[test]
fn large_answers_are_compressed_when_asked() {
    let server = Server::start(harbin());
    let path = "/api/isochrones?at=126.6433,45.7579";
    let (plain, small) = (server.get(path), server.ask("GET", path, &["Accept-Encoding: gzip"]));
    assert_eq!((plain.header("content-encoding"), small.must("content-encoding")), (None, "gzip"));
    assert!(small.body.len() * 2 < plain.body.len() && small.body.starts_with(b"\x1f\x8b"));
    assert_eq!(small.must("etag"), plain.must("etag"));
}

/// The port is open before the city is read, and the handler of SIGHUP is installed before that. SIGTERM ends the
/// process at once.
#[test]
fn signals_are_handled_while_the_city_is_read() {
    for (signal, goes_on) in [("-HUP", true), ("-TERM", false)] {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = crate::run::command();
        command.arg("serve").arg(harbin_extract()).args(["--listen", &address]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        until("the port is open", || TcpStream::connect(&address).is_ok());
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.starts_with("http://"), goes_on, "{signal}: `{line}`");
        let _ = child.kill();
        child.wait().unwrap();
    }
}
