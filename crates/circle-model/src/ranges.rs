//! Short texts for lists of numbers.

/// Ascending numbers, with consecutive ones joined: `2`, `5 to 7`.
///
/// ```
/// assert_eq!(circle_model::ranges::in_ranges(&[2, 5, 6, 7]), ["2", "5 to 7"]);
/// ```
pub fn in_ranges(numbers: &[u32]) -> Vec<String> {
    let ranges = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let ends = ranges.filter_map(|range| Some((range.first()?, range.last()?)));
    ends.map(|(first, last)| if first == last { first.to_string() } else { format!("{first} to {last}") })
        .collect()
}
