//! A person at a real terminal: a pseudo-terminal, keys typed, the screen looked at.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::env::{PATIENCE, TestEnv, some, until};

pub struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    /// All that was written to it.
    written: Arc<Mutex<Vec<u8>>>,
    keys: Box<dyn std::io::Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    reader: Option<JoinHandle<()>>,
    master: Box<dyn portable_pty::MasterPty + Send>,
    /// How keys were read before the program began.
    before: String,
    /// Whether it speaks Chinese.
    is_chinese: bool,
    /// Whether its cursor can't be moved.
    is_dumb: bool,
}

/// What stands in one style in a line, and where it begins.
pub struct Piece {
    pub column: u16,
    pub text: String,
    /// One of the terminal's own.
    pub color: Option<u8>,
    pub bold: bool,
    pub dim: bool,
}

impl Terminal {
    pub fn run(env: &TestEnv, args: &[&str]) -> Self {
        Self::start(&env.command(args))
    }

    /// Runs a command at a terminal of its own.
    pub fn start(sealed: &std::process::Command) -> Self {
        Self::sized(sealed, 60, 100)
    }

    /// The same at a terminal of some lines and columns.
    pub fn sized(sealed: &std::process::Command, rows: u16, cols: u16) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(sealed.get_program());
        command.args(sealed.get_args());
        command.cwd(sealed.get_current_dir().unwrap());
        command.env_clear();
        for (key, value) in sealed.get_envs() {
            if let Some(value) = value {
                command.env(key, value);
            }
        }
        let is_dumb = sealed.get_envs().any(|(key, value)| key == "TERM" && value.is_some_and(|term| term == "dumb"));
        if !is_dumb {
            command.env("TERM", "xterm-256color");
        }
        // On a busy machine the program may ask before anybody looks.
        let before = pty.master.get_termios();
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0)));
        let mut output = pty.master.try_clone_reader().unwrap();
        let shown = Arc::clone(&screen);
        let written = Arc::<Mutex<Vec<u8>>>::default();
        let kept = Arc::clone(&written);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = match output.read(&mut buffer) {
                    Ok(read @ 1..) => read,
                    Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                    // All who wrote to it are gone.
                    _ => break,
                };
                kept.lock().unwrap().extend(&buffer[..read]);
                shown.lock().unwrap().process(&buffer[..read]);
            }
        });
        let keys = pty.master.take_writer().unwrap();
        let is_chinese = sealed.get_args().any(|arg| arg == "zh");
        let before = format!("{before:?}");
        Self { screen, written, keys, child, reader: Some(reader), master: pty.master, before, is_chinese, is_dumb }
    }

    pub const fn is_chinese(&self) -> bool {
        self.is_chinese
    }

    /// All that was written to it so far, escape sequences and all.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().unwrap()).into_owned()
    }

    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// The lines down to the last that isn't empty, in pieces.
    pub fn pieces(&self) -> Vec<Vec<Piece>> {
        let parser = self.screen.lock().unwrap();
        let screen = parser.screen();
        let mut lines = Vec::new();
        for row in 0..screen.size().0.get() {
            let mut line: Vec<Piece> = Vec::new();
            for column in 0..screen.size().1.get() {
                let Some(cell) = screen.cell(row, column) else { continue };
                let color = match cell.fgcolor() {
                    vt100::Color::Idx(index) => Some(index % 8),
                    _ => None,
                };
                let text = if cell.has_contents() { cell.contents() } else { " " };
                let style = (color, cell.bold(), cell.dim());
                match line.last_mut().filter(|last| (last.color, last.bold, last.dim) == style) {
                    Some(last) => last.text += text,
                    None => {
                        let (color, bold, dim) = style;
                        line.push(Piece { column, text: text.to_owned(), color, bold, dim });
                    }
                }
            }
            lines.push(line);
        }
        while lines.last().is_some_and(|line| line.iter().all(|piece| piece.text.trim().is_empty())) {
            lines.pop();
        }
        lines
    }

    /// What the person came with, as `state` tells it.
    pub fn before(&self) -> (bool, String) {
        (false, self.before.clone())
    }

    /// What the person is left with: whether the cursor is hidden, and how the terminal reads keys.
    pub fn state(&self) -> (bool, String) {
        let hidden = self.screen.lock().unwrap().screen().hide_cursor();
        (hidden, format!("{:?}", self.master.get_termios()))
    }

    /// Sends it a signal, by its name.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let id = self.child.process_id().unwrap().to_string();
        // It may have ended already.
        let _ = std::process::Command::new("kill").args(["-s", name, &id]).output().unwrap();
        self
    }

    /// Waits until the screen shows something.
    #[track_caller]
    pub fn shows(&mut self, words: &str) -> &mut Self {
        let begun = Instant::now();
        while !self.text().contains(words) {
            assert!(begun.elapsed() < PATIENCE, "never shown: {words}\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits until something stands in the lines up to the cursor's that the last question takes.
    #[track_caller]
    pub fn shows_last(&mut self, words: &str) -> &mut Self {
        let begun = Instant::now();
        let shown = |terminal: &Self| {
            let screen = terminal.screen.lock().unwrap();
            let (row, _) = screen.screen().cursor_position();
            let text: Vec<String> = screen.screen().rows(0, u16::MAX).collect();
            let last = text[..=usize::from(row)].join("");
            let squeezed = |s: &str| s.replace(' ', "").to_lowercase();
            let tail: String = squeezed(&last).chars().rev().take(160).collect::<Vec<_>>().into_iter().rev().collect();
            tail.contains(&squeezed(words))
        };
        while !shown(self) {
            assert!(begun.elapsed() < PATIENCE, "never shown last: {words}\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits until it asks and nothing moves any more: the screen stays as it is, as long as it takes to draw one.
    #[track_caller]
    pub fn stays(&mut self) -> &mut Self {
        self.still(|terminal| terminal.asks() && terminal.rests())
    }

    /// Waits until nothing moves any more where another program has the terminal.
    #[track_caller]
    pub fn stays_with_another(&mut self) -> &mut Self {
        self.still(|_| true)
    }

    #[track_caller]
    fn still(&mut self, is_still: impl Fn(&Self) -> bool) -> &mut Self {
        let begun = Instant::now();
        let state = |terminal: &Self| {
            let parser = terminal.screen.lock().unwrap();
            (parser.screen().contents_formatted(), parser.screen().cursor_position())
        };
        let (mut seen, mut since) = (state(self), Instant::now());
        while since.elapsed() < STILL {
            std::thread::sleep(Duration::from_millis(20));
            let now = state(self);
            if now != seen || !is_still(self) {
                (seen, since) = (now, Instant::now());
            }
            assert!(begun.elapsed() < PATIENCE, "it never stays\n{}", self.text());
        }
        self
    }

    /// Answers a question, once one is open: what is typed a moment earlier is for none, however much of it the screen shows by then.
    #[track_caller]
    pub fn types(&mut self, keys: &str) -> &mut Self {
        let begun = Instant::now();
        while keys != CTRL_C && !self.asks() {
            assert!(begun.elapsed() < PATIENCE, "nothing is asked that {keys:?} would answer\n{}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        }
        self.types_ahead(keys)
    }

    /// Whether a question is open: meanwhile it wants what is pasted to be marked, where it marks anything.
    fn asks(&self) -> bool {
        self.is_dumb || self.screen.lock().unwrap().screen().bracketed_paste()
    }

    /// Whether the program waits, and doesn't only lack a processor.
    fn rests(&self) -> bool {
        let threads = self.child.process_id().map(|id| format!("/proc/{id}/task"));
        let Some(Ok(threads)) = threads.map(std::fs::read_dir) else { return true };
        threads.flatten().all(|thread| {
            let told = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            !told.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['R', 'D']))
        })
    }

    /// Types, whether it asks or works, or another program has the terminal.
    pub fn types_ahead(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Types, and waits until these words come once more than before: what is typed ahead of a question of keys answers nothing, and
    /// the question of before may stand on the screen yet.
    #[track_caller]
    pub fn leads_again_to(&mut self, keys: &str, words: &str) -> &mut Self {
        let times = |terminal: &Self| terminal.written().matches(words).count();
        let before = times(self);
        self.types(keys);
        until("it is written again", || times(self) > before);
        self
    }

    /// Answers the question that the screen ends with.
    #[track_caller]
    pub fn answers(&mut self, question: &str, answer: &str) -> &mut Self {
        self.shows(question).types(answer).types("\r")
    }

    /// Waits for its end, and until all that it said is on the screen.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        let mut code = None;
        until("its end", || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        // With the program, the terminal ends.
        self.reader.take().unwrap().join().unwrap();
        if self.is_chinese {
            let ill_set = crate::chinese_setting::ill_set(&self.text(), &[]);
            assert!(ill_set.is_empty(), "ill set:\n{}", ill_set.join("\n"));
        }
        code.unwrap().exit_code()
    }
}

/// It stops what works, too.
const CTRL_C: &str = "\u{3}";

/// For so long nothing changes on a screen that is drawn.
const STILL: Duration = Duration::from_millis(300);

const UP_TO_LOGO: [(&str, &str); 6] = [
    ("? Name of the organization", "Acme"),
    ("? Short name in the registry › acme", ""),
    ("? Its name in Chinese", ""),
    ("? Website", "https://acme.example"),
    ("? GitHub ID", "acme-bot"),
    ("? E-mail", "karmada@acme.example"),
];

#[test]
fn a_person_is_guided_through_an_application() {
    let env = TestEnv::with_registry();
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("What you answer becomes public");
    for (question, answer) in UP_TO_LOGO {
        terminal.answers(question, answer);
    }
    // A wrong answer is told at once, and there to be mended.
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    terminal.answers("? Logo", "photo.png").shows("the file is a JPEG, whatever its name says");
    terminal.shows("› photo.png").types(&"\u{8}".repeat(9)).types("logo.png\r").shows("300×200 pixels");
    terminal
        .answers("? One line for your card", "Runs Karmada")
        .answers("? The same in Chinese", "")
        .answers("? Parent company", "")
        .shows("? What do you offer?")
        // The first and the third.
        .types(" \u{1b}[B\u{1b}[B \r")
        .answers("? Where?", "")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", " \u{1b}[B\u{1b}[B\u{1b}[B\u{1b}[B ")
        .answers("? When does somebody answer?", " ")
        .answers("? How many of your people hold a certificate", "a dozen")
        .shows("it isn't a number of people")
        .stays()
        .types(&"\u{8}".repeat(7))
        .types("12\r");
    terminal.shows("This will be sent").shows("short name         acme").shows("? Send this application?").types("v");
    terminal.shows("Signed-off-by: acme-bot").stays().types("y");
    terminal.shows("Sent: Acme (acme) applies to the program.");
    assert_eq!(terminal.ends(), 0);
    assert!(
        env.git(&["show", "apply/acme:data/partners/acme/partner.toml"])
            .contains(
                "description = \"Runs Karmada\"\nservices = [\"support\", \"training\"]\nhours = [\"business-hours\"]\ncertified = 12\n"
            )
    );
    assert!(
        !env.path("home/.local/state/karmada-partner/drafts").read_dir().unwrap().any(|_| true),
        "the draft is gone"
    );
}

#[test]
fn ctrl_c_keeps_the_answers_and_the_terminal() {
    let env = TestEnv::with_registry();
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal
        .answers("? Name of the organization", "Acme")
        .answers("? Short name", "")
        .answers("? Its name in Chinese", "")
        .shows("? Website")
        .types("https://ac\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("your answers are kept");
    assert!(!terminal.screen.lock().unwrap().screen().hide_cursor(), "the cursor is back");
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");

    let mut again = Terminal::run(&env, &["apply"]);
    again.shows("You began an application for Acme before").types("y").shows("name: Acme");
    again.shows("name zh: –").shows("? Website");
    again.types("\u{3}");
    assert_eq!(again.ends(), 130);
}

/// An input method sends words at once, and so does what is pasted: its first letter answers nothing.
#[test]
fn a_key_is_answered_by_a_key_or_by_a_whole_word() {
    let withdraw = ["withdraw", "acme", "--as", "acme-bot"];
    for (words, agrees) in [("不是", false), ("no\r", false), ("是的", true), ("yes\r", true), ("y\r", true)] {
        let env = TestEnv::with_applicant();
        let mut terminal = Terminal::run(&env, &withdraw);
        terminal.shows("Withdraw it?").types("yy.example/logo.png");
        std::thread::sleep(Duration::from_millis(200));
        terminal.types("\u{1b}[200~yes, we do\u{1b}[201~");
        std::thread::sleep(Duration::from_millis(200));
        assert!(terminal.child.try_wait().unwrap().is_none(), "what is pasted answers nothing: {}", terminal.text());
        terminal.types(words);
        terminal.ends();
        let waits = !env.git(&["branch", "--list", "apply/acme"]).is_empty();
        assert_eq!(waits, !agrees, "{words:?}: {}", terminal.text());
    }
}

/// Marked by the terminal or not, what is pasted ticks nothing, moves nothing and answers nothing.
#[test]
fn a_list_is_not_operated_by_what_is_pasted() {
    let (env, partner) = (TestEnv::with_registry(), TestEnv::with_partner());
    let given = ["--kind", "voluntary", "--reason", "We stop", "--as", "alice"];
    let pastes =
        ["\u{1b}[200~a q j \r\n\u{1b}[201~", "we train, and a lot\ryes\rno", "是 的", "\u{1b}[200~ \u{1b}[201~"];
    for paste in some(2, pastes) {
        let mut terminal = Terminal::sized(&env.command(&["apply"]), 30, 80);
        for (question, answer) in UP_TO_LOGO {
            terminal.answers(question, answer);
        }
        terminal.answers("? Logo", "logo.png").answers("? One line", "").answers("? The same", "");
        terminal.answers("? Parent company", "").shows_last("development").stays();
        let before = terminal.text();
        terminal.types(paste).stays();
        assert_eq!(terminal.text(), before, "{paste:?}");
        // Keys go on working, as fast as somebody presses them.
        terminal.types("\u{1b}[B \u{1b}[A\u{1b}[B\r").shows("What do you offer? · Consulting").types("\u{3}");
        assert_eq!(terminal.ends(), 130);
        std::fs::remove_dir_all(env.path("home/.local")).unwrap();

        let mut terminal = Terminal::sized(&partner.command(&[&["exit", "acme"], &given[2..]].concat()), 24, 80);
        terminal.shows_last("breach").stays();
        let before = terminal.text();
        terminal.types(paste).stays();
        assert_eq!(terminal.text(), before, "{paste:?}");
        terminal.types("\u{3}");
        assert_eq!(terminal.ends(), 130);

        let mut terminal = Terminal::sized(&partner.command(&[&["exit", "acme"], &given[..]].concat()), 24, 80);
        terminal.shows_last("n: no").stays();
        let before = terminal.text();
        terminal.types(paste).stays();
        assert_eq!(terminal.text(), before, "{paste:?}");
        terminal.types("\u{3}");
        assert_eq!(terminal.ends(), 130);
    }
}

#[test]
fn an_update_is_asked_for_field_by_field_and_kept_apart_from_applications() {
    let env = TestEnv::with_partner();
    let update = ["update", "acme", "--as", "acme-bot"];
    let mut terminal = Terminal::run(&env, &update);
    terminal
        .shows("› Acme")
        .types("\r")
        .answers("? Its name in Chinese", "")
        .shows("? Website › https://acme.example/karmada")
        .types("x\r")
        .shows("? GitHub ID");
    terminal.types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("? Name of the organization ›").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let mut terminal = Terminal::run(&env, &update);
    terminal.shows("You began to change this entry before").types("y").shows("› Acme").types("\r");
    terminal
        .answers("? Its name in Chinese", "")
        .shows("? Website › https://acme.example/karmadax")
        .types("\r")
        .answers("? GitHub ID", "")
        .answers("? E-mail", "");
    terminal
        .answers("? One line", "")
        .answers("? The same", "")
        .answers("? Parent", "")
        .answers("? Former", "Ajax; Acmecorp")
        .answers("? What do you offer?", "")
        .answers("? Where?", "")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", "")
        .answers("? Another logo", "");
    terminal.shows("website            https://acme.example/karmada → https://acme.example/karmadax");
    terminal.shows("? Propose this change?").types("y").shows("Changed: website, former_names");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn ctrl_c_at_a_choice_brings_the_cursor_back() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal.shows("? What now?").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    assert!(!terminal.screen.lock().unwrap().screen().hide_cursor());
}

#[test]
fn a_personal_mailbox_is_asked_about() {
    let env = TestEnv::with_registry();
    let mut terminal = Terminal::run(
        &env,
        &[
            "apply",
            "--name",
            "Acme",
            "--slug",
            "acme",
            "--website",
            "https://acme.example",
            "--github",
            "a",
            "--logo",
            "logo.png",
        ],
    );
    terminal
        .answers("? Its name in Chinese", "")
        .answers("? E-mail", "jane.doe@gmail.com")
        .shows("looks like a person's own mailbox")
        .shows("Leave it out");
    terminal
        .types("\u{1b}[B\r")
        .answers("? One line", "")
        .answers("? The same", "")
        .answers("? Parent", "")
        .answers("? What do you offer?", "")
        .answers("? Where?", "")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", "");
    terminal.shows("? Send this application?").types("y").shows("Sent: Acme");
    assert_eq!(terminal.ends(), 0);
    assert!(!env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]).contains("email"));
}

#[test]
fn saying_no_changes_nothing_and_lets_answers_be_changed() {
    let env = TestEnv::with_registry();
    let mut terminal = Terminal::run(
        &env,
        &[
            "apply",
            "--name",
            "Acme",
            "--slug",
            "acme",
            "--website",
            "https://acme.example",
            "--github",
            "a",
            "--logo",
            "logo.png",
            "--email",
            "karmada@acme.example",
        ],
    );
    terminal
        .answers("? Its name in Chinese", "")
        .answers("? One line", "x1")
        .answers("? The same", "")
        .answers("? Parent", "")
        .answers("? What do you offer?", "")
        .answers("? Where?", "")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", "");
    terminal.shows("? Send this application?").types("n").shows("Not sent. What now?").shows("Change description: x1");
    terminal.types("\r").shows("Nothing was sent.");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}

#[test]
fn the_queue_is_walked_and_voted_on() {
    let env = TestEnv::with_applicant();
    env.apply("Beta").ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal
        .shows("You act as alice")
        .shows("1 of 2")
        .shows("Acme (acme) · application")
        .shows("? What now?")
        .types("j");
    terminal.shows("? Is the organization authentic?").types("\r").shows("? Is the address relevant").types("\r");
    terminal.shows("? Is it relevant to commercial support").types("\u{1b}[A\r").shows("? Your vote").types("\r");
    terminal.answers("? Reason", "\u{15}the page is empty").shows("Vote reject on Acme").types("y");
    terminal
        .shows("Recorded: your vote on the application of Acme: reject")
        .shows("2 of 2")
        .shows("Beta (beta)")
        .shows_last("q: stop")
        .types("q");
    terminal.shows("You voted on 1 of 2. Left for later: 1.");
    assert_eq!(terminal.ends(), 0);
    let vote = env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice"]);
    assert!(vote.contains("KP-Relevance: not-met\nKP-Evidence: sha256:"), "{vote}");
    assert!(vote.contains("\nKP-Note: the page is empty\n"), "{vote}");
}

/// A picture of the logo, where the terminal is known to show one.
#[test]
fn the_logo_is_shown_where_the_terminal_can() {
    let kitty = (String::new(), "xterm-kitty".to_owned(), false);
    let png = crate::picture::png(300, 300);
    let picture = karmada_partner::ui::picture(&kitty, &png).unwrap();
    assert!(picture.starts_with("\u{1b}_Gf=100,a=T,r=8,m=0;iVBORw0KGgo") && picture.ends_with("\u{1b}\\"), "{picture}");
    let iterm = ("iTerm.app".to_owned(), String::new(), false);
    assert!(karmada_partner::ui::picture(&iterm, &png).unwrap().starts_with("\u{1b}]1337;File=inline=1;"));
    assert_eq!(karmada_partner::ui::picture(&(String::new(), "xterm".into(), false), &png), None);
    assert_eq!(karmada_partner::ui::picture(&iterm, b"ab").unwrap().rsplit(':').next(), Some("YWI=\u{7}"));
}

/// An address leads there where the terminal is known to make links of such, also where it is cut short.
#[test]
fn addresses_are_links_where_the_terminal_knows_them() {
    let env = TestEnv::with_partner();
    let written = |program: &str, kind: &str| {
        let mut command = env.command(&["list"]);
        command.env("TERM_PROGRAM", program).env("TERM", kind);
        let mut terminal = Terminal::sized(&command, 24, 60);
        assert_eq!(terminal.ends(), 0);
        terminal.written()
    };
    let link = "\u{1b}]8;;https://acme.example/karmada\u{1b}\\";
    assert!(written("WezTerm", "").contains(link), "{:?}", written("WezTerm", ""));
    assert!(!written("", "").contains("\u{1b}]8"));
    assert!(!written("WezTerm", "dumb").contains('\u{1b}'));
}

/// Where nothing can be edited, what is offered can be left out all the same.
#[test]
fn what_is_offered_to_a_dumb_terminal_is_emptied_by_a_hyphen() {
    let env = TestEnv::with_registry();
    env.write("logo.png", crate::picture::board(0));
    let facts = ["--website", "https://beta.example/k", "--github", "someone", "--email", "jane.doe@gmail.com"];
    env.run(&[&["apply", "--name", "Beta", "--logo", "logo.png"][..], &facts].concat()).ok().code.unwrap();
    let mut command = env.command(&["review", "beta", "--as", "alice", "--offline"]);
    let mut terminal = Terminal::sized(command.env("TERM", "dumb"), 60, 80);
    terminal
        .shows_last("q: stop")
        .types("r")
        .shows("Enter takes what stands in brackets; a hyphen alone leaves it empty.");
    terminal.shows_last("›").leads_again_to("-\r", "q: stop").shows("(empty goes back) · –").types("q");
    assert_eq!(terminal.ends(), 0);
    assert!(!env.git(&["log", "-1", "--format=%B", "apply/beta"]).contains("alice"));
}

/// A terminal that can't move its cursor, or a screen reader: everything is asked for in lines, and nothing moves.
#[test]
fn a_dumb_terminal_is_asked_in_lines() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["apply", "--name", "Acme", "--slug", "acme", "--website", "https://acme.example"]);
    command.args(["--github", "acme-bot", "--email", "karmada@acme.example", "--logo", "logo.png"]).env("TERM", "dumb");
    let mut terminal = Terminal::sized(&command, 60, 80);
    terminal
        .answers("? Its name in Chinese", "")
        .answers("? One line", "")
        .answers("? The same", "")
        .answers("? Parent", "")
        .shows("  1  Technical support")
        .answers("? What do you offer? (numbers with commas between; 0 for none)", "1, 9")
        .shows("it isn't one of these numbers")
        .stays()
        .types("1,3\r")
        .answers("? Where?", "0")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", "");
    terminal.shows("Technical support, Training").shows("? Send this application?").types("y").shows("Sent: Acme");
    assert_eq!(terminal.ends(), 0);
    let written = terminal.written();
    assert!(!written.contains('\u{1b}'), "{written:?}");
    // Nor where it is stopped.
    for signal in ["INT", "TERM"] {
        let env = TestEnv::with_registry();
        let mut command = env.command(&["apply", "--name", "Hooli"]);
        let mut terminal = Terminal::sized(command.env("TERM", "dumb"), 60, 80);
        terminal.shows("? Short name").signal(signal);
        let _ = terminal.ends();
        let written = terminal.written();
        assert!(written.contains("Stopped; nothing was sent.") && !written.contains('\u{1b}'), "{written:?}");
    }
}

/// What is longer than the screen is wide goes on below between words, and as one line where no screen is.
#[test]
fn data_is_broken_between_words_on_a_screen() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "The page says nothing about support for Karmada", "--as", "alice"])
        .ok()
        .code
        .unwrap();
    for args in [["status", "acme"].as_slice(), &["show", "acme"], &["log"], &["doctor"]] {
        let whole = env.run(args).stdout;
        let mut command = env.command(args);
        command.env("GIT_PAGER", "cat");
        let mut terminal = Terminal::sized(&command, 60, 60);
        let _ = terminal.ends();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (shown, whole) = (words(&terminal.text()), words(&whole));
        // Ages and such aside, every word is there as it is.
        let lacking: Vec<_> =
            whole.iter().filter(|word| word.len() < 50 && !word.contains("COMMIT") && !shown.contains(word)).collect();
        assert!(lacking.is_empty(), "{args:?}: {lacking:?}\n{}", terminal.text());
    }
}
