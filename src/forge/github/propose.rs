//! A proposal on GitHub: a commit on a branch of a fork, an issue, a pull request. Each step looks like the last run left
//! it, so that it can be taken up anywhere.

use http::StatusCode;
use serde_json::{Value, json};

use super::announcing;
use super::branch::{self, Pointing};
use super::client::{Call, Data};
use super::endpoints::Endpoints;
use super::fault::{ApiFault, Effect};
use super::partner_query::{IssuesAnswer, Pull};
use super::registry_query::RefAnswer;
use super::texts::{self, Texts, Titled};
use super::upload::{self, Base, Content, Uploaded};
use super::upstream::{self, Upstream};
use crate::domain::paths::PARTNERS;
use crate::domain::program::github::RepoName;
use crate::domain::{Event, Field, Kind as EventKind, Program, Record, Slug, Vote, text};
use crate::error::{Error, Kind};
use crate::forge::board::mark;
use crate::forge::progress::Progress;
use crate::forge::{Link, Stopped};
use crate::git::{Oid, Put, Repo, RepoError, Trouble};
use crate::language;
use crate::registry::change::Change;

/// What proposals are made with.
#[derive(Debug, Clone, Copy)]
pub struct Tools<'a> {
    pub upstream: Upstream<'a>,
    /// Where objects are made.
    pub repo: &'a Repo,
    pub texts: &'a Texts,
    pub program: &'a Program,
    /// Where issues are opened, if they are.
    pub issues: Option<&'a IssuesAnswer>,
    pub uploaded: &'a Uploaded,
    /// Name and mailbox of a bot that makes commits for others.
    pub committer: Option<(&'a str, &'a str)>,
    /// Where to say what can't be done.
    pub progress: &'a dyn Progress,
}

impl Tools<'_> {
    fn upload(self, base: &Base, change: &Change) -> Result<Oid, ApiFault> {
        let content = Content {
            puts: &change.puts,
            message: &change.message(),
            author: &change.author,
            committer: self.committer,
        };
        let Upstream { client, fork, .. } = self.upstream;
        upload::commit(client, self.repo, &fork.name, base, content, self.uploaded)
    }
}

/// A proposal to be, or to be changed.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'a> {
    pub change: &'a Change,
    pub branch: &'a str,
    pub slug: &'a Slug,
    pub base: &'a Base,
    /// What an older base lacks of the partner's directory.
    pub landed: &'a [(String, Put)],
    /// The pull request that is open already.
    pub pull: Option<&'a Pull>,
    /// A pull request of ours that nothing can be pushed to any more, since its fork is gone: this takes its place.
    pub orphan: Option<&'a Pull>,
    /// Whether it begins anew, whatever the branch held before.
    pub fresh: bool,
    /// Our branch as an earlier run left it.
    pub left: Option<&'a RefAnswer>,
    /// The facts, where the change doesn't bring them.
    pub record: Option<&'a Record>,
}

impl From<ApiFault> for Stopped {
    fn from(fault: ApiFault) -> Self {
        match fault.effect {
            Effect::Unclear => Self::Unclear(fault.error),
            _ => Self::Failed(fault.error),
        }
    }
}

fn raced(words: &str) -> Stopped {
    Stopped::Raced(RepoError::new(Trouble::Moved, words, None))
}

pub fn propose(at: Tools<'_>, it: Proposed<'_>) -> Result<(Oid, Vec<Link>), Stopped> {
    let made = match it.pull {
        Some(pull) => amend(at, it, pull),
        None => open(at, it),
    }?;
    if let Some(orphan) = it.orphan {
        at.upstream.close(orphan)?;
    }
    Ok(made)
}

