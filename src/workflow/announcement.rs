//! What is to be seen on a pull request: the status of its commit, one comment, a label. Pure: it follows from what was read,
//! and the votes are counted as `approve` counts them.

use serde_json::{Value, json};

use super::counting::{Wish as Wanted, count, turns_down};
use crate::domain::log::words::happening;
use crate::domain::program::{Member, Rule};
use crate::domain::votes::missing;
use crate::domain::votes::outlook::{Asking, Outlook};
use crate::domain::votes::tally::{self, LeftOut, Tally};
use crate::domain::{CastVote, Date, Event, Kind, Login, Program, Subject, Time, text};
use crate::error::{Error, Result};
use crate::forge::board::{
    Label, NEEDS_APPLICANT, NO_PROPOSAL, Post, READY, REFUSED, STATUS, Said, Shown, State, TAKEN_BACK, WAITING,
};
use crate::forge::github::texts::Texts;
use crate::forge::github::upstream;
use crate::registry::Proposal;

/// GitHub keeps no longer description of a status, in characters.
const LONGEST: usize = 140;

/// So much of what a server says to refuse something is repeated: lines, and characters of each.
const MOST_SAID: usize = 10;
const LONGEST_SAID: usize = 200;

/// What a comment of ours says to nobody but us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Who was asked for a review: nobody is asked twice.
    pub asked: Vec<Login>,
    /// Who can't be asked, and since when that is known: others are asked instead.
    pub unable: Option<(Date, Vec<Login>)>,
    /// Whether the plan has no drafts.
    pub no_drafts: bool,
}

/// How our line about it begins.
const ASKED: &str = "<!-- asked:";
const UNABLE: &str = " can't be asked on ";
const NO_DRAFTS: &str = " no drafts";

/// After so many days whoever couldn't be asked is tried again.
const AGAIN: i64 = 7;

impl Memory {
    #[must_use]
    pub fn of(post: &Post) -> Self {
        let said = post.own.as_ref().and_then(|own| own.body.lines().rev().find_map(|l| l.strip_prefix(ASKED)));
        let Some(said) = said.and_then(|line| line.strip_suffix("-->")) else { return Self::default() };
        let logins = |words: &str| words.split_whitespace().filter_map(|login| login.parse().ok()).collect();
        let mut parts = said.trim_end().split(';');
        let mut memory = Self { asked: logins(parts.next().unwrap_or_default()), ..Self::default() };
        for part in parts {
            if let Some((day, who)) = part.strip_prefix(UNABLE).and_then(|rest| rest.split_once(':')) {
                memory.unable = day.parse().ok().map(|day| (day, logins(who)));
            }
            memory.no_drafts |= part == NO_DRAFTS;
        }
        memory
    }

    /// Who can't be asked, as far as that is known on this day.
    #[must_use]
    pub fn cannot_be_asked(&self, who: &Login, today: Date) -> bool {
        let known = self.unable.as_ref().filter(|(since, _)| since.days_until(today) < AGAIN);
        known.is_some_and(|(_, unable)| unable.iter().any(|one| one.is(who)))
    }

    /// Keeps who was asked on this day, and who of them couldn't be.
    pub fn keep(&mut self, asked: &[Login], refused: Vec<Login>, today: Date) {
        for who in asked.iter().filter(|who| !refused.contains(who)) {
            if !self.asked.contains(who) {
                self.asked.push(who.clone());
            }
        }
        if refused.is_empty() {
            return;
        }
        let known = self.unable.take().filter(|(since, _)| since.days_until(today) < AGAIN);
        let (since, mut unable) = known.unwrap_or((today, Vec::new()));
        unable.extend(refused);
        self.unable = Some((since, unable));
    }

