//! Numbers as offices write them, in all columns except coordinates.

/// Words before a number that do not change its value.
const PREFIXES: [&str; 9] = ["大约", "约为", "约", "近", "共计", "共", "合计", "≈", "~"];
/// Words after a number that do not change its value. A word precedes those that are its suffixes.
const SUFFIXES: [&str; 27] = [
    "左右", "上下", "以上", "余", "多", "来", "人", "户", "口", "名", "张", "张床", "床位", "床", "学位",
    "座位", "座", "位", "个", "层", "楼", "间", "栋", "幢", "F", "f", "+",
];
/// Limit of suffixes that are removed from one number.
const MAX_SUFFIXES: usize = 4;

/// The number in a cell: `1200`, `１２００`, `1,200`, `1，200`, `约1200户`, `1.2万`. `None` for anything else,
/// including several numbers.
///
/// ```
/// assert_eq!(circle_sheet::parse_number("约１，２００余人"), Some(1200.0));
/// assert_eq!(circle_sheet::parse_number("100-200"), None);
/// ```
pub fn parse_number(cell: &str) -> Option<f64> {
    let text = narrow_text(cell);
    let mut rest = text.as_str();
    while let Some(after) = PREFIXES.iter().find_map(|word| rest.strip_prefix(*word)) {
        rest = after;
    }
    let mut factor = 1.0;
    for _ in 0..MAX_SUFFIXES {
        if let Some(before) = SUFFIXES.iter().find_map(|word| rest.strip_suffix(*word)) {
            rest = before;
        }
    }
    if let Some(before) = rest.strip_suffix('万') {
        (rest, factor) = (before, 1e4);
    } else if let Some(before) = rest.strip_suffix('千') {
        (rest, factor) = (before, 1e3);
    }
    let number = without_thousands_commas(rest)?.parse::<f64>().ok()?;
    (number.is_finite() && rest.contains(|c: char| c.is_ascii_digit())).then_some(number * factor)
}

/// Replaces full-width forms by ASCII and removes blanks. A blank between two digits becomes a comma, because
/// both separate thousands.
fn narrow_text(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut after_blank = false;
    for c in cell.chars().map(narrow) {
        if c.is_whitespace() {
            after_blank = true;
            continue;
        }
        let separates = std::mem::take(&mut after_blank) && c.is_ascii_digit();
        if separates && text.ends_with(|c: char| c.is_ascii_digit()) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// Removes the commas between thousands; `None` if a comma separates anything else.
fn without_thousands_commas(text: &str) -> Option<String> {
    let (whole, fraction) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let has_groups = whole.contains(',');
    let is_first_group = (1..=3).contains(&first.trim_start_matches('-').len());
    if fraction.contains(',') || has_groups && (!is_first_group || !groups.all(is_group)) {
        return None;
    }
    Some(text.replace(',', ""))
}

/// The ASCII form of a full-width character.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_parsed_as_offices_write_them() {
        for text in [
            "1200",
            "１２００",
            "约1200",
            "1,200",
            "1，200",
            "1200户",
            "1200人",
            " 1 200 ",
            "约１，２００余人",
            "1200.0",
            "0.12万",
            "1.2千",
            "1200张床",
            "1200左右",
            "1.2e3",
            "大约1200多户",
        ] {
            assert_eq!(parse_number(text), Some(1200.0), "{text}");
        }
        assert_eq!(parse_number("1.2万"), Some(12_000.0));
        assert_eq!(parse_number("约3万人"), Some(30_000.0));
        assert_eq!(parse_number("6层"), Some(6.0));
        assert_eq!(parse_number("1,234,567.5"), Some(1_234_567.5));
        assert_eq!(parse_number("-5"), Some(-5.0));
        for text in [
            "",
            "约",
            "三百",
            "100-200",
            "100~200",
            "12,00",
            ",200",
            "1,20",
            "1200,300",
            "1200/1300",
            "12 34",
            "inf",
            "NaN",
            "6+1",
            "万",
            "人",
            "待定",
        ] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[0-9０-９,，.约万人户 -]{0,16}|.{0,16}") {
            let _ = parse_number(&text);
        }
    }
}
