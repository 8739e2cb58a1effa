//! The coverage table 覆盖: a row per compound and category.

use circle_model::{
    Catalogue, City, CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile, RuleSet,
};
use circle_reach::{Nearest as Afar, Network, Origin, Reached, Status};
use rayon::prelude::*;

/// The coverage table of all compounds.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// Category ids, then the names of the rule set's lines, in the order of `rows`' columns.
    pub categories: Vec<String>,
    /// How many of `categories` come from the catalogue; the rest are the rule set's lines.
    pub catalogue_len: usize,
    /// `compounds × categories`, by compound.
    pub rows: Vec<Row>,
}

/// How one compound stands in one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The nearest facility, its gate and the walk to it; `None` when none can be walked to.
    pub nearest: Option<Nearest>,
    /// Distinct facilities within each band, as [`Coverage::minutes`].
    pub counts: Vec<u32>,
    /// The judgement; `None` where the rule set does not name the category.
    pub verdict: Option<Verdict>,
    /// Why, in a fixed word; empty where covered or not judged.
    pub reason: &'static str,
    /// The band judged in, minutes; `None` where not judged.
    pub tier: Option<u32>,
}

/// The least walk from any gate to any facility of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The facility.
    pub facility: FacilityId,
    /// The gate that was used.
    pub gate: Option<GateId>,
    /// Walking time.
    pub time: Milliseconds,
    /// Length of the walk.
    pub length: Millimetres,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the band.
    Covered,
    /// Not within the band.
    Gap,
    /// Cannot be told.
    Unknown,
}

impl Verdict {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Gap => "gap",
            Self::Unknown => "unknown",
        }
    }
}

impl Coverage {
    /// The rows of one compound, in the order of `categories`.
    pub fn of(&self, compound: CompoundId) -> &[Row] {
        &self.rows[compound.index() * self.categories.len()..][..self.categories.len()]
    }
}

/// Facilities are looked for up to this far; what takes longer is nobody's daily walk.
const FARTHEST: Milliseconds = Milliseconds::from_minutes(240);

/// With fewer facilities than one for this many compounds, the map holds no source for a category: what is not
/// found is not known to be missing.
pub const COMPOUNDS_PER_FACILITY: usize = 100;

/// Judges every compound over every category of the catalogue and every line of the rule set.
///
/// A line that one category alone can meet is judged in that category's row; other lines have rows of their own.
pub fn coverage(
    network: &Network,
    catalogue: &Catalogue,
    profile: &Profile,
    rules: &RuleSet,
    minutes: &[u32],
) -> Coverage {
    let city = network.city();
    network.prepare_facilities();
    let mut columns = columns(catalogue, rules);
    let mut members: Vec<Vec<FacilityId>> = vec![Vec::new(); catalogue.categories.len()];
    for (number, facility) in (0u32..).zip(city.facilities()) {
        for category in &city.facility_categories()[facility.categories.range()] {
            if let Some(members) = members.get_mut(usize::from(*category)) {
                members.push(FacilityId(number));
            }
        }
    }
    for column in &mut columns {
        let mut facilities: Vec<FacilityId> =
            column.any_of.iter().flat_map(|category| &members[*category]).copied().collect();
        facilities.sort_unstable();
        facilities.dedup();
        column.has_source =
            !facilities.is_empty() && facilities.len() * COMPOUNDS_PER_FACILITY >= city.compounds().len();
    }
    let afar: Vec<Option<Afar<'_>>> = members
        .par_iter()
        .map(|members| (!members.is_empty()).then(|| Afar::of(network, profile, members, FARTHEST)))
        .collect();
    let farthest = minutes.iter().copied().chain([rules.minutes]).max().unwrap_or(0);
    let rows = (0..city.compounds().len() as u32)
        .into_par_iter()
        .flat_map_iter(|compound| {
            let origin = Origin::Compound(CompoundId(compound));
            let reached = circle_reach::reach(network, profile, origin, Milliseconds::from_minutes(farthest));
            let near = Near::sort(city, catalogue, reached);
            columns.iter().map(|column| row(column, &near, &afar, origin, minutes)).collect::<Vec<_>>()
        })
        .collect();
    Coverage {
        minutes: minutes.to_vec(),
        categories: columns.into_iter().map(|column| column.name).collect(),
        catalogue_len: catalogue.categories.len(),
        rows,
    }
}