    fn line(&self) -> String {
        let all = |logins: &[Login]| logins.iter().map(|login| format!(" {login}")).collect::<String>();
        let unable = self.unable.as_ref().map(|(since, who)| format!(";{UNABLE}{since}:{}", all(who)));
        let drafts = if self.no_drafts { format!(";{NO_DRAFTS}") } else { String::new() };
        format!("{ASKED}{}{}{drafts} -->\n", all(&self.asked), unable.unwrap_or_default())
    }
}

/// What was gathered once for a commit stands between these lines.
fn fences(head: &str) -> (String, &'static str) {
    (format!("<!-- seen of {head} -->"), "<!-- end of what was seen -->")
}

/// What our comment says was seen of this commit, if nobody else has touched it.
#[must_use]
pub fn seen_before(post: &Post) -> Option<&str> {
    let own = post.own.as_ref().filter(|own| own.untouched)?;
    let (begin, end) = fences(&post.head);
    let from = own.body.find(&begin)?;
    let to = from + own.body[from..].find(end)? + end.len();
    Some(&own.body[from..to])
}

/// The same, newly gathered; what isn't `whole` is gathered anew by the next run.
#[must_use]
pub fn seen_now(post: &Post, words: &str, whole: bool) -> String {
    let (begin, end) = fences(&post.head);
    let begin = if whole { begin } else { format!("<!-- seen in part of {} -->", post.head) };
    // What was seen may say what it likes, but not where it ends.
    format!("{begin}\n{}\n{end}", words.trim_end().replace("<!--", "<\u{200b}!--"))
}

#[derive(Debug)]
pub struct Announcement {
    /// One word for all of it: `waiting`, `ready`, `needs-applicant`, `taken-back`, `decided`, `closed`, `none` or `other`.
    pub standing: &'static str,
    pub status: Shown,
    pub label: Option<Label>,
    /// Our comment; `None` where there is nothing to say.
    pub body: Option<String>,
}

