//! Branches and where they stand. Copies share what they have in common, and those about one partner stand together: a batch makes
//! thousands of them, and looks at all of it after each row.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::branch::slug_of;
use crate::domain::Slug;
use crate::git::Oid;

/// Into so many parts they are divided; a change copies one of them.
const PARTS: u64 = 512;

/// By whom each is about, and by name.
type Part = BTreeMap<(String, String), Oid>;

/// Branches by name, without `refs/heads/`.
#[derive(Debug, Clone)]
pub(crate) struct Branches(Arc<Vec<Arc<Part>>>);

impl Default for Branches {
    fn default() -> Self {
        Self(Arc::new(vec![Arc::default(); usize::try_from(PARTS).unwrap_or_default()]))
    }
}

impl PartialEq for Branches {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.parts(other).all(|(own, others)| own == others)
    }
}

impl Eq for Branches {}

impl FromIterator<(String, Oid)> for Branches {
    fn from_iter<T: IntoIterator<Item = (String, Oid)>>(named: T) -> Self {
        let mut branches = Self::default();
        for (name, oid) in named {
            branches.set(name, oid);
        }
        branches
    }
}

/// Whom a branch is about; what is about nobody stands alone.
fn about(name: &str) -> String {
    slug_of(name).map_or_else(|| name.to_owned(), |slug| slug.to_string())
}

fn part_of(about: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    about.hash(&mut hasher);
    usize::try_from(hasher.finish() % PARTS).unwrap_or_default()
}

impl Branches {
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Oid> {
        let about = about(name);
        self.0[part_of(&about)].get(&(about, name.to_owned())).copied()
    }

    pub fn set(&mut self, name: String, to: Oid) {
        let about = about(&name);
        let part = &mut Arc::make_mut(&mut self.0)[part_of(&about)];
        Arc::make_mut(part).insert((about, name), to);
    }

    pub fn remove(&mut self, name: &str) {
        let about = about(name);
        let part = &mut Arc::make_mut(&mut self.0)[part_of(&about)];
        Arc::make_mut(part).remove(&(about, name.to_owned()));
    }

    /// Those about one partner, by name.
    pub fn of(&self, slug: &Slug) -> impl Iterator<Item = (&str, Oid)> {
        let about = slug.to_string();
        let found = self.0[part_of(&about)].range((about.clone(), String::new())..);
        found.take_while(move |((whom, _), _)| *whom == about).map(|((_, name), oid)| (name.as_str(), *oid))
    }

    /// All of them, by name.
    #[must_use]
    pub fn all(&self) -> Vec<(&str, Oid)> {
        let parts = self.0.iter().flat_map(|part| part.iter());
        let mut all: Vec<_> = parts.map(|((_, name), oid)| (name.as_str(), *oid)).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all
    }

    /// Those that stand elsewhere than `before`, are new or gone, by name.
    #[must_use]
    pub fn moved_since<'a>(&'a self, before: &'a Self) -> Vec<&'a str> {
        let mut moved = Vec::new();
        for (now, then) in self.parts(before) {
            let other = |of: &'a Part, than: &'a Part| {
                of.iter().filter(|(key, oid)| than.get(*key) != Some(*oid)).map(|((_, name), _)| name.as_str())
            };
            moved.extend(other(now, then).chain(other(then, now)));
        }
        moved.sort_unstable();
        moved.dedup();
        moved
    }

    /// The parts that aren't one with the other's.
    fn parts<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a Part, &'a Part)> {
        let both = self.0.iter().zip(other.0.iter());
        both.filter(|(own, others)| !Arc::ptr_eq(own, others)).map(|(own, others)| (&**own, &**others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(n: u8) -> Oid {
        Oid::from_bytes(&[n; 20]).unwrap()
    }

    #[test]
    fn those_of_a_partner_are_found_and_what_moved_is_known() {
        let names = ["apply/acme", "apply/acme.2", "jane:apply/acme", "exit/acme", "apply/acme-2", "apply/Acme"];
        let before: Branches = names.iter().map(|name| ((*name).to_owned(), oid(1))).collect();
        let acme = "acme".parse().unwrap();
        let mut of: Vec<_> = before.of(&acme).map(|(name, _)| name).collect();
        of.sort_unstable();
        assert_eq!(of, ["apply/acme", "apply/acme.2", "exit/acme", "jane:apply/acme"]);
        assert_eq!((before.get("apply/Acme"), before.get("apply/acm")), (Some(oid(1)), None));
        let all: Vec<_> = before.all().into_iter().map(|(name, _)| name).collect();
        assert_eq!(all, ["apply/Acme", "apply/acme", "apply/acme-2", "apply/acme.2", "exit/acme", "jane:apply/acme"]);
        let mut now = before.clone();
        assert!(now == before && now.moved_since(&before).is_empty());
        now.set("apply/globex".into(), oid(1));
        now.set("exit/acme".into(), oid(2));
        now.remove("apply/acme.2");
        assert_eq!(now.moved_since(&before), ["apply/acme.2", "apply/globex", "exit/acme"]);
        assert_eq!(before.get("apply/acme.2"), Some(oid(1)), "a copy stays as it was");
        now.set("apply/acme.2".into(), oid(1));
        now.set("exit/acme".into(), oid(1));
        now.remove("apply/globex");
        assert!(now == before && now.moved_since(&before).is_empty());
    }

    #[test]
    fn a_change_copies_a_part_of_all() {
        for many in [100_u32, 10_000] {
            let before: Branches = (0..many).map(|n| (format!("apply/new-{n}"), oid(1))).collect();
            let mut now = before.clone();
            now.set("apply/globex".into(), oid(1));
            let copied: Vec<_> = now.parts(&before).map(|(part, _)| part.len()).collect();
            assert!(copied.len() == 1 && copied[0] <= 60, "{copied:?} of {many}");
        }
    }
}
