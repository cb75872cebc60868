//! Makes a registry with a long history, of the real format: for measuring what reads histories.
//!
//! `cargo run --release --example history -- --events 100000 --partners 300 /tmp/history.git`
//!
//! The same flags give the same commits.

#![expect(clippy::unwrap_used, reason = "a tool for developers; it may stop where it is")]

use std::time::Instant;

use clap::Parser as _;
use karmada_partner::domain::log::event::{Facts, Objects};
use karmada_partner::domain::log::kinds::Ballot;
use karmada_partner::domain::log::words::title;
use karmada_partner::domain::signature::sshsig::NAMESPACE;
use karmada_partner::domain::{Event, Kind, Login, Program, Record, Sha256, Subject, Vote};
use karmada_partner::git::Author;
use karmada_partner::registry::change::{Change, Target};

#[path = "shared/mod.rs"]
mod shared;

use shared::signing::Key;
use shared::{Commit, File, Import};

const MAIN: &str = "refs/heads/main";
/// Proposals wait here; it is gone in the end, as a decided proposal's branch is.
const PROPOSAL: &str = "refs/heads/proposal";
const NAME: &str = "Generated";
const COMMITTEE: [(&str, &str); 5] =
    [("alice", "Umbrella"), ("bob", "Initech"), ("carol", "Hooli"), ("dave", "Soylent"), ("erin", "Cyberdyne")];
/// When it begins, in seconds since 1970. Whatever somebody does takes a minute.
const BEGIN: i64 = 1_700_000_000;
/// Files of a log have names of four digits.
const MOST_EVENTS: u32 = 9_999;

/// Make a registry with a long history
#[derive(Debug, Clone, clap::Parser)]
pub struct Args {
    /// How many events in all, those of the program included
    #[arg(long, default_value_t = 100_000)]
    pub events: u32,
    /// How many partners
    #[arg(long, default_value_t = 300)]
    pub partners: u32,
    /// Nobody signs anything
    #[arg(long)]
    pub unsigned: bool,
    /// Each decision merges the branch of its proposal, instead of being one plain commit
    #[arg(long)]
    pub merges: bool,
    /// How often the policy changes
    #[arg(long, default_value_t = 0)]
    pub policies: u32,
    /// Pack it once more, as a server would
    #[arg(long)]
    pub repack: bool,
    /// Where; nothing may be there yet
    pub path: String,
}

#[expect(clippy::print_stderr, reason = "a report")]
fn main() {
    let args = Args::parse();
    let begun = Instant::now();
    let commits = generate(&args);
    let took = begun.elapsed().as_secs_f64();
    let packs = std::fs::read_dir(format!("{}/objects/pack", args.path)).unwrap();
    let size: u64 = packs.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    eprintln!("{} events in {commits} commits, {} MB of packs, in {took:.1} s", args.events, size / 1_000_000);
}

/// Makes the registry; gives the number of its commits.
///
/// # Panics
/// When git or the disk fails, or so many events can't be.
#[must_use]
pub fn generate(args: &Args) -> u32 {
    let others = 1 + args.policies + 2 * args.partners;
    let updates = args.events.checked_sub(others).expect("too few events for so many partners and policies");
    assert!(args.policies < MOST_EVENTS, "too many policies");
    assert!(updates == 0 || args.partners > 0, "nobody is there to be updated");
    let mut history = History::begin(args);
    for n in 1..=args.partners {
        history.join(n);
    }
    for n in 0..updates {
        // Spread over the history, none at its ends.
        while u64::from(history.policies) * u64::from(updates) < u64::from(n) * u64::from(args.policies) {
            history.change_policy();
        }
        history.update();
    }
    while history.policies < args.policies {
        history.change_policy();
    }
    history.end(args)
}

/// What is remembered of a log: all that its next event needs.
struct Trail {
    /// The event that came last, without its signature.
    last: Event,
    /// The hash of its file.
    hash: Sha256,
    /// How often its facts changed.
    changes: u32,
}

