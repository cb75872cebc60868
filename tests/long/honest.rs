//! Random honest histories, landed in every way that git and GitHub know: `audit` blames nobody.

use std::panic::{AssertUnwindSafe, catch_unwind};

use karmada_partner::domain::log::detail::{Answers, Benefit, BenefitKind, Detail, Post};
use karmada_partner::domain::log::event::{Principles, Said, Terms};
use karmada_partner::domain::log::kinds::{Ballot, ExitKind, Finding};
use karmada_partner::domain::log::lifecycle::Step;
use karmada_partner::domain::log::message::{About, Message, changed_fields};
use karmada_partner::domain::program::admission::{Entry, Opened, Relation, admit};
use karmada_partner::domain::program::permit::Permit;
use karmada_partner::domain::votes::cast::{vote_name, vote_order};
use karmada_partner::domain::votes::tally::{Proof, Question, log_due, proposed, rule_for, tally};
use karmada_partner::domain::{
    CastVote, Field, Kind, Life, Line, Logged, Login, Program, Record, Sha256, Slug, State, Subject, Time, Vote,
};
use karmada_partner::git::Put;
use karmada_partner::git::Repo;

use crate::pen;
use crate::world::{Committee, Content, Deed, PEOPLE, Piece, Puts, Seat, WAYS, Way, World, root};

const PARTNERS: [&str; 4] = ["Acme", "Globex", "Initech", "Wonka"];

#[test]
fn honest_histories_are_never_blamed() {
    let directory = github_double::directory("kp");
    let repo = Repo::init_bare(directory.path()).unwrap();
    for seed in 1..=crate::env::much(20, 200) {
        let mut world = World::founded(&repo, seed);
        let lived = catch_unwind(AssertUnwindSafe(|| {
            live(&mut world);
            world.audit();
        }));
        // What was wrong has been printed; this is how it came to be.
        assert!(lived.is_ok(), "seed {seed}:\n{}", world.steps.join("\n"));
    }
}

fn live(world: &mut World<'_>) {
    for _ in 0..5 + world.dice.roll(21) {
        match world.dice.roll(20) {
            0 => world.unrelated(),
            1 => by_hand(world),
            2..5 => {
                let way = world.dice.pick(&WAYS);
                let deed = plan(world, &Slug::program(), None);
                if let Some(deed) = deed {
                    world.land(vec![deed], way);
                }
            }
            5..7 => {
                // Two at once: what was planned for one doesn't depend on the other.
                let (one, other) = (partner(world), partner(world));
                let deeds: Vec<Deed> = [one.clone(), other].iter().filter_map(|s| plan(world, s, None)).collect();
                match deeds.len() {
                    2 if deeds[0].slug != deeds[1].slug => world.land(deeds, Way::Button),
                    _ => {}
                }
            }
            _ => {
                let (slug, way) = (partner(world), world.dice.pick(&WAYS));
                let deed = plan(world, &slug, None);
                if let Some(deed) = deed {
                    world.land(vec![deed], way);
                }
            }
        }
    }
}

fn partner(world: &mut World<'_>) -> Slug {
    world.dice.pick(&PARTNERS).to_lowercase().parse().unwrap()
}

/// Somebody changes a file by hand; others go on; then it is put on record, or back.
fn by_hand(world: &mut World<'_>) {
    let slug = if world.chance(40) { Slug::program() } else { partner(world) };
    if state(world, &slug) != State::Active {
        return;
    }
    let before = world.facts[&slug].clone();
    let (edited, committee) = other_facts(world, &slug);
    if edited == before {
        return;
    }
    world.steps.push(format!("{slug} is edited by hand"));
    world.push(&[], &edited.puts(&slug), "a better one\n");
    world.touch(&slug);
    if world.chance(50) {
        world.unrelated();
    }
    let way = world.dice.pick(&WAYS);
    let recorded = if world.chance(60) { plan(world, &slug, Some((edited, committee))) } else { None };
    match recorded {
        Some(deed) => world.land(vec![deed], way),
        None => {
            world.steps.push(format!("{slug} is put back"));
            world.push(&[], &before.puts(&slug), "as it was\n");
            world.touch(&slug);
        }
    }
}

