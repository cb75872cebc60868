//! Reads one card of `src/data/partnersData.tsx`: an object with an image, a title, an address and a text.

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::card::{Card, PageFault, slug_of};
use super::tsx_text;
use crate::domain::text::quote;

/// Where logos are, seen from anywhere.
pub(super) const LOGOS: &str = "static/img/supporters";

/// A node's named children, comments left out.
pub(super) fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// A value without the parentheses and type assertions around it.
pub(super) fn bare(mut node: Node<'_>) -> Node<'_> {
    while matches!(node.kind(), "parenthesized_expression" | "as_expression" | "satisfies_expression") {
        match parts(node).first() {
            Some(inner) => node = *inner,
            None => break,
        }
    }
    node
}

pub(super) fn fault(node: Node<'_>, why: impl Into<String>, hint: impl Into<String>) -> PageFault {
    PageFault::new(node.start_position().row + 1, why, hint)
}

/// Where a card's parts stand, in bytes of the file.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub image: Range<usize>,
    /// The image's name is its key's, too: `{image, …}`.
    pub shorthand: bool,
    pub title: Range<usize>,
    pub web_url: Range<usize>,
    pub text: TextPlace,
}

/// Where a text stands, and so how another takes its place.
#[derive(Debug, Clone)]
pub(super) enum TextPlace {
    /// Between the tags of `<Translate>`.
    Between(Range<usize>),
    /// The message of `translate({…})`.
    Message(Range<usize>),
    /// The whole value: a text without an id.
    Whole(Range<usize>),
}

enum Child<'t> {
    Text(String),
    Node(Node<'t>),
}

/// What is needed of the file to read its cards.
#[derive(Default)]
pub(super) struct Names<'t> {
    pub text: &'t str,
    /// Paths of imported files.
    pub images: BTreeMap<&'t str, String>,
    /// The name of the component `Translate`.
    pub component: Option<&'t str>,
    /// The name of the function `translate`.
    pub function: Option<&'t str>,
}

impl<'t> Names<'t> {
    pub fn of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub fn odd(&self, node: Node<'_>, expected: &str) -> PageFault {
        let (first, more) =
            self.of(node).split_once(['\n', '\r']).map_or((self.of(node), ""), |(first, _)| (first, " …"));
        let shown = quote(&format!("{}{more}", first.trim_end()));
        fault(node, format!("{shown} isn't understood here"), format!("{expected} is expected"))
    }

    /// The path in `require("…")` or `require("…").default`.
    pub fn required(&self, node: Node<'t>) -> Result<Option<String>, PageFault> {
        let mut node = node;
        if node.kind() == "member_expression"
            && let Some(object) = node.child_by_field_name("object")
            && node.child_by_field_name("property").is_some_and(|p| self.of(p) == "default")
        {
            node = object;
        }
        match self.call(node, "require") {
            Some(arguments) if arguments.len() == 1 => Ok(Some(self.string(arguments[0])?)),
            _ => Ok(None),
        }
    }

