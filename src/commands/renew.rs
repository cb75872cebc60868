//! `renew`: a partner confirms that its entry still holds.

use crate::domain::record::terms::Vocabulary;
use crate::domain::{Field, Kind, Record, Slug, text};
use crate::error::Result;
use crate::registry::Partner;
use crate::session::Context;
use crate::ui::padded;
use crate::workflow::upkeep::{Note, note};

/// Confirm that a partner's entry still holds
///
/// Programs may ask for it once in so many months (“renewal” in data/program.toml); list --due tells whose turn it is.
/// Nobody is removed by silence alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner renew globex
  karmada-partner list --due 30  # who has to within 30 days")]
pub struct Args {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let question = tr!("Confirm that name, website, contact and the rest still hold?");
    note(ctx, &args.slug, question, &|snapshot, partner| {
        // Twice on one day says nothing new: a run again after a failure is no error.
        let mut events = partner.life.log.iter().map(|l| &l.event);
        let already = events.rfind(|e| e.kind == Kind::Renewed && e.time.date() == ctx.now.date());
        Ok(match already {
            Some(event) => Err(event.clone().into()),
            None => {
                let shown = facts(partner, &snapshot.shared_program()?.vocabulary);
                Ok(Note { kind: Kind::Renewed, detail: None, link: None, shown: Some(shown) })
            }
        })
    })
}

/// What is confirmed.
fn facts(partner: &Partner, vocabulary: &Vocabulary) -> String {
    let fields = partner.record.iter().flat_map(Record::fields);
    let line = |(field, value): (Field, String)| {
        format!("  {} {}\n", padded(field.told(), 15), text::visible(&vocabulary.told(field, &value)))
    };
    let lines: String = fields.map(line).collect();
    tr!("{name} ({slug}) says of itself:\n{lines}", name = text::visible(partner.name()), slug = partner.slug, lines)
}