fn state(world: &World<'_>, slug: &Slug) -> State {
    world.lives.get(slug).map_or(State::Absent, |life| life.state)
}

/// Facts of a partner, or another policy with its committee.
fn other_facts(world: &mut World<'_>, slug: &Slug) -> (Content, Option<Committee>) {
    if slug.is_program() {
        let mut next = world.committee.clone();
        match world.dice.roll(6) {
            0 if world.signs => next.signatures = !next.signatures,
            1 => next.update_quorum = 3 - next.update_quorum,
            2 => {
                let who = usize::try_from(world.dice.roll(PEOPLE.len() as u64)).unwrap();
                if next.seats.iter().all(|s| s.who != who) {
                    next.seats.push(Seat { who, emeritus: false, key: 0 });
                }
            }
            3 => {
                let seat = usize::try_from(world.dice.roll(next.seats.len() as u64)).unwrap();
                next.seats[seat].emeritus = !next.seats[seat].emeritus;
            }
            _ if world.signs => {
                let seat = usize::try_from(world.dice.roll(next.seats.len() as u64)).unwrap();
                next.seats[seat].key = world.dice.roll(3);
            }
            _ => {}
        }
        let content = next.policy();
        let works = Program::parse(content.record.as_bytes()).unwrap().unreachable().is_empty();
        return if works { (content, Some(next)) } else { (world.facts[slug].clone(), None) };
    }
    let (contact, page, parent) = (world.dice.pick(&["bot", "bot", "ops"]), world.dice.roll(5), world.dice.roll(8));
    let parent = if parent == 0 { "parent = \"Hooli\"\n" } else { "" };
    let record = format!(
        "schema = 1\nname = \"{slug}\"\nwebsite = \"https://{slug}.example/{page}\"\ngithub = \"{slug}-{contact}\"\n{parent}"
    );
    let logo = format!("logo {}", world.dice.roll(3)).into_bytes();
    (Content { record, logo: Some(logo) }, None)
}

/// A proposal on its branch.
struct Draft {
    deed: Deed,
    subject: Subject,
    round: u32,
    content: Content,
    terms: Option<Terms>,
    /// What an application was about before it was amended.
    before: Option<Content>,
    cast: Vec<CastVote>,
    /// Whose voice came first.
    opener: Option<Login>,
    /// The policy in force where the branch begins.
    then: Program,
}