/// Brings a pull request's words and then its branch up to date: a branch that has moved is seen by the next run.
fn amend(at: Tools<'_>, it: Proposed<'_>, pull: &Pull) -> Result<(Oid, Vec<Link>), Stopped> {
    let moved = |commit: Oid| -> Result<(), ApiFault> {
        let body = json!({"sha": commit.to_string(), "force": it.fresh});
        let path = format!("/repos/{}/git/refs/heads/{}", at.upstream.fork.name, it.branch);
        let client = at.upstream.client;
        client.once_seen(|| client.send(Call::patch(&path, &body, tr!("move your branch")))).map(drop)
    };
    let mut commit = at.upload(it.base, it.change)?;
    // Who begins anew on a branch that is free again may ask for it in another issue.
    let begun_by = linked_issue(at, it.change).filter(|_| is_application(it.change));
    let issue = begun_by.as_deref().or_else(|| texts::fixes(&pull.body));
    let words = at.texts.titled("pull-request.md", &values(at, it, commit, issue))?;
    if it.record.is_some() || brings_facts(it.change) || takes_back(it.change) {
        at.upstream.set_words(pull, &words)?;
    }
    // What is taken back waits for nobody's vote, and GitHub merges no draft; what is asked for anew there waits again. Before the
    // branch moves: a run again finds that over.
    let client = at.upstream.client;
    let marked = match (takes_back(it.change), pull.is_draft) {
        (true, true) => announcing::mark_ready(client, &pull.id),
        (false, false) if is_application(it.change) => announcing::mark_draft(client, &pull.id),
        _ => Ok(()),
    };
    match marked {
        Err(fault) if !matches!(fault.effect, Effect::Refused(_)) => return Err(fault.into()),
        _ => {}
    }
    let mut result = moved(commit);
    if let Some((base, change)) = result.as_ref().err().filter(|_| it.fresh).and_then(|fault| behind(at, it, fault)) {
        commit = at.upload(&base, &change)?;
        result = moved(commit);
    }
    match result {
        Ok(()) => {}
        Err(fault) if fault.is(StatusCode::UNPROCESSABLE_ENTITY) || fault.is(StatusCode::CONFLICT) => {
            return Err(raced(tr!("your branch was moved by somebody else")));
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok((commit, vec![Link { what: "pull request", url: pull.url.clone() }]))
}

/// The same change on what the fork has, where GitHub may not want a branch on the registry's newest commit.
fn behind(at: Tools<'_>, it: Proposed<'_>, fault: &ApiFault) -> Option<(Base, Change)> {
    let fork = at.upstream.fork;
    let (commit, tree) = fork.base.filter(|_| fork.may_be_behind(&it.base.parents, fault))?;
    let mut change = it.change.clone();
    change.puts.extend(it.landed.iter().filter(|(path, _)| !it.change.puts.iter().any(|(p, _)| p == path)).cloned());
    Some((Base { parents: vec![commit], tree }, change))
}

fn takes_back(change: &Change) -> bool {
    Event::parse(change.block.as_bytes()).is_ok_and(|e| e.kind == EventKind::Withdrawn)
}

/// The first time: branch and issue in one request, then the pull request that names the issue.
fn open(at: Tools<'_>, it: Proposed<'_>) -> Result<(Oid, Vec<Link>), Stopped> {
    let mut links = Vec::new();
    // A template that doesn't do is told before anything is there.
    at.texts.titled("pull-request.md", &values(at, it, it.base.tree, None))?;
    let (commit, begun) = begin(at, it)?;
    let mut issue = linked_issue(at, it.change);
    let mut not_allowed = None;
    match begun {
        Some(Ok((number, url))) => {
            let there = at.issues.map_or(String::new(), |i| i.name_with_owner.clone());
            let here = there.eq_ignore_ascii_case(&at.upstream.name.to_string());
            issue = Some(if here { format!("#{number}") } else { format!("{there}#{number}") });
            links.push(Link { what: "issue", url });
        }
        Some(Err(fault)) if fault.is_forbidden() => not_allowed = Some(fault),
        // The proposal itself is what matters.
        Some(Err(fault)) => at.progress.warn(&tr!("there will be no issue: {error}", error = fault.error)),
        None => {}
    }
    let words = at.texts.titled("pull-request.md", &values(at, it, commit, issue.as_deref()))?;
    let opened = match takes_back(it.change) {
        true => at.upstream.open(it.branch, &words),
        false => at.upstream.open_draft(it.branch, &words),
    };
    let url = match opened {
        Ok(url) => url,
        Err(fault) if fault.error.message.contains("already exists") => {
            return Err(raced(tr!("the pull request is there")));
        }
        Err(fault) if fault.is_forbidden() || upstream::is_switched_off(&fault) => {
            return Err(hand_over(at, it, &words, &links, not_allowed, &fault).into());
        }
        Err(fault) => return Err(fault.into()),
    };
    if let Some(fault) = not_allowed {
        at.progress.warn(&tr!("there will be no issue: {error}", error = fault.error));
    }
    links.push(Link { what: "pull request", url });
    Ok((commit, links))
}

/// What became of the issue, if one was wanted: its number and address.
type Issue = Option<Result<(u64, String), ApiFault>>;

/// Uploads the commit, and makes branch and issue. When GitHub doesn't want a branch on the registry's newest commit
/// (an old fork's token may not bring changed workflows along), it goes onto what the fork has.
fn begin(at: Tools<'_>, it: Proposed<'_>) -> Result<(Oid, Issue), Stopped> {
    let (fault, issue) = match at.upload(it.base, it.change) {
        Ok(commit) => match place(at, it, commit, None)? {
            Ok(begun) => return Ok((commit, begun)),
            Err(fault) => fault,
        },
        Err(fault) => (fault, None),
    };
    let Some((base, change)) = behind(at, it, &fault) else { return Err(fault.into()) };
    let made = at.upload(&base, &change)?;
    match place(at, it, made, issue)? {
        Ok(begun) => Ok((made, begun)),
        Err((fault, _)) => Err(fault.into()),
    }
}

/// Points our branch at a commit, and opens the issue unless there is one. The branch's own fault comes back with what
/// became of the issue.
fn place(
    at: Tools<'_>,
    it: Proposed<'_>,
    commit: Oid,
    mut issue: Issue,
) -> Result<Result<Issue, (ApiFault, Issue)>, Stopped> {
    let (mut heads, mut parts, mut variables) = (Vec::new(), Vec::new(), json!({}));
    let pointing = Pointing::to(commit, at.upstream.fork, it.branch, it.left);
    if let Some(pointing) = &pointing {
        heads.push(pointing.declares);
        parts.push(pointing.part);
        variables["ref"] = pointing.input.clone();
    }
    let wanted = is_application(it.change) && linked_issue(at, it.change).is_none();
    if let (Some(issues), None, true) = (at.issues, &issue, wanted) {
        let mark = mark(at.upstream.name, it.branch, it.change);
        match issues.marked(&mark) {
            Some(there) => issue = Some(Ok((there.number, there.url.clone()))),
            None => {
                let words = at.texts.titled("issue.md", &values(at, it, commit, None))?;
                heads.push("$issue: CreateIssueInput!");
                parts.push("createIssue(input: $issue) { issue { number url } }");
                variables["issue"] = json!({
                    "repositoryId": issues.id, "title": words.title, "body": format!("{}\n{mark}\n", words.body),
                });
            }
        }
    }
    if parts.is_empty() {
        return Ok(Ok(issue));
    }
    let data = branch::send(at.upstream.client, &heads, &parts, &variables)?;
    if !variables["issue"].is_null() {
        issue = Some(opened(&data)?);
    }
    match pointing.map_or(Ok(Ok(())), |p| p.result(at.upstream.client, &data))? {
        Ok(()) => Ok(Ok(issue)),
        Err(fault) => Ok(Err((fault, issue))),
    }
}

fn opened(data: &Data) -> Result<Result<(u64, String), ApiFault>, Stopped> {
    if let Some(fault) = data.fault("createIssue", tr!("open the issue")).filter(|_| data.data["createIssue"].is_null())
    {
        return if fault.effect == Effect::Unclear { Err(fault.into()) } else { Ok(Err(fault)) };
    }
    let issue = &data.data["createIssue"]["issue"];
    match (issue["number"].as_u64(), issue["url"].as_str()) {
        (Some(number), Some(url)) => Ok(Ok((number, url.to_owned()))),
        _ => Err(Stopped::Unclear(Error::environment(tr!("GitHub doesn't say where the issue is")))),
    }
}

/// The issue that an entry was read from, as a pull request names it.
fn linked_issue(at: Tools<'_>, change: &Change) -> Option<String> {
    let link = Event::parse(change.block.as_bytes()).ok()?.link?;
    let place = at.issues.map_or_else(|| at.upstream.name.to_string(), |issues| issues.name_with_owner.clone());
    let (_, number) =
        RepoName::of_issue(link.as_str()).filter(|(there, _)| there.to_string().eq_ignore_ascii_case(&place))?;
    let here = place.eq_ignore_ascii_case(&at.upstream.name.to_string());
    Some(if here { format!("#{number}") } else { format!("{place}#{number}") })
}

/// What finds an issue again, whatever its title has become.
fn mark(registry: &RepoName, branch: &str, change: &Change) -> String {
    let round = Event::parse(change.block.as_bytes()).map_or(1, |e| e.round);
    format!("{}{round} -->", mark_of(registry, branch))
}

/// How the mark of an application's issue begins, whichever round it is of.
#[must_use]
pub fn mark_of(registry: &RepoName, branch: &str) -> String {
    format!("{}{registry} {branch} round ", mark!())
}

/// The registry that such a mark of this branch names, as it was called then.
#[must_use]
pub fn named_by_mark(text: &str, branch: &str) -> Option<RepoName> {
    let (before, _) = text.split_once(&format!(" {branch} round "))?;
    before.rsplit_once(mark!())?.1.parse().ok()
}

/// Whether a change files an application: then it gets an issue.
#[must_use]
pub fn is_application(change: &Change) -> bool {
    Event::parse(change.block.as_bytes()).is_ok_and(|e| e.kind == EventKind::Applied)
}

fn brings_facts(change: &Change) -> bool {
    change.puts.iter().any(|(path, _)| path.ends_with("/partner.toml"))
}

/// Where a token may not open pull requests, a person may: all is ready for one click.
fn hand_over(
    at: Tools<'_>,
    it: Proposed<'_>,
    words: &Titled,
    links: &[Link],
    no_issue: Option<ApiFault>,
    fault: &ApiFault,
) -> Error {
    let name = &at.upstream.fork.name;
    let url = at.upstream.by_hand(it.branch, words);
    let Endpoints { web, .. } = &at.upstream.client.endpoints;
    let mut error = Error::new(
        Kind::NotAllowed,
        tr!(
            "the branch {branch} is ready on {name}, but this token may not open the pull request",
            name,
            branch = it.branch
        ) + "\n  "
            + &fault.error.message,
    )
    .by_hand(url);
    if let (Some(_), Some(issues)) = (no_issue, at.issues) {
        error = error.hint(tr!("and the issue: {web}/{place}/issues/new/choose", web, place = issues.name_with_owner));
    }
    for link in links {
        error = error.hint(tr!("the {what} is there: {url}", what = link.what, url = link.url));
    }
    error.hints.extend(fault.error.hints.iter().cloned());
    error.hint(tr!("karmada-partner status {slug} will find it", slug = it.slug))
}

fn values(at: Tools<'_>, it: Proposed<'_>, commit: Oid, issue: Option<&str>) -> Value {
    let path = format!("{PARTNERS}/{}/partner.toml", it.slug);
    let brought = it.change.puts.iter().find_map(|(p, put)| match put {
        Put::Bytes(bytes) if *p == path => Record::parse(bytes).ok(),
        _ => None,
    });
    let record = brought.as_ref().or(it.record);
    let words = Told {
        web: &at.upstream.client.endpoints.web,
        fork: &at.upstream.fork.name,
        program: at.program,
        slug: it.slug,
        title: &it.change.title,
        block: &it.change.block,
        record,
        brings_facts: brings_facts(it.change),
        commit,
    };
    words.values(issue)
}

/// The facts that a proposal's text has no place of its own for, as people read them.
fn further(record: &Record, program: &Program) -> Vec<Value> {
    const SHOWN: [Field; 6] =
        [Field::Name, Field::Website, Field::Github, Field::Email, Field::Description, Field::Parent];
    let row = |(field, value): (Field, String)| {
        let label = field.label();
        let (first, rest) = label.split_at(label.len().min(1));
        json!({"label": first.to_uppercase() + rest, "value": program.vocabulary.told(field, &value)})
    };
    let others = record.fields().into_iter().filter(|(field, _)| !SHOWN.contains(field));
    language::in_english(|| others.map(row).collect())
}

/// What the text of a proposal's pull request is made of, or of its issue.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// GitHub for browsers.
    pub web: &'a str,
    /// Where its branch is.
    pub fork: &'a RepoName,
    pub program: &'a Program,
    pub slug: &'a Slug,
    /// The first line of its newest commit.
    pub title: &'a str,
    /// The block of the entry that this brings.
    pub block: &'a str,
    /// The facts that it brings, or those in force.
    pub record: Option<&'a Record>,
    pub brings_facts: bool,
    pub commit: Oid,
}

impl Told<'_> {
    #[must_use]
    pub fn values(self, issue: Option<&str>) -> Value {
        let Self { web, fork, slug, record, commit, .. } = self;
        let event = Event::parse(self.block.as_bytes()).ok();
        let vote = Vote::parse(self.block.as_bytes()).ok();
        let subject = event.as_ref().map(|e| e.subject).or(vote.as_ref().map(|v| v.subject));
        let facts = record.filter(|_| self.brings_facts);
        // An issue can't carry the file; the fork does.
        let logo = facts.map(|_| format!("{web}/{fork}/raw/{commit}/{PARTNERS}/{slug}/logo.png"));
        json!({
            "title": text::inert(self.title),
            "partner": slug,
            "name": record.map_or_else(|| slug.to_string(), |r| r.name.to_string()),
            "program": self.program.name,
            "website": facts.map(|r| &r.website),
            "github": facts.map(|r| &r.github),
            "email": facts.and_then(|r| r.email.as_ref()),
            "description": facts.and_then(|r| r.description.as_ref()),
            "parent": facts.and_then(|r| r.parent.as_ref()),
            "more": facts.map(|r| further(r, self.program)),
            "logo_url": logo,
            "kind": event.as_ref().map(|e| e.kind),
            "subject": subject,
            "reason": event.as_ref().and_then(|e| e.reason.as_ref()),
            "issue": issue,
            "prow": self.program.github.prow,
        })
    }
}
