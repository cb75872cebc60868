//! Applicants that look like somebody who is there already. Shown to people, never judged.

pub(crate) mod index;

use std::collections::BTreeSet;

use unicode_security::confusable_detection::skeleton;

use super::{Mailbox, Name, Record};
use crate::domain::hosts::{in_letters, is_free_mail};
use crate::domain::legal_forms::{called, words};
use crate::domain::names::{registrable, signs};
use crate::domain::nearness::are_near;
use crate::domain::shared_hosts::{is_shared, own_domain};
use crate::domain::shared_text::SharedText;
use crate::domain::values::{Sha256, Slug};

/// Somebody there is to be mistaken for.
#[derive(Debug, Clone)]
pub struct Known {
    pub slug: Slug,
    pub name: SharedText,
    pub traits: Traits,
}

/// How two organizations are alike, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// Their names are the same, legal forms apart.
    Name,
    LookAlike,
    /// One bears a name that the other had.
    FormerName,
    /// Their names are nearly the same: a letter apart.
    Near,
    Logo,
    /// The hosts of their websites look the same, and aren't.
    HostLookAlike,
    /// Their websites are on one site; companies of one group have that.
    Host,
    /// Both name the same contact.
    Contact,
    /// Both have the very same mailbox, at a provider where anybody has one.
    Mailbox,
    /// Their mailboxes are in one domain, which is no provider's.
    MailDomain,
}

impl Likeness {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Name => tr!("has the same name"),
            Self::LookAlike => tr!("has a name that looks the same"),
            Self::FormerName => tr!("bears or bore the same name"),
            Self::Near => tr!("has nearly the same name"),
            Self::Logo => tr!("has the very same logo file"),
            Self::HostLookAlike => tr!("has its website on a host that looks the same"),
            Self::Host => tr!("has its website on the same host"),
            Self::Contact => tr!("has the same contact on GitHub"),
            Self::Mailbox => tr!("has the same mailbox"),
            Self::MailDomain => tr!("has its mailbox in the same domain"),
        }
    }

    /// Whether it is in what they are called.
    const fn is_of_names(self) -> bool {
        matches!(self, Self::Name | Self::LookAlike | Self::FormerName | Self::Near)
    }

    /// Whether it is more than a remark.
    #[must_use]
    pub const fn is_serious(self) -> bool {
        !matches!(self, Self::Host | Self::Contact | Self::Mailbox | Self::MailDomain)
    }
}

/// What the letters and digits of slugs look like, in small letters: as `skeleton` has it, which takes a hundred times as long.
fn look_of_slug(slug: &str) -> String {
    let mut look = String::with_capacity(slug.len() + 2);
    for letter in slug.chars() {
        match letter {
            '0' => look.push('o'),
            '1' => look.push('l'),
            'm' => look.push_str("rn"),
            '-' => {}
            other => look.push(other),
        }
    }
    look
}

fn look(name: &str) -> String {
    if name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return look_of_slug(name);
    }
    // Capital I, small l and the digit 1 look alike only before case is folded; fold after.
    let folded = skeleton(name).collect::<String>().to_lowercase();
    let letters = skeleton(&folded).filter(|c| c.is_alphanumeric());
    letters.chain(signs(name).chars()).collect()
}

/// What stands between two traits, and between two names.
const TRAIT: char = '\t';
const NAME: char = '\u{1f}';

/// What somebody is compared by, made ready to be compared with many: one text, so that those of thousands are read as fast as a
/// file is.
#[derive(Debug, Clone)]
pub struct Traits(SharedText);

/// The same, taken apart. What isn't there is empty.
#[derive(Debug, Clone, Copy)]
struct Parts<'t> {
    /// What it is called now, in any language.
    names: &'t str,
    words: &'t str,
    look: &'t str,
    former: &'t str,
    logo: &'t str,
    site: &'t str,
    host: &'t str,
    host_look: &'t str,
    /// Whom it names to be reached: the login in small letters, and the account's number.
    login: &'t str,
    account: &'t str,
    /// The domain of its mailbox; of one at a provider, all of it.
    mail: &'t str,
}

