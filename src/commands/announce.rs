//! `announce`: where proposals stand, told where people look.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::evidence::gathering::Gathering;
use crate::domain::check::Severity;
use crate::domain::program::github::Numbered;
use crate::domain::program::upkeep_rules::Website;
use crate::domain::{Date, Event, Kind, Login, Program, Slug, Subject, limits, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::evidence::Id;
use crate::forge::board::{Board, Comment, Ended, HELD, NoProposal, Post, Put, Shown, State, Wish};
use crate::forge::github::decide::{brought_by, is_decision_branch};
use crate::forge::github::form_comment::leads_to;
use crate::forge::github::propose::Told;
use crate::forge::github::texts::Texts;
use crate::forge::{Forge, People};
use crate::git::Oid;
use crate::language;
use crate::registry::authorship::{self, Authored};
use crate::registry::{Partner, Proposal, Snapshot, slug_of};
use crate::session::Context;
use crate::workflow::announcement::{self, Announcement, Memory, Nothing, TakenBack, Waiting, seen_before, seen_now};
use crate::workflow::automatic::{self, Tried};
use crate::workflow::beside::{self, Matter};
use crate::workflow::counting::carried;
use crate::workflow::lookup::{all_readable, look, people};
use crate::workflow::webpage::{self, Decided};
use crate::workflow::website_files::Elsewhere;
use crate::workflow::{deciding, described, landing, overtaken, own_issue, telling};

/// Tell on the pull requests where proposals stand: a commit status, one comment, a label, whom is asked for a vote
///
/// For a workflow, with its own token; what is there already is left alone. The comment says who voted how, which votes don't
/// count and why, who may still vote, and what to do next. Where the program says so (`decide = "auto"` under `[github]`), applications
/// and updates that the votes carry are decided, too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner announce --dry-run
  karmada-partner announce --pull-request 7")]
pub struct Args {
    /// Which pull request
    #[arg(long, value_name = "NUMBER", value_parser = crate::session::numbered, conflicts_with = "all")]
    pull_request: Option<Numbered>,
    /// All that are open, or were decided since; this is the default
    #[arg(long)]
    all: bool,
}

/// Why a click isn't asked for that GitHub would do more by.
const OTHER_WORDS: &str = "it was taken back, and its text isn't what karmada-partner wrote, and can't be changed back";

/// What became of one pull request.
struct Outcome {
    number: u64,
    url: String,
    slug: Option<Slug>,
    standing: &'static str,
    description: String,
    changed: Vec<&'static str>,
    refused: Vec<String>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let number = args.pull_request.as_ref().map(|named| ctx.pull_number(named)).transpose()?;
    let forge = ctx.open()?;
    let people = people(&*forge, "pull requests to tell on")?;
    let board = people.board();
    board.watch(number);
    let mut snapshot = look(ctx, &*forge)?;
    // Whoever else wrote a comment of ours, nobody of us could change it.
    if !ctx.globals.dry_run {
        telling::admit(ctx, &*forge, &snapshot)?;
    }
    let mut tried = Tried::default();
    if !ctx.globals.dry_run {
        let decide = || automatic::decide(ctx, &*forge, board, &snapshot, number);
        tried = language::in_english(decide)?;
    }
    if tried.any {
        board.watch(number);
        snapshot = look(ctx, &*forge)?;
    }
    deciding::catch_up(ctx, &*forge, &snapshot)?;
    let mut posts = board.posts(&snapshot.program()?)?;
    let Tried { refused, unread, .. } = tried;
    let teller = Teller { refused, unread, ..Teller::new(ctx, &*forge, people, &snapshot, &posts)? };
    if let Some(number) = number {
        posts.retain(|post| post.number == number);
        if posts.is_empty() {
            return Err(Error::not_found(format!("there is no pull request {number}")).hint("look at its address"));
        }
    }
    // What becomes of decisions is told of their proposals.
    posts.sort_by_key(|post| !is_decision_branch(&post.branch));
    let (mut told, mut failed): (Vec<Outcome>, _) = (Vec::new(), None);
    for post in &posts {
        match teller.tell(post) {
            Ok(outcome) => told.extend(outcome),
            // One that fails doesn't hold up the others.
            Err(e) if number.is_none() => {
                ctx.ui.warn(&text::visible(&format!("#{}: {}", post.number, e.message)));
                failed.get_or_insert(e);
            }
            Err(e) => return Err(e),
        }
    }
    told.sort_by_key(|outcome| outcome.number);
    for refused in told.iter().flat_map(|t| t.refused.iter().map(move |why| format!("#{}: {why}", t.number))) {
        ctx.ui.warn(&text::visible(&refused));
    }
    if ctx.globals.json {
        let all: Vec<Value> = told.iter().map(as_json).collect();
        ctx.ui.document(&json!({"schema": 1, "dry_run": ctx.globals.dry_run, "pull_requests": all}))?;
        return failed.map_or(Ok(()), Err);
    }
    let line = |t: &Outcome| {
        let changed = if t.changed.is_empty() { "nothing to do".to_owned() } else { t.changed.join(", ") };
        format!("#{} {}: {} ({changed})\n", t.number, t.standing, text::visible(&t.description))
    };
    let lines: String = told.iter().map(line).collect();
    ctx.ui.data(if lines.is_empty() && failed.is_none() { "There are no proposals to tell of.\n" } else { &lines })?;
    failed.map_or(Ok(()), Err)
}

fn as_json(t: &Outcome) -> Value {
    json!({
        "number": t.number, "pull_request": t.url, "partner": t.slug, "standing": t.standing, "status": t.description,
        "changed": t.changed, "refused": t.refused,
    })
}

/// What is known when pull requests are looked at one by one.
struct Teller<'a> {
    ctx: &'a Context,
    people: &'a dyn People,
    board: &'a dyn Board,
    snapshot: &'a Snapshot<'a>,
    program: Program,
    texts: Texts,
    /// What waits, by the address of its pull request.
    waiting: BTreeMap<String, Proposal>,
    /// What a workflow couldn't write down, by the same, and why.
    refused: BTreeMap<String, Error>,
    /// What waits until a workflow has read what its author saved since, by the same: when, and in which issue.
    unread: BTreeMap<String, (Date, String)>,
    /// What was taken back beside another of the same account's that waits: the numbers of both.
    surplus: BTreeMap<u64, u64>,
    /// Where a decision waits to be merged, by whose it is.
    pending: BTreeMap<Slug, String>,
    /// The pull requests that bring decisions, by their addresses: those that are closed meanwhile don't.
    bringing: RefCell<BTreeSet<String>>,
    /// How often each member was asked of late, or voted unasked on what waits.
    busy: RefCell<BTreeMap<String, usize>>,
}

