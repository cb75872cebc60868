//! Reads which names every file of the library takes from which other file.
//!
//! The code is parsed, so a path counts wherever it stands: in a `use`, in a signature, in a macro's arguments, in an attribute.
//! A re-export is followed to where the thing is defined, and takes nothing itself. What is compiled for tests only doesn't count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree};

/// Who takes what from whom: for each pair of files, the names.
pub type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

/// What was read of a library.
#[derive(Default)]
pub struct Imports {
    modules: BTreeMap<Vec<String>, Module>,
    /// Paths that lead out of the library, such as `std::fs::read`, by file.
    pub foreign: BTreeSet<(String, String)>,
    /// Arrows from file to file, both below `src/`.
    pub arrows: Arrows,
}

/// One module: a file, or a `mod` with a body within one.
#[derive(Default)]
struct Module {
    file: String,
    defined: BTreeSet<String>,
    /// What a `use` binds: the name, and the path it stands for.
    bound: BTreeMap<String, Vec<String>>,
    /// The names among them that are only handed on: `pub use`, `pub(crate) use`.
    handed_on: BTreeSet<String>,
    globs: Vec<Vec<String>>,
    paths: BTreeSet<Vec<String>>,
}

impl Imports {
    /// Reads the library whose `lib.rs` lies in a directory.
    pub fn of(src: &Path) -> Self {
        let mut imports = Self::default();
        imports.read_file(src, &src.join("lib.rs"), Vec::new());
        for (at, module) in &imports.modules {
            let taken = module.bound.iter().filter(|(name, _)| !module.handed_on.contains(*name));
            let uses = taken.map(|(_, path)| path).chain(&module.globs);
            for path in module.paths.iter().chain(uses) {
                match imports.definition(at, path, 0) {
                    Some((file, _)) if file == module.file => {}
                    Some((file, name)) => {
                        let names = imports.arrows.entry((module.file.clone(), file));
                        names.or_default().insert(name);
                    }
                    None => drop(imports.foreign.insert((module.file.clone(), path.join("::")))),
                }
            }
        }
        imports
    }

    fn read_file(&mut self, src: &Path, path: &Path, at: Vec<String>) {
        let code = fs::read_to_string(path).unwrap();
        let parsed = syn::parse_file(&code).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let file = path.strip_prefix(src).unwrap().to_string_lossy().into_owned();
        self.read_items(src, path, at, &file, &parsed.items);
    }

    fn read_items(&mut self, src: &Path, path: &Path, at: Vec<String>, file: &str, items: &[Item]) {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items.iter().filter(|item| !for_tests(attributes(item))) {
            match item {
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    let below = [at.clone(), vec![name.clone()]].concat();
                    match &inner.content {
                        Some((_, items)) => self.read_items(src, path, below, file, items),
                        None => self.read_file(src, &beside(path, &name), below),
                    }
                }
                Item::Use(item) => {
                    let before: BTreeSet<String> = module.bound.keys().cloned().collect();
                    module.bind(&[], &item.tree);
                    if !matches!(item.vis, syn::Visibility::Inherited) {
                        module.handed_on.extend(module.bound.keys().filter(|name| !before.contains(*name)).cloned());
                    }
                }
                item => {
                    module.defined.extend(name_of(item));
                    module.visit_item(item);
                }
            }
        }
        self.modules.insert(at, module);
    }

    /// The file in which what a path names is defined, and its name there; `None` for what isn't ours.
    fn definition(&self, at: &[String], path: &[String], depth: usize) -> Option<(String, String)> {
        assert!(depth < 32, "{path:?} in {at:?} leads round in a circle");
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk(&[], rest, depth),
            "self" => self.walk(at, rest, depth),
            "super" => self.walk(&at[..at.len() - 1], rest, depth),
            _ => self.walk(at, path, depth),
        }
    }

    fn walk(&self, at: &[String], path: &[String], depth: usize) -> Option<(String, String)> {
        let module = &self.modules[at];
        let Some((first, rest)) = path.split_first() else {
            return Some((module.file.clone(), at.last().cloned().unwrap_or_default()));
        };
        if first == "super" {
            return self.walk(&at[..at.len() - 1], rest, depth);
        }
        let below = [at, std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&below) {
            return self.walk(&below, rest, depth);
        }
        if module.defined.contains(first) {
            return Some((module.file.clone(), first.clone()));
        }
        if let Some(bound) = module.bound.get(first) {
            // `use regex;` and the like bind a name to itself.
            if bound.first() == Some(first) {
                return None;
            }
            return self.definition(at, &[bound, rest].concat(), depth + 1);
        }
        let through = |glob: &Vec<String>| self.definition(at, &[glob, path].concat(), depth + 1);
        module.globs.iter().find_map(through)
    }
}

impl Module {
    fn bind(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.bind(&with(&path.ident), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.bind(before, tree)),
            UseTree::Glob(_) => self.globs.push(before.to_vec()),
            UseTree::Name(name) if name.ident == "self" => {
                self.bound.insert(before.last().cloned().unwrap_or_default(), before.to_vec());
            }
            UseTree::Name(name) => drop(self.bound.insert(name.ident.to_string(), with(&name.ident))),
            UseTree::Rename(name) if name.rename == "_" => drop(self.paths.insert(with(&name.ident))),
            UseTree::Rename(name) => drop(self.bound.insert(name.rename.to_string(), with(&name.ident))),
        }
    }

    /// Paths in what isn't parsed: arguments of macros and attributes.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        // How much of `::` was read since the last name.
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() && colons < 2 => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) => {
                    self.keep(std::mem::replace(&mut path, vec![ident.to_string()]));
                    colons = 0;
                    continue;
                }
                _ => {}
            }
            self.keep(std::mem::take(&mut path));
            colons = 0;
        }
        self.keep(path);
    }

    /// A single word may be anything: a variable, a field.
    fn keep(&mut self, path: Vec<String>) {
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.keep(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.scan(called.tokens.clone());
        visit::visit_macro(self, called);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.scan(list.tokens.clone());
    }

    /// `pub(in crate::domain)` takes nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    /// A `use` within a function.
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.bind(&[], &item.tree);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !for_tests(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !for_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }
}

/// Where a module without a body lies.
fn beside(path: &Path, name: &str) -> PathBuf {
    let stem = path.file_stem().unwrap();
    let folder = match stem.to_str() {
        Some("lib" | "mod") => path.with_file_name(""),
        _ => path.with_extension(""),
    };
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("cfg")
            && a.meta.require_list().is_ok_and(|list| {
                let words = list.tokens.to_string();
                words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == "test")
                    && !words.starts_with("not")
            })
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::Fn(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Macro(i) => &i.attrs,
        Item::Mod(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    // What a macro of ours defines (`words! { pub enum Kind …`) is known by the name behind the keyword.
    if let Item::Macro(called) = item {
        let mut tokens = called.mac.tokens.clone().into_iter();
        let defines = |t: &TokenTree| matches!(t, TokenTree::Ident(i) if i == "enum" || i == "struct");
        return match &called.ident {
            Some(ident) => Some(ident.to_string()),
            None => tokens.find(defines).and_then(|_| tokens.next()).map(|t| t.to_string()),
        };
    }
    let ident = match item {
        Item::Const(i) => &i.ident,
        Item::Enum(i) => &i.ident,
        Item::Fn(i) => &i.sig.ident,
        Item::Static(i) => &i.ident,
        Item::Struct(i) => &i.ident,
        Item::Trait(i) => &i.ident,
        Item::Type(i) => &i.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
