//! A story as a file: the dealership it plays in and every deed with its time, one JSON value a line.

use std::io::Write as _;
use std::path::Path;

use locker_hal_sim::world::{Input, Plan};
use serde::{Deserialize, Serialize};

use super::plant::Plant;

/// The format's number.
const VERSION: u32 = 1;

/// A story.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) title: String,
    pub(crate) plan: Plan,
    pub(crate) inputs: Vec<Input>,
    /// When the story ends, by true time.
    pub(crate) until: u64,
    /// A planted defect.
    pub(crate) plant: Option<Plant>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    story: u32,
    title: String,
    until: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plant: Option<Plant>,
    plan: Plan,
}

/// Why a story cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoryError {
    #[error("{path}: {why}")]
    File { path: String, why: std::io::Error },
    #[error("{path}:{line}: not a line of a story: {why}")]
    Line { path: String, line: usize, why: serde_json::Error },
    #[error("{path}: a story of format {found}, this program reads format {VERSION}")]
    Version { path: String, found: u32 },
    #[error("{path}: an empty file")]
    Empty { path: String },
}

impl Story {
    pub(crate) fn read(path: &Path) -> Result<Self, StoryError> {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|why| StoryError::File { path: name(), why })?;
        let wrong = |line| move |why| StoryError::Line { path: name(), line, why };
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let (number, first) = lines.next().ok_or_else(|| StoryError::Empty { path: name() })?;
        let head: Head = serde_json::from_str(first).map_err(wrong(number))?;
        if head.story != VERSION {
            return Err(StoryError::Version { path: name(), found: head.story });
        }
        let mut inputs = Vec::new();
        for (number, line) in lines {
            inputs.push(serde_json::from_str(line).map_err(wrong(number))?);
        }
        Ok(Self { title: head.title, plan: head.plan, inputs, until: head.until, plant: head.plant })
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), StoryError> {
        let name = || path.display().to_string();
        let head = Head {
            story: VERSION,
            title: self.title.clone(),
            until: self.until,
            plant: self.plant,
            plan: self.plan.clone(),
        };
        let failed = |why| StoryError::File { path: name(), why };
        let mut text = Vec::new();
        let mut line = |written: Result<Vec<u8>, serde_json::Error>| -> std::io::Result<()> {
            text.write_all(&written?)?;
            text.write_all(b"\n")
        };
        line(serde_json::to_vec(&head)).map_err(failed)?;
        for input in &self.inputs {
            line(serde_json::to_vec(input)).map_err(failed)?;
        }
        std::fs::write(path, text).map_err(failed)
    }
}
