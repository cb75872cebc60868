//! Which pictures a website's sources name.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// Whether a file is one that could name a picture.
#[must_use]
pub fn is_source(path: &str) -> bool {
    const ENDS: [&str; 21] = [
        "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "md", "mdx", "json", "yml", "yaml", "toml", "xml", "css",
        "scss", "sass", "less", "html", "htm",
    ];
    path.rsplit_once('.').is_some_and(|(_, end)| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// Whether a directory holds nothing that somebody wrote for the website.
#[must_use]
pub fn is_passed_over(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".git" | "node_modules" | ".docusaurus")
        || matches!(path, "build" | "data/partners" | "data/program")
}

/// The pictures that sources name, each with the first source that does.
#[derive(Debug, Default)]
pub struct Mentions {
    named: BTreeMap<String, String>,
    /// A source that makes up names of logos by itself.
    computing: Option<String>,
}

impl Mentions {
    /// Looks through a source.
    pub fn add(&mut self, path: &str, source: &[u8]) {
        let text = String::from_utf8_lossy(source).to_lowercase();
        for (end, _) in text.match_indices(".png") {
            let before = &text[..end];
            let stops = |c: char| "/\\\"'`()[]{}<>|=,;\n\r".contains(c);
            // As long as it can be, and as the last word of that: `![](my logo.png)`, `see logo.png`.
            let long = before.rsplit(stops).next().unwrap_or_default();
            let word = long.rsplit(char::is_whitespace).next().unwrap_or_default();
            for name in [long, word] {
                let name = format!("{}.png", decoded(name.trim()));
                self.named.entry(name).or_insert_with(|| path.to_owned());
            }
        }
        // Prose may tell of the directory; only code makes names up.
        let code = path.rsplit('.').next().is_some_and(|end| end.contains("js") || end.contains("ts") || end == "mdx");
        let computes = text.match_indices("img/supporters").any(|(at, it)| {
            let rest = text[at + it.len()..].trim_start_matches('/');
            rest.starts_with(['"', '\'', '`', '$', '{']) || rest.is_empty()
        });
        if self.computing.is_none() && code && computes && !path.to_lowercase().ends_with(".json") {
            self.computing = Some(path.to_owned());
        }
    }

    /// Which source names a picture, or may.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&str> {
        self.named.get(&name.to_lowercase()).or(self.computing.as_ref()).map(String::as_str)
    }
}

/// Without percent signs for letters, as addresses have them.
fn decoded(name: &str) -> String {
    percent_decode_str(name).decode_utf8_lossy().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_however_they_are_named() {
        let mut mentions = Mentions::default();
        for (path, source) in [
            ("src/data/supporters.js", "import faw from '../../static/img/supporters/FAW.png';"),
            ("blog/a.md", "![Logo](/img/supporters/China%20Unicom.png)\n<img src=/img/supporters/bare.png />"),
            ("docs/b.md", "Put logos into `static/img/supporters`. See also zeta.png or (two words.png)."),
            ("i18n/c.json", "{\"logo\": \"http://x.example/img/supporters/华为.PNG?raw\"}"),
        ] {
            mentions.add(path, source.as_bytes());
        }
        for (name, by) in [
            ("faw.png", Some("src/data/supporters.js")),
            ("China Unicom.png", Some("blog/a.md")),
            ("Bare.png", Some("blog/a.md")),
            ("zeta.png", Some("docs/b.md")),
            ("two words.png", Some("docs/b.md")),
            ("华为.png", Some("i18n/c.json")),
            ("aw.png", None),
            ("words.png.png", None),
            ("acme.png", None),
        ] {
            assert_eq!(mentions.of(name), by, "{name}");
        }
        mentions.add("src/all.tsx", b"const logo = (name) => require(`../../static/img/supporters/${name}.png`)");
        assert_eq!(mentions.of("acme.png"), Some("src/all.tsx"), "it may be any");
    }

    #[test]
    fn what_nobody_wrote_is_passed_over() {
        assert!(is_source("src/a.TSX") && is_source("README.md") && !is_source("a.png") && !is_source("LICENSE"));
        assert!(is_passed_over("website/node_modules") && is_passed_over("build") && !is_passed_over("docs/build"));
    }
}
