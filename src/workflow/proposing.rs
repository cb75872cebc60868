//! What apply and update share: flags, questions, logos, and what looks like somebody else.

use std::path::Path;

use crate::domain::record::draft::{Shortfall, slug_meant};
use crate::domain::record::terms::Term;
use crate::domain::record::{Description, Mailbox, Name, WebAddress};
use crate::domain::values::Invalid;
use crate::domain::{Draft, Facts, Field, Objects, Program, Record, Slug, hosts, text};
use crate::error::{Error, Result};
use crate::prompt::Question;
use crate::session::Context;
use crate::ui::padded;
use crate::workflow::described::or_none;
use crate::workflow::drafts::{DraftOf, save_draft};
use crate::workflow::logo_files::{self, Logo, Metadata, is_address};
use crate::workflow::own_files;

/// The fields as flags. An empty value takes an optional field away.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Fields {
    /// Name of the organization
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Its page about support for Karmada, or its website
    #[arg(long, value_name = "URL")]
    pub website: Option<String>,
    /// GitHub ID of the contact
    #[arg(long, value_name = "LOGIN")]
    pub github: Option<String>,
    /// E-mail of the contact, better a role's than a person's; public for ever
    #[arg(long, value_name = "MAILBOX")]
    pub email: Option<String>,
    /// Logo: a PNG file, or the https address of one
    #[arg(long, value_name = "PATH|URL")]
    pub logo: Option<String>,
    /// Leave in the logo's file what it holds beside the picture: places, names, paths, comments
    #[arg(long)]
    pub keep_metadata: bool,
    /// One line for the partner's card, in English
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// The same line in Chinese
    #[arg(long, value_name = "TEXT")]
    pub description_zh: Option<String>,
    /// The company it belongs to, if any
    #[arg(long, value_name = "NAME")]
    pub parent: Option<String>,
    /// A name it had before; may be given several times
    #[arg(long = "former-name", value_name = "NAME")]
    pub former_names: Vec<String>,
    /// Its name in Chinese, if it has one
    #[arg(long, value_name = "NAME")]
    pub name_zh: Option<String>,
    /// What it offers, by words of the program's; may be given several times, and replaces what was said before
    #[arg(long = "service", value_name = "WORD")]
    pub services: Vec<String>,
    /// Where; may be given several times
    #[arg(long = "region", value_name = "WORD")]
    pub regions: Vec<String>,
    /// In which language; may be given several times
    #[arg(long = "language", value_name = "WORD")]
    pub languages: Vec<String>,
    /// When somebody answers; may be given several times
    #[arg(long, value_name = "WORD")]
    pub hours: Vec<String>,
    /// Within what time somebody answers
    #[arg(long, value_name = "WORD")]
    pub response: Vec<String>,
    /// A place where it has people, such as “Berlin, Germany”; may be given several times
    #[arg(long = "office", value_name = "PLACE")]
    pub offices: Vec<String>,
    /// The address of a page that tells of a customer
    #[arg(long, value_name = "URL")]
    pub story: Option<String>,
    /// How many of its people hold a certificate of the CNCF's, such as CKA
    #[arg(long, value_name = "NUMBER")]
    pub certified: Option<String>,
}

impl Fields {
    /// The flags that were given, as answers.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        let mut draft = Draft { keep_metadata: self.keep_metadata.then_some(true), ..Draft::default() };
        let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join("; "));
        for (field, answer) in [
            (Field::Name, self.name),
            (Field::Website, self.website),
            (Field::Github, self.github),
            (Field::Email, self.email),
            (Field::Logo, self.logo),
            (Field::Description, self.description),
            (Field::DescriptionZh, self.description_zh),
            (Field::Parent, self.parent),
            (Field::FormerNames, list(self.former_names)),
            (Field::NameZh, self.name_zh),
            (Field::Services, list(self.services)),
            (Field::Regions, list(self.regions)),
            (Field::Languages, list(self.languages)),
            (Field::Hours, list(self.hours)),
            (Field::Response, list(self.response)),
            (Field::Offices, list(self.offices)),
            (Field::Story, self.story),
            (Field::Certified, self.certified),
        ] {
            draft.answers.extend(answer.map(|a| (field, a)));
        }
        draft
    }
}

