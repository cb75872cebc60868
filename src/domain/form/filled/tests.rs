use super::*;
use crate::domain::form;

fn filled(boxes: &[(&str, &str)]) -> Filled {
    let body: String = boxes.iter().map(|(label, answer)| format!("### {label}\n\n{answer}\n\n")).collect();
    let author = "jane".parse().unwrap();
    fill(&form::read(&body).unwrap(), Some(&author), &Vocabulary::default())
}

fn told(filled: &Filled) -> Vec<(&str, &str)> {
    filled.draft.answers.iter().map(|(f, a)| (f.word(), a.as_str())).collect()
}

fn lines(filled: &Filled) -> Vec<String> {
    filled.remarks.iter().map(Remark::line).collect()
}

fn faulty(filled: &Filled) -> Vec<Question> {
    filled.faults.keys().copied().collect()
}

#[test]
fn karmadas_own_form_is_read() {
    let filled = filled(&[
        ("Org or company name", "[DaoCloud](https://www.daocloud.io/)"),
        ("Org or company description", "_No response_"),
        ("Org or company Website", "See <https://acme.example/karmada>."),
        ("Org or company logo", "[![logo](https://acme.example/logo.png)](https://acme.example)"),
        ("Contact me", "GitHub: @acme-bot, karmada@acme.example"),
    ]);
    assert_eq!(
        told(&filled),
        [
            ("name", "DaoCloud"),
            ("website", "https://acme.example/karmada"),
            ("github", "acme-bot"),
            ("email", "karmada@acme.example"),
            ("logo", "https://acme.example/logo.png"),
        ]
    );
    assert_eq!(lines(&filled)[0], "Org or company name: left out a link to https://www.daocloud.io/");
    assert_eq!((filled.faults.len(), filled.promised), (0, None));
}

#[test]
fn what_may_mean_either_is_not_taken() {
    let filled = filled(&[
        ("Org or company name", "Acme"),
        ("Org or company Website", "[https://acme.example](https://evil.example)"),
        ("Org or company logo", "ask us"),
        ("Contact me", "@one or @two"),
    ]);
    assert_eq!(told(&filled), [("name", "Acme")]);
    assert_eq!(faulty(&filled), [Question::Website, Question::Logo, Question::Contact]);
}

#[test]
fn an_answer_without_end_is_not_read() {
    let long = "[".repeat(60_000);
    let filled = filled(&[("Org or company name", "Acme"), ("Org or company description", &long)]);
    assert_eq!(told(&filled), [("name", "Acme"), ("github", "jane")]);
    assert_eq!(faulty(&filled), [Question::Description]);
}

#[test]
fn terms_and_promises_are_read_in_both_languages() {
    let ticks = |language| Promise::ALL.map(|p| format!("- [X] {}", p.words(language))).join("\n");
    for (language, service) in
        [(Language::English, "Technical support, Consulting"), (Language::Chinese, "技术支持, 咨询")]
    {
        let label = |q: Question| q.label(language);
        let filled = filled(&[
            (label(Question::Name), "Acme"),
            (label(Question::Services), service),
            (label(Question::Regions), "Mars"),
            (label(Question::Agreement), &ticks(language)),
        ]);
        assert_eq!(filled.draft.get(Field::Services), Some("support; consulting"));
        assert_eq!((filled.draft.get(Field::Regions), faulty(&filled)), (None, vec![Question::Regions]));
        // What would do is said as the form shows it.
        let hint = &filled.faults[&Question::Regions].hint;
        assert!(hint.contains(if service.is_ascii() { "Latin America" } else { "拉丁美洲" }), "{hint}");
        assert!(!hint.contains("latin-america"), "{hint}");
        assert_eq!(filled.promised, Some(Promise::ALL.to_vec()));
    }
    assert_eq!(promised(&format!("- [ ] {}", Promise::Public.words(Language::English))), []);
    assert_eq!(promised(&ticks(Language::English).replace("- [X]", " * [x]")), Promise::ALL);
    let retyped = ticks(Language::Chinese).replace("- [X] ", "- [ x ]\u{a0} ").replace('。', "");
    assert_eq!(promised(&retyped), Promise::ALL);
    assert_eq!(promised(&format!("<!--\n{}\n-->", ticks(Language::English))), []);
}

