//! `program.toml`: who decides, and by how many. And who may do what, judged by it.

pub mod admission;
pub(crate) mod github;
pub mod organization;
pub mod permit;
pub mod policies;
pub mod seats;
pub(crate) mod soundness;
pub(crate) mod upkeep_rules;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::identity::Identity;
use super::log::kinds::Subject;
use super::logo;
use super::program::github::{Deciding, GitHub};
use super::program::organization::Organization;
use super::program::upkeep_rules::Upkeep;
use super::record::Field;
use super::record::terms::Vocabulary;
use super::signature::grade::Signatures;
use super::signature::sshsig::PublicKey;
use super::toml::{Fault, Faults, Table};
use super::values::{AccountId, Date, Invalid, Line, Login, Sha256, Time, words};

words! {
    pub enum Role {
        Member = "member",
        Chair = "chair",
        /// Served once; no longer votes.
        Emeritus = "emeritus",
    }
}

words! {
    /// What a vote against does.
    pub enum Objection {
        /// It counts against the threshold.
        Counts = "counts",
        Blocks = "blocks",
    }
}

words! {
    pub enum Decision {
        Approve = "approve",
        Reject = "reject",
        /// Changing an active partner's facts.
        Update = "update",
        Exit = "exit",
        /// Changing `program.toml`.
        Policy = "policy",
    }
}

impl Decision {
    /// What is decided, as the person at the terminal is told: it isn't the vote of the same word.
    #[must_use]
    pub fn matter(self) -> &'static str {
        match self {
            Self::Approve => tr!("to decide" => "approve"),
            Self::Reject => tr!("to decide" => "reject"),
            Self::Update => tr!("to decide" => "update"),
            Self::Exit => tr!("to decide" => "exit"),
            Self::Policy => tr!("to decide" => "policy"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Member {
    /// GitHub's number of the account, which stays when its login changes.
    pub id: Option<AccountId>,
    /// Compared without regard to case.
    pub github: Login,
    /// Employer, as it is called; votes on it are recused.
    pub affiliation: Line,
    /// The same, with all that it is known by.
    #[serde(skip)]
    pub organization: Organization,
    /// The same for comparing: see [`super::names::company`].
    #[serde(skip)]
    pub employer: String,
    /// Decides whether the member votes.
    pub role: Role,
    /// SSH public keys, as in `~/.ssh/id_ed25519.pub`.
    pub keys: Vec<PublicKey>,
    /// The last day on which nobody waits for the member; its votes count all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away_until: Option<Date>,
}

impl Member {
    #[must_use]
    pub(crate) fn votes(&self) -> bool {
        self.role != Role::Emeritus
    }

    /// Whether nobody waits for its vote: as long as it is that day somewhere.
    #[must_use]
    pub(crate) fn is_away(&self, now: Time) -> bool {
        self.away_until.is_some_and(|day| *now.days_on_earth().start() <= day)
    }

    #[must_use]
    pub const fn identity(&self) -> Identity<'_> {
        Identity { login: &self.github, id: self.id }
    }
}

/// A share such as 2/3, of votes in favor among those for and against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Above the line; at least 1.
    pub numerator: u32,
    /// Below the line; no less than the numerator.
    pub denominator: u32,
}

impl Threshold {
    /// Whether `in_favor` of `total` reach the share. Nothing of nothing doesn't.
    #[must_use]
    pub(crate) fn reached(self, in_favor: usize, total: usize) -> bool {
        total > 0 && in_favor as u64 * u64::from(self.denominator) >= total as u64 * u64::from(self.numerator)
    }

    /// How many more in favor reach it, when all that are added are; nothing where no number does.
    #[must_use]
    pub(crate) fn lacks(self, in_favor: usize, total: usize) -> Option<usize> {
        let (of, share) = (u128::from(self.denominator), u128::from(self.numerator));
        let short = (total as u128 * share).saturating_sub(in_favor as u128 * of);
        match of - share {
            _ if short == 0 => Some(0),
            0 => None,
            gain => usize::try_from(short.div_ceil(gain)).ok(),
        }
    }

