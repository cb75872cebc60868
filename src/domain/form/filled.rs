//! A form that was filled in, as an application to be: each answer without what isn't meant by it, and what is wrong with it.

use std::collections::BTreeMap;

use super::meant;
use super::options;
use super::plain::{self, Plain, Taken};
use super::promise::{Promise, promised};
use super::reach::{self, Reach};
use super::shortened::shortened;
use super::{Answers, Language, Question};
use crate::domain::record::terms::{self, Term, Vocabulary};
use crate::domain::record::{Mailbox, SEPARATOR};
use crate::domain::values::Invalid;
use crate::domain::{Draft, Field, Login, limits, text};

/// An application to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Its logo is an address, or isn't there.
    pub draft: Draft,
    /// What was left out of answers, or read otherwise.
    pub remarks: Vec<Remark>,
    /// What can't be taken, by the box it stands in.
    pub faults: BTreeMap<Question, Invalid>,
    /// What was ticked; `None` where the form had nothing to agree to.
    pub promised: Option<Vec<Promise>>,
}

/// Something to be told of what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// In whose box; none where it is about the whole form.
    pub question: Option<Question>,
    pub words: String,
}

impl Remark {
    /// About the box that asks for a field.
    #[must_use]
    pub fn on(field: Field, words: impl Into<String>) -> Self {
        Self { question: question_of(field), words: words.into() }
    }

    /// With what the form calls the box, in the language that is spoken.
    #[must_use]
    pub fn line(&self) -> String {
        let label = |question: Question| question.label(Language::current());
        self.question.map_or_else(
            || self.words.clone(),
            |question| tr!("{field}: {why}", field = label(question), why = self.words),
        )
    }
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// All that stands in a box.
    Box(Question),
    Promise(Promise),
}

/// The field that a question is about.
#[must_use]
pub const fn field_of(question: Question) -> Option<Field> {
    Some(match question {
        Question::Name => Field::Name,
        Question::NameZh => Field::NameZh,
        Question::Description => Field::Description,
        Question::DescriptionZh => Field::DescriptionZh,
        Question::Website => Field::Website,
        Question::Logo => Field::Logo,
        Question::Parent => Field::Parent,
        Question::FormerNames => Field::FormerNames,
        Question::Services => Field::Services,
        Question::Regions => Field::Regions,
        Question::Languages => Field::Languages,
        Question::Hours => Field::Hours,
        Question::Response => Field::Response,
        Question::Offices => Field::Offices,
        Question::Story => Field::Story,
        Question::Certified => Field::Certified,
        Question::Contact => Field::Github,
        Question::Agreement => return None,
    })
}

/// The question that asks for a field, if one does; the contact's is the one about its ID and mailbox.
#[must_use]
pub fn question_of(field: Field) -> Option<Question> {
    let asked = if field == Field::Email { Field::Github } else { field };
    Question::ALL.into_iter().find(|question| field_of(*question) == Some(asked))
}