struct History<'a> {
    args: &'a Args,
    import: Import,
    keys: Vec<Key>,
    logo: Vec<u8>,
    /// The policy in force.
    policy: String,
    /// How often it changed.
    policies: u32,
    founded: Event,
    program: Trail,
    partners: Vec<Trail>,
    now: i64,
    /// The last commit of the default branch.
    main: u32,
    random: u64,
}

/// A commit of a proposal's branch, or the one that decides.
struct Step {
    actor: Login,
    time: i64,
    title: String,
    notes: Vec<String>,
    block: String,
    files: Vec<File>,
}

impl<'a> History<'a> {
    fn begin(args: &'a Args) -> Self {
        let keys: Vec<Key> = (1..).take(COMMITTEE.len()).map(Key::of_seed).collect();
        let mut policy = format!("schema = 1\nname = \"{NAME}\"\ndefinition = \"Edition 1\"\n");
        if !args.unsigned {
            policy += "\n[signatures]\nrequired = true\n";
        }
        for ((login, affiliation), key) in COMMITTEE.iter().zip(&keys) {
            policy += &format!(
                "\n[[committee]]\ngithub = \"{login}\"\naffiliation = \"{affiliation}\"\nkeys = [\"{}\"]\n",
                key.public()
            );
        }
        assert!(Program::parse(policy.as_bytes()).is_ok());
        let founded = shared::founded(policy.as_bytes(), "alice", BEGIN);
        let hash = Sha256::of(founded.to_string().as_bytes());
        let mut new = Self {
            args,
            import: Import::into(&args.path),
            keys,
            logo: logo(),
            program: Trail { last: founded.clone(), hash, changes: 0 },
            partners: Vec::new(),
            policy,
            policies: 0,
            now: BEGIN,
            main: 0,
            random: 0x9e37_79b9_7f4a_7c15,
            founded,
        };
        let step = Step {
            actor: new.founded.actor.clone(),
            time: BEGIN,
            title: "program: the registry begins".into(),
            notes: vec!["Its policy is data/program.toml.".into()],
            block: new.founded.to_string(),
            files: shared::founding_files(new.policy.as_bytes(), &new.founded),
        };
        new.main = new.commit(MAIN, &step, None, None);
        new
    }

    fn end(mut self, args: &Args) -> u32 {
        if args.merges {
            self.import.drop_branch(PROPOSAL);
        }
        let commits = self.import.commits;
        self.import.finish();
        if args.repack {
            shared::git(&["-C", &args.path, "repack", "-adq"]);
        }
        commits
    }

    /// A minute later.
    fn tick(&mut self) -> i64 {
        self.now += 60;
        self.now
    }

