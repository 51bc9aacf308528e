//! Which texts the source uses, where, and with which arguments: read off the source files themselves, so that a new
//! screen cannot forget its texts.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One use of a text.
#[derive(Debug)]
pub struct Use {
    /// The text.
    pub id: String,
    /// The arguments it is given.
    pub args: BTreeSet<String>,
    /// Where, as `file:line`.
    pub place: String,
    /// Whether it labels a button.
    pub is_button: bool,
}

/// Every use in the crate's sources.
pub fn uses() -> Vec<Use> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut uses = Vec::new();
    for path in files {
        let name = path.strip_prefix(&root).unwrap().display().to_string().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        Source::new(name, &text).scan(&mut uses);
    }
    uses
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A source file without comments and unit tests.
struct Source {
    name: String,
    code: String,
    /// The same, with the inside of every string blanked.
    shape: String,
    /// The insides of the strings.
    strings: Vec<Range<usize>>,
}

impl Source {
    fn new(name: String, text: &str) -> Self {
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: Vec<&str> = text.lines().map(without_comment).collect();
        let code = code.join("\n");
        let strings = strings(&code);
        let mut shape = code.clone().into_bytes();
        for string in &strings {
            shape[string.clone()].fill(b' ');
        }
        let shape = String::from_utf8(shape).unwrap();
        Self { name, code, shape, strings }
    }

    fn scan(&self, uses: &mut Vec<Use>) {
        let mut seen = BTreeSet::new();
        let none = BTreeSet::new();
        self.written_out(&mut seen, uses);
        for (at, _) in self.shape.match_indices("Text::new(") {
            let open = at + "Text::new".len();
            let end = self.close(open);
            let args = self.args_after(end + 1);
            for string in self.named(open + 1..end, &args) {
                if seen.insert(string.start) {
                    self.push(uses, &string, &args, false);
                }
            }
        }
        for (at, _) in self.shape.match_indices("Button::") {
            for string in self.label_after(at + "Button::".len()) {
                if seen.insert(string.start) {
                    self.push(uses, &string, &none, true);
                }
            }
        }
        // Ids that reach a text through a helper or a table.
        for string in &self.strings {
            if self.name.starts_with("locker/") && is_kebab(self.said(string)) && seen.insert(string.start) {
                self.push(uses, string, &none, false);
            }
        }
    }

    fn push(&self, uses: &mut Vec<Use>, string: &Range<usize>, args: &BTreeSet<String>, is_button: bool) {
        let line = self.code[..string.start].matches('\n').count() + 1;
        let place = format!("{}:{line}", self.name);
        uses.push(Use { id: self.said(string).into(), args: args.clone(), place, is_button });
    }

    /// `Text { id: "…", args: vec![("…", …)], … }`
    fn written_out(&self, seen: &mut BTreeSet<usize>, uses: &mut Vec<Use>) {
        for (at, _) in self.shape.match_indices("Text { id: \"") {
            let open = at + "Text ".len();
            let inside = self.strings_in(&(open..self.close(open)));
            let args = inside[1..].iter().map(|string| self.said(string).into()).collect();
            seen.extend(inside.iter().map(|string| string.start));
            self.push(uses, &inside[0], &args, false);
        }
    }

    /// The names in the chain of `.with("name", …)` that begins at `at`.
    fn args_after(&self, mut at: usize) -> BTreeSet<String> {
        let mut args = BTreeSet::new();
        loop {
            let rest = &self.shape[at..];
            let blank = rest.len() - rest.trim_start().len();
            if !rest.trim_start().starts_with(".with(") {
                return args;
            }
            let open = at + blank + ".with".len();
            at = self.close(open) + 1;
            let name = self.strings_in(&(open..at)).into_iter().next().expect("an argument has a name");
            args.insert(self.said(&name).into());
        }
    }

