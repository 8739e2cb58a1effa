use super::*;

/// A built-in rule set.
fn set(id: &str) -> RuleSet {
    RuleSet::built_in().into_iter().find(|rules| rules.id == id).unwrap()
}

fn line<'a>(rules: &'a RuleSet, id: &str) -> &'a Line {
    rules.lines.iter().find(|line| line.id.as_deref() == Some(id)).unwrap_or_else(|| panic!("{id}"))
}

#[test]
fn all_files_are_built_in_and_the_board_is_first() {
    let ids: Vec<String> = RuleSet::built_in().into_iter().map(|rules| rules.id).collect();
    assert_eq!(ids, ["board", "gb50180", "tdt1062", "mofcom", "complete_community"]);
}

#[test]
fn every_line_of_the_standards_is_there_once() {
    // Counted in the tables that the files were transcribed from. board: its five lines. gb50180: in the 50
    // facility rows, the levels with ▲ or △: 26 at fifteen minutes, 16 at ten, 17 at five, 8 in the block.
    // tdt1062: the three known rows. mofcom: 13 basic and 10 quality categories, and of the additions of 2025
    // the one that is in neither list (car wash). complete_community: its 20 items.
    let counts = RuleSet::built_in().into_iter().map(|rules| rules.lines.len());
    assert_eq!(counts.collect::<Vec<_>>(), [5, 26 + 16 + 17 + 8, 3, 13 + 10 + 1, 20]);

    let count = |rules: &str, of: fn(&Line) -> bool| set(rules).lines.iter().filter(|line| of(line)).count();
    assert_eq!(count("gb50180", |line| line.tier.as_deref() == Some("t15")), 26);
    assert_eq!(count("gb50180", |line| line.tier.as_deref() == Some("t10")), 16);
    assert_eq!(count("gb50180", |line| line.tier.as_deref() == Some("t5")), 17);
    assert_eq!(count("gb50180", |line| line.tier.as_deref() == Some("block")), 8);
    assert_eq!(count("gb50180", |line| line.need == Some(Need::Must)), 45);
    assert_eq!(count("gb50180", |line| line.need == Some(Need::May)), 22);
    // The fire station and property management have no category.
    assert_eq!(count("gb50180", |line| !line.measurable), 2);
    // Basic: 13 and the car wash. Quality: 10 without day care, which is mandatory since 2025.
    assert_eq!(count("mofcom", |line| line.need == Some(Need::Basic)), 14);
    assert_eq!(count("mofcom", |line| line.need == Some(Need::Quality)), 9);
    assert_eq!(count("mofcom", |line| line.need == Some(Need::Must)), 1);
    // Items 9, 11, 12 and 16 to 19 have no category.
    assert_eq!(count("complete_community", |line| !line.measurable), 7);
}

#[test]
fn every_built_in_line_has_a_source_and_a_mark() {
    for (name, text) in BUILT_IN {
        assert!(!text.contains("http"), "{name}: sources are named, not linked");
        let file: toml::Table = toml::from_str(text).unwrap();
        for line in file["line"].as_array().unwrap() {
            for field in ["zh", "en", "source", "confidence"] {
                let said = line.get(field).and_then(toml::Value::as_str).unwrap_or_default();
                assert!(!said.is_empty(), "{name}: {field} of {line}");
            }
        }
    }
    for rules in RuleSet::built_in() {
        assert!(!rules.source.is_empty() && !rules.note.is_empty(), "{}", rules.id);
        assert_eq!(rules.needs_check(), rules.id != "board", "{}", rules.id);
    }
}

