//! SAFE-5 and CODE-3 on disk: what the vault keeps, and what it no longer has.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use locker_core::{Head, Opened, SealError, Secret, Subject, UserId, Vault, VisitId};
use locker_runtime::folder::DataFolder;
use locker_runtime::vault::{Accounts, AccountsError, FileVault, KeyStore, VaultError};
use proptest::prelude::*;

fn visit(n: u64) -> Subject {
    Subject::Visit(VisitId(n))
}

fn head(seq: u64) -> Head {
    Head { seq, mac: [9; 32] }
}

fn opened(vault: &FileVault, subject: Subject, sealed: &[u8]) -> Option<Vec<u8>> {
    match vault.open(subject, sealed).unwrap() {
        Opened::Clear(plain) => Some(plain),
        Opened::Erased => None,
    }
}

/// The keys of all subjects, read from the file as somebody would who has it.
fn keys(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let db = rusqlite::Connection::open(dir.join("vault.db")).unwrap();
    let mut select = db.prepare("SELECT name, key FROM subject").unwrap();
    let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn files_with(dir: &Path, needle: &[u8]) -> Vec<String> {
    let files = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let holds = |file: &fs::DirEntry| {
        let bytes = fs::read(file.path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    };
    files.filter(holds).map(|file| file.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn safe_05_what_was_sealed_opens_after_a_restart_and_never_after_erasure() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    let sealed = vault.seal(visit(7), b"Jane Sample").unwrap();
    let key = vault.machine_key("locker").unwrap();
    drop(vault);
    let mut vault = FileVault::open(&folder).unwrap();
    assert_eq!(opened(&vault, visit(7), &sealed).unwrap(), b"Jane Sample");
    assert_eq!(vault.machine_key("locker").unwrap(), key);
    assert_ne!(vault.machine_key("office").unwrap(), key);
    vault.erase(visit(7)).unwrap();
    assert_eq!(opened(&vault, visit(7), &sealed), None);
    drop(vault);
    let mut vault = FileVault::open(&folder).unwrap();
    assert_eq!(opened(&vault, visit(7), &sealed), None);
    assert_eq!(vault.seal(visit(7), b"again"), Err(SealError::Erased));
    vault.erase(visit(8)).unwrap();
    assert_eq!(
        vault.seal(visit(8), b"never sealed before"),
        Err(SealError::Erased),
        "erased before it ever had a key"
    );
}

#[test]
fn safe_05_sealed_bytes_changed_anywhere_or_given_to_another_are_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    let sealed = vault.seal(visit(7), b"Jane Sample").unwrap();
    assert_ne!(sealed, vault.seal(visit(7), b"Jane Sample").unwrap());
    let damaged = |subject, bytes: &[u8]| vault.open(subject, bytes).err() == Some(SealError::Damaged);
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(damaged(visit(7), &changed), "byte {at}");
        assert!(damaged(visit(7), &sealed[..at]), "cut at {at}");
    }
    assert!(damaged(visit(8), &sealed), "a subject without a key");
    assert!(damaged(Subject::User(UserId(7)), &sealed));
}

#[test]
fn safe_05_no_byte_of_a_destroyed_key_is_left_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    // Many, in no order, some in batches, with erasures between: pages fill, split and are written over.
    let order = |n: u64| n * 7919 % 400;
    for n in 0..400 {
        if n % 100 == 50 {
            vault.begin();
        }
        vault.seal(visit(order(n)), b"x").unwrap();
        if n % 100 == 99 {
            vault.settle().unwrap();
        }
        if n % 5 == 4 && n % 100 < 50 {
            vault.erase(visit(order(n - 2))).unwrap();
        }
    }
    drop(vault);
    let before = keys(dir.path());
    assert_eq!(before.len(), 400);
    let mut vault = FileVault::open(&folder).unwrap();
    for n in (0..400).filter(|n| n % 3 == 0) {
        vault.erase(visit(n)).unwrap();
    }
    for (name, key) in &before {
        let erased = vault.seal(name.parse().unwrap(), b"y").is_err();
        let found = files_with(dir.path(), &key[..16]);
        if key == &[0; 32] {
            continue;
        }
        assert_eq!(found.is_empty(), erased, "{name} in {found:?}");
    }
}

#[test]
fn safe_05_a_copy_of_a_key_in_slack_space_is_found_and_goes_with_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    vault.seal(visit(1), b"x").unwrap();
    drop(vault);
    let key = keys(dir.path()).remove(0).1;
    let careless = rusqlite::Connection::open(dir.path().join("vault.db")).unwrap();
    careless
        .execute_batch("PRAGMA secure_delete = OFF; CREATE TABLE t AS SELECT key FROM subject; DROP TABLE t")
        .unwrap();
    drop(careless);
    assert_eq!(files_with(dir.path(), &key), ["vault.db"]);
    let count =
        |dir: &Path| fs::read(dir.join("vault.db")).unwrap().windows(32).filter(|w| *w == key).count();
    assert_eq!(count(dir.path()), 2);
    let mut vault = FileVault::open(&folder).unwrap();
    vault.erase(visit(1)).unwrap();
    assert!(files_with(dir.path(), &key).is_empty());
    assert_eq!(vault.seal(visit(1), b"x"), Err(SealError::Erased));
}

