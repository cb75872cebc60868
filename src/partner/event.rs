//! The entries of a partner's trail: events that change its state, and the votes they rest on.

use std::fmt;
use std::str::FromStr;

use super::block::{BlockError, Number, Reader, Writer};
use super::values::{Date, Invalid, Line, Login, Sha256, Slug, Time, words};

words! {
    /// What an event does.
    pub enum Kind {
        /// An organization asks to join.
        Applied = "applied",
        /// It changes its application before the decision.
        Amended = "amended",
        /// The committee lets it in.
        Approved = "approved",
        /// The committee turns a proposal down.
        Rejected = "rejected",
        /// The applicant takes a proposal back.
        Withdrawn = "withdrawn",
        /// An active partner's facts change.
        Updated = "updated",
        /// A partner leaves.
        Exited = "exited",
    }
}

words! {
    /// What a proposal asks for. Each proposal has a round of votes of its own.
    pub enum Subject {
        /// To become a partner.
        Application = "application",
        /// To change an active partner's facts.
        Update = "update",
        /// To leave, or to be made to.
        Exit = "exit",
    }
}

words! {
    /// Why a partner leaves.
    pub enum ExitKind {
        /// It wants to.
        Voluntary = "voluntary",
        /// It no longer answers or offers support.
        Inactive = "inactive",
        /// It became part of another organization.
        Merged = "merged",
        /// It no longer meets the three principles.
        CriteriaNotMet = "criteria-not-met",
        /// It broke the program's rules.
        Breach = "breach",
    }
}

words! {
    /// A voice in a round.
    pub enum Ballot {
        /// In favor of what the proposal asks.
        Approve = "approve",
        /// Against it.
        Reject = "reject",
        /// Present, on neither side.
        Abstain = "abstain",
        /// Not a vote: the partner's own side asks for an update or an exit.
        Request = "request",
    }
}

words! {
    /// How a member judges one of the three principles.
    pub enum Finding {
        /// The principle holds.
        Met = "met",
        /// It doesn't.
        NotMet = "not-met",
        /// The member can't tell.
        Unsure = "unsure",
    }
}

/// The three principles of the program, as one member judges them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Principles {
    /// The organization is authentic.
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
}

/// On what terms a partner leaves. Votes and the decision must agree on them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Terms {
    /// Why.
    pub kind: ExitKind,
    /// From which day on.
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

/// The hashes of the two files that an event or a vote is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    /// Of `partner.toml`.
    pub record: Sha256,
    /// Of `logo.png`.
    pub logo: Sha256,
}

/// One step in a partner's life, as its file `log/<seq>` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it does.
    pub kind: Kind,
    /// To whom.
    pub partner: Slug,
    /// Its number in the partner's log, from 1.
    pub seq: u32,
    /// Which of the partner's proposals it belongs to, from 1.
    pub round: u32,
    /// What that proposal asks for.
    pub subject: Subject,
    /// Who did it.
    pub actor: Login,
    /// When, as the actor claims.
    pub time: Time,
    /// The `program.toml` it was done under.
    pub policy: Sha256,
    /// The facts it is about.
    pub facts: Facts,
    /// The previous event's file; `None` for the first.
    pub prev: Option<Sha256>,
    /// The vote files it rests on, in the order of their names.
    pub votes: Vec<Sha256>,
    /// On what terms a partner leaves; with [`Kind::Exited`] only.
    pub terms: Option<Terms>,
    /// Why.
    pub reason: Option<Line>,
    /// Where it was discussed.
    pub link: Option<Line>,
    /// An SSH signature over all lines above.
    pub signature: Option<Line>,
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
        match s.split_once(' ') {
            Some(("v1", word)) => word.parse().map(Self),
            _ => Err(Invalid::new("the version isn't v1", "use a newer karmada-partner")),
        }
    }
}

