//! What is looked at, in the order in which one thing rests on another.

use std::process::{Command, Output};
use std::time::Duration;

use super::checkup::{Checkup, Outcome};
use super::on_github::{self, OnGitHub};
use crate::children::{self, Ended, Patience};
use crate::config::{Location, UserDirectory};
use crate::domain::check::Severity;
use crate::domain::{Login, Program, Slug, text};
use crate::error::Result;
use crate::files;
use crate::forge::Forge;
use crate::git::{Entry, Mode};
use crate::registry::Snapshot;
use crate::session::Context;
use crate::workflow::github_ci;
use crate::workflow::lookup::{all_read, look, waiting};
use crate::workflow::surveying;

pub(super) fn all(ctx: &Context) -> Vec<Checkup> {
    let mut out = vec![version()];
    out.extend(ctx.unusable_settings().iter().cloned().map(|error| Checkup::failed("settings", error)));
    let location = ctx.location();
    out.extend([git(matches!(location, Ok(Location::Url(_)))), ssh_keygen()]);
    let location = match location {
        // What it would have named isn't known.
        Ok(Location::Embedded) if !ctx.unusable_settings().is_empty() => return out,
        Ok(location) => location,
        Err(error) => {
            out.push(Checkup::failed("registry", error));
            return out;
        }
    };
    let there = match &location {
        Location::GitHub(name) if !ctx.globals.offline => Some(on_github::look(ctx, name, &mut out)),
        _ => None,
    };
    if matches!(location, Location::Embedded) {
        let sandbox = ctx.environment.directory(UserDirectory::Data).map(|d| d.join("registry.git"));
        let is_made = match sandbox
            .and_then(|path| if path.exists() { Ok(true) } else { files::can_make(&path).map(|()| false) })
        {
            Ok(is_made) => is_made,
            Err(error) => {
                out.push(Checkup::failed("sandbox", error));
                return out;
            }
        };
        let words = match is_made {
            true => tr!("none is named: commands use your sandbox, in which nothing is published"),
            false => tr!("none is named: commands would make a sandbox of yours, in which nothing is published"),
        };
        let named = tr!("name a real one with --registry, KARMADA_PARTNER_REGISTRY, or registry in config.toml");
        out.push(Checkup::note("sandbox", words).hint(named));
        if !is_made {
            return out;
        }
    }
    match ctx.open() {
        Ok(forge) => of_registry(ctx, &*forge, there.as_ref(), &mut out),
        Err(error) => out.push(Checkup::failed("registry", error)),
    }
    out
}

fn version() -> Checkup {
    let (version, os, machine) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    Checkup::fine("version", tr!("karmada-partner {version} on {os}, {machine}", version, os, machine))
}

/// How a program failed, by its last words.
fn how(said: &Output) -> String {
    let words = String::from_utf8_lossy(&said.stderr);
    let last = words.lines().map(text::visible).rfind(|line| !line.trim().is_empty());
    last.unwrap_or_else(|| children::how(said.status))
}

/// git itself; `is_needed` to reach the registry.
fn git(is_needed: bool) -> Checkup {
    let outcome = if is_needed { Outcome::Broken } else { Outcome::Note };
    let told = |why: String, hint: &str| Checkup::new("git", outcome, why).hint(hint);
    let install =
        tr!("install git: what is behind a URL or on GitHub is fetched with it; to apply on GitHub takes none");
    let missing = |why: String| told(why, install);
    match children::run(children::git().arg("--version"), b"", Patience::of(Duration::from_secs(10))) {
        Ok(Ended::With(said)) if said.status.success() => {
            let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
            match children::is_old_git(&said) {
                _ if children::is_much_too_old(&said) => Checkup::broken("git", said).hint(children::far_newer_git()),
                false => Checkup::fine("git", said),
                true => Checkup::note("git", tr!("{said}: so old that it takes no token from this program", said))
                    .hint(children::newer_git()),
            }
        }
        Ok(Ended::With(said)) => {
            let how = how(&said);
            let told = |hint| told(tr!("git --version: {how}", how), hint);
            match children::why_ended(said.status) {
                Some(hint) => told(hint),
                // It is there, and reads its settings before all else.
                None if String::from_utf8_lossy(&said.stderr).lines().any(|line| line.starts_with("fatal: ")) => {
                    Checkup { outcome: Outcome::Broken, ..told(children::mend_what_git_names()) }
                }
                None => told(install),
            }
        }
        Ok(Ended::Late | Ended::Stopped) => missing(tr!("git --version said nothing for 10 s").to_owned()),
        Err(e) => {
            let (e, hint) = files::programs::not_begun("git", &e);
            told(tr!("git can't be run: {e}", e), hint.as_deref().unwrap_or(install))
        }
    }
}

