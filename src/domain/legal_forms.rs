//! What organizations are called apart from the forms of company of the world, wherever these stand, for telling people who is called
//! alike. Ties between voters and applicants go by the shorter lists of [`names`](super::names): those are a part of the log's format.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use super::names::{FORMS, NATIVE_FORMS, bare, company, lower, signs, spelled_out};
use super::simplified::simplified;

/// Those that stand in front by custom, and behind as well.
const ON_EITHER_SIDE: &[&str] = &[
    "ab",
    "ao",
    "as",
    "bv",
    "congty",
    "congtycophan",
    "congtytnhh",
    "congtytnhhmtv",
    "congtytrachnhiemhuuhan",
    "ctycp",
    "cv",
    "eurl",
    "jsc",
    "kabushikikaisha",
    "llc",
    "nv",
    "oao",
    "ooo",
    "ou",
    "oy",
    "pao",
    "pt",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "sc",
    "sia",
    "snc",
    "sprl",
    "tov",
    "uab",
    "zao",
    "ао",
    "ат",
    "жшс",
    "зао",
    "ип",
    "нао",
    "оао",
    "ооо",
    "пао",
    "пат",
    "пп",
    "прат",
    "тзов",
    "тов",
    "тоо",
    "чао",
    "სს",
    "შპს",
    "شركة",
    "شرکت",
    "مؤسسة",
    "有",
    "株",
    "유",
    "주",
];

/// Those that only stand behind, beside those that ties go by.
const BEHIND: &[&str] = &[
    "ac",
    "ad",
    "ae",
    "andco",
    "andcompany",
    "anonimsirketi",
    "ans",
    "asbl",
    "berhad",
    "bt",
    "cialtda",
    "cic",
    "cie",
    "cjsc",
    "comp",
    "ctcp",
    "cvba",
    "cyf",
    "dac",
    "dmcc",
    "ecia",
    "eg",
    "ehf",
    "eireli",
    "ek",
    "enr",
    "epe",
    "epp",
    "etcie",
    "ev",
    "fzc",
    "fzco",
    "fze",
    "fzllc",
    "gbr",
    "gemgmbh",
    "ggmbh",
    "gug",
    "haftungsbeschrankt",
    "hb",
    "hf",
    "ike",
    "ivs",
    "jdoo",
    "kkt",
    "ks",
    "kscp",
    "ky",
    "limitedsirketi",
    "lllp",
    "llpc",
    "ltee",
    "mchj",
    "mei",
    "mmc",
    "motthanhvien",
    "npc",
    "og",
    "ohg",
    "ojsc",
    "opcpvtltd",
    "partg",
    "partgmbb",
    "pbc",
    "pcl",
    "persero",
    "pjsc",
    "plt",
    "prat",
    "prjsc",
    "proprietary",
    "publ",
    "qpsc",
    "ry",
    "saa",
    "sabdecv",
    "sac",
    "sadecv",
    "sae",
    "sal",
    "sanvetic",
    "sanveticltd",
    "saog",
    "sapidecv",
    "sau",
    "sca",
    "scrl",
    "sderl",
    "sderldecv",
    "sirketi",
    "ska",
    "sll",
    "soccoop",
    "socltd",
    "spj",
    "spk",
    "spolkajawna",
    "spolkazoo",
    "spolsro",
    "spzoosk",
    "srldecv",
    "srls",
    "tnhh",
    "ulc",
    "undcie",
    "undco",
    "vetic",
    "vof",
    "vos",
    "vzw",
    "wll",
    "ycia",
    "yk",
    "zs",
    "ад",
    "доо",
    "еад",
    "еоод",
    "оод",
    "αε",
    "επε",
    "ικε",
    "οε",
    "ՍՊԸ",
    "ՓԲԸ",
    "בעמ",
    "ذمم",
    "شذمم",
    "شمع",
    "شمك",
    "شمم",
    "المحدودة",
    "محدودة",
    "प्राइवेट",
    "लिमिटेड",
    "αβεε",
    "осоо",
    "одо",
    "уп",
    "фоп",
    "чуп",
];

