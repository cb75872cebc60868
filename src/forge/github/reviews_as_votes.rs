//! Reviews of a pull request, read as votes. The pull request's commit is shown with the votes in place, as on a plain
//! registry they stand on the branch; whatever its author put there in another's name is left out.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::fault::ApiFault;
use super::objects::oid;
use super::partner_query::{Person, Pull, Review};
use super::registry_query::Head;
use super::review_blocks::{block_in, evidence_of};
use super::shown_text::without_comments;
use super::stake_in_words::{self, Told};
use super::withheld::{Fault, Reviews, Unread, Word, changed, unclear, without_a_vote};
use crate::domain::identity::Identity;
use crate::domain::log::event::{Attested, Issue};
use crate::domain::log::kinds::{Ballot, Interest};
use crate::domain::paths::{evidence_in, evidence_name, fact_paths, root_of};
use crate::domain::program::admission::{Door, Entry as Matter, Opened, admit, admit_member, comes_by};
use crate::domain::program::policies::Policies;
use crate::domain::signature::examined;
use crate::domain::values::Invalid;
use crate::domain::votes::cast::{is_beyond, too_many, vote_name, vote_order};
use crate::domain::{
    AccountId, CastVote, Event, Facts, Kind, Life, Login, Program, Record, Sha256, Slug, State, Subject, Time, Vote,
};
use crate::error::Result;
use crate::git::{Commit, Mode, Oid, Put, Repo};
use crate::registry::{Heads, Partner, Proposal, Snapshot, Speaker, is_exit};

/// A pull request with what is known of its content.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub pull: &'a Pull,
    /// Whose partner's it is.
    pub slug: &'a Slug,
    /// The tree of its commit, or as much as is known of it.
    pub tree: Oid,
    /// The parents of its commit, where they are known.
    pub parents: &'a [Oid],
    pub now: Time,
    /// What the machine's clock says, where the environment fixed another time.
    pub clock: Time,
    /// The hash of the registry's founding event.
    pub registry: Sha256,
}

impl Seen<'_> {
    /// Who opened it, with the account's number if it is told.
    fn author<'l>(&self, login: &'l Login) -> Identity<'l> {
        let id = self.pull.author.as_ref().and_then(Person::id);
        Identity { login, id }
    }
}

/// Whether a pull request is a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It is, and its commit shows its votes: what somebody said that doesn't count is told here, and the issue by which somebody
    /// asks for it.
    Open(Unread, Option<Issue>),
    /// It isn't any more: decided, or taken back.
    Over,
    /// It can't be one, and why.
    Refused(String),
}

