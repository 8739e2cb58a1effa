//! Macros that declare rows, and the words of their codes.

macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, FromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(C)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
    };
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All values, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in JSON and CSV.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The value with a `code`. [`City::open`](crate::City::open) rejects a file with an undefined
            /// code, so no row has one; elsewhere such a code gives the last value.
            pub fn from_code(code: u8) -> Self {
                Self::ALL[usize::from(code).min(Self::ALL.len() - 1)]
            }

            /// The value with a `code`; `None` if the code is undefined.
            pub fn try_from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }

            /// The code of the value.
            pub const fn code(self) -> u8 {
                self as u8
            }
        }
    };
}

pub(super) use {codes, record};
