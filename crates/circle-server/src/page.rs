//! The map page, built from `web/` and embedded in the binary.

use crate::middleware::etag::{asks_for, of_text};
use crate::middleware::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use circle_study::Refusal;
use rust_embed::{Embed, EmbeddedFile};
use std::fmt::Write;

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Page;

const MISSING: &str = "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>Living Circle</title>
<h1>生活圈 Living Circle</h1>
<p>这个程序没有带上地图页面。请先构建页面,再构建程序:</p>
<p>This program was built without the map page. Build the page, then the program:</p>
<pre>cd web &amp;&amp; npm ci &amp;&amp; npm run build &amp;&amp; cd .. &amp;&amp; cargo build --release</pre>
<p>The API is here all the same: <a href=\"/api\">/api</a></p>
</html>
";

/// A file of the page; `/` is `index.html`. The fallback for paths without a route.
pub(crate) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let readable = matches!(method, Method::GET | Method::HEAD);
    match Page::get(path) {
        Some(file) if readable => Ok(file_response(path, &file, &headers)),
        None if readable && path == "index.html" => Ok(of_text(MISSING, Html(MISSING).into_response())),
        Some(_) => Err(Problem::Status(StatusCode::METHOD_NOT_ALLOWED)),
        None if path == "index.html" => Err(Problem::Status(StatusCode::METHOD_NOT_ALLOWED)),
        None => Err(Refusal::NotFound(format!("there is nothing at {}", uri.path())).into()),
    }
}

fn file_response(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..8] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let known = asks_for(headers, &tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = file.metadata.mimetype();
        let text = kind.starts_with("text/") || kind.ends_with("javascript");
        let kind = if text { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        ([(header::CONTENT_TYPE, kind)], file.data.clone()).into_response()
    };
    // The names of assets change with their content; the name of the page does not.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::try_from(format!("W/{tag}")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