/// A column of the table: one category, or a line that several can meet.
struct Column {
    name: String,
    /// Positions in the catalogue.
    any_of: Vec<usize>,
    /// Minutes judged in.
    tier: Option<u32>,
    /// The data holds enough such facilities to say that one is missing.
    has_source: bool,
}

fn columns(catalogue: &Catalogue, rules: &RuleSet) -> Vec<Column> {
    let positions = |ids: &[String]| ids.iter().filter_map(|id| catalogue.index_of(id)).collect::<Vec<_>>();
    let lines: Vec<(String, Vec<usize>)> =
        rules.lines.iter().map(|line| (line.zh.clone(), positions(&line.any_of))).collect();
    let judged_alone = |category: usize| lines.iter().any(|(_, any_of)| *any_of == [category]);
    let categories = catalogue.categories.iter().enumerate().map(|(number, category)| Column {
        name: category.id.clone(),
        any_of: vec![number],
        tier: judged_alone(number).then_some(rules.minutes),
        has_source: false,
    });
    let own = lines.iter().filter(|(_, any_of)| any_of.len() != 1);
    let own = own.map(|(name, any_of)| Column {
        name: name.clone(),
        any_of: any_of.clone(),
        tier: Some(rules.minutes),
        has_source: false,
    });
    categories.chain(own).collect()
}

/// What one compound reaches, by category, nearest first.
struct Near {
    by_category: Vec<Vec<Reached>>,
    /// The compound has a gate with a way at it.
    has_gate: bool,
}

impl Near {
    fn sort(city: &City, catalogue: &Catalogue, reached: Result<Vec<Reached>, Status>) -> Self {
        let has_gate = reached.is_ok();
        let mut by_category = vec![Vec::new(); catalogue.categories.len()];
        for it in reached.unwrap_or_default() {
            let facility = &city.facilities()[it.facility.index()];
            for category in &city.facility_categories()[facility.categories.range()] {
                by_category[usize::from(*category)].push(it);
            }
        }
        Self { by_category, has_gate }
    }

    /// Distinct facilities of any of the categories, nearest first.
    fn any_of(&self, categories: &[usize]) -> Vec<Reached> {
        let mut found: Vec<Reached> =
            categories.iter().flat_map(|category| &self.by_category[*category]).copied().collect();
        found.sort_unstable_by_key(|it| (it.time, it.length, it.facility));
        found.dedup_by_key(|it| it.facility);
        found
    }
}

fn row(column: &Column, near: &Near, afar: &[Option<Afar<'_>>], origin: Origin, minutes: &[u32]) -> Row {
    let found = near.any_of(&column.any_of);
    let sources = || column.any_of.iter().filter_map(|category| afar[*category].as_ref());
    let nearest = found.first().copied().or_else(|| {
        sources().filter_map(|afar| afar.from(origin)).min_by_key(|it| (it.time, it.length, it.facility))
    });
    let within = |minutes: u32| found.partition_point(|it| it.time <= Milliseconds::from_minutes(minutes));
    let (verdict, reason) = match column.tier {
        None => (None, ""),
        Some(_) if !near.has_gate => (Some(Verdict::Unknown), "no_usable_gate"),
        Some(tier) if within(tier) > 0 => (Some(Verdict::Covered), ""),
        Some(_) if !column.has_source => (Some(Verdict::Unknown), "no_source"),
        Some(_) if nearest.is_some() => (Some(Verdict::Gap), "beyond"),
        Some(_) => (Some(Verdict::Gap), "no_path"),
    };
    Row {
        nearest: nearest.map(|it| Nearest {
            facility: it.facility,
            gate: it.gate,
            time: it.time,
            length: it.length,
        }),
        counts: minutes.iter().map(|minutes| within(*minutes) as u32).collect(),
        verdict,
        reason,
        tier: column.tier,
    }
}
