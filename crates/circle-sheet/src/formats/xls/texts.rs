//! The texts that all sheets share. They continue in the next record if one is full.

/// Reads texts across the contents of consecutive records.
pub(super) struct SharedTexts<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    part: &'a [u8],
}

impl<'a> SharedTexts<'a> {
    pub(super) fn new(parts: Vec<&'a [u8]>) -> Self {
        Self { parts: parts.into_iter(), part: &[] }
    }

    /// All texts that are complete.
    pub(super) fn collect_all(mut self) -> Vec<String> {
        // Two counts, which are not trusted.
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
        let mut is_wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::new();
        for _ in 0..length {
            if self.part.is_empty() {
                // The continuation of a text begins with separate flags.
                is_wide = self.byte()? & 1 != 0;
            }
            units.push(if is_wide { self.number(2)? as u16 } else { u16::from(self.byte()?) });
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
