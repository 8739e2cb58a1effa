//! Writes opening hours, findings and keys.

use super::writer::Writer;
use crate::keys::SettledKeys;
use crate::opening_hours::DraftHours;
use crate::own::DraftFinding;
use circle_model::city::{Finding, FormerKey, Hours};

pub(super) fn write_hours(writer: &mut Writer, hours: &[DraftHours]) {
    for hours in hours {
        let row = Hours {
            text: writer.texts.add(&hours.text),
            row: hours.row,
            of: hours.of.code(),
            unlocks: u8::from(hours.unlocks),
            spare: [0; 2],
        };
        writer.tables.hours.push(row);
    }
}

pub(super) fn write_findings(writer: &mut Writer, findings: &[DraftFinding]) {
    for finding in findings {
        let row = Finding {
            name: writer.texts.add(&finding.name),
            message: writer.texts.add(&finding.message),
            point: finding.point,
            source: finding.source,
            row: finding.row,
            severity: finding.severity.code(),
            kind: finding.kind.code(),
            spare: [0; 6],
        };
        writer.tables.findings.push(row);
    }
}

/// Writes keys that were made unique, and former keys. Their texts follow all others: the order is part of
/// the bytes of a city file.
pub(super) fn write_keys(writer: &mut Writer, keys: &SettledKeys) {
    for (of, changed) in &keys.changed {
        for (at, key) in changed {
            let text = writer.texts.add(key);
            *writer.key_mut(*of, *at) = text;
        }
    }
    for former in &keys.former {
        let row = FormerKey {
            text: writer.texts.add(&former.text),
            point: former.point,
            row: former.row,
            of: former.of.code(),
            spare: [0; 3],
        };
        writer.tables.former_keys.push(row);
    }
}
