//! The one place where effects are sequenced: plan on what is there now, show, ask, publish; and again from the start
//! when somebody else was faster.

use std::time::Duration;

use super::Context;
use crate::domain::log::words;
use crate::domain::paths::place_of;
use crate::domain::{Event, Vote};
use crate::error::{Error, Kind, Result};
use crate::forge::{Forge, Published, Stopped};
use crate::git::{Put, Trouble};
use crate::language;
use crate::prompt::Question;
use crate::registry::change::{Change, Target};
use crate::registry::{Snapshot, is_voted_on};
use crate::ui::stopping::Sending;

#[derive(Debug)]
pub struct Plan<R> {
    /// Commits to make, in order; none when everything is as wanted already.
    pub changes: Vec<Change>,
    pub report: R,
    /// What a person reads before it is agreed to, instead of the commits; these come with `-v`.
    pub shown: Option<Shown>,
}

/// What there is to agree to, in words.
#[derive(Debug)]
pub struct Shown {
    pub words: String,
    /// What it is about, in a line.
    pub about: String,
    /// Whether something about it calls for a second look: then a mere Enter is a no.
    pub wary: bool,
}

impl<R> Plan<R> {
    /// One that shows its commits.
    pub const fn new(changes: Vec<Change>, report: R) -> Self {
        Self { changes, report, shown: None }
    }
}

#[derive(Debug)]
pub enum Publication<R> {
    /// It was published so; as nothing when nothing was to be done.
    Done(R, Published),
    /// It was only shown.
    DryRun,
    /// The person said no.
    Declined,
}

impl<R> Publication<R> {
    /// The report and what was published, if it came to that; otherwise says that nothing was changed.
    pub fn settled(self, ctx: &Context) -> Option<(R, Published)> {
        match self {
            Self::Done(report, published) => Some((report, published)),
            Self::DryRun => None,
            Self::Declined => {
                ctx.ui.say(tr!("Nothing was changed."));
                None
            }
        }
    }
}

/// How often to look again after an end that nobody knows.
const LOOKS: u32 = 3;

/// A race whose winner can't be seen so often in a row was none.
const UNSEEN: u32 = 8;