impl<'a> Teller<'a> {
    fn new(
        ctx: &'a Context,
        forge: &'a dyn Forge,
        people: &'a dyn People,
        snapshot: &'a Snapshot<'a>,
        posts: &[Post],
    ) -> Result<Self> {
        let board = people.board();
        let proposals = all_readable(ctx, snapshot)?;
        let mut busy: BTreeMap<String, usize> = BTreeMap::new();
        let asked = board.asked_lately()?;
        let unasked = |(p, who): &(&Proposal, &Login)| {
            let post = posts.iter().find(|post| post.branch == p.branch);
            !post.is_some_and(|post| Memory::of(post).asked.iter().any(|known| known.is(who)))
        };
        let voted = proposals.iter().flat_map(|p| p.votes.iter().map(move |c| (p, &c.vote.actor)));
        for who in asked.iter().chain(voted.filter(unasked).map(|(_, who)| who)) {
            *busy.entry(who.folded()).or_default() += 1;
        }
        let program = snapshot.program()?;
        // Anybody may call a branch so; a bot's are told of as a member's.
        let brings = |post: &&Post| {
            let by_member = || post.author.as_ref().is_some_and(|author| program.may_vote(author));
            post.state == State::Open && (post.by_bot || by_member())
        };
        let pending = posts.iter().filter(brings);
        let open = posts.iter().filter(|post| post.state == State::Open && is_decision_branch(&post.branch));
        let bringing = RefCell::new(open.map(|post| post.url.clone()).collect());
        let pending = pending.filter_map(|post| Some((brought_by(&post.branch)?, post.url.clone()))).collect();
        let linked = |p: Proposal| Some((forge.link(&p)?.as_str().to_owned(), p));
        Ok(Self {
            ctx,
            people,
            board,
            snapshot,
            program,
            refused: BTreeMap::new(),
            unread: BTreeMap::new(),
            surplus: surplus(board, snapshot, posts)?,
            pending,
            bringing,
            texts: board.texts()?,
            waiting: proposals.into_iter().filter_map(linked).collect(),
            busy: RefCell::new(busy),
        })
    }

