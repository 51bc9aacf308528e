//! `locker-sim scenario`: playing scenarios.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use locker_core::LockerId;
use locker_core::screen::{Locale, Surface};
use locker_hal_sim::scenario::Scenario;
use locker_hal_sim::terminal::draw;
use locker_hal_sim::world::Stage;

use super::Failed;
use super::story::Story;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Files, or folders whose `.scenario` files are played.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Shows the bottom screen after each line.
    #[arg(long)]
    show: bool,
    /// Writes the last scenario as a story that `replay` steps through, also when it went otherwise.
    #[arg(long, value_name = "FILE")]
    story: Option<PathBuf>,
}

/// Plays all of them; 1 when one went otherwise.
pub(super) fn play(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let mut files = Vec::new();
    for there in &arguments.files {
        files.extend(scenarios(there)?);
    }
    let mut flaws = 0;
    for file in &files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|why| Failed::File { path: name.clone(), why })?;
        if !play_one(arguments, &name, &text)? {
            flaws += 1;
        }
    }
    writeln!(
        stdout(),
        "{} scenarios, {} went as they say, {flaws} otherwise",
        files.len(),
        files.len() - flaws
    )?;
    Ok(if flaws == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn scenarios(there: &Path) -> Result<Vec<PathBuf>, Failed> {
    if !there.is_dir() {
        return Ok(vec![there.into()]);
    }
    let failed = |why| Failed::File { path: there.display().to_string(), why };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(there).map_err(failed)? {
        files.push(entry.map_err(failed)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "scenario"));
    files.sort();
    if files.is_empty() {
        return Err(Failed::NoScenario { path: there.display().to_string() });
    }
    Ok(files)
}

/// Plays one; whether it went as it says.
fn play_one(arguments: &Arguments, name: &str, text: &str) -> Result<bool, Failed> {
    let mut out = stdout().lock();
    let scenario = match Scenario::parse(text) {
        Ok(scenario) => scenario,
        Err(flaw) => {
            writeln!(out, "{}", flaw.in_file(name))?;
            return Ok(false);
        }
    };
    let mut story = None;
    let mut written = Ok(());
    let played = scenario.play_and_watch(|place, line, stage| {
        if arguments.show && written.is_ok() {
            written = show(&mut out, place.line, line, stage);
        }
        if arguments.story.is_some() {
            story = Some(story_of(&scenario.title, stage));
        }
    });
    written?;
    if let (Some(story), Some(path)) = (&story, &arguments.story) {
        story.write(path)?;
    }
    match &played {
        Ok(_) => writeln!(out, "ok {name}: {} ({})", scenario.title, scenario.rules.join(" "))?,
        Err(flaw) => writeln!(out, "{}", flaw.in_file(name))?,
    }
    Ok(played.is_ok())
}

fn story_of(title: &str, stage: &Stage) -> Story {
    let (plan, inputs) = (stage.plan().clone(), stage.inputs().to_vec());
    Story { title: title.into(), plan, inputs, until: stage.now(), plant: None }
}

fn show(out: &mut impl Write, number: usize, line: &str, stage: &Stage) -> std::io::Result<()> {
    writeln!(out, "{number:>4}  {line}")?;
    if !line.starts_with("expect") {
        write!(out, "{}", draw(&stage.screen(LockerId(1), Surface::Bottom), Locale::En))?;
    }
    Ok(())
}