/// A proposal, and what there is to tell of it.
#[derive(Debug)]
pub struct Waiting<'a> {
    pub program: &'a Program,
    pub proposal: &'a Proposal,
    pub post: &'a Post,
    pub now: Time,
    /// Where it stands already, if somebody merged it undecided.
    pub stands: Option<String>,
    /// Why it can't land as it is, whatever is voted.
    pub fault: Option<Error>,
    /// Whether its applicant can't have done that, since a workflow made the proposal.
    pub by_others: bool,
    /// When the form that a member brought in was saved since, and where it is.
    pub saved: Option<(Date, &'a str)>,
    /// Why a workflow couldn't write down what the votes carry.
    pub refused: Option<&'a Error>,
    /// When the form that a workflow made it of was saved since, which no run has read, and where it is.
    pub unread: Option<(Date, &'a str)>,
    /// Whether nothing else asks for its name: which of several is meant, people say.
    pub alone: bool,
    /// Where the decision waits to be merged.
    pub pending: Option<&'a str>,
    /// What its card is made of, as the text of its pull request has it.
    pub card: Value,
    /// What was gathered of its commit.
    pub seen: &'a str,
}

impl Waiting<'_> {
    fn counted(&self) -> (Tally<'_>, Rule) {
        let (program, on) = (self.program, self.proposal.question(&self.proposal.votes));
        (count(program, self.proposal, &self.proposal.votes, Wanted::Grant), tally::rule_for(program, true, on).1)
    }

    /// Whose vote may still come: nobody's who said of a stake, also where that is all that they said.
    fn outlook(&self, tally: &Tally<'_>) -> Outlook<'_> {
        let said = |member: &Member| self.post.withheld.iter().any(|w| w.has_stake && w.who.is(&member.github));
        Outlook::of(self.program, self.proposal.question(&self.proposal.votes), tally).without(said)
    }

    /// Whom to ask for a vote; `busy` tells how much somebody has to do already.
    #[must_use]
    pub fn to_ask(&self, memory: &Memory, busy: &dyn Fn(&Login) -> usize) -> Vec<Login> {
        let (tally, rule) = self.counted();
        // Where the votes turn it down, nobody has to be asked any more either: a member writes it down.
        let is_clear = tally.carries() || turns_down(self.program, self.proposal, &tally);
        if is_clear || self.fault.is_some() || self.post.state != State::Open {
            return Vec::new();
        }
        let outlook = self.outlook(&tally);
        // Nobody is asked to review what they opened.
        let able =
            |who: &Login| self.post.author.as_ref() != Some(who) && !memory.cannot_be_asked(who, self.now.date());
        let asking = Asking {
            now: self.now,
            asked: &|who| self.post.asked.iter().chain(&memory.asked).any(|known| known.is(who)),
            able: &able,
            busy,
            seed: &format!("{} {}", self.proposal.partner.slug, self.proposal.round),
        };
        outlook.to_ask(&rule, &tally, &asking).into_iter().map(|member| member.github.clone()).collect()
    }

    /// What is to be seen.
    ///
    /// # Errors
    /// When a template of the registry's can't be used.
    pub fn announcement(&self, texts: &Texts, memory: &Memory) -> Result<Announcement> {
        let Self { program, proposal, .. } = self;
        let (tally, rule) = self.counted();
        let outlook = self.outlook(&tally);
        let denied = turns_down(program, proposal, &tally);
        let (standing, label) = match &self.fault {
            // Even what can't land can be turned down.
            Some(_) if !denied && !self.by_others => ("needs-applicant", NEEDS_APPLICANT),
            // Nobody is to decide on what its author has changed.
            _ if self.unread.is_some() => ("waiting", WAITING),
            None if tally.carries() => ("ready", READY),
            _ if denied => ("ready", READY),
            _ => ("waiting", WAITING),
        };
        let mut values = self.card.clone();
        let Value::Object(all) = &mut values else { return Err(Error::environment("no card")) };
        let members = |some: &[&Member]| some.iter().map(|m| self.member(m)).collect::<Vec<_>>();
        let affiliations: std::collections::BTreeSet<_> = tally.favoring().filter_map(|v| v.employer).collect();
        let terms = proposal.terms();
        let more = json!({
            "state": standing, "partner": proposal.partner.slug, "name": proposal.name(), "subject": proposal.subject,
            "asks": asks(proposal.subject), "by": proposal.opener(),
            "since": proposal.since().map(Time::date), "due": self.due(&rule),
            "exit_kind": terms.map(|t| t.kind), "effective": terms.map(|t| t.effective),
            "stands": self.stands, "author": self.post.author.as_ref().or_else(|| proposal.opener()),
            "needs": self.fault.as_ref().map(|e| text::one_line(&e.message)),
            "hints": self.fault.as_ref().map(|e| &e.hints), "by_others": self.by_others,
            "saved": self.saved.map(saved), "unread": self.unread.map(saved), "carried": tally.carries(),
            "in_favor": tally.in_favor, "quorum": rule.quorum, "affiliations": rule.affiliations,
            "affiliations_now": affiliations.len(), "denied": denied,
            "missing": if denied { String::new() } else { missing::told(&tally.missing) },
            "votes": self.rows(&tally), "waits_for": true,
            "open": members(&outlook.open), "cannot_click": self.post.author.as_ref().filter(|a| outlook.open.iter().any(|m| m.github.is(a))),
            "unasked": members(&outlook.unasked), "recused": members(&outlook.recused),
            "commands": self.commands(&outlook), "auto": self.is_automatic(), "pending": self.pending,
            "refused": self.refused.map(refused),
            "command": match proposal.subject {
                _ if denied => "reject",
                Subject::Exit => "exit",
                _ => "approve",
            },
            "seen": self.seen,
        });
        all.extend(more.as_object().cloned().unwrap_or_default());
        let description = self.description(&tally, &rule, &outlook, denied);
        let state = if self.fault.is_some() && !denied { "failure" } else { "pending" };
        let refused = if self.refused.is_some() { format!("{REFUSED}\n") } else { String::new() };
        let body = format!("{}\n{}{refused}{}", STATUS.mark, texts.fill("tally.md", &values)?, memory.line());
        let status = Shown { state: state.to_owned(), description };
        Ok(Announcement { standing, status, label: Some(label), body: Some(body) })
    }

    /// Whether a workflow decides it as soon as the votes carry it.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.alone && self.program.is_left_to_a_workflow(self.proposal.subject)
    }

    fn due(&self, rule: &Rule) -> Option<Date> {
        let since = self.proposal.since()?.date();
        (self.proposal.subject == Subject::Application).then(|| since.plus_days(rule.due))
    }

    fn member(&self, member: &Member) -> Value {
        let away = member.away_until.filter(|_| member.is_away(self.now));
        json!({"login": member.github, "affiliation": member.affiliation, "away": away})
    }

    /// In one line, of no more characters than GitHub keeps.
    fn description(&self, tally: &Tally<'_>, rule: &Rule, outlook: &Outlook<'_>, denied: bool) -> String {
        if let Some(fault) = self.fault.as_ref().filter(|_| !denied) {
            return cut(&format!("to be mended first: {}", text::one_line(&fault.message)), "…");
        }
        if denied || tally.carries() {
            let (what, decision) =
                if denied { ("turn it down", "the rejection") } else { ("carry it", "the decision") };
            let then = match (self.pending, self.refused) {
                (Some(_), _) => format!("{decision} waits to be merged"),
                _ if self.unread.is_some() => {
                    "its author saved the form since, and a workflow reads that first".to_owned()
                }
                (None, Some(_)) => "a workflow was refused when it wrote that down, and a member does".to_owned(),
                (None, None) if self.is_automatic() => format!("a workflow writes {decision} down"),
                (None, None) => format!("a member writes {decision} down"),
            };
            return format!("the votes {what}; {then}");
        }
        let against = if tally.against > 0 { format!(", {} against", tally.against) } else { String::new() };
        let so_far = format!("{} of {} in favor{against}", tally.in_favor, rule.quorum);
        let helpful = outlook.helpful(rule, tally);
        let names: Vec<&str> = helpful.iter().filter(|m| !m.is_away(self.now)).map(|m| m.github.as_str()).collect();
        match names.is_empty() {
            true => cut(&format!("{so_far}; missing: {}", missing::told(&tally.missing)), "…"),
            false => cut(&format!("{so_far}; waiting for {}", names.join(", ")), " and others"),
        }
    }

    /// Who voted how, and which votes don't count, with why.
    fn rows(&self, tally: &Tally<'_>) -> Vec<Value> {
        let told = tally.votes.iter().filter(|v| v.left_out != Some(LeftOut::Replaced));
        let votes =
            told.map(|v| row(&v.cast.vote, v.affiliation, v.left_out.map(|why| in_a_browser(&v.cast.vote, why))));
        let withheld = self.post.withheld.iter().map(|w| {
            let affiliation = self.program.member(&w.who).map(|m| m.affiliation.as_str());
            json!({"who": w.who, "affiliation": affiliation, "ballot": w.said, "on": w.on, "why": w.why, "link": w.link})
        });
        votes.chain(withheld).collect()
    }

    /// What members wrote as if it was a vote, who have none that counts.
    fn commands(&self, outlook: &Outlook<'_>) -> Vec<Value> {
        let vote = |said: &&Said| {
            let mut words = said.word.split_whitespace().map(str::to_ascii_lowercase);
            let favors = words.next().is_some_and(|word| matches!(word.as_str(), "/approve" | "/lgtm"));
            let theirs = self.program.may_vote(&said.by) && !outlook.counted.iter().any(|m| m.github.is(&said.by));
            theirs && favors && words.next().as_deref() != Some("cancel")
        };
        let mut seen = std::collections::BTreeSet::new();
        let first = |said: &&Said| seen.insert(said.by.folded());
        let told = |said: &Said| json!({"by": said.by, "on": said.on, "word": said.word.split_whitespace().next()});
        self.post.said.iter().filter(vote).filter(first).map(told).collect()
    }
}

