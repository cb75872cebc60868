//! Who works for whom: certain ties recuse, likely ones are asked about, and what is said is kept with the vote.

use karmada_partner::domain::program::organization::Tie;
use karmada_partner::domain::{Program, Record, Slug};
use proptest::prelude::*;
use proptest::sample::select;

use crate::env::TestEnv;
use crate::terminal::Terminal;

/// How the shipped organizations are tied to an applicant of this name.
fn tie(name: &str) -> Tie {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/program.toml")).unwrap();
    let program = Program::parse(&text).unwrap();
    let slug: Slug = "applicant".parse().unwrap();
    let quoted = toml_edit::value(name).to_string();
    let record = format!("schema = 1\nname = {quoted}\nwebsite = \"https://applicant.example\"\ngithub = \"x\"\n");
    let record = Record::parse(record.as_bytes()).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    program.committee.iter().map(|m| m.organization.tie(&slug, Some(&record))).max().unwrap()
}

const LISTED: [&str; 12] = [
    "Huawei",
    "Huawei Cloud",
    "Bloomberg",
    "Alibaba Cloud",
    "Aliyun",
    "ByteDance",
    "Volcengine",
    "CECloud",
    "China Electronics Cloud",
    "DaoCloud",
    "Trip.com Group",
    "Ctrip",
];

const FORMS: [&str; 14] = [
    "",
    " Ltd",
    ", Inc.",
    " L.P.",
    " L. P.",
    " Co., Ltd.",
    " GmbH & Co. KG",
    " S.p.A.",
    " Pte. Ltd.",
    " (Pty) Ltd",
    " A/S",
    " Sp. z o.o.",
    " AG",
    " Private Limited",
];

proptest! {
    /// Whatever the legal form, the accents, the case, the spaces, the hyphens and the alphabet: it is the same name.
    #[test]
    fn no_spelling_of_a_listed_name_escapes(
        name in select(&LISTED[..]), form in select(&FORMS[..]),
        marks in proptest::collection::vec(0_usize..12, 24), case in 0..4, between in select(&[" ", "-", "", "_", "–", "  ", "/", "\u{a0}"][..]),
    ) {
        let cased = match case { 0 => name.to_uppercase(), 1 => name.to_lowercase(), _ => name.to_owned() };
        let spelled: String = cased.chars().zip(&marks).flat_map(|(c, mark)| {
            let shown = match (c, mark) {
                ('a', 1) => 'а',
                ('e', 1) => 'е',
                ('o', 1) => 'ο',
                ('C', 1) => 'С',
                ('H', 1) => 'Η',
                ('B', 1) => 'В',
                (c, 2) if c.is_ascii_alphabetic() => char::from_u32(c as u32 + 0xfee0).unwrap(),
                _ => c,
            };
            let accent = (c.is_ascii_alphabetic() && *mark == 3).then_some('\u{301}');
            [Some(shown), accent].into_iter().flatten()
        }).collect();
        let spelled = spelled.replace(' ', between) + form;
        prop_assert_eq!(tie(&spelled), Tie::Certain, "{}", spelled);
    }

    /// What it is joined with asks its people.
    #[test]
    fn no_brand_of_a_listed_name_escapes(
        name in select(&["Huawei", "Bloomberg", "Aliyun", "ByteDance", "Volcengine", "CECloud", "DaoCloud", "Ctrip"][..]),
        more in select(&["Tech", "Cloud", "Labs", "Technologies", "Software", "AI", "Open Platform"][..]),
        place in select(&["", " Brasil", " (Singapore)", " München"][..]), case in any::<bool>(), before in any::<bool>(),
        between in select(&["", " ", "-"][..]),
    ) {
        let joined = if before { format!("{more}{between}{name}") } else { format!("{name}{between}{more}") };
        let joined = if case { joined.to_lowercase() } else { joined } + place;
        prop_assert!(tie(&joined) >= Tie::Likely, "{}", joined);
        // Two words that come before are told apart by their case alone.
        let place = format!("{}{name}", "Nordic");
        prop_assert!(tie(&place) >= Tie::Likely, "{}", place);
    }
}

/// Companies that are nobody's employer here.
#[test]
fn others_are_tied_to_nobody() {
    let others = crate::other_companies::NAMES;
    assert!(others.lines().count() >= 200);
    for name in others.lines() {
        assert_eq!(tie(name), Tie::None, "{name}");
    }
}

/// The shipped committee, on a registry of its own.
fn shipped() -> TestEnv {
    let env = TestEnv::new();
    env.write("logo.png", crate::picture::png(300, 200));
    let args = ["init", "registry.git", "--program", concat!(env!("CARGO_MANIFEST_DIR"), "/data/program.toml")];
    env.run(&args).ok().code.unwrap();
    env
}

fn apply(env: &TestEnv, slug: &str, name: &str, website: &str) {
    let args = ["apply", "--slug", slug, "--name", name, "--website", website, "--github", "contact-of-it"];
    env.run(&[&args[..], &["--logo", "logo.png", "--yes"]].concat()).ok().code.unwrap();
}

