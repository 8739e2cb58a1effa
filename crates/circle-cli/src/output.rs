//! Where results go: whole to a file, or to standard output.

use crate::args::CsvFiles;
use crate::failure::Failure;
use anyhow::Context;
use circle_model::city::write_atomically;
use std::io::Write;
use std::path::Path;

/// A result never replaces what it was made from, and its folder is there before any work is done.
pub(crate) fn spares<P: AsRef<Path>>(path: Option<&Path>, inputs: &[P]) -> Result<(), Failure> {
    let folder = path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    if let (Some(path), Some(folder)) = (path, folder)
        && !folder.is_dir()
    {
        return Err(anyhow::anyhow!("{}: there is no folder {}", path.display(), folder.display()).into());
    }
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    match path.filter(|path| inputs.iter().any(|input| same(input.as_ref(), path))) {
        Some(path) => Err(Failure::Usage(format!(
            "{}: the output would replace the input; choose another name",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// Writes `bytes`; `-` or no path is standard output.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    write_with(path, |out| out.write_all(bytes))
}

/// UTF-8 byte-order mark; without it Excel reads 小区 as 灏忓尯.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes CSV: a file begins with a byte-order mark, unless `--no-bom` was asked for. What goes to standard output, a
/// device or a pipe is read by programs and has none.
pub(crate) fn write_csv(
    path: Option<&Path>,
    files: &CsvFiles,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let marked = !files.no_bom && path.is_some_and(|path| !is_stream(path));
    write_with(path, |out| {
        if marked {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        write(out)
    })
}

/// Whether what is written there is read at once: standard output, a device or a pipe.
pub(crate) fn is_stream(path: &Path) -> bool {
    path == Path::new("-") || path.metadata().is_ok_and(|there| !there.is_file())
}

/// Writes what `write` makes, piece by piece.
pub(crate) fn write_with(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    if let Some(path) = path.filter(|path| *path != Path::new("-")) {
        return write_atomically(path, write).with_context(|| path.display().to_string());
    }
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}
