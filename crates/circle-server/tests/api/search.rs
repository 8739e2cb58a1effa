//! `/api/search`: what has a name.

use crate::client::{get, get_json};
use serde_json::{Value, json};

fn members<'a>(results: &'a Value, name: &str) -> Vec<&'a Value> {
    results.as_array().unwrap().iter().map(|result| &result[name]).collect()
}

#[tokio::test]
async fn namesakes_are_told_apart() {
    let answer = get_json("/api/search?q=%E5%90%8C%E5%90%8D").await;
    assert_eq!(answer["edition"], get("/api").await.header("circle-edition"));
    let results = &answer["results"];
    assert_eq!(members(results, "id"), ["w501", "w502"]);
    for result in results.as_array().unwrap() {
        let known = ["kind", "name", "unit", "street", "match"].map(|name| result[name].as_str().unwrap());
        assert_eq!(known, ["compound", "同名小区", "道里区", "中山路", "name"]);
        assert_eq!(
            (result["at"].as_array().unwrap().len(), result["bounds"].as_array().unwrap().len()),
            (2, 4)
        );
    }
    assert_ne!(results[0]["at"], results[1]["at"]);
}

#[tokio::test]
async fn streets_facilities_and_units_are_found_by_pinyin_and_initials() {
    let streets = get_json("/api/search?q=zsl").await;
    let street = &streets["results"][0];
    assert_eq!([&street["kind"], &street["name"], &street["match"]], ["street", "中山路", "initials"]);
    assert!(street.get("id").is_none() && street["bounds"].is_array(), "{street}");
    let clinics = get_json("/api/search?q=zhensuo&limit=4").await;
    assert_eq!(members(&clinics["results"], "category"), vec!["clinic"; 4]);
    assert_eq!(members(&clinics["results"], "match"), vec!["pinyin"; 4]);
    let unit = get_json("/api/search?q=daoli&kinds=street,unit").await;
    assert_eq!(members(&unit["results"], "id"), ["r300"]);
    assert_eq!(get_json("/api/search?q=daoli&kinds=street").await["results"], json!([]));
}

#[tokio::test]
async fn a_search_without_a_text_or_with_too_much_is_refused() {
    let long = "a".repeat(101);
    for query in ["", "?q=", &format!("?q={long}"), "?q=a&limit=51", "?q=a&kinds=road", "?q=a&compound=w500"]
    {
        get(&format!("/api/search{query}")).await.problem(400);
    }
    let problem = get("/api/search?q=a&kinds=road").await.problem(400);
    assert_eq!(problem["choices"], json!(["compound", "unit", "street", "facility"]));
}
