//! A progress bar on a terminal, nothing elsewhere.

use circle_import::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// The bar of one import.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(300);
        let terminal = std::io::stderr().is_terminal() && !crate::failure::is_quiet();
        bar.set_draw_target(if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        if let Ok(style) = ProgressStyle::with_template("{msg:28} {bar:32} {percent:>3} %  {elapsed}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn at(&self, stage: Stage, done: usize, total: usize) {
        let (begins, message) = match stage {
            Stage::Ways => (0, "Ways and relations 道路与区域"),
            Stage::Nodes => (100, "Nodes 节点"),
            Stage::City => (200, "City 城市"),
        };
        self.0.set_message(message);
        self.0.set_position(begins + 100 * done as u64 / total.max(1) as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
