//! Bands 时段: walking times in whole minutes, for shapes and counts.

/// The default bands.
pub const BANDS: [u32; 3] = [5, 10, 15];
/// The longest band, in minutes.
pub const LONGEST_BAND: u32 = 120;
/// Maximum number of bands of a question.
pub const MOST_BANDS: usize = 20;

/// Why bands were rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    /// A band outside the limits.
    #[error("a band of {0} minutes; bands are whole minutes from 1 to {LONGEST_BAND}")]
    Minutes(u32),
    /// Too many bands.
    #[error("{0} bands; one question takes at most {MOST_BANDS}")]
    Count(usize),
    /// No band.
    #[error("no band; bands are whole minutes from 1 to {LONGEST_BAND}")]
    None,
}

/// Sorts bands and removes duplicates.
///
/// # Errors
///
/// When there is none, one is outside its limits, or there are more than [`MOST_BANDS`].
pub fn bands(minutes: &[u32]) -> Result<Vec<u32>, BandsError> {
    if let Some(wrong) = minutes.iter().find(|band| !(1..=LONGEST_BAND).contains(*band)) {
        return Err(BandsError::Minutes(*wrong));
    }
    let mut bands = minutes.to_vec();
    bands.sort_unstable();
    bands.dedup();
    match bands.len() {
        0 => Err(BandsError::None),
        count if count > MOST_BANDS => Err(BandsError::Count(count)),
        _ => Ok(bands),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_sorted_unique_and_within_limits() {
        assert_eq!(bands(&[15, 5, 10, 5]), Ok(vec![5, 10, 15]));
        assert_eq!(bands(&[0, 5]), Err(BandsError::Minutes(0)));
        assert_eq!(bands(&[121]), Err(BandsError::Minutes(121)));
        assert_eq!(bands(&[]), Err(BandsError::None));
        let many: Vec<u32> = (1..=21).collect();
        assert_eq!(bands(&many), Err(BandsError::Count(21)));
        assert_eq!(bands(&many[..20]).map(|bands| bands.len()), Ok(20));
    }
}
