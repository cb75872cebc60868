//! What the form asks, and what its headings are called.

use crate::language;

/// What the form asks, in the order in which it asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    Name,
    NameZh,
    Description,
    DescriptionZh,
    Website,
    Logo,
    Parent,
    FormerNames,
    Services,
    Regions,
    Languages,
    Hours,
    Response,
    Offices,
    Story,
    Certified,
    Contact,
    Agreement,
}

/// The languages that there is a form in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// That in which is spoken.
    #[must_use]
    pub fn current() -> Self {
        if language::is_chinese() { Self::Chinese } else { Self::English }
    }

    /// The language in which its comment is made.
    pub(crate) const fn spoken(self) -> language::Language {
        match self {
            Self::English => language::Language::English,
            Self::Chinese => language::Language::Chinese,
        }
    }
}

impl Question {
    pub const ALL: [Self; 18] = [
        Self::Name,
        Self::NameZh,
        Self::Description,
        Self::DescriptionZh,
        Self::Website,
        Self::Logo,
        Self::Parent,
        Self::FormerNames,
        Self::Services,
        Self::Regions,
        Self::Languages,
        Self::Hours,
        Self::Response,
        Self::Offices,
        Self::Story,
        Self::Certified,
        Self::Contact,
        Self::Agreement,
    ];

    /// What Karmada's own form asked, before there was this one.
    pub(super) const OLD: [Self; 5] = [Self::Name, Self::Description, Self::Website, Self::Logo, Self::Contact];

    /// What the form and an address that fills it in call it. Where Karmada's own form asked the same, as that called it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "org_name",
            Self::NameZh => "org_name_zh",
            Self::Description => "org_description",
            Self::DescriptionZh => "org_description_zh",
            Self::Website => "website_url",
            Self::Logo => "org_logo",
            Self::Parent => "org_parent",
            Self::FormerNames => "former_names",
            Self::Services => "services",
            Self::Regions => "regions",
            Self::Languages => "languages",
            Self::Hours => "hours",
            Self::Response => "response",
            Self::Offices => "offices",
            Self::Story => "story",
            Self::Certified => "certified",
            Self::Contact => "contact",
            Self::Agreement => "agreement",
        }
    }

    /// Its heading. In English that of Karmada's own form, where that asked the same.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Name, Language::English) => "Org or company name",
            (Self::Name, Language::Chinese) => "组织或公司名称",
            (Self::NameZh, Language::English) => "Name in Chinese",
            (Self::NameZh, Language::Chinese) => "中文名称",
            (Self::Description, Language::English) => "Org or company description",
            (Self::Description, Language::Chinese) => "英文简介",
            (Self::DescriptionZh, Language::English) => "Description in Chinese",
            (Self::DescriptionZh, Language::Chinese) => "中文简介",
            (Self::Website, Language::English) => "Org or company Website",
            (Self::Website, Language::Chinese) => "网站",
            (Self::Logo, Language::English) => "Org or company logo",
            (Self::Logo, Language::Chinese) => "组织或公司 logo",
            (Self::Parent, Language::English) => "Parent company",
            (Self::Parent, Language::Chinese) => "母公司",
            (Self::FormerNames, Language::English) => "Former names",
            (Self::FormerNames, Language::Chinese) => "曾用名",
            (Self::Services, Language::English) => "Services",
            (Self::Services, Language::Chinese) => "服务",
            (Self::Regions, Language::English) => "Regions",
            (Self::Regions, Language::Chinese) => "地区",
            (Self::Languages, Language::English) => "Languages",
            (Self::Languages, Language::Chinese) => "语言",
            (Self::Hours, Language::English) => "Hours of support",
            (Self::Hours, Language::Chinese) => "支持时间",
            (Self::Response, Language::English) => "Time to a first answer",
            (Self::Response, Language::Chinese) => "首次答复时间",
            (Self::Offices, Language::English) => "Places where you have people",
            (Self::Offices, Language::Chinese) => "有人员的地方",
            (Self::Story, Language::English) => "A customer's story",
            (Self::Story, Language::Chinese) => "客户案例",
            (Self::Certified, Language::English) => "People with a certificate",
            (Self::Certified, Language::Chinese) => "持证人数",
            (Self::Contact, Language::English) => "Contact me",
            (Self::Contact, Language::Chinese) => "联系方式",
            (Self::Agreement, Language::English) => "Agreement",
            (Self::Agreement, Language::Chinese) => "确认",
        }
    }

    /// The question that has this label, and in which language.
    pub(super) fn labelled(label: &str) -> Option<(Self, Language)> {
        let same = |q: &Self, l| q.label(l).eq_ignore_ascii_case(label);
        let of = |language| Self::ALL.into_iter().find(|q| same(q, language)).map(|q| (q, language));
        of(Language::English).or_else(|| of(Language::Chinese))
    }

    /// The question that people call so, where they type a heading themselves.
    pub(super) fn called(label: &str) -> Option<(Self, Language)> {
        let label = label.to_lowercase();
        // “Our website”, and “公司 Logo”.
        let ours = ["our ", "your ", "my ", "the "].iter().find_map(|whose| label.strip_prefix(whose));
        let close = label.replace(char::is_whitespace, "");
        let is = |(_, names): &&(Self, &[&str])| {
            [Some(label.as_str()), ours, Some(&close)].into_iter().flatten().any(|label| names.contains(&label))
        };
        let in_english = CALLED.iter().find(is).map(|(q, _)| (*q, Language::English));
        in_english.or_else(|| CALLED_IN_CHINESE.iter().find(is).map(|(q, _)| (*q, Language::Chinese)))
    }

    /// The one question whose label differs by a slip.
    pub(super) fn mistyped(label: &str) -> Option<(Self, Language)> {
        let label = label.to_lowercase();
        let is_near = |known: &str| {
            let most = match known.chars().count() {
                0..6 => 0,
                6..12 => 1,
                _ => 2,
            };
            let lengths = known.chars().count().abs_diff(label.chars().count());
            lengths <= most && strsim::damerau_levenshtein(&label, &known.to_lowercase()) <= most
        };
        let of =
            |language| Self::ALL.into_iter().filter(move |q| is_near(q.label(language))).map(move |q| (q, language));
        let mut found = of(Language::English).chain(of(Language::Chinese));
        found.next().filter(|_| found.next().is_none())
    }
}

