//! Edits `src/data/partnersData.tsx` in place: cards come, change, go and move. All else in the file stays as it is.
//!
//! A card that doesn't change keeps its very bytes, comments stay beside their cards, and those beside and in a card that
//! goes stay in its place. What can't be kept is a fault, before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::card::{Card, PageFault, message_id};
use super::tsx_card::TextPlace;
use super::tsx_habits::{Habits, is_quote};
use super::tsx_read::{Element, Import, Layout, layout};
use super::tsx_text::literal;
use super::tsx_write::{self, Component};
use crate::domain::text::visible;

/// A card as it is to be, with the number of the one that it comes from. Its `variable` doesn't matter.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub from: Option<usize>,
    pub card: Card,
}

/// By this a file says where its cards come from.
const MARK: &str = "karmada-partner";

/// The file, which has this layout, with these cards, in their order; a new remark names the registry that they come from.
pub(super) fn edit(source: &str, layout: &Layout, wanted: &[Wanted], registry: &str) -> Result<String, PageFault> {
    let mark = if source.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let text = &source[mark.len()..];
    let unchanged = layout.cards.len() == wanted.len() && {
        let same =
            |(at, wanted): (usize, &Wanted)| wanted.from == Some(at) && is_same(&layout.cards[at].0, &wanted.card);
        wanted.iter().enumerate().all(same)
    };
    if unchanged {
        return Ok(source.to_owned());
    }
    let kept = wanted.iter().filter_map(|w| Some((w.from?, w.card.file.as_str()))).collect();
    let images = images(layout);
    let names = layout.names.keys().cloned().collect();
    let habits = Habits::of(text, layout);
    let mut editing = Editing { text, images, names, kept, layout, habits, new_imports: String::new() };
    let mut unused = editing.unused(wanted);
    let mut edits = editing.lead_elsewhere(wanted, &mut unused);
    let component = editing.component();
    let list = editing.list(wanted, &component)?;
    edits.push((layout.list.clone(), list));
    let comments = |c: &Range<usize>| text.get(c.clone()).is_some_and(|c| c.contains(MARK));
    if !layout.comments.iter().any(comments) {
        let head = format!(
            "// The cards are written by {MARK} from the records of the {}.\n\
             // To change one, change the registry; what else stands in this file is kept.\n\n",
            visible(registry)
        );
        edits.push((layout.first..layout.first, head));
    }
    let new = std::mem::take(&mut editing.new_imports);
    if !new.is_empty() {
        let keeps = |import: &&Import| !unused.contains(&import.statement.start);
        let edit = match layout.imports.iter().rev().find(keeps) {
            Some(last) => {
                let end = behind_comments(text, layout, last.statement.end);
                (end..end, format!("\n{}", new.trim_end()))
            }
            None => (layout.first..layout.first, new),
        };
        edits.push(edit);
    }
    for import in layout.imports.iter().filter(|import| unused.contains(&import.statement.start)) {
        edits.push(without(text, layout, import.statement.clone()));
    }
    let out = format!("{mark}{}", applied(text, edits));
    verify(&out, wanted)?;
    Ok(out)
}

fn is_same(is: &Card, should: &Card) -> bool {
    let told = |card: &Card| Card { variable: String::new(), ..card.clone() };
    told(is) == told(should)
}

/// Nothing is written that doesn't say what it should.
fn verify(out: &str, wanted: &[Wanted]) -> Result<(), PageFault> {
    let again = layout(out)?;
    match again.cards.len() == wanted.len() && again.cards.iter().zip(wanted).all(|((is, _), w)| is_same(is, &w.card)) {
        true => Ok(()),
        false => Err(PageFault::new(
            1,
            "the cards can't be changed without loss",
            "this is a defect of karmada-partner; please report it",
        )),
    }
}

/// A text with these edits, which don't overlap. New lines end as those of the text do.
fn applied(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    let crlf = text.contains("\r\n");
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut out, mut at) = (String::new(), 0);
    for (range, new) in edits {
        out += &text[at..range.start];
        match crlf {
            true => out += &new.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => out += &new,
        }
        at = range.end;
    }
    out + &text[at..]
}