/// What votes are signed with. It is asked for what takes it nowhere, and only an old one knows no such word.
fn ssh_keygen() -> Checkup {
    let told = |why: String, hint: &str| Checkup::note("ssh-keygen", why).hint(hint);
    let install = tr!("install OpenSSH 8.2 or newer: votes are signed with it; to apply, and to audit, takes none");
    let missing = |why: String| told(why, install);
    let mut command = Command::new("ssh-keygen");
    match children::run(command.args(["-Y", "check-novalidate"]), b"", Patience::of(Duration::from_secs(10))) {
        Ok(Ended::With(said))
            if !String::from_utf8_lossy(&said.stderr).contains(" option -- ")
                && children::why_ended(said.status).is_none() =>
        {
            Checkup::fine("ssh-keygen", tr!("it is there, and signs"))
        }
        Ok(Ended::With(said)) if children::why_ended(said.status).is_some() => {
            let how = how(&said);
            told(tr!("ssh-keygen: {how}", how), children::why_ended(said.status).unwrap_or(install))
        }
        Ok(Ended::With(_)) => missing(tr!("ssh-keygen is so old that it doesn't sign").to_owned()),
        Ok(Ended::Late | Ended::Stopped) => missing(tr!("ssh-keygen said nothing for 10 s").to_owned()),
        Err(e) => {
            let (e, hint) = files::programs::not_begun("ssh-keygen", &e);
            told(tr!("ssh-keygen can't be run: {e}", e), hint.as_deref().unwrap_or(install))
        }
    }
}

fn of_registry(ctx: &Context, forge: &dyn Forge, there: Option<&OnGitHub>, out: &mut Vec<Checkup>) {
    let snapshot = match look(ctx, forge) {
        Ok(snapshot) => snapshot,
        Err(error) => return out.push(Checkup::failed("registry", error)),
    };
    out.push(registry(ctx, &snapshot).unwrap_or_else(|e| Checkup::failed("registry", e)));
    match snapshot.program() {
        Ok(program) => {
            out.push(policy(&program));
            out.push(of_actor(ctx, forge, there, &program));
            out.push(signing(ctx, forge, &program));
            out.extend(commits(ctx, forge, &program));
            if let Some(there) = &there {
                let found = workflows(&snapshot, &program).unwrap_or_else(|e| Checkup::failed("workflows", e));
                out.push(if there.is_for_others() { found.for_others() } else { found });
            }
        }
        Err(error) => out.push(Checkup::failed("program", error)),
    }
    out.push(check(ctx, forge, &snapshot).unwrap_or_else(|e| Checkup::failed("check", e)));
}

