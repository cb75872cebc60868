//! `partner.toml`: what an organization says of itself. Facts only; state is in the log.

pub(crate) mod draft;
pub(crate) mod likeness;
pub(crate) mod mailbox;
pub(crate) mod mend;
pub(crate) mod tag;
pub(crate) mod terms;

use crate::domain::limits;
use std::collections::BTreeMap;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

pub use mailbox::Mailbox;

use super::identity::Identity;
use super::record::tag::Tag;
use super::toml::{Fault, Faults, SCHEMA, Table};
use super::values::{AccountId, Invalid, Login, words};
use super::{hosts, shared_hosts, spoiled, text};

/// An organization's or person's name: 1 to 80 characters, at least one letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// An `http` or `https` address of a named host, at most 2,000 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(String);

/// A description for the partner's card: one line of 1 to 400 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

macro_rules! text_of {
    ($($name:ident),*) => {$(
        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(&self.0) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&self.0) }
        }
    )*};
}
text_of!(Name, WebAddress, Description);

fn line(s: &str, max: usize, example: &str) -> Result<String, Invalid> {
    let s = s.trim();
    if s.is_empty() {
        return Err(Invalid::new(tr!("it is empty"), tr!("write it, such as {example}", example)));
    }
    let length = s.chars().count();
    if length > max {
        return Err(Invalid::new(tr!("it has {length} characters", length), tr!("at most {max} fit", max)));
    }
    match text::fault(s) {
        Some(why) => Err(Invalid::new(why, tr!("write plain text on one line"))),
        None => Ok(s.to_owned()),
    }
}

impl Name {
    /// So many characters it may have.
    pub(crate) const LONGEST: usize = limits::NAME;
}

impl FromStr for Name {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let name = line(s, Self::LONGEST, tr!("“Acme Cloud”"))?;
        if !text::has_letter(&name) {
            return Err(Invalid::new(
                tr!("it has no letter or digit"),
                tr!("give the name people know the organization by"),
            ));
        }
        Ok(Self(name))
    }
}

impl FromStr for Description {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let description =
            line(&text::one_line(s), Self::LONGEST, tr!("“Runs Karmada for banks, with on-call engineers”"))?;
        if !text::has_letter(&description) {
            return Err(Invalid::new(
                tr!("it has no letter or digit"),
                tr!("say in a sentence what support you offer"),
            ));
        }
        Ok(Self(description))
    }
}

impl Description {
    /// So many characters it may have.
    pub(crate) const LONGEST: usize = limits::DESCRIPTION;

    /// How much of it a card on the website can show: so many Latin letters, or half as many Chinese characters.
    pub(crate) const CARD: usize = limits::CARD;

    /// Why it doesn't fit on a card, if it doesn't.
    #[must_use]
    pub(crate) fn overflow(&self) -> Option<Invalid> {
        // Han, Kana, Hangul and their punctuation take twice the width.
        let width: usize =
            self.0.chars().map(|c| if c >= '\u{1100}' && !matches!(c, '\u{2000}'..='\u{206f}') { 2 } else { 1 }).sum();
        (width > Self::CARD).then(|| {
            let why =
                tr!("it is {width} letters wide, and a card on the website shows {card}", width, card = Self::CARD);
            Invalid::new(why, tr!("shorten it; a Chinese character counts as two letters"))
        })
    }
}

/// Whether the host of an address can be anybody's, be it in one network only.
///
/// # Errors
/// When a sign stands in it that no host has.
pub(crate) fn has_a_host(address: &str) -> Result<(), Invalid> {
    Url::parse(address).map_or(Ok(()), |url| can_be_a_name(&url))
}

fn can_be_a_name(url: &Url) -> Result<(), Invalid> {
    let sign = match url.host() {
        Some(Host::Domain(host)) => hosts::odd_sign(host),
        _ => None,
    };
    sign.map_or(Ok(()), |sign| {
        let why = tr!("{sign} can't stand in a host's name", sign = text::quote(&sign.to_string()));
        Err(Invalid::new(why, tr!("write the whole address, such as https://www.example.com/karmada")))
    })
}

