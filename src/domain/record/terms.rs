//! The words by which end users find a partner: what it offers, where, in which languages, and how soon. `program.toml` lists them;
//! a record names some.

use std::sync::LazyLock;

use super::mend::Mended;
use super::tag::Tag;
use super::{Field, Record};
use crate::domain::text;
use crate::domain::toml::{Faults, Table};
use crate::domain::values::{Invalid, Line};
use crate::language;

/// A word and what people read for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    pub id: Tag,
    pub en: Line,
    /// In Chinese; the English one where there is none.
    pub zh: Option<Line>,
    /// The one that it lies in, as a region in a larger one: who looks for that finds it, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Tag>,
}

impl Term {
    /// What people read for it, in the language that is spoken.
    #[must_use]
    pub fn label(&self) -> &str {
        self.zh.as_ref().filter(|_| language::is_chinese()).unwrap_or(&self.en).as_str()
    }

    /// Whether that is its word, or what people read for it in either language; in any case, with any spaces.
    #[must_use]
    pub fn is_called(&self, typed: &str) -> bool {
        let typed = apart(typed);
        let names = [Some(self.id.as_str()), Some(self.en.as_str()), self.zh.as_ref().map(Line::as_str)];
        names.into_iter().flatten().any(|name| apart(name) == typed)
    }
}

/// The words there are, in the order they are shown in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Vocabulary {
    pub services: Vec<Term>,
    pub regions: Vec<Term>,
    pub languages: Vec<Term>,
    /// When somebody answers.
    pub hours: Vec<Term>,
    /// Within what time.
    pub response: Vec<Term>,
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
const HOURS: [(&str, &str, &str); 3] = [
    ("business-hours", "Business hours", "工作时间"),
    ("extended-hours", "Evenings and weekends, too", "含夜间与周末"),
    ("around-the-clock", "Around the clock", "7×24 小时"),
];
const RESPONSE: [(&str, &str, &str); 4] = [
    ("1-hour", "Within an hour", "1 小时内"),
    ("4-hours", "Within 4 hours", "4 小时内"),
    ("1-day", "Within a day", "1 天内"),
    ("3-days", "Within 3 days", "3 天内"),
];
const LIES_IN: [(&str, &str); 6] = [
    ("china", "asia"),
    ("around-the-clock", "extended-hours"),
    ("extended-hours", "business-hours"),
    ("1-hour", "4-hours"),
    ("4-hours", "1-day"),
    ("1-day", "3-days"),
];
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

/// Other names of languages that people write, beside those in `LANGUAGES`: their own, and those of everyday Chinese.
const ALSO_CALLED: [(&str, &str); 28] = [
    ("Mandarin", "zh"),
    ("Simplified Chinese", "zh"),
    ("Traditional Chinese", "zh"),
    ("中国語", "zh"),
    ("中國語", "zh"),
    ("英語", "en"),
    ("Brazilian Portuguese", "pt"),
    ("汉语", "zh"),
    ("普通话", "zh"),
    ("华语", "zh"),
    ("简体中文", "zh"),
    ("繁体中文", "zh"),
    ("繁體中文", "zh"),
    ("英文", "en"),
    ("Deutsch", "de"),
    ("德文", "de"),
    ("Español", "es"),
    ("西班牙文", "es"),
    ("Français", "fr"),
    ("法文", "fr"),
    ("Italiano", "it"),
    ("日本語", "ja"),
    ("日文", "ja"),
    ("한국어", "ko"),
    ("韩文", "ko"),
    ("Português", "pt"),
    ("Русский", "ru"),
    ("俄文", "ru"),
];

/// What people write for the built-in region that is all of them.
const EVERYWHERE: [(&str, &str); 6] = [
    ("global", "worldwide"),
    ("globally", "worldwide"),
    ("international", "worldwide"),
    ("everywhere", "worldwide"),
    ("all regions", "worldwide"),
    ("世界各地", "worldwide"),
];

