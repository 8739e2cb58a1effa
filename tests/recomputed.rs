//! The verdicts of Harbin, recomputed from `circle times` alone.

use crate::run::{circle, command, finish, harbin, info, project, write};
use crate::server::Server;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Farthest walk of 15 minutes, in degrees of longitude and latitude.
const FARTHEST: [f64; 2] = [0.0150, 0.0105];
/// Sides of the block of compounds in one run of `circle times`, in degrees of longitude and latitude.
const BLOCK: [f64; 2] = [0.0300, 0.0210];

pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) of: String,
    at: [f64; 2],
}

pub(crate) fn places(server: &Server, collection: &str, of: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut next = format!("/api/collections/{collection}/items?limit=10000");
    loop {
        let page = server.json(&next);
        for feature in page["features"].as_array().unwrap() {
            let at = &feature["geometry"]["coordinates"];
            places.push(Place {
                id: feature["id"].as_str().unwrap().to_owned(),
                of: feature["properties"][of].as_str().unwrap().to_owned(),
                at: [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()],
            });
        }
        let links = page["links"].as_array().unwrap();
        let Some(link) = links.iter().find(|link| link["rel"] == "next") else { return places };
        let mut address = link["href"].as_str().unwrap().to_owned();
        next = address.split_off(address.find("/api").unwrap());
    }
}

/// Places in the CSV form that `circle times` reads, with `gate_id` for gates.
pub(crate) fn csv<'a>(places: impl Iterator<Item = &'a Place>, gates: bool) -> String {
    let row = |place: &Place| {
        let gate = if gates { place.id.as_str() } else { "" };
        format!("{},{:.7},{:.7},{gate}\n", place.id, place.at[0], place.at[1])
    };
    std::iter::once("id,lon,lat,gate_id\n".to_owned()).chain(places.map(row)).collect()
}

/// A place on a main street in the city centre.
const STREET: &str = "street,126.6433,45.7579,\n";

/// The walks from gates to facilities by `circle times`.
struct Walks {
    /// Seconds and metres of the fastest walk within 15 minutes, by gate and facility.
    fastest: HashMap<(String, String), [f64; 2]>,
    /// Gates with a walk to [`STREET`], however long.
    on_network: HashSet<String>,
    /// Gates with a walk to any facility.
    from: HashSet<String>,
}

fn walks(gates: &[Place], entries: &[Place]) -> Walks {
    let mut blocks: BTreeMap<[i64; 2], Vec<&Place>> = BTreeMap::new();
    let block = |at: [f64; 2]| [0, 1].map(|axis| (at[axis] / BLOCK[axis]).floor() as i64);
    gates.iter().for_each(|gate| blocks.entry(block(gate.at)).or_default().push(gate));
    let facility_of: HashMap<&str, &str> =
        entries.iter().map(|entry| (entry.id.as_str(), entry.of.as_str())).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut walks = Walks { fastest: HashMap::new(), on_network: HashSet::new(), from: HashSet::new() };
    for (block, gates) in blocks {
        let near = |entry: &&Place| {
            (0..2).all(|axis| {
                let west = block[axis] as f64 * BLOCK[axis];
                (west - FARTHEST[axis]..west + BLOCK[axis] + FARTHEST[axis]).contains(&entry.at[axis])
            })
        };
        let to: Vec<&Place> = entries.iter().filter(near).collect();
        if to.is_empty() {
            continue;
        }
        let from = write(&folder, "from.csv", csv(gates.into_iter(), true));
        let to = write(&folder, "to.csv", csv(to.into_iter(), false) + STREET);
        let mut run = command();
        run.arg("times").arg(harbin()).args(["--max-minutes", "15", "--from"]).arg(from).arg("--to").arg(to);
        let done = finish(&mut run).ok();
        for row in done.text().lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            if cells[1] == "street" {
                if cells[6] == "ok" || cells[6] == "beyond" {
                    walks.on_network.insert(cells[0].to_owned());
                }
                continue;
            }
            if cells[6] != "ok" {
                continue;
            }
            walks.from.insert(cells[0].to_owned());
            let walk: [f64; 2] = [cells[2].parse().unwrap(), cells[3].parse().unwrap()];
            let pair = (cells[0].to_owned(), facility_of[cells[1]].to_owned());
            let known = walks.fastest.entry(pair).or_insert(walk);
            if walk < *known {
                *known = walk;
            }
        }
    }
    walks
}

