//! The numbers of all columns but coordinates, as offices write them.

/// Words before a number that do not change it.
const BEFORE: [&str; 9] = ["大约", "约为", "约", "近", "共计", "共", "合计", "≈", "~"];
/// Words behind it that do not change it; of words that end alike the longer comes first.
const BEHIND: [&str; 27] = [
    "左右", "上下", "以上", "余", "多", "来", "人", "户", "口", "名", "张", "张床", "床位", "床", "学位",
    "座位", "座", "位", "个", "层", "楼", "间", "栋", "幢", "F", "f", "+",
];
/// Nobody writes more of these after one number.
const MOST_BEHIND: usize = 4;

/// The number in a cell: `1200`, `１２００`, `1,200`, `1，200`, `约1200户`, `1.2万`. `None` for what is none or several.
pub(super) fn parse_number(cell: &str) -> Option<f64> {
    let text = narrowed(cell);
    let mut rest = text.as_str();
    while let Some(after) = BEFORE.iter().find_map(|word| rest.strip_prefix(*word)) {
        rest = after;
    }
    let mut times = 1.0;
    for _ in 0..MOST_BEHIND {
        if let Some(before) = BEHIND.iter().find_map(|word| rest.strip_suffix(*word)) {
            rest = before;
        }
    }
    if let Some(before) = rest.strip_suffix('万') {
        (rest, times) = (before, 1e4);
    } else if let Some(before) = rest.strip_suffix('千') {
        (rest, times) = (before, 1e3);
    }
    let number = ungrouped(rest)?.parse::<f64>().ok()?;
    (number.is_finite() && rest.contains(|c: char| c.is_ascii_digit())).then_some(number * times)
}

/// Full-width forms as plain ones, and no blanks but those between two digits, which part thousands as commas do.
fn narrowed(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut blank = false;
    for c in cell.chars().map(narrow) {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) && c.is_ascii_digit() && text.ends_with(|c: char| c.is_ascii_digit()) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// A number without the commas between its thousands; `None` where commas part something else.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, rest) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = whole.contains(',');
    if rest.contains(',')
        || grouped && (!(1..=3).contains(&first.trim_start_matches('-').len()) || !groups.all(is_group))
    {
        return None;
    }
    Some(text.replace(',', ""))
}

fn narrow(c: char) -> char {
    match c {
        // Full-width forms of ASCII.
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_offices_write_them() {
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
        fn no_text_is_a_panic(text in "[0-9０-９,，.约万人户 -]{0,16}|.{0,16}") {
            let _ = parse_number(&text);
        }
    }
}