#[test]
fn rows_of_the_national_standard_are_as_transcribed() {
    let rules = set("gb50180");
    for (id, tier, need, measure) in [
        ("chuzhong_t15", "t15", Need::Must, Measure::Metres(1000)),
        ("chuzhong_t10", "t10", Need::May, Measure::Metres(1000)),
        ("xiaoxue", "t10", Need::Must, Measure::Metres(500)),
        ("youeryuan", "t5", Need::Must, Measure::Metres(300)),
        ("weisheng_zhongxin", "t15", Need::Must, Measure::Metres(1000)),
        ("weisheng_zhan", "t5", Need::May, Measure::Metres(300)),
        ("cai_shichang", "t10", Need::Must, Measure::Metres(500)),
        ("paichusuo", "t15", Need::May, Measure::Metres(800)),
        ("gongjiao_chezhan_t5", "t5", Need::May, Measure::Metres(500)),
        ("shequ_fuwuzhan", "t5", Need::Must, Measure::Metres(300)),
        ("wenhua_zhan", "t5", Need::Must, Measure::Metres(500)),
        ("laji_shouji", "t5", Need::Must, Measure::Metres(400)),
        ("laji_shoujidian", "block", Need::Must, Measure::Metres(70)),
        // Without a radius: the minutes in the name of the level, or only the block.
        ("yanglaoyuan", "t15", Need::Must, Measure::Minutes(15)),
        ("canyin_t10", "t10", Need::Must, Measure::Minutes(10)),
        ("gonggong_cesuo", "t5", Need::Must, Measure::Minutes(5)),
        ("jianshen_qixie", "block", Need::Must, Measure::OnePer(OnePer::Block)),
        ("wuye", "block", Need::Must, Measure::None),
    ] {
        let line = line(&rules, id);
        assert_eq!((line.tier.as_deref(), line.need), (Some(tier), Some(need)), "{id}");
        assert_eq!(rules.measure(line), measure, "{id}");
        assert!(line.needs_check(), "{id}");
    }
    for (id, hectares) in [("gongyuan15", 5.0), ("gongyuan10", 1.0), ("gongyuan5", 0.4)] {
        assert_eq!(line(&rules, id).smallest_area(), Some(hectares * 10_000.0), "{id}");
    }
    assert_eq!(line(&rules, "gongyuan10").confidence, Mark::Derived);
    let by_area = rules.lines.iter().filter(|line| line.smallest_area().is_some());
    assert_eq!(by_area.count(), 3);
}

#[test]
fn levels_of_the_national_standard_do_not_include_each_other() {
    let rules = set("gb50180");
    for line in &rules.lines {
        let (id, tier) = (line.id.as_deref().unwrap(), line.tier.as_deref().unwrap());
        let minutes = match tier {
            "t15" => 15,
            "t10" => 10,
            "t5" => 5,
            _ => 0,
        };
        // Minutes are those of the level, and a block has none: no line inherits the fifteen minutes of the
        // set.
        match rules.measure(line) {
            Measure::Minutes(asked) => assert_eq!((asked, line.minutes), (minutes, Some(minutes)), "{id}"),
            Measure::Metres(_) | Measure::None => assert_eq!(line.minutes, None, "{id}"),
            Measure::OnePer(unit) => assert_eq!((unit, tier), (OnePer::Block, "block"), "{id}"),
        }
    }
}

#[test]
fn bands_of_the_ministry_of_commerce_are_five_eight_and_fifteen() {
    let rules = set("mofcom");
    for (id, minutes) in [
        ("convenience", 5),
        ("restaurant", 8),
        ("pharmacy", 8),
        ("laundry", 8),
        ("hairdresser", 8),
        ("fresh_market", 8),
        ("supermarket", 15),
        ("repair", 15),
        ("gym", 15),
        ("breakfast", 15),
        ("library", 15),
    ] {
        assert_eq!(rules.measure(line(&rules, id)), Measure::Minutes(minutes), "{id}");
    }
    let quoted = rules.lines.iter().filter(|line| line.minutes.is_some());
    assert_eq!(quoted.count(), 9);
    assert_eq!(line(&rules, "elderly_daycare").need, Some(Need::Must));
    assert_eq!(line(&rules, "bookstore").confidence, Mark::Knowledge);
    assert_eq!(line(&rules, "pet").confidence, Mark::Verified);
}

#[test]
fn private_clinics_never_meet_the_land_ministrys_medical_lines() {
    let rules = set("tdt1062");
    assert!(rules.lines.iter().all(|line| !line.any_of.iter().any(|id| id == "clinic")));
    assert!(rules.lines.iter().all(|line| line.confidence == Mark::Secondary));
    assert_eq!(rules.measure(line(&rules, "weisheng_zhongxin")), Measure::OnePer(OnePer::Subdistrict));
    assert_eq!(rules.measure(line(&rules, "weisheng_zhan")), Measure::Metres(500));
}

#[test]
fn a_line_has_its_own_department_or_those_of_its_categories() {
    let catalogue = Catalogue::built_in();
    let gb = set("gb50180");
    assert_eq!(line(&gb, "xiaoxue").departments(&catalogue), ["教育"]);
    assert_eq!(line(&gb, "cai_shichang").departments(&catalogue), ["商务"]);
    assert_eq!(line(&gb, "shequ_fuwuzhongxin").departments(&catalogue), ["组织", "民政"]);
    assert!(line(&gb, "xiaofangzhan").departments(&catalogue).is_empty());
    let own = RuleSet::parse(&own("department = \"数据局\"")).unwrap();
    assert_eq!(own.lines[0].departments(&catalogue), ["数据局"]);
}

