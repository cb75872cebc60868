//! The entries of a partner's trail: events that change its state, and the votes they rest on.

use std::fmt;
use std::str::FromStr;

use super::block::{BlockError, Ordinal, Reader, Writer, versioned};
use super::detail::Detail;
use super::kinds::{Ballot, ExitKind, Finding, Interest, Kind, Subject};
use crate::domain::identity::Identity;
use crate::domain::signature::sshsig::Signature;
use crate::domain::values::{AccountId, Date, GitId, HttpLink, Invalid, Line, Login, Sha256, Slug, Time};

/// The three principles of the program, as one member judges them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Principles {
    pub authenticity: Finding,
    /// The address given is relevant to it.
    pub url: Finding,
    /// It is relevant to commercial support for Karmada.
    pub relevance: Finding,
}

impl Principles {
    /// The same judgement on all three.
    #[must_use]
    pub const fn all(finding: Finding) -> Self {
        Self { authenticity: finding, url: finding, relevance: finding }
    }

    /// The judgement on each.
    #[must_use]
    pub const fn each(self) -> [Finding; 3] {
        [self.authenticity, self.url, self.relevance]
    }
}

impl From<[Finding; 3]> for Principles {
    fn from([authenticity, url, relevance]: [Finding; 3]) -> Self {
        Self { authenticity, url, relevance }
    }
}

/// On what terms a partner leaves. Votes and the decision must agree on them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Terms {
    /// Who wants it, and on which ground.
    pub kind: ExitKind,
    pub effective: Date,
    /// The partner it became part of; with [`ExitKind::Merged`] only.
    pub merged_into: Option<Slug>,
}

impl Terms {
    fn write(terms: Option<&Self>, out: Writer) -> Writer {
        out.maybe("Exit-Kind", terms.map(|t| t.kind))
            .maybe("Effective", terms.map(|t| t.effective))
            .maybe("Merged-Into", terms.and_then(|t| t.merged_into.as_ref()))
    }

    fn read(subject: Subject, due: bool, block: &mut Reader<'_>) -> Result<Option<Self>, BlockError> {
        if subject != Subject::Exit || !due {
            return Ok(None);
        }
        let terms = Self {
            kind: block.take("Exit-Kind")?,
            effective: block.take("Effective")?,
            merged_into: block.maybe("Merged-Into")?,
        };
        if terms.merged_into.is_some() && terms.kind != ExitKind::Merged {
            return Err(block.blame("KP-Merged-Into goes only with KP-Exit-Kind: merged"));
        }
        Ok(Some(terms))
    }
}

/// The hashes of the files that an event or a vote is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Facts {
    /// Of `partner.toml`; of `program.toml` where the policy is what it is about.
    pub record: Sha256,
    /// Of `logo.png`; a policy has none, nor who was cleared.
    pub logo: Option<Sha256>,
}

impl Facts {
    /// Of files with these bytes.
    #[must_use]
    pub fn of(record: &[u8], logo: Option<&[u8]>) -> Self {
        Self { record: Sha256::of(record), logo: logo.map(Sha256::of) }
    }
}

/// The ids under which git keeps the same files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Objects {
    /// The blob of `partner.toml`, or of `program.toml`.
    pub record: GitId,
    /// The blob of `logo.png`; a policy has none.
    pub logo: Option<GitId>,
}

impl Objects {
    /// Of files with these bytes.
    #[must_use]
    pub fn of(record: &[u8], logo: Option<&[u8]>) -> Self {
        Self { record: GitId::of_file(record), logo: logo.map(GitId::of_file) }
    }
}

impl fmt::Display for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.logo {
            Some(logo) => write!(f, "{} {logo}", self.record),
            None => self.record.fmt(f),
        }
    }
}

impl FromStr for Objects {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        match s.split_once(' ') {
            Some((record, logo)) => Ok(Self { record: record.parse()?, logo: Some(logo.parse()?) }),
            None => Ok(Self { record: s.parse()?, logo: None }),
        }
    }
}