/// Expected facilities per 10,000 residents, from `data/expected_density.toml`.
fn densities() -> Vec<(Vec<String>, f64)> {
    let text = std::fs::read_to_string(project("data/expected_density.toml")).unwrap();
    let file: toml::Value = toml::from_str(&text).unwrap();
    let entry = |entry: &toml::Value| {
        let names = entry["category"].as_str().unwrap().split('+').map(str::to_owned).collect();
        (names, entry["per_10000"].as_float().unwrap())
    };
    file["density"].as_array().unwrap().iter().map(entry).collect()
}

/// Id and rings of a unit or compound.
struct Unit {
    id: String,
    rings: Vec<Vec<[f64; 2]>>,
}

fn outlines(server: &Server, collection: &str) -> Vec<Unit> {
    let page = server.json(&format!("/api/collections/{collection}/items?limit=10000"));
    let ring = |ring: &Value| -> Vec<[f64; 2]> {
        let place = |at: &Value| [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()];
        ring.as_array().unwrap().iter().map(place).collect()
    };
    let unit = |feature: &Value| {
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons: Vec<&Value> = match feature["geometry"]["type"].as_str().unwrap() {
            "Polygon" => vec![coordinates],
            "MultiPolygon" => coordinates.as_array().unwrap().iter().collect(),
            _ => Vec::new(),
        };
        let rings = polygons.into_iter().flat_map(|polygon| polygon.as_array().unwrap()).map(ring).collect();
        Unit { id: feature["id"].as_str().unwrap().to_owned(), rings }
    };
    page["features"].as_array().unwrap().iter().map(unit).collect()
}

impl Unit {
    /// Whether a place lies inside, by the even-odd rule.
    fn holds(&self, at: [f64; 2]) -> bool {
        let crosses = |pair: &[[f64; 2]]| {
            let [a, b] = [pair[0], pair[1]];
            (a[1] > at[1]) != (b[1] > at[1]) && at[0] < (b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1]) + a[0]
        };
        let crossings = self.rings.iter().flat_map(|ring| ring.windows(2)).filter(|pair| crosses(pair));
        crossings.count() % 2 == 1
    }
}

/// A line of a rule set, from `data/rules`.
struct Line {
    zh: String,
    any_of: Vec<String>,
    /// Categories that may meet it.
    perhaps: Vec<String>,
    limit: Limit,
}

#[derive(Clone, Copy)]
enum Limit {
    Seconds(f64),
    Metres(f64),
}