/// Plans what could happen to somebody next: a proposal, its votes, and what becomes of it. With facts that stand there by
/// hand: that they are put on record. `None` when the votes don't come together.
fn plan(world: &mut World<'_>, slug: &Slug, by_hand: Option<(Content, Option<Committee>)>) -> Option<Deed> {
    let life = world.lives.get(slug).cloned().unwrap_or_default();
    let first = world.touched.get(slug).copied().unwrap_or_default();
    let fork = first + usize::try_from(world.dice.roll((world.trail.len() - first) as u64)).unwrap();
    let subject = match life.state {
        _ if slug.is_program() => Subject::Policy,
        State::Active if by_hand.is_none() && world.chance(30) => Subject::Exit,
        State::Active => Subject::Update,
        _ => Subject::Application,
    };
    let recorded = by_hand.is_some();
    let (content, committee) = match by_hand {
        Some(there) => there,
        None if subject == Subject::Exit => (world.facts[slug].clone(), None),
        None => other_facts(world, slug),
    };
    if !recorded && subject != Subject::Exit && world.facts.get(slug) == Some(&content) {
        return None;
    }
    if life.state == State::Active && !slug.is_program() && !recorded && world.chance(25) {
        return upkeep(world, slug, life);
    }
    // Proposals that came to nothing leave gaps.
    let gap = if subject == Subject::Application { 0 } else { u32::try_from(world.dice.roll(3)).unwrap() };
    let then = world.trail[fork].1.clone();
    let kinds = [ExitKind::Voluntary, ExitKind::Inactive, ExitKind::Breach];
    let terms = Terms { kind: world.dice.pick(&kinds), effective: "2027-01-01".parse().unwrap(), merged_into: None };
    let mut draft = Draft {
        round: life.round + 1 + gap,
        subject,
        content,
        terms: (subject == Subject::Exit).then_some(terms),
        before: None,
        cast: Vec::new(),
        opener: None,
        then,
        deed: Deed {
            slug: slug.clone(),
            pieces: Vec::new(),
            landing: Vec::new(),
            life,
            facts: None,
            committee,
            votes: 0,
            fork,
        },
    };
    let opener = draft.open(world, recorded)?;
    if subject == Subject::Application && world.chance(30) {
        draft.amend(world, &opener)?;
    }
    let kind = match (subject, world.dice.roll(10)) {
        (Subject::Policy | Subject::Update, _) if recorded => Kind::Recorded,
        (_, 0) => Kind::Withdrawn,
        (_, 1 | 2) => Kind::Rejected,
        (Subject::Application, _) => Kind::Approved,
        (Subject::Exit, _) => Kind::Exited,
        (Subject::Update | Subject::Policy | Subject::Upkeep, _) => Kind::Updated,
    };
    draft.close(world, kind, &opener)
}

/// Something is written down about an active partner, by its contact or by a member.
fn upkeep(world: &mut World<'_>, slug: &Slug, life: Life) -> Option<Deed> {
    let (content, then) = (world.facts[slug].clone(), world.program());
    let mut voters = then.voters().filter(|m| !then.signatures.required || !m.keys.is_empty());
    let member = voters.next()?.github.clone();
    let kind = match world.dice.pick(&[Kind::Benefited, Kind::Posted, Kind::Closed, Kind::Renewed]) {
        Kind::Closed if life.posts.is_empty() => Kind::Posted,
        kind => kind,
    };
    let fork = world.trail.len() - 1;
    let mut draft = Draft {
        round: life.application_round(),
        subject: Subject::Upkeep,
        content,
        terms: None,
        before: None,
        cast: Vec::new(),
        opener: None,
        then: then.clone(),
        deed: Deed {
            slug: slug.clone(),
            pieces: Vec::new(),
            landing: Vec::new(),
            life,
            facts: None,
            committee: None,
            votes: 0,
            fork,
        },
    };
    let contact = draft.contact()?;
    let actor = if kind.is_committees() || world.chance(50) { member } else { contact };
    draft.event(world, kind, &actor, &then, Vec::new())?;
    Some(draft.deed)
}

impl Draft {
    fn is_policy(&self) -> bool {
        self.subject == Subject::Policy
    }

    fn contact(&self) -> Option<Login> {
        Record::parse(self.content.record.as_bytes()).ok().map(|r| r.github)
    }

    /// The newest event of an application.
    fn said(&self) -> Option<Sha256> {
        self.deed.life.said.filter(|_| self.subject == Subject::Application)
    }

    /// What votes on anything else are about.
    fn proposed(&self) -> Option<&CastVote> {
        proposed(&self.then, &self.cast, self.opener.as_ref(), Proof::default())
            .filter(|_| self.subject != Subject::Application)
    }

    /// The first commit of the branch. Gives who made it.
    fn open(&mut self, world: &mut World<'_>, recorded: bool) -> Option<Login> {
        let members: Vec<Login> = self.then.voters().map(|m| m.github.clone()).collect();
        let member = members[usize::try_from(world.dice.roll(members.len() as u64)).unwrap()].clone();
        let opener = if self.is_policy() || world.chance(40) { member } else { self.contact()? };
        if self.subject == Subject::Application {
            self.event(world, Kind::Applied, &opener, &self.then.clone(), Vec::new())?;
            let content = self.content.clone();
            self.bring(&content);
        } else if recorded {
            // What stands there needs nobody to ask for it.
            return Some(opener);
        } else if self.subject == Subject::Exit && self.then.member(&opener).is_some() {
            self.say(world, &opener, Ballot::Approve);
        } else {
            self.say(world, &opener, Ballot::Request);
            if self.subject != Subject::Exit {
                let content = self.content.clone();
                self.bring(&content);
            }
        }
        Some(opener)
    }