/// The end of the last comment on the line on which something ends.
fn behind_comments(text: &str, layout: &Layout, statement_end: usize) -> usize {
    let mut end = statement_end;
    for comment in layout.comments.iter().filter(|c| c.start >= statement_end) {
        match text[end..comment.start].trim_matches([' ', '\t', ';']).is_empty() {
            true => end = comment.end,
            false => break,
        }
    }
    end
}

/// A statement taken out. Comments in it stay in its place; where no semicolon ends it, it reaches over those behind it.
fn without(text: &str, layout: &Layout, statement: Range<usize>) -> (Range<usize>, String) {
    let comments = within(text, layout, &statement);
    let Some(last) = comments.last() else { return (whole_line(text, statement), String::new()) };
    let ends_line = text[statement.end..].trim_start_matches([' ', '\t']).starts_with(['\r', '\n']);
    let end = if last.starts_with("//") && !ends_line { "\n" } else { "" };
    let between = |pair: &[&str]| if pair[0].starts_with("//") { "\n" } else { " " };
    let mut kept = comments[0].to_owned();
    for pair in comments.windows(2) {
        kept += between(pair);
        kept += pair[1];
    }
    (statement, kept + end)
}

/// A statement with the line on which it stands, if nothing else does.
fn whole_line(text: &str, statement: Range<usize>) -> Range<usize> {
    let start = text[..statement.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[statement.end..].find('\n').map_or(text.len(), |at| statement.end + at + 1);
    let alone = text[start..statement.start].trim().is_empty() && text[statement.end..end].trim().is_empty();
    if alone { start..end } else { statement }
}

/// The names under which logos' files are imported.
fn images(layout: &Layout) -> BTreeMap<String, String> {
    let imported = layout.imports.iter().filter_map(|import| import.image.as_ref());
    imported
        .filter_map(|(name, path)| Some((path.rsplit_once("static/img/supporters/")?.1.to_owned(), name.clone())))
        .collect()
}

struct Editing<'l> {
    text: &'l str,
    layout: &'l Layout,
    habits: Habits,
    /// The names under which logos' files are imported: now, and of those that come.
    images: BTreeMap<String, String>,
    /// Names that aren't free.
    names: BTreeSet<String>,
    /// The cards that stay, by number, with the files that they are to show.
    kept: BTreeMap<usize, &'l str>,
    new_imports: String,
}