/// Answers from a TOML file. A relative logo path is meant relative to the file.
pub fn draft_from(ctx: &Context, path: &Path) -> Result<Draft> {
    let bytes = own_files::document(ctx, path, "--from")?;
    let mut draft = Draft::parse(&bytes).map_err(|faults| Error::document(&path.display().to_string(), &faults))?;
    if let Some(logo) = draft.answers.get_mut(&Field::Logo)
        && let Some(directory) = path.parent()
    {
        *logo = logo_files::as_seen_from(directory, logo, ctx.environment.home.as_deref());
    }
    Ok(draft)
}

/// Reads answers as what they can only mean, and says so.
pub fn mend(ctx: &Context, draft: &mut Draft) {
    for mended in draft.mend(&|path| leads(ctx, path)) {
        say_mended(ctx, mended.field, &mended.typed, &mended.read);
    }
    mend_slug(ctx, draft);
}

fn mend_slug(ctx: &Context, draft: &mut Draft) {
    if let Some((typed, read)) = draft.mend_slug() {
        say_read(ctx, tr!("short name"), &typed, read.as_str());
    }
}

/// Asks for the short name, beginning with what is `suggested`; `check` says whether one does.
pub fn ask_slug(
    ctx: &Context,
    draft: &mut Draft,
    suggested: Option<&str>,
    check: &dyn Fn(&str) -> Result<(), Invalid>,
) -> Result<()> {
    let question =
        Question { label: tr!("Short name in the registry"), flag: "--slug", default: suggested, optional: false };
    let read = |typed: &str| slug_meant(typed).map_or_else(|| typed.to_owned(), |slug| slug.to_string());
    draft.slug = Some(ctx.prompt.text(question, &|typed| check(&read(typed)))?);
    mend_slug(ctx, draft);
    Ok(())
}

/// Reads answers in other words than the program's in those, and says so.
pub fn mend_terms(ctx: &Context, program: &Program, draft: &mut Draft) {
    for mended in draft.mend_terms(&program.vocabulary) {
        say_mended(ctx, mended.field, &mended.typed, &mended.read);
    }
}

fn say_mended(ctx: &Context, field: Field, typed: &str, read: &str) {
    // To the eye they are the same.
    if text::composed(typed).is_some_and(|composed| composed == read) {
        let field = field.told();
        return ctx
            .ui
            .say_reading(&tr!("{field}: marks that stand apart from their letters are joined to them (NFC)", field));
    }
    say_read(ctx, field.told(), typed, read);
}

fn say_read(ctx: &Context, field: &str, typed: &str, read: &str) {
    ctx.ui.say_reading(&text::is_read_as(field, &text::quote(typed), &text::visible(read)));
}

/// Whether a logo is a file, or an address, as it stands.
fn leads(ctx: &Context, source: &str) -> bool {
    is_address(source) || logo_files::home_expanded(ctx, source).exists()
}

/// An application as people read it, before it is sent.
#[must_use]
pub fn summary(program: &Program, slug: &Slug, record: &Record, logo: &Logo) -> String {
    let mut out = tr!("This will be sent, for everybody to read:").to_owned() + "\n";
    let mut line = |label: &str, words: &str| out += &format!("  {} {}\n", padded(label, 18), text::visible(words));
    let fields = record.fields();
    for (field, value) in &fields {
        line(&field.label(), &program.vocabulary.told(*field, value));
        if *field == Field::Name {
            line(tr!("short name"), slug.as_str());
        }
    }
    line(tr!("word" => "logo"), &logo.measures.to_string());
    out.truncate(out.trim_end().len());
    out
}

/// What an update changes, as people read it before it is sent.
#[must_use]
pub fn changes(program: &Program, slug: &Slug, old: &Record, new: &Record, logo: Option<&str>) -> String {
    let mut out = tr!("This will be proposed for {slug}, for everybody to read:", slug) + "\n";
    for (field, new, old) in new.differences(old) {
        let told = |value: Option<String>| or_none(&program.vocabulary, field, value.as_deref());
        out += &format!("  {} {} → {}\n", padded(&field.label(), 18), told(old), told(new));
    }
    if let Some(measures) = logo {
        out += &format!("  {} {}\n", padded(tr!("word" => "logo"), 18), tr!("another: {measures}", measures));
    }
    out.truncate(out.trim_end().len());
    out
}