    /// Tells on one pull request; nothing where it is none of ours.
    fn tell(&self, post: &Post) -> Result<Option<Outcome>> {
        if is_decision_branch(&post.branch) {
            return self.brings(post);
        }
        let Some(slug) = slug_of(&post.branch) else { return self.beside(post) };
        let mut memory = Memory::of(post);
        let mut put = Put::default();
        let announcement = match self.waiting.get(&post.url) {
            Some(proposal) => {
                let fault = described::hindrance(self.ctx, self.snapshot, &self.program, proposal)?;
                let pushed = |why| landing::is_pushed_by_others(self.snapshot, proposal, why);
                let by_others = fault.as_ref().map(pushed).transpose()?.unwrap_or_default();
                let seen = match seen_before(post) {
                    Some(seen) => seen.to_owned(),
                    None => self.look_into(post, proposal)?,
                };
                let stands = described::standing(self.snapshot, proposal)?;
                let (card, program) = (self.card(proposal), &self.program);
                let refused = self.refused.get(&post.url);
                let unread = self.unread(post, proposal)?;
                // Which of several of its proposals a decision is about, the branch's name doesn't say.
                let alone = self.waiting.values().filter(|p| p.partner.slug == slug).count() == 1;
                let pending = self.pending.get(&slug).filter(|url| alone && self.bringing.borrow().contains(*url));
                let pending = pending.map(String::as_str);
                put.refused.extend(refused.map(|e| text::one_line(&e.message)));
                self.take_back(post, &mut put)?;
                let seen = &seen;
                let waiting = Waiting {
                    program,
                    proposal,
                    post,
                    now: self.ctx.now,
                    stands,
                    fault,
                    by_others,
                    saved: own_issue::saved_since(self.snapshot, proposal)
                        .map(|(on, issue)| (on, issue.address.as_str())),
                    refused,
                    unread: unread.as_ref().map(|(on, form)| (*on, form.as_str())),
                    alone,
                    pending,
                    card,
                    seen,
                };
                self.ask(&waiting, &mut memory, &mut put)?;
                if post.state == State::Open && !post.is_draft && !memory.no_drafts && !self.ctx.globals.dry_run {
                    memory.no_drafts = !self.board.make_draft(post, &mut put)?;
                }
                let held = post.held
                    || post.drowned.is_some()
                    || post.labels.iter().any(|label| label.eq_ignore_ascii_case(HELD));
                if self.program.github.prow && post.state == State::Open && !held && !self.ctx.globals.dry_run {
                    self.board.hold(post, &mut put)?;
                }
                waiting.announcement(&self.texts, &memory)?
            }
            None => {
                let landed = self.snapshot.partner_in(self.snapshot.tree, &slug)?;
                let event = landed.life.log.iter().rev().map(|l| &l.event).find(|event| is_decided_on(event, post));
                // A decision that landed in a run that broke: the label says that nobody was told.
                if let Some(event) = event.filter(|_| post.has_label() && !self.ctx.globals.dry_run)
                    && let Err(e) = deciding::tell_of(self.ctx, self.people, self.snapshot, &landed, event)
                {
                    self.ctx.ui.warn(&text::visible_lines(&e.message));
                    return Ok(None);
                }
                if event.is_none() {
                    self.take_back(post, &mut put)?;
                }
                let back = if event.is_none() { self.takes_back(post, &landed)? } else { None };
                self.tell_end(post, event, back, &mut put)?;
                let acts = back == Some(TakenBack::Waits) && !self.ctx.globals.dry_run;
                match back {
                    Some(_) if acts && !self.board.bring_words_back(post, self.snapshot, &mut put)? => {
                        announcement::nothing(&self.texts, post, Some(Nothing { why: OTHER_WORDS, back: true }), None)?
                    }
                    Some(how) => announcement::taken_back(&self.texts, post, how)?,
                    None => self.over(post, &landed, event, &memory)?,
                }
            }
        };
        let wish = Wish {
            label: announcement.label,
            status: Some(announcement.status.clone()).filter(|_| is_told(post, &announcement)),
            comment: announcement.body.clone(),
        };
        if !self.ctx.globals.dry_run {
            self.board.put_up(post, &wish, &mut put)?;
            if self.surplus.contains_key(&post.number) {
                self.board.close(post, &mut put)?;
            }
        }
        Ok(Some(Outcome {
            number: post.number,
            url: post.url.clone(),
            slug: Some(slug),
            standing: announcement.standing,
            description: announcement.status.description,
            changed: put.changed,
            refused: put.refused,
        }))
    }

