//! Gathers evidence: reads what its checks need from the registry, asks those outside, and does all checks at once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{lines, logo_hashes};
use crate::config::UserDirectory;
use crate::domain::paths::LARGEST_EVIDENCE;
use crate::domain::record::likeness::Known;
use crate::domain::{Facts, Slug, Subject as Asks, text};
use crate::error::{Error, Kind, Result};
use crate::evidence::gather::{self, Job, Running};
use crate::evidence::registry::changes::Since;
use crate::evidence::{Check, Id, Subject, contact, github, in_both, logo, registry, site};
use crate::forge::github::account_query;
use crate::git::{Oid, Repo};
use crate::language;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::{Context, remembered};
use crate::web;
use crate::web::probe::witness::WITNESSES;
use crate::web::probe::{Prober, mail};
use crate::workflow::lookalikes;
use crate::workflow::lookup::unreadable_record;
use crate::workflow::since_vote::since_vote;

/// What each check may take, so that its answer is there before the whole ends.
const EACH: Duration = Duration::from_millis(9_500);

/// What failed within this time is asked again without making anybody wait.
const QUICK: Duration = Duration::from_secs(2);

/// That something isn't looked up with `--offline`.
fn offline() -> &'static str {
    tr!("it isn't asked with --offline")
}

/// A document of evidence as it is written: as `--json` prints it and as it stands beside a vote, whoever wrote it before.
pub fn bytes_of(document: &Value) -> Result<Vec<u8>> {
    let json = serde_json::to_string_pretty(document).map_err(|e| Error::new(Kind::Bug, e.to_string()))?;
    Ok(format!("{json}\n").into_bytes())
}

/// The same, small enough to be kept: where it is too large, what was seen is left out, the longest first. What came of the
/// checks, and why, is always told.
fn fitted(mut document: Value) -> Result<Value> {
    while bytes_of(&document)?.len() > LARGEST_EVIDENCE {
        let checks = document["checks"].as_array_mut().into_iter().flatten();
        let longest = checks.filter(|check| check["facts"].get("cut_off").is_none());
        let Some(longest) = longest.max_by_key(|check| check["facts"].to_string().len()) else { break };
        longest["facts"] = json!({"cut_off": true});
    }
    Ok(document)
}

#[derive(Debug)]
pub struct Gathered {
    /// As it is kept: in English, whoever gathered it.
    pub document: Value,
    /// The checks as the person at the terminal is told, where that differs.
    told: BTreeMap<Id, Value>,
}

impl Gathered {
    /// Why a check of the document isn't as one would wish, for the person at the terminal.
    #[must_use]
    pub fn why(&self, check: &Value) -> Option<String> {
        self.told(check)["why"].as_str().map(text::visible)
    }

    fn told<'c>(&'c self, check: &'c Value) -> &'c Value {
        check["check"].as_str().and_then(|id| self.told.get(&id.parse::<Id>().ok()?)).unwrap_or(check)
    }

    /// The checks in words, by principle.
    #[must_use]
    pub fn lines(&self) -> String {
        let checks = self.document["checks"].as_array().into_iter().flatten();
        lines::all(checks, |check| (self.told(check), self.why(check)))
    }
}

/// What is being gathered, and about whom.
#[derive(Debug)]
pub struct Gathering {
    about: Dossier,
    running: Running,
}

impl Gathering {
    /// Begins to look into a partner or its proposal, beside whatever else goes on.
    pub fn begin(
        ctx: &Context,
        snapshot: &Snapshot<'_>,
        landed: &Partner,
        proposal: Option<&Proposal>,
    ) -> Result<Self> {
        let (about, jobs) = Dossier::of(ctx, snapshot, landed, proposal)?;
        Ok(Self { about, running: gather::begin(jobs, gather::LIMIT) })
    }

    /// Waits for all of it, and gives the document. It is shown, unless a program reads.
    pub fn finish(self, ctx: &Context) -> Result<Gathered> {
        let shown = !ctx.globals.json;
        self.finish_shown(ctx, shown)
    }

    /// The same for what tells of it elsewhere.
    pub fn finish_unseen(self, ctx: &Context) -> Result<Gathered> {
        self.finish_shown(ctx, false)
    }