/// What a proposal is, before its name.
#[must_use]
pub const fn asks(subject: Subject) -> &'static str {
    match subject {
        Subject::Application => "The application of",
        Subject::Update => "An update of",
        Subject::Exit => "An exit of",
        Subject::Policy => "A change of the policy of",
        Subject::Upkeep => "Something about",
    }
}

/// When a form was saved, and where it is.
fn saved((on, form): (Date, &str)) -> Value {
    json!({"on": on, "form": form})
}

/// Why a workflow couldn't write a decision down: in our words, the server's below them, and what lets it.
fn refused(why: &Error) -> Value {
    let mut lines = why.message.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let said: Vec<String> = lines.take(MOST_SAID).map(|line| text::short(line, LONGEST_SAID)).collect();
    json!({
        "why": first, "said": said, "hints": why.hints, "click": why.by_hand,
        "setting": upstream::is_told_as_switched_off(why),
    })
}

/// Why a vote doesn't count, for who votes by clicks: what takes a flag elsewhere takes a line of the review's text there.
fn in_a_browser(vote: &crate::domain::Vote, why: LeftOut) -> &'static str {
    match why {
        LeftOut::Unasked if vote.attested.is_some() => {
            "the voter may work for the applicant; press the button again, with a line Interest: none in the review's text if it isn't so, or Interest: employer if it is"
        }
        other => other.reason(),
    }
}

