//! What a durable record costs: `cargo bench -p locker-runtime --bench journal`.
//!
//! Ways to make the same bytes durable, by turns so that each meets the same disk:
//! - *raw append*: write to the end of a file, `fdatasync`. The least a naive journal does.
//! - *raw overwrite*: the same over blocks set aside, which spares the file system its own journal. The least at all.
//! - *journal*: `SqliteJournal::append` of one record, checkpoints included.
//! - *head*: keeping the newest head in the vault, alone.
//! - *record*: all a running machine does with it: seal and chain, append, keep the head.
//!
//! The aim: the journal takes at most 1.3 times the raw append.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use locker_core::{ChainKey, Entry, Head, Subject, Vault, VisitId};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::{Appended, Journal, SqliteJournal};
use locker_runtime::vault::FileVault;

/// A usual record in its canonical form.
const RECORD_BYTES: usize = 400;
const ROUNDS: usize = 3_000;

struct Bench {
    append: File,
    overwrite: File,
    journal: SqliteJournal,
    vault: FileVault,
    chain: ChainKey,
    heads: [Head; 2],
}

impl Bench {
    fn in_folder(dir: &Path) -> Self {
        let folder = DataFolder::own(dir).expect("a folder of our own");
        let open = |name| {
            let mut options = OpenOptions::new();
            options.create(true).truncate(true).write(true);
            options.open(dir.join(name)).expect("a file in our folder")
        };
        let mut overwrite = open("overwrite");
        let zeros = vec![0; ROUNDS * (RECORD_BYTES + 40)];
        overwrite
            .write_all(&zeros)
            .and_then(|()| overwrite.sync_all())
            .and_then(|()| overwrite.seek(SeekFrom::Start(0)))
            .expect("room for a megabyte");
        let mut vault = FileVault::open(&folder).expect("a vault");
        let key = vault.machine_key("record").expect("a key");
        Self {
            append: open("append"),
            overwrite,
            journal: SqliteJournal::open(&folder).expect("a journal").journal,
            vault,
            chain: ChainKey::derive(&key),
            heads: [Head::default(); 2],
        }
    }

    fn raw_append(&mut self, bytes: &[u8]) {
        let written = self.append.write_all(bytes).and_then(|()| self.append.sync_data());
        written.expect("a disk that takes it");
    }

    fn raw_overwrite(&mut self, bytes: &[u8]) {
        let written = self.overwrite.write_all(bytes).and_then(|()| self.overwrite.sync_data());
        written.expect("a disk that takes it");
    }

    fn journal(&mut self, entry: Entry) {
        let appended = self.journal.append("journal", entry.seq - 1, &[entry]);
        assert_eq!(appended, Appended::Ok);
    }

    fn record(&mut self, body: Vec<u8>) {
        let sealed = self.vault.seal(Subject::Visit(VisitId(1)), &body[..100]);
        assert!(sealed.is_ok());
        let entry = self.chain.link(self.heads[1], body);
        let head = entry.head();
        assert_eq!(self.journal.append("record", head.seq - 1, &[entry]), Appended::Ok);
        self.vault.keep_head("record", head).expect("a head is kept");
        self.heads[1] = head;
    }
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn timed(into: &mut Vec<Duration>, work: impl FnOnce()) {
    let began = Instant::now();
    work();
    into.push(began.elapsed());
}

fn main() {
    // The target folder lies on a real disk more often than the system's folder for temporary files.
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let mut bench = Bench::in_folder(dir.path());
    let mut times: [Vec<Duration>; 5] = Default::default();
    for n in 0..ROUNDS {
        let body = vec![u8::try_from(n % 251).unwrap_or(0); RECORD_BYTES];
        let entry = bench.chain.link(bench.heads[0], body.clone());
        bench.heads[0] = entry.head();
        let raw = [&entry.seq.to_be_bytes()[..], &entry.body, &entry.mac].concat();
        timed(&mut times[0], || bench.raw_append(&raw));
        timed(&mut times[1], || bench.raw_overwrite(&raw));
        timed(&mut times[2], || bench.journal(entry));
        let head = bench.heads[0];
        timed(&mut times[3], || {
            bench.vault.keep_head("head", head).expect("a head is kept");
        });
        timed(&mut times[4], || bench.record(body));
        if n % 100 == 99 {
            bench.journal.idle();
        }
    }
    let base = mean(&times[0]);
    println!("{ROUNDS} records of {RECORD_BYTES} bytes, by turns on one disk");
    for (name, times) in ["raw append", "raw overwrite", "journal", "head", "record"].iter().zip(&mut times) {
        let mean = mean(times);
        times.sort();
        let at = |percent: usize| times[times.len() * percent / 100].as_micros();
        println!(
            "{name:14} mean {:6.0} us  median {:6} us  99 % {:6} us  of raw append: {:.2}",
            mean * 1e6,
            at(50),
            at(99),
            mean / base
        );
    }
}

fn mean(times: &[Duration]) -> f64 {
    times.iter().sum::<Duration>().as_secs_f64() / f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX))
}
