//! Every rule has a test, and `docs/rules.md` says which. `RULES=write cargo test -p locker-tests --test rules` writes the
//! table anew; its titles and all other lines stay as they are.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Groups of rules, as they stand in the table and at the beginning of a test's name.
const GROUPS: [(&str, &str); 13] = [
    ("START", "start_"),
    ("DROP", "drop_"),
    ("STAFF-PICK", "staff_pick_"),
    ("STAFF-DROP", "staff_drop_"),
    ("PICK", "pick_"),
    ("CODE", "code_"),
    ("BOX", "box_"),
    ("TIME", "time_"),
    ("ABORT", "abort_"),
    ("HELP", "help_"),
    ("OFFICE", "office_"),
    ("SAFE", "safe_"),
    ("UX", "ux_"),
];

/// The rules that are built, by group: each must have a test.
const BUILT: [(&str, &[u8]); 12] = [
    ("START", &[1, 2, 3, 4, 5, 6]),
    ("DROP", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
    ("STAFF-PICK", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("STAFF-DROP", &[1, 2, 3, 4, 5, 6]),
    ("PICK", &[1, 2, 3, 4, 5]),
    ("CODE", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("BOX", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    ("TIME", &[1, 2, 3]),
    ("ABORT", &[1, 2]),
    ("HELP", &[1, 2, 3]),
    ("SAFE", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("UX", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]),
];

/// What stands in the table where no test is.
const NONE: &str = "—";

/// Tests by rule; a test is `file::name`.
type Tests = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// One or two digits and what follows them after a dash, which must be a `_` or the end.
fn number(text: &str) -> Option<(u8, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(digits);
    let rest = if rest.is_empty() { rest } else { rest.strip_prefix('_')? };
    if digits.len() > 2 { None } else { Some((digits.parse().ok()?, rest)) }
}

/// The rules that a test's name begins with: `box_05_box_06_…`, `drop_13_and_14_…`.
fn rules_of(name: &str) -> Vec<String> {
    let mut rules = Vec::new();
    let mut rest = name;
    let mut group = None;
    loop {
        let is_next = |(_, prefix): &&(&'static str, &'static str)| {
            rest.strip_prefix(*prefix).is_some_and(|rest| number(rest).is_some())
        };
        let named = GROUPS.iter().find(is_next);
        let of = match named {
            Some((id, prefix)) => {
                rest = &rest[prefix.len()..];
                *id
            }
            None => match group {
                Some(group) => group,
                None => return rules,
            },
        };
        let Some((n, behind)) = number(rest) else { return rules };
        rules.push(format!("{of}-{n}"));
        group = None;
        rest = behind;
        if let Some(behind) = rest.strip_prefix("and_") {
            rest = behind;
            group = Some(of);
        }
    }
}

/// A sentence, written as a Rust test's name would be.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_ours = !name.starts_with('.') && name != "target" && name != "node_modules";
            if is_ours {
                walk(&path, files);
            }
        } else if name.ends_with(".rs") || name.ends_with(".js") || name.ends_with(".mjs") {
            files.push(path);
        }
    }
}

/// The names of the functions with a test's attribute.
fn rust_tests(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        } else if let Some(rest) = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn ")) {
            if is_test {
                names.push(rest.split('(').next().unwrap_or_default().to_owned());
            }
            is_test = false;
        } else if !line.starts_with("//") {
            is_test = false;
        }
    }
    names
}

/// The names of `test("…")` and `it("…")`.
fn script_tests(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for opening in ["test(", "it("] {
        for (at, _) in text.match_indices(opening) {
            let is_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let call = text[at + opening.len()..].trim_start();
            let Some(quote) = call.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
            if !is_word && let Some((name, _)) = call[1..].split_once(quote) {
                names.push(name.replace(['|', '`', '\n'], " "));
            }
        }
    }
    names
}

fn found() -> Tests {
    let root = root();
    let mut files = Vec::new();
    walk(&root, &mut files);
    let mut tests = Tests::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let names = match path.extension() {
            Some(kind) if kind == "rs" => rust_tests(&text),
            Some(_) if file.starts_with("tests/browser/") => script_tests(&text),
            Some(_) | None => continue,
        };
        for name in names {
            for rule in rules_of(&plain(&name)) {
                tests.entry(rule).or_default().insert(format!("{file}::{name}"));
            }
        }
    }
    tests
}