/// One step in a partner's life, as its file `log/<seq>` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// With the subject it decides what the state becomes.
    pub kind: Kind,
    /// The registry it belongs to: the hash of its founding event; `None` in that event itself.
    pub registry: Option<Sha256>,
    /// To whom; `program` for the policy itself.
    pub partner: Slug,
    /// Its number in the partner's log, from 1.
    pub seq: u32,
    /// Which of the partner's proposals it belongs to, from 1.
    pub round: u32,
    pub subject: Subject,
    /// Whose key signs the file, if any does.
    pub actor: Login,
    /// GitHub's number of the actor's account, where it was known.
    pub account: Option<AccountId>,
    /// The account that wrote it down for the actor.
    pub by: Option<Login>,
    pub time: Time,
    /// The `program.toml` it was done under.
    pub policy: Sha256,
    pub facts: Facts,
    /// Where git keeps them.
    pub objects: Objects,
    /// The previous event's file; `None` for the first.
    pub prev: Option<Sha256>,
    /// The vote files it rests on, in the order of their names.
    pub votes: Vec<Sha256>,
    /// On what terms a partner leaves; with [`Kind::Exited`] only.
    pub terms: Option<Terms>,
    /// What else there is to say, with some kinds.
    pub detail: Option<Detail>,
    /// As the actor words it, on one line.
    pub reason: Option<Line>,
    /// Where it was discussed, or more is told.
    pub link: Option<HttpLink>,
    /// The statement of a registry that this one goes on from; with [`Kind::Founded`] only.
    pub continues: Option<Sha256>,
    /// The issue in which the actor said so.
    pub attested: Option<Issue>,
    /// An SSH signature over all lines above.
    pub signature: Option<Signature>,
}

/// An issue that somebody filled in, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Issue {
    pub address: HttpLink,
    /// GitHub's number for it, which stays when it is moved.
    pub id: AccountId,
    /// Of the text that was read.
    pub body: Sha256,
}

impl Issue {
    fn read(block: &mut Reader<'_>) -> Result<Option<Self>, BlockError> {
        let Some(address) = block.maybe("Attested")? else { return Ok(None) };
        Ok(Some(Self { address, id: block.take("Attested-Id")?, body: block.take("Attested-Body")? }))
    }

    fn write(issue: Option<&Self>, out: Writer) -> Writer {
        out.maybe("Attested", issue.map(|i| &i.address))
            .maybe("Attested-Id", issue.map(|i| i.id))
            .maybe("Attested-Body", issue.map(|i| i.body))
    }
}

/// Hashes on one line, or the word `none`.
struct Hashes(Vec<Sha256>);

impl fmt::Display for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        self.0.iter().enumerate().try_for_each(|(i, hash)| write!(f, "{}{hash}", if i > 0 { " " } else { "" }))
    }
}

impl FromStr for Hashes {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        if s == "none" {
            Ok(Self(Vec::new()))
        } else {
            s.split(' ').map(str::parse).collect::<Result<_, _>>().map(Self)
        }
    }
}

/// A value, or the word `none`.
struct OrNone<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for OrNone<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("none"),
        }
    }
}

impl<T: FromStr<Err = Invalid>> FromStr for OrNone<T> {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        if s == "none" { Ok(Self(None)) } else { s.parse().map(|value| Self(Some(value))) }
    }
}

/// A partner's slug, or `program`.
struct About(Slug);

impl FromStr for About {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        Slug::or_program(s).map(Self)
    }
}

/// The policy is decided under the name `program`, has no logo, and nothing else goes by that name. `bare`: whether who
/// left may stand here without a logo.
fn fits(block: &Reader<'_>, subject: Subject, partner: &Slug, facts: Facts, bare: bool) -> Result<(), BlockError> {
    let policy = subject == Subject::Policy;
    if policy != partner.is_program() {
        return Err(block.blame("the subject “policy” goes with “KP-Partner: program”, and only with it"));
    }
    if policy && facts.logo.is_some() {
        return Err(block.blame("the subject “policy” goes with “KP-Logo: none”"));
    }
    if !policy && facts.logo.is_none() && !bare {
        return Err(block.blame("“KP-Logo: none” goes with the subject “policy”, and with what clears who left"));
    }
    Ok(())
}

/// `v1 word`: the format's version and what the block says.
struct Versioned<T>(T);

impl<T: fmt::Display> fmt::Display for Versioned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1 {}", self.0)
    }
}

impl<T: FromStr<Err = Invalid>> FromStr for Versioned<T> {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        versioned(s)?.parse().map(Self)
    }
}