    /// The application changes after somebody has voted on it.
    fn amend(&mut self, world: &mut World<'_>, opener: &Login) -> Option<()> {
        for _ in 0..world.dice.roll(3) {
            self.somebody_votes(world, Ballot::Approve);
        }
        self.before = Some(std::mem::replace(&mut self.content, other_facts(world, &self.deed.slug).0));
        self.event(world, Kind::Amended, opener, &self.then.clone(), Vec::new())?;
        let content = self.content.clone();
        self.bring(&content);
        Some(())
    }

    /// What the facts proposed now change of those before: of the application's own, or of those in force.
    fn changed(&self, world: &World<'_>) -> Vec<Field> {
        let before = match self.subject {
            Subject::Application => self.before.as_ref(),
            _ => world.facts.get(&self.deed.slug),
        };
        let read = |content: &Content| Record::parse(content.record.as_bytes()).ok();
        let (new, old) = (read(&self.content), before.and_then(read));
        let other_logo = before.is_some_and(|b| b.logo != self.content.logo);
        new.zip(old).map(|(new, old)| changed_fields(&new, &old, other_logo)).unwrap_or_default()
    }

    /// The facts come with the last commit.
    fn bring(&mut self, content: &Content) {
        let puts = content.puts(&self.deed.slug);
        self.deed.pieces.last_mut().unwrap().puts.extend(puts);
    }

    fn add(&mut self, words: Message, path: String, block: String) {
        let puts: Puts = vec![(path, Put::Bytes(block.clone().into_bytes()))];
        self.deed.landing.extend(puts.clone());
        self.deed.pieces.push(Piece { words, block, puts });
    }

    fn somebody_votes(&mut self, world: &mut World<'_>, ballot: Ballot) {
        let voters: Vec<Login> = self.then.voters().map(|m| m.github.clone()).collect();
        let voter = &voters[usize::try_from(world.dice.roll(voters.len() as u64)).unwrap()];
        self.say(world, voter, ballot);
    }

    /// A vote, or a request.
    fn say(&mut self, world: &mut World<'_>, actor: &Login, ballot: Ballot) {
        world.now += 60;
        let judges = self.subject == Subject::Application;
        let said = Said {
            registry: world.registry,
            partner: &self.deed.slug,
            round: self.round,
            subject: self.subject,
            actor,
            time: Time::from_unix(world.now),
            policy: self.then.hash,
            facts: self.content.facts(),
            log: None,
        };
        let principles = judges.then_some(Principles::all(Finding::Met));
        let mut vote = Vote { principles, terms: self.terms.clone(), ..Vote::new(ballot, said) };
        vote.log = log_due(&vote, self.said(), self.proposed());
        self.opener.get_or_insert_with(|| actor.clone());
        if let Some(key) = signs(world, &self.then, actor) {
            vote.signature = Some(pen::sign(actor.as_str(), key, &vote.to_string()));
        }
        let file = vote_name(self.cast.iter().map(|c| &c.vote), actor);
        let path = format!("{}/votes/{}/{file}", root(&self.deed.slug), self.round);
        let block = vote.to_string();
        self.cast.push(CastVote { hash: Sha256::of(block.as_bytes()), vote: vote.clone(), file });
        self.cast.sort_by_key(|c| vote_order(&c.file));
        let changed = if ballot == Ballot::Request { self.changed(world) } else { Vec::new() };
        let about = About { changed: &changed, ..About::named(self.deed.slug.as_str()) };
        self.add(Message::of_vote(&vote, about), path, block);
        self.deed.votes += 1;
    }