/// What people write for built-in hours and responses; of a time, behind a word such as “within”.
const SAID_FOR: [(&str, &str); 36] = [
    ("24x7x365", "around-the-clock"),
    ("24/7/365", "around-the-clock"),
    ("24 hours a day", "around-the-clock"),
    ("9x5", "business-hours"),
    ("8x5", "business-hours"),
    ("5x8", "business-hours"),
    ("5×8", "business-hours"),
    ("working hours", "business-hours"),
    ("工作日", "business-hours"),
    ("1 hour", "1-hour"),
    ("one hour", "1-hour"),
    ("60 minutes", "1-hour"),
    ("1小时", "1-hour"),
    ("4 hours", "4-hours"),
    ("four hours", "4-hours"),
    ("4小时", "4-hours"),
    ("24 hours", "1-day"),
    ("1 day", "1-day"),
    ("one day", "1-day"),
    ("24小时", "1-day"),
    ("1天", "1-day"),
    ("72 hours", "3-days"),
    ("3 days", "3-days"),
    ("3天", "3-days"),
    ("24x7", "around-the-clock"),
    ("24×7", "around-the-clock"),
    ("24/7", "around-the-clock"),
    ("7x24", "around-the-clock"),
    ("7×24", "around-the-clock"),
    ("全天候", "around-the-clock"),
    ("9-5", "business-hours"),
    ("office hours", "business-hours"),
    ("1h", "1-hour"),
    ("4h", "4-hours"),
    ("24h", "1-day"),
    ("72h", "3-days"),
];

/// What parts the terms of a list, as people write one.
pub(crate) const SEPARATORS: [char; 5] = [',', ';', '，', '、', '；'];

/// As it is compared: between Chinese and digits, some write a space and some don't.
fn apart(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect()
}

/// The term that `typed` names: by its word or by what people read for it in either language, in any case; a language also
/// by its tag, such as `zh-CN`, or by another of its names.
#[must_use]
pub(crate) fn meant<'t>(field: Field, known: &'t [Term], typed: &str) -> Option<&'t Term> {
    let lower = typed.trim().to_lowercase();
    let bare = apart(typed);
    let is = |name: &str| apart(name) == bare;
    let by_name = || known.iter().find(|t| t.is_called(typed));
    known.iter().find(|t| is(t.id.as_str())).or_else(by_name).or_else(|| {
        let called = |names: &'static [(&str, &str)]| names.iter().find(|(name, _)| is(name)).map(|(_, id)| *id);
        let id = match field {
            Field::Languages => called(&ALSO_CALLED).or_else(|| language_of_tag(&lower))?,
            Field::Regions => called(&EVERYWHERE)?,
            Field::Hours => called(&SAID_FOR)?,
            Field::Response => {
                let bare = bare.trim_start_matches(['<', '≤', '＜']);
                let bare = bare.strip_prefix("within").unwrap_or(bare);
                let bare = bare.strip_suffix("以内").or_else(|| bare.strip_suffix('内')).unwrap_or(bare);
                SAID_FOR.iter().find(|(name, _)| apart(name) == bare).map(|(_, id)| *id)?
            }
            _ => return None,
        };
        known.iter().find(|t| t.id.as_str() == id)
    })
}

/// The parts of a text that marks part from each other, and all rows of them side by side; the whole text is the longest.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let parts = parts(text);
    let last = parts.len();
    (0..last).flat_map(move |from| {
        let parts = parts.clone();
        (from..last).map(move |to| text[parts[from].0..parts[to].1].trim())
    })
}

/// The terms that one item of a list names in a sentence: side by side, or with a word about it in brackets. None where it isn't
/// sure what all of it is.
pub(crate) fn meant_together<'t>(field: Field, known: &'t [Term], item: &str) -> Option<Vec<&'t Term>> {
    let bare = item.trim_end_matches(['.', '。', '!', '！']).trim();
    let before = bare.strip_suffix([')', '）']).and_then(|open| open.rsplit_once(['(', '（'])).map(|(words, _)| words);
    let one = |words: &str| meant(field, known, words);
    if let Some(term) = one(bare).or_else(|| one(before?)) {
        return Some(vec![term]);
    }
    let spaced = bare.replace(" and ", "/").replace(" und ", "/").replace(" et ", "/");
    let parts: Vec<&str> = spaced.split(['/', '&', '+', '＋', '／', '和', '及', '与']).collect();
    parts.into_iter().map(|part| one(part.trim())).collect()
}

