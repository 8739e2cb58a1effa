use crate::api::openapi::collections::properties;
use crate::api::routes::openapi_document;
use circle_export::{Collection, FileFormat};
use circle_model::WeekTime;
use circle_print::{PageSize, Settings, parse_direction};
use circle_study::parameters::EDITION;
use circle_study::question::{
    BoardQuestion, CoveragePart, CoverageQuestion, ExplainQuestion, IsochronesQuestion, ReachQuestion,
};
use proptest::prelude::{any, proptest};
use proptest::strategy::{Just, Strategy};
use proptest::string::string_regex;
use regex::Regex;
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

fn pattern(schema: &str) -> String {
    document()["components"]["schemas"][schema]["pattern"].as_str().unwrap().to_owned()
}

/// Whether a parser accepts a text.
type Accepts = fn(&str) -> bool;

fn is_size(text: &str) -> bool {
    // JSON Schema cannot compare the sides.
    PageSize::parse(text).map_or_else(|what| what.contains("times the other"), |_| true)
}

#[test]
fn limits_of_boards_are_those_of_the_question() {
    let document = document();
    let parameters = document["paths"]["/api/boards/{board}"]["get"]["parameters"].as_array().unwrap();
    let dpi = &parameters.iter().find(|parameter| parameter["name"] == "dpi").unwrap()["schema"];
    let (least, most) = BoardQuestion::DOTS_PER_INCH.into_inner();
    assert_eq!((&dpi["minimum"], &dpi["maximum"]), (&least.into(), &most.into()));
    let minutes = parameters.iter().find(|parameter| parameter["name"] == "minutes").unwrap();
    assert_eq!(minutes["schema"]["$ref"], "#/components/schemas/BoardMinutes");
    assert_eq!(document["components"]["schemas"]["FormWord"]["default"], "discs");
}

fn is_address(text: &str) -> bool {
    Settings::built_in(&circle_model::Catalogue::built_in()).with_address(text).is_ok()
}

#[test]
fn texts_at_their_limits_are_accepted_exactly_where_they_are_described() {
    let long = |length: usize| format!("http://{}", "社".repeat(length));
    let [longest, too_long] = [long(200), long(201)];
    let cases: [(&str, Accepts, &[&str], &[&str]); 4] = [
        (
            "TimeOfWeek",
            |text| WeekTime::parse(text).is_some(),
            &[
                "9:05",
                "00:00",
                "23:59",
                "sA 7:00",
                "周日7:00",
                "2028-02-29T9:05",
                "1904-02-29 23:59",
                "2000-02-29T00:00",
            ],
            &[
                "9:5",
                "24:00",
                "+9:05",
                "2100-01-01T09:00",
                "1899-12-31T09:00",
                "2026-02-29T09:00",
                "1900-02-29T09:00",
            ],
        ),
        (
            "PageSize",
            is_size,
            &["a4", "A0", "100x400", "3000×3000", "100.000X100", "3000.0x 2999.999"],
            &["0x0", "A5", "99.9x100", "3000.1x3000", "1e3x1000", "+100x100", "0100x100", "100.x100"],
        ),
        (
            "Direction",
            |text| parse_direction(text).is_ok(),
            &["sw", "0", "1.5", "007", "360", "360.0", "359.999999"],
            &["NN", "360.1", "361", "-0", "+1", "1e2", "1.", ".5", "inf", "1.0000001"],
        ),
        (
            "WebAddress",
            is_address,
            &["https://a.b/c/d?x=1#y", "http://[::1]:80", "https://u:p@a.b", "http://社区.中国/", &longest],
            &["ftp://a", "https://", "https:///a", "http://?a", "http://a b", "http://a\u{3000}", &too_long],
        ),
    ];
    for (schema, is_accepted, right, wrong) in cases {
        let pattern = Regex::new(&pattern(schema)).unwrap();
        for (texts, expected) in [(right, true), (wrong, false)] {
            for text in texts {
                assert_eq!(
                    (is_accepted(text), pattern.is_match(text)),
                    (expected, expected),
                    "{schema} {text}"
                );
            }
        }
    }
}

proptest! {
    /// Texts of the pattern, and the same with one character replaced.
    #[test]
    fn a_text_is_accepted_if_and_only_if_its_pattern_matches(
        (which, text) in (0..4_usize).prop_flat_map(|which| {
            let schema = ["TimeOfWeek", "PageSize", "Direction", "WebAddress"][which];
            (Just(which), string_regex(pattern(schema).trim_start_matches('^').trim_end_matches('$')).unwrap())
        }),
        place in any::<proptest::sample::Index>(),
        other in "[ 0-9TtxX:.+eNSaA/-]|.",
    ) {
        let accepts: [(&str, Accepts); 4] = [
            ("TimeOfWeek", |text| WeekTime::parse(text).is_some()),
            ("PageSize", is_size),
            ("Direction", |text| parse_direction(text).is_ok()),
            ("WebAddress", is_address),
        ];
        let (schema, is_accepted) = accepts[which];
        assert!(is_accepted(&text), "{schema} {text:?}");
        let mut letters: Vec<String> = text.chars().map(String::from).collect();
        let place = place.index(letters.len());
        letters[place] = other;
        let changed = letters.concat();
        let is_described = Regex::new(&pattern(schema)).unwrap().is_match(&changed);
        assert_eq!(is_accepted(&changed), is_described, "{schema} {changed:?}");
    }
}
