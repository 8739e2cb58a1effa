//! A fixed set of questions that a city answers before it is served, and one that it answers while it is served.

use crate::client::Client;
use crate::coverage::judge;
use crate::edition::CityEdition;
use crate::error::{StudyError, panic_message};
use crate::explain::explain_geojson;
use crate::isochrones::{isochrones, isochrones_geojson};
use crate::parameters::Parameters;
use crate::pool::Lane;
use crate::question::{CoverageQuestion, ExplainQuestion, IsochronesQuestion, ReachQuestion};
use crate::reach::reach_geojson;
use crate::study::Study;
use circle_export::TileIndex;
use circle_reach::Cancel;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Compounds that the questions are about: the first, the last, and others spread between them.
const COMPOUNDS: usize = 5;

/// Why a city is not fit to be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The question was refused, or the program failed on it.
    #[error("it does not answer {question}: {what}")]
    Unanswered {
        /// The question, as a path of the API.
        question: String,
        /// The error.
        what: String,
    },
    /// The questions took too long.
    #[error("it did not answer {question} within {} s of all questions", within.as_secs())]
    TooSlow {
        /// The question, as a path of the API.
        question: String,
        /// The time limit of all questions.
        within: Duration,
    },
}

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Walks from one compound and from its place. The first request would prepare the same facilities.
    Walks,
    /// Walks and bands of several compounds, tiles, and the coverage of all compounds.
    City,
}

impl Study {
    /// Asks the fixed questions on the calling thread.
    ///
    /// # Errors
    /// For the first question that is not answered, or not in time.
    pub fn probe(&self, extent: Extent, within: Duration) -> Result<(), Unfit> {
        let end = Instant::now() + within;
        let cancel = Cancel::when(move || Instant::now() > end);
        for (question, answer) in self.questions(extent) {
            let answer = catch_unwind(AssertUnwindSafe(|| answer(self, &cancel)));
            match answer {
                Ok(Ok(())) => {}
                Ok(Err(StudyError::Cancelled)) => return Err(Unfit::TooSlow { question, within }),
                Ok(Err(error)) => return Err(Unfit::Unanswered { question, what: error.to_string() }),
                Err(panic) => {
                    let what = format!("the program failed: {}", panic_message(&*panic));
                    return Err(Unfit::Unanswered { question, what });
                }
            }
        }
        Ok(())
    }

    /// Asks for the walks of one compound, on the lane of cheap searches and past the caches: the answer shows that
    /// searches are answered now. Callers at once share one answer.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn answer_now(self: &Arc<Self>) -> Result<(), StudyError> {
        let study = self.clone();
        let answer = async move {
            let origin = study.origins().into_iter().next();
            let search = move |study: &Study, cancel: &Cancel| match origin {
                Some(origin) => reach(study, &origin, cancel),
                None => Ok(()),
            };
            study.search(Lane::Cheap, search).await
        };
        // A client of its own, so that it waits for no other client's searches.
        Client::OPERATOR.asking(self.ready.get_or_compute((), answer)).await
    }

    fn questions(&self, extent: Extent) -> Vec<(String, Box<Ask>)> {
        let all = self.origins();
        let origins = if extent == Extent::Walks { &all[..all.len().min(2)] } else { &all[..] };
        let mut questions: Vec<(String, Box<Ask>)> = Vec::new();
        let asked = |path: &str, origin: &Origin| format!("/api/{path}?{}={}", origin.0, origin.1);
        for origin in origins {
            let one = origin.clone();
            let ask = move |study: &Study, cancel: &Cancel| reach(study, &one, cancel);
            questions.push((asked("reach", origin), Box::new(ask)));
        }
        if let [first, .., last] = &all[..] {
            let (from, to) = (first.clone(), last.clone());
            let ask = move |study: &Study, cancel: &Cancel| walk(study, &from, &to, cancel);
            questions.push((asked("explain", first), Box::new(ask)));
        }
        if extent == Extent::City {
            for origin in origins {
                let one = origin.clone();
                let ask = move |study: &Study, cancel: &Cancel| bands(study, &one, cancel);
                questions.push((asked("isochrones", origin), Box::new(ask)));
            }
            let tiles = |study: &Study, _: &Cancel| {
                draw_tiles(study);
                Ok(())
            };
            questions.push(("/api/tiles".to_owned(), Box::new(tiles)));
            questions.push(("/api/coverage".to_owned(), Box::new(table)));
        }
        questions
    }

    /// Parameters that name where walks start: compounds and a place, or the middle of a city without compounds.
    fn origins(&self) -> Vec<Origin> {
        let city = self.city();
        let last = city.compounds().len().saturating_sub(1);
        let mut rows: Vec<usize> = (0..COMPOUNDS).map(|part| part * last / (COMPOUNDS - 1)).collect();
        rows.dedup();
        if city.compounds().is_empty() {
            let Some(node) = city.nodes().get(city.nodes().len() / 2) else { return Vec::new() };
            let place = node.point.lon_lat();
            return vec![("at", format!("{},{}", place.lon, place.lat))];
        }
        let key = |row: usize| city.compound_key(circle_model::CompoundId(row as u32)).into_owned();
        // The first one also as a place, which has to lie in the city.
        let place = city.compounds()[0].point.lon_lat();
        let place = ("at", format!("{},{}", place.lon, place.lat));
        let mut origins: Vec<Origin> = rows.into_iter().map(|row| ("compound", key(row))).collect();
        origins.insert(1, place);
        origins
    }

    fn everything_open(&self) -> CityEdition {
        self.edition(None)
    }
}