/// Plans and publishes on what was `seen`, which is read again when branches have moved since. `plan` is asked again
/// whenever another writer was faster; nothing is ever published that wasn't planned, and permitted, on exactly what it is
/// added to.
pub fn publish<'r, R>(
    ctx: &Context,
    forge: &'r dyn Forge,
    seen: &mut Snapshot<'r>,
    question: &str,
    mut plan: impl FnMut(&Snapshot<'_>) -> Result<Plan<R>>,
) -> Result<Publication<R>> {
    ctx.look_at_the_clock();
    let (mut agreed, mut unclear, mut unseen) = (false, 0, 0);
    let (tries, step) = forge.patience();
    for attempt in 1..=tries {
        let heads = forge.heads()?;
        unseen = if heads == seen.heads { unseen + 1 } else { 0 };
        if heads != seen.heads {
            *seen = seen.with(heads)?;
        }
        let Plan { mut changes, mut report, shown } = plan(seen)?;
        if changes.is_empty() {
            return Ok(Publication::Done(report, Published::default()));
        }
        ctx.refuse_the_future(|| seen.newest())?;
        ctx.refuse_lost(seen, &changes)?;
        refuse_unreadable(&changes)?;
        let aside = changes.iter().map(|change| set_aside(seen, change)).collect::<Result<Vec<_>>>()?;
        if !agreed {
            aside.iter().flatten().for_each(|told| ctx.ui.warn(told));
            let previews = || changes.iter().map(|change| forge.preview(change)).collect::<Result<Vec<_>>>();
            if ctx.globals.dry_run {
                ctx.ui.preview(&changes, &previews()?)?;
                return Ok(Publication::DryRun);
            }
            ctx.refuse_unasked(question)?;
            if ctx.must_confirm() {
                let wary = shown.as_ref().is_some_and(|shown| shown.wary);
                let about = shown.as_ref().map(|shown| shown.about.as_str()).unwrap_or_default();
                let agrees = match shown.as_ref().filter(|_| !ctx.ui.verbose) {
                    Some(shown) => {
                        say_above_a_question(ctx, &shown.words, about);
                        agrees(ctx, question, !wary, about, &previews)?
                    }
                    None => {
                        say_in_full(ctx, &previews()?, about)?;
                        ctx.prompt.confirm(question, !wary)?
                    }
                };
                if !agrees {
                    return Ok(Publication::Declined);
                }
                ctx.look_at_the_clock();
            }
            agreed = true;
            // What was shown isn't signed yet, and a person takes a while to read it.
            if ctx.pen.begin() || ctx.must_confirm() {
                Plan { changes, report, .. } = plan(seen)?;
            }
        }
        // Whoever signs commits may be asked for a passphrase.
        let quiet = forge.repo().signs_commits()?;
        let _busy = (!quiet).then(|| ctx.ui.spinner(tr!("writing to the registry")));
        let sending = (!forge.is_trial()).then(Sending::begin);
        let outcome = forge.publish(seen, &changes);
        match outcome {
            Ok(published) => {
                if let Some(sending) = sending {
                    sending.arrived(changes.iter().map(in_words));
                }
                return Ok(Publication::Done(report, published));
            }
            Err(Stopped::Raced(e)) if unseen > UNSEEN => {
                let e = Error::from(e);
                // A lock says what to do about it itself.
                return Err(if e.hints.is_empty() {
                    e.hint(tr!("no branch has moved meanwhile: what stands in the way isn't another writer"))
                } else {
                    e
                });
            }
            Err(Stopped::Raced(e)) if attempt < tries => {
                ctx.ui.detail(&tr!("{e}; trying again ({attempt})", e, attempt));
                std::thread::sleep(pause(attempt, step));
            }
            Err(Stopped::Raced(e)) if e.trouble == Trouble::Moved => break,
            Err(Stopped::Raced(e)) => return Err(e.into()),
            // What can't be seen from here shows when it is planned anew: what took effect is there then.
            Err(Stopped::Unclear(e)) if unclear < LOOKS => {
                unclear += 1;
                ctx.ui.detail(&tr!("{e}; looking what is there ({unclear})", e, unclear));
                std::thread::sleep(Duration::from_millis(200 << unclear));
            }
            Err(Stopped::Unclear(e) | Stopped::Failed(e)) => return Err(e),
        }
    }
    Err(Error::new(Kind::Environment, tr!("others were faster {tries} times", tries))
        .hint(tr!("run it again: nothing is done twice")))
}

/// What a commit brings, as the person at the terminal is told.
fn in_words(change: &Change) -> String {
    let told = if language::is_chinese() { words::brought(&change.block) } else { None };
    told.unwrap_or_else(|| change.title.clone())
}

/// What a change puts something else in the place of, as people are told; members who voted on that aren't passed over.
fn set_aside(seen: &Snapshot<'_>, change: &Change) -> Result<Option<String>> {
    let Target::Proposal { branch, fresh: true } = &change.target else { return Ok(None) };
    let event = || Event::parse(change.block.as_bytes()).map(|event| (event.partner, event.subject)).ok();
    let vote = || Vote::parse(change.block.as_bytes()).map(|vote| (vote.partner, vote.subject)).ok();
    let Some((slug, subject)) = event().or_else(vote) else { return Ok(None) };
    let open = seen.open(&slug, subject)?.into_iter();
    let Some(other) = open.filter(|p| !p.lapsed).find(|p| p.branch == *branch && p.subject != subject) else {
        return Ok(None);
    };
    let subject = other.subject.told();
    if !is_voted_on(&other.votes) {
        return Ok(other.stands.is_none().then(|| {
            tr!("the {subject} of {slug} that was asked for on {branch} is set aside, undecided", subject, slug, branch)
        }));
    }
    Err(Error::refused(tr!(
        "members vote on the {subject} of {slug} on {branch}, and this would set it aside",
        subject,
        slug,
        branch
    ))
    .hint(tr!("wait until that is decided: karmada-partner status {slug}", slug)))
}

