//! Whether a commit is one that this program would have written: one entry, in its own partner's directory, with the words
//! that follow from it, and nothing else. Only such commits of a proposal become history of the default branch.

use super::side::{MOST_COMMITS, Side};
use super::trunk::Trunk;
use crate::domain::limits;
use crate::domain::log::event::{Event, Vote};
use crate::domain::log::kinds::Kind;
use crate::domain::log::message::{self, About, Message, changed_fields};
use crate::domain::paths::{PROGRAM, Place, evidence_fault, fact_paths, place_of};
use crate::domain::program::Program;
use crate::domain::record::{Field, Record};
use crate::domain::text;
use crate::domain::values::{AccountId, Line, Login, Sha256, Slug, Time};
use crate::domain::votes::cast::{is_named_after, vote_order};
use crate::git::{Difference, Mode, Oid, Put, Repo, RepoError, WholeCommit, unfit_for_author};

/// What a commit of ours brings.
#[derive(Debug)]
pub(crate) struct Own {
    pub partner: Slug,
    /// Its files below `data/`, but for facts: where, and what.
    pub files: Vec<(String, Oid)>,
    /// The logo that it brings.
    pub logo: Option<Oid>,
    /// Whether it is a decision, which no proposal brings along.
    pub decides: bool,
}

/// Why a commit isn't one of ours, as a clause.
type Foreign = String;

/// On what a commit is to land: the tree of the default branch, and the policy in force there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Landing<'a> {
    pub tree: Oid,
    pub program: Option<&'a Program>,
}

/// What a commit brings that this program would have written; or why it wouldn't have.
pub(crate) fn judge(repo: &Repo, oid: Oid, on: Landing<'_>) -> Result<Result<Own, Foreign>, RepoError> {
    judge_after(repo, oid, None, on)
}

/// The same where the tree of the commit before it is known.
fn judge_after(repo: &Repo, oid: Oid, before: Option<Oid>, on: Landing<'_>) -> Result<Result<Own, Foreign>, RepoError> {
    let Some(commit) = repo.whole_commit(oid)? else { return Ok(Err("it isn't as git writes commits".into())) };
    let [parent] = *commit.parents else {
        return Ok(Err(if commit.parents.is_empty() { "it begins a history" } else { "it is a merge" }.into()));
    };
    let parent = before.map_or_else(|| Ok(repo.commit_itself(parent)?.tree), Ok::<_, RepoError>)?;
    let mut changed = Vec::new();
    for Difference { path, old: before, new: now } in repo.differences(Some(parent), Some(commit.tree))? {
        // What stands on the default branch is history already.
        let landed = repo.at_path(on.tree, &path)?.map(|e| (e.mode, e.oid));
        if now != landed {
            changed.push(Changed { path, before, now });
        }
    }
    Candidate { repo, commit: &commit, parent, changed, on }.judge()
}

/// Why the commits of a branch can't become history of the default branch, and which commit it is; `None` when they can. They
/// must all be ours and about `slug`; `lands` says whether a file of theirs comes along, `fit` whether a logo would do.
pub(crate) fn unfit(
    repo: &Repo,
    (main, head): (Oid, Oid),
    slug: &Slug,
    lands: &dyn Fn(&str, Oid) -> bool,
    fit: &dyn Fn(&[u8], &Program) -> bool,
) -> Result<Option<(Oid, Foreign)>, RepoError> {
    let (tree, program) = landing_on(repo, main)?;
    let base = repo.merge_base(main, head)?;
    let mut at = head;
    for _ in 0..MOST_COMMITS {
        if Some(at) == base {
            return Ok(None);
        }
        let own = match judge(repo, at, Landing { tree, program: program.as_ref() })? {
            Ok(own) => own,
            Err(why) => return Ok(Some((at, why))),
        };
        let commit = repo.commit_itself(at)?;
        let Some(parent) = commit.parents.first().copied() else { break };
        let mut why = None;
        if own.partner != *slug {
            why = Some(format!("it is about {}", own.partner));
        } else if own.decides {
            why = Some("it decides something".into());
        } else if let Some((path, _)) = own.files.iter().find(|(path, oid)| !lands(path, *oid)) {
            why = Some(format!("it brings {}, which doesn't land", text::visible(path)));
        } else if !is_nothing_else(repo, parent, &commit.tree)? {
            why = Some("it brings more than files".into());
        } else if let (Some(logo), Some(program)) = (own.logo, &program)
            && !fit(&repo.blob(logo)?, program)
        {
            why = Some("it brings a logo that can't be accepted".into());
        }
        if let Some(why) = why {
            return Ok(Some((at, why)));
        }
        at = parent;
    }
    Ok(Some((at, "the branch is too long".into())))
}

