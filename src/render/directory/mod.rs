//! The directory of partners: which pages it has, and what stands on each.

pub mod data;
pub mod lang;
pub mod order;
pub mod templates;

use std::collections::BTreeSet;

use minijinja::{Value, context};
use templates::Templates;

use super::directory::lang::Lang;
use crate::domain::log::detail::{Detail, Origin};
use crate::domain::log::kinds::ExitKind;
use crate::domain::record::Record;
use crate::domain::record::tag::Tag;
use crate::domain::record::terms::Term;
use crate::domain::upkeep::{self, Job};
use crate::domain::{Date, Event, Kind, Logged, Program, Sha256, Slug, State, Time};
use crate::error::Result;

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

/// What is shown for a partner whose logo can't be read: nothing, in the same place.
pub const NO_LOGO: &str = "logos/none.svg";

impl Logo {
    fn none() -> Self {
        Self { src: NO_LOGO.into(), width: 300, height: 200, fit: String::new() }
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

    fn description(&self, lang: Lang) -> Option<&str> {
        let zh = self.record.description_zh.as_ref().filter(|_| lang == Lang::Zh);
        zh.or(self.record.description.as_ref()).map(crate::domain::record::Description::as_str)
    }

    fn last(&self, kind: Kind) -> Option<&Event> {
        self.log.iter().rev().map(|l| &l.event).find(|e| e.kind == kind)
    }

    /// The day on which it became a partner, the last time; where it was one before it was imported, that day.
    #[must_use]
    pub fn since(&self) -> Option<Date> {
        self.last(Kind::Approved).map(|e| self.joined(e))
    }

    /// Where an approval's application was read, if it was imported.
    fn origin(&self, approved: &Event) -> Option<&Origin> {
        let of_round = self.log.iter().map(|l| &l.event).find(|e| e.round == approved.round && e.kind.opens());
        match of_round.and_then(|e| e.detail.as_ref()) {
            Some(Detail::Origin(origin)) => Some(origin),
            _ => None,
        }
    }

    fn joined(&self, approved: &Event) -> Date {
        self.origin(approved).and_then(|o| o.since).unwrap_or_else(|| approved.time.date())
    }

    /// The day on which it left: that of its exit, or an earlier one that the exit says.
    #[must_use]
    pub fn left_on(&self) -> Option<Date> {
        let exit = self.last(Kind::Exited).filter(|_| !self.is_active())?;
        Some(exit.terms.as_ref().map_or(exit.time.date(), |t| t.effective))
    }

    #[must_use]
    pub fn jobs(&self, today: Date) -> Vec<Job<'_>> {
        let jobs = if self.is_active() { upkeep::jobs(self.log) } else { Vec::new() };
        jobs.into_iter().filter(|j| j.is_open(today)).collect()
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
    /// Who joined and who left.
    Feed,
}

#[derive(Debug)]
pub struct Directory<'a> {
    pub program: &'a Program,
    pub registry: Sha256,
    pub entries: Vec<Card<'a>>,
    /// The day for which job posts are open.
    pub today: Date,
    /// The file names of styles and script.
    pub assets: (String, String),
    orders: [Vec<usize>; 2],
}

/// How many joins and exits the feed tells of.
const NEWS: usize = 50;

impl<'a> Directory<'a> {
    /// Puts the entries into the order of each language.
    #[must_use]
    pub fn new(
        program: &'a Program,
        registry: Sha256,
        entries: Vec<Card<'a>>,
        today: Date,
        assets: (String, String),
    ) -> Self {
        let order = |lang| {
            let mut order: Vec<usize> = (0..entries.len()).filter(|i| entries[*i].is_active()).collect();
            let name = |i: &usize| entries[*i].name(lang).to_owned();
            order::sort_by_name(&mut order, lang, name, |i| entries[*i].slug.to_string());
            order
        };
        let orders = [order(Lang::En), order(Lang::Zh)];
        Self { program, registry, entries, today, assets, orders }
    }

