//! A form that was filled in, as an application to be: each answer without what isn't meant by it, and what is wrong with it.

use std::collections::BTreeMap;

use super::meant;
use super::plain::{self, Plain, Taken};
use super::promise::{Promise, promised};
use super::reach::{self, Reach};
use super::shortened::shortened;
use super::{Answers, Language, Question};
use crate::domain::record::SEPARATOR;
use crate::domain::record::terms::{self, SEPARATORS, Term, Vocabulary};
use crate::domain::values::Invalid;
use crate::domain::{Draft, Field, Login, limits, text};

/// An application to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Its logo is an address, or isn't there.
    pub draft: Draft,
    /// What was left out of answers, a sentence each.
    pub remarks: Vec<String>,
    /// What can't be taken, by the field it is about.
    pub faults: BTreeMap<Field, Invalid>,
    /// What was ticked; `None` where the form had nothing to agree to.
    pub promised: Option<Vec<Promise>>,
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Field(Field),
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
    if answers.asked.contains(&Question::Agreement) {
        // Whoever takes the boxes away has ticked none.
        filled.promised = Some(Vec::new());
    }
    for line in &answers.passed_over {
        filled.remarks.push(tr!(
            "headings: {line} was read as words of an answer, and not as a heading of the form",
            line = text::quote(line)
        ));
    }
    for (question, typed) in &answers.boxes {
        if typed.len() > limits::FORM_ANSWER {
            // Nobody ticks boxes at such length.
            let Some(field) = field_of(*question) else { continue };
            let why = tr!(
                "the answer has {bytes} bytes, and at most {most} are read",
                bytes = typed.len(),
                most = limits::FORM_ANSWER
            );
            filled.faults.insert(field, Invalid::new(why, tr!("write a sentence or two")));
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
            (_, Some(known)) => filled.terms(field, typed, known),
            (Question::Website | Question::Logo | Question::Story, _) => filled.address(field, typed),
            (Question::Contact, _) => filled.contact(typed, author),
            // There is a comma in many a place.
            (Question::Offices, _) => {
                let places = filled.listed(field, typed, &[';', '；', '、']);
                filled.put(field, places.join(SEPARATOR));
            }
            _ => filled.words(field, typed),
        }
    }
    if let (None, Some(author)) = (filled.draft.get(Field::Github), author) {
        filled.draft.answers.insert(Field::Github, author.to_string());
    }
    filled
}

