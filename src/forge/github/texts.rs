//! What issues, pull requests, reviews and comments say. The words come from templates; a registry's own win. Whatever
//! others wrote stands in code spans: there it can't mention, close, link or format anything.

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, State};

use crate::domain::program::github::RepoName;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::registry::{Snapshot, own_words};
use crate::render::template_fault::TemplateFault;

/// The templates there are, with the words the program brings along.
const TEMPLATES: [(&str, &str); 12] = [
    ("application.md", include_str!("../../../templates/github/application.md")),
    ("application-zh.md", include_str!("../../../templates/github/application-zh.md")),
    ("issue.md", include_str!("../../../templates/github/issue.md")),
    ("pull-request.md", include_str!("../../../templates/github/pull-request.md")),
    ("review.md", include_str!("../../../templates/github/review.md")),
    ("decision.md", include_str!("../../../templates/github/decision.md")),
    ("links.md", include_str!("../../../templates/github/links.md")),
    ("tally.md", include_str!("../../../templates/github/tally.md")),
    ("seen.md", include_str!("../../../templates/github/seen.md")),
    ("remind.md", include_str!("../../../templates/github/remind.md")),
    ("renewal.md", include_str!("../../../templates/github/renewal.md")),
    ("website.md", include_str!("../../../templates/github/website.md")),
];

pub const DIRECTORY: &str = "templates/github";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    pub title: String,
    pub body: String,
}

#[derive(Debug)]
pub struct Texts {
    environment: Environment<'static>,
}

impl Texts {
    /// The program's own templates, and over them those of a registry: name and content each.
    pub fn new(own: &[(String, String)]) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(format);
        environment.set_trim_blocks(false);
        environment.add_filter("plain", |value: &Value| Value::from_safe_string(text::inert(&words(value))));
        environment.add_filter("link", |value: &Value| Value::from_safe_string(link(&words(value))));
        environment.add_filter("block", |value: &Value| Value::from_safe_string(fenced(&words(value))));
        environment.add_filter("image", |value: &Value, what: &Value| {
            let (address, what) = (words(value), words(what));
            let alt: String = what.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
            Value::from_safe_string(if address.is_empty() { String::new() } else { format!("![{alt}]({address})") })
        });
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(|e| broken(&e, name))?;
        }
        for (name, source) in own.iter().filter(|(name, _)| TEMPLATES.iter().any(|(known, _)| known == name)) {
            environment.add_template_owned(name.clone(), source.clone()).map_err(|e| broken(&e, name))?;
        }
        Ok(Self { environment })
    }

    pub fn fill(&self, name: &str, values: &serde_json::Value) -> Result<String> {
        let template = self.environment.get_template(name).map_err(|e| broken(&e, name))?;
        let filled = template.render(Value::from_serialize(values)).map_err(|e| broken(&e, name))?;
        Ok(format!("{}\n", filled.trim()))
    }

    /// A template whose first line, `# …`, is a title.
    pub fn titled(&self, name: &str, values: &serde_json::Value) -> Result<Titled> {
        let filled = self.fill(name, values)?;
        match filled.split_once('\n').and_then(|(first, rest)| Some((first.strip_prefix("# ")?, rest))) {
            Some((title, body)) => Ok(Titled { title: title.trim().to_owned(), body: body.trim_start().to_owned() }),
            None => Err(Error::usage(format!("{DIRECTORY}/{name} of the registry: line 1 isn't a title"))
                .hint("begin it with a line “# …”")),
        }
    }
}

/// The issue that a pull request's text says it fixes, as it stands there.
#[must_use]
pub fn fixes(body: &str) -> Option<&str> {
    all_fixes(body).next()
}

/// The same where somebody wrote several.
pub fn all_fixes(body: &str) -> impl Iterator<Item = &str> {
    body.lines().filter_map(|line| line.trim().strip_prefix("Fixes ")).map(str::trim)
}

