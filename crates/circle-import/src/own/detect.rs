//! Which coordinates a source is in, by how its places lie on the city.
//!
//! Read in the wrong datum a city's places are the same places moved by 300 to 1,400 m, and then they lie on its
//! streets and buildings as anything does by chance. So every reading that puts the places into the city is scored
//! against what chance gives: the same places moved by fixed shifts.

mod elsewhere;
mod mixed;

use super::crs::{Belt, Crs, ZONE_METRES};
use super::ground::{Class, Ground, STEPS};
use super::notation::Notation;
use circle_model::LonLat;
use elsewhere::Elsewhere;
pub(crate) use mixed::Mixed;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// How a source's pairs of numbers become places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    pub(crate) crs: Crs,
    /// Latitude or northing comes first: surveyors call northing X.
    pub(crate) swapped: bool,
    pub(crate) notation: Notation,
}

/// A reading that is clearly better than all others and than chance.
#[derive(Debug)]
pub(crate) struct Detected {
    pub(crate) reading: Reading,
    /// Metres east and north by which all places are off, where they are; said, never corrected.
    pub(crate) offset: Option<[f64; 2]>,
    /// A second reading that some of the places are in.
    pub(crate) mixed: Option<Mixed>,
    /// What speaks for it, in figures.
    pub(crate) evidence: String,
}

/// No reading is clearly the best.
#[derive(Debug)]
pub(crate) struct Unclear {
    /// The figures, and what to do.
    pub(crate) evidence: String,
    /// Whether the places are those of another city.
    pub(crate) elsewhere: bool,
}

/// What speaks against the coordinates that `OWN.toml` names.
#[derive(Debug, Default)]
pub(crate) struct Verified {
    pub(crate) said: Vec<String>,
    /// Whether the places are those of another city.
    pub(crate) elsewhere: bool,
    pub(crate) mixed: Option<Mixed>,
}

impl Reading {
    /// As it stands in the file.
    pub(crate) fn plain(crs: Crs) -> Self {
        Self { crs, swapped: false, notation: Notation::Plain }
    }

    /// Where a pair of numbers is.
    pub(crate) fn place(&self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let [x, y] = if self.swapped { [y, x] } else { [x, y] };
        self.crs.to_wgs84([self.notation.degrees(x)?, self.notation.degrees(y)?])
    }

    /// As a sentence puts it.
    pub(crate) fn words(&self) -> String {
        let mut words = self.crs.name();
        if self.swapped {
            words += if self.crs.in_degrees() { ", latitude first" } else { ", northing first" };
        }
        if self.notation != Notation::Plain {
            let _ = write!(words, ", in {}", self.notation.words());
        }
        words
    }
}

/// Which reading the places themselves speak for.
///
/// # Errors
/// Where too few places lie in the city, or none of the readings is clearly better than the next and than chance.
pub(crate) fn detect(points: &[[f64; 2]], ground: &Ground) -> Result<Detected, Unclear> {
    let sample = Sample::of(points);
    let readings = Candidates::new(&sample, ground, None);
    if !readings.hold_a_part(&sample)
        && let Some(elsewhere) = Elsewhere::of_degrees(points, ground)
    {
        return Err(Unclear { evidence: elsewhere.words(points.len()), elsewhere: true });
    }
    if readings.0.is_empty() {
        let evidence = format!(
            "in no coordinates that are known do the {} points lie in the city: {ADVICE}",
            with_commas(points.len())
        );
        return Err(Unclear { evidence, elsewhere: false });
    }
    let scores = Scores::new(&readings, ground);
    let evidence = scores.evidence();
    let mixed = scores.mixed(scores.order[0], &sample.points, ground);
    if !scores.is_clear() {
        let what = match mixed {
            Some(mixed) => format!(
                "{evidence} Two kinds of coordinates seem to be mixed in it, about {:.0} % in {} ({}): split the file in two \
                 and list each in OWN.toml with its crs",
                100.0 * mixed.share,
                mixed.other.words(),
                mixed.evidence
            ),
            None => format!("{evidence} That is not clear enough: {ADVICE}"),
        };
        return Err(Unclear { evidence: what, elsewhere: false });
    }
    let best = &scores.readings.0[scores.order[0]];
    Ok(Detected { reading: best.reading, offset: scores.offset(best, ground), mixed, evidence })
}

const ADVICE: &str = "name its crs in OWN.toml";

