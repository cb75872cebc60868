//! Reads `src/data/partnersData.tsx`, as people have written it so far. What isn't understood is a fault: never guessed.
//!
//! Parsed by tree-sitter, whose parser doesn't recurse: no nesting can exhaust the stack.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tree_sitter::{Node, Parser};

use super::card::{Card, PageFault};
use super::tsx_card::{Names, Places, bare, fault, parts};
use crate::domain::limits;
use crate::domain::text::quote;

/// Every partner's card in the file, in its order.
#[cfg(test)]
pub(super) fn read(source: &str) -> Result<Vec<Card>, PageFault> {
    Ok(layout(source)?.cards.into_iter().map(|(card, _)| card).collect())
}

/// What a file has, and where; all places are in bytes behind its byte order mark.
#[derive(Debug)]
pub(super) struct Layout {
    /// In their order, each with its place in the list.
    pub cards: Vec<(Card, Element)>,
    /// The list, brackets included.
    pub list: Range<usize>,
    /// Where the cards begin: behind comments on the bracket's line.
    pub first_card: usize,
    /// Where the first statement begins.
    pub first: usize,
    pub imports: Vec<Import>,
    /// Whatever is called something, and how often it is named.
    pub names: BTreeMap<String, usize>,
    pub component: Option<String>,
    pub function: Option<String>,
    pub comments: Vec<Range<usize>>,
}

/// A card's place in the list.
#[derive(Debug)]
pub(super) struct Element {
    /// With the parentheses around it.
    pub whole: Range<usize>,
    /// Whether a comma follows.
    pub comma: bool,
    /// Behind its comma, and comments on the same line.
    pub end: usize,
    pub places: Places,
}

#[derive(Debug)]
pub(super) struct Import {
    pub statement: Range<usize>,
    /// What is imported from where, if that is one name.
    pub image: Option<(String, String)>,
}

/// Reads a file with the places of all that is in it.
pub(super) fn layout(source: &str) -> Result<Layout, PageFault> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    if text.len() > limits::SITE_FILE {
        let why = format!("the file has {} bytes, more than {}", text.len(), limits::SITE_FILE);
        return Err(PageFault::new(1, why, "give the list of partners itself"));
    }
    // The grammar fails at a lone `&`, as in `R&D`, which JSX allows. Where one may stand, a `|` may too, and neither
    // matters to what is looked at here. The text itself is read from the original.
    let shadow = text.replace('&', "|");
    let mut parser = Parser::new();
    let unready = |why: String| PageFault::new(1, why, "this is a defect of karmada-partner; please report it");
    parser.set_language(&tree_sitter_typescript::LANGUAGE_TSX.into()).map_err(|e| unready(e.to_string()))?;
    let tree = parser.parse(&shadow, None).ok_or_else(|| unready("the parser gave up".into()))?;
    let mut page = PageSource::default();
    page.names.text = text;
    let root = tree.root_node();
    if let Some(node) = first_error(root) {
        return Err(fault(node, "this isn't valid TypeScript", "correct the syntax"));
    }
    let statements = parts(root);
    for statement in &statements {
        page.statement(*statement)?;
    }
    let list = page.only_list()?;
    let (first_card, cards) = page.cards(list)?;
    let first = statements.iter().find(|node| node.kind() != "hash_bang_line");
    let imports = statements.iter().filter(|node| node.kind() == "import_statement");
    let (comments, names) = comments_and_names(root, text);
    Ok(Layout {
        cards,
        list: list.byte_range(),
        first_card,
        first: first.map_or(text.len(), Node::start_byte),
        imports: imports.map(|node| page.imported(*node)).collect(),
        names,
        component: page.names.component.map(str::to_owned),
        function: page.names.function.map(str::to_owned),
        comments,
    })
}

/// Where comments stand, and how often each name does.
fn comments_and_names(root: Node<'_>, text: &str) -> (Vec<Range<usize>>, BTreeMap<String, usize>) {
    // A page of thousands of cards has half a million nodes: their kinds are compared as numbers.
    let language = root.language();
    let kinds: Vec<_> = (0..=u16::MAX).map_while(|id| language.node_kind_for_id(id)).collect();
    let is_comment: Vec<bool> = kinds.iter().map(|kind| *kind == "comment").collect();
    let is_name: Vec<bool> = kinds.iter().map(|kind| kind.ends_with("identifier")).collect();
    let is = |of: &[bool], node: Node<'_>| of.get(usize::from(node.kind_id())).copied().unwrap_or_default();
    let (mut comments, mut names) = (Vec::new(), BTreeMap::<&str, usize>::new());
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if is(&is_comment, node) {
            comments.push(node.byte_range());
        } else if is(&is_name, node) {
            *names.entry(text.get(node.byte_range()).unwrap_or_default()).or_default() += 1;
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return (comments, names.into_iter().map(|(name, count)| (name.to_owned(), count)).collect());
            }
        }
    }
}

