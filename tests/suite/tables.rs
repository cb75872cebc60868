//! Tables of partners, and issues kept in files, as members bring them in.

use crate::env::{TestEnv, by_shell};
use crate::picture::png;

/// A first line that isn't one of columns is shown.
#[test]
fn a_table_whose_first_line_names_no_columns_is_told() {
    let env = TestEnv::with_registry();
    for (table, says) in [
        (
            "Zeta,https://zeta.example/k,zeta-d\n",
            "no row stands below its first line: “Zeta”, “https://zeta.example/k”",
        ),
        (
            "Table 1,,\nname,website,github\nZeta,https://zeta.example/k,zeta-d\n",
            "names no column known here: “Table 1”",
        ),
    ] {
        env.write("t.csv", table);
        let told = env.run(&["import", "table", "t.csv", "--as", "carol"]).fails(2);
        assert!(told.stderr.contains(says), "{told}");
    }
}

/// As databases, spreadsheets and shells hand tables over.
#[test]
fn a_table_is_taken_however_it_is_handed_over() {
    let env = TestEnv::with_registry();
    env.write("t.csv", "name|website|github|logo\nZeta|https://zeta.example/k|'@zeta-d|logo.png\n");
    let bars = env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"]).ok();
    assert!(bars.stdout.contains("github = \"zeta-d\"") && bars.stderr.contains("by vertical bars"), "{bars}");
    env.write("t.csv", "name,website,github,logo\n\"=\"\"Zeta\"\"\",https://zeta.example/k,zeta-d,logo.png\n");
    let told = env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"]).ok();
    assert!(told.stdout.contains("name = \"Zeta\"") && told.stderr.contains("that they are text"), "{told}");
    let program = env.command(&["import", "table", "/dev/stdin", "--as", "carol", "--dry-run"]);
    let mut piped = by_shell("cat t.csv | \"$@\"", &program);
    assert!(env.output(&mut piped).ok().stdout.contains("name = \"Zeta\""));
}

/// Contacts are taken as programs hand lists over, and as `contacts` itself writes them.
#[test]
fn contacts_are_taken_as_they_are_written() {
    let env = TestEnv::with_partner();
    env.write("other.png", png(640, 220));
    env.write("t.csv", "name,website,logo\nZeta,https://zeta.example/k,other.png\n");
    let zeta = r#"{"partner": "zeta", "github": "zeta-d"}"#;
    let import = |name: &str, content: &str| {
        env.write(name, content);
        env.run(&["import", "table", "t.csv", "--contacts", name, "--as", "carol", "--dry-run"])
    };
    for content in [
        format!("[{zeta}]"),
        zeta.to_owned(),
        format!("{{\"contacts\": [{zeta}]}}"),
        format!("{{\"schema\": 1, \"rows\": [\n{zeta}\n]}}"),
    ] {
        let taken = import("c.json", &content).ok();
        assert!(taken.to_string().contains("zeta-d"), "{content}: {taken}");
    }
    for format in ["csv", "json"] {
        let own = match format {
            "csv" => env.run(&["contacts"]),
            _ => env.run(&["contacts", "--json"]),
        };
        let content = own.ok().stdout.replace("acme-bot", "zeta-d").replace("acme", "zeta").replace("Acme", "Zeta");
        let taken = import(&format!("own.{format}"), &content).ok();
        assert!(
            taken.to_string().contains("zeta-d") && taken.stderr.contains("and not name, website"),
            "{content}: {taken}"
        );
    }
    for content in [r#"{"zeta": {"github": "zeta-d"}}"#, r#"[{"partner": "zeta", "phone": "1"}]"#] {
        let told = import("c.json", content).fails(2);
        assert!(told.stderr.contains(r#"hint: write {"partner": "SLUG""#), "{content}: {told}");
    }
}

/// A table is read as answers at the terminal are.
#[test]
fn what_people_write_in_a_table_is_read_as_what_it_can_only_mean() {
    let env = TestEnv::with_registry();
    env.write(
        "t.csv",
        "name,website,logo,github,hours,response,regions,certified\n\
         Acme,www.acme.example,logo.png,@acme-bot,Business hours,4小时内,\"Europe, 亚洲\",12\n",
    );
    let told = env.run(&["import", "table", "t.csv", "--as", "alice"]).ok();
    assert!(told.stderr.contains("response: “4小时内” is read as 4-hours"), "{told}");
    let record = env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]);
    for line in [
        "website = \"https://www.acme.example\"",
        "github = \"acme-bot\"",
        "hours = [\"business-hours\"]",
        "response = [\"4-hours\"]",
        "regions = [\"europe\", \"asia\"]",
        "certified = 12",
    ] {
        assert!(record.contains(line), "{line}: {record}");
    }
}

