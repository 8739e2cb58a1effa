//! Makes sure that the folder of the built page exists, and that a new build of it is taken in.

fn main() {
    let page = "../../web/dist";
    // Where this fails, the crate is built without the page and says so at `/`.
    let _ = std::fs::create_dir_all(page);
    println!("cargo:rerun-if-changed={page}");
}
