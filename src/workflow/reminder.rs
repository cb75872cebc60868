//! What waits, told to those whose vote can still carry it; and partners asked to confirm their entry. Pure: it follows from
//! what was read.

use serde_json::{Value, json};

use super::announcement::asks;
use super::counting::{Wish, count, turns_down};
use crate::domain::votes::missing;
use crate::domain::votes::outlook::Outlook;
use crate::domain::votes::tally;
use crate::domain::{Date, HttpLink, Login, Program, Slug, Subject, Time};
use crate::error::Result;
use crate::forge::board::{Issue, mark};
use crate::forge::github::texts::{Texts, Titled};
use crate::registry::{Partner, Proposal};

/// How the one issue about what waits begins; the day on which it was told stands behind it.
const MARK: &str = mark!("what waits, told ");

/// How the issues about partners' entries begin.
const ENTRY: &str = mark!("the entry of ");

/// A proposal of which people are reminded.
#[derive(Debug)]
pub struct Overdue<'a> {
    pub proposal: &'a Proposal,
    /// Whose vote can still carry it, and who isn't away.
    pub who: Vec<Login>,
    /// By when a decision is expected.
    pub due: Option<Date>,
    values: Value,
}

/// What has waited as long as the policy says that people are to be reminded, oldest first. `link` gives a proposal's pull
/// request, `fault` whether it can't land as it is.
#[must_use]
pub fn overdue<'a>(
    program: &Program,
    proposals: &'a [Proposal],
    now: Time,
    link: &dyn Fn(&Proposal) -> Option<HttpLink>,
    fault: &dyn Fn(&Proposal) -> bool,
) -> Vec<Overdue<'a>> {
    let (today, somewhere) = (now.date(), *now.days_on_earth().start());
    let mut found = Vec::new();
    for proposal in proposals {
        let on = proposal.question(&proposal.votes);
        let rule = tally::rule_for(program, true, on).1;
        let Some(since) = proposal.since().map(Time::date) else { continue };
        if since.days_until(today) < i64::from(rule.remind) {
            continue;
        }
        let counted = count(program, proposal, &proposal.votes, Wish::Grant);
        let needs = fault(proposal);
        let helpful = Outlook::of(program, on, &counted).helpful(&rule, &counted);
        let denied = turns_down(program, proposal, &counted);
        let asked = helpful.iter().filter(|m| !m.is_away(now) && !counted.carries() && !denied && !needs);
        let who: Vec<Login> = asked.map(|m| m.github.clone()).collect();
        let due = (proposal.subject == Subject::Application).then(|| since.plus_days(rule.due));
        let values = json!({
            "asks": asks(proposal.subject), "name": proposal.name(), "partner": proposal.partner.slug,
            "link": link(proposal), "since": since, "due": due, "late": due.is_some_and(|due| due < somewhere),
            "ready": counted.carries(), "denied": denied, "needs": needs, "missing": missing::told(&counted.missing), "who": who,
            "command": if proposal.subject == Subject::Exit { "exit" } else { "approve" },
        });
        found.push(Overdue { proposal, who, due, values });
    }
    found
}

/// The one issue about it: its title and text.
///
/// # Errors
/// When the registry's own template can't be used.
pub fn words(texts: &Texts, overdue: &[Overdue<'_>], today: Date, days: u32) -> Result<Titled> {
    let waiting: Vec<&Value> = overdue.iter().map(|it| &it.values).collect();
    let Titled { title, body } =
        texts.titled("remind.md", &json!({"waiting": waiting, "today": today, "days": days}))?;
    Ok(Titled { title, body: format!("{MARK}{today} -->\n{}\n", body.trim_end()) })
}

/// The day on which an issue of ours last told what waits; nothing where it is another's.
#[must_use]
pub fn told_on(issue: &Issue) -> Option<Date> {
    issue.body.lines().next()?.strip_prefix(MARK)?.strip_suffix(" -->")?.parse().ok()
}

/// A partner that is to confirm its entry.
#[derive(Debug)]
pub struct Renewal<'a> {
    pub partner: &'a Partner,
    pub due: Date,
    pub confirmed: Date,
}

impl Renewal<'_> {
    /// How its issue begins: each due date is asked about once.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{} due {} -->", mark_of(&self.partner.slug), self.due)
    }

    /// Its issue; nothing where its record can't be read.
    ///
    /// # Errors
    /// When the registry's own template can't be used.
    pub fn words(&self, texts: &Texts, program: &Program, months: u32) -> Result<Option<Titled>> {
        let Some(record) = &self.partner.record else { return Ok(None) };
        let values = json!({
            "name": record.name, "partner": self.partner.slug, "github": record.github, "website": record.website,
            "description": record.description, "program": program.name, "confirmed": self.confirmed, "months": months,
        });
        let Titled { title, body } = texts.titled("renewal.md", &values)?;
        Ok(Some(Titled { title, body: format!("{}\n{}\n", self.mark(), body.trim_end()) }))
    }
}

/// How the issues about a partner's entry begin.
#[must_use]
pub fn mark_of(slug: &Slug) -> String {
    format!("{ENTRY}{slug},")
}

/// Whose entry an issue of ours asks about.
#[must_use]
pub fn asks_about(issue: &Issue) -> Option<Slug> {
    let rest = issue.body.lines().next()?.strip_prefix(ENTRY)?;
    rest.split(',').next()?.parse().ok()
}
