//! Parameters of each path. `openapi::tests` holds their names against those that the questions of circle-study read.

pub(crate) mod values;

use utoipa::{IntoParams, ToSchema};
use values::{
    Bbox, BoardCategoryId, BoardFile, BoardMinutes, ColumnOrRow, Direction, EditionName, FileFormatWord,
    FormWord, Key, LevelId, Minutes, PageLimit, PageOffset, PageSize, Place, PlaceInCity, ProfileId,
    RuleSetId, Switch, TimeInterval, TimeOfWeek, WebAddress, Zoom,
};

/// Where walks start. Give exactly one of `at`, `compound` and `gate`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OriginQuery {
    /// `LON,LAT`. Give exactly one of `at`, `compound` and `gate`.
    #[param(style = Form, explode = false)]
    at: Option<PlaceInCity>,
    /// Key or exact name of a compound.
    compound: Option<String>,
    /// Key of a gate.
    gate: Option<String>,
}

/// How one walks, and how far.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WalksQuery {
    /// Bands: whole minutes, separated by commas.
    #[param(style = Form, explode = false)]
    minutes: Option<Minutes>,
    /// Walking profile.
    profile: Option<ProfileId>,
    /// Honours opening hours at a time: `HH:MM` (an ordinary Wednesday), `Sa HH:MM`, or `YYYY-MM-DDTHH:MM`.
    at_time: Option<TimeOfWeek>,
}

/// How shapes are cut.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormQuery {
    /// How the shapes are cut; `discs` if it is not given.
    form: Option<FormWord>,
}

/// A walk. Give exactly one of `from`, `compound` and `gate`, and one of `to` and `facility`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainQuery {
    /// Where the walk starts, `LON,LAT`. Give exactly one of `from`, `compound` and `gate`.
    #[param(style = Form, explode = false)]
    from: Option<Place>,
    /// Key or exact name of a compound where the walk starts.
    compound: Option<String>,
    /// Key of a gate where the walk starts.
    gate: Option<String>,
    /// Where the walk ends, `LON,LAT`. Give exactly one of `to` and `facility`.
    #[param(style = Form, explode = false)]
    to: Option<Place>,
    /// Key or exact name of a facility where the walk ends.
    facility: Option<String>,
    /// Walking profile.
    profile: Option<ProfileId>,
    /// Honours opening hours at a time: `HH:MM` (an ordinary Wednesday), `Sa HH:MM`, or `YYYY-MM-DDTHH:MM`.
    at_time: Option<TimeOfWeek>,
    /// `false` leaves out what bars a shorter walk: the member `barred` is then absent. The walk itself is the same. It saves two searches.
    #[param(default = json!(true))]
    barred: Option<bool>,
}

/// By which rules compounds are judged, for whom and when.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JudgedQuery {
    /// Rule set to judge by.
    rules: Option<RuleSetId>,
    /// Walking profile.
    profile: Option<ProfileId>,
    /// Bands: whole minutes, separated by commas.
    #[param(style = Form, explode = false)]
    minutes: Option<Minutes>,
    /// Honours opening hours at a time: `HH:MM` (an ordinary Wednesday), `Sa HH:MM`, or `YYYY-MM-DDTHH:MM`.
    at_time: Option<TimeOfWeek>,
    /// `true` judges as if the map showed every facility 按地图所示.
    #[param(default = json!(false))]
    as_mapped: Option<bool>,
}

/// Which part of the coverage table.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PartQuery {
    /// Level that results are summed by; `compound` if it is not given.
    by: Option<LevelId>,
    /// One category or line alone; of units also `all` and `all_with_source`. Which lines exist depends on `rules` and `by`.
    line: Option<String>,
    /// `rules`: the rule set's lines alone. Not with units.
    only: Option<OnlyRules>,
    /// Key or exact name of a compound: it alone. Not with units.
    compound: Option<String>,
}

/// The file.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// Format; takes precedence over `Accept`.
    format: Option<FileFormatWord>,
    /// Offers the answer as a file to save.
    download: Option<Switch>,
}

/// `rules`
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnlyRules {
    Rules,
}

/// `band` or `theme`
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HeadingsOf {
    Band,
    Theme,
}

/// The board.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct BoardPath {
    /// Key of the compound and the format: `w500.pdf`, `.svg` or `.png`.
    board: BoardFile,
}

/// How the board is made.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BoardQuery {
    /// Key or name of a gate of the compound; its most certain one if it is not given.
    gate: Option<String>,
    /// `A0` to `A4`, or millimetres such as `800x1200`, at most four times as long as wide; `A1` if it is not given.
    size: Option<PageSize>,
    /// Landscape format.
    landscape: Option<Switch>,
    /// Bleed of 3 mm on every side.
    bleed: Option<Switch>,
    /// Crop marks.
    crop_marks: Option<Switch>,
    /// Categories to list; without it the five of the board.
    #[param(style = Form, explode = false)]
    categories: Option<Vec<BoardCategoryId>>,
    /// Headings of the list.
    group_by: Option<HeadingsOf>,
    /// Bands: whole minutes, separated by commas.
    #[param(style = Form, explode = false)]
    minutes: Option<BoardMinutes>,
    /// Walking profile.
    profile: Option<ProfileId>,
    /// Direction that the reader faces, drawn as up: `N`, `NE`, … or degrees.
    faces: Option<Direction>,
    /// North is up.
    north_up: Option<Switch>,
    /// Accepts a gate that was only inferred; the board says so.
    inferred: Option<Switch>,
    /// Address of the page, for the QR code.
    address: Option<WebAddress>,
    /// Dots per inch of a PNG.
    #[param(minimum = 20, maximum = 150)]
    dpi: Option<u32>,
    /// Offers the answer as a file to save.
    download: Option<Switch>,
}

/// The collection.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct CollectionPath {
    /// Id of a collection.
    collection: String,
}

/// The feature of a collection.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ItemPath {
    /// Id of a collection.
    collection: String,
    /// Key of the feature.
    id: Key,
}

/// Which features of a collection.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// Features on a page; at most 10,000 are returned.
    limit: Option<PageLimit>,
    /// Features to skip.
    offset: Option<PageOffset>,
    /// `west,south,east,north`; west above east crosses the antimeridian.
    #[param(style = Form, explode = false)]
    bbox: Option<Bbox>,
    /// RFC 3339; features have no time, so every time matches.
    datetime: Option<TimeInterval>,
}

/// A tile.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TilePath {
    /// Zoom.
    z: Zoom,
    /// Column.
    x: ColumnOrRow,
    /// Row.
    y: ColumnOrRow,
}

/// A tile, by row before column.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MatrixTilePath {
    /// Zoom.
    #[param(rename = "tileMatrix")]
    tile_matrix: Zoom,
    /// Row.
    #[param(rename = "tileRow")]
    tile_row: ColumnOrRow,
    /// Column.
    #[param(rename = "tileCol")]
    tile_col: ColumnOrRow,
}

/// The parameter of every path of the API.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EditionQuery {
    /// Answers about this edition of the city alone, as named by the header `circle-edition`; 409 if another one is served.
    edition: Option<EditionName>,
}