fn lines_of(rules: &str) -> Vec<Line> {
    let text = std::fs::read_to_string(project(&format!("data/rules/{rules}.toml"))).unwrap();
    let rules: toml::Value = toml::from_str(&text).unwrap();
    let number = |value: &toml::Value, key: &str| value.get(key).and_then(toml::Value::as_integer);
    let minutes = number(&rules, "minutes").unwrap();
    let line = |line: &toml::Value| {
        let words = |key: &str| -> Vec<String> {
            let words = line.get(key).and_then(toml::Value::as_array);
            words.into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        let limit = match number(line, "radius_metres") {
            Some(metres) => Limit::Metres(metres as f64),
            None => Limit::Seconds(number(line, "minutes").unwrap_or(minutes) as f64 * 60.0),
        };
        Line {
            zh: line["zh"].as_str().unwrap().to_owned(),
            any_of: words("any_of"),
            perhaps: words("perhaps"),
            limit,
        }
    };
    rules["line"].as_array().unwrap().iter().map(line).collect()
}

/// The categories that meet each of the board's lines.
fn board() -> Vec<(String, Vec<String>)> {
    lines_of("board").into_iter().map(|line| (line.zh, line.any_of)).collect()
}

#[test]
fn every_verdict_of_the_board_follows_from_walking_times() {
    let doubted = recompute("board", &lines_of("board"));
    assert!(doubted > 100, "{doubted} depend on the gate");
}

/// Lines in metres, and lines for which only a school of unknown level is near enough.
#[test]
fn verdicts_of_gb_50180_follow_from_walking_times() {
    // Lines without `one_per` whose categories all have an expected density.
    let asked = [
        "小学",
        "派出所",
        "银行营业网点(10分钟级)",
        "菜市场或生鲜超市",
        "中型多功能运动场地",
        "健身房(15分钟级)",
    ];
    let mut lines = lines_of("gb50180");
    lines.retain(|line| asked.contains(&line.zh.as_str()));
    assert_eq!(lines.len(), asked.len());
    assert!(lines.iter().filter(|line| matches!(line.limit, Limit::Metres(_))).count() > 3);
    recompute("gb50180", &lines);
}

/// Recomputes every verdict from `circle times`, the counts of facilities and residents, and the provenance
/// of gates. Returns the number of verdicts that depend on the place of a gate.
#[expect(clippy::too_many_lines, reason = "one recomputation, in its order")]
fn recompute(rules: &str, lines: &[Line]) -> usize {
    let server = Server::start(harbin());
    let city = harbin().to_str().unwrap();
    let mut categories: HashMap<String, HashSet<String>> = HashMap::new();
    let mut places_of: HashMap<String, [f64; 2]> = HashMap::new();
    // Parks in closed compounds, which serve only the residents.
    let mut only_for: HashMap<String, String> = HashMap::new();
    let asked: HashSet<&str> =
        lines.iter().flat_map(|line| line.any_of.iter().chain(&line.perhaps)).map(String::as_str).collect();
    let found = server.json("/api/collections/facilities/items?limit=10000");
    for feature in found["features"].as_array().unwrap() {
        let of = feature["properties"]["categories"].as_array().unwrap().iter().filter_map(Value::as_str);
        let of: HashSet<String> = of.filter(|category| asked.contains(category)).map(str::to_owned).collect();
        if of.is_empty() {
            continue;
        }
        let id = feature["id"].as_str().unwrap().to_owned();
        let at = &feature["geometry"]["coordinates"];
        places_of.insert(id.clone(), [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()]);
        if let Some(compound) = feature["properties"]["only_for"].as_str() {
            only_for.insert(id.clone(), compound.to_owned());
        }
        categories.insert(id, of);
    }
    let parks = lines.iter().any(|line| line.any_of.iter().any(|category| category == "park"));
    assert!(!parks || only_for.len() > 10, "{}", only_for.len());
    let mut entries = places(&server, "access_points", "facility_id");
    entries.retain(|entry| categories.contains_key(&entry.of));
    let gates = places(&server, "gates", "compound_id");
    let walks = walks(&gates, &entries);
    // Gates by compound, and the compounds with a gate that is not inferred.
    let mut gates_of: HashMap<String, Vec<String>> = HashMap::new();
    gates.iter().for_each(|gate| gates_of.entry(gate.of.clone()).or_default().push(gate.id.clone()));
    let page = server.json("/api/collections/gates/items?limit=10000");
    let known_gates: HashSet<String> = page["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gate| gate["properties"]["provenance"] != "inferred")
        .map(|gate| gate["properties"]["compound_id"].as_str().unwrap().to_owned())
        .collect();
    // Completeness is judged in the smallest unit with at least 20,000 residents.
    let (header, compounds) = circle(["coverage", city, "--rules", rules, "--table", "compounds"]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let levels = ["grid_id", "community_id", "subdistrict_id", "district_id"].map(at);
    let (source_header, sources) =
        circle(["coverage", city, "--rules", rules, "--table", "sources"]).ok().csv();
    let of_source = |name: &str| source_header.iter().position(|column| column == name).unwrap();
    let of_unit: HashMap<&str, f64> = sources
        .iter()
        .map(|row| (row[of_source("unit_id")].as_str(), row[of_source("residents")].parse().unwrap()))
        .collect();
    let whole = of_unit[""];
    assert!(of_unit.iter().all(|(unit, people)| unit.is_empty() || *people >= 20_000.0));
    let area = |row: &Vec<String>| -> Option<String> {
        levels
            .iter()
            .map(|level| &row[*level])
            .find(|unit| of_unit.contains_key(unit.as_str()) && !unit.is_empty())
            .cloned()
    };
    let units = outlines(&server, "units");
    let densities = densities();
    let (header, rows) = circle(["coverage", city, "--rules", rules]).ok().csv();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let [line_at, verdict_at, reason_at] = ["line", "verdict", "reason"].map(column);
    let (walk_at, worst_at, completeness_at) =
        (column("walk_seconds"), column("seconds_worst"), column("completeness"));
    let [lon_at, lat_at] = ["compound_lon", "compound_lat"].map(column);
    let place_of_compound: HashMap<&String, [f64; 2]> =
        rows.iter().map(|row| (&row[0], [lon_at, lat_at].map(|at| row[at].parse().unwrap()))).collect();
    let estates = outlines(&server, "compounds");
    let serves = |facility: &String, row: &Vec<String>| {
        let Some(only) = only_for.get(facility) else { return true };
        let id = &row[at("compound_id")];
        only == id || estates.iter().any(|estate| &estate.id == only && estate.holds(place_of_compound[id]))
    };
    let judged: HashMap<(&str, &str), &Vec<String>> = rows
        .iter()
        .filter(|row| !row[line_at].is_empty())
        .map(|row| ((row[0].as_str(), row[line_at].as_str()), row))
        .collect();
    let (mut compared, mut at_the_edge, mut doubted, mut wrong) = (0, 0, 0, Vec::new());
    for Line { zh: line, any_of, perhaps, limit } in lines {
        let is_any = |facility: &str, of: &[String]| of.iter().any(|it| categories[facility].contains(it));
        let meets = |facility: &str| is_any(facility, any_of);
        let density: f64 = densities
            .iter()
            .filter(|(names, _)| names.iter().any(|name| any_of.contains(name)))
            .map(|(_, density)| density)
            .sum();
        let mut completeness: HashMap<Option<String>, f64> = HashMap::new();
        for row in &compounds {
            let compound = row[at("compound_id")].as_str();
            let judged = judged[&(compound, line.as_str())];
            let (verdict, reason) = (judged[verdict_at].as_str(), judged[reason_at].as_str());
            let share = *completeness.entry(area(row)).or_insert_with_key(|area| {
                let unit = area.as_ref().map(|id| units.iter().find(|unit| &unit.id == id).unwrap());
                let inside = |facility: &&String| {
                    meets(facility) && unit.is_none_or(|unit| unit.holds(places_of[*facility]))
                };
                let known = places_of.keys().filter(inside).count() as f64;
                let people = area.as_ref().map_or(whole, |unit| of_unit[unit.as_str()]);
                // With fewer than two expected facilities, the whole city is judged.
                let expected = density * people / 10_000.0;
                if area.is_some() && expected < 2.0 {
                    let known = places_of.keys().filter(|facility| meets(facility)).count() as f64;
                    return (known / (density * whole / 10_000.0)).min(1.0);
                }
                (known / expected).min(1.0)
            });
            let stated: f64 = judged[completeness_at].parse().unwrap();
            if (stated - share).abs() > 0.0011 {
                wrong.push(format!("{line} of {compound}: completeness {stated}, recomputed {share}"));
            }
            // The least seconds or metres over facilities, by gate.
            let (asks, most) = match limit {
                Limit::Seconds(most) => (0, *most),
                Limit::Metres(most) => (1, *most),
            };
            let none = Vec::new();
            let of_compound = gates_of.get(compound).unwrap_or(&none);
            let leads_out = |gate: &&String| walks.on_network.contains(*gate);
            let mut used: Vec<&String> = of_compound.iter().filter(leads_out).collect();
            if used.is_empty() {
                // A shut-in compound: all gates with any walk.
                used = of_compound.iter().filter(|gate| walks.from.contains(*gate)).collect();
            }
            // The best walk is over all gates, the worst over gates that lead out.
            let walked: Vec<&String> = of_compound
                .iter()
                .filter(|gate| walks.from.contains(*gate) || walks.on_network.contains(*gate))
                .collect();
            let least = |gates: &[&String], of: &[String]| -> Vec<f64> {
                gates
                    .iter()
                    .map(|gate| {
                        let of_gate = categories
                            .keys()
                            .filter(|facility| is_any(facility, of) && serves(facility, row))
                            .filter_map(|facility| walks.fastest.get(&((*gate).clone(), facility.clone())));
                        of_gate.map(|walk| walk[asks]).fold(f64::INFINITY, f64::min)
                    })
                    .collect()
            };
            let best = least(&walked, any_of).into_iter().fold(f64::INFINITY, f64::min);
            let worst = least(&used, any_of).into_iter().fold(0.0, f64::max);
            let guessed = !known_gates.contains(compound);
            let expected = match () {
                // `circle times` has no walk from these gates.
                () if reason == "no_usable_gate" => "unknown",
                () if best <= most && guessed && worst > most => "unknown",
                () if best <= most => "covered",
                () if share < 0.5 => "unknown",
                () if matches!(reason, "on_island" | "no_path") => "unknown",
                () if least(&walked, perhaps).iter().any(|it| *it <= most) => "unknown",
                () => "gap",
            };
            compared += 1;
            doubted += usize::from(reason == "gate_unknown");
            let near_the_edge = expected == "gap" && (verdict, reason) == ("unknown", "data_edge");
            at_the_edge += usize::from(near_the_edge);
            if verdict != expected && !near_the_edge {
                wrong.push(format!(
                    "{line} of {compound}: {verdict} {reason}, recomputed {expected}: {best} to {worst} s, {share}"
                ));
            }
            if best.is_finite() && asks == 0 {
                let walk: f64 = judged[walk_at].parse().unwrap();
                if (walk - best).abs() > 0.002 {
                    wrong.push(format!("{line} of {compound}: {walk} s, by times {best} s"));
                }
                let bound = if guessed { worst } else { best };
                let stated: f64 = judged[worst_at].parse().unwrap_or(f64::INFINITY);
                let same = if bound.is_finite() { (stated - bound).abs() < 0.002 } else { stated > most };
                if !same {
                    wrong.push(format!("{line} of {compound}: worst {stated} s, by times {bound} s"));
                }
            }
        }
    }
    assert_eq!(compared, lines.len() * compounds.len());
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(at_the_edge * 20 < compared, "{at_the_edge} at the edge of the data");
    doubted
}

/// The sum of a column over the rows that `counts` selects.
fn sum(table: &(Vec<String>, Vec<Vec<String>>), column: &str, counts: impl Fn(&[String]) -> bool) -> u64 {
    let at = table.0.iter().position(|name| name == column).unwrap();
    let number = |row: &Vec<String>| row[at].parse::<u64>().unwrap_or(0);
    table.1.iter().filter(|row| counts(row)).map(number).sum()
}

#[test]
fn units_add_up_to_the_last_person() {
    let city = harbin().to_str().unwrap();
    let run = |args: &[&str]| circle([&["coverage", city], args].concat()).ok().csv();
    let (units, coverage) = (run(&["--table", "units"]), run(&[]));
    let elderly = run(&["--profile", "elderly"]);
    let compounds = run(&["--table", "compounds"]);
    let column = |table: &(Vec<String>, Vec<Vec<String>>), name: &str| {
        table.0.iter().position(|column| column == name).unwrap()
    };
    let at = |name: &str| column(&compounds, name);
    let (id, residents, households) = (at("compound_id"), at("residents"), at("households"));
    let places = [at("district_id"), at("subdistrict_id"), at("community_id"), at("grid_id")];
    let of_compound: HashMap<&str, &Vec<String>> =
        compounds.1.iter().map(|row| (row[id].as_str(), row)).collect();
    let unit = |name: &str| column(&units, name);
    let (level, of_unit, line) = (unit("level"), unit("unit_id"), unit("category"));
    let levels = ["district", "subdistrict", "community", "grid"];
    let mut checked = 0;
    for row in units.1.iter().filter(|row| !row[line].starts_with("all")) {
        // Parks have a source. The schools of the city are 49.8 % of the expected ones.
        let has_source = row[line] == "park";
        assert_eq!(row[unit("has_source")], has_source.to_string(), "{row:?}");
        let within = |compound: &str| {
            let compound = of_compound[compound];
            let at = levels.iter().position(|word| *word == row[level]);
            // Compounds in no unit are added up under an empty id.
            at.is_none_or(|at| compound[places[at]] == row[of_unit])
        };
        for (counts, table) in [("", &coverage), ("elderly_", &elderly)] {
            for verdict in ["covered", "gap", "unknown"] {
                let of_line = |it: &&Vec<String>| it[2] == row[line] && it[12] == verdict && within(&it[0]);
                let found: Vec<&Vec<String>> = table.1.iter().filter(of_line).collect();
                let cell = |what: &str| row[unit(&format!("{what}_{verdict}"))].parse::<u64>().unwrap_or(0);
                assert_eq!(cell(&format!("{counts}compounds")), found.len() as u64, "{verdict} {row:?}");
                if counts.is_empty() {
                    for (what, at) in [("residents", residents), ("households", households)] {
                        let people =
                            found.iter().map(|it| of_compound[it[0].as_str()][at].parse().unwrap_or(0));
                        assert_eq!(cell(what), people.sum::<u64>(), "{what} {verdict} {row:?}");
                    }
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 1000, "{checked}");
    // All lines together: a gap if any line is a gap, else unknown if any line is unknown.
    let judged = |compound: &str, with_source: bool| {
        let of = coverage.1.iter().filter(|row| row[0] == compound && !row[18].is_empty());
        let verdicts: HashSet<&str> =
            of.filter(|row| !with_source || row[18] == "公园").map(|row| row[12].as_str()).collect();
        ["gap", "unknown", "covered"].into_iter().find(|verdict| verdicts.contains(verdict)).unwrap()
    };
    let city_row = |word: &str| units.1.iter().find(|row| row[level] == "city" && row[line] == word).unwrap();
    for (word, with_source) in [("all", false), ("all_with_source", true)] {
        for verdict in ["covered", "gap", "unknown"] {
            let expected =
                of_compound.keys().filter(|compound| judged(compound, with_source) == verdict).count();
            assert_eq!(
                city_row(word)[unit(&format!("compounds_{verdict}"))],
                expected.to_string(),
                "{word} {verdict}"
            );
        }
    }
    // Statistics of the times to the nearest park, by their definitions.
    let mut seconds: Vec<f64> =
        coverage.1.iter().filter(|row| row[2] == "park").filter_map(|row| row[7].parse().ok()).collect();
    seconds.sort_by(f64::total_cmp);
    let (count, mean) = (seconds.len(), seconds.iter().sum::<f64>() / seconds.len() as f64);
    let mut differences = 0.0;
    for a in &seconds {
        differences += seconds.iter().map(|b| (a - b).abs()).sum::<f64>();
    }
    let gini = differences / (2.0 * (count * count) as f64 * mean);
    let park = city_row("park");
    let stated = |column: &str| park[unit(column)].parse::<f64>().unwrap();
    assert!((stated("gini") - gini).abs() < 2e-6, "{gini} {park:?}");
    let median = f64::midpoint(seconds[(count - 1) / 2], seconds[count / 2]);
    assert!((stated("median_seconds") - median).abs() < 1e-3, "{median}");
    assert_eq!(stated("p90_seconds"), seconds[(count * 9).div_ceil(10) - 1]);
    // The units of every level have all residents of the city.
    let whole = sum(&compounds, "residents", |_| true);
    assert!(whole > 1_000_000, "{whole}");
    for word in ["city", "district", "subdistrict"] {
        let of_level = |row: &[String]| row[level] == word && row[line] == "park";
        let counted = ["covered", "gap", "unknown"]
            .map(|verdict| sum(&units, &format!("residents_{verdict}"), of_level));
        assert_eq!(counted.iter().sum::<u64>(), whole, "{word}");
    }
}

#[test]
fn the_ledger_has_a_row_for_every_gap() {
    let city = harbin().to_str().unwrap();
    let (header, ledger) = circle(["coverage", city, "--table", "ledger"]).ok().csv();
    let (_, coverage) = circle(["coverage", city]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut gaps: Vec<(String, String, String)> = coverage
        .into_iter()
        .filter(|row| row[12] == "gap")
        .map(|row| (row[0].clone(), row[18].clone(), row[13].clone()))
        .collect();
    let row = |row: &Vec<String>| {
        (row[at("compound_id")].clone(), row[at("line")].clone(), row[at("reason_word")].clone())
    };
    let mut listed: Vec<_> = ledger.iter().map(row).collect();
    gaps.sort();
    listed.sort();
    assert_eq!(listed, gaps);
    for row in &ledger {
        assert!(!row[at("department")].is_empty() && !row[at("source")].is_empty(), "{row:?}");
        assert!(
            row[at("measure")].is_empty() && row[at("deadline")].is_empty(),
            "cells to fill in are empty"
        );
    }
    let numbers: Vec<&str> = ledger.iter().map(|row| row[at("number")].as_str()).collect();
    assert_eq!(numbers, (1..=ledger.len()).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn assumptions_count_the_verdicts_that_depend_on_them() {
    let city = harbin().to_str().unwrap();
    let (header, rows) = circle(["coverage", city, "--sensitivity"]).ok().csv();
    let (_, table) = circle(["coverage", city, "--table", "assumptions"]).ok().csv();
    let columns = ["all_open", "all_closed", "without_inferred_gates", "without_derived_gates"];
    for (word, at) in columns.iter().zip(44..) {
        assert_eq!(header[at], format!("verdict_{word}"));
        for line in board() {
            let of_line = |row: &&Vec<String>| row[18] == line.0;
            let changed = rows.iter().filter(of_line).filter(|row| row[12] != row[at]).count();
            let row = table.iter().find(|row| row[0] == *word && row[2] == line.0).unwrap();
            assert_eq!(row[4], changed.to_string(), "{word} {}", line.0);
        }
    }
    let count =
        |at: usize, from: &str, to: &str| rows.iter().filter(|row| row[12] == from && row[at] == to).count();
    // Opening compounds never removes a facility from reach, and closing them never adds one.
    assert_eq!((count(44, "covered", "gap"), count(45, "gap", "covered")), (0, 0));
    assert!(count(44, "gap", "covered") > 0 && count(47, "covered", "unknown") > 1000);
    let only_closed = |row: &&Vec<String>| row[13] == "only_through_closed";
    // With inferred gates, the best side is covered.
    assert!(rows.iter().filter(only_closed).all(|row| row[44] != "gap"));
    let opened = count(44, "gap", "covered") + count(44, "gap", "unknown");
    assert_eq!(rows.iter().filter(only_closed).count(), opened);
}

#[test]
fn a_level_without_units_is_rejected_with_the_list_of_levels() {
    let city = harbin().to_str().unwrap();
    let done = circle(["coverage", city, "--by", "grid"]);
    let line = done.refusal();
    assert!(line.contains("网格") && line.contains("district, subdistrict"), "{line}");
    let done = circle(["coverage", city, "--by", "district", "--table", "ledger"]);
    assert_eq!(done.status, 2, "{}", done.err);
    let features: Value = circle(["coverage", city, "--by", "h3", "--format", "geojson"]).ok().json();
    let cells = features["features"].as_array().unwrap();
    let compounds: u64 = cells
        .iter()
        .flat_map(|cell| {
            let park = &cell["properties"]["coverage"]["park"];
            ["covered", "gap", "unknown"].map(|word| park[format!("compounds_{word}")].as_u64().unwrap())
        })
        .sum();
    assert_eq!(compounds, info(harbin()).ok().json()["compounds"].as_u64().unwrap());
    assert!(cells.iter().all(|cell| cell["geometry"]["type"] == "Polygon"));
}