/// Shows a pull request's commit with its votes. `tree_at` finds the tree of an earlier commit that somebody reviewed.
pub fn show(repo: &Repo, main: &Heads, seen: Seen<'_>, tree_at: &dyn Fn(Oid) -> Option<Oid>) -> Result<Shown> {
    let head = oid(&seen.pull.head_ref_oid).map_err(ApiFault::into_error)?;
    let stand_in = |tree| {
        repo.stand_in(Commit { oid: head, tree, parents: seen.parents.to_vec(), message: String::new() });
    };
    let bot = seen.pull.bot().filter(|_| seen.pull.is_within());
    let Some(author) = seen.pull.by().or_else(|| bot.clone()) else {
        return Ok(Shown::Refused("its author is no person's account, or gone".into()));
    };
    let branch = seen.pull.head_ref_name.clone();
    let subject = if is_exit(&branch) { Subject::Exit } else { Subject::Application };
    let heads = Heads { proposals: [(branch, head)].into_iter().collect(), ..main.clone() };
    let snapshot = Snapshot::new(repo, heads, seen.now)?.by_the_clock(seen.clock);
    let program = snapshot.program()?;
    // First what its author says for itself; that settles what it asks for, and what others can vote on.
    let landed = snapshot.landed(seen.slug)?;
    let mut votes = Votes::new(repo, &landed)?;
    let policies = snapshot.policies_if(false)?;
    if bot.is_none() {
        votes.add_files(seen, &author, &program, &|| snapshot.policies())?;
    }
    stand_in(votes.tree(seen)?);
    let (open, broken) = snapshot.proposals();
    if let Some(why) = broken.first() {
        return Ok(Shown::Refused(why.to_string()));
    }
    let Some(proposal) = open.into_iter().next() else {
        let is_over = snapshot.partner_in(seen.tree, seen.slug)?.life.is_taken_back();
        return Ok(match landed.life.log.is_empty() && !seen.slug.is_program() && !is_over {
            true => Shown::Refused("it brings no application".into()),
            false => Shown::Over,
        });
    };
    // Where a workflow may not open pull requests, a person opens one from the branch that it wrote.
    let written = seen.pull.is_within() && (bot.is_some() || new_events(&landed, &proposal).any(|e| e.by.is_some()));
    let refused = match written {
        true => not_written_for_somebody(&landed, &proposal, bot.as_ref(), &program, seen.now),
        false => not_theirs(&landed, &proposal, seen.author(&author), &program, seen.now),
    };
    if let Some(why) = refused {
        return Ok(Shown::Refused(why));
    }
    debug_assert!((proposal.subject == Subject::Exit) == (subject == Subject::Exit));
    let mut reviews: Vec<&Review> = seen.pull.reviews().collect();
    reviews.sort_by_key(|r| r.submitted_at.clone());
    let seen_at = |commit| seen_in(repo, tree_at(commit)?, &proposal);
    let files = votes.cast.get(&proposal.round).cloned().unwrap_or_default();
    let (unread, stakes) = (Unread::default(), BTreeMap::new());
    let mut given = Reviews { files: &files, said: Vec::new(), unread, stakes };
    for review in reviews {
        match vote_of(review, seen, &proposal, &program, policies.as_deref(), &seen_at) {
            Ok(Word::Vote(said)) => given.take(*said, review),
            Ok(Word::NoStake(who)) => given.take_stake_back(&who, review),
            Ok(Word::Nothing) => {}
            Err(fault) => {
                let who = review.author.as_ref().and_then(|person| reviewer(person, &program).ok()?);
                given.withhold(fault, who.as_ref().map(|(login, _)| login), review);
            }
        }
    }
    let Reviews { said, mut unread, .. } = given;
    for (vote, evidence) in said {
        unread.told.extend(votes.add(vote, evidence).err());
    }
    let issue = proposal.asking().cloned();
    stand_in(votes.tree(seen)?);
    Ok(Shown::Open(unread, issue))
}

/// What a proposal adds to the log that was decided on. What was merged undecided is its author's to answer for, too.
fn new_events<'p>(landed: &Partner, proposal: &'p Proposal) -> impl Iterator<Item = &'p Event> {
    let decided = landed.life.before.as_ref().map_or(landed.life.events, |before| before.events);
    proposal.partner.life.log.iter().map(|l| &l.event).filter(move |e| e.seq > decided)
}

/// Why a workflow can't propose this: it writes down what somebody says in an issue, and nothing else. A member may go on with
/// that, on behalf: to its branch nobody writes who isn't let.
fn not_written_for_somebody(
    landed: &Partner,
    proposal: &Proposal,
    bot: Option<&Login>,
    program: &Program,
    now: Time,
) -> Option<String> {
    if proposal.subject != Subject::Application {
        return Some("a workflow brings applications only".into());
    }
    let mut begun = false;
    for event in new_events(landed, proposal) {
        let file = format!("log/{:04}", event.seq);
        let matter = Matter::Event(event.kind, event.subject);
        if !comes_by(matter, Door::Workflow) || !event.votes.is_empty() {
            return Some(format!("{file} says what only the committee can"));
        }
        let own = |by: &Login| bot.map_or_else(|| by.is_bot(), |bot| by.is(bot));
        let goes_on = event.kind == Kind::Amended && event.by.is_none() && program.may_vote(event.by()) && begun;
        begun = true;
        if !goes_on && (!event.by.as_ref().is_some_and(own) || event.attested.is_none()) {
            return Some(format!("{file} doesn't say which bot wrote it down, and by which issue"));
        }
        if event.time.is_ahead_of(now) {
            return Some(format!("{file} is dated in the future"));
        }
    }
    None
}

