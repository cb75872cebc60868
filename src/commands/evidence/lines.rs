//! Checks in words, for a person.

use console::Style;
use serde_json::Value;

use crate::domain::text;
use crate::evidence::{Check, Id};

/// A check on a line: an icon and a word, what it is about, why, and what was seen.
pub(super) fn of(check: &Value) -> String {
    let said = |key: &str| check[key].as_str().unwrap_or_default();
    let (icon, style) = match said("outcome") {
        "passed" => ("✔", Style::new().green()),
        "failed" => ("✘", Style::new().red()),
        "exempt" => ("–", Style::new().dim()),
        _ => ("?", Style::new().yellow()),
    };
    let label = match said("check").parse::<Id>() {
        Ok(id) => id.label().to_owned(),
        // Of another version of the program.
        Err(_) => text::visible(said("check")),
    };
    let word = style.apply_to(format!("{icon} {:<7}", text::visible(said("outcome"))));
    let why = check["why"].as_str().map(|why| format!(": {}", text::visible(why))).unwrap_or_default();
    let facts = check["facts"].as_object();
    let seen: Vec<String> = facts.into_iter().flatten().filter_map(|(key, value)| shown(key, value)).collect();
    let seen = match seen.is_empty() {
        true => String::new(),
        false => Style::new().dim().apply_to(format!(" ({})", seen.join("; "))).to_string(),
    };
    format!("{word} {label}{why}{seen}\n")
}

/// A fact in a few words. What only programs want is left to `--json`.
fn shown(key: &str, value: &Value) -> Option<String> {
    const LONGEST: usize = 120;
    let cut = |text: &str| -> String {
        let shown: String = text.chars().take(LONGEST).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        format!("{}{more}", text::visible(&shown))
    };
    let words = match (key, value) {
        ("proxy" | "hash" | "print" | "fields" | "alike" | "ended" | "recused" | "site" | "mailbox", _) => return None,
        ("addresses_judged", Value::Bool(judged)) => {
            return (!judged).then(|| "addresses couldn't be judged behind the proxy".to_owned());
        }
        ("redirects", Value::Array(hops)) => hops.len().to_string(),
        ("certificate", Value::Object(certificate)) => {
            let said = |key: &str| certificate.get(key).and_then(Value::as_str).unwrap_or_default();
            return Some(format!("certificate by {} until {}", cut(said("issuer")), cut(said("not_after"))));
        }
        (_, Value::String(words)) => cut(words),
        (_, Value::Array(items)) => cut(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
        (_, value) => cut(&value.to_string()),
    };
    Some(format!("{} {words}", text::visible(&key.replace('_', " "))))
}

/// How many of each.
pub(super) fn summary(checks: &[Check]) -> String {
    let count = |word: &str| checks.iter().filter(|check| check.outcome.word() == word).count();
    let words = ["passed", "failed", "exempt", "unknown"].map(|word| format!("{} {word}", count(word)));
    format!("{}. Checks inform; people decide.\n", words.join(", "))
}
