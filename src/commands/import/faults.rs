//! What is wrong with a form that was filled in, as its applicant is told: whoever looks at it, all of it at once, and in the form's order.

use serde_json::{Value, json};

use super::words::unread;
use crate::domain::form::example::example;
use crate::domain::form::filled::{About, Filled, Remark, question_of};
use crate::domain::form::{Language, Question, Unread};
use crate::domain::record::draft::{Application, Shortfall};
use crate::domain::{Draft, Field, Login, Program, text};
use crate::error::{Error, Kind as ErrorKind};
use crate::forge::github::accounts_query;
use crate::forge::github::client::Client;
use crate::language;
use crate::workflow::proposing;

#[derive(Debug, Clone)]
pub struct Fault {
    pub label: String,
    pub why: String,
    pub hint: String,
    /// What would do in its box.
    pub example: Option<String>,
    /// The page that it is about.
    pub link: Option<String>,
}

impl Fault {
    /// What is wrong with all of it, rather than with one box.
    pub fn in_general(why: String, hint: &str) -> Self {
        Self { label: tr!("The application").to_owned(), why, hint: hint.to_owned(), example: None, link: None }
    }

    /// The same about a page.
    pub fn of(self, page: String) -> Self {
        Self { link: Some(page), ..self }
    }

    /// Why nothing could be read.
    pub fn of_unread(why: Unread) -> Self {
        let error = unread(why);
        let hint = error.hints.join(tr!("between clauses" => "; "));
        Self { label: tr!("The form").to_owned(), why: error.message, hint, example: None, link: None }
    }

    pub fn json(&self) -> Value {
        json!({"about": self.label, "why": self.why, "hint": self.hint, "example": self.example})
    }

    /// As a template takes it.
    pub fn told(&self) -> Value {
        json!({"label": self.label, "why": self.why, "hint": self.hint, "example": self.example, "link": self.link})
    }
}

/// A form that was filled in.
pub struct Form<'a> {
    pub program: &'a Program,
    pub language: Language,
    pub filled: &'a Filled,
    /// What it says, with what is given otherwise.
    pub draft: &'a Draft,
}

impl Form<'_> {
    /// What it asks for, and all that is wrong with it. Whether the contact is nobody, and what became of the logo, others know.
    pub fn judged(&self, is_nobody: bool, logo: Option<Result<(), &Error>>) -> (Option<Application>, Vec<Fault>) {
        language::in_language(self.language.spoken(), || self.judge(is_nobody, logo))
    }

    fn judge(&self, is_nobody: bool, logo: Option<Result<(), &Error>>) -> (Option<Application>, Vec<Fault>) {
        let mut found: Vec<(Question, Fault)> = Vec::new();
        for (about, fault) in self.filled.wrong(self.draft) {
            let (question, example) = match about {
                About::Box(question) => (question, self.example(question)),
                About::Promise(promise) => (Question::Agreement, Some(promise.ticked(self.language))),
            };
            found.push(self.fault(question, fault.why, fault.hint, example));
        }
        let mut add = |field: Field, why: String, hint: String| {
            let question = question_of(field).unwrap_or(Question::Contact);
            found.push(self.fault(question, why, hint, self.example(question)));
        };
        let doubtful = |field: Field| question_of(field).is_some_and(|q| self.filled.faults.contains_key(&q));
        let is_doubtful = |field: Field| doubtful(field) && !self.draft.answers.contains_key(&field);
        let required = self.program.required.iter().copied();
        let required: Vec<Field> = required.filter(|f| *f != Field::Logo && !is_doubtful(*f)).collect();
        let application = self.draft.complete(&required, &self.program.vocabulary);
        for short in application.as_ref().err().into_iter().flatten() {
            let (why, hint) = self.shortfall(short);
            add(short.field, why, hint);
        }
        if is_nobody {
            let github = self.draft.get(Field::Github).unwrap_or_default();
            let why = tr!("nobody on GitHub has the ID {github}", github = text::visible(github));
            add(
                Field::Github,
                why,
                tr!("write a person's ID, as in github.com/ID; an organization's doesn't do").into(),
            );
        }
        let drop = tr!("drop a PNG file into the box, or write its https address");
        match logo {
            // What would do of the file itself is its own to say; of where it is, only what the form takes.
            Some(Err(e)) => {
                let of_web = self.draft.get(Field::Logo).is_some_and(|l| text::has_scheme(l, "https"));
                let hints = e.hints.join(tr!("between clauses" => "; "));
                let hint = if e.kind == ErrorKind::Usage && of_web { hints } else { drop.to_owned() };
                add(Field::Logo, e.message.clone(), hint);
            }
            None if !is_doubtful(Field::Logo) => {
                add(Field::Logo, tr!("it is missing").into(), tr!("drop a PNG file into the box").into());
            }
            _ => {}
        }
        found.sort_by_key(|(question, _)| *question);
        let faults: Vec<Fault> = found.into_iter().map(|(_, fault)| fault).collect();
        (application.ok().filter(|_| faults.is_empty()), faults)
    }

    /// Why an answer doesn't do, and what would, where a box and no flag takes it.
    fn shortfall(&self, short: &Shortfall) -> (String, String) {
        let question = question_of(short.field).unwrap_or(Question::Contact);
        if short.missing && short.flag == "--slug" {
            let hint = tr!("write the name in letters from a to z, or give a website with a host of its own");
            return (short.message.clone(), hint.to_owned());
        }
        if short.missing {
            let why = if short.field == Field::Email { tr!("an e-mail is missing") } else { tr!("it is missing") };
            return (why.to_owned(), tr!("fill in the box “{label}”", label = question.label(self.language)));
        }
        (short.why.clone(), short.hint.clone())
    }

    fn example(&self, question: Question) -> Option<String> {
        example(question, self.language, &self.program.vocabulary)
    }

    fn fault(&self, question: Question, why: String, hint: String, example: Option<String>) -> (Question, Fault) {
        let example = example.map(|lines| lines.replace('\n', tr!("between clauses" => "; ")));
        (question, Fault { label: question.label(self.language).to_owned(), why, hint, example, link: None })
    }

    /// What was left out or read otherwise, and what its applicant might want to mend; in the form's order.
    pub fn remarks(&self) -> Vec<Remark> {
        language::in_language(self.language.spoken(), || {
            let mut remarks = self.filled.remarks.clone();
            if let Ok(application) = self.draft.complete(&[], &self.program.vocabulary) {
                let of_facts = proposing::remarks_on_facts(&application.record);
                remarks.extend(of_facts.into_iter().map(|(field, words)| Remark::on(field, words)));
                remarks.extend(application.words.into_iter().map(|words| Remark { question: None, words }));
            }
            remarks.sort_by_key(|remark| (remark.question.is_none(), remark.question));
            remarks
        })
    }
}

/// The contact whom a draft names, where that isn't whoever wrote the issue: of them nobody asks whether they are anybody.
pub fn other_contact(draft: &Draft, author: Option<&Login>) -> Option<Login> {
    let contact: Option<Login> = draft.get(Field::Github).and_then(|login| login.parse().ok());
    contact.filter(|contact| !author.is_some_and(|author| author.is(contact)))
}

/// Whether GitHub has no such account; where it doesn't tell, nobody is refused for that.
pub fn is_nobody(client: &Client, contact: &Login) -> bool {
    accounts_query::is_nobody(client, contact).unwrap_or(false)
}

/// Faults as lines below what they are about.
pub fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|f| format!("\n  {}: {}", f.label, text::visible(&f.why))).collect()
}
