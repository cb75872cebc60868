//! Who could be like somebody, found by what they have in common, so that not everybody is compared with everybody.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use super::{Parts, Traits, names};
use crate::domain::nearness::slips;

/// A part of a hash: whom it leads to by chance is compared, and found to be another.
type Key = u32;

/// Some, by their numbers, below what they can be alike by.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: BTreeSet<(Key, u32)>,
    /// What a host looks like, and the host: those on one's own host are alike in another way, and passed over in one step.
    hosts: BTreeSet<(Key, Key, u32)>,
}

/// Those that may be like somebody.
#[derive(Debug)]
pub(crate) struct Candidates {
    pub who: BTreeSet<u32>,
    /// Whether nobody else can be.
    pub whole: bool,
}

fn key(kind: &str, value: impl Hash) -> Key {
    let mut hasher = DefaultHasher::new();
    (kind, value).hash(&mut hasher);
    (hasher.finish() & u64::from(Key::MAX)).try_into().unwrap_or_default()
}

impl Index {
    pub fn add(&mut self, who: u32, traits: &Traits) {
        let traits = traits.parts();
        self.entries.extend(keys(traits).into_iter().map(|key| (key, who)));
        let (look, host) = host_keys(traits);
        self.hosts.insert((look, host, who));
    }

    pub fn remove(&mut self, who: u32, traits: &Traits) {
        let traits = traits.parts();
        for key in keys(traits) {
            self.entries.remove(&(key, who));
        }
        let (look, host) = host_keys(traits);
        self.hosts.remove(&(look, host, who));
    }

    /// Those that may be like somebody. Of many that have one trait in common, as a stock picture, `most` will do.
    #[must_use]
    pub fn candidates(&self, traits: &Traits, most: usize) -> Candidates {
        let traits = traits.parts();
        let mut found = Candidates { who: BTreeSet::new(), whole: true };
        for key in keys(traits) {
            found.take(self.entries.range((key, 0)..=(key, u32::MAX)).map(|(_, who)| *who), most);
        }
        let (look, host) = host_keys(traits);
        let before = self.hosts.range((look, 0, 0)..(look, host, 0));
        let after = (host < Key::MAX).then(|| self.hosts.range((look, host + 1, 0)..=(look, Key::MAX, u32::MAX)));
        found.take(before.chain(after.into_iter().flatten()).map(|(.., who)| *who), most);
        found
    }
}

impl Candidates {
    fn take(&mut self, mut more: impl Iterator<Item = u32>, most: usize) {
        self.who.extend(more.by_ref().take(most));
        self.whole &= more.next().is_none();
    }
}

fn host_keys(traits: Parts<'_>) -> (Key, Key) {
    (key("look of a host", traits.host_look), key("host", traits.host))
}

