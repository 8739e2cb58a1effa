//! The base map as vector tiles, and the names of compounds for the search box.

use crate::error::StudyError;
use crate::pool::Lane;
use crate::study::Study;
use bytes::Bytes;
use circle_export::{TileIndex, names_json};
use std::sync::Arc;

impl Study {
    /// A vector tile, empty if nothing is drawn in it; `None` if the zoom, column or row is out of range.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn tile(
        self: &Arc<Self>,
        zoom: u32,
        column: u32,
        row: u32,
    ) -> Result<Option<Bytes>, StudyError> {
        if !TileIndex::has(zoom, column, row) {
            return Ok(None);
        }
        let key = (self.edition_at(None), zoom, column, row);
        let study = self.clone();
        let compute = async move {
            study
                .search(Lane::Cheap, move |study, _| {
                    Ok(study.tile_index().tile(zoom, column, row).map(Bytes::from))
                })
                .await
        };
        self.tiles.get_or_compute(key, compute).await
    }

    /// The base map, indexed at the first call.
    pub fn tile_index(&self) -> &TileIndex {
        self.tile_index.get_or_init(|| TileIndex::build(self.city()))
    }

    /// The names of all named compounds with their pinyin, as JSON.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn names(self: &Arc<Self>) -> Result<Bytes, StudyError> {
        self.search(Lane::Cheap, |study, _| {
            Ok(study.names.get_or_init(|| names_json(study.city()).into()).clone())
        })
        .await
    }
}