impl Filled {
    /// What can't be taken as it stands, but what is given otherwise. Without the DCO somebody else commits it.
    #[must_use]
    pub fn wrong(&self, otherwise: &Draft) -> Vec<(About, Invalid)> {
        let lacks = |promise: &Promise| self.promised.as_ref().is_some_and(|made| !made.contains(promise));
        let not_agreed_to = [Promise::Public, Promise::Speaks].into_iter().filter(lacks).map(|promise| {
            let why = tr!("a box isn't ticked: {words}", words = promise.words(Language::current()));
            (About::Promise(promise), Invalid::new(why, tr!("whoever wrote the issue ticks it, if it is so")))
        });
        let faults = self.faults.iter().filter(|(field, _)| !otherwise.answers.contains_key(field));
        faults.map(|(field, fault)| (About::Field(*field), fault.clone())).chain(not_agreed_to).collect()
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
            let (field, typed) = (field.told(), text::quote(&text));
            self.remarks.push(tr!("{field}: {typed} was read as no answer", field, typed));
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
            let (field, typed, read) = (field.told(), text::quote(answer), text::visible(read));
            self.remarks.push(tr!("{field}: {typed} was read as {read}", field, typed, read));
        }
        self.put(field, read.as_deref().unwrap_or(answer));
    }

    /// What is listed, on one line or on several; what else stood there is told.
    fn listed(&mut self, field: Field, typed: &str, separators: &[char]) -> Vec<String> {
        let seen = plain::uncommented(typed);
        let mut taken: Vec<Taken> = (seen != typed).then_some(Taken::Comment).into_iter().collect();
        let mut items = Vec::new();
        for line in seen.lines() {
            // Whoever writes a list means one.
            let line = line.trim();
            let item = ["- ", "* ", "+ ", "• "].into_iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
            let Plain { text, taken: more } = plain::plain(item);
            items.extend(text.split(separators).map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned));
            let new: Vec<_> = more.into_iter().filter(|what| !taken.contains(what)).collect();
            taken.extend(new);
        }
        if !taken.is_empty() {
            self.left_out(field, &taken);
        }
        items
    }

    fn left_out(&mut self, field: Field, taken: &[Taken]) {
        self.remarks.push(tr!("{field}: left out {what}", field = field.told(), what = plain::in_words(taken)));
    }

    fn words(&mut self, field: Field, typed: &str) {
        let text = self.plain(field, typed);
        match field {
            Field::Certified => self.put_mended(field, &text),
            Field::Description | Field::DescriptionZh => {
                let short = shortened(&text);
                if let Some(short) = &short {
                    let (from, to) = (text.chars().count(), short.chars().count());
                    self.remarks.push(tr!(
                        "{field}: shortened from {from} characters to {to}; a better one is welcome",
                        field = field.told(),
                        from,
                        to
                    ));
                }
                self.put(field, short.unwrap_or(text));
            }
            _ => self.put(field, plain::unquoted(&text)),
        }
    }

    fn address(&mut self, field: Field, typed: &str) {
        let pictures = if field == Field::Logo { reach::pictures(typed) } else { Vec::new() };
        let found = if pictures.len() == 1 { pictures } else { reach::addresses(typed) };
        match found.as_slice() {
            [one] => {
                if one != typed.trim() {
                    let (field, one) = (field.told(), text::visible(one));
                    self.remarks.push(tr!("{field}: only the address {one} was taken", field, one));
                }
                self.put(field, one);
            }
            [] if field == Field::Logo => {
                let why = Invalid::new(
                    tr!("no web address stands there"),
                    tr!("drop a PNG file into the box, or write its https address"),
                );
                self.faults.insert(field, why);
            }
            // What is wrong with it is told when it is judged.
            [] => self.put_mended(field, &plain::plain(typed).text),
            several => {
                let why = tr!("several addresses stand there: {some}", some = first_few(several));
                self.faults.insert(field, Invalid::new(why, tr!("write only the one that is meant")));
            }
        }
    }

    fn contact(&mut self, typed: &str, author: Option<&Login>) {
        let Reach { github, email, others } = reach::reach(typed);
        let own = github.iter().find(|g| author.is_some_and(|a| a.as_str().eq_ignore_ascii_case(g)));
        match (github.as_slice(), own) {
            ([one], _) | (_, Some(one)) => self.put(Field::Github, one),
            ([], None) => {}
            (several, None) => {
                let why = tr!("several GitHub IDs stand there: {some}", some = first_few(several));
                self.faults.insert(Field::Github, Invalid::new(why, tr!("name one contact")));
            }
        }
        if github.is_empty() && email.is_empty() && author.is_some() {
            let words = tr!("contact: no GitHub ID and no e-mail was found in it, so it is whoever wrote the issue");
            self.remarks.push(words.into());
        }
        if others && !(github.is_empty() && email.is_empty()) {
            let taken =
                tr!("contact: only a GitHub ID and a mailbox are taken, and other ways to reach it were left out");
            self.remarks.push(taken.into());
        }
        if let [first, more @ ..] = email.as_slice() {
            self.put(Field::Email, first);
            if !more.is_empty() {
                let (field, first) = (Field::Email.told(), text::visible(first));
                self.remarks.push(tr!("{field}: only {first} was taken", field, first));
            }
        }
    }

    fn terms(&mut self, field: Field, typed: &str, known: &[Term]) {
        let words = self.listed(field, typed, &SEPARATORS);
        let of = |word: &String| terms::meant(field, known, word).map_or_else(|| word.clone(), |t| t.id.to_string());
        self.put(field, words.iter().map(of).collect::<Vec<_>>().join(SEPARATOR));
    }
}