/// The contact's box, as [`fill`] reads it.
#[must_use]
pub fn contact_of(draft: &Draft) -> String {
    let line = |what: &str, field| draft.get(field).map(|answer| format!("{what}: {answer}"));
    let lines = [line("GitHub ID", Field::Github), line("E-mail", Field::Email)];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What somebody answered, `author` being whoever wrote the issue.
#[must_use]
pub fn fill(answers: &Answers, author: Option<&Login>, vocabulary: &Vocabulary) -> Filled {
    let mut filled = Filled::default();
    if answers.ours && !answers.misplaced.contains_key(&Question::Agreement) {
        // Whoever takes the boxes away has ticked none.
        filled.promised = Some(Vec::new());
    }
    for line in &answers.passed_over {
        let line = text::quote(line);
        let words = tr!("{line} was read as words of an answer, and not as a heading of the form", line);
        filled.remarks.push(Remark { question: None, words });
    }
    for (line, question) in &answers.read_as {
        let (line, label) = (text::quote(line), question.label(answers.language));
        let words = tr!("{line} was read as the heading “{label}”", line, label);
        filled.remarks.push(Remark { question: None, words });
    }
    if answers.in_code {
        let words = tr!("the form stands in a block of code, and was read all the same").to_owned();
        filled.remarks.push(Remark { question: None, words });
    }
    for (question, below) in &answers.misplaced {
        filled.faults.insert(*question, misplaced(*question, *below, answers));
    }
    for (question, typed) in &answers.boxes {
        if typed.len() > limits::FORM_ANSWER {
            // Nobody ticks boxes at such length.
            if *question == Question::Agreement {
                continue;
            }
            let why = tr!(
                "the answer has {bytes} bytes, and at most {most} are read",
                bytes = typed.len(),
                most = limits::FORM_ANSWER
            );
            filled.faults.insert(*question, Invalid::new(why, shorter(*question)));
            continue;
        }
        let Some(field) = field_of(*question) else {
            filled.promised = Some(promised(typed));
            continue;
        };
        let known = vocabulary.of(field);
        if filled.says_nothing(field, typed, known.unwrap_or_default()) {
            continue;
        }
        match (question, known) {
            (_, Some(known)) => filled.terms(*question, field, typed, known, answers.language),
            (Question::Website | Question::Logo | Question::Story, _) => filled.address(field, typed),
            (Question::Contact, _) => filled.contact(typed, author),
            // There is a comma in many a place, and in many a name.
            (Question::Offices | Question::FormerNames, _) => {
                let apart = |line: &str| line.split([';', '；', '、']).map(str::to_owned).collect();
                let items = filled.listed(field, typed, apart);
                filled.put_mended(field, &items.join(SEPARATOR));
            }
            _ => filled.words(field, typed),
        }
    }
    let is_doubtful = filled.faults.contains_key(&Question::Contact);
    if let (None, Some(author), false) = (filled.draft.get(Field::Github), author, is_doubtful) {
        filled.draft.answers.insert(Field::Github, author.to_string());
    }
    filled
}

impl Filled {
    /// What can't be taken as it stands, but what is given otherwise; in the form's order.
    #[must_use]
    pub fn wrong(&self, otherwise: &Draft) -> Vec<(About, Invalid)> {
        let lacks = |promise: &Promise| self.promised.as_ref().is_some_and(|made| !made.contains(promise));
        let not_agreed_to = Promise::ALL.into_iter().filter(lacks).map(|promise| {
            let why = tr!("a box isn't ticked: {words}", words = promise.words(Language::current()));
            (About::Promise(promise), Invalid::new(why, tr!("whoever wrote the issue ticks it, if it is so")))
        });
        let is_given = |question| field_of(question).is_some_and(|field| otherwise.answers.contains_key(&field));
        let faults = self.faults.iter().filter(|(question, _)| !is_given(**question));
        faults.map(|(question, fault)| (About::Box(*question), fault.clone())).chain(not_agreed_to).collect()
    }

    fn put(&mut self, field: Field, answer: impl Into<String>) {
        let answer = answer.into();
        if !answer.is_empty() {
            self.draft.answers.insert(field, answer);
        }
    }

    /// An answer's plain words; what else stood there is told.
    fn plain(&mut self, field: Field, typed: &str) -> String {
        let Plain { text, taken } = plain::plain(typed);
        if !taken.is_empty() {
            self.left_out(field, &taken);
        }
        text
    }

    /// Whether an answer is that there is none, as people write it. No name is that.
    fn says_nothing(&mut self, field: Field, typed: &str, known: &[Term]) -> bool {
        let Plain { text, .. } = plain::plain(typed);
        let is_nothing = meant::is_nothing(&text) || (field == Field::Certified && text == "0");
        if field == Field::Name || !is_nothing || terms::meant(field, known, &text).is_some() {
            return false;
        }
        // Where nothing is chosen, it isn't the applicant who writes this.
        if known.is_empty() {
            self.remark(field, tr!("{typed} was read as no answer", typed = text::quote(&text)));
        }
        true
    }

    /// Puts what an answer can only mean, and says so where it isn't what was typed.
    fn put_mended(&mut self, field: Field, answer: &str) {
        let number = || meant::number(answer).filter(|number| field.check(number).is_ok());
        let read = match field {
            Field::Certified if field.check(answer).is_err() => number(),
            _ => field.mended(answer),
        };
        if let Some(read) = &read {
            self.read_as(field, answer, read);
        }
        self.put(field, read.as_deref().unwrap_or(answer));
    }

    /// What is listed, on one line or on several; what else stood there is told.
    fn listed(&mut self, field: Field, typed: &str, apart: impl Fn(&str) -> Vec<String>) -> Vec<String> {
        let seen = plain::uncommented(typed);
        let mut taken: Vec<Taken> = (seen != typed).then_some(Taken::Comment).into_iter().collect();
        let mut items = Vec::new();
        for line in seen.lines() {
            let Some(item) = item_of(line.trim()) else { continue };
            let Plain { text, taken: more } = plain::plain(item);
            let mut found = more;
            for word in apart(&text) {
                let (word, around) = plain::unquoted(word.trim());
                items.extend(Some(word.to_owned()).filter(|word| !word.is_empty()));
                found.extend(around);
            }
            for what in found {
                if !taken.contains(&what) {
                    taken.push(what);
                }
            }
        }
        if !taken.is_empty() {
            self.left_out(field, &taken);
        }
        items
    }

    /// Tells of a block of code around what was taken.
    fn unfenced(&mut self, field: Field, typed: &str) {
        if typed.lines().any(plain::is_fence) {
            self.left_out(field, &[Taken::Markdown]);
        }
    }

    fn left_out(&mut self, field: Field, taken: &[Taken]) {
        self.remark(field, tr!("left out {what}", what = plain::in_words(taken)));
    }

    fn remark(&mut self, field: Field, words: impl Into<String>) {
        self.remarks.push(Remark::on(field, words));
    }

    fn fault(&mut self, field: Field, why: impl Into<String>, hint: &str) {
        self.faults.extend(question_of(field).map(|question| (question, Invalid::new(why.into(), hint))));
    }

    fn words(&mut self, field: Field, typed: &str) {
        let text = self.plain(field, typed);
        match field {
            Field::Certified => self.put_mended(field, &text),
            Field::Description | Field::DescriptionZh => {
                let short = shortened(&text);
                if let Some(short) = &short {
                    let (from, to) = (text.chars().count(), short.chars().count());
                    let words = tr!("shortened from {from} characters to {to}; a better one is welcome", from, to);
                    self.remark(field, words);
                }
                self.put(field, short.unwrap_or(text));
            }
            _ => {
                let (name, around) = plain::unquoted(&text);
                if let Some(around) = around {
                    self.left_out(field, &[around]);
                }
                self.put(field, name);
            }
        }
    }

    fn read_as(&mut self, field: Field, typed: &str, read: &str) {
        let (typed, read) = (text::quote(typed), text::visible(read));
        self.remark(field, tr!("{typed} was read as {read}", typed, read));
    }

    fn address(&mut self, field: Field, typed: &str) {
        let pictures = if field == Field::Logo { reach::pictures(typed) } else { Vec::new() };
        let found = if pictures.len() == 1 { pictures } else { reach::addresses(typed) };
        match found.as_slice() {
            [one] => {
                self.unfenced(field, typed);
                if !is_only(typed, one) {
                    self.remark(field, tr!("only the address {one} was taken", one = text::visible(one)));
                }
                self.put(field, one);
            }
            [] if field == Field::Logo
                && let Some(address) = reach::without_scheme(typed) =>
            {
                self.read_as(field, typed.trim(), &address);
                self.put(field, &address);
            }
            [] if field == Field::Logo => {
                let hint = tr!("drop a PNG file into the box, or write its https address");
                self.fault(field, tr!("no web address stands there"), hint);
            }
            // What is wrong with it is told when it is judged.
            [] => {
                let Plain { text, taken } = plain::plain(typed);
                let led_to = |taken: Taken| match taken {
                    Taken::Link(target) => Some(target),
                    _ => None,
                };
                let mut targets = taken.into_iter().filter_map(led_to);
                // “[Acme](acme.example)” leads where it says, and not to what it is called.
                let answer = targets.next().filter(|_| targets.next().is_none()).unwrap_or(text);
                self.put_mended(field, answer.trim_end_matches(['.', '。', ',', '，', ';', '；']));
            }
            several => {
                let why = tr!("several addresses stand there: {some}", some = first_few(several));
                self.fault(field, why, tr!("write only the one that is meant"));
            }
        }
    }

    fn contact(&mut self, typed: &str, author: Option<&Login>) {
        let Reach { github, email, rewritten, others, words } = reach::reach(typed);
        self.unfenced(Field::Github, typed);
        let own = github.iter().find(|g| author.is_some_and(|a| a.as_str().eq_ignore_ascii_case(g)));
        match (github.as_slice(), own) {
            ([one], _) => self.put(Field::Github, one),
            (_, Some(own)) => {
                self.put(Field::Github, own);
                self.remark(Field::Github, tr!("only {first} was taken", first = text::visible(own)));
            }
            ([], None) => {}
            (several, None) => {
                let why = tr!("several GitHub IDs stand there: {some}", some = first_few(several));
                self.fault(Field::Github, why, tr!("name one contact"));
            }
        }
        for (typed, read) in rewritten {
            self.read_as(Field::Github, &typed, &read);
        }
        if github.is_empty() && author.is_some() && (email.is_empty() || others || words) {
            let words = match email.is_empty() {
                true => tr!("no GitHub ID and no e-mail was found in it, so the contact is whoever wrote the issue"),
                false => tr!("no GitHub ID was found in it, so the contact is whoever wrote the issue"),
            };
            self.remark(Field::Github, words);
        }
        if others && !(github.is_empty() && email.is_empty()) {
            let taken =
                tr!("only a GitHub ID and a mailbox are taken, and other ways to reach the contact were left out");
            self.remark(Field::Github, taken);
        }
        if let Some(best) = Mailbox::best_to_publish(&email) {
            self.put(Field::Email, best);
            let first = text::visible(best);
            let is_roles = Mailbox::mended(best).is_ok_and(|(mailbox, _)| mailbox.doubt().is_none());
            if email[0] != *best && is_roles {
                let words = tr!("only {first} was taken, and none that looks like a person's own", first);
                self.remark(Field::Email, words);
            } else if email.len() > 1 {
                self.remark(Field::Email, tr!("only {first} was taken", first));
            }
        }
    }

    fn terms(&mut self, question: Question, field: Field, typed: &str, known: &[Term], language: Language) {
        let apart = |line: &str| terms::items(field, known, line).into_iter().map(str::to_owned).collect();
        let (mut tags, mut unknown) = (Vec::new(), Vec::new());
        let shown = options::options(field, known, language);
        for word in self.listed(field, typed, apart) {
            let one = terms::meant(field, known, &word);
            let is_said = !one.is_some_and(|term| term.is_called(&word));
            let Some(terms) = one.map(|term| vec![term]).or_else(|| terms::meant_together(field, known, &word)) else {
                unknown.push(word);
                continue;
            };
            let of =
                |term: &&Term| known.iter().zip(&shown).find(|(t, _)| t.id == term.id).map(|(_, shown)| shown.as_str());
            if is_said {
                let read = terms.iter().filter_map(of).collect::<Vec<_>>().join(tr!("in a list" => ", "));
                self.read_as(field, &word, &read);
            }
            for id in terms.into_iter().map(|term| term.id.as_str()) {
                if !tags.contains(&id) {
                    tags.push(id);
                }
            }
        }
        let choices: Vec<&str> = shown.iter().map(String::as_str).collect();
        let quoted = || shown.iter().map(|choice| text::quote(choice)).collect::<Vec<_>>();
        let all = || tr!("one of: {words}", words = quoted().join(tr!("in a list" => ", ")));
        if let [first, more @ ..] = unknown.as_slice() {
            let near = text::nearest(first, &choices).filter(|_| more.is_empty());
            let hint = near.map_or_else(all, |likely| tr!("did you mean {likely}?", likely));
            self.fault(field, tr!("not among what can be chosen: {some}", some = first_few(&unknown)), &hint);
        } else if tags.len() > 1 && options::is_single(question, known) {
            let chosen: Vec<String> = known
                .iter()
                .zip(&shown)
                .filter(|(t, _)| tags.contains(&t.id.as_str()))
                .map(|(_, s)| s.clone())
                .collect();
            let why = tr!("only one of these can be so: {some}", some = first_few(&chosen));
            self.fault(field, why, tr!("write only the one that is meant"));
        } else {
            self.put(field, tags.join(SEPARATOR));
        }
    }
}

/// What to do about an answer that is too long.
fn shorter(question: Question) -> &'static str {
    match field_of(question) {
        Some(field) if field.is_list() => tr!("name fewer of them"),
        Some(Field::Website | Field::Story | Field::Logo) => tr!("write the address alone"),
        Some(Field::Description | Field::DescriptionZh) | None => tr!("write a sentence or two"),
        Some(_) => tr!("write it alone, without what stands around it"),
    }
}

