//! Applications by issues, as a workflow takes them: what is fine becomes a proposal in its author's name; what isn't is told
//! in one comment. Each run looks what is there, and does what is still to be done.

use serde_json::{Value, json};

use super::faults::{self, Fault, Form, other_contact};
use crate::domain::form::filled::{self, Filled, Remark};
use crate::domain::form::promise::Promise;
use crate::domain::form::{self, Answers, Language, Unread};
use crate::domain::identity::Identity;
use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message, changed_fields};
use crate::domain::logo::finding::in_words;
use crate::domain::paths::{event_path, fact_paths};
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::program::github::RepoName;
use crate::domain::{
    AccountId, Draft, Event, Field, Kind, Life, Login, Program, Record, Sha256, Slug, State, Subject, text,
};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::board::is_marked;
use crate::forge::github::api::{ApiForge, account_of};
use crate::forge::github::client::Client;
use crate::forge::github::fault::ApiFault;
use crate::forge::github::form_comment::{
    self, CLOSED, MARK, PROPOSED, READ, READY, SET_ASIDE, UNDECIDED, WITHDRAWN, leads_to, slug_in,
};
use crate::forge::github::issue_query::{self, Issue};
use crate::forge::github::upstream;
use crate::forge::{Forge as _, ReadingAhead as _};
use crate::git::{Author, Put};
use crate::language;
use crate::registry::change::{Change, Target};
use crate::registry::{Proposal, Snapshot, Stands, branch_for};
use crate::session::Context;
use crate::session::publish::{self, Plan, Publication};
use crate::workflow::logo_files::{self, Logo, Metadata};
use crate::workflow::lookup::look;
use crate::workflow::own_issue;
use crate::workflow::proposing;

/// What became of an issue.
#[derive(Debug)]
pub struct Outcome {
    pub number: u64,
    /// `gone`, `other`, `no-person`, `faulty`, `meddled`, `closed`, `proposed`, `amended`, `unchanged`, `on-behalf`, `ready`, `set-aside`,
    /// `undecided`, `withdrawn`, `reopened`, `decided`, or `left-alone` by a member.
    pub word: &'static str,
    pub slug: Option<Slug>,
    faults: Vec<Fault>,
    pull: Option<String>,
    /// The oldest form of the same account that is still open, once this one isn't: nothing else has that looked at again.
    pub frees: Option<u64>,
}

impl Outcome {
    /// Whether something may have been proposed, changed or taken back for it.
    pub fn is_new(&self) -> bool {
        matches!(self.word, "proposed" | "amended" | "ready" | "withdrawn")
    }

    /// What can't be taken as it is, and was looked at by somebody other than a workflow.
    pub fn of(number: u64, word: &'static str, slug: Option<Slug>, faults: Vec<Fault>, pull: Option<String>) -> Self {
        Self { number, word, slug, faults, pull, frees: None }
    }

    pub fn json(&self) -> Value {
        json!({
            "number": self.number, "outcome": self.word, "partner": self.slug, "pull_request": self.pull,
            "faults": self.faults.iter().map(Fault::json).collect::<Vec<_>>(),
        })
    }

    pub fn line(&self) -> String {
        let who = self.slug.as_ref().map(|slug| format!(" ({slug})")).unwrap_or_default();
        let pull = self.pull.as_ref().map(|url| format!(" {}", text::visible(url))).unwrap_or_default();
        format!("Issue {}: {}{who}{pull}{}\n", self.number, self.word, faults::lines(&self.faults))
    }
}

/// An issue that is being looked at.
pub(super) struct Case<'a> {
    pub(super) ctx: &'a Context,
    pub(super) forge: &'a ApiForge,
    pub(super) place: &'a RepoName,
    pub(super) program: Program,
    pub(super) issue: Issue,
    pub(super) author: Login,
    /// The workflow's account.
    bot: Login,
    overrides: &'a Draft,
    /// Of the form.
    pub(super) language: Language,
}