    /// What its author has saved since and no run has read, where the votes carry something.
    fn unread(&self, post: &Post, proposal: &Proposal) -> Result<Option<(Date, String)>> {
        let known = self.unread.get(&post.url);
        if known.is_some() || self.refused.contains_key(&post.url) || carried(&self.program, proposal).is_none() {
            return Ok(known.cloned());
        }
        let unread = own_issue::unread(self.ctx, self.snapshot, &self.program, proposal)?;
        Ok(unread.map(|(on, issue)| (on, issue.address.as_str().to_owned())))
    }

    /// Says on the issue how it ended where nobody has decided: no event of GitHub's starts what would.
    fn tell_end(&self, post: &Post, event: Option<&Event>, back: Option<TakenBack>, put: &mut Put) -> Result<()> {
        let ended = match back {
            Some(TakenBack::OnRecord) => Some(Ended::OnRecord),
            Some(TakenBack::Closed(other)) => Some(Ended::Surplus(other)),
            Some(TakenBack::Waits) => None,
            None => (post.state == State::Closed && event.is_none()).then_some(Ended::Closed),
        };
        match ended.filter(|_| !self.ctx.globals.dry_run) {
            Some(how) => self.board.tell_end(post, &self.program, how, put),
            None => Ok(()),
        }
    }

    /// Has what said that a decision waits to be merged say so no more, where none does.
    fn take_back(&self, post: &Post, put: &mut Put) -> Result<()> {
        let bringing = self.bringing.borrow();
        let is_broken = |promised: &&Comment| leads_to(&promised.body).is_some_and(|pull| !bringing.contains(pull));
        for promised in post.promised.iter().filter(is_broken).filter(|_| !self.ctx.globals.dry_run) {
            self.board.take_back(promised, put)?;
        }
        Ok(())
    }

    /// That a pull request proposes nothing: where the branch asks for the status, it couldn't be merged without.
    fn beside(&self, post: &Post) -> Result<Option<Outcome>> {
        if post.state != State::Open || post.base != self.snapshot.heads.short_branch() {
            return Ok(None);
        }
        let status = match (&post.status, post.head.parse()) {
            (Some(there), _) if there.is_of_no_proposal() => there.clone(),
            (_, Err(_)) => return Ok(None),
            (_, Ok(head)) => match beside::look(self.people, self.snapshot, post.number, head)? {
                Matter::None => announcement::beside(None),
                Matter::Concern(why) => announcement::beside(Some(why)),
                Matter::Gone => return Ok(None),
            },
        };
        let mut put = Put::default();
        let wish = Wish { label: None, status: Some(status.clone()), comment: None };
        if !self.ctx.globals.dry_run {
            self.board.put_up(post, &wish, &mut put)?;
        }
        Ok(Some(Outcome {
            number: post.number,
            url: post.url.clone(),
            slug: None,
            standing: "other",
            description: status.description,
            changed: put.changed,
            refused: put.refused,
        }))
    }

