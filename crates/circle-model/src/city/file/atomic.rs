//! Atomic writing of files.

use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a file completely or not at all: into a temporary file in the same folder, which is synced and
/// renamed. If the path is a link, its target is replaced; a device or pipe is written to directly. `write`
/// writes the contents, so that they need not be in memory.
///
/// # Errors
///
/// When the file system or `write` fails; then no temporary file remains.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let there = path.metadata().ok();
    if there.as_ref().is_some_and(|there| !there.is_file() && !there.is_dir()) {
        let mut file = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut file)?;
        return file.flush();
    }
    let permissions = there.filter(std::fs::Metadata::is_file).map(|there| there.permissions());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut named = tempfile::Builder::new();
    named.prefix(".circle-").permissions(new_file());
    let (file, name) = if let Some(file) = unnamed_in(folder) {
        (file, None)
    } else {
        let (file, name) = named.tempfile_in(folder)?.into_parts();
        (file, Some(name))
    };
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    let mut buffered = BufWriter::with_capacity(1 << 16, &file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.sync_all()?;
    let name = match name {
        Some(name) => name,
        None => named.make_in(folder, |name| link(&file, name))?.into_temp_path(),
    };
    name.persist(path).map_err(|error| error.error)
}

/// Creates an unnamed file, which disappears however the process ends; `None` if the file system does not
/// support it.
#[cfg(target_os = "linux")]
fn unnamed_in(folder: &Path) -> Option<std::fs::File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)).ok().map(std::fs::File::from)
}

/// Gives an unnamed file its name.
#[cfg(target_os = "linux")]
fn link(file: &std::fs::File, name: &Path) -> std::io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd;
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, unnamed, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn unnamed_in(_folder: &Path) -> Option<std::fs::File> {
    None
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &std::fs::File, _name: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// The permissions of a new file before the umask, instead of the owner-only ones of temporary files.
#[cfg(unix)]
fn new_file() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}
