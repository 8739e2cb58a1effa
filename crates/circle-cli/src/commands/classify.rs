//! `circle classify`

use crate::failure::{Outcome, notify};
use crate::report::classify::{confusion, summary, table};
use crate::{args, output};
use circle_import::classify_file;
use circle_model::Catalogue;
use circle_model::files::clean;

pub(crate) fn run(classify: &args::Classify) -> Outcome {
    output::check_output(classify.output.as_deref(), &[&classify.file])?;
    let catalogue = Catalogue::built_in();
    let file = classify_file(&classify.file, classify.truth.as_deref(), &catalogue)?;
    let name = classify.file.display();
    for remark in &file.remarks {
        notify(&format!("{name}: {}\n", clean(remark, 600)));
    }
    for (row, what) in &file.rejected {
        notify(&format!("{name} row {row}: {}; the row is left out\n", clean(what, 600)));
    }
    if classify.truth.is_none() || classify.output.is_some() {
        let table = table(&file, &catalogue)?;
        output::write_csv(classify.output.as_deref(), &classify.csv, |out| out.write_all(&table))?;
    }
    if classify.truth.is_some() {
        output::write(None, confusion(&file, &catalogue).as_bytes())?;
    } else {
        notify(&summary(&file, &catalogue));
    }
    Ok(())
}
