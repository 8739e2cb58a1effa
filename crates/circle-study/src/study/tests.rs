use super::*;
use crate::parameters::Parameters;
use crate::question::{CoveragePart, CoverageQuestion, IsochronesQuestion};
use crate::refusal::Refusal;
use circle_export::FileFormat;
use circle_model::city::{CityTables, Meta};

fn study() -> Arc<Study> {
    let city = City::from_tables(CityTables::default(), &Meta::default()).unwrap();
    Arc::new(Study::new(Choices::built_in(city)))
}

fn parameters(pairs: &[(&str, &str)]) -> Parameters {
    Parameters::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
}

#[test]
fn editions_with_the_same_things_open_share_a_network_and_differ_in_name() {
    let study = study();
    let open = study.edition(None);
    let night = study.edition(WeekTime::parse("22:30"));
    assert!(Arc::ptr_eq(&open.network, &night.network));
    assert_ne!(open.edition, night.edition);
    assert_eq!(night.edition, study.edition_at(WeekTime::parse("22:30")));
    assert_eq!(night.city.conditions().at_time, WeekTime::parse("22:30"));
}

#[tokio::test]
async fn a_repeated_question_gets_the_cached_answer() {
    let study = study();
    let ask = async |pairs: &[(&str, &str)]| {
        let question = IsochronesQuestion::parse(study.choices(), &parameters(pairs)).unwrap();
        study.isochrones(question).await.unwrap()
    };
    let first = ask(&[("at", "126.63,45.76")]).await;
    assert_eq!(first.as_ptr(), ask(&[("at", "126.63,45.76")]).await.as_ptr());
    assert_eq!(first.as_ptr(), ask(&[("at", "126.63,45.76"), ("form", "discs")]).await.as_ptr());
    assert_ne!(first.as_ptr(), ask(&[("at", "126.63,45.76"), ("form", "rings")]).await.as_ptr());
    assert_ne!(first.as_ptr(), ask(&[("at", "126.63,45.76"), ("at_time", "22:30")]).await.as_ptr());
}

#[tokio::test]
async fn nothing_is_computed_for_a_tile_out_of_range() {
    let study = study();
    assert_eq!(study.tile(TileIndex::LAST_ZOOM + 1, 0, 0).await, Ok(None));
    assert!(study.tile_index.get().is_none());
    assert!(study.tile(TileIndex::LAST_ZOOM, 0, 0).await.unwrap().is_some());
}

/// The question may be about another rule set than the part was parsed for.
#[tokio::test]
async fn an_unknown_line_is_rejected_with_the_list_of_lines() {
    let study = study();
    let question = CoverageQuestion::parse(study.choices(), &parameters(&[])).unwrap();
    let asked = parameters(&[("line", "no-such-line")]);
    let refused = CoveragePart::parse(study.choices(), &asked, FileFormat::Geojson);
    let line = Some("no-such-line".to_owned());
    let part =
        CoveragePart::Compounds { only_rules: false, line, compound: None, format: FileFormat::Geojson };
    let answered = study.coverage(question, part).await;
    for refused in [refused.map(|_| ()).map_err(StudyError::from), answered.map(|_| ())] {
        let Err(StudyError::Refused(Refusal::NoSuch { choices, .. })) = refused else {
            panic!("it is answered")
        };
        assert!(choices.contains(&"park".to_owned()), "{choices:?}");
    }
}
