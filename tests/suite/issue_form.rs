//! The form by which organizations apply: made of a program, filled in, and read again.

use serde_json::{Map, Value};

use crate::env::TestEnv;

/// As much YAML as the forms are written in: maps and lists by two spaces, texts in double quotes, words and booleans.
fn yaml(text: &str) -> Value {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|l| (l.len() - l.trim_start().len(), l.trim_start()))
        .collect();
    let (value, rest) = block(&lines);
    assert!(rest.is_empty(), "{rest:?}");
    value
}

fn scalar(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).unwrap(),
        word => {
            assert!(word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'), "{word}");
            word.into()
        }
    }
}

fn block<'a>(lines: &'a [(usize, &'a str)]) -> (Value, &'a [(usize, &'a str)]) {
    let depth = lines[0].0;
    let is_list = lines[0].1.starts_with("- ");
    let (mut list, mut map, mut at) = (Vec::new(), Map::new(), 0);
    while at < lines.len() && lines[at].0 == depth && lines[at].1.starts_with("- ") == is_list {
        let (_, line) = lines[at];
        if let Some(item) = line.strip_prefix("- ") {
            let end = lines[at + 1..].iter().position(|(d, _)| *d <= depth).map_or(lines.len(), |n| at + 1 + n);
            if item.starts_with('"') {
                list.push(scalar(item));
            } else {
                let mut inside = vec![(depth + 2, item)];
                inside.extend_from_slice(&lines[at + 1..end]);
                let (value, rest) = block(&inside);
                assert!(rest.is_empty(), "{rest:?}");
                list.push(value);
            }
            at = end;
            continue;
        }
        let (key, value) = line.split_once(':').unwrap();
        at += 1;
        let value = match value.trim() {
            "" => {
                let (value, rest) = block(&lines[at..]);
                at = lines.len() - rest.len();
                value
            }
            value => scalar(value),
        };
        assert!(map.insert(key.to_owned(), value).is_none(), "{key} stands twice");
    }
    (if is_list { list.into() } else { map.into() }, &lines[at..])
}

/// Holds a form to GitHub's syntax for issue forms.
fn held_to_the_syntax(form: &Value) {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let some = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    assert!(keys(form).iter().all(|k| ["name", "description", "title", "body"].contains(&k.as_str())), "{form}");
    assert!(some(&form["name"]) && some(&form["description"]) && some(&form["title"]), "{form}");
    let (mut ids, mut labels) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for element in form["body"].as_array().unwrap() {
        let kind = element["type"].as_str().unwrap();
        let attributes = &element["attributes"];
        let allowed: &[&str] = match kind {
            "markdown" => &["value"],
            "input" => &["label", "description", "placeholder", "value"],
            "textarea" => &["label", "description", "placeholder", "value", "render"],
            "dropdown" => &["label", "description", "multiple", "options", "default"],
            "checkboxes" => &["label", "description", "options"],
            other => panic!("{other} is no element of a form"),
        };
        assert!(keys(attributes).iter().all(|k| allowed.contains(&k.as_str())), "{element}");
        if kind == "markdown" {
            assert_eq!(keys(element), ["type", "attributes"]);
            assert!(some(&attributes["value"]));
            continue;
        }
        let id = element["id"].as_str().unwrap();
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{id}");
        assert!(ids.insert(id.to_owned()) && labels.insert(attributes["label"].as_str().unwrap().to_owned()), "{id}");
        for key in ["description", "placeholder"] {
            assert!(attributes[key].is_null() || some(&attributes[key]), "{element}");
        }
        let options = attributes["options"].as_array();
        match kind {
            "dropdown" => {
                let options = options.unwrap();
                let different: std::collections::BTreeSet<_> = options.iter().map(|o| o.as_str().unwrap()).collect();
                assert!(!options.is_empty() && different.len() == options.len(), "{element}");
                assert!(!different.contains("None"), "GitHub keeps that word for itself");
            }
            "checkboxes" => {
                assert!(options.unwrap().iter().all(|o| some(&o["label"]) && o["required"].is_boolean()), "{element}");
            }
            _ => assert!(element["validations"]["required"].is_boolean(), "{element}"),
        }
    }
}

/// The text that GitHub makes of a form; what isn't answered is left empty, and all boxes are ticked.
fn rendered(form: &Value, answers: &[(&str, &str)]) -> String {
    let mut parts = Vec::new();
    for element in form["body"].as_array().unwrap().iter().filter(|e| e["type"] != "markdown") {
        let (id, attributes) = (element["id"].as_str().unwrap(), &element["attributes"]);
        let answer = match element["type"].as_str().unwrap() {
            "checkboxes" => {
                let options = attributes["options"].as_array().unwrap().iter();
                options.map(|o| format!("- [x] {}", o["label"].as_str().unwrap())).collect::<Vec<_>>().join("\n")
            }
            "dropdown" => {
                // Where only one can be chosen, it is the second.
                let (first, count) = if attributes["multiple"] == true { (0, 2) } else { (1, 1) };
                let options = attributes["options"].as_array().unwrap().iter().skip(first).take(count);
                options.map(|o| o.as_str().unwrap()).collect::<Vec<_>>().join(", ")
            }
            _ => answers.iter().find(|(known, _)| *known == id).map_or("_No response_", |(_, a)| a).to_owned(),
        };
        parts.push(format!("### {}\n\n{answer}", attributes["label"].as_str().unwrap()));
    }
    parts.join("\n\n")
}

fn forms(env: &TestEnv) -> [Value; 2] {
    env.run(&["init", "forms.git", "--program", "program.toml", "--github-ci"]).ok().code.unwrap();
    ["partner-application.yml", "partner-application-zh.yml"]
        .map(|name| yaml(&env.git_at("forms.git", &["show", &format!("main:.github/ISSUE_TEMPLATE/{name}")])))
}

#[test]
fn both_forms_are_filled_in_and_read_again() {
    let env = TestEnv::with_registry();
    env.write("program.toml", crate::env::PROGRAM);
    for (form, slug) in forms(&env).iter().zip(["acme-cloud", "globex"]) {
        held_to_the_syntax(form);
        let name = slug.replace('-', " ");
        let body = rendered(
            form,
            &[
                ("org_name", &name),
                ("org_name_zh", &format!("{slug}云")),
                ("org_description", "We run it."),
                ("org_description_zh", "我们运行它。"),
                ("website_url", &format!("https://{slug}.example/karmada")),
                ("org_parent", &format!("{slug} Holding")),
                ("former_names", &format!("{slug} Soft, Inc.\n{slug} Data")),
                ("offices", "Berlin, Germany\n上海"),
                ("story", &format!("https://{slug}.example/story")),
                ("certified", "12"),
                ("contact", &format!("GitHub ID: {slug}\nE-mail: karmada@{slug}.example")),
            ],
        );
        env.write("issue.md", body.replace('\n', "\r\n"));
        env.write("their.png", crate::picture::png(300, if slug == "globex" { 290 } else { 200 }));
        let args = ["import", "issue", "issue.md", "--logo", "their.png", "--as", "alice"];
        env.run(&args).ok().code.unwrap();
        let record = env.git(&["show", &format!("apply/{slug}:data/partners/{slug}/partner.toml")]);
        for line in [
            &*format!("name = \"{name}\""),
            &format!("name_zh = \"{slug}云\""),
            "description = \"We run it.\"",
            "description_zh = \"我们运行它。\"",
            &format!("parent = \"{slug} Holding\""),
            "services = [\"support\", \"consulting\"]",
            "languages = [\"en\", \"zh\"]",
            "hours = [\"extended-hours\"]",
            "response = [\"4-hours\"]",
            &format!("former_names = [\"{slug} Soft, Inc.\", \"{slug} Data\"]"),
            "offices = [\"Berlin, Germany\", \"上海\"]",
            &format!("story = \"https://{slug}.example/story\""),
            "certified = 12",
            &format!("github = \"{slug}\""),
            &format!("email = \"karmada@{slug}.example\""),
        ] {
            assert!(record.contains(line), "{line} isn't in {record}");
        }
    }
}

/// Whoever makes a logo has the form to go by, and nothing else.
#[test]
fn the_form_says_all_that_a_logo_has_to_be() {
    let env = TestEnv::new();
    let told = |logo: &str| {
        env.write("program.toml", format!("{}\n{logo}", crate::env::PROGRAM));
        let _ = std::fs::remove_dir_all(env.path("forms.git"));
        forms(&env).map(|form| {
            let elements = form["body"].as_array().unwrap();
            let of = elements.iter().find(|e| e["id"] == "org_logo").unwrap();
            of["attributes"]["description"].as_str().unwrap().to_owned()
        })
    };
    let [english, chinese] = told("");
    assert!(english.contains("at most 5 times as wide as high and 2 times as high as wide"), "{english}");
    assert!(chinese.contains("宽不超过高的 5 倍，高不超过宽的 2 倍"), "{chinese}");
    assert!(!english.contains(" in all"), "the sides say it: {english}");
    let [english, chinese] = told("[logo]\nmax_ratio = 8\nmax_tall_ratio = 3\nmax_pixels = 1000000\n");
    assert!(english.contains("2500 pixels, 1000000 in all, at most 8 times as wide as high and 3 times"), "{english}");
    assert!(chinese.contains("总计不超过 1000000 像素，宽不超过高的 8 倍，高不超过宽的 3 倍"), "{chinese}");
}

#[test]
fn drop_downs_show_what_people_read_and_let_nobody_contradict_themselves() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    for (form, late, once) in forms(&env)
        .iter()
        .zip(["Evenings and weekends, too", "含夜间与周末"])
        .map(|(f, l)| (f, l, ["hours", "response"]))
    {
        let elements = form["body"].as_array().unwrap();
        let of = |id: &str| elements.iter().find(|e| e["id"] == id).unwrap_or_else(|| panic!("{id} isn't asked"));
        let shown: Vec<_> = of("hours")["attributes"]["options"].as_array().unwrap().iter().collect();
        assert!(shown.contains(&&Value::from(late)), "{shown:?}");
        for element in elements.iter().filter(|e| e["type"] == "dropdown") {
            let several = element["attributes"]["multiple"].as_bool().unwrap();
            assert_eq!(several, !once.contains(&element["id"].as_str().unwrap()), "{element}");
        }
    }
}

#[test]
fn karmadas_own_boxes_keep_their_names() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    let [english, _] = forms(&env);
    let asked: Vec<_> = english["body"].as_array().unwrap().iter().filter_map(|e| e["id"].as_str()).collect();
    for id in ["org_name", "org_description", "website_url", "org_logo", "contact"] {
        assert!(asked.contains(&id), "{asked:?}");
    }
}

#[test]
fn flags_win_over_the_issue_and_what_was_left_out_is_said() {
    let env = TestEnv::with_registry();
    let long = "We run Karmada for banks and others who can't go down. ".repeat(12);
    env.write(
        "issue.md",
        format!(
            "### Org or company name\n\n[Acme](https://acme.example)\n\n### Org or company description\n\n{long}\n\n\
             ### Org or company Website\n\nhttps://a.example or https://b.example\n\n### Org or company logo\n\n_No response_\n\n\
             ### Contact me\n\n@one, @two\n"
        ),
    );
    let refused = env.run(&["import", "issue", "issue.md", "--as", "alice"]).fails(2);
    snapbox::assert_data_eq!(
        refused.stderr,
        snapbox::str![[r#"
warning: the issue: Org or company name: left out a link to https://acme.example
warning: the issue: Org or company description: shortened from 659 characters to 164; a better one is welcome
error: nothing was brought in:
  Acme: website: several addresses stand there: “https://a.example”, “https://b.example”
  Acme: github: several GitHub IDs stand there: “one”, “two”
  Acme: the issue names no logo
hint: website: write only the one that is meant
hint: github: name one contact
hint: give it with --logo

"#]]
    );
    let whole = [
        "import",
        "issue",
        "issue.md",
        "--as",
        "alice",
        "--slug",
        "acme-cloud",
        "--name",
        "Acme Cloud",
        "--website",
        "https://b.example",
        "--github",
        "two",
        "--email",
        "k@b.example",
        "--description",
        "Short.",
        "--logo",
        "logo.png",
    ];
    env.run(&whole).ok().code.unwrap();
    let record = env.git(&["show", "apply/acme-cloud:data/partners/acme-cloud/partner.toml"]);
    for line in
        ["name = \"Acme Cloud\"", "website = \"https://b.example\"", "github = \"two\"", "description = \"Short.\""]
    {
        assert!(record.contains(line), "{record}");
    }
}

#[test]
fn what_reads_in_two_ways_is_refused() {
    let env = TestEnv::with_registry();
    env.write(
        "issue.md",
        "### Org or company name\n\nAcme\n\n### Org or company description\n\nx\n\n### Org or company Website\n\nhttps://other.example\n\n\
         ### Org or company Website\n\nhttps://acme.example\n\n### Contact me\n\n@acme\n",
    );
    let refused = env.run(&["import", "issue", "issue.md", "--logo", "logo.png", "--as", "alice"]).fails(2);
    assert!(
        refused.stderr.contains("the heading “### Org or company Website” stands there more than once"),
        "{refused}"
    );
}

/// As Windows PowerShell writes what `gh issue view` says; and what is no text is told as that.
#[test]
fn an_issue_is_a_text_however_it_was_saved() {
    let env = TestEnv::with_registry();
    let issue = "### Org or company name\n\nAcme\n\n### Org or company description\n\nx\n\n### Org or company Website\n\n\
        https://acme.example\n\n### Contact me\n\n@acme\n";
    let json = format!("{}\r\n", serde_json::json!({"body": issue, "author": {"login": "acme"}}));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(json.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    env.write("issue.json", wide);
    let taken = env.run(&["import", "issue", "issue.json", "--logo", "logo.png", "--as", "alice"]).ok();
    assert!(taken.stderr.contains("issue.json has UTF-16 in place of UTF-8, which is passed over"), "{taken}");
    let refused = env.run(&["import", "issue", "logo.png", "--as", "alice"]).fails(2);
    snapbox::assert_data_eq!(
        refused.stderr,
        snapbox::str![[r#"
error: the issue: logo.png is a PNG
hint: name the text itself

"#]]
    );
}

/// What gh or GitHub's API wrote, by hand or by a program: told in words, and none of a parser's.
#[test]
fn what_is_no_issue_is_told_as_what_it_is() {
    let env = TestEnv::with_registry();
    for (given, told) in [
        ("{\"message\": \"Not Found\", \"status\": \"404\"}", "it is GitHub's answer “Not Found”, and no issue"),
        ("{\"title\": \"x\"}", "it has no body"),
        ("[{\"body\": \"x\"}, {\"body\": \"y\"}]", "it is a list of 2, and one is brought in at a time"),
        ("{\"body\": \"x", "it ends in the middle"),
        ("{\"body\": 3}", "something is missing, or is of another kind"),
        ("{\"body\": null}", "isn't one that the form made"),
        ("[one](https://one.example) and [two](https://two.example)", "isn't one that the form made"),
    ] {
        env.write("issue.json", given);
        let refused = env.run(&["import", "issue", "issue.json", "--as", "alice"]);
        assert!(refused.code != Some(0) && refused.stderr.contains(told), "{given}: {refused}");
        assert!(!refused.stderr.contains("expected") && !refused.stderr.contains("EOF"), "{given}: {refused}");
    }
    // Whoever closes one takes back what it asks for.
    for (state, is_told) in [("CLOSED", true), ("closed", true), ("OPEN", false)] {
        env.write("issue.json", format!("{{\"body\": \"x\", \"state\": \"{state}\"}}"));
        let refused = env.run(&["import", "issue", "issue.json", "--as", "alice"]);
        assert_eq!(refused.stderr.contains("the issue is closed"), is_told, "{refused}");
    }
}