/// What speaks against `crs`, which `OWN.toml` names for these points. Nothing is changed by it.
pub(crate) fn verify(points: &[[f64; 2]], crs: Crs, ground: &Ground) -> Verified {
    let mut verified = Verified::default();
    let said = &mut verified.said;
    let named = Reading::plain(crs);
    let places = points.iter().map(|numbers| named.place(*numbers));
    let (mut impossible, mut outside) = (0, 0);
    for place in places {
        match place {
            None => impossible += 1,
            Some(place) if !ground.holds(place.point()) => outside += 1,
            Some(_) => {}
        }
    }
    let of = with_commas(points.len());
    if impossible > 0 {
        said.push(format!("{} of {of} points cannot be in {}", with_commas(impossible), crs.name()));
    }
    let sample = Sample::of(points);
    let candidates = Candidates::new(&sample, ground, Some(named));
    if !candidates.hold_a_part(&sample)
        && let Some(elsewhere) = Elsewhere::of_places(points.iter().filter_map(|at| named.place(*at)), ground)
    {
        said.push(elsewhere.words(points.len()));
        verified.elsewhere = true;
        return verified;
    }
    if outside > 0 {
        said.push(format!("{} of {of} points lie outside the city", with_commas(outside)));
    }
    if candidates.0.is_empty() {
        return verified;
    }
    let in_city = candidates.0[0].reading == named;
    let scores = Scores::new(&candidates, ground);
    let best = &candidates.0[scores.order[0]];
    if !in_city {
        // Whatever the datum, all that remain may agree about the columns or the notation.
        let first = best.reading;
        let agreed = |f: fn(&Reading) -> bool| candidates.0.iter().all(|candidate| f(&candidate.reading));
        if scores.is_clear() {
            said.push(format!("they lie in the city when read as {}: {}", first.words(), scores.evidence()));
        } else if agreed(|reading| reading.swapped) {
            said.push("they lie in the city with their columns swapped".to_owned());
        } else if candidates.0.iter().all(|candidate| candidate.reading.notation == first.notation) {
            said.push(format!("they lie in the city when read as {}", first.words()));
        }
        return verified;
    }
    if best.reading != named && scores.is_clear() {
        said.push(format!(
            "{} fits clearly better than {}: {}",
            best.reading.words(),
            crs.name(),
            scores.evidence()
        ));
    } else if let Some([east, north]) = scores.offset(&candidates.0[0], ground) {
        said.push(format!(
            "all points seem to lie {} off: moved back they fit the streets and buildings far better",
            direction(east, north)
        ));
    }
    verified.mixed = scores.mixed(0, &sample.points, ground);
    verified
}

/// `34 m east and 120 m south`.
pub(crate) fn direction(east: f64, north: f64) -> String {
    let axis = |metres: f64, ahead: &str, back: &str| {
        format!("{:.0} m {}", metres.abs(), if metres < 0.0 { back } else { ahead })
    };
    format!("{} and {}", axis(east, "east", "west"), axis(north, "north", "south"))
}

/// At most this many places are looked at.
const MOST_POINTS: usize = 2_000;
/// Places in one square of this side count as one: a mall's fifty shops are no fifty witnesses.
const SAME_PLACE_METRES: f64 = 25.0;

/// Pairs of numbers, evenly from the whole file.
struct Sample {
    numbers: Vec<[f64; 2]>,
    /// Their positions in the file.
    points: Vec<usize>,
}

impl Sample {
    fn of(points: &[[f64; 2]]) -> Self {
        let finite = |at: &usize| points[*at].iter().all(|number| number.is_finite());
        let finite: Vec<usize> = (0..points.len()).filter(finite).collect();
        let kept = finite.len().min(MOST_POINTS);
        let kept: Vec<usize> = (0..kept).map(|at| finite[at * finite.len() / kept]).collect();
        Self { numbers: kept.iter().map(|at| points[*at]).collect(), points: kept }
    }
}

/// A reading that puts places into the city.
struct Candidate {
    reading: Reading,
    /// Where each of the sample is; `None` outside.
    cells: Vec<Option<[i32; 2]>>,
    inside: usize,
}

impl Candidate {
    fn new(reading: Reading, sample: &Sample, ground: &Ground) -> Self {
        let cell = |numbers: &[f64; 2]| {
            let point = reading.place(*numbers)?.point();
            ground.holds(point).then(|| ground.cell(point))
        };
        let cells: Vec<_> = sample.numbers.iter().map(cell).collect();
        let inside = cells.iter().flatten().count();
        Self { reading, cells, inside }
    }

