//! The limits of access legs (`docs/walking.md`), by default or from a user's file.

use crate::files::toml_message;
use serde::{Deserialize, Serialize};

macro_rules! limits {
    ($($(#[$doc:meta])* $field:ident = $default:literal in $range:expr),* $(,)?) => {
        /// Limits of access legs.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct LegLimits { $($(#[$doc])* pub $field: f64),* }

        impl Default for LegLimits {
            fn default() -> Self {
                Self { $($field: $default),* }
            }
        }

        impl LegLimits {
            /// The limits that differ from the defaults, by name.
            pub fn departures(&self) -> Vec<(&'static str, f64)> {
                let default = Self::default();
                let all = [$((stringify!($field), self.$field, default.$field)),*];
                all.into_iter()
                    .filter(|(_, value, default)| value.to_bits() != default.to_bits())
                    .map(|(name, value, _)| (name, value))
                    .collect()
            }

            fn check(&self) -> Result<(), LegLimitsError> {
                $(let range = $range;
                if !range.contains(&self.$field) {
                    return Err(LegLimitsError::Value {
                        field: stringify!($field),
                        value: self.$field,
                        least: *range.start(),
                        most: *range.end(),
                    });
                })*
                Ok(())
            }
        }
    };
}

limits! {
    /// Maximum length of a leg.
    longest_metres = 100.0 in 10.0..=200.0,
    /// Maximum length of a leg as a multiple of the distance to the nearest way in sight …
    nearest_factor = 1.5 in 1.0..=3.0,
    /// … plus this length.
    nearest_extra_metres = 10.0 in 0.0..=50.0,
    /// Factor on the length of legs, since the ground is not mapped.
    off_network_factor = 1.5 in 1.05..=10.0,
    /// Maximum length of a leg inside a closed compound.
    inside_closed_metres = 30.0 in 0.0..=500.0,
    /// Maximum length of a leg inside a compound to its own ways and gates.
    interior_metres = 300.0 in 10.0..=1_000.0,
    /// A place this near to a way of class tertiary or above is on it.
    on_major_metres = 5.0 in 0.0..=30.0,
    /// Bridges and tunnels have legs up to this length.
    on_bridge_metres = 0.5 in 0.0..=50.0,
    /// Ways on islands shorter than this in all have no legs.
    island_metres = 500.0 in 0.0..=100_000.0,
}

/// The error of a file of limits.
#[derive(Debug, thiserror::Error)]
pub enum LegLimitsError {
    /// Not TOML, or not of the expected form.
    #[error("limits of legs: {}", .0.trim_end())]
    Form(String),
    /// A value outside its range.
    #[error("limits of legs: {field} = {value} is not possible; it takes {least} to {most}")]
    Value {
        /// The field.
        field: &'static str,
        /// The value.
        value: f64,
        /// Minimum.
        least: f64,
        /// Maximum.
        most: f64,
    },
}

impl LegLimits {
    /// Parses `name = value` lines; other limits keep their defaults.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, or a name or a value is invalid.
    pub fn parse(text: &str) -> Result<Self, LegLimitsError> {
        // The message contains the parser's text, so the parser's error is not a `source` too.
        let limits: Self =
            toml::from_str(text).map_err(|error| LegLimitsError::Form(toml_message(text, &error)))?;
        limits.check()?;
        Ok(limits)
    }

    /// Maximum length of a leg from a place at a distance from its nearest way in sight.
    #[inline]
    pub fn longest_from(&self, nearest_metres: f64) -> f64 {
        self.longest_metres.min(self.nearest_factor * nearest_metres + self.nearest_extra_metres)
    }

    /// The best leg to a line at distance h ends at the foot of the perpendicular moved by h times this
    /// factor: 1 ÷ √(factor² − 1).
    #[inline]
    pub fn slide(&self) -> f64 {
        1.0 / (self.off_network_factor * self.off_network_factor - 1.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_changes_only_the_limits_that_it_names() {
        let limits = LegLimits::parse("longest_metres = 60\noff_network_factor = 1.3\n").unwrap();
        assert_eq!(limits.departures(), [("longest_metres", 60.0), ("off_network_factor", 1.3)]);
        assert!(LegLimits::parse("").unwrap().departures().is_empty());
        assert!((LegLimits::default().slide() - 0.894_427).abs() < 1e-6);
    }

    #[test]
    fn invalid_limits_are_rejected_with_the_range() {
        for (text, words) in [
            ("longest_metres = nan", ["longest_metres", "10 to 200"]),
            ("off_network_factor = 1", ["off_network_factor", "1.05 to 10"]),
            ("longest = 3", ["longest", "island_metres"]),
            ("island_metres = \"x\"", ["island_metres", "string"]),
        ] {
            let message = LegLimits::parse(text).unwrap_err().to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
    }
}
