//! `evidence`: what there is to know about an applicant or a partner before somebody judges it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use console::Style;
use serde_json::{Value, json};

use super::{find, look, review};
use crate::config::Place;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::evidence::gather::{self, Job};
use crate::evidence::{Check, Id, Outcome, Subject, contact, github, logo, registry, site};
use crate::forge::github::account_query;
use crate::forge::github::client::Client;
use crate::net;
use crate::partner::{Facts, Slug, text};
use crate::prints;
use crate::probe::Prober;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::repo::{Oid, Repo};
use crate::survey;

/// What each check may take, so that its answer is there before the whole ends.
const EACH: Duration = Duration::from_millis(9_500);

/// What isn't looked up with `--offline`.
const OFFLINE: &str = "it isn't asked with --offline";

/// Gather what there is to know about an applicant or a partner
///
/// Looks at the website, the contact, its GitHub account, the logo and the history, all at once, in at most ten seconds. Each
/// check answers passed, failed, exempt (the program doesn't ask) or unknown. A check informs; people decide: the exit code is 0
/// whatever they say.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// About whom
    #[arg(value_parser = super::value::<Slug>)]
    slug: Slug,
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    let (landed, proposals) = find(&snapshot, &args.slug)?;
    let proposal = proposals.first();
    let about = About::of(&snapshot, &landed, proposal)?;
    let title = about.title();
    let (subject, facts) = (about.subject.clone(), about.facts);
    if !ctx.globals.json {
        ctx.ui.data(&format!("{title}\n"))?;
    }
    let checks = gather(ctx, about)?;
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": args.slug, "proposal": proposal.map(|p| p.subject), "time": ctx.now,
            "record": facts.map(|f| f.record), "logo": facts.and_then(|f| f.logo), "website": subject.record.website,
            "checks": checks,
        }));
    }
    ctx.ui.data(&format!("{}\n", summary(&checks)))
}

/// Whom it is about, and what its checks need from the registry.
struct About {
    subject: Arc<Subject>,
    facts: Option<Facts>,
    changed: Option<review::Changes>,
    logos: Vec<(Slug, Oid)>,
    repo: PathBuf,
    what: String,
}

impl About {
    /// The proposal, if one is open; otherwise what is in force.
    fn of(snapshot: &Snapshot<'_>, landed: &Partner, proposal: Option<&Proposal>) -> Result<Self> {
        let partner = proposal.map_or(landed, |p| &p.partner);
        let record = match proposal.and_then(Proposal::record).or(landed.record.as_ref()) {
            Some(record) => Some(record.clone()),
            None => snapshot.closed_record(&landed.slug, landed.life.round)?,
        };
        let Some(record) = record else {
            return Err(Error::not_found(format!("no facts of {} are on record any more", landed.slug))
                .hint("karmada-partner log tells what became of it"));
        };
        let logo = partner.directory.logo.map(|oid| snapshot.repo.blob(oid)).transpose()?.unwrap_or_default();
        let facts = match proposal {
            Some(proposal) => Some(proposal.facts),
            None => partner.facts(snapshot.repo)?.map(|(facts, _)| facts),
        };
        let changed = match proposal.filter(|p| !p.votes.is_empty()) {
            Some(proposal) => review::changes(snapshot, proposal, None)?,
            None => None,
        };
        let what = match proposal {
            Some(p) => format!("{}, round {}", p.subject, p.round),
            None => landed.life.state.to_string(),
        };
        let subject = Subject {
            slug: landed.slug.clone(),
            record,
            logo,
            program: snapshot.program()?,
            life: partner.life.clone(),
            round: proposal.map_or(0, |p| p.round),
            others: Some(super::proposing::known(snapshot)?),
        };
        let logos = logos(snapshot, &landed.slug)?;
        let repo = snapshot.repo.path().to_owned();
        Ok(Self { subject: Arc::new(subject), facts, changed, logos, repo, what })
    }

    fn title(&self) -> String {
        let record = &self.subject.record;
        let (name, website) = (text::visible(record.name.as_str()), text::visible(record.website.as_str()));
        format!("{name} ({}): {}, {website}", self.subject.slug, self.what)
    }
}

/// The logos of all others, landed and proposed.
fn logos(snapshot: &Snapshot<'_>, but: &Slug) -> Result<Vec<(Slug, Oid)>> {
    let (proposals, _) = snapshot.proposals()?;
    let landed = survey::partners(snapshot)?;
    let all = landed.iter().chain(proposals.iter().map(|p| &p.partner)).filter(|p| p.slug != *but);
    let mut logos: Vec<_> = all.filter_map(|p| Some((p.slug.clone(), p.directory.logo?))).collect();
    logos.sort();
    logos.dedup();
    Ok(logos)
}

