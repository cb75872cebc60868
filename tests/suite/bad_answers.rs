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
    assert_data_eq!(
        said("--name", &[" ", &long, "a\u{7}b", "a\u{202e}b", "🎉🎉", "a\nb"]),
        str![[r#"
exit 2:   name is missing
hint: give --name
exit 2:   name “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”: it has 5000 characters
hint: --name: at most 80 fit
exit 2:   name “a<U+0007>b”: it has the control character U+0007
hint: --name: write plain text on one line
exit 2:   name “a<U+202E>b”: it has the invisible or direction-changing character U+202E
hint: --name: write plain text on one line
exit 2:   name “🎉🎉”: it has no letter or digit
hint: --name: give the name people know the organization by
exit 2:   name “a<U+000A>b”: it has a line break
hint: --name: write plain text on one line

"#]]
    );
}

#[test]
fn websites() {
    let long = format!("https://acme.example/{}", "x".repeat(10_000));
    let values = [
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
    assert_data_eq!(
        said("--website", &values),
        str![[r#"
exit 2:   website “https://me:secret@acme.io”: it carries a user name or password, which would be published
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “javascript:alert(1)”: only http and https addresses can be linked
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://192.168.0.1/”: its host is a bare IP address, not a name
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://[::1]/”: its host is a bare IP address, not a name
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://0x7f000001/”: its host is a bare IP address, not a name
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://acme .io”: it has a space
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://localhost”: its host isn't a public name
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “ftp://acme.io”: only http and https addresses can be linked
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://”: it has no host
hint: --website: write the whole address, such as https://www.example.com/karmada
exit 2:   website “https://acme.io/<b>”: “<” can't stand in it as it is
hint: --website: percent-encode it
exit 2:   website “https://acme.example/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”: it has 10021 bytes
hint: --website: at most 2,000 fit; link to a shorter address

"#]]
    );
}

#[test]
fn mailboxes_and_logins() {
    let values =
        ["acme.io", "a b@acme.io", "@acme.io", "a@", "a@acme", "a@-acme.io", "a..b@acme.io", "a@1.2.3.4", "é@acme.io"];
    assert_data_eq!(
        said("--email", &values),
        str![[r#"
exit 2:   email “acme.io”: it has no @
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a b@acme.io”: what stands before the @ can't be a mailbox
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “@acme.io”: what stands before the @ can't be a mailbox
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a@”: what stands behind the @ can't be a mail host
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a@acme”: what stands behind the @ can't be a mail host
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a@-acme.io”: what stands behind the @ can't be a mail host
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a..b@acme.io”: what stands before the @ can't be a mailbox
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “a@1.2.3.4”: what stands behind the @ can't be a mail host
hint: --email: write a mailbox that exists, such as karmada@example.com
exit 2:   email “é@acme.io”: before the @ are letters that many mail servers don't take
hint: --email: write a mailbox that exists, such as karmada@example.com

"#]]
    );
    assert_data_eq!(
        said("--github", &["a b", "-a", "_a", "a.b", "https://github.com/a/b", &"a".repeat(40)]),
        str![[r#"
exit 2:   github “a b”: “ ” can't stand in a GitHub ID
hint: --github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores
exit 2: error: unexpected argument -a
hint: usage: karmada-partner apply [OPTIONS]
hint: karmada-partner apply --help tells more
exit 2:   github “_a”: it begins with a hyphen or an underscore
hint: --github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores
exit 2:   github “a.b”: “.” can't stand in a GitHub ID
hint: --github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores
exit 2:   github “https://github.com/a/b”: “:” can't stand in a GitHub ID
hint: --github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores
exit 2:   github “[COMMIT]”: it is longer than 39 characters
hint: --github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores

"#]]
    );
}

#[test]
fn slugs() {
    let values = ["..", "a/b", "CON", "con", "-x", "", "Яндекс", &"a".repeat(41)];
    let env = TestEnv::with_registry();
    let mut out = String::new();
    for value in values {
        let mut args =
            vec!["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "a", "--logo", "logo.png"];
        let slug = format!("--slug={value}");
        args.push(&slug);
        out += &env.run(&args).fails(2).stderr;
    }
    assert_data_eq!(
        out,
        str![[r#"
error: the answers don't do yet:
  slug “..”: “.” can't stand in a slug
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “a/b”: “/” can't stand in a slug
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “CON”: “C” can't stand in a slug
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “con”: Windows keeps that name for a device
hint: --slug: take another name, such as con-cloud
error: the answers don't do yet:
  slug “-x”: it begins or ends with a hyphen
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “”: it is empty
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “Яндекс”: “Я” can't stand in a slug
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”
error: the answers don't do yet:
  slug “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa”: it is longer than 40 characters
hint: --slug: use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”

"#]]
    );
    for value in ["..", "a/b", "CON"] {
        env.run(&["show", value]).fails(2).code.unwrap();
    }
}

#[test]
fn everything_missing_is_told_at_once() {
    let env = TestEnv::with_registry();
    assert_data_eq!(
        env.run(&["apply", "--email", "x"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: the answers don't do yet:
  name is missing
  website is missing
  github is missing
  email “x”: it has no @
  logo is missing
hint: give --name, --website, --github, --logo
hint: --email: write a mailbox that exists, such as karmada@example.com

"#]]
    );
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    assert_data_eq!(
        env.run(&["apply", "--name", "Acme", "--logo", "photo.png"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: the answers don't do yet:
  website is missing
  github is missing
  logo “photo.png”: the file is a JPEG, whatever its name says
hint: give --website, --github
hint: --logo: save it as a PNG

"#]]
    );
}

#[test]
fn logos() {
    let env = TestEnv::with_registry();
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    env.write("empty.png", b"");
    env.write("animated.png", crate::picture::animated());
    env.write("cut.png", &crate::picture::png(300, 200)[..500]);
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
    assert_data_eq!(
        out,
        str![[r#"
exit 2: error: logo “photo.png”: the file is a JPEG, whatever its name says
hint: save it as a PNG
exit 2: error: logo “empty.png”: the file is empty
hint: export the logo again, as a PNG
exit 2: error: logo “animated.png”: it is an animated PNG
hint: save a single still image
exit 2: error: logo “cut.png”: the PNG is damaged: it is cut off
hint: export it again
exit 2: error: logo: huge.png has 50000000 bytes, more than 10485760
hint: use a smaller file
exit 2: error: logo: folder.png is a directory
hint: name a file
exit 2: error: logo: fifo.png is not a plain file
hint: name a file
exit 3: error: logo: there is no file nowhere.png
hint: check the path
error: logo “http://acme.example/logo.png”: only https addresses are fetched
hint: give an https address, or a file on this machine
error: logo “ftp://acme.example/logo.png”: only https addresses are fetched
hint: give an https address, or a file on this machine

"#]]
    );
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
        ("UTF-16", b"\xff\xfes\0c\0h\0e\0m\0a\0=\x001\0\r\0\n\0"),
        ("Latin-1", b"schema = 1\nname = \"Caf\xe9\"\n"),
        ("no TOML", b"schema = 1\nname = Acme\nwebsite = \n"),
        ("bad values", b"schema = 1\nname = \"\\u202e\"\nwebsite = \"acme.io\"\n\n# x\ngithub = \"a b\"\n"),
    ] {
        env.write("a.toml", bytes);
        out += &format!("{what}: {}", env.run(&["apply", "--from", "a.toml"]).fails(2).stderr);
    }
    assert_data_eq!(
        out,
        str![[r#"
unknown keys: error: a.toml can't be used:
  line 2: unknown key “nmae”
  line 3: unknown key “zzz”
hint: nmae: did you mean name?
hint: zzz: known here: schema, slug, name, website, github, email, logo, description, description_zh, parent, former_names, name_zh, services, regions, languages, hours, response, offices, story, certified
duplicate keys: error: a.toml can't be used:
  line 3: duplicate key
hint: keep one of them
wrong types: error: a.toml can't be used:
  line 2: name is a number
  line 3: former_names is a string
  line 4: website is a list
hint: name: write a string in quotes
hint: former_names: write a list of strings, as in ["one", "two"]
hint: website: write a string in quotes
newer schema: error: a.toml can't be used:
  line 1: schema 2 is newer than this program, which knows 1
hint: schema: use a newer karmada-partner
no schema: error: a.toml can't be used:
  schema is missing
hint: schema: begin the file with schema = 1
a BOM: warning: a.toml has a byte order mark, which is passed over
error: the answers don't do yet:
  name is missing
  website is missing
  github is missing
  logo is missing
hint: give --name, --website, --github, --logo
CRLF: warning: a.toml has CRLF line ends, which is passed over
error: the answers don't do yet:
  website is missing
  github is missing
  logo is missing
hint: give --website, --github, --logo
UTF-16: warning: a.toml has UTF-16 in place of UTF-8, which is passed over
error: the answers don't do yet:
  name is missing
  website is missing
  github is missing
  logo is missing
hint: give --name, --website, --github, --logo
Latin-1: error: a.toml can't be used:
  line 2: the byte 0xe9 isn't UTF-8
hint: save the file as UTF-8
no TOML: error: a.toml can't be used:
  line 2: string values must be quoted, expected literal string
  line 3: string values must be quoted, expected literal string
hint: mend the TOML syntax there; values stand in quotes
bad values: error: a.toml can't be used:
  line 2: name “<U+202E>”: it has the invisible or direction-changing character U+202E
  line 6: github “a b”: “ ” can't stand in a GitHub ID
hint: name: write plain text on one line
hint: github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores

"#]]
    );
}

#[test]
fn an_argument_that_is_not_utf_8_is_an_error_and_no_panic() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["apply", "--name"]);
    command.arg(std::ffi::OsStr::from_bytes(b"Caf\xe9"));
    env.output(&mut command).fails(2).code.unwrap();
}