/// Where the parts of a list begin and end.
fn parts(text: &str) -> Vec<(usize, usize)> {
    let marks = text.match_indices(SEPARATORS).map(|(at, mark)| (at, at + mark.len()));
    let (ends, begins): (Vec<usize>, Vec<usize>) = marks.unzip();
    std::iter::once(0).chain(begins).zip(ends.into_iter().chain([text.len()])).collect()
}

/// The items of a list, as people part them. A term stays whole, whatever marks are in what people read for it.
#[must_use]
pub(crate) fn items<'t>(field: Field, known: &[Term], typed: &'t str) -> Vec<&'t str> {
    let marks = |line: &Line| line.as_str().matches(SEPARATORS).count();
    let most = known.iter().flat_map(|t| [Some(&t.en), t.zh.as_ref()]).flatten().map(marks).max().unwrap_or_default();
    let parts = parts(typed);
    let (mut items, mut at) = (Vec::new(), 0);
    while at < parts.len() {
        let row = |to: usize| typed[parts[at].0..parts[to].1].trim();
        let longest = (at..parts.len().min(at + most + 1)).rev().find(|to| meant(field, known, row(*to)).is_some());
        let to = longest.unwrap_or(at);
        items.extend(Some(row(to)).filter(|item| !item.is_empty()));
        at = to + 1;
    }
    items
}

/// The language of a tag that says more than it: `zh` of `zh-hans-cn`, `zh_cn` or `zh_cn.utf-8`.
fn language_of_tag(lower: &str) -> Option<&str> {
    let tag = lower.split(['.', '@']).next()?;
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().filter(|l| matches!(l.len(), 2 | 3) && l.bytes().all(|b| b.is_ascii_lowercase()))?;
    let mut more = parts.peekable();
    more.peek()?;
    more.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(language)
}

fn built_in(words: &[(&str, &str, &str)]) -> Vec<Term> {
    let term = |(id, en, zh): &(&str, &str, &str)| {
        let within = LIES_IN.iter().find(|(part, _)| part == id).and_then(|(_, whole)| whole.parse().ok());
        Some(Term { id: id.parse().ok()?, en: en.parse().ok()?, zh: zh.parse().ok(), within })
    };
    words.iter().filter_map(term).collect()
}

impl Default for Vocabulary {
    fn default() -> Self {
        // Each policy that is read begins with these.
        static BUILT_IN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary {
            services: built_in(&SERVICES),
            regions: built_in(&REGIONS),
            languages: built_in(&LANGUAGES),
            hours: built_in(&HOURS),
            response: built_in(&RESPONSE),
        });
        BUILT_IN.clone()
    }
}

impl Vocabulary {
    /// Reads `[terms]` of `program.toml`. A list that isn't there is the built-in one.
    pub(crate) fn read(table: Option<Table<'_>>, faults: &mut Faults) -> Self {
        let mut out = Self::default();
        let Some(mut table) = table else { return out };
        for (key, list) in [
            ("services", &mut out.services),
            ("regions", &mut out.regions),
            ("languages", &mut out.languages),
            ("hours", &mut out.hours),
            ("response", &mut out.response),
        ] {
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
            Field::Hours => Some(&self.hours),
            Field::Response => Some(&self.response),
            _ => None,
        }
    }

    /// What a term lies in, from the nearest on.
    #[must_use]
    pub fn around<'t>(terms: &'t [Term], tag: &'t Tag) -> Vec<&'t Tag> {
        let above = |tag: &Tag| terms.iter().find(|t| t.id == *tag).and_then(|t| t.within.as_ref());
        // Two may be said to lie in each other.
        std::iter::successors(above(tag), |tag| above(tag)).take(terms.len()).filter(|outer| *outer != tag).collect()
    }

    /// What an answer in other words than the program's means in the program's; none where it is in those already.
    #[must_use]
    pub(crate) fn mended(&self, field: Field, answer: &str) -> Option<Mended> {
        let terms = self.of(field)?;
        let mut read: Vec<&str> = Vec::new();
        for word in items(field, terms, answer) {
            let word = meant(field, terms, word).map_or(word, |t| t.id.as_str());
            if !read.contains(&word) {
                read.push(word);
            }
        }
        let typed = answer.split(';').map(str::trim).filter(|w| !w.is_empty());
        (!typed.eq(read.iter().copied())).then(|| Mended { field, typed: answer.to_owned(), read: read.join("; ") })
    }