    /// What lies under the places when all are moved `by` some cells.
    fn count(&self, ground: &Ground, weights: &[f64], by: [i32; 2]) -> Counts {
        let mut counts = vec![0.0; CLASSES + 1];
        for (cell, weight) in self.cells.iter().zip(weights) {
            let class = cell.and_then(|[x, y]| ground.class([x + by[0], y + by[1]]));
            counts[class.map_or(CLASSES, Class::code)] += weight;
        }
        counts
    }

    /// Whether it is another name for the same places.
    fn same(&self, other: &Self) -> bool {
        self.cells.iter().zip(&other.cells).all(|pair| match pair {
            (Some(a), Some(b)) => a[0].abs_diff(b[0]) <= 1 && a[1].abs_diff(b[1]) <= 1,
            (a, b) => a == b,
        })
    }
}

struct Candidates(Vec<Candidate>);

impl Candidates {
    /// All that put a fair share of the sample into the city; `first` is the one that others may be copies of.
    fn new(sample: &Sample, ground: &Ground, first: Option<Reading>) -> Self {
        let mut readings: Vec<Reading> = first.into_iter().collect();
        for notation in Notation::ALL {
            for swapped in [false, true] {
                readings.extend([Crs::Wgs84, Crs::Gcj02, Crs::Bd09].map(|crs| Reading {
                    crs,
                    swapped,
                    notation,
                }));
            }
        }
        let planes = [Crs::Bd09Mc, Crs::WebMercator].into_iter().chain(belts(ground.centre().lon_lat().lon));
        for crs in planes {
            readings.extend([false, true].map(|swapped| Reading { swapped, ..Reading::plain(crs) }));
        }
        let mut found: Vec<Candidate> = Vec::new();
        for reading in readings {
            let candidate = Candidate::new(reading, sample, ground);
            if candidate.inside > 0 && !found.iter().any(|other| other.same(&candidate)) {
                found.push(candidate);
            }
        }
        let most = found.iter().map(|candidate| candidate.inside).max().unwrap_or(0);
        found.retain(|candidate| candidate.inside * 2 >= most);
        Self(found)
    }
}

impl Candidates {
    /// Whether any reading puts more than a few strays into the city.
    fn hold_a_part(&self, sample: &Sample) -> bool {
        self.0.iter().any(|candidate| candidate.inside * 10 > sample.numbers.len())
    }
}

/// Belts that a place near this longitude may be given in: the next meridians of the 3° and the 6° zones with and
/// without the zone's number, and UTM.
fn belts(lon: f64) -> impl Iterator<Item = Crs> {
    let nearest = (lon / 3.0).round() as i32;
    let kruger = (nearest - 1..=nearest + 1).flat_map(|zone| {
        let belt = Belt { meridian: f64::from(zone * 3), ..Belt::KRUGER };
        let with_zone =
            |zone: i32| Belt { false_easting: belt.false_easting + f64::from(zone) * ZONE_METRES, ..belt };
        let wide = (zone % 2 != 0).then(|| with_zone((zone + 1) / 2));
        [belt, with_zone(zone)].into_iter().chain(wide)
    });
    let utm = ((lon + 180.0) / 6.0).floor() as i32 + 1;
    let utm = (utm - 1..=utm + 1).filter(|zone| (1..=60).contains(zone)).map(|zone| Belt::utm(zone as u32));
    kruger.chain(utm).map(Crs::Transverse)
}

