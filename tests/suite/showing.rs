//! How output is shown: by a pager, in color, as links, and not at all differently where nobody looks.

use crate::env::TestEnv;
use crate::terminal::Terminal;

#[test]
fn long_output_goes_through_gits_pager_in_a_terminal_only() {
    let env = TestEnv::with_partner();
    let begin = |args: &[&str], rows: u16| {
        let mut command = env.command(args);
        command.env("GIT_PAGER", "sed s/^/paged:/");
        let mut terminal = Terminal::sized(&command, rows, 80);
        assert_eq!(terminal.ends(), 0);
        terminal.text()
    };
    assert!(begin(&["program"], 10).contains("paged:"));
    assert!(!begin(&["--no-pager", "program"], 10).contains("paged:"));
    assert!(!begin(&["list"], 24).contains("paged:"), "what fits is shown at once");
    let mut command = env.command(&["program"]);
    assert!(!env.output(command.env("GIT_PAGER", "sed s/^/paged:/")).ok().stdout.contains("paged:"));
}

/// A machine may lack the locale that is named, and show Chinese all the same.
#[test]
fn a_pager_is_told_that_the_text_is_utf_8() {
    let env = TestEnv::with_partner();
    for (own, told) in [(None, "charset utf-8"), (Some("latin1"), "charset latin1")] {
        let mut command = env.command(&["program"]);
        command.env("GIT_PAGER", "cat > /dev/null; echo charset $LESSCHARSET").env("LANG", "zh_CN.UTF-8");
        command.envs(own.map(|own| ("LESSCHARSET", own)));
        let mut terminal = Terminal::sized(&command, 10, 80);
        terminal.shows(told);
        assert_eq!(terminal.ends(), 0);
    }
}

/// `NO_COLOR` counts where it isn't empty; the same switch is clap's.
#[test]
fn one_switch_colors_all_words() {
    let env = TestEnv::with_partner();
    let colored = |args: &[&str], variables: &[(&str, &str)]| {
        let output = env.told(env.command(args).envs(variables.iter().copied()));
        output.to_string().contains('\u{1b}')
    };
    for args in [&["list"][..], &["list", "--nope"], &["--help"], &["show", "nobody"]] {
        assert!(!colored(args, &[]), "{args:?}");
        assert!(colored(&[args, &["--color", "always"]].concat(), &[]), "{args:?}");
        assert!(colored(args, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "{args:?}");
        assert!(!colored(args, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "{args:?}");
        assert!(!colored(&[args, &["--color=never"]].concat(), &[("CLICOLOR_FORCE", "1")]), "{args:?}");
    }
}

/// At 50 columns nothing of a table or a hint breaks within a word, and dates stay whole.
#[test]
fn narrow_terminals_break_between_words() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    for args in [&["list"][..], &["status"], &["show", "nobody"]] {
        let mut terminal = Terminal::sized(&env.command(&[args, &["--no-input"]].concat()), 20, 50);
        terminal.ends();
        let shown = terminal.text();
        for line in shown.lines() {
            assert!(line.chars().count() <= 50, "{line}");
        }
        for word in ["2026-09-21", "affiliations", "karmada-partner list"] {
            let squeezed = shown.replace(['\n', ' '], "");
            assert!(!squeezed.contains(&word.replace(' ', "")) || shown.contains(word), "{word}\n{shown}");
        }
    }
}