/// Asks for another logo; an empty answer keeps the one that is there.
pub fn ask_for_logo(ctx: &Context, program: &Program, draft: &mut Draft) -> Result<()> {
    let (_, help) = wording(Field::Logo);
    let label = tr!("Another logo, a PNG file or an https address (empty keeps it)");
    ask_with(ctx, program, draft, Field::Logo, None, (label, help), true)
}

/// The fields that are asked for one by one, in this order: a name or a line in Chinese beside its English one. Where an application
/// lacks but its logo, that comes before what may be left out.
pub fn asked(lacks_logo: bool) -> impl Iterator<Item = Field> {
    let mut fields: Vec<Field> = Field::ALL.iter().copied().filter(|f| !f.is_further()).collect();
    if !lacks_logo {
        fields.sort_by_key(|f| !matches!(f, Field::Name | Field::NameZh));
    }
    fields.into_iter()
}

/// What a field is asked with: the question, and a line of help above it.
fn wording(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Name => (tr!("Name of the organization"), ""),
        Field::Website => {
            (tr!("Website"), tr!("Best is a page that says what you do for Karmada users; a home page will do."))
        }
        Field::Github => (tr!("GitHub ID of the contact"), ""),
        Field::Email => (
            tr!("E-mail of the contact (may be empty)"),
            tr!(
                "It becomes public, and a git history can't forget. Better a role's mailbox (karmada@…) than a person's."
            ),
        ),
        // What it has to be is the program's to say.
        Field::Logo => (tr!("Logo, a PNG file or an https address"), ""),
        Field::Description => (tr!("One line for your card, in English (may be empty)"), ""),
        Field::DescriptionZh => (tr!("The same in Chinese (may be empty)"), ""),
        Field::Parent => (
            tr!("Parent company, if you belong to one (may be empty)"),
            tr!("Members who work there don't vote on you."),
        ),
        Field::FormerNames => (tr!("Former names, separated by semicolons (may be empty)"), ""),
        Field::NameZh => (tr!("Its name in Chinese (may be empty)"), ""),
        Field::Services => {
            (tr!("What do you offer?"), tr!("Space marks, Enter goes on. End users find you by what you mark."))
        }
        Field::Regions => (tr!("Where?"), ""),
        Field::Languages => (tr!("In which languages?"), ""),
        Field::Hours => (tr!("When does somebody answer?"), ""),
        Field::Response => (tr!("Within what time?"), ""),
        Field::Offices => (tr!("Places where you have people, separated by semicolons (may be empty)"), ""),
        Field::Story => (tr!("Address of a page that tells of a customer (may be empty)"), ""),
        Field::Certified => {
            (tr!("How many of your people hold a certificate of the CNCF's, such as CKA (may be empty)"), "")
        }
    }
}

/// Asks for one field, with the present answer to begin from; checks it at once. A logo is loaded and shown.
pub fn ask(ctx: &Context, program: &Program, draft: &mut Draft, field: Field, default: Option<String>) -> Result<()> {
    ask_with(ctx, program, draft, field, default, wording(field), !program.required.contains(&field))
}