/// An own rule set whose only `[[line]]` begins in row 6 and has further fields.
fn own(more: &str) -> String {
    format!(
        "id = \"my-district\"\nzh = \"本区清单\"\nminutes = 15\nconfidence = \"verified\"\nsource = \"区发〔2026〕1号\"\n\
         [[line]]\nzh = \"小学\"\nany_of = [\"primary_school\"]\n{more}\n"
    )
}

#[test]
fn an_own_rule_set_needs_only_names_minutes_and_categories() {
    let rules = RuleSet::parse(&own("")).unwrap();
    let line = &rules.lines[0];
    assert_eq!((rules.en.as_str(), line.en.as_str()), ("本区清单", "小学"));
    assert_eq!((line.source.as_str(), line.confidence), ("区发〔2026〕1号", Mark::Verified));
    assert!(!rules.needs_check() && line.measurable);
    assert_eq!(rules.measure(line), Measure::Minutes(15));

    let least = "id = \"x\"\nzh = \"x\"\nminutes = 8\n[[line]]\nzh = \"y\"\nany_of = [\"park\"]\n";
    let rules = RuleSet::parse(least).unwrap();
    assert!(rules.needs_check() && rules.lines[0].needs_check(), "nobody said that it was checked");
    let marked = RuleSet::parse(&own("confidence = \"derived\"")).unwrap();
    assert_eq!(marked.lines[0].confidence, Mark::Derived);
}

#[test]
fn invalid_values_are_rejected_with_row_line_and_field() {
    for (more, parts) in [
        ("minutes = 0", ["row 9", "line `小学`", "`minutes` = 0", "1 to 120"]),
        ("minutes = 121", ["row 9", "line `小学`", "`minutes` = 121", "1 to 120"]),
        ("radius_metres = 5001", ["row 9", "line `小学`", "`radius_metres` = 5001", "1 to 5000"]),
        ("minutes = 5\nradius_metres = 300", ["row 10", "小学", "`radius_metres`", "beside `minutes`"]),
        ("measurable = false\none_per = \"block\"", ["row 10", "小学", "`one_per`", "beside `measurable"]),
        ("smallest_hectares = -1", ["row 9", "小学", "`smallest_hectares` = -1", "more than 0"]),
        ("smallest_square_metres = nan", ["row 9", "小学", "`smallest_square_metres`", "more than 0"]),
        ("department = \"\"", ["row 9", "小学", "`department`", "is empty"]),
        ("id = \"a b\"", ["row 9", "小学", "`id` = \"a b\"", "letters"]),
        (
            "[[line]]\nzh = \"医\"\nany_of = [\"clinic\",\n  \"clinics\"]",
            ["row 11", "line `医`", "`any_of` names `clinics`", "health_station, clinic, hospital"],
        ),
        ("[[line]]\nzh = \"小学\"\nany_of = [\"park\"]", ["row 10", "小学", "`zh`", "earlier line"]),
        ("[[line]]\nzh = \"park\"\nany_of = [\"park\"]", ["row 10", "park", "`zh`", "id of a category"]),
        ("[[line]]\nzh = \"all\"\nany_of = [\"park\"]", ["row 10", "all", "`zh`", "all lines together"]),
        ("[[line]]\nzh = \"a\u{202e}b\"\nany_of = [\"park\"]", ["row 10", "`zh`", "turns", "heading"]),
        (
            "[[line]]\nzh = \"园\"\nen = \"x\\u001b[31m\"\nany_of = [\"park\"]",
            ["row 11", "园", "`en`", "control"],
        ),
        ("[[line]]\nzh = \"水电\"", ["row 9", "水电", "`any_of` names no category", "measurable = false"]),
        ("[[line]]\nzh = \"园\"\nany_of = [\"park\", \"park\"]", ["row 11", "园", "`any_of`", "twice"]),
        ("[[line]]\nzh = \"a\\nb\"\nany_of = [\"park\"]", ["row 10", r"a\nb", "`zh`", "line break"]),
        // Errors of TOML or of the file's form quote the row.
        ("radius = 300", ["line 9", "radius = 300", "unknown field `radius`", "radius_metres"]),
        ("minutes = -5", ["line 9", "minutes = -5", "integer `-5`", "u32"]),
        ("minutes = \"15\"", ["line 9", "minutes = \"15\"", "invalid type", "string"]),
        ("need = \"should\"", ["line 9", "need = \"should\"", "unknown variant `should`", "must"]),
        ("confidence = \"sure\"", ["line 9", "confidence = ", "`sure`", "verified"]),
        ("[[line]]\nany_of = [\"park\"]", ["line 9", "[[line]]", "missing field", "`zh`"]),
        ("minutes = ", ["line 9", "minutes = ", "TOML parse error", "rule set"]),
    ] {
        let error = RuleSet::parse(&own(more)).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{more}: {error} lacks {part}");
        }
    }
}