    /// That a pull request brings a decision, where checks are required, as `check` judges it.
    fn brings(&self, post: &Post) -> Result<Option<Outcome>> {
        if post.state != State::Open {
            return Ok(None);
        }
        // What is wrong with a stranger's stays so, and costs no request more.
        let may_be_right = post.by_bot || post.author.as_ref().is_some_and(|who| self.program.may_vote(who));
        let stays_wrong = !may_be_right && post.status.as_ref().is_some_and(|there| there.state == "failure");
        let overtaken = if stays_wrong { None } else { self.overtaken(post)? };
        let status = match &post.status {
            Some(there) if stays_wrong => there.clone(),
            _ if overtaken.is_some() => announcement::brings(overtaken.as_deref()),
            // What was wrong may be right by now.
            Some(there) if there.state == "success" => there.clone(),
            _ => match self.judged(post) {
                // It was pushed over while we looked: the next run has it.
                Ok(None) => return Ok(None),
                Ok(Some(status)) => status,
                Err(e) if e.kind == ErrorKind::Refused => announcement::brings(Some(&e.message)),
                Err(e) => return Err(e),
            },
        };
        let mut put = Put::default();
        let wish = Wish { label: None, status: Some(status.clone()), comment: None };
        if !self.ctx.globals.dry_run {
            self.board.put_up(post, &wish, &mut put)?;
            // What a workflow opened it closes, so that nobody merges it; what is carried again is proposed anew.
            if overtaken.is_some() && post.by_bot {
                self.board.close(post, &mut put)?;
                self.bringing.borrow_mut().remove(&post.url);
            }
        }
        Ok(Some(Outcome {
            number: post.number,
            url: post.url.clone(),
            slug: None,
            standing: "decision",
            description: status.description,
            changed: put.changed,
            refused: put.refused,
        }))
    }

    /// Why what a pull request decides isn't to be merged any more, whoever opened it.
    fn overtaken(&self, post: &Post) -> Result<Option<String>> {
        let Some(head) = self.brought(post)? else { return Ok(None) };
        let problems = overtaken::problems(self.ctx, self.board, self.snapshot, head)?;
        Ok(problems.into_iter().next().map(|problem| problem.message))
    }

    /// Its commit, fetched if it isn't here; `None` where it isn't to be had.
    fn brought(&self, post: &Post) -> Result<Option<Oid>> {
        let Ok(head) = post.head.parse() else { return Ok(None) };
        let is_here = || self.snapshot.repo.commit_if_here(head).is_some();
        Ok((is_here() || self.people.fetch(post.number, limits::PROPOSAL)? && is_here()).then_some(head))
    }

    fn judged(&self, post: &Post) -> Result<Option<Shown>> {
        let (head, author, account) = self.people.pull_request(post.number)?;
        if head.to_string() != post.head {
            return Ok(None);
        }
        let authored = Authored { base: self.snapshot, head, actor: &author, account, now: self.ctx.now };
        let problems = authorship::problems(&authored)?;
        let error = problems.iter().find(|problem| problem.severity == Severity::Error);
        let why = error.map(|problem| format!("{}: {}", problem.path, problem.message));
        Ok(Some(announcement::brings(why.as_deref())))
    }

    /// Asks for votes until enough are asked, or nobody is left who can be.
    fn ask(&self, waiting: &Waiting<'_>, memory: &mut Memory, put: &mut Put) -> Result<()> {
        memory.keep(&waiting.post.asked, Vec::new(), waiting.now.date());
        if self.ctx.globals.dry_run {
            return Ok(());
        }
        loop {
            let ask = waiting.to_ask(memory, &|who| self.busy_with(who));
            if ask.is_empty() {
                return Ok(());
            }
            let refused = self.board.ask(waiting.post, &ask, put)?;
            for who in ask.iter().filter(|who| !refused.contains(who)) {
                *self.busy.borrow_mut().entry(who.folded()).or_default() += 1;
            }
            memory.keep(&ask, refused, waiting.now.date());
        }
    }

    fn busy_with(&self, who: &Login) -> usize {
        self.busy.borrow().get(&who.folded()).copied().unwrap_or_default()
    }

