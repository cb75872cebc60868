//! Checks in words, for a person.

use console::Style;
use serde_json::Value;

use crate::domain::text;
use crate::evidence::{Check, Id, Principle};
use crate::ui::padded;

/// The checks by principle, in a fixed order, each with its label; of each, what failed first.
pub fn by_principle<'c>(checks: impl IntoIterator<Item = &'c Value>) -> Vec<(&'static str, Vec<&'c Value>)> {
    let id = |check: &Value| check["check"].as_str().and_then(|id| id.parse::<Id>().ok());
    let checks: Vec<&Value> = checks.into_iter().collect();
    let groups = [
        (Some(Principle::Authenticity), tr!("authenticity")),
        (Some(Principle::Url), tr!("address")),
        (Some(Principle::Relevance), tr!("relevance")),
        (None, tr!("besides")),
    ];
    let group = |(principle, label)| {
        let of_it = checks.iter().copied().filter(|check| id(check).and_then(Id::principle) == principle);
        let mut of_it: Vec<&Value> = of_it.collect();
        of_it.sort_by_key(|check| (check["outcome"] != "failed", id(check)));
        (label, of_it)
    };
    groups.into_iter().map(group).filter(|(_, of_it)| !of_it.is_empty()).collect()
}

/// All of them in words: each in the words of `told`, with why.
pub(super) fn all<'c>(
    checks: impl IntoIterator<Item = &'c Value>,
    told: impl Fn(&'c Value) -> (&'c Value, Option<String>),
) -> String {
    let line = |check: &'c Value| {
        let (check, why) = told(check);
        format!("  {}", of(check, why))
    };
    let group = |(label, checks): (&str, Vec<&'c Value>)| {
        format!("{label}\n{}", checks.into_iter().map(line).collect::<String>())
    };
    by_principle(checks).into_iter().map(group).collect()
}

/// A check on a line: an icon and a word, what it is about, why, and what was seen.
fn of(check: &Value, why: Option<String>) -> String {
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
    let outcome = match said("outcome") {
        "passed" => tr!("passed").to_owned(),
        "failed" => tr!("failed").to_owned(),
        "exempt" => tr!("exempt").to_owned(),
        "unknown" => tr!("unknown").to_owned(),
        other => text::visible(other),
    };
    let word = style.apply_to(format!("{icon} {}", padded(&outcome, 7)));
    let words = match why {
        Some(why) => tr!("{check}: {why}", check = label, why),
        None => label,
    };
    let facts = check["facts"].as_object();
    let seen: Vec<String> = facts.into_iter().flatten().filter_map(|(key, value)| shown(key, value)).collect();
    let seen = match seen.is_empty() {
        true => String::new(),
        false => Style::new().dim().apply_to(format!(" ({})", seen.join(tr!("between clauses" => "; ")))).to_string(),
    };
    format!("{word} {words}{seen}\n")
}

/// A fact in a few words. What only programs want is left to `--json`.
fn shown(key: &str, value: &Value) -> Option<String> {
    const LONGEST: usize = 120;
    let cut = |text: &str| -> String {
        let shown = text::beginning(text, LONGEST);
        let more = if shown.len() < text.len() { "…" } else { "" };
        format!("{}{more}", text::visible(shown))
    };
    let words = match (key, value) {
        ("proxy" | "hash" | "print" | "fields" | "alike" | "ended" | "recused" | "site" | "mailbox", _) => return None,
        ("addresses_judged", Value::Bool(judged)) => {
            return (!judged).then(|| tr!("addresses couldn't be judged behind the proxy").to_owned());
        }
        ("redirects", Value::Array(hops)) => hops.len().to_string(),
        ("certificate", Value::Object(certificate)) => {
            let said = |key: &str| certificate.get(key).and_then(Value::as_str).unwrap_or_default();
            let (issuer, day) = (cut(said("issuer")), cut(said("not_after")));
            return Some(tr!("certificate by {issuer} until {day}", issuer, day));
        }
        (_, Value::String(words)) => cut(words),
        (_, Value::Array(items)) => {
            cut(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(tr!("in a list" => ", ")))
        }
        (_, value) => cut(&value.to_string()),
    };
    let label = label(key).map_or_else(|| text::visible(&key.replace('_', " ")), str::to_owned);
    Some(format!("{label} {words}"))
}

/// What a fact is called that this version knows.
fn label(key: &str) -> Option<&'static str> {
    Some(match key {
        "address" => tr!("address"),
        "applications" => tr!("applications"),
        "bytes" => tr!("bytes"),
        "company" => tr!("company"),
        "compared" => tr!("compared"),
        "created" => tr!("created"),
        "cut" => tr!("cut"),
        "found" => tr!("found"),
        "height" => tr!("height"),
        "ink_percent" => tr!("ink percent"),
        "kind" => tr!("kind"),
        "language" => tr!("language"),
        "likely" => tr!("likely"),
        "link" => tr!("link"),
        "login" => tr!("login"),
        "mx" => tr!("mx"),
        "name" => tr!("name"),
        "of" => tr!("of"),
        "organizations" => tr!("organizations"),
        "path" => tr!("path"),
        "redirects" => tr!("redirects"),
        "remarks" => tr!("remarks"),
        "same_contact" => tr!("same contact"),
        "same_host" => tr!("same host"),
        "same_mail_domain" => tr!("same mail domain"),
        "servers" => tr!("servers"),
        "status" => tr!("status"),
        "times" => tr!("times"),
        "title" => tr!("title"),
        "transparent" => tr!("transparent"),
        "width" => tr!("width"),
        _ => return None,
    })
}

/// How many of each.
pub(super) fn summary(checks: &[Check]) -> String {
    let count = |word: &str| checks.iter().filter(|check| check.outcome.word() == word).count();
    let words = ["passed", "failed", "exempt", "unknown"].map(|word| format!("{} {word}", count(word)));
    format!("{}. Checks inform; people decide.\n", words.join(", "))
}
