//! Bad input: each gets an error that names field, value, reason and mend, and changes nothing.

use std::os::unix::ffi::OsStrExt as _;

use snapbox::{assert_data_eq, str};

use crate::env::{Output, TestEnv};

/// An application in which one answer is another.
fn apply_with(env: &TestEnv, flag: &str, value: &str) -> Output {
    let mut args = vec!["apply"];
    for (f, v) in [
        ("--name", "Acme"),
        ("--website", "https://acme.example"),
        ("--github", "acme-bot"),
        ("--email", "karmada@acme.example"),
        ("--logo", "logo.png"),
    ] {
        args.extend([f, if f == flag { value } else { v }]);
    }
    if !args.contains(&flag) {
        args.extend([flag, value]);
    }
    env.run(&args)
}

/// What is said against each value of a flag: the line with the reason, and the hint.
fn said(flag: &str, values: &[&str]) -> String {
    let env = TestEnv::with_registry();
    let mut out = String::new();
    for value in values {
        let output = apply_with(&env, flag, value);
        let shown: String =
            output.stderr.lines().filter(|l| !l.starts_with("error: the answers")).map(|l| format!("{l}\n")).collect();
        out += &format!("exit {}: {shown}", output.code.unwrap());
    }
    assert_eq!(env.git(&["branch", "--list"]), "* main\n", "nothing may be written");
    out
}

#[test]
fn names() {
    let long = "x".repeat(5_000);
    assert_data_eq!(said("--name", &[" ", &long, "a\u{7}b", "a\u{202e}b", "🎉🎉", "a\nb"]), str![]);
}

#[test]
fn websites() {
    let long = format!("https://acme.example/{}", "x".repeat(10_000));
    let values = [
        "acme.io",
        "https:acme.io",
        "https://me:secret@acme.io",
        "javascript:alert(1)",
        "https://192.168.0.1/",
        "https://[::1]/",
        "https://0x7f000001/",
        "https://acme .io",
        "https://localhost",
        "ftp://acme.io",
        "https://",
        "https://acme.io/<b>",
        &long,
    ];
    assert_data_eq!(said("--website", &values), str![]);
}

#[test]
fn mailboxes_and_logins() {
    let values =
        ["acme.io", "a b@acme.io", "@acme.io", "a@", "a@acme", "a@-acme.io", "a..b@acme.io", "a@1.2.3.4", "é@acme.io"];
    assert_data_eq!(said("--email", &values), str![]);
    assert_data_eq!(said("--github", &["a b", "-a", "a--b", "a_b", "https://github.com/a", &"a".repeat(40)]), str![]);
}

#[test]
fn slugs() {
    let values = ["..", "a/b", "CON", "con", "-x", "", "ümlaut", &"a".repeat(41)];
    let env = TestEnv::with_registry();
    let mut out = String::new();
    for value in values {
        let mut args =
            vec!["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "a", "--logo", "logo.png"];
        let slug = format!("--slug={value}");
        args.push(&slug);
        out += &env.run(&args).fails(2).stderr;
    }
    assert_data_eq!(out, str![]);
    for value in ["..", "a/b", "CON"] {
        env.run(&["show", value]).fails(2).code.unwrap();
    }
}

#[test]
fn a_name_without_a_slug_of_its_own_asks_for_one() {
    let env = TestEnv::with_registry();
    assert_data_eq!(apply_with(&env, "--name", "华为").to_string(), str![]);
}

#[test]
fn everything_missing_is_told_at_once() {
    let env = TestEnv::with_registry();
    assert_data_eq!(env.run(&["apply", "--email", "x"]).to_string(), str![]);
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    assert_data_eq!(env.run(&["apply", "--name", "Acme", "--logo", "photo.png"]).to_string(), str![]);
}

#[test]
fn logos() {
    let env = TestEnv::with_registry();
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    env.write("empty.png", b"");
    env.write("animated.png", crate::logo::animated());
    env.write("cut.png", &crate::logo::png(300, 200)[..500]);
    std::fs::File::create(env.path("huge.png")).unwrap().set_len(50_000_000).unwrap();
    std::fs::create_dir(env.path("folder.png")).unwrap();
    let fifo = std::process::Command::new("mkfifo").arg(env.path("fifo.png")).status().unwrap();
    assert!(fifo.success());
    let mut out = String::new();
    for file in ["photo", "empty", "animated", "cut", "huge", "folder", "fifo", "nowhere"] {
        let name = format!("{file}.png");
        let output = apply_with(&env, "--logo", &name);
        out += &format!("exit {}: {}", output.code.unwrap(), output.stderr);
    }
    out += &apply_with(&env, "--logo", "http://acme.example/logo.png").fails(2).stderr;
    out += &apply_with(&env, "--logo", "ftp://acme.example/logo.png").fails(2).stderr;
    assert_data_eq!(out, str![]);
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}

#[test]
fn files_of_answers() {
    let env = TestEnv::with_registry();
    let mut out = String::new();
    for (what, bytes) in [
        ("unknown keys", &b"schema = 1\nnmae = \"Acme\"\nzzz = 1\n"[..]),
        ("duplicate keys", b"schema = 1\nname = \"A\"\nname = \"B\"\n"),
        ("wrong types", b"schema = 1\nname = 7\nformer_names = \"x\"\nwebsite = [\"a\"]\n"),
        ("newer schema", b"schema = 2\nname = \"Acme\"\n"),
        ("no schema", b"name = \"Acme\"\n"),
        ("a BOM", b"\xef\xbb\xbfschema = 1\n"),
        ("CRLF", b"schema = 1\r\nname = \"Acme\"\r\n"),
        ("Latin-1", b"schema = 1\nname = \"Caf\xe9\"\n"),
        ("no TOML", b"schema = 1\nname = Acme\nwebsite = \n"),
        ("bad values", b"schema = 1\nname = \"\\u202e\"\nwebsite = \"acme.io\"\n\n# x\ngithub = \"a b\"\n"),
    ] {
        env.write("a.toml", bytes);
        out += &format!("{what}: {}", env.run(&["apply", "--from", "a.toml"]).fails(2).stderr);
    }
    assert_data_eq!(out, str![]);
}

#[test]
fn an_argument_that_is_not_utf_8_is_an_error_and_no_panic() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["apply", "--name"]);
    command.arg(std::ffi::OsStr::from_bytes(b"Caf\xe9"));
    env.output(&mut command).fails(2).code.unwrap();
}
