//! The catalogue of Chinese words: every message stands there in both languages, and is written as docs/zh-style.md says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use karmada_partner::cli::{Cli, IN_CHINESE};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use regex::Regex;

const CATALOGUE: &str = include_str!("../../templates/words.zh.toml");

/// What the code says.
#[derive(Default)]
struct Said {
    /// The key in the catalogue, with where it is said and all English forms.
    messages: BTreeMap<String, (String, Vec<String>)>,
    /// The words that enums of fixed words have, by the enum.
    words: BTreeMap<String, Vec<String>>,
}

impl Said {
    fn read() -> Self {
        fn walk(said: &mut Said, src: &Path, directory: &Path) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                if path.is_dir() {
                    walk(said, src, &path);
                    continue;
                }
                let file = path.strip_prefix(src).unwrap().display().to_string();
                // There the macro itself stands.
                if file != "language.rs" {
                    let code: TokenStream = std::fs::read_to_string(&path).unwrap().parse().unwrap();
                    said.scan(&file, code);
                }
            }
        }
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut said = Self::default();
        walk(&mut said, &src, &src);
        for words in helping() {
            said.messages.entry(words.clone()).or_insert((String::from("help"), vec![words]));
        }
        said
    }

    fn scan(&mut self, file: &str, code: TokenStream) {
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        let is = |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == c);
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let called = match at.checked_sub(2).and_then(|name| tokens.get(name)) {
                Some(TokenTree::Ident(name)) if is(at - 1, '!') => name.to_string(),
                _ => String::new(),
            };
            match called.as_str() {
                "tr" => self.take(file, group.stream()),
                "words" => {
                    let is_enum = |token: &TokenTree| matches!(token, TokenTree::Ident(name) if *name == "enum");
                    let name = group.stream().into_iter().skip_while(|token| !is_enum(token)).nth(1);
                    if let Some(TokenTree::Ident(name)) = name {
                        let body = group.stream().into_iter().last().into_iter().collect();
                        self.words.insert(name.to_string(), literals(body));
                    }
                }
                _ => {}
            }
            self.scan(file, group.stream());
        }
    }

    fn take(&mut self, file: &str, arguments: TokenStream) {
        let tokens: Vec<TokenTree> = arguments.into_iter().collect();
        let literal = |at: usize| tokens.get(at).and_then(string);
        let is = |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == c);
        let Some(first) = literal(0) else { panic!("{file}: tr! begins with its message") };
        let (key, forms) = if is(1, '|') {
            let many = literal(2).unwrap();
            (many.clone(), vec![first, many])
        } else if is(1, '=') && is(2, '>') {
            // Within a macro the word is filled in.
            let Some(english) = literal(3) else { return };
            (format!("{first} ▸ {english}"), vec![english])
        } else {
            (first.clone(), vec![first])
        };
        self.messages.entry(key).or_insert((file.to_owned(), forms));
    }
}

fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|s| s.value())
}

fn literals(code: TokenStream) -> Vec<String> {
    let of = |token: TokenTree| match &token {
        // What is said of a word isn't one.
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Vec::new(),
        TokenTree::Group(group) => literals(group.stream()),
        token => string(token).into_iter().collect(),
    };
    code.into_iter().flat_map(of).collect()
}

/// The sentences of the help that is read in Chinese.
fn helping() -> Vec<String> {
    fn of(command: &clap::Command, out: &mut Vec<String>) {
        let about = command.get_long_about().or_else(|| command.get_about()).unwrap().to_string();
        out.extend(about.split("\n\n").map(str::to_owned));
        out.extend(
            command.get_arguments().filter(|a| !a.is_hide_set()).filter_map(|a| Some(a.get_help()?.to_string())),
        );
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        out.extend(examples.lines().filter_map(|line| Some(line.split_once("  # ")?.1.to_owned())));
        for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            of(below, out);
        }
    }
    let root = Cli::command();
    let mut out = vec![root.get_about().unwrap().to_string()];
    out.extend(root.get_arguments().filter_map(|a| Some(a.get_help()?.to_string())));
    for command in root.get_subcommands().filter(|c| !c.is_hide_set()) {
        out.push(command.get_about().unwrap().to_string());
        if IN_CHINESE.contains(&command.get_name()) {
            of(command, &mut out);
        }
    }
    out
}

fn catalogue() -> BTreeMap<String, String> {
    toml::from_str(CATALOGUE).unwrap()
}

