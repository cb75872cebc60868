//! What `docs/architecture.md` says stands where: functions on its journeys, what rules go to, and the files of the folders that it
//! has tables of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use karmada_partner::domain::Kind;
use syn::visit::{self, Visit};

/// A row of a table, cell by cell, under the heading that is nearest above.
struct Row {
    heading: String,
    cells: Vec<String>,
}

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The tables of the page whose first row is like this, without that.
fn rows(head: &str) -> Vec<Row> {
    let page = fs::read_to_string(home().join("docs/architecture.md")).unwrap();
    let (mut heading, mut within, mut rows) = (String::new(), false, Vec::new());
    for line in page.lines() {
        if !line.starts_with('|') {
            within = false;
            if line.starts_with("## ") || line.starts_with("Within ") {
                line.clone_into(&mut heading);
            }
        } else if line == head {
            within = true;
        } else if within && !line.starts_with("|---") {
            let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            rows.push(Row { heading: heading.clone(), cells });
        }
    }
    assert!(!rows.is_empty(), "no table has the head {head}");
    rows
}

/// What stands between backticks.
fn spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Names of code, such as `admit`, `Life::record` or `rules!`; no paths, no kinds of events, no words of a file.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    let is_name = |span: &&str| {
        let plain = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !part.is_empty();
        span.trim_end_matches('!').split("::").all(plain) && span.parse::<Kind>().is_err()
    };
    spans(cell).filter(is_name)
}

fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "rs")
}

/// The files of code that a cell names: `src/a/b.rs`, or `b.rs` and others in `src/a/`.
fn files(cell: &str) -> Vec<PathBuf> {
    let folder = spans(cell).find(|span| span.starts_with("src/") && span.ends_with('/'));
    let code = spans(cell).filter(|span| !span.contains('*') && is_code(Path::new(span)));
    code.map(|span| home().join(if span.contains('/') { "" } else { folder.unwrap_or_default() }).join(span)).collect()
}

/// What a file defines.
#[derive(Default)]
struct Defined {
    /// With what they belong to, where they do: `admit`, `Life::record`.
    functions: BTreeSet<String>,
    /// Everything else that has a name.
    others: BTreeSet<String>,
    of: Option<String>,
}

impl Defined {
    fn by(path: &Path) -> Self {
        let code = fs::read_to_string(path).unwrap_or_else(|e| panic!("{} is named, and {e}", path.display()));
        let mut defined = Self::default();
        defined.visit_file(&syn::parse_file(&code).unwrap());
        defined
    }

    fn function(&mut self, name: &syn::Ident) {
        let of = self.of.iter().map(|of| format!("{of}::{name}"));
        self.functions.extend(of.chain([name.to_string()]));
    }

    fn other(&mut self, name: &syn::Ident) {
        self.others.insert(name.to_string());
    }

    fn has(&self, name: &str) -> bool {
        self.functions.contains(name) || self.others.contains(name.trim_end_matches('!'))
    }
}

impl<'ast> Visit<'ast> for Defined {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let syn::Type::Path(of) = &*item.self_ty {
            self.of = of.path.segments.last().map(|last| last.ident.to_string());
        }
        visit::visit_item_impl(self, item);
        self.of = None;
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.other(&item.ident);
        self.of = Some(item.ident.to_string());
        visit::visit_item_trait(self, item);
        self.of = None;
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.function(&signature.ident);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.other(&item.ident);
        for field in item.fields.iter().filter_map(|field| field.ident.as_ref()) {
            self.others.insert(format!("{}::{field}", item.ident));
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.other(&item.ident);
        for variant in &item.variants {
            self.other(&variant.ident);
            self.others.insert(format!("{}::{}", item.ident, variant.ident));
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.other(&item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.other(&item.ident);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        // What a macro of ours defines is named where it is called.
        let called = item.mac.path.segments.last().map(|last| last.ident.clone());
        self.others.extend(item.ident.iter().chain(&called).map(ToString::to_string));
        let words = item.mac.tokens.to_string();
        let names =
            words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with(char::is_uppercase));
        self.others.extend(names.map(str::to_owned));
    }
}

/// Every file of code below a folder, with its place there.
fn code_in(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if is_code(&path) {
                let place = path.strip_prefix(folder).unwrap().display().to_string().replace('\\', "/");
                found.insert(place, path);
            }
        }
    }
    found
}

