//! Applicants that look like somebody who is there already. Shown to people, never judged.

use unicode_security::confusable_detection::skeleton;

use super::Record;
use crate::domain::names::{company, registrable};
use crate::domain::values::{Sha256, Slug};

#[derive(Debug, Clone)]
pub struct Known {
    pub slug: Slug,
    pub record: Record,
    pub logo: Option<Sha256>,
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
    /// Their websites share a host; companies of one group do.
    Host,
}

impl Likeness {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "has the same name",
            Self::LookAlike => "has a name that looks the same",
            Self::FormerName => "bears or bore the same name",
            Self::Near => "has nearly the same name",
            Self::Logo => "has the very same logo file",
            Self::Host => "has its website on the same host",
        }
    }

    /// Whether it is more than a remark.
    #[must_use]
    pub const fn is_serious(self) -> bool {
        !matches!(self, Self::Host)
    }
}

fn look(name: &str) -> String {
    // Capital I, small l and the digit 1 look alike only before case is folded; fold after.
    skeleton(&skeleton(name).collect::<String>().to_lowercase()).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether two names are a letter apart. Of short ones too many are; and who differs by a number means to.
fn is_near(one: &str, other: &str) -> bool {
    let letters = one.chars().count().max(other.chars().count());
    let begins = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let ends = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    // Most aren't, and that is told at once.
    if letters < 6 || begins + ends + 2 < letters || strsim::damerau_levenshtein(one, other) > 1 {
        return false;
    }
    let bare = |name: &str| name.chars().filter(|c| !c.is_numeric()).collect::<String>();
    bare(one) != bare(other)
}

/// What somebody is compared by, made ready to be compared with many.
#[derive(Debug, Clone)]
pub struct Traits {
    company: String,
    look: String,
    chinese: Option<String>,
    former: Vec<String>,
    logo: Option<Sha256>,
    host: String,
}

impl Traits {
    #[must_use]
    pub fn of(record: &Record, logo: Option<Sha256>) -> Self {
        Self {
            company: company(record.name.as_str()),
            look: look(record.name.as_str()),
            chinese: record.name_zh.as_ref().map(|n| company(n.as_str())),
            former: record.former_names.iter().map(|n| company(n.as_str())).collect(),
            logo,
            host: record.website.host(),
        }
    }

    /// What it is called now, in any language.
    fn names(&self) -> impl Iterator<Item = &str> {
        [Some(&self.company), self.chinese.as_ref()].into_iter().flatten().map(String::as_str)
    }

    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.names().any(|mine| other.names().any(|theirs| theirs == mine)) {
            Some(Likeness::Name)
        } else if other.look == self.look {
            Some(Likeness::LookAlike)
        } else if self.former.contains(&other.company) || other.former.contains(&self.company) {
            Some(Likeness::FormerName)
        } else if is_near(&other.company, &self.company) {
            Some(Likeness::Near)
        } else if self.logo.is_some() && other.logo == self.logo {
            Some(Likeness::Logo)
        } else if other.host == self.host {
            Some(Likeness::Host)
        } else {
            None
        }
    }
}

/// Where many have a page, whoever they are: one host there is no one's own.
const SHARED: [&str; 12] = [
    "github.com",
    "gitlab.com",
    "gitee.com",
    "google.com",
    "notion.site",
    "linkedin.com",
    "facebook.com",
    "x.com",
    "twitter.com",
    "medium.com",
    "qq.com",
    "feishu.cn",
];

/// How it shows that two ask for the same organization, as what the other one does: it has the name, or one that looks like it
/// or is a letter apart, or its website at the same domain.
#[must_use]
pub fn of_one_organization(one: &Record, other: &Record) -> Option<&'static str> {
    let likeness = Traits::of(one, None).likeness(&Traits::of(other, None));
    if let Some(likeness) = likeness.filter(|likeness| likeness.is_serious()) {
        return Some(likeness.words());
    }
    let (here, there) = (registrable(&one.website.host()), registrable(&other.website.host()));
    let same = if SHARED.contains(&here.as_str()) { one.website == other.website } else { here == there };
    same.then_some("has its website at the same domain")
}

/// The strongest likeness of each of `others` to an applicant; itself is passed over.
#[must_use]
pub fn find<'a>(slug: &Slug, record: &Record, logo: Option<Sha256>, others: &'a [Known]) -> Vec<(&'a Known, Likeness)> {
    let mine = Traits::of(record, logo);
    let alike = |other: &Known| mine.likeness(&Traits::of(&other.record, other.logo));
    others.iter().filter(|o| o.slug != *slug).filter_map(|o| Some((o, alike(o)?))).collect()
}

/// Those of `names` that are nearly the same as a slug: one letter apart, or the same without hyphens. Itself is passed
/// over.
pub fn similar<'a>(slug: &Slug, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let bare = |name: &str| look(&name.replace('-', ""));
    let mine = bare(slug.as_str());
    let near = |name: &str| {
        let theirs = bare(name);
        theirs == mine || (mine.len() > 4 && strsim::damerau_levenshtein(&theirs, &mine) <= 1)
    };
    names.filter(|name| *name != slug.as_str() && near(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(slug: &str, name: &str, site: &str, former: &str) -> Known {
        let toml =
            format!("schema = 1\nname = \"{name}\"\nwebsite = \"{site}\"\ngithub = \"x\"\nformer_names = [{former}]\n");
        Known {
            slug: slug.parse().unwrap(),
            record: Record::parse(toml.as_bytes()).unwrap(),
            logo: Some(Sha256::of(slug.as_bytes())),
        }
    }

    #[test]
    fn one_organization_is_known_by_its_name_or_its_domain() {
        let acme = known("acme", "Acme Cloud", "https://www.acme.example/karmada", "").record;
        for (name, site, is_it) in [
            ("ACME Cloud Inc.", "https://other.example", true),
            ("Acmme Cloud", "https://other.example", true),
            ("Something else", "https://partners.acme.example", true),
            ("Something else", "https://other.example", false),
        ] {
            let other = known("x", name, site, "").record;
            assert_eq!(of_one_organization(&acme, &other).is_some(), is_it, "{name} {site}");
        }
        let one = known("a", "One", "https://github.com/one", "").record;
        let other = known("b", "Other", "https://github.com/other", "").record;
        assert_eq!(of_one_organization(&one, &other), None, "many have their pages there");
    }

    #[test]
    fn likenesses_are_found_and_graded() {
        let others = [
            known("globex", "Globex", "https://globex.example", ""),
            known("dsk", "DSK", "https://dsk.example", "\"Unionbigdata\""),
            known("acme", "Acme", "https://www.shared.example/a", ""),
        ];
        let of = |name: &str, site: &str, logo: &str| {
            let new = known("new", name, site, "");
            find(&new.slug, &new.record, Some(Sha256::of(logo.as_bytes())), &others)
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
}