/// Whether a tree is made of its parent's and the files that differ: no empty directories, no odd modes.
fn is_nothing_else(repo: &Repo, parent: Oid, tree: &Oid) -> Result<bool, RepoError> {
    let before = repo.commit_itself(parent)?.tree;
    let mut puts = Vec::new();
    for path in repo.differing(Some(before), Some(*tree))? {
        let put = repo.at_path(*tree, &path)?.map_or(Put::Nothing, |e| Put::Object(e.mode, e.oid));
        puts.push((path, put));
    }
    Ok(repo.tree_with(Some(before), &puts)? == *tree)
}

/// The commits that a merge brings and that aren't ours, each with why. A branch that touches nothing of the registry is
/// about something else. What the default branch was merged into is no fault, if nothing else came with it. `behind`: all that
/// stands behind a side which is no row of commits.
pub(crate) fn brought(
    repo: &Repo,
    before: Oid,
    (side, behind): (&Side, Option<&[Oid]>),
    trunk: &Trunk<'_>,
    program: Option<&Program>,
) -> Result<Vec<(Oid, Foreign)>, RepoError> {
    let mut commits: Vec<(Oid, Option<Oid>)> = Vec::new();
    if side.is_row() {
        let mut parent = side.fork;
        for own in &side.commits {
            commits.push((own.oid, parent.map(Oid::from)));
            parent = Some(own.tree);
        }
        commits.reverse();
        trunk.merged(side.commits.iter().map(|own| own.oid));
    } else {
        commits.extend(behind.unwrap_or_default().iter().map(|oid| (*oid, None)));
    }
    let tree = repo.commit_itself(before)?.tree;
    let (mut foreign, mut ours) = (Vec::new(), false);
    for (oid, parent) in commits {
        match judge_after(repo, oid, parent, Landing { tree, program })? {
            Ok(_) => ours = true,
            Err(_) if is_catch_up(repo, oid, &|at| Ok(trunk.holds(at)? || repo.contains(before, at)?))? => {}
            Err(why) => foreign.push((oid, why)),
        }
    }
    for (oid, _) in &foreign {
        ours = ours || touches_data(repo, *oid)?;
    }
    foreign.reverse();
    Ok(if ours { foreign } else { Vec::new() })
}

/// The first of these commits of which an audit would warn if it is merged into the default branch as it is now, and why.
pub(crate) fn foreign(
    repo: &Repo,
    commits: impl Iterator<Item = Oid>,
    main: Oid,
) -> Result<Option<(Oid, Foreign)>, RepoError> {
    let (tree, program) = landing_on(repo, main)?;
    for oid in commits {
        match judge(repo, oid, Landing { tree, program: program.as_ref() })? {
            Err(why) if !is_catch_up(repo, oid, &|at| repo.contains(main, at))? => return Ok(Some((oid, why))),
            _ => {}
        }
    }
    Ok(None)
}

/// The tree of a default branch, and the policy there.
fn landing_on(repo: &Repo, main: Oid) -> Result<(Oid, Option<Program>), RepoError> {
    let tree = repo.commit_itself(main)?.tree;
    let policy = repo.at_path(tree, PROGRAM)?.map(|e| repo.blob(e.oid)).transpose()?;
    Ok((tree, policy.and_then(|bytes| Program::parse(&bytes).ok())))
}

