//! How Chinese is set: a check that holds all that the suite reads in Chinese to docs/zh-style.md.

use regex::Regex;

/// Where Chinese isn't set as docs/zh-style.md says: a space beside full-width punctuation, which brings its own; and none between
/// Chinese and Latin letters or digits. Columns, and marks between parts of a line, stand apart.
pub fn ill_set(shown: &str, data: &[&str]) -> Vec<String> {
    let mut text = shown.to_owned();
    for known in data {
        text = text.replace(known, "·");
    }
    text = Regex::new("“[^”]*”").unwrap().replace_all(&text, "“·”").into_owned();
    let beside =
        Regex::new(r"[，。、；：？！（）][ \u{3000}][^\s·›→│#\[]|[^\s·›→│✔✘?–-][ \u{3000}][，。、；：？！（）]")
            .unwrap();
    let close = Regex::new("[\u{3400}-\u{9fff}][A-Za-z0-9]|[A-Za-z0-9][\u{3400}-\u{9fff}]").unwrap();
    text.lines().filter(|line| beside.is_match(line) || close.is_match(line)).map(str::to_owned).collect()
}

#[test]
fn the_checker_tells_what_is_ill_set() {
    for line in [
        "这里没有 --nonsense",
        "  邮箱        a@b.example",
        "公司（上海）  active",
        "名称？ › ",
        "（今天） · 3 票",
        "共 10 份，您投了 3 份。",
    ] {
        assert_eq!(ill_set(line, &[]), Vec::<String>::new());
    }
    for line in ["共 3 份， 您", "（上海） 的", "您 （委员）", "第3份", "用git推送"] {
        assert_eq!(ill_set(line, &[]).len(), 1, "{line}");
    }
}
