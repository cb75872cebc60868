//! The form by which organizations apply on GitHub, made of a program: its terms as drop-downs, its limits in words.
//! GitHub's syntax for issue forms is YAML; every text stands in double quotes, escaped as JSON is, which YAML reads the same.

use std::fmt::Write as _;

use serde_json::Value;

use crate::domain::form::example::example;
use crate::domain::form::filled::field_of;
use crate::domain::form::options::{is_single, options};
use crate::domain::form::promise::Promise;
use crate::domain::form::{Language, Question};
use crate::domain::record::{Description, Name};
use crate::domain::{Field, Program};

/// Where GitHub looks for it.
#[must_use]
pub const fn path(language: Language) -> &'static str {
    match language {
        Language::English => ".github/ISSUE_TEMPLATE/partner-application.yml",
        Language::Chinese => ".github/ISSUE_TEMPLATE/partner-application-zh.yml",
    }
}

/// Its name, by which an address chooses it.
#[must_use]
pub fn file_name(language: Language) -> &'static str {
    let path = path(language);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The form in one language.
#[must_use]
pub fn issue_form(program: &Program, language: Language) -> String {
    let in_words = |en: &str, zh: &str| if language == Language::Chinese { zh.to_owned() } else { en.to_owned() };
    let mut out = String::from(
        "# Made by karmada-partner init --github-ci. The labels are what answers are found by: they stay as they are.\n",
    );
    let name = program.name_in(language == Language::Chinese);
    out += &line(0, "name", &in_words(&format!("Apply: {name}"), &format!("申请加入：{name}")));
    out += &line(
        0,
        "description",
        &in_words(
            "For an organization that offers commercial support for Karmada",
            "适用于为 Karmada 提供商业支持的组织",
        ),
    );
    out += &line(
        0,
        "title",
        "REQUEST: Organization [name] that provides commercial support to Karmada New Commercial Support",
    );
    out += "body:\n  - type: markdown\n    attributes:\n";
    let intro = in_words(
        "What you write here is read within minutes; if something is missing, a comment says what, and editing this issue is enough. \
         Then the committee decides in public. Everything becomes public for ever: give a role's mailbox rather than a person's. [What is kept, where and for how long](../blob/HEAD/PRIVACY.md).",
        "递交后几分钟内会自动读取；如有缺漏，评论中会说明，编辑本 issue 即可。之后由委员会公开决定。所有内容将永久公开：请填写团队邮箱而非个人邮箱。[会保存什么、存在哪里、保存多久](../blob/HEAD/PRIVACY.md)（英文）。",
    );
    out += &line(3, "value", &intro);
    for question in Question::ALL {
        element(&mut out, program, question, language);
    }
    out
}

/// `key: "value"`, so many levels deep.
fn line(depth: usize, key: &str, value: &str) -> String {
    format!("{}{key}: {}\n", "  ".repeat(depth), Value::from(value))
}

fn element(out: &mut String, program: &Program, question: Question, language: Language) {
    let terms = field_of(question).and_then(|field| Some((field, program.vocabulary.of(field)?)));
    // A drop-down without anything to choose is no form to GitHub.
    if terms.is_some_and(|(_, terms)| terms.is_empty()) {
        return;
    }
    let kind = match question {
        _ if terms.is_some() => "dropdown",
        Question::Description
        | Question::DescriptionZh
        | Question::Logo
        | Question::FormerNames
        | Question::Offices
        | Question::Contact => "textarea",
        Question::Agreement => "checkboxes",
        _ => "input",
    };
    let _ = write!(out, "  - type: {kind}\n    id: {}\n    attributes:\n", question.id());
    *out += &line(3, "label", question.label(language));
    if let Some(words) = explained(program, question, language) {
        *out += &line(3, "description", &words);
    }
    if let Some(example) = placeholder(program, question, language) {
        *out += &line(3, "placeholder", &example);
    }
    if let Some((field, terms)) = terms {
        let _ = writeln!(out, "      multiple: {}\n      options:", !is_single(question, terms));
        for shown in options(field, terms, language) {
            let _ = writeln!(out, "        - {}", Value::from(shown));
        }
    }
    if question == Question::Agreement {
        *out += "      options:\n";
        for promise in Promise::ALL {
            let _ =
                write!(out, "        - label: {}\n          required: true\n", Value::from(promise.words(language)));
        }
        return;
    }
    let is_required = |field: Field| program.required.contains(&field);
    let required = match question {
        Question::Contact => is_required(Field::Email),
        question => field_of(question).is_some_and(is_required),
    };
    let _ = write!(out, "    validations:\n      required: {required}\n");
}

