//! A registry in this process, made with the program's own domain and no commands: what is planned is a [`Deed`], the
//! commits of a proposal's branch with the decision last; [`World::land`] brings it to the default branch in one of the
//! ways that git and GitHub know.

use std::collections::BTreeMap;

use karmada_partner::audit;
use karmada_partner::audit::chain::{Reach, Scope};
use karmada_partner::audit::finding::Severity;
use karmada_partner::audit::ledger::Ledger;
use karmada_partner::domain::log::message::{Message, whole};
use karmada_partner::domain::{Event, Facts, Life, Logged, Objects, Program, Sha256, Slug, Time};
use karmada_partner::git::Put;
use karmada_partner::git::{Author, Oid, Repo};

use crate::pen;
use crate::random_lives::Dice;

/// Who may sit on the committee: some of them work for those who apply.
pub const PEOPLE: [(&str, &str); 6] = [
    ("alice", "Umbrella"),
    ("bob", "Initech"),
    ("carol", "Globex"),
    ("dave", "Hooli"),
    ("erin", "Acme Inc."),
    ("frank", "Vandelay"),
];

/// How something comes to the default branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One commit, with nothing of the branch behind it.
    Plain,
    /// The decision is a merge whose second parent is the proposal.
    Merge,
    /// GitHub makes one commit of all, and puts their messages together.
    Squash,
    /// Commit by commit: what is proposed stands undecided for a while.
    Rebase,
    /// GitHub's own merge commit, which says nothing; the decision is on the branch.
    Button,
}

pub const WAYS: [Way; 5] = [Way::Plain, Way::Merge, Way::Squash, Way::Rebase, Way::Button];

pub type Puts = Vec<(String, Put)>;

/// A commit of a branch.
pub struct Piece {
    /// What the commit says above its block, as the program itself would.
    pub words: Message,
    pub block: String,
    pub puts: Puts,
}

impl Piece {
    pub fn message(&self) -> String {
        whole(&self.words.title, &self.words.notes, &self.block, ("Test", "test@example.com"))
    }
}

/// Something that is proposed and decided.
pub struct Deed {
    pub slug: Slug,
    /// The branch, its decision last.
    pub pieces: Vec<Piece>,
    /// All that lands.
    pub landing: Puts,
    pub life: Life,
    /// What stands there from then on.
    pub facts: Option<Content>,
    /// Who sits on the committee from then on.
    pub committee: Option<Committee>,
    pub votes: u64,
    /// Where the branch begins.
    pub fork: usize,
}

/// The files that facts are: a record and its logo, or the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub record: String,
    pub logo: Option<Vec<u8>>,
}

impl Content {
    pub fn facts(&self) -> Facts {
        Facts::of(self.record.as_bytes(), self.logo.as_deref())
    }

    pub fn objects(&self) -> Objects {
        Objects::of(self.record.as_bytes(), self.logo.as_deref())
    }

    pub fn puts(&self, slug: &Slug) -> Puts {
        let record = Put::Bytes(self.record.clone().into_bytes());
        match &self.logo {
            None => vec![("data/program.toml".into(), record)],
            Some(logo) => vec![
                (format!("data/partners/{slug}/partner.toml"), record),
                (format!("data/partners/{slug}/logo.png"), Put::Bytes(logo.clone())),
            ],
        }
    }
}

pub fn root(slug: &Slug) -> String {
    if slug.is_program() { "data/program".into() } else { format!("data/partners/{slug}") }
}

pub struct World<'r> {
    pub repo: &'r Repo,
    pub dice: Dice,
    /// The default branch, oldest first, with the policy in force after each commit.
    pub trail: Vec<(Oid, Program)>,
    pub now: i64,
    pub registry: Sha256,
    pub lives: BTreeMap<Slug, Life>,
    pub facts: BTreeMap<Slug, Content>,
    /// The commit that touched somebody last.
    pub touched: BTreeMap<Slug, usize>,
    pub committee: Committee,
    /// Whether anybody has keys: they cost most of the time.
    pub signs: bool,
    pub votes: u64,
    /// For people to read when it fails.
    pub steps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub who: usize,
    pub emeritus: bool,
    /// Which key of theirs; 0: none.
    pub key: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committee {
    pub seats: Vec<Seat>,
    pub signatures: bool,
    pub update_quorum: u64,
}