    /// The ids that an expression can be.
    fn named(&self, expression: Range<usize>, args: &BTreeSet<String>) -> Vec<Range<usize>> {
        let direct = self.strings_in(&expression);
        if !direct.is_empty() {
            return direct;
        }
        let name = self.shape[expression.clone()].trim();
        let found = if is_name(name) { self.let_of(name, expression.start) } else { Vec::new() };
        assert!(
            !found.is_empty() || args.is_empty(),
            "{}: cannot tell which texts `{name}` stands for; give it its ids in a `let` of the same function",
            self.name
        );
        found
    }

    /// The label behind `Button::` and the button's name, if a label follows.
    fn label_after(&self, at: usize) -> Vec<Range<usize>> {
        let rest = self.shape[at..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let Some(rest) = rest.strip_prefix(',') else {
            return Vec::new();
        };
        let label = rest.trim_start();
        let start = self.shape.len() - label.len();
        if label.starts_with('"') {
            return self.strings.iter().filter(|string| string.start == start + 1).cloned().collect();
        }
        let name: String = label.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        if is_name(&name) && label[name.len()..].starts_with(',') {
            self.let_of(&name, start)
        } else {
            Vec::new()
        }
    }

    /// The strings that the nearest `let name = …` before `at` can give, in the same function.
    fn let_of(&self, name: &str, at: usize) -> Vec<Range<usize>> {
        let start = self.shape[..at].rfind("fn ").unwrap_or(0);
        let lets: Vec<usize> =
            self.shape[start..at].match_indices("let ").map(|(at, _)| start + at).collect();
        for start in lets.into_iter().rev() {
            let Some(equals) = self.shape[start..at].find(" = ").map(|offset| start + offset) else {
                continue;
            };
            let pattern = self.shape[start + "let ".len()..equals].trim();
            let value = equals + " = ".len()..self.end_of_statement(equals);
            if let Some(tuple) = pattern.strip_prefix('(') {
                let names = tuple.split(')').next().unwrap_or_default();
                if let Some(index) = names.split(',').position(|other| other.trim() == name) {
                    return self.tuples_in(value, index);
                }
            } else if pattern.split(':').next().unwrap_or_default().trim() == name {
                return self.strings_in(&value);
            }
        }
        Vec::new()
    }

    /// The strings that stand at `index` in the tuples of an expression.
    fn tuples_in(&self, value: Range<usize>, index: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for (at, _) in self.shape[value.clone()].match_indices('(') {
            let open = value.start + at;
            let (mut depth, mut element) = (0_u32, 0);
            for (offset, c) in self.shape[open..].char_indices() {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth -= 1,
                    ',' if depth == 1 => element += 1,
                    '"' if depth == 1 && element == index => {
                        let string = self.strings.iter().find(|string| string.start == open + offset + 1);
                        found.extend(string.cloned());
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
        found
    }

    fn end_of_statement(&self, start: usize) -> usize {
        let mut depth = 0_i32;
        for (offset, c) in self.shape[start..].char_indices() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ';' if depth == 0 => return start + offset,
                _ => {}
            }
        }
        self.shape.len()
    }

    /// Where the bracket that opens at `open` closes.
    fn close(&self, open: usize) -> usize {
        let mut depth = 0_i32;
        for (offset, c) in self.shape[open..].char_indices() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return open + offset;
            }
        }
        panic!("{}: a bracket never closes", self.name);
    }

    fn strings_in(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        self.strings.iter().filter(|string| range.contains(&string.start)).cloned().collect()
    }

    fn said(&self, string: &Range<usize>) -> &str {
        &self.code[string.clone()]
    }
}

/// The insides of the string literals.
fn strings(code: &str) -> Vec<Range<usize>> {
    let bytes = code.as_bytes();
    let (mut found, mut start, mut at) = (Vec::new(), None, 0);
    while at < bytes.len() {
        match (bytes[at], start) {
            (b'\\', _) => at += 1,
            (b'\'', None) if bytes[at..].starts_with(b"'\"'") => at += 2,
            (b'"', None) => start = Some(at + 1),
            (b'"', Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn without_comment(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| line[..*at].matches('"').count().is_multiple_of(2));
    comment.map_or(line, |(at, _)| &line[..at])
}

fn is_kebab(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|part| !part.is_empty())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}