/// How long a name is, in characters; and a description: on a card, in letters, of which a Chinese character takes two; and kept.
const NAME: usize = Name::LONGEST;
const CARD: usize = Description::CARD;
const LONGEST: usize = Description::LONGEST;

fn explained(program: &Program, question: Question, language: Language) -> Option<String> {
    let (en, zh): (String, String) = match question {
        Question::Name => (
            format!("The name people know the organization by, at most {NAME} characters, without links."),
            format!("大家熟知的组织名称，最多 {NAME} 个字符，不要加链接。"),
        ),
        Question::NameZh => ("If it has one.".into(), "如有。".into()),
        Question::Description => (
            format!(
                "One or two sentences for the partner's card, which shows {CARD} letters; at most {LONGEST} are kept."
            ),
            format!("英文的一两句话，将显示在伙伴卡片上：卡片可显示 {CARD} 个字母，最多保留 {LONGEST} 个字符。"),
        ),
        Question::DescriptionZh => (
            format!("The same in Chinese: the card shows {} characters.", CARD / 2),
            format!("中文的一两句话：卡片可显示 {} 个汉字。", CARD / 2),
        ),
        Question::Website => (
            "The page about your support for Karmada, or your website; one address.".into(),
            "介绍 Karmada 支持服务的页面或官网；只写一个地址。".into(),
        ),
        Question::Logo => {
            let logo = &program.logo;
            let (kib, least, most) = (logo.max_bytes / 1024, logo.min_side, logo.max_side);
            let (wide, tall, pixels) = (logo.max_ratio, logo.max_tall_ratio, logo.max_pixels);
            // Where the sides alone don't say it.
            let (in_all, in_all_zh) = match u64::from(most) * u64::from(most) > u64::from(pixels) {
                true => (format!(", {pixels} in all"), format!("，总计不超过 {pixels} 像素")),
                false => (String::new(), String::new()),
            };
            (
                format!(
                    "A PNG file of at most {kib} KiB, each side {least} to {most} pixels{in_all}, at most {wide} times as wide as high and {tall} times as high as wide: drop it here, or write its https address."
                ),
                format!(
                    "PNG 文件，不超过 {kib} KiB，边长 {least} 至 {most} 像素{in_all_zh}，宽不超过高的 {wide} 倍，高不超过宽的 {tall} 倍：拖放到此处，或填写其 https 地址。"
                ),
            )
        }
        Question::Parent => (
            "The company it belongs to, if any; its people don't vote on you.".into(),
            "所属公司（如有）；其成员不参与对您的表决。".into(),
        ),
        Question::FormerNames => {
            ("Names that it had before, if any; one a line.".into(), "组织以前用过的名称（如有）；每行一个。".into())
        }
        Question::Services => ("What you offer.".into(), "您提供的服务。".into()),
        Question::Regions => ("Where.".into(), "服务地区。".into()),
        Question::Languages => ("In which languages.".into(), "服务语言。".into()),
        Question::Hours => ("When somebody answers.".into(), "何时有人答复。".into()),
        Question::Response => ("Within what time somebody answers.".into(), "多长时间内答复。".into()),
        Question::Offices => ("If you like; one a line.".into(), "可不填；每行一个。".into()),
        Question::Story => (
            "If you like: the address of a page that tells of a customer.".into(),
            "可不填：介绍客户案例的网页地址。".into(),
        ),
        Question::Certified => (
            "If you like: how many of your people hold a certificate of the CNCF's, such as CKA; a number.".into(),
            "可不填：持有 CKA 等 CNCF 证书的人数，请填写数字。".into(),
        ),
        Question::Contact => (
            "The GitHub ID of your contact, without which you are it, and an e-mail: better a role's than a person's."
                .into(),
            "联系人的 GitHub ID（不填则为您本人）和电子邮箱：最好是团队邮箱。".into(),
        ),
        // The boxes say it themselves.
        Question::Agreement => return None,
    };
    Some(if language == Language::Chinese { zh } else { en })
}

/// What is seen in an empty box where the words above it don't say it all.
fn placeholder(program: &Program, question: Question, language: Language) -> Option<String> {
    let shows = matches!(
        question,
        Question::Name
            | Question::Website
            | Question::Offices
            | Question::Story
            | Question::Certified
            | Question::Contact
    );
    example(question, language, &program.vocabulary).filter(|_| shows)
}
