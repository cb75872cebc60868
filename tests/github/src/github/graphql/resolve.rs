//! The fields of what is queried: the root, accounts, connections. The rest is next door.

use serde_json::{Map, Value, json};

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::text::stamp;
use super::super::world::AccountKind;
use super::execute::{Context, Plain, Trouble};
use super::nodes::{Node, Out, cursor, page};
use super::syntax::Type;
use super::{resolve_git, resolve_repo, resolve_threads};

pub type Arguments = Map<String, Value>;
pub type Resolved = Result<Out, Trouble>;

/// One field of one object.
pub fn field(context: &mut Context<'_>, node: &Node, name: &str, arguments: &Arguments, returns: &Type) -> Resolved {
    let ty = returns.name();
    match node {
        Node::Query => query(context, name, arguments),
        Node::Mutation => Err(Trouble::Unknown),
        Node::Viewer(account) if name == "login" => Ok(Out::leaf(context.world.bot_login(*account))),
        Node::Account(account) | Node::Viewer(account) => self::account(context, *account, name, arguments, ty),
        Node::Team(org, slug) => team(context, *org, slug, name, arguments, ty),
        Node::Repo(repo) => resolve_repo::repository(context, *repo, name, arguments, ty),
        Node::Ref(repo, full) => resolve_git::reference(context, *repo, full, name, arguments, ty),
        Node::Object(repo, kind, oid) => resolve_git::object(context, *repo, *kind, *oid, name, arguments, ty),
        Node::Entry(repo, entry, path) => resolve_git::entry(context, *repo, entry, path, name),
        Node::Thread(repo, number) => resolve_threads::thread(context, *repo, *number, name, arguments, ty),
        Node::Comment(repo, number, index) => resolve_threads::comment(context, *repo, *number, *index, name),
        Node::Review(repo, number, index) => {
            resolve_threads::review(context, *repo, *number, *index, name, arguments, ty)
        }
        Node::Connection { all, from, to, .. } => connection(all, *from, *to, name, ty),
        Node::Plain(ty, fields) if ty == "Status" && name == "context" => Ok(status(fields, arguments)),
        Node::Plain(_, fields) => fields.get(name).cloned().ok_or(Trouble::Unknown),
    }
}

/// The status of one context, of all there are.
fn status(fields: &Plain, arguments: &Arguments) -> Out {
    let Some(Out::List(all)) = fields.get("contexts") else { return Out::Null };
    let named = |out: &&Out| match out {
        Out::Node(Node::Plain(_, it)) => {
            matches!(&it["context"], Out::Leaf(name) if Some(name) == arguments.get("name"))
        }
        _ => false,
    };
    all.iter().find(named).cloned().unwrap_or(Out::Null)
}

fn query(context: &mut Context<'_>, name: &str, arguments: &Arguments) -> Resolved {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    let world = &*context.world;
    match name {
        "viewer" => Ok(Out::Node(Node::Viewer(context.actor.user))),
        "user" | "organization" => {
            let wanted = if name == "user" { AccountKind::User } else { AccountKind::Organization };
            let login = text("login");
            let found = world.account(login).filter(|account| world.accounts[*account].kind == wanted);
            let what = if name == "user" { "a User" } else { "an Organization" };
            let unknown = || not_found(format!("Could not resolve to {what} with the login of '{login}'."));
            let account = found.ok_or_else(unknown)?;
            if let Some(kind) = &context.actor.token {
                world.org_lets_in(kind, account, true)?;
            }
            Ok(Out::Node(Node::Account(account)))
        }
        "repository" => {
            let follow = arguments.get("followRenames") != Some(&json!(false));
            let (owner, name) = (text("owner"), text("name"));
            let unknown = || not_found(format!("Could not resolve to a Repository with the name '{owner}/{name}'."));
            let found = world.repo_named(owner, name).or_else(|| world.redirect(owner, name).filter(|_| follow));
            let repo = found.filter(|repo| world.sees(Some(&context.actor), *repo)).ok_or_else(unknown)?;
            world.may(Some(&context.actor), repo, Need::Read)?;
            Ok(Out::Node(Node::Repo(repo)))
        }
        "node" => Ok(Out::Node(node_by_id(context, text("id"))?)),
        "nodes" => {
            let ids = arguments.get("ids").and_then(Value::as_array).into_iter().flatten();
            let nodes = ids.map(|id| Out::node(node_by_id(context, id.as_str().unwrap_or_default()).ok()));
            Ok(Out::List(nodes.collect()))
        }
        "rateLimit" => {
            let fields: Plain = [
                ("cost", Out::leaf(1)),
                ("limit", Out::leaf(5000)),
                ("nodeCount", Out::leaf(0)),
                ("remaining", Out::leaf(4999)),
                ("used", Out::leaf(1)),
                ("resetAt", Out::leaf(stamp(world.clock + 3000))),
            ]
            .into();
            Ok(Out::Node(Node::Plain("RateLimit".to_owned(), fields)))
        }
        _ => Err(Trouble::Unknown),
    }
}

pub fn not_found(message: String) -> Failure {
    Failure::new(404, "NOT_FOUND", message)
}

