//! Reads which names every file of the library takes from which other file.
//!
//! The code is parsed, so a path counts wherever it stands: in a `use`, in a signature, in a macro's arguments, in an attribute.
//! A re-export is followed to where the thing is defined, and takes nothing itself. What isn't seen to be defined counts as of the
//! last file of ours that the path reaches. What is compiled for tests only doesn't count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Meta, Token, UseTree};

/// Who takes what from whom: for each pair of files, the names.
pub type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

/// How `main.rs` calls the library.
const LIBRARY: &str = "karmada_partner";

/// The root of what `main.rs` calls `crate`: a name that no module can have.
const PROGRAM: &str = "main.rs";

/// What was read of a library, and of the program that begins it.
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
    bound: Vec<Bound>,
    globs: Vec<Vec<String>>,
    paths: BTreeSet<Vec<String>>,
    /// Words that stand alone: names, but also variables and fields.
    words: BTreeSet<String>,
}

/// What a `use` binds. One name can be bound more than once: in functions, or each time for another system.
struct Bound {
    name: String,
    path: Vec<String>,
    /// Whether it is handed on: `pub use`, `pub(crate) use`.
    is_handed_on: bool,
}

/// Where a path leads.
enum Led {
    /// To a module of ours.
    Module(Vec<String>),
    /// To what a file of ours defines: the file, and the name there.
    Thing(String, String),
    /// Out of the library: the whole path, and which file of ours hands that on, as which name.
    Out(Vec<String>, Option<(String, String)>),
    /// To a module of ours that doesn't show such a name, as where a macro defines it: the file, and the name.
    Lost(String, String),
}

impl Imports {
    /// Reads the library and the program whose `lib.rs` and `main.rs` lie in a directory.
    pub fn of(src: &Path) -> Self {
        let mut imports = Self::default();
        imports.read_file(src, &src.join("lib.rs"), Vec::new());
        imports.read_file(src, &src.join("main.rs"), vec![PROGRAM.to_owned()]);
        let mut led = Vec::new();
        for (at, module) in &imports.modules {
            let ends = module.taken().into_iter().flat_map(|path| imports.definition(at, path, 0));
            let through_stars =
                module.words.iter().flat_map(|word| imports.through_globs(at, std::slice::from_ref(word), 0));
            led.extend(ends.chain(through_stars).map(|end| (module.file.clone(), end)));
        }
        for (file, end) in led {
            imports.draw(file, end);
        }
        imports
    }

    fn draw(&mut self, from: String, end: Led) {
        let to = match end {
            Led::Module(at) => Some((self.modules[&at].file.clone(), at.last().cloned().unwrap_or_default())),
            Led::Thing(file, name) | Led::Lost(file, name) => Some((file, name)),
            Led::Out(path, through) => {
                self.foreign.insert((from.clone(), path.join("::")));
                through
            }
        };
        if let Some((to, name)) = to.filter(|(to, _)| *to != from) {
            self.arrows.entry((from, to)).or_default().insert(name);
        }
    }

    fn read_file(&mut self, src: &Path, path: &Path, at: Vec<String>) {
        let code = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let parsed = syn::parse_file(&code).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let file = path.strip_prefix(src).unwrap().to_string_lossy().into_owned();
        self.read_items(src, path, at, &file, &parsed.items);
    }

