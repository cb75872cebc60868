//! From answers of which nothing is certain to an application in which everything is valid.

use std::collections::{BTreeMap, BTreeSet};

use super::mend::{Mended, folded};
use super::tag::Tag;
use super::terms::Vocabulary;
use super::{Description, Facts, Field, Mailbox, Name, Record, SEPARATOR, WebAddress};
use crate::domain::form::plain;
use crate::domain::limits;
use crate::domain::spoiled;
use crate::domain::suggestion;
use crate::domain::text;
use crate::domain::toml::{Fault, Faults, SCHEMA, Table};
use crate::domain::values::{Invalid, Login, Slug};

/// Answers as they were typed. Saved after each one, offered again, and read from `--from FILE`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// One answer a field. Lists are separated by semicolons. `logo` is a path or an https address.
    pub answers: BTreeMap<Field, String>,
    pub slug: Option<String>,
    /// Whether what the logo's file holds beside the picture stays in it, once that was asked.
    pub keep_metadata: Option<bool>,
    /// What was asked for and left empty, so that it isn't asked for again.
    pub left_out: BTreeSet<Field>,
}

/// Everything an organization has to say to apply, all of it valid. The logo is judged apart: it's a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub slug: Slug,
    pub record: Record,
    /// What was made of the answers, and isn't in them.
    pub words: Vec<String>,
}

/// One answer that is missing or doesn't do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    pub field: Field,
    /// The flag that gives it.
    pub flag: String,
    /// What is wrong, naming field and value.
    pub message: String,
    /// The same without the field's name, for whoever is told that otherwise.
    pub why: String,
    pub hint: String,
    /// Whether there is no answer at all.
    pub missing: bool,
}

impl Field {
    /// Whether `answer` would do, judged alone. A logo is judged when it is read.
    pub(crate) fn check(self, answer: &str) -> Result<(), Invalid> {
        // A logo's path isn't published.
        if self != Self::Logo {
            spoiled::judge(answer)?;
        }
        match self {
            Self::Name | Self::NameZh | Self::Parent => {
                plain::judge(answer, false).and_then(|()| answer.parse::<Name>().map(drop))
            }
            Self::Website | Self::Story => answer.parse::<WebAddress>().and_then(WebAddress::reachable).map(drop),
            Self::Github => answer.trim().parse::<Login>().map(drop),
            Self::Email => Mailbox::mended(answer).and_then(|(mailbox, _)| mailbox.reachable()).map(drop),
            Self::Description | Self::DescriptionZh => {
                plain::judge(answer, true).and_then(|()| answer.parse::<Description>().map(drop))
            }
            Self::FormerNames | Self::Offices => {
                plain::judge(answer, false).and_then(|()| items::<Name>(answer).map(drop))
            }
            Self::Services | Self::Regions | Self::Languages | Self::Hours | Self::Response => {
                items::<Tag>(answer).map(drop)
            }
            Self::Certified => number_of_people(answer).map(drop),
            Self::Logo if answer.trim().is_empty() => Err(Invalid::new(tr!("it is empty"), tr!("name a PNG file"))),
            Self::Logo => Ok(()),
        }
    }
}

fn number_of_people(answer: &str) -> Result<u32, Invalid> {
    let number = answer.trim().parse().ok().filter(|number| (1..=Record::MOST_CERTIFIED).contains(number));
    let hint = || tr!("write a number from 1 to {most_certified}, or nothing", most_certified = Record::MOST_CERTIFIED);
    number.ok_or_else(|| Invalid::new(tr!("it isn't a number of people"), hint()))
}

fn items<T: std::str::FromStr<Err = Invalid>>(answer: &str) -> Result<Vec<T>, Invalid> {
    let items: Vec<&str> = answer.split(';').map(str::trim).filter(|n| !n.is_empty()).collect();
    if items.len() > limits::ITEMS {
        return Err(Invalid::new(
            tr!("there are {items} of them", items = items.len()),
            tr!("at most {items} fit", items = limits::ITEMS),
        ));
    }
    items.into_iter().map(str::parse).collect()
}

