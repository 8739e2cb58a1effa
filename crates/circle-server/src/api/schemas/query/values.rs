//! Values of parameters.

use circle_export::TileIndex;
use circle_model::WeekTime;
use circle_model::bands::{LONGEST_BAND, MOST_BANDS};
use circle_print::{ADDRESS_PATTERN, DIRECTION_PATTERN, PageSize as Size};
use circle_study::question::{BoardQuestion, DEFAULT_LIMIT, FORMS};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Object, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// Id of a profile.
#[derive(Debug, ToSchema)]
pub(crate) struct ProfileId(String);

/// Id of a rule set.
#[derive(Debug, ToSchema)]
pub(crate) struct RuleSetId(String);

/// Id of a category.
#[derive(Debug, ToSchema)]
pub(crate) struct CategoryId(String);

/// Id of a category that boards may show.
#[derive(Debug, ToSchema)]
pub(crate) struct BoardCategoryId(String);

/// Id of a level that the city has units of; `compound` for compounds themselves.
#[derive(Debug, ToSchema)]
pub(crate) struct LevelId(String);

/// A switch; `false` if it is not given.
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Switch {
    False,
    True,
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "1")]
    One,
}

/// The form of a file.
#[derive(Debug)]
pub(crate) struct FileFormatWord;

impl PartialSchema for FileFormatWord {
    fn schema() -> RefOr<Schema> {
        words("Format of a file", circle_export::FileFormat::ALL.map(circle_export::FileFormat::word))
    }
}

impl ToSchema for FileFormatWord {}

/// How isochrones are cut.
#[derive(Debug)]
pub(crate) struct FormWord;

impl PartialSchema for FormWord {
    fn schema() -> RefOr<Schema> {
        let words = FORMS.map(|(word, _)| word);
        text()
            .description(Some("How isochrones are cut"))
            .enum_values(Some(words))
            .default(Some(words[0].into()))
            .into()
    }
}

impl ToSchema for FormWord {}

/// A place anywhere.
#[derive(Debug)]
pub(crate) struct Place;

impl PartialSchema for Place {
    fn schema() -> RefOr<Schema> {
        place("Longitude and latitude in degrees, WGS 84")
    }
}

impl ToSchema for Place {}

/// A place in the city.
#[derive(Debug)]
pub(crate) struct PlaceInCity;

impl PartialSchema for PlaceInCity {
    fn schema() -> RefOr<Schema> {
        place("Longitude and latitude in degrees, WGS 84, in the city or up to a kilometre beyond its data")
    }
}

impl ToSchema for PlaceInCity {}

fn place(description: &str) -> RefOr<Schema> {
    let degrees = |most: u32| Schema::from(number().minimum(Some(-f64::from(most))).maximum(Some(most)));
    ArrayBuilder::new()
        .description(Some(description))
        .prefix_items([degrees(180), degrees(90)])
        .items(utoipa::openapi::schema::ArrayItems::False)
        .min_items(Some(2))
        .max_items(Some(2))
        .into()
}

/// One of a few words.
fn words<const N: usize>(description: &str, words: [&'static str; N]) -> RefOr<Schema> {
    text().description(Some(description)).enum_values(Some(words)).into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Number)
}

fn whole(least: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least as f64))
}

/// Anything: bytes of a format that JSON Schema cannot describe, or a JSON Schema.
#[derive(Debug)]
pub(crate) struct Anything;

impl PartialSchema for Anything {
    fn schema() -> RefOr<Schema> {
        Object::with_type(SchemaType::AnyValue).into()
    }
}

impl ToSchema for Anything {}

/// Bands in minutes.
#[derive(Debug)]
pub(crate) struct Minutes;

impl PartialSchema for Minutes {
    fn schema() -> RefOr<Schema> {
        bands(LONGEST_BAND, MOST_BANDS)
    }
}

impl ToSchema for Minutes {}

/// Bands of a board, in minutes.
#[derive(Debug)]
pub(crate) struct BoardMinutes;

impl PartialSchema for BoardMinutes {
    fn schema() -> RefOr<Schema> {
        bands(BoardQuestion::LONGEST_BAND, circle_print::MOST_BANDS)
    }
}

impl ToSchema for BoardMinutes {}

fn bands(longest: u32, most: usize) -> RefOr<Schema> {
    let band = whole(1).maximum(Some(longest));
    ArrayBuilder::new().items(band).min_items(Some(1)).max_items(Some(most)).into()
}

