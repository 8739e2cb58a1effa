//! The texts that all sheets share, which go over from one record into the next wherever it is full.

/// The data of some records, one after the other.
pub(super) struct Segments<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    part: &'a [u8],
}

impl<'a> Segments<'a> {
    pub(super) fn new(parts: Vec<&'a [u8]>) -> Self {
        Self { parts: parts.into_iter(), part: &[] }
    }

    /// All texts, as far as they are whole.
    pub(super) fn texts(mut self) -> Vec<String> {
        // Two counts, which nobody needs.
        if (0..8).any(|_| self.byte().is_none()) {
            return Vec::new();
        }
        std::iter::from_fn(|| self.text()).collect()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let extra = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let mut wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::new();
        for _ in 0..length {
            if self.part.is_empty() {
                // The rest of a text says anew how it is written.
                wide = self.byte()? & 1 != 0;
            }
            units.push(if wide { self.number(2)? as u16 } else { u16::from(self.byte()?) });
        }
        self.skip(runs as usize * 4 + extra as usize);
        Some(String::from_utf16_lossy(&units))
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |number, at| Some(number | u32::from(self.byte()?) << (8 * at)))
    }

    fn byte(&mut self) -> Option<u8> {
        while self.part.is_empty() {
            self.part = self.parts.next()?;
        }
        let (byte, rest) = self.part.split_first()?;
        self.part = rest;
        Some(*byte)
    }

    fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 {
            if self.part.is_empty() {
                let Some(next) = self.parts.next() else { return };
                self.part = next;
            }
            let here = bytes.min(self.part.len());
            self.part = &self.part[here..];
            bytes -= here;
        }
    }
}
