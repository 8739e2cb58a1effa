//! Keys of rows (`circle_model::identity`). No key depends on the order of objects in the extract, on its
//! extent, or on a running number.

mod forms;
mod settle;
mod unique;

pub(crate) use forms::{
    naming_object, of_crossing, of_gate_node, of_place, of_record, of_row, of_side, other_than_object,
    with_place,
};
pub(crate) use settle::{KeyRow, SettledKeys, settle};
pub(crate) use unique::{Key, Keyed, distinguish};
