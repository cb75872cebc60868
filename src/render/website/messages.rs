//! Reads and edits the partners' texts in `i18n/<language>/code.json`. All else in the file stays as it is, byte by byte.

mod spans;

use std::collections::BTreeMap;
use std::ops::Range;

use super::card::{PageFault, message_id, slug_of};
use crate::domain::text::quote;
use spans::{Member, Object, line};

pub fn read(json: &str) -> Result<BTreeMap<String, String>, PageFault> {
    let object = Object::whole(json)?;
    let mut texts = BTreeMap::new();
    for member in &object.members {
        if let Some(slug) = slug_of(&member.key) {
            texts.insert(slug.to_owned(), message(json, member)?.0);
        }
    }
    Ok(texts)
}

/// The file with exactly the texts of `wanted`, by slug. New ones stand among the partners', in order where those are.
pub fn edit(json: &str, wanted: &BTreeMap<String, String>) -> Result<String, PageFault> {
    let object = Object::whole(json)?;
    if let Some(slug) = wanted.keys().find(|slug| slug_of(&message_id(slug)).is_none()) {
        let why = format!("{} can't be a partner's slug", quote(slug));
        return Err(PageFault::new(1, why, "use letters, digits and hyphens"));
    }
    let mut kept = BTreeMap::new();
    for (at, member) in object.members.iter().enumerate() {
        let Some(slug) = slug_of(&member.key) else {
            kept.insert(at, json[member.all.clone()].to_owned());
            continue;
        };
        let (text, span) = message(json, member)?;
        if let Some(new) = wanted.get(slug) {
            let new = if *new == text { json[span.clone()].to_owned() } else { string(new)? };
            kept.insert(at, [&json[member.all.start..span.start], &new, &json[span.end..member.all.end]].concat());
        }
    }
    let style = Style::of(json, &object);
    let mut out = json[..=object.open].to_owned();
    let mut first = true;
    let mut put = |lead: &str, member: &str| {
        if !first {
            out.push(',');
        }
        out += if first { &style.first } else { lead };
        out += member;
        first = false;
    };
    let mut new = new_ones(&object, wanted).into_iter().peekable();
    for at in 0..=object.members.len() {
        while let Some((_, slug, text)) = new.next_if(|(place, ..)| *place == at) {
            put(&style.next, &style.member(&message_id(slug), text)?);
        }
        if let Some(member) = kept.get(&at) {
            put(if at == 0 { &style.next } else { &json[object.members[at].lead.clone()] }, member);
        }
    }
    out += if first { &json[object.tail.clone()] } else { &style.tail };
    out += &json[object.tail.end..];
    Ok(out)
}

/// The texts that aren't there yet, in ascending order, each with the number of the member before which it belongs.
fn new_ones<'w>(object: &Object, wanted: &'w BTreeMap<String, String>) -> Vec<(usize, &'w str, &'w str)> {
    let partners: Vec<(usize, &str)> =
        object.members.iter().enumerate().filter_map(|(at, member)| Some((at, slug_of(&member.key)?))).collect();
    let sorted = partners.is_sorted_by_key(|(_, slug)| *slug);
    let about = object.members.iter().rposition(|member| member.key.starts_with("partners."));
    let end = partners.last().map(|(at, _)| *at).or(about).map_or(object.members.len(), |at| at + 1);
    let place = |new: &str| partners.iter().find(|(_, slug)| sorted && *slug > new).map_or(end, |(at, _)| *at);
    wanted
        .iter()
        .filter(|(slug, _)| partners.iter().all(|(_, known)| known != slug))
        .map(|(slug, text)| (place(slug), slug.as_str(), text.as_str()))
        .collect()
}

/// A partner's text, and where it stands as a string.
fn message(json: &str, member: &Member) -> Result<(String, Range<usize>), PageFault> {
    let fault = |why: &str| {
        let why = format!("{}: {why}", quote(&member.key));
        PageFault::new(line(json, member.all.start), why, "write it as {\"message\": \"…\"}")
    };
    if !json[member.value.clone()].starts_with('{') {
        return Err(fault("it isn't an object"));
    }
    let entry = Object::at(json, member.value.start)?;
    let found = entry.members.into_iter().find(|inner| inner.key == "message");
    let span = found.ok_or_else(|| fault("it has no message"))?.value;
    let text = serde_json::from_str(&json[span.clone()]).map_err(|_| fault("its message isn't a text"))?;
    Ok((text, span))
}

