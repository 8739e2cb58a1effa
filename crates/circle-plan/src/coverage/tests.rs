use super::*;
use crate::drawn::drawn_network;
use crate::evidence::Evidence;
use crate::supply::coverage_with_supply;
use circle_model::{Catalogue, FacilityId, RuleSet};
use circle_reach::testing::{Map, profile};

/// Three compounds on a street with two clinics and a park; 20 m a character.
fn town() -> Network {
    let map = Map::draw(
        20.0,
        "
 a  d                e  h             i  l

 b  c                f  g             j  k
 G----p----------q---H-----------r----I",
    );
    let map = map.compound(0, "abcd", "G").compound(0, "efgh", "H").compound(0, "ijkl", "I");
    let map = map.facility("p").facility("q").facility("r");
    drawn_network(&map, &["clinic", "park", "clinic"], |tables| {
        tables.facilities[0].capacity = 30.0;
        tables.facilities[2].capacity = 60.0;
        for (compound, residents) in tables.compounds.iter_mut().zip([1_000, 2_000, 3_000]) {
            compound.population.residents = residents;
        }
    })
}

fn with_judging<T>(ask: impl FnOnce(&Judging<'_>) -> T) -> T {
    let (catalogue, profile, rules) =
        (Catalogue::built_in(), profile("planning"), RuleSet::built_in().remove(0));
    let evidence = Evidence::AS_MAPPED;
    ask(&Judging { catalogue: &catalogue, profile: &profile, rules: &rules, minutes: &[5, 10, 15], evidence })
}

fn column(coverage: &Coverage, name: &str) -> usize {
    coverage.columns.iter().position(|column| column.name == name).unwrap()
}

#[test]
fn the_names_of_columns_and_lines_are_known_without_the_table() {
    let (network, catalogue, profile) = (town(), Catalogue::built_in(), profile("planning"));
    for rules in &RuleSet::built_in() {
        let evidence = Evidence::AS_MAPPED;
        let judging = Judging { catalogue: &catalogue, profile: &profile, rules, minutes: &[5], evidence };
        let table = coverage(&network, &judging, &Cancel::never()).unwrap();
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(column_names(&catalogue, rules), names, "{}", rules.id);
        let judged: Vec<&str> = table.judged().into_iter().map(|column| names[column]).collect();
        assert_eq!(line_names(&catalogue, rules), judged, "{}", rules.id);
    }
}

#[test]
fn the_nearest_facility_of_each_line_is_found_with_its_walk() {
    let coverage = with_judging(|judging| coverage(&town(), judging, &Cancel::never())).unwrap();
    let clinic = column(&coverage, "卫生室");
    let metres = |compound: u32| {
        let row = coverage.at(CompoundId(compound), clinic).row;
        assert_eq!((row.verdict, row.reason), (Some(Verdict::Covered), None));
        row.nearest.map(|nearest| (nearest.facility.0, nearest.length.metres().round()))
    };
    assert_eq!([0, 1, 2].map(metres), [Some((0, 100.0)), Some((2, 240.0)), Some((2, 100.0))]);
    let school = coverage.at(CompoundId(0), column(&coverage, "学校")).row;
    assert_eq!((school.verdict, school.reason), (Some(Verdict::Gap), Some(Reason::NoneInCity)));
}

#[test]
fn facilities_are_counted_in_every_band_that_holds_their_walk() {
    let coverage = with_judging(|judging| coverage(&town(), judging, &Cancel::never())).unwrap();
    // At 4 km/h, 5 minutes are 333 m and 10 minutes 667 m. From `G` the clinics are at 100 m and 640 m.
    assert_eq!(coverage.at(CompoundId(0), column(&coverage, "卫生室")).counts, [1, 2, 2]);
    assert_eq!(coverage.at(CompoundId(2), column(&coverage, "park")).counts, [0, 1, 1]);
}

#[test]
fn selected_walks_are_the_walks_of_the_matrix_whatever_the_limit() {
    let town = town();
    let clinics = [FacilityId(0), FacilityId(2)];
    let matrix = |minutes| {
        let (compounds, limit) = (all_compounds(3).collect::<Vec<_>>(), Milliseconds::from_minutes(minutes));
        circle_reach::matrix(&town, &profile("planning"), &compounds, limit, &Cancel::never()).unwrap()
    };
    // Within the walks of coverage, and beyond them.
    for minutes in [5, 60] {
        let (alone, (beside, selected)) = with_judging(|judging| {
            let cancel = Cancel::never();
            let select =
                |_: &City, _: &[Column]| SelectedWalks::to(clinics, 3, Milliseconds::from_minutes(minutes));
            let alone = coverage(&town, judging, &cancel).unwrap();
            (alone, coverage_with_walks(&town, judging, select, &cancel).unwrap())
        });
        let (matrix, limit) = (matrix(minutes), Milliseconds::from_minutes(minutes));
        for compound in all_compounds(3) {
            let walks = matrix.row(compound).unwrap().iter();
            let walks: Vec<_> = walks.filter(|walk| clinics.contains(&walk.facility)).copied().collect();
            assert_eq!(selected.within(compound, limit), Some(walks.as_slice()), "{compound:?} {minutes}");
            for column in 0..alone.columns.len() {
                let [alone, beside] = [&alone, &beside].map(|coverage| coverage.at(compound, column));
                assert_eq!((alone.row, alone.counts), (beside.row, beside.counts), "{compound:?} {column}");
            }
        }
    }
}

#[test]
fn capacities_are_shared_among_the_residents_in_the_catchment() {
    let (_, supply) =
        with_judging(|judging| coverage_with_supply(&town(), judging, &Cancel::never())).unwrap();
    // Both clinics are within 15 minutes (1,000 m) of all 6,000 residents: 90 places in all.
    assert_eq!(supply.columns[0].per_thousand, [Some(15.0); 3]);
}

#[test]
fn a_cancelled_question_has_no_answer() {
    let cancel = Cancel::when(|| true);
    assert!(with_judging(|judging| coverage(&town(), judging, &cancel)).is_err());
}