    /// The votes that carry a decision now, if they do.
    fn carried(&self, world: &World<'_>, kind: Kind) -> Option<Vec<Sha256>> {
        let program = world.program();
        let record = Record::parse(self.content.record.as_bytes()).ok();
        let in_force = world.facts.get(&self.deed.slug).and_then(|c| Record::parse(c.record.as_bytes()).ok());
        let on = Question {
            slug: &self.deed.slug,
            record: record.as_ref(),
            // Of who was one before, too: ties to a former life count.
            in_force: in_force.as_ref(),
            facts: self.content.facts(),
            subject: self.subject,
            said: self.said(),
            changed: world.lives.get(&self.deed.slug).and_then(|life| life.changed_by(Time::from_unix(world.now))),
            proposed: self.proposed(),
            seats: None,
            proof: Proof::default(),
        };
        let (decision, rule) = rule_for(&program, kind != Kind::Rejected, on);
        let tally = tally(&program, &rule, decision, &self.cast, on);
        tally.carries().then(|| tally.counted_hashes())
    }

    /// Votes until it is carried, and the decision; or it is taken back.
    fn close(mut self, world: &mut World<'_>, kind: Kind, opener: &Login) -> Option<Deed> {
        let program = world.program();
        if !self.may_have_asked(world, &program) {
            return None;
        }
        if kind == Kind::Withdrawn {
            for _ in 0..world.dice.roll(3) {
                self.somebody_votes(world, Ballot::Approve);
            }
            self.event(world, kind, opener, &program, Vec::new())?;
            self.settle(world, kind);
            return Some(self.deed);
        }
        let wish = if kind == Kind::Rejected { Ballot::Reject } else { Ballot::Approve };
        for _ in 0..14 {
            if self.carried(world, kind).is_some() && world.chance(80) {
                break;
            }
            let ballot =
                world.dice.pick(&[wish, wish, wish, wish, wish, Ballot::Approve, Ballot::Reject, Ballot::Abstain]);
            self.somebody_votes(world, ballot);
        }
        let votes = self.carried(world, kind)?;
        let mut voters = program.voters().filter(|m| !program.signatures.required || !m.keys.is_empty());
        let decider = voters.next()?.github.clone();
        self.event(world, kind, &decider, &program, votes)?;
        self.settle(world, kind);
        Some(self.deed)
    }

    /// Whether somebody may, as the domain itself says.
    fn permit(&self, world: &World<'_>, kind: Kind, actor: &Login, program: &Program) -> Option<Permit> {
        let own = Record::parse(self.content.record.as_bytes()).ok();
        let in_force = world.facts.get(&self.deed.slug).and_then(|c| Record::parse(c.record.as_bytes()).ok());
        let record = if self.subject == Subject::Application && kind != Kind::Applied { own } else { in_force };
        let relation = Relation { record: record.as_ref(), life: &self.deed.life };
        let by = match self.subject {
            Subject::Application => self.deed.life.filed.as_ref(),
            _ => self.opener.as_ref(),
        };
        let others = |c: &CastVote| c.vote.ballot != Ballot::Request && !c.vote.actor.is(actor);
        let opened = Opened { by, voted: self.cast.iter().any(others) };
        admit(program, actor, Entry::Event(kind, self.subject), relation, opened).ok()
    }

    /// Whether who asked for this may still ask, as things are when it lands.
    fn may_have_asked(&self, world: &World<'_>, program: &Program) -> bool {
        let record = world.facts.get(&self.deed.slug).and_then(|c| Record::parse(c.record.as_bytes()).ok());
        let relation = Relation { record: record.as_ref(), life: &self.deed.life };
        // Who began by a vote has a seat still, and the key.
        let is_theirs = |c: &CastVote| {
            let member = program.voters().find(|m| m.github.is(&c.vote.actor));
            member.is_some_and(|m| (Proof::default().0)(c, m).is_ok())
        };
        self.cast.iter().all(|c| match c.vote.ballot {
            Ballot::Request => {
                let matter = Entry::Voice(Ballot::Request, self.subject);
                admit(program, &c.vote.actor, matter, relation, Opened::default()).is_ok()
            }
            _ => c.vote.log.is_some() || is_theirs(c),
        })
    }