impl Editing<'_> {
    /// What shows a text that can be translated.
    fn component(&mut self) -> Component {
        if let Some(name) = &self.layout.component {
            return Component::Element(name.clone());
        }
        if let Some(name) = &self.layout.function {
            return Component::Function(name.clone());
        }
        let name = self.free_name("Translate");
        self.new_imports += &tsx_write::import(&name, "@docusaurus/Translate", &self.habits);
        if !self.layout.names.contains_key("React") {
            self.new_imports += &tsx_write::import("React", "react", &self.habits);
        }
        Component::Element(name)
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let free = |name: &String| !self.names.contains(name);
        let name = std::iter::once(wanted.to_owned()).chain(numbered).find(free).unwrap_or_default();
        self.names.insert(name.clone());
        name
    }

    /// The name under which a card's logo is imported.
    fn image(&mut self, card: &Card) -> String {
        if let Some(name) = self.images.get(&card.file) {
            return name.clone();
        }
        let name = self.free_name(&tsx_write::variable(card));
        self.new_imports += &tsx_write::logo_import(&name, &card.file, &self.habits);
        self.images.insert(card.file.clone(), name.clone());
        name
    }

    /// The list, brackets included.
    fn list(&mut self, wanted: &[Wanted], component: &Component) -> Result<String, PageFault> {
        let (text, layout) = (self.text, self.layout);
        let mut begin = layout.first_card;
        let mut leads = Vec::new();
        for (_, element) in &layout.cards {
            leads.push(text[begin..element.whole.start].to_owned());
            begin = element.end;
        }
        let mut tail = text[begin..layout.list.end].to_owned();
        // Comments of cards that go stay where those were.
        let mut carried = String::new();
        for (at, lead) in leads.iter_mut().enumerate() {
            if self.kept.contains_key(&at) {
                *lead = above(std::mem::take(&mut carried), lead);
                continue;
            }
            let element = &layout.cards[at].1;
            // Its comma goes with it, also where a comment stands before that.
            let behind = within(text, layout, &(element.whole.end..element.end));
            for part in [lead.trim_end()].into_iter().chain(comments_in(text, layout, at)).chain(behind) {
                if !part.trim().is_empty() {
                    carried += if part.starts_with(['\n', '\r']) { "" } else { "\n  " };
                    carried += part;
                }
            }
        }
        tail = above(carried, &tail);
        let mut out = text[layout.list.start..layout.first_card].to_owned();
        for (place, Wanted { from, card }) in wanted.iter().enumerate() {
            let ends = place + 1 < wanted.len() || self.habits.list_comma;
            let comma = if ends { "," } else { "" };
            let piece = match from {
                Some(at) => {
                    let (is, element) = &layout.cards[*at];
                    let rest = &text[element.whole.end..element.end];
                    let (comma, rest) = match rest.strip_prefix(',') {
                        Some(rest) => (comma, rest),
                        None if element.comma => ("", rest),
                        None => (comma, rest),
                    };
                    format!("{}{}{comma}{rest}", leads[*at], self.changed(is, element, card, component)?)
                }
                None => {
                    let name = self.image(card);
                    let object = tsx_write::object(card, &name, component, &self.habits);
                    indented(&format!("\n{object}{comma}"), step(text, layout))
                }
            };
            join(&mut out, &piece);
        }
        if tail == "]" && wanted.last().is_some_and(|last| last.from.is_none()) {
            tail.insert(0, '\n');
        }
        join(&mut out, &tail);
        Ok(out)
    }

    /// A card's text with what differs put in its place.
    fn changed(
        &mut self,
        is: &Card,
        element: &Element,
        should: &Card,
        component: &Component,
    ) -> Result<String, PageFault> {
        let places = &element.places;
        let mut edits = Vec::new();
        // Within the quotes that are there.
        let text_at = |place: &Range<usize>, text: &str| {
            let quote = self.text[place.clone()].chars().next().filter(|c| is_quote(*c));
            literal(text, quote.unwrap_or(self.habits.quote))
        };
        if is.title != should.title {
            edits.push((places.title.clone(), text_at(&places.title, &should.title)));
        }
        if is.web_url != should.web_url {
            edits.push((places.web_url.clone(), text_at(&places.web_url, &should.web_url)));
        }
        if (&is.slug, &is.description) != (&should.slug, &should.description) {
            let (TextPlace::Between(place) | TextPlace::Message(place) | TextPlace::Whole(place)) = &places.text;
            let inside = |c: &&Range<usize>| c.start >= place.start && c.end <= place.end;
            if let Some(comment) = self.layout.comments.iter().find(inside) {
                let line = self.text[..comment.start].matches('\n').count() + 1;
                let why = format!("a comment stands in the text of {}, which changes", message_id(&is.slug));
                return Err(PageFault::new(line, why, "move the comment in front of the card, and try again"));
            }
            let new_text = match &places.text {
                _ if is.slug != should.slug => {
                    indented(&tsx_write::description(should, component, &self.habits), step(self.text, self.layout))
                }
                TextPlace::Between(_) => {
                    let text = tsx_write::jsx(&should.description, self.habits.quote);
                    let (before, after) = breaks_around(&self.text[place.clone()]);
                    format!("{before}{text}{after}")
                }
                TextPlace::Message(_) | TextPlace::Whole(_) => text_at(place, &should.description),
            };
            edits.push((place.clone(), new_text));
        }
        if is.file != should.file {
            let name = self.image(should);
            let key = if places.shorthand { "image: " } else { "" };
            edits.extend((name != is.variable).then(|| (places.image.clone(), format!("{key}{name}"))));
        }
        let start = element.whole.start;
        for (range, _) in &mut edits {
            *range = range.start - start..range.end - start;
        }
        Ok(applied(&self.text[element.whole.clone()], edits))
    }

    /// Has imports that only one card uses lead to the file that it is to show; takes them out of those that nothing uses.
    fn lead_elsewhere(&mut self, wanted: &[Wanted], unused: &mut BTreeSet<usize>) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        for Wanted { from, card } in wanted {
            let Some(is) = from.map(|at| &self.layout.cards[at].0).filter(|is| is.file != card.file) else { continue };
            if self.images.contains_key(&card.file) {
                continue;
            }
            let named = |import: &&Import| import.image.as_ref().is_some_and(|(name, _)| *name == is.variable);
            let free = |import: &&Import| unused.contains(&import.statement.start);
            let Some(import) = self.layout.imports.iter().filter(free).find(named) else { continue };
            let statement = &self.text[import.statement.clone()];
            // What is written with escapes is imported anew.
            let Some((before, quote)) = statement.rsplit_once(&is.file).and_then(|(before, rest)| {
                let quote = rest.chars().next().filter(|c| is_quote(*c))?;
                before.ends_with('/').then_some((before, quote))
            }) else {
                continue;
            };
            let start = import.statement.start + before.len();
            let file = literal(&card.file, quote);
            edits.push((start..start + is.file.len(), file.trim_matches(quote).to_owned()));
            unused.remove(&import.statement.start);
            self.images.insert(card.file.clone(), is.variable.clone());
        }
        edits
    }

    /// Where imports begin whose name nothing uses any more.
    fn unused(&self, wanted: &[Wanted]) -> BTreeSet<usize> {
        let mut gone: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, (card, _)) in self.layout.cards.iter().enumerate() {
            if self.kept.get(&at) != Some(&card.file.as_str()) {
                *gone.entry(&card.variable).or_default() += 1;
            }
        }
        let shown: BTreeSet<&str> = wanted.iter().map(|w| w.card.file.as_str()).collect();
        let unused = |import: &&Import| {
            import.image.as_ref().is_some_and(|(name, path)| {
                let file = path.rsplit('/').next().unwrap_or_default();
                gone.get(name.as_str()).is_some_and(|gone| self.layout.names.get(name) == Some(&(gone + 1)))
                    && !shown.contains(file)
            })
        };
        self.layout.imports.iter().filter(unused).map(|import| import.statement.start).collect()
    }
}