/// Whether somebody elsewhere could open an address that is to be published.
///
/// # Errors
/// When its host is known in one network only, or no server listens there.
pub(crate) fn reachable(address: &str) -> Result<(), Invalid> {
    let example = tr!("write the whole address, such as https://www.example.com/karmada");
    // What is on record is read by rules that fit on a page; what is new has to be what browsers take, too.
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(e) => return Err(Invalid::new(tr!("it isn't an address: {e}", e), example)),
    };
    match url.host() {
        Some(Host::Domain(host)) if !hosts::is_name(host) => {
            return Err(Invalid::new(tr!("its host isn't a public name"), example));
        }
        Some(Host::Domain(_)) => can_be_a_name(&url)?,
        _ => return Err(Invalid::new(tr!("its host is a bare IP address, not a name"), example)),
    }
    if url.port() == Some(0) {
        return Err(Invalid::new(tr!("no server listens at port 0"), tr!("leave the port out")));
    }
    match url.host_str().and_then(hosts::why_not_public) {
        Some(why) => Err(Invalid::new(why, tr!("give an address that people elsewhere can open"))),
        None => Ok(()),
    }
}

impl WebAddress {
    /// Whether somebody elsewhere could open it.
    ///
    /// # Errors
    /// When its host is known in one network only, or no server listens there.
    pub(crate) fn reachable(self) -> Result<Self, Invalid> {
        reachable(&self.0).map(|()| self)
    }

    /// The host as it stands there.
    pub(crate) fn spelled_host(&self) -> &str {
        let behind = self.0.split_once("://").map_or("", |(_, rest)| rest);
        behind.split(['/', '?', '#', ':']).next().unwrap_or_default()
    }

    /// The host as verifiers read it, without a leading `www.` and the dot that may end it.
    pub(crate) fn host_as_read(&self) -> String {
        bare(&hosts::read(self.spelled_host()))
    }

    /// As it stands beside a question: where it is so long that it would fill the screen, its host and its beginning; and where its
    /// letters are taken for others, its host as networks know it.
    #[must_use]
    pub fn in_short(&self) -> String {
        const ROOM: usize = 120;
        let host = self.host();
        match (self.0.chars().count() > ROOM, hosts::misleads(&host)) {
            (true, true) => format!("{} · {}", hosts::shown(&host), text::short(&self.0, ROOM)),
            (true, false) => format!("{} · {}", text::visible(&self.host_as_read()), text::short(&self.0, ROOM)),
            (false, true) => format!("{} · {}", text::visible(&self.0), hosts::shown(&host)),
            (false, false) => text::visible(&self.0),
        }
    }

    /// By what two are on one site: its host; where many share that, with whose page it is there.
    #[must_use]
    pub(crate) fn site(&self) -> String {
        let host = self.host();
        let Some(shared) = shared_hosts::shared(&host) else { return host };
        let url = Url::parse(&self.0).ok();
        let parts = url.iter().filter_map(Url::path_segments).flatten().filter(|part| !part.is_empty());
        let parts: Vec<String> =
            parts.map(|part| percent_decode_str(part).decode_utf8_lossy().to_lowercase()).collect();
        format!("{shared}/{}", shared_hosts::owner(&parts, url.as_ref().and_then(Url::query)))
    }

    /// The host in lower case, without a leading `www.` and the dot that may end it; for comparing.
    #[must_use]
    pub(crate) fn host(&self) -> String {
        bare(&Url::parse(&self.0).ok().and_then(|u| u.host_str().map(str::to_lowercase)).unwrap_or_default())
    }
}

