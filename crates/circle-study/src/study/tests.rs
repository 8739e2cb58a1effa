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
async fn an_unknown_line_is_rejected_with_the_list_of_lines() {
    let study = study();
    let question = CoverageQuestion::parse(study.choices(), &parameters(&[])).unwrap();
    let asked = parameters(&[("line", "no-such-line")]);
    let part = CoveragePart::parse(study.choices(), &asked, FileFormat::Geojson).unwrap();
    let Err(StudyError::Refused(Refusal::NoSuch { choices, .. })) = study.coverage(question, part).await
    else {
        panic!("it is answered")
    };
    assert!(choices.contains(&"park".to_owned()), "{choices:?}");
}