/// What is written can be read again.
fn refuse_unreadable(changes: &[Change]) -> Result<()> {
    for (path, put) in changes.iter().flat_map(|change| &change.puts) {
        let (Some((_, place)), Put::Bytes(bytes)) = (place_of(path), put) else { continue };
        let (is, most) = (bytes.len(), place.most_bytes());
        if is > most {
            return Err(Error::refused(tr!(
                "{path} would have {is} bytes, and at most {most} are read again",
                path,
                is,
                most
            ))
            .hint(tr!("say less in it, or have comments taken out of it first")));
        }
    }
    Ok(())
}

/// Asks, and shows what is written down where the person wants to see it first.
fn agrees(
    ctx: &Context,
    question: &str,
    default: bool,
    about: &str,
    details: &dyn Fn() -> Result<Vec<String>>,
) -> Result<bool> {
    let keys = [('y', tr!("yes")), ('n', tr!("no")), ('v', tr!("show what is written down"))];
    let asked = Question { label: question, flag: "--yes", default: None, optional: false };
    loop {
        match ctx.prompt.key(asked, &keys, if default { 'y' } else { 'n' })? {
            'v' => say_in_full(ctx, &details()?, about)?,
            key => return Ok(key == 'y'),
        }
    }
}

/// What a question takes of the screen, with the keys that answer it.
pub(super) const QUESTION: usize = 6;

/// Says something that a question follows on, and what it is `about` once more where that has left the screen by then.
pub fn say_above_a_question(ctx: &Context, words: &str, about: &str) {
    ctx.ui.say(words.trim_end_matches('\n'));
    if !about.is_empty() && !ctx.ui.holds(words, QUESTION) {
        ctx.ui.say(about);
    }
}

/// Says what is written down, which is hashes for the most part, and whom it is `about`.
fn say_in_full(ctx: &Context, previews: &[String], about: &str) -> Result<()> {
    ctx.show_aside(&previews.join("\n"))?;
    if !about.is_empty() {
        ctx.ui.say(about);
    }
    Ok(())
}

/// A pause that grows and differs between processes, so that two of them don't keep colliding.
fn pause(attempt: u32, step: Duration) -> Duration {
    let spread = u64::from(std::process::id().wrapping_mul(2_654_435_761).rotate_left(attempt) % 17);
    (step * attempt).min(step * 20) + Duration::from_millis(spread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits;
    use crate::git::Author;

    #[test]
    fn what_its_reader_refuses_isnt_written() {
        let change = |path: &str, bytes: usize| Change {
            title: String::new(),
            notes: Vec::new(),
            block: String::new(),
            puts: vec![(path.to_owned(), Put::Bytes(vec![b'#'; bytes]))],
            target: Target::Proposal { branch: String::new(), fresh: true },
            author: Author { name: String::new(), email: String::new(), time: 0, own: false, may_ask: false },
        };
        for (path, most) in [
            ("data/partners/acme/partner.toml", limits::DOCUMENT),
            ("data/program.toml", limits::DOCUMENT),
            ("data/partners/acme/logo.png", limits::LOGO_BYTES as usize),
            ("data/partners/acme/log/0001", limits::BLOCK),
            ("data/partners/acme/votes/1/alice", limits::BLOCK),
        ] {
            assert!(refuse_unreadable(&[change(path, most)]).is_ok(), "{path}");
            let refused = refuse_unreadable(&[change(path, most + 1)]).unwrap_err();
            assert!(refused.message.starts_with(path), "{}", refused.message);
        }
        assert!(refuse_unreadable(&[change("src/data/partnersData.tsx", 3_000_000)]).is_ok());
    }
}