/// Why somebody can't propose this: in another's name, or about a partner they don't speak for.
fn not_theirs(landed: &Partner, proposal: &Proposal, by: Identity<'_>, program: &Program, now: Time) -> Option<String> {
    let author = by.login;
    // A login that has changed hands speaks for nobody whom it stood for.
    let contact = proposal.relation().record.map(Record::contact);
    if let Some(known) = contact.filter(|contact| contact.login.is(author) && !contact.is(by)).and_then(|c| c.id) {
        return Some(format!("{author} is another account than number {known}, which the facts know as the contact"));
    }
    let untold = || new_events(landed, proposal).any(|event| event.account.is_none());
    if let Some(id) = program.member_as(by).err().and_then(|member| member.id).filter(|_| untold()) {
        return Some(format!("{author} is another account than number {id}, which the policy knows as the member"));
    }
    let others = |account: Option<AccountId>| account.is_some() && by.id.is_some() && account != by.id;
    for event in new_events(landed, proposal) {
        let file = format!("log/{:04}", event.seq);
        if !event.actor.is(author) {
            return Some(format!("it is by {author}, and {file} is in the name of {}", event.actor));
        }
        if others(event.account) {
            return Some(format!("{file} names another account than that of its author"));
        }
        if let Some(by) = &event.by {
            return Some(format!("{file} says that {by} wrote it down, and comes from {author}"));
        }
        // What else a log may say is for the committee to write.
        let matter = Matter::Event(event.kind, event.subject);
        let from_elsewhere = event.kind == Kind::Imported || event.attested.is_some();
        if !comes_by(matter, Door::Fork) || !event.votes.is_empty() || (event.link.is_some() && !from_elsewhere) {
            return Some(format!("{file} says what only the committee can"));
        }
        if event.time.is_ahead_of(now) {
            return Some(format!("{file} is dated in the future"));
        }
    }
    if proposal.subject == Subject::Application {
        return None;
    }
    // Who begins an exit by a vote is a member; all else is asked for.
    let asks = Matter::Voice(Ballot::Request, proposal.subject);
    let begins = Matter::Voice(Ballot::Approve, proposal.subject);
    let may = |matter| admit(program, by, matter, proposal.relation(), Opened::default()).is_ok();
    let votes = proposal.subject == Subject::Exit && may(begins);
    // What its author might ask for once stays to be seen, with why nothing is decided on it.
    let lapsed = proposal.lapsed && proposal.is_opened_by(author);
    (!lapsed && !votes && !may(asks)).then(|| format!("{author} doesn't speak for {}", proposal.partner.slug))
}

/// The votes of one proposal, round by round, as they are collected.
struct Votes<'r> {
    repo: &'r Repo,
    slug: &'r Slug,
    life: &'r Life,
    cast: BTreeMap<u32, Vec<CastVote>>,
    puts: Vec<(String, Put)>,
}

impl<'r> Votes<'r> {
    /// Begins with what was decided on. What somebody merged undecided counts no more there than where it was proposed.
    fn new(repo: &'r Repo, landed: &'r Partner) -> Result<Self> {
        let entries = landed.directory.votes.map(|v| repo.entries(v)).transpose()?.unwrap_or_default();
        let mut votes = Self { repo, slug: &landed.slug, life: &landed.life, cast: BTreeMap::new(), puts: Vec::new() };
        let decided = entries.into_iter().filter(|e| e.name.parse().is_ok_and(|round| votes.decided(round)));
        votes.puts = decided.map(|e| (e.name.clone(), Put::Object(e.mode, e.oid))).collect();
        Ok(votes)
    }