/// In scripts that set no spaces: also where they are glued to the name.
const GLUED: &[&str] = &[
    "特定非営利活動法人",
    "一般社団法人",
    "一般財団法人",
    "有限会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "유한책임회사",
    "합자회사",
    "합명회사",
    "บริษัท",
    "จำกัด",
    "มหาชน",
    "股份公司",
    "合伙企业",
    "有限合伙",
    "普通合伙",
    "个体工商户",
    "재단법인",
    "사단법인",
    "บจก",
    "บมจ",
];

/// How many words a form is written in at most: `S. de R.L. de C.V.`
const FORM_WORDS: usize = 7;

struct Forms {
    in_front: BTreeSet<String>,
    behind: BTreeSet<String>,
    /// The longest first.
    glued: Vec<String>,
}

/// As people read a word, whatever its letters' case, and whether its characters are written in full.
fn read(word: &str) -> String {
    simplified(&lower(word))
}

/// As they are once a name is bare and read.
static ALL: LazyLock<Forms> = LazyLock::new(|| {
    let of = |lists: &[&[&str]]| lists.concat().into_iter().map(|form| read(&bare(form))).collect::<BTreeSet<String>>();
    let mut glued: Vec<String> = of(&[NATIVE_FORMS, GLUED]).into_iter().collect();
    glued.sort_by_key(|form| std::cmp::Reverse(form.len()));
    Forms {
        in_front: of(&[ON_EITHER_SIDE, NATIVE_FORMS, GLUED]),
        behind: of(&[FORMS, ON_EITHER_SIDE, BEHIND, NATIVE_FORMS, GLUED]),
        glued,
    }
});

/// The words of a name without its legal forms, folded. Of a name that is nothing else the last word stays.
#[must_use]
pub(crate) fn words(name: &str) -> Vec<String> {
    let bare = bare(name);
    let words = bare.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(read).collect();
    loop {
        let before = words.clone();
        let most = FORM_WORDS.min(words.len().saturating_sub(1));
        if let Some(count) = (1..=most).rev().find(|count| ALL.behind.contains(&words[words.len() - count..].concat()))
        {
            words.truncate(words.len() - count);
        }
        let most = FORM_WORDS.min(words.len().saturating_sub(1));
        if let Some(count) = (1..=most).rev().find(|count| ALL.in_front.contains(&words[..*count].concat())) {
            words.drain(..count);
        }
        let without = |rest: Option<&str>| rest.filter(|rest| !rest.is_empty()).map(str::to_owned);
        if let Some(last) = words.last_mut()
            && let Some(rest) = without(ALL.glued.iter().find_map(|form| last.strip_suffix(form.as_str())))
        {
            *last = rest;
        }
        if let Some(first) = words.first_mut()
            && let Some(rest) = without(ALL.glued.iter().find_map(|form| first.strip_prefix(form.as_str())))
        {
            *first = rest;
        }
        if words == before {
            return words;
        }
    }
}