fn row(vote: &crate::domain::Vote, affiliation: Option<&str>, why: Option<&str>) -> Value {
    json!({
        "who": vote.actor, "affiliation": affiliation, "ballot": vote.ballot, "on": vote.time.date(), "why": why,
        "link": vote.attested.as_ref().map(|a| &a.link),
    })
}

/// Cut at a comma or a space so that GitHub keeps it whole, with a word that there is more.
fn cut(words: &str, more: &str) -> String {
    let words = text::visible(words);
    if words.chars().count() <= LONGEST {
        return words;
    }
    let fits = text::beginning(&words, LONGEST - more.chars().count());
    let end = fits.rfind([',', ' ']).unwrap_or(fits.len());
    format!("{}{more}", fits[..end].trim_end_matches([',', ' ', ';', ':']))
}

/// What is to be seen where a decision was made.
///
/// # Errors
/// When a template of the registry's can't be used.
pub fn decided(
    texts: &Texts,
    program: &Program,
    event: &Event,
    name: &str,
    cast: &[CastVote],
    memory: &Memory,
) -> Result<Announcement> {
    let counted = cast.iter().filter(|v| event.votes.contains(&v.hash));
    let affiliation = |who: &Login| program.member(who).map(|m| m.affiliation.as_str());
    let votes: Vec<Value> = counted.map(|v| row(&v.vote, affiliation(&v.vote.actor), None)).collect();
    let happened = happening(event, name);
    let values = json!({
        "state": "decided", "happened": happened, "event": event.kind, "on": event.time.date(), "votes": votes,
    });
    let state = if event.kind == Kind::Rejected { "failure" } else { "success" };
    let description = cut(&format!("decided on {}: {happened}", event.time.date()), "…");
    Ok(Announcement {
        standing: "decided",
        status: Shown { state: state.to_owned(), description },
        label: None,
        body: Some(format!("{}\n{}{}", STATUS.mark, texts.fill("tally.md", &values)?, memory.line())),
    })
}

/// The status of a commit that brings a decision; or why it can't.
#[must_use]
pub fn brings(why_not: Option<&str>) -> Shown {
    let (state, description) = match why_not {
        None => ("success", "it brings a decision, which takes effect when it is merged".to_owned()),
        Some(why) => ("failure", cut(&format!("it can't be merged: {}", text::one_line(why)), "…")),
    };
    Shown { state: state.to_owned(), description }
}