/// `text` as a JSON string.
fn string(text: &str) -> Result<String, PageFault> {
    serde_json::to_string(text).map_err(|e| PageFault::new(1, e.to_string(), "this is a defect; please report it"))
}

/// How members are set apart in a file.
struct Style {
    /// Before the first key.
    first: String,
    /// Before any other.
    next: String,
    /// Before the closing brace.
    tail: String,
    colon: String,
    inner_lead: String,
    inner_colon: String,
    inner_tail: String,
}

impl Style {
    /// As in the file; new entries are like the last partner's, or like the first that is an object.
    fn of(json: &str, object: &Object) -> Self {
        let text = |range: &Range<usize>| &json[range.clone()];
        // Of several line breaks, one is enough.
        let one = |space: &str| space.rfind('\n').map_or(space, |at| &space[at..]).to_owned();
        let tail = text(&object.tail);
        let Some(member) = object.members.last() else {
            let tail = if tail.contains('\n') { tail } else { "\n" };
            return Self::plain("\n  ".into(), "\n  ".into(), tail.into(), ": ".into());
        };
        let first = text(&object.members[0].lead).to_owned();
        let colon = text(&member.colon).to_owned();
        let spaced = if colon.ends_with(' ') { " " } else { "" };
        let next = match object.members.len() {
            1 if !first.contains('\n') => spaced.to_owned(),
            1 => one(&first),
            _ => one(text(&member.lead)),
        };
        let plain = Self::plain(first, next, tail.to_owned(), colon);
        let partners = object.members.iter().rev().filter(|member| slug_of(&member.key).is_some());
        for like in partners.chain(&object.members).filter(|like| text(&like.value).starts_with('{')) {
            let Ok(entry) = Object::at(json, like.value.start) else { continue };
            let Some(inner) = entry.members.first() else { continue };
            return Self {
                colon: text(&like.colon).to_owned(),
                inner_lead: one(text(&inner.lead)),
                inner_colon: text(&inner.colon).to_owned(),
                inner_tail: one(text(&entry.tail)),
                ..plain
            };
        }
        plain
    }

    /// With entries one step further in than members are.
    fn plain(first: String, next: String, tail: String, colon: String) -> Self {
        let step = next.strip_prefix('\n').unwrap_or_default();
        let inner_tail = if next.contains('\n') { next.clone() } else { String::new() };
        Self {
            inner_lead: format!("{inner_tail}{step}"),
            inner_colon: colon.clone(),
            first,
            next,
            tail,
            colon,
            inner_tail,
        }
    }

