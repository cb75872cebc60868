//! Whoever is asked sees who it is about: name, website and the question stand together on the screen, whatever was said before.

use crate::env::{TestEnv, some};
use crate::terminal::Terminal;

const SITE: &str = "https://acme.example/karmada";
const MET: [&str; 6] = ["--authenticity", "met", "--url", "met", "--relevance", "met"];

/// Members say so much that no screen holds it.
fn talked_over(env: &TestEnv, notes: usize, length: usize) {
    for nth in 0..notes {
        let who = if nth % 2 == 0 { "alice" } else { "bob" };
        let note = format!("{nth} {}", "much to say ".repeat(length / 12 + 1));
        let said = ["review", "acme", "--vote", "abstain", "--reason", note.trim(), "--as", who];
        env.run(&[said.as_slice(), &MET].concat()).ok().code.unwrap();
    }
}

fn exit(env: &TestEnv) {
    let words = ["exit", "acme", "--kind", "inactive", "--reason", "silent for a year", "--as", "alice"];
    env.run(&words).ok().code.unwrap();
}

/// The screen as it is while it asks.
#[track_caller]
fn is_whole(terminal: &mut Terminal, question: &str, what: &str) {
    terminal.shows(question).stays();
    let screen = terminal.text();
    for words in ["Acme", SITE, question] {
        assert!(screen.contains(words), "{what}: {words}:\n{screen}");
    }
}

const NOTES: [(usize, usize); 4] = [(1, 20), (6, 20), (6, 240), (12, 400)];

#[test]
fn name_website_and_question_are_visible_together_however_much_was_said() {
    for (notes, length) in some(2, NOTES) {
        for leaves in [false, true] {
            let env = if leaves { TestEnv::with_partner() } else { TestEnv::with_applicant() };
            if leaves {
                exit(&env);
            }
            talked_over(&env, notes, length);
            let grant: &[&str] = if leaves { &["exit", "acme"] } else { &["approve", "acme"] };
            for words in [grant, &["reject", "acme", "--reason", "no"]] {
                let what = format!("{words:?}, {notes} notes of {length}");
                let args = [words, &["--as", "carol"]].concat();
                let mut terminal = Terminal::sized(&env.command(&args), 24, 80);
                is_whole(&mut terminal, "Write this down, for everybody to read?", &what);
                // All of the commit, and asked again.
                terminal.types("v").shows("KP-Actor: carol");
                is_whole(&mut terminal, "Write this down, for everybody to read?", &what);
                terminal.types("n");
                terminal.ends();
                let mut terminal = Terminal::sized(&env.command(&[&args[..], &["--verbose"]].concat()), 24, 80);
                is_whole(&mut terminal, "Write this down, for everybody to read?", &what);
                terminal.types("n");
                terminal.ends();
            }
        }
    }
}

/// What is confirmed stands above the question, whole where it fits, and whom it is about always.
#[test]
fn an_entry_is_confirmed_with_its_facts_on_the_screen() {
    let env = TestEnv::with_partner();
    let renew = ["renew", "acme", "--as", "acme-bot"];
    let question = "Confirm that name, website, contact and the rest still hold?";
    let mut terminal = Terminal::sized(&env.command(&renew), 24, 80);
    is_whole(&mut terminal, question, "renew");
    let screen = terminal.text();
    assert!(screen.contains("says of itself") && !screen.contains("KP-"), "{screen}");
    terminal.types("v").shows("KP-Actor: acme-bot");
    is_whole(&mut terminal, question, "renew, v");
    terminal.types("n");
    terminal.ends();
    // Where the facts don't fit, it says at least whom they are about.
    let mut terminal = Terminal::sized(&env.command(&renew), 10, 80);
    is_whole(&mut terminal, question, "renew, few lines");
    terminal.types("n");
    terminal.ends();
    let mut terminal = Terminal::sized(&env.command(&[&renew[..], &["-v"]].concat()), 24, 80);
    is_whole(terminal.shows("KP-Actor: acme-bot"), question, "renew -v");
    terminal.types("y").shows("Recorded: Acme confirms its entry");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_workplace_shows_whom_each_question_is_about() {
    let long = "a reason that is long, ".repeat(20);
    for (notes, length) in some(2, NOTES) {
        for keys in ["a", "j"] {
            let env = TestEnv::with_applicant();
            talked_over(&env, notes, length);
            let met = ["review", "acme", "--vote", "approve", "--as", "bob"];
            env.run(&[met.as_slice(), &MET].concat()).ok().code.unwrap();
            let what = format!("{keys}, {notes} notes of {length}");
            let mut terminal = Terminal::sized(&env.command(&["review", "acme", "--as", "carol", "--offline"]), 24, 80);
            is_whole(&mut terminal, "What now?", &what);
            terminal.types(keys);
            if keys == "j" {
                // Nothing was looked at, so that what is met has to be said.
                let met = "\u{1b}[B\r";
                terminal.shows("Is the organization authentic?").types("\r").shows("Is the address").types(met);
                terminal.shows("commercial support").types(met).shows("Your vote").types("\r");
                terminal.shows("Note, for everybody").types(long.trim()).types("\r");
            }
            is_whole(&mut terminal, "Vote approve on Acme", &what);
            terminal.types("y");
            is_whole(&mut terminal, "Make Acme a partner now?", &what);
            terminal.types("n");
            assert_eq!(terminal.ends(), 0, "{what}");
        }
    }
}
