use crate::city::city;
use crate::client::{ask, get, get_json, server};
use circle_model::{Catalogue, CompoundId, Profiles, RuleSet};
use circle_plan::{Coverage, Evidence, Judging};
use circle_reach::{Cancel, Network};

fn table(profile: &str, minutes: &[u32]) -> Coverage {
    let network = Network::build(&city("2026-11-01T00:00:00Z"));
    let (catalogue, profiles, rules) = (Catalogue::built_in(), Profiles::built_in(), RuleSet::built_in());
    let judging = Judging {
        catalogue: &catalogue,
        profile: profiles.find(profile).unwrap(),
        rules: &rules[0],
        minutes,
        evidence: Evidence::default(),
    };
    circle_plan::coverage(&network, &judging, &Cancel::never()).unwrap()
}

#[tokio::test]
async fn the_table_is_csv_where_csv_is_preferred() {
    let answer = ask(&server(), "/api/coverage?minutes=7,15", &[("accept", "text/csv")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.header("vary").contains("accept"));
    let statement: serde_json::Value = serde_json::from_str(answer.header("circle-statement")).unwrap();
    assert!(statement["rule_set"].as_str().unwrap().contains("导视图"), "{statement}");
    let lines: Vec<&str> = answer.text().lines().collect();
    assert_eq!(
        lines[0],
        "compound_id,compound_name,category,tier,nearest_facility_id,nearest_facility_name,gate_id,\
         walk_seconds,walk_metres,count_7min,count_15min,verdict,reason,beyond_seconds,radius_metres,straight_metres,straight_verdict,\
         line,need,source,confidence,to_check,completeness,known,expected,seconds_best,seconds_worst,gate_provenance,\
         beside_name,beside_seconds,basis,district,subdistrict,community,grid,compound_lon,compound_lat,gate_lon,gate_lat,\
         facility_lon,facility_lat,facility_district,facility_subdistrict"
    );
    let table = table("adult", &[7, 15]);
    assert_eq!(lines.len() - 1, table.compounds() * table.columns.len());
}

#[tokio::test]
async fn geojson_has_a_feature_per_compound_with_its_categories() {
    let answer = get("/api/coverage?profile=planning").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let collection = answer.json();
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let expected = table("planning", &[5, 10, 15]);
    for (feature, row) in features.iter().zip(0..) {
        assert_eq!(feature["properties"]["compound_id"], format!("w{}", 500 + row));
        let coverage = feature["properties"]["coverage"].as_object().unwrap();
        assert_eq!(
            coverage.keys().collect::<Vec<_>>(),
            expected.columns.iter().map(|column| &column.name).collect::<Vec<_>>()
        );
        for (column, entry) in coverage.values().enumerate() {
            let standing = expected.at(CompoundId(row), column);
            assert_eq!(entry["count_15min"], standing.counts[2]);
            assert_eq!(entry["verdict"].as_str(), standing.row.verdict.map(circle_plan::Verdict::word));
        }
    }
    let statement = &collection["statement"];
    assert!(statement["rule_set"].as_str().unwrap().contains("board"));
    assert!(statement["profile"].as_str().unwrap().contains("planning"));
}

#[tokio::test]
async fn one_compound_and_the_rule_sets_lines_can_be_asked_for() {
    let collection = get_json("/api/coverage?only=rules&compound=w501").await;
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 1);
    assert_eq!(features[0]["properties"]["compound_id"], "w501");
    let kept = features[0]["properties"]["coverage"].as_object().unwrap().len();
    assert_eq!(kept, 5);
}

#[tokio::test]
async fn units_are_added_up_at_any_level() {
    let collection = get_json("/api/coverage?by=city").await;
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 1);
    let park = &features[0]["properties"]["coverage"]["park"];
    let counts =
        ["covered", "gap", "unknown"].map(|word| park[format!("compounds_{word}")].as_u64().unwrap());
    assert_eq!(counts.iter().sum::<u64>(), 3);
    let csv = ask(&server(), "/api/coverage?by=city", &[("accept", "text/csv")]).await;
    assert!(csv.text().starts_with("level,level_zh,unit_id,unit_name,"), "{}", csv.text());
    let problem = get("/api/coverage?by=grid").await.problem(400);
    assert_eq!(problem["choices"][0], "compound", "{problem}");
    get("/api/coverage?by=city&compound=w501").await.problem(400);
    get("/api/coverage?by=city&only=rules").await.problem(400);
}

#[tokio::test]
async fn a_repeated_question_has_the_same_bytes_from_the_cache() {
    let server = server();
    let first = ask(&server, "/api/coverage", &[]).await;
    let second = ask(&server, "/api/coverage", &[]).await;
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn an_unknown_choice_is_refused_with_those_that_exist() {
    let problem = get("/api/coverage?rules=moon").await.problem(400);
    assert_eq!(problem["choices"][0], "board");
    let problem = get("/api/coverage?by=street").await.problem(400);
    assert_eq!(problem["choices"][0], "compound");
    assert_eq!(get("/api/coverage?by=compound").await.status, 200);
    get("/api/coverage?only=half").await.problem(400);
    get("/api/coverage?compound=77").await.problem(404);
    get("/api/coverage?minutes=none").await.problem(400);
    get("/api/coverage?at=1,1").await.problem(400);
}