/// What people call what the form asks, in lower case.
const CALLED: [(Question, &[&str]); 14] = [
    (
        Question::Name,
        &["name", "company", "company name", "organization", "organization name", "organisation name", "org name"],
    ),
    (
        Question::Description,
        &["description", "company description", "organization description", "org description", "introduction"],
    ),
    (
        Question::Website,
        &["website", "web site", "site", "url", "homepage", "home page", "company website", "organization website"],
    ),
    (Question::Logo, &["logo", "company logo", "organization logo", "org logo"]),
    (Question::Parent, &["parent", "parent organization", "parent org"]),
    (Question::FormerNames, &["former name", "previous names", "previous name"]),
    (Question::Services, &["service", "services offered", "our services"]),
    (Question::Regions, &["region"]),
    (Question::Languages, &["language"]),
    (Question::Hours, &["hours", "support hours", "hours of service"]),
    (Question::Response, &["response time", "time to first answer", "first response"]),
    (Question::Offices, &["offices", "office", "locations"]),
    (Question::Story, &["story", "customer story", "customer stories", "case study"]),
    (Question::Contact, &["contact", "contacts", "contact us", "contact information", "contact info"]),
];

const CALLED_IN_CHINESE: [(Question, &[&str]); 10] = [
    (Question::Name, &["名称", "公司名称", "组织名称", "企业名称", "单位名称", "公司名"]),
    (Question::Description, &["简介", "公司简介", "组织简介", "企业简介", "描述"]),
    (Question::Website, &["官网", "网址", "官方网站", "公司网站", "主页"]),
    (Question::Logo, &["标志", "徽标", "图标", "公司标志", "公司logo"]),
    (Question::Services, &["服务内容", "服务项目"]),
    (Question::Regions, &["区域"]),
    (Question::Languages, &["语种"]),
    (Question::Offices, &["办公地点"]),
    (Question::Story, &["案例"]),
    (Question::Contact, &["联系人", "联系", "联系信息", "联系我们"]),
];