impl Committee {
    pub fn policy(&self) -> Content {
        let mut text = "schema = 1\nname = \"Test\"\n".to_owned();
        for seat in &self.seats {
            let (login, affiliation) = PEOPLE[seat.who];
            text += &format!("\n[[committee]]\ngithub = \"{login}\"\naffiliation = \"{affiliation}\"\n");
            if seat.emeritus {
                text += "role = \"emeritus\"\n";
            }
            if seat.key > 0 {
                text += &format!("keys = [\"{}\"]\n", pen::public(login, seat.key));
            }
        }
        text += &format!("\n[decisions.update]\nquorum = {}\naffiliations = 1\n", self.update_quorum);
        text += &format!("\n[signatures]\nrequired = {}\n", self.signatures);
        Content { record: text, logo: None }
    }
}

impl<'r> World<'r> {
    pub fn founded(repo: &'r Repo, seed: u64) -> Self {
        let seats = (0..4).map(|who| Seat { who, emeritus: false, key: 0 }).collect();
        let committee = Committee { seats, signatures: false, update_quorum: 1 };
        let content = committee.policy();
        let program = Program::parse(content.record.as_bytes()).unwrap();
        let event =
            Event::founding(content.record.as_bytes(), &"alice".parse().unwrap(), Time::from_unix(1_790_000_000));
        let block = event.to_string();
        let hash = Sha256::of(block.as_bytes());
        let mut life = Life::default();
        assert_eq!(life.push(&Slug::program(), Logged { event, hash }), []);
        let mut world = Self {
            repo,
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            trail: Vec::new(),
            now: 1_790_000_000,
            registry: hash,
            lives: BTreeMap::from([(Slug::program(), life)]),
            facts: BTreeMap::from([(Slug::program(), content.clone())]),
            touched: BTreeMap::from([(Slug::program(), 0)]),
            committee,
            signs: seed % 40 == 1,
            votes: 0,
            steps: Vec::new(),
        };
        let mut puts = content.puts(&Slug::program());
        puts.push(("data/program/log/0001".into(), Put::Bytes(block.clone().into_bytes())));
        puts.push(("data/program/policies/0001.toml".into(), Put::Bytes(content.record.into_bytes())));
        let commit = world.write(&[], None, &puts, &format!("program: it begins\n\n{block}"));
        world.trail.push((commit, program));
        world
    }

    pub fn program(&self) -> Program {
        self.trail.last().unwrap().1.clone()
    }

    pub fn main(&self) -> Oid {
        self.trail.last().unwrap().0
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.dice.roll(100) < percent
    }

    fn write(&mut self, parents: &[Oid], base: Option<Oid>, puts: &Puts, message: &str) -> Oid {
        self.now += 60;
        let author = Author {
            name: "Test".into(),
            email: "test@example.com".into(),
            time: self.now,
            own: false,
            may_ask: false,
        };
        let base = base.map(|b| self.repo.commit(b).unwrap().tree);
        let tree = self.repo.tree_with(base, puts).unwrap();
        self.repo.write_commit(parents, tree, message, &author).unwrap()
    }

    /// A commit on the default branch.
    pub fn push(&mut self, others: &[Oid], puts: &Puts, message: &str) {
        let main = self.main();
        let commit = self.write(&[&[main], others].concat(), Some(main), puts, message);
        let program = self.program();
        self.trail.push((commit, program));
    }