    fn decided(&self, round: u32) -> bool {
        self.life.used(round) && !(self.life.state == State::Applied && self.life.application_round() == round)
    }

    /// Takes a vote, or says why not.
    fn add(&mut self, vote: Vote, evidence: Option<Vec<u8>>) -> std::result::Result<(), String> {
        if self.decided(vote.round) {
            return Ok(());
        }
        let earlier = self.cast.entry(vote.round).or_default();
        let file = vote_name(earlier.iter().map(|v| &v.vote), &vote.actor);
        if is_beyond(&file) && vote.signature.is_none() {
            return Err(format!("a review by {} doesn't count: {}", vote.actor, too_many()));
        }
        if let (Some(hash), Some(bytes)) = (vote.evidence, evidence) {
            self.puts.push((format!("{}/{}", vote.round, evidence_name(hash)), Put::Bytes(bytes)));
        }
        let block = vote.to_string().into_bytes();
        self.puts.push((format!("{}/{file}", vote.round), Put::Bytes(block.clone())));
        earlier.push(CastVote { hash: Sha256::of(&block), vote, file });
        Ok(())
    }

    /// What the author of the pull request wrote into it for itself: requests; and a member's first vote on an exit, if
    /// nobody else can write to the fork.
    fn add_files(
        &mut self,
        seen: Seen<'_>,
        author: &Login,
        program: &Program,
        policies: &dyn Fn() -> Result<Rc<Policies>>,
    ) -> Result<()> {
        let Some(votes) = votes_in(self.repo, seen.tree, self.slug)? else { return Ok(()) };
        let alone = seen.pull.fork().is_some_and(|fork| fork.owner.is(author));
        for round in self.repo.entries(votes)?.into_iter().filter(|e| e.mode == Mode::Tree) {
            let Ok(number) = round.name.parse::<u32>() else { continue };
            if self.decided(number) {
                continue;
            }
            let mut files = self.repo.entries(round.oid)?;
            files.sort_by_key(|f| vote_order(&f.name));
            for file in files.iter().filter(|f| f.mode == Mode::File && evidence_in(&f.name).is_none()) {
                let Ok(vote) = Vote::parse(&self.repo.blob(file.oid)?) else { continue };
                let own = vote.actor.is(author) && vote.partner == *self.slug && vote.round == number;
                let matter = Matter::Voice(vote.ballot, vote.subject);
                let told = seen.author(author).id;
                let by = Identity { login: author, id: told };
                // Who had a seat began it, and it is to be seen still.
                let seat = || -> Result<bool> {
                    let sits = |policy: &Program| admit_member(policy, by).is_ok();
                    Ok(sits(program) || policies()?.get(&vote.policy).is_some_and(sits))
                };
                let asks = vote.ballot == Ballot::Request;
                let allowed = comes_by(matter, Door::Fork) && (asks || (alone && vote.attested.is_none() && seat()?));
                let same = vote.account.is_none() || told.is_none() || vote.account == told;
                if own && same && allowed && vote.evidence.is_none() {
                    // More than anybody may have are left out, as a registry leaves them out.
                    let _ = self.add(vote, None);
                }
            }
        }
        Ok(())
    }

    /// The tree of the pull request's commit with just these votes in it.
    fn tree(&self, seen: Seen<'_>) -> Result<Oid> {
        let root = root_of(self.slug);
        if self.repo.at_path(seen.tree, &root)?.is_none_or(|e| e.mode != Mode::Tree) {
            return Ok(seen.tree);
        }
        let votes = self.repo.tree_with(None, &self.puts)?;
        Ok(self.repo.tree_with(Some(seen.tree), &[(format!("{root}/votes"), Put::Object(Mode::Tree, votes))])?)
    }
}

fn votes_in(repo: &Repo, tree: Oid, slug: &Slug) -> Result<Option<Oid>> {
    let found = repo.at_path(tree, &format!("{}/votes", root_of(slug)))?;
    Ok(found.filter(|e| e.mode == Mode::Tree).map(|e| e.oid))
}