    /// The fewest of `total` that reach it.
    #[must_use]
    pub(crate) fn least_of(self, total: usize) -> usize {
        (total * self.numerator as usize).div_ceil(self.denominator as usize)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl serde::Serialize for Threshold {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl FromStr for Threshold {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        // One spelling: no sign, no zeros before, no spaces.
        let number = |s: &str| s.parse::<u32>().ok().filter(|n| n.to_string() == s);
        s.split_once('/')
            .and_then(|(n, d)| Some(Self { numerator: number(n)?, denominator: number(d)? }))
            .filter(|t| t.numerator > 0 && t.numerator <= t.denominator && t.denominator <= 1_000)
            .ok_or_else(|| Invalid::new(tr!("it isn't a share"), tr!("write a fraction such as 2/3, no more than 1/1")))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rule {
    /// Least number of counted votes in favor.
    pub quorum: u32,
    /// Least share in favor, of the counted votes that are not abstentions.
    pub threshold: Threshold,
    /// Least number of different affiliations among those in favor.
    pub affiliations: u32,
    pub objection: Objection,
    /// Least number of counted votes of any kind, abstentions included.
    pub presence: u32,
    /// Within how many days a decision is expected. Nothing follows from it but words.
    pub due: u32,
    /// After how many days people are reminded, and then each time again.
    pub remind: u32,
}

impl Rule {
    #[must_use]
    pub(crate) const fn default_for(decision: Decision) -> Self {
        let many = match decision {
            Decision::Update => 1,
            _ => 2,
        };
        Self {
            quorum: many,
            threshold: Threshold { numerator: 2, denominator: 3 },
            affiliations: many,
            objection: Objection::Counts,
            presence: 0,
            due: 14,
            remind: 7,
        }
    }

    fn read(table: Option<Table<'_>>, decision: Decision, faults: &mut Faults) -> Self {
        let default = Self::default_for(decision);
        let Some(mut table) = table else { return default };
        let rule = Self {
            quorum: table.number(faults, "quorum", 1..=1_000).unwrap_or(default.quorum),
            threshold: table.value(faults, "threshold").unwrap_or(default.threshold),
            affiliations: table.number(faults, "affiliations", 0..=1_000).unwrap_or(default.affiliations),
            objection: table.value(faults, "objection").unwrap_or(default.objection),
            presence: table.number(faults, "presence", 0..=1_000).unwrap_or(default.presence),
            due: table.number(faults, "due", 1..=1_000).unwrap_or(default.due),
            remind: table.number(faults, "remind", 1..=1_000).unwrap_or(default.remind),
        };
        table.finish(faults);
        rule
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Program {
    pub name: Line,
    /// The same in Chinese.
    pub name_zh: Option<Line>,
    /// What it is, in a sentence or two.
    pub definition: Option<Line>,
    pub scope: Option<Line>,
    /// `privileges`: what partners receive, one a line.
    pub privileges: Vec<Line>,
    /// `exit`: how partners leave, in words; no rule follows from it.
    pub exit: Option<Line>,
    /// `contact`: where to ask, one place a line.
    pub contact: Vec<Line>,
    /// Those that the file lists; none where affiliations are names.
    #[serde(skip)]
    pub organizations: Vec<Organization>,
    /// In the order of the file, with those who no longer vote.
    pub committee: Vec<Member>,
    /// What each decision takes, in the order of [`Decision::ALL`].
    #[serde(skip)]
    rules: Vec<Rule>,
    /// Fields an application must have.
    pub required: Vec<Field>,
    pub signatures: Signatures,
    pub logo: logo::Limits,
    pub github: GitHub,
    /// The words by which end users find partners.
    #[serde(rename = "terms")]
    pub vocabulary: Vocabulary,
    /// Where and how partners are shown, and how often they confirm their entry.
    #[serde(flatten)]
    pub upkeep: Upkeep,
    /// What is wrong in tables and keys that no decision rests on: an older program doesn't know a newer one's. What stands there
    /// is passed over.
    #[serde(skip)]
    pub asides: Vec<Fault>,
    /// The SHA-256 of the file.
    pub hash: Sha256,
}

/// What every partner has, whatever the policy says.
pub(crate) const ALWAYS_REQUIRED: [Field; 4] = [Field::Name, Field::Website, Field::Github, Field::Logo];

impl Program {
    /// Reads `program.toml`, as far as decisions rest on it: who decides, for whom they work, what it takes, and what has to be
    /// signed. What is wrong with the rest is among the [`asides`](Self::asides).
    ///
    /// # Errors
    /// With all that is wrong, in the order of the lines.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let (mut table, mut faults) = Table::parse(bytes);
        let mut asides = faults.beside();
        let (f, aside) = (&mut faults, &mut asides);
        table.schema(f);
        let name = table.value::<Line>(aside, "name");
        if name.is_none() {
            aside.missing("name", tr!("say what the program is called"));
        }
        let name_zh = table.value(aside, "name_zh");
        let definition = table.value(aside, "definition");
        let scope = table.value(aside, "scope");
        let privileges = table.list(aside, "privileges", str::parse);
        let exit = table.value(aside, "exit");
        let contact = table.list(aside, "contact", str::parse);
        let organizations = Organization::read(&mut table, f, aside);
        let committee = read_committee(&mut table, f, &organizations);
        let mut decisions = table.table(f, "decisions");
        let rules = Decision::ALL
            .iter()
            .map(|d| Rule::read(decisions.as_mut().and_then(|t| t.table(f, d.word())), *d, f))
            .collect();
        if let Some(decisions) = decisions {
            decisions.finish(f);
        }
        let mut required = ALWAYS_REQUIRED.to_vec();
        if let Some(mut fields) = table.table(aside, "fields") {
            required.extend(fields.list(aside, "required", str::parse::<Field>));
            fields.finish(aside);
        }
        required.sort_unstable();
        required.dedup();
        let logo = match table.table(aside, "logo") {
            Some(logo) => read_limits(logo, aside),
            None => logo::Limits::default(),
        };
        let mut signatures = Signatures::default();
        if let Some(mut table) = table.table(f, "signatures") {
            signatures.required = table.flag("required").unwrap_or_default();
            signatures.attested = table.flag("attested").unwrap_or_default();
            table.finish(f);
        }
        let github = table.table(aside, "github");
        let github = GitHub::read(github, aside);
        let terms = table.table(aside, "terms");
        let vocabulary = Vocabulary::read(terms, aside);
        let upkeep = Upkeep::read(&mut table, aside);
        table.finish(aside);
        let hash = Sha256::of(bytes);
        if !faults.is_empty() {
            faults.append(asides);
            return Err(faults.into_vec());
        }
        let asides = asides.into_vec();
        let unnamed = || "Unnamed program".parse().ok();
        let program = name.or_else(unnamed).map(|name| Self {
            name,
            name_zh,
            definition,
            scope,
            privileges,
            exit,
            contact,
            organizations,
            committee,
            rules,
            required,
            signatures,
            logo,
            github,
            vocabulary,
            upkeep,
            asides,
            hash,
        });
        faults.or(program)
    }

    /// Reads `program.toml` as somebody has just written it: what no decision rests on has to be right, too.
    ///
    /// # Errors
    /// With all that is wrong, in the order of the lines.
    pub fn parse_strictly(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let program = Self::parse(bytes)?;
        if program.asides.is_empty() { Ok(program) } else { Err(program.asides) }
    }

    /// What readers of Chinese, or all others, know it by. Policies that are older than `name_zh` call Karmada's own program by its
    /// English name only.
    #[must_use]
    pub fn name_in(&self, chinese: bool) -> &Line {
        static KARMADA: LazyLock<Option<Line>> = LazyLock::new(|| "Karmada 商业支持计划".parse().ok());
        let own = self.name_zh.as_ref();
        let known = || KARMADA.as_ref().filter(|_| self.name.as_str() == "Karmada Commercial Support Program");
        own.or_else(known).filter(|_| chinese).unwrap_or(&self.name)
    }

    #[must_use]
    pub fn rule(&self, decision: Decision) -> &Rule {
        &self.rules[decision as usize]
    }

    /// The member with this login, emeriti included.
    #[must_use]
    pub fn member(&self, login: &Login) -> Option<&Member> {
        self.committee.iter().find(|m| m.github.is(login))
    }

    /// Who an account is to the policy: the member with its number, whatever its login is now; or else by its login.
    ///
    /// # Errors
    /// With the member whose login it has, where the policy knows that member as another account.
    pub(crate) fn member_as(&self, account: Identity<'_>) -> Result<Option<&Member>, &Member> {
        let same_number = |m: &&Member| m.id.is_some() && m.id == account.id;
        match self.committee.iter().find(same_number).or_else(|| self.member(account.login)) {
            Some(member) if !member.identity().is(account) => Err(member),
            found => Ok(found),
        }
    }

    /// The member that an account is. Who took over the login of one whose number the policy knows is somebody else.
    #[must_use]
    pub(crate) fn seat_of<'a>(&self, account: impl Into<Identity<'a>>) -> Option<&Member> {
        let account = account.into();
        self.member(account.login).filter(|m| m.identity().is(account))
    }

    /// Whether this is a member who may vote.
    #[must_use]
    pub(crate) fn may_vote<'a>(&self, account: impl Into<Identity<'a>>) -> bool {
        self.seat_of(account).is_some_and(Member::votes)
    }

    /// Whether a workflow writes the decision down when the votes carry it: for the last voter, who doesn't sign it then.
    #[must_use]
    pub(crate) fn is_left_to_a_workflow(&self, subject: Subject) -> bool {
        let unsigned_will_do = !self.signatures.required || self.signatures.attested;
        self.github.decide == Deciding::Auto
            && matches!(subject, Subject::Application | Subject::Update)
            && unsigned_will_do
    }

    /// Whether what this member says has to be signed.
    #[must_use]
    pub(crate) fn wants_signature_of(&self, login: &Login) -> bool {
        self.signatures.required && self.may_vote(login)
    }

    pub fn voters(&self) -> impl Iterator<Item = &Member> {
        self.committee.iter().filter(|m| m.votes())
    }

    /// Affiliations of voters that may be one organization under two names.
    #[must_use]
    pub(crate) fn alike(&self) -> Vec<(&str, &str)> {
        let mut known: Vec<&Organization> = Vec::new();
        let mut alike = Vec::new();
        for member in self.voters() {
            let own = &member.organization;
            if known.iter().any(|other| other.key() == own.key()) {
                continue;
            }
            let near = known.iter().filter(|other| own.may_be(other) || other.may_be(own));
            alike.extend(near.map(|other| (other.name.as_str(), own.name.as_str())));
            known.push(own);
        }
        alike
    }

    /// What to do where decisions could never be carried.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        let lacks_keys = self.signatures.required && self.voters().any(|m| m.keys.is_empty());
        match lacks_keys {
            true => tr!(
                "have members give their keys first, with program propose --add-key LOGIN=FILE, and leave [signatures] out until then; or ask for less in [decisions]"
            ),
            false => tr!("ask for less in [decisions], or add members"),
        }
    }

    /// Why this committee could never carry some decisions.
    #[must_use]
    pub fn unreachable(&self) -> Vec<String> {
        // Where only signatures count, so do only those who can sign.
        let can_vote = |m: &&Member| !self.signatures.required || self.signatures.attested || !m.keys.is_empty();
        let voters = self.voters().filter(can_vote).count();
        let mut employers: Vec<_> = self.voters().filter(can_vote).map(|m| m.employer.as_str()).collect();
        employers.sort_unstable();
        employers.dedup();
        let mut out = Vec::new();
        if self.signatures.required && self.voters().all(|m| m.keys.is_empty()) {
            out.push(tr!("decisions have to be signed, and no member has a key").to_owned());
        }
        for (decision, rule) in Decision::ALL.iter().zip(&self.rules) {
            let most = rule.quorum.max(rule.presence) as usize;
            if most > voters {
                out.push(tr!(
                    "{decision} takes 1 vote, and the committee has {voters}"
                        | "{decision} takes {n} votes, and the committee has {voters}" % most,
                    decision = decision.matter(),
                    voters
                ));
            }
            if rule.affiliations as usize > employers.len() {
                let has = employers.len();
                out.push(tr!(
                    "{decision} takes 1 affiliation, and the committee has {has}"
                        | "{decision} takes {n} affiliations, and the committee has {has}" % rule.affiliations,
                    decision = decision.matter(),
                    has
                ));
            }
        }
        out
    }
}

fn read_committee(table: &mut Table<'_>, faults: &mut Faults, organizations: &[Organization]) -> Vec<Member> {
    let mut committee: Vec<Member> = Vec::new();
    let mut unlisted = Vec::new();
    let mut is_there = false;
    for mut entry in table.tables(faults, "committee") {
        is_there = true;
        let is_whole = entry.has("github") && entry.has("affiliation");
        let github: Option<Login> = entry.value(faults, "github");
        let affiliation: Option<Line> = entry.value(faults, "affiliation");
        let role = entry.value(faults, "role").unwrap_or(Role::Member);
        let id = entry.number::<i64>(faults, "id", 1..=i64::MAX).and_then(|id| AccountId::new(id.unsigned_abs()));
        if let Some(other) = committee.iter().find(|m| id.is_some() && m.id == id) {
            entry.fault(
                faults,
                "id",
                tr!("it is {login}'s id, too", login = other.github),
                tr!("give each member their own"),
            );
        }
        let away_until = entry.date(faults, "away_until");
        let keys = read_keys(&mut entry, faults, &committee);
        let (Some(github), Some(affiliation)) = (github, affiliation) else {
            // What is there and doesn't do is told already.
            if !is_whole {
                entry.fault(
                    faults,
                    "committee",
                    tr!("a member needs github and affiliation").into(),
                    tr!("give both; “Independent” will do"),
                );
            }
            entry.finish(faults);
            continue;
        };
        if github.is_bot() {
            entry.fault(faults, "committee", tr!("{github} is a bot", github), tr!("list people: a bot never votes"));
        }
        if committee.iter().any(|m| m.github.is(&github)) {
            entry.fault(faults, "committee", tr!("{id} is listed twice", id = github), tr!("keep one of them"));
        }
        entry.finish(faults);
        // Where none are listed, an affiliation is an organization of that name.
        let organization = match organizations.iter().find(|o| o.id == affiliation) {
            Some(listed) => listed.clone(),
            None if organizations.is_empty() => Organization::named(&affiliation),
            None => {
                let ids = organizations.iter().map(|o| o.id.as_str()).collect::<Vec<_>>();
                let ids = ids.join(tr!("in a list" => ", "));
                let why = tr!(
                    "the affiliation of {github}, “{affiliation}”, is the id of no [[organization]]",
                    github,
                    affiliation
                );
                unlisted.push((why, tr!("one of: {ids}; or list it", ids)));
                Organization::named(&affiliation)
            }
        };
        let (affiliation, employer) = (organization.name.clone(), organization.key());
        committee.push(Member { id, github, affiliation, organization, employer, role, keys, away_until });
    }
    for (why, hint) in unlisted {
        table.fault(faults, "committee", why, hint);
    }
    if !is_there {
        faults.missing("committee", tr!("add [[committee]] with github and affiliation for each member"));
    }
    committee
}

/// A key says who signed, so no two members may have the same.
fn read_keys(entry: &mut Table<'_>, faults: &mut Faults, committee: &[Member]) -> Vec<PublicKey> {
    let mut own: Vec<PublicKey> = Vec::new();
    entry.list(faults, "keys", |line| {
        let key: PublicKey = line.parse()?;
        if let Some(other) = committee.iter().find(|m| m.keys.contains(&key)) {
            return Err(Invalid::new(
                tr!("it is {login}'s key, too", login = other.github),
                tr!("give each member a key of their own"),
            ));
        }
        if own.contains(&key) {
            return Err(Invalid::new(tr!("it is listed twice"), tr!("keep one of them")));
        }
        own.push(key.clone());
        Ok(key)
    })
}

fn read_limits(mut table: Table<'_>, faults: &mut Faults) -> logo::Limits {
    let (default, any) = (logo::Limits::default(), logo::Limits::ANY);
    let mut number =
        |key: &'static str, default: u32, most: u32| table.number(faults, key, 1..=most.into()).unwrap_or(default);
    let (min_side, max_side) =
        (number("min_side", default.min_side, any.max_side), number("max_side", default.max_side, any.max_side));
    let limits = logo::Limits {
        max_bytes: number("max_bytes", default.max_bytes, any.max_bytes),
        min_side,
        max_side,
        max_pixels: number("max_pixels", default.max_pixels, any.max_pixels),
        max_ratio: number("max_ratio", default.max_ratio, any.max_ratio),
        max_tall_ratio: number("max_tall_ratio", default.max_tall_ratio, any.max_tall_ratio),
        // What isn't said contradicts nothing that is.
        warn_min_side: number("warn_min_side", default.warn_min_side.min(max_side), any.max_side),
        warn_max_side: number("warn_max_side", default.warn_max_side.max(min_side), any.max_side),
        min_ink_percent: table.number(faults, "min_ink_percent", 0..=100).unwrap_or(default.min_ink_percent),
    };
    for (why, hint) in limits.contradictions() {
        table.fault(faults, "logo", why.into(), hint);
    }
    table.finish(faults);
    limits
}
