//! The partner and the proposal that a command names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::config::UserDirectory;
use crate::domain::shared_text::SharedText;
use crate::domain::{GitId, Login, Record, Slug, State, Subject, legal_forms, suggestion, text};
use crate::error::{Error, Kind, Result};
use crate::forge::{Forge, People};
use crate::git::{Repo, why_strange};
use crate::registry::digest::{self, Digest};
use crate::registry::remembered::{Everybody, Kept, Known, Shelf, is_displaced};
use crate::registry::survey::Founded;
use crate::registry::{Partner, Proposal, Snapshot, Unfit, Unread, nearly_about, slug_of, survey};
use crate::session::{self, Context};

/// A snapshot of the registry as it is now.
pub fn look<'f>(ctx: &Context, forge: &'f dyn Forge) -> Result<Snapshot<'f>> {
    let snapshot = look_at_any(ctx, forge)?;
    snapshot.program_entry()?;
    if !ctx.told.policies.replace(true) {
        for path in snapshot.unbrought().unwrap_or_default() {
            ctx.ui.warn(&tr!(
                "{path} is no policy that was decided, and is passed over; karmada-partner check tells more",
                path
            ));
        }
    }
    Ok(snapshot)
}

/// The same of a repository that needn't be a registry yet.
///
/// # Errors
/// When its heads can't be read.
pub fn look_at_any<'f>(ctx: &Context, forge: &'f dyn Forge) -> Result<Snapshot<'f>> {
    Ok(Snapshot::new(forge.repo(), forge.heads()?, ctx.now)?.by_the_clock(ctx.clock()))
}

