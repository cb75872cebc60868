//! What is pasted around a value, and what editors put into files: read without it, with a word, or told as what it is.

use crate::env::{TestEnv, some};

/// Something around a value that no shell has taken off.
const AROUND: [(&str, &str); 9] =
    [("“", "”"), ("‘", "’"), ("「", "」"), ("«", "»"), (" ", ""), ("", " "), ("", "\n"), ("\u{202a}", ""), ("'", "'")];

/// One rule for every flag that takes a place or who acts, behind an equals sign or not, and for every variable.
#[test]
fn what_was_pasted_around_a_value_is_taken_off_and_said() {
    let env = TestEnv::with_partner();
    env.write("answers.toml", "schema = 1\nname = \"Hooli\"\nwebsite = \"https://hooli.example/k\"\ngithub = \"hooli\"\nlogo = \"logo.png\"\n");
    for (before, behind) in some(2, AROUND) {
        let pasted = |value: &str| format!("{before}{value}{behind}");
        for (flag, value, call) in [
            ("--registry", "registry.git", &["list"][..]),
            ("--as", "alice", &["status"]),
            ("--from", "answers.toml", &["apply", "--dry-run"]),
            ("--out", "out", &["render", "directory"]),
            ("--lang", "en", &["list"]),
            ("--state", "active", &["list"]),
            ("--since", "2026-01-01", &["log"]),
            ("--format", "csv", &["contacts"]),
        ] {
            let together = format!("{flag}={}", pasted(value));
            for words in [vec![flag.to_owned(), pasted(value)], vec![together]] {
                let words: Vec<&str> = call.iter().copied().chain(words.iter().map(String::as_str)).collect();
                let told = env.run(&words).ok();
                assert!(told.stderr.starts_with(&format!("{flag}: ")), "{words:?}: {told}");
                assert!(told.stderr.contains(&format!(" is read as {value}\n")), "{words:?}: {told}");
            }
        }
        for (variable, value) in [
            ("KARMADA_PARTNER_REGISTRY", "registry.git"),
            ("KARMADA_PARTNER_AS", "alice"),
            ("KARMADA_PARTNER_SIGNING_KEY", "none"),
            ("KARMADA_PARTNER_LANG", "en"),
        ] {
            let told = env.output(env.command(&["list"]).env(variable, pasted(value))).ok();
            let says = format!("{variable}: ");
            assert!(
                told.stderr.starts_with(&says) && told.stderr.contains(&format!(" is read as {value}\n")),
                "{told}"
            );
        }
        let told = env.output(env.command(&["list"]).env("GH_TOKEN", pasted("secret"))).ok();
        assert!(!told.to_string().contains("secret"), "{told}");
    }
    // What is there is meant as it is called, and what is written for people stays as it is.
    std::fs::rename(env.path("answers.toml"), env.path("“answers.toml”")).unwrap();
    let told = env.run(&["apply", "--dry-run", "--from", "“answers.toml”", "--description", "“We help.”"]).ok();
    assert!(!told.stderr.contains("is read as") && told.to_string().contains("“We help.”"), "{told}");
    let list = env.run(&["batch", "“none.csv”"]).fails(3);
    assert!(list.stderr.contains("FILE: “none.csv” is read as none.csv"), "{list}");
}

/// What stands in a path, before a flag or behind one that may have no value, keeps nothing from being read as it is meant.
#[test]
fn what_stands_around_a_pasted_value_does_not_hide_it() {
    let env = TestEnv::with_partner();
    std::fs::create_dir(env.path("a=b")).unwrap();
    std::fs::rename(env.path("registry.git"), env.path("a=b/registry.git")).unwrap();
    for call in [
        &["list", "--registry", "“a=b/registry.git”"][..],
        &["list", "--registry=“a=b/registry.git”"],
        &["list", "--due", "--registry", "“a=b/registry.git”"],
    ] {
        let told = env.run(call);
        assert!(!told.stderr.contains("there is no registry"), "{told}");
        assert!(told.stderr.contains("--registry: “a=b/registry.git” is read as a=b/registry.git\n"), "{told}");
    }
}

/// Who acts is read as one of GitHub's pages or mails writes it, and said as it is read.
#[test]
fn who_acts_is_said_as_it_is_read() {
    let env = TestEnv::with_applicant();
    for typed in ["＠Alice", "@Alice", "https://github.com/Alice"] {
        let told = env.run(&["approve", "acme", "--dry-run", "--as", typed]).ok();
        let said: Vec<&str> = told.stderr.lines().filter(|line| line.contains("is read as")).collect();
        assert!(said.len() == 1 && said[0].ends_with(" is read as Alice"), "{typed}: {told}");
    }
}

