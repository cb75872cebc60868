//! Why nothing new can be asked for by a form that is fine: its organization is a partner, or another form asks for the same.

use super::faults::Fault;
use super::form::{self, Case};
use crate::domain::form::filled;
use crate::domain::record::likeness;
use crate::domain::{Draft, Field, Record, Slug, State};
use crate::error::Result;
use crate::forge::Forge as _;
use crate::forge::board::is_marked;
use crate::forge::github::form_comment::{CLOSED, MARK, PROPOSED, SET_ASIDE, WITHDRAWN, remembered, says_any, slug_in};
use crate::forge::github::issue_query::{self, Issue, Other};
use crate::registry::{Proposal, Snapshot};

/// So many forms beside this are looked at, the oldest first.
const MOST_FORMS: usize = 20;

fn is_form(body: &str) -> bool {
    !is_marked(body) && crate::domain::form::read(body).is_ok()
}

impl Case<'_> {
    /// Why nothing new can be asked for under this name, which is in this state.
    pub(super) fn in_the_way(
        &self,
        slug: &Slug,
        draft: &Draft,
        (snapshot, state): (&Snapshot<'_>, State),
        others: &[Proposal],
    ) -> Result<Vec<Fault>> {
        if state == State::Active {
            return Ok(self.in_its_language(|| {
                let hint = tr!("its contact changes the entry with karmada-partner update {slug}", slug);
                vec![Fault::in_general(tr!("{slug} is a partner already", slug), &hint)]
            }));
        }
        let own_forms = self.forge.other_issues(self.issue.number)?.into_iter().filter(|(_, body)| is_form(body));
        let own_forms = own_forms.map(|(number, _)| (number, ())).collect();
        let before = self.asking(snapshot, own_forms, Standing::comes_first)?;
        let written = |p: &&Proposal| p.partner.life.application().is_some_and(|e| e.attested.is_some());
        let other = others.iter().find(written);
        let own = other.filter(|p| p.partner.life.application().is_some_and(|e| e.actor.is(&self.author)));
        let own_pull = own.and_then(|other| self.forge.link(other));
        let asked = match other {
            Some(_) => None,
            None => {
                let alike = self.in_its_language(|| self.asked_by_others(draft));
                self.asking(snapshot, alike, Standing::comes_first)?
            }
        };
        Ok(self.in_its_language(|| {
            let mut faults = Vec::new();
            if other.is_some() {
                let hint = match own_pull {
                    Some(pull) => tr!(
                        "close one of the two, and then edit the other; or choose another name; if that issue is gone, ask the committee to reject what it proposed: {pull}",
                        pull
                    ),
                    None => tr!("close one of the two, and then edit the other; or choose another name").to_owned(),
                };
                faults.push(Fault::in_general(tr!("another issue asks for {slug} already", slug), &hint));
            } else if let Some((number, how)) = asked {
                let fault = Fault::in_general(
                    tr!("issue #{number} asks for the same organization already: it {how}", number, how),
                    tr!("close one of the two, and then edit the other; or say there that it isn't yours"),
                );
                faults.push(fault.of(self.address_of(number)));
            }
            if let Some((number, ())) = before {
                let fault = Fault::in_general(
                    tr!("you have another form open, #{number}", number),
                    tr!("close one of the two, and then edit the other"),
                );
                faults.push(fault.of(self.address_of(number)));
            }
            faults
        }))
    }

    /// The page of another issue beside this.
    fn address_of(&self, number: u64) -> String {
        let (place, _) = self.issue.url.rsplit_once('/').unwrap_or((&self.issue.url, ""));
        format!("{place}/{number}")
    }

    /// Why what is proposed can't become what its form says by now: that is another's, who asks for it already. What was so before
    /// is the committee's to tell.
    pub(super) fn becomes_anothers(
        &self,
        draft: &Draft,
        own: &Proposal,
        snapshot: &Snapshot<'_>,
    ) -> Result<Option<Fault>> {
        let alike = self.in_its_language(|| {
            let mut alike = self.asked_by_others(draft);
            if !alike.is_empty()
                && let Some(own) = own.record()
            {
                let before: Vec<u64> = self.alike(own).into_iter().map(|(number, _)| number).collect();
                alike.retain(|(number, _)| !before.contains(number));
            }
            alike
        });
        // What they have saved since, and no run has read, is asked for all the same where its name says so.
        let called = draft.slug().ok();
        let counts = |it: &Standing| it.is_proposed_so || (it.bound.is_some() && it.bound == called);
        let Some((number, how)) = self.asking(snapshot, alike, counts)? else { return Ok(None) };
        Ok(Some(self.in_its_language(|| {
            let fault = Fault::in_general(
                tr!("issue #{number} asks for the same organization already: it {how}", number, how),
                tr!("what is proposed stays as it was; another organization is asked for in an issue of its own"),
            );
            fault.of(self.address_of(number))
        })))
    }

    /// The oldest of these forms that still asks for something and `counts`: what was decided and is open again asks for nothing.
    fn asking<T>(
        &self,
        snapshot: &Snapshot<'_>,
        mut forms: Vec<(u64, T)>,
        counts: impl Fn(&Standing) -> bool,
    ) -> Result<Option<(u64, T)>> {
        forms.sort_by_key(|(number, _)| *number);
        for (number, how) in forms.into_iter().take(MOST_FORMS) {
            let there = issue_query::ask(self.forge.client(), self.place, &self.program, number)?;
            let standing = Standing::of(there.as_ref(), number < self.issue.number);
            if !counts(&standing) {
                continue;
            }
            let bound = there.as_ref().and_then(|issue| Some((slug_in(&issue.comment(MARK)?.body)?, issue.id())));
            let became = match bound {
                Some((slug, id)) => form::became(id, &snapshot.landed(&slug)?.life),
                None => None,
            };
            if became.is_none_or(|state| state == State::Applied) {
                return Ok(Some((number, how)));
            }
        }
        Ok(None)
    }

    /// The oldest form beside this that its author has open.
    pub(super) fn other_of_its_author(&self) -> Option<u64> {
        let is_another = |other: &&Other| other.is_by(&self.author) && is_form(&other.body);
        self.issue.others.iter().filter(is_another).map(|other| other.number).min()
    }

    /// The open forms by which others ask for the same organization, and how that shows.
    fn asked_by_others(&self, draft: &Draft) -> Vec<(u64, &'static str)> {
        let application = draft.complete(&[], &self.program.vocabulary).ok();
        application.map(|application| self.alike(&application.record)).unwrap_or_default()
    }

    /// The same of a record.
    fn alike(&self, record: &Record) -> Vec<(u64, &'static str)> {
        let vocabulary = &self.program.vocabulary;
        let alike = |body: &str| -> Option<&'static str> {
            let answers = crate::domain::form::read(body).ok()?;
            let other = filled::fill(&answers, None, vocabulary).draft;
            // Who they are to be reached by is no matter here.
            let contact = Draft { answers: [(Field::Github, self.author.to_string())].into(), ..Draft::default() };
            let other = contact.over(other).complete(&[], vocabulary).ok()?.record;
            likeness::of_one_organization(record, &other)
        };
        let others = self.issue.others.iter().filter(|other| other.is_by_another(&self.author));
        others.filter_map(|other| Some((other.number, alike(&other.body)?))).collect()
    }
}

/// What stands of another form.
struct Standing {
    /// Whether it was there before this.
    is_earlier: bool,
    /// The name under which something is proposed of it, by our comment there: who opens a form again, or edits it, comes later
    /// than that.
    bound: Option<Slug>,
    /// Whether just what it says is.
    is_proposed_so: bool,
}

impl Standing {
    /// Whether it comes before this: it was there earlier, or something is proposed of it.
    const fn comes_first(&self) -> bool {
        self.is_earlier || self.bound.is_some()
    }

    fn of(there: Option<&Issue>, is_earlier: bool) -> Self {
        let said = there.and_then(|issue| issue.comment(MARK)).map(|said| said.body.as_str());
        let bound = said.filter(|said| !says_any(said, &[SET_ASIDE, WITHDRAWN, CLOSED])).and_then(slug_in);
        let text = there.map(|issue| issue.text().to_string());
        let is_proposed_so = bound.is_some() && text.as_deref() == said.and_then(|said| remembered(said, PROPOSED));
        Self { is_earlier, bound, is_proposed_so }
    }
}