    /// What was decided, or why nothing was.
    fn over(&self, post: &Post, landed: &Partner, event: Option<&Event>, memory: &Memory) -> Result<Announcement> {
        if let Some(event) = event {
            let cast = landed.directory.votes(self.snapshot.repo, &landed.slug, event.round, &|_| true)?;
            let name = deciding::name_then(self.people, self.snapshot, landed, event)?;
            return announcement::decided(&self.texts, &self.program, event, &name, &cast, memory);
        }
        let none = self.board.why_none(post.number);
        let why = match (post.state, none.clone()) {
            (State::Closed | State::Merged, _) => None,
            (State::Open, Some(NoProposal::TakenBack)) => {
                let other = self.asked_beside(&landed.slug).map_or("another", String::as_str);
                Some(format!("it was taken back; close it, since to merge it would end {other}, too"))
            }
            (State::Open, Some(NoProposal::TakenBackWith(why))) => {
                Some(format!("it was taken back, and brings more: {why}"))
            }
            (State::Open, Some(NoProposal::Unfit(why))) => Some(why),
            (State::Open, None) => Some("it proposes nothing".to_owned()),
        };
        let back = matches!(none, Some(NoProposal::TakenBackWith(_)));
        // What somebody merged undecided, and was changed since, has another pull request by now.
        let goes_on = self.asked_beside(&landed.slug).filter(|_| post.state == State::Merged).map(String::as_str);
        announcement::nothing(&self.texts, post, why.as_deref().map(|why| Nothing { why, back }), goes_on)
    }

    /// Another application under a name, which waits: of one name, one log comes on record.
    fn asked_beside(&self, slug: &Slug) -> Option<&String> {
        let asks = |p: &Proposal| p.partner.slug == *slug && p.subject == Subject::Application;
        self.waiting.iter().find(|(_, p)| asks(p)).map(|(url, _)| url)
    }

    /// What becomes of a pull request by which somebody takes back what they asked for; `None` where it is none, or isn't to be
    /// merged.
    fn takes_back(&self, post: &Post, landed: &Partner) -> Result<Option<TakenBack>> {
        if let Some(other) = self.surplus.get(&post.number) {
            return Ok(Some(TakenBack::Closed(*other)));
        }
        Ok(match post.state {
            State::Open if self.board.why_none(post.number) == Some(NoProposal::TakenBack) => {
                self.asked_beside(&landed.slug).is_none().then_some(TakenBack::Waits)
            }
            State::Merged => self.brought_withdrawal(post, landed)?.then_some(TakenBack::OnRecord),
            State::Open | State::Closed => None,
        })
    }

    /// Whether what was merged with a pull request took something back: the click may come before we told of it, and the merge may
    /// have made another commit of its own.
    fn brought_withdrawal(&self, post: &Post, landed: &Partner) -> Result<bool> {
        let taken_back = landed.life.log.iter().any(|logged| logged.event.kind == Kind::Withdrawn);
        if !taken_back {
            return Ok(false);
        }
        let Some(head) = self.brought(post)? else { return Ok(post.says_taken_back()) };
        let brought = self.snapshot.partner_in(self.snapshot.repo.commit_itself(head)?.tree, &landed.slug)?.life;
        Ok(brought.is_taken_back() && landed.life.log.starts_with(&brought.log))
    }

    /// What its card is made of.
    fn card(&self, proposal: &Proposal) -> Value {
        let client = self.ctx.github().ok();
        let web = client.as_ref().map_or("https://github.com", |c| &c.endpoints.web);
        let fork = match self.ctx.location() {
            Ok(crate::config::Location::GitHub(name)) => Some(name),
            _ => None,
        };
        let told = fork.as_ref().map(|fork| Told {
            web,
            fork,
            program: &self.program,
            slug: &proposal.partner.slug,
            title: "",
            block: "",
            record: proposal.record(),
            brings_facts: matches!(proposal.subject, Subject::Application | Subject::Update),
            commit: proposal.head,
        });
        told.map_or_else(|| json!({}), |told| told.values(None))
    }

