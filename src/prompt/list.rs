//! Choosing from a list by keys. It looks as dialoguer's; what moves in it is here, since nothing pasted may.

use std::{fmt, io};

use console::{Key, Term};
use dialoguer::theme::Theme;

use super::choice::Choice;
use super::keys::{self, Typed, Unseen};
use crate::ui;

/// A list on the screen.
pub(super) struct List<'a> {
    pub term: &'a Term,
    pub theme: &'a dyn Theme,
    /// Above it, where that takes one line.
    pub label: Option<&'a str>,
    pub items: &'a [String],
    /// Whether keys lead back to what was asked before.
    pub goes_back: bool,
}

/// Lines that the label takes, and the cursor below the list.
const AROUND: usize = 2;

impl List<'_> {
    /// One of them, begun `at` a place.
    pub(super) fn one(&self, at: usize) -> io::Result<Choice> {
        self.walk(at, None)
    }

    /// Any number of them; none where the person goes away.
    pub(super) fn several(&self, mut marked: Vec<bool>) -> io::Result<Option<Vec<usize>>> {
        let Choice::Of(_) = self.walk(0, Some(&mut marked))? else { return Ok(None) };
        let chosen: Vec<usize> = (0..self.items.len()).filter(|n| marked[*n]).collect();
        if let Some(label) = self.label {
            let mut named: Vec<&str> = chosen.iter().map(|n| self.items[*n].as_str()).collect();
            if named.is_empty() {
                named.push("–");
            }
            self.line(&|out| self.theme.format_multi_select_prompt_selection(out, label, &named))?;
        }
        Ok(Some(chosen))
    }

    /// Moves until Return, and gives where that is.
    fn walk(&self, mut at: usize, mut marked: Option<&mut Vec<bool>>) -> io::Result<Choice> {
        let unseen = Unseen::begin();
        self.term.hide_cursor()?;
        let chosen = loop {
            let drawn = self.draw(at, marked.as_deref())?;
            let typed = keys::next(self.term)?;
            let chosen = match typed {
                Typed::Keys(keys) if keys.len() == 1 || keys.iter().all(moves) => {
                    keys.iter().find_map(|key| self.press(key, &mut at, marked.as_deref_mut()))
                }
                // Several letters at once are no keys of a list.
                Typed::Keys(_) => {
                    keys::forget(self.term)?;
                    None
                }
                Typed::Pasted(_) => None,
            };
            ui::take_back(drawn)?;
            if let Some(chosen) = chosen {
                break chosen;
            }
        };
        self.term.show_cursor()?;
        drop(unseen);
        Ok(chosen)
    }

    /// What a key does. Gives an end.
    fn press(&self, key: &Key, at: &mut usize, marked: Option<&mut Vec<bool>>) -> Option<Choice> {
        let (all, page) = (self.items.len(), self.page());
        match (key, marked) {
            (Key::ArrowDown | Key::Tab | Key::Char('j'), _) => *at = (*at + 1) % all,
            (Key::ArrowUp | Key::BackTab | Key::Char('k'), _) => *at = (*at + all - 1) % all,
            (Key::ArrowRight | Key::PageDown | Key::Char('l'), _) if page < all => {
                *at = if *at / page == (all - 1) / page { 0 } else { (*at / page + 1) * page };
            }
            (Key::ArrowLeft | Key::PageUp | Key::Char('h'), _) if page < all => {
                *at = (*at / page).checked_sub(1).unwrap_or((all - 1) / page) * page;
            }
            (Key::Home, _) => *at = 0,
            (Key::End, _) => *at = all - 1,
            (Key::Char(' '), Some(marked)) => marked[*at] = !marked[*at],
            (Key::Char('a'), Some(marked)) => {
                let whole = marked.iter().all(|m| *m);
                marked.fill(!whole);
            }
            (Key::Enter, _) | (Key::Char(' '), None) => return Some(Choice::Of(*at)),
            (Key::Escape | Key::ArrowLeft | Key::Backspace | Key::Char('b'), _) if self.goes_back => {
                return Some(Choice::Back);
            }
            (Key::Escape | Key::Char('q'), _) => return Some(Choice::Stop),
            _ => {}
        }
        None
    }

    /// How many items the screen holds at once.
    fn page(&self) -> usize {
        usize::from(self.term.size().0).saturating_sub(AROUND).max(1)
    }

    /// Draws it, and gives how many lines that took.
    fn draw(&self, at: usize, marked: Option<&Vec<bool>>) -> io::Result<usize> {
        let page = self.page();
        let (shown, pages) = (at / page, self.items.len().div_ceil(page));
        let mut lines = 0;
        if let Some(label) = self.label {
            lines += self.line(&|out| {
                self.theme.format_select_prompt(out, label)?;
                if pages > 1 { write!(out, " [{}/{pages}]", shown + 1) } else { Ok(()) }
            })?;
        }
        for (n, item) in self.items.iter().enumerate().skip(shown * page).take(page) {
            lines += self.line(&|out| match marked {
                Some(marked) => self.theme.format_multi_select_prompt_item(out, item, marked[n], n == at),
                None => self.theme.format_select_prompt_item(out, item, n == at),
            })?;
        }
        self.term.flush()?;
        Ok(lines)
    }

    fn line(&self, words: &dyn Fn(&mut dyn fmt::Write) -> fmt::Result) -> io::Result<usize> {
        let mut line = String::new();
        words(&mut line).map_err(io::Error::other)?;
        self.term.write_line(&line)?;
        let columns = usize::from(self.term.size().1).max(1);
        Ok(console::measure_text_width(&line).max(1).div_ceil(columns))
    }
}

/// Keys that a person may press faster than they are read.
const fn moves(key: &Key) -> bool {
    matches!(
        key,
        Key::ArrowDown
            | Key::ArrowUp
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::Tab
            | Key::BackTab
            | Key::Home
            | Key::End
            | Key::PageDown
            | Key::PageUp
            | Key::Enter
            | Key::Char(' ')
    )
}
