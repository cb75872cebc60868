//! The directory of partners: which pages it has, and what stands on each.

mod badge;
mod contact;
pub mod data;
pub mod dates;
mod found;
pub mod lang;
pub mod nameplate;
pub mod order;
pub mod templates;
pub mod trust;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};
use templates::Templates;
use trust::{Confirmed, Place, Trust};

use super::directory::lang::Lang;
use crate::domain::log::detail::Origin;
use crate::domain::record::tag::Tag;
use crate::domain::record::terms::{Term, Vocabulary};
use crate::domain::record::{Record, WebAddress};
use crate::domain::upkeep::{self, Job, Reached};
use crate::domain::values::Line;
use crate::domain::{Date, Event, Kind, Logged, Login, Program, Sha256, Slug, State, Time};
use crate::error::Result;
use crate::render::escaped;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Logo {
    /// Its file, from the root.
    pub src: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The classes that make it look as large as the others.
    pub fit: String,
}

impl Logo {
    /// What is shown for a partner whose logo can't be read: its name, in the same place.
    #[must_use]
    pub fn of_name(slug: &Slug) -> Self {
        let (width, height) = nameplate::SIZE;
        Self { src: format!("logos/{slug}.svg"), width, height, fit: String::new() }
    }
}

/// Somebody who is shown, or was.
#[derive(Debug)]
pub struct Card<'a> {
    pub slug: &'a Slug,
    pub record: &'a Record,
    pub log: &'a [Logged],
    /// Where it stands: active, or else it left.
    pub state: State,
    /// The day on which it leaves, where that is still to come.
    pub leaving: Option<Date>,
    /// Its logo; those who left have none, nor those whose file can't be read.
    pub logo: Option<Logo>,
    /// What its approval rests on; of partners only.
    pub trust: Option<Trust>,
    /// Whether an update named its GitHub contact, after somebody else was.
    pub contact_named: bool,
    /// Whether its GitHub contact isn't its own, but of who brought it in. Found by [`Directory::new`].
    pub contact_stands_in: bool,
}

