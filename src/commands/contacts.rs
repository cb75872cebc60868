//! `contacts`: how to reach the partners.

use minijinja::{Environment, context};
use serde_json::json;

use crate::domain::Slug;
use crate::domain::record::Mailbox;
use crate::domain::values::words;
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::registry::digest::{Digest, Facts};
use crate::registry::remembered::Known;
use crate::registry::{Snapshot, own_words};
use crate::render::csv;
use crate::render::eml::Draft;
use crate::render::template_fault::TemplateFault;
use crate::session::Context;
use crate::workflow::lookup::{digests, look};

words! {
    enum Purpose {
        /// Those who get early disclosure.
        Security = "security",
        /// All, to pass on business.
        Opportunity = "opportunity",
        All = "all",
    }
}

words! {
    enum Format {
        Csv = "csv",
        Eml = "eml",
        Json = "json",
    }
}

/// Get the contacts of the active partners, as a table or as the draft of a mail
///
/// A draft has everybody in Bcc, so that nobody sees the others. Its words come from templates; a registry's own in
/// templates/mail/ win. Nothing is sent. The table's columns are parted by commas: where a spreadsheet parts them by
/// semicolons, as in countries with a decimal comma, import it as text.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner contacts > contacts.csv
  karmada-partner contacts --for security --format eml > mail.eml")]
pub struct Args {
    /// What for: security are those on the list for early disclosure
    #[arg(long = "for", value_name = "WHAT", default_value = "all", value_parser = super::value::<Purpose>)]
    purpose: Purpose,
    /// As what
    #[arg(long, value_name = "FORMAT", default_value = "csv", conflicts_with = "json", value_parser = super::value::<Format>)]
    format: Format,
}

/// Where a registry keeps its own words.
const DIRECTORY: &str = "templates/mail";

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let today = ctx.now.date();
    let wanted = |p: &Digest| p.is_partner(today) && (args.purpose != Purpose::Security || p.early_disclosure);
    // Whoever may have left gets no mail.
    let (partners, unknown): (Vec<Known<Digest>>, Vec<_>) = digests(ctx, &snapshot)?
        .into_iter()
        .filter(|p| wanted(&p.what) || p.what.unreliable.is_some())
        .partition(|p| p.what.unreliable.is_none() && p.what.facts.is_some());
    let contacts: Vec<(&Slug, &Facts)> =
        partners.iter().filter_map(|p| Some((&p.slug, p.what.facts.as_ref()?))).collect();
    print(ctx, args, &snapshot, &contacts)?;
    if unknown.is_empty() {
        return Ok(());
    }
    let slugs: Vec<&str> = unknown.iter().map(|p| p.slug.as_str()).collect();
    Err(Error::refused(format!("left out, since their log or facts can't be read: {}", slugs.join(", ")))
        .hint("karmada-partner check tells what is wrong"))
}

fn print(ctx: &Context, args: &Args, snapshot: &Snapshot<'_>, contacts: &[(&Slug, &Facts)]) -> Result<()> {
    let format = if ctx.globals.json { Format::Json } else { args.format };
    match format {
        Format::Json => {
            let contacts: Vec<_> = contacts
                .iter()
                .map(|(slug, r)| json!({"partner": slug, "name": r.name, "email": r.email, "github": r.github, "website": r.website}))
                .collect();
            ctx.ui.document(&json!({"schema": 1, "for": args.purpose, "contacts": contacts}))
        }
        Format::Csv => {
            let row = |(slug, r): &(&Slug, &Facts)| {
                let email = r.email.as_ref().map(ToString::to_string).unwrap_or_default();
                [slug.to_string(), r.name.to_string(), email, r.github.to_string(), r.website.to_string()]
            };
            ctx.ui.raw(&csv::csv(&["partner", "name", "email", "github", "website"], contacts.iter().map(row))?)
        }
        Format::Eml => {
            let without: Vec<_> = contacts.iter().filter(|(_, r)| r.email.is_none()).collect();
            for (slug, facts) in &without {
                ctx.ui.warn(&format!("{slug} has no e-mail on record; its contact on GitHub is {}", facts.github));
            }
            let bcc: Vec<Mailbox> = contacts.iter().filter_map(|(_, r)| r.email.as_ref()?.parse().ok()).collect();
            if bcc.is_empty() {
                return Err(Error::not_found(match contacts.is_empty() {
                    true => "there is nobody to write to",
                    false => "none of them has an e-mail on record",
                })
                .hint("karmada-partner contacts --format csv tells who they are on GitHub"));
            }
            let (subject, body) = words_of(snapshot, args.purpose)?;
            ctx.ui.raw(&Draft { subject: &subject, bcc: &bcc, body: &body }.to_eml())
        }
    }
}

/// The words of a draft: its subject, the first line of the template, and the rest.
fn words_of(snapshot: &Snapshot<'_>, purpose: Purpose) -> Result<(String, String)> {
    let path = format!("{DIRECTORY}/{purpose}.txt");
    let source = own_words::read(snapshot, &path)?.unwrap_or_else(|| {
        match purpose {
            Purpose::Security => include_str!("../../templates/mail/security.txt"),
            Purpose::Opportunity => include_str!("../../templates/mail/opportunity.txt"),
            Purpose::All => include_str!("../../templates/mail/all.txt"),
        }
        .to_owned()
    });
    let program = snapshot.program()?.name.to_string();
    let filled = Environment::new().render_named_str(&path, &source, context! { program }).map_err(|e| {
        Error::usage(TemplateFault::of(&e).told(&path))
            .hint("mend the template, or remove it: the program brings its own")
    })?;
    let (subject, body) = filled.split_once('\n').unwrap_or((&filled, ""));
    Ok((subject.trim().to_owned(), body.trim().to_owned()))
}
