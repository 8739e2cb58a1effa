//! Files for functions that take paths.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// In memory where the system has such a folder.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let above = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = above.join(format!("circle-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    folder
});

/// Writes a file anew and says where it is.
pub fn write(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.join(name);
    // A new file each time: a mapping of the one before keeps its bytes.
    let _ = std::fs::remove_file(&path);
    std::fs::write(&path, bytes).expect("a file in memory");
    path
}

/// Removes every file of this process.
pub fn clear() {
    let _ = std::fs::remove_dir_all(&*FOLDER);
    let _ = std::fs::create_dir_all(&*FOLDER);
}