/// A row of the table: the rule, its title, its tests.
fn row(line: &str) -> Option<(&str, &str, BTreeSet<String>)> {
    let mut cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim);
    let (rule, title, tests) = (cells.next()?, cells.next()?, cells.next()?);
    let is_rule = |(id, _): &(&str, &str)| {
        rule.strip_prefix(*id)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|n| n.parse::<u8>().is_ok())
    };
    let tests = tests.split("<br>").map(|test| test.trim().trim_matches('`').to_owned());
    let tests = tests.filter(|test| !test.is_empty() && test != NONE).collect();
    GROUPS.iter().any(is_rule).then_some((rule, title, tests))
}

fn cell(tests: Option<&BTreeSet<String>>) -> String {
    let names: Vec<String> = tests.into_iter().flatten().map(|test| format!("`{test}`")).collect();
    if names.is_empty() { NONE.to_owned() } else { names.join("<br>") }
}

/// What is wrong, a line each.
fn wrong(table: &BTreeMap<&str, BTreeSet<String>>, tests: &Tests) -> String {
    let mut wrong = String::new();
    for (group, numbers) in BUILT {
        for n in numbers {
            let rule = format!("{group}-{n}");
            if !tests.contains_key(&rule) {
                writeln!(wrong, "{rule} has no test").unwrap();
            }
        }
    }
    for (rule, names) in tests {
        match table.get(rule.as_str()) {
            None => writeln!(wrong, "{rule} is no rule of the table: {}", cell(Some(names))).unwrap(),
            Some(listed) => {
                for name in names.difference(listed) {
                    writeln!(wrong, "{rule} is not listed with {name}").unwrap();
                }
            }
        }
    }
    for (rule, listed) in table {
        let names = tests.get(*rule).cloned().unwrap_or_default();
        for name in listed.difference(&names) {
            writeln!(wrong, "{rule} lists {name}, which is no test").unwrap();
        }
    }
    wrong
}

#[test]
fn every_rule_has_a_test_and_the_table_names_them_all() {
    let path = root().join("docs/rules.md");
    let tests = found();
    let text = fs::read_to_string(&path).unwrap();
    if std::env::var("RULES").is_ok_and(|value| value == "write") {
        let line = |line: &str| match row(line) {
            Some((rule, title, _)) => format!("| {rule} | {title} | {} |\n", cell(tests.get(rule))),
            None => format!("{line}\n"),
        };
        fs::write(&path, text.lines().map(line).collect::<String>()).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<_> = text.lines().filter_map(row).collect();
    let table: BTreeMap<_, _> = rows.iter().map(|(rule, _, tests)| (*rule, tests.clone())).collect();
    assert_eq!(table.len(), rows.len(), "a rule stands in two rows");
    for (rule, title, _) in &rows {
        assert!(!title.is_empty(), "{rule} has no title");
    }
    let wrong = wrong(&table, &tests);
    assert!(
        wrong.is_empty(),
        "{wrong}{} things; if only the table is behind: RULES=write cargo test -p locker-tests --test rules",
        wrong.lines().count()
    );
}

#[test]
fn a_test_names_its_rules_at_its_beginning() {
    let rules = |name: &str| rules_of(name).join(" ");
    assert_eq!(rules("drop_07_contacts_are_masked"), "DROP-7");
    assert_eq!(rules("staff_pick_05_the_qr_closes"), "STAFF-PICK-5");
    assert_eq!(rules("staff_drop_05_a_key_is_taken_back"), "STAFF-DROP-5");
    assert_eq!(rules("drop_13_and_14_a_key_goes_in"), "DROP-13 DROP-14");
    assert_eq!(rules("box_05_box_06_what_goes_wrong"), "BOX-5 BOX-6");
    assert_eq!(rules("time_03_and_box_05_an_open_door"), "TIME-3 BOX-5");
    assert_eq!(rules("code_04_48_wrong_ones_a_day"), "CODE-4", "a number is no rule");
    assert_eq!(rules("box_07_and_then_it_is_quiet"), "BOX-7");
    assert_eq!(rules("safe_01"), "SAFE-1");
    assert_eq!(rules(&plain("DROP-7: masked")), "DROP-7");
    assert_eq!(rules(&plain("drop_02 office_02: with a PIN")), "DROP-2 OFFICE-2");
    assert_eq!(rules("a_drop_07_in_the_middle"), "");
    assert_eq!(rules("dropping_07_is_no_rule"), "");
}

#[test]
fn tests_are_found_by_their_attribute() {
    let text = "#[test]\nfn one() {}\nfn helper() {}\n#[tokio::test(start_paused = true)]\n/// Words.\n    \
                async fn two() {\n#[cfg(test)]\nmod tests {\n    fn other() {}\n";
    assert_eq!(rust_tests(text), ["one", "two"]);
    let script = "test(\"DROP-7: masked\", …); latest(\"no\"); it('safe_01 x', …)";
    assert_eq!(script_tests(script), ["DROP-7: masked", "safe_01 x"]);
}
