//! Every target over its corpus: what was found once is not found again.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use locker_fuzz::{Lie, TARGETS, while_it_lies};

/// The most bytes of all corpora: enough to reach what the engine reached, little enough to keep.
const CORPUS_BYTES_MAX: u64 = 200 * 1024;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = corpus().join(target);
    let read = fs::read_dir(&folder).unwrap_or_else(|_| panic!("there is a corpus: {}", folder.display()));
    let mut files: Vec<_> = read.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

fn runs(target: &str) {
    let run = locker_fuzz::target(target).unwrap();
    let files = inputs(target);
    assert!(files.len() >= 3, "{target} has a corpus");
    for file in files {
        // Printed where the run stops there.
        println!("{}", file.display());
        run(&fs::read(&file).unwrap());
    }
}

macro_rules! corpora {
    ($($target:ident),*) => {
        $(#[test]
        fn $target() {
            runs(stringify!($target));
        })*

        #[test]
        fn every_target_has_its_test_and_every_corpus_its_target() {
            let tested = [$(stringify!($target)),*];
            assert_eq!(TARGETS.map(|(name, _)| name), tested);
            let folders = fs::read_dir(corpus()).unwrap().map(|folder| folder.unwrap().file_name());
            let mut folders: Vec<_> = folders.map(|name| name.into_string().unwrap()).collect();
            folders.sort();
            let mut names = tested.map(String::from);
            names.sort();
            assert_eq!(folders, names);
        }
    };
}

corpora!(
    locker, office, records, snapshot, config, import, scan, http, frame, xor, kerong, modbus, winnsen, wkly
);

#[test]
fn the_corpus_of_lockers_reaches_what_the_rules_of_their_journal_are_about() {
    let run = locker_fuzz::target("locker").unwrap();
    for lie in Lie::ALL {
        let is_noticed = |file: PathBuf| {
            let input = fs::read(&file).unwrap();
            catch_unwind(|| while_it_lies(lie, || run(&input))).is_err()
        };
        assert!(inputs("locker").into_iter().rev().any(is_noticed), "{lie:?} is not noticed");
    }
}

#[test]
fn the_corpora_are_small() {
    let sizes =
        TARGETS.iter().flat_map(|(name, _)| inputs(name)).map(|file| fs::metadata(file).unwrap().len());
    let bytes: u64 = sizes.sum();
    assert!(bytes <= CORPUS_BYTES_MAX, "{bytes} bytes");
}