fn told(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A type may be on its way through a step that another file brings about; a function is where it happens.
#[test]
fn functions_on_journeys_stand_in_the_files_beside_them() {
    let all: BTreeMap<_, _> =
        code_in(&home().join("src")).into_iter().map(|(at, path)| (at, Defined::by(&path))).collect();
    let mut wrong = Vec::new();
    for row in rows("| | what happens | where |") {
        let [step, what, place] = &row.cells[..] else { panic!("{:?} aren't three cells", row.cells) };
        let beside: Vec<(PathBuf, Defined)> =
            files(place).into_iter().map(|file| (file.clone(), Defined::by(&file))).collect();
        for name in names(what) {
            // A function by its file, as in `apply::run`; whatever has a capital letter there is a type.
            let of_file = name.split_once("::").filter(|(file, _)| file.starts_with(char::is_lowercase));
            let here = beside.iter().any(|(path, defined)| match of_file {
                Some((file, function)) => {
                    let named = path.file_stem().is_some_and(|stem| stem == file)
                        || path.parent().is_some_and(|p| p.ends_with(file));
                    named && defined.functions.contains(function)
                }
                None => defined.functions.contains(name),
            });
            let is_other = all.values().any(|defined| defined.others.contains(name));
            if !here && !is_other {
                let there = all.iter().filter(|(_, defined)| defined.functions.contains(name));
                let there: Vec<&str> = there.map(|(at, _)| at.as_str()).collect();
                wrong.push(format!("{}, {step}: `{name}` isn't in {place}, but in {there:?}", row.heading));
            }
        }
    }
    told(&wrong);
}

#[test]
fn what_rules_go_to_is_in_the_files_named() {
    let mut wrong = Vec::new();
    for row in rows("| you want to add | it goes to | also |") {
        for cell in &row.cells[1..] {
            let named: Vec<Defined> = files(cell).iter().map(|file| Defined::by(file)).collect();
            let lacking = names(cell).filter(|name| !named.is_empty() && !named.iter().any(|file| file.has(name)));
            wrong.extend(lacking.map(|name| format!("{}: `{name}` isn't in any file of {cell}", row.cells[0])));
        }
    }
    told(&wrong);
}

/// Where a folder has a table, that names all of its files, but for each folder's own and for tests.
#[test]
fn folders_with_a_table_are_whole_in_it() {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let tables = ["| place | what is there |", "| about | files |"].into_iter().flat_map(rows);
    for row in tables.filter(|row| row.heading.starts_with("Within ")) {
        let folder = spans(&row.heading).next().unwrap();
        let within = spans(&row.cells[0]).next().unwrap_or_default();
        let files = spans(&row.cells[1]).map(|file| format!("{within}{file}"));
        named.entry(folder.to_owned()).or_default().extend(files);
    }
    assert!(named.len() == 3, "{named:?}");
    let mut wrong = Vec::new();
    for (folder, named) in &named {
        let all = code_in(&home().join("src").join(folder));
        let due = all.keys().filter(|file| !file.ends_with("mod.rs") && !file.contains("tests"));
        wrong
            .extend(due.filter(|file| !named.contains(*file)).map(|file| format!("{folder}{file} isn't in the table")));
        let gone = named.iter().filter(|file| is_code(Path::new(file)) && !all.contains_key(*file));
        wrong.extend(gone.map(|file| format!("{folder}{file} is in the table, and isn't there")));
    }
    told(&wrong);
}