/// Looks at one issue, and does what is to be done about it.
pub fn take(ctx: &Context, forge: &ApiForge, number: u64, overrides: &Draft) -> Result<Outcome> {
    let program = look(ctx, forge)?.decided_program()?;
    let place = &forge.place_of_issues()?;
    let nothing = |word| Outcome { number, word, slug: None, faults: Vec::new(), pull: None, frees: None };
    let Some(issue) = issue_query::among_others(forge.client(), place, &program, number)? else {
        // It was deleted or moved before anybody looked: nobody need be mailed of a job that failed.
        return Ok(nothing("gone"));
    };
    let bot = match forge.account()? {
        Some(account) => account.login,
        None => return Err(Error::new(ErrorKind::Bug, "nobody acts")),
    };
    // What apply opened has its proposal already.
    let ours = is_marked(&issue.body);
    let read = form::read(&issue.body);
    if ours || (read == Err(Unread::Other) && issue.comment(MARK).is_none()) {
        return Ok(nothing("other"));
    }
    if !ctx.globals.dry_run {
        unless_forbidden(ctx, &issue, form_comment::tidy(forge.client(), &issue))?;
    }
    let language = form_comment::language(&issue);
    let Some(author) = issue.by() else {
        tell_that_nobody_asks(ctx, forge, (place, &program), &issue, language)?;
        return Ok(nothing("no-person"));
    };
    Case { ctx, forge, place, program, issue, author, bot, overrides, language }.settle(&read)
}

/// A bot filed it, or an account that is gone since: nobody applies by that.
fn tell_that_nobody_asks(
    ctx: &Context,
    forge: &ApiForge,
    (place, program): (&RepoName, &Program),
    issue: &Issue,
    language: Language,
) -> Result<()> {
    let who = issue.author.as_ref().map(|author| author.person.shown());
    // What a member proposed on behalf, or its author before the account was gone, is told already.
    let is_told = issue.comment(MARK).is_some_and(|said| who.is_none() || slug_in(&said.body).is_some());
    if !issue.is_open() || is_told || ctx.globals.dry_run {
        return Ok(());
    }
    let values = json!({"outcome": "no-person", "who": who, "number": issue.number});
    let body = form_comment::composed(&forge.texts()?, language, None, &values, "")?;
    say(ctx, forge.client(), (place, program), issue, &body)
}

/// Comments. Where that isn't allowed, as in a conversation that is locked, what was done stands all the same.
pub(super) fn say(ctx: &Context, client: &Client, at: (&RepoName, &Program), issue: &Issue, body: &str) -> Result<()> {
    unless_forbidden(ctx, issue, form_comment::say(client, at, issue, body))
}

fn unless_forbidden(ctx: &Context, issue: &Issue, said: Result<(), ApiFault>) -> Result<()> {
    match said {
        Err(fault) if fault.is_forbidden() => {
            ctx.ui.warn(&text::visible(&format!("issue {}: {}", issue.number, fault.error.message)));
            Ok(())
        }
        said => Ok(said?),
    }
}

/// What is proposed, complete.
struct Wanted {
    record: Record,
    logo: Vec<u8>,
    /// Whether its author agreed to be named as the author of commits.
    signs_off: bool,
}