/// Once, however often the call is read: of a name that stands for a partner it is read anew.
#[test]
fn how_a_value_is_read_is_said_once() {
    let env = TestEnv::with_partner();
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "lang = \"“en”\"\r\nas = \"“@alice”\"\r\n");
    let mut command = env.command(&["show", "ACME Inc"]);
    command.env("KARMADA_PARTNER_REGISTRY", "“registry.git”").env("KARMADA_PARTNER_LANG", "“en”");
    let told = env.output(&mut command);
    for says in [
        "KARMADA_PARTNER_REGISTRY: “registry.git” is read as registry.git\n",
        "KARMADA_PARTNER_LANG: “en” is read as en\n",
        "lang: “en” is read as en\n",
        "as: “@alice” is read as @alice\n",
        "config.toml has CRLF line ends",
    ] {
        assert_eq!(told.stderr.matches(says).count(), 1, "{says}: {told}");
    }
}

/// One rule for whatever takes a file: below somebody's home, or by its address, where no shell reads it; and in a document, too.
#[test]
fn a_file_is_named_as_everywhere() {
    let env = TestEnv::with_partner();
    let home = env.path("home").display().to_string();
    std::fs::copy(env.path("logo.png"), env.path("home/a logo.png")).unwrap();
    let answers = |logo: &str| {
        format!(
            "schema = 1\nname = \"Hooli\"\nwebsite = \"https://hooli.example/k\"\ngithub = \"hooli\"\nlogo = \"{logo}\"\n"
        )
    };
    let at = |scheme: &str| format!("{scheme}{home}/");
    let places = ["~/".to_owned(), at("file://"), at("FILE://localhost"), at("file:")];
    for place in &places {
        let logo = if place.starts_with('~') { "a logo.png" } else { "a%20logo.png" };
        env.write("home/answers.toml", answers(&format!("{place}{logo}")));
        env.write("home/p.toml", crate::env::PROGRAM);
        env.write(
            "home/t.csv",
            format!("name,website,github,logo\nZeta,https://zeta.example/k,zeta-d,{place}{logo}\n"),
        );
        env.write(
            "home/b.csv",
            format!("do,name,website,github,logo\napply,Zeta,https://zeta.example/k,zeta-d,{place}{logo}\n"),
        );
        for (call, file) in [
            (&["apply", "--dry-run", "--from"][..], "answers.toml"),
            (&["init", "other.git", "--dry-run", "--program"], "p.toml"),
            (&["program", "propose", "--reason", "x", "--dry-run", "--as", "alice"], "p.toml"),
            (&["import", "table", "--as", "alice", "--dry-run"], "t.csv"),
            (&["batch", "--as", "alice", "--dry-run"], "b.csv"),
        ] {
            let file = format!("{place}{file}");
            let words: Vec<&str> = call.iter().copied().chain([file.as_str()]).collect();
            let told = env.run(&words);
            assert!(!told.stderr.contains("there is no file"), "{words:?}: {told}");
            assert!(
                told.code == Some(0) || told.stderr.contains("nothing would change") || words[0] == "program",
                "{words:?}: {told}"
            );
        }
    }
    // Nothing is read or written in a place that nobody named.
    for call in [
        &["render", "directory", "--out"][..],
        &["stats", "--svg"],
        &["apply", "--from"],
        &["batch", "--as", "alice"],
        &["import", "table", "--as", "alice"],
        &["man"],
        &["init"],
        &["list", "--registry"],
        &["apply", "--name", "Zeta", "--website", "https://zeta.example", "--github", "zeta-d", "--logo"],
    ] {
        for (address, path) in
            [("file://other.example/x", None), ("file://HOME/p#q/x", Some("p#q")), ("file:HOME/p?q/x", Some("p?q"))]
        {
            let named = address.replace("HOME", &home);
            let told = env.run(&[call, &[&named]].concat());
            assert!(!env.path("file:").exists() && !env.path("home/p").exists(), "{call:?} {address}: {told}");
            match path {
                None => assert!(
                    told.code == Some(2) && told.stderr.contains("names the host “other.example”"),
                    "{call:?}: {told}"
                ),
                Some(part) => assert!(told.to_string().contains(part), "{call:?}: {told}"),
            }
        }
    }
    // git and shells look up whose home that is.
    for call in [
        &["render", "directory", "--out=~root/x"][..],
        &["man", "~root/x"],
        &["init", "~root/x.git"],
        &["list", "--registry=~root/x.git"],
    ] {
        let told = env.run(call);
        assert!(told.code == Some(2) && told.stderr.contains("whose home ~root is"), "{call:?}: {told}");
        assert!(!env.path("~root").exists(), "{call:?}");
    }
    // What has such a name itself is meant.
    std::fs::create_dir(env.path("~")).unwrap();
    env.write("~/answers.toml", answers("../logo.png"));
    assert!(env.run(&["apply", "--dry-run", "--from", "~/answers.toml"]).ok().stdout.contains("Hooli"));
}

