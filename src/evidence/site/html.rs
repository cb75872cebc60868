//! What a page says, out of its HTML: title, language, visible words, links. Never shown as it is.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use url::Url;

use crate::domain::text;
use crate::evidence::words::Words;

/// How much of a title is kept, in characters.
const TITLE: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Reading {
    pub title: String,
    pub language: Option<String>,
    /// All that a reader sees or is told about it.
    pub words: Words,
    /// How many letters of it stand on the page itself.
    pub letters: usize,
    /// Where its links lead, as they are written.
    pub links: Vec<String>,
    /// Where relative links begin, if the page says so.
    pub base: Option<String>,
    pub has_script: bool,
}

impl Reading {
    pub(super) fn of(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        // So that what stands in scripts isn't taken for elements.
        emitter.naively_switch_states(true);
        let (mut out, mut title, mut seen) = (Self::default(), None::<String>, String::new());
        // The element whose text isn't for readers, if we are in one.
        let mut hidden: Option<Vec<u8>> = None;
        let mut in_title = false;
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => {
                    seen.push(' ');
                    in_title = &tag.name[..] == b"title" && title.is_none();
                    if hidden.is_none() && matches!(&tag.name[..], b"script" | b"style" | b"template") {
                        hidden = Some(tag.name.to_vec());
                    }
                    out.start(&tag, &mut seen);
                }
                Token::EndTag(tag) => {
                    in_title = false;
                    if hidden.as_deref() == Some(&tag.name[..]) {
                        hidden = None;
                    }
                    seen.push(' ');
                }
                Token::String(words) if hidden.is_none() => {
                    let words = String::from_utf8_lossy(&words);
                    if in_title {
                        title.get_or_insert_default().push_str(&words);
                    }
                    seen.push_str(&words);
                    if !in_title {
                        out.letters += words.chars().filter(|c| c.is_alphanumeric()).count();
                    }
                }
                _ => {}
            }
        }
        let line = text::one_line(&title.unwrap_or_default());
        out.title = text::visible(text::beginning(&line, TITLE));
        out.words = Words::of(&seen);
        out
    }

    fn start(&mut self, tag: &StartTag<()>, seen: &mut String) {
        let attribute =
            |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned());
        match &tag.name[..] {
            b"html" if self.language.is_none() => {
                let said = attribute(b"lang").or_else(|| attribute(b"xml:lang"));
                self.language =
                    said.filter(|l| !l.is_empty()).map(|l| text::visible(&l.chars().take(35).collect::<String>()));
            }
            b"base" if self.base.is_none() => self.base = attribute(b"href"),
            b"a" | b"area" => self.links.extend(attribute(b"href")),
            b"script" => self.has_script = true,
            b"img" => also(seen, attribute(b"alt")),
            // How it is shown where it is shared.
            b"meta" => {
                let name =
                    attribute(b"name").or_else(|| attribute(b"property")).unwrap_or_default().to_ascii_lowercase();
                if matches!(
                    name.as_str(),
                    "description" | "keywords" | "og:title" | "og:description" | "og:site_name" | "application-name"
                ) {
                    also(seen, attribute(b"content"));
                }
            }
            _ => {}
        }
    }

    /// Where the links lead, from a page at `address`.
    pub(super) fn targets(&self, address: &Url) -> impl Iterator<Item = Url> {
        let base = self.base.as_ref().and_then(|b| address.join(b).ok()).unwrap_or_else(|| address.clone());
        self.links.iter().filter_map(move |link| base.join(link).ok())
    }
}

fn also(seen: &mut String, words: Option<String>) {
    if let Some(words) = words {
        seen.push(' ');
        seen.push_str(&words);
        seen.push(' ');
    }
}
