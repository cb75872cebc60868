//! The issue form by which organizations apply on GitHub: what it asks, and what somebody answered.
//!
//! GitHub makes an issue of a form's answers: `### ` and a label, an empty line, the answer; and nothing marks where an answer
//! ends. So an answer may hold what looks like a heading of the form. The form's labels come in its own order and once each;
//! where that still leaves a choice, nobody guesses.

pub mod example;
pub mod filled;
mod meant;
pub mod options;
pub mod plain;
pub mod promise;
pub mod reach;
mod shortened;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::text;
use crate::language;

/// What the form asks, in the order in which it asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    Name,
    NameZh,
    Description,
    DescriptionZh,
    Website,
    Logo,
    Parent,
    FormerNames,
    Services,
    Regions,
    Languages,
    Hours,
    Response,
    Offices,
    Story,
    Certified,
    Contact,
    Agreement,
}

/// The languages that there is a form in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// That in which is spoken.
    #[must_use]
    pub fn current() -> Self {
        if language::is_chinese() { Self::Chinese } else { Self::English }
    }

    /// The language in which its comment is made.
    pub(crate) const fn spoken(self) -> language::Language {
        match self {
            Self::English => language::Language::English,
            Self::Chinese => language::Language::Chinese,
        }
    }
}

impl Question {
    pub const ALL: [Self; 18] = [
        Self::Name,
        Self::NameZh,
        Self::Description,
        Self::DescriptionZh,
        Self::Website,
        Self::Logo,
        Self::Parent,
        Self::FormerNames,
        Self::Services,
        Self::Regions,
        Self::Languages,
        Self::Hours,
        Self::Response,
        Self::Offices,
        Self::Story,
        Self::Certified,
        Self::Contact,
        Self::Agreement,
    ];

    /// What Karmada's own form asked, before there was this one.
    const OLD: [Self; 5] = [Self::Name, Self::Description, Self::Website, Self::Logo, Self::Contact];

    /// What the form and an address that fills it in call it. Where Karmada's own form asked the same, as that called it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "org_name",
            Self::NameZh => "org_name_zh",
            Self::Description => "org_description",
            Self::DescriptionZh => "org_description_zh",
            Self::Website => "website_url",
            Self::Logo => "org_logo",
            Self::Parent => "org_parent",
            Self::FormerNames => "former_names",
            Self::Services => "services",
            Self::Regions => "regions",
            Self::Languages => "languages",
            Self::Hours => "hours",
            Self::Response => "response",
            Self::Offices => "offices",
            Self::Story => "story",
            Self::Certified => "certified",
            Self::Contact => "contact",
            Self::Agreement => "agreement",
        }
    }

    /// Its heading. In English that of Karmada's own form, where that asked the same.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Name, Language::English) => "Org or company name",
            (Self::Name, Language::Chinese) => "组织或公司名称",
            (Self::NameZh, Language::English) => "Name in Chinese",
            (Self::NameZh, Language::Chinese) => "中文名称",
            (Self::Description, Language::English) => "Org or company description",
            (Self::Description, Language::Chinese) => "英文简介",
            (Self::DescriptionZh, Language::English) => "Description in Chinese",
            (Self::DescriptionZh, Language::Chinese) => "中文简介",
            (Self::Website, Language::English) => "Org or company Website",
            (Self::Website, Language::Chinese) => "网站",
            (Self::Logo, Language::English) => "Org or company logo",
            (Self::Logo, Language::Chinese) => "标志",
            (Self::Parent, Language::English) => "Parent company",
            (Self::Parent, Language::Chinese) => "母公司",
            (Self::FormerNames, Language::English) => "Former names",
            (Self::FormerNames, Language::Chinese) => "曾用名",
            (Self::Services, Language::English) => "Services",
            (Self::Services, Language::Chinese) => "服务",
            (Self::Regions, Language::English) => "Regions",
            (Self::Regions, Language::Chinese) => "地区",
            (Self::Languages, Language::English) => "Languages",
            (Self::Languages, Language::Chinese) => "语言",
            (Self::Hours, Language::English) => "Hours of support",
            (Self::Hours, Language::Chinese) => "支持时间",
            (Self::Response, Language::English) => "Time to a first answer",
            (Self::Response, Language::Chinese) => "首次答复时间",
            (Self::Offices, Language::English) => "Places where you have people",
            (Self::Offices, Language::Chinese) => "有人员的地方",
            (Self::Story, Language::English) => "A customer's story",
            (Self::Story, Language::Chinese) => "客户案例",
            (Self::Certified, Language::English) => "People with a certificate",
            (Self::Certified, Language::Chinese) => "持证人数",
            (Self::Contact, Language::English) => "Contact me",
            (Self::Contact, Language::Chinese) => "联系方式",
            (Self::Agreement, Language::English) => "Agreement",
            (Self::Agreement, Language::Chinese) => "确认",
        }
    }

    /// The question whose heading a line is.
    fn of_heading(line: &str) -> Option<(Self, Language)> {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let rest = line.trim_start_matches(' ').strip_prefix("###").filter(|_| indent <= 3)?;
        // Somebody who copied it, or typed it anew, may have brought other spaces, a colon, or what nobody sees.
        let label = as_seen(rest.strip_prefix([' ', '\t', '\u{a0}', '\u{3000}'])?);
        Self::labelled(label.trim().trim_end_matches([':', '：']).trim_end())
    }

    /// The question that a line can mean as well, where nothing is its heading: one at another level, closed, or in bold.
    fn meant_by(line: &str) -> Option<(Self, Language)> {
        let line = as_seen(line);
        let mut label = line.trim();
        let level = label.bytes().take_while(|b| *b == b'#').count();
        let mut is_heading = (1..=6).contains(&level);
        if is_heading {
            label = label[level..].trim_end_matches('#').trim();
        }
        loop {
            label = label.trim_end_matches([':', '：']).trim_end();
            let bold = ["**", "__"].into_iter().find_map(|mark| label.strip_prefix(mark)?.strip_suffix(mark));
            let Some(inner) = bold else { break };
            (label, is_heading) = (inner.trim(), true);
        }
        Self::labelled(label).filter(|_| is_heading)
    }

    fn labelled(label: &str) -> Option<(Self, Language)> {
        let same = |q: &Self, l| q.label(l).eq_ignore_ascii_case(label);
        let of = |language| Self::ALL.into_iter().find(|q| same(q, language)).map(|q| (q, language));
        of(Language::English).or_else(|| of(Language::Chinese))
    }
}