#[test]
fn what_nobody_need_answer_is_read_as_people_write_it() {
    let filled = filled(&[
        ("Org or company name", "Acme"),
        ("Description in Chinese", "无"),
        ("Org or company Website", "www.acme.example/karmada"),
        ("Parent company", "N/A"),
        ("Services", "None"),
        ("Hours of support", "24x7"),
        ("Time to a first answer", "Within 4 hours"),
        ("Places where you have people", "- Berlin, Germany\n- [Paris](https://p.example)；上海、深圳"),
        ("A customer's story", "See https://acme.example/story."),
        ("People with a certificate", "about 12 people"),
        ("Agreement", "_No response_"),
    ]);
    assert_eq!(
        told(&filled),
        [
            ("name", "Acme"),
            ("website", "https://www.acme.example/karmada"),
            ("github", "jane"),
            ("hours", "around-the-clock"),
            ("response", "4-hours"),
            ("offices", "Berlin, Germany; Paris; 上海; 深圳"),
            ("story", "https://acme.example/story"),
            ("certified", "12"),
        ]
    );
    assert_eq!(
        lines(&filled),
        [
            "Description in Chinese: “无” was read as no answer",
            "Org or company Website: “www.acme.example/karmada” was read as https://www.acme.example/karmada",
            "Parent company: “N/A” was read as no answer",
            "Hours of support: “24x7” was read as Around the clock",
            "Places where you have people: left out a link to https://p.example",
            "A customer's story: only the address https://acme.example/story was taken",
            "People with a certificate: “about 12 people” was read as 12",
        ]
    );
}

#[test]
fn lists_stand_on_one_line_or_on_several_and_contacts_that_are_none_are_told() {
    let filled = filled(&[
        ("Org or company name", "Acme"),
        ("Former names", "- Acme Soft, Inc.\n“Acme Data”；顶点\nacme data"),
        ("Services", "- Technical support\n* training；咨询\n“Custom development”"),
        ("Regions", "Asia, Mars, Venus"),
        ("Languages", "Englisch"),
        ("Contact me", "+49 30 1234567"),
        ("Agreement", "_No response_"),
    ]);
    assert_eq!(filled.draft.get(Field::Services), Some("support; training; consulting; development"));
    assert_eq!(filled.draft.get(Field::FormerNames), Some("Acme Soft, Inc.; Acme Data; 顶点"));
    let faults: Vec<_> = filled.faults.values().map(|f| (f.why.as_str(), f.hint.as_str())).collect();
    assert_eq!(faults[0].0, "not among what can be chosen: “Mars”, “Venus”");
    assert_eq!(faults[1], ("not among what can be chosen: “Englisch”", "did you mean English?"));
    assert_eq!(
        lines(&filled),
        [
            "Former names: left out quotation marks",
            "Former names: “Acme Soft, Inc.; Acme Data; 顶点; acme data” was read as Acme Soft, Inc.; Acme Data; 顶点",
            "Services: left out quotation marks",
            "Contact me: no GitHub ID and no e-mail was found in it, so the contact is whoever wrote the issue"
        ]
    );
}

/// As people write lists into a text, where the form had drop-downs.
#[test]
fn lists_are_read_in_every_dress_and_what_was_said_otherwise_is_told() {
    for (services, read, told) in [
        ("1. Training\n2. Consulting", "training; consulting", ""),
        ("- [x] Training\n- [ ] Consulting\n- [X] Distribution", "training; distribution", ""),
        ("Training.", "training", "Services: “Training.” was read as Training"),
        (
            "Support & training",
            "support; training",
            "Services: “Support & training” was read as Technical support, Training",
        ),
        ("\"Training\"、‘Consulting’", "training; consulting", "Services: left out quotation marks"),
    ] {
        let filled = filled(&[("Org or company name", "Acme"), ("Services", services), ("Agreement", "-")]);
        assert_eq!(filled.draft.get(Field::Services), Some(read), "{services}");
        assert_eq!(lines(&filled).concat(), told, "{services}");
    }
    let places = filled(&[
        ("Org or company name", "Acme"),
        ("Places where you have people", "1. Berlin, Germany\n2) Paris\n3、上海"),
        ("Agreement", "-"),
    ]);
    assert_eq!(places.draft.get(Field::Offices), Some("Berlin, Germany; Paris; 上海"));
}

