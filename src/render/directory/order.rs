//! The order that readers of a language expect.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;

use super::lang::Lang;

/// Sorts names as a reader of that language looks for them: accents beside their letters, Chinese by pronunciation.
/// Equal ones are kept apart by `tie`, so that the order is always the same.
pub fn sort_by_name<T>(items: &mut [T], lang: Lang, name: impl Fn(&T) -> String, tie: impl Fn(&T) -> String) {
    let locale = match lang {
        Lang::En => locale!("en"),
        Lang::Zh => locale!("zh"),
    };
    let preferences = CollatorPreferences::from(&locale);
    match Collator::try_new(preferences, CollatorOptions::default()) {
        Ok(collator) => sort(items, &collator, &name, &tie),
        // The data is part of the program; without it the order is still one.
        Err(_) => items.sort_by_cached_key(|item| (name(item).to_lowercase(), tie(item))),
    }
}

fn sort<T>(items: &mut [T], collator: &CollatorBorrowed<'_>, name: &dyn Fn(&T) -> String, tie: &dyn Fn(&T) -> String) {
    let key = |item: &T| {
        let mut key = Vec::new();
        let name = name(item);
        let _ = collator.write_sort_key_to(&name, &mut key);
        (key, name, tie(item))
    };
    items.sort_by_cached_key(key);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(lang: Lang, names: &[&'static str]) -> Vec<&'static str> {
        let mut names = names.to_vec();
        sort_by_name(&mut names, lang, ToString::to_string, |_| String::new());
        names
    }

    #[test]
    fn names_stand_where_readers_look_for_them() {
        let english = sorted(Lang::En, &["Zeta", "Éclair", "eclipse", "acme", "Acme Cloud", "Über", "unicom"]);
        assert_eq!(english, ["acme", "Acme Cloud", "Éclair", "eclipse", "Über", "unicom", "Zeta"]);
        // DaoKe, Huawei, ShuZhiLian, ZhongGuo…
        let chinese = sorted(Lang::Zh, &["中国电子云", "Neen", "数之联", "华为", "道客"]);
        assert_eq!(chinese, ["道客", "华为", "数之联", "中国电子云", "Neen"]);
    }
}
