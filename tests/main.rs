//! The suite: whole runs of the built binary and server.
//!
//! Helpers: `run` (the binary), `extract`, `pbf`, `drawn` and `objects` (PBF bytes), `plane` (polygons),
//! `server` (process and HTTP client), `siege` (attacks on a server, shared with a bench).

#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
#![allow(clippy::float_cmp, reason = "equal figures are equal to the last bit")]

mod drawn;
mod extract;
mod objects;
mod pbf;
mod plane;
mod run;
mod server;
#[allow(dead_code, reason = "the bench lays siege in full size")]
mod siege;

mod dependencies;
mod glossary;
mod structure;
mod usage;

mod bad_input;
mod city_file;
mod damage;
mod damaged_city;
mod described;
mod fuzz_corpus;
mod hostile_names;
mod nasty;

mod hours;
mod own;
mod own_files;
mod own_office;
mod people;
mod rules;
mod sites;

mod agreement;
mod audit;
mod boards;
mod compare;
mod coverage;
mod evidence;
mod harbin;
mod ids;
mod isochrone;
mod keys;
mod office;
mod oracle;
mod planner;
mod readers;
mod recomputed;
mod since;
mod times;
mod verdicts;

mod gdal;
mod http;
mod http_fairness;
mod http_faults;
mod http_features;
mod http_life;
mod http_planner;
