//! In which language the person at the terminal is spoken to. The English sentence stands where it is said, whole, in `tr!`; the
//! Chinese one beside it in `templates/words.zh.toml`, which is read only where Chinese is wanted.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt::Display;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum as _;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use serde::Deserialize as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Language {
    /// English
    #[value(name = "en")]
    English,
    /// Chinese
    #[value(name = "zh")]
    Chinese,
}

impl Language {
    /// Whether the words name a language that is spoken, and not only one to be answered in English.
    #[must_use]
    pub fn is_spoken(words: &str) -> bool {
        words.trim().is_empty() || Self::spoken(words).is_some()
    }

    /// The language that somebody names and that is spoken: by a word for it, or by a locale such as `zh_CN.UTF-8`.
    fn spoken(words: &str) -> Option<Self> {
        let lower = words.trim().to_lowercase();
        match lower.split(['_', '-', '.', '@']).next().unwrap_or_default() {
            "zh" | "cn" | "cmn" | "chinese" | "中文" | "简体中文" | "繁體中文" | "汉语" | "华语" => {
                Some(Self::Chinese)
            }
            "en" | "english" | "英文" | "英语" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }

    /// The same; whoever names another is spoken to in English. None where none is named.
    #[must_use]
    pub fn named(words: &str) -> Option<Self> {
        (!words.trim().is_empty()).then(|| Self::spoken(words).unwrap_or(Self::English))
    }
}

/// Reads `--lang`, which takes what `KARMADA_PARTNER_LANG` does and shows one word for each.
#[derive(Debug, Clone, Copy)]
pub struct NamedLanguage;

impl TypedValueParser for NamedLanguage {
    type Value = Language;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Language, clap::Error> {
        match value.to_str().and_then(Language::spoken) {
            Some(language) => Ok(language),
            // In clap's words, which name the two.
            None => EnumValueParser::<Language>::new().parse_ref(command, arg, value),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Language::value_variants().iter().filter_map(Language::to_possible_value)))
    }
}

/// Messages in another language; read when the first is asked for.
struct Catalogue {
    toml: &'static str,
    messages: OnceLock<HashMap<String, String>>,
}

impl Catalogue {
    const fn of(toml: &'static str) -> Self {
        Self { toml, messages: OnceLock::new() }
    }

    fn message(&self, english: &str) -> Option<&str> {
        let messages = match self.messages.get() {
            Some(messages) => messages,
            // Read before it is kept: whatever fails may ask again.
            None => {
                let read = self.read();
                self.messages.get_or_init(|| read)
            }
        };
        messages.get(english).map(String::as_str)
    }

    fn read(&self) -> HashMap<String, String> {
        let read = toml::Deserializer::parse(self.toml).and_then(HashMap::deserialize);
        debug_assert!(read.is_ok(), "the messages in Chinese can't be read: {read:?}");
        read.unwrap_or_default()
    }
}

/// Every Chinese message by its English one.
static CATALOGUE: Catalogue = Catalogue::of(include_str!("../templates/words.zh.toml"));

/// Whether the person at the terminal reads Chinese.
static CHINESE: AtomicBool = AtomicBool::new(false);

/// Whether that person is spoken to in English all the same.
static ONLY_ENGLISH: AtomicBool = AtomicBool::new(false);

std::thread_local! {
    /// What this thread makes a text in, where that isn't for the person at the terminal. What others say meanwhile is theirs.
    static TEXT: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Chooses the language of the person at the terminal, once, for the whole run.
pub fn speak(language: Language) {
    CHINESE.store(language == Language::Chinese, Ordering::SeqCst);
}

/// English at the terminal from here on: whoever reads what comes now may be anybody.
pub(crate) fn only_english() {
    ONLY_ENGLISH.store(true, Ordering::SeqCst);
}

/// Makes a text that stays: on record, in a document, on GitHub. That is English, whoever is at the terminal.
pub fn in_english<T>(make: impl FnOnce() -> T) -> T {
    in_language(Language::English, make)
}

/// Makes a text for somebody whose language is known, whoever is at the terminal.
pub(crate) fn in_language<T>(language: Language, make: impl FnOnce() -> T) -> T {
    speaking(Spoken(Some(language)), make)
}

/// How a thread speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken(Option<Language>);

/// How this thread speaks, for those that it begins.
pub(crate) fn spoken() -> Spoken {
    Spoken(TEXT.get())
}

/// Does something as it is spoken where it was begun.
pub(crate) fn speaking<T>(spoken: Spoken, make: impl FnOnce() -> T) -> T {
    struct Before(Option<Language>);
    impl Drop for Before {
        fn drop(&mut self) {
            TEXT.set(self.0);
        }
    }
    let _before = Before(TEXT.replace(spoken.0));
    make()
}

/// What is spoken.
#[must_use]
pub fn current() -> Language {
    let to_the_person = || match CHINESE.load(Ordering::SeqCst) && !ONLY_ENGLISH.load(Ordering::SeqCst) {
        true => Language::Chinese,
        false => Language::English,
    };
    TEXT.get().unwrap_or_else(to_the_person)
}

/// Whether Chinese is spoken.
#[must_use]
pub fn is_chinese() -> bool {
    current() == Language::Chinese
}

/// The Chinese message, where Chinese is spoken.
#[must_use]
pub fn chinese(english: &str) -> Option<&'static str> {
    if !is_chinese() {
        return None;
    }
    CATALOGUE.message(english)
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Punctuation that brings its own space.
const fn is_wide(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '（' | '）')
}

