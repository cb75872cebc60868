//! Short words that many commands say.

use crate::domain::text;
use crate::forge::{Link, Published};
use crate::session::Context;

/// The first digits of a commit's id, for people.
#[must_use]
pub fn short(oid: crate::git::Oid) -> String {
    oid.to_string()[..10].to_owned()
}

/// What there is to look at on the web, a line each: "Pull request: https://…".
#[must_use]
pub fn links(published: &Published) -> String {
    let line = |link: &Link| {
        let (first, rest) = link.what.split_at(1);
        tr!("{what}: {url}", what = first.to_uppercase() + rest, url = text::visible(&link.url)) + "\n"
    };
    published.links.iter().map(line).collect()
}

/// Tells that a log has something of a time that hasn't come, if it has.
pub fn warn_of_the_future(ctx: &Context, slug: impl std::fmt::Display, newest: Option<crate::domain::Time>) {
    if let Some(time) = newest.filter(|time| time.is_ahead_of(ctx.now)) {
        ctx.ui.warn(&tr!("the log of {slug} has an event dated {time}, and that hasn't come", slug, time));
    }
}

/// How long ago, in whole days: "today", "1 day", "12 days".
#[must_use]
pub fn age(ctx: &Context, since: crate::domain::Time) -> String {
    match since.date().days_until(ctx.now.date()) {
        ..=0 => tr!("today").into(),
        days => tr!("1 day" | "{n} days" % days),
    }
}