    /// What is gathered once for a commit: the checks, and what else on the website's page would change.
    fn look_into(&self, post: &Post, proposal: &Proposal) -> Result<String> {
        if proposal.subject == Subject::Policy {
            return Ok(String::new());
        }
        let slug = &proposal.partner.slug;
        let landed = self.snapshot.landed(slug)?;
        let begun = Gathering::begin(self.ctx, self.snapshot, &landed, Some(proposal));
        let checks =
            match begun.and_then(|gathering| gathering.finish_unseen(self.ctx).map(|gathered| gathered.document)) {
                Ok(document) => document["checks"].as_array().cloned().unwrap_or_default(),
                Err(e) => {
                    self.ctx.ui.warn(&text::visible_lines(&e.message));
                    Vec::new()
                }
            };
        let label = |check: &Value| match check["check"].as_str().and_then(|id| id.parse::<Id>().ok()) {
            Some(id) => id.label().to_owned(),
            None => String::new(),
        };
        let number = |word: &str| checks.iter().filter(|c| c["outcome"] == word).count();
        let shown: Vec<Value> =
            checks.iter().map(|c| json!({"outcome": c["outcome"], "label": label(c), "why": c["why"]})).collect();
        let (page, unknown) = match self.page(proposal) {
            Ok(lines) => (lines, None),
            Err(e) => (Vec::new(), Some(text::one_line(&e.message))),
        };
        let values = json!({
            "partner": slug, "on": self.ctx.now.date(), "checks": shown, "passed": number("passed"),
            "has_page": self.program.upkeep.website.is_some(),
            "failed": number("failed"), "unknown": number("unknown"), "page": page, "page_unknown": &unknown,
        });
        // What GitHub or the website didn't tell is asked again.
        let failed = |c: &Value| c["check"] == Id::GitHubAccount.word() && c["outcome"] == "unknown";
        let whole = !checks.is_empty() && unknown.is_none() && !checks.iter().any(failed);
        Ok(seen_now(post, &self.texts.fill("seen.md", &values)?, whole))
    }

    /// What on the website's page would change besides the proposal's own card.
    fn page(&self, proposal: &Proposal) -> Result<Vec<String>> {
        let kind = match proposal.subject {
            Subject::Application => Kind::Approved,
            Subject::Exit => Kind::Exited,
            _ => Kind::Updated,
        };
        let (snapshot, program) = (self.snapshot, &self.program);
        let decided = Decided { kind, terms: proposal.terms() };
        let differences = match &program.upkeep.website {
            None => return Ok(Vec::new()),
            Some(Website::Same) => {
                let page = webpage::after(self.ctx, snapshot, program, proposal, decided)?;
                page.map(|page| page.differences).unwrap_or_default()
            }
            Some(Website::Elsewhere(place)) => {
                let site = self.ctx.site(place)?;
                site.expect(crate::forge::website::BRANCH, &webpage::PATHS);
                webpage::foreseen(self.ctx, snapshot, program, proposal, decided, &Elsewhere(&*site))?
            }
        };
        let own = format!("{}: ", proposal.partner.slug);
        Ok(differences.into_iter().filter(|line| !line.starts_with(&own)).collect())
    }
}

/// What a workflow opened and its applicant took back, where an older one of the same account's waits for a click already: opening
/// and closing forms costs nothing, and each would cost somebody a click. By the numbers of each and of that.
fn surplus(board: &dyn Board, snapshot: &Snapshot<'_>, posts: &[Post]) -> Result<BTreeMap<u64, u64>> {
    let waits = |post: &&Post| {
        post.state == State::Open && post.by_bot && board.why_none(post.number) == Some(NoProposal::TakenBack)
    };
    let mut waiting: Vec<&Post> = posts.iter().filter(waits).collect();
    waiting.sort_by_key(|post| post.number);
    let (mut first, mut surplus): (BTreeMap<String, u64>, _) = (BTreeMap::new(), BTreeMap::new());
    for post in waiting {
        let (Some(slug), Ok(head)) = (slug_of(&post.branch), post.head.parse()) else { continue };
        let taken = snapshot.partner_in(snapshot.repo.commit_itself(head)?.tree, &slug)?;
        let Some(last) = taken.life.log.last().filter(|last| last.event.kind == Kind::Withdrawn) else { continue };
        match first.get(&last.event.actor.folded()) {
            Some(other) => drop(surplus.insert(post.number, *other)),
            None => drop(first.insert(last.event.actor.folded(), post.number)),
        }
    }
    Ok(surplus)
}

/// Whether an event decided what a pull request proposes.
fn is_decided_on(event: &Event, post: &Post) -> bool {
    let decides = event.kind.lands() || matches!(event.kind, Kind::Rejected | Kind::Exited);
    decides && event.link.as_ref().is_some_and(|link| link.as_str() == post.url)
}

/// Whether anything is said of a commit: of what was over before it was ever told of, nothing is.
fn is_told(post: &Post, announcement: &Announcement) -> bool {
    announcement.standing != "closed" || post.status.is_some()
}
