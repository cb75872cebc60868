//! The objects that queries walk through, and their global ids.

use git2::{ObjectType, Oid};
use serde_json::{Value, json};

use super::super::git::Entry;
use super::super::text::{base64, unbase64};
use super::super::world::{AccountKind, World};
use super::execute::Plain;

#[derive(Clone, Debug)]
pub enum Node {
    Query,
    Mutation,
    Account(usize),
    /// Whoever asks; even a bot is a `User` to itself.
    Viewer(usize),
    Team(usize, String),
    Repo(usize),
    /// A ref by its full name.
    Ref(usize, String),
    Object(usize, ObjectType, Oid),
    /// An entry of a tree, with its path.
    Entry(usize, Entry, String),
    Thread(usize, u64),
    Comment(usize, u64, usize),
    Review(usize, u64, usize),
    /// All nodes, and which of them are on this page.
    Connection {
        ty: String,
        all: Vec<Node>,
        from: usize,
        to: usize,
    },
    /// An object that is made up on the spot.
    Plain(String, Plain),
}

/// What a field gives.
#[derive(Clone, Debug)]
pub enum Out {
    Null,
    Leaf(Value),
    Node(Node),
    List(Vec<Out>),
}

impl Out {
    pub fn leaf(value: impl Into<Value>) -> Self {
        Self::Leaf(value.into())
    }

    pub fn node(node: Option<Node>) -> Self {
        node.map_or(Self::Null, Self::Node)
    }
}

impl Node {
    pub fn typename(&self, world: &World) -> String {
        match self {
            Self::Query => "Query",
            Self::Mutation => "Mutation",
            Self::Account(account) => match world.accounts[*account].kind {
                AccountKind::User => "User",
                AccountKind::Organization => "Organization",
                AccountKind::Bot => "Bot",
            },
            Self::Viewer(_) => "User",
            Self::Team(..) => "Team",
            Self::Repo(_) => "Repository",
            Self::Ref(..) => "Ref",
            Self::Object(_, kind, _) => match kind {
                ObjectType::Tree => "Tree",
                ObjectType::Blob => "Blob",
                ObjectType::Tag => "Tag",
                _ => "Commit",
            },
            Self::Entry(..) => "TreeEntry",
            Self::Thread(repo, number) => match world.pull(*repo, *number) {
                Some(_) => "PullRequest",
                None => "Issue",
            },
            Self::Comment(..) => "IssueComment",
            Self::Review(..) => "PullRequestReview",
            Self::Connection { ty, .. } | Self::Plain(ty, _) => ty,
        }
        .to_owned()
    }

    /// The global id, as `node_id` in REST and `id` in GraphQL.
    pub fn id(&self, world: &World) -> String {
        match self {
            Self::Account(account) | Self::Viewer(account) => match world.accounts[*account].kind {
                AccountKind::User => short("U", world.accounts[*account].id),
                AccountKind::Organization => short("O", world.accounts[*account].id),
                AccountKind::Bot => short("BOT", world.accounts[*account].id),
            },
            Self::Team(org, slug) => long("T", *org, slug),
            Self::Repo(repo) => short("R", world.repos[*repo].id),
            Self::Ref(repo, name) => long("REF", *repo, name),
            Self::Object(repo, kind, oid) => match kind {
                ObjectType::Tree => long("T", *repo, &oid.to_string()),
                ObjectType::Blob => long("B", *repo, &oid.to_string()),
                ObjectType::Tag => long("TA", *repo, &oid.to_string()),
                _ => long("C", *repo, &oid.to_string()),
            },
            Self::Thread(repo, number) => {
                let kind = if world.pull(*repo, *number).is_some() { "PR" } else { "I" };
                short(kind, world.thread(*repo, *number).id)
            }
            Self::Comment(repo, number, index) => short("IC", world.thread(*repo, *number).comments[*index].id),
            Self::Review(repo, number, index) => short("PRR", world.pull(*repo, *number).unwrap().reviews[*index].id),
            _ => String::new(),
        }
    }

    /// The node with this id, whoever may see it.
    pub fn find(world: &World, id: &str) -> Option<Self> {
        let (kind, rest) = id.split_once('_')?;
        if let Some(rest) = rest.strip_prefix("lA") {
            let text = String::from_utf8(unbase64(rest)?).ok()?;
            let (index, name) = text.split_once(':')?;
            let index = index.parse().ok()?;
            let object = |kind| Some(Self::Object(index, kind, Oid::from_str(name).ok()?));
            return match kind {
                "REF" if world.git(index).get(name).is_some() => Some(Self::Ref(index, name.to_owned())),
                "C" => object(ObjectType::Commit),
                "T" => object(ObjectType::Tree),
                "B" => object(ObjectType::Blob),
                _ => None,
            };
        }
        let bytes = unbase64(rest.strip_prefix("kgDO")?)?;
        let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        if matches!(kind, "U" | "O" | "BOT") {
            return world.accounts.iter().position(|account| account.id == number).map(Self::Account);
        }
        world.repos.iter().enumerate().filter(|(_, it)| !it.deleted).find_map(|(repo, it)| {
            if kind == "R" {
                return (it.id == number).then_some(Self::Repo(repo));
            }
            it.threads.values().find_map(|thread| match kind {
                "I" | "PR" => (thread.id == number).then_some(Self::Thread(repo, thread.number)),
                "IC" => {
                    let index = thread.comments.iter().position(|comment| comment.id == number)?;
                    Some(Self::Comment(repo, thread.number, index))
                }
                "PRR" => {
                    let index = thread.pull.as_ref()?.reviews.iter().position(|review| review.id == number)?;
                    Some(Self::Review(repo, thread.number, index))
                }
                _ => None,
            })
        })
    }

    /// The repository that it is part of.
    pub fn repo(&self) -> Option<usize> {
        match self {
            Self::Repo(repo)
            | Self::Ref(repo, _)
            | Self::Object(repo, ..)
            | Self::Entry(repo, ..)
            | Self::Thread(repo, _)
            | Self::Comment(repo, ..)
            | Self::Review(repo, ..) => Some(*repo),
            _ => None,
        }
    }
}

fn short(kind: &str, id: u64) -> String {
    format!("{kind}_kgDO{}", base64(&id.to_be_bytes()[2..]))
}

fn long(kind: &str, index: usize, name: &str) -> String {
    format!("{kind}_lA{}", base64(format!("{index}:{name}").as_bytes()).trim_end_matches('='))
}

/// A page of a list, as `first`, `last`, `after` and `before` ask for it.
pub fn page(ty: &str, all: Vec<Node>, arguments: &serde_json::Map<String, Value>) -> Out {
    let cursor = |name: &str| -> Option<usize> {
        let text = String::from_utf8(unbase64(arguments.get(name)?.as_str()?)?).ok()?;
        text.strip_prefix("cursor:")?.parse().ok()
    };
    let size = |name: &str| arguments.get(name).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
    let mut from = cursor("after").unwrap_or(0).min(all.len());
    let mut to = cursor("before").map_or(all.len(), |before| before.saturating_sub(1)).clamp(from, all.len());
    if let Some(first) = size("first") {
        to = to.min(from + first);
    }
    if let Some(last) = size("last") {
        from = from.max(to.saturating_sub(last));
    }
    Out::Node(Node::Connection { ty: ty.to_owned(), all, from, to })
}

/// Where the `at`-th node is, counted from 1.
pub fn cursor(at: usize) -> Value {
    json!(base64(format!("cursor:{at}").as_bytes()))
}