/// Days are written as peoples, databases and spreadsheets write them; one that may be two isn't guessed.
#[test]
fn a_day_in_a_table_is_the_one_it_can_only_be() {
    let env = TestEnv::with_registry();
    let import = |since: &str| {
        env.write(
            "t.csv",
            format!("name;website;github;logo;since\nZeta;https://zeta.example/k;zeta-d;logo.png;{since}\n"),
        );
        env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"])
    };
    for since in [
        "13.03.2024",
        "3/13/2024",
        "2024/3/13",
        "13 March 2024",
        "20240313",
        "2024-03-13 00:00:00",
        "45364",
        "3/13/2024 0:00",
        "Wed, 13 Mar 2024",
    ] {
        let told = import(since).ok();
        assert!(told.stderr.contains(&format!("row 2 (Zeta): since: “{since}” is read as 2024-03-13")), "{told}");
        assert!(told.stdout.contains("2024-03-13"), "{told}");
    }
    for (since, says) in [
        ("03.04.2024", "since: “03.04.2024”: it may be 2024-04-03 or 2024-03-04"),
        ("2024", "since: “2024”: it isn't a day as days are read here"),
        ("13.03.24", "its year has two digits\nhint: since: write the whole year, as in 2026-11-22"),
        ("2024-02-30", "it isn't a day of the calendar"),
    ] {
        let told = import(since).fails(2);
        assert!(told.stderr.contains(says) && told.stderr.contains("hint: since: write"), "{since}: {told}");
    }
}

/// As databases, pandas and people fill cells in which nothing stands.
#[test]
fn a_word_for_nothing_is_no_parent() {
    let env = TestEnv::with_registry();
    for nothing in ["NULL", "None", "N/A", "nan", "\\N", "undefined", "无"] {
        let row = format!("Zeta,https://zeta.example/k,zeta-d,logo.png,{nothing}\n");
        env.write("t.csv", format!("name,website,github,logo,parent\n{row}"));
        let told = env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"]).ok();
        assert!(
            told.stderr.contains(&format!("row 2: parent is “{nothing}”, which says that there is none")),
            "{told}"
        );
        assert!(!told.stdout.contains("parent"), "{told}");
    }
}

/// A table that was written on Windows names files as Windows does.
#[test]
fn a_logo_is_found_behind_backslashes() {
    let env = TestEnv::with_registry();
    std::fs::create_dir(env.path("logos")).unwrap();
    env.write("logos/a b.png", png(640, 220));
    let import = |logo: &str| {
        env.write("t.csv", format!("name,website,github,logo\nZeta,https://zeta.example/k,zeta-d,{logo}\n"));
        env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"])
    };
    for logo in ["logos\\a b.png", ".\\logos\\a b.png", "logos/a\\ b.png"] {
        import(logo).ok().code.unwrap();
    }
    for logo in ["logos\\other.png", "C:\\logos\\other.png"] {
        let told = import(logo).fails(2);
        assert!(told.stderr.contains(logo), "{told}");
    }
}

