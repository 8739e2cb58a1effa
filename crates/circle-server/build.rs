//! Creates the folder of the built page if it is missing, and rebuilds the crate when the page changes.

fn main() {
    let page = "../../web/dist";
    // If this fails, the crate is built without the page, and `/` answers how to build it.
    let _ = std::fs::create_dir_all(page);
    println!("cargo:rerun-if-changed={page}");
}
