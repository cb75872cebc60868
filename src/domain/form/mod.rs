//! The issue form by which organizations apply on GitHub: what it asks, and what somebody answered.
//!
//! GitHub makes an issue of a form's answers: `### ` and a label, an empty line, the answer; and nothing marks where an answer
//! ends. So an answer may hold what looks like a heading of the form. The form's labels come in its own order and once each;
//! where that still leaves a choice, nobody guesses.

pub mod example;
pub mod filled;
mod headings;
mod meant;
pub mod options;
pub mod plain;
pub mod promise;
mod question;
pub mod reach;
mod shortened;

use std::collections::{BTreeMap, BTreeSet};

pub use headings::Unread;
pub(crate) use meant::is_nothing;
pub use question::{Language, Question};

use headings::{
    Headings, begins_with, below, candidates, headings, hidden, is_like_one, is_own, meant_by, nearly, sections,
};

/// What stands in the boxes, as it was typed. What wasn't answered is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    pub boxes: BTreeMap<Question, String>,
    /// Which questions stood there, answered or not.
    pub asked: BTreeSet<Question>,
    /// Lines that are like headings of the form, and were read as text.
    pub passed_over: Vec<String>,
    /// Lines that nearly are headings, and were read as those of these questions.
    pub read_as: Vec<(String, Question)>,
    /// Questions whose headings stand out of the form's order, and where: below the answer to which other.
    pub misplaced: BTreeMap<Question, Option<Question>>,
    /// Whether headings of the form stand in a block of code.
    pub in_code: bool,
    /// Whether there was something to agree to, also where somebody took that away since.
    pub ours: bool,
    /// That of most headings; of as many in both, that of the one for the name.
    pub language: Language,
}

/// So often a quote is quoted.
const MOST_QUOTES: usize = 4;

/// So many lines that are no headings are told.
const MOST_PASSED_OVER: usize = 5;

/// How GitHub writes that a box was left empty.
pub const NO_RESPONSE: &str = "_No response_";

/// Reads the text of an issue.
///
/// # Errors
/// When the form didn't make it, or it can be read in more than one way.
pub fn read(body: &str) -> Result<Answers, Unread> {
    let body = unquoted(body);
    let lines: Vec<&str> = body.split('\n').collect();
    let Headings { row, strays, ours, language } = headings(&lines)?;
    let mut boxes = BTreeMap::new();
    for ((at, (question, _)), end) in sections(&row, &strays, lines.len()) {
        let answer = lines[below(&lines, at)..end].join("\n").trim().to_owned();
        let is_misplaced = strays.iter().any(|(stray, _)| *stray == at);
        if !is_misplaced && !answer.is_empty() && answer != NO_RESPONSE {
            boxes.insert(question, answer);
        }
    }
    let above = |at: usize| row.iter().rev().find(|(before, _)| *before < at).map(|(_, (question, _))| *question);
    let misplaced = strays.iter().map(|(at, (question, _))| (*question, above(*at))).collect();
    let asked = row.iter().map(|(_, (question, _))| *question).collect();
    let taken = |at: usize| row.iter().chain(&strays).any(|(taken, _)| *taken == at);
    let lacks =
        |q: Question| (ours || Question::OLD.contains(&q)) && !row.iter().chain(&strays).any(|(_, (t, _))| *t == q);
    let (inside, unseen) = (in_code(&lines), hidden(&lines));
    let like = |(at, line): &(usize, &&str)| {
        let near = || nearly(&lines, *at).is_some_and(|(q, _)| lacks(q)) || begins_with(line).is_some_and(lacks);
        !taken(*at) && !inside.contains(at) && !unseen.contains(at) && (is_like_one(&lines, *at) || near())
    };
    let is_typed = |at: usize| !is_own(&lines, at) && meant_by(lines[at]).is_none();
    let typed = row.iter().filter(|(at, (_, l))| is_typed(*at) || *l != language);
    let read_as = typed.map(|(at, (question, _))| (lines[*at].trim().to_owned(), *question)).collect();
    let mut passed_over: Vec<String> = Vec::new();
    for (_, line) in lines.iter().enumerate().filter(like) {
        let line = line.trim().to_owned();
        if !passed_over.contains(&line) && passed_over.len() < MOST_PASSED_OVER {
            passed_over.push(line);
        }
    }
    let in_code = row.iter().any(|(at, _)| inside.contains(at));
    Ok(Answers { boxes, asked, passed_over, read_as, misplaced, in_code, ours, language })
}