/// The comments within a card, as they stand there.
pub(super) fn comments_in<'t>(source: &'t str, layout: &Layout, at: usize) -> Vec<&'t str> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    within(text, layout, &layout.cards[at].1.whole)
}

/// The comments in a part of a text.
fn within<'t>(text: &'t str, layout: &Layout, part: &Range<usize>) -> Vec<&'t str> {
    let inside = layout.comments.iter().filter(|c| part.start <= c.start && c.end <= part.end);
    inside.filter_map(|c| text.get(c.clone())).collect()
}

/// Comments on lines of their own, with what follows them.
fn above(comments: String, rest: &str) -> String {
    let breaks = if comments.is_empty() || rest.starts_with(['\n', '\r']) { "" } else { "\n" };
    comments + breaks + rest
}

/// What stands before a card that begins its line: by so much the file's lines are further in at each step.
fn step<'t>(text: &'t str, layout: &Layout) -> &'t str {
    let before = layout.cards.first().map_or("", |(_, element)| &text[..element.whole.start]);
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.is_empty() || !line.trim().is_empty() { STEP } else { line }
}

/// The space around a text between tags, where it reaches over lines: as far in as it stands, another comes to stand.
fn breaks_around(between: &str) -> (&str, &str) {
    let told = between.trim();
    let (before, after) =
        (&between[..between.len() - between.trim_start().len()], &between[between.trim_end().len()..]);
    let over_lines = |space: &str| !told.is_empty() && space.contains('\n');
    (if over_lines(before) { before } else { "" }, if over_lines(after) { after } else { "" })
}

/// What is written by two spaces a step, by others.
fn indented(text: &str, step: &str) -> String {
    let line = |line: &str| {
        let bare = line.trim_start_matches(' ');
        step.repeat((line.len() - bare.len()) / STEP.len()) + bare
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// By so much is each step further in as it is written.
const STEP: &str = "  ";

/// Puts a piece behind what there is; a comment that runs to the end of its line doesn't swallow it.
fn join(out: &mut String, piece: &str) {
    let line = out.rsplit('\n').next().unwrap_or_default();
    if line.contains("//") && !piece.starts_with(['\n', '\r']) {
        out.push('\n');
    }
    out.push_str(piece);
}

#[cfg(test)]
mod tests;