/// The first node that the grammar has no place for, or that it misses.
fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    let mut node = root;
    while node.has_error() && !node.is_error() && !node.is_missing() {
        let mut cursor = node.walk();
        let Some(child) = node.children(&mut cursor).find(|child| child.has_error() || child.is_missing()) else {
            break;
        };
        node = child;
    }
    (node.has_error() || node.is_missing()).then_some(node)
}

/// Whether there is such a keyword or sign directly in a node.
fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

/// What the file's statements define.
#[derive(Default)]
struct PageSource<'t> {
    names: Names<'t>,
    defined: BTreeSet<&'t str>,
    lists: BTreeMap<&'t str, Node<'t>>,
    default: Option<Node<'t>>,
    exported: Vec<Node<'t>>,
}

impl<'t> PageSource<'t> {
    fn statement(&mut self, node: Node<'t>) -> Result<(), PageFault> {
        match node.kind() {
            "hash_bang_line"
            | "empty_statement"
            | "type_alias_declaration"
            | "interface_declaration"
            | "ambient_declaration" => Ok(()),
            "import_statement" => self.import(node),
            "lexical_declaration" | "variable_declaration" => self.declaration(node),
            "export_statement" => self.export(node),
            // "use strict".
            "expression_statement" if parts(node).iter().all(|part| part.kind() == "string") => Ok(()),
            // Anything else could change the list.
            _ => Err(self.names.odd(node, "an import, a type, or the list of partners")),
        }
    }