#[test]
fn a_set_has_an_id_minutes_and_one_to_two_hundred_lines() {
    let broken = |from: &str, to: &str| RuleSet::parse(&own("").replace(from, to)).unwrap_err().to_string();
    assert!(broken("my-district", "").contains("row 1: `id` is empty"));
    assert!(broken("minutes = 15", "minutes = 999").contains("row 3: `minutes` = 999"));
    assert!(broken("本区清单", &"长".repeat(61)).contains("row 2: `zh` is 61 characters"));
    assert!(broken("区发〔2026〕1号", &"长".repeat(401)).contains("`source` is 401 characters"));
    assert!(RuleSet::parse("id = \"x\"\nzh = \"x\"\nminutes = 5\nline = []\n").is_err());
    let lines = |count: usize| {
        let lines = (0..count).map(|number| format!("[[line]]\nzh = \"{number}\"\nany_of = [\"park\"]\n"));
        RuleSet::parse(&format!("id = \"x\"\nzh = \"x\"\nminutes = 5\n{}", lines.collect::<String>()))
    };
    assert_eq!(lines(200).unwrap().lines.len(), 200);
    assert!(lines(201).unwrap_err().to_string().contains("1 to 200 lines"));
}

#[test]
fn the_json_has_the_fields_of_the_page_and_the_marks() {
    let rules = serde_json::to_value(set("gb50180")).unwrap();
    for field in ["id", "zh", "en", "minutes", "standard", "source", "confidence", "note"] {
        assert!(!rules[field].is_null(), "{field}");
    }
    let line = &rules["lines"][0];
    assert_eq!(line["any_of"], serde_json::json!(["middle_school"]));
    assert_eq!((&line["need"], &line["radius_metres"]), (&"must".into(), &1000.into()));
    assert_eq!((&line["confidence"], &line["measurable"]), (&"knowledge".into(), &true.into()));
    assert!(line.get("minutes").is_none(), "a distance is no time");
}

/// The row of a line in `docs/rules.md`.
fn row(rules: &RuleSet, line: &Line) -> String {
    let measure = match rules.measure(line) {
        Measure::Minutes(minutes) => format!("{minutes} min"),
        Measure::Metres(metres) => format!("{metres} m"),
        Measure::OnePer(unit) => format!("one per {}", unit.word()),
        Measure::None => "not measured".to_owned(),
    };
    let area = line.smallest_area().map_or(String::new(), |area| format!(", {area} m² or more"));
    let level = line.tier.as_deref().unwrap_or("");
    let need = line.need.map_or("", Need::zh);
    let mark = if line.needs_check() { " 待核" } else { "" };
    format!(
        "| {} {} | {level} | {need} | {measure}{area} | {} | {}{mark} | {} |",
        line.zh,
        line.en,
        line.any_of.join(", "),
        line.confidence.word(),
        line.source,
    )
}

#[test]
fn the_page_on_rules_has_a_row_for_every_line() {
    let page = include_str!("../../../../docs/rules.md");
    let rows = |page: &str| page.lines().filter(|line| line.starts_with("| ")).count();
    let mut lines = 0;
    for rules in RuleSet::built_in() {
        let heading = format!("## `{}` {}", rules.id, rules.zh);
        let section = page.split_once(heading.as_str()).unwrap_or_else(|| panic!("no section {heading}")).1;
        let section = section.split("\n## ").next().unwrap();
        let missing: Vec<String> = rules
            .lines
            .iter()
            .map(|line| row(&rules, line))
            .filter(|row| !section.lines().any(|line| line == row))
            .collect();
        assert!(missing.is_empty(), "{heading} lacks\n{}", missing.join("\n"));
        assert!(section.contains(&rules.source) && section.contains(rules.confidence.word()), "{heading}");
        // The header, and a row for each line: no row of an earlier version remains.
        assert_eq!(rows(section), rules.lines.len() + 1, "{heading}");
        lines += rules.lines.len();
    }
    assert_eq!(lines, 119);
}