fn ask_with(
    ctx: &Context,
    program: &Program,
    draft: &mut Draft,
    field: Field,
    default: Option<String>,
    (label, help): (&str, &str),
    optional: bool,
) -> Result<()> {
    if field == Field::Logo {
        ctx.ui.say(&tr!("{rules}; transparent looks best.", rules = program.logo.in_words()));
    } else if !help.is_empty() {
        ctx.ui.say(help);
    }
    let metadata = Metadata::of(draft);
    let loads = |answer: &str| -> Result<(), Invalid> {
        field.check(answer)?;
        if field != Field::Logo {
            return Ok(());
        }
        logo_files::load(ctx, answer, &program.logo, metadata)
            .map(drop)
            .map_err(|e| Invalid { why: e.message, hint: e.hints.join(tr!("between clauses" => "; ")) })
    };
    let present = draft.get(field).map(str::to_owned).or(default);
    let flag = field.flag();
    if let Some(terms) = program.vocabulary.of(field) {
        let question = Question { label, flag: &flag, default: None, optional };
        return mark(ctx, draft, field, terms, question);
    }
    let question = Question { label, flag: &flag, default: present.as_deref(), optional };
    let mended = |typed: &str| match field == Field::Logo && leads(ctx, typed) {
        true => None,
        false => field.mended(typed),
    };
    let read = |typed: &str| mended(typed).unwrap_or_else(|| typed.to_owned());
    let typed = ctx.prompt.text(question, &|typed| loads(&read(typed)))?;
    let answer = match mended(&typed).filter(|_| !typed.is_empty()) {
        Some(read) => {
            say_mended(ctx, field, &typed, &read);
            read
        }
        None => typed,
    };
    draft.note_left_out(field, answer.is_empty());
    if answer.is_empty() {
        draft.answers.remove(&field);
    } else {
        // Kept answers must mean the same file wherever they are taken up again.
        let absolute =
            || std::path::absolute(logo_files::home_expanded(ctx, &answer)).ok().map(|p| p.display().to_string());
        let kept = if field == Field::Logo && !is_address(&answer) { absolute() } else { None };
        let before = draft.answers.insert(field, kept.unwrap_or(answer));
        // What was agreed to about one file isn't said of another.
        if field == Field::Logo && before.is_some() && before.as_deref() != draft.get(field) {
            draft.keep_metadata = None;
        }
    }
    match (field, draft.get(field).map(str::to_owned)) {
        (Field::Email, Some(email)) => ask_about_mailbox(ctx, program, draft, &email)?,
        (Field::Logo, Some(source)) => {
            let logo = logo_files::load(ctx, &source, &program.logo, Metadata::of(draft))?;
            logo_files::present(ctx, program, draft, logo)?;
        }
        // The line in Chinese has a question of its own, which comes next.
        (Field::Description, Some(line))
            if draft.get(Field::DescriptionZh).is_none() && mistaken_language(field, &line).is_some() =>
        {
            ctx.ui.say(tr!("That is in Chinese, and kept as the line in Chinese. The one in English may be left out."));
            draft.answers.remove(&field);
            draft.answers.insert(Field::DescriptionZh, line);
            return ask_with(ctx, program, draft, field, None, (label, help), optional);
        }
        _ => {}
    }
    Ok(())
}

/// Asks which of the facts that nobody need give are given, and for those.
pub fn ask_further(ctx: &Context, program: &Program, draft: &mut Draft, kept: DraftOf<'_>) -> Result<()> {
    let further = |field: &Field| field.is_further() && program.vocabulary.of(*field).is_none_or(|t| !t.is_empty());
    let fields: Vec<Field> = Field::ALL.iter().copied().filter(further).collect();
    let items: Vec<&str> = fields.iter().map(|field| in_short(*field)).collect();
    let marked: Vec<bool> = fields.iter().map(|field| draft.get(*field).is_some()).collect();
    let label = tr!("What else do end users choose you by?");
    let question = Question { label, flag: "--hours", default: None, optional: true };
    for n in ctx.prompt.several(question, &items, &marked)? {
        ask(ctx, program, draft, fields[n], None)?;
        save_draft(ctx, kept, draft);
    }
    Ok(())
}

fn in_short(field: Field) -> &'static str {
    match field {
        Field::Hours => tr!("Hours of support"),
        Field::Response => tr!("Time to a first answer"),
        Field::Offices => tr!("Places where you have people"),
        Field::Story => tr!("A customer's story"),
        Field::Certified => tr!("People with a certificate"),
        _ => field.word(),
    }
}

/// Asks for some of the program's words.
fn mark(ctx: &Context, draft: &mut Draft, field: Field, terms: &[Term], question: Question<'_>) -> Result<()> {
    let items: Vec<&str> = terms.iter().map(Term::label).collect();
    let before: Vec<&str> = draft.get(field).map(|s| s.split(';').map(str::trim).collect()).unwrap_or_default();
    let marked: Vec<bool> = terms.iter().map(|t| before.contains(&t.id.as_str())).collect();
    let chosen = ctx.prompt.several(question, &items, &marked)?;
    let answer = chosen.into_iter().map(|n| terms[n].id.as_str()).collect::<Vec<_>>().join("; ");
    draft.note_left_out(field, answer.is_empty());
    if answer.is_empty() {
        draft.answers.remove(&field);
    } else {
        draft.answers.insert(field, answer);
    }
    Ok(())
}