/// Marks between parts of a line, which keep the space around them.
const fn is_mark(c: char) -> bool {
    matches!(c, '·' | '›' | '→' | '#' | '[' | '–' | '-')
}

/// Puts more behind a text, where one of them is what is filled in: with a space between Chinese and Latin letters, and none
/// between Chinese, or beside wide punctuation, whatever the message has there for other values.
fn set(out: &mut String, more: &str) {
    let mut ends = out.chars().rev();
    let mut begins = more.chars();
    match (ends.next(), begins.next()) {
        (Some(' '), Some(next)) if !is_mark(next) => {
            let before = ends.next();
            if before.is_some_and(|b| b != ' ' && b != '\n' && (is_wide(next) || (is_han(b) && is_han(next)))) {
                out.pop();
            }
            out.push_str(more);
        }
        (Some(last), Some(' ')) => {
            let after = begins.next();
            let no_space =
                after.is_some_and(|a| a != ' ' && !is_mark(a) && (is_wide(last) || (is_han(last) && is_han(a))));
            out.push_str(if no_space { &more[1..] } else { more });
        }
        (Some(last), Some(next)) => {
            let latin = |c: char| c.is_ascii_alphanumeric();
            if (is_han(last) && latin(next)) || (latin(last) && is_han(next)) {
                out.push(' ');
            }
            out.push_str(more);
        }
        _ => out.push_str(more),
    }
}

/// A Chinese message with its places filled in, in whatever order they stand.
#[must_use]
pub fn filled(message: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(2 * message.len());
    let mut rest = message;
    let mut is_behind_a_value = false;
    while let Some((before, after)) = rest.split_once('{') {
        match std::mem::take(&mut is_behind_a_value) {
            true => set(&mut out, before),
            false => out += before,
        }
        if let Some(after) = after.strip_prefix('{') {
            out.push('{');
            rest = after;
            continue;
        }
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => {
                set(&mut out, &value.to_string());
                is_behind_a_value = true;
            }
            None => out += name,
        }
        rest = after;
    }
    match is_behind_a_value {
        true => set(&mut out, rest),
        false => out += rest,
    }
    out.replace("}}", "}")
}