/// A line as people see it; phones write another apostrophe.
fn as_seen(line: &str) -> String {
    let seen: String = line.chars().filter(|c| !text::deceives(*c)).collect();
    seen.replace('\u{a0}', " ").replace(['\u{2018}', '\u{2019}'], "'")
}

/// What stands in the boxes, as it was typed. What wasn't answered is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    pub boxes: BTreeMap<Question, String>,
    /// Which questions stood there, answered or not.
    pub asked: BTreeSet<Question>,
    /// Lines that are like headings of the form, and were read as text.
    pub passed_over: Vec<String>,
    /// Questions whose headings stand out of the form's order, and where: below the answer to which other.
    pub misplaced: BTreeMap<Question, Option<Question>>,
    /// Whether there was something to agree to, also where somebody took that away since.
    pub ours: bool,
    /// That of the heading for the name.
    pub language: Language,
}

/// Why a text can't be read as a form that was filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It isn't one.
    Other,
    /// What stands below this heading of the form may be an answer, or part of another one.
    Twice(Question, Language),
    /// The heading for the name isn't the first: it stands below this other one.
    Below(Question, Language),
}

/// So many lines that are no headings are told.
const MOST_PASSED_OVER: usize = 5;

/// How GitHub writes that a box was left empty.
pub const NO_RESPONSE: &str = "_No response_";

/// Reads the text of an issue.
///
/// # Errors
/// When the form didn't make it, or it can be read in more than one way.
pub fn read(body: &str) -> Result<Answers, Unread> {
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = body.split('\n').collect();
    let Headings { row, strays, ours, language } = headings(&lines)?;
    let mut boxes = BTreeMap::new();
    for ((at, (question, _)), end) in sections(&row, &strays, lines.len()) {
        let answer = lines[at + 1..end].join("\n").trim().to_owned();
        let is_misplaced = strays.iter().any(|(stray, _)| *stray == at);
        if !is_misplaced && !answer.is_empty() && answer != NO_RESPONSE {
            boxes.insert(question, answer);
        }
    }
    let above = |at: usize| row.iter().rev().find(|(before, _)| *before < at).map(|(_, (question, _))| *question);
    let misplaced = strays.iter().map(|(at, (question, _))| (*question, above(*at))).collect();
    let asked = row.iter().map(|(_, (question, _))| *question).collect();
    let taken = |at: usize| row.iter().chain(&strays).any(|(taken, _)| *taken == at);
    let like = |(at, line): &(usize, &&str)| !taken(*at) && is_like_a_heading(line);
    let mut passed_over: Vec<String> = Vec::new();
    for (_, line) in lines.iter().enumerate().filter(like) {
        let line = line.trim().to_owned();
        if !passed_over.contains(&line) && passed_over.len() < MOST_PASSED_OVER {
            passed_over.push(line);
        }
    }
    Ok(Answers { boxes, asked, passed_over, misplaced, ours, language })
}