/// A kind of source by where its places are.
struct Habit {
    /// How common it is.
    share: f64,
    /// Nats by which each step draws it, beside the ground of its surroundings: kerb distance, building, use.
    draws: [&'static [f64]; 3],
}

/// Measured on the facilities of Harbin; those of Chengdu draw nearly the same curves.
const HABITS: [Habit; 4] = [
    // Shops, restaurants, services.
    Habit {
        share: 0.4,
        draws: [
            &[-0.2, -0.05, 0.35, 0.6, 0.4, 0.2, -0.1, -0.7, -1.3],
            &[-0.45, 0.75],
            &[0.0, -0.1, 0.6, -0.4, -0.8, 0.1],
        ],
    },
    // Stops and gates.
    Habit {
        share: 0.2,
        draws: [
            &[1.1, 1.3, 0.3, 0.4, -0.3, -0.9, -1.6, -2.0, -2.0],
            &[0.1, -1.0],
            &[0.3, -0.8, -0.2, -0.3, -1.0, -0.4],
        ],
    },
    // Schools and hospitals: a building on grounds of its own.
    Habit {
        share: 0.2,
        draws: [
            &[-1.8, -1.0, -1.0, -0.6, -0.3, 0.0, 0.5, 0.5, -0.2],
            &[-0.2, 0.5],
            &[-0.8, -1.0, 0.0, -0.3, -1.2, 1.2],
        ],
    },
    // Parks and pitches, in their middle.
    Habit {
        share: 0.2,
        draws: [
            &[-1.2, -0.4, -0.2, 0.0, 0.3, 0.3, 0.3, 0.0, -0.2],
            &[0.1, -1.5],
            &[-1.2, -1.5, -0.1, 1.2, -1.0, 0.4],
        ],
    },
];
/// How far a source may stray from its habit: as if that many places of the habit had been seen before.
const HABIT_PLACES: f64 = 200.0;

/// Nats between the best and the next reading: in tens of thousands of trials a wrong first was seldom six ahead, and
/// once in many thousands nine.
const CLEAR_NATS: f64 = 10.0;
/// At least this much for each place: with thousands of places the slightest difference between two quarters would do.
const CLEAR_NATS_PER_PLACE: f64 = 0.04;
/// The same for places that crowd into few squares, whose luck is one and the same; and more for each square less.
const CLEAR_NATS_OF_FEW: f64 = 13.0;
const CLEAR_NATS_PER_MISSING_SQUARE: f64 = 0.5;
const FEW: usize = 28;
const CROWD_METRES: f64 = 100.0;
/// Standard deviations between the best and chance.
const CLEAR_DEVIATIONS: f64 = 1.5;

/// Shifts that chance is measured by, in metres: eight directions at eight distances, none of them the distance
/// between two datums everywhere.
fn shifts() -> impl Iterator<Item = [f64; 2]> {
    [170.0, 260.0, 370.0, 520.0, 700.0, 930.0, 1200.0, 1500.0f64].into_iter().flat_map(|distance| {
        (0..8).map(move |turn| {
            let angle = f64::from(turn) * std::f64::consts::FRAC_PI_4 + distance;
            [distance * angle.cos(), distance * angle.sin()]
        })
    })
}

/// How many of each class, by weight; the last counts those outside.
type Counts = Vec<f64>;
const CLASSES: usize = STEPS[0] * STEPS[1] * STEPS[2];

struct Scores<'a> {
    readings: &'a Candidates,
    weights: Vec<f64>,
    /// Places that count, by weight.
    places: f64,
    /// Squares of a hundred metres that they lie in.
    squares: usize,
    odds: Odds,
    counts: Vec<Counts>,
    scores: Vec<f64>,
    /// Best first.
    order: Vec<usize>,
    chance: Counts,
    chance_mean: f64,
    chance_deviation: f64,
}

