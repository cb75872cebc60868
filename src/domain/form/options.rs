//! What the form's drop-downs show for the program's terms.

use super::{Language, Question};
use crate::domain::Field;
use crate::domain::record::terms::{self, Term};

/// GitHub keeps this word for itself.
const NOT_CHOSEN: &str = "None";

/// What stands in a drop-down for a term: what people read; or its word, where that is read back as something else, or could be
/// the beginning or the rest of it.
#[must_use]
pub fn option(field: Field, term: &Term, terms: &[Term], language: Language) -> String {
    let label = label(term, language);
    let alike = |other: &&Term| self::label(other, language).eq_ignore_ascii_case(label);
    let is_clear = terms.iter().filter(alike).count() == 1
        && label != NOT_CHOSEN
        && terms::meant(field, terms, label).is_some_and(|meant| meant.id == term.id)
        && !terms::runs(label).any(|run| run != label && terms::meant(field, terms, run).is_some());
    if is_clear { label.to_owned() } else { term.id.to_string() }
}

/// All that a drop-down shows.
#[must_use]
pub fn options(field: Field, terms: &[Term], language: Language) -> Vec<String> {
    terms.iter().map(|term| option(field, term, terms, language)).collect()
}

/// Whether only one of them can be so: a time to an answer, and hours that all lie within each other.
#[must_use]
pub fn is_single(question: Question, terms: &[Term]) -> bool {
    match question {
        Question::Response => true,
        Question::Hours => {
            let depth = |term: &Term| terms::Vocabulary::around(terms, &term.id).len();
            let mut depths: Vec<usize> = terms.iter().map(depth).collect();
            depths.sort_unstable();
            depths.into_iter().eq(0..terms.len())
        }
        _ => false,
    }
}

fn label(term: &Term, language: Language) -> &str {
    match (language, &term.zh) {
        (Language::Chinese, Some(zh)) => zh.as_str(),
        _ => term.en.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::terms::Vocabulary;

    fn term(id: &str, en: &str) -> Term {
        Term { id: id.parse().unwrap(), en: en.parse().unwrap(), zh: None, within: None }
    }

    #[test]
    fn what_people_read_is_shown_unless_it_could_be_something_else() {
        let shown = |terms: &[Term]| options(Field::Services, terms, Language::English);
        let comma = [term("late", "Evenings, and weekends"), term("day", "Days")];
        assert_eq!(shown(&comma), ["Evenings, and weekends", "Days"]);
        let parts = [term("both", "Support, Training"), term("support", "Support"), term("training", "Training")];
        assert_eq!(shown(&parts), ["both", "Support", "Training"]);
        let rest = [term("far", "Asia, Oceania"), term("oceania", "Oceania")];
        assert_eq!(shown(&rest), ["far", "Oceania"]);
        let alike = [term("a", "Same"), term("b", "same"), term("c", "None"), term("d", "a")];
        assert_eq!(shown(&alike), ["a", "b", "c", "d"]);
    }

    #[test]
    fn every_built_in_term_is_shown_as_people_read_it() {
        let vocabulary = Vocabulary::default();
        for field in Field::ALL.iter().copied().filter(|f| f.is_of_terms()) {
            let terms = vocabulary.of(field).unwrap();
            let english: Vec<_> = terms.iter().map(|t| t.en.to_string()).collect();
            assert_eq!(options(field, terms, Language::English), english);
            let chinese: Vec<_> = terms.iter().map(|t| t.zh.as_ref().unwrap().to_string()).collect();
            assert_eq!(options(field, terms, Language::Chinese), chinese);
        }
    }

    #[test]
    fn one_is_chosen_where_several_would_contradict_each_other() {
        let vocabulary = Vocabulary::default();
        assert!(is_single(Question::Response, &vocabulary.response) && is_single(Question::Hours, &vocabulary.hours));
        assert!(
            !is_single(Question::Services, &vocabulary.services) && !is_single(Question::Regions, &vocabulary.regions)
        );
        let side_by_side = [term("berlin", "Days in Berlin"), term("shanghai", "Days in Shanghai")];
        assert!(!is_single(Question::Hours, &side_by_side) && is_single(Question::Response, &side_by_side));
    }
}
