//! The encoding of protobuf messages: fields of numbers and bytes.

use super::fault::PbfFault;

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(u64),
    /// A text, a message or packed numbers.
    Bytes(&'a [u8]),
    /// A number of 4 or 8 bytes. The messages of OSM have none.
    Fixed,
}

/// The fields of a message, by number. Ends after the first fault.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), PbfFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn read(&mut self) -> Result<(u64, Value<'a>), PbfFault> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => {
                take(&mut self.0, 8)?;
                Value::Fixed
            }
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(take(&mut self.0, length)?)
            }
            5 => {
                take(&mut self.0, 4)?;
                Value::Fixed
            }
            _ => return Err(PbfFault::Field(key)),
        };
        if key >> 3 == 0 { Err(PbfFault::Field(key)) } else { Ok((key >> 3, value)) }
    }
}

/// Passes every number of a repeated field to `add`. Writers may pack them or not.
pub(super) fn numbers(value: Value<'_>, mut add: impl FnMut(u64)) -> Result<(), PbfFault> {
    match value {
        Value::Number(number) => add(number),
        Value::Bytes(mut packed) => {
            while !packed.is_empty() {
                add(varint(&mut packed)?);
            }
        }
        Value::Fixed => {}
    }
    Ok(())
}

/// Decodes the encoding of signed numbers: 0, -1, 1, -2, …
pub(super) fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn varint(rest: &mut &[u8]) -> Result<u64, PbfFault> {
    let bytes = *rest;
    let mut number = 0;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            // The tenth byte holds the last of 64 bits.
            if at == 9 && *byte > 1 {
                return Err(PbfFault::LongNumber);
            }
            *rest = &bytes[at + 1..];
            return Ok(number);
        }
    }
    Err(if bytes.len() < 10 { PbfFault::Truncated } else { PbfFault::LongNumber })
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8], PbfFault> {
    let length = usize::try_from(length).map_err(|_| PbfFault::Truncated)?;
    let (taken, after) = rest.split_at_checked(length).ok_or(PbfFault::Truncated)?;
    *rest = after;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(message: &[u8]) -> Vec<Result<(u64, Value<'_>), PbfFault>> {
        Fields(message).collect()
    }

    #[test]
    fn numbers_have_up_to_64_bits() {
        let read = |bytes: &[u8]| varint(&mut &*bytes);
        assert_eq!(read(&[0x00]), Ok(0));
        assert_eq!(read(&[0x96, 0x01]), Ok(150));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Ok(u64::MAX));
        assert_eq!(
            read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]),
            Err(PbfFault::LongNumber)
        );
        assert_eq!(read(&[0xff; 11]), Err(PbfFault::LongNumber));
        assert_eq!(read(&[0x96]), Err(PbfFault::Truncated));
        assert_eq!(read(&[]), Err(PbfFault::Truncated));
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn fields_of_every_type_are_read_or_skipped() {
        let message = [
            &[0x08, 0x96, 0x01][..],
            &[0x12, 0x02, b'a', b'b'],
            &[0x19, 1, 2, 3, 4, 5, 6, 7, 8],
            &[0x25, 1, 2, 3, 4],
        ]
        .concat();
        let values: Vec<_> = Fields(&message).map(Result::unwrap).collect();
        let expected =
            [(1, Value::Number(150)), (2, Value::Bytes(b"ab")), (3, Value::Fixed), (4, Value::Fixed)];
        assert_eq!(values, expected);
    }

    #[test]
    fn a_fault_ends_the_message() {
        assert_eq!(fields(&[0x12, 0x05, b'a', 0x08, 0x01]), [Err(PbfFault::Truncated)]);
        // A group, which the messages of OSM do not have, and field 0.
        assert_eq!(fields(&[0x0b, 0x08, 0x01]), [Err(PbfFault::Field(11))]);
        assert_eq!(fields(&[0x00, 0x01, 0x08, 0x01]), [Err(PbfFault::Field(0))]);
        let long = [&[0x12][..], &[0xff; 9], &[0x01]].concat();
        assert_eq!(fields(&long), [Err(PbfFault::Truncated)]);
    }

    #[test]
    fn repeated_numbers_are_packed_or_not() {
        let read = |value: Value<'_>| {
            let mut found = Vec::new();
            numbers(value, |number| found.push(number)).map(|()| found)
        };
        assert_eq!(read(Value::Bytes(&[1, 0x96, 0x01, 3])), Ok(vec![1, 150, 3]));
        assert_eq!(read(Value::Number(7)), Ok(vec![7]));
        assert_eq!(read(Value::Bytes(&[1, 0x96])), Err(PbfFault::Truncated));
    }
}
