//! An audit: a random sample of verdicts 抽查, each with the evidence to refute it by hand, as a sheet to fill
//! in and as a page with a map for each.

mod html;
mod map;
mod page;
mod sheet;
mod words;

use crate::coverage::CoverageReport;
use crate::statement::Statement;
use circle_model::rules::Measure;
use circle_model::{CompoundId, FacilityId, Milliseconds};
use circle_plan::{Drawn, Sample, Standing, Stratum};
use circle_reach::{Cancel, Cancelled, Destination, Explained, Network, Origin, Reached, Status};

/// Maximum walk, as in the coverage table.
const FARTHEST: Milliseconds = Milliseconds::from_minutes(240);
/// Facilities are listed up to this multiple of the limit, in straight-line distance.
const BEYOND: f64 = 1.3;
/// Minimum number of facilities listed, at any distance.
const LEAST_LISTED: usize = 3;
/// Search time in minutes for lines that are not judged by a walk.
const MINUTES_WITHOUT_LIMIT: u32 = 15;
/// Maximum number of facilities without a walk whose barriers are looked up.
const MOST_LOOKED_UP: usize = 500;

/// A sample of verdicts with its evidence.
#[derive(Debug)]
pub struct Audit<'a> {
    report: CoverageReport<'a>,
    sample: &'a Sample,
    seed: u64,
    checked: Vec<Checked>,
}

/// A drawn verdict with its evidence.
#[derive(Debug)]
struct Checked {
    drawn: Drawn,
    /// The walk to the nearest facility of the coverage table.
    walk: Option<Explained>,
    /// The second and the third nearest.
    next: Vec<Reached>,
    /// Facilities nearby by straight-line distance, the nearest first.
    nearby: Vec<Nearby>,
}

/// A facility that meets the line, with its straight-line distance and its walk.
#[derive(Debug)]
struct Nearby {
    facility: FacilityId,
    straight_metres: f64,
    /// Whether it is in the unit of the compound, if the line requires one per unit.
    in_unit: bool,
    walk: Result<Reached, Status>,
    /// Ids of the barriers, if there is no walk.
    barred: Vec<String>,
}

impl<'a> Audit<'a> {
    /// Collects the evidence of a sample of the report's verdicts, which was drawn from `seed`.
    ///
    /// # Errors
    ///
    /// When `cancel` is cancelled.
    pub fn of(
        report: CoverageReport<'a>,
        network: &Network,
        sample: &'a Sample,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Self, Cancelled> {
        network.prepare_facilities();
        let mut audit = Self { report, sample, seed, checked: Vec::new() };
        let mut look_ups = MOST_LOOKED_UP;
        let checked = sample.drawn.iter().map(|drawn| audit.check(network, *drawn, &mut look_ups, cancel));
        audit.checked = checked.collect::<Result<_, Cancelled>>()?;
        Ok(audit)
    }

    fn check(
        &self,
        network: &Network,
        drawn: Drawn,
        look_ups: &mut usize,
        cancel: &Cancel,
    ) -> Result<Checked, Cancelled> {
        let (profile, origin) = (self.report.profile, Origin::Compound(drawn.compound));
        let standing = self.standing(drawn);
        let meets = |it: &Reached| standing.column.facilities.binary_search(&it.facility).is_ok();
        let reached = circle_reach::reach(network, profile, origin, FARTHEST, cancel)?.unwrap_or_default();
        let mut reached: Vec<Reached> = reached.into_iter().filter(meets).collect();
        if matches!(standing.column.measure, Some(Measure::Metres(_))) {
            reached.sort_by_key(|it| (it.length, it.time, it.facility));
        }
        let nearest = standing.row.nearest;
        let explain = |facility| {
            circle_reach::explain(network, profile, origin, Destination::Facility(facility), FARTHEST, cancel)
        };
        let next = reached.iter().filter(|it| Some(it.facility) != nearest.map(|nearest| nearest.facility));
        let mut nearby = self.nearby(drawn, &standing, &reached);
        for it in &mut nearby {
            if it.walk.is_err() && *look_ups > 0 {
                *look_ups -= 1;
                let explained = explain(it.facility)?;
                it.walk = Err(explained.walk.status);
                it.barred = words::barred(self.report.city, &explained.barred);
            }
        }
        Ok(Checked {
            drawn,
            walk: nearest.map(|nearest| explain(nearest.facility)).transpose()?,
            next: next.take(2).copied().collect(),
            nearby,
        })
    }

