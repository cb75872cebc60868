//! The templates of the directory and its words; a registry's own win.

use std::collections::BTreeMap;

use minijinja::value::Value;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::lang::Lang;
use crate::domain::Sha256;
use crate::error::{Error, Result};
use crate::render::template_fault::TemplateFault;

/// Where a registry keeps its own.
pub const DIRECTORY: &str = "templates/directory";

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../templates/directory/", $name)))),+]
    };
}

/// The templates that the program brings along.
const TEMPLATES: [(&str, &str); 10] = embedded![
    "404.html",
    "base.html",
    "index.html",
    "partner.html",
    "left.html",
    "jobs.html",
    "job.html",
    "history.html",
    "card.html",
    "feed.xml",
];

/// Files that go out as they are.
const FILES: [(&str, &str); 3] = embedded!["style.css", "app.js", "icon.svg"];

/// The words, in their languages.
const STRINGS: &str = include_str!("../../../templates/directory/strings.toml");

/// What the program brings along, in one value: another program's makes another site.
#[must_use]
pub fn brought_along() -> Sha256 {
    let all = TEMPLATES.iter().chain(&FILES).map(|(_, source)| *source).chain([STRINGS]);
    Sha256::of(all.collect::<String>().as_bytes())
}

/// What files of its own a registry may have here.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().chain(&FILES).map(|(name, _)| *name).chain(["strings.toml"])
}

pub type Strings = BTreeMap<String, String>;

#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    files: BTreeMap<&'static str, String>,
    strings: BTreeMap<&'static str, Strings>,
}

impl Templates {
    /// The program's own, and over them those of a registry: name and content each. Of the words, only those given differ.
    pub fn new(own: &[(String, String)]) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_filter("day", |date: String, lang: String| super::dates::day(&date, &lang));
        let given = |name: &str| own.iter().find(|(n, _)| n == name).map(|(_, source)| source.clone());
        for (name, source) in TEMPLATES {
            let source = given(name).unwrap_or_else(|| source.to_owned());
            environment.add_template_owned(name, source).map_err(|e| broken(&e, name))?;
        }
        let files = FILES.iter().map(|(name, source)| (*name, given(name).unwrap_or_else(|| (*source).to_owned())));
        let mut strings: BTreeMap<&'static str, Strings> = BTreeMap::new();
        for source in [Some(STRINGS.to_owned()), given("strings.toml")].into_iter().flatten() {
            let mut read: BTreeMap<String, Strings> = toml::from_str(&source).map_err(|e| {
                Error::usage(format!("{DIRECTORY}/strings.toml of the registry can't be used: {e}"))
                    .hint("it has tables [en] and [zh] of strings")
            })?;
            for lang in Lang::ALL {
                strings.entry(lang.word()).or_default().extend(read.remove(lang.word()).unwrap_or_default());
            }
        }
        Ok(Self { files: files.collect(), environment, strings })
    }

    pub fn fill(&self, name: &str, values: &Value) -> Result<String> {
        let template = self.environment.get_template(name).map_err(|e| broken(&e, name))?;
        template.render(values).map_err(|e| broken(&e, name))
    }

    /// A file that goes out as it is.
    #[must_use]
    pub fn file(&self, name: &str) -> &str {
        self.files.get(name).map_or("", String::as_str)
    }

    #[must_use]
    pub fn strings(&self, lang: Lang) -> &Strings {
        static NONE: Strings = BTreeMap::new();
        self.strings.get(lang.word()).unwrap_or(&NONE)
    }

    #[must_use]
    pub fn word(&self, lang: Lang, key: &str) -> String {
        self.strings(lang).get(key).cloned().unwrap_or_else(|| key.to_owned())
    }
}

fn broken(e: &minijinja::Error, name: &str) -> Error {
    let fault = TemplateFault::of(e);
    let error = Error::usage(fault.told(&format!("{DIRECTORY}/{}", fault.name.unwrap_or(name))));
    match e.kind() {
        ErrorKind::UndefinedError => error.hint("mend the template; docs/directory.md lists what it is given"),
        _ => error.hint("mend the template, or remove it: the program brings its own"),
    }
}
