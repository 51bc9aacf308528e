//! Which call makes a record durable: `fdatasync`, and not `fsync`.
//!
//! SQLite does not list the option among `PRAGMA compile_options`, so the kernel is asked what call the appending
//! thread is in, while it is in it.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use locker_core::{ChainKey, Head, Secret};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::{Appended, Journal, SqliteJournal};

#[cfg(target_arch = "x86_64")]
const FSYNC_AND_FDATASYNC: [&str; 2] = ["74", "75"];
#[cfg(target_arch = "aarch64")]
const FSYNC_AND_FDATASYNC: [&str; 2] = ["82", "83"];

/// Calls seen in the thread, of each kind; enough for a verdict, and a bound for a disk that answers at once.
const SEEN_MIN: u32 = 20;
const APPENDS_MAX: u64 = 20_000;

#[test]
fn safe_01_an_append_waits_in_fdatasync() {
    // On a memory disk neither call ever waits: the target folder is on a real one more often than /tmp.
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let appending_done = Arc::clone(&done);
    let (tell, told) = mpsc::channel();
    let path = dir.path().to_path_buf();
    let appending = std::thread::spawn(move || {
        let mut journal = SqliteJournal::open(&DataFolder::own(path).unwrap()).unwrap().journal;
        let key = ChainKey::derive(&Secret::new([1; 32]));
        let thread = fs::read_link("/proc/thread-self").unwrap();
        tell.send(thread.file_name().unwrap().to_owned()).unwrap();
        let mut head = Head::default();
        while head.seq < APPENDS_MAX && !appending_done.load(Ordering::Relaxed) {
            let entry = key.link(head, vec![b'x'; 300]);
            assert_eq!(journal.append("locker", head.seq, std::slice::from_ref(&entry)), Appended::Ok);
            head = entry.head();
        }
        appending_done.store(true, Ordering::Relaxed);
    });
    let call = std::path::Path::new("/proc/self/task").join(told.recv().unwrap()).join("syscall");
    let mut seen = [0, 0];
    while !done.load(Ordering::Relaxed) && seen[1] < SEEN_MIN {
        let now = fs::read_to_string(&call).unwrap_or_default();
        let number = now.split(' ').next().unwrap_or_default();
        if let Some(kind) = FSYNC_AND_FDATASYNC.iter().position(|known| *known == number) {
            seen[kind] += 1;
        }
    }
    done.store(true, Ordering::Relaxed);
    appending.join().unwrap();
    let [fsync, fdatasync] = seen;
    if fsync + fdatasync == 0 {
        assert!(
            std::env::var_os("LOCKER_CI").is_none_or(|ci| ci != "1"),
            "the kernel does not tell in which call a thread is"
        );
        eprintln!("skipped: the kernel does not tell in which call a thread is, or the disk answers at once");
        return;
    }
    assert_eq!(fsync, 0, "beside {fdatasync} fdatasync");
}