/// How many parts there are.
const PARTS: usize = 11;

fn names(of: &str) -> impl Iterator<Item = &str> {
    of.split(NAME).filter(|name| !name.is_empty())
}

impl<'t> Parts<'t> {
    fn words(self) -> impl Iterator<Item = &'t str> {
        names(self.words)
    }

    fn is_called(self, name: &str) -> bool {
        names(self.names).any(|own| own == name)
    }

    /// Whether it has had one of the other's names.
    fn had(self, other: Self) -> bool {
        names(self.former).any(|former| other.is_called(former))
    }

    /// As [`Identity::is`](crate::domain::identity::Identity::is) tells accounts, of what is remembered as text.
    fn has_contact_of(self, other: Self) -> bool {
        match (self.account, other.account) {
            ("", _) | (_, "") => self.login == other.login,
            (own, other) => own == other,
        }
    }

    fn likeness(self, other: Self) -> Option<Likeness> {
        if names(self.names).any(|mine| other.is_called(mine)) {
            Some(Likeness::Name)
        } else if other.look == self.look {
            Some(Likeness::LookAlike)
        } else if self.had(other) || other.had(self) {
            Some(Likeness::FormerName)
        } else if are_near(other.words(), self.words()) {
            Some(Likeness::Near)
        } else if !self.logo.is_empty() && other.logo == self.logo {
            Some(Likeness::Logo)
        } else if other.site == self.site {
            Some(Likeness::Host)
        } else if other.host != self.host && other.host_look == self.host_look {
            Some(Likeness::HostLookAlike)
        } else if other.has_contact_of(self) {
            Some(Likeness::Contact)
        } else if !self.mail.is_empty() && other.mail == self.mail {
            Some(if self.mail.contains('@') { Likeness::Mailbox } else { Likeness::MailDomain })
        } else {
            None
        }
    }
}

/// A part in which nothing ends it. Addresses may hold anything, in a form that servers read.
fn ended_by_nothing(part: String) -> String {
    match part.contains(|c: char| c == '\\' || c.is_control()) {
        true => part.escape_default().to_string(),
        false => part,
    }
}

/// By what two mailboxes are one organization's.
fn mail_of(mailbox: &Mailbox) -> String {
    match is_free_mail(&mailbox.host()) {
        true => mailbox.delivered(),
        false => registrable(&mailbox.host()),
    }
}

impl Traits {
    #[must_use]
    pub fn of(record: &Record, logo: Option<Sha256>) -> Self {
        let list = |names: Vec<String>| {
            let names: Vec<String> = names.into_iter().map(ended_by_nothing).collect();
            names.join(&NAME.to_string())
        };
        let called = |all: &mut dyn Iterator<Item = &Name>| list(all.flat_map(|name| called(name.as_str())).collect());
        let host = record.website.host();
        // Of digits, the skeleton is a capital.
        let host_look = skeleton(&in_letters(&host)).flat_map(char::to_lowercase).collect();
        let parts: [String; PARTS] = [
            called(&mut [Some(&record.name), record.name_zh.as_ref()].into_iter().flatten()),
            list(words(record.name.as_str())),
            ended_by_nothing(look(record.name.as_str())),
            called(&mut record.former_names.iter()),
            logo.map(|logo| logo.to_string()).unwrap_or_default(),
            ended_by_nothing(record.website.site()),
            ended_by_nothing(host),
            ended_by_nothing(host_look),
            record.github.folded(),
            record.github_id.map(|id| id.to_string()).unwrap_or_default(),
            record.email.as_ref().map(|email| ended_by_nothing(mail_of(email))).unwrap_or_default(),
        ];
        Self(parts.join(&TRAIT.to_string()).into())
    }