/// The status of a commit that proposes nothing and decides nothing; or why it isn't to be merged without the committee.
#[must_use]
pub fn beside(concern: Option<&str>) -> Shown {
    let (state, description) = match concern {
        None => ("success", NO_PROPOSAL.to_owned()),
        Some(why) => ("failure", cut(&format!("not to be merged like this: {why}"), "…")),
    };
    Shown { state: state.to_owned(), description }
}

/// What becomes of what whoever proposed it took back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// It waits for a click, with which it comes on record.
    Waits,
    OnRecord,
    /// Another of the same account's waits already: its number. One is enough to click on.
    Closed(u64),
}

/// What is to be seen there. Of what is on record nobody is written to who wasn't before.
///
/// # Errors
/// When a template of the registry's can't be used.
pub fn taken_back(texts: &Texts, post: &Post, how: TakenBack) -> Result<Announcement> {
    let memory = Memory::of(post).line();
    let other = match how {
        TakenBack::Closed(number) => Some(number),
        TakenBack::Waits | TakenBack::OnRecord => None,
    };
    let values = json!({"state": "taken-back", "on_record": how == TakenBack::OnRecord, "other": other});
    let is_told = how != TakenBack::OnRecord || post.own.is_some();
    let body = is_told.then(|| texts.fill("tally.md", &values)).transpose()?;
    let (state, description) = match how {
        // Where the branch asks for the status, nobody could merge it otherwise.
        TakenBack::Waits => {
            ("success", "nothing to decide: it was taken back, and merging this puts that on record".to_owned())
        }
        TakenBack::OnRecord => ("success", "it was taken back, and that is on record".to_owned()),
        TakenBack::Closed(number) => ("error", format!("it was taken back, and closed: #{number} waits already")),
    };
    Ok(Announcement {
        standing: "taken-back",
        status: Shown { state: state.to_owned(), description },
        label: Some(TAKEN_BACK).filter(|_| how == TakenBack::Waits),
        body: body.map(|words| format!("{}\n{words}{memory}", STATUS.mark)),
    })
}

/// Why an open pull request is no proposal.
#[derive(Debug, Clone, Copy)]
pub struct Nothing<'w> {
    pub why: &'w str,
    /// Whether it takes something back, and can't be merged as it is.
    pub back: bool,
}

/// What is to be seen where nothing waits, and nothing was decided: it was closed, or is no proposal, and why. Nobody is
/// written to who wasn't before.
///
/// # Errors
/// When a template of the registry's can't be used.
pub fn nothing(texts: &Texts, post: &Post, why: Option<Nothing<'_>>, goes_on: Option<&str>) -> Result<Announcement> {
    let (why, back) = why.map_or((None, false), |it| (Some(it.why), it.back));
    let (standing, description) = match why {
        Some(why) => ("none", cut(&format!("no proposal: {why}"), "…")),
        None => ("closed", "closed, and nothing was decided".to_owned()),
    };
    let values = json!({"state": standing, "why": why, "merged": post.state == State::Merged, "by_bot": post.by_bot, "back": back, "goes_on": goes_on});
    let memory = Memory::of(post).line();
    let body = post.own.as_ref().map(|_| texts.fill("tally.md", &values)).transpose()?;
    let state = if why.is_some() { "failure" } else { "error" };
    Ok(Announcement {
        standing,
        status: Shown { state: state.to_owned(), description },
        label: None,
        body: body.map(|words| format!("{}\n{words}{memory}", STATUS.mark)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_fits_and_ends_at_a_word() {
        let names: Vec<String> = (0..40).map(|n| format!("member-{n}")).collect();
        let words = cut(&format!("1 of 2 in favor; waiting for {}", names.join(", ")), " and others");
        assert!(words.chars().count() <= LONGEST && words.ends_with("member-9 and others"), "{words}");
        assert_eq!(cut("short", "…"), "short");
        let wide = cut(&"字".repeat(300), "…");
        assert_eq!(wide.chars().count(), LONGEST);
    }
}
