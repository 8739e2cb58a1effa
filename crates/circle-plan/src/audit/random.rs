//! The `SplitMix64` generator (Steele, Lea and Flood 2014, with Vigna's constants). It is written here
//! because it must give the same numbers from a seed on every machine and in every release; no crate
//! guarantees that.

/// A stream of random numbers.
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A uniform number below `end`. Numbers that would bias the result to small values are rejected.
    fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        let fair = u64::MAX - u64::MAX % end;
        loop {
            let number = self.next();
            if number < fair {
                return (number % end) as usize;
            }
        }
    }

    /// Draws `count` of `all` without replacement, ascending.
    pub(super) fn draw<T: Copy + Ord>(&mut self, all: &[T], count: usize) -> Vec<T> {
        let mut shuffled = all.to_vec();
        let count = count.min(all.len());
        for at in 0..count {
            let other = at + self.below(shuffled.len() - at);
            shuffled.swap(at, other);
        }
        shuffled.truncate(count);
        shuffled.sort_unstable();
        shuffled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_equals_the_published_one() {
        // Rosetta Code, "Pseudo-random numbers/Splitmix64", seed 1234567.
        let mut random = SplitMix64::new(1_234_567);
        let first = [0; 5].map(|_| random.next());
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn a_draw_has_no_duplicates_and_is_uniform() {
        let mut random = SplitMix64::new(7);
        let all: Vec<u32> = (0..10).collect();
        let mut times = [0u32; 10];
        for _ in 0..10_000 {
            let drawn = random.draw(&all, 3);
            assert!(drawn.len() == 3 && drawn.windows(2).all(|pair| pair[0] < pair[1]));
            drawn.iter().for_each(|it| times[*it as usize] += 1);
        }
        // 3,000 each, with a standard deviation of 46.
        assert!(times.iter().all(|times| (2770..3230).contains(times)), "{times:?}");
        assert_eq!(random.draw(&all, 99), all);
    }
}