/// Says a sentence in the language of the person at the terminal. Places are filled by name: `tr!("{slug} is a partner", slug)`
/// or `tr!("{name} waits", name = partner.name())`; `"one" | "{n} many" % n` chooses by a number; `"of a vote" => "against"`
/// tells messages apart that are the same in English only. A sentence without places is a `&'static str`.
macro_rules! tr {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    (@say $key:expr, $english:literal) => { $crate::language::chinese($key).unwrap_or($english) };
    (@say $key:expr, $english:literal, $($name:ident $(= $value:expr)?),+) => {
        match $crate::language::chinese($key) {
            Some(words) => $crate::language::filled(
                words,
                &[$((stringify!($name), &tr!(@value $name $($value)?) as &dyn std::fmt::Display)),+],
            ),
            None => format!($english, $($name = tr!(@value $name $($value)?)),+),
        }
    };
    ($context:literal => $english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        tr!(@say concat!($context, " ▸ ", $english), $english $(, $name $(= $value)?)*)
    };
    ($one:literal | $many:literal % $n:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        match $n {
            1 => match $crate::language::chinese($many) {
                Some(words) => $crate::language::filled(
                    words,
                    &[("n", &1_u8 as &dyn std::fmt::Display), $((stringify!($name), &tr!(@value $name $($value)?))),*],
                ),
                None => std::fmt::format(format_args!($one, $($name = tr!(@value $name $($value)?)),*)),
            },
            n => tr!(@say $many, $many, n = n $(, $name $(= $value)?)*),
        }
    };
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        tr!(@say $english, $english $(, $name $(= $value)?)*)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_a_language() {
        for (words, language) in [
            ("zh", Some(Language::Chinese)),
            ("zh_CN.UTF-8", Some(Language::Chinese)),
            ("zh-Hans", Some(Language::Chinese)),
            ("ZH_TW", Some(Language::Chinese)),
            ("C", Some(Language::English)),
            ("C.UTF-8", Some(Language::English)),
            ("de_DE.UTF-8", Some(Language::English)),
            ("", None),
        ] {
            assert_eq!(Language::named(words), language, "{words}");
        }
    }

    #[test]
    fn the_flag_takes_what_the_setting_does() {
        let command = || clap::Command::new("x").arg(clap::Arg::new("lang").long("lang").value_parser(NamedLanguage));
        let read = |words: &str| {
            let matches = command().try_get_matches_from(["x", "--lang", words]);
            matches.map(|m| *m.get_one::<Language>("lang").unwrap()).map_err(|e| e.to_string())
        };
        for words in [
            "zh",
            "ZH-cn",
            "zh_TW.UTF-8",
            "中文",
            "cmn-Hans",
            " zh",
            "en",
            "en_IN",
            "English",
            "英语",
            "C.UTF-8",
            "POSIX",
        ] {
            assert_eq!(read(words).ok(), Language::named(words), "{words}");
            assert!(Language::is_spoken(words), "{words}");
        }
        for words in ["de", "xyz", "“zh”"] {
            assert!(
                read(words).unwrap_err().contains("[possible values: en, zh]") && !Language::is_spoken(words),
                "{words}"
            );
        }
    }

    /// Whoever tells of a failure may ask for words once more.
    #[cfg(debug_assertions)]
    #[test]
    fn messages_that_cannot_be_read_end_it_at_once() {
        static BROKEN: Catalogue = Catalogue::of("\"a\" = \"b\"\n\"a\" = \"c\"\n");
        let (says, said) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let one = std::panic::catch_unwind(|| BROKEN.message("a").map(str::to_owned)).unwrap_err();
            // As it is asked again while the first is told.
            let two = std::panic::catch_unwind(|| BROKEN.message("a").map(str::to_owned)).unwrap_err();
            let words = |e: Box<dyn std::any::Any + Send>| e.downcast_ref::<String>().cloned().unwrap_or_default();
            says.send([words(one), words(two)]).unwrap();
        });
        for words in said.recv_timeout(std::time::Duration::from_secs(60)).unwrap() {
            assert!(words.contains("in Chinese") && words.contains("duplicate key"), "{words}");
        }
    }

    /// A thread that makes a text to be kept keeps no other from speaking to the person, and its own helpers speak as it does.
    #[test]
    fn the_language_of_a_text_is_a_threads_own_and_its_helpers() {
        let here = || TEXT.get().is_some();
        let ((asks, asked), (answers, answered)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        std::thread::scope(|scope| {
            scope.spawn(move || {
                in_english(|| {
                    asks.send(()).unwrap();
                    answered.recv().unwrap();
                });
            });
            asked.recv().unwrap();
            assert!(!here());
            answers.send(()).unwrap();
        });
        assert_eq!(in_english(|| crate::parallel::map(&[1, 2, 3], 3, |_| here())), [true; 3]);
        assert_eq!(crate::parallel::map(&[1, 2, 3], 3, |_| here()), [false; 3]);
        assert!(!here());
    }

    /// Whoever is at the terminal.
    #[test]
    fn a_text_is_in_the_language_that_it_is_for() {
        let says = || tr!("a comment");
        assert_eq!(in_language(Language::Chinese, says), "注释");
        assert_eq!(in_language(Language::Chinese, || in_english(says)), "a comment");
        assert_eq!(in_language(Language::Chinese, || crate::parallel::map(&[1, 2], 2, |_| says())), ["注释"; 2]);
        assert_eq!(says(), "a comment");
    }

    #[test]
    fn places_are_filled_by_name_in_any_order() {
        let values: [(&str, &dyn Display); 2] = [("a", &1), ("b", &"x{y}")];
        assert_eq!(filled("{b}：{a}，{{}}", &values), "x{y}：1，{}");
        assert_eq!(tr!("one of {what}" | "{n} of {what}" % 1, what = "x"), "one of x");
        // Chinese counts one as it does others.
        let mend = |n: usize| tr!("One thing has to be mended.\n" | "{n} things have to be mended.\n" % n);
        assert_eq!(in_language(Language::Chinese, || mend(1)), "有 1 处要修。\n");
        assert_eq!(mend(1), "One thing has to be mended.\n");
    }

    /// Whatever a value begins and ends with: the message can't know.
    #[test]
    fn chinese_is_set_as_it_is_written() {
        for (message, value, wanted) in [
            ("以 {x} 的身份", "jane（Umbrella）", "以 jane（Umbrella）的身份"),
            ("以 {x} 的身份", "云图", "以云图的身份"),
            ("以 {x} 的身份", "jane", "以 jane 的身份"),
            ("第{x}份", "3", "第 3 份"),
            ("第{x}份", "三", "第三份"),
            ("  {x}  {x}", "（无）", "  （无）  （无）"),
            ("{x} · 申请", "（无）", "（无） · 申请"),
            ("运行 karmada-partner show {x}", "云图", "运行 karmada-partner show 云图"),
            ("{x}{x}", "a", "aa"),
            ("{x}", "", ""),
            ("用 {x} 推送", "", "用  推送"),
        ] {
            assert_eq!(filled(message, &[("x", &value)]), wanted, "{message}");
        }
    }
}
