//! Text from a file for messages: on one line and of bounded length.

use circle_model::files::clean;

/// A cell for messages: on one line, cut to 60 characters and marked with `…` if it was cut.
///
/// ```
/// assert_eq!(circle_sheet::excerpt("和平里\n诊所"), "和平里 诊所");
/// assert_eq!(circle_sheet::excerpt(&"很".repeat(61)), format!("{}…", "很".repeat(60)));
/// ```
pub fn excerpt(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    let cut = clean(text, MAX_CHARS);
    if text.chars().nth(MAX_CHARS).is_some() { format!("{cut}…") } else { cut }
}

/// The first 30 names as one text, each an [`excerpt`]. Bounded, because a hostile file may have a thousand
/// columns.
pub fn name_list(names: &[String]) -> String {
    const MAX_NAMES: usize = 30;
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| excerpt(name)).collect();
    let more = if names.len() > MAX_NAMES {
        format!(" and {} more", names.len() - MAX_NAMES)
    } else {
        String::new()
    };
    format!("{}{more}", shown.join(", "))
}

/// A count with commas between its thousands.
pub(crate) fn with_commas(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Ascending row numbers as runs: `3–5, 8`.
pub(crate) fn row_ranges(rows: &[u32]) -> String {
    let mut words: Vec<String> = Vec::new();
    for run in rows.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        match run {
            [one] => words.push(one.to_string()),
            [first, .., last] => words.push(format!("{first}–{last}")),
            [] => {}
        }
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_end_with_the_count_of_the_rest() {
        let names: Vec<String> = (0..32).map(|number| number.to_string()).collect();
        assert!(name_list(&names).ends_with("28, 29 and 2 more"), "{}", name_list(&names));
        assert_eq!(name_list(&names[..2]), "0, 1");
    }

    #[test]
    fn counts_have_commas_between_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(with_commas), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn consecutive_rows_are_one_range() {
        assert_eq!(row_ranges(&[3, 4, 5, 8, 9, 11]), "3–5, 8–9, 11");
        assert_eq!(row_ranges(&[]), "");
    }
}