/// Does all checks, and shows each as it comes.
fn gather(ctx: &Context, about: About) -> Result<Vec<Check>> {
    let mut jobs = network(ctx, &about.subject);
    let About { subject, changed, logos, repo, .. } = about;
    let memory = super::remembered(ctx, Place::Cache, "logos", &repo);
    let until = Instant::now() + EACH;
    let known = subject.clone();
    jobs.push(Job::new(&[Id::LogoLikeness], move || {
        let others = Repo::open(&repo)
            .map_err(Error::from)
            .and_then(|repo| prints::of_logos(&repo, &logos, memory.as_deref(), until));
        vec![match others {
            Ok(others) => logo::likeness(&known, &others),
            Err(e) => Check::unknown(Id::LogoLikeness, e.message),
        }]
    }));
    let at_hand =
        [Id::ContactDomain, Id::ContactMailbox, Id::LogoMeasures, Id::Duplicates, Id::History, Id::Changes, Id::Stake];
    jobs.push(Job::new(&at_hand, move || {
        let mut checks = contact::checks(&subject);
        checks.push(logo::measures(&subject));
        checks.extend(registry::checks(&subject, changed.as_ref()));
        checks
    }));
    let _busy = ctx.ui.spinner("gathering evidence");
    gather::run(jobs, gather::LIMIT, |check| match ctx.globals.json {
        true => Ok(()),
        false => ctx.ui.data_between(&line(check)),
    })
}

/// The checks that ask somebody else.
fn network(ctx: &Context, subject: &Arc<Subject>) -> Vec<Job> {
    let offline = ctx.globals.offline;
    let (ours, theirs, now) = (subject.clone(), subject.clone(), ctx.now);
    // Found here, where a person can still be asked.
    let client = match offline {
        true => Err(OFFLINE.to_owned()),
        false => ctx.github().map_err(|e| e.message).and_then(known),
    };
    vec![
        Job::new(&site::IDS, move || match offline {
            true => site::IDS.iter().map(|id| Check::unknown(*id, OFFLINE)).collect(),
            false => look_at(&ours),
        }),
        Job::new(&github::IDS, move || {
            github::checks(&theirs, now, |login| {
                let client = client?;
                account_query::ask(&client, login, github::PROJECT).map_err(|fault| fault.error.message)
            })
        }),
    ]
}

/// A way to GitHub that may ask: it tells nobody about accounts without a token.
fn known(client: Arc<Client>) -> Result<Arc<Client>, String> {
    match client.token_source() {
        Some(_) => Ok(client),
        None => Err(format!("there is no token for {}; set KARMADA_PARTNER_TOKEN", client.endpoints.host)),
    }
}

/// Fetches the page, and says what it says.
fn look_at(subject: &Subject) -> Vec<Check> {
    let fetched = Prober::new(EACH).and_then(|prober| {
        let address = subject.record.website.as_str();
        net::wait(async { Ok(prober.fetch(address).await) })
    });
    match fetched {
        Ok(fetched) => site::checks(subject, &fetched),
        Err(e) => site::IDS.iter().map(|id| Check::unknown(*id, e.message.as_str())).collect(),
    }
}

/// A check on a line: an icon and a word, what it is about, why, and what was seen.
fn line(check: &Check) -> String {
    let (icon, style) = match check.outcome {
        Outcome::Passed => ("✔", Style::new().green()),
        Outcome::Failed(_) => ("✘", Style::new().red()),
        Outcome::Exempt(_) => ("–", Style::new().dim()),
        Outcome::Unknown(_) => ("?", Style::new().yellow()),
    };
    let word = style.apply_to(format!("{icon} {:<7}", check.outcome.word()));
    let why = check.outcome.why().map(|why| format!(": {}", text::visible(why))).unwrap_or_default();
    let seen: Vec<String> = check.facts.iter().filter_map(|(key, value)| shown(key, value)).collect();
    let seen = match seen.is_empty() {
        true => String::new(),
        false => Style::new().dim().apply_to(format!(" ({})", seen.join("; "))).to_string(),
    };
    format!("{word} {}{why}{seen}\n", check.id.label())
}

/// A fact in a few words. What only programs want is left to `--json`.
fn shown(key: &str, value: &Value) -> Option<String> {
    const LONGEST: usize = 120;
    let cut = |text: &str| -> String {
        let shown: String = text.chars().take(LONGEST).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        format!("{}{more}", text::visible(&shown))
    };
    let words = match (key, value) {
        ("hash" | "print" | "fields" | "alike" | "ended" | "recused" | "site" | "mailbox", _) => return None,
        ("addresses_judged", Value::Bool(judged)) => {
            return (!judged).then(|| "addresses couldn't be judged behind the proxy".to_owned());
        }
        ("redirects", Value::Array(hops)) => hops.len().to_string(),
        ("certificate", Value::Object(certificate)) => {
            let said = |key: &str| certificate[key].as_str().unwrap_or_default();
            return Some(format!("certificate by {} until {}", cut(said("issuer")), said("not_after")));
        }
        (_, Value::String(words)) => cut(words),
        (_, Value::Array(items)) => cut(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
        (_, value) => value.to_string(),
    };
    Some(format!("{} {words}", key.replace('_', " ")))
}

/// How many of each.
fn summary(checks: &[Check]) -> String {
    let count = |word: &str| checks.iter().filter(|check| check.outcome.word() == word).count();
    let words = ["passed", "failed", "exempt", "unknown"].map(|word| format!("{} {word}", count(word)));
    format!("{}. Checks inform; people decide.", words.join(", "))
}