/// Why the vote of somebody doesn't count.
fn left_out(env: &TestEnv, slug: &str, who: &str) -> Option<String> {
    let waiting = env.run(&["review", slug, "--json"]).ok().json();
    let votes = waiting["waiting"][0]["votes"].as_array().unwrap().clone();
    let own = votes.iter().rfind(|v| v["actor"] == who).unwrap();
    own["left_out"].as_str().map(str::to_owned)
}

/// Companies as they write themselves, whose employees' votes counted.
#[test]
fn employees_of_an_applicant_by_any_of_its_names_are_not_counted_unless_they_say_so() {
    let env = shipped();
    let cases = [
        ("Huawei Cloud", "RainbowMango", "recused"),
        ("Huawei Technologies Co., Ltd.", "RainbowMango", "recused"),
        ("华为技术有限公司", "RainbowMango", "recused"),
        ("Huawei Brasil Ltda", "RainbowMango", "unasked"),
        ("Bloomberg L.P.", "jabellard", "recused"),
        ("Trip.com Group", "zach593", "recused"),
        ("ByteDance Pte. Ltd.", "warjiang", "recused"),
        ("Alibaba Cloud (Singapore) Private Limited", "CharlesQQ", "unasked"),
        ("Shanghai DaoCloud Network Technology Co., Ltd.", "wawa0210", "recused"),
        ("China Electronics Cloud (CECloud)", "whitewindmills", "unasked"),
        ("字节跳动科技有限公司", "warjiang", "unasked"),
        ("Нuawei", "RainbowMango", "recused"),
        ("ByteDánce", "warjiang", "recused"),
        ("HuaweiTech", "RainbowMango", "unasked"),
        ("bytedancecloud", "warjiang", "unasked"),
        ("TripCom", "zach593", "recused"),
        ("BIoomberg", "jabellard", "unasked"),
    ];
    for (number, (name, member, why)) in cases.iter().enumerate() {
        let slug = format!("case-{number}");
        apply(&env, &slug, name, &format!("https://case{number}.example"));
        env.run(&["approve", &slug, "--as", member]).ok().code.unwrap();
        assert_eq!(left_out(&env, &slug, member).as_deref(), Some(*why), "{name}");
        let evidence = env.run(&["evidence", &slug, "--offline", "--json"]).ok().json();
        let checks = evidence["checks"].as_array().unwrap();
        let stake = checks.iter().find(|c| c["check"] == "stake").unwrap();
        let expected = if *why == "recused" { "failed" } else { "unknown" };
        assert_eq!(stake["outcome"], expected, "{name}: {stake}");
    }
    // Words that everybody has tie nobody; nor does a name within another word.
    apply(&env, "fair", "Cloud Group of China", "https://fair.example");
    env.run(&["approve", "fair", "--as", "CharlesQQ"]).ok().code.unwrap();
    assert_eq!(left_out(&env, "fair", "CharlesQQ"), None);
}

#[test]
fn a_domain_ties_as_a_name_does() {
    let env = shipped();
    apply(&env, "ucs", "Universal Cluster Service", "https://ucs.huaweicloud.com/karmada");
    env.run(&["approve", "ucs", "--as", "RainbowMango"]).ok().code.unwrap();
    assert_eq!(left_out(&env, "ucs", "RainbowMango").as_deref(), Some("recused"));
    apply(&env, "other", "Other", "https://nothuaweicloud.com/karmada");
    env.run(&["approve", "other", "--as", "RainbowMango"]).ok().code.unwrap();
    assert_eq!(left_out(&env, "other", "RainbowMango"), None);
}