fn registry(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Checkup> {
    let at = snapshot.commit.to_string();
    let (open, unfit) = waiting(ctx, snapshot)?;
    all_read(&unfit)?;
    let is_partner = |entry: &&Entry| entry.mode == Mode::Tree && entry.name.parse::<Slug>().is_ok();
    let (partners, waits) = (snapshot.directories()?.iter().filter(is_partner).count(), open.len());
    snapshot.registry()?;
    let words = tr!(
        "readable, at {commit} of {branch}; {partners} in it, {waits} waiting",
        commit = &at[..10],
        branch = snapshot.heads.short_branch(),
        partners,
        waits
    );
    Ok(Checkup::fine("registry", words))
}

fn policy(program: &Program) -> Checkup {
    let voters = program.voters().count();
    let words = tr!("{name}; {voters} vote", name = program.name, voters);
    let unreachable = program.unreachable();
    if !unreachable.is_empty() {
        let why = unreachable.join(tr!("between reasons" => "; "));
        return Checkup::broken("program", tr!("{words}; never to be carried: {why}", words, why))
            .hint(tr!("karmada-partner program propose FILE changes it"));
    }
    match program.asides.first() {
        Some(aside) => Checkup::note("program", tr!("{words}; passed over in it: {what}", words, what = aside.message))
            .hint(tr!("use a newer karmada-partner, or mend it with karmada-partner program propose FILE")),
        None => Checkup::fine("program", words),
    }
}

/// Who acts, and by what right.
fn of_actor(ctx: &Context, forge: &dyn Forge, there: Option<&OnGitHub>, program: &Program) -> Checkup {
    let actor = match ctx.actor(forge, None) {
        Ok(actor) => actor,
        Err(error) => return Checkup { hints: error.hints, ..Checkup::note("you", error.message) },
    };
    match program.member(&actor) {
        Some(member) => {
            let words = tr!(
                "{actor}: {role} of the committee, of {affiliation}",
                actor,
                role = member.role.told(),
                affiliation = member.affiliation
            );
            match there.filter(|_| member.votes()).and_then(|there| there.lacks(program)) {
                Some(lack) => Checkup::broken("you", tr!("{words}; {lack}", words, lack))
                    .hint(tr!("whoever administers the repository gives you the right to write")),
                None => Checkup::fine("you", words),
            }
        }
        None => {
            Checkup::fine("you", tr!("{actor}: no seat in the committee; you apply, and look after an entry", actor))
        }
    }
}

/// Whether what a member says can be signed, and counts.
fn signing(ctx: &Context, forge: &dyn Forge, program: &Program) -> Checkup {
    let actor: Option<Login> = ctx.actor(forge, None).ok();
    let member = actor.as_ref().and_then(|actor| program.member(actor)).filter(|member| member.votes());
    let must = member.is_some() && program.signatures.required && !program.signatures.attested;
    let key = match ctx.tried_signing_key(forge.repo()) {
        Ok(key) => key,
        Err(error) => return Checkup::failed("signing", error),
    };
    let keys = member.map(|member| member.keys.as_slice()).unwrap_or_default();
    let add =
        |actor: &Login| tr!("karmada-partner program propose --add-key {actor}=FILE puts its public half there", actor);
    match (key, actor) {
        (Some(key), Some(actor)) if member.is_some() && !keys.contains(&key) => {
            let outcome = if must { Outcome::Broken } else { Outcome::Note };
            let words = tr!(
                "{key} isn't among your keys in the policy: what it signs counts as unsigned",
                key = key.fingerprint()
            );
            Checkup::new("signing", outcome, words).hint(add(&actor))
        }
        (Some(key), _) => Checkup::fine("signing", tr!("{key} signs", key = key.fingerprint())),
        (None, _) if must || !keys.is_empty() => {
            let outcome = if must { Outcome::Broken } else { Outcome::Note };
            Checkup::new("signing", outcome, tr!("no key is set, and the policy has yours or asks for one"))
                .hint(tr!("set git's gpg.format=ssh and user.signingkey, or KARMADA_PARTNER_SIGNING_KEY"))
        }
        (None, _) => match ctx.refuse_unsigned_votes(forge.repo()) {
            // What a vote is refused for.
            Err(error) if member.is_some() => Checkup::failed("signing", error),
            _ => Checkup::fine("signing", tr!("no key is set, and none is asked for")),
        },
    }
}

/// Whether commits can be signed, where git is set to sign those of who acts. Of what is proposed on GitHub it puts them together
/// itself, unsigned; who votes pushes theirs.
fn commits(ctx: &Context, forge: &dyn Forge, program: &Program) -> Option<Checkup> {
    let actor = ctx.actor(forge, None).ok()?;
    let voter = program.member(&actor).filter(|member| member.votes());
    if matches!(ctx.location(), Ok(Location::GitHub(_))) && voter.is_none() {
        return None;
    }
    match ctx.tried_commit_signing(forge, &actor) {
        Ok(by) => by.map(|by| Checkup::fine("commits", tr!("git signs them, by {by}", by = text::visible(&by)))),
        Err(error) => Some(Checkup::failed("commits", error)),
    }
}

/// Whether the workflows are there, are this version's, and run something.
fn workflows(snapshot: &Snapshot<'_>, program: &Program) -> Result<Checkup> {
    let again =
        tr!("karmada-partner init PATH --github-ci, in a clone, writes them as they are now; commit and push that");
    let compared = github_ci::compare(snapshot, program)?;
    let (missing, different) = (compared.missing.len(), compared.different.len());
    let Some(release) = compared.release else {
        return Ok(Checkup::note(
            "workflows",
            tr!("none are there: proposals aren't checked on GitHub, and issues make none"),
        )
        .hint(again));
    };
    if !release.unsaid.is_empty() {
        let unsaid = release.unsaid.join(tr!("in a list" => ", "));
        let words = tr!("{file} doesn't say {unsaid}: their jobs fail", file = github_ci::RELEASE, unsaid);
        return Ok(Checkup::broken("workflows", words).hint(tr!("the file tells how to fill it in")));
    }
    if let Some(why) = release.wrong {
        let words = tr!("{file}: {why}: their jobs fail", file = github_ci::RELEASE, why);
        return Ok(Checkup::broken("workflows", words).hint(tr!("the file tells how to fill it in")));
    }
    if missing + different > 0 {
        let files = [compared.missing, compared.different].concat().join(tr!("in a list" => ", "));
        return Ok(Checkup::note("workflows", tr!("other than this version's: {files}", files)).hint(again));
    }
    let own = env!("CARGO_PKG_VERSION");
    Ok(match release.version == own {
        true => Checkup::fine("workflows", tr!("all there; they run {own}", own)),
        false => Checkup::note("workflows", tr!("they run {theirs}, and this is {own}", theirs = release.version, own))
            .hint(tr!("{file} says which one they run", file = github_ci::RELEASE)),
    })
}

fn check(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>) -> Result<Checkup> {
    let problems = surveying::problems(ctx, forge, snapshot, false)?;
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let words = tr!("errors: {errors}; warnings: {warnings}", errors, warnings = problems.len() - errors);
    let shows = tr!("karmada-partner check shows them, each with its mend");
    Ok(match (errors, problems.len()) {
        (0, 0) => Checkup::fine("check", tr!("nothing is wrong with what stands there")),
        (0, _) => Checkup::note("check", words).hint(shows),
        _ => Checkup::broken("check", words).hint(shows),
    })
}