impl Event {
    /// What its actor words in it.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Line> {
        self.reason.iter().chain(self.detail.iter().flat_map(Detail::words))
    }

    /// The account that did it.
    #[must_use]
    pub const fn by(&self) -> Identity<'_> {
        Identity { login: &self.actor, id: self.account }
    }

    /// The event that founds a registry, with its first policy.
    #[must_use]
    pub fn founding(program: &[u8], by: &Login, time: Time) -> Self {
        Self {
            kind: Kind::Founded,
            registry: None,
            partner: Slug::program(),
            seq: 1,
            round: 1,
            subject: Subject::Policy,
            actor: by.clone(),
            account: None,
            by: None,
            time,
            policy: Sha256::of(program),
            facts: Facts::of(program, None),
            objects: Objects::of(program, None),
            prev: None,
            votes: Vec::new(),
            terms: None,
            detail: None,
            reason: None,
            link: None,
            continues: None,
            attested: None,
            signature: None,
        }
    }

    /// Reads the bytes of `log/<seq>`. Only the one canonical spelling is accepted.
    ///
    /// # Errors
    /// Names the first line that has another spelling, or says what can't be.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlockError> {
        let mut block = Reader::new(bytes)?;
        let Versioned(kind) = block.take("Event")?;
        let OrNone(registry) = block.take("Registry")?;
        if registry.is_none() != (kind == Kind::Founded) {
            return Err(block.blame("“KP-Registry: none” goes with “founded”, and only with it"));
        }
        let About(partner) = block.take("Partner")?;
        let (Ordinal(seq), Ordinal(round)) = (block.take("Seq")?, block.take("Round")?);
        let subject = block.take("Subject")?;
        let event = Self {
            kind,
            registry,
            partner,
            seq,
            round,
            subject,
            actor: block.take("Actor")?,
            account: block.maybe("Account")?,
            by: block.maybe("By")?,
            time: block.take("Time")?,
            policy: block.take("Policy")?,
            facts: Facts { record: block.take("Record")?, logo: block.take::<OrNone<_>>("Logo")?.0 },
            objects: block.take("Objects")?,
            prev: block.take::<OrNone<_>>("Prev")?.0,
            votes: block.take::<Hashes>("Votes")?.0,
            terms: Terms::read(subject, kind == Kind::Exited, &mut block)?,
            detail: Detail::read(kind, &mut block)?,
            reason: block.maybe("Reason")?,
            link: block.maybe("Link")?,
            continues: block.maybe("Continues")?,
            attested: Issue::read(&mut block)?,
            signature: block.maybe("Signature")?,
        };
        let bare = kind == Kind::Cleared || subject == Subject::Upkeep || (subject == Subject::Update && kind.ends());
        fits(&block, subject, &event.partner, event.facts, bare)?;
        if kind == Kind::Cleared && event.facts.logo.is_some() {
            return Err(block.blame("“cleared” goes with “KP-Logo: none”"));
        }
        if event.continues.is_some() && kind != Kind::Founded {
            return Err(block.blame("KP-Continues goes only with “founded”"));
        }
        if event.by.is_some() && event.signature.is_some() {
            return Err(block.blame("what somebody else wrote down isn't signed by its actor"));
        }
        if event.objects.logo.is_some() != event.facts.logo.is_some() {
            return Err(block.blame("KP-Objects names as many files as KP-Record and KP-Logo do"));
        }
        block.finish(&event, bytes)?;
        Ok(event)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = Writer::default()
            .line("Event", Versioned(self.kind))
            .line("Registry", OrNone(self.registry))
            .line("Partner", &self.partner)
            .line("Seq", self.seq)
            .line("Round", self.round)
            .line("Subject", self.subject)
            .line("Actor", &self.actor)
            .maybe("Account", self.account)
            .maybe("By", self.by.as_ref())
            .line("Time", self.time)
            .line("Policy", self.policy)
            .line("Record", self.facts.record)
            .line("Logo", OrNone(self.facts.logo))
            .line("Objects", self.objects)
            .line("Prev", OrNone(self.prev))
            .line("Votes", Hashes(self.votes.clone()));
        let block = Detail::write(self.detail.as_ref(), Terms::write(self.terms.as_ref(), block))
            .maybe("Reason", self.reason.as_ref())
            .maybe("Link", self.link.as_ref())
            .maybe("Continues", self.continues);
        let block = Issue::write(self.attested.as_ref(), block).maybe("Signature", self.signature.as_ref());
        f.write_str(&block.finish())
    }
}

/// What a voice is about, and by whom; all else is said besides.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub registry: Sha256,
    pub partner: &'a Slug,
    pub round: u32,
    pub subject: Subject,
    pub actor: &'a Login,
    pub time: Time,
    pub policy: Sha256,
    pub facts: Facts,
    /// See [`Vote::log`].
    pub log: Option<Sha256>,
}

/// One voice in a round, as its file `votes/<round>/<login>` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Counted by the policy's rule for the round's subject.
    pub ballot: Ballot,
    /// The registry it belongs to: the hash of its founding event.
    pub registry: Sha256,
    /// About whom; `program` for the policy itself.
    pub partner: Slug,
    pub round: u32,
    pub subject: Subject,
    /// Whose key signs the file, if any does.
    pub actor: Login,
    /// GitHub's number of the actor's account, where it was known.
    pub account: Option<AccountId>,
    pub time: Time,
    /// The `program.toml` it was cast under.
    pub policy: Sha256,
    /// The facts the member saw. When they change, the vote is stale.
    pub facts: Facts,
    /// The newest word of whoever proposes, as the member saw it: an event of the application, or the opener's voice.
    /// `None` in the opener's own.
    pub log: Option<Sha256>,
    /// How the member judges the three principles; for applications only.
    pub principles: Option<Principles>,
    /// Whether the member has a stake, as it says.
    pub interest: Option<Interest>,
    /// The terms voted on; for exits only.
    pub terms: Option<Terms>,
    /// What the member saw before voting: the hash of a file that stands beside the vote.
    pub evidence: Option<Sha256>,
    pub note: Option<Line>,
    /// Set when the member voted by a plain click on GitHub, and somebody else wrote this file.
    pub attested: Option<Attested>,
    /// An SSH signature over all lines above.
    pub signature: Option<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Attested {
    /// The address of the pull-request review.
    pub link: HttpLink,
    /// The commit that was reviewed.
    pub head: GitId,
}