    /// A number below `end`, always the same in the same place.
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % end as u64).unwrap()
    }

    /// Somebody joins: applies, two vote, and the second of them writes it down.
    fn join(&mut self, n: u32) {
        let toml = shared::toml(n, "Supports Karmada in production");
        let record = Record::parse(toml.as_bytes()).unwrap();
        assert_eq!(record.to_toml(), toml, "it isn't as the program writes it");
        let time = self.tick();
        let mut applied = shared::applied(&self.founded, n, &toml, &self.logo, time);
        applied.policy = Sha256::of(self.policy.as_bytes());
        let block = applied.to_string();
        let root = format!("data/partners/{}", applied.partner);
        let name = format!("Partner {n}");
        let mut files = self.facts(&root, &toml);
        files.push((format!("{root}/log/0001"), block.clone().into_bytes()));
        let proposal = Step {
            actor: applied.actor.clone(),
            time,
            title: title(&applied, &name),
            notes: vec![format!("Website: {}", record.website), format!("Contact: {}", applied.actor)],
            block,
            files,
        };
        let hash = Sha256::of(proposal.block.as_bytes());
        let event = Event { kind: Kind::Approved, seq: 2, prev: Some(hash), ..applied };
        let first = self.below(COMMITTEE.len());
        let second = (first + 1 + self.below(COMMITTEE.len() - 1)) % COMMITTEE.len();
        let (last, hash) = self.decide(event, &name, &proposal, None, &[first, second]);
        self.partners.push(Trail { last, hash, changes: 0 });
    }

    /// Somebody's facts change: the contact asks for it, and a member decides.
    fn update(&mut self) {
        let (which, member) = (self.below(self.partners.len()), self.below(COMMITTEE.len()));
        let n = u32::try_from(which + 1).unwrap();
        let time = self.tick();
        let trail = &mut self.partners[which];
        trail.changes += 1;
        let toml = shared::toml(n, &format!("Supports Karmada in production, revision {}", trail.changes));
        let event = Event {
            kind: Kind::Updated,
            seq: trail.last.seq + 1,
            round: trail.last.round + 1,
            subject: Subject::Update,
            policy: Sha256::of(self.policy.as_bytes()),
            facts: Facts::of(toml.as_bytes(), Some(&self.logo)),
            objects: Objects::of(toml.as_bytes(), Some(&self.logo)),
            prev: Some(trail.hash),
            ..trail.last.clone()
        };
        assert!(event.seq <= MOST_EVENTS, "too many events for so few partners");
        let root = format!("data/partners/{}", event.partner);
        let name = format!("Partner {n}");
        let request = shared::vote(&event, shared::contact(n).as_str(), Ballot::Request, time, None);
        let block = request.to_string();
        let mut files = self.facts(&root, &toml);
        files.push((format!("{root}/votes/{}/{}", event.round, request.actor.folded()), block.clone().into_bytes()));
        let proposal = Step {
            actor: request.actor.clone(),
            time,
            title: format!("{}: {name} asks for an update", event.partner),
            notes: vec!["Changed: description.".into()],
            block,
            files,
        };
        let (last, hash) = self.decide(event, &name, &proposal, Some(request), &[member]);
        let changes = self.partners[which].changes;
        self.partners[which] = Trail { last, hash, changes };
    }

    /// A member asks for another policy, and two others decide.
    fn change_policy(&mut self) {
        let member = self.below(COMMITTEE.len());
        let others = [(member + 1) % COMMITTEE.len(), (member + 2) % COMMITTEE.len()];
        let time = self.tick();
        self.policies += 1;
        let old = format!("\"Edition {}\"", self.policies);
        let text = self.policy.replace(&old, &format!("\"Edition {}\"", self.policies + 1));
        let trail = &self.program;
        let event = Event {
            kind: Kind::Updated,
            registry: Some(Sha256::of(self.founded.to_string().as_bytes())),
            seq: trail.last.seq + 1,
            round: trail.last.round + 1,
            policy: Sha256::of(self.policy.as_bytes()),
            facts: Facts::of(text.as_bytes(), None),
            objects: Objects::of(text.as_bytes(), None),
            prev: Some(trail.hash),
            ..trail.last.clone()
        };
        let mut request = shared::vote(&event, COMMITTEE[member].0, Ballot::Request, time, None);
        self.sign_vote(&mut request, member);
        let block = request.to_string();
        let path = format!("data/program/votes/{}/{}", event.round, request.actor.folded());
        let files =
            vec![("data/program.toml".to_owned(), text.clone().into_bytes()), (path, block.clone().into_bytes())];
        let proposal = Step {
            actor: request.actor.clone(),
            time,
            title: format!("program: {} asks for another policy", request.actor),
            notes: Vec::new(),
            block,
            files,
        };
        let (last, hash) = self.decide(event, NAME, &proposal, Some(request), &others);
        self.program = Trail { last, hash, changes: self.policies };
        self.policy = text;
    }

    /// The proposal is made, `members` vote for it one after the other, and the last of them decides. Gives the event as
    /// it became, without its signature, and the hash of its file.
    fn decide(
        &mut self,
        mut event: Event,
        name: &str,
        proposal: &Step,
        request: Option<Vote>,
        members: &[usize],
    ) -> (Event, Sha256) {
        let root = match event.partner.is_program() {
            true => "data/program".to_owned(),
            false => format!("data/partners/{}", event.partner),
        };
        let mut landing = proposal.files.clone();
        let mut tip = self.args.merges.then(|| self.commit(PROPOSAL, proposal, Some(self.main), None));
        let mut votes = Vec::new();
        let log = match &request {
            Some(request) => Some(Sha256::of(request.to_string().as_bytes())),
            None => event.prev,
        };
        for member in members {
            let time = self.tick();
            let mut vote = shared::vote(&event, COMMITTEE[*member].0, Ballot::Approve, time, log);
            self.sign_vote(&mut vote, *member);
            let block = vote.to_string();
            let file = (format!("{root}/votes/{}/{}", event.round, vote.actor.folded()), block.clone().into_bytes());
            votes.push((vote.actor.clone(), Sha256::of(block.as_bytes()), COMMITTEE[*member].1));
            landing.push(file.clone());
            (event.actor, event.time) = (vote.actor.clone(), vote.time);
            let step = Step {
                title: format!("{}: {} votes approve on the {}", event.partner, vote.actor, event.subject),
                actor: vote.actor,
                time,
                notes: Vec::new(),
                block,
                files: vec![file],
            };
            tip = tip.map(|_| self.commit(PROPOSAL, &step, None, None));
        }
        votes.sort_by_key(|(actor, ..)| actor.folded());
        event.votes = votes.iter().map(|(_, hash, _)| *hash).collect();
        let mut lines: Vec<(String, String)> = votes
            .iter()
            .map(|(actor, _, affiliation)| (actor.folded(), format!("- {actor} ({affiliation}): approve")))
            .collect();
        if let Some(vote) = request {
            let seat = COMMITTEE.iter().find(|(login, _)| *login == vote.actor.as_str());
            let who = seat.map_or_else(String::new, |(_, affiliation)| format!(" ({affiliation})"));
            lines.push((vote.actor.folded(), format!("- {}{who}: asks for it", vote.actor)));
        }
        lines.sort();
        let mut notes = vec![format!("{} in favor, 0 against, 0 abstaining, 0 not counted.", votes.len())];
        notes.extend(lines.into_iter().map(|(_, line)| line));
        let unsigned = event.clone();
        if !self.args.unsigned {
            let key = &self.keys[*members.last().unwrap()];
            event.signature = Some(key.sign(event.to_string().as_bytes(), NAMESPACE).parse().unwrap());
        }
        let block = event.to_string();
        landing.push((format!("{root}/log/{:04}", event.seq), block.clone().into_bytes()));
        if event.partner.is_program() {
            let text = landing[0].1.clone();
            landing.push((format!("{root}/policies/{:04}.toml", event.seq), text));
        }
        let hash = Sha256::of(block.as_bytes());
        let step = Step {
            actor: event.actor.clone(),
            time: event.time.unix(),
            title: title(&event, name),
            notes,
            block,
            files: landing,
        };
        self.main = self.commit(MAIN, &step, None, tip);
        (unsigned, hash)
    }

    fn sign_vote(&self, vote: &mut Vote, member: usize) {
        if !self.args.unsigned {
            let signature = self.keys[member].sign(vote.to_string().as_bytes(), NAMESPACE);
            vote.signature = Some(signature.parse().unwrap());
        }
    }

    fn facts(&self, root: &str, toml: &str) -> Vec<File> {
        vec![
            (format!("{root}/partner.toml"), toml.as_bytes().to_vec()),
            (format!("{root}/logo.png"), self.logo.clone()),
        ]
    }

    fn commit(&mut self, branch: &str, step: &Step, from: Option<u32>, merge: Option<u32>) -> u32 {
        let (name, email) = (step.actor.to_string(), format!("{}@users.noreply.github.com", step.actor.folded()));
        let by = format!("{name} <{email}>");
        let change = Change {
            title: step.title.clone(),
            notes: step.notes.clone(),
            block: step.block.clone(),
            puts: Vec::new(),
            target: Target::Direct,
            author: Author { name, email, time: step.time, own: false, may_ask: false },
        };
        let message = change.message();
        let (by, message, files) = (&*by, &*message, &*step.files);
        self.import.commit(&Commit { branch, by, time: step.time, message, from, merge, files })
    }
}

/// A logo that nothing is to be said about, and that is small: a disc.
fn logo() -> Vec<u8> {
    let (width, height) = (300_i32, 200_i32);
    let inside = |x: i32, y: i32| (x - width / 2).pow(2) + (y - height / 2).pow(2) < 90 * 90;
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| if inside(x, y) { [48, 108, 229, 255] } else { [0; 4] }))
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width.unsigned_abs(), height.unsigned_abs());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}
