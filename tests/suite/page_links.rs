//! render directory: where its links lead.

use std::path::{Path, PathBuf};

use crate::env::TestEnv;

const ADDRESS: &str = "https://karmada.example/support/";

fn pages(root: &Path) -> Vec<PathBuf> {
    let (mut out, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "html") {
                out.push(path);
            }
        }
    }
    out
}

/// What the attributes of a page lead to, quoted or not.
fn leads_to(page: &str) -> Vec<String> {
    let of = |name: &str| {
        let after = page.match_indices(name).map(|(at, _)| &page[at + name.len()..]);
        let value = |rest: &str| match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
            None => rest.split([' ', '>']).next().unwrap_or_default().to_owned(),
        };
        after.map(value).collect::<Vec<_>>()
    };
    [of(" href="), of(" src=")].concat()
}

/// Where a target lies within the directory; `None` if it leads out of it.
fn within(root: &Path, page: &Path, target: &str) -> Option<PathBuf> {
    let target = target.replace("&#x2f;", "/");
    let own = target.strip_prefix(ADDRESS);
    let path = own.unwrap_or(&target).split(['#', '?']).next().unwrap_or_default();
    // What stands in a text isn't a link, and what is empty leads to the page itself.
    if path.contains(':') || target.starts_with('&') || (path.is_empty() && own.is_none()) {
        return None;
    }
    let place = if own.is_some() { root.join(path) } else { page.parent().unwrap().join(path) };
    Some(if path.is_empty() || path.ends_with('/') || place.is_dir() { place.join("index.html") } else { place })
}

#[test]
fn every_link_within_the_directory_leads_somewhere() {
    for url in ["", "\n[directory]\nurl = \"https://karmada.example/support\"\n"] {
        let env = TestEnv::with_partner();
        if !url.is_empty() {
            env.change_policy(|policy| policy + url);
        }
        env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "acme-bot"]).ok().code.unwrap();
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        let root = env.path("dir");
        let mut links = 0;
        for page in pages(&root) {
            for target in leads_to(&std::fs::read_to_string(&page).unwrap()) {
                if let Some(place) = within(&root, &page, &target) {
                    assert!(place.exists(), "{}: {target}", page.display());
                    links += 1;
                }
            }
        }
        assert!(links > 40, "{links}");
    }
}
