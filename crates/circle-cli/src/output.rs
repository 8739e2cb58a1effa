//! Where results go: whole to a file, or to standard output.

use anyhow::Context;
use circle_model::city::write_atomically;
use std::io::Write;
use std::path::Path;

/// Writes `bytes`; `-` or no path is standard output.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(path) = path.filter(|path| *path != Path::new("-")) {
        return write_atomically(path, bytes).with_context(|| path.display().to_string());
    }
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
