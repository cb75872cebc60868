//! `remind`: what waits, in one issue; and partners asked to confirm their entry.

use serde_json::{Value, json};

use crate::domain::program::Decision;
use crate::domain::{Date, Program, State, text, upkeep};
use crate::error::Result;
use crate::forge::board::{Board, Issue, REMINDER};
use crate::forge::github::tellers;
use crate::language;
use crate::registry::{Partner, Snapshot, survey};
use crate::session::Context;
use crate::workflow::described;
use crate::workflow::lookup::{all_readable, leave_out, look, people, warn_of_directories, warn_of_record};
use crate::workflow::reminder::{self, Overdue, Renewal};
use crate::workflow::telling;

/// Remind people of what waits, in one issue; and ask partners to confirm their entry
///
/// For a workflow, with its own token. The issue names those whose vote can still carry something, and is brought up to date
/// every 7 days at most ([decisions.approve] remind); it closes when nothing waits. Members who are away (`away_until`) aren't
/// named. A partner whose entry is due is asked once. Nobody is removed by silence.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner remind --dry-run")]
pub struct Args {}

/// What was done with an issue.
struct Kept {
    url: String,
    what: &'static str,
}

pub fn run(ctx: &Context, _: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let board = people(&*forge, "people to remind")?.board();
    board.watch_issues();
    let snapshot = look(ctx, &*forge)?;
    if !ctx.globals.dry_run {
        telling::admit(ctx, &*forge, &snapshot)?;
    }
    let program = snapshot.program()?;
    let today = ctx.now.date();
    let proposals = all_readable(ctx, &snapshot)?;
    let unfit = |p: &_| !matches!(described::hindrance(ctx, &snapshot, &program, p), Ok(None));
    let overdue = reminder::overdue(&program, &proposals, ctx.now, &|p| forge.link(p), &unfit);
    let issues = board.issues(&program)?;
    let keeper = Keeper { ctx, board, program: &program, issues: &issues, today };
    let waits = keeper.what_waits(&overdue)?;
    let renewals = keeper.renewals(&snapshot)?;
    if ctx.globals.json {
        let rows: Vec<Value> = overdue
            .iter()
            .map(|it| {
                json!({"partner": it.proposal.partner.slug, "subject": it.proposal.subject, "due": it.due, "who": it.who})
            })
            .collect();
        let kept = |kept: &Kept| json!({"url": kept.url, "changed": kept.what});
        return ctx.ui.document(&json!({
            "schema": 1, "dry_run": ctx.globals.dry_run, "waiting": rows,
            "issue": waits.as_ref().map(kept), "renewals": renewals.iter().map(kept).collect::<Vec<_>>(),
        }));
    }
    let line = |kept: &Kept| format!("Issue {}: {}\n", kept.what, text::visible(&kept.url));
    let lines: String = waits.iter().chain(&renewals).map(line).collect();
    ctx.ui.data(if lines.is_empty() { "Nobody is to be reminded.\n" } else { &lines })
}

/// Who keeps our issues.
struct Keeper<'a> {
    ctx: &'a Context,
    board: &'a dyn Board,
    program: &'a Program,
    issues: &'a [Issue],
    today: Date,
}

impl Keeper<'_> {
    /// The one issue about what waits: opened, brought up to date, closed, or left alone.
    fn what_waits(&self, overdue: &[Overdue<'_>]) -> Result<Option<Kept>> {
        let days = self.program.rule(Decision::Approve).remind;
        let mut all = self.issues.iter().rev().filter_map(|issue| Some((issue, reminder::told_on(issue)?)));
        let Some((issue, told)) = all.next() else {
            if overdue.is_empty() {
                return Ok(None);
            }
            let words = reminder::words(&self.board.texts()?, overdue, self.today, days)?;
            return self.open(&words.title, &words.body);
        };
        // Others of us opened them before all kept one.
        for (second, _) in all {
            let words = language::in_english(|| tellers::elsewhere(&issue.url));
            self.change(second, Some(&words), false, "closed")?;
        }
        if overdue.is_empty() {
            return if issue.open { self.change(issue, None, false, "closed").map(Some) } else { Ok(None) };
        }
        // A fresh one is no reminder; whoever closed it has heard.
        if told.days_until(self.today) < i64::from(days) {
            return Ok(None);
        }
        let words = reminder::words(&self.board.texts()?, overdue, self.today, days)?;
        self.change(issue, Some(&words.body), true, "brought up to date").map(Some)
    }

    /// Asks whose entry is due, once each; and closes what was asked and is confirmed.
    fn renewals(&self, snapshot: &Snapshot<'_>) -> Result<Vec<Kept>> {
        let Some(months) = self.program.upkeep.renewal_months else { return Ok(Vec::new()) };
        warn_of_directories(self.ctx, snapshot)?;
        let (partners, unread) = survey::partners_or_why(snapshot)?;
        leave_out(self.ctx, &unread);
        let active: Vec<Partner> =
            partners.into_iter().filter(|p| p.life.state == State::Active && p.unreliable().is_none()).collect();
        let due = |partner| -> Option<Renewal<'_>> {
            let partner: &Partner = partner;
            let confirmed = upkeep::confirmed(&partner.life)?;
            let due = confirmed.plus_months(months);
            (due <= self.today).then_some(Renewal { partner, due, confirmed })
        };
        let due: Vec<Renewal<'_>> = active.iter().filter_map(due).collect();
        let mut kept = Vec::new();
        for renewal in &due {
            let mark = renewal.mark();
            if self.issues.iter().any(|issue| issue.body.starts_with(&mark)) {
                continue;
            }
            warn_of_record(self.ctx, &renewal.partner.slug, renewal.partner.has_unreadable_record());
            if let Some(words) = renewal.words(&self.board.texts()?, self.program, months)? {
                kept.extend(self.open(&words.title, &words.body)?);
            }
        }
        for issue in self.issues.iter().filter(|issue| issue.open) {
            let over = reminder::asks_about(issue).is_some_and(|slug| !due.iter().any(|r| r.partner.slug == slug));
            if over {
                kept.push(self.change(issue, None, false, "closed")?);
            }
        }
        Ok(kept)
    }

    fn open(&self, title: &str, body: &str) -> Result<Option<Kept>> {
        let url = match self.ctx.globals.dry_run {
            true => Some("(dry run)".to_owned()),
            false => self.board.open_issue(title, body, REMINDER)?,
        };
        if url.is_none() {
            self.ctx.ui.warn(&format!("issues are switched off there, so nobody hears of: {}", text::visible(title)));
            self.ctx.ui.hint("switch them on, under Settings, General; or take the step out of the workflow");
        }
        Ok(url.map(|url| Kept { url, what: "opened" }))
    }

    fn change(&self, issue: &Issue, body: Option<&str>, open: bool, what: &'static str) -> Result<Kept> {
        if !self.ctx.globals.dry_run {
            self.board.change_issue(issue, body, open)?;
        }
        Ok(Kept { url: issue.url.clone(), what })
    }
}
