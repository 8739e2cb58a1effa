//! Candidate spaces for facilities 可盘活闲置空间.

use super::value::{Value, key, source};
use crate::number::whole_square_metres;
use circle_model::City;
use circle_model::city::KeyOf;

pub(super) const NAMES: [&str; 7] =
    ["id", "name", "note", "area_square_metres", "compound_id", "compound_name", "sources"];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let candidate = &city.candidates()[row];
    let compound = candidate.compound().map(|compound| &city.compounds()[compound.index()]);
    [
        key(city, KeyOf::Candidate, row as u32),
        city.text_or_none(candidate.name).into(),
        city.text_or_none(candidate.note).into(),
        Value::Whole(whole_square_metres(f64::from(candidate.area_square_metres))),
        key(city, KeyOf::Compound, candidate.compound().map(|compound| compound.0)),
        compound.and_then(|compound| city.text_or_none(compound.name)).into(),
        source(city, candidate.source, candidate.row),
    ]
}
