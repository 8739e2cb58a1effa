//! How rows and the words in them are declared.

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
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in JSON and CSV.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The value stored as `code`. A file with a code that does not exist is refused on opening
            /// ([`City::open`](crate::City::open)), so none is left in its rows; elsewhere such a code is the last
            /// value.
            pub fn from_code(code: u8) -> Self {
                Self::ALL[usize::from(code).min(Self::ALL.len() - 1)]
            }

            /// The value stored as `code`; `None` for codes that do not exist.
            pub fn try_from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }

            /// The stored form.
            pub const fn code(self) -> u8 {
                self as u8
            }
        }
    };
}

pub(super) use {codes, record};