    fn nearby(&self, drawn: Drawn, standing: &Standing<'_>, reached: &[Reached]) -> Vec<Nearby> {
        let metres = BEYOND * self.limit_metres(standing);
        let in_unit = standing.column.met_in_unit(self.report.city, drawn.compound);
        let mut all: Vec<(f64, FacilityId)> = standing
            .column
            .facilities
            .iter()
            .map(|facility| (self.straight_metres(drawn.compound, *facility), *facility))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let near = all.iter().enumerate().filter(|(number, (straight, facility))| {
            *number < LEAST_LISTED || *straight <= metres || in_unit.contains(facility)
        });
        near.map(|(_, (straight, facility))| Nearby {
            facility: *facility,
            straight_metres: *straight,
            in_unit: in_unit.contains(facility),
            walk: reached.iter().find(|it| it.facility == *facility).copied().ok_or(Status::NoPath),
            barred: Vec::new(),
        })
        .collect()
    }

    /// The limit of the line as a straight-line distance.
    fn limit_metres(&self, standing: &Standing<'_>) -> f64 {
        match standing.column.measure {
            Some(Measure::Metres(metres)) => f64::from(metres),
            measure => {
                let minutes = match measure {
                    Some(Measure::Minutes(minutes)) => minutes,
                    _ => MINUTES_WITHOUT_LIMIT,
                };
                f64::from(minutes) * 60.0 * self.report.profile.pace.speed.value()
            }
        }
    }

    /// Straight-line distance from the nearest gate, or from the compound without gates, to the nearest
    /// access point.
    fn straight_metres(&self, compound: CompoundId, facility: FacilityId) -> f64 {
        let city = self.report.city;
        let (compound, facility) =
            (&city.compounds()[compound.index()], &city.facilities()[facility.index()]);
        let gates = &city.gates()[compound.gates.range()];
        let ways_in = &city.access_points()[facility.access.range()];
        let from = gates.iter().map(|gate| gate.point).chain(gates.is_empty().then_some(compound.point));
        let metres = from.flat_map(|from| {
            let to = ways_in.iter().map(|way_in| way_in.point);
            let to = to.chain(ways_in.is_empty().then_some(facility.point));
            to.map(move |to| from.distance_metres(to)).collect::<Vec<f64>>()
        });
        metres.fold(f64::INFINITY, f64::min)
    }

    fn standing(&self, drawn: Drawn) -> Standing<'a> {
        self.report.coverage.at(drawn.compound, self.stratum(drawn).column)
    }

    fn stratum(&self, drawn: Drawn) -> &Stratum {
        &self.sample.strata[drawn.stratum]
    }

    /// The statement.
    pub fn statement(&self) -> Statement {
        self.report.statement()
    }

    /// How the sample was drawn, as lines of the statement.
    pub fn method(&self) -> Vec<String> {
        let (drawn, population) = (self.checked.len(), self.sample.population());
        vec![
            format!(
                "抽查 audit: 按条目和结论分层，从 {population} 个结论中抽取 {drawn} 个，种子 {}（每层至少一个，其余按 \
                 Sainte-Laguë 法分配；层内以 SplitMix64 洗牌抽取） {drawn} of {population} verdicts, stratified by line \
                 and verdict, seed {} (one of each stratum where there is room, the rest by Sainte-Laguë; within a \
                 stratum a shuffle with SplitMix64)",
                self.seed, self.seed
            ),
            "填写 finding: 成立 stands / 错误 wrong / 站不住 not defensible; 读回 read back: circle audit --findings \
             FILE"
                .to_owned(),
        ]
    }
}
