//! What there is to agree to in the form, and what was agreed to.

use super::{Language, plain};
use crate::domain::text;

/// What there is to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    Public,
    Speaks,
    /// The Developer Certificate of Origin.
    Origin,
}

impl Promise {
    pub const ALL: [Self; 3] = [Self::Public, Self::Speaks, Self::Origin];

    /// What stands beside its box.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Public, Language::English) => {
                "What I write here becomes public, and stays in a history that nobody can make forget."
            }
            (Self::Public, Language::Chinese) => "我知道这里填写的内容将会公开，并永久保留在无法删除的历史记录中。",
            (Self::Speaks, Language::English) => "I may speak for this organization.",
            (Self::Speaks, Language::Chinese) => "我有权代表该组织。",
            (Self::Origin, Language::English) => {
                "I agree to the Developer Certificate of Origin (https://developercertificate.org): commits with these answers name me as their author, and are signed off in my name."
            }
            (Self::Origin, Language::Chinese) => {
                "我同意开发者原创声明（DCO，https://developercertificate.org）：包含这些内容的提交以我为作者，并以我的名义签署。"
            }
        }
    }

    /// Its box, ticked.
    #[must_use]
    pub fn ticked(self, language: Language) -> String {
        format!("- [x] {}", self.words(language))
    }
}

/// What stands beside a box on a line, where that is ticked.
fn ticked(line: &str) -> Option<String> {
    let item = line.trim_start().strip_prefix(['-', '*', '+'])?.trim_start();
    let (mark, words) = item.strip_prefix('[')?.split_once(']')?;
    mark.trim().eq_ignore_ascii_case("x").then(|| bare(words))
}

/// Words without what an editor may have changed about them.
fn bare(words: &str) -> String {
    let seen: String = words.chars().filter(|c| !text::deceives(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(['.', '。']).to_owned()
}

/// What was agreed to.
#[must_use]
pub fn promised(typed: &str) -> Vec<Promise> {
    // What nobody sees, nobody agreed to.
    let seen = plain::uncommented(typed);
    let ticked: Vec<String> = seen.lines().filter_map(ticked).collect();
    let is = |p: &Promise| [Language::English, Language::Chinese].iter().any(|l| ticked.contains(&bare(p.words(*l))));
    Promise::ALL.into_iter().filter(is).collect()
}