    /// Brings deeds about different partners to the default branch; more than one only by merging their branches.
    pub fn land(&mut self, deeds: Vec<Deed>, way: Way) {
        let titles: Vec<String> = deeds.iter().map(|d| d.pieces.last().unwrap().words.title.clone()).collect();
        self.steps.push(format!("{way:?}: {}", titles.join(" + ")));
        let landing: Puts = deeds.iter().flat_map(|d| d.landing.clone()).collect();
        let last = |deed: &Deed| deed.pieces.len() - 1;
        match way {
            Way::Plain => self.push(&[], &landing, &deeds[0].pieces[last(&deeds[0])].message()),
            Way::Merge => {
                let branch = self.branch(&deeds[0], last(&deeds[0]));
                self.push(&branch, &landing, &deeds[0].pieces[last(&deeds[0])].message());
            }
            Way::Squash => {
                let parts: String = deeds[0].pieces.iter().map(|p| format!("* {}\n\n", p.message())).collect();
                self.push(&[], &landing, &format!("{} (#7)\n\n{parts}---------\n", titles[0]));
            }
            Way::Rebase => {
                for piece in &deeds[0].pieces {
                    self.push(&[], &piece.puts, &piece.message());
                }
            }
            Way::Button => {
                let branches: Vec<Oid> = deeds.iter().flat_map(|d| self.branch(d, d.pieces.len())).collect();
                self.push(&branches, &landing, "Merge pull request #7 from somebody/branch\n\nA title\n");
            }
        }
        for deed in deeds {
            self.touch(&deed.slug);
            if let Some(facts) = deed.facts {
                if deed.slug.is_program() {
                    let program = Program::parse(facts.record.as_bytes()).unwrap();
                    self.trail.last_mut().unwrap().1 = program;
                }
                self.facts.insert(deed.slug.clone(), facts);
            }
            if let Some(committee) = deed.committee {
                self.committee = committee;
            }
            self.votes += deed.votes;
            self.lives.insert(deed.slug, deed.life);
        }
    }

    /// The first commits of a deed as a branch; where there are none, no branch. Now and then the default branch is merged
    /// into it on the way, as GitHub's button to update it does.
    fn branch(&mut self, deed: &Deed, pieces: usize) -> Vec<Oid> {
        let mut at = self.trail[deed.fork].0;
        for piece in &deed.pieces[..pieces] {
            at = self.write(&[at], Some(at), &piece.puts, &piece.message());
            let main = self.main();
            if self.chance(10) && main != self.trail[deed.fork].0 {
                let done = deed.pieces.iter().take_while(|p| !std::ptr::eq(*p, piece)).chain([piece]);
                let puts: Puts = done.flat_map(|p| p.puts.clone()).collect();
                at = self.write(&[at, main], Some(main), &latest(&puts), "Merge branch 'main' into branch\n");
            }
        }
        if pieces == 0 { Vec::new() } else { vec![at] }
    }

    /// From here on, branches about somebody begin.
    pub fn touch(&mut self, slug: &Slug) {
        self.touched.insert(slug.clone(), self.trail.len() - 1);
    }

    /// Something else happens in the repository.
    pub fn unrelated(&mut self) {
        let words = format!("{}\n", self.dice.roll(1_000));
        self.push(&[], &vec![("README.md".into(), Put::Bytes(words.into_bytes()))], "docs: something else\n");
    }

    /// Nobody is blamed, and everything was looked at.
    pub fn audit(&self) {
        let scope = Scope {
            head: self.main(),
            since: None,
            known: std::collections::BTreeMap::new(),
            seen: Vec::new(),
            signatures: true,
            deep: false,
            around: 0,
        };
        let outcome = audit::audit(self.repo, &scope, Ledger::default(), |_| Box::new(|| ())).unwrap();
        let (ledger, reach) = (outcome.ledger, outcome.reach);
        let blamed = ledger.findings.iter().filter(|f| f.severity != Severity::Repaired);
        let blamed: Vec<String> = blamed.map(|f| format!("{} {:?}: {}", f.code, f.path, f.message)).collect();
        assert!(blamed.is_empty(), "{}", blamed.join("\n"));
        let events: usize = self.lives.values().map(|l| l.log.len()).sum();
        assert_eq!((reach, ledger.counts.events), (Reach::Whole, events as u64));
        assert_eq!((ledger.counts.commits, ledger.counts.votes), (self.trail.len() as u64, self.votes));
    }
}

/// Of several puts at a path the last.
pub fn latest(puts: &Puts) -> Puts {
    puts.iter().map(|(path, put)| (path.clone(), put.clone())).collect::<BTreeMap<_, _>>().into_iter().collect()
}
