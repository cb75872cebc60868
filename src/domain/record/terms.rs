//! The words by which end users find a partner: what it offers, where, and in which languages. `program.toml` lists them;
//! a record names some.

use super::tag::Tag;
use super::{Field, Record};
use crate::domain::text;
use crate::domain::toml::{Faults, Table};
use crate::domain::values::{Invalid, Line};

/// A word and what people read for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    pub id: Tag,
    pub en: Line,
    /// In Chinese; the English one where there is none.
    pub zh: Option<Line>,
    /// Of a region, the one that it lies in: who looks there finds it, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Tag>,
}

/// The words there are, in the order they are shown in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Vocabulary {
    pub services: Vec<Term>,
    pub regions: Vec<Term>,
    pub languages: Vec<Term>,
}

const SERVICES: [(&str, &str, &str); 6] = [
    ("support", "Technical support", "技术支持"),
    ("consulting", "Consulting", "咨询"),
    ("training", "Training", "培训"),
    ("managed-service", "Managed service", "托管服务"),
    ("distribution", "Distribution", "发行版"),
    ("development", "Custom development", "定制开发"),
];
const REGIONS: [(&str, &str, &str); 9] = [
    ("worldwide", "Worldwide", "全球"),
    ("africa", "Africa", "非洲"),
    ("asia", "Asia", "亚洲"),
    ("china", "China", "中国"),
    ("europe", "Europe", "欧洲"),
    ("latin-america", "Latin America", "拉丁美洲"),
    ("middle-east", "Middle East", "中东"),
    ("north-america", "North America", "北美洲"),
    ("oceania", "Oceania", "大洋洲"),
];
const LIES_IN: [(&str, &str); 1] = [("china", "asia")];
const LANGUAGES: [(&str, &str, &str); 10] = [
    ("en", "English", "英语"),
    ("zh", "Chinese", "中文"),
    ("de", "German", "德语"),
    ("es", "Spanish", "西班牙语"),
    ("fr", "French", "法语"),
    ("it", "Italian", "意大利语"),
    ("ja", "Japanese", "日语"),
    ("ko", "Korean", "韩语"),
    ("pt", "Portuguese", "葡萄牙语"),
    ("ru", "Russian", "俄语"),
];

fn built_in(words: &[(&str, &str, &str)]) -> Vec<Term> {
    let term = |(id, en, zh): &(&str, &str, &str)| {
        let within = LIES_IN.iter().find(|(part, _)| part == id).and_then(|(_, whole)| whole.parse().ok());
        Some(Term { id: id.parse().ok()?, en: en.parse().ok()?, zh: zh.parse().ok(), within })
    };
    words.iter().filter_map(term).collect()
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { services: built_in(&SERVICES), regions: built_in(&REGIONS), languages: built_in(&LANGUAGES) }
    }
}

impl Vocabulary {
    /// Reads `[terms]` of `program.toml`. A list that isn't there is the built-in one.
    pub(crate) fn read(table: Option<Table<'_>>, faults: &mut Faults) -> Self {
        let mut out = Self::default();
        let Some(mut table) = table else { return out };
        for (key, list) in
            [("services", &mut out.services), ("regions", &mut out.regions), ("languages", &mut out.languages)]
        {
            if table.has(key) {
                *list = read_terms(&mut table, key, faults);
            }
        }
        table.finish(faults);
        out
    }

    /// The words for a field; none for fields that are free text.
    #[must_use]
    pub fn of(&self, field: Field) -> Option<&[Term]> {
        match field {
            Field::Services => Some(&self.services),
            Field::Regions => Some(&self.regions),
            Field::Languages => Some(&self.languages),
            _ => None,
        }
    }

    /// What a record names that isn't listed: the field, and what is wrong.
    #[must_use]
    pub fn unknown(&self, record: &Record) -> Vec<(Field, Invalid)> {
        let fields = record.fields();
        fields
            .iter()
            .flat_map(|(field, value)| self.unknown_in(*field, value).into_iter().map(|e| (*field, e)))
            .collect()
    }

    /// What is wrong with an answer to a field whose words are listed.
    #[must_use]
    pub fn unknown_in(&self, field: Field, answer: &str) -> Vec<Invalid> {
        let Some(terms) = self.of(field) else { return Vec::new() };
        let known: Vec<&str> = terms.iter().map(|t| t.id.as_str()).collect();
        let unknown = answer.split(';').map(str::trim).filter(|tag| !tag.is_empty() && !known.contains(tag));
        unknown
            .map(|tag| {
                let why = format!("{} isn't one of the program's {field}", text::quote(tag));
                let hint = match text::nearest(tag, &known) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("one of: {}", known.join(", ")),
                };
                Invalid::new(why, hint)
            })
            .collect()
    }
}

fn read_terms(table: &mut Table<'_>, key: &'static str, faults: &mut Faults) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for mut entry in table.tables(faults, key) {
        let (id, en) = (entry.value::<Tag>(faults, "id"), entry.value(faults, "en"));
        let zh = entry.value(faults, "zh");
        let within = if key == "regions" { entry.value(faults, "within") } else { None };
        match (id, en) {
            (Some(id), _) if terms.iter().any(|t| t.id == id) => {
                entry.fault(faults, key, format!("{id} is listed twice"), "keep one of them");
            }
            (Some(id), Some(en)) => terms.push(Term { id, en, zh, within }),
            _ => entry.fault(faults, key, "a term needs id and en".into(), "give both, and zh if you can"),
        }
        entry.finish(faults);
    }
    terms
}