/// What a review says: a vote, by the block in it, or as a plain click. Why a member's doesn't count is an error.
fn vote_of(
    review: &Review,
    seen: Seen<'_>,
    proposal: &Proposal,
    program: &Program,
    policies: Option<&Policies>,
    seen_at: &dyn Fn(Oid) -> Option<(Facts, Option<Sha256>)>,
) -> Result<Word, Fault> {
    // What strangers say is no vote, however they say it.
    let Some(person) = review.author.as_ref() else { return Ok(Word::Nothing) };
    let Some((author, account)) = reviewer(person, program)? else { return Ok(Word::Nothing) };
    let (Ok(_), Some(at)) = (admit_member(program, &author), review.submitted_at.as_ref()) else {
        return Ok(Word::Nothing);
    };
    let Ok(time) = at.parse::<Time>() else { return Ok(Word::Nothing) };
    let ballot = match review.state.as_str() {
        "APPROVED" => Some(Ballot::Approve),
        "CHANGES_REQUESTED" => Some(Ballot::Reject),
        _ => None,
    };
    // What nobody sees says nothing.
    let body = without_comments(&review.body);
    let says_something = ballot.is_some() || block_in(&body).is_some();
    let early = |m| policies.is_some_and(|known| known.seated().precede(m, time));
    if says_something && program.member(&author).is_some_and(early) {
        return Err(format!(
            "a review by {author} is from before {author} joined the committee, and doesn't count; {author} votes by pressing the button again, or with karmada-partner review {}",
            seen.slug
        ).into());
    }
    // Who can write to a repository can change the words of others, and dismiss them: what was said mustn't become better by that.
    let meddled = review.edited_at.is_some() && review.editor.as_ref().is_none_or(|e| !e.is(&author));
    let by_block = || Some(Told::Said(Vote::parse(block_in(&body)?.as_bytes()).ok()?.interest?));
    let stake = match by_block().unwrap_or_else(|| stake_in_words::told(&body)) {
        Told::Said(Interest::None) | Told::Unclear | Told::Nothing if meddled => Told::Lost,
        told => told,
    };
    if review.state == "DISMISSED" {
        let told = format!("a review by {author} was dismissed, and doesn't count");
        return Err(Fault { told, why: Some("dismissed; press the button again".into()), withdraws: true, stake });
    }
    if meddled {
        return Err(changed(review, &author, ballot, stake));
    }
    if let Some(block) = block_in(&body) {
        let Ok(vote) = Vote::parse(block.as_bytes()) else {
            return Err(format!("the vote in a review by {author} can't be read").into());
        };
        if ballot.is_some_and(|pressed| pressed != vote.ballot) {
            return Err(format!(
                "a review by {author} says {} in its vote and another thing by its button, and doesn't count; {author} votes again with karmada-partner review {}",
                vote.ballot, seen.slug
            ).into());
        }
        let about = vote.partner == *seen.slug
            && vote.registry == seen.registry
            && vote.round == proposal.round
            && vote.subject == proposal.subject;
        let then = policies.map_or(Some(program), |known| known.get(&vote.policy));
        if let Some(Err(fault)) = then.and_then(|p| p.member(&author)).map(|m| examined::of_vote(&vote, m)) {
            return Err(format!("the vote in a review by {author} doesn't count: {fault}").into());
        }
        if policies.is_some() && then.is_none() {
            return Err(format!("the vote in a review by {author} names a policy that was never decided").into());
        }
        let own = vote.actor.is(&author) && vote.attested.is_none() && vote.ballot != Ballot::Request;
        let timely = vote.time.is_near(time);
        if about && own && !timely {
            return Err(format!("the vote in a review by {author} is dated otherwise than GitHub saw it").into());
        }
        let opens = vote.log.is_none() && !proposal.is_opened_by(&author);
        if opens {
            return Err(format!("the vote in a review by {author} doesn't say what it is about").into());
        }
        let evidence = vote.evidence.map(|hash| evidence_of(&body, hash));
        if evidence == Some(None) {
            return Err(format!("the vote in a review by {author} names evidence that isn't there as it was").into());
        }
        return match about && own {
            true => Ok(Word::Vote(Box::new((vote, evidence.flatten())))),
            false => Err(format!("the vote in a review by {author} is about something else, or not theirs").into()),
        };
    }
    let Some(ballot) = ballot else { return without_a_vote(author, stake) };
    let interest = match stake {
        Told::Nothing => None,
        Told::Said(interest) => Some(interest),
        Told::Unclear | Told::Lost => return Err(unclear(&author, stake)),
    };
    let Some(Head { oid: reviewed, .. }) = &review.commit else {
        return Err(format!(
            "GitHub doesn't say any more of which commit a review by {author} was; {author} votes by pressing the button again, or with karmada-partner review {}",
            seen.slug
        ).into());
    };
    let current = *reviewed == seen.pull.head_ref_oid;
    let gone = || Fault::from(format!("a review by {author} was of something that is gone, and has to be given again"));
    let then = match (current, proposal.subject) {
        (true, _) => None,
        // The terms may have been others.
        (false, Subject::Exit) => return Err(gone()),
        (false, _) => Some(reviewed.parse().ok().and_then(seen_at).ok_or_else(gone)?),
    };
    let by = Speaker { actor: &author, time, policy: program.hash };
    let now = proposal.say(seen.registry, ballot, by, proposal.terms().cloned());
    let (facts, log) = then.unwrap_or((now.facts, now.log));
    let link = review.url.parse().map_err(|e: Invalid| Fault::from(e.why))?;
    let head = reviewed.parse().map_err(|e: Invalid| Fault::from(e.why))?;
    let vote = Vote { account, facts, log, interest, attested: Some(Attested { link, head }), ..now };
    Ok(Word::Vote(Box::new((vote, None))))
}