    fn read_items(&mut self, src: &Path, path: &Path, at: Vec<String>, file: &str, items: &[Item]) {
        // There already: another module of this name, for another system.
        let mut module = self.modules.remove(&at).unwrap_or_default();
        assert!(module.file.is_empty() || module.file == file, "{file} and {} are one module", module.file);
        file.clone_into(&mut module.file);
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
                Item::Use(item) => module.bind(&[], &item.tree, !matches!(item.vis, syn::Visibility::Inherited)),
                item => {
                    module.defined.extend(name_of(item));
                    module.visit_item(item);
                }
            }
        }
        self.modules.insert(at, module);
    }

    /// Where what a path names is defined.
    fn definition(&self, at: &[String], path: &[String], depth: usize) -> Vec<Led> {
        assert!(depth < 32, "{path:?} in {at:?} leads round in a circle");
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        match first.as_str() {
            "crate" => self.walk(&at[..usize::from(at.first().is_some_and(|root| root == PROGRAM))], rest, depth),
            LIBRARY => self.walk(&[], rest, depth),
            "self" => self.walk(at, rest, depth),
            "super" => self.walk(&at[..at.len() - 1], rest, depth),
            _ => {
                let led = self.look(at, path, depth);
                if led.is_empty() { vec![Led::Out(path.to_vec(), None)] } else { led }
            }
        }
    }

    /// Goes into a module that a path has reached.
    fn walk(&self, at: &[String], path: &[String], depth: usize) -> Vec<Led> {
        let Some((first, rest)) = path.split_first() else { return vec![Led::Module(at.to_vec())] };
        if first == "super" {
            return self.walk(&at[..at.len() - 1], rest, depth);
        }
        let led = self.look(at, path, depth);
        if led.is_empty() { vec![Led::Lost(self.modules[at].file.clone(), first.clone())] } else { led }
    }

    /// What a module shows by the first name of a path; nothing, if it has no such name.
    fn look(&self, at: &[String], path: &[String], depth: usize) -> Vec<Led> {
        let module = &self.modules[at];
        let (first, rest) = path.split_first().unwrap();
        let below = [at, std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&below) {
            return self.walk(&below, rest, depth);
        }
        if module.defined.contains(first) {
            return vec![Led::Thing(module.file.clone(), first.clone())];
        }
        let bound: Vec<&Bound> = module.bound.iter().filter(|bound| bound.name == *first).collect();
        if bound.is_empty() {
            return self.through_globs(at, path, depth);
        }
        let handed_on = |led| match led {
            Led::Out(path, None) => Led::Out(path, Some((module.file.clone(), first.clone()))),
            led => led,
        };
        let follow = |bound: &Bound| {
            let path = [&bound.path, rest].concat();
            // `use regex;` and the like bind a name to itself.
            let led = if bound.path.first() == Some(first) {
                vec![Led::Out(path, None)]
            } else {
                self.definition(at, &path, depth + 1)
            };
            led.into_iter().map(handed_on).collect::<Vec<_>>()
        };
        bound.into_iter().flat_map(follow).collect()
    }

    /// What modules show that a module takes everything from. What a type has is no path of its own.
    fn through_globs(&self, at: &[String], path: &[String], depth: usize) -> Vec<Led> {
        let module = &self.modules[at];
        let first = &path[0];
        if module.defined.contains(first) || module.bound.iter().any(|bound| bound.name == *first) {
            return Vec::new();
        }
        let targets = module.globs.iter().flat_map(|glob| self.definition(at, glob, depth + 1));
        let look = |led| match led {
            Led::Module(target) => self.look(&target, path, depth + 1),
            _ => Vec::new(),
        };
        targets.flat_map(look).collect()
    }
}

impl Module {
    /// The paths that this module itself takes: not what it only hands on.
    fn taken(&self) -> Vec<&Vec<String>> {
        let used = self.bound.iter().filter(|bound| !bound.is_handed_on || self.words.contains(&bound.name));
        self.paths.iter().chain(used.map(|bound| &bound.path)).chain(&self.globs).collect()
    }

    fn bind(&mut self, before: &[String], tree: &UseTree, is_handed_on: bool) {
        // `{self}` is what stands before it.
        let with = |name: &syn::Ident| match !before.is_empty() && name == "self" {
            true => before.to_vec(),
            false => [before, &[name.to_string()]].concat(),
        };
        let (path, name) = match tree {
            UseTree::Path(path) => return self.bind(&with(&path.ident), &path.tree, is_handed_on),
            UseTree::Group(group) => return group.items.iter().for_each(|tree| self.bind(before, tree, is_handed_on)),
            UseTree::Glob(_) => return self.globs.push(before.to_vec()),
            UseTree::Rename(name) if name.rename == "_" => {
                self.paths.insert(with(&name.ident));
                return;
            }
            UseTree::Rename(name) => (with(&name.ident), name.rename.to_string()),
            UseTree::Name(name) => (with(&name.ident), with(&name.ident).pop().unwrap_or_default()),
        };
        self.bound.push(Bound { name, path, is_handed_on });
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
        match path.as_slice() {
            [] => {}
            [word] => drop(self.words.insert(word.clone())),
            _ => drop(self.paths.insert(path)),
        }
    }

    /// Paths in the words of an attribute, as in `#[serde(default = "crate::…")]`.
    fn scan_words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.scan_words(group.stream()),
                TokenTree::Literal(literal) => {
                    let words = syn::parse_str::<syn::LitStr>(&literal.to_string());
                    if let Ok(named) = words.and_then(|words| words.parse::<syn::Type>()) {
                        self.visit_type(&named);
                    }
                }
                _ => {}
            }
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
        self.scan_words(list.tokens.clone());
        visit::visit_meta_list(self, list);
    }

    /// `pub(in crate::domain)` takes nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    /// A `use` within a function.
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.bind(&[], &item.tree, false);
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
        Some("lib" | "main" | "mod") => path.with_file_name(""),
        _ => path.with_extension(""),
    };
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

/// Whether `cfg` leaves it out of everything but tests.
fn for_tests(attributes: &[Attribute]) -> bool {
    let only = |a: &Attribute| a.parse_args::<Meta>().is_ok_and(|condition| needs_tests(&condition));
    attributes.iter().any(|a| a.path().is_ident("cfg") && only(a))
}

/// `test`, and `all` with such a part.
fn needs_tests(condition: &Meta) -> bool {
    let Meta::List(list) = condition else { return condition.path().is_ident("test") };
    let parts = || list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    list.path.is_ident("all") && parts().is_ok_and(|parts| parts.iter().any(needs_tests))
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