fn ask_about_mailbox(ctx: &Context, program: &Program, draft: &mut Draft, email: &str) -> Result<()> {
    let Some(doubt) = Mailbox::mended(email).ok().and_then(|(mailbox, _)| mailbox.doubt()) else { return Ok(()) };
    let items = [tr!("Give another one"), tr!("Leave it out"), tr!("Publish it for ever")];
    let label = tr!("{email} {doubt}", email = text::visible(email), doubt = doubt.words());
    let question = Question { label: &label, flag: "--email", default: None, optional: false };
    match ctx.prompt.choose(question, &items, 0)? {
        0 => {
            draft.answers.remove(&Field::Email);
            ask(ctx, program, draft, Field::Email, None)
        }
        1 if !program.required.contains(&Field::Email) => {
            draft.note_left_out(Field::Email, true);
            draft.answers.remove(&Field::Email);
            Ok(())
        }
        1 => {
            ctx.ui.warn(tr!("this program asks for an e-mail; it can't be left out"));
            ask(ctx, program, draft, Field::Email, None)
        }
        _ => Ok(()),
    }
}

/// All shortfalls as one error. What is missing is named in one hint; the rest has its own each.
#[must_use]
pub fn too_short(shortfalls: &[Shortfall]) -> Error {
    let lines: Vec<_> = shortfalls.iter().map(|s| format!("  {}", s.message)).collect();
    let mut error = Error::usage(tr!("the answers don't do yet:\n{lines}", lines = lines.join("\n")));
    let missing: Vec<_> =
        shortfalls.iter().filter(|s| s.missing && s.flag != "--slug").map(|s| s.flag.as_str()).collect();
    if !missing.is_empty() {
        error = error.hint(tr!("give {flags}", flags = missing.join(tr!("in a list" => ", "))));
    }
    for s in shortfalls.iter().filter(|s| !s.missing || s.flag == "--slug") {
        error = error.hint(tr!("{flag}: {hint}", flag = s.flag, hint = s.hint));
    }
    error
}

/// Judges the logo beside the other answers, so that everything wrong is told at once; `standing` are the answers and the logo that
/// these change.
pub fn complete(
    ctx: &Context,
    program: &Program,
    draft: &Draft,
    standing: Option<(&Draft, Option<Vec<u8>>)>,
) -> Result<(Slug, Record, Logo)> {
    let (base, kept) = standing.map_or((None, None), |(base, logo)| (Some(base), logo));
    let required: Vec<_> = program.required.iter().copied().filter(|f| *f != Field::Logo || kept.is_none()).collect();
    let application = match base {
        Some(base) => draft.complete_over(base, &required, &program.vocabulary),
        None => draft.complete(&required, &program.vocabulary).map(|application| (application, Vec::new())),
    };
    let logo = match (draft.get(Field::Logo), kept) {
        (Some(source), _) => Some(logo_files::load(ctx, source, &program.logo, Metadata::of(draft))),
        (None, Some(bytes)) => Some(logo_files::on_record(ctx, bytes, &program.logo)),
        (None, None) => None,
    };
    let application = application.map(|(application, standing)| {
        for short in standing {
            ctx.ui.warn(&tr!("{message}; it stays as it is on record", message = short.message));
        }
        application
    });
    let consented = |error: Error| ctx.besides_consent(error);
    match (application, logo) {
        (Ok(application), Some(Ok(mut logo))) => {
            for words in &application.words {
                ctx.ui.note(words);
            }
            if logo_files::asks(ctx, draft, &logo) {
                logo_files::tell_metadata(ctx, &logo);
                logo = logo_files::settle(ctx, logo, &program.logo)?;
            }
            Ok((application.slug, application.record, logo))
        }
        (Err(short), Some(Err(logo))) => {
            let mut error = too_short(&short);
            error.message += &format!("\n  {}", logo.message);
            error.hints.extend(logo.hints.into_iter().map(|h| tr!("{flag}: {hint}", flag = "--logo", hint = h)));
            Err(consented(error))
        }
        (Err(short), _) => Err(consented(too_short(&short))),
        (Ok(_), Some(Err(logo))) => Err(consented(logo)),
        (Ok(_), None) => Err(consented(Error::usage(tr!("logo is missing")).hint(tr!("give it with --logo")))),
    }
}

