//! `--minutes 5 10 15`: joins several words of the command line to one list.

use std::ffi::OsString;

/// Joins the numbers after `--minutes` with commas, as in `--minutes 5,10,15`. All other words stay as they
/// are.
pub(super) fn joined(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    // State of the last word. `Begun`: a list that may continue; `Expected`: the option before the first
    // number.
    let mut list = List::None;
    let mut options = true;
    for word in words {
        let numbers = is_numbers(&word);
        match (list, joined.last_mut()) {
            (List::Begun, Some(last)) if numbers => {
                last.push(",");
                last.push(&word);
                continue;
            }
            (List::Expected, _) if numbers => list = List::Begun,
            _ if !options => list = List::None,
            _ if word == "--minutes" => list = List::Expected,
            _ if word.to_str().and_then(|word| word.strip_prefix("--minutes=")).is_some_and(digits) => {
                list = List::Begun;
            }
            _ => list = List::None,
        }
        options &= word != "--";
        joined.push(word);
    }
    joined
}

#[derive(Clone, Copy)]
enum List {
    None,
    Expected,
    Begun,
}

fn is_numbers(word: &OsString) -> bool {
    word.to_str().is_some_and(digits)
}

fn digits(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit())
        && word.ends_with(|char: char| char.is_ascii_digit())
        && word.chars().all(|char| char.is_ascii_digit() || char == ',')
}

#[cfg(test)]
mod tests {
    use super::joined;
    use std::ffi::OsString;

    #[test]
    fn numbers_after_minutes_are_joined_to_one_list() {
        for (line, expected) in [
            ("isochrone c --minutes 5 10 15 -o x", "isochrone c --minutes 5,10,15 -o x"),
            ("isochrone c --minutes 5,10 15", "isochrone c --minutes 5,10,15"),
            ("isochrone --minutes 5,10,15 c", "isochrone --minutes 5,10,15 c"),
            ("isochrone --minutes=5 10 c", "isochrone --minutes=5,10 c"),
            ("x --compound w5 --minutes 5 --gate w5.n", "x --compound w5 --minutes 5 --gate w5.n"),
            ("x --minutes -5 10", "x --minutes -5 10"),
            ("x --minutes 5, 10", "x --minutes 5, 10"),
            ("x --minutes five 10", "x --minutes five 10"),
            ("x --max-minutes 5 10", "x --max-minutes 5 10"),
            ("x -- --minutes 5 10", "x -- --minutes 5 10"),
            ("x --minutes", "x --minutes"),
        ] {
            let words = line.split(' ').map(OsString::from);
            let words: Vec<String> = joined(words).into_iter().map(|it| it.into_string().unwrap()).collect();
            assert_eq!(words.join(" "), expected);
        }
    }
}
