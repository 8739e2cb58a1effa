//! Verdicts by line of the rule set, for the colours of a map. Geometries and names are not included, as they
//! are the same for every rule set.

use super::CoverageReport;
use crate::number::Thousandths;
use crate::statement::Statement;
use crate::written::json;
use circle_model::{CompoundId, FacilityId};
use circle_plan::{Area, Coverage, Nearest, Reason, Source, Standing, Verdict, bring, has_guessed_gates};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Serialize)]
struct Verdicts<'a> {
    edition: String,
    compounds: usize,
    /// Keys of the compounds, in the order of every list.
    compound_ids: Vec<Cow<'a, str>>,
    minutes: &'a [u32],
    as_mapped: bool,
    least_completeness: f64,
    /// The areas in which completeness is computed, the whole city first.
    areas: Vec<OfArea<'a>>,
    /// Position in `areas`, by compound.
    area_of: Vec<usize>,
    /// Whether all gates are inferred, by compound.
    gates_guessed: Vec<bool>,
    /// Completeness of every category in the whole city.
    categories: BTreeMap<&'a str, Completeness>,
    /// Lines that own files would settle, by residents, descending.
    bring: Vec<OfBring<'a>>,
    lines: Vec<OfLine<'a>>,
    /// Names of the facilities that are nearest to a compound, by key.
    facilities: BTreeMap<Cow<'a, str>, Option<&'a str>>,
    statement: Statement,
}

#[derive(Serialize)]
struct OfArea<'a> {
    unit_id: Option<Cow<'a, str>>,
    name: Option<&'a str>,
    residents: Option<f64>,
}

#[derive(Serialize)]
struct Completeness {
    completeness: Option<f64>,
    known: u32,
    expected: Option<f64>,
}

impl Completeness {
    fn of(source: &Source) -> Self {
        let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
        Self {
            completeness: source.completeness().map(rounded),
            known: source.known,
            expected: source.expected.map(rounded),
        }
    }
}

#[derive(Serialize)]
struct OfBring<'a> {
    category: &'a str,
    categories: Vec<&'a str>,
    compounds: u32,
    residents: u64,
}

/// The nearest facility that is named beside a line, by compound.
#[derive(Serialize)]
struct Beside<'a> {
    names: Vec<Option<&'a str>>,
    walk_seconds: Vec<Option<Thousandths>>,
}

#[derive(Serialize)]
struct OfLine<'a> {
    /// Its position in the rule set.
    line: usize,
    category: &'a str,
    has_source: bool,
    /// By area.
    completeness: Vec<Completeness>,
    /// A letter for each compound.
    verdicts: String,
    reasons: Vec<&'static str>,
    nearest_facility_ids: Vec<Option<Cow<'a, str>>>,
    walk_seconds: Vec<Option<Thousandths>>,
    walk_metres: Vec<Option<Thousandths>>,
    /// The longest of the walks from each gate, if all gates are inferred.
    seconds_worst: Vec<Option<Thousandths>>,
    /// Facilities that are named beside the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<Beside<'a>>,
    /// Number of facilities within the last band.
    counts: Vec<u32>,
}

