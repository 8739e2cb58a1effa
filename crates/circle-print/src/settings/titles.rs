//! Titles that say the minutes of a board.

/// The title in a language that has one built in: a quarter of an hour 一刻钟 is said of the default walker alone.
pub(super) fn built_in_title(code: &str, minutes: u32, is_default_walker: bool) -> Option<String> {
    match code {
        "zh" if minutes == 15 && is_default_walker => Some("一刻钟便民生活圈导视图".to_owned()),
        "zh" => Some(format!("步行 {minutes} 分钟生活圈")),
        "en" => Some(format!("{minutes}-Minute Living Circle")),
        _ => None,
    }
}

/// The minutes that a title says, in words or digits: 15 for 一刻钟.
pub(super) fn minutes_of(title: &str) -> Option<u32> {
    // A text that holds another one stands before it.
    const WORDS: [(&str, u32); 11] = [
        ("一刻钟", 15),
        ("四十五分钟", 45),
        ("二十五分钟", 25),
        ("十五分钟", 15),
        ("二十分钟", 20),
        ("三十分钟", 30),
        ("十分钟", 10),
        ("五分钟", 5),
        ("半小时", 30),
        ("半个小时", 30),
        ("一小时", 60),
    ];
    let title = title.to_lowercase();
    let word = WORDS.iter().find(|(word, _)| title.contains(word)).map(|(_, minutes)| *minutes);
    word.or_else(|| ["分钟", "minute", "min"].into_iter().find_map(|unit| number_before(&title, unit)))
}

/// The number before a unit: 30 in `30 分钟` and `30-minute`.
fn number_before(title: &str, unit: &str) -> Option<u32> {
    let (before, _) = title.split_once(unit)?;
    let before = before.trim_end_matches([' ', '-']);
    let digits = before.trim_end_matches(|it: char| it.is_ascii_digit());
    before[digits.len()..].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_an_hour_is_said_of_the_default_walker_and_bands_alone() {
        assert_eq!(built_in_title("zh", 15, true).as_deref(), Some("一刻钟便民生活圈导视图"));
        assert_eq!(built_in_title("zh", 15, false).as_deref(), Some("步行 15 分钟生活圈"));
        assert_eq!(built_in_title("zh", 30, true).as_deref(), Some("步行 30 分钟生活圈"));
        assert_eq!(built_in_title("en", 30, true).as_deref(), Some("30-Minute Living Circle"));
        assert_eq!(built_in_title("mn", 15, true), None);
    }

    #[test]
    fn minutes_are_read_in_words_and_digits() {
        for (title, minutes) in [
            ("一刻钟便民生活圈导视图", Some(15)),
            ("步行 30 分钟生活圈", Some(30)),
            ("10分钟生活圈", Some(10)),
            ("二十五分钟", Some(25)),
            ("15-Minute Living Circle", Some(15)),
            ("半小时生活圈", Some(30)),
            ("便民生活圈", None),
            ("Minute by minute", None),
        ] {
            assert_eq!(minutes_of(title), minutes, "{title}");
        }
    }
}