    fn define(&mut self, name: Node<'t>) -> Result<&'t str, PageFault> {
        let text = self.names.of(name);
        if self.defined.insert(text) {
            Ok(text)
        } else {
            Err(fault(name, format!("{} is defined twice", quote(text)), "give one of them another name"))
        }
    }

    fn import(&mut self, node: Node<'t>) -> Result<(), PageFault> {
        let (Some(source), Some(clause)) =
            (node.child_by_field_name("source"), parts(node).into_iter().find(|part| part.kind() == "import_clause"))
        else {
            return Ok(());
        };
        let path = self.names.string(source)?;
        let translates = path == "@docusaurus/Translate";
        for part in parts(clause) {
            match part.kind() {
                "identifier" => {
                    let name = self.define(part)?;
                    if translates {
                        self.names.component = Some(name);
                    } else {
                        self.names.images.insert(name, path.clone());
                    }
                }
                "named_imports" if translates => {
                    for specifier in parts(part) {
                        let name = specifier.child_by_field_name("name");
                        let alias = specifier.child_by_field_name("alias").or(name);
                        match (name.map(|name| self.names.of(name)), alias) {
                            (Some("translate"), Some(alias)) => self.names.function = Some(self.define(alias)?),
                            (Some("default"), Some(alias)) => self.names.component = Some(self.define(alias)?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn declaration(&mut self, node: Node<'t>) -> Result<(), PageFault> {
        for declarator in parts(node) {
            let expected = "`const <name> = [` or `const <name> = require(\"…\").default`";
            let (Some(name), Some(value)) =
                (declarator.child_by_field_name("name"), declarator.child_by_field_name("value"))
            else {
                return Err(self.names.odd(declarator, expected));
            };
            if name.kind() != "identifier" {
                return Err(self.names.odd(name, "a name"));
            }
            let defined = self.define(name)?;
            let value = bare(value);
            if value.kind() == "array" {
                self.lists.insert(defined, value);
            } else if let Some(path) = self.names.required(value)? {
                self.names.images.insert(defined, path);
            } else {
                return Err(self.names.odd(declarator, expected));
            }
        }
        Ok(())
    }

    fn export(&mut self, node: Node<'t>) -> Result<(), PageFault> {
        if let Some(declaration) = node.child_by_field_name("declaration") {
            if has_token(node, "default") {
                return Err(self.names.odd(declaration, "`export default` and the list"));
            }
            self.statement(declaration)?;
            let names = parts(declaration).into_iter().filter_map(|part| part.child_by_field_name("name"));
            let lists: Vec<_> = names.filter_map(|name| self.lists.get(self.names.of(name)).copied()).collect();
            self.exported.extend(lists);
        } else if let Some(value) = node.child_by_field_name("value") {
            return self.export_default(value);
        } else if let Some(clause) = parts(node).into_iter().find(|part| part.kind() == "export_clause") {
            for specifier in parts(clause) {
                let alias = specifier.child_by_field_name("alias").map(|alias| self.names.of(alias));
                if let (Some("default"), Some(name)) = (alias, specifier.child_by_field_name("name")) {
                    if node.child_by_field_name("source").is_some() {
                        return Err(self.names.odd(specifier, "a list in this file"));
                    }
                    self.export_default(name)?;
                }
            }
        } else if has_token(node, "=") {
            return Err(self.names.odd(node, "`export default`"));
        }
        Ok(())
    }

    fn export_default(&mut self, value: Node<'t>) -> Result<(), PageFault> {
        if self.default.replace(bare(value)).is_some() {
            return Err(fault(value, "there are two default exports", "leave one"));
        }
        Ok(())
    }

    /// The only list of cards: a second one would be passed over.
    fn only_list(&self) -> Result<Node<'t>, PageFault> {
        let list = self.list()?;
        let has_cards = |other: &Node<'t>| parts(*other).into_iter().any(|part| bare(part).kind() == "object");
        match self.lists.iter().find(|(_, other)| other.id() != list.id() && has_cards(other)) {
            Some((name, other)) => {
                let why = format!("{} is a second list of cards, which nobody would look at", quote(name));
                Err(fault(*other, why, "put all partners into one list"))
            }
            None => Ok(list),
        }
    }

    fn list(&self) -> Result<Node<'t>, PageFault> {
        let hint = "end it with `export default <the list's name>;`";
        match (self.default, self.exported.as_slice()) {
            (Some(node), _) if node.kind() == "array" => Ok(node),
            (Some(node), _) if node.kind() == "identifier" => {
                let name = self.names.of(node);
                let why = || fault(node, format!("{} isn't a list in this file", quote(name)), hint);
                self.lists.get(name).copied().ok_or_else(why)
            }
            (Some(node), _) => Err(self.names.odd(node, "a list, or its name,")),
            (None, [list]) => Ok(*list),
            (None, []) if self.lists.len() == 1 => self.lists.values().copied().next().ok_or_else(|| unexported(hint)),
            (None, _) => Err(unexported(hint)),
        }
    }

    /// The list's cards, and where the first one's place begins.
    fn cards(&self, list: Node<'t>) -> Result<(usize, Vec<(Card, Element)>), PageFault> {
        let mut slugs = BTreeSet::new();
        let mut cards: Vec<(Card, Element)> = Vec::new();
        no_holes(list)?;
        let (mut first, mut row) = (list.start_byte() + 1, list.start_position().row);
        let mut cursor = list.walk();
        for child in list.children(&mut cursor) {
            let last = cards.last_mut().map(|(_, element)| element);
            match (child.kind(), last) {
                (",", Some(last)) => (last.comma, last.end) = (true, child.end_byte()),
                ("comment", last) if child.start_position().row == row => match last {
                    Some(last) => last.end = child.end_byte(),
                    None => first = child.end_byte(),
                },
                ("[" | "]" | "comment", _) => continue,
                _ => {
                    let (card, places) = self.names.card(bare(child))?;
                    if !card.slug.is_empty() && !slugs.insert(card.slug.clone()) {
                        let why = format!("two cards have the text of {}", quote(&card.slug));
                        return Err(fault(child, why, "give each its own partners.<slug>.description"));
                    }
                    let whole = child.byte_range();
                    cards.push((card, Element { end: whole.end, whole, comma: false, places }));
                }
            }
            row = child.end_position().row;
        }
        Ok((first, cards))
    }

    fn imported(&self, statement: Node<'t>) -> Import {
        let clause = parts(statement).into_iter().find(|part| part.kind() == "import_clause");
        let image = match clause.map(parts).as_deref() {
            Some([name]) if name.kind() == "identifier" => {
                let name = self.names.of(*name);
                self.names.images.get(name).map(|path| (name.to_owned(), path.clone()))
            }
            _ => None,
        };
        Import { statement: statement.byte_range(), image }
    }
}

/// `[a, , b]` has a hole, which the grammar skips.
fn no_holes(list: Node<'_>) -> Result<(), PageFault> {
    let mut cursor = list.walk();
    let mut empty = true;
    for child in list.children(&mut cursor).filter(|child| child.kind() != "comment") {
        match child.kind() {
            "," if empty => {
                return Err(fault(child, "a card is missing before this comma", "remove the comma"));
            }
            "," | "[" => empty = true,
            _ => empty = false,
        }
    }
    Ok(())
}

fn unexported(hint: &str) -> PageFault {
    PageFault::new(1, "the file doesn't say which list it exports", hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "import Translate, { translate } from '@docusaurus/Translate'\nimport React from \"react\"\n";
    const LOGO: &str = "import globex from \"../../static/img/supporters/Globex.png\"\n";

    fn card(description: &str) -> Card {
        Card {
            slug: "globex".into(),
            variable: "globex".into(),
            file: "Globex.png".into(),
            title: "Globex".into(),
            web_url: "https://globex.example/".into(),
            description: description.into(),
        }
    }

    fn object(description: &str) -> String {
        format!("{{image: globex, title: 'Globex', webURL: \"https://globex.example/\", description: {description}}}")
    }

    fn described(description: &str) -> Result<Vec<Card>, PageFault> {
        read(&format!("{HEAD}{LOGO}const L = [{}];\nexport default L\n", object(description)))
    }

    const TEXT: &str = "<Translate id=\"partners.globex.description\">A text.</Translate>";

    #[test]
    fn a_list_is_read_however_it_is_exported() {
        let o = object(TEXT);
        for list in [
            format!("const L = [{o}]\nexport default L"),
            format!(
                "type P = {{a: string & B}}\ninterface Q {{}}\nconst L: P[] = [\n{o},\n// more\n] as const;\nexport default L;"
            ),
            format!("export default [{o},];"),
            format!("export default ([{o}] satisfies P[] as const)"),
            format!("export const L: readonly P[] = [{o}]"),
            format!("const M = []\nexport const L = [{o}]"),
            format!("const L = [({o})];"),
            format!("const L = [{o}], M = [];\nexport {{ L as default, M }}"),
        ] {
            for text in [format!("{HEAD}{LOGO}{list}"), format!("\u{feff}{HEAD}{LOGO}{list}\n").replace('\n', "\r\n")] {
                assert_eq!(read(&text), Ok(vec![card("A text.")]), "{text}");
            }
        }
        assert_eq!(read("export default []"), Ok(vec![]));
    }

    #[test]
    fn a_comment_between_a_card_and_its_comma_is_one() {
        let o = object(TEXT);
        for list in
            [format!("[{o} /* note */,\n]"), format!("[\n  {o} // note\n  ,\n]"), format!("[{o} /* a */ /* b */]")]
        {
            assert_eq!(read(&format!("{HEAD}{LOGO}export default {list}")), Ok(vec![card("A text.")]), "{list}");
        }
    }

    #[test]
    fn an_image_is_found_however_it_is_imported() {
        for logo in [
            "import globex from '@site/static/img/supporters/Globex.png';",
            "const globex = require(\"../../static/img/supporters/Globex.png\").default;",
            "const globex = require('../../static/img/supporters/Globex.png')",
        ] {
            let text = format!("{HEAD}{logo}\nexport default [{}]", object(TEXT));
            assert_eq!(read(&text), Ok(vec![card("A text.")]), "{logo}");
        }
        let required = "image: require('@site/static/img/supporters/Globex.png').default";
        let text = format!("{HEAD}export default [{}]", object(TEXT).replace("image: globex", required));
        assert_eq!(read(&text), Ok(vec![Card { variable: String::new(), ..card("A text.") }]));
    }

    #[test]
    fn a_text_is_read_however_it_is_written() {
        for (description, text) in [
            (
                "(\n<Translate id='partners.globex.description'>\n  R&D isn't\n  all. // &lt;\n</Translate>\n)",
                "R&D isn't all. // <",
            ),
            (
                "<><Translate description=\"x\" id={\"partners.globex.description\"}>\n{\"a\\nb\"}\n</Translate></>",
                "a\nb",
            ),
            ("<Translate id=\"partners.glob&#101;x.description\">{/* why */}{`a b`}</Translate>", "a b"),
            ("<Translate id={`partners.globex.description`}>{'<b> \\u{1F600}'}</Translate>", "<b> 😀"),
            ("translate({id: 'partners.globex.description', message: (\"a\"), description: 'x'})", "a"),
            ("<>\n {translate({id: \"partners.globex.description\", message: 'a && b'})}\n</>", "a && b"),
            (
                "<Translate id='partners.globex.description'>https://a.example /* b */ \"c\"</Translate>",
                "https://a.example /* b */ \"c\"",
            ),
        ] {
            assert_eq!(described(description), Ok(vec![card(text)]), "{description}");
        }
        for (description, text) in
            [("\"a\\\"b\"", "a\"b"), ("<>a &amp; b</>", "a & b"), ("`a`", "a"), ("<>{'a'}</>", "a")]
        {
            assert_eq!(described(description), Ok(vec![Card { slug: String::new(), ..card(text) }]), "{description}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        let id = "id=\"partners.globex.description\"";
        for description in [
            "text",
            "<Translate>a</Translate>",
            &format!("<Translate {id} />"),
            &format!("<Translate {id}></Translate>"),
            &format!("<Translate {id}>\n\n</Translate>"),
            &format!("<Translate {id}>a{{\" b\"}}</Translate>"),
            &format!("<Translate {id}>a <b>b</b></Translate>"),
            &format!("<Translate {id}>{{text}}</Translate>"),
            &format!("<Translate {id}>{{`a${{b}}`}}</Translate>"),
            &format!("<Translate {id}>{{\"a\" + b}}</Translate>"),
            &format!("<Translate {id} {{...more}}>a</Translate>"),
            &format!("<Translate {id} {id}>a</Translate>"),
            &format!("<Translate {id} values={{{{a: 1}}}}>a</Translate>"),
            &format!("<Other {id}>a</Other>"),
            &format!("<p><Translate {id}>a</Translate></p>"),
            "<Translate id=\"globex\">a</Translate>",
            "<Translate id={id}>a</Translate>",
            "translate({message: 'a'})",
            "translate({id: 'partners.globex.description', message: a})",
            "translate('a')",
            "other({id: 'partners.globex.description', message: 'a'})",
            "'\\ud800'",
            "12",
        ] {
            let fault = described(description).unwrap_err();
            assert_eq!(fault.line, 4, "{description}: {fault:?}");
        }
        let o = object(TEXT);
        for (list, line) in [
            (format!("const L = [\n{o},\n{o}]"), 6),
            (format!("const L = [{o}]\nL.push(x)"), 5),
            (format!("const L = [{o}].sort()"), 4),
            (format!("const L = [\n...others, {o}]"), 5),
            (format!("const L = [{o}\n,,]"), 5),
            ("const L = [\n\nglobex]".into(), 6),
            (format!("const L = [{}]", o.replace("title", "tittle")), 4),
            (format!("const L = [{}]", o.replace("title: 'Globex',", "")), 4),
            (format!("const L = [{}]", o.replace("title", "title: '', title")), 4),
            (format!("const L = [{}]", o.replace("title", "[title]")), 4),
            (format!("const L = [{}]", o.replace("image: globex", "image: acme")), 4),
            (format!("const L = [{}]", o.replace("image: globex", "image: React")), 4),
            (format!("const L = [{}]", o.replace("image: globex", "image: '/img/a.png'")), 4),
            (format!("const L = [{o}]\nexport default M"), 5),
            (format!("const L = [{o}]\nconst L = []"), 5),
            (format!("export default [{o}]\nexport default []"), 5),
            ("export default { a: 1 }".into(), 4),
            ("export { L as default } from './list'".into(), 4),
            (format!("const L = [{o}]\nconst M = []"), 1),
            (format!("export const L = [{o}]\nexport const M = [{{ a: 1 }}]\nexport default L"), 5),
            (format!("const L = [{o}]\nconst M = [({{ a: 1 }})]\nexport default L"), 5),
            (format!("const L = [{o}"), 4),
            ("\nconst L = <<<".into(), 5),
        ] {
            let fault = read(&format!("{HEAD}{LOGO}{list}")).unwrap_err();
            assert_eq!(fault.line, line, "{list}: {fault:?}");
        }
    }

    #[test]
    fn nothing_makes_it_panic_or_overflow() {
        for open in ["[", "(", "<a>", "!", "{a:", "a=>", "(a=", "<>", "`${", "a?b:", "{{", "A<", "\0", "é\u{2028}"] {
            let _ = read(&format!("export default {}", open.repeat(20_000))).unwrap_err();
        }
        let nested = format!(
            "{HEAD}{LOGO}export default [{}]",
            object(&format!("{}'a'{}", "(".repeat(9_000), ")".repeat(9_000)))
        );
        assert_eq!(read(&nested).map(|cards| cards.len()), Ok(1));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(at in 0_usize..600, len in 0_usize..9, text in ".{0,4}|[<>{}/`'\"\\\\&;,]{0,3}") {
            let mut source = format!("{HEAD}{LOGO}const L = [{}];\nexport default L\n", object(TEXT));
            let floor = |source: &str, at: usize| (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at));
            let (from, to) = (floor(&source, at).unwrap(), floor(&source, at + len).unwrap());
            source.replace_range(from..to, &text);
            let _ = read(&source);
        }
    }
}