/// Writes JSON: `edition`; `compounds`, their number; `compound_ids`, their keys, in the order of every list;
/// `minutes`; `as_mapped`, `least_completeness`; `areas` in which completeness is computed, the whole city
/// first, and `area_of`, the position there for each compound; `gates_guessed`; `categories`, the
/// completeness of each in the city; `bring`, the lines that own files would settle; `facilities`, names by
/// key; `lines`, each with `line` (its position in the rule set), `category`, `has_source`, `completeness` by
/// area, `seconds_worst`, `beside` and, for the compounds in the order of `compound_ids`, `verdicts` (a text
/// with a letter for each: `c` covered, `g` gap, `u` unknown), `reasons`, `nearest_facility_ids`,
/// `walk_seconds`, `walk_metres` and `counts` within the last band; `statement`.
pub fn verdicts_json(report: &CoverageReport<'_>) -> Vec<u8> {
    let coverage = report.coverage;
    let compounds = || (0..coverage.compounds() as u32).map(CompoundId);
    let mut nearest = BTreeSet::new();
    let lines = coverage.judged().into_iter().map(|column| of_line(report, column, &mut nearest)).collect();
    let named = |id: FacilityId| {
        let name = report.city.text_or_none(report.city.facilities()[id.index()].name);
        (report.city.facility_key(id), name)
    };
    json(&Verdicts {
        edition: report.city.edition().to_string(),
        compounds: coverage.compounds(),
        compound_ids: compounds().map(|compound| report.city.compound_key(compound)).collect(),
        minutes: &coverage.minutes,
        as_mapped: coverage.evidence.as_mapped,
        least_completeness: coverage.evidence.least_completeness,
        areas: coverage.areas.all().iter().map(|area| of_area(report, area)).collect(),
        area_of: compounds().map(|compound| coverage.areas.of_compound(compound)).collect(),
        gates_guessed: compounds().map(|compound| has_guessed_gates(report.city, compound)).collect(),
        categories: coverage.columns[..report.catalogue.categories.len().min(coverage.columns.len())]
            .iter()
            .filter_map(|column| Some((column.name.as_str(), Completeness::of(column.sources.first()?))))
            .collect(),
        bring: bring(report.city, coverage, report.rules, report.within)
            .into_iter()
            .map(|it| OfBring {
                category: &coverage.columns[it.column].name,
                categories: it
                    .categories
                    .iter()
                    .map(|column| coverage.columns[*column].name.as_str())
                    .collect(),
                compounds: it.compounds,
                residents: it.residents,
            })
            .collect(),
        lines,
        facilities: nearest.into_iter().map(named).collect(),
        statement: report.statement(),
    })
}

fn of_line<'a>(
    report: &CoverageReport<'a>,
    column: usize,
    facilities: &mut BTreeSet<FacilityId>,
) -> OfLine<'a> {
    let coverage: &'a Coverage = report.coverage;
    let standings = || (0..coverage.compounds() as u32).map(move |it| coverage.at(CompoundId(it), column));
    let nearest = |standing: &Standing<'_>| standing.row.nearest;
    facilities.extend(standings().filter_map(|it| Some(nearest(&it)?.facility)));
    let of_column = &coverage.columns[column];
    OfLine {
        line: of_column.line.unwrap_or_default(),
        category: &of_column.name,
        has_source: of_column.is_sourced(&coverage.evidence),
        completeness: of_column.sources.iter().map(Completeness::of).collect(),
        seconds_worst: standings().map(|it| Some(it.row.worst?.into())).collect(),
        beside: (!of_column.beside.is_empty()).then(|| beside(report, column)),
        verdicts: standings().map(|it| it.row.verdict.map_or('-', letter)).collect(),
        reasons: standings().map(|it| it.row.reason.map_or("", Reason::word)).collect(),
        nearest_facility_ids: standings()
            .map(|it| Some(report.city.facility_key(nearest(&it)?.facility)))
            .collect(),
        walk_seconds: standings().map(|it| Some(nearest(&it)?.time.into())).collect(),
        walk_metres: standings().map(|it| Some(nearest(&it)?.length.into())).collect(),
        counts: standings().map(|it| it.counts.last().copied().unwrap_or_default()).collect(),
    }
}

fn of_area<'a>(report: &CoverageReport<'a>, area: &Area) -> OfArea<'a> {
    let unit = area.unit.map(|unit| &report.city.units()[unit.index()]);
    OfArea {
        unit_id: area.unit.map(|unit| report.city.unit_key(unit)),
        name: unit.and_then(|unit| report.city.text_or_none(unit.name)),
        residents: area.residents.map(f64::round),
    }
}

fn beside<'a>(report: &CoverageReport<'a>, column: usize) -> Beside<'a> {
    let nearest = (0..report.coverage.compounds() as u32)
        .map(|compound| report.coverage.beside(CompoundId(compound), column));
    let name =
        |nearest: Nearest| report.city.text_or_none(report.city.facilities()[nearest.facility.index()].name);
    Beside {
        names: nearest.clone().map(|nearest| nearest.and_then(name)).collect(),
        walk_seconds: nearest.map(|nearest| Some(nearest?.time.into())).collect(),
    }
}

const fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Covered => 'c',
        Verdict::Gap => 'g',
        Verdict::Unknown => 'u',
    }
}