    /// Who is a partner now, in the order of a language.
    pub fn active(&self, lang: Lang) -> impl Iterator<Item = &Card<'a>> {
        self.orders[lang as usize].iter().map(|i| &self.entries[*i])
    }

    #[must_use]
    pub fn pages(&self) -> Vec<PageFile> {
        let mut pages = vec![PageFile::Feed];
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
            PageFile::Index(_) => (String::new(), "index.html"),
            PageFile::Jobs(_) => ("jobs/".into(), "index.html"),
            PageFile::Partner(_, i) => (partner(i), "index.html"),
            PageFile::Card(_, i) => (partner(i), "card.html"),
        }
    }

    const fn lang(page: PageFile) -> Lang {
        match page {
            PageFile::Index(lang) | PageFile::Jobs(lang) | PageFile::Partner(lang, _) | PageFile::Card(lang, _) => lang,
            PageFile::Feed => Lang::En,
        }
    }

    /// Where a page is written, from the root.
    #[must_use]
    pub fn path(&self, page: PageFile) -> String {
        let (directory, file) = self.place(page);
        format!("{}{directory}{file}", Self::lang(page).prefix())
    }

    /// The address of something below the root, if the directory has one.
    fn address(&self, path: &str) -> Option<String> {
        let base = self.program.upkeep.directory.as_ref()?.as_str();
        Some(format!("{}/{path}", base.trim_end_matches('/')))
    }

    pub fn render(&self, templates: &Templates, page: PageFile) -> Result<String> {
        let lang = Self::lang(page);
        let (directory, file) = self.place(page);
        let home = "../".repeat(directory.matches('/').count());
        let (other, from_root) = match lang {
            Lang::En => (Lang::Zh, ""),
            Lang::Zh => (Lang::En, "../"),
        };
        let root = format!("{home}{from_root}");
        let name = if file == "index.html" { "" } else { file };
        let opposite = format!("{root}{}{directory}{name}", other.prefix());
        let common = context! {
            lang => lang.tag(), dir_lang => lang.word(), root => root, home => home,
            other => if opposite.is_empty() { "./".to_owned() } else { opposite },
            t => templates.strings(lang),
            program => context! {
                name => self.program.name,
                url => self.program.upkeep.about,
            },
            css => self.assets.0, js => self.assets.1,
            url => self.address(&format!("{}{directory}{name}", lang.prefix())),
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
            PageFile::Feed => ("feed.xml", self.feed(templates)),
        };
        let filled = templates.fill(template, &context! { ..own, ..common })?;
        Ok(if filled.ends_with('\n') { filled } else { filled + "\n" })
    }

    fn labelled(lang: Lang, terms: &[Term], tags: &[Tag]) -> Vec<Value> {
        // In the order of the vocabulary, and what it no longer lists by its own word.
        let label = |term: &Term| match (lang, &term.zh) {
            (Lang::Zh, Some(zh)) => zh.to_string(),
            _ => term.en.to_string(),
        };
        let known = terms.iter().filter(|t| tags.contains(&t.id)).map(|t| context! { id => t.id, label => label(t) });
        let unknown = tags.iter().filter(|tag| !terms.iter().any(|t| t.id == **tag));
        known.chain(unknown.map(|tag| context! { id => tag, label => tag })).collect()
    }

    /// What every place that shows a partner needs.
    fn shown(&self, lang: Lang, entry: &Card<'_>) -> Value {
        let (record, terms) = (entry.record, &self.program.vocabulary);
        context! {
            slug => entry.slug,
            name => entry.name(lang),
            website => record.website,
            description => entry.description(lang),
            // Who left has none, and whose file is broken is shown all the same.
            logo => entry.logo.clone().unwrap_or_else(Logo::none),
            services => Self::labelled(lang, &terms.services, &record.services),
            regions => Self::labelled(lang, &terms.regions, &record.regions),
            languages => Self::labelled(lang, &terms.languages, &record.languages),
            jobs => entry.jobs(self.today).len(),
        }
    }

    fn index(&self, lang: Lang) -> Value {
        let used = |terms: &[Term], of: &dyn Fn(&Record) -> &Vec<Tag>| {
            let tags: BTreeSet<&Tag> = self.active(lang).flat_map(|e| of(e.record)).collect();
            let tags: Vec<Tag> = tags.into_iter().cloned().collect();
            Self::labelled(lang, terms, &tags)
        };
        let vocabulary = &self.program.vocabulary;
        let partners: Vec<Value> = self.active(lang).map(|e| self.shown(lang, e)).collect();
        context! {
            count => partners.len(),
            partners => partners,
            jobs_count => self.active(lang).map(|e| e.jobs(self.today).len()).sum::<usize>(),
            terms => context! {
                services => used(&vocabulary.services, &|r| &r.services),
                regions => used(&vocabulary.regions, &|r| &r.regions),
                languages => used(&vocabulary.languages, &|r| &r.languages),
            },
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
            for job in entry.jobs(self.today) {
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
            let title = format!("{} – {}", entry.name(lang), self.program.name);
            let quoted = title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            format!("<iframe src=\"{card}\" title=\"{quoted}\" width=\"360\" height=\"112\" loading=\"lazy\" style=\"border:0\"></iframe>")
        });
        let own = context! {
            former_names => record.former_names,
            parent => record.parent,
            website_host => record.website.host(),
            github => record.github,
            email => record.email,
            since => entry.since(),
            leaving => entry.leaving,
            jobs => entry.jobs(self.today).iter().map(|job| Self::job(job, record)).collect::<Vec<_>>(),
        };
        context! {
            partner => context! { ..own, ..self.shown(lang, entry) },
            history => Self::history(templates, lang, entry),
            embed => embed,
        }
    }

    fn left(&self, templates: &Templates, lang: Lang, i: usize, home: &str) -> Value {
        let entry = &self.entries[i];
        let exit = entry.last(Kind::Exited);
        let terms = exit.and_then(|e| e.terms.as_ref());
        let why = match terms.map(|t| t.kind) {
            Some(ExitKind::Voluntary) => "left_voluntary",
            Some(ExitKind::Inactive) => "left_inactive",
            Some(ExitKind::Merged) => "left_merged",
            Some(ExitKind::CriteriaNotMet) => "left_criteria_not_met",
            Some(ExitKind::Breach) => "left_breach",
            Some(ExitKind::Mistaken) => "left_mistaken",
            None => "left_other",
        };
        let into = terms.and_then(|t| t.merged_into.as_ref());
        let merged_into = into.and_then(|slug| self.entries.iter().find(|e| e.slug == slug)).map(|into| {
            context! { name => into.name(lang), url => format!("{home}partners/{}/", into.slug) }
        });
        let partner = context! {
            slug => entry.slug,
            name => entry.name(lang),
            left_on => entry.left_on(),
            kind_words => templates.word(lang, why),
            reason => exit.and_then(|e| e.reason.as_ref()),
            merged_into => merged_into,
            history => Self::history(templates, lang, entry),
        };
        context! { partner => partner }
    }

    fn history(templates: &Templates, lang: Lang, entry: &Card<'_>) -> Vec<Value> {
        let mut joined = false;
        let mut out = Vec::new();
        for event in entry.log.iter().map(|l| &l.event) {
            let what = match event.kind {
                Kind::Approved if joined => "history_joined_again",
                Kind::Approved => "history_joined",
                Kind::Exited => "history_left",
                _ => continue,
            };
            joined |= event.kind == Kind::Approved;
            // Notes on who may join are for the committee. Why somebody left is for everybody; of the last time the page
            // says so above.
            let told = entry.last(Kind::Exited).is_some_and(|e| e.seq == event.seq) && !entry.is_active();
            let reason = event.reason.as_ref().filter(|_| event.kind == Kind::Exited && !told);
            let what = templates.word(lang, what);
            let date = if event.kind == Kind::Approved { entry.joined(event) } else { event.time.date() };
            out.push(context! { what => what, date => date, reason => reason });
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
                let (title, summary) = match event.kind {
                    // Who was one before is no news.
                    Kind::Approved if entry.origin(event).is_none() => {
                        ("feed_joined", entry.description(lang).map(str::to_owned))
                    }
                    Kind::Exited => ("feed_left", event.reason.as_ref().map(ToString::to_string)),
                    _ => continue,
                };
                let title = templates.word(lang, title).replace("{name}", entry.name(lang));
                news.push((
                    event.time,
                    context! {
                        id => uuid(logged.hash), updated => event.time, title => title,
                        summary => summary.unwrap_or_else(|| title.clone()),
                        link => self.address(&format!("partners/{}/", entry.slug)),
                    },
                ));
            }
        }
        news.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        news.truncate(NEWS);
        let updated = news.first().map_or_else(|| Time::from_unix(0), |(time, _)| *time);
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
