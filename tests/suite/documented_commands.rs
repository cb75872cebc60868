//! Every command in our pages is one that the command line takes, down to its flags and their values.

use std::path::{Path, PathBuf};

use clap::Parser as _;
use clap::error::ErrorKind;
use karmada_partner::cli::Cli;

/// The pages that people read.
pub fn pages() -> Vec<PathBuf> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = [home.to_owned(), home.join("docs")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    pages.sort();
    pages
}

/// The lines of a page that a shell is to run: those in blocks marked `sh`, put together where they are continued, without comments.
pub fn commands(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut within = false;
    let mut begun = String::new();
    for line in page.lines() {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            within = kind == "sh";
            continue;
        }
        if !within {
            continue;
        }
        let line = line.split(" # ").next().unwrap().trim();
        match line.strip_suffix('\\') {
            Some(part) => begun += part,
            None => lines.push(std::mem::take(&mut begun) + line),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Those in a page's tables and sentences: code that begins with the program's name and says more than that.
pub fn spans(page: &str) -> Vec<String> {
    let mut within = false;
    let prose = page.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        within ^= fence;
        !fence && !within
    });
    let code = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    code.filter(|code| code.starts_with("karmada-partner ")).map(str::to_owned).collect()
}

/// The words of a line, as a shell makes them.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut any) = (String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (None, '"' | '\'') => (quote, any) = (Some(c), true),
            (Some(open), _) if c == open => quote = None,
            (None, ' ') => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

/// What stands for what somebody puts there, put there.
fn filled(word: &str) -> String {
    match word {
        "SLUG" => "acme".to_owned(),
        "LOGIN" | "YOU" => "alice".to_owned(),
        "ID" => "initech".to_owned(),
        "N" | "NUMBER" => "7".to_owned(),
        "…" => "something".to_owned(),
        _ => word.replace("LOGIN=", "alice=").replace("https://…", "https://acme.example"),
    }
}

#[test]
fn every_command_in_a_page_is_taken() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for line in commands(&text).into_iter().chain(spans(&text)) {
            let Some(begin) = line.find("karmada-partner ").filter(|at| *at == 0 || line.starts_with("cargo run"))
            else {
                continue;
            };
            let line = line[begin..].split(" > ").next().unwrap();
            tried += 1;
            if let Err(e) = Cli::try_parse_from(words(line).iter().map(|word| filled(word)))
                && e.use_stderr()
                // A sentence names a command by its name alone.
                && e.kind() != ErrorKind::MissingRequiredArgument
            {
                wrong.push(format!("{}: {line}: {}", page.display(), e.to_string().lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 60, "{tried}");
}

/// What is in both languages has the same commands, in the same order.
#[test]
fn a_chinese_page_has_the_commands_of_the_english_one() {
    for chinese in pages().into_iter().filter(|page| page.to_str().unwrap().ends_with(".zh.md")) {
        let english = PathBuf::from(chinese.to_str().unwrap().replace(".zh.md", ".md"));
        let of = |page: &Path| {
            let text = std::fs::read_to_string(page).unwrap();
            (commands(&text), spans(&text))
        };
        assert_eq!(of(&chinese), of(&english), "{}", chinese.display());
    }
}

#[test]
fn words_are_a_shells() {
    assert_eq!(words("a --b \"c d\" ''  e=\"f g\""), ["a", "--b", "c d", "", "e=f g"]);
    assert_eq!(commands("```sh\na \\\n  b   # c\n\n```\nx\n```json\ny\n```\n"), ["a b"]);
}

/// Links between our pages lead to pages and headings that are there.
#[test]
fn links_between_pages_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with("mailto:") || target.is_empty() {
                continue;
            }
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let there = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let found = std::fs::read_to_string(&there).is_ok_and(|text| {
                heading.is_empty() || text.lines().filter(|l| l.starts_with('#')).any(|l| anchor(l) == heading)
            });
            if !(found || heading.is_empty() && there.exists()) {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As forges make them of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_')
        .collect::<String>()
        .replace(' ', "-")
}