/// A host without a leading `www.` and the dot that may end it.
fn bare(host: &str) -> String {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

impl FromStr for WebAddress {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let s = s.trim();
        let example = tr!("write the whole address, such as https://www.example.com/karmada");
        let refuse = |why: &str| Err(Invalid::new(why, example));
        if s.is_empty() {
            return refuse(tr!("it is empty"));
        }
        if s.len() > limits::ADDRESS {
            return Err(Invalid::new(
                tr!("it has {bytes} bytes", bytes = s.len()),
                tr!("at most 2,000 fit; link to a shorter address"),
            ));
        }
        if let Some(why) = text::fault(s) {
            return refuse(&why);
        }
        if s.contains(char::is_whitespace) {
            return refuse(tr!("it has a space"));
        }
        if let Some(bad) = s.chars().find(|c| matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '\\' | '^' | '|')) {
            let hint = match bad {
                // Browsers take it for that, too.
                '\\' => tr!("write / in its place"),
                _ => tr!("percent-encode it"),
            };
            return Err(Invalid::new(
                tr!("{bad} can't stand in it as it is", bad = text::quote(&bad.to_string())),
                hint,
            ));
        }
        // The parser mends `https:acme.io` in silence; a person should see what they typed.
        let lower = s.to_ascii_lowercase();
        if !lower.starts_with("https://") && !lower.starts_with("http://") {
            return match lower.split_once(':') {
                Some(("http" | "https", _)) => refuse(tr!("the two slashes after the scheme are missing")),
                Some((scheme, _)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+') => {
                    refuse(tr!("only http and https addresses can be linked"))
                }
                _ => refuse(tr!("it has no scheme")),
            };
        }
        let authority =
            s.split_once("//").map_or("", |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() {
            return refuse(tr!("it has no host"));
        }
        if authority.contains('@') {
            return refuse(tr!("it carries a user name or password, which would be published"));
        }
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        if host.starts_with('[') {
            return refuse(tr!("its host is a bare IP address, not a name"));
        }
        if !port.is_empty() && (!text::is_digits(port) || port.parse::<u16>().is_err()) {
            return refuse(tr!("its port isn't one"));
        }
        match hosts::read(host) {
            host if host.is_empty() => return refuse(tr!("it has no host")),
            host if hosts::is_number(&host) => return refuse(tr!("its host is a bare IP address, not a name")),
            host if !hosts::is_name(&host) => return refuse(tr!("its host isn't a public name")),
            _ => {}
        }
        Ok(Self(s.to_owned()))
    }
}

words! {
    /// The facts a record can hold, by the name they have in files, flags (with hyphens) and prompts.
    pub enum Field {
        Name = "name",
        /// Its website: better the page about its Karmada support than its home page.
        Website = "website",
        Github = "github",
        Email = "email",
        Logo = "logo",
        /// One line for the card, in English.
        Description = "description",
        DescriptionZh = "description_zh",
        /// The company it belongs to, if any; counts for recusal.
        Parent = "parent",
        /// Names it had before; counts for recusal and duplicates.
        FormerNames = "former_names",
        /// Its name in Chinese, if it has one.
        NameZh = "name_zh",
        /// What it offers: words of the program's.
        Services = "services",
        Regions = "regions",
        Languages = "languages",
        /// When somebody answers: words of the program's.
        Hours = "hours",
        /// Within what time: words of the program's.
        Response = "response",
        /// Places where it has people.
        Offices = "offices",
        /// A page that tells of a customer.
        Story = "story",
        /// How many of its people hold a certificate of the CNCF's.
        Certified = "certified",
    }
}

impl Field {
    /// Its word as a label before its value, where people read it.
    #[must_use]
    pub(crate) fn label(self) -> String {
        self.told().replace('_', " ")
    }

    /// Whether it holds several values. Where they are typed or shown on one line, semicolons part them.
    #[must_use]
    pub(crate) const fn is_list(self) -> bool {
        self.is_of_terms() || self.is_free_list()
    }

    /// Whether its answers are lists of names that nobody else lists.
    #[must_use]
    pub(crate) const fn is_free_list(self) -> bool {
        matches!(self, Self::FormerNames | Self::Offices)
    }

    /// Whether its answers are words that the program lists.
    #[must_use]
    pub(crate) const fn is_of_terms(self) -> bool {
        matches!(self, Self::Services | Self::Regions | Self::Languages | Self::Hours | Self::Response)
    }

    /// Whether end users choose by it, once they know who there is; nobody need answer.
    #[must_use]
    pub(crate) const fn is_further(self) -> bool {
        matches!(self, Self::Hours | Self::Response | Self::Offices | Self::Story | Self::Certified)
    }