/// Why a box can't be read whose heading stands out of the form's order.
fn misplaced(question: Question, below: Option<Question>, answers: &Answers) -> Invalid {
    let label = |question: Question| question.label(answers.language);
    let why = match below {
        Some(below) => tr!(
            "its heading stands below “{below}”, out of the form's order, so that nobody knows where which answer ends",
            below = label(below)
        ),
        None => tr!("its heading stands above all others, out of the form's order").to_owned(),
    };
    let before = answers.asked.range(..question).next_back().copied().unwrap_or(Question::Name);
    Invalid::new(
        why,
        tr!("move the heading and its answer to right behind the answer to “{before}”", before = label(before)),
    )
}

/// Whether an address is all that stands in a box, as GitHub itself writes that: a picture that was dropped there, a link.
fn is_only(typed: &str, address: &str) -> bool {
    let around = |c: char| matches!(c, '<' | '>' | '"' | '\'' | '`' | '*' | '“' | '”' | '‘' | '’') || c.is_whitespace();
    if typed.trim_matches(around).eq_ignore_ascii_case(address) {
        return true;
    }
    let Plain { text, taken } = plain::plain(typed);
    match taken.as_slice() {
        [Taken::Picture] => text.is_empty(),
        // A file that isn't shown, by its name.
        [Taken::Link(target)] => target == address && address.rsplit('/').next() == Some(text.as_str()),
        _ => false,
    }
}

/// What a line of a list says: without the mark of an item, whoever writes a list means one. A box that isn't ticked says nothing.
fn item_of(line: &str) -> Option<&str> {
    let marked = ["- ", "* ", "+ ", "• ", "· "].into_iter().find_map(|mark| line.strip_prefix(mark)).map(str::trim);
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        number.strip_prefix(". ").or_else(|| number.strip_prefix(") ")).or_else(|| number.strip_prefix('、'));
    let numbered = numbered.filter(|_| number.len() < line.len() && line.len() - number.len() < 3);
    match marked {
        Some(item) => match item.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((mark, words)) if mark.trim().eq_ignore_ascii_case("x") => Some(words.trim()),
            Some((mark, _)) if mark.trim().is_empty() => None,
            _ => Some(item),
        },
        None => Some(numbered.map_or(line, str::trim)),
    }
}

/// Some of what stands in a box where one thing is wanted.
fn first_few(several: &[String]) -> String {
    let words: Vec<_> = several.iter().take(3).map(|one| text::quote(one)).collect();
    words.join(tr!("in a list" => ", "))
}

#[cfg(test)]
mod tests;