impl Event {
    /// Reads the bytes of `log/<seq>`. Only the one canonical spelling is accepted.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlockError> {
        let mut block = Reader::new(bytes)?;
        let Versioned(kind) = block.take("Event")?;
        let partner = block.take("Partner")?;
        let (Number(seq), Number(round)) = (block.take("Seq")?, block.take("Round")?);
        let subject = block.take("Subject")?;
        let event = Self {
            kind,
            partner,
            seq,
            round,
            subject,
            actor: block.take("Actor")?,
            time: block.take("Time")?,
            policy: block.take("Policy")?,
            facts: Facts { record: block.take("Record")?, logo: block.take("Logo")? },
            prev: match block.take::<Hashes>("Prev")?.0[..] {
                [] => None,
                [hash] => Some(hash),
                _ => return Err(block.blame("KP-Prev names more than one file")),
            },
            votes: block.take::<Hashes>("Votes")?.0,
            terms: Terms::read(subject, kind == Kind::Exited, &mut block)?,
            reason: block.maybe("Reason")?,
            link: block.maybe("Link")?,
            signature: block.maybe("Signature")?,
        };
        block.finish(&event, bytes)?;
        Ok(event)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = Writer::default()
            .line("Event", Versioned(self.kind))
            .line("Partner", &self.partner)
            .line("Seq", self.seq)
            .line("Round", self.round)
            .line("Subject", self.subject)
            .line("Actor", &self.actor)
            .line("Time", self.time)
            .line("Policy", self.policy)
            .line("Record", self.facts.record)
            .line("Logo", self.facts.logo)
            .line("Prev", Hashes(self.prev.into_iter().collect()))
            .line("Votes", Hashes(self.votes.clone()));
        let block = Terms::write(self.terms.as_ref(), block)
            .maybe("Reason", self.reason.as_ref())
            .maybe("Link", self.link.as_ref())
            .maybe("Signature", self.signature.as_ref());
        f.write_str(&block.finish())
    }
}

/// One voice in a round, as its file `votes/<round>/<login>` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// What it says.
    pub ballot: Ballot,
    /// About whom.
    pub partner: Slug,
    /// In which of the partner's rounds.
    pub round: u32,
    /// What that round is about.
    pub subject: Subject,
    /// Who says it.
    pub actor: Login,
    /// When, as the actor claims.
    pub time: Time,
    /// The `program.toml` it was cast under.
    pub policy: Sha256,
    /// The facts the member saw. When they change, the vote is stale.
    pub facts: Facts,
    /// How the member judges the three principles; for applications only.
    pub principles: Option<Principles>,
    /// The terms voted on; for exits only.
    pub terms: Option<Terms>,
    /// Why, for everybody to read.
    pub note: Option<Line>,
    /// Set when the member voted by a plain click on GitHub, and somebody else wrote this file.
    pub attested: Option<Attested>,
    /// An SSH signature over all lines above.
    pub signature: Option<Line>,
}

/// Where GitHub says so.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Attested {
    /// The address of the pull-request review.
    pub link: Line,
    /// The commit that was reviewed, in 40 hex digits.
    pub head: Line,
}

impl Vote {
    /// Reads the bytes of a vote file. Only the one canonical spelling is accepted.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlockError> {
        let mut block = Reader::new(bytes)?;
        let Versioned(ballot) = block.take("Vote")?;
        let partner = block.take("Partner")?;
        let Number(round) = block.take("Round")?;
        let subject = block.take("Subject")?;
        let judges = subject == Subject::Application && ballot != Ballot::Request;
        let vote = Self {
            ballot,
            partner,
            round,
            subject,
            actor: block.take("Actor")?,
            time: block.take("Time")?,
            policy: block.take("Policy")?,
            facts: Facts { record: block.take("Record")?, logo: block.take("Logo")? },
            // A click says nothing of the three principles.
            principles: match judges && !block.has("Attested") {
                true => Some(Principles {
                    authenticity: block.take("Authenticity")?,
                    url: block.take("URL")?,
                    relevance: block.take("Relevance")?,
                }),
                false => None,
            },
            terms: Terms::read(subject, true, &mut block)?,
            note: block.maybe("Note")?,
            attested: match block.maybe("Attested")? {
                Some(link) => Some(Attested { link, head: block.take("Head")? }),
                None => None,
            },
            signature: block.maybe("Signature")?,
        };
        block.finish(&vote, bytes)?;
        Ok(vote)
    }
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = Writer::default()
            .line("Vote", Versioned(self.ballot))
            .line("Partner", &self.partner)
            .line("Round", self.round)
            .line("Subject", self.subject)
            .line("Actor", &self.actor)
            .line("Time", self.time)
            .line("Policy", self.policy)
            .line("Record", self.facts.record)
            .line("Logo", self.facts.logo)
            .maybe("Authenticity", self.principles.map(|p| p.authenticity))
            .maybe("URL", self.principles.map(|p| p.url))
            .maybe("Relevance", self.principles.map(|p| p.relevance));
        let block = Terms::write(self.terms.as_ref(), block)
            .maybe("Note", self.note.as_ref())
            .maybe("Attested", self.attested.as_ref().map(|a| &a.link))
            .maybe("Head", self.attested.as_ref().map(|a| &a.head))
            .maybe("Signature", self.signature.as_ref());
        f.write_str(&block.finish())
    }
}