    #[must_use]
    pub(crate) fn flag(self) -> String {
        match self {
            Self::FormerNames => "--former-name".into(),
            Self::Services => "--service".into(),
            Self::Regions => "--region".into(),
            Self::Languages => "--language".into(),
            Self::Offices => "--office".into(),
            _ => format!("--{}", self.word().replace('_', "-")),
        }
    }
}

/// What `partner.toml` holds. The logo is a file beside it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Record {
    pub name: Name,
    /// What the card links to.
    pub website: WebAddress,
    /// The contact's GitHub ID.
    pub github: Login,
    /// GitHub's number of the contact's account, which stays when its login changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub github_id: Option<AccountId>,
    /// The contact's mailbox, if it is to be public.
    pub email: Option<Mailbox>,
    /// One line for the card, in English.
    pub description: Option<Description>,
    /// The same in Chinese.
    pub description_zh: Option<Description>,
    /// The company it belongs to.
    pub parent: Option<Name>,
    pub former_names: Vec<Name>,
    pub name_zh: Option<Name>,
    /// Named as in the policy's `services`.
    pub services: Vec<Tag>,
    /// Named as in the policy's `regions`.
    pub regions: Vec<Tag>,
    /// Named as in the policy's `languages`.
    pub languages: Vec<Tag>,
    /// Named as in the policy's `hours`.
    pub hours: Vec<Tag>,
    /// Named as in the policy's `response`.
    pub response: Vec<Tag>,
    pub offices: Vec<Name>,
    pub story: Option<WebAddress>,
    /// From 1 to 100,000.
    pub certified: Option<u32>,
}

impl Record {
    /// So many people there may be with a certificate.
    pub(crate) const MOST_CERTIFIED: u32 = limits::CERTIFIED;

    /// Whether it is what is left of these facts, without their mailbox.
    #[must_use]
    pub(crate) fn is_cleared(&self, before: &Self) -> bool {
        *self == Self { email: None, ..before.clone() }
    }

    /// All names it goes by, or went by, and its parent's.
    pub(crate) fn known_as(&self) -> impl Iterator<Item = &str> {
        let names = [Some(&self.name), self.name_zh.as_ref(), self.parent.as_ref()];
        names.into_iter().flatten().chain(&self.former_names).map(Name::as_str)
    }