/// Heads are people's: what parts a word in two is none of theirs to know.
#[test]
fn columns_are_known_however_their_heads_are_parted() {
    let env = TestEnv::with_registry();
    let row = "Zeta,https://zeta.example/k,zeta-d,karmada@zeta.example,logo.png\n";
    env.write("t.csv", format!("NAME,Web site,GitHub ID,E-Mail,Logo\n{row}"));
    env.run(&["import", "table", "t.csv", "--as", "carol"]).ok().code.unwrap();
    assert!(
        env.git(&["show", "apply/zeta:data/partners/zeta/partner.toml"]).contains("email = \"karmada@zeta.example\"")
    );
    for joiner in ['\u{200c}', '\u{200d}', '\u{fe0f}', '\u{200b}'] {
        env.write("t.csv", format!("name,web{joiner}site,github,email,logo\n{row}"));
        env.run(&["import", "table", "t.csv", "--as", "carol", "--dry-run"]).ok().code.unwrap();
    }
    env.write("t.csv", format!("name,website,github,email,e-mail\n{row}"));
    let told = env.run(&["import", "table", "t.csv", "--as", "carol"]).fails(2);
    assert!(told.stderr.contains("row 1: two columns are email"), "{told}");
    // What columns are called is wrong where they are named, however many rows say something below.
    env.write("t.csv", format!("\nname,website,github,email,phone\n{row}{row}"));
    let told = env.run(&["import", "table", "t.csv", "--as", "carol"]).fails(2);
    assert!(told.stderr.contains("\n  row 2: column “phone” isn't known here"), "{told}");
    env.write("t.csv", "name,fax,website,github,email,phone\nZeta,1,https://zeta.example/k,zeta-bot,,1\n");
    let told = env.run(&["import", "table", "t.csv", "--as", "carol"]).fails(2);
    assert!(["fax", "phone"].iter().all(|name| told.stderr.contains(&format!("“{name}” isn't known"))), "{told}");
    env.write("t.csv", "name,website,logo\nZeta,https://zeta.example/k,logo.png\n");
    let bring = ["import", "--contacts", "c.csv", "table", "t.csv", "--as", "carol", "--dry-run"];
    env.write("c.csv", "Partner;GitHub ID;E-Mail\nzeta;zeta-d;\n");
    assert!(!env.run(&bring).to_string().contains("isn't known"), "{}", env.run(&bring));
    env.write("c.csv", "partner,phone\nzeta,1\n");
    assert!(env.run(&bring).fails(2).stderr.contains("row 1: “phone” isn't known here"), "{}", env.run(&bring));
    env.write("c.csv", "partner,github\nzeta,one\nhooli,two\nZeta,three\n");
    assert!(env.run(&bring).fails(2).stderr.contains("row 4: “Zeta” stands in row 2 already"));
    // From another program.
    env.write("t.csv", format!("name,website,github,email,logo\n{row}"));
    let table = std::fs::File::open(env.path("t.csv")).unwrap();
    let told = env.output(env.command(&["import", "table", "-", "--as", "carol"]).stdin(table)).ok();
    assert!(told.stdout.contains("Left alone: Zeta"), "{told}");
}

