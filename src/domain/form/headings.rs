//! Which lines of an issue are the headings of the form: as the form writes them, and, for those that it lacks, as somebody else might.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{Language, Question};
use crate::domain::text;

/// Why a text can't be read as a form that was filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It isn't one.
    Other,
    /// What stands below this heading of the form may be an answer, or part of another one.
    Twice(Question, Language),
    /// The heading for the name isn't the first: it stands below this other one.
    Below(Question, Language),
    /// It has headings of the form, and none for the name.
    Nameless(Language),
    /// Its answers stand behind the headings, on the same lines.
    Beside(Language),
    /// Nobody sees this heading: a comment began in an answer above it, and ends in one below.
    Hidden(Question, Language),
}

/// The question whose heading a line is.
pub fn of_heading(line: &str) -> Option<(Question, Language)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line.trim_start_matches(' ').strip_prefix("###").filter(|_| indent <= 3)?;
    // Somebody who copied it, or typed it anew, may have brought other spaces, a colon, or what nobody sees.
    let label = as_seen(rest.strip_prefix([' ', '\t', '\u{a0}', '\u{3000}'])?);
    Question::labelled(label.trim().trim_end_matches([':', '：']).trim_end())
}

/// The question that a line can mean as well, where nothing is its heading: one at another level, closed, or in bold.
pub fn meant_by(line: &str) -> Option<(Question, Language)> {
    let line = as_seen(line);
    let (label, is_heading) = unlevelled(line.trim());
    let (label, is_bold) = unwrapped(label, |label| {
        ["**", "__"].into_iter().find_map(|mark| label.strip_prefix(mark)?.strip_suffix(mark))
    });
    Question::labelled(label).filter(|_| is_heading || is_bold)
}

/// A label without the marks of a heading, and whether it had some.
fn unlevelled(label: &str) -> (&str, bool) {
    let level = label.bytes().take_while(|b| *b == b'#').count();
    match (1..=6).contains(&level) {
        true => (label[level..].trim_end_matches('#').trim(), true),
        false => (label, false),
    }
}

/// A label without the colon behind it and what it is wrapped in, as `inner` takes that off, and whether it was in something.
fn unwrapped<'l>(mut label: &'l str, inner: impl Fn(&'l str) -> Option<&'l str>) -> (&'l str, bool) {
    let mut is_wrapped = false;
    loop {
        label = label.trim_end_matches([':', '：']).trim();
        let Some(inside) = inner(label) else { return (label, is_wrapped) };
        (label, is_wrapped) = (inside.trim(), true);
    }
}

/// A line as people see it; phones write another apostrophe.
fn as_seen(line: &str) -> String {
    let seen: String = line.chars().filter(|c| !text::deceives(*c)).collect();
    seen.replace('\u{a0}', " ").replace(['\u{2018}', '\u{2019}'], "'")
}

/// Which lines nobody sees, since they stand in a comment that begins a line. One that is never closed hides the rest where no heading
/// stands before it; in an answer it may be a slip.
pub fn hidden(lines: &[&str]) -> BTreeSet<usize> {
    let last = lines.iter().rposition(|line| line.contains("-->"));
    let heading = lines.iter().position(|line| of_heading(line).is_some());
    let (mut unseen, mut at) = (BTreeSet::new(), 0);
    while at < lines.len() {
        let end = lines[at].trim_start().strip_prefix("<!--").and_then(|inside| match inside.contains("-->") {
            true => Some(at),
            // Looked for only where there is one: a text may have thousands that nothing closes.
            false if last > Some(at) => (at + 1..lines.len()).find(|below| lines[*below].contains("-->")),
            false => heading.is_none_or(|heading| heading >= at).then_some(lines.len() - 1),
        });
        unseen.extend(end.into_iter().flat_map(|end| at..=end));
        at = end.unwrap_or(at) + 1;
    }
    unseen
}