/// Whoever is like somebody has one of these in common, but for hosts that look the same.
fn keys(traits: Parts<'_>) -> BTreeSet<Key> {
    let called = names(traits.names).chain(names(traits.former)).map(|name| key("name", name));
    let mut keys: BTreeSet<Key> = called.collect();
    keys.extend(slips(traits.words()).iter().map(|slip| key("slip", slip)));
    keys.extend([key("look", traits.look), key("site", traits.site), key("login", traits.login)]);
    let there = [("logo", traits.logo), ("account", traits.account), ("mail", traits.mail)];
    keys.extend(there.iter().filter(|(_, value)| !value.is_empty()).map(|(kind, value)| key(kind, value)));
    keys
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Record;
    use crate::domain::record::likeness::Likeness;
    use crate::domain::values::Sha256;

    fn traits(name: &str, former: Option<&str>, site: &str, contact: (&str, u32), mail: &str, logo: u8) -> Traits {
        let mut toml =
            format!("schema = 1\nname = \"{name}\"\nwebsite = \"https://{site}\"\ngithub = \"{}\"\n", contact.0);
        if contact.1 > 0 {
            toml += &format!("github_id = {}\n", contact.1);
        }
        toml += &format!("email = \"karmada@{mail}\"\n");
        if let Some(former) = former {
            toml += &format!("former_names = [\"{former}\"]\n");
        }
        let record = Record::parse(toml.as_bytes()).unwrap_or_else(|e| panic!("{toml}: {e:?}"));
        Traits::of(&record, (logo > 0).then(|| Sha256::of(&[logo])))
    }

    /// Names of few words and slips of them, so that many are alike.
    fn name() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "Acme",
            "Acmme",
            "\u{410}cme",
            "Globex",
            "Globexx",
            "Micrsoft",
            "Microsoft",
            "Huawei",
            "Hauwei",
            "Cloud",
            "Clould",
            "of",
            "Solution",
            "Solutions",
            "2",
            "Inc.",
            "C++",
            "\u{4e91}\u{8ba1}\u{7b97}",
            "Unionbigdata",
        ]);
        (prop::collection::vec(word, 1..4), any::<bool>())
            .prop_map(|(words, apart)| words.join(if apart { " " } else { "" }))
            .prop_filter("it has letters", |name| name.chars().filter(|c| c.is_alphabetic()).count() > 2)
    }

    fn somebody() -> impl Strategy<Value = Traits> {
        let site = prop::sample::select(vec![
            "acme.example",
            "www.acme.example/a",
            "\u{430}cme.example",
            "b.example",
            "github.com/one",
            "github.com/other",
            "c.example",
            "d.example",
            "e.example",
        ]);
        let contact = (prop::sample::select(vec!["zoe", "Zoe", "ann", "bob", "eve", "joe"]), 0_u32..4);
        let mail = prop::sample::select(vec!["gmail.com", "x.example", "mail.x.example", "y.example", "z.example"]);
        (name(), prop::option::of(name()), site, contact, mail, 0_u8..6).prop_map(
            |(name, former, site, contact, mail, logo)| {
                traits(&name, former.filter(|f| *f != name).as_deref(), site, contact, mail, logo)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whoever_is_alike_is_found(everybody in prop::collection::vec(somebody(), 2..40), gone in 0_usize..40) {
            let mut index = Index::default();
            for (who, traits) in (0_u32..).zip(&everybody) {
                index.add(who, traits);
            }
            let gone = u32::try_from(gone % everybody.len()).unwrap();
            index.remove(gone, &everybody[gone as usize]);
            for mine in &everybody {
                let like = |who: u32| Some((who, mine.likeness(&everybody[who as usize])?));
                let by_index: Vec<(u32, Likeness)> =
                    index.candidates(mine, usize::MAX).who.into_iter().filter_map(like).collect();
                let each = (0..u32::try_from(everybody.len()).unwrap()).filter(|who| *who != gone);
                prop_assert_eq!(by_index, each.filter_map(like).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn pairs_of_the_table_are_told_alike() {
        for row in csv::Reader::from_reader(super::super::tests::PAIRS.as_bytes()).into_records() {
            let row = row.unwrap();
            let of = |slug: &str, name: &str| {
                traits(name, None, &format!("{slug}.example"), (slug, 0), &format!("mail-{slug}.example"), 0)
            };
            let (one, other) = (of("one", &row[0]), of("other", &row[1]));
            let mut index = Index::default();
            index.add(7, &other);
            let found = index.candidates(&one, 100).who.contains(&7);
            assert!(found || one.likeness(&other).is_none(), "{row:?}");
        }
    }

    #[test]
    fn of_many_alike_some_are_looked_at_and_look_alikes_are_not_hidden_by_them() {
        let of = |n: u32, site: &str| {
            traits(&format!("Firm {n}"), None, site, (&format!("c-{n}"), 0), &format!("m{n}.example"), 1)
        };
        let mut index = Index::default();
        for n in 0..500 {
            index.add(n, &of(n, "acme.example"));
        }
        index.add(500, &of(500, "\u{430}cme.example"));
        let found = index.candidates(&of(501, "acme.example"), 50);
        assert!(!found.whole && found.who.len() < 200 && found.who.contains(&500), "{found:?}");
    }
}