    fn member(&self, key: &str, text: &str) -> Result<String, PageFault> {
        let Self { colon, inner_lead, inner_colon, inner_tail, .. } = self;
        let (key, text) = (string(key)?, string(text)?);
        Ok(format!("{key}{colon}{{{inner_lead}\"message\"{inner_colon}{text}{inner_tail}}}"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    const FILE: &str = r#"{
  "theme.title": {
    "message": "\u9875面",
    "description": "Title \"of\" {a}, b"
  },
  "partners.acme.description": {
    "message": "甲"
  },
  "partners.globex.description": {
    "description": "why", "message": "乙\u4e59", "more": [1, {"message": "no"}]
  },
  "partners.title": {
    "message": "伙伴"
  },
  "partners.description": {
    "message": "欢迎"
  }
}
"#;

    fn wanted(texts: &[(&str, &str)]) -> BTreeMap<String, String> {
        texts.iter().map(|(slug, text)| ((*slug).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn partners_texts_are_read() {
        assert_eq!(read(FILE), Ok(wanted(&[("acme", "甲"), ("globex", "乙乙")])));
        assert_eq!(read("{}"), Ok(wanted(&[])));
    }

    #[test]
    fn what_is_as_wanted_stays() {
        for file in [FILE, FILE.trim_end(), "{}", "{ }\n\n", " {\"a\":1} "] {
            assert_eq!(edit(file, &read(file).unwrap()).as_deref(), Ok(file));
        }
    }

    #[test]
    fn only_what_differs_is_edited() {
        let edited =
            edit(FILE, &wanted(&[("globex", "a \"b\""), ("aaa", "A"), ("daocloud", "D"), ("x-1", "X")])).unwrap();
        let entry = |slug: &str, text: &str| {
            format!("  \"partners.{slug}.description\": {{\n    \"message\": \"{text}\"\n  }},\n")
        };
        let expected = FILE
            .replace(&entry("acme", "甲"), &(entry("aaa", "A") + &entry("daocloud", "D")))
            .replace(r#""乙\u4e59""#, r#""a \"b\"""#)
            .replace("  \"partners.title\"", &(entry("x-1", "X") + "  \"partners.title\""));
        assert_eq!(edited, expected);
    }

    #[test]
    fn new_texts_stand_where_they_belong() {
        for (file, texts, expected) in [
            // Out of order: behind the last.
            (
                r#"{"partners.b.description": {"message": "b"}, "partners.a.description": {"message": "a"}, "z": 1}"#,
                wanted(&[("a", "a"), ("b", "b"), ("aa", "c")]),
                r#"{"partners.b.description": {"message": "b"}, "partners.a.description": {"message": "a"}, "partners.aa.description": {"message": "c"}, "z": 1}"#,
            ),
            // Before the first, and instead of it.
            (
                r#"{"partners.b.description":{"message":"b"},"z":1}"#,
                wanted(&[("a", "a"), ("b", "b")]),
                r#"{"partners.a.description":{"message":"a"},"partners.b.description":{"message":"b"},"z":1}"#,
            ),
            (
                r#"{"partners.b.description": {"message": "b"}, "z": 1}"#,
                wanted(&[("a", "a")]),
                r#"{"partners.a.description": {"message": "a"}, "z": 1}"#,
            ),
            (r#"{"partners.b.description": {"message": "b"}, "z": 1}"#, wanted(&[]), r#"{"z": 1}"#),
            (r#"{"z": 1, "partners.b.description": {"message": "b"}}"#, wanted(&[]), r#"{"z": 1}"#),
            // None there yet: behind the page's own, or at the end.
            (
                r#"{"partners.title": {"message": "t"}, "z": 1}"#,
                wanted(&[("a", "a")]),
                r#"{"partners.title": {"message": "t"}, "partners.a.description": {"message": "a"}, "z": 1}"#,
            ),
            (
                "{\n\t\"z\": 1\n}",
                wanted(&[("a", "a")]),
                "{\n\t\"z\": 1,\n\t\"partners.a.description\": {\n\t\t\"message\": \"a\"\n\t}\n}",
            ),
            ("{}\n", wanted(&[("a", "a")]), "{\n  \"partners.a.description\": {\n    \"message\": \"a\"\n  }\n}\n"),
        ] {
            assert_eq!(edit(file, &texts).as_deref(), Ok(expected), "{file}");
        }
    }

    #[test]
    fn what_could_be_taken_two_ways_is_refused_with_its_line() {
        for (json, line) in [
            ("\u{feff}{}", 1),
            ("{\n\"a\": 1\r\n}", 2),
            ("{\n\"a\": 1,\n}", 3),
            ("[]", 1),
            ("\"{\"", 1),
            ("", 1),
            ("{\"a\": 1,\n \"\\u0061\": 2}", 2),
            ("{\n\"partners.a.description\": \"a\"}", 2),
            ("{\n\"partners.a.description\": [{}]}", 2),
            ("{\n\"partners.a.description\": {\"description\": \"a\"}}", 2),
            ("{\n\"partners.a.description\": {\"message\": 1}}", 2),
            ("{\n\"partners.a.description\": {\"message\": \"a\",\n\"message\": \"b\"}}", 3),
            ("{\"a\": \"\\ud800\"}", 1),
        ] {
            assert_eq!(read(json).map_err(|fault| fault.line), Err(line), "{json:?}");
            assert_eq!(edit(json, &BTreeMap::new()).map_err(|fault| fault.line), Err(line), "{json:?}");
        }
        assert!(edit("{}", &wanted(&[("a.b", "")])).is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    /// White space, a JSON string, a value: as any file might have them.
    fn space() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["", "", " ", "\n", "\n  ", "\n\n\t", "  "]).prop_map(str::to_owned)
    }

    fn text() -> impl Strategy<Value = String> {
        let parts =
            prop::sample::select(vec!["\"", "\\", "{", "}", ",", ":", "\n", "é", "😀", "\u{2028}", "a", "\u{1}"]);
        prop::collection::vec(parts, 0..5).prop_map(|parts| parts.concat())
    }

    fn other() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "1",
            "-1.5e3",
            "null",
            "true",
            "[ ]",
            "[1 ,{\"}\": \"]\"}]",
            "{}",
            "\"\\\"}\\u00e9\"",
        ])
        .prop_map(str::to_owned)
    }

    fn slug() -> impl Strategy<Value = String> {
        "[a-e]{1,2}(-[0-9])?"
    }

    /// A file, as its members' keys and text.
    fn file() -> impl Strategy<Value = (String, Vec<String>)> {
        let plain = (text(), other()).prop_map(|(key, value)| (key, vec![value]));
        let partner =
            (slug(), text(), prop::option::of(other()), any::<bool>()).prop_map(|(slug, text, more, before)| {
                let message = format!("\"message\":{}", serde_json::to_string(&text).unwrap());
                let more = more.map(|value| format!("\"description\" : {value}"));
                let mut parts: Vec<String> = std::iter::once(message).chain(more).collect();
                if before {
                    parts.reverse();
                }
                (message_id(&slug), parts)
            });
        let member = (prop_oneof![plain, partner], space(), space(), space());
        (prop::collection::vec(member, 0..7), space(), space(), any::<bool>()).prop_map(
            |(members, end, around, sort)| {
                let mut seen = BTreeSet::new();
                let mut members: Vec<_> =
                    members.into_iter().filter(|((key, _), ..)| seen.insert(key.clone())).collect();
                if sort {
                    members.sort_by(|a, b| a.0.0.cmp(&b.0.0));
                }
                let mut texts = Vec::new();
                let mut others = Vec::new();
                for ((key, parts), a, b, c) in members {
                    let partner = slug_of(&key).is_some();
                    let value = if partner { format!("{{{a}{}{b}}}", parts.join(",")) } else { parts.concat() };
                    let member = format!("{}{a}:{b}{value}", serde_json::to_string(&key).unwrap());
                    if !partner {
                        others.push(member.clone());
                    }
                    texts.push(format!("{c}{member}{a}"));
                }
                (format!("{around}{{{}{end}}}{around}", texts.join(",")), others)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn edits_set_what_is_wanted_and_nothing_else((json, others) in file(), texts in prop::collection::btree_map(slug(), text(), 0..5)) {
            let edited = edit(&json, &texts).unwrap();
            prop_assert!(serde_json::from_str::<serde_json::Value>(&edited).is_ok(), "{}", edited);
            prop_assert_eq!(read(&edited).unwrap(), texts.clone());
            prop_assert_eq!(edit(&edited, &texts).unwrap(), edited.clone());
            prop_assert_eq!(edit(&json, &read(&json).unwrap()).unwrap(), json.clone());
            // The others' bytes are there, in their order.
            let mut rest = edited.as_str();
            for other in others {
                let at = rest.find(&other);
                prop_assert!(at.is_some(), "{} lost in {}", other, edited);
                rest = &rest[at.unwrap() + other.len()..];
            }
            // What was added can be taken away again. Only an empty object doesn't get its old form back.
            let before = read(&json).unwrap();
            let both = texts.into_iter().chain(before.clone()).collect();
            let back = edit(&edit(&json, &both).unwrap(), &before).unwrap();
            prop_assert!(back == json || json.trim_matches([' ', '\n', '\t', '{', '}']).is_empty(), "{}", back);
        }

        #[test]
        fn any_text_is_edited_or_refused(json in "[\\[\\]{}:,\" a1\\\\\n]{0,12}|.{0,6}") {
            if let Ok(edited) = edit(&json, &wanted(&[("a", "b")])) {
                prop_assert_eq!(read(&edited), Ok(wanted(&[("a", "b")])));
            }
        }
    }
}