/// The lines that may be headings: as the form writes them; and, for questions that it has none of, as somebody else might.
pub fn candidates(lines: &[&str]) -> Vec<Candidate> {
    let unseen = &hidden(lines);
    let all = |read: fn(&str) -> Option<(Question, Language)>| {
        let seen = lines.iter().enumerate().filter(move |(at, _)| !unseen.contains(at));
        seen.filter_map(move |(at, line)| Some((at, read(line)?)))
    };
    let own: Vec<Candidate> = all(of_heading).collect();
    let lacks = |q: Question| !own.iter().any(|(_, (there, _))| *there == q);
    let mut found: Vec<Candidate> = all(meant_by).filter(|(_, (q, _))| lacks(*q)).collect();
    // Karmada's own form has nothing to agree to, and whoever writes that word in it means no heading.
    let newer = |(_, (q, _)): &Candidate| *q != Question::Agreement && !Question::OLD.contains(q);
    if !own.iter().chain(&found).any(newer) {
        found.retain(|(_, (q, _))| *q != Question::Agreement);
    }
    found.extend(own);
    let known: BTreeSet<Question> = found.iter().map(|(_, (q, _))| *q).collect();
    let seen = || (0..lines.len()).filter(|at| !unseen.contains(at));
    // What is called nearly so begins an answer where that is a form anyway, and only one line can be it.
    if known.len() > 1 || are_a_form(seen().filter_map(|at| dressed(lines, at))) {
        let near: Vec<Candidate> = seen().filter_map(|at| Some((at, nearly(lines, at)?))).collect();
        let is_one = |q: Question| near.iter().filter(|(_, (there, _))| *there == q).count() == 1;
        found.extend(near.iter().filter(|(_, (q, _))| !known.contains(q) && is_one(*q)));
        if !found.iter().any(newer) {
            found.retain(|(at, (q, _))| *q != Question::Agreement || is_own(lines, *at));
        }
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}

/// Whether these labels of the form are so many that nobody wrote them by chance, with that of the name among them.
fn are_a_form(labels: impl Iterator<Item = (Question, Language)>) -> bool {
    let labels: BTreeSet<Question> = labels.map(|(question, _)| question).collect();
    labels.len() > MOST_BY_CHANCE && labels.contains(&Question::Name)
}

/// In which language a text is that has the form's labels with the answers behind them.
fn answered_beside(lines: &[&str]) -> Option<Language> {
    let unseen = hidden(lines);
    let seen = lines.iter().enumerate().filter(|(at, _)| !unseen.contains(at));
    let labels: Vec<_> = seen.filter_map(|(_, line)| Question::labelled(&label_before(line)?)).collect();
    are_a_form(labels.iter().copied()).then(|| labels[0].1)
}

/// The form's headings.
pub struct Headings {
    /// In the form's order.
    pub row: Vec<Candidate>,
    /// Those of other questions, just as the form writes them, that stand out of that order; one a question.
    pub strays: Vec<Candidate>,
    /// Whether it is a form with something to agree to, and not Karmada's own.
    pub ours: bool,
    pub language: Language,
}

pub fn headings(lines: &[&str]) -> Result<Headings, Unread> {
    let all = candidates(lines);
    // Somebody may have translated one of them.
    let as_written = all.iter().any(|(at, _)| is_own(lines, *at));
    let written_in = |language| {
        let own = all.iter().filter(|(at, (_, l))| *l == language && (!as_written || is_own(lines, *at)));
        own.map(|(_, (q, _))| *q).collect::<BTreeSet<_>>()
    };
    let own = [Language::English, Language::Chinese].map(written_in);
    let most = [own[0].len(), own[1].len()];
    let mainly = if most[0] >= most[1] { Language::English } else { Language::Chinese };
    let Some(first) = all.iter().find(|(_, (q, _))| *q == Question::Name) else {
        // So many of them nobody writes by chance.
        let other = || answered_beside(lines).map_or(Unread::Other, Unread::Beside);
        return Err(if most[0].max(most[1]) > MOST_BY_CHANCE { Unread::Nameless(mainly) } else { other() });
    };
    let language = if most[0] == most[1] { first.1.1 } else { mainly };
    // Karmada's own form ends with the contact; ours has something to agree to, behind that. Whoever takes that away leaves much
    // else that Karmada's never had.
    let [in_english, in_chinese] = own;
    let own = if language == Language::English { in_english } else { in_chinese };
    let newer = own.iter().filter(|q| !Question::OLD.contains(q)).count();
    let agreement = all.iter().any(|(_, (q, _))| *q == Question::Agreement);
    let ours = agreement || newer > MOST_BY_CHANCE;
    let has = |q: Question| all.iter().any(|(_, (there, l))| *there == q && *l == language);
    let belongs = |(_, (q, l)): &Candidate| (*l == language || !has(*q)) && (ours || Question::OLD.contains(q));
    let all: Vec<_> = all.iter().copied().filter(belongs).collect();
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
    let found = |question: Question| row.iter().chain(&strays).any(|(_, (there, _))| *there == question);
    let unseen = hidden(lines).into_iter().filter(|at| stands_apart(lines, *at));
    match unseen.filter_map(|at| of_heading(lines[at])).find(|(question, l)| *l == language && !found(*question)) {
        Some((question, language)) => Err(Unread::Hidden(question, language)),
        None => Ok(Headings { row, strays, ours, language }),
    }
}

/// So many headings of our form somebody may write into an answer to Karmada's.
const MOST_BY_CHANCE: usize = 2;

/// Whether a line is a heading just as the form writes it.
pub fn is_own(lines: &[&str], at: usize) -> bool {
    lines.get(at).is_some_and(|line| of_heading(line).is_some())
}

/// A line that may be a heading of the form.
pub type Candidate = (usize, (Question, Language));

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

/// Each heading, in the order of the lines, and where what stands below it ends.
pub fn sections(row: &[Candidate], strays: &[Candidate], lines: usize) -> Vec<(Candidate, usize)> {
    let mut all: Vec<Candidate> = row.iter().chain(strays).copied().collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    let ends: Vec<usize> = all.iter().skip(1).map(|(at, _)| *at).chain([lines]).collect();
    all.into_iter().zip(ends).collect()
}

/// A line that may have other words for a heading: how it is told from words of an answer.
struct Dressed {
    /// What it says, without that.
    label: String,
    /// As a heading or in bold; otherwise only with a colon.
    boldly: bool,
}

impl Dressed {
    fn of(line: &str) -> Self {
        let line = as_seen(line);
        let (label, is_heading) = unlevelled(unlisted(line.trim()));
        let (label, is_wrapped) = unwrapped(label, |label| {
            let bold = ["**", "__", "*", "_"].into_iter().find_map(|mark| {
                label.strip_prefix(mark)?.strip_suffix(mark).filter(|inner| !inner.contains(mark) && !inner.is_empty())
            });
            bold.or_else(|| untagged(label))
        });
        Self { label: bare(label).to_owned(), boldly: is_heading || is_wrapped }
    }
}

/// A line without the mark of an item in a list, or of a quotation.
fn unlisted(line: &str) -> &str {
    let marked = ["- ", "* ", "+ ", "> "].into_iter().find_map(|mark| line.strip_prefix(mark));
    marked.map_or(line, str::trim)
}

/// What stands in a heading or in bold of HTML.
fn untagged(line: &str) -> Option<&str> {
    ["h1", "h2", "h3", "h4", "h5", "h6", "b", "strong"].into_iter().find_map(|tag| {
        let inner = line.strip_prefix('<')?.strip_prefix(tag)?.strip_prefix('>')?;
        inner.strip_suffix('>')?.strip_suffix(tag)?.strip_suffix("</")
    })
}

/// A label without its number, what is drawn before it, and what is said behind it of whether it has to be answered.
fn bare(label: &str) -> &str {
    let aside = |c| matches!(c, '(' | '（' | '[' | '【');
    let closes = label.ends_with([')', '）', ']', '】']);
    let label = label.rfind(aside).filter(|at| closes && *at > 0).map_or(label, |at| &label[..at]);
    let number = label.trim_start_matches(|c: char| c.is_ascii_digit());
    let label =
        number.strip_prefix(['.', ')', '、', '：', ':']).filter(|_| number.len() < label.len()).unwrap_or(label);
    label.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The question whose label a line is, drawn as a heading in whatever way.
fn dressed(lines: &[&str], at: usize) -> Option<(Question, Language)> {
    let Dressed { label, boldly } = Dressed::of(lines.get(at)?);
    Question::labelled(&label).filter(|_| boldly || is_underlined(lines, at))
}

/// Whether a line is made a heading by the one below it.
fn is_underlined(lines: &[&str], at: usize) -> bool {
    lines.get(at + 1).is_some_and(|below| is_rule(below))
}

/// Where what stands below a heading begins.
pub fn below(lines: &[&str], at: usize) -> usize {
    let is_marked = lines[at].trim_start().starts_with(['#', '*', '_', '<', '>']);
    at + 1 + usize::from(!is_marked && is_underlined(lines, at))
}

/// The question whose heading a line nearly is: by another word for it, in the other language, or mistyped.
pub fn nearly(lines: &[&str], at: usize) -> Option<(Question, Language)> {
    if let Some(found) = dressed(lines, at) {
        return Some(found);
    }
    let line = lines.get(at)?;
    let Dressed { label, boldly } = Dressed::of(line);
    // Answers are full of words; a label that stands there alone, or with a colon behind it, begins one.
    let alone = || stands_apart(lines, at);
    let calls = line.trim_end().ends_with([':', '：']);
    let found = match boldly {
        true => Question::called(&label).or_else(|| Question::mistyped(&label)),
        false if calls => Question::labelled(&label).or_else(|| Question::called(&label)),
        false if alone() => Question::labelled(&label).filter(|_| label.chars().count() >= ALONE),
        false => None,
    };
    // Whoever agrees to something by other words has agreed to nothing.
    found.filter(|(q, _)| *q != Question::Agreement)
}

/// Fewer letters are a word of an answer, where nothing else tells a heading.
const ALONE: usize = 12;

/// Whether a line that is no heading of the form would be read as one by people: as any heading, or by its label.
pub fn is_like_one(lines: &[&str], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let level = line.trim_start().bytes().take_while(|b| *b == b'#').count();
    let behind = line.trim_start().get(level..).unwrap_or_default();
    let is_heading = (1..=6).contains(&level) && behind.starts_with([' ', '\t', '\u{a0}', '\u{3000}']);
    let underlined = is_underlined(lines, at) && {
        let label = as_seen(line);
        Question::labelled(label.trim()).or_else(|| Question::called(label.trim())).is_some()
    };
    (is_heading && !behind.trim().is_empty()) || meant_by(line).is_some() || underlined
}

/// Whether a line makes a heading of the one above it.
fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() > 1 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

/// The question whose label a line begins with, its answer behind a colon.
pub fn begins_with(line: &str) -> Option<Question> {
    let label = label_before(line)?;
    Question::labelled(&label).or_else(|| Question::called(&label)).map(|(q, _)| q)
}

/// What stands before a colon on a line, where something stands behind it.
fn label_before(line: &str) -> Option<String> {
    let line = as_seen(line);
    let (label, answer) = unlisted(line.trim()).split_once([':', '：'])?;
    // An address has a colon, too.
    let is_answered = !answer.trim_matches(['*', '_', ' ']).is_empty() && !answer.starts_with("//");
    let label = label.trim_matches(|c: char| matches!(c, '*' | '_' | '#') || c.is_whitespace());
    is_answered.then(|| label.to_owned())
}
