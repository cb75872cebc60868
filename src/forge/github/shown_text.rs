//! What a text in Markdown shows on GitHub: all but its comments. What nobody sees must not say anything.

/// The text without HTML comments. Those in code are shown, and stay.
#[must_use]
pub fn without_comments(text: &str) -> String {
    let mut shown = String::new();
    let mut fence: Option<String> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.find('\n').map_or(rest.len(), |at| at + 1));
        let ticks = fence_of(line);
        match (&fence, ticks) {
            (Some(open), Some((ticks, bare))) if bare && ticks.starts_with(open.as_str()) => fence = None,
            (Some(_), _) => {}
            (None, Some((ticks, _))) => fence = Some(ticks.to_owned()),
            (None, None) => {
                rest = plain_line(rest, &mut shown);
                continue;
            }
        }
        shown += line;
        rest = after;
    }
    shown
}

/// The fence that a line begins with, and whether nothing stands behind it.
fn fence_of(line: &str) -> Option<(&str, bool)> {
    let indented = line.trim_start_matches(' ');
    let mark = indented.chars().next().filter(|c| matches!(c, '`' | '~') && line.len() - indented.len() < 4)?;
    let behind = indented.trim_start_matches(mark);
    let fence = &indented[..indented.len() - behind.len()];
    let opens = fence.len() >= 3 && !(mark == '`' && behind.contains('`'));
    opens.then_some((fence, behind.trim().is_empty()))
}

/// Takes a line that is no code, and the lines of a comment that begins in it. Gives what comes after.
fn plain_line<'t>(text: &'t str, shown: &mut String) -> &'t str {
    let mut rest = text;
    let mut begins = true;
    loop {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let Some(at) = rest[..end].find(['`', '<']) else {
            *shown += &rest[..end];
            return &rest[end..];
        };
        *shown += &rest[..at];
        begins &= rest[..at].trim().is_empty();
        rest = &rest[at..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        if ticks > 0 {
            // A span of code ends with as many.
            let within = &rest[ticks..];
            let line = &within[..within.find('\n').unwrap_or(within.len())];
            let closes = line
                .match_indices(&rest[..ticks])
                .map(|(at, _)| at)
                .find(|at| !line[at + ticks..].starts_with('`') && !line[..*at].ends_with('`'));
            let length = closes.map_or(ticks, |at| ticks + at + ticks);
            *shown += &rest[..length];
            rest = &rest[length..];
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            // At the beginning of a line it goes on until it ends; within one, no further than its paragraph.
            let most = if begins { inside.len() } else { paragraph(inside) };
            match inside[..most].find("-->") {
                Some(at) => rest = &inside[at + 3..],
                None if begins => return "",
                None => {
                    *shown += "<!--";
                    rest = inside;
                }
            }
        } else {
            shown.push('<');
            rest = &rest[1..];
        }
        begins = false;
    }
}

/// Where the paragraph ends.
fn paragraph(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_go_and_code_stays() {
        for (text, shown) in [
            ("a <!-- b --> c\n", "a  c\n"),
            ("<!--\nKP-Vote: v1 approve\n\nKP-X: y\n-->\nred\n", "\nred\n"),
            ("<!-- never ended\nKP-Vote: v1\n", ""),
            ("  <!-- x\n```\n-->\n```\ncode\n```\n", "  \n```\ncode\n```\n"),
            ("words <!-- over\nlines --> end\n", "words  end\n"),
            ("words <!-- not over\n\nparagraphs --> end\n", "words <!-- not over\n\nparagraphs --> end\n"),
            ("`<!-- a` KP `-->`\n", "`<!-- a` KP `-->`\n"),
            ("`` a ` <!-- `` b <!-- c -->\n", "`` a ` <!-- `` b \n"),
            ("```text\n<!-- shown -->\n```\n", "```text\n<!-- shown -->\n```\n"),
            ("````\n```\n<!-- shown -->\n````\n<!-- not -->", "````\n```\n<!-- shown -->\n````\n"),
            ("~~~\n<!-- shown -->\n~~~\n", "~~~\n<!-- shown -->\n~~~\n"),
            ("a < b\r\n", "a < b\r\n"),
            ("", ""),
        ] {
            assert_eq!(without_comments(text), shown, "{text:?}");
        }
    }
}