/// The places of a message that are filled in.
fn places(message: &str) -> BTreeSet<String> {
    let parts = message.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

pub fn told(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_message_is_there_in_chinese_and_none_is_left_over() {
    let (said, chinese) = (Said::read(), catalogue());
    let mut wrong = Vec::new();
    for (key, (file, forms)) in &said.messages {
        let Some(words) = chinese.get(key) else {
            wrong.push(format!("{file}: not in Chinese: {key}"));
            continue;
        };
        let theirs: BTreeSet<String> = forms.iter().flat_map(|form| places(form)).collect();
        if theirs != places(words) {
            wrong.push(format!("{file}: other places are filled in: {key} → {words}"));
        }
        for form in forms.iter().filter(|form| form.chars().any(char::is_alphabetic)) {
            if form.starts_with(' ') || form.ends_with(' ') {
                wrong.push(format!("{file}: a piece of a sentence: {form:?}"));
            }
        }
    }
    for key in chinese.keys() {
        let word = key.strip_prefix("word ▸ ").is_some_and(|word| said.words.values().flatten().any(|w| w == word));
        if !word && !said.messages.contains_key(key) {
            wrong.push(format!("nobody says it any more: {key}"));
        }
    }
    told(&wrong);
}

/// Enums whose words nobody is told in Chinese: they stand in documents and in what keepers of a registry read.
const UNTOLD: [&str; 16] = [
    "Verdict",
    "Severity",
    "How",
    "Lang",
    "Id",
    "Outcome",
    "Interest",
    "Order",
    "Landing",
    "Deciding",
    "Basis",
    "Door",
    "Algorithm",
    "Purpose",
    "Format",
    "Sort",
];

#[test]
fn every_word_that_is_told_is_there_in_chinese() {
    let (said, chinese) = (Said::read(), catalogue());
    assert!(said.words.len() > 5, "{:?}", said.words.keys());
    let mut wrong = Vec::new();
    for (name, words) in &said.words {
        let lacking: Vec<_> = words.iter().filter(|word| !chinese.contains_key(&format!("word ▸ {word}"))).collect();
        match UNTOLD.contains(&name.as_str()) {
            true if lacking.is_empty() => wrong.push(format!("{name} is told now")),
            false if !lacking.is_empty() => wrong.push(format!("{name}: not in Chinese: {lacking:?}")),
            _ => {}
        }
    }
    told(&wrong);
}

pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// What docs/zh-style.md says, as far as a machine can tell.
#[test]
fn chinese_is_written_as_the_guide_says() {
    let mut wrong = Vec::new();
    for words in catalogue().values() {
        let mut say = |what: &str| wrong.push(format!("{what}: {words}"));
        let letters: Vec<char> = words.chars().collect();
        for pair in letters.windows(2) {
            let (one, other) = (pair[0], pair[1]);
            let beside = |a: char, b: char| is_han(a) && b.is_ascii_alphanumeric();
            if beside(one, other) || beside(other, one) {
                say("no space between Chinese and Latin");
            }
            let half = |a: char, b: char| is_han(a) && matches!(b, ',' | '.' | ':' | ';' | '?' | '(' | ')' | '"');
            if half(one, other) || half(other, one) {
                say("punctuation isn't full-width");
            }
        }
        if words.contains(['!', '！']) {
            say("an exclamation mark");
        }
        for stiff in ["进行", "予以", "你"] {
            if words.contains(stiff) {
                say(stiff);
            }
        }
    }
    told(&wrong);
}

/// Where commas and the like of Latin text stand in a Chinese sentence, beside what is filled in, too.
#[test]
fn no_punctuation_of_latin_text_stands_in_a_chinese_sentence() {
    let quoted = Regex::new(r"“[^”]*”|`[^`]*`|\[[^\]]*\]").unwrap();
    let half = Regex::new(r"[^ ?][,;:?](\s|$)|\}[(,;?]|\)\{").unwrap();
    let told: Vec<String> =
        catalogue().into_values().filter(|words| half.is_match(&quoted.replace_all(words, "·"))).collect();
    self::told(&told);
}

/// The words that docs/zh-style.md says are never used, with the one that is.
fn never() -> Vec<(String, String)> {
    let page = include_str!("../../docs/zh-style.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let never = cells.filter_map(|cells| Some(((*cells.get(1)?).to_owned(), (*cells.get(3)?).to_owned())));
    never
        .flat_map(|(word, never)| never.split('、').map(|other| (word.clone(), other.to_owned())).collect::<Vec<_>>())
        .filter(|(_, other)| other.chars().any(is_han))
        .collect()
}

#[test]
fn the_glossary_is_kept_in_every_chinese_text() {
    let never = never();
    assert!(never.len() > 15, "{never:?}");
    let mut wrong = Vec::new();
    for (name, text) in [
        ("words.zh.toml", CATALOGUE),
        ("application.zh.toml", include_str!("../../templates/application.zh.toml")),
        ("application-zh.md", include_str!("../../templates/github/application-zh.md")),
        ("strings.toml", include_str!("../../templates/directory/strings.toml")),
        ("README.zh.md", include_str!("../../README.zh.md")),
        ("guide-member.zh.md", include_str!("../../docs/guide-member.zh.md")),
        ("guide-organization.zh.md", include_str!("../../docs/guide-organization.zh.md")),
    ] {
        for (nth, line) in text.lines().enumerate() {
            let found = never.iter().filter(|(_, other)| line.contains(other));
            wrong.extend(found.map(|(word, other)| format!("{name}:{}: {other}, not {word}: {line}", nth + 1)));
        }
    }
    told(&wrong);
}