/// Warns of a mailbox that is none to publish, where nobody can be asked; of texts that a card can't show; and of hosts that pose
/// as others.
pub fn warn_about_facts(ctx: &Context, record: &Record) {
    for (field, why) in overflows(record).into_iter().chain(mistaken_languages(record)).chain(odd_hosts(record)) {
        ctx.ui.warn(&tr!("{field}: {why}", field = field.told(), why));
    }
    if let Some(remark) = doubtful_mailbox(record).filter(|_| !ctx.prompt.can_ask()) {
        ctx.ui.warn(&remark);
    }
}

/// What of these facts their giver may want to look at once more, a sentence each.
#[must_use]
pub fn remarks_on_facts(record: &Record) -> Vec<(Field, String)> {
    let mailbox = doubtful_mailbox(record).map(|words| (Field::Email, words));
    let lines = overflows(record).into_iter().chain(mistaken_languages(record));
    lines.chain(mailbox).chain(odd_hosts(record)).collect()
}

fn overflows(record: &Record) -> Vec<(Field, String)> {
    let words = |(field, e): (Field, Invalid)| (field, tr!("{why}; {hint}", why = e.why, hint = e.hint));
    record.overflows().into_iter().map(words).collect()
}

/// A line for the card, or a name, in another language than it is for.
fn mistaken_languages(record: &Record) -> Vec<(Field, String)> {
    let given = [
        (Field::NameZh, record.name_zh.as_ref().map(Name::as_str)),
        (Field::Description, record.description.as_ref().map(Description::as_str)),
        (Field::DescriptionZh, record.description_zh.as_ref().map(Description::as_str)),
    ];
    given.into_iter().filter_map(|(field, text)| Some((field, mistaken_language(field, text?)?.to_owned()))).collect()
}

fn mistaken_language(field: Field, line: &str) -> Option<&'static str> {
    let (characters, words) = text::characters_and_words(line);
    match field {
        Field::Description if characters > words => {
            Some(tr!("the line in English is in Chinese; the one in Chinese has a place of its own"))
        }
        Field::DescriptionZh if characters == 0 && words > 0 => {
            Some(tr!("there is no Chinese in the line in Chinese; the one in English has a place of its own"))
        }
        Field::NameZh if characters == 0 => Some(tr!("there is no Chinese in the name in Chinese; leave it out")),
        _ => None,
    }
}

fn doubtful_mailbox(record: &Record) -> Option<String> {
    let email = record.email.as_ref()?;
    let doubt = email.doubt()?.words();
    Some(tr!("{email} {doubt}, and becomes public for ever; leave it out, or give a role's", email, doubt))
}

/// Hosts that pose as others, as far as their letters tell; that were given in a spelling in which nobody knows them; or whose
/// ending nobody knows.
fn odd_hosts(record: &Record) -> Vec<(Field, String)> {
    let page = |field, address: &WebAddress| (field, address.host(), address.spelled_host().to_ascii_lowercase());
    // What was changed about a mailbox's host was told when it was given.
    let mailbox = record.email.as_ref().map(|mailbox| (Field::Email, mailbox.host(), String::new()));
    let pages =
        [Some(page(Field::Website, &record.website)), record.story.as_ref().map(|story| page(Field::Story, story))];
    let all = pages.into_iter().flatten().chain(mailbox);
    all.filter_map(|(field, host, spelled)| Some((field, odd_host(&host, &spelled)?))).collect()
}

fn odd_host(host: &str, spelled: &str) -> Option<String> {
    let shown = hosts::shown(host);
    // Whoever reads it as it stands takes it for another's.
    if spelled.contains('%') {
        return Some(tr!("browsers read its host as {host}", host = shown));
    }
    if let Some(read) = hosts::read_as_latin(host) {
        return Some(tr!("its host reads as {read}, and is another: {host}", read, host = shown));
    }
    if let Some(ending) = hosts::unknown_ending(host) {
        return Some(tr!("no host is known to end in .{ending}", ending));
    }
    match hosts::mixes_scripts(host) {
        true => Some(tr!("its host mixes letters that look alike: {host}", host = shown)),
        false if shown != host && spelled.contains("xn--") => Some(tr!("people read its host as {host}", host = shown)),
        false => None,
    }
}

/// A partner's facts: their hashes, and where git keeps them.
#[must_use]
pub fn facts_of(toml: &str, logo: &[u8]) -> (Facts, Objects) {
    (Facts::of(toml.as_bytes(), Some(logo)), Objects::of(toml.as_bytes(), Some(logo)))
}
