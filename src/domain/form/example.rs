//! An answer that would do, for each question of the form.

use super::filled::field_of;
use super::options::options;
use super::promise::Promise;
use super::{Language, Question};
use crate::domain::record::terms::Vocabulary;

/// As it would be typed, on one line or on several; none where the program has no words to choose from.
#[must_use]
pub fn example(question: Question, language: Language, vocabulary: &Vocabulary) -> Option<String> {
    let answer = match question {
        Question::Name => "Acme Cloud",
        Question::NameZh => "顶点云",
        Question::Description => "We run Karmada for banks.",
        Question::DescriptionZh => "我们为银行运维 Karmada。",
        Question::Website => "https://acme.example/karmada",
        Question::Logo => "https://acme.example/logo.png",
        Question::Parent => "Acme Holding",
        Question::FormerNames => "Acme Software",
        Question::Offices => "Berlin, Germany\nShanghai, China",
        Question::Story => "https://acme.example/customers/karmada",
        Question::Certified => "12",
        Question::Contact => "GitHub ID: acme-bot\nE-mail: karmada@acme.example",
        Question::Agreement => return Some(Promise::Speaks.ticked(language)),
        Question::Services | Question::Regions | Question::Languages | Question::Hours | Question::Response => {
            let field = field_of(question)?;
            return options(field, vocabulary.of(field)?, language).into_iter().next();
        }
    };
    Some(answer.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::{filled, read};

    #[test]
    fn every_example_would_do() {
        let vocabulary = Vocabulary::default();
        for language in [Language::English, Language::Chinese] {
            let part = |q: Question| {
                format!("### {}\n\n{}", q.label(language), example(q, language, &vocabulary).unwrap_or_default())
            };
            let body = Question::ALL.map(part).join("\n\n");
            let answers = read(&body).unwrap();
            assert_eq!(answers.boxes.len(), Question::ALL.len(), "{body}");
            let found = filled::fill(&answers, None, &vocabulary);
            assert_eq!((found.faults.len(), found.remarks.len()), (0, 0), "{found:?}");
            assert_eq!(found.promised, Some(vec![Promise::Speaks]));
            found.draft.complete(&[], &vocabulary).unwrap();
        }
    }
}
