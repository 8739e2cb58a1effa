//! The Clopper–Pearson interval (1934): exact, from the quantiles of the beta distribution.

/// An interval that contains the true share with a probability of at least 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Probability on each side of the interval.
const TAIL: f64 = 0.025;

/// The 95 % interval of Clopper and Pearson for `stood` correct ones of `of`. Both may be fractions, because
/// the effective size of a weighted sample is one.
pub fn clopper_pearson(stood: f64, of: f64) -> Interval {
    if of.is_nan() || of <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let stood = stood.clamp(0.0, of);
    let fell = of - stood;
    Interval {
        low: if stood > 0.0 { quantile(TAIL, stood, fell + 1.0) } else { 0.0 },
        high: if fell > 0.0 { quantile(1.0 - TAIL, stood + 1.0, fell) } else { 1.0 },
    }
}

/// The quantile of the beta distribution at `share`, by bisection.
fn quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if beta(middle, a, b) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz's method).
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast only below the mean; above it, the complement is computed.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(1.0 - x, b, a);
    }
    beta_fraction(x, a, b)
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let front = (a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp() / a;
    let safe = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..1000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / safe(1.0 + term * d);
            c = safe(1.0 + term / c);
            change = d * c;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * fraction
}

/// ln Γ of a positive number by Stirling's series from 10 upwards, where it is exact to the last digits of an
/// `f64`.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series =
        (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(interval: Interval, low: f64, high: f64, by: f64) {
        assert!((interval.low - low).abs() <= by && (interval.high - high).abs() <= by, "{interval:?}");
    }

    #[test]
    fn intervals_equal_published_ones() {
        // Newcombe 1998, Statistics in Medicine 17, table I, method 5 (Clopper-Pearson).
        near(clopper_pearson(81.0, 263.0), 0.2527, 0.3676, 0.00005);
        near(clopper_pearson(15.0, 148.0), 0.0578, 0.1617, 0.00005);
        near(clopper_pearson(0.0, 20.0), 0.0, 0.1684, 0.00005);
        near(clopper_pearson(1.0, 29.0), 0.0009, 0.1776, 0.00005);
    }

    #[test]
    fn intervals_of_none_and_all_equal_the_closed_form() {
        for of in [1.0f64, 7.0, 60.0, 1000.0] {
            let least = TAIL.powf(1.0 / of);
            near(clopper_pearson(of, of), least, 1.0, 1e-12);
            near(clopper_pearson(0.0, of), 0.0, 1.0 - least, 1e-12);
        }
        near(clopper_pearson(0.0, 0.0), 0.0, 1.0, 0.0);
    }

    #[test]
    fn both_binomial_tails_are_2_5_percent() {
        for (stood, of) in [(3u32, 11u32), (29, 30), (57, 60), (1, 2), (40, 80)] {
            let interval = clopper_pearson(f64::from(stood), f64::from(of));
            let chance = |share: f64, times: u32| {
                let ways = (0..times).fold(1.0, |ways, it| ways * f64::from(of - it) / f64::from(it + 1));
                ways * share.powi(times as i32) * (1.0 - share).powi((of - times) as i32)
            };
            let as_many: f64 = (stood..=of).map(|times| chance(interval.low, times)).sum();
            let as_few: f64 = (0..=stood).map(|times| chance(interval.high, times)).sum();
            assert!((as_many - TAIL).abs() < 1e-10 && (as_few - TAIL).abs() < 1e-10, "{stood} of {of}");
        }
    }
}