    /// The hosts of its website and its mailbox, as verifiers read them.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = String> {
        let mailbox = self.email.as_ref().map(|mailbox| hosts::read(&mailbox.host()));
        [self.website.host_as_read()].into_iter().chain(mailbox)
    }

    /// Reads `partner.toml`; every fault at once.
    ///
    /// # Errors
    /// With all that is wrong, in the order of the lines.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let (mut table, mut faults) = Table::parse(bytes);
        table.schema(&mut faults);
        let facts = Facts::read(&mut table, &mut faults);
        for (key, there) in
            [("name", facts.name.is_some()), ("website", facts.website.is_some()), ("github", facts.github.is_some())]
        {
            if !there {
                faults.missing(key, tr!("every partner has one"));
            }
        }
        table.finish(&mut faults);
        let record = facts.into_record();
        faults.or(record)
    }

    #[must_use]
    pub const fn contact(&self) -> Identity<'_> {
        Identity { login: &self.github, id: self.github_id }
    }

    /// The contact's login, and the account that it stands for, if that is known.
    #[must_use]
    pub(crate) fn contact_in_words(&self) -> String {
        match self.github_id {
            Some(id) => format!("{}, account {id}", self.github),
            None => self.github.to_string(),
        }
    }

    /// `partner.toml` as this program first writes it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut document = toml_edit::DocumentMut::new();
        document.insert("schema", toml_edit::value(SCHEMA));
        self.write_into(&mut document);
        document.to_string()
    }

    /// `previous`, an older `partner.toml`, with this record's facts: comments and order of a hand-edited file stay.
    #[must_use]
    pub fn to_toml_like(&self, previous: &[u8]) -> String {
        let kept = std::str::from_utf8(previous).ok().and_then(|text| text.parse::<toml_edit::DocumentMut>().ok());
        let Some(mut document) = kept else { return self.to_toml() };
        self.write_into(&mut document);
        document.to_string()
    }

    fn write_into(&self, document: &mut toml_edit::DocumentMut) {
        let id = self.github_id.and_then(|id| i64::try_from(id.get()).ok());
        let kept = document.get("github_id").and_then(toml_edit::Item::as_integer);
        match id {
            None => drop(document.remove("github_id")),
            Some(id) if kept != Some(id) => drop(document.insert("github_id", toml_edit::value(id))),
            Some(_) => {}
        }
        let fields = self.fields();
        for field in Field::ALL.iter().filter(|f| **f != Field::Logo) {
            let key = field.word();
            match fields.get(field) {
                None => drop(document.remove(key)),
                Some(value) if field.is_list() => {
                    let list: toml_edit::Array = value.split(SEPARATOR).collect();
                    // A list that stays keeps its layout and comments.
                    let old = document.get(key).and_then(toml_edit::Item::as_array);
                    let same =
                        |old: &toml_edit::Array| old.iter().map(|v| v.as_str()).eq(list.iter().map(|v| v.as_str()));
                    if !old.is_some_and(same) {
                        document.insert(key, toml_edit::value(list));
                    }
                }
                Some(value) if *field == Field::Certified => {
                    let kept = document.get(key).and_then(toml_edit::Item::as_integer);
                    if let Some(number) = value.parse().ok().filter(|number| kept != Some(*number)) {
                        document.insert(key, toml_edit::value(number));
                    }
                }
                // A value that stays keeps the comment behind it.
                Some(value) => match document.get_mut(key).and_then(toml_edit::Item::as_value_mut) {
                    Some(old) if old.as_str() == Some(value) => {}
                    Some(old) => {
                        let decor = old.decor().clone();
                        *old = value.as_str().into();
                        *old.decor_mut() = decor;
                    }
                    None => {
                        document.insert(key, toml_edit::value(value.as_str()));
                    }
                },
            }
        }
    }

    /// The facts as text, for showing and comparing. What isn't there is absent.
    #[must_use]
    pub(crate) fn fields(&self) -> BTreeMap<Field, String> {
        let text = |s: &Option<Description>| s.as_ref().map(ToString::to_string);
        let tags = |tags: &[Tag]| listed(tags.iter().map(Tag::as_str));
        [
            (Field::Name, Some(self.name.to_string())),
            (Field::Website, Some(self.website.to_string())),
            (Field::Github, Some(self.github.to_string())),
            (Field::Email, self.email.as_ref().map(ToString::to_string)),
            (Field::Description, text(&self.description)),
            (Field::DescriptionZh, text(&self.description_zh)),
            (Field::Parent, self.parent.as_ref().map(ToString::to_string)),
            (Field::FormerNames, listed(self.former_names.iter().map(Name::as_str))),
            (Field::NameZh, self.name_zh.as_ref().map(ToString::to_string)),
            (Field::Services, tags(&self.services)),
            (Field::Regions, tags(&self.regions)),
            (Field::Languages, tags(&self.languages)),
            (Field::Hours, tags(&self.hours)),
            (Field::Response, tags(&self.response)),
            (Field::Offices, listed(self.offices.iter().map(Name::as_str))),
            (Field::Story, self.story.as_ref().map(ToString::to_string)),
            (Field::Certified, self.certified.map(|number| number.to_string())),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }

    /// Texts that a card on the website would cut off: the field, and why.
    #[must_use]
    pub(crate) fn overflows(&self) -> Vec<(Field, Invalid)> {
        let texts = [(Field::Description, &self.description), (Field::DescriptionZh, &self.description_zh)];
        texts.into_iter().filter_map(|(field, text)| Some((field, text.as_ref()?.overflow()?))).collect()
    }

    /// Facts that something on their way here spoiled, before that was refused: the field, and why.
    #[must_use]
    pub(crate) fn spoiled(&self) -> Vec<(Field, Invalid)> {
        self.fields().into_iter().filter_map(|(field, value)| Some((field, spoiled::judge(&value).err()?))).collect()
    }

    /// What differs from `other`: field, value here, value there.
    #[must_use]
    pub(crate) fn differences(&self, other: &Self) -> Vec<(Field, Option<String>, Option<String>)> {
        let (mut mine, mut theirs) = (self.fields(), other.fields());
        if self.github_id != other.github_id {
            mine.insert(Field::Github, self.contact_in_words());
            theirs.insert(Field::Github, other.contact_in_words());
        }
        Field::ALL
            .iter()
            .map(|f| (*f, mine.get(f).cloned(), theirs.get(f).cloned()))
            .filter(|(_, mine, theirs)| mine != theirs)
            .collect()
    }
}