/// What is no text is called what it is, and nothing is said of its line ends.
#[test]
fn a_file_that_is_no_text_is_named() {
    let env = TestEnv::with_partner();
    let logo = std::fs::read(env.path("logo.png")).unwrap();
    assert!(logo.windows(2).any(|pair| pair == b"\r\n"));
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    for (bytes, kind) in [
        (logo.clone(), "the file is a PNG, and no TOML"),
        (logo[..12].to_vec(), "the file is a PNG that is cut off in its header"),
        (b"%PDF-1.7\r\n1 0 obj\r\n".to_vec(), "the file is a PDF, and no TOML"),
        (b"schema = 1\r\nname = \"M\xfcller\"\r\n".to_vec(), "the byte 0xfc isn't UTF-8"),
    ] {
        env.write("p", &bytes);
        for call in [
            &["apply", "--from", "p"][..],
            &["init", "other.git", "--program", "p"],
            &["program", "propose", "p", "--reason", "x", "--as", "alice"],
        ] {
            let told = env.run(call).fails(2);
            let kind = if call[0] == "program" {
                kind.trim_start_matches("the file ").split(',').next().unwrap()
            } else {
                kind
            };
            let is_named = told.stderr.contains(kind) || (kind.contains("0xfc") && told.stderr.contains("isn't UTF-8"));
            assert!(is_named && !told.stderr.contains("line ends"), "{call:?}: {told}");
        }
        env.write("home/.config/karmada-partner/config.toml", &bytes);
        let told = env.run(&["list"]).fails(2);
        assert!(told.stderr.contains(kind) && !told.stderr.contains("line ends"), "{told}");
        std::fs::remove_file(env.path("home/.config/karmada-partner/config.toml")).unwrap();
    }
}

#[test]
fn a_merge_that_was_not_finished_is_told_as_that() {
    let env = TestEnv::with_registry();
    env.write("a.toml", "schema = 1\n<<<<<<< HEAD\nname = \"A\"\n=======\nname = \"B\"\n>>>>>>> theirs\n");
    let told = env.run(&["apply", "--from", "a.toml"]).fails(2);
    assert!(told.stderr.contains("line 2: the marks of a merge stand there\n"), "{told}");
    assert_eq!(told.stderr.matches("line ").count(), 1, "{told}");
}

#[test]
fn quotes_that_part_a_value_are_told() {
    let env = TestEnv::with_registry();
    let told = env.run(&["apply", "--name", "“Acme", "Corp”"]).fails(2);
    assert!(told.stderr.contains("no shell takes ” for a quote: write \" before and behind"), "{told}");
}