/// Whoever drops a file into a box did what the form asks for.
#[test]
fn a_file_that_was_dropped_is_nothing_to_look_at_once_more() {
    for (logo, tells) in [
        ("![logo](https://acme.example/l.png)", false),
        ("<img width=\"300\" alt=\"l\" src=\"https://acme.example/l.png\" />", false),
        ("[l.png](https://acme.example/l.png)", false),
        ("`https://acme.example/l.png`", false),
        ("See [ours](https://acme.example/l.png)", true),
        ("<picture><img src=\"https://acme.example/l.png\"></picture> or ask", true),
    ] {
        let filled = filled(&[("Org or company name", "Acme"), ("Org or company logo", logo), ("Contact me", "@a")]);
        assert_eq!(filled.draft.get(Field::Logo), Some("https://acme.example/l.png"), "{logo}");
        assert_eq!(lines(&filled).is_empty(), !tells, "{logo}: {:?}", lines(&filled));
    }
}

/// As GitHub joins what was chosen; and as an issue from before only one could be chosen.
#[test]
fn what_can_only_be_one_is_asked_for_and_a_comma_in_a_choice_parts_nothing() {
    for (hours, response, read) in [
        ("Evenings and weekends, too", "Within 4 hours", Some("extended-hours")),
        ("Business hours", "Within a day", Some("business-hours")),
        ("extended-hours", "1-day", Some("extended-hours")),
        ("Business hours, Evenings and weekends, too", "Within an hour, Within a day", None),
    ] {
        let filled = filled(&[
            ("Org or company name", "Acme"),
            ("Hours of support", hours),
            ("Time to a first answer", response),
            ("Agreement", "_No response_"),
        ]);
        assert_eq!(filled.draft.get(Field::Hours), read, "{hours}");
        let wanted = if read.is_some() { vec![] } else { vec![Question::Hours, Question::Response] };
        assert_eq!(faulty(&filled), wanted, "{hours}");
        let why = filled.faults.get(&Question::Hours).map(|f| f.why.as_str());
        let says = "only one of these can be so: “Business hours”, “Evenings and weekends, too”";
        assert_eq!(why, read.is_none().then_some(says));
    }
}

/// Nobody guesses where its answer ends, and nobody is told that it is missing.
#[test]
fn a_heading_out_of_the_forms_order_is_told_as_that() {
    let moved = filled(&[
        ("Org or company name", "Acme"),
        ("Contact me", "@acme-bot"),
        ("Org or company description", "We run it."),
        ("Org or company Website", "https://acme.example"),
        ("Services", "Training"),
        ("Agreement", "_No response_"),
    ]);
    let fault = &moved.faults[&Question::Contact];
    assert!(fault.why.contains("stands below “Org or company name”"), "{}", fault.why);
    assert_eq!(fault.hint, "move the heading and its answer to right behind the answer to “Services”");
    assert_eq!(
        told(&moved),
        [
            ("name", "Acme"),
            ("website", "https://acme.example"),
            ("description", "We run it."),
            ("services", "training"),
        ]
    );
    // Two that changed places: one of them is told, and neither swallows the other.
    let swapped = filled(&[
        ("Org or company name", "Acme"),
        ("Org or company Website", "https://acme.example"),
        ("Org or company description", "We run it."),
        ("Org or company logo", "https://acme.example/l.png"),
    ]);
    assert_eq!(swapped.faults.len(), 1, "{swapped:?}");
    assert!(swapped.draft.get(Field::Logo).is_some(), "{swapped:?}");
    let agreed = filled(&[
        ("Org or company name", "Acme"),
        ("Agreement", &Promise::Speaks.ticked(Language::English)),
        ("Org or company Website", "https://acme.example"),
        ("Services", "Training"),
    ]);
    assert_eq!((faulty(&agreed), agreed.promised), (vec![Question::Agreement], None));
}