/// Each heading, in the order of the lines, and where what stands below it ends.
fn sections(row: &[Candidate], strays: &[Candidate], lines: usize) -> Vec<(Candidate, usize)> {
    let mut all: Vec<Candidate> = row.iter().chain(strays).copied().collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    let ends: Vec<usize> = all.iter().skip(1).map(|(at, _)| *at).chain([lines]).collect();
    all.into_iter().zip(ends).collect()
}

/// In which language the form is that a text was made by; `None` where no heading of one is left.
#[must_use]
pub fn language_of(body: &str) -> Option<Language> {
    match read(body) {
        Ok(Answers { language, .. }) | Err(Unread::Twice(_, language) | Unread::Below(_, language)) => Some(language),
        Err(Unread::Other) => {
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
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
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
        let there = lines[at + 1..end].join("\n");
        let answer = answers.get(&question).map_or(there.trim(), |answer| answer.trim());
        parts.push(format!("{}\n\n{}", lines[at], if answer.is_empty() { NO_RESPONSE } else { answer }));
    }
    Ok(parts.join("\n\n"))
}

/// Whether a line is like a heading of the form, and none.
fn is_like_a_heading(line: &str) -> bool {
    Question::of_heading(line).is_none() && Question::meant_by(line).is_some()
}

/// The lines that may be headings: as the form writes them; and, for questions that it has none of, as somebody else might.
fn candidates(lines: &[&str]) -> Vec<Candidate> {
    let all = |read: fn(&str) -> Option<(Question, Language)>| {
        lines.iter().enumerate().filter_map(move |(at, line)| Some((at, read(line)?)))
    };
    let own: Vec<Candidate> = all(Question::of_heading).collect();
    let lacks = |q: Question| !own.iter().any(|(_, (there, _))| *there == q);
    let mut found: Vec<Candidate> = all(Question::meant_by).filter(|(_, (q, _))| lacks(*q)).collect();
    // Karmada's own form has nothing to agree to, and whoever writes that word in it means no heading.
    let newer = |(_, (q, _)): &Candidate| *q != Question::Agreement && !Question::OLD.contains(q);
    if !own.iter().chain(&found).any(newer) {
        found.retain(|(_, (q, _))| *q != Question::Agreement);
    }
    found.extend(own);
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}

/// The form's headings.
struct Headings {
    /// In the form's order.
    row: Vec<Candidate>,
    /// Those of other questions, just as the form writes them, that stand out of that order; one a question.
    strays: Vec<Candidate>,
    /// Whether it is a form with something to agree to, and not Karmada's own.
    ours: bool,
    language: Language,
}

fn headings(lines: &[&str]) -> Result<Headings, Unread> {
    let all = candidates(lines);
    let first = all.iter().find(|(_, (q, _))| *q == Question::Name).ok_or(Unread::Other)?;
    let language = first.1.1;
    // Karmada's own form ends with the contact; ours has something to agree to, behind that. Whoever takes that away leaves much
    // else that Karmada's never had.
    let newer = |q: &Question| !Question::OLD.contains(q);
    let own = all.iter().filter(|(at, (_, l))| *l == language && is_own(lines, *at)).map(|(_, (q, _))| *q);
    let newer: BTreeSet<Question> = own.filter(newer).collect();
    let agreement = all.iter().any(|(_, (q, _))| *q == Question::Agreement);
    let ours = agreement || newer.len() > MOST_BY_CHANCE;
    let belongs = |(_, (q, l)): &Candidate| *l == language && (ours || Question::OLD.contains(q));
    let all: Vec<_> = all.into_iter().filter(belongs).collect();
    // GitHub puts empty lines around each. Where somebody took them away, the form is still seen.
    let apart: Vec<_> = all.iter().copied().filter(|(at, _)| stands_apart(lines, *at)).collect();
    let candidates = if longest(&apart) == longest(&all) { &apart } else { &all };
    let row = in_order(lines, candidates)?;
    let (_, (first, _)) = row.first().copied().filter(|_| row.len() > 1).ok_or(Unread::Other)?;
    if first != Question::Name {
        let name = all.iter().find(|(at, (q, _))| *q == Question::Name && is_own(lines, *at));
        let above = name.and_then(|(at, _)| row.iter().rev().find(|(before, _)| before < at));
        return Err(above.map_or(Unread::Other, |(_, (question, _))| Unread::Below(*question, language)));
    }
    let mut strays: Vec<Candidate> = Vec::new();
    for candidate @ (at, (question, _)) in all {
        let known = row.iter().chain(&strays).any(|(_, (there, _))| *there == question);
        if !known && is_own(lines, at) {
            strays.push(candidate);
        }
    }
    Ok(Headings { row, strays, ours, language })
}

/// So many headings of our form somebody may write into an answer to Karmada's.
const MOST_BY_CHANCE: usize = 2;

/// Whether a line is a heading just as the form writes it.
fn is_own(lines: &[&str], at: usize) -> bool {
    lines.get(at).is_some_and(|line| Question::of_heading(line).is_some())
}

/// A line that may be a heading of the form.
type Candidate = (usize, (Question, Language));

/// How many can follow each other in the form's order.
fn longest(candidates: &[Candidate]) -> usize {
    let mut up_to: BTreeMap<Question, usize> = BTreeMap::new();
    for (_, (question, _)) in candidates {
        let before = up_to.range(..question).map(|(_, length)| *length).max().unwrap_or(0);
        let known = up_to.entry(*question).or_default();
        *known = (*known).max(before + 1);
    }
    up_to.values().copied().max().unwrap_or(0)
}

/// The longest row of headings in the form's order.
///
/// # Errors
/// When there are several: names a heading that stands differently in them. Where each stands there once, and only not in the
/// form's order, any will do: the others are told.
fn in_order(lines: &[&str], candidates: &[Candidate]) -> Result<Vec<Candidate>, Unread> {
    let most = longest(candidates);
    // The same row as early and as late as can be: where they differ, there is a choice.
    let early = first_row(candidates.to_vec(), most, false);
    let late = first_row(candidates.iter().rev().copied().collect(), most, true);
    let differing = early.iter().zip(late.iter().rev()).filter(|(a, b)| a != b).flat_map(|(a, b)| [*a, *b]);
    let stands_once = |candidate: &Candidate| {
        is_own(lines, candidate.0)
            && !candidates.iter().any(|other| other.1.0 == candidate.1.0 && other.0 != candidate.0)
    };
    match differing.into_iter().find(|candidate| !stands_once(candidate)) {
        Some((_, (question, language))) => Err(Unread::Twice(question, language)),
        None => Ok(early),
    }
}

/// The first row of `most` candidates in order, or, reading from the end, in the order from the last question to the first.
fn first_row(candidates: Vec<Candidate>, most: usize, backwards: bool) -> Vec<Candidate> {
    let after = |a: Question, b: Question| if backwards { b < a } else { b > a };
    // How long a row can be that begins with each.
    let mut from = vec![1; candidates.len()];
    let mut best: BTreeMap<Question, usize> = BTreeMap::new();
    for at in (0..candidates.len()).rev() {
        let question = candidates[at].1.0;
        let next = best.iter().filter(|(q, _)| after(question, **q)).map(|(_, length)| *length).max().unwrap_or(0);
        from[at] = next + 1;
        let known = best.entry(question).or_default();
        *known = (*known).max(from[at]);
    }
    let (mut row, mut left) = (Vec::new(), most);
    for (at, candidate) in candidates.into_iter().enumerate() {
        let follows = row.last().is_none_or(|(_, (q, _)): &Candidate| after(*q, candidate.1.0));
        if left > 0 && from[at] >= left && follows {
            row.push(candidate);
            left -= 1;
        }
    }
    row
}

/// Whether nothing stands in the line before, nor in the one after.
fn stands_apart(lines: &[&str], at: usize) -> bool {
    let is_empty = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    is_empty(at.checked_sub(1).and_then(|before| lines.get(before))) && is_empty(lines.get(at + 1))
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
                    let typed = |a: &String| a.lines().any(|l| Question::of_heading(l).is_some_and(|(q, _)| q == question));
                    prop_assert!(answers.iter().any(|(_, a)| typed(a)), "{:?}", body);
                }
                Err(Unread::Other | Unread::Below(..)) => prop_assert!(false, "{:?}", body),
            }
        }
    }
}