    /// The arguments of a call of the function of that name.
    fn call(&self, node: Node<'t>, name: &str) -> Option<Vec<Node<'t>>> {
        let function = node.child_by_field_name("function")?;
        let called = node.kind() == "call_expression" && function.kind() == "identifier" && self.of(function) == name;
        called.then(|| node.child_by_field_name("arguments").map(parts))?
    }

    /// An object's members by name: those of `known`, each at most once.
    fn members(&self, node: Node<'t>, known: &[&str]) -> Result<BTreeMap<String, Node<'t>>, PageFault> {
        if node.kind() != "object" {
            return Err(self.odd(node, "an object in braces"));
        }
        let mut members = BTreeMap::new();
        for part in parts(node) {
            let (key, value) = match part.kind() {
                "shorthand_property_identifier" => (self.of(part).to_owned(), part),
                "pair" => match (part.child_by_field_name("key"), part.child_by_field_name("value")) {
                    (Some(key), Some(value)) if key.kind() == "property_identifier" => {
                        (self.of(key).to_owned(), bare(value))
                    }
                    (Some(key), Some(value)) if key.kind() == "string" => (self.string(key)?, bare(value)),
                    _ => return Err(self.odd(part, "a plain key with its value")),
                },
                _ => return Err(self.odd(part, "a key with its value")),
            };
            if !known.contains(&key.as_str()) {
                let why = format!("{} isn't known here", quote(&key));
                return Err(fault(part, why, format!("known are {}", known.join(", "))));
            }
            if members.insert(key, value).is_some() {
                return Err(fault(part, "a key is there twice", "remove one"));
            }
        }
        Ok(members)
    }

    pub fn card(&self, node: Node<'t>) -> Result<(Card, Places), PageFault> {
        let members = self.members(node, &["image", "title", "webURL", "description"])?;
        let member = |key: &str| {
            let why = || fault(node, format!("a card has no {key}"), "add it");
            members.get(key).copied().ok_or_else(why)
        };
        let (image, title, web_url) = (member("image")?, member("title")?, member("webURL")?);
        let (slug, description, text) = self.description(member("description")?)?;
        let places = Places {
            image: image.byte_range(),
            shorthand: image.kind() == "shorthand_property_identifier",
            title: title.byte_range(),
            web_url: web_url.byte_range(),
            text,
        };
        let (variable, file) = self.image(image)?;
        let (title, web_url) = (self.string(title)?, self.string(web_url)?);
        Ok((Card { slug, variable, file, title, web_url, description }, places))
    }

    /// The name under which an image is known, and its file.
    fn image(&self, node: Node<'t>) -> Result<(String, String), PageFault> {
        let (variable, path) = match node.kind() {
            "identifier" | "shorthand_property_identifier" => {
                let name = self.of(node);
                let why = || fault(node, format!("no image {} is imported", quote(name)), "import it");
                (name, self.images.get(name).cloned().ok_or_else(why)?)
            }
            _ => match self.required(node)? {
                Some(path) => ("", path),
                None => return Err(self.odd(node, "an imported image")),
            },
        };
        match path.rsplit_once('/') {
            Some((folder, file))
                if (folder.ends_with(&format!("/{LOGOS}")) || folder == LOGOS)
                    && !matches!(file, "" | "." | "..")
                    && !file.contains(['?', '!', '\\']) =>
            {
                Ok((variable.to_owned(), file.to_owned()))
            }
            _ => Err(fault(node, format!("{} isn't a file in {LOGOS}", quote(&path)), "logos belong there")),
        }
    }

    /// The text of a string or of a template without values.
    pub fn string(&self, node: Node<'t>) -> Result<String, PageFault> {
        let constant = match bare(node) {
            node if node.kind() == "string" => true,
            node => node.kind() == "template_string" && parts(node).iter().all(|p| p.kind() != "template_substitution"),
        };
        if !constant {
            return Err(self.odd(node, "a text in quotes"));
        }
        let raw = self.of(bare(node));
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        tsx_text::unescape(inner).map_err(|why| fault(node, why, "write the character itself"))
    }

    /// A card's slug and text, and where that stands.
    fn description(&self, node: Node<'t>) -> Result<(String, String, TextPlace), PageFault> {
        let whole = TextPlace::Whole(node.byte_range());
        let mut node = node;
        loop {
            match node.kind() {
                "string" | "template_string" => return Ok((String::new(), self.string(node)?, whole)),
                "jsx_element" if self.tag(node).is_none() => match self.only_child(node)? {
                    Child::Text(text) => return Ok((String::new(), text, whole)),
                    Child::Node(inner) => node = inner,
                },
                "jsx_element" => return self.translated(node),
                "call_expression" => {
                    let arguments = self.function.and_then(|name| self.call(node, name));
                    let Some([object]) = arguments.as_deref() else { break };
                    let members = self.members(*object, &["id", "message", "description"])?;
                    let (Some(id), Some(message)) = (members.get("id"), members.get("message")) else { break };
                    let id_text = self.string(*id)?;
                    let place = TextPlace::Message(message.byte_range());
                    return Ok((slug(*id, &id_text)?, self.string(*message)?, place));
                }
                _ => break,
            }
        }
        Err(self.odd(node, "<Translate id=\"partners.<slug>.description\"> with the text in it"))
    }

    /// An element's name; a fragment has none.
    fn tag(&self, element: Node<'t>) -> Option<&'t str> {
        Some(self.of(element.child_by_field_name("open_tag")?.child_by_field_name("name")?))
    }

    /// What `<Translate>` says.
    fn translated(&self, element: Node<'t>) -> Result<(String, String, TextPlace), PageFault> {
        let Some(open) = element.child_by_field_name("open_tag").filter(|_| self.tag(element) == self.component) else {
            return Err(self.odd(element, "the Translate imported from @docusaurus/Translate"));
        };
        let mut found = None;
        for attribute in parts(open).into_iter().skip(1) {
            let attribute_parts = parts(attribute);
            let ("jsx_attribute", [name, value]) = (attribute.kind(), attribute_parts.as_slice()) else {
                return Err(self.odd(attribute, "an id"));
            };
            match self.of(*name) {
                "id" if found.is_none() => found = Some(slug(*value, &self.attribute(*value)?)?),
                "description" => {}
                _ => return Err(self.odd(attribute, "an id")),
            }
        }
        let Some(slug) = found else {
            return Err(fault(open, "a Translate has no id", "add id=\"partners.<slug>.description\""));
        };
        let end = element.child_by_field_name("close_tag").map_or(element.end_byte(), |close| close.start_byte());
        let place = TextPlace::Between(open.end_byte()..end);
        match self.only_child(element)? {
            Child::Text(text) => Ok((slug, text, place)),
            Child::Node(node) => Ok((slug, self.string(node)?, place)),
        }
    }

    /// An attribute's text. In quotes it has entities, and no escapes.
    fn attribute(&self, node: Node<'t>) -> Result<String, PageFault> {
        if let ("jsx_expression", [inner]) = (node.kind(), parts(node).as_slice()) {
            return self.string(*inner);
        }
        let raw = self.of(node);
        let inner = raw.get(1..raw.len().saturating_sub(1)).filter(|inner| !inner.contains(['\n', '\r']));
        match inner {
            Some(inner) if node.kind() == "string" => {
                tsx_text::entities(inner).map_err(|why| fault(node, why, "write the character itself"))
            }
            _ => Err(self.odd(node, "a text in quotes")),
        }
    }

    /// The one thing that an element shows: Docusaurus takes no more than one.
    fn only_child(&self, element: Node<'t>) -> Result<Child<'t>, PageFault> {
        let (Some(open), Some(close)) =
            (element.child_by_field_name("open_tag"), element.child_by_field_name("close_tag"))
        else {
            return Err(self.odd(element, "an element with a text in it"));
        };
        let mut shown = Vec::new();
        let mut from = open.end_byte();
        let inside = parts(element).into_iter().filter(|part| part.kind() != "jsx_text" && *part != open);
        for part in inside {
            let between = self.text.get(from..part.start_byte()).unwrap_or_default();
            let hint = "write the character itself";
            let text = tsx_text::jsx(between).map_err(|why| fault(element, why, hint))?;
            if !text.is_empty() {
                shown.push(Child::Text(text));
            }
            from = part.end_byte();
            if part.kind() == "jsx_expression" {
                shown.extend(parts(part).into_iter().map(|inner| Child::Node(bare(inner))));
            } else if part != close {
                shown.push(Child::Node(part));
            }
        }
        match shown.pop() {
            Some(child) if shown.is_empty() => Ok(child),
            Some(_) => Err(fault(element, "there is more than one text in an element", "put all into one")),
            None => Err(fault(element, "an element has no text", "put the text into it")),
        }
    }
}

/// The partner that a text's id names.
fn slug(node: Node<'_>, id: &str) -> Result<String, PageFault> {
    let why = || fault(node, format!("{} names no partner", quote(id)), "use partners.<slug>.description");
    slug_of(id).map(str::to_owned).ok_or_else(why)
}