/// What the form doesn't ask for would never be given by who applies by it.
#[test]
fn the_form_asks_for_every_fact() {
    for field in Field::ALL.iter().copied() {
        assert!(question_of(field).is_some(), "{field}");
    }
}

/// Whom nobody can reach isn't replaced without a word.
#[test]
fn who_becomes_the_contact_instead_is_told() {
    for (contact, tells) in [
        ("karmada@acme.example", None),
        ("E-mail: karmada@acme.example", None),
        ("@acme-bot", None),
        ("https://github.com/acme-bot?tab=repositories", None),
        ("@acme-bot or @jane", Some("only jane was taken")),
        ("Jane Doe, karmada@acme.example", Some("no GitHub ID was found in it")),
        ("@karmada-io/maintainers, karmada@acme.example", Some("no GitHub ID was found in it")),
        ("Jane Doe", Some("no GitHub ID and no e-mail was found in it")),
        ("karmada (at) acme.example", Some("was read as karmada@acme.example")),
        ("@acme-bot, jiwon.kim@acme.example, partners@acme.example", Some("partners@acme.example was taken, and none")),
        ("@acme-bot, jiwon.kim@gmail.com, minsu.lee@acme.example", Some("only minsu.lee@acme.example was taken\n")),
        ("@acme-bot, karmada#acme.example", Some("other ways to reach the contact were left out")),
    ] {
        let filled = filled(&[("Org or company name", "Acme"), ("Contact me", contact)]);
        let said: String = lines(&filled).iter().map(|line| format!("{line}\n")).collect();
        assert!(tells.map_or(said.is_empty(), |tells| said.contains(tells)), "{contact}: {said}");
    }
}

#[test]
fn other_ways_to_reach_somebody_are_told_to_be_left_out() {
    for (contact, tells) in [
        ("@acme-bot, karmada@acme.example", false),
        ("GitHub ID: acme-bot\nE-mail: karmada@acme.example", false),
        ("GitHub：@acme-bot，邮箱：karmada@acme.example", false),
        ("Jane Doe <karmada@acme.example> (https://github.com/acme-bot)", false),
        ("@acme-bot, karmada@localhost", true),
        ("@acme-bot, phone: +49301234567", true),
        ("@acme-bot；微信：acme", true),
        ("@acme-bot https://linkedin.example/in/acme", true),
    ] {
        let filled = filled(&[("Org or company name", "Acme"), ("Contact me", contact)]);
        assert_eq!(filled.draft.get(Field::Github), Some("acme-bot"), "{contact}");
        assert_eq!(lines(&filled).iter().any(|r| r.contains("left out")), tells, "{contact}: {:?}", filled.remarks);
    }
}

#[test]
fn what_is_left_out_of_a_list_is_told_as_of_any_answer() {
    let service = "[Technical support](https://acme.example), **Consulting** <!-- and more -->";
    let filled = filled(&[("Org or company name", "Acme"), ("Services", service), ("Agreement", "_No response_")]);
    assert_eq!(filled.draft.get(Field::Services), Some("support; consulting"));
    let told = lines(&filled).into_iter().find(|r| r.starts_with("Services: left out ")).unwrap();
    assert!(["a comment", "a link to https://acme.example", "Markdown"].iter().all(|w| told.contains(w)), "{told}");
}