impl<'a> Case<'a> {
    fn settle(&self, read: &Result<Answers, Unread>) -> Result<Outcome> {
        let author = self.identity();
        let (filled, mut faults) = self.fill(read);
        let draft = self.overrides.clone().over(filled.draft.clone());
        let known = self.issue.comment(MARK).and_then(|c| slug_in(&c.body));
        let slug = known.or_else(|| draft.slug().ok());
        let contact = other_contact(&draft, Some(&self.author));
        let Some(slug) = slug else {
            if !self.issue.is_open() {
                return self.tell_closed(None, None);
            }
            let mut is_nobody = false;
            // Where nothing could be read, everything is missing.
            if read.is_ok() {
                is_nobody = contact.is_some_and(|contact| faults::is_nobody(self.forge.client(), &contact));
                faults.extend(self.wanted(&filled, &draft, is_nobody, self.logo(&draft)?).1);
            }
            let remarks = self.remarks(&filled, &draft, is_nobody);
            return self.tell("faulty", None, faults, None, &remarks, &json!({}));
        };
        let hash = self.issue.text();
        let logo = if self.issue.is_open() { self.logo(&draft)? } else { None };
        self.forge.expect_of(&slug, contact.as_ref(), &self.author);
        let snapshot = look(self.ctx, self.forge)?;
        // GitHub was asked for the contact with what it says of the partner.
        let is_nobody = contact.is_some() && matches!(self.forge.contact_exists(), Ok(Some(false)));
        let mut remarks = self.remarks(&filled, &draft, is_nobody);
        remarks.extend(self.in_its_language(|| stripped(logo.as_ref())));
        let landed = snapshot.landed(&slug)?;
        // Nothing has happened since, and what is proposed needn't be read.
        if self.remembers(UNDECIDED, hash) && self.stands_undecided(&landed.life, hash) && !self.issue.is_taken_back() {
            return Ok(self.outcome("undecided", Some(&slug), Vec::new(), self.told_of().map(str::to_owned)));
        }
        let (own, others): (Vec<_>, Vec<_>) =
            snapshot.open(&slug, Subject::Application)?.into_iter().partition(|p| self.is_own(p));
        let own = own.into_iter().next();
        let alone = own.as_ref().is_some_and(|own| own.stands == Some(Stands::Alone));
        let linked = own.as_ref().and_then(|p| self.forge.link(p)).map(|l| l.to_string());
        let pull = linked.or_else(|| self.told_of().filter(|_| alone).map(str::to_owned));
        let name = draft.get(Field::Name).unwrap_or(slug.as_str()).to_owned();
        // What is decided is told, whatever was typed since.
        if own.is_none()
            && let Some(state) = self.became(&landed.life)
        {
            let more = form_comment::decision(&slug, &name, state, self.told_of());
            return self.tell("decided", Some(&slug), Vec::new(), None, &[], &more);
        }
        if let Some(own) = own.as_ref().filter(|_| alone)
            && let Some(outcome) = self.merged_undecided(&slug, own, pull.as_ref(), &name)?
        {
            return Ok(outcome);
        }
        let proposed = own.as_ref().and_then(Proposal::read_last);
        // What a member made of it, in their own fork, is theirs to change.
        if let Some(by) = own.as_ref().and_then(Proposal::on_behalf) {
            let same = self.issue.is_open() && proposed == Some(hash);
            let back = self.issue.is_taken_back();
            let takes_back = own.as_ref().is_some_and(|own| own_issue::may_withdraw(&self.program, own).is_some());
            let more =
                json!({"name": name, "slug": slug, "by": by, "same": same, "back": back, "takes_back": takes_back});
            return self.tell("on-behalf", Some(&slug), Vec::new(), pull, &remarks, &more);
        }
        if !self.issue.is_open() || self.issue.is_taken_back() {
            return self.closed(&slug, own.as_ref(), others.is_empty(), pull, &name);
        }
        // Whoever may close pull requests has closed it: only what its author writes anew is proposed anew.
        if own.is_none() && !self.is_unfit() && (self.remembers(PROPOSED, hash) || self.remembers(SET_ASIDE, hash)) {
            return self.tell("set-aside", Some(&slug), Vec::new(), None, &[], &json!({"pull": self.told_of()}));
        }
        let was_closed = self.said(&[CLOSED]);
        if proposed == Some(hash) {
            self.tell_of_flags(&slug);
        }
        if proposed == Some(hash) && self.remembers(PROPOSED, hash) && !was_closed {
            return Ok(self.outcome("unchanged", Some(&slug), Vec::new(), pull));
        }
        if proposed == Some(hash) {
            let more = json!({"name": name, "slug": slug});
            return self.tell("unchanged", Some(&slug), Vec::new(), pull, &remarks, &more);
        }
        let branch = branch_for(&slug, Subject::Application);
        if own.is_none() && self.remembers(READY, hash) && !was_closed && self.forge.has_branch(&branch)? {
            return Ok(self.outcome("ready", Some(&slug), Vec::new(), None));
        }
        if !self.issue.is_authors_own() {
            let more = json!({"who": self.issue.meddler(), "slug": slug});
            return self.tell("meddled", Some(&slug), Vec::new(), pull, &[], &more);
        }
        let Ok(_) = read else { return self.tell("faulty", Some(&slug), faults, pull, &[], &json!({})) };
        let (wanted, more) = self.wanted(&filled, &draft, is_nobody, logo);
        faults.extend(more);
        if let Some(own) = &own {
            faults.extend(self.becomes_anothers(&draft, own, &snapshot)?);
        } else {
            faults.extend(self.in_the_way(&slug, &draft, (&snapshot, landed.life.state), &others)?);
        }
        let (Some(wanted), true) = (wanted, faults.is_empty()) else {
            return self.tell("faulty", Some(&slug), faults, pull, &remarks, &json!({}));
        };
        self.propose(&slug, snapshot, author, &wanted, &remarks)
    }