#[test]
fn code_03_the_vault_is_closed_to_others_and_closes_itself_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let open = || {
        let folder = DataFolder::own(&path).unwrap();
        let mut vault = FileVault::open(&folder).unwrap();
        vault.seal(visit(1), b"x").unwrap();
        vault.keep_head("locker", head(1)).unwrap();
    };
    open();
    let files = ["vault.db", "vault.db-journal", "heads", "lock"];
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    for file in files {
        assert_eq!(mode(&path.join(file)), 0o600, "{file}");
        fs::set_permissions(path.join(file), fs::Permissions::from_mode(0o666)).unwrap();
    }
    open();
    assert_eq!(mode(&path), 0o700);
    for file in files {
        assert_eq!(mode(&path.join(file)), 0o600, "{file}");
    }
}

#[test]
fn a_strange_file_is_no_vault() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    fs::write(dir.path().join("vault.db"), [b'x'; 4096]).unwrap();
    assert!(matches!(FileVault::open(&folder), Err(VaultError::Damaged)));
}

#[test]
fn safe_04_the_newest_head_survives_a_restart_stream_by_stream() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::own(dir.path()).unwrap();
    let mut vault = FileVault::open(&folder).unwrap();
    assert_eq!(vault.head("locker"), Ok(None));
    for seq in 1..=5 {
        vault.keep_head("locker", head(seq)).unwrap();
        assert_eq!(vault.head("locker"), Ok(Some(head(seq))));
        drop(vault);
        vault = FileVault::open(&folder).unwrap();
    }
    vault.keep_head("office", head(70)).unwrap();
    assert_eq!(vault.head("locker"), Ok(Some(head(5))));
    assert_eq!(vault.head("office"), Ok(Some(head(70))));
}

#[test]
fn two_copies_of_a_vault_make_one_key_for_one_subject() {
    let dir = tempfile::tempdir().unwrap();
    let mut locker = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    let mut office = locker.clone();
    locker.begin();
    let by_locker = locker.seal(visit(1), b"a").unwrap();
    let by_office = office.seal(visit(1), b"b").unwrap();
    locker.settle().unwrap();
    assert_eq!(opened(&office, visit(1), &by_locker).unwrap(), b"a");
    assert_eq!(opened(&locker, visit(1), &by_office).unwrap(), b"b");
    assert_eq!(format!("{locker:?}"), "FileVault(..)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn safe_04_heads_torn_at_any_byte_of_any_write_give_the_head_before(writes in 1..9_u64, cut in 0..72_usize) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::own(dir.path()).unwrap();
        let file = dir.path().join("heads");
        let mut vault = FileVault::open(&folder).unwrap();
        for seq in 1..=writes {
            vault.keep_head("locker", head(seq)).unwrap();
        }
        let before = fs::read(&file).unwrap();
        vault.keep_head("locker", head(writes + 1)).unwrap();
        let after = fs::read(&file).unwrap();
        drop(vault);
        let sector = before.iter().zip(&after).position(|(a, b)| a != b).unwrap() / 512 * 512;
        let mut torn = before;
        torn[sector..sector + cut].copy_from_slice(&after[sector..sector + cut]);
        fs::write(&file, torn).unwrap();
        let vault = FileVault::open(&folder).unwrap();
        prop_assert_eq!(vault.head("locker"), Ok(Some(head(writes))));
    }
}

fn password(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn a_password_is_kept_as_argon2id_and_a_new_one_replaces_it() {
    let dir = tempfile::tempdir().unwrap();
    let vault = FileVault::open(&DataFolder::own(dir.path()).unwrap()).unwrap();
    let accounts = Accounts::of(&vault);
    let user = UserId(3);
    accounts.set_password(user, password("correct horse")).await.unwrap();
    let check = async |user, text: &str| accounts.check_password(user, password(text)).await.unwrap();
    assert!(check(Some(user), "correct horse").await);
    assert!(!check(Some(user), "correct house").await);
    assert!(!check(Some(UserId(4)), "correct horse").await);
    assert!(!check(None, "correct horse").await);
    assert!(!check(Some(user), &"x".repeat(10_000)).await);
    let empty = accounts.set_password(user, password("")).await;
    assert_eq!(empty, Err(AccountsError::Length));

    accounts.set_password(user, password("another one")).await.unwrap();
    assert!(!check(Some(user), "correct horse").await);
    assert!(check(Some(user), "another one").await);
    for text in ["correct horse", "another one"] {
        assert!(files_with(dir.path(), text.as_bytes()).is_empty());
    }
    // The hash itself is in the vault's own files and nowhere else.
    let files = files_with(dir.path(), b"$argon2id$v=19$m=19456,t=2,p=1$");
    assert!(files.contains(&"vault.db".into()) && files.iter().all(|file| file.starts_with("vault.db")));
}