    /// As it is kept, on one line.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What was kept so; `None` of anything else.
    pub(crate) fn kept(text: SharedText) -> Option<Self> {
        (memchr::memchr_iter(TRAIT as u8, text.as_bytes()).count() + 1 == PARTS).then_some(Self(text))
    }

    fn parts(&self) -> Parts<'_> {
        let mut rest: &str = &self.0;
        let mut next = || {
            let end = memchr::memchr(TRAIT as u8, rest.as_bytes()).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            rest = behind.get(1..).unwrap_or_default();
            part
        };
        Parts {
            names: next(),
            words: next(),
            look: next(),
            former: next(),
            logo: next(),
            site: next(),
            host: next(),
            host_look: next(),
            login: next(),
            account: next(),
            mail: next(),
        }
    }

    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        self.compared()(other)
    }

    /// Whether two that somebody lists beside each other are one organization: called alike, and with one website or one logo.
    #[must_use]
    pub fn is_one_with(&self, other: &Self) -> bool {
        let (one, other) = (self.parts(), other.parts());
        let has_logo = !one.logo.is_empty() && one.logo == other.logo;
        one.likeness(other).is_some_and(Likeness::is_of_names) && (has_logo || one.site == other.site)
    }

    /// The same for who is compared with many.
    pub(crate) fn compared(&self) -> impl Fn(&Self) -> Option<Likeness> {
        let one = self.parts();
        move |other| one.likeness(other.parts())
    }
}

/// How it shows that two ask for the same organization, as what the other one does: it has the name, or one that looks like it
/// or is nearly the same, or its website at the same domain.
#[must_use]
pub fn of_one_organization(one: &Record, other: &Record) -> Option<&'static str> {
    let likeness = Traits::of(one, None).likeness(&Traits::of(other, None));
    if let Some(likeness) = likeness.filter(|likeness| likeness.is_serious()) {
        return Some(likeness.words());
    }
    let own = |record: &Record| own_domain(&record.website.host()).filter(|domain| !is_shared(domain));
    let same = own(one).is_some_and(|domain| own(other).is_some_and(|there| there == domain));
    (same || one.website.site() == other.website.site()).then_some(tr!("has its website at the same domain"))
}

/// The strongest likeness of each of `others` to an applicant; itself is passed over.
#[must_use]
pub fn find<'a>(
    slug: &Slug,
    traits: &Traits,
    others: impl IntoIterator<Item = &'a Known>,
) -> Vec<(&'a Known, Likeness)> {
    let like = traits.compared();
    let found = others.into_iter().filter(|o| o.slug != *slug).filter_map(|o| Some((o, like(&o.traits)?)));
    let mut is_first = firsts();
    found.filter(|(other, likeness)| is_first(&other.slug, *likeness)).collect()
}

/// Whether a likeness to somebody comes for the first time: a partner stands there a second time with what it would be.
pub(crate) fn firsts() -> impl FnMut(&Slug, Likeness) -> bool {
    let mut told = BTreeSet::new();
    move |slug, likeness| told.insert((slug.clone(), likeness))
}