impl Vote {
    /// The account that says it.
    #[must_use]
    pub const fn by(&self) -> Identity<'_> {
        Identity { login: &self.actor, id: self.account }
    }

    /// Whether the facts that it names come with it, as when somebody asks for others.
    #[must_use]
    pub(crate) const fn brings_facts(&self) -> bool {
        matches!((self.ballot, self.subject), (Ballot::Request, Subject::Update | Subject::Policy))
    }

    /// A voice that says no more than what it is about.
    #[must_use]
    pub fn new(ballot: Ballot, said: Said<'_>) -> Self {
        let Said { registry, partner, round, subject, actor, time, policy, facts, log } = said;
        Self {
            ballot,
            registry,
            partner: partner.clone(),
            round,
            subject,
            actor: actor.clone(),
            account: None,
            time,
            policy,
            facts,
            log,
            principles: None,
            interest: None,
            terms: None,
            evidence: None,
            note: None,
            attested: None,
            signature: None,
        }
    }

    /// Reads the bytes of a vote file. Only the one canonical spelling is accepted.
    ///
    /// # Errors
    /// Names the first line that has another spelling, or says what can't be.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlockError> {
        let mut block = Reader::new(bytes)?;
        let Versioned(ballot) = block.take("Vote")?;
        let registry = block.take("Registry")?;
        let About(partner) = block.take("Partner")?;
        let Ordinal(round) = block.take("Round")?;
        let subject = block.take("Subject")?;
        let judges = subject == Subject::Application && ballot != Ballot::Request;
        let vote = Self {
            ballot,
            registry,
            partner,
            round,
            subject,
            actor: block.take("Actor")?,
            account: block.maybe("Account")?,
            time: block.take("Time")?,
            policy: block.take("Policy")?,
            facts: Facts { record: block.take("Record")?, logo: block.take::<OrNone<_>>("Logo")?.0 },
            log: block.take::<OrNone<_>>("Log")?.0,
            // A click says nothing of the three principles.
            principles: match judges && !block.has("Attested") {
                true => Some(Principles {
                    authenticity: block.take("Authenticity")?,
                    url: block.take("URL")?,
                    relevance: block.take("Relevance")?,
                }),
                false => None,
            },
            interest: block.maybe("Interest")?,
            terms: Terms::read(subject, true, &mut block)?,
            evidence: block.maybe("Evidence")?,
            note: block.maybe("Note")?,
            attested: match block.maybe("Attested")? {
                Some(link) => Some(Attested { link, head: block.take("Head")? }),
                None => None,
            },
            signature: block.maybe("Signature")?,
        };
        if subject == Subject::Upkeep {
            return Err(block.blame("nobody votes on upkeep"));
        }
        if vote.evidence.is_some() && (ballot == Ballot::Request || vote.attested.is_some()) {
            return Err(block.blame("KP-Evidence goes only with a member's own vote"));
        }
        if subject == Subject::Application && vote.log.is_none() {
            return Err(block.blame("a vote on an application names the event that it is about"));
        }
        fits(&block, subject, &vote.partner, vote.facts, subject == Subject::Update)?;
        block.finish(&vote, bytes)?;
        Ok(vote)
    }
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = Writer::default()
            .line("Vote", Versioned(self.ballot))
            .line("Registry", self.registry)
            .line("Partner", &self.partner)
            .line("Round", self.round)
            .line("Subject", self.subject)
            .line("Actor", &self.actor)
            .maybe("Account", self.account)
            .line("Time", self.time)
            .line("Policy", self.policy)
            .line("Record", self.facts.record)
            .line("Logo", OrNone(self.facts.logo))
            .line("Log", OrNone(self.log))
            .maybe("Authenticity", self.principles.map(|p| p.authenticity))
            .maybe("URL", self.principles.map(|p| p.url))
            .maybe("Relevance", self.principles.map(|p| p.relevance))
            .maybe("Interest", self.interest);
        let block = Terms::write(self.terms.as_ref(), block)
            .maybe("Evidence", self.evidence)
            .maybe("Note", self.note.as_ref())
            .maybe("Attested", self.attested.as_ref().map(|a| &a.link))
            .maybe("Head", self.attested.as_ref().map(|a| &a.head))
            .maybe("Signature", self.signature.as_ref());
        f.write_str(&block.finish())
    }
}