/// A time of the week, or a date with a time.
#[derive(Debug)]
pub(crate) struct TimeOfWeek;

impl PartialSchema for TimeOfWeek {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some(WeekTime::PATTERN)).into()
    }
}

impl ToSchema for TimeOfWeek {}

/// A key. Keys have at most 32 characters; ids of access points are a little longer.
#[derive(Debug)]
pub(crate) struct Key;

impl PartialSchema for Key {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[a-z][a-z0-9.-]{0,39}$")).into()
    }
}

impl ToSchema for Key {}

/// The name of a board's file: the key of a compound and the ending of a format.
#[derive(Debug)]
pub(crate) struct BoardFile;

impl PartialSchema for BoardFile {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[a-z][a-z0-9.-]{0,31}\\.(svg|pdf|png)$")).into()
    }
}

impl ToSchema for BoardFile {}

/// An edition, as in the header `circle-edition`.
#[derive(Debug)]
pub(crate) struct EditionName;

impl PartialSchema for EditionName {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[0-9a-f]{12}$")).into()
    }
}

impl ToSchema for EditionName {}

/// A number of features on a page, without an upper limit: OGC API Features requires larger numbers to be accepted.
#[derive(Debug)]
pub(crate) struct PageLimit;

impl PartialSchema for PageLimit {
    fn schema() -> RefOr<Schema> {
        whole(1).default(Some(DEFAULT_LIMIT.into())).into()
    }
}

impl ToSchema for PageLimit {}

/// A number of features to skip.
#[derive(Debug)]
pub(crate) struct PageOffset;

impl PartialSchema for PageOffset {
    fn schema() -> RefOr<Schema> {
        whole(0).default(Some(0.into())).into()
    }
}

impl ToSchema for PageOffset {}

/// `west,south,east,north`, or with heights between.
#[derive(Debug)]
pub(crate) struct Bbox;

impl PartialSchema for Bbox {
    fn schema() -> RefOr<Schema> {
        let degrees = |most: u32| Schema::from(number().minimum(Some(-f64::from(most))).maximum(Some(most)));
        let list = |items: Vec<Schema>| {
            let length = items.len();
            ArrayBuilder::new()
                .prefix_items(items)
                .items(utoipa::openapi::schema::ArrayItems::False)
                .min_items(Some(length))
                .max_items(Some(length))
        };
        let [lon, lat] = [degrees(180), degrees(90)];
        let height = || Schema::from(number());
        let flat = list(vec![lon.clone(), lat.clone(), lon.clone(), lat.clone()]);
        let high = list(vec![lon.clone(), lat.clone(), height(), lon, lat, height()]);
        OneOfBuilder::new().item(flat).item(high).into()
    }
}

impl ToSchema for Bbox {}

/// A time or an interval as in RFC 3339.
#[derive(Debug)]
pub(crate) struct TimeInterval;

impl PartialSchema for TimeInterval {
    fn schema() -> RefOr<Schema> {
        const TIME: &str = "[0-9]{4}[-:.+TtZz0-9]{6,}";
        text().pattern(Some(format!("^({TIME}|({TIME}|\\.\\.)?/({TIME}|\\.\\.)?)$"))).into()
    }
}

impl ToSchema for TimeInterval {}

/// A zoom with tiles.
#[derive(Debug)]
pub(crate) struct Zoom;

impl PartialSchema for Zoom {
    fn schema() -> RefOr<Schema> {
        whole(TileIndex::FIRST_ZOOM as usize).maximum(Some(TileIndex::LAST_ZOOM)).into()
    }
}

impl ToSchema for Zoom {}

/// A column or row of tiles.
#[derive(Debug)]
pub(crate) struct ColumnOrRow;

impl PartialSchema for ColumnOrRow {
    fn schema() -> RefOr<Schema> {
        whole(0).into()
    }
}

impl ToSchema for ColumnOrRow {}

/// Size of a page.
#[derive(Debug)]
pub(crate) struct PageSize;

impl PartialSchema for PageSize {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some(Size::PATTERN)).into()
    }
}

impl ToSchema for PageSize {}

/// A direction.
#[derive(Debug)]
pub(crate) struct Direction;

impl PartialSchema for Direction {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some(DIRECTION_PATTERN)).into()
    }
}

impl ToSchema for Direction {}

/// An address of the web.
#[derive(Debug)]
pub(crate) struct WebAddress;

impl PartialSchema for WebAddress {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some(ADDRESS_PATTERN)).into()
    }
}

impl ToSchema for WebAddress {}