/// Those of `names` that are nearly the same as a slug, or the same without hyphens. Itself is passed over.
pub fn similar<'a>(slug: &Slug, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let look_of_mine = look(slug.as_str());
    let near = |name: &str| look(name) == look_of_mine || are_near(name.split('-'), slug.as_str().split('-'));
    names.filter(|name| *name != slug.as_str() && near(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const PAIRS: &str = include_str!("../../../tests/likeness_pairs.csv");

    fn known(slug: &str, name: &str, site: &str, former: &str) -> Record {
        let toml = format!(
            "schema = 1\nname = \"{name}\"\nwebsite = \"{site}\"\ngithub = \"{slug}-bot\"\nformer_names = [{former}]\n"
        );
        Record::parse(toml.as_bytes()).unwrap()
    }

    #[test]
    fn slugs_look_as_any_name_does() {
        for slug in ('a'..='z').chain('0'..='9').chain(['-']).map(|letter| format!("a{letter}{letter}z")) {
            // A capital in front leads the other way.
            assert_eq!(format!("z{}", look(&slug)), look(&format!("Z{slug}")), "{slug}");
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_compared_as_before() {
        let site = "https://github.com/a%09b%5Cc%1Fd/x";
        let acme = Traits::of(&known("acme", "Acme Cloud", site, "\"Globex\""), Some(Sha256::of(b"1")));
        let kept = Traits::kept(acme.as_str().to_owned().into()).unwrap();
        assert_eq!(kept.likeness(&acme), Some(Likeness::Name));
        let other = |site: &str| Traits::of(&known("other", "Other", site, ""), None);
        assert_eq!(kept.likeness(&other(site)), Some(Likeness::Host));
        assert_eq!(kept.likeness(&other("https://github.com/a%09b%5Cc/x")), None);
        for cut in [acme.as_str().rsplit_once(TRAIT).unwrap().0.to_owned(), format!("{}\t", acme.as_str())] {
            assert!(Traits::kept(cut.into()).is_none());
        }
    }

    #[test]
    fn one_organization_is_known_by_its_name_or_its_domain() {
        let acme = known("acme", "Acme Cloud", "https://www.acme.example/karmada", "");
        for (name, site, is_it) in [
            ("ACME Cloud Inc.", "https://other.example", true),
            ("Acmme Cloud", "https://other.example", true),
            ("Something else", "https://partners.acme.example", true),
            ("Something else", "https://other.example", false),
        ] {
            let other = known("x", name, site, "");
            assert_eq!(of_one_organization(&acme, &other).is_some(), is_it, "{name} {site}");
        }
        // Many have their pages there.
        let one = known("a", "One", "https://www.linkedin.com/company/one", "");
        for (site, is_it) in [
            ("https://www.linkedin.com/company/other", false),
            ("https://cn.linkedin.com/company/one/about", true),
            ("https://github.com/one", false),
            ("https://one.medium.com", false),
        ] {
            let other = known("b", "Other", site, "");
            assert_eq!(of_one_organization(&one, &other).is_some(), is_it, "{site}");
        }
    }

    #[test]
    fn likenesses_are_found_and_graded() {
        let others = [
            known("globex", "Globex", "https://globex.example", ""),
            known("dsk", "DSK", "https://dsk.example", "\"Unionbigdata\""),
            known("acme", "Acme", "https://www.shared.example/a", ""),
        ];
        let others = ["globex", "dsk", "acme"].into_iter().zip(&others).map(|(slug, record)| Known {
            slug: slug.parse().unwrap(),
            name: record.name.to_string().into(),
            traits: Traits::of(record, Some(Sha256::of(slug.as_bytes()))),
        });
        let others: Vec<Known> = others.collect();
        let of = |name: &str, site: &str, logo: &str| {
            let new = known("new", name, site, "");
            let traits = Traits::of(&new, Some(Sha256::of(logo.as_bytes())));
            find(&"new".parse().unwrap(), &traits, &others)
                .into_iter()
                .map(|(k, l)| (k.slug.to_string(), l))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("GLOBEX, Inc.", "https://a.example", ""), [("globex".into(), Likeness::Name)]);
        assert_eq!(of("Gl\u{43e}bex", "https://a.example", ""), [("globex".into(), Likeness::LookAlike)]);
        assert_eq!(of("Unionbigdata", "https://a.example", ""), [("dsk".into(), Likeness::FormerName)]);
        assert_eq!(of("Other", "https://a.example", "acme"), [("acme".into(), Likeness::Logo)]);
        assert_eq!(of("Other", "https://shared.example/b", ""), [("acme".into(), Likeness::Host)]);
        assert_eq!(of("Globexx", "https://a.example", ""), [("globex".into(), Likeness::Near)]);
        assert_eq!(of("DSC", "https://a.example", ""), []);
        assert_eq!(of("Globex 2", "https://a.example", ""), []);
        assert_eq!(of("Other", "https://a.example", ""), []);
    }

    #[test]
    fn hosts_contacts_and_mail_domains_are_compared() {
        let of = |slug: &str, site: &str, github: &str, email: &str| {
            let toml = format!(
                "schema = 1\nname = \"{slug}\"\nwebsite = \"{site}\"\ngithub = \"{github}\"\nemail = \"{email}\"\n"
            );
            Traits::of(&Record::parse(toml.as_bytes()).unwrap(), None)
        };
        let acme = of("Acme", "https://www.acme.example/a", "zoe", "karmada@mail.acme.example");
        let like = |site: &str, github: &str, email: &str| of("Other", site, github, email).likeness(&acme);
        let (elsewhere, mail) = ("https://b.example", "karmada@b.example");
        assert_eq!(like("https://acme.example/b", "ann", mail), Some(Likeness::Host));
        assert_eq!(like("https://www.acme.example./b", "ann", mail), Some(Likeness::Host));
        assert_eq!(like("https://\u{430}cme.example", "ann", mail), Some(Likeness::HostLookAlike));
        assert_eq!(like("https://xn--cme-5cd.example", "ann", mail), Some(Likeness::HostLookAlike));
        let cloud = of("Cloud", "https://cloud.example", "joe", "karmada@cloud.example");
        let likeness = |site: &str| of("Other", site, "ann", mail).likeness(&cloud);
        assert_eq!(likeness("https://c10ud.example"), Some(Likeness::HostLookAlike));
        assert_eq!(likeness("https://c20ud.example"), None);
        assert_eq!(like(elsewhere, "ZOE", mail), Some(Likeness::Contact));
        assert_eq!(like(elsewhere, "ann", "info@acme.example"), Some(Likeness::MailDomain));
        assert_eq!(like(elsewhere, "ann", mail), None);
        let free = of("One", elsewhere, "zoe", "one@gmail.com");
        assert_eq!(of("Other", "https://c.example", "ann", "other@gmail.com").likeness(&free), None);
        for same in ["One@GMail.com", "o.n.e@gmail.com", "one+karmada@gmail.com"] {
            let other = of("Other", "https://c.example", "ann", same);
            assert_eq!(other.likeness(&free), Some(Likeness::Mailbox), "{same}");
        }
        let dotted = of("One", elsewhere, "zoe", "o.ne@163.com");
        assert_eq!(of("Other", "https://c.example", "ann", "one@163.com").likeness(&dotted), None);
        let shared = of("One", "https://github.com/one/karmada", "zoe", mail);
        let page = |site: &str| of("Other", site, "ann", "karmada@c.example").likeness(&shared);
        assert_eq!(page("https://github.com/other/karmada"), None);
        for same in ["One/more", "%6Fne", "/one", "./one", "x/../ONE", "one?x", "one#y"] {
            assert_eq!(page(&format!("https://github.com/{same}")), Some(Likeness::Host), "{same}");
        }
    }

    /// What people would say of 208 pairs of names is in the table, with why.
    #[test]
    fn names_are_alike_where_people_say_so() {
        let (mut pairs, mut told, mut wrong, mut lost) = (0, 0, Vec::new(), Vec::new());
        for row in csv::Reader::from_reader(PAIRS.as_bytes()).into_records() {
            let row = row.unwrap();
            let (one, other, twins) = (&row[0], &row[1], &row[2] == "yes");
            let of = |slug, name| Traits::of(&known(slug, name, &format!("https://{slug}.example"), ""), None);
            let alike = of("one", one).likeness(&of("other", other)).is_some();
            pairs += 1;
            told += usize::from(alike);
            match (alike, twins) {
                (true, false) => wrong.push(format!("{one} | {other}")),
                (false, true) => lost.push(format!("{one} | {other}")),
                _ => {}
            }
        }
        assert_eq!(pairs, 208);
        assert!(lost.is_empty(), "lost: {lost:#?}");
        assert!(10 * wrong.len() <= told, "wrong, of {told}: {wrong:#?}");
    }
}
