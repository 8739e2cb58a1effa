//! The server answers as its description says, also to requests that nobody would send.

use crate::run::{campus, finish, project, write};
use crate::server::Server;
use std::process::Command;

/// Of the answers; that the description refuses all that the server refuses is not asked.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method";

#[test]
fn made_up_requests_are_answered_as_described() {
    let program = project("target").join("schemathesis/bin/schemathesis");
    assert!(program.exists(), "schemathesis is missing; install it: make target/schemathesis/.installed");
    let server = Server::start(campus());
    // It asks for all paths but that of the description.
    let operations = server.json("/api/openapi.json")["paths"].as_object().unwrap().len() - 1;
    let folder = tempfile::tempdir().unwrap();
    // Any other edition is refused before anything else is looked at.
    let edition = server.get("/api").must("circle-edition").to_owned();
    write(&folder, "schemathesis.toml", format!("[parameters]\nedition = \"{edition}\"\n"));
    let mut run = Command::new(program);
    run.current_dir(folder.path()).args(["run", &format!("http://{}/api/openapi.json", server.host)]);
    run.args([
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "20",
        "--workers",
        "2",
    ]);
    run.args(["--generation-deterministic", "--no-color"]);
    run.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    let done = finish(&mut run);
    let told = String::from_utf8_lossy(&done.out);
    assert_eq!(done.status, 0, "{told}{}", done.err);
    assert!(told.contains(&format!("Tested: {operations}\n")), "not all of {operations}: {told}");
}