    fn event(
        &mut self,
        world: &mut World<'_>,
        kind: Kind,
        actor: &Login,
        program: &Program,
        votes: Vec<Sha256>,
    ) -> Option<()> {
        world.now += 60;
        let step = Step {
            kind,
            subject: self.subject,
            round: self.round,
            facts: self.content.facts(),
            objects: self.content.objects(),
            votes,
            terms: self.terms.clone().filter(|_| kind == Kind::Exited),
            detail: detail(kind, &self.deed.life),
            reason: None,
        };
        let permit = self.permit(world, kind, actor, program)?;
        let slug = self.deed.slug.clone();
        let time = Time::from_unix(world.now);
        let mut event = self.deed.life.record(world.registry, &slug, permit, time, step).ok()?;
        if let Some(key) = signs(world, program, actor) {
            event.signature = Some(pen::sign(actor.as_str(), key, &event.to_string()));
        }
        let block = event.to_string();
        let (path, hash) = (format!("{}/log/{:04}", root(&slug), event.seq), Sha256::of(block.as_bytes()));
        assert_eq!(self.deed.life.push(&slug, Logged { event: event.clone(), hash }), []);
        let record = Record::parse(self.content.record.as_bytes()).ok();
        let changed = if kind == Kind::Amended { self.changed(world) } else { Vec::new() };
        let name = if self.is_policy() { "Test" } else { slug.as_str() };
        let about = About { name, record: record.as_ref(), changed: &changed };
        self.add(Message::of_event(&event, about), path, block);
        Some(())
    }

    /// What the last event does to the files besides.
    fn settle(&mut self, world: &World<'_>, kind: Kind) {
        let slug = self.deed.slug.clone();
        if !kind.lands() {
            // Facts that came to nothing are taken away again, where they stood for a while.
            let before = match world.facts.get(&slug) {
                Some(content) => content.puts(&slug),
                None => self.content.puts(&slug).into_iter().map(|(path, _)| (path, Put::Nothing)).collect(),
            };
            if self.subject != Subject::Exit {
                self.deed.pieces.last_mut().unwrap().puts.extend(before);
            }
            self.deed.committee = None;
            return;
        }
        if self.is_policy() {
            let path = format!("data/program/policies/{:04}.toml", self.deed.life.log.len());
            let copy = (path, Put::Bytes(self.content.record.clone().into_bytes()));
            self.deed.pieces.last_mut().unwrap().puts.push(copy.clone());
            self.deed.landing.push(copy);
        }
        if self.subject != Subject::Exit {
            self.deed.landing.extend(self.content.puts(&slug));
            self.deed.facts = Some(self.content.clone());
        }
    }
}

/// What an event of this kind says beyond the common lines.
fn detail(kind: Kind, life: &Life) -> Option<Detail> {
    let line = |s: &str| s.parse::<Line>().unwrap();
    Some(match kind {
        Kind::Benefited => Detail::Benefit(Benefit {
            kind: BenefitKind::Exposure,
            stage: None,
            on: "2026-11-22".parse().unwrap(),
            criteria: Answers::default(),
            what: line("a talk"),
        }),
        Kind::Posted => Detail::Post(Post { title: line("Engineer"), place: None, closes: None }),
        Kind::Closed => Detail::Closes(*life.posts.first()?),
        _ => return None,
    })
}

/// The key with which somebody signs: always where it is due, and else now and then.
fn signs(world: &mut World<'_>, program: &Program, actor: &Login) -> Option<u64> {
    let keys = &program.member(actor)?.keys;
    let key = (1..3).find(|n| keys.iter().any(|k| k.bare() == pen::public(actor.as_str(), *n)))?;
    (program.signatures.required || world.chance(60)).then_some(key)
}