type Ask = dyn Fn(&Study, &Cancel) -> Result<(), StudyError>;
type Origin = (&'static str, String);

fn reach(study: &Study, origin: &Origin, cancel: &Cancel) -> Result<(), StudyError> {
    let question = ReachQuestion::parse(study.choices(), &parameters(std::slice::from_ref(origin)))?;
    reach_geojson(&study.everything_open(), study.choices(), study.sources(), &question, cancel)?;
    Ok(())
}

fn bands(study: &Study, origin: &Origin, cancel: &Cancel) -> Result<(), StudyError> {
    let question = IsochronesQuestion::parse(study.choices(), &parameters(std::slice::from_ref(origin)))?;
    let edition = study.everything_open();
    let answer = isochrones(&edition, &question.shapes, question.origin, None, cancel)?;
    isochrones_geojson(&edition, &question.shapes, &answer);
    Ok(())
}

fn walk(study: &Study, from: &Origin, to: &Origin, cancel: &Cancel) -> Result<(), StudyError> {
    let city = study.city();
    let question = IsochronesQuestion::parse(study.choices(), &parameters(std::slice::from_ref(to)))?;
    let place = match question.origin {
        circle_reach::Origin::Place(place) => place,
        circle_reach::Origin::Compound(compound) => city.compounds()[compound.index()].point,
        circle_reach::Origin::Gate(gate) => city.gates()[gate.index()].point,
    };
    let place = place.lon_lat();
    let from = if from.0 == "at" { ("from", from.1.clone()) } else { from.clone() };
    // What bars a shorter walk is left out: it needs networks of their own.
    let to = ("to", format!("{},{}", place.lon, place.lat));
    let asked = parameters(&[from, to, ("barred", "false".to_owned())]);
    let question = ExplainQuestion::parse(study.choices(), &asked)?;
    explain_geojson(&study.everything_open(), &question, cancel)?;
    Ok(())
}

/// The tiles in the middle of the city, at the first zoom and at the last.
fn draw_tiles(study: &Study) {
    let index = study.tile_index();
    for zoom in [TileIndex::FIRST_ZOOM, TileIndex::LAST_ZOOM] {
        if let Some([columns, rows]) = index.limits(zoom) {
            let middle = |range: &RangeInclusive<u32>| range.start() + (range.end() - range.start()) / 2;
            index.tile(zoom, middle(&columns), middle(&rows));
        }
    }
}

fn table(study: &Study, cancel: &Cancel) -> Result<(), StudyError> {
    let question = CoverageQuestion::parse(study.choices(), &parameters(&[]))?;
    judge(&study.everything_open(), study.choices(), &question, cancel)?;
    Ok(())
}

fn parameters(pairs: &[Origin]) -> Parameters {
    Parameters::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choices::Choices;
    use circle_model::City;
    use circle_model::city::{CityTables, Meta};

    fn study() -> Study {
        Study::new(Choices::built_in(City::from_tables(CityTables::default(), &Meta::default()).unwrap()))
    }

    #[test]
    fn an_empty_city_is_fit() {
        assert_eq!(study().probe(Extent::City, Duration::from_mins(1)), Ok(()));
    }

    #[test]
    fn a_city_without_rule_sets_is_not() {
        let mut choices =
            Choices::built_in(City::from_tables(CityTables::default(), &Meta::default()).unwrap());
        choices.rule_sets.clear();
        let unfit = Study::new(choices).probe(Extent::City, Duration::from_mins(1)).unwrap_err();
        assert!(unfit.to_string().starts_with("it does not answer /api/coverage: "), "{unfit}");
    }

    #[tokio::test]
    async fn a_question_is_answered_now() {
        assert_eq!(Arc::new(study()).answer_now().await, Ok(()));
    }
}