/// Nothing is read otherwise than it was typed without a word, however small it is.
#[test]
fn what_little_was_read_otherwise_is_told_too() {
    for (label, answer, field, read, says) in [
        ("Org or company name", "\"Acme\"", Field::Name, "Acme", "left out quotation marks"),
        ("Org or company name", "“Acme”", Field::Name, "Acme", "left out quotation marks"),
        ("Org or company name", "[Acme]", Field::Name, "Acme", "left out brackets around it"),
        ("Org or company name", "```\nAcme\n```", Field::Name, "Acme", "left out Markdown"),
        ("Name in Chinese", "【青云】", Field::NameZh, "青云", "left out brackets around it"),
        ("Hours of support", "24/7", Field::Hours, "around-the-clock", "“24/7” was read as Around the clock"),
        ("Time to a first answer", "< 4h", Field::Response, "4-hours", "“< 4h” was read as Within 4 hours"),
        ("Languages", "Deutsch", Field::Languages, "de", "“Deutsch” was read as German"),
        ("Regions", "global", Field::Regions, "worldwide", "“global” was read as Worldwide"),
        (
            "Org or company logo",
            "```\nhttps://a.example/l.png\n```",
            Field::Logo,
            "https://a.example/l.png",
            "left out Markdown",
        ),
        ("Contact me", "```\n@acme-bot\n```", Field::Github, "acme-bot", "left out Markdown"),
        ("Time to a first answer", "Within 4 hours", Field::Response, "4-hours", ""),
        ("Hours of support", "7×24小时", Field::Hours, "around-the-clock", ""),
        ("Services", "technical support", Field::Services, "support", ""),
    ] {
        let mut boxes = vec![("Org or company name", "Acme"), ("Agreement", "_No response_")];
        match label {
            "Org or company name" => boxes[0].1 = answer,
            _ => boxes.insert(1, (label, answer)),
        }
        let filled = filled(&boxes);
        assert_eq!(filled.draft.get(field), Some(read), "{answer}: {filled:?}");
        let wanted = if says.is_empty() { String::new() } else { format!("{label}: {says}") };
        assert_eq!(lines(&filled).concat(), wanted, "{answer}");
    }
}

/// As people see the issue: what is commented out isn't there, and what is shown as code is.
#[test]
fn a_form_that_nobody_sees_is_none() {
    let body = "### Org or company name\n\nAcme\n\n### Org or company Website\n\nhttps://acme.example";
    for hidden in
        [format!("<!--\n{body}\n-->"), format!("<!-- {body}"), format!("Hello.\n\n<!--\n{body}\n\n-->\n\nBye.")]
    {
        assert_eq!(form::read(&hidden), Err(form::Unread::Other), "{hidden}");
        assert_eq!(form::language_of(&hidden), None, "{hidden}");
    }
    // What a template says above its boxes, and a slip in an answer, hide nothing.
    for seen in [format!("<!-- fill in -->\n\n{body}"), body.replace("Acme", "Acme <!--\n<!-- x")] {
        let found = form::read(&seen).unwrap();
        assert_eq!(found.boxes[&Question::Website], "https://acme.example", "{seen}");
    }
    let part = body.replace("Acme\n", "Acme\n\n<!--\n### Org or company Website\n\nhttps://other.example\n-->\n");
    let found = form::read(&part).unwrap();
    assert_eq!((found.boxes[&Question::Website].as_str(), found.passed_over.len()), ("https://acme.example", 0));
    let in_code = fill(&form::read(&format!("```\n{body}\n```")).unwrap(), None, &Vocabulary::default());
    let told = lines(&in_code);
    assert_eq!(told[0], "the form stands in a block of code, and was read all the same", "{told:?}");
    assert_eq!(in_code.draft.get(Field::Website), Some("https://acme.example"));
}

#[test]
fn what_is_too_long_is_shortened_as_its_kind() {
    let long = "support, ".repeat(2_000);
    for (question, hint) in [
        (Question::Description, "write a sentence or two"),
        (Question::Services, "name fewer of them"),
        (Question::Website, "write the address alone"),
        (Question::Parent, "write it alone, without what stands around it"),
    ] {
        let label = |question: Question| question.label(Language::English);
        let last = if Question::OLD.contains(&question) { Question::Contact } else { Question::Agreement };
        let boxes = [Question::Name, question, last].map(label).into_iter().zip(["Acme", &long, "@jane"]);
        let filled = filled(&boxes.collect::<Vec<_>>());
        assert_eq!(filled.faults.get(&question).map(|fault| fault.hint.as_str()), Some(hint), "{question:?}");
    }
}