#[test]
fn a_table_and_an_issue_are_imported_too() {
    let env = TestEnv::with_registry();
    env.write("other.png", png(640, 220));
    env.write("third.png", png(300, 250));
    env.write("fourth.png", png(300, 300));
    env.write(
        "partners.toml",
        "[[partner]]\nname = \"Acme\"\nwebsite = \"https://acme.example/\"\nlogo = \"logo.png\"\n\n\
         [[partner]]\nname = \"Zeta\"\nwebsite = \"https://zeta.example/\"\nlogo = \"other.png\"\ngithub = \"zeta-bot\"\n\
         services = [\"support\", \"training\"]\n",
    );
    let told = env.run(&["import", "table", "partners.toml", "--contact", "alice", "--as", "alice"]).ok().stdout;
    snapbox::assert_data_eq!(
        told,
        snapbox::str![[r#"
Imported: Acme (acme), commit [COMMIT].
Imported: Zeta (zeta), commit [COMMIT].

"#]]
    );
    let record = env.git(&["show", "apply/zeta:data/partners/zeta/partner.toml"]);
    assert!(record.contains("services = [\"support\", \"training\"]"), "{record}");
    env.write(
        "more.csv",
        "name,website,logo,github,regions\nHooli,https://hooli.example/,third.png,hooli-bot,europe; asia\n",
    );
    env.run(&["import", "table", "more.csv", "--as", "bob"]).ok().code.unwrap();
    assert!(
        env.git(&["show", "apply/hooli:data/partners/hooli/partner.toml"]).contains("regions = [\"europe\", \"asia\"]")
    );
    env.write(
        "issue.json",
        serde_json::json!({
            "url": "https://github.example/karmada/community/issues/7",
            "author": {"login": "initech-bot"},
            "body": "### Org or company name\r\n\r\nPied Piper\r\n\r\n### Org or company Website\r\n\r\nhttps://pied.example/\r\n\r\n### Org or company logo\r\n\r\n_No response_\r\n\r\n### Contact me\r\n\r\nkarmada@pied.example",
        })
        .to_string(),
    );
    env.run(&["import", "issue", "issue.json", "--logo", "fourth.png", "--as", "alice"]).ok().code.unwrap();
    let event = env.git(&["show", "apply/pied-piper:data/partners/pied-piper/log/0001"]);
    assert!(event.contains("KP-Link: https://github.example/karmada/community/issues/7\n"), "{event}");
    env.decide("pied-piper");
    env.audit().is_clean();

    // Everything wrong at once; nothing is brought in by halves.
    env.write("bad.csv", "name,website,logo,github,services\nX Corp,ftp://x,logo.png,x-bot,\n华为,https://h.example,missing.png,h-bot,dancing\n");
    let bad = env.run(&["import", "table", "bad.csv", "--as", "alice"]);
    snapbox::assert_data_eq!(
        bad.stderr.clone(),
        snapbox::str![[r#"
error: nothing was brought in:
  row 2 (X Corp): website “ftp://x”: only http and https addresses can be linked
  row 3 (华为): logo: there is no file missing.png
  row 3 (华为): services: “dancing” isn't one of the program's services
hint: write the whole address, such as https://www.example.com/karmada
hint: check the path
hint: one of: support, consulting, training, managed-service, distribution, development

"#]]
    );
    assert_eq!(bad.code, Some(2));
    assert_eq!(env.run(&["import", "table", "partners.toml", "--as", "mallory"]).code, Some(4), "it is for members");
}

/// A row is compared with those above it, as with who is on record.
#[test]
fn one_organization_twice_in_a_table_is_brought_in_once() {
    let env = TestEnv::with_registry();
    env.write("other.png", png(640, 220));
    let import = |rows: &str, more: &str| {
        env.write("t.csv", format!("name,website,github,email,logo\n{rows}"));
        env.run(
            &[["import", "table", "t.csv", "--as", "carol"].as_slice(), &[more][..usize::from(!more.is_empty())]]
                .concat(),
        )
    };
    let acme = ",https://acme.example/k,acme-d,karmada@acme.example,logo.png\n";
    let zeta = "Zeta,https://zeta.example/k,zeta-d,karmada@zeta.example,other.png\n";
    let told = import(&format!("Zorblax{acme}Zorblax Inc.{acme}"), "--dry-run").ok();
    assert!(told.stderr.contains("Left alone: Zorblax Inc. (zorblax-inc): Zorblax (zorblax), above in the"), "{told}");
    let told = import(&format!("Zorblax{acme}{zeta}Zorblax Inc.{acme}"), "").ok();
    for says in [
        "Imported: Zorblax (zorblax)",
        "Imported: Zeta (zeta)",
        "Zorblax (zorblax), above in the same import, has the same name",
    ] {
        assert!(told.stdout.contains(says), "{says}: {told}");
    }
    assert!(!env.git(&["for-each-ref"]).contains("zorblax-inc"));
    // Who is called alike and has another website and logo may be another: that is told.
    let other = "Umbrela Soft,https://other.example/k,other-d,karmada@other.example,third.png\n";
    env.write("third.png", png(300, 250));
    env.write("fourth.png", png(250, 300));
    let first = "Umbrella Soft,https://one.example/k,one-d,karmada@one.example,fourth.png\n";
    let told = import(&format!("{first}{other}"), "").ok();
    assert!(told.stdout.contains("Imported: Umbrela Soft"), "{told}");
    assert!(
        told.stderr.contains("row 3 (Umbrela Soft): Umbrella Soft (umbrella-soft), above in the same import, has"),
        "{told}"
    );
    let told = import(&format!("Hooli{acme}Hooli{acme}"), "--dry-run").fails(2);
    assert!(told.stderr.contains("row 3 (Hooli): its slug, hooli, is that of row 2 (Hooli) above"), "{told}");
    assert!(told.stderr.contains("hint: take out what stands there twice"), "{told}");
}