/// The same document, as editors, shells and other machines write it.
fn written(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |units: &mut dyn Iterator<Item = u16>| units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    vec![
        ("CR line ends", text.replace('\n', "\r").into_bytes()),
        ("CRLF line ends", text.replace('\n', "\r\n").into_bytes()),
        ("a byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("a byte order mark and CR line ends", format!("\u{feff}{}", text.replace('\n', "\r")).into_bytes()),
        ("UTF-16", wide(&mut [0xfeff].into_iter().chain(text.encode_utf16()))),
        ("UTF-16", wide(&mut text.encode_utf16())),
    ]
}

/// Of what is nobody's record yet, that is taken with a word; in a record each is one fault, and says what it is.
#[test]
fn a_document_is_read_however_it_was_saved() {
    let env = TestEnv::with_partner();
    let answers = "schema = 1\nname = \"Hooli\"\nwebsite = \"https://hooli.example/k\"\ngithub = \"hooli\"\nlogo = \"logo.png\"\n";
    let policy = crate::env::PROGRAM.replace("Test Program", "Another Program");
    for (what, bytes) in written(answers) {
        env.write("a.toml", bytes);
        let told = env.run(&["apply", "--dry-run", "--from", "a.toml"]).ok();
        assert!(told.stderr.contains(&format!("warning: a.toml has {what}")), "{what}: {told}");
    }
    for (what, bytes) in written("lang = \"en\"\nas = \"alice\"\n") {
        std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
        env.write("home/.config/karmada-partner/config.toml", bytes);
        let told = env.run(&["list"]).ok();
        assert!(told.stderr.contains(&format!("warning: config.toml has {what}")), "{what}: {told}");
    }
    std::fs::remove_file(env.path("home/.config/karmada-partner/config.toml")).unwrap();
    for (n, (what, bytes)) in written(&policy).into_iter().enumerate() {
        env.write("p.toml", bytes);
        for call in [
            vec!["program", "propose", "p.toml", "--reason", "x", "--dry-run", "--as", "alice"],
            vec!["init", &format!("other{n}.git"), "--program", "p.toml"],
        ] {
            let told = env.run(&call).ok();
            assert!(told.stderr.contains(&format!("warning: p.toml has {what}")), "{what}: {told}");
        }
        // Nothing of it comes into a record.
        let git_dir = format!("--git-dir={}", env.path(&format!("other{n}.git")).display());
        assert_eq!(env.git(&[&git_dir, "show", "main:data/program.toml"]), policy, "{what}");
    }
}

#[test]
fn a_record_that_was_saved_otherwise_has_one_fault() {
    let env = TestEnv::with_partner();
    let record = env.git(&["show", "main:data/partners/acme/partner.toml"]);
    let others = [
        ("the control character <U+0000> stands there", record.replace("Acme", "Ac\0me").into_bytes()),
        ("the control character <U+0000> stands there", [record.as_bytes(), &[0; 40]].concat()),
        (
            "the file is in UTF-32",
            [0xfeff].into_iter().chain(record.chars().map(u32::from)).flat_map(u32::to_le_bytes).collect(),
        ),
    ];
    let told = |what| match what {
        "UTF-16" => "the file is in UTF-16",
        "CR line ends" => "a line ends with CR alone",
        "CRLF line ends" => "a line ends with CRLF",
        _ => "the file begins with a byte order mark",
    };
    let written =
        written(&record).into_iter().filter(|(what, _)| !what.contains(" and ")).map(|(what, b)| (told(what), b));
    let before = env.head();
    for (says, bytes) in written.chain(others) {
        let blob = env.id(&["hash-object", "-w", "--stdin"], &bytes);
        env.plumb(&["read-tree", "main"], "");
        env.plumb(&["update-index", "--cacheinfo", &format!("100644,{blob},data/partners/acme/partner.toml")], "");
        let tree = env.id(&["write-tree"], "");
        env.set_head(&env.id(&["commit-tree", &tree, "-p", "main", "-m", "saved"], ""));
        let checked = env.run(&["check", "--no-cache"]).fails(1);
        let faults: Vec<&str> = checked.stdout.lines().filter(|line| line.contains("error[record]")).collect();
        assert!(faults.len() == 1 && faults[0].contains(says), "{says}: {checked}");
        env.set_head(&before);
    }
}

/// As programs that set texts, and input methods, write them: each line is told once, and by what stands there.
#[test]
fn signs_that_toml_does_not_have_are_named() {
    let env = TestEnv::with_registry();
    for (line, says) in [
        ("name = “Acme”", "“ isn't"),
        ("name ＝ \"Acme\"", "＝ isn't"),
        ("name\u{a0}= \"Acme\"", "<U+00A0> isn't"),
        ("name = ‘Acme’", "‘ isn't"),
        ("services = [“training”，“support”]", "“ isn't"),
    ] {
        env.write("a.toml", format!("schema = 1\n{line}\n"));
        let told = env.run(&["apply", "--from", "a.toml"]).fails(2).stderr;
        let faults: Vec<&str> =
            told.lines().filter(|l| l.starts_with("  line 2") && !l.contains("unknown key")).collect();
        assert!(faults.len() == 1 && faults[0].contains(says), "{line}: {told}");
    }
    // Within quotes they are letters like others.
    env.write("a.toml", "schema = 1\nname = \"“Acme”\" x\n");
    let told = env.run(&["apply", "--from", "a.toml"]).fails(2).stderr;
    assert!(!told.contains("isn't what TOML"), "{told}");
}
