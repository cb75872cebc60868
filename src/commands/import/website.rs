//! `import website`: the partners that the website's page lists.

use std::path::{Path, PathBuf};

use super::found::{Found, source};
use crate::domain::{Draft, Field, Slug, text};
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::render::website::page::{CARDS, LOGOS};
use crate::workflow::webpage;
use crate::workflow::website_files::{Checkout, Files as _};

/// Bring in the partners that a checkout of Karmada's website lists
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A checkout of the website's repository
    #[arg(value_name = "CHECKOUT")]
    checkout: PathBuf,
}

pub fn read(args: &Args) -> Result<Vec<Found>> {
    let checkout = Checkout(&args.checkout);
    let read = |path: &str| checkout.read(path);
    let (cards, chinese) = webpage::present(&read)?.read()?;
    let at = commit(&args.checkout).map(|commit| format!(" at {commit}")).unwrap_or_default();
    let mut found = Vec::new();
    for card in cards {
        let mut draft = Draft::default();
        let slug = card.slug.to_lowercase();
        draft.slug = slug.parse::<Slug>().ok().map(|slug| slug.to_string());
        let zh = chinese.get(&card.slug).map(|zh| text::one_line(zh));
        for (field, answer) in [
            (Field::Name, Some(card.title.clone())),
            (Field::Website, Some(card.web_url.clone())),
            (Field::Description, Some(text::one_line(&card.description))),
            (Field::DescriptionZh, zh),
        ] {
            draft.answers.extend(answer.filter(|a| !a.is_empty()).map(|a| (field, a)));
        }
        let path = format!("{LOGOS}/{}", card.file);
        let logo = read(&path).and_then(|bytes| {
            bytes.ok_or_else(|| Error::not_found(format!("logo: there is no {path}")).hint("put its logo there"))
        });
        found.push(Found {
            label: card.title,
            draft,
            logo,
            source: source(&format!("the website's {CARDS}{at}"))?,
            since: None,
            link: None,
            attested: None,
            faults: Vec::new(),
            asked_by: None,
        });
    }
    Ok(found)
}

/// The commit that a checkout is at, if it is one.
fn commit(checkout: &Path) -> Option<String> {
    Repo::open(checkout).ok()?.resolve("HEAD").ok().map(|oid| oid.to_string())
}