/// What a name is compared by: without all forms, and without those alone that ties know, since `S.A.P.` is more than a P. `C++` and
/// `C#` aren't `C`; ties go without that, since whoever wants none would only have to add a sign. `Müller` is `Muller` and `Mueller`,
/// and these two aren't each other; ties know the first only, which every verifier reads in the format. Chinese is one name in full
/// and in simplified characters; ties take these for two.
#[must_use]
pub(crate) fn called(name: &str) -> Vec<String> {
    let signs = signs(name);
    let spelled = spelled_out(name);
    let of = |name: &str| [simplified(&company(name)) + &signs, words(name).concat() + &signs];
    let mut called: Vec<String> = [Some(name), spelled.as_deref()].into_iter().flatten().flat_map(of).collect();
    called.dedup();
    called.retain(|name| !name.is_empty());
    called
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two names are the same, legal forms apart.
    fn are_alike(one: &str, other: &str) -> bool {
        let other = called(other);
        called(one).iter().any(|name| other.contains(name))
    }

    /// Each form in each place where it is taken for one, in either case, with points, in brackets, and glued where no space is set.
    #[test]
    fn every_form_is_taken_off_wherever_it_stands() {
        let behind = [FORMS, ON_EITHER_SIDE, BEHIND, NATIVE_FORMS, GLUED].concat();
        let in_front = [ON_EITHER_SIDE, NATIVE_FORMS, GLUED].concat();
        let pointed = |form: &str| form.chars().map(|c| format!("{c}.")).collect::<String>();
        let mut names = Vec::new();
        for form in behind {
            names.extend([format!("Romashka {form}"), format!("Romashka, {}", form.to_uppercase())]);
            names.push(format!("Romashka ({form})"));
            if form.is_ascii() && form.len() <= FORM_WORDS {
                names.push(format!("Romashka {}", pointed(form)));
            }
        }
        for form in in_front {
            names.extend([format!("{form} Romashka"), format!("{} «Romashka»", form.to_uppercase())]);
            names.push(format!("({form})Romashka"));
        }
        for form in [NATIVE_FORMS, GLUED].concat() {
            names.extend([format!("Romashka{form}"), format!("{form}Romashka")]);
        }
        let lost: Vec<_> = names.iter().filter(|name| !are_alike(name, "ROMASHKA")).collect();
        assert!(lost.is_empty(), "{lost:#?}");
    }

    #[test]
    fn forms_of_a_country_stand_on_both_sides_and_are_no_name() {
        for (one, other) in [
            ("ООО «Ромашка»", "Ромашка"),
            ("PT Astra International Tbk", "Astra International"),
            ("S.C. Dacia S.R.L.", "Dacia"),
            ("Acme S.A. de C.V.", "Acme"),
            ("Acme S. de R.L. de C.V.", "Acme"),
            ("شركة الراجحي", "الراجحي"),
            ("Công ty cổ phần FPT", "FPT"),
            ("주식회사 카카오", "카카오"),
            ("카카오 주식회사", "카카오"),
            ("㈜카카오", "카카오"),
            ("株式会社 サイバー", "サイバー株式会社"),
            ("บริษัท เอไอเอส จำกัด (มหาชน)", "เอไอเอส"),
            ("A/S Norske", "Norske AS"),
            ("OÜ Bolt", "Bolt"),
            ("Foo a.ş.", "Foo"),
            ("上海道客网络科技有限公司", "上海道客网络科技股份有限公司"),
            ("S.A.P.", "SAP"),
            ("A-B-C Company", "ABC"),
            ("JPMorgan Chase & Co.", "JPMorgan Chase"),
            ("Tiffany and Company", "Tiffany"),
            ("Müller GmbH und Co. KG", "Müller"),
            ("Hilfsverein gem. GmbH", "Hilfsverein gGmbH"),
            ("Foo UG (haftungsbeschränkt)", "Foo e.K."),
            ("Volvo AB (publ)", "Volvo"),
            ("Lukoil Oil Comp", "Lukoil Oil Company"),
            ("Arçelik San. ve Tic. A.Ş.", "Arçelik"),
            ("Żabka Sp. z o.o. sp.k.", "Żabka"),
            ("Telkom PT (Persero)", "Telkom"),
            ("华为云计算技术有限公司", "華為雲計算技術股份有限公司"),
            ("北京万国软件", "北京萬國軟件"),
            ("上海道客合伙企业（有限合伙）", "上海道客"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("SIA Rimi Latvia", "SIA Maxima Latvija"),
            ("PT Telkom", "PT Astra"),
            ("ООО Ромашка", "ООО Василёк"),
            ("شركة الراجحي", "شركة الأهلي"),
            ("Private Internet Access", "Internet Access"),
            ("The Company Store", "Store"),
            ("SAS", "SA"),
            ("ООО", "ЗАО"),
            ("有限公司", "株式会社"),
            ("C++ Ltd.", "C"),
            ("云计算", "雪计算"),
            ("C#", "C++"),
        ] {
            assert!(!are_alike(one, other), "{one} {other}");
        }
    }
}
