//! `/api/boards/{key}.{svg,pdf,png}`: the board at a gate.

use super::{SWITCH, offered, start, typed};
use crate::keys::{self, Slot};
use crate::links::Base;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::extract::Path;
use axum::response::Response;
use circle_export::Collection;
use circle_print::{Board, Format, GroupBy, PageSize, PrintError, Settings};

pub(super) const PARAMETERS: [&str; 15] = [
    "gate",
    "size",
    "landscape",
    "bleed",
    "crop_marks",
    "categories",
    "group_by",
    "minutes",
    "profile",
    "faces",
    "north_up",
    "inferred",
    "address",
    "dpi",
    "download",
];
/// What a format is called over HTTP.
pub(super) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Svg => "image/svg+xml",
        Format::Pdf => "application/pdf",
        Format::Png => "image/png",
    }
}

/// Dots an inch of a PNG: enough for a screen unless more is asked for.
const DOTS_PER_INCH: usize = 60;
const MOST_DOTS_PER_INCH: usize = 150;
/// Minutes of the longest band of a board over HTTP: an hour's would keep a core busy for seconds.
const LONGEST_BAND: u32 = 30;
/// Most pixels of a picture over HTTP; larger ones are the command's.
const MOST_PIXELS: f64 = 40e6;

/// The board of a compound's gate; of its most certain gate where none is named.
pub(crate) async fn board(
    Pinned(state): Pinned,
    Path(file): Path<String>,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let (id, kind) = file.rsplit_once('.').unwrap_or((&file, ""));
    let known = Format::of_ending(kind).filter(|format| format.ending() == kind);
    let Some(format) = known else {
        return Err(Problem::NotFound(format!(
            "there is no board `{file}`; boards are /api/boards/COMPOUND_KEY.svg, .pdf and .png"
        )));
    };
    let city = state.city();
    let compound = start::compound(city, id, Slot::Path(&file[id.len()..]), &parameters)?;
    let gate = parameters.text("gate");
    if let Some(key) = gate {
        // A name is no key, and one of another compound is refused below.
        keys::row(city, Collection::Gates, key, Slot::Parameter("gate"), &parameters)?;
    }
    let settings = settings(&state, &base, &parameters)?;
    let gate = circle_print::gate_of(city, compound, gate, settings.inferred).map_err(problem)?;
    let name = format!("board-{}-{}.{}", city.compound_key(compound), city.gate_key(gate), format.ending());
    let bytes = state
        .search(move |state: &State| {
            let board = Board::draw(&state.network, &state.catalogue, &settings, gate)?;
            circle_reach::check_wanted();
            board.bytes(format)
        })
        .await?
        .map_err(problem)?;
    offered(typed(content_type(format), bytes), &parameters, &name)
}

/// The server's board file, and what is asked otherwise.
fn settings(state: &State, base: &Base, parameters: &Parameters) -> Result<Settings, Problem> {
    let mut settings = state.boards.clone();
    if let Some(size) = parameters.text("size") {
        settings.page = PageSize::parse(size).map_err(|what| Problem::parameter("size", what))?;
    }
    let switch = |name: &'static str, known: bool| match parameters.text(name) {
        None => Ok(known),
        Some(_) => parameters.word(name, &SWITCH),
    };
    settings.landscape = switch("landscape", settings.landscape)?;
    settings.bleed = switch("bleed", settings.bleed)?;
    settings.crop_marks = switch("crop_marks", settings.crop_marks)?;
    settings.inferred = switch("inferred", settings.inferred)?;
    settings.north_up = switch("north_up", settings.north_up)?;
    if let Some(faces) = parameters.text("faces") {
        let faces = circle_print::parse_direction(faces).map_err(|what| Problem::parameter("faces", what))?;
        settings.faces_asked = Some(faces);
        settings.north_up = false;
    }
    if parameters.text("group_by").is_some() {
        settings.group_by =
            parameters.word("group_by", &[("band", GroupBy::Band), ("theme", GroupBy::Theme)])?;
    }
    if let Some(profile) = parameters.text("profile") {
        settings.profile = state.profile(Some(profile))?.clone();
    }
    let wrong = |name: &'static str| move |error: PrintError| Problem::parameter(name, error.to_string());
    if let Some(minutes) = parameters.minutes()? {
        if minutes.iter().any(|minutes| *minutes > LONGEST_BAND) {
            let message =
                format!("boards over HTTP reach up to {LONGEST_BAND} minutes; the command makes larger ones");
            return Err(Problem::parameter("minutes", message));
        }
        settings = settings.with_minutes(&minutes).map_err(wrong("minutes"))?;
    }
    if let Some(ids) = parameters.text("categories") {
        let ids: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
        settings = settings.with_categories(&ids, &state.catalogue).map_err(wrong("categories"))?;
    }
    if let Some(address) = parameters.text("address") {
        settings = settings.with_address(address).map_err(wrong("address"))?;
    } else if settings.address.is_none() && !base.0.is_empty() {
        settings = settings.with_address(&base.0).map_err(wrong("address"))?;
    }
    let dots = parameters.whole("dpi", 20)?.unwrap_or(DOTS_PER_INCH);
    if dots > MOST_DOTS_PER_INCH {
        return Err(Problem::parameter("dpi", format!("it takes 20 to {MOST_DOTS_PER_INCH}")));
    }
    let dots = dots as f64;
    let pixels = settings.page.width * settings.page.height * (dots / 25.4).powi(2);
    if pixels > MOST_PIXELS {
        let message = format!("{:.0} million pixels are too many; ask for fewer dots an inch", pixels / 1e6);
        return Err(Problem::parameter("dpi", message));
    }
    settings.dots_per_inch = dots;
    Ok(settings)
}

/// A board that cannot be made is the request's or the data's fault; one that cannot be written is the program's.
fn problem(error: PrintError) -> Problem {
    match error {
        PrintError::Write { .. } => {
            tracing::error!(%error, "a board could not be written");
            Problem::Internal
        }
        other => Problem::Board(other.to_string()),
    }
}
