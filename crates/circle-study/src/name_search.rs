//! Search by name: compounds, units, streets and facilities.

use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::NamesQuestion;
use crate::study::Study;
use circle_export::{NameIndex, search_json};
use std::sync::Arc;

impl Study {
    /// The things with a name, as JSON. The names are indexed at the first call.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn search_names(self: &Arc<Self>, question: NamesQuestion) -> Result<Vec<u8>, StudyError> {
        self.search(Lane::Cheap, move |study, _| {
            let index = study.name_index.get_or_init(|| NameIndex::build(study.city()));
            let NamesQuestion { text, kinds, limit } = &question;
            Ok(search_json(study.city(), &study.choices().catalogue, index, text, kinds, *limit))
        })
        .await
    }
}