/// The partner that a command names, with its open proposals; an error with the nearest known name if there is none.
pub fn find(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<(Partner, Vec<Proposal>)> {
    let partner = snapshot.landed(slug)?;
    let proposals = snapshot.proposals_of(slug)?;
    if partner.life.state == State::Absent && proposals.is_empty() && partner.unreliable().is_none() {
        // What is there and can't be read isn't nothing.
        if let Some(why) = snapshot.unreadable(slug, true)? {
            return Err(why);
        }
        let error = Error::not_found(tr!("{slug} isn't in the registry", slug));
        if let Some(branch) = nearly_about(slug, &snapshot.repo.names_of_branches("refs/heads/*")?) {
            let branch = text::visible(branch);
            let hint = tr!(
                "the branch {branch} is called nearly as a proposal about it; karmada-partner check says more",
                branch
            );
            return Err(error.hint(hint));
        }
        let error = match elsewhere(snapshot)?.iter().any(|branch| slug_of(branch).as_ref() == Some(slug)) {
            true => error.hint(tr!(
                "what is proposed stands at this clone's remote: name that with --registry; git remote -v shows it"
            )),
            false if snapshot.repo.takes_a_part()? => error.hint(tr!(
                "this clone has a part of its remote, and what is proposed may stand there alone: name that with --registry; git remote -v shows it"
            )),
            false => error,
        };
        let likely = likely(snapshot, slug)?;
        return Err(match likely.len() {
            1..=MOST_ASKED => error.near(slug.as_str(), likely),
            _ => error.hint(tr!("karmada-partner list shows who is")),
        });
    }
    Ok((partner, proposals))
}

/// Among so many somebody is asked which one is meant.
const MOST_ASKED: usize = 9;

/// Who may be meant by a short name that nobody has: who is called so, or whose contact has it as a GitHub ID, or else who has one
/// like it.
fn likely(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Vec<String>> {
    let (open, _) = snapshot.all_proposals(None)?;
    // Whose record can't be read isn't suggested by its name.
    let (landed, _) = survey::partners_or_why(snapshot)?;
    let facts = landed.iter().filter_map(|p| Some((&p.slug, p.record.as_ref()?)));
    let facts = facts.chain(open.iter().filter_map(|p| Some((&p.partner.slug, p.record()?))));
    let wanted = legal_forms::called(slug.as_str());
    let has_it = |record: &Record| {
        let is_called = || names_of(record).any(|own| wanted.contains(&own));
        record.github.as_str().eq_ignore_ascii_case(slug.as_str()) || is_called()
    };
    let by_facts: BTreeSet<String> =
        facts.filter(|(_, record)| has_it(record)).map(|(slug, _)| slug.to_string()).collect();
    if !by_facts.is_empty() {
        return Ok(by_facts.into_iter().collect());
    }
    let proposed = snapshot.heads.proposals.all().into_iter().filter_map(|(b, _)| slug_of(b).map(|s| s.to_string()));
    let known: Vec<String> = snapshot.directories()?.into_iter().map(|e| e.name).chain(proposed).collect();
    // What could be no short name would lead here again.
    let known = known.into_iter().filter(|name| name.parse::<Slug>().is_ok()).collect::<Vec<_>>();
    let known: Vec<&str> = known.iter().map(String::as_str).filter(|k| *k != slug.as_str()).collect();
    Ok(text::likely(slug.as_str(), &known).into_iter().map(str::to_owned).collect())
}

/// Whom a name means that is no short one: whose website it is the address of; who has the short name that it suggests, or else who
/// is called so.
///
/// # Errors
/// As [`called`], where it suggests none.
pub fn named(ctx: &Context, snapshot: &Snapshot<'_>, name: &str) -> Result<Slug> {
    let suggested = suggestion::respelled(name).or_else(|| suggestion::of_name(name));
    let suggested = suggested.filter(|_| suggestion::address(name).is_none());
    if let Some(slug) = &suggested
        && (snapshot.landed(slug)?.life.state != State::Absent || !snapshot.proposals_of(slug)?.is_empty())
    {
        return Ok(slug.clone());
    }
    match (called(ctx, snapshot, name), suggested) {
        // Nobody is: what stands near the short name may be meant.
        (Err(e), Some(slug)) if e.kind == Kind::NotFound => Ok(slug),
        (found, _) => found,
    }
}

/// The names that somebody has or had, as they are compared.
fn names_of(record: &Record) -> impl Iterator<Item = String> {
    let all = [Some(&record.name), record.name_zh.as_ref()].into_iter().flatten().chain(&record.former_names);
    all.flat_map(|own| legal_forms::called(own.as_str()))
}

/// The partner or applicant of a name.
///
/// # Errors
/// When nobody has it, or several have; and when the registry can't be read.
fn called(ctx: &Context, snapshot: &Snapshot<'_>, name: &str) -> Result<Slug> {
    let (wanted, site) = (legal_forms::called(name), suggestion::address(name).map(|address| address.site()));
    let is_part = |one: &str, other: &str| one.contains(other) || other.contains(one);
    let mut likely = Vec::new();
    let mut found = Vec::new();
    let mut look_at = |slug: &Slug, record: &Record| {
        let own: Vec<String> = names_of(record).collect();
        let has_name = || own.iter().any(|own| wanted.contains(own));
        let is_it = site.as_ref().map_or_else(has_name, |site| record.website.site() == *site);
        let place = match is_it {
            true => &mut found,
            false if site.is_none() && own.iter().any(|own| wanted.iter().any(|name| is_part(own, name))) => {
                &mut likely
            }
            false => return,
        };
        if !place.contains(slug) {
            place.push(slug.clone());
        }
    };
    let (partners, unread) = survey::partners_or_why(snapshot)?;
    for partner in partners {
        partner.record.iter().for_each(|record| look_at(&partner.slug, record));
    }
    let (open, unfit) = waiting(ctx, snapshot)?;
    for open in open {
        open.record().into_iter().for_each(|record| look_at(&open.partner.slug, record));
    }
    let unknown = || Error::not_found(tr!("nobody in the registry is called {name}", name = text::quote(name)));
    match (found.as_slice(), likely.as_slice()) {
        ([one], _) => Ok(one.clone()),
        // What is there and can't be read isn't nothing.
        ([], []) => {
            let unknown = || unknown().hint(tr!("karmada-partner list shows who is"));
            let lost = unread.into_iter().next().map(|unread| unread.why);
            Err(all_read(&unfit).err().or(lost).unwrap_or_else(unknown))
        }
        (several, likely) => {
            let all: Vec<&str> = several.iter().chain(likely).map(Slug::as_str).collect();
            let all = all.join(tr!("in a list" => ", "));
            Err(match several {
                [] => unknown(),
                _ => Error::usage(tr!("several in the registry are called {name}", name = text::quote(name))),
            }
            .hint(tr!("name it by its short name: {all}", all)))
        }
    }
}

/// The branches of proposals that a clone's remotes have and it hasn't itself, as an ordinary clone is made.
///
/// # Errors
/// When it can't be told.
fn elsewhere(snapshot: &Snapshot<'_>) -> Result<Vec<String>> {
    let own: Vec<&str> = snapshot.heads.proposals.all().into_iter().map(|(branch, _)| branch).collect();
    let known = snapshot.repo.branches_of_remotes()?.into_iter();
    Ok(known.filter(|branch| slug_of(branch).is_some() && !own.contains(&branch.as_str())).collect())
}

/// Says that a clone doesn't show what waits, where that is so, or can't be told.
pub fn warn_of_a_clone(ctx: &Context, snapshot: &Snapshot<'_>) {
    let known = elsewhere(snapshot).and_then(|there| Ok((there.len(), snapshot.repo.takes_a_part()?)));
    let (count, is_part) = match known {
        Ok(known) => known,
        Err(e) => return ctx.leave_out(&e),
    };
    if count > 0 {
        ctx.ui.warn(&tr!("this is a clone, and the branch of a proposal stands at its remote alone"
            | "this is a clone, and {n} branches of proposals stand at its remote alone" % count));
    } else if is_part {
        ctx.ui.warn(tr!("this is a clone with a part of its remote, and what is proposed may stand there alone"));
    } else {
        return;
    }
    ctx.ui.hint(tr!("name the remote itself with --registry; git remote -v shows its address"));
}

/// Who speaks for a partner or an applicant, where the person at the keyboard may play everybody.
pub fn in_sandbox(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug) -> Option<Login> {
    if !ctx.in_sandbox() {
        return None;
    }
    let applied = snapshot.open(slug, Subject::Application).unwrap_or_default();
    let proposed = applied.first().and_then(Proposal::record).map(|record| record.github.clone());
    proposed.or_else(|| snapshot.landed(slug).ok()?.record.map(|record| record.github))
}

/// All that waits for a decision, oldest first, what was merged undecided too; and what can't be a proposal.
pub fn waiting(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<(Vec<Proposal>, Vec<Unfit>)> {
    snapshot.all_proposals(waiting_memory(ctx, snapshot).as_deref())
}

/// The same, where who can't be a proposal is told rather than listed.
pub fn readable(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<Proposal>> {
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    tell(ctx, &unfit);
    Ok(proposals)
}

/// The same, for who says in public what waits: nothing is concluded from what can't be read.
///
/// # Errors
/// When one can't be read.
pub fn all_readable(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<Proposal>> {
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    all_read(&unfit)?;
    tell(ctx, &unfit);
    Ok(proposals)
}

/// Refuses to go on without what can't be read.
///
/// # Errors
/// When one of them can't.
pub fn all_read(unfit: &[Unfit]) -> Result<()> {
    unfit.iter().find(|unfit| unfit.is_unread()).map_or(Ok(()), |unread| Err(unread.why.clone()))
}

/// The facts of who has none on the default branch, as [`Snapshot::closed_record`], for who shows others, too.
///
/// # Errors
/// When an object was left out of this clone.
pub fn closed_record(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug, round: u32) -> Result<Option<Record>> {
    match snapshot.closed_record(slug, round) {
        Err(e) if snapshot.hides(&e) => {
            ctx.leave_out(&e);
            Ok(None)
        }
        closed => closed,
    }
}

/// Says what stands where proposals do and isn't one, and what to do about it; what couldn't be read, when all else is shown.
pub fn tell(ctx: &Context, unfit: &[Unfit]) {
    for unfit in unfit {
        if unfit.is_unread() {
            ctx.leave_out(&unfit.why);
            continue;
        }
        ctx.ui.warn(&text::visible(&unfit.to_string()));
        unfit.why.hints.iter().for_each(|hint| ctx.ui.hint(&text::visible(hint)));
    }
}

/// Keeps whose objects git has lost, until all else is shown.
pub fn leave_out(ctx: &Context, unread: &[Unread]) {
    for one in unread {
        ctx.leave_out(&one.why);
    }
}

/// What lists tell of everybody, by slug.
///
/// # Errors
/// When an object isn't here or can't be read.
pub fn digests(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<Known<Digest>>> {
    let file = session::remembered(ctx, UserDirectory::Cache, "partners", snapshot.repo.path());
    let shelf = Shelf { file: file.as_deref(), version: digest::VERSION };
    let Everybody { partners: known, whole, unread, .. } =
        Everybody::read(snapshot, shelf, |_, partner| Ok(Digest::of(partner)))?;
    leave_out(ctx, &unread);
    if !whole {
        warn_of_directories(ctx, snapshot)?;
    }
    let unfounded = found_unfounded(ctx, snapshot);
    for one in &known {
        warn_of_log(ctx, &one.slug, one.what.unreliable.as_deref());
        warn_of_decision(ctx, &one.slug, unfounded(&one.slug, one.tree).as_deref());
        warn_of_record(ctx, &one.slug, one.what.unreadable);
    }
    Ok(known)
}

/// Why a decision about a partner isn't what its votes say, where `check` found it, and the partner stays as it was.
pub fn found_unfounded(ctx: &Context, snapshot: &Snapshot<'_>) -> impl Fn(&Slug, GitId) -> Option<String> + use<> {
    let file = session::remembered(ctx, UserDirectory::Cache, session::UNFOUNDED, snapshot.repo.path());
    survey::remembered_unfounded(file.as_deref())
}

/// Everybody who has ever landed anything, by slug; whose log or record can't be relied on is told.
///
/// # Errors
/// When nobody can be read.
pub fn everybody(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<Partner>> {
    Ok(everybody_or_why(ctx, snapshot)?.0)
}

/// The same, and whose objects git has lost, which is told when all else is shown.
///
/// # Errors
/// When nobody can be read.
pub fn everybody_or_why(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<(Vec<Partner>, Vec<Unread>)> {
    warn_of_directories(ctx, snapshot)?;
    let (partners, unread) = survey::partners_or_why(snapshot)?;
    leave_out(ctx, &unread);
    for partner in &partners {
        warn_of_log(ctx, &partner.slug, partner.unreliable().as_deref());
        warn_of_record(ctx, &partner.slug, partner.has_unreadable_record());
    }
    Ok((partners, unread))
}

/// The partner that a command reads about; whose record can't be read is told.
///
/// # Errors
/// As [`find`].
pub fn one(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Partner> {
    let (partner, _) = find(snapshot, slug)?;
    warn_of_record(ctx, slug, partner.has_unreadable_record());
    Ok(partner)
}

/// Tells whose log can't be relied on, and why: a later version may have written that the partner has left.
pub fn warn_of_log(ctx: &Context, slug: &Slug, why: Option<&str>) {
    if let Some(why) = why {
        ctx.ui.warn(&tr!("the log of {slug} can't be relied on: {why}", slug, why));
    }
}

/// Tells of whom a decision on record isn't what its votes say: somebody may have written it who doesn't decide.
pub fn warn_of_decision(ctx: &Context, slug: &Slug, why: Option<&str>) {
    if let Some(why) = why {
        ctx.ui.warn(&tr!("the votes don't say what the record of {slug} says was decided: {why}", slug, why));
        ctx.ui.hint(tr!("karmada-partner audit tells who wrote it down, and when"));
    }
}

/// Whether the decisions about a partner, or the program, are what their votes say.
///
/// # Errors
/// When what stands there can't be read.
pub fn founded(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Founded> {
    let (program, policies) = (snapshot.program_as_it_stands()?, snapshot.policies()?);
    survey::founded(snapshot.repo, snapshot.tree, slug, snapshot.rules(&program, &policies, true))
}

/// What couldn't be read isn't remembered: a clone is mended without its commits changing.
impl Kept for Founded {
    fn line(&self) -> Option<String> {
        (*self != Self::Untold).then(|| serde_json::to_string(self).ok())?
    }

    fn of_line(line: &SharedText) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

/// Tells of everybody where a decision isn't what its votes say. Those are counted once, as long as the partner's directory and
/// the policies stay.
///
/// # Errors
/// When an object isn't here or can't be read.
pub fn warn_of_decisions(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<()> {
    let (program, policies) = (snapshot.program_as_it_stands()?, snapshot.policies()?);
    let (rules, tree) = (snapshot.rules(&program, &policies, true), snapshot.tree);
    let file = session::remembered(ctx, UserDirectory::Cache, "founded", snapshot.repo.path());
    let version = survey::founded_by(snapshot)?;
    let shelf = Shelf { file: file.as_deref(), version: &version };
    let read = |repo: &Repo, partner: &Partner| survey::founded(repo, tree, &partner.slug, rules);
    let Everybody { partners, unread, .. } = Everybody::read(snapshot, shelf, read)?;
    leave_out(ctx, &unread);
    for Known { slug, what, .. } in partners {
        warn_of_decision(ctx, &slug, what.why_not());
    }
    Ok(())
}

/// Tells whose record can't be read: what is shown then has gaps, or is older.
pub fn warn_of_record(ctx: &Context, slug: &Slug, unreadable: bool) {
    if unreadable {
        ctx.ui
            .warn(&tr!("the record of {slug} can't be read; karmada-partner check tells what is wrong with it", slug));
    }
}

/// Tells of partners whose directories are something else, so that nobody is passed over: once a run.
///
/// # Errors
/// When something else stands in the place of all of them.
pub fn warn_of_directories(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<()> {
    let directories = snapshot.directories_or_why()?;
    if ctx.told.directories.replace(true) {
        return Ok(());
    }
    // What is neither a directory nor called like one is `check`'s to tell.
    for entry in directories.into_iter().filter(is_displaced) {
        let why = match entry.name.parse::<Slug>() {
            Err(e) => tr!("it can't be a slug: {why}", why = e.why),
            Ok(_) => why_strange(entry.mode, tr!("it isn't a directory")).to_string(),
        };
        ctx.ui.warn(&tr!(
            "the directory of {slug} can't be read: {why}; karmada-partner check tells all that is wrong with the registry",
            slug = text::visible(&entry.name),
            why
        ));
    }
    Ok(())
}

/// Tells whose logo stands there and can't be read, where that isn't none.
pub fn warn_of_logo(ctx: &Context, slug: &Slug, unreadable: bool) {
    if unreadable {
        ctx.ui.warn(&tr!("the logo of {slug} can't be read; karmada-partner check tells what is wrong with it", slug));
    }
}

/// That facts are needed which stand there and can't be read.
pub fn unreadable_record(slug: &Slug) -> Error {
    Error::refused(tr!("the record of {slug} can't be read", slug))
        .hint(tr!("karmada-partner check tells what is wrong with it"))
}

/// Where it is remembered what stands undecided.
pub fn waiting_memory(ctx: &Context, snapshot: &Snapshot<'_>) -> Option<PathBuf> {
    session::remembered(ctx, UserDirectory::Cache, "waiting", snapshot.repo.path())
}

/// Where nothing is open about a partner: refuses with why what is there can't be decided. What another application has
/// `overtaken` may be asked for, too: beside it the command may just have done its work.
pub fn refuse_invalid(snapshot: &Snapshot<'_>, slug: &Slug, overtaken: bool) -> Result<()> {
    snapshot.unreadable(slug, overtaken)?.map_or(Ok(()), Err)
}

/// The one of the open proposals that is meant: the only one, or the one that was named. `None` when nothing is open.
pub fn meant(slug: &Slug, open: Vec<Proposal>, named: Option<Subject>) -> Result<Option<Proposal>> {
    let other = open.first().map(|p| p.subject);
    let mut fitting = open.into_iter().filter(|p| named.is_none_or(|subject| p.subject == subject));
    match (fitting.next(), fitting.next(), named.zip(other)) {
        (Some(_), Some(_), _) => Err(Error::usage(tr!("{slug} has an update and an exit open", slug))
            .hint(tr!("say which with --proposal update or --proposal exit"))),
        (None, _, Some((named, open))) => Err(Error::refused(tr!(
            "no {named} of {slug} is open, but an {open}",
            named = named.told(),
            slug,
            open = open.told()
        ))
        .hint(tr!("say --proposal {open}, or leave it out", open))),
        (found, ..) => Ok(found),
    }
}

/// Where a partner stands, open proposals considered: on the default branch an applicant isn't there yet.
#[must_use]
pub fn standing(partner: &Partner, proposals: &[Proposal]) -> State {
    proposals.iter().map(|p| p.partner.life.state).find(|s| *s == State::Applied).unwrap_or(partner.life.state)
}

/// Those who look at the registry on GitHub.
///
/// # Errors
/// Where it isn't on GitHub, and there is no `what`.
pub fn people<'f>(forge: &'f dyn Forge, what: &str) -> Result<&'f dyn People> {
    forge.people().ok_or_else(|| {
        Error::usage(tr!("there are {what} only where the registry is on GitHub", what))
            .hint(tr!("name it with --registry github:OWNER/REPO"))
    })
}