/// Who wrote a review, as the policy calls them, and the number of their account. A login that has changed hands is nobody's.
fn reviewer(person: &Person, program: &Program) -> Result<Option<(Login, Option<AccountId>)>, String> {
    let Some(login) = person.account() else { return Ok(None) };
    let id = person.id();
    match program.member_as(Identity { login: &login, id }) {
        Ok(Some(member)) => Ok(Some((member.github.clone(), id))),
        Ok(None) => Ok(Some((login, id))),
        Err(member) => Err(format!(
            "a review by {login} doesn't count: the policy knows that member as account number {}, and this is another",
            member.id.map(|id| id.to_string()).unwrap_or_default()
        )),
    }
}

/// What was to be seen of a proposal in an earlier tree: its facts, and the newest word of whoever proposes.
fn seen_in(repo: &Repo, tree: Oid, proposal: &Proposal) -> Option<(Facts, Option<Sha256>)> {
    let slug = &proposal.partner.slug;
    let facts = facts_in(repo, tree, slug)?;
    let entry = repo.at_path(tree, &root_of(slug)).ok()??;
    let then = Partner::read(repo, slug.clone(), entry.oid).ok()?;
    let log = match proposal.subject {
        Subject::Application => then.life.said?,
        _ => {
            let opener = proposal.opener()?;
            let own = then.directory.votes(repo, slug, proposal.round, &|v| v.actor.is(opener)).ok()?;
            proposal.proposed(&own)?.hash
        }
    };
    Some((facts, Some(log)))
}

fn facts_in(repo: &Repo, tree: Oid, slug: &Slug) -> Option<Facts> {
    let hash = |path: &str| {
        let entry = repo.at_path(tree, path).ok()??;
        Some(Sha256::of(&repo.blob(entry.oid).ok()?))
    };
    let (record, logo) = fact_paths(slug);
    let logo = match logo {
        Some(path) => Some(hash(&path)?),
        None => None,
    };
    Some(Facts { record: hash(&record)?, logo })
}
