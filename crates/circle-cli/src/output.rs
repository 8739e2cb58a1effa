//! Writes results, atomically to a file or to standard output.

use crate::args::CsvFiles;
use crate::failure::Failure;
use anyhow::Context;
use circle_model::city::write_atomically;
use std::io::Write;
use std::path::Path;

/// Checks, before any work, that the output replaces no input and that its folder exists.
pub(crate) fn check_output<P: AsRef<Path>>(path: Option<&Path>, inputs: &[P]) -> Result<(), Failure> {
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

/// UTF-8 byte-order mark. Without it, Excel reads 小区 as 灏忓尯.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes CSV. A file begins with a byte-order mark unless `--no-bom` is set. Standard output, devices and
/// pipes get none, because programs read them.
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

/// Whether a path is standard output, a device or a pipe.
pub(crate) fn is_stream(path: &Path) -> bool {
    path == Path::new("-") || path.metadata().is_ok_and(|there| !there.is_file())
}

/// Opens the output for `write`, which writes piece by piece.
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
