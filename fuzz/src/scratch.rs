//! Temporary files for functions that take paths.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The folder of the files, in memory if the system has such a folder.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = parent.join(format!("circle-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    folder
});

/// Writes a new file and returns its path.
pub fn write(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.join(name);
    // Removes the old file first, because a memory map of it must keep its bytes.
    let _ = std::fs::remove_file(&path);
    std::fs::write(&path, bytes).expect("a temporary file");
    path
}

/// Removes every file of this process.
pub fn clear() {
    let _ = std::fs::remove_dir_all(&*FOLDER);
    let _ = std::fs::create_dir_all(&*FOLDER);
}
