//! Answers that are kept while somebody gives them, and offered again: none is ever lost, however many were begun.

use std::path::{Path, PathBuf};

use crate::config::{Location, UserDirectory};
use crate::domain::{Draft, Sha256, Slug};
use crate::error::{Error, Result};
use crate::files;
use crate::prompt::Question;
use crate::session::Context;
use crate::ui::stopping;

/// What a draft is of: each has a file of its own.
#[derive(Debug, Clone, Copy)]
pub enum DraftOf<'a> {
    Application,
    /// A change of this partner's facts.
    Update(&'a Slug),
}

impl DraftOf<'_> {
    /// That it is kept, and the command that offers it again, wherever the registry was named.
    fn is_kept(self, ctx: &Context) -> String {
        let how = ctx.again(&match self {
            Self::Application => "apply".to_owned(),
            Self::Update(slug) => format!("update {slug}"),
        });
        tr!("your answers are kept on this machine; {how} offers them again", how)
    }
}

/// Where a draft is kept.
fn draft_path(ctx: &Context, of: DraftOf<'_>) -> Result<PathBuf> {
    let name = match ctx.location()? {
        Location::Embedded => "sandbox".to_owned(),
        Location::Path(path) => {
            let full = path.canonicalize().unwrap_or(path);
            Sha256::of(full.as_os_str().as_encoded_bytes()).short()
        }
        Location::Url(url) => Sha256::of(url.as_bytes()).short(),
        Location::GitHub(name) => Sha256::of(format!("github:{name}").to_lowercase().as_bytes()).short(),
    };
    let name = match of {
        DraftOf::Application => format!("{name}.toml"),
        DraftOf::Update(slug) => format!("{name}-{slug}.toml"),
    };
    Ok(ctx.environment.directory(UserDirectory::State)?.join("drafts").join(name))
}

/// Saves the answers so far. Whole or not at all: a crash leaves the last whole draft.
pub fn save_draft(ctx: &Context, of: DraftOf<'_>, draft: &Draft) {
    let save = || {
        let path = draft_path(ctx, of)?;
        files::write(&path, draft.to_toml().as_bytes()).map_err(|e| Error::environment(e.to_string()))
    };
    if let Err(e) = stopping::keep(of.is_kept(ctx), save) {
        ctx.ui.detail(&tr!("the draft can't be saved: {e}", e));
    }
}

/// Forgets the draft: it was sent.
pub fn drop_draft(ctx: &Context, of: DraftOf<'_>) {
    stopping::forget(|| {
        if let Ok(path) = draft_path(ctx, of) {
            let _ = std::fs::remove_file(path);
        }
    });
}

/// Offers what was begun and not sent, the newest first, and gives what is gone on with. What isn't is put aside, unless it is to be forgotten.
pub fn resumed(ctx: &Context, of: DraftOf<'_>, question: &dyn Fn(&Draft) -> String) -> Result<Option<Draft>> {
    let Ok(path) = draft_path(ctx, of) else { return Ok(None) };
    // Under the first name is what was gone on with last.
    let waiting: Vec<PathBuf> = [path.clone()].into_iter().chain(all_aside(&path)).filter(|p| p.exists()).collect();
    for at in waiting {
        let Some(saved) = read(ctx, &path, &at) else { continue };
        let _ = stopping::keep(of.is_kept(ctx), || Ok(()));
        let keys = [('y', tr!("yes")), ('n', tr!("no, and keep it for later")), ('f', tr!("no, and forget it"))];
        let label = question(&saved);
        let asked = Question { label: &label, flag: "--no-input", default: None, optional: false };
        match ctx.prompt.key(asked, &keys, 'y')? {
            'y' => {
                if at != path {
                    std::fs::rename(&at, &path).map_err(|e| Error::environment(e.to_string()))?;
                }
                return Ok(Some(saved));
            }
            'f' => stopping::forget(|| {
                let _ = std::fs::remove_file(&at);
            }),
            _ if at == path => put_aside(&path)?,
            _ => stopping::forget(|| ()),
        }
    }
    Ok(None)
}

/// A draft as it was saved. What can't be read is kept where it isn't written over.
fn read(ctx: &Context, path: &Path, at: &Path) -> Option<Draft> {
    let bytes = files::read_plain(at).ok()?;
    match Draft::parse(&bytes) {
        Ok(draft) if draft.answers.is_empty() => None,
        Ok(draft) => Some(draft),
        Err(_) => {
            let kept = free_place(path, "unread.toml");
            if std::fs::rename(at, &kept).is_ok() {
                ctx.ui.warn(&tr!("answers that were kept can't be read; they lie in {path}", path = kept.display()));
            }
            None
        }
    }
}

/// Puts a draft aside for another.
fn put_aside(path: &Path) -> Result<()> {
    let mut done = Ok(());
    stopping::forget(|| done = std::fs::rename(path, free_place(path, "aside.toml")));
    // Else the next answers would take its place.
    done.map_err(|e| Error::environment(tr!("the answers that were kept can't be put aside: {e}", e)))
}

/// Those that were put aside, the newest first.
fn all_aside(path: &Path) -> Vec<PathBuf> {
    let places = (1..).map(|nth| place(path, nth, "aside.toml"));
    let mut aside: Vec<PathBuf> = places.take(MOST).filter(|p| p.exists()).collect();
    aside.reverse();
    aside
}

/// So many places are looked at: more than anybody fills.
const MOST: usize = 99;

/// The next place behind all that are taken.
fn free_place(path: &Path, kind: &str) -> PathBuf {
    let last = (1..=MOST).rev().find(|nth| place(path, *nth, kind).exists()).unwrap_or_default();
    place(path, last + 1, kind)
}

fn place(path: &Path, nth: usize, kind: &str) -> PathBuf {
    match nth {
        1 => path.with_extension(kind),
        nth => path.with_extension(format!("{nth}.{kind}")),
    }
}