impl Card<'_> {
    /// Whether it is a partner now.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == State::Active
    }

    /// The name that a reader of a language knows it by.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        match (lang, &self.record.name_zh) {
            (Lang::Zh, Some(name)) => name.as_str(),
            _ => self.record.name.as_str(),
        }
    }

    /// The name that it has in the other language, if that is another one.
    fn other_name(&self, lang: Lang) -> Option<&str> {
        let other = match lang {
            Lang::En => self.record.name_zh.as_ref(),
            Lang::Zh => Some(&self.record.name),
        };
        other.map(crate::domain::record::Name::as_str).filter(|other| *other != self.name(lang))
    }

    /// What it is found by beside what its card shows.
    fn other_words(&self) -> String {
        let record = self.record;
        let slug = self.slug.as_str();
        let told = record.name.as_str().to_lowercase().replace(' ', "-") == slug;
        let host = record.website.host();
        let former = record.former_names.iter().map(|name| name.as_str().to_owned());
        let words = former
            .chain(record.parent.iter().map(ToString::to_string))
            .chain(record.offices.iter().map(ToString::to_string))
            .chain((!told).then(|| slug.to_owned()))
            .chain([host.trim_start_matches("www.").to_owned()]);
        words.collect::<Vec<_>>().join(" ")
    }

    /// The same without what its card tells anyway, for scripts: the short name stands in its link, and where the host begins as
    /// one of its names does, `~` stands for that.
    fn rest(&self) -> String {
        let host = self.record.website.host();
        let host = host.trim_start_matches("www.");
        let own = self.other_words();
        let own = own.strip_suffix(host).unwrap_or(&own).trim_end();
        let own = own.strip_suffix(self.slug.as_str()).unwrap_or(own).trim_end();
        let letters = |name: &str| {
            name.to_lowercase().chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit()).collect::<String>()
        };
        let begins = [Lang::En, Lang::Zh]
            .iter()
            .map(|lang| letters(self.name(*lang)))
            .find(|name| !name.is_empty() && host.starts_with(name.as_str()));
        let host = begins.map_or_else(|| host.to_owned(), |name| format!("~{}", &host[name.len()..]));
        if own.is_empty() { host } else { format!("{host} {own}") }
    }

    /// When anything was last put on its record.
    fn as_of(&self) -> Option<Date> {
        self.log.last().map(|logged| logged.event.time.date())
    }

    fn description(&self, lang: Lang) -> Option<&str> {
        let zh = self.record.description_zh.as_ref().filter(|_| lang == Lang::Zh);
        zh.or(self.record.description.as_ref()).map(crate::domain::record::Description::as_str)
    }

    fn last(&self, kind: Kind) -> Option<&Event> {
        self.log.iter().rev().map(|l| &l.event).find(|e| e.kind == kind)
    }

    /// The day on which it became a partner, the last time; where it was one before it was imported, that day, if it is known.
    #[must_use]
    pub fn since(&self) -> Option<Date> {
        upkeep::since(self.log)?.known()
    }

    /// Where an approval's application was read, if it was imported.
    fn origin(&self, approved: &Event) -> Option<&Origin> {
        upkeep::origin(self.log, approved)
    }

    /// The import that it is listed by, where it didn't apply itself.
    fn brought_in(&self) -> Option<&Event> {
        upkeep::brought_in(self.log)
    }

    /// Its contact on GitHub, where that is its own.
    #[must_use]
    pub fn github(&self) -> Option<&Login> {
        (!self.contact_stands_in).then_some(&self.record.github)
    }

    /// The day on which its entry was last decided on or confirmed, not counting what others brought in for it: that it was
    /// approved, or kept by who only stands in.
    #[must_use]
    pub fn confirmed(&self) -> Option<Date> {
        let own = |e: &&Event| upkeep::is_fresh(e.kind) && (e.kind != Kind::Approved || self.origin(e).is_none());
        let last = self.log.iter().rev().map(|l| &l.event).find(own);
        last.filter(|_| !self.contact_stands_in).map(|e| e.time.date())
    }

    fn joined(&self, approved: &Event) -> Option<Date> {
        upkeep::since_approval(self.log, approved).known()
    }

    /// The day on which it left: that of its exit, or an earlier one that the exit says.
    #[must_use]
    pub fn left_on(&self) -> Option<Date> {
        let exit = self.last(Kind::Exited).filter(|_| !self.is_active())?;
        Some(upkeep::exit_day(exit))
    }

    #[must_use]
    pub fn jobs(&self, now: Time) -> Vec<Job<'_>> {
        let jobs = if self.is_active() { upkeep::jobs(self.log) } else { Vec::new() };
        jobs.into_iter().filter(|j| j.is_open(now)).collect()
    }
}

/// A page, a card or a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFile {
    Index(Lang),
    Jobs(Lang),
    /// A partner, by its place among the entries.
    Partner(Lang, usize),
    /// The card that it can show elsewhere.
    Card(Lang, usize),
    /// A badge that it can show elsewhere.
    Badge(usize),
    /// Who joined and who left.
    Feed,
    Sitemap,
    Robots,
    /// What a web server shows where nothing is.
    NotFound,
}

impl PageFile {
    const fn in_language(self, lang: Lang) -> Self {
        match self {
            Self::Index(_) => Self::Index(lang),
            Self::Jobs(_) => Self::Jobs(lang),
            Self::Partner(_, i) => Self::Partner(lang, i),
            Self::Card(_, i) => Self::Card(lang, i),
            other => other,
        }
    }
}

#[derive(Debug)]
pub struct Directory<'a> {
    pub program: &'a Program,
    pub registry: Sha256,
    pub entries: Vec<Card<'a>>,
    /// When it is written: job posts are open then.
    pub now: Time,
    /// The file names of styles and script.
    pub assets: (String, String),
    pub place: Place,
    orders: [Vec<usize>; 2],
}

/// The region of who works in every other.
const WORLDWIDE: &str = "worldwide";