/// Some of what stands in a box where one thing is wanted.
fn first_few(several: &[String]) -> String {
    let words: Vec<_> = several.iter().take(3).map(|one| text::quote(one)).collect();
    words.join(tr!("in a list" => ", "))
}

/// What stands in a form for a term: what people read, or its word where that would read as several.
#[must_use]
pub fn option(term: &Term, language: Language) -> String {
    let label = match (language, &term.zh) {
        (Language::Chinese, Some(zh)) => zh,
        _ => &term.en,
    };
    if label.as_str().contains(SEPARATORS) { term.id.to_string() } else { label.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form;

    fn filled(boxes: &[(&str, &str)]) -> Filled {
        let body: String = boxes.iter().map(|(label, answer)| format!("### {label}\n\n{answer}\n\n")).collect();
        let author = "jane".parse().unwrap();
        fill(&form::read(&body).unwrap(), Some(&author), &Vocabulary::default())
    }

    fn told(filled: &Filled) -> Vec<(&str, &str)> {
        filled.draft.answers.iter().map(|(f, a)| (f.word(), a.as_str())).collect()
    }

    #[test]
    fn karmadas_own_form_is_read() {
        let filled = filled(&[
            ("Org or company name", "[DaoCloud](https://www.daocloud.io/)"),
            ("Org or company description", "_No response_"),
            ("Org or company Website", "See <https://acme.example/karmada>."),
            ("Org or company logo", "[![logo](https://acme.example/logo.png)](https://acme.example)"),
            ("Contact me", "GitHub: @acme-bot, karmada@acme.example"),
        ]);
        assert_eq!(
            told(&filled),
            [
                ("name", "DaoCloud"),
                ("website", "https://acme.example/karmada"),
                ("github", "acme-bot"),
                ("email", "karmada@acme.example"),
                ("logo", "https://acme.example/logo.png"),
            ]
        );
        assert_eq!(filled.remarks[0], "name: left out a link to https://www.daocloud.io/");
        assert_eq!((filled.faults.len(), filled.promised), (0, None));
    }

    #[test]
    fn what_may_mean_either_is_not_taken() {
        let filled = filled(&[
            ("Org or company name", "Acme"),
            ("Org or company Website", "[https://acme.example](https://evil.example)"),
            ("Org or company logo", "ask us"),
            ("Contact me", "@one or @two"),
        ]);
        assert_eq!(told(&filled), [("name", "Acme"), ("github", "jane")]);
        assert_eq!(filled.faults.keys().map(|f| f.word()).collect::<Vec<_>>(), ["website", "github", "logo"]);
    }

    #[test]
    fn an_answer_without_end_is_not_read() {
        let long = "[".repeat(60_000);
        let filled = filled(&[("Org or company name", "Acme"), ("Org or company description", &long)]);
        assert_eq!(told(&filled), [("name", "Acme"), ("github", "jane")]);
        assert_eq!(filled.faults.keys().map(|f| f.word()).collect::<Vec<_>>(), ["description"]);
    }

    #[test]
    fn terms_and_promises_are_read_in_both_languages() {
        let ticks = |language| Promise::ALL.map(|p| format!("- [X] {}", p.words(language))).join("\n");
        for (language, service) in
            [(Language::English, "Technical support, Consulting"), (Language::Chinese, "技术支持, 咨询")]
        {
            let label = |q: Question| q.label(language);
            let filled = filled(&[
                (label(Question::Name), "Acme"),
                (label(Question::Services), service),
                (label(Question::Regions), "Mars"),
                (label(Question::Agreement), &ticks(language)),
            ]);
            assert_eq!(filled.draft.get(Field::Services), Some("support; consulting"));
            assert_eq!(filled.draft.get(Field::Regions), Some("Mars"));
            assert_eq!(filled.promised, Some(Promise::ALL.to_vec()));
        }
        assert_eq!(promised(&format!("- [ ] {}", Promise::Public.words(Language::English))), []);
        assert_eq!(promised(&ticks(Language::English).replace("- [X]", " * [x]")), Promise::ALL);
        assert_eq!(promised(&format!("<!--\n{}\n-->", ticks(Language::English))), []);
    }

    #[test]
    fn what_nobody_need_answer_is_read_as_people_write_it() {
        let filled = filled(&[
            ("Org or company name", "Acme"),
            ("Description in Chinese", "无"),
            ("Org or company Website", "www.acme.example/karmada"),
            ("Parent company", "N/A"),
            ("Services", "None"),
            ("Hours of support", "24x7"),
            ("Time to a first answer", "Within 4 hours"),
            ("Places where you have people", "- Berlin, Germany\n- [Paris](https://p.example)；上海、深圳"),
            ("A customer's story", "See https://acme.example/story."),
            ("People with a certificate", "about 12 people"),
            ("Agreement", "_No response_"),
        ]);
        assert_eq!(
            told(&filled),
            [
                ("name", "Acme"),
                ("website", "https://www.acme.example/karmada"),
                ("github", "jane"),
                ("hours", "around-the-clock"),
                ("response", "4-hours"),
                ("offices", "Berlin, Germany; Paris; 上海; 深圳"),
                ("story", "https://acme.example/story"),
                ("certified", "12"),
            ]
        );
        assert_eq!(
            filled.remarks,
            [
                "description_zh: “无” was read as no answer",
                "website: “www.acme.example/karmada” was read as https://www.acme.example/karmada",
                "parent: “N/A” was read as no answer",
                "offices: left out a link to https://p.example",
                "story: only the address https://acme.example/story was taken",
                "certified: “about 12 people” was read as 12",
            ]
        );
    }

    #[test]
    fn lists_stand_on_one_line_or_on_several_and_contacts_that_are_none_are_told() {
        let filled = filled(&[
            ("Org or company name", "Acme"),
            ("Services", "- Technical support\n* training；咨询\nDancing"),
            ("Contact me", "+49 30 1234567"),
            ("Agreement", "_No response_"),
        ]);
        assert_eq!(filled.draft.get(Field::Services), Some("support; training; consulting; Dancing"));
        assert_eq!(
            filled.remarks,
            ["contact: no GitHub ID and no e-mail was found in it, so it is whoever wrote the issue"]
        );
    }

    #[test]
    fn other_ways_to_reach_somebody_are_told_to_be_left_out() {
        for (contact, tells) in [
            ("@acme-bot, karmada@acme.example", false),
            ("GitHub ID: acme-bot\nE-mail: karmada@acme.example", false),
            ("GitHub：@acme-bot，邮箱：karmada@acme.example", false),
            ("Jane Doe <karmada@acme.example> (https://github.com/acme-bot)", false),
            ("@acme-bot, karmada@localhost", true),
            ("@acme-bot, phone: +49301234567", true),
            ("@acme-bot；微信：acme", true),
            ("@acme-bot https://linkedin.example/in/acme", true),
        ] {
            let filled = filled(&[("Org or company name", "Acme"), ("Contact me", contact)]);
            assert_eq!(filled.draft.get(Field::Github), Some("acme-bot"), "{contact}");
            assert_eq!(filled.remarks.iter().any(|r| r.contains("left out")), tells, "{contact}: {:?}", filled.remarks);
        }
    }

    #[test]
    fn what_is_left_out_of_a_list_is_told_as_of_any_answer() {
        let service = "[Technical support](https://acme.example), **Consulting** <!-- and more -->";
        let filled = filled(&[("Org or company name", "Acme"), ("Services", service), ("Agreement", "_No response_")]);
        assert_eq!(filled.draft.get(Field::Services), Some("support; consulting"));
        let told = filled.remarks.iter().find(|r| r.starts_with("services: left out ")).unwrap();
        assert!(["a comment", "a link to https://acme.example", "Markdown"].iter().all(|w| told.contains(w)), "{told}");
    }
}