/// What stands between the items of a list where it is shown or typed.
pub(super) const SEPARATOR: &str = "; ";

/// A list on one line; nothing if it is empty.
fn listed<'a>(items: impl Iterator<Item = &'a str>) -> Option<String> {
    Some(items.collect::<Vec<_>>().join(SEPARATOR)).filter(|line| !line.is_empty())
}

/// A record's facts before it is known that all of them are there.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub name: Option<Name>,
    pub website: Option<WebAddress>,
    pub github: Option<Login>,
    pub github_id: Option<AccountId>,
    pub email: Option<Mailbox>,
    pub description: Option<Description>,
    pub description_zh: Option<Description>,
    pub parent: Option<Name>,
    pub former_names: Vec<Name>,
    pub name_zh: Option<Name>,
    pub services: Vec<Tag>,
    pub regions: Vec<Tag>,
    pub languages: Vec<Tag>,
    pub hours: Vec<Tag>,
    pub response: Vec<Tag>,
    pub offices: Vec<Name>,
    pub story: Option<WebAddress>,
    pub certified: Option<u32>,
}

impl Facts {
    pub(super) fn read(table: &mut Table<'_>, faults: &mut Faults) -> Self {
        Self {
            name: table.value(faults, "name"),
            website: table.value(faults, "website"),
            github: table.value(faults, "github"),
            github_id: table
                .number::<i64>(faults, "github_id", 1..=i64::MAX)
                .and_then(|id| AccountId::new(id.unsigned_abs())),
            email: table.value(faults, "email"),
            description: table.value(faults, "description"),
            description_zh: table.value(faults, "description_zh"),
            parent: table.value(faults, "parent"),
            former_names: table.list(faults, "former_names", str::parse),
            name_zh: table.value(faults, "name_zh"),
            services: table.list(faults, "services", str::parse),
            regions: table.list(faults, "regions", str::parse),
            languages: table.list(faults, "languages", str::parse),
            hours: table.list(faults, "hours", str::parse),
            response: table.list(faults, "response", str::parse),
            offices: table.list(faults, "offices", str::parse),
            story: table.value(faults, "story"),
            certified: table.number(faults, "certified", 1..=Record::MOST_CERTIFIED.into()),
        }
    }

    pub(super) fn into_record(self) -> Option<Record> {
        Some(Record {
            name: self.name?,
            website: self.website?,
            github: self.github?,
            github_id: self.github_id,
            email: self.email,
            description: self.description,
            description_zh: self.description_zh,
            parent: self.parent,
            former_names: self.former_names,
            name_zh: self.name_zh,
            services: self.services,
            regions: self.regions,
            languages: self.languages,
            hours: self.hours,
            response: self.response,
            offices: self.offices,
            story: self.story,
            certified: self.certified,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_misleads_is_shown_as_networks_know_it() {
        let shown = |address: &str| address.parse::<WebAddress>().unwrap().in_short();
        // However long the rest is.
        let long = shown(&format!("https://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com/{}", "a".repeat(150)));
        assert!(long.contains("xn--80ak6aa92e.com"), "{long}");
        assert_eq!(shown("https://аррӏе.com/a"), "https://аррӏе.com/a · аррӏе.com (xn--80ak6aa92e.com)");
        assert_eq!(shown("https://müller.example/a"), "https://müller.example/a");
    }
}