/// The short name that is meant by what is none. What is too long isn't cut.
pub(crate) fn slug_meant(typed: &str) -> Option<Slug> {
    suggestion::meant(typed).filter(|_| typed.trim().chars().count() <= Slug::MAX)
}

impl Draft {
    /// Reads answers from TOML (`--from`, saved drafts); every fault at once.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let (mut table, mut faults) = Table::parse(bytes);
        table.schema(&mut faults);
        let draft = Self::read(&mut table, &mut faults);
        table.finish(&mut faults);
        faults.or(Some(draft))
    }

    fn read(table: &mut Table<'_>, faults: &mut Faults) -> Self {
        let slug = table.parsed(faults, "slug", |s| match s.parse::<Slug>() {
            Err(e) if slug_meant(s).is_none() => Err(e),
            _ => Ok(s.to_owned()),
        });
        let mut draft = Self { slug, ..Self::default() };
        draft.keep_metadata = table.flag("keep_metadata");
        // Our own word in drafts: nobody is told that it is known.
        if table.has("left_out") {
            draft.left_out = table.list(faults, "left_out", str::parse::<Field>).into_iter().collect();
        }
        for field in Field::ALL.iter().copied() {
            // What can be mended is, and said so, where the answers are taken; which words there are, the program says.
            let check = |s: &str| match field.check(s) {
                Err(_) if field.is_of_terms() => Ok(s.to_owned()),
                Err(e) if field.mended(s).is_none() => Err(e),
                _ => Ok(s.to_owned()),
            };
            let answer = match field {
                _ if field.is_list() => {
                    Some(table.list(faults, field.word(), check).join(SEPARATOR)).filter(|s| !s.is_empty())
                }
                Field::Certified if table.has(field.word()) && !table.has_text(field.word()) => {
                    let most = i64::from(Record::MOST_CERTIFIED);
                    table.number::<i64>(faults, field.word(), 1..=most).map(|number| number.to_string())
                }
                // An empty string in the template means: no answer.
                _ => table.parsed(faults, field.word(), |s| if s.is_empty() { Ok(String::new()) } else { check(s) }),
            };
            if let Some(answer) = answer.filter(|a| !a.is_empty()) {
                draft.answers.insert(field, answer);
            }
        }
        draft
    }

    /// The draft as TOML that [`Draft::parse`] reads.
    #[must_use]
    pub(crate) fn to_toml(&self) -> String {
        let mut document = toml_edit::DocumentMut::new();
        document.insert("schema", toml_edit::value(SCHEMA));
        if let Some(slug) = &self.slug {
            document.insert("slug", toml_edit::value(slug));
        }
        if let Some(keep) = self.keep_metadata {
            document.insert("keep_metadata", toml_edit::value(keep));
        }
        if !self.left_out.is_empty() {
            let words: toml_edit::Array = self.left_out.iter().map(|field| field.word()).collect();
            document.insert("left_out", toml_edit::value(words));
        }
        for (field, answer) in &self.answers {
            let value = match field {
                _ if field.is_list() => answer.split(';').map(str::trim).collect::<toml_edit::Array>().into(),
                Field::Certified => answer.trim().parse::<i64>().map_or_else(|_| answer.as_str().into(), Into::into),
                _ => toml_edit::Value::from(answer.as_str()),
            };
            document.insert(field.word(), toml_edit::value(value));
        }
        document.to_string()
    }

    /// The draft that would give `record` again; for updates.
    #[must_use]
    pub(crate) fn of(slug: &Slug, record: &Record) -> Self {
        Self { answers: record.fields(), slug: Some(slug.to_string()), ..Self::default() }
    }

    /// These answers over those: what is given here wins. An empty answer takes the older one away.
    #[must_use]
    pub(crate) fn over(mut self, older: Self) -> Self {
        for (field, answer) in older.answers {
            self.answers.entry(field).or_insert(answer);
        }
        self.answers.retain(|_, answer| !answer.trim().is_empty());
        self.slug = self.slug.or(older.slug);
        self.keep_metadata = self.keep_metadata.or(older.keep_metadata);
        self.left_out.extend(older.left_out);
        self
    }

    /// Notes whether an answer was left out.
    pub(crate) fn note_left_out(&mut self, field: Field, is_left_out: bool) {
        if is_left_out {
            self.left_out.insert(field);
        } else {
            self.left_out.remove(&field);
        }
    }

    /// Whether it was asked for and left out.
    #[must_use]
    pub(crate) fn is_left_out(&self, field: Field) -> bool {
        self.left_out.contains(&field)
    }

    /// Reads every answer as what it can only mean, where it doesn't do as it stands; gives what was read otherwise. `leads`
    /// says whether a logo's path leads to a file.
    pub(crate) fn mend(&mut self, leads: &dyn Fn(&str) -> bool) -> Vec<Mended> {
        let mut mended = Vec::new();
        for (field, answer) in &mut self.answers {
            if *field == Field::Logo && leads(answer) {
                continue;
            }
            if let Some(read) = field.mended(answer) {
                let typed = std::mem::replace(answer, read.clone());
                mended.push(Mended { field: *field, typed, read });
            }
        }
        mended
    }

    /// Reads a short name that is none as it stands as the one that can only be meant; gives what was typed, and what is read.
    pub(crate) fn mend_slug(&mut self) -> Option<(String, Slug)> {
        let typed = self.slug.clone()?;
        let read = slug_meant(&typed)?;
        self.slug = Some(read.to_string());
        Some((typed, read))
    }

    /// Reads the answers whose words the program lists in its words; gives what was read otherwise.
    pub(crate) fn mend_terms(&mut self, vocabulary: &Vocabulary) -> Vec<Mended> {
        let mended: Vec<_> =
            self.answers.iter().filter_map(|(field, answer)| vocabulary.mended(*field, answer)).collect();
        self.answers.extend(mended.iter().map(|m| (m.field, m.read.clone())));
        mended
    }

    #[must_use]
    pub(crate) fn get(&self, field: Field) -> Option<&str> {
        self.answers.get(&field).map(String::as_str)
    }

    /// The slug that was given, or the one that the name suggests; the website's host where that gives none.
    pub(crate) fn slug(&self) -> Result<Slug, Shortfall> {
        let missing = |message: &str| Shortfall {
            field: Field::Name,
            flag: "--slug".into(),
            message: message.into(),
            why: message.into(),
            hint: tr!("choose a short name in a-z and digits, such as “acme-cloud”").into(),
            missing: true,
        };
        match (&self.slug, self.get(Field::Name)) {
            (Some(slug), _) => slug.parse().map_err(|e: Invalid| Shortfall {
                field: Field::Name,
                flag: "--slug".into(),
                message: tr!("slug {slug}: {why}", slug = text::quote(slug), why = e.why),
                why: tr!("slug {slug}: {why}", slug = text::quote(slug), why = e.why),
                hint: e.hint,
                missing: false,
            }),
            (None, Some(name)) => suggestion::suggested_slug(name, self.get(Field::Website).unwrap_or_default())
                .ok_or_else(|| missing(tr!("the name suggests no slug of its own"))),
            (None, None) => Err(missing(tr!("slug is missing, and there is no name to derive it from"))),
        }
    }

    /// What the website's host suggests, where neither a slug is given nor the name suggests one.
    pub(crate) fn slug_of_website(&self) -> Option<Slug> {
        let needed =
            self.slug.is_none() && self.get(Field::Name).is_some_and(|name| suggestion::of_name(name).is_none());
        let website: WebAddress = self.get(Field::Website).filter(|_| needed)?.parse().ok()?;
        suggestion::of_website(&website)
    }

    /// What is made of the answers, and isn't in them.
    fn words(&self) -> Vec<String> {
        let of_website = self.slug_of_website();
        let slug = of_website
            .map(|slug| tr!("the name gives no short one that can be used; by the website's host it is {slug}", slug));
        let mended = self.get(Field::Email).and_then(|email| Mailbox::mended(email).ok()?.1);
        slug.into_iter().chain(mended).collect()
    }

    /// Every answer that is missing or doesn't do, or the application.
    pub(crate) fn complete(&self, required: &[Field], vocabulary: &Vocabulary) -> Result<Application, Vec<Shortfall>> {
        let (short, application) = self.judged(required, vocabulary);
        application.filter(|_| short.is_empty()).ok_or(short)
    }

    /// The same of answers that change others, which were taken: what is asked for by now is asked of what changes. What already
    /// fell short before stays as it stands, and is told.
    pub(crate) fn complete_over(
        &self,
        standing: &Self,
        required: &[Field],
        vocabulary: &Vocabulary,
    ) -> Result<(Application, Vec<Shortfall>), Vec<Shortfall>> {
        let before = standing.judged(required, vocabulary).0;
        let (short, application) = self.judged(required, vocabulary);
        match application.filter(|_| short.iter().all(|s| before.contains(s))) {
            Some(application) => Ok((application, short)),
            None => Err(short.into_iter().filter(|s| !before.contains(s)).collect()),
        }
    }

    fn judged(&self, required: &[Field], vocabulary: &Vocabulary) -> (Vec<Shortfall>, Option<Application>) {
        let mut short = Vec::new();
        for field in Field::ALL.iter().copied() {
            match self.get(field) {
                None if required.contains(&field) => short.push(Shortfall {
                    field,
                    flag: field.flag(),
                    why: tr!("it is missing").into(),
                    message: tr!("{field} is missing", field = field.told()),
                    hint: tr!("give it with {flag}", flag = field.flag()),
                    missing: true,
                }),
                None => {}
                Some(answer) => {
                    let unknown = vocabulary.unknown_in(field, answer);
                    // Of a word that isn't the program's, one thing is wrong.
                    if unknown.is_empty()
                        && let Err(Invalid { why, hint }) = field.check(answer)
                    {
                        let typed = text::quote(answer);
                        let message = tr!("{field} {answer}: {why}", field = field.told(), answer = typed, why);
                        let why = tr!("{field}: {why}", field = typed, why);
                        short.push(Shortfall { field, flag: field.flag(), message, why, hint, missing: false });
                    }
                    for Invalid { why, hint } in unknown {
                        let message = tr!("{field}: {why}", field = field.told(), why);
                        short.push(Shortfall { field, flag: field.flag(), message, why, hint, missing: false });
                    }
                }
            }
        }
        short.extend(self.still_its_name());
        let slug = match self.slug() {
            Ok(slug) => Some(slug),
            // Without a name, the name is what is missing.
            Err(s) if self.get(Field::Name).is_some() || self.slug.is_some() => {
                short.push(s);
                None
            }
            Err(_) => None,
        };
        let application =
            slug.zip(self.record()).map(|(slug, record)| Application { slug, record, words: self.words() });
        (short, application)
    }

    /// A former name that is the one it has.
    fn still_its_name(&self) -> Option<Shortfall> {
        let (field, name) = (Field::FormerNames, folded(self.get(Field::Name)?));
        let own = self.get(field)?.split(';').map(str::trim).find(|former| folded(former) == name)?;
        let why = tr!("{name} is its name now", name = text::quote(own));
        Some(Shortfall {
            field,
            flag: field.flag(),
            message: tr!("{field}: {why}", field = field.told(), why),
            why,
            hint: tr!("name those only that it has no more").into(),
            missing: false,
        })
    }

    fn record(&self) -> Option<Record> {
        fn read<T: std::str::FromStr>(draft: &Draft, field: Field) -> Option<T> {
            draft.get(field).and_then(|s| s.trim().parse().ok())
        }
        fn list<T: std::str::FromStr<Err = Invalid>>(draft: &Draft, field: Field) -> Vec<T> {
            draft.get(field).and_then(|s| items(s).ok()).unwrap_or_default()
        }
        Facts {
            name: read(self, Field::Name),
            website: read(self, Field::Website),
            github: read(self, Field::Github),
            github_id: None,
            email: self.get(Field::Email).and_then(|email| Some(Mailbox::mended(email).ok()?.0)),
            description: read(self, Field::Description),
            description_zh: read(self, Field::DescriptionZh),
            parent: read(self, Field::Parent),
            former_names: list(self, Field::FormerNames),
            name_zh: read(self, Field::NameZh),
            services: list(self, Field::Services),
            regions: list(self, Field::Regions),
            languages: list(self, Field::Languages),
            hours: list(self, Field::Hours),
            response: list(self, Field::Response),
            offices: list(self, Field::Offices),
            story: read(self, Field::Story),
            certified: self.get(Field::Certified).and_then(|answer| number_of_people(answer).ok()),
        }
        .into_record()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(answers: &[(Field, &str)]) -> Draft {
        let answers = answers.iter().map(|(f, a)| (*f, (*a).to_owned())).collect();
        Draft { answers, ..Draft::default() }
    }

    #[test]
    fn every_shortfall_is_told_at_once() {
        let short = draft(&[(Field::Name, "🎉🎉"), (Field::Website, "https:acme.io")])
            .complete(&[Field::Name, Field::Website, Field::Github, Field::Logo], &Vocabulary::default())
            .unwrap_err();
        let told: Vec<_> = short.iter().map(|s| s.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "name “🎉🎉”: it has no letter or digit",
                "website “https:acme.io”: the two slashes after the scheme are missing",
                "github is missing",
                "logo is missing",
                "the name suggests no slug of its own",
            ]
        );
    }

    #[test]
    fn a_link_is_nobodys_name() {
        let short =
            draft(&[(Field::Name, "[DaoCloud](https://www.daocloud.io/)"), (Field::Description, "We [do](https://x)")])
                .complete(&[], &Vocabulary::default())
                .unwrap_err();
        let told: Vec<_> = short.iter().map(|s| (s.message.as_str(), s.hint.as_str())).collect();
        assert_eq!(
            told[..2],
            [
                (
                    "name “[DaoCloud](https://www.daocloud.io/)”: there is a link to https://www.daocloud.io/ in it",
                    "write “DaoCloud”"
                ),
                ("description “We [do](https://x)”: there is a link to https://x in it", "write “We do”"),
            ]
        );
        assert_eq!(Field::Description.check("We run *any* `kubectl`"), Ok(()));
    }

    #[test]
    fn nobodys_former_name_is_the_one_it_has() {
        let told = |former: &str| {
            let answers = draft(&[(Field::Name, "Acme Cloud"), (Field::FormerNames, former)]);
            answers.complete(&[], &Vocabulary::default()).err().unwrap_or_default()
        };
        let of = |former: &str| told(former).into_iter().filter(|s| s.field == Field::FormerNames).count();
        assert_eq!((of("Old; acme  CLOUD"), of("Acme"), of("Old; Older")), (1, 0, 0));
    }

    #[test]
    fn a_draft_survives_being_saved() {
        let mut saved = draft(&[
            (Field::Name, "华为 \"x\""),
            (Field::FormerNames, "A; B"),
            (Field::Logo, "l.png"),
            (Field::Certified, "12"),
        ]);
        saved.slug = Some("huawei".into());
        saved.keep_metadata = Some(true);
        saved.note_left_out(Field::Email, true);
        assert_eq!(Draft::parse(saved.to_toml().as_bytes()), Ok(saved));
    }

    #[test]
    fn a_number_of_people_stands_with_quotes_or_without() {
        let read = |value: &str| Draft::parse(format!("schema = 1\ncertified = {value}\n").as_bytes());
        for value in ["12", "\"12\""] {
            assert_eq!(read(value).unwrap().get(Field::Certified), Some("12"), "{value}");
        }
        for value in ["12.5", "true", "0", "-1", "[12]", "100001"] {
            let faults = read(value).unwrap_err();
            assert!(!faults[0].hint.contains("string"), "{value}: {}", faults[0].hint);
        }
    }

    #[test]
    fn an_empty_answer_takes_an_older_one_away() {
        let newer = draft(&[(Field::Email, "")]);
        assert_eq!(newer.over(draft(&[(Field::Email, "a@b.example")])).get(Field::Email), None);
    }
}