    /// An answer as people read it: words by their labels, in the language that is spoken.
    #[must_use]
    pub fn told(&self, field: Field, answer: &str) -> String {
        let Some(terms) = self.of(field) else { return answer.to_owned() };
        let label =
            |word: &str| terms.iter().find(|t| t.id.as_str() == word).map_or(word.to_owned(), |t| t.label().into());
        answer.split(';').map(|word| label(word.trim())).collect::<Vec<_>>().join(tr!("in a list" => ", "))
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
                let why = tr!("{tag} isn't one of the program's {field}", tag = text::quote(tag), field = field.told());
                let hint = match text::nearest(tag, &known) {
                    Some(near) => tr!("did you mean {likely}?", likely = near),
                    None => tr!("one of: {words}", words = known.join(tr!("in a list" => ", "))),
                };
                Invalid::new(why, hint)
            })
            .collect()
    }
}

fn read_terms(table: &mut Table<'_>, key: &'static str, faults: &mut Faults) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for mut entry in table.tables(faults, key) {
        let has_both = entry.has("id") && entry.has("en");
        let id = entry.parsed(faults, "id", |id| {
            id.parse::<Tag>().map_err(|e| Invalid::new(tr!("a term's id can't be spelled so"), e.hint))
        });
        let en = entry.value(faults, "en");
        let zh = entry.value(faults, "zh");
        let within = if matches!(key, "regions" | "hours" | "response") { entry.value(faults, "within") } else { None };
        match (id, en) {
            (Some(id), _) if terms.iter().any(|t| t.id == id) => {
                entry.fault(faults, key, tr!("{id} is listed twice", id), tr!("keep one of them"));
            }
            (Some(id), Some(en)) => terms.push(Term { id, en, zh, within }),
            // What is wrong with the one that is there was told.
            _ if has_both => {}
            _ => entry.fault(faults, key, tr!("a term needs id and en").into(), tr!("give both, and zh if you can")),
        }
        entry.finish(faults);
    }
    for term in &terms {
        let within = term.within.as_ref().filter(|within| !terms.iter().any(|t| t.id == **within));
        if let Some(within) = within {
            let why = tr!("{id} lies in {within}, which isn't listed", id = term.id, within);
            table.fault(faults, key, why, tr!("list that one, too, or leave within out"));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: Field, typed: &str) -> Option<String> {
        Vocabulary::default().mended(field, typed).map(|m| m.read)
    }

    #[test]
    fn every_term_is_known_by_its_word_and_by_both_labels_in_any_case() {
        let vocabulary = Vocabulary::default();
        for field in Field::ALL.iter().copied().filter(|f| f.is_of_terms()) {
            for term in vocabulary.of(field).unwrap() {
                let id = term.id.as_str();
                let zh = term.zh.as_ref().unwrap();
                for name in [id, term.en.as_str(), zh.as_str()] {
                    for typed in [name.to_owned(), name.to_uppercase(), format!(" {name} ")] {
                        let found = meant(field, vocabulary.of(field).unwrap(), &typed);
                        assert_eq!(found.map(|t| t.id.as_str()), Some(id), "{typed}");
                    }
                }
                assert_eq!(read(field, zh.as_str()).as_deref(), Some(id));
                assert_eq!(read(field, id), None, "it does as it stands");
            }
        }
    }

    #[test]
    fn other_names_of_languages_lead_to_built_in_ones() {
        let languages = Vocabulary::default().languages;
        for (name, id) in ALSO_CALLED {
            assert_eq!(meant(Field::Languages, &languages, name).map(|t| t.id.as_str()), Some(id), "{name}");
            assert_eq!(meant(Field::Services, &languages, name), None, "{name} is a language's name only");
        }
    }

    #[test]
    fn answers_are_told_by_their_labels() {
        let told = |field, answer| Vocabulary::default().told(field, answer);
        assert_eq!(told(Field::Services, "support; managed-service"), "Technical support, Managed service");
        assert_eq!(told(Field::Regions, "mars"), "mars");
        assert_eq!(told(Field::Name, "support; training"), "support; training");
        assert_eq!(Vocabulary::default().hours[2].label(), "Around the clock");
    }

    #[test]
    fn hours_and_responses_are_read_as_people_write_them() {
        let vocabulary = Vocabulary::default();
        for (names, field) in [(&vocabulary.hours, Field::Hours), (&vocabulary.response, Field::Response)] {
            for (name, id) in SAID_FOR.iter().filter(|(_, id)| names.iter().any(|t| t.id.as_str() == *id)) {
                assert_eq!(read(field, name).as_deref(), Some(*id), "{name}");
                assert_eq!(read(Field::Services, name), None, "{name}");
            }
        }
        for typed in ["7×24小时", "7×24 小时", " 7×24  小时 "] {
            assert_eq!(read(Field::Hours, typed).as_deref(), Some("around-the-clock"), "{typed}");
        }
        assert_eq!(read(Field::Response, "1天内; 4小时内").as_deref(), Some("1-day; 4-hours"));
        assert_eq!(read(Field::Response, "Within an hour").as_deref(), Some("1-hour"));
    }

    #[test]
    fn what_is_said_in_a_sentence_is_what_it_can_only_mean() {
        let vocabulary = Vocabulary::default();
        let read = |field, typed| {
            let found = meant_together(field, vocabulary.of(field).unwrap(), typed);
            found.map(|terms| terms.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(" "))
        };
        for (field, typed, ids) in [
            (Field::Services, "Support & Training", "support training"),
            (Field::Services, "Training (on site).", "training"),
            (Field::Services, "技术支持和培训", "support training"),
            (Field::Languages, "English and German", "en de"),
            (Field::Languages, "en/zh", "en zh"),
            (Field::Languages, "English (native)", "en"),
            (Field::Regions, "Global", "worldwide"),
            (Field::Response, "< 4 hours", "4-hours"),
            (Field::Response, "within 24 hours", "1-day"),
            (Field::Response, "3天以内", "3-days"),
        ] {
            assert_eq!(read(field, typed).as_deref(), Some(ids), "{typed}");
        }
        for typed in ["Support and dancing", "Within 2 hours", "", "(Training)"] {
            assert_eq!(read(Field::Services, typed), None, "{typed}");
        }
        assert_eq!(read(Field::Response, "Within 2 hours"), None);
    }

    #[test]
    fn tags_of_languages_are_the_language() {
        for tag in ["zh-CN", "zh_CN", "ZH-hans", "zh-Hant-TW", "zh_CN.UTF-8"] {
            assert_eq!(read(Field::Languages, tag).as_deref(), Some("zh"), "{tag}");
        }
        assert_eq!(read(Field::Languages, "en-US; pt-BR").as_deref(), Some("en; pt"));
        for other in ["zh-", "zhongwen", "zh-China!", "xx-CN", "z-CN"] {
            assert_eq!(read(Field::Languages, other), None, "{other}");
        }
        assert_eq!(read(Field::Regions, "en-US"), None);
    }

    #[test]
    fn lists_are_parted_as_people_part_them_and_what_is_unknown_stays() {
        assert_eq!(read(Field::Services, "技术支持、培训").as_deref(), Some("support; training"));
        assert_eq!(
            read(Field::Services, "技术支持，Training;定制开发").as_deref(),
            Some("support; training; development")
        );
        assert_eq!(read(Field::Services, "技术支持; support").as_deref(), Some("support"));
        assert_eq!(read(Field::Services, "培训; 送货").as_deref(), Some("training; 送货"));
        assert_eq!(read(Field::Services, "support; training"), None);
        assert_eq!(read(Field::Services, ""), None);
        assert_eq!(read(Field::Name, "技术支持"), None);
        // A comma in what people read for a term parts nothing.
        let hours = "Business hours, Evenings and weekends, too, Around the clock";
        assert_eq!(read(Field::Hours, hours).as_deref(), Some("business-hours; extended-hours; around-the-clock"));
        assert_eq!(read(Field::Hours, "evenings and weekends").as_deref(), None);
    }
}