/// What stands behind `Fixes`.
#[must_use]
pub fn named_issue(registry: &RepoName, fixes: &str) -> Option<(RepoName, u64)> {
    let (place, number) = fixes.split_once('#')?;
    let place = if place.is_empty() { registry.clone() } else { place.parse().ok()? };
    Some((place, number.parse().ok()?))
}

/// A template that doesn't do.
fn broken(error: &minijinja::Error, name: &str) -> Error {
    let TemplateFault { name: at, line, why } = TemplateFault::of(error);
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    Error::usage(format!("{DIRECTORY}/{}{line} of the registry can't be used: {why}", at.unwrap_or(name)))
        .hint("mend the template in the registry, or remove it: the program brings one along")
}

/// What isn't marked as safe goes into a code span.
fn format(out: &mut minijinja::Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    let mut text = words(value);
    // Squashing may make a commit's message of a pull request's text: there a code span keeps nothing from acting.
    if state.name() == "pull-request.md" && !value.is_safe() {
        text = text::inert(&text);
    }
    let shown = if value.is_safe() || value.is_number() { text } else { code(&text) };
    out.write_str(&shown).map_err(minijinja::Error::from)
}

fn words(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_none() || value.is_undefined() => String::new(),
        None => value.to_string(),
    }
}

/// The longest run of backticks in a text.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// A code span around a text, whatever stands in it.
fn code(text: &str) -> String {
    let text = text::one_line(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    // A bar would end a table's cell even here.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\u{2502}"))
}

pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// A link to an address that is known to be one.
fn link(address: &str) -> String {
    let harmless = address.starts_with("http") && !address.contains(['<', '>', ' ', '\\', '`', '|']);
    if harmless { format!("<{address}>") } else { code(address) }
}

/// The words of one template of `templates/github/`: the registry's own, if it has them.
pub fn texts(snapshot: &Snapshot<'_>, name: &str) -> Result<Texts> {
    let own = own_words::read(snapshot, &format!("{DIRECTORY}/{name}"))?;
    Texts::new(&own.map(|source| (name.to_owned(), source)).into_iter().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_others_wrote_cannot_act() {
        assert_eq!(code("@team fixes #1"), "`@team fixes #1`");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(code("x | y\nz"), "`x \u{2502} y z`");
        assert_eq!(fenced("````\n"), "`````text\n````\n`````");
        assert_eq!(link("https://a.example/x"), "<https://a.example/x>");
        assert_eq!(link("https://a.example/>x"), "`https://a.example/>x`");
    }

    #[test]
    fn a_broken_template_says_where() {
        let own = [("issue.md".to_owned(), "# a\n\n{{ name".to_owned())];
        let error = Texts::new(&own).unwrap_err();
        assert!(error.message.starts_with("templates/github/issue.md:3 of the registry can't be used: "), "{error}");
        let own = [("issue.md".to_owned(), "no title".to_owned())];
        let error = Texts::new(&own).unwrap().titled("issue.md", &json!({})).unwrap_err();
        assert!(error.message.contains("line 1 isn't a title"), "{error}");
    }

    #[test]
    fn the_own_templates_can_be_filled() {
        let texts = Texts::new(&[]).unwrap();
        let values = json!({"name": "Fixes #1 @all", "website": "https://a.example", "github": "a", "partner": "a", "title": "a: A", "kind": "applied"});
        let issue = texts.titled("issue.md", &values).unwrap();
        assert!(issue.title.starts_with("REQUEST: Organization Fixes #\u{200b}1 @\u{200b}all that provides"));
        assert!(issue.body.contains("### Org or company name\n\n`Fixes #1 @all`\n"), "{}", issue.body);
        assert!(issue.body.contains("E-mail: _No response_"), "{}", issue.body);
        let pull = texts.titled("pull-request.md", &values).unwrap();
        assert!(pull.body.contains("/kind documentation"), "{}", pull.body);
        assert!(
            !pull.body.contains("#1") && !pull.body.contains("@all"),
            "it may become a commit's message: {}",
            pull.body
        );
    }
}