/// How many joins and exits the feed tells of.
const NEWS: usize = 50;

impl<'a> Directory<'a> {
    /// Puts the entries into the order of each language.
    #[must_use]
    pub fn new(
        program: &'a Program,
        registry: Sha256,
        mut entries: Vec<Card<'a>>,
        now: Time,
        assets: (String, String),
        place: Place,
    ) -> Self {
        let reached = |card: &Card<'a>| {
            let Card { slug, record, log, contact_named: named, .. } = *card;
            Reached { slug, record, log, named }
        };
        let stand_ins = contact::stand_ins(program, &entries.iter().map(reached).collect::<Vec<_>>());
        for (entry, stands_in) in entries.iter_mut().zip(stand_ins) {
            entry.contact_stands_in = stands_in;
        }
        let order = |lang| {
            let mut order: Vec<usize> = (0..entries.len()).filter(|i| entries[*i].is_active()).collect();
            let name = |i: &usize| entries[*i].name(lang).to_owned();
            order::sort_by_name(&mut order, lang, name, |i| entries[*i].slug.to_string());
            order
        };
        let orders = [order(Lang::En), order(Lang::Zh)];
        Self { program, registry, entries, now, assets, place, orders }
    }

    /// Who is a partner now, in the order of a language.
    pub fn active(&self, lang: Lang) -> impl Iterator<Item = &Card<'a>> {
        self.orders[lang as usize].iter().map(|i| &self.entries[*i])
    }

    #[must_use]
    pub fn pages(&self) -> Vec<PageFile> {
        let mut pages = vec![PageFile::Feed, PageFile::Robots, PageFile::NotFound];
        // Addresses in it have to be whole.
        pages.extend(self.program.upkeep.directory.is_some().then_some(PageFile::Sitemap));
        pages.extend((0..self.entries.len()).map(PageFile::Badge));
        for lang in Lang::ALL.iter().copied() {
            pages.extend([PageFile::Index(lang), PageFile::Jobs(lang)]);
            // Who left keeps both, so that nothing that leads there breaks.
            pages.extend((0..self.entries.len()).flat_map(|i| [PageFile::Partner(lang, i), PageFile::Card(lang, i)]));
        }
        pages
    }

    /// The directory of a page, from its language's root; and the file's name in it.
    fn place(&self, page: PageFile) -> (String, &'static str) {
        let partner = |i: usize| format!("partners/{}/", self.entries[i].slug);
        match page {
            PageFile::Feed => (String::new(), "feed.xml"),
            PageFile::Sitemap => (String::new(), "sitemap.xml"),
            PageFile::Robots => (String::new(), "robots.txt"),
            PageFile::NotFound => (String::new(), "404.html"),
            PageFile::Badge(i) => (partner(i), "badge.svg"),
            PageFile::Index(_) => (String::new(), "index.html"),
            PageFile::Jobs(_) => ("jobs/".into(), "index.html"),
            PageFile::Partner(_, i) => (partner(i), "index.html"),
            PageFile::Card(_, i) => (partner(i), "card.html"),
        }
    }

    const fn lang(page: PageFile) -> Lang {
        match page {
            PageFile::Index(lang) | PageFile::Jobs(lang) | PageFile::Partner(lang, _) | PageFile::Card(lang, _) => lang,
            PageFile::Feed | PageFile::Sitemap | PageFile::Robots | PageFile::NotFound | PageFile::Badge(_) => Lang::En,
        }
    }

    fn program_name(&self, lang: Lang) -> &str {
        self.program.name_in(lang == Lang::Zh).as_str()
    }

    /// Where a page is written, from the root.
    #[must_use]
    pub fn path(&self, page: PageFile) -> String {
        let (directory, file) = self.place(page);
        format!("{}{directory}{file}", Self::lang(page).prefix())
    }

    /// Where the program is explained: where it says so, or else where its records are.
    fn about(&self) -> Option<&str> {
        let own = self.program.upkeep.about.as_ref().map(WebAddress::as_str);
        own.or(self.place.web.as_deref())
    }

    /// The address of something below the root, if the directory has one.
    fn address(&self, path: &str) -> Option<String> {
        let base = self.program.upkeep.directory.as_ref()?.as_str();
        Some(format!("{}/{path}", base.trim_end_matches('/')))
    }

    /// The address of something below the root: the whole one, if it is known.
    fn absolute(&self, path: &str) -> String {
        self.address(path).unwrap_or_else(|| path.to_owned())
    }

    /// The address of a page, if the directory has one.
    fn address_of(&self, page: PageFile) -> Option<String> {
        let (directory, file) = self.place(page);
        let name = if file == "index.html" { "" } else { file };
        self.address(&format!("{}{directory}{name}", Self::lang(page).prefix()))
    }

    pub fn render(&self, templates: &Templates, page: PageFile) -> Result<String> {
        match page {
            PageFile::Sitemap => return Ok(self.sitemap()),
            PageFile::Robots => return Ok(self.robots()),
            PageFile::Badge(i) => {
                return Ok(badge::badge(self.entries[i].left_on().is_some(), self.entries[i].since()));
            }
            _ => {}
        }
        let lang = Self::lang(page);
        let (directory, file) = self.place(page);
        let home = "../".repeat(directory.matches('/').count());
        let (other, from_root) = match lang {
            Lang::En => (Lang::Zh, ""),
            Lang::Zh => (Lang::En, "../"),
        };
        let mut root = format!("{home}{from_root}");
        let mut home = home;
        // It is shown at any address.
        if let (PageFile::NotFound, Some(address)) = (page, self.address("")) {
            (root, home) = (address.clone(), address);
        }
        let name = if file == "index.html" { "" } else { file };
        // Hosts show one page for what they haven't got, whose language nobody chooses: the other one's begins at its index.
        let there = if matches!(page, PageFile::NotFound) { "" } else { name };
        let opposite = format!("{root}{}{directory}{there}", other.prefix());
        let opposite = if opposite.is_empty() { "./".to_owned() } else { opposite };
        let own_name = if name.is_empty() { "./" } else { name };
        let relative = match lang {
            Lang::En => [own_name, &opposite],
            Lang::Zh => [&opposite, own_name],
        };
        let image = match page {
            PageFile::Partner(_, i) | PageFile::Card(_, i) => self.entries[i].logo.as_ref(),
            _ => None,
        };
        let common = context! {
            lang => lang.tag(), dir_lang => lang.word(), root => root, home => home,
            alternates => self.alternates(page, relative),
            structured => self.structured(page),
            image => image.and_then(|logo| self.address(&logo.src)),
            other => opposite,
            t => templates.strings(lang),
            program => context! {
                name => self.program_name(lang),
                url => self.about(),
            },
            css => self.assets.0, js => self.assets.1,
            url => self.address_of(page),
        };
        let (template, own) = match page {
            PageFile::Index(_) => ("index.html", self.index(lang)),
            PageFile::Jobs(_) => ("jobs.html", self.jobs(lang, &home)),
            PageFile::Partner(_, i) if self.entries[i].is_active() => {
                ("partner.html", self.partner(templates, lang, i))
            }
            PageFile::Partner(_, i) => ("left.html", self.left(templates, lang, i, &home)),
            PageFile::Card(_, i) => {
                let page = self.address(&format!("{}{directory}", lang.prefix())).unwrap_or_else(|| "./".into());
                let entry = &self.entries[i];
                let partner = match entry.left_on() {
                    Some(day) => context! { name => entry.name(lang), left_on => day },
                    None => self.shown(lang, entry),
                };
                ("card.html", context! { partner => partner, page => page })
            }
            PageFile::NotFound => ("404.html", context! {}),
            _ => ("feed.xml", self.feed(templates)),
        };
        let filled = templates.fill(template, &context! { ..own, ..common })?;
        Ok(if filled.ends_with('\n') { filled } else { filled + "\n" })
    }

    fn labelled(lang: Lang, terms: &[Term], tags: &[Tag]) -> Vec<Value> {
        // In the order of the vocabulary, and what it no longer lists by its own word.
        let known = terms.iter().filter(|t| tags.contains(&t.id)).map(|t| {
            let (en, zh) = (t.en.as_str(), t.zh.as_ref().map_or(t.en.as_str(), Line::as_str));
            let (label, other) = if lang == Lang::Zh { (zh, en) } else { (en, zh) };
            context! { id => t.id, label => label, other => (other != label).then_some(other) }
        });
        let unknown = tags.iter().filter(|tag| !terms.iter().any(|t| t.id == **tag));
        known.chain(unknown.map(|tag| context! { id => tag, label => tag })).collect()
    }

    /// What every place that shows a partner needs.
    fn shown(&self, lang: Lang, entry: &Card<'_>) -> Value {
        let (record, terms) = (entry.record, &self.program.vocabulary);
        context! {
            slug => entry.slug,
            name => entry.name(lang),
            other_name => entry.other_name(lang),
            words => entry.other_words(),
            rest => entry.rest(),
            since => entry.since(),
            website => record.website,
            description => entry.description(lang),
            // Where it isn't the page's.
            description_lang => (lang == Lang::Zh && record.description_zh.is_none()).then(|| Lang::En.tag()),
            // Who left has none, and whose file is broken is shown all the same.
            logo => entry.logo.clone().unwrap_or_else(|| Logo::of_name(entry.slug)),
            services => Self::labelled(lang, &terms.services, &record.services),
            regions => Self::labelled(lang, &terms.regions, &record.regions),
            languages => Self::labelled(lang, &terms.languages, &record.languages),
            hours => Self::labelled(lang, &terms.hours, &record.hours),
            response => Self::labelled(lang, &terms.response, &record.response),
            jobs => entry.jobs(self.now).len(),
        }
    }

    /// The words of a field that anybody is found by, with how many are. Who works everywhere is found everywhere, and a region
    /// by the one that it lies in, too.
    fn used(&self, lang: Lang, terms: &[Term], of: &dyn Fn(&Record) -> &Vec<Tag>, regions: bool) -> Vec<Value> {
        let around = |tag: &Tag| Vocabulary::around(terms, tag).into_iter().cloned().collect::<Vec<_>>();
        let mut counts: BTreeMap<Tag, usize> = BTreeMap::new();
        let mut everywhere = 0;
        for entry in self.active(lang) {
            let own = of(entry.record);
            if regions && own.iter().any(|tag| tag.as_str() == WORLDWIDE) {
                everywhere += 1;
            }
            let found: BTreeSet<Tag> = own.iter().cloned().chain(own.iter().flat_map(around)).collect();
            let all = regions && own.iter().any(|tag| tag.as_str() == WORLDWIDE);
            for tag in found {
                *counts.entry(tag.clone()).or_default() += usize::from(!all || tag.as_str() == WORLDWIDE);
            }
        }
        let tags: Vec<Tag> = counts.keys().cloned().collect();
        let labels = Self::labelled(lang, terms, &tags);
        let mut ids: Vec<&Tag> = terms.iter().map(|t| &t.id).filter(|id| tags.contains(id)).collect();
        ids.extend(tags.iter().filter(|tag| !terms.iter().any(|t| t.id == **tag)));
        let told = |(label, id): (Value, &Tag)| {
            let own = counts.get(id).copied().unwrap_or_default();
            let more = if id.as_str() == WORLDWIDE { 0 } else { everywhere };
            let around: Vec<&str> = Vocabulary::around(terms, id).into_iter().map(Tag::as_str).collect();
            context! { count => own + more, within => around.join(" "), ..label }
        };
        labels.into_iter().zip(ids).map(told).collect()
    }

    fn index(&self, lang: Lang) -> Value {
        let vocabulary = &self.program.vocabulary;
        let partners: Vec<Value> = self.active(lang).map(|e| self.shown(lang, e)).collect();
        let kinds: [(&str, &str, Vec<Value>); 5] = [
            ("s", "services", self.used(lang, &vocabulary.services, &|r| &r.services, false)),
            ("r", "regions", self.used(lang, &vocabulary.regions, &|r| &r.regions, true)),
            ("l", "languages", self.used(lang, &vocabulary.languages, &|r| &r.languages, false)),
            ("h", "hours", self.used(lang, &vocabulary.hours, &|r| &r.hours, false)),
            ("a", "response", self.used(lang, &vocabulary.response, &|r| &r.response, false)),
        ];
        // Cards name their words by their places among the boxes of all kinds.
        let first = kinds.iter().scan(0, |first, (.., terms)| Some(std::mem::replace(first, *first + terms.len())));
        let kinds: Vec<Value> = kinds
            .iter()
            .zip(first)
            .filter(|((.., terms), _)| !terms.is_empty())
            .map(|((name, of, terms), first)| context! { name => name, of => of, terms => terms, first => first })
            .collect();
        context! {
            count => partners.len(),
            partners => partners,
            jobs_count => self.active(lang).map(|e| e.jobs(self.now).len()).sum::<usize>(),
            kinds => kinds,
        }
    }

    fn job(job: &Job<'_>, record: &Record) -> Value {
        // Who looks for people can be reached by its website at least.
        let link = job.address().unwrap_or_else(|| record.website.clone());
        context! { title => job.post.title, place => job.post.place, closes => job.post.closes, link => link }
    }

    fn jobs(&self, lang: Lang, home: &str) -> Value {
        let mut jobs: Vec<(Date, u32, Value)> = Vec::new();
        for entry in self.active(lang) {
            let partner = context! { name => entry.name(lang), url => format!("{home}partners/{}/", entry.slug) };
            for job in entry.jobs(self.now) {
                jobs.push((job.on, job.number, context! { partner => partner, ..Self::job(&job, entry.record) }));
            }
        }
        jobs.sort_by_key(|(on, number, _)| std::cmp::Reverse((*on, *number)));
        context! { jobs => jobs.into_iter().map(|(.., job)| job).collect::<Vec<_>>() }
    }

    fn partner(&self, templates: &Templates, lang: Lang, i: usize) -> Value {
        let entry = &self.entries[i];
        let record = entry.record;
        let card = self.address(&format!("{}partners/{}/card.html", lang.prefix(), entry.slug));
        let embed = card.map(|card| {
            let title = format!("{} – {}", entry.name(lang), self.program_name(lang));
            let quoted = escaped(&title);
            format!("<iframe src=\"{card}\" title=\"{quoted}\" width=\"360\" height=\"112\" loading=\"lazy\" style=\"border:0\"></iframe>")
        });
        let own = context! {
            former_names => record.former_names,
            parent => record.parent,
            website_host => record.website.host(),
            github => entry.github(),
            email => record.email,
            offices => record.offices,
            story => record.story,
            story_host => record.story.as_ref().map(WebAddress::host),
            certified => record.certified,
            leaving => entry.leaving,
            jobs => entry.jobs(self.now).iter().map(|job| Self::job(job, record)).collect::<Vec<_>>(),
        };
        let word = |key: &str| templates.word(lang, key);
        let badge = self
            .address(&format!("partners/{}/badge.svg", entry.slug))
            .zip(self.address_of(PageFile::Partner(lang, i)));
        let badge = badge.map(|(badge, page)| {
            format!("<a href=\"{page}\"><img src=\"{badge}\" alt=\"{}\" height=\"24\"></a>", word("badge_alt"))
        });
        let confirmed = Confirmed { on: entry.confirmed(), brought_in: entry.brought_in().is_some() };
        context! {
            partner => context! { ..own, ..self.shown(lang, entry) },
            history => self.history(templates, lang, entry),
            embed => embed,
            badge => badge,
            trust => entry.trust.as_ref().map(|t| t.told(templates, lang, self.program_name(lang), &self.place, confirmed)),
            complaint => self.complaint(entry, &word("wrong_title"), &word("wrong_body")),
        }
    }

    fn left(&self, templates: &Templates, lang: Lang, i: usize, home: &str) -> Value {
        let entry = &self.entries[i];
        // Why it left is for the committee's records, not for whoever looks for a name.
        let terms = entry.last(Kind::Exited).and_then(|e| e.terms.as_ref());
        let into = terms.and_then(|t| t.merged_into.as_ref());
        let merged_into = into.and_then(|slug| self.entries.iter().find(|e| e.slug == slug)).map(|into| {
            context! { name => into.name(lang), url => format!("{home}partners/{}/", into.slug) }
        });
        let partner = context! {
            slug => entry.slug,
            name => entry.name(lang),
            left_on => entry.left_on(),
            merged_into => merged_into,
            history => self.history(templates, lang, entry),
        };
        context! { partner => partner }
    }

    /// Whether an exit is still to come.
    fn is_to_come(&self, exit: &Event) -> bool {
        upkeep::exit_day(exit) > self.now.date()
    }

    fn history(&self, templates: &Templates, lang: Lang, entry: &Card<'_>) -> Vec<Value> {
        let mut joined = false;
        let mut out = Vec::new();
        for event in entry.log.iter().map(|l| &l.event) {
            let what = match event.kind {
                // Since when it has been one nobody knows.
                Kind::Approved if entry.joined(event).is_none() => "history_listed",
                Kind::Approved if joined => "history_joined_again",
                Kind::Approved => "history_joined",
                Kind::Exited if upkeep::is_overtaken(entry.log, event) => continue,
                Kind::Exited if self.is_to_come(event) => "history_leaving",
                Kind::Exited => "history_left",
                _ => continue,
            };
            joined |= event.kind == Kind::Approved;
            let what = templates.word(lang, what);
            let date = match event.kind {
                Kind::Approved => upkeep::since_approval(entry.log, event).day(),
                _ => upkeep::exit_day(event),
            };
            out.push(context! { what => what, date => date });
        }
        out.reverse();
        out
    }

    fn feed(&self, templates: &Templates) -> Value {
        let lang = Lang::En;
        let mut news: Vec<(Time, Value)> = Vec::new();
        for entry in &self.entries {
            for logged in entry.log {
                let event = &logged.event;
                let (title, summary, time) = match event.kind {
                    // Who was one before is no news.
                    Kind::Approved if entry.origin(event).is_none() => {
                        ("feed_joined", entry.description(lang).map(str::to_owned), event.time)
                    }
                    Kind::Exited if upkeep::is_overtaken(entry.log, event) => continue,
                    Kind::Exited if self.is_to_come(event) => ("feed_leaving", None, event.time),
                    // On its day what was to come has changed.
                    Kind::Exited => ("feed_left", None, event.time.max(upkeep::exit_day(event).start())),
                    _ => continue,
                };
                let day = dates::day(&upkeep::exit_day(event).to_string(), lang.tag());
                let title = templates.word(lang, title).replace("{name}", entry.name(lang)).replace("{date}", &day);
                news.push((
                    time,
                    context! {
                        id => uuid(logged.hash), updated => time, title => title,
                        summary => summary.unwrap_or_else(|| title.clone()),
                        link => self.address(&format!("partners/{}/", entry.slug)),
                    },
                ));
            }
        }
        news.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        news.truncate(NEWS);
        let last = || self.entries.iter().filter_map(|e| e.log.last()).map(|l| l.event.time).max();
        let updated = news.first().map(|(time, _)| *time).or_else(last).unwrap_or_else(|| self.now.date().start());
        context! {
            feed => context! {
                id => uuid(self.registry), updated => updated, title => templates.word(lang, "feed_title"),
                home => self.address(""), self => self.address("feed.xml"),
                entries => news.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(),
            },
        }
    }
}

/// A name that stays the same wherever the directory moves (RFC 9562, version 8).
fn uuid(hash: Sha256) -> String {
    let hex = hash.to_string();
    let d = &hex["sha256:".len()..];
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &d[..8], &d[8..12], &d[13..16], &d[17..20], &d[20..32])
}
