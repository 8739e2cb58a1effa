//! Writes walking times as CSV.

use crate::number::Thousandths;
use crate::table::Table;
use circle_reach::{Status, Walk};

/// Writes the table
/// `from_id,to_id,walk_seconds,walk_metres,from_access_metres,to_access_metres,status,through_buildings`.
///
/// Ids are written exactly as they were given, so that results can be joined with the input.
///
/// `walks` holds `from.len() × to.len()` walks, row by row. Figures are empty unless the status is `ok`.
pub fn times_csv(from: &[String], to: &[String], walks: &[Walk]) -> Vec<u8> {
    let mut table = Table::new([
        "from_id",
        "to_id",
        "walk_seconds",
        "walk_metres",
        "from_access_metres",
        "to_access_metres",
        "status",
        "through_buildings",
    ]);
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
    for ((from, to), walk) in pairs.zip(walks) {
        let figure = |value: Thousandths| {
            if walk.status == Status::Ok { value.to_string() } else { String::new() }
        };
        table.row([
            from,
            to,
            &figure(walk.time.into()),
            &figure(walk.length.into()),
            &figure(walk.from_access.into()),
            &figure(walk.to_access.into()),
            &walk.status.word().to_owned(),
            &walk.through_buildings.to_string(),
        ]);
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::{Millimetres, Milliseconds};

    #[test]
    fn rows_follow_the_input_and_have_a_status() {
        let walk = |status, figure| Walk {
            status,
            time: Milliseconds(figure),
            length: Millimetres(figure * 2),
            from_access: Millimetres(5),
            to_access: Millimetres(0),
            through_buildings: figure == 1500,
        };
        let walks = [
            walk(Status::Ok, 1500),
            walk(Status::Beyond, 0),
            walk(Status::NoPath, 0),
            walk(Status::OffNetwork, 0),
        ];
        let ids = |ids: [&str; 2]| ids.map(str::to_owned).to_vec();
        let csv = times_csv(&ids(["a", "=b"]), &ids(["1", "2"]), &walks);
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "from_id,to_id,walk_seconds,walk_metres,from_access_metres,to_access_metres,status,through_buildings\n\
             a,1,1.5,3,0.005,0,ok,true\n\
             a,2,,,,,beyond,false\n\
             =b,1,,,,,no_path,false\n\
             =b,2,,,,,off_network,false\n"
        );
    }
}