/// The node of an id that somebody may see.
pub fn node_by_id(context: &Context<'_>, id: &str) -> Result<Node, Failure> {
    let unknown = || not_found(format!("Could not resolve to a node with the global id of '{id}'"));
    let node = Node::find(context.world, id).ok_or_else(unknown)?;
    if let Some(repo) = node.repo() {
        if !context.world.sees(Some(&context.actor), repo) {
            return Err(unknown());
        }
        context.world.may(Some(&context.actor), repo, Need::Read)?;
    }
    Ok(node)
}

fn account(context: &mut Context<'_>, account: usize, name: &str, arguments: &Arguments, ty: &str) -> Resolved {
    let world = &*context.world;
    let it = &world.accounts[account];
    Ok(match name {
        "id" => Out::leaf(Node::Account(account).id(world)),
        "databaseId" => Out::leaf(it.id),
        "login" => Out::leaf(it.login.as_str()),
        "name" => Out::leaf(it.name.clone()),
        "company" => Out::leaf(it.company.clone()),
        "email" | "bio" if name == "bio" || it.kind == AccountKind::User => Out::leaf(""),
        "createdAt" | "updatedAt" => Out::leaf(stamp(it.created)),
        "url" => Out::leaf(format!("{}/{}", world.server, it.login)),
        "resourcePath" => Out::leaf(format!("/{}", it.login)),
        "avatarUrl" => Out::leaf(format!("{}/avatars/{}", world.server, it.id)),
        "isViewer" => Out::leaf(account == context.actor.user),
        "viewerIsAMember" => Out::leaf(it.members.contains(&context.actor.user)),
        "repository" => {
            let name = arguments["name"].as_str().unwrap_or_default();
            let found = world.repo_named(&it.login, name).or_else(|| world.redirect(&it.login, name));
            Out::node(found.filter(|repo| world.sees(Some(&context.actor), *repo)).map(Node::Repo))
        }
        "repositories" => {
            let fork = arguments.get("isFork").and_then(Value::as_bool);
            let repos = (0..world.repos.len()).filter(|repo| {
                let it = &world.repos[*repo];
                it.owner == account
                    && world.sees(Some(&context.actor), *repo)
                    && fork.is_none_or(|fork| fork == it.parent.is_some())
            });
            page(ty, repos.map(Node::Repo).collect(), arguments)
        }
        "pullRequests" => {
            let mut found = Vec::new();
            for repo in (0..world.repos.len()).filter(|repo| world.sees(Some(&context.actor), *repo)) {
                let own = world.repos[repo].threads.values().filter(|t| t.pull.is_some() && t.author == account);
                found.extend(
                    own.filter(|t| resolve_repo::wanted(context, t, arguments)).map(|t| Node::Thread(repo, t.number)),
                );
            }
            resolve_repo::order(&mut found, arguments);
            page(ty, found, arguments)
        }
        "organizations" => {
            let orgs = (0..world.accounts.len()).filter(|org| world.accounts[*org].members.contains(&account));
            page(ty, orgs.map(Node::Account).collect(), arguments)
        }
        "organization" => {
            let org = world.account(arguments["login"].as_str().unwrap_or_default());
            Out::node(org.filter(|org| world.accounts[*org].members.contains(&account)).map(Node::Account))
        }
        "membersWithRole" => page(ty, it.members.iter().copied().map(Node::Account).collect(), arguments),
        "team" => {
            let slug = arguments["slug"].as_str().unwrap_or_default();
            Out::node(it.teams.contains_key(slug).then(|| Node::Team(account, slug.to_owned())))
        }
        _ => return Err(Trouble::Unknown),
    })
}

fn team(context: &Context<'_>, org: usize, slug: &str, name: &str, arguments: &Arguments, ty: &str) -> Resolved {
    Ok(match name {
        "id" => Out::leaf(Node::Team(org, slug.to_owned()).id(context.world)),
        "slug" | "name" => Out::leaf(slug),
        "members" => {
            let members = &context.world.accounts[org].teams[slug];
            page(ty, members.iter().copied().map(Node::Account).collect(), arguments)
        }
        _ => return Err(Trouble::Unknown),
    })
}

fn connection(all: &[Node], from: usize, to: usize, name: &str, ty: &str) -> Resolved {
    let shown = || all[from..to].iter().cloned();
    Ok(match name {
        "totalCount" => Out::leaf(all.len()),
        "nodes" => Out::List(shown().map(Out::Node).collect()),
        "edges" => {
            let edge = |(index, node)| {
                let fields = [("node", Out::Node(node)), ("cursor", Out::Leaf(cursor(from + index + 1)))].into();
                Out::Node(Node::Plain(ty.to_owned(), fields))
            };
            Out::List(shown().enumerate().map(edge).collect())
        }
        "pageInfo" => {
            let there = |at: usize| if from < to { Out::Leaf(cursor(at)) } else { Out::Null };
            let fields: Plain = [
                ("hasNextPage", Out::leaf(to < all.len())),
                ("hasPreviousPage", Out::leaf(from > 0)),
                ("startCursor", there(from + 1)),
                ("endCursor", there(to)),
            ]
            .into();
            Out::Node(Node::Plain(ty.to_owned(), fields))
        }
        _ => return Err(Trouble::Unknown),
    })
}
