use crate::api::openapi::collections::properties;
use crate::api::routes::openapi_document;
use circle_export::{Collection, FileFormat};
use circle_study::parameters::EDITION;
use circle_study::question::{
    BoardQuestion, CoveragePart, CoverageQuestion, ExplainQuestion, IsochronesQuestion, ReachQuestion,
};
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    openapi_document(None).unwrap()
}

fn parameters(document: &Value, path: &str, place: &str) -> BTreeSet<String> {
    let all = document["paths"][path]["get"]["parameters"].as_array().unwrap();
    let there = all.iter().filter(|parameter| parameter["in"] == place);
    there.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_path_describes_exactly_the_parameters_that_its_question_reads() {
    let document = document();
    let questions: [(&str, &[&str]); 7] = [
        ("/api/isochrones", &IsochronesQuestion::PARAMETERS),
        ("/api/reach", &ReachQuestion::PARAMETERS),
        ("/api/explain", &ExplainQuestion::PARAMETERS),
        ("/api/coverage", &CoveragePart::PARAMETERS),
        ("/api/verdicts", &CoverageQuestion::PARAMETERS),
        ("/api/boards/{board}", &BoardQuestion::PARAMETERS),
        ("/api/quality", &crate::api::quality::PARAMETERS),
    ];
    for (path, read) in questions {
        let read: BTreeSet<String> = read.iter().copied().chain([EDITION]).map(str::to_owned).collect();
        assert_eq!(parameters(&document, path, "query"), read, "{path}");
    }
}

#[test]
fn items_are_filtered_by_the_described_properties() {
    let document = document();
    for collection in Collection::ALL {
        let path = format!("/api/collections/{}/items", collection.id());
        let named: BTreeSet<String> = parameters(&document, &path, "query");
        let described =
            document["components"]["schemas"][properties(collection)]["properties"].as_object().unwrap();
        let names: Vec<&str> = described.keys().map(String::as_str).collect();
        assert_eq!(names, collection.properties(), "{}", collection.id());
        assert!(names.iter().all(|name| named.contains(*name)), "{path}");
    }
}

#[test]
fn members_that_may_be_null_are_required() {
    let document = document();
    let schema = &document["components"]["schemas"]["ReachedFacilityProperties"];
    let required = schema["required"].as_array().unwrap();
    assert_eq!(required.len(), schema["properties"].as_object().unwrap().len());
    assert_eq!(schema["additionalProperties"], false);
    let of_statement = document["components"]["schemas"]["Statement"]["required"].as_array().unwrap();
    assert!(!of_statement.contains(&"label".into()) && of_statement.contains(&"profile".into()));
}

#[test]
fn every_file_format_has_a_media_type_in_the_description() {
    let document = document();
    for path in ["/api/coverage", "/api/quality"] {
        let content = document["paths"][path]["get"]["responses"]["200"]["content"].as_object().unwrap();
        for format in FileFormat::ALL {
            assert!(content.contains_key(format.media_type()), "{path} {}", format.word());
        }
    }
}