impl<'a> Scores<'a> {
    fn new(readings: &'a Candidates, ground: &Ground) -> Self {
        let weights = weights(readings, ground);
        let count = |candidate: &Candidate, by: [i32; 2]| candidate.count(ground, &weights, by);
        let counts: Vec<Counts> = readings.0.iter().map(|candidate| count(candidate, [0, 0])).collect();
        let moved: Vec<Counts> = readings
            .0
            .iter()
            .flat_map(|candidate| {
                shifts().map(|shift| {
                    count(candidate, shift.map(|metres| (metres / ground.metres).round() as i32))
                })
            })
            .collect();
        let mut chance = vec![0.0; CLASSES + 1];
        for counts in &moved {
            chance.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count / moved.len() as f64);
        }
        let odds = Odds::new(&chance);
        let score = |counts: &Counts| odds.nats(counts);
        let scores: Vec<f64> = counts.iter().map(score).collect();
        let by_chance: Vec<f64> = moved.iter().map(score).collect();
        let mean = by_chance.iter().sum::<f64>() / by_chance.len() as f64;
        let variance =
            by_chance.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / by_chance.len() as f64;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        Self {
            readings,
            places: weights.iter().sum(),
            squares: squares(readings, ground, CROWD_METRES)
                .into_iter()
                .flatten()
                .collect::<FxHashSet<_>>()
                .len(),
            weights,
            odds,
            counts,
            scores,
            order,
            chance,
            chance_mean: mean,
            chance_deviation: variance.sqrt(),
        }
    }

    /// Whether the first is clearly better than the second and than chance.
    fn is_clear(&self) -> bool {
        let best = self.order[0];
        let candidate = &self.readings.0[best];
        let Some(next) = self.order.get(1) else {
            // Its numbers fit nothing else.
            return candidate.inside * 2 >= candidate.cells.len();
        };
        let missing = FEW.saturating_sub(self.squares) as f64;
        let few =
            if missing > 0.0 { CLEAR_NATS_OF_FEW + CLEAR_NATS_PER_MISSING_SQUARE * missing } else { 0.0 };
        let clear = CLEAR_NATS.max(CLEAR_NATS_PER_PLACE * self.places).max(few);
        // More likely from a source than from nowhere, too: places that lie anywhere favour some reading as well.
        self.scores[best] >= 0.0
            && self.scores[best] - self.scores[*next] >= clear
            && self.scores[best] >= self.chance_mean + CLEAR_DEVIATIONS * self.chance_deviation
    }

    /// One or two sentences with the figures of every reading.
    fn evidence(&self) -> String {
        let best = self.order[0];
        let first = &self.readings.0[best];
        let mut evidence = format!(
            "Read as {}, {} of {} points lie in the city, {}; by chance it would be {}.",
            first.reading.words(),
            with_commas(first.inside),
            with_commas(first.cells.len()),
            lie(&self.counts[best]),
            lie(&self.chance)
        );
        if self.order.len() == 1 {
            evidence += " No other reading puts them there.";
            return evidence;
        }
        let others = self.order[1..].iter().map(|at| {
            let behind = self.scores[best] - self.scores[*at];
            format!(
                "{}: {}, {behind:.0} behind in log-odds",
                self.readings.0[*at].reading.words(),
                lie(&self.counts[*at])
            )
        });
        let _ = write!(evidence, " The others: {}.", others.collect::<Vec<_>>().join("; "));
        evidence
    }

    /// Metres east and north by which a reading's places are all off, where moving them back fits far better.
    fn offset(&self, candidate: &Candidate, ground: &Ground) -> Option<[f64; 2]> {
        let (gain, metres) = self.best_offset(candidate, ground);
        let far = metres[0].hypot(metres[1]) >= LEAST_OFFSET_METRES;
        let clear = CLEAR_OFFSET_NATS + CLEAR_OFFSET_NATS_PER_PLACE * self.places;
        (far && self.squares >= FEW && gain >= clear).then_some(metres)
    }

    /// The best of all offsets, and the nats that it gains.
    fn best_offset(&self, candidate: &Candidate, ground: &Ground) -> (f64, [f64; 2]) {
        let score = |by: [i32; 2]| self.odds.nats(&candidate.count(ground, &self.weights, by));
        let cells = |metres: f64| ((metres / ground.metres).round() as i32).max(1);
        let (reach, step) = (cells(FARTHEST_OFFSET_METRES), cells(20.0));
        let square = |middle: [i32; 2], reach: i32, step: usize| {
            (-reach..=reach).step_by(step).flat_map(move |dy| {
                (-reach..=reach).step_by(step).map(move |dx| [middle[0] + dx, middle[1] + dy])
            })
        };
        let better = |best: (f64, [i32; 2]), by: [i32; 2]| {
            let score = score(by);
            if score > best.0 { (score, by) } else { best }
        };
        let stay = score([0, 0]);
        let best = square([0, 0], reach - reach % step, step as usize).fold((stay, [0, 0]), better);
        let best = square(best.1, step, 1).fold(best, better);
        (best.0 - stay, best.1.map(|cells| -f64::from(cells) * ground.metres))
    }
}

/// Offsets that are looked for.
const LEAST_OFFSET_METRES: f64 = 20.0;
const FARTHEST_OFFSET_METRES: f64 = 400.0;
/// Two thousand offsets are tried, so chance alone gains some nats, the more so the less exact the places are.
const CLEAR_OFFSET_NATS: f64 = 20.0;
const CLEAR_OFFSET_NATS_PER_PLACE: f64 = 0.15;

/// Each place's weight; nothing for those outside the city in every reading.
fn weights(readings: &Candidates, ground: &Ground) -> Vec<f64> {
    let squares = squares(readings, ground, SAME_PLACE_METRES);
    let mut shared: FxHashMap<[i32; 2], u32> = FxHashMap::default();
    squares.iter().flatten().for_each(|square| *shared.entry(*square).or_default() += 1);
    squares.iter().map(|square| square.map_or(0.0, |square| 1.0 / f64::from(shared[&square]))).collect()
}