/// A text in lines of one kind; and without the marks of a quote where it is the form that is quoted, as by GitHub's “Quote reply”.
fn unquoted(body: &str) -> String {
    let mut body = body.replace("\r\n", "\n").replace('\r', "\n");
    let inside = |line: &str| {
        Some(line.trim_start().strip_prefix('>')?).map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned())
    };
    let has_own = |body: &str| body.lines().any(|line| headings::of_heading(line).is_some());
    let mut inner = body.clone();
    for _ in 0..MOST_QUOTES {
        if has_own(&inner) {
            body = inner;
            break;
        }
        let lines = inner.split('\n').map(|line| inside(line).unwrap_or_else(|| line.to_owned()));
        inner = lines.collect::<Vec<_>>().join("\n");
    }
    body
}

/// Which lines stand within fences of code.
fn in_code(lines: &[&str]) -> BTreeSet<usize> {
    let fences: Vec<usize> = (0..lines.len()).filter(|at| plain::is_fence(lines[*at])).collect();
    // One that nothing closes hides nothing.
    fences.chunks_exact(2).flat_map(|pair| pair[0]..pair[1]).collect()
}

/// In which language the form is that a text was made by; `None` where no heading of one is left.
#[must_use]
pub fn language_of(body: &str) -> Option<Language> {
    match read(body) {
        Ok(Answers { language, .. })
        | Err(
            Unread::Twice(_, language)
            | Unread::Below(_, language)
            | Unread::Nameless(language)
            | Unread::Beside(language)
            | Unread::Hidden(_, language),
        ) => Some(language),
        Err(Unread::Other) => {
            let body = unquoted(body);
            let lines: Vec<&str> = body.lines().collect();
            candidates(&lines).first().map(|(_, (_, language))| *language)
        }
    }
}

