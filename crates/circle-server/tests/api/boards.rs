//! Checks of boards, and the board file of a district.

use crate::client::{ask, get_json, server};
use crate::jobs::post;
use serde_json::json;

#[tokio::test]
async fn a_check_names_the_gates_and_what_was_found() {
    let server = server();
    let answer = ask(&server, "/api/boards/w500.json?gate=n701&size=A4", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    let check = answer.json();
    assert_eq!((&check["gate"]["id"], &check["gate"]["name"]), (&"n701".into(), &"北门".into()));
    let gates: Vec<(&str, bool)> = check["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| (gate["id"].as_str().unwrap(), gate["selected"].as_bool().unwrap()))
        .collect();
    assert_eq!(gates, [("n700", false), ("n701", true)]);
    let minutes: Vec<u64> =
        check["bands"].as_array().unwrap().iter().map(|it| it["minutes"].as_u64().unwrap()).collect();
    assert_eq!(minutes, [5, 10, 15]);
    let errors = check["findings"].as_array().unwrap().iter().filter(|it| it["severity"] == "error").count();
    assert_eq!(check["may_be_printed"], errors == 0);
    ask(&server, "/api/boards/w500.json?size=A9", &[]).await.problem(400);
    assert_eq!(
        ask(&server, "/api/boards/w400.json?size=A4", &[]).await.header("location"),
        "/api/boards/w500.json?size=A4"
    );
}

#[tokio::test]
async fn a_board_with_errors_is_marked_and_the_header_names_them() {
    let server = server();
    let check = get_json("/api/boards/w500.json?size=A4").await;
    let board = ask(&server, "/api/boards/w500.svg?size=A4", &[]).await;
    assert_eq!(board.header("circle-board-sample").is_empty(), check["may_be_printed"] == true);
    // Whoever asks for a sample needs no header.
    let sample = ask(&server, "/api/boards/w500.svg?size=A4&sample=true", &[]).await;
    assert!(sample.header("circle-board-sample").is_empty() && sample.text().contains("样张"));
}

#[tokio::test]
async fn a_board_file_becomes_parameters_that_a_board_accepts() {
    let server = server();
    let file = "size = \"A4\"\nissuer = \"爱建街道\"\nminutes = [5, 10]\n[colours]\naccent = \"#0B6E5F\"\n";
    for kind in ["application/toml", "text/plain; charset=utf-8"] {
        let answer = post(&server, "/api/boards/settings", kind, file).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let settings = answer.json();
        let expected = json!({ "size": "A4", "issuer": "爱建街道", "minutes": "5,10" });
        assert_eq!((&settings["parameters"], &settings["left_out"]), (&expected, &json!(["colours"])));
    }
    let board = "/api/boards/w500.svg?size=A4&minutes=5,10&issuer=%E7%88%B1%E5%BB%BA%E8%A1%97%E9%81%93";
    assert!(ask(&server, board, &[]).await.text().contains("爱建街道"));
    for (file, named) in [("size = \"A9\"", "A9"), ("logo = \"logo.svg\"", "data:image"), ("\u{0}", "")] {
        let problem = post(&server, "/api/boards/settings", "text/plain", file).await.problem(400);
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
    post(&server, "/api/boards/settings", "application/json", "{}").await.problem(415);
}