    /// Says that what is given as a flag changes nothing of what is proposed already.
    fn tell_of_flags(&self, slug: &Slug) {
        if self.overrides.slug.is_some() || !self.overrides.answers.is_empty() {
            let why = "what is given as a flag changes nothing of what is proposed already";
            self.ctx.ui.warn(&format!("issue {}: {why}", self.issue.number));
            self.ctx.ui.hint(&format!("its author edits the issue, or a member runs karmada-partner update {slug}"));
        }
    }

    /// Whether our comment remembers any text in one of these ways.
    pub(super) fn said(&self, hows: &[&str]) -> bool {
        self.issue.comment(MARK).is_some_and(|said| form_comment::says_any(&said.body, hows))
    }

    /// The pull request that our comment leads to.
    pub(super) fn told_of(&self) -> Option<&str> {
        self.issue.comment(MARK).and_then(|said| leads_to(&said.body))
    }

    /// Whether that is open, and can't be read as what it was.
    pub(super) fn is_unfit(&self) -> bool {
        self.told_of().is_some_and(|pull| self.forge.is_unfit(pull))
    }

    pub(super) fn identity(&self) -> Identity<'_> {
        let id = self.issue.author.as_ref().and_then(|a| a.person.database_id).and_then(AccountId::new);
        Identity { login: &self.author, id }
    }

    /// The round of the newest application that this issue asked for.
    pub(super) fn round_in(&self, life: &Life) -> Option<u32> {
        round_of(self.issue.id(), life)
    }

    /// Whether a proposal is what this issue asks for. What its log tells of earlier applications is another matter.
    pub(super) fn is_own(&self, proposal: &Proposal) -> bool {
        proposal.is_made_of(self.issue.id())
    }

    /// Whether a text of this issue's stands on the default branch as the last word, and nobody has decided.
    fn stands_undecided(&self, life: &Life, text: Sha256) -> bool {
        let asked = self.round_in(life) == Some(life.application_round());
        let newest = || life.log.iter().rev().find_map(|l| l.event.attested.as_ref());
        asked && life.state == State::Applied && newest().is_some_and(|issue| issue.body == text)
    }

    /// What became of what this issue asked for.
    fn became(&self, life: &Life) -> Option<State> {
        became(self.issue.id(), life)
    }

    /// Makes what our comment tells, in the language of the form.
    pub(super) fn in_its_language<T>(&self, make: impl FnOnce() -> T) -> T {
        language::in_language(self.language.spoken(), make)
    }

    fn fill(&self, read: &Result<Answers, Unread>) -> (Filled, Vec<Fault>) {
        self.in_its_language(|| match read {
            Ok(answers) => (filled::fill(answers, Some(&self.author), &self.program.vocabulary), Vec::new()),
            Err(why) => (Filled::default(), vec![Fault::of_unread(*why)]),
        })
    }

    fn form<'f>(&'f self, filled: &'f Filled, draft: &'f Draft) -> Form<'f> {
        Form { program: &self.program, language: self.language, filled, draft }
    }

    /// What was left out, what its applicant might want to mend, and who else changed the text before its author.
    fn remarks(&self, filled: &Filled, draft: &Draft, is_nobody: bool) -> Vec<String> {
        let remarks = self.form(filled, draft).remarks();
        self.in_its_language(|| {
            let mut lines: Vec<String> = remarks.iter().map(Remark::line).collect();
            // That the contact is nobody is told as a fault.
            let contact = other_contact(draft, Some(&self.author)).filter(|_| !is_nobody);
            lines.extend(contact.map(|contact| {
                let words = tr!(
                    "the contact is {contact}, and not whoever wrote the issue: it is the contact who changes the entry later, or ends it",
                    contact
                );
                Remark::on(Field::Github, words).line()
            }));
            if self.issue.is_authors_own() {
                let told = |(who, on): (&str, &str)| {
                    tr!(
                        "text: {who} changed it on {on}, before its author saved it; as it stands now it is taken as its author's own",
                        who,
                        on
                    )
                };
                lines.extend(self.issue.earlier_meddlers().into_iter().map(told));
            }
            lines
        })
    }

    /// The logo that a draft names, if it names one; so that what is proposed already needn't be fetched to be compared.
    ///
    /// # Errors
    /// When nothing can be fetched from here at all: that says nothing about what the applicant wrote.
    fn logo(&self, draft: &Draft) -> Result<Option<Result<Logo>>> {
        let Some(source) = draft.get(Field::Logo) else { return Ok(None) };
        let load = || logo_files::load_from_here(self.ctx, source, &self.program.logo, Metadata::of(draft));
        match self.in_its_language(load) {
            Err(missed) if missed.is_ours()? => {
                let number = self.issue.number;
                Err(Error::environment(format!(
                    "the logo of issue #{number} can't be fetched, and nothing else can be reached from here either, so it may be this machine"
                ))
                .hint(format!("run it again: karmada-partner import issue --number {number}")))
            }
            Err(missed) => Ok(Some(Err(missed.error))),
            Ok(logo) => {
                self.forge.expect_file(&logo.bytes, false);
                Ok(Some(Ok(logo)))
            }
        }
    }

    /// What is to be proposed, or all that is wrong with it.
    fn wanted(
        &self,
        filled: &Filled,
        draft: &Draft,
        is_nobody: bool,
        logo: Option<Result<Logo>>,
    ) -> (Option<Wanted>, Vec<Fault>) {
        let (application, faults) =
            self.form(filled, draft).judged(is_nobody, logo.as_ref().map(|logo| logo.as_ref().map(drop)));
        let signs_off = filled.promised.as_ref().is_some_and(|made| made.contains(&Promise::Origin));
        let wanted = match (application, logo) {
            (Some(application), Some(Ok(logo))) => {
                Some(Wanted { record: application.record, logo: logo.bytes, signs_off })
            }
            _ => None,
        };
        (wanted, faults)
    }

    /// Whether our comment remembers this text so.
    fn remembers(&self, how: &str, text: Sha256) -> bool {
        let said = self.issue.comment(MARK).map(|c| c.body.as_str());
        // What was proposed elsewhere before the issue was transferred here is proposed here anew.
        let here = said.filter(|said| leads_to(said).is_none_or(|pull| self.forge.is_here(pull)));
        here.and_then(|said| form_comment::remembered(said, how)) == Some(&text.to_string())
    }

    /// An event of the author's, as the workflow writes it down.
    pub(super) fn written(&self, event: &mut Event) -> Result<()> {
        let attested = self.issue.attested()?;
        event.account = self.identity().id;
        event.by = Some(self.bot.clone());
        event.link = Some(attested.address.clone());
        event.attested = Some(attested);
        Ok(())
    }

    /// Who commits are by: their author's where that was agreed to, otherwise the workflow's, on behalf.
    pub(super) fn author_of(&self, signs_off: bool) -> Result<Author> {
        let bot = self.ctx.author(self.forge, &self.bot)?;
        if !signs_off {
            return Ok(bot);
        }
        let written = self.issue.author.as_ref();
        let id = written.and_then(|author| author.person.database_id);
        let account = account_of(self.author.clone(), id, written.and_then(|author| author.name.as_ref()));
        Ok(Author { name: account.name, email: account.email, own: false, ..bot }.tidied())
    }

    fn propose(
        &self,
        slug: &Slug,
        mut seen: Snapshot<'a>,
        author: Identity<'_>,
        wanted: &Wanted,
        remarks: &[String],
    ) -> Result<Outcome> {
        let known = author.id.filter(|_| wanted.record.github.is(&self.author));
        let record = Record { github_id: known, ..wanted.record.clone() };
        let toml = record.to_toml();
        let (facts, objects) = proposing::facts_of(&toml, &wanted.logo);
        let outcome = publish::publish(self.ctx, self.forge, &mut seen, "Propose this?", |snapshot| {
            let program = snapshot.decided_program()?;
            let landed = snapshot.landed(slug)?;
            let open = snapshot.open(slug, Subject::Application)?;
            let own = open.into_iter().find(|p| self.is_own(p));
            let text = self.issue.text();
            if own.as_ref().is_some_and(|own| own.read_last() == Some(text)) {
                return Ok(Plan::new(Vec::new(), "proposed"));
            }
            let (life, relation, kind) = match &own {
                Some(own) => (&own.partner.life, own.relation(), Kind::Amended),
                None => {
                    let relation = Relation { record: landed.record.as_ref(), life: &landed.life };
                    (&landed.life, relation, Kind::Applied)
                }
            };
            if own.as_ref().is_some_and(|own| own.facts == facts) {
                return Ok(Plan::new(Vec::new(), "unchanged"));
            }
            let entry = Entry::Event(kind, Subject::Application);
            let permit = admit(&program, author, entry, relation, Opened::default())?;
            let round = if own.is_some() { life.application_round() } else { life.round + 1 };
            let step = Step::new(kind, Subject::Application, round, facts, objects);
            let time = self.ctx.time_after(life.last_time())?;
            let mut event = life.record(snapshot.registry()?, slug, permit, time, step)?;
            self.written(&mut event)?;
            let old = own.as_ref().and_then(Proposal::record);
            let other_logo = own.as_ref().is_some_and(|own| own.facts.logo != facts.logo);
            let changed = old.map(|old| changed_fields(&record, old, other_logo)).unwrap_or_default();
            let about = match kind {
                Kind::Amended => About { changed: &changed, ..About::named(record.name.as_str()) },
                _ => About { record: Some(&record), ..About::named(record.name.as_str()) },
            };
            let Message { title, notes } = Message::of_event(&event, about);
            let block = event.to_string();
            let (record_path, logo_path) = fact_paths(slug);
            let mut puts = vec![(record_path, Put::Bytes(toml.clone().into_bytes()))];
            puts.extend(logo_path.map(|path| (path, Put::Bytes(wanted.logo.clone()))));
            puts.push((event_path(slug, event.seq), Put::Bytes(block.clone().into_bytes())));
            let branch = own.as_ref().map_or_else(|| branch_for(slug, Subject::Application), |p| p.branch.clone());
            let target = Target::Proposal { branch, fresh: own.is_none() };
            let author = self.author_of(wanted.signs_off)?;
            let word = if own.is_some() { "amended" } else { "proposed" };
            Ok(Plan::new(vec![Change { title, notes, block, puts, target, author }], word))
        });
        let more = json!({"name": record.name, "slug": slug});
        let failed = match outcome {
            Ok(Publication::Done(word, published)) => {
                let made = published.links.iter().find(|l| l.what == "pull request").map(|l| l.url.clone());
                let pull = match made {
                    Some(url) => Some(url),
                    None => {
                        let open = seen.open(slug, Subject::Application)?;
                        let own = open.iter().find(|p| self.is_own(p));
                        own.and_then(|p| self.forge.link(p)).map(|l| l.to_string())
                    }
                };
                return self.tell(word, Some(slug), Vec::new(), pull, remarks, &more);
            }
            Ok(_) => return Ok(self.outcome("proposed", Some(slug), Vec::new(), None)),
            Err(e) => e,
        };
        // The branch is there; only opening the pull request isn't allowed.
        match &failed.by_hand {
            Some(click) => {
                let setting = upstream::is_told_as_switched_off(&failed);
                let more = json!({"name": record.name, "slug": slug, "click": click, "setting": setting});
                self.tell("ready", Some(slug), Vec::new(), None, remarks, &more)
            }
            None => Err(failed),
        }
    }

    pub(super) fn outcome(
        &self,
        word: &'static str,
        slug: Option<&Slug>,
        faults: Vec<Fault>,
        pull: Option<String>,
    ) -> Outcome {
        let frees = if self.issue.is_open() { None } else { self.other_of_its_author() };
        Outcome { number: self.issue.number, word, slug: slug.cloned(), faults, pull, frees }
    }

    /// Has our comment say what became of it.
    pub(super) fn tell(
        &self,
        word: &'static str,
        slug: Option<&Slug>,
        faults: Vec<Fault>,
        pull: Option<String>,
        remarks: &[String],
        more: &Value,
    ) -> Result<Outcome> {
        let faulty: Vec<_> = faults.iter().map(Fault::told).collect();
        let mut values = json!({
            "outcome": word, "program": self.program.name_in(self.language == Language::Chinese), "faults": faulty, "pull": pull, "remarks": remarks,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            values[key] = value.clone();
        }
        // Only what is proposed binds the issue to a name.
        let is_bound = match word {
            "closed" => self.issue.comment(MARK).and_then(|said| slug_in(&said.body)).is_some(),
            word => pull.is_some() || matches!(word, "ready" | "set-aside" | "undecided" | "decided"),
        };
        let bound = slug.filter(|_| is_bound);
        let remember = |how| form_comment::memory(how, &self.issue.text().to_string());
        let memory = match word {
            "ready" => remember(READY),
            "set-aside" => remember(SET_ASIDE),
            "proposed" | "amended" | "unchanged" if pull.is_some() => remember(PROPOSED),
            "faulty" => remember(READ),
            "undecided" => remember(UNDECIDED),
            "withdrawn" | "reopened" => remember(WITHDRAWN),
            "closed" => self.kept_while_closed(pull.is_some()),
            _ => String::new(),
        };
        let body = form_comment::composed(&self.forge.texts()?, self.language, bound, &values, &memory)?;
        if !self.ctx.globals.dry_run {
            say(self.ctx, self.forge.client(), (self.place, &self.program), &self.issue, &body)?;
        }
        Ok(self.outcome(word, slug, faults, pull))
    }
}

/// The round of the newest application that an issue asked for.
fn round_of(issue: Option<AccountId>, life: &Life) -> Option<u32> {
    let is_this = |event: &&Event| event.attested.as_ref().is_some_and(|a| Some(a.id) == issue);
    life.log.iter().rev().map(|l| &l.event).find(is_this).map(|event| event.round)
}

/// What became of what an issue asked for, where that is on record: others may have applied under the name since.
pub(super) fn became(issue: Option<AccountId>, life: &Life) -> Option<State> {
    let round = round_of(issue, life)?;
    if round == life.application_round() {
        return Some(life.state);
    }
    let ended = |event: &&Event| event.round == round && event.subject == Subject::Application && event.kind.ends();
    let last = life.log.iter().map(|l| &l.event).find(ended);
    Some(last.and_then(|event| State::Applied.after(event.kind, event.subject)).unwrap_or(State::Exited))
}

/// What was taken out of a logo's file, in words.
fn stripped(logo: Option<&Result<Logo>>) -> Option<String> {
    let (found, _) = logo?.as_ref().ok()?.stripped.as_ref()?;
    let words = tr!("taken out of its file, with the picture the same: {found}", found = in_words(found));
    Some(Remark::on(Field::Logo, words).line())
}