    fn finish_shown(self, ctx: &Context, shown: bool) -> Result<Gathered> {
        let Dossier { subject, facts, asks, title } = self.about;
        let show = |words: &str| if shown { ctx.ui.data(words) } else { Ok(()) };
        show(&title)?;
        let checks = {
            let _busy = ctx.ui.spinner(tr!("gathering evidence"));
            self.running.finish()
        };
        let document = json!({
            "schema": 1, "partner": subject.slug, "proposal": asks, "time": ctx.now,
            "record": facts.map(|f| f.record), "logo": facts.and_then(|f| f.logo), "website": subject.record.website,
            "checks": checks,
        });
        let summary = lines::summary(&checks);
        let told = checks.into_iter().filter_map(|check| Some((check.id, json!(check.told?)))).collect();
        let gathered = Gathered { document: fitted(document)?, told };
        show(&(gathered.lines() + &summary))?;
        Ok(gathered)
    }
}

#[derive(Debug)]
struct Dossier {
    subject: Arc<Subject>,
    facts: Option<Facts>,
    /// What the proposal asks for, if it is one.
    asks: Option<Asks>,
    /// A line that says all this.
    title: String,
}

impl Dossier {
    /// The proposal, if one is open; otherwise what is in force. And the checks to do.
    fn of(
        ctx: &Context,
        snapshot: &Snapshot<'_>,
        landed: &Partner,
        proposal: Option<&Proposal>,
    ) -> Result<(Self, Vec<Job>)> {
        let partner = proposal.map_or(landed, |p| &p.partner);
        let record = match proposal.and_then(Proposal::record).or(landed.record.as_ref()) {
            Some(record) => Some(record.clone()),
            None if landed.has_unreadable_record() => return Err(unreadable_record(&landed.slug)),
            None => snapshot.closed_record(&landed.slug, landed.life.round)?,
        };
        let Some(record) = record else {
            return Err(Error::not_found(tr!("no facts of {slug} are on record any more", slug = landed.slug))
                .hint(tr!("karmada-partner log tells what became of it")));
        };
        let logo = partner.logo(snapshot.repo)?;
        let facts = match proposal {
            Some(proposal) => Some(proposal.facts),
            None => partner.facts(snapshot.repo)?.map(|(facts, _)| facts),
        };
        let since = || proposal.map_or(Ok(Since::Nothing), |p| since_vote(snapshot, p, None));
        let since = InBoth::of(since)?;
        let what = match proposal {
            Some(p) => format!("{}, round {}", p.subject, p.round),
            None => landed.life.state.to_string(),
        };
        let (name, website) = (text::visible(record.name.as_str()), text::visible(record.website.as_str()));
        let title = format!("Evidence about {name} ({}): {what}, {website}\n", landed.slug);
        let everybody = lookalikes::everybody(ctx, snapshot)?;
        let logo_unread = partner.has_unreadable_logo();
        let subject = Arc::new(Subject {
            slug: landed.slug.clone(),
            record,
            logo,
            logo_unread,
            program: snapshot.program()?,
            life: partner.life.clone(),
            in_force: landed.record.clone(),
            others: Some(everybody.iter().map(|(known, _)| Arc::clone(known)).collect()),
        });
        let mut jobs = network(ctx, &subject);
        jobs.push(likeness(ctx, snapshot, (&subject, partner.directory.logo), &everybody));
        jobs.push(at_hand(&subject, since));
        Ok((Self { subject, facts, asks: proposal.map(|p| p.subject), title }, jobs))
    }
}

/// Holds the logo to those of all others, landed and proposed.
fn likeness(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    (subject, own): (&Arc<Subject>, Option<Oid>),
    everybody: &[(Arc<Known>, Option<Oid>)],
) -> Job {
    let others = everybody.iter().filter(|(known, _)| known.slug != subject.slug);
    let mut logos: Vec<(Slug, Oid)> = others.filter_map(|(known, logo)| Some((known.slug.clone(), (*logo)?))).collect();
    logos.sort();
    logos.dedup();
    let repo = snapshot.repo.path().to_owned();
    let memory = remembered(ctx, UserDirectory::Cache, "logos", &repo);
    let (subject, until) = (subject.clone(), Instant::now() + EACH);
    Job::new(&[Id::LogoLikeness], move || {
        let others = Repo::open(&repo)
            .map_err(Error::from)
            .and_then(|repo| logo_hashes::of_logos(&repo, &logos, own, memory.as_deref(), until));
        in_both(|| {
            vec![match &others {
                Ok(others) => logo::likeness(&subject, others),
                Err(e) => Check::unknown(Id::LogoLikeness, e.message.as_str()),
            }]
        })
    })
}