#[test]
fn who_is_asked_says_so_and_the_vote_keeps_it() {
    let env = shipped();
    apply(&env, "brasil", "Huawei Brasil Ltda", "https://brasil.example");
    let voted = env.run(&["approve", "brasil", "--as", "RainbowMango"]).ok();
    assert!(voted.stdout.contains("say with --interest none that it isn't so"), "{voted}");
    env.run(&["approve", "brasil", "--interest", "none", "--as", "RainbowMango"]).ok().code.unwrap();
    assert_eq!(left_out(&env, "brasil", "RainbowMango"), None);
    assert!(env.file("apply/brasil:data/partners/brasil/votes/1/rainbowmango.2").contains("KP-Interest: none\n"));
    // Said once, it stands; said otherwise, it is recorded and not counted.
    env.run(&["approve", "brasil", "--interest", "other", "--as", "jabellard"]).ok().code.unwrap();
    assert_eq!(left_out(&env, "brasil", "jabellard").as_deref(), Some("interested"));
    env.run(&["approve", "brasil", "--as", "zach593"]).ok().code.unwrap();
    assert_eq!(env.state("brasil"), "active");
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

#[test]
fn affiliations_name_an_organization_and_count_as_one() {
    let env = TestEnv::new();
    let member = |login: &str, of: &str| format!("[[committee]]\ngithub = \"{login}\"\naffiliation = \"{of}\"\n");
    let one = "[[organization]]\nid = \"initech\"\nname = \"Initech\"\naliases = [\"Initrode\"]\n";
    let head = "schema = 1\nname = \"P\"\n";
    env.write("bad.toml", format!("{head}{one}{}{}", member("alice", "initech"), member("bob", "Initrode")));
    let refused = env.run(&["init", "r.git", "--program", "bad.toml"]).fails(2);
    assert!(
        refused.stderr.contains("the affiliation of bob, “Initrode”, is the id of no [[organization]]"),
        "{refused}"
    );
    // Without a list, each affiliation is an organization of that name, whatever its legal form.
    let rule = "[decisions.approve]\nquorum = 2\naffiliations = 2\n";
    let lone = format!("{head}{}{}{rule}", member("alice", "Initech"), member("bob", "Initech Pte. Ltd."));
    env.write("lone.toml", lone);
    env.run(&["init", "registry.git", "--program", "lone.toml"]).ok().code.unwrap();
    let found = env.run(&["check", "--json"]).json();
    assert_eq!(found["problems"][0]["code"], "policy-unreachable", "{found}");
    assert!(found["problems"][0]["message"].as_str().unwrap().contains("the committee has 1"), "{found}");
}

/// What no name shows is left to who votes: said in a line, to whom it may concern.
#[test]
fn a_voter_is_told_what_recusal_cannot_see() {
    let told = "none shows in names and domains; if you have one, say so: --interest other";
    let env = TestEnv::with_applicant();
    let asked = |args: &[&str]| {
        let mut terminal = Terminal::run(&env, args);
        terminal.shows("? Write this down");
        let text = terminal.text();
        terminal.types("n");
        terminal.ends();
        text
    };
    assert!(asked(&["approve", "acme", "--as", "alice"]).contains(told));
    // Who has said isn't asked again, nor who only reads, nor who is known to have one.
    assert!(!asked(&["approve", "acme", "--as", "alice", "--interest", "none"]).contains(told));
    env.run(&["approve", "acme", "--as", "bob", "--interest", "none"]).ok().code.unwrap();
    assert!(!asked(&["reject", "acme", "--reason", "no", "--as", "bob"]).contains(told));
    assert!(!env.run(&["review", "acme"]).ok().stdout.contains(told));
    let program = env.file("data/program.toml");
    let employer = program.lines().find_map(|l| l.strip_prefix("affiliation = \"")).unwrap().trim_end_matches('"');
    env.apply(employer).ok().code.unwrap();
    let slug = employer.to_lowercase();
    let first = program.lines().find_map(|l| l.strip_prefix("github = \"")).unwrap().trim_end_matches('"');
    let mut terminal = Terminal::run(&env, &["review", &slug, "--as", first, "--offline"]);
    terminal.shows("you are recused").shows("? What now?");
    assert!(!terminal.text().contains(told), "{}", terminal.text());
    terminal.types("\u{3}");
    terminal.ends();
}

/// Where somebody may have a stake it is asked whichever command votes, and said there what comes of it.
#[test]
fn a_stake_that_may_be_there_is_asked_about_by_every_command_that_votes() {
    let env = shipped();
    apply(&env, "brasil", "Huawei Brasil Ltda", "https://brasil.example");
    let ask = "? Do you have a stake in Huawei Brasil Ltda";
    let mut terminal = Terminal::run(&env, &["review", "brasil", "--as", "RainbowMango", "--offline"]);
    terminal.shows("you may have one, as you work for").shows("? What now?").types("q");
    assert_eq!(terminal.ends(), 0);
    for args in [["approve", "brasil"].as_slice(), &["reject", "brasil", "--reason", "no"]] {
        let mut terminal = Terminal::run(&env, &[args, &["--as", "RainbowMango"]].concat());
        terminal.shows(ask).shows("❯ Yes, I work for it: my vote doesn't count").types("\r");
        terminal
            .shows("you say that you have one: your vote is kept, and doesn't count")
            .shows("? Write this down")
            .types("n");
        assert_eq!(terminal.ends(), 0);
    }
    let mut terminal = Terminal::run(&env, &["approve", "brasil", "--as", "RainbowMango"]);
    terminal.shows(ask).types("\u{1b}[A\r").shows("? Write this down");
    assert!(!terminal.text().contains("stake  "), "{}", terminal.text());
    terminal.types("y");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(left_out(&env, "brasil", "RainbowMango"), None);
    // Said once, it stands.
    let mut terminal = Terminal::run(&env, &["reject", "brasil", "--reason", "no", "--as", "RainbowMango"]);
    terminal.shows("? Write this down").types("n");
    assert!(!terminal.text().contains(ask), "{}", terminal.text());
    assert_eq!(terminal.ends(), 0);
}
