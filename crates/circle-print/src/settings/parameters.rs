//! A board file as the parameters of a request, so that a page can keep a district's file and pass its settings.

use super::Settings;
use super::file::{BoardFile, GroupBy, in_line};
use super::logo_uri::{LONGEST_LOGO, is_logo_uri};
use super::requirements::by_rules;
use crate::error::PrintError;
use circle_model::Catalogue;
use std::path::Path;

/// The settings of a board file as parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardFileParameters {
    /// Names and values, as in an address, of the settings that the file has.
    pub parameters: Vec<(&'static str, String)>,
    /// Members of the file that no parameter holds.
    pub left_out: Vec<String>,
}

/// Reads a board file as parameters. Its logo is a data URI, because no other file is read.
///
/// # Errors
///
/// As [`Settings::parse`]; when the logo is the path of a file.
pub fn board_file_parameters(text: &str, catalogue: &Catalogue) -> Result<BoardFileParameters, PrintError> {
    let wrong = |what: String| PrintError::BoardFile { what };
    let file: BoardFile = toml::from_str(text).map_err(|error| wrong(in_line(text, &error)))?;
    if file.logo.as_deref().is_some_and(|logo| !logo.is_empty() && !is_logo_uri(logo)) {
        return Err(wrong(format!(
            "logo: a file cannot be read from here; write the picture itself as `data:image/svg+xml;base64,…`, at most \
             {LONGEST_LOGO} characters, or take the line out"
        )));
    }
    // Everything else is checked like a board file of the command.
    Settings::parse(text, Path::new(""), catalogue)?;
    let listed = file.rules.as_deref().map(|rules| by_rules(rules, catalogue)).transpose().map_err(wrong)?;
    let of_rules = listed.map(|listed| {
        let mut ids: Vec<String> = Vec::new();
        for row in listed.iter().flat_map(|requirement| &requirement.categories) {
            let id = &catalogue.categories[*row].id;
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        ids
    });
    let mut left_out = Vec::new();
    let (mut languages, mut title) = (file.languages, None);
    for (code, texts) in file.text {
        if code == "zh" {
            title = texts.title;
        } else {
            left_out.push(format!("text.{code}"));
            // Without its title the language cannot be asked for.
            if code != "en"
                && let Some(languages) = &mut languages
            {
                languages.retain(|other| *other != code);
            }
        }
    }
    let colours = &file.colours;
    if colours.accent.is_some() || colours.here.is_some() || !colours.bands.is_empty() {
        left_out.push("colours".to_owned());
    }
    if !file.board.is_empty() {
        left_out.push("board".to_owned());
    }
    let switch = |so: bool| so.then(|| "true".to_owned());
    let minutes =
        file.minutes.map(|minutes| minutes.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
    let all = [
        ("size", file.size),
        ("landscape", switch(file.landscape)),
        ("bleed", switch(file.bleed)),
        ("crop_marks", switch(file.crop_marks)),
        ("categories", of_rules.or(file.categories).map(|ids| ids.join(","))),
        ("group_by", (file.group_by == GroupBy::Theme).then(|| "theme".to_owned())),
        ("minutes", minutes),
        ("profile", file.profile),
        ("faces", file.faces.map(degrees)),
        ("north_up", switch(file.north_up)),
        ("inferred", switch(file.inferred)),
        ("address", file.address),
        ("title", title),
        ("issuer", file.issuer),
        ("hotline", file.hotline),
        ("approval_number", file.approval_number),
        ("note", file.note),
        ("languages", languages.map(|codes| codes.join(","))),
        ("logo", file.logo),
    ];
    let given = all.into_iter().filter_map(|(name, value)| Some((name, value.filter(|it| !it.is_empty())?)));
    Ok(BoardFileParameters { parameters: given.collect(), left_out })
}

/// Degrees with at most six decimals, as [`parse_direction`](super::parse_direction) reads them.
fn degrees(degrees: f64) -> String {
    let text = format!("{degrees:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BoardFileParameters, PrintError> {
        board_file_parameters(text, &Catalogue::built_in())
    }

    #[test]
    fn the_settings_of_a_file_are_parameters_and_others_are_named() {
        let text = "size = \"A3\"\nlandscape = true\nminutes = [5, 15]\nfaces = \"SW\"\nissuer = \"爱建街道办事处\"\n\
                    languages = [\"mn\", \"zh\", \"en\"]\ncategories = [\"park\", \"clinic\"]\n\
                    [text.zh]\ntitle = \"便民圈\"\n[text.mn]\ntitle = \"ᠠᠷᠪᠠᠨ\"\n[colours]\naccent = \"#0B6E5F\"\n\
                    [[board]]\ncompound = \"w1\"\nfaces = \"N\"\n";
        let read = read(text).unwrap();
        let expected = [
            ("size", "A3"),
            ("landscape", "true"),
            ("categories", "park,clinic"),
            ("minutes", "5,15"),
            ("faces", "225"),
            ("title", "便民圈"),
            ("issuer", "爱建街道办事处"),
            ("languages", "zh,en"),
        ];
        let found: Vec<(&str, &str)> =
            read.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, expected);
        assert_eq!(read.left_out, ["text.mn", "colours", "board"]);
    }

    #[test]
    fn faults_are_named_and_no_file_is_read() {
        for (text, word) in [
            ("size = \"A9\"", "A9"),
            ("logo = \"/etc/passwd\"", "data:image"),
            ("logo = \"data:text/plain;base64,eA==\"", "logo"),
            ("minutes = [1, 2, 3, 4]", "at most 3"),
            ("colour = 1", "colour"),
            ("rules = \"x\"", "gb50180"),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(word), "{text}: {message}");
        }
        assert_eq!(read("").unwrap(), BoardFileParameters { parameters: Vec::new(), left_out: Vec::new() });
        let by_rules = read("rules = \"gb50180\"").unwrap();
        assert!(by_rules.parameters[0].1.split(',').count() > 3, "{by_rules:?}");
    }
}