/// Words as they are kept, and as the person at the terminal is told.
struct InBoth<T> {
    kept: T,
    /// Where that is in another language.
    told: Option<T>,
}

impl<T> InBoth<T> {
    fn of(make: impl Fn() -> Result<T>) -> Result<Self> {
        let told = if language::is_chinese() { Some(make()?) } else { None };
        Ok(Self { kept: language::in_english(&make)?, told })
    }

    /// Those of the language that is spoken right now.
    fn now(&self) -> &T {
        self.told.as_ref().filter(|_| language::is_chinese()).unwrap_or(&self.kept)
    }
}

/// What somebody else was asked, once. Where that failed, why is told in the words of the language that was spoken: so who speaks another asks
/// again, if that took no time.
struct Asked<T> {
    kept: OnceCell<(Result<T, String>, bool)>,
    told: OnceCell<Result<T, String>>,
}

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self { kept: OnceCell::new(), told: OnceCell::new() }
    }
}

impl<T: Clone> Asked<T> {
    fn get(&self, ask: impl Fn() -> Result<T, String>) -> Result<T, String> {
        let (kept, was_quick) = self.kept.get_or_init(|| {
            let begun = Instant::now();
            (ask(), begun.elapsed() < QUICK)
        });
        match kept {
            Err(_) if *was_quick && language::is_chinese() => self.told.get_or_init(ask).clone(),
            kept => kept.clone(),
        }
    }
}

/// The checks for which everything is here.
fn at_hand(subject: &Arc<Subject>, since: InBoth<Since>) -> Job {
    let subject = subject.clone();
    let ids =
        [Id::ContactDomain, Id::ContactMailbox, Id::LogoMeasures, Id::Duplicates, Id::History, Id::Changes, Id::Stake];
    Job::new(&ids, move || {
        in_both(|| {
            let mut checks = contact::checks(&subject);
            checks.push(logo::measures(&subject));
            checks.extend(registry::checks(&subject, since.now()));
            checks
        })
    })
}

/// The checks that ask somebody else.
fn network(ctx: &Context, subject: &Arc<Subject>) -> Vec<Job> {
    let is_offline = ctx.globals.offline;
    let (ours, theirs, mailbox, now) = (subject.clone(), subject.clone(), subject.clone(), ctx.now);
    // Found here, where a person can still be asked.
    let client = || match is_offline {
        true => Err(offline().to_owned()),
        false => ctx.github().map_err(|e| e.message).map(|client| client.without_waiting()),
    };
    // What can't be asked is told in both languages; what was asked failed in the words of who was asked.
    let client = language::in_english(client).map_err(|kept| InBoth { kept, told: client().err() });
    vec![
        Job::new(&site::IDS, move || match is_offline {
            true => in_both(|| site::IDS.iter().map(|id| Check::unknown(*id, offline())).collect()),
            false => look_at(&ours),
        }),
        Job::new(&[Id::ContactMail], move || {
            let found = Asked::default();
            let servers = |host: &str| match is_offline {
                true => Err(offline().to_owned()),
                false => found.get(|| mail::servers(host, EACH)),
            };
            in_both(|| vec![contact::mail::check(&mailbox, servers)])
        }),
        Job::new(&github::IDS, move || {
            let asked = Asked::default();
            let ask = |login: &str| {
                let organization = theirs.program.github.members_of.as_ref();
                let client = client.as_ref().map_err(|why| why.now().clone())?;
                let ask = || account_query::ask(client, login, organization).map_err(|fault| fault.error.message);
                asked.get(ask)
            };
            in_both(|| github::checks(&theirs, now, ask))
        }),
    ]
}

/// Fetches the page, and says what it says.
fn look_at(subject: &Subject) -> Vec<Check> {
    let fetched = Prober::new(EACH).and_then(|prober| {
        let address = subject.record.website.as_str();
        web::wait(async { Ok(prober.fetch_with_witnesses(address, &WITNESSES).await) })
    });
    match fetched {
        Ok(fetched) => in_both(|| site::checks(subject, &fetched)),
        Err(e) => site::IDS.iter().map(|id| Check::unknown(*id, e.message.as_str())).collect(),
    }
}
