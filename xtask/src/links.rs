//! Links between our pages, where the pages stand somewhere else: in an archive, or in a release's notes.

use std::borrow::Cow;

/// A page whose relative links lead somewhere: left where `there` says that the file is there; else to the project's page as of `revision`, or, as long as
/// it has none, only their words. `folder` is where the page stands in the repository, "" or "docs/".
pub fn mended(page: &str, folder: &str, home: Option<&str>, revision: &str, there: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, (target, after))) = rest.split_once("](").and_then(|(b, r)| Some((b, r.split_once(')')?))) {
        out += before;
        let path = in_repository(folder, target);
        match (path.filter(|path| !there(path.split('#').next().unwrap_or_default())), home) {
            (None, _) => out += &format!("]({target})"),
            (Some(path), Some(home)) => out += &format!("]({home}/blob/{revision}/{path})"),
            (Some(_), None) => match opening(&out) {
                Some(at) => {
                    let from = if out[..at].ends_with('!') { at - 1 } else { at };
                    out.replace_range(from..=at, "");
                }
                None => out += &format!("]({target})"),
            },
        }
        rest = after;
    }
    out += rest;
    let defined = out.split_inclusive('\n').filter_map(|line| match definition(line) {
        Some((name, target)) => home.map(|home| Cow::Owned(format!("{name}: {home}/{target}"))),
        None => Some(Cow::Borrowed(line)),
    });
    defined.collect()
}

/// A page without the lines that say where names in brackets lead.
pub fn without_definitions(page: &str) -> String {
    page.split_inclusive('\n').filter(|line| !(line.starts_with('[') && line.contains("]: "))).collect()
}

/// Where a relative link leads, from the repository's top on.
fn in_repository(folder: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with(['#', '/']) || target.starts_with("mailto:") || target.is_empty() {
        return None;
    }
    let mut parts: Vec<&str> = folder.split_terminator('/').collect();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Where the bracket that is to be closed next was opened.
fn opening(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.char_indices().rev().find_map(|(at, c)| {
        match c {
            ']' => open += 1,
            '[' if open == 0 => return Some(at),
            '[' => open -= 1,
            _ => {}
        }
        None
    })
}

/// A name and what it stands for, in a line such as `[1.0.0]: ../../releases/tag/v1.0.0`: a page of the project's that is no file.
fn definition(line: &str) -> Option<(&str, &str)> {
    line.starts_with('[').then_some(())?;
    line.split_once(": ../../")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "See [one](docs/a.md#b), [`two` [2]](x/c.md) and [three](#here), [four](https://e.example/x).\n\n[1.0.0]: ../../releases/tag/v1.0.0\n";
    const HOME: Option<&str> = Some("https://g.example/o/r");

    #[test]
    fn links_lead_to_what_is_there_or_to_the_projects_page() {
        let all = mended(PAGE, "", HOME, "v1", &|_| false);
        let expected = "See [one](https://g.example/o/r/blob/v1/docs/a.md#b), [`two` [2]](https://g.example/o/r/blob/v1/x/c.md) \
                        and [three](#here), [four](https://e.example/x).\n\n[1.0.0]: https://g.example/o/r/releases/tag/v1.0.0\n";
        assert_eq!(all, expected);
        let some = mended(PAGE, "", HOME, "v1", &|path| path == "docs/a.md");
        assert!(some.starts_with("See [one](docs/a.md#b), [`two` [2]](https://"), "{some}");
    }

    #[test]
    fn without_a_home_what_leads_nowhere_is_plain() {
        let plain = mended(PAGE, "", None, "v1", &|_| false);
        assert_eq!(plain, "See one, `two` [2] and [three](#here), [four](https://e.example/x).\n\n");
        assert_eq!(mended("![a picture](a.svg)", "", None, "v1", &|_| false), "a picture");
        assert_eq!(without_definitions("[a]: b\nc [d]\n"), "c [d]\n");
    }

    #[test]
    fn a_page_in_a_folder_leads_from_there() {
        let page = "[a](b.md) [c](../D.md) [e](../../f)";
        let home = mended(page, "docs/", HOME, "v1", &|path| path == "docs/b.md");
        assert_eq!(home, "[a](b.md) [c](https://g.example/o/r/blob/v1/D.md) [e](../../f)");
    }
}