fn touches_data(repo: &Repo, oid: Oid) -> Result<bool, RepoError> {
    let commit = repo.commit_itself(oid)?;
    let parent = commit.parents.first().map(|p| repo.commit_itself(*p)).transpose()?.map(|c| c.tree);
    Ok(repo.differing(parent, Some(commit.tree))?.iter().any(|path| path.starts_with("data/")))
}

/// Whether a commit merges the default branch into a proposal's, as GitHub's button for it does, and does nothing else.
fn is_catch_up(repo: &Repo, oid: Oid, holds: &dyn Fn(Oid) -> Result<bool, RepoError>) -> Result<bool, RepoError> {
    let Some(commit) = repo.whole_commit(oid)? else { return Ok(false) };
    let [own, theirs] = *commit.parents else { return Ok(false) };
    let message = commit.message.trim_end();
    let plain = message.starts_with("Merge ") && !message.contains('\n') && message.len() <= 300;
    if !plain || text::inert(message) != message || !is_bare(&commit) {
        return Ok(false);
    }
    if !holds(theirs)? {
        return Ok(false);
    }
    let theirs = repo.commit_itself(theirs)?.tree;
    for path in repo.differing(Some(repo.commit_itself(own)?.tree), Some(commit.tree))? {
        let id = |tree: Oid| Ok::<_, RepoError>(repo.at_path(tree, &path)?.map(|e| (e.mode, e.oid)));
        if id(commit.tree)? != id(theirs)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether its head says no more than ours do: it may be signed.
fn is_bare(commit: &WholeCommit) -> bool {
    commit.more.len() <= 1 && commit.more.iter().all(|(key, size)| key == "gpgsig" && *size <= limits::COMMIT_SIGNATURE)
}

#[derive(Debug)]
struct Changed {
    path: String,
    before: Option<(Mode, Oid)>,
    now: Option<(Mode, Oid)>,
}

/// The one entry that a commit is about.
enum Said {
    Event(Event),
    Vote(Vote),
}

impl Said {
    const fn partner(&self) -> &Slug {
        match self {
            Self::Event(event) => &event.partner,
            Self::Vote(vote) => &vote.partner,
        }
    }

    const fn time(&self) -> Time {
        match self {
            Self::Event(event) => event.time,
            Self::Vote(vote) => vote.time,
        }
    }

    /// Who wrote the commit.
    const fn writer(&self) -> &Login {
        match self {
            Self::Event(Event { by: Some(by), .. }) => by,
            Self::Event(event) => &event.actor,
            Self::Vote(vote) => &vote.actor,
        }
    }

    /// Who said so in an issue, with which account, where somebody else wrote it down.
    const fn applicant(&self) -> Option<(&Login, AccountId)> {
        match self {
            Self::Event(Event { by: Some(_), attested: Some(_), account: Some(account), actor, .. }) => {
                Some((actor, *account))
            }
            _ => None,
        }
    }

    /// Whether the facts that it names come with it.
    const fn brings_facts(&self) -> bool {
        match self {
            Self::Event(event) => event.kind.applies(),
            Self::Vote(vote) => vote.brings_facts(),
        }
    }

    const fn decides(&self) -> bool {
        matches!(self, Self::Event(event) if event.kind.decides())
    }

    fn withdraws(&self) -> bool {
        matches!(self, Self::Event(event) if event.kind == Kind::Withdrawn)
    }

    /// Whether its words act on nothing on GitHub, where its block stands in the commit's message.
    fn is_at_rest(&self) -> bool {
        match self {
            Self::Event(event) => event.words().all(Line::is_at_rest),
            Self::Vote(vote) => vote.note.iter().all(Line::is_at_rest),
        }
    }

    fn block(&self) -> String {
        match self {
            Self::Event(event) => event.to_string(),
            Self::Vote(vote) => vote.to_string(),
        }
    }
}

/// The files of a commit, by what they are for.
#[derive(Default)]
struct Files {
    events: Vec<(String, Oid)>,
    votes: Vec<(u32, String, Oid)>,
    evidence: Vec<(u32, Sha256, Oid)>,
    facts: bool,
    policies: bool,
}

struct Candidate<'a> {
    repo: &'a Repo,
    commit: &'a WholeCommit,
    parent: Oid,
    changed: Vec<Changed>,
    on: Landing<'a>,
}

/// Ends a judgement where it isn't so.
macro_rules! demand {
    ($so:expr, $($why:tt)+) => {
        if !$so {
            return Ok(Err(format!($($why)+)));
        }
    };
}

impl Candidate<'_> {
    fn judge(self) -> Result<Result<Own, Foreign>, RepoError> {
        let commit = self.commit;
        demand!(commit.message.len() <= limits::COMMIT, "its message is too long");
        demand!(is_bare(commit), "its head says more than ours do");
        let (said, files, outside) = match self.sorted()? {
            Ok(sorted) => sorted,
            Err(why) => return Ok(Err(why)),
        };
        let slug = said.partner().clone();
        demand!(said.is_at_rest(), "it says what GitHub would act on");
        demand!(
            outside.is_none() || said.decides(),
            "it changes {}",
            text::visible(outside.as_deref().unwrap_or_default())
        );
        if let Err(why) = self.fits(&said, &files)? {
            return Ok(Err(why));
        }
        let Some(who) = Who::read(&commit.author) else { return Ok(Err("it doesn't say who wrote it".into())) };
        let Some(hand) = Who::read(&commit.committer) else { return Ok(Err("it doesn't say who committed it".into())) };
        // What a bot took from an issue may name as its author who wrote that, if its author agreed.
        match said.applicant().filter(|_| commit.author != commit.committer) {
            Some((applicant, account)) => {
                demand!(who.is_account(applicant, account), "it is in the name of {}", text::quote(who.name));
                demand!(who.is(applicant, self.on.program), "it is in the name of {}", text::quote(who.name));
            }
            None => demand!(commit.author == commit.committer, "somebody else committed it than wrote it"),
        }
        demand!(hand.is(said.writer(), self.on.program), "it is in the name of {}", text::quote(hand.name));
        let near = who.time.is_near(said.time()) && hand.time.is_near(said.time());
        demand!(near, "it is dated otherwise than what it brings");
        demand!(self.words(&said, &who)?, "its message isn't what karmada-partner writes for what it brings");
        let logo = self.at(&slug)?.1.filter(|_| said.brings_facts());
        let file = |c: &Changed| Some((c.path.clone(), c.now?.1));
        let (record, logo_path) = fact_paths(&slug);
        let is_fact = |path: &str| path == record || Some(path) == logo_path.as_deref();
        let files = self.changed.iter().filter(|c| !is_fact(&c.path)).filter_map(file).collect();
        Ok(Ok(Own { partner: slug, files, logo, decides: said.decides() }))
    }

    /// The entry, and the files by what they are for; and a path outside of its directory, if there is one.
    #[expect(clippy::type_complexity, reason = "a result of its own, within one that may fail")]
    fn sorted(&self) -> Result<Result<(Said, Files, Option<String>), Foreign>, RepoError> {
        let (mut files, mut slug, mut outside) = (Files::default(), None, None);
        for Changed { path, before, now } in &self.changed {
            let Some((about, place)) = place_of(path) else {
                demand!(!path.starts_with("data/"), "it changes {}", text::visible(path));
                outside = Some(path.clone());
                continue;
            };
            demand!(*slug.get_or_insert_with(|| about.clone()) == about, "it is about several partners");
            let plain = now.is_none_or(|(mode, _)| mode == Mode::File);
            demand!(plain, "{} is no plain file", text::visible(path));
            let added = now.filter(|_| before.is_none()).map(|(_, oid)| oid);
            match place {
                Place::Record | Place::Logo => files.facts = true,
                _ if added.is_none() => return Ok(Err(format!("it changes {}", text::visible(path)))),
                Place::Event(name) => files.events.extend(added.map(|oid| (name, oid))),
                Place::Vote(round, name) => files.votes.extend(added.map(|oid| (round, name, oid))),
                Place::Evidence(round, hash) => files.evidence.extend(added.map(|oid| (round, hash, oid))),
                Place::Policy(_) => files.policies = true,
            }
        }
        files.events.sort_by(|a, b| a.0.cmp(&b.0));
        files.votes.sort_by_key(|(_, name, _)| vote_order(name));
        let (name, read) = match (files.events.last(), files.votes.last()) {
            (Some((name, oid)), _) => (name.clone(), Event::parse(&self.repo.blob(*oid)?).map(Said::Event)),
            (None, Some((_, name, oid))) => (name.clone(), Vote::parse(&self.repo.blob(*oid)?).map(Said::Vote)),
            (None, None) => return Ok(Err("it brings no entry".into())),
        };
        let Ok(said) = read else { return Ok(Err("it brings what can't be read".into())) };
        let placed = Some(said.partner()) == slug.as_ref()
            && match &said {
                Said::Event(event) => name == format!("{:04}", event.seq),
                Said::Vote(vote) => {
                    files.votes.iter().all(|(round, name, _)| vote.round == *round && is_named_after(name, &vote.actor))
                }
            };
        demand!(placed, "what it brings isn't where it belongs");
        Ok(Ok((said, files, outside)))
    }

    /// Whether the other files are those that go with the entry.
    fn fits(&self, said: &Said, files: &Files) -> Result<Result<(), Foreign>, RepoError> {
        // What a decision brings is held to its votes.
        if said.decides() {
            return Ok(Ok(()));
        }
        demand!(!files.policies, "it brings a policy");
        demand!(!files.facts || said.brings_facts(), "it changes facts that it doesn't bring");
        let (events, votes) = (&files.events, &files.votes);
        match said {
            // What is taken back comes with what was said of it.
            Said::Event(event) if said.withdraws() => {
                for (name, oid) in &events[..events.len() - 1] {
                    let other = Event::parse(&self.repo.blob(*oid)?);
                    let its = |e: &Event| e.kind.applies() && e.partner == event.partner && e.round == event.round;
                    let its = |e: &Event| its(e) && *name == format!("{:04}", e.seq);
                    demand!(other.as_ref().is_ok_and(its), "log/{} is of something else", text::visible(name));
                }
                for (round, name, oid) in votes {
                    let other = Vote::parse(&self.repo.blob(*oid)?);
                    let here = |v: &Vote| v.round == *round && is_named_after(name, &v.actor);
                    let its = |v: &Vote| v.partner == event.partner && *round == event.round && here(v);
                    demand!(other.as_ref().is_ok_and(its), "votes/{round}/{} is no vote on it", text::visible(name));
                }
            }
            Said::Event(_) => demand!(events.len() == 1 && votes.is_empty(), "it brings several entries"),
            Said::Vote(_) => demand!(votes.len() == 1, "it brings several entries"),
        }
        for (round, hash, oid) in &files.evidence {
            let named = match said {
                Said::Vote(vote) => vote.evidence == Some(*hash) && vote.round == *round,
                Said::Event(_) => false,
            };
            demand!(named && evidence_fault(*hash, &self.repo.blob(*oid)?).is_none(), "it brings evidence of nothing");
        }
        if !said.brings_facts() {
            return Ok(Ok(()));
        }
        let (slug, facts) = match said {
            Said::Event(event) => (&event.partner, event.facts),
            Said::Vote(vote) => (&vote.partner, vote.facts),
        };
        let (record, logo) = self.at(slug)?;
        let record = record.map(|oid| self.repo.blob(oid)).transpose()?.unwrap_or_default();
        let logo = logo.map(|oid| self.repo.blob(oid)).transpose()?;
        let named = Sha256::of(&record) == facts.record && logo.as_deref().map(Sha256::of) == facts.logo;
        demand!(named && record.len() <= limits::DOCUMENT, "it brings other facts than it names");
        let readable = match slug.is_program() {
            true => Program::parse(&record).is_ok(),
            false => Record::parse(&record).is_ok(),
        };
        demand!(readable, "it brings facts that can't be read");
        Ok(Ok(()))
    }

    /// The files of facts as the commit has them.
    fn at(&self, slug: &Slug) -> Result<(Option<Oid>, Option<Oid>), RepoError> {
        facts_at(self.repo, self.commit.tree, slug)
    }

    /// Whether the message is what follows from the entry, but for white space at its end.
    fn words(&self, said: &Said, who: &Who<'_>) -> Result<bool, RepoError> {
        let slug = said.partner();
        let block = said.block();
        let written = self.commit.message.trim_end();
        let is = |about: About<'_>| {
            let message = match said {
                Said::Event(event) => Message::of_event(event, about),
                Said::Vote(vote) => Message::of_vote(vote, about),
            };
            if said.decides() {
                return tells_of(written, &message.title, &block, who);
            }
            message::whole(&message.title, &message.notes, &block, (who.name, who.mailbox)).trim_end() == written
        };
        let here = match said {
            // What was taken back may be gone with its branch.
            Said::Event(event) if said.withdraws() => self.repo.file_bytes(event.objects.record)?,
            Said::Event(event) if !said.brings_facts() => Some(self.repo.blob(event.objects.record.into())?),
            _ => self.at(slug)?.0.map(|oid| self.repo.blob(oid)).transpose()?,
        };
        if slug.is_program() {
            let program = here.and_then(|bytes| Program::parse(&bytes).ok());
            return Ok(is(About::named(program.as_ref().map_or(slug.as_str(), |p| p.name.as_str()))));
        }
        let record = here.and_then(|bytes| Record::parse(&bytes).ok());
        let Some(record) = record else {
            // Who it is that takes something back isn't here any more.
            return Ok(said.withdraws() && names_somebody(written, said, &is));
        };
        let about = About { record: Some(&record), ..About::named(record.name.as_str()) };
        // What changed: since the commit before, or where that is an old one, since what stands on the default branch.
        let (_, present) = self.at(slug)?;
        for before in [self.parent, self.on.tree] {
            let (old, logo) = facts_at(self.repo, before, slug)?;
            let old = old.map(|oid| self.repo.blob(oid)).transpose()?.and_then(|bytes| Record::parse(&bytes).ok());
            let changed: Vec<Field> = old.map(|old| changed_fields(&record, &old, logo != present)).unwrap_or_default();
            if is(About { changed: &changed, ..about }) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn facts_at(repo: &Repo, tree: Oid, slug: &Slug) -> Result<(Option<Oid>, Option<Oid>), RepoError> {
    let (record, logo) = fact_paths(slug);
    let at = |path: &str| Ok(repo.at_path(tree, path)?.filter(|e| e.mode == Mode::File).map(|e| e.oid));
    Ok((at(&record)?, logo.map(|path| at(&path)).transpose()?.flatten()))
}

/// Whether a message is a decision's: its title, then what tells of the votes, then block and sign-off.
fn tells_of(written: &str, title: &str, block: &str, who: &Who<'_>) -> bool {
    let begin = format!("{}\n\n", text::inert(title));
    let end = format!("{block}Signed-off-by: {} <{}>", who.name, who.mailbox);
    let Some(notes) = written.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(&end)) else { return false };
    let harmless = |l: &str| text::inert(l) == l && !l.starts_with("KP-") && l.len() <= 4_096;
    notes.lines().all(harmless)
}

/// Whether a message is that of something taken back, whoever it names.
fn names_somebody(written: &str, said: &Said, is: &dyn Fn(About<'_>) -> bool) -> bool {
    let Said::Event(event) = said else { return false };
    let title = written.lines().next().unwrap_or_default().replace('\u{200b}', "");
    let begin = format!("{}: the {} of ", event.partner, event.subject);
    let name = title.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(" is withdrawn"));
    name.is_some_and(|name| text::fault(name).is_none() && name.len() <= 400 && is(About::named(name)))
}

/// Who wrote a commit, by its head.
#[derive(Debug, PartialEq, Eq)]
struct Who<'a> {
    name: &'a str,
    mailbox: &'a str,
    time: Time,
}

