//! Which pictures and which partners' texts a website's sources name.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::card::{message_id, slug_of};

/// How the ids of partners' texts begin.
const ID: &str = "partners.";

/// Whether a file is one that could name a picture: any but those that hold one, or a font, a film, an archive.
fn is_source(path: &str) -> bool {
    const ENDS: [&str; 36] = [
        "7z", "avif", "bin", "bmp", "bz2", "docx", "eot", "gif", "gz", "heic", "ico", "jpeg", "jpg", "mov", "mp3",
        "mp4", "ogg", "otf", "pdf", "png", "pptx", "psd", "tar", "tgz", "tif", "tiff", "ttf", "wasm", "wav", "webm",
        "webp", "woff", "woff2", "xlsx", "xz", "zip",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    // What package managers write names packages.
    let locks = matches!(name, "package-lock.json" | "pnpm-lock.yaml" | "yarn.lock");
    !locks && !name.rsplit_once('.').is_some_and(|(_, end)| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// Whether a source is one that acts: prose only tells.
fn is_code(path: &str) -> bool {
    let end = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    (end.contains("js") && end != "json") || end.contains("ts") || end == "mdx"
}

/// Which of a website's sources are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those that act, and only they name texts.
    Code,
    Rest,
}

impl Part {
    /// Whether a file is one of them.
    #[must_use]
    pub fn has(self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(end, _)| &path[..end]);
        is_source(path) && is_code(path) == (self == Self::Code) && !above.into_iter().any(is_passed_over)
    }
}

/// Whether a directory holds nothing that somebody wrote for the website.
#[must_use]
pub fn is_passed_over(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".git" | "node_modules" | ".docusaurus")
        || matches!(path, "build" | "data/partners" | "data/program")
}

/// The pictures and texts that sources name, each with the first source that does.
#[derive(Debug, Default)]
pub struct Mentions {
    named: BTreeMap<String, String>,
    /// A source that makes up names of logos by itself.
    computing: Option<String>,
    /// By the slugs in their ids, in lower case.
    texts: BTreeMap<String, String>,
    /// A source that makes up ids of texts by itself.
    computing_ids: Option<String>,
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
        let code = is_code(path);
        if code {
            self.add_texts(path, &text);
        }
        let computes = text.match_indices("img/supporters").any(|(at, it)| {
            let rest = text[at + it.len()..].trim_start_matches('/');
            rest.starts_with(['"', '\'', '`', '$', '{']) || rest.is_empty()
        });
        if self.computing.is_none() && code && computes {
            self.computing = Some(path.to_owned());
        }
    }

    fn add_texts(&mut self, path: &str, code: &str) {
        for (at, begin) in code.match_indices(ID) {
            let rest = &code[at + begin.len()..];
            let slug = rest.split_once(".description").map_or("", |(slug, _)| slug);
            if rest.starts_with("${") {
                self.computing_ids.get_or_insert_with(|| path.to_owned());
            } else if slug_of(&message_id(slug)).is_some() {
                self.texts.entry(slug.to_owned()).or_insert_with(|| path.to_owned());
            }
        }
    }

    /// Which source names the text of a partner's card, or may.
    #[must_use]
    pub fn of_text(&self, slug: &str) -> Option<&str> {
        self.texts.get(&slug.to_lowercase()).or(self.computing_ids.as_ref()).map(String::as_str)
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
        assert_eq!(mentions.of_text("acme"), None);
        mentions.add("src/home.tsx", b"<Translate id=\"partners.Acme.description\">Ours are partners. </Translate>");
        mentions.add("i18n/zh/code.json", b"{\"partners.beta.description\": {}}");
        assert_eq!((mentions.of_text("acme"), mentions.of_text("beta")), (Some("src/home.tsx"), None));
        mentions.add("src/ids.tsx", b"translate({ id: `partners.${slug}.description` })");
        assert_eq!(mentions.of_text("beta"), Some("src/ids.tsx"), "it may be any");
        mentions.add("src/all.tsx", b"const logo = (name) => require(`../../static/img/supporters/${name}.png`)");
        assert_eq!(mentions.of("acme.png"), Some("src/all.tsx"), "it may be any");
    }

    #[test]
    fn what_nobody_wrote_is_passed_over() {
        for source in
            ["src/a.TSX", "README.md", "static/llms.txt", "static/img/all.svg", "static/_redirects", "LICENSE"]
        {
            assert!(is_source(source), "{source}");
        }
        assert!(!is_source("yarn.lock") && !is_source("site/package-lock.json"));
        assert!(Part::Code.has("src/a.TSX") && !Part::Rest.has("src/a.TSX") && Part::Rest.has("src/a.json"));
        assert!(!Part::Code.has("x/node_modules/a.js") && !Part::Rest.has("data/partners/acme/partner.toml"));
        assert!(!is_source("a.PNG") && !is_source("static/fonts/a.woff2"));
        assert!(is_passed_over("website/node_modules") && is_passed_over("build") && !is_passed_over("docs/build"));
    }
}
