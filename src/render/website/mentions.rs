//! Which partners' texts a website's sources show.
//!
//! Docusaurus shows a text where an id stands beside `translate`, and its own tools want it to be a plain one. So it isn't recognized
//! how ids can be put together: whatever isn't plain there counts as showing every text.

use std::collections::BTreeMap;

use super::card::{message_id, slug_of};

/// How the ids of partners' texts begin.
const ID: &str = "partners.";

/// Whether a file is one that could show a text: any but pictures, fonts, films, archives, and those that
/// keep translations.
fn is_source(path: &str) -> bool {
    const ENDS: [&str; 36] = [
        "7z", "avif", "bin", "bmp", "bz2", "docx", "eot", "gif", "gz", "heic", "ico", "jpeg", "jpg", "mov", "mp3",
        "mp4", "ogg", "otf", "pdf", "png", "pptx", "psd", "tar", "tgz", "tif", "tiff", "ttf", "wasm", "wav", "webm",
        "webp", "woff", "woff2", "xlsx", "xz", "zip",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    // What package managers write names packages.
    let locks = matches!(name, "package-lock.json" | "pnpm-lock.yaml" | "yarn.lock");
    let translations = end == "json" && path.split('/').any(|directory| directory == "i18n");
    !locks && !translations && !ENDS.iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Whether a source is one that acts. Docusaurus makes components of Markdown, too; there it is rare.
fn is_code(path: &str) -> bool {
    let end = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    (end.contains("js") && end != "json") || end.contains("ts") || end == "mdx"
}

/// Which of a website's sources are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those that act.
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

/// The texts that sources show, each with the first source that does.
#[derive(Debug, Default)]
pub struct Mentions {
    /// By the slugs in their ids, in lower case.
    texts: BTreeMap<String, String>,
    /// A source that may show any.
    computing: Option<String>,
}

impl Mentions {
    /// Looks through a source.
    pub fn add(&mut self, path: &str, source: &[u8]) {
        let text = String::from_utf8_lossy(source).to_lowercase();
        for (at, begin) in text.match_indices(ID) {
            let rest = &text[at + begin.len()..];
            let slug = rest.split_once(".description").map_or("", |(slug, _)| slug);
            if slug_of(&message_id(slug)).is_some() {
                self.texts.entry(slug.to_owned()).or_insert_with(|| path.to_owned());
            }
        }
        if self.computing.is_none() && (may_show_any(&text) || (is_code(path) && reads_translations(&text))) {
            self.computing = Some(path.to_owned());
        }
    }

    /// Which source shows the text of a partner's card, or may.
    #[must_use]
    pub fn of_text(&self, slug: &str) -> Option<&str> {
        self.texts.get(&slug.to_lowercase()).or(self.computing.as_ref()).map(String::as_str)
    }
}

/// Whether a source reads translations by itself.
fn reads_translations(text: &str) -> bool {
    ["code.json", "codetranslations"].iter().any(|name| text.contains(name))
}

/// Whether a source, in lower case, shows a text by an id that isn't written out.
fn may_show_any(text: &str) -> bool {
    const WORD: &str = "translate";
    const MODULE: &str = "@docusaurus/translate";
    let elements = text.match_indices("<translate").map(|(at, tag)| &text[at + tag.len()..]);
    let mut tags = elements.filter(|rest| !rest.starts_with(is_of_name));
    if tags.any(|rest| !is_plain_element(rest)) {
        return true;
    }
    let pieces: Vec<&str> = text.split(MODULE).collect();
    let Some((_, before)) = pieces.split_last().filter(|(_, before)| !before.is_empty()) else {
        // Elsewhere other things are called so, too; but none takes an id.
        let called = |at: usize| !text[..at].ends_with(is_of_name) && !text[..at].ends_with('.');
        let given = |at: usize| text[at + WORD.len()..].trim_start().strip_prefix('(');
        let mut calls = text.match_indices(WORD).filter(|(at, _)| called(*at)).filter_map(|(at, _)| given(at));
        return put_together(text) || calls.any(|rest| rest.trim_start().starts_with('{') && !is_plain_call(rest));
    };
    let mut seen = Vec::new();
    for piece in before {
        let Some((code, clause)) = piece.rsplit_once("import") else { return true };
        let clause: String = clause.chars().filter(|c| !c.is_whitespace()).collect();
        let named = clause.trim_end_matches(is_quote).replace(",}", "}");
        if !matches!(named.as_str(), "translatefrom" | "{translate}from" | "translate,{translate}from") {
            return true;
        }
        seen.push(code);
    }
    seen.extend(pieces.last());
    // Under another name, or handed on, it may show whatever.
    let is_plain_use = |code: &str, at: usize| {
        let (before, rest) = (&code[..at], &code[at + WORD.len()..]);
        if before.ends_with(is_of_name) || rest.starts_with(is_of_name) || before.ends_with(['<', '/']) {
            return true;
        }
        before.ends_with('.') || rest.trim_start().strip_prefix('(').is_some_and(is_plain_call)
    };
    seen.iter().any(|code| code.match_indices(WORD).any(|(at, _)| !is_plain_use(code, at))) || put_together(text)
}

/// Whether ids are put together from what they begin with.
fn put_together(text: &str) -> bool {
    text.match_indices(ID).any(|(at, begin)| {
        let rest = &text[at + begin.len()..];
        rest.starts_with("${") || (rest.starts_with(is_quote) && text[..at].ends_with(is_quote))
    })
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-')
}

/// Whether an element, from behind its name, has an id that is written out, or shows a text that is one.
fn is_plain_element(rest: &str) -> bool {
    let (tag, inside) = rest.split_once('>').unwrap_or((rest, ""));
    if let Some((_, value)) = tag.split_once(" id=").or_else(|| tag.split_once("\nid=")) {
        return match value.strip_prefix('{') {
            Some(value) => is_written_out(value.trim_start(), &['}']),
            None => is_written_out(value, &[]),
        };
    }
    let inside = inside.trim_start();
    // What stands between braces may hold the end of the tag.
    !tag.contains('{') && inside.strip_prefix('{').is_none_or(|value| is_written_out(value.trim_start(), &['}']))
}

/// Whether a call, from behind its bracket, is given an object with an id that is written out, or without one.
fn is_plain_call(rest: &str) -> bool {
    let Some((object, _)) = rest.trim_start().strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return false;
    };
    let value = |key: &str| {
        let (before, value) = object.split_once(&format!("{key}:"))?;
        (!before.ends_with(is_of_name)).then(|| format!("{}}}", value.trim_start()))
    };
    !object.contains("...")
        && value("id").or_else(|| value("message")).is_some_and(|value| is_written_out(&value, &[',', '}']))
}

/// Whether a value is one text in quotes, as it is shown, and one of these comes behind it; anything where that is no matter.
fn is_written_out(value: &str, ends: &[char]) -> bool {
    let Some(quote) = value.chars().next().filter(|c| is_quote(*c)) else { return false };
    let Some((text, rest)) = value[1..].split_once(quote) else { return false };
    !text.contains(['$', '{', '\\', '&', '\n']) && (ends.is_empty() || rest.trim_start().starts_with(ends))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IMPORT: &str = "import Translate, { translate } from '@docusaurus/Translate';\n";

    fn shown(path: &str, source: &str, slug: &str) -> bool {
        let mut mentions = Mentions::default();
        mentions.add(path, source.as_bytes());
        mentions.of_text(slug).is_some()
    }

    #[test]
    fn texts_are_found_wherever_their_ids_stand() {
        for (path, source) in [
            ("src/home.tsx", "<Translate id=\"partners.Acme.description\">Ours are partners. </Translate>"),
            ("docs/x.md", "<Translate id='partners.acme.description'>Ours.</Translate>"),
            ("src/ids.js", "export const ids = ['partners.acme.description'];"),
            ("src/data/ids.json", "[{\"text\": \"partners.acme.description\"}]"),
        ] {
            assert!(shown(path, source, "acme") && !shown(path, source, "beta"), "{source}");
        }
    }

    /// As Karmada's website has them.
    #[test]
    fn plain_uses_show_their_own_text_alone() {
        for source in [
            "<Translate>What is Karmada?</Translate><Translate>\n  Say</Translate>",
            "translate({ id: 'partners.title', message: 'Partners' })",
            "translate({\n  message: \"Join\",\n  id: \"partners.join\",\n})",
            "<Translate\n  id=\"partners.lead\"\n  values={{ n: <b>1</b> }}>Ours</Translate>",
            "<Translate id={\"x\"}>{'Ours'}</Translate> style={{ transform: `a.translate(${x})` }}",
        ] {
            assert!(!shown("src/a.tsx", &format!("{IMPORT}{source}"), "acme"), "{source}");
        }
        for source in [
            "transform: translate(-50%, -50%);",
            "We thank our partners. Translate \"partners.\n",
            "ctx.translate(x, y); const all = `${a}.description`",
        ] {
            assert!(!shown("src/a.css", source, "acme"), "{source}");
        }
    }

    proptest! {
        /// However an id comes about that isn't written out, the text that it may lead to counts as shown.
        #[test]
        fn what_may_show_a_text_counts_as_showing_it(
            id in prop::sample::select(vec![
                "`partners.${slug}.description`", "'partners.' + slug + '.description'", "`${ns}.${slug}.description`",
                "[ns, slug, 'description'].join('.')", "id", "props.id", "ids[slug]", "\"partners.\\u0061cme.description\"",
                "'a' + b", "idOf(partner)", "partner.id ?? 'x'",
            ]),
            form in prop::sample::select(vec![
                "<Translate id={ID}>Text</Translate>", "<Translate\n  description='x'\n  id={ID}>Text</Translate>",
                "<Translate>{ID}</Translate>", "<Translate {...{ id: ID }}>Text</Translate>",
                "<Translate values={{ n: <b>1</b> }} id={ID}>Text</Translate>",
                "translate({ id: ID, message: 'Text' })", "translate({message: \"Text\",\n id: ID})", "translate({ ...{ id: ID } })",
                "translate( ID )", "createElement(Translate, { id: ID })", "const T = Translate; <T id={ID}/>",
                "export { translate }", "export default Translate", "[1].map(translate)",
            ]),
            import in prop::sample::select(vec![
                IMPORT, "import T, { translate as tr } from \"@docusaurus/Translate\"\n",
                "const { translate } = require('@docusaurus/Translate');\n", "export * from '@docusaurus/Translate';\n",
                "import * as All from '@docusaurus/Translate';\n", "const all = await import('@docusaurus/Translate');\n",
            ]),
            path in prop::sample::select(vec!["src/a.tsx", "docs/a.md", "src/theme/a.js", "blog/a.mdx"]),
        ) {
            let source = format!("{import}{}\n", form.replace("ID", id));
            prop_assert!(shown(path, &source, "acme"), "{}", source);
        }
    }

    #[test]
    fn code_that_reads_translations_may_show_any() {
        assert!(shown("src/a.js", "import zh from '../i18n/zh/code.json'", "acme"));
        assert!(shown("src/a.ts", "import all from '@generated/codeTranslations'", "acme"));
        assert!(!shown("CONTRIBUTING.md", "Translations are in i18n/zh/code.json.", "acme"));
        assert!(
            shown("docs/a.mdx", "<Translate id={'partners.' + slug}>x</Translate>", "acme"),
            "no import is needed there"
        );
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
        assert!(!Part::Rest.has("i18n/zh/code.json"), "it keeps translations, and shows none");
        assert!(!Part::Code.has("x/node_modules/a.js") && !Part::Rest.has("data/partners/acme/partner.toml"));
        assert!(!is_source("a.PNG") && !is_source("static/fonts/a.woff2"));
        assert!(is_passed_over("website/node_modules") && is_passed_over("build") && !is_passed_over("docs/build"));
    }
}