impl<'a> Who<'a> {
    /// As this program writes it: in UTC.
    fn read(line: &'a str) -> Option<Self> {
        let (rest, zone) = line.rsplit_once(' ')?;
        let (who, time) = rest.rsplit_once(' ')?;
        let (name, mailbox) = who.strip_suffix('>')?.split_once(" <")?;
        let time = time.parse().ok().filter(|_| zone == "+0000").map(Time::from_unix)?;
        [name, mailbox].into_iter().all(|part| unfit_for_author(part).is_none()).then_some(Self { name, mailbox, time })
    }

    /// Whether it has the mailbox that GitHub lends this very account.
    fn is_account(&self, login: &Login, account: AccountId) -> bool {
        self.mailbox.eq_ignore_ascii_case(&format!("{account}+{login}@users.noreply.github.com"))
    }

    /// Whether it may be the person: with the mailbox that GitHub lends them, or one of their own; and not by the name of
    /// somebody else who has a seat.
    fn is(&self, person: &Login, program: Option<&Program>) -> bool {
        let (local, host) = self.mailbox.split_once('@').unwrap_or((self.mailbox, ""));
        let login = local.split_once('+').map_or(local, |(_, login)| login);
        if host.eq_ignore_ascii_case("users.noreply.github.com") && !login.eq_ignore_ascii_case(person.as_str()) {
            return false;
        }
        let others = program.iter().flat_map(|p| &p.committee).filter(|m| !m.github.is(person));
        let names = |m: &str| [self.name, local].iter().any(|own| own.eq_ignore_ascii_case(m));
        others.into_iter().all(|m| !names(m.github.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_it_is_read_as_it_is_written() {
        let line = "Jane Doe <7+jane@users.noreply.github.com> 1790000000 +0000";
        let who = Who::read(line).unwrap();
        assert_eq!(
            (who.name, who.mailbox, who.time.unix()),
            ("Jane Doe", "7+jane@users.noreply.github.com", 1_790_000_000)
        );
        // Whatever number stands there.
        let ends = Who::read("Jane <j@x> -9223372036854775808 +0000").unwrap();
        assert!(!ends.time.is_near(who.time));
        for wrong in
            ["", "Jane", "Jane <j@x> soon +0000", "Jane <j@x> 5 +0100", " <j@x> 5 +0000", "J <a> <j@x> 5 +0000"]
        {
            assert_eq!(Who::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_lent_mailbox_is_of_one_account() {
        let is = |mailbox: &str| {
            let account = AccountId::new(7).unwrap();
            Who { name: "Jane", mailbox, time: Time::from_unix(0) }.is_account(&"Jane".parse().unwrap(), account)
        };
        assert!(is("7+jane@users.noreply.github.com"));
        for other in ["jane@users.noreply.github.com", "8+jane@users.noreply.github.com", "jane@example.com"] {
            assert!(!is(other), "{other}");
        }
    }

    #[test]
    fn nobody_writes_in_the_name_of_another() {
        let program = Program::parse(
            b"schema = 1\nname = \"P\"\n\n[[committee]]\ngithub = \"alice\"\naffiliation = \"A\"\n\n[[committee]]\ngithub = \"jane\"\naffiliation = \"B\"\n",
        )
        .unwrap();
        let is = |name: &str, mailbox: &str| {
            Who { name, mailbox, time: Time::from_unix(0) }.is(&"Jane".parse().unwrap(), Some(&program))
        };
        assert!(is("jane", "jane@users.noreply.github.com") && is("Jane", "7+jane@users.noreply.github.com"));
        assert!(is("Jane Doe", "jane.doe@example.com"));
        assert!(!is("Jane", "bob@users.noreply.github.com") && !is("Jane", "9+alice@users.noreply.github.com"));
        assert!(!is("Alice", "jane@example.com") && !is("Jane", "alice@example.com"));
    }
}
