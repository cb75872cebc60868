//! Applicants that look like somebody who is there already. Shown to people, never judged.

pub(crate) mod index;

use std::collections::BTreeSet;

use unicode_security::confusable_detection::skeleton;

use super::{Mailbox, Record};
use crate::domain::hosts::{in_letters, is_free_mail, is_shared};
use crate::domain::identity::Identity;
use crate::domain::legal_forms::{called, words};
use crate::domain::names::{registrable, signs};
use crate::domain::nearness::are_near;
use crate::domain::values::{AccountId, Login, Sha256, Slug};

/// Somebody there is to be mistaken for.
#[derive(Debug, Clone)]
pub struct Known {
    pub slug: Slug,
    pub name: String,
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
            Self::MailDomain => tr!("has its mailbox in the same domain"),
        }
    }

    /// Whether it is more than a remark.
    #[must_use]
    pub const fn is_serious(self) -> bool {
        !matches!(self, Self::Host | Self::Contact | Self::MailDomain)
    }
}

fn look(name: &str) -> String {
    // Capital I, small l and the digit 1 look alike only before case is folded; fold after.
    let folded = skeleton(name).collect::<String>().to_lowercase();
    let letters = skeleton(&folded).filter(|c| c.is_alphanumeric());
    letters.chain(signs(name).chars()).collect()
}

/// What somebody is compared by, made ready to be compared with many.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Traits {
    /// What it is called now, in any language.
    names: Vec<String>,
    words: Vec<String>,
    look: String,
    former: Vec<String>,
    logo: Option<Sha256>,
    site: String,
    host: String,
    host_look: String,
    contact: Contact,
    mail_domain: Option<String>,
}

/// Whom somebody names to be reached.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Contact {
    login: Login,
    id: Option<AccountId>,
}

impl Contact {
    fn is(&self, other: &Self) -> bool {
        let (one, other) =
            (Identity { login: &self.login, id: self.id }, Identity { login: &other.login, id: other.id });
        one.is(other)
    }
}

impl Traits {
    #[must_use]
    pub fn of(record: &Record, logo: Option<Sha256>) -> Self {
        Self {
            names: [Some(&record.name), record.name_zh.as_ref()]
                .into_iter()
                .flatten()
                .flat_map(|name| called(name.as_str()))
                .collect(),
            words: words(record.name.as_str()),
            look: look(record.name.as_str()),
            former: record.former_names.iter().flat_map(|n| called(n.as_str())).collect(),
            logo,
            site: record.website.site(),
            host: record.website.host(),
            // Of digits, the skeleton is a capital.
            host_look: skeleton(&in_letters(&record.website.host())).flat_map(char::to_lowercase).collect(),
            contact: Contact { login: record.github.clone(), id: record.github_id },
            mail_domain: record.email.as_ref().map(Mailbox::host).filter(|h| !is_free_mail(h)).map(|h| registrable(&h)),
        }
    }

    /// Whether it has had one of these names.
    fn had(&self, names: &[String]) -> bool {
        self.former.iter().any(|former| names.contains(former))
    }

    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.names.iter().any(|mine| other.names.contains(mine)) {
            Some(Likeness::Name)
        } else if other.look == self.look {
            Some(Likeness::LookAlike)
        } else if self.had(&other.names) || other.had(&self.names) {
            Some(Likeness::FormerName)
        } else if are_near(&other.words, &self.words) {
            Some(Likeness::Near)
        } else if self.logo.is_some() && other.logo == self.logo {
            Some(Likeness::Logo)
        } else if other.site == self.site {
            Some(Likeness::Host)
        } else if other.host != self.host && other.host_look == self.host_look {
            Some(Likeness::HostLookAlike)
        } else if other.contact.is(&self.contact) {
            Some(Likeness::Contact)
        } else if self.mail_domain.is_some() && other.mail_domain == self.mail_domain {
            Some(Likeness::MailDomain)
        } else {
            None
        }
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
    let own = |record: &Record| {
        let host = record.website.host();
        let domain = registrable(&host);
        (!is_shared(&host) && !is_shared(&domain)).then_some(domain)
    };
    let same = own(one).is_some_and(|domain| own(other).is_some_and(|there| there == domain));
    (same || one.website.site() == other.website.site()).then_some(tr!("has its website at the same domain"))
}

/// The strongest likeness of each of `others` to an applicant; itself is passed over.
#[must_use]
pub fn find<'a>(slug: &Slug, traits: &Traits, others: &'a [Known]) -> Vec<(&'a Known, Likeness)> {
    let found = others.iter().filter(|o| o.slug != *slug).filter_map(|o| Some((o, traits.likeness(&o.traits)?)));
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
    let words = |name: &str| name.split('-').map(str::to_owned).collect::<Vec<_>>();
    let mine = words(slug.as_str());
    let look_of_mine = look(slug.as_str());
    let near = |name: &str| look(name) == look_of_mine || are_near(&words(name), &mine);
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
        let one = known("a", "One", "https://github.com/one", "");
        let other = known("b", "Other", "https://github.com/other", "");
        assert_eq!(of_one_organization(&one, &other), None, "many have their pages there");
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
            name: record.name.to_string(),
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
        let shared = of("One", "https://github.com/one/karmada", "zoe", mail);
        let page = |site: &str| of("Other", site, "ann", "karmada@c.example").likeness(&shared);
        assert_eq!(page("https://github.com/other/karmada"), None);
        for same in ["One/more", "%6Fne", "/one", "./one", "x/../ONE", "one?x", "one#y"] {
            assert_eq!(page(&format!("https://github.com/{same}")), Some(Likeness::Host), "{same}");
        }
    }

    /// What people would say of 200 pairs of names is in the table, with why.
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
        assert_eq!(pairs, 200);
        assert!(lost.is_empty(), "lost: {lost:#?}");
        assert!(10 * wrong.len() <= told, "wrong, of {told}: {wrong:#?}");
    }
}