/// The text of an issue with other answers in these boxes; an empty one takes the answer away. A box that the form of its time
/// didn't have yet comes where the form has it now.
///
/// # Errors
/// When it can't be read, or is Karmada's own form, which has no such box.
pub fn answered(body: &str, answers: &BTreeMap<Question, String>) -> Result<String, Unread> {
    let body = unquoted(body);
    let lines: Vec<&str> = body.split('\n').collect();
    let Headings { row, strays, ours, language } = headings(&lines)?;
    let sections = sections(&row, &strays, lines.len());
    let has = |q: Question| sections.iter().any(|((_, (there, _)), _)| *there == q);
    let mut lacking: Vec<Question> = answers.keys().copied().filter(|q| !has(*q)).collect();
    if !lacking.is_empty() && !ours {
        return Err(Unread::Other);
    }
    lacking.retain(|q| !answers[q].trim().is_empty());
    let first = sections.first().map_or(0, |((at, _), _)| *at);
    let mut parts: Vec<String> = Vec::new();
    if first > 0 {
        parts.push(lines[..first].join("\n").trim().to_owned());
    }
    for ((at, (question, _)), end) in sections {
        for new in lacking.extract_if(.., |new| *new < question) {
            parts.push(format!("### {}\n\n{}", new.label(language), answers[&new].trim()));
        }
        let begin = below(&lines, at);
        let there = lines[begin..end].join("\n");
        let answer = answers.get(&question).map_or(there.trim(), |answer| answer.trim());
        parts.push(format!(
            "{}\n\n{}",
            lines[at..begin].join("\n"),
            if answer.is_empty() { NO_RESPONSE } else { answer }
        ));
    }
    Ok(parts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An issue as GitHub makes it of a form.
    fn rendered(answers: &[(Question, String)], language: Language) -> String {
        let part = |(q, answer): &(Question, String)| {
            let answer = if answer.is_empty() { NO_RESPONSE } else { answer };
            format!("### {}\n\n{answer}", q.label(language))
        };
        answers.iter().map(part).collect::<Vec<_>>().join("\n\n")
    }

    fn karmadas(description: &str, contact: &str) -> String {
        let answers = [
            (Question::Name, "Acme".to_owned()),
            (Question::Description, description.to_owned()),
            (Question::Website, "https://acme.example".to_owned()),
            (Question::Logo, "l".to_owned()),
            (Question::Contact, contact.to_owned()),
        ];
        rendered(&answers, Language::English)
    }

    /// As GitHub's “Quote reply” does it, also of a quote, and with words of one's own below; a quote within an answer stays one.
    #[test]
    fn a_form_that_is_quoted_is_read_as_it_was() {
        let quoted =
            |body: &str| body.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n").collect::<String>();
        let form = karmadas("We run Karmada.", "karmada@acme.example");
        for body in [quoted(&form), quoted(&quoted(&form)), quoted(&form).replace('\n', "\r\n")] {
            assert_eq!(read(&body).unwrap(), read(&form).unwrap(), "{body}");
            assert_eq!(language_of(&body), Some(Language::English));
        }
        let within = karmadas("> We run Karmada.", "karmada@acme.example");
        assert_eq!(of(&within, Question::Description).unwrap(), "> We run Karmada.");
        assert_eq!(of(&quoted(&within), Question::Description).unwrap(), "> We run Karmada.");
        assert!(read("> nothing\n> of the form").is_err());
    }

    fn of(body: &str, question: Question) -> Option<String> {
        read(body).unwrap().boxes.remove(&question)
    }

    #[test]
    fn headings_of_the_form_begin_answers_and_no_others_do() {
        let body = karmadas("We do.\n\n### Our website shop\n\nx\n\n### Contact me\n\ny", "@acme");
        assert_eq!(of(&body, Question::Website).as_deref(), Some("https://acme.example"));
        assert_eq!(of(&body, Question::Contact).as_deref(), Some("@acme"));
        assert!(of(&body, Question::Description).unwrap().contains("### Contact me\n\ny"));
        let last = karmadas("x", "@acme\n\n### Org or company name\n\nOther\n\n### Org or company description\n\nz");
        assert_eq!(of(&last, Question::Name).as_deref(), Some("Acme"));
        assert_eq!(of(&last, Question::Description).as_deref(), Some("x"));
    }

    #[test]
    fn headings_in_another_dress_are_those_that_they_can_only_be() {
        let body = karmadas("We do.", "@acme");
        for dressed in
            ["# {}", "## {}:", "#### {} ####", "###{}", "**{}**", "**{}：**", "__{}__:", "### **{}**:", "###### {}"]
        {
            let all = body.lines().map(|line| match line.strip_prefix("### ") {
                Some(label) => dressed.replace("{}", label),
                None => line.to_owned(),
            });
            let all = all.collect::<Vec<_>>().join("\n");
            let one = body.replace("### Org or company Website", &dressed.replace("{}", "Org or company Website"));
            for typed in [all, one] {
                let found = read(&typed).unwrap();
                assert_eq!((&found.boxes, found.passed_over.len()), (&read(&body).unwrap().boxes, 0), "{typed}");
            }
        }
        // Where the form's own stands there, the other is text, and told.
        let typed = body.replace("We do.", "We.\n\n## Org or company Website\n\nhttps://evil.example");
        let found = read(&typed).unwrap();
        assert_eq!(found.boxes[&Question::Website], "https://acme.example");
        assert_eq!(found.passed_over, ["## Org or company Website"]);
        // Two of them may both be it; and plain words, or the name of something that the form didn't ask, are none.
        let two = body.replace("### Contact me", "## Contact me").replace("We do.", "We.\n\n**Contact me**\n\n@x");
        let of_two = read(&two).map(|found| (found.boxes.get(&Question::Contact).cloned(), found.passed_over));
        assert_eq!(of_two, Ok((Some("@acme".into()), vec!["**Contact me**".into()])));
        let twice = body.replace("### Contact me", "## Contact me\n\n@x\n\n**Contact me**");
        assert_eq!(read(&twice), Err(Unread::Twice(Question::Contact, Language::English)));
        let words = karmadas("Org or company Website:\n\n**Agreement**\n\n## Services\n\nx", "@acme");
        assert!(read(&words).unwrap().boxes[&Question::Description].ends_with("## Services\n\nx"));
        assert!(!read(&words).unwrap().asked.contains(&Question::Agreement));
    }

    /// Typed anew, in other words, in the other language, with a slip: it begins its answer, and that is told.
    #[test]
    fn a_heading_that_nearly_is_the_forms_is_read_as_it_and_told() {
        let body = karmadas("We do.", "@acme");
        for typed in [
            "### Website:",
            "### Website",
            "## Company website",
            "**Website**",
            "*Website*:",
            "Website:",
            "- **Website:**",
            "<h3>Org or company Website</h3>",
            "### 🌐 Org or company Website",
            "### 3. Org or company Website",
            "### Org or company Website (required)",
            "### Org or company Website *",
            "### Org or company Websit",
            "### Org or compny website",
            "### 网站",
            "## 官网：",
            "Org or company Website",
            "### HOMEPAGE",
            "### Our website:",
            "### 公司 网站（官网）",
        ] {
            let found = read(&body.replace("### Org or company Website", typed)).unwrap();
            assert_eq!(found.boxes, read(&body).unwrap().boxes, "{typed}");
            assert_eq!(found.read_as, [(typed.to_owned(), Question::Website)], "{typed}");
            assert_eq!((found.passed_over.len(), found.language), (0, Language::English), "{typed}");
        }
        let named = read(&body.replace("### Org or company name", "### Company name")).unwrap();
        assert_eq!(named.boxes, read(&body).unwrap().boxes);
        // All of ours in Chinese but one, and the other way round.
        for (language, other) in [(Language::English, Language::Chinese), (Language::Chinese, Language::English)] {
            let whole = rendered(&Question::ALL.map(|q| (q, "x".to_owned())), language);
            for question in Question::ALL {
                let heading = |l| format!("### {}\n", question.label(l));
                let found = read(&whole.replace(&heading(language), &heading(other))).unwrap();
                assert_eq!(found.boxes, read(&whole).unwrap().boxes, "{question:?}");
                assert_eq!((found.language, found.read_as.len()), (language, 1), "{question:?}");
            }
        }
    }

    /// Numbered, with a picture, underlined, or quoted: whoever dresses all of them up has filled in the form all the same.
    #[test]
    fn headings_that_are_all_dressed_up_are_the_forms() {
        let whole = rendered(&Question::ALL.map(|q| (q, "x".to_owned())), Language::English);
        for (before, behind) in [
            ("### 1. ", ""),
            ("### ", " (required)"),
            ("### ", " *"),
            ("### _", "_"),
            ("### 🚀 ", ""),
            ("", "\n==="),
            ("", "\n---"),
            ("<h3>", "</h3>"),
            ("> ### ", ""),
            ("**2) ", "**:"),
        ] {
            let body = whole.lines().map(|line| match line.strip_prefix("### ") {
                Some(label) => format!("{before}{label}{behind}"),
                None => line.to_owned(),
            });
            let body = body.collect::<Vec<_>>().join("\n");
            let found = read(&body).unwrap_or_else(|why| panic!("{why:?}: {body}"));
            assert_eq!((&found.boxes, found.ours), (&read(&whole).unwrap().boxes, true), "{body}");
            assert_eq!(language_of(&body), Some(Language::English));
        }
        // What stands on the lines of the headings is answered, and not guessed at.
        for (before, between) in [("**", ":** "), ("", ": "), ("- **", "**: ")] {
            let part = |q: &Question| format!("{before}{}{between}x", q.label(Language::English));
            let body = Question::ALL.iter().map(part).collect::<Vec<_>>().join("\n\n");
            assert_eq!(read(&body), Err(Unread::Beside(Language::English)), "{body}");
            assert_eq!(language_of(&body), Some(Language::English));
        }
        // A word or two of it nobody takes for the form.
        for body in
            ["**1. Org or company name**\n\nx\n\n**2. Contact me**\n\n@a", "Org or company name: x\nContact me: y"]
        {
            assert_eq!(read(body), Err(Unread::Other), "{body}");
        }
    }

    /// Where it can't be told for sure, it stays words of an answer, and is told by name.
    #[test]
    fn no_heading_passes_into_an_answer_without_a_word() {
        let body = karmadas("We do.", "@acme");
        let website = "### Org or company Website\n\nhttps://acme.example";
        for (typed, told) in [
            ("### Website: https://acme.example", "### Website: https://acme.example"),
            ("**Website**: https://acme.example", "**Website**: https://acme.example"),
            ("Website: https://acme.example", "Website: https://acme.example"),
            ("网址：https://acme.example", "网址：https://acme.example"),
            ("Website\n---\n\nhttps://acme.example", "Website"),
            ("### Where to find us\n\nhttps://acme.example", "### Where to find us"),
            ("### Site\n\nx\n\n### Website\n\nhttps://acme.example", "### Site"),
        ] {
            let found = read(&body.replace(website, typed)).unwrap();
            assert!(!found.boxes.contains_key(&Question::Website), "{typed}: {found:?}");
            assert!(found.passed_over.iter().any(|line| line == told), "{typed}: {found:?}");
        }
        // Where nothing is missing, the words of an answer are nobody's heading, and what is one is told all the same.
        for (description, told) in [
            ("Website: ours.\n\nContact:\n\nme\n\n**Name**", 0),
            ("We.\n\n### What we also do\n\nx", 1),
            ("#karmada is great", 0),
            ("```sh\n# install\nx\n```", 0),
        ] {
            let found = read(&karmadas(description, "@acme")).unwrap();
            assert_eq!(found.boxes[&Question::Description], description);
            assert_eq!((found.passed_over.len(), found.read_as.len()), (told, 0), "{description}");
        }
    }

    /// By their own words: nobody's other issue becomes a form by a word or two.
    #[test]
    fn words_of_other_issues_make_no_form() {
        for body in [
            "### Name\n\nx\n\n### Description\n\ny\n\n### Website\n\nz\n\n### Contact\n\n@a",
            "**Services**\n\nx\n\n### Contact\n\n@a\n\n### Name\n\nx",
            "### 名称\n\nx\n\n### 官网\n\ny",
        ] {
            assert_eq!(read(body), Err(Unread::Other), "{body}");
            assert_eq!(language_of(body).is_some(), body.starts_with("**"), "{body}");
        }
        let nameless = karmadas("We do.", "@acme").replace("### Org or company name\n\n", "");
        assert_eq!(read(&nameless), Err(Unread::Nameless(Language::English)));
        assert_eq!(language_of(&nameless), Some(Language::English));
    }

    #[test]
    fn nobody_guesses_where_an_answer_ends() {
        let doubtful = karmadas("x\n\n### Org or company website\n\nhttps://other.example", "@acme");
        assert_eq!(read(&doubtful), Err(Unread::Twice(Question::Website, Language::English)));
        let whole = karmadas(&karmadas("x", "@other"), "@acme");
        assert!(matches!(read(&whole), Err(Unread::Twice(..))));
        let quoted = karmadas("x\n```\n### Org or company Website\nhttps://other.example\n```", "@acme");
        assert_eq!(of(&quoted, Question::Website).as_deref(), Some("https://acme.example"));
        let comment = karmadas("x <!--\n### Org or company Website\n-->", "@acme");
        assert_eq!(of(&comment, Question::Website).as_deref(), Some("https://acme.example"));
        // In which answers these marks stand can't be told.
        let across = karmadas("x\n\n### Org or company Website\n\n```", "@acme\n```");
        assert!(matches!(read(&across), Err(Unread::Twice(..))));
        let open = karmadas("x\n```", "@acme\n```");
        assert_eq!(of(&open, Question::Website).as_deref(), Some("https://acme.example"));
    }

    #[test]
    fn no_comment_takes_the_answers_below_it() {
        let across = karmadas("We.\n<!-- to be told", "@acme -->");
        assert_eq!(read(&across), Err(Unread::Hidden(Question::Website, Language::English)));
        assert_eq!(language_of(&across), Some(Language::English));
        let open = karmadas("We.\n<!-- to be told", "@acme");
        assert_eq!(of(&open, Question::Website).as_deref(), Some("https://acme.example"));
    }

    #[test]
    fn an_answer_is_changed_in_its_place() {
        let body = karmadas("We do.\n\n### Contact me\n\ny", "@acme");
        let changes =
            BTreeMap::from([(Question::Website, "https://new.example".to_owned()), (Question::Logo, String::new())]);
        let changed = answered(&body, &changes).unwrap();
        let mut wanted = read(&body).unwrap();
        wanted.boxes.insert(Question::Website, "https://new.example".to_owned());
        wanted.boxes.remove(&Question::Logo);
        assert_eq!(read(&changed), Ok(wanted));
        assert_eq!(answered(&body, &BTreeMap::from([(Question::Parent, "x".to_owned())])), Err(Unread::Other));
    }

    /// The form may have had fewer boxes when it was filled in.
    #[test]
    fn a_box_that_is_new_comes_where_the_form_has_it() {
        for language in [Language::English, Language::Chinese] {
            let before = [
                (Question::Name, "Acme".to_owned()),
                (Question::Languages, "English".to_owned()),
                (Question::Contact, "@acme".to_owned()),
                (Question::Agreement, "- [x] yes".to_owned()),
            ];
            let changes = BTreeMap::from([
                (Question::Offices, "Berlin".to_owned()),
                (Question::Certified, "12".to_owned()),
                (Question::Story, String::new()),
            ]);
            let changed = read(&answered(&rendered(&before, language), &changes).unwrap()).unwrap();
            let mut wanted: BTreeMap<_, _> = before.into_iter().collect();
            wanted.extend([(Question::Offices, "Berlin".to_owned()), (Question::Certified, "12".to_owned())]);
            assert_eq!((changed.boxes, changed.language), (wanted, language));
        }
    }

    #[test]
    fn other_issues_are_no_forms() {
        for body in ["", "hello", "### Org or company name\n\nAcme", "### Contact me\n\nx", "### What happened?\n\nx"] {
            assert_eq!(read(body), Err(Unread::Other), "{body}");
        }
        assert!(read("### Org or company name\r\n\r\nAcme\r\n\r\n### Contact me\r\n\r\n@a").is_ok());
        let answers =
            read("### Org or company name\r\n\r\nAcme\r\n\r\n### Contact me\r\n\r\n_No response_\r\n").unwrap();
        assert_eq!(answers.boxes.into_iter().collect::<Vec<_>>(), [(Question::Name, "Acme".to_owned())]);
    }

    #[test]
    fn a_heading_that_was_typed_anew_is_one() {
        for (english, typed) in [
            ("### Org or company name", "###\u{a0}Org or company\u{a0}name"),
            ("### Org or company name", "### \u{200b}Org or company name\u{feff}"),
            ("### Org or company name", "### org or company name:"),
            ("### Org or company name", "###\tOrg or company name "),
        ] {
            let body = karmadas("We do.", "@acme").replace(english, typed);
            assert_eq!(of(&body, Question::Name).as_deref(), Some("Acme"), "{typed:?}");
        }
        let body = "###\u{3000}组织或公司名称：\n\n青云\n\n### 联系方式\n\n@acme\n\n### 确认\n\n无";
        assert_eq!(of(body, Question::Name).as_deref(), Some("青云"));
    }

    /// Phones write another apostrophe than the form has.
    #[test]
    fn a_heading_with_a_curly_apostrophe_is_the_same() {
        let body =
            "### Org or company name\n\nAcme\n\n### A customer’s story\n\nhttps://a.example\n\n### Agreement\n\n-";
        assert_eq!(of(body, Question::Story).as_deref(), Some("https://a.example"));
    }

    /// What there is to agree to isn't agreed to by taking it away; nor does the rest become part of other answers.
    #[test]
    fn a_form_whose_agreement_was_taken_away_is_no_older_one() {
        for language in [Language::English, Language::Chinese] {
            let answers = Question::ALL.map(|q| (q, "x".to_owned()));
            let whole = rendered(&answers, language);
            let agreement = format!("### {}", Question::Agreement.label(language));
            let found = read(whole.split(&agreement).next().unwrap()).unwrap();
            assert_eq!((found.ours, found.boxes.len()), (true, Question::ALL.len() - 1));
        }
        assert!(!read(&karmadas("We.\n\n### Services\n\nx\n\n### Regions\n\ny", "@a")).unwrap().ours);
    }

    #[test]
    fn a_name_that_is_not_the_first_is_told() {
        let body = "### Org or company Website\n\nhttps://a.example\n\n### Org or company logo\n\nx\n\n\
                    ### Org or company name\n\nAcme\n\n### Contact me\n\n@a";
        assert_eq!(read(body), Err(Unread::Below(Question::Logo, Language::English)));
        assert_eq!(language_of(body), Some(Language::English));
    }

    #[test]
    fn no_two_questions_have_one_label() {
        let labels: std::collections::BTreeSet<String> = Question::ALL
            .into_iter()
            .flat_map(|q| [q.label(Language::English), q.label(Language::Chinese)])
            .map(str::to_lowercase)
            .collect();
        assert_eq!(labels.len(), 2 * Question::ALL.len());
    }

    fn heading() -> impl Strategy<Value = String> {
        let question = prop::sample::select(Question::ALL.to_vec());
        (question, any::<bool>(), "#{1,4}").prop_map(|(q, zh, marks)| {
            format!("{marks} {}", q.label(if zh { Language::Chinese } else { Language::English }))
        })
    }

    fn answer() -> impl Strategy<Value = String> {
        let line = prop_oneof![8 => "[a-z#`<>!\\-~ 网：]{0,12}", 1 => heading(), 1 => Just("```".to_owned())];
        prop::collection::vec(line, 0..6).prop_map(|lines| lines.join("\n").trim().to_owned())
    }

    proptest! {
        #[test]
        fn what_was_answered_is_read_or_nothing_is(
            answers in prop::collection::vec(answer(), Question::ALL.len()), zh: bool, crlf: bool,
        ) {
            let language = if zh { Language::Chinese } else { Language::English };
            let answers: Vec<_> = Question::ALL.into_iter().zip(answers).collect();
            let body = rendered(&answers, language);
            let body = if crlf { body.replace('\n', "\r\n") } else { body };
            let told: BTreeMap<_, _> =
                answers.iter().filter(|(_, a)| !a.is_empty() && a != NO_RESPONSE).cloned().collect();
            match read(&body) {
                Ok(read) => {
                    prop_assert_eq!(read.boxes, told);
                    prop_assert_eq!(read.language, language);
                }
                Err(Unread::Twice(question, _)) => {
                    let typed = |a: &String| a.lines().any(|l| headings::of_heading(l).is_some_and(|(q, _)| q == question));
                    prop_assert!(answers.iter().any(|(_, a)| typed(a)), "{:?}", body);
                }
                Err(Unread::Hidden(..)) => prop_assert!(answers.iter().any(|(_, a)| a.contains("<!--")), "{:?}", body),
                Err(Unread::Other | Unread::Below(..) | Unread::Nameless(_) | Unread::Beside(_)) => prop_assert!(false, "{:?}", body),
            }
        }
    }
}
