//! The landing page as HTML, for people who open `/api` in a browser: one file without script.

use crate::api::ogc::collections::describe;
use crate::http::base::Base;
use crate::state::State;
use circle_export::{Collection, Statement, city_name};
use serde_json::Value;
use std::fmt::Write;

/// Styles. The content policy allows them in the page, and nothing from elsewhere.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2420;--soft:#56605a;--ground:#fbfaf7;--line:#d9d6cd;--mark:#0f6b4f}\
@media(prefers-color-scheme:dark){:root{--ink:#e9ece8;--soft:#a3ada6;--ground:#161a18;--line:#39403c;--mark:#6fcda6}}\
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:46rem;background:var(--ground);color:var(--ink);\
font:1rem/1.6 system-ui,'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif}\
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .5rem}\
p{margin:.5rem 0}small,.en{color:var(--soft)}a{color:var(--mark)}\
code{display:block;padding:.6rem .75rem;border:1px solid var(--line);border-radius:.4rem;overflow-x:auto;\
font:.95rem/1.4 ui-monospace,monospace;user-select:all}\
table{border-collapse:collapse;width:100%}td,th{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);\
text-align:left;vertical-align:top}td:last-child,th:last-child{text-align:right;padding-right:0}";

/// The addresses beside the collections: path, Chinese, English.
const LINKS: [(&str, &str, &str); 7] = [
    ("/", "地图页面", "Map page"),
    ("/api/openapi.json", "接口说明（OpenAPI 3.1）", "Description of every path"),
    ("/api?f=json", "本页的 JSON 形式", "This page as JSON"),
    ("/api/collections", "全部图层的说明（JSON）", "All collections, described"),
    ("/api/conformance", "符合的标准", "Conformance classes"),
    ("/api/tiles", "底图矢量瓦片", "Vector tiles of the base map"),
    ("/api/settings", "人群、类别、规则集", "Profiles, categories, rule sets"),
];

/// The page for the served city; its addresses begin with `base`.
pub(super) fn page(state: &State, base: &Base) -> String {
    let city = state.city();
    let name = city_name(city).unwrap_or_default();
    let label = city.meta().label().map(|label| format!(" · {}", escaped(label))).unwrap_or_default();
    let date = city.meta().data_date.as_deref().and_then(|date| date.get(..10));
    let date = date.map_or_else(|| "未知 unknown".to_owned(), escaped);
    let address = escaped(&base.href("/api"));
    let collections: String =
        Collection::ALL.into_iter().map(|collection| row(&describe(city, base, collection))).collect();
    let mut links = String::new();
    for (path, zh, en) in LINKS {
        let href = escaped(&base.href(path));
        // Writing to memory cannot fail.
        let _ = writeln!(links, "<li><a href=\"{href}\">{zh}</a> <span class=\"en\">{en}</span></li>");
    }
    format!(
        "<!doctype html>\n<html lang=\"zh\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>生活圈接口 Living Circle API · {name}</title>\n<style>{STYLE}</style>\n<main>\n\
         <h1>生活圈数据接口</h1>\n<p class=\"en\" lang=\"en\">Living Circle API</p>\n\
         <p>{name}{label}，数据日期 <span class=\"en\" lang=\"en\">data of</span> {date}，\
         版本 <span class=\"en\" lang=\"en\">edition</span> {edition}</p>\n\
         <h2>在 QGIS 里打开 <span class=\"en\" lang=\"en\">In QGIS</span></h2>\n\
         <p>图层 → 添加图层 → 添加 WFS / OGC API - Features 图层 → 新建，填入地址：</p>\n\
         <p class=\"en\" lang=\"en\">Layer → Add Layer → Add WFS / OGC API - Features Layer → New, with this \
         address:</p>\n<code>{address}</code>\n\
         <h2>在 GDAL 里打开 <span class=\"en\" lang=\"en\">In GDAL</span></h2>\n\
         <code>ogrinfo OAPIF:{address}</code>\n<code>ogr2ogr compounds.gpkg OAPIF:{address} compounds</code>\n\
         <h2>图层 <span class=\"en\" lang=\"en\">Collections</span></h2>\n\
         <table>\n<tr><th>图层 <span class=\"en\" lang=\"en\">collection</span></th><th>字段 \
         <span class=\"en\" lang=\"en\">schema</span></th><th>数目 <span class=\"en\" lang=\"en\">items</span></th>\
         </tr>\n{collections}</table>\n\
         <h2>更多 <span class=\"en\" lang=\"en\">More</span></h2>\n<ul>\n{links}</ul>\n\
         <p><small>坐标为 WGS 84，经度在前。<span lang=\"en\">Coordinates are WGS 84, longitude first.</span> \
         {attribution}</small></p>\n</main>\n</html>\n",
        name = escaped(&name),
        edition = state.edition,
        attribution = Statement::ATTRIBUTION,
    )
}

/// A row of the table of collections.
fn row(described: &Value) -> String {
    let href = |rel: &str| {
        let links = described["links"].as_array().into_iter().flatten();
        links.filter(|link| link["rel"] == rel).find_map(|link| link["href"].as_str()).map(escaped)
    };
    let title = escaped(described["title"].as_str().unwrap_or_default());
    let items = href("items").unwrap_or_default();
    let schema = href(super::collections::SCHEMA_RELATION).unwrap_or_default();
    format!(
        "<tr><td><a href=\"{items}\">{title}</a></td><td><a href=\"{schema}\">schema</a></td><td>{}</td></tr>\n",
        described["numberOfItems"]
    )
}

/// Escapes what HTML reads as markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char => out.push(char),
        }
    }
    out
}
