//! Founding a registry: its first event, its first policy, and a policy to try things on.

use std::path::Path;

use crate::domain::paths::{PROGRAM, event_path, policy_path};
use crate::domain::{Event, Login, Time};
use crate::error::Result;
use crate::files;
use crate::git::{Author, Put, RefMove, Repo};

/// The policy of a registry for one person to try things on.
#[must_use]
pub fn sandbox_program(you: &Login) -> String {
    include_str!("../../templates/sandbox-program.toml").replace("{{you}}", you.as_str())
}

/// Signs a founding event for a repository, if anything does.
pub type Sign<'s> = &'s dyn Fn(&Repo, &mut Event) -> Result<()>;

/// By whom the first commit in a repository is made.
pub type By<'s> = &'s dyn Fn(&Repo) -> Result<Author>;

/// Somebody of whom nothing is known but the login: their commit goes unsigned.
#[must_use]
pub fn by_login(login: &Login, now: Time) -> Author {
    let (name, email) = (login.to_string(), format!("{}@users.noreply.github.com", login.folded()));
    Author { name, email, time: now.unix(), own: false, may_ask: false }
}

/// The event that founds a registry, with the files that go with it.
///
/// # Errors
/// When it can't be signed.
pub fn founding(
    repo: &Repo,
    bytes: &[u8],
    by: &Login,
    now: Time,
    sign: Sign<'_>,
) -> Result<(Event, Vec<(String, Put)>)> {
    let mut event = Event::founding(bytes, by, now);
    sign(repo, &mut event)?;
    let puts = vec![
        (event_path(&event.partner, event.seq), event.to_string().into_bytes()),
        (policy_path(event.seq), bytes.to_vec()),
    ];
    Ok((event, puts.into_iter().map(|(path, bytes)| (path, Put::Bytes(bytes))).collect()))
}

/// Makes a repository that is a registry.
///
/// # Errors
/// When nothing can be made there.
pub fn create(
    path: &Path,
    program: &str,
    by: &Login,
    now: Time,
    besides: &[(String, String)],
    (author, sign): (By<'_>, Sign<'_>),
) -> Result<()> {
    files::place_repository(path, |inside| {
        let repo = Repo::init_bare(inside)?;
        found(&repo, program, by, now, besides, (author, sign))?;
        Ok(repo.share_what_was_made()?)
    })
}

/// Makes a repository in which nothing is a registry, on the branch that its `HEAD` names.
///
/// # Errors
/// When it can't be written to.
pub fn found(
    repo: &Repo,
    program: &str,
    by: &Login,
    now: Time,
    besides: &[(String, String)],
    (author, sign): (By<'_>, Sign<'_>),
) -> Result<()> {
    let author = Author { time: now.unix(), ..author(repo)? };
    let (event, mut puts) = founding(repo, program.as_bytes(), by, now, sign)?;
    let program = (PROGRAM.to_owned(), program.to_owned());
    let put = |(path, content): &(String, String)| (path.clone(), Put::Bytes(content.clone().into_bytes()));
    puts.extend([&program].into_iter().chain(besides).map(put));
    let tree = repo.tree_with(None, &puts)?;
    let message = format!(
        "program: the registry begins\n\nIts policy is {PROGRAM}.\n\n{event}Signed-off-by: {} <{}>\n",
        author.name, author.email
    );
    let commit = repo.write_commit(&[], tree, &message, &author)?;
    let default = RefMove { name: repo.default_branch()?, old: None, new: Some(commit) };
    Ok(repo.move_references(&[default], "init")?)
}