/// The square that each place lies in, by the first reading that puts it into the city.
fn squares(readings: &Candidates, ground: &Ground, metres: f64) -> Vec<Option<[i32; 2]>> {
    let side = (metres / ground.metres).round().max(1.0) as i32;
    let len = readings.0.first().map_or(0, |candidate| candidate.cells.len());
    let square = |at: usize| {
        let cell = readings.0.iter().find_map(|candidate| candidate.cells[at])?;
        Some(cell.map(|cell| cell.div_euclid(side)))
    };
    (0..len).map(square).collect()
}

/// How much more likely counts are for a source of places than for chance, in nats.
struct Odds {
    /// Share of each step by chance.
    chance: [Vec<f64>; 3],
    /// What each habit expects there, as numbers of places.
    expected: Vec<[Vec<f64>; 3]>,
}

impl Odds {
    fn new(chance: &Counts) -> Self {
        let mut by_step = steps(chance);
        // A little of everything, so that nothing is impossible.
        for shares in &mut by_step {
            let sum: f64 = shares.iter().sum::<f64>() + 1e-9;
            let little = 0.02;
            let all = 1.0 + little * shares.len() as f64;
            shares.iter_mut().for_each(|share| *share = (*share / sum + little) / all);
        }
        let expected = HABITS.iter().map(|habit| {
            std::array::from_fn(|axis| {
                let drawn: Vec<f64> = by_step[axis]
                    .iter()
                    .zip(habit.draws[axis])
                    .map(|(share, draw)| share * draw.exp())
                    .collect();
                let sum: f64 = drawn.iter().sum();
                drawn.iter().map(|share| HABIT_PLACES * share / sum).collect()
            })
        });
        Self { expected: expected.collect(), chance: by_step }
    }

    /// The steps' shares are drawn from around the habit's, places from the shares (Dirichlet and multinomial), and
    /// the habit is unknown.
    fn nats(&self, counts: &Counts) -> f64 {
        let seen = steps(counts);
        let of_habit = |(habit, expected): (&Habit, &[Vec<f64>; 3])| {
            let axis = |axis: usize| {
                let places: f64 = seen[axis].iter().sum();
                let terms = seen[axis].iter().zip(&expected[axis]).zip(&self.chance[axis]);
                let sum: f64 = terms
                    .filter(|((seen, _), _)| **seen > 0.0)
                    .map(|((seen, expected), chance)| {
                        ln_gamma(expected + seen) - ln_gamma(*expected) - seen * chance.ln()
                    })
                    .sum();
                sum + ln_gamma(HABIT_PLACES) - ln_gamma(HABIT_PLACES + places)
            };
            habit.share.ln() + (0..3).map(axis).sum::<f64>()
        };
        let habits: Vec<f64> = HABITS.iter().zip(&self.expected).map(of_habit).collect();
        let most = habits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + habits.iter().map(|nats| (nats - most).exp()).sum::<f64>().ln()
    }
}

/// Counts by the steps of each of the three.
fn steps(counts: &Counts) -> [Vec<f64>; 3] {
    let mut by_step: [Vec<f64>; 3] = STEPS.map(|steps| vec![0.0; steps]);
    for (code, count) in counts[..CLASSES].iter().enumerate() {
        for (axis, step) in Class::of_code(code).steps().into_iter().enumerate() {
            by_step[axis][step] += count;
        }
    }
    by_step
}

/// Stirling's series, above where it is good to 10⁻⁸.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let series = inverse / 12.0 - inverse.powi(3) / 360.0 + inverse.powi(5) / 1260.0;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - product.ln()
}

/// `31 % in buildings and 48 % beside a street`.
fn lie(counts: &Counts) -> String {
    let inside: f64 = counts[..CLASSES].iter().sum::<f64>().max(1e-9);
    let share = |is: fn(Class) -> bool| {
        let those = (0..CLASSES).filter(|code| is(Class::of_code(*code)));
        100.0 * those.map(|code| counts[code]).sum::<f64>() / inside
    };
    format!(
        "{:.0} % in buildings and {:.0} % beside a street",
        share(Class::in_building),
        share(Class::by_street)
    )
}

fn with_commas(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
