//! Signing, by the programs that git signs with: they know agents, security keys and passphrases. Nothing else runs them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::signing_programs::{Trouble, indented, late, run, why_late};
use super::{gnupg, ssh_files};
use crate::children;
use crate::domain::signature::sshsig::{PublicKey, Signature, armor_in};
use crate::domain::values::Invalid;
use crate::domain::{shell, text};
use crate::error::{Error, Result};
use crate::files;

/// What git's configuration says about signing. Paths have their `~/` replaced already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GitSigning {
    /// `gpg.format`.
    pub format: Option<String>,
    /// `user.signingkey`.
    pub key: Option<String>,
    /// `gpg.openpgp.program`, or `gpg.program`.
    pub openpgp_program: Option<String>,
    /// `gpg.x509.program`.
    pub x509_program: Option<String>,
    /// `gpg.ssh.program`.
    pub ssh_program: Option<String>,
    /// `gpg.ssh.defaultKeyCommand`.
    pub default_key_command: Option<String>,
    /// `commit.gpgsign`.
    pub sign_commits: bool,
}

impl GitSigning {
    fn ssh_keygen(&self) -> &str {
        self.ssh_program.as_deref().unwrap_or("ssh-keygen")
    }

    fn is_ssh(&self) -> bool {
        self.format.as_deref() == Some("ssh")
    }

    /// Whether a vote may go unsigned: not where git is set to sign, and with what signs no votes.
    ///
    /// # Errors
    /// When there is a key that can't be used, or none where commits are to be signed.
    pub(crate) fn can_sign_blocks(&self) -> Result<()> {
        let Some(why) = self.without_a_key_for_blocks() else { return Ok(()) };
        Err(off(Error::usage(tr!("this vote would go unsigned: {why}; votes are signed with SSH keys", why))
            .hint(to_sign_blocks())))
    }

    /// Why git is set to sign with what signs no block, if it is.
    pub(crate) fn without_a_key_for_blocks(&self) -> Option<String> {
        Some(match (&self.key, self.signs_by()) {
            (None, _) if !self.sign_commits => return None,
            (Some(_), "ssh") => return None,
            (None, "ssh") => tr!("git is set to sign commits, and isn't told with which SSH key").to_owned(),
            (None, format) => tr!("git is set to sign commits by {format}", format = text::quote(format)),
            (Some(key), format) => {
                tr!(
                    "git's user.signingkey {key} is a key of {format}",
                    key = text::quote(key),
                    format = text::quote(format)
                )
            }
        })
    }

    /// Whether commits are signed with a key that wants to be touched each time.
    pub(crate) fn wants_touch(&self, may_ask: bool) -> bool {
        let key = || Signer { source: self.ssh_key(may_ask).ok()??, program: String::new(), may_ask }.public_key().ok();
        self.is_ssh() && key().is_some_and(|key| key.algorithm().is_touched())
    }

    /// By what commits are signed, as git's `gpg.format` calls it.
    pub(crate) fn signs_by(&self) -> &str {
        self.format.as_deref().unwrap_or("openpgp")
    }

    /// The SSH key that git would sign with.
    fn ssh_key(&self, may_ask: bool) -> Result<Option<KeySource>> {
        match (&self.key, &self.default_key_command) {
            (Some(key), _) => KeySource::parse(key, None).map(Some),
            (None, Some(command)) => ask_for_key(command, may_ask).map(Some),
            (None, None) => Ok(None),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// In a file: a private key, or a public one whose private half is beside it or with an agent.
    File(PathBuf),
    /// With an agent; this is its public half, a line.
    Agent(String),
}

/// How public keys begin, each line. Git itself wants `key::` before the last three.
const KEY_TYPES: [&str; 4] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-"];

impl KeySource {
    /// Reads a setting as git does: a path, or a public key, which may have `key::` before it.
    pub(crate) fn parse(setting: &str, home: Option<&Path>) -> Result<Self> {
        let setting = setting.trim();
        // Never shown: whoever puts it there takes a setting for the file.
        if setting.contains("PRIVATE KEY-----") || setting.starts_with("PuTTY-User-Key-File") {
            return Err(off(Error::usage(tr!(
                "what to sign with is set to a private key itself, and not to where it is"
            ))
            .hint(tr!("keep the key in a file that only you can read, and set its path"))));
        }
        let is_a_line = || KEY_TYPES.iter().any(|begins| setting.starts_with(begins)) && setting.contains(' ');
        let literal = setting.strip_prefix("key::").or_else(|| is_a_line().then_some(setting));
        if let Some(line) = literal {
            return match text::fault(line) {
                None => Ok(Self::Agent(line.to_owned())),
                Some(why) => Err(off(Error::usage(tr!("the key to sign with can't be used: {why}", why)))),
            };
        }
        Ok(Self::File(files::below_home(setting, home).unwrap_or_else(|| PathBuf::from(setting))))
    }

    /// The same where a relative path leads from `folder`.
    fn beside(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            agent @ Self::Agent(_) => agent,
        }
    }

    fn shown(&self) -> String {
        text::visible(&match self {
            Self::File(path) => path.display().to_string(),
            Self::Agent(line) if line.is_empty() => "key::".to_owned(),
            Self::Agent(line) => line.split(' ').take(2).collect::<Vec<_>>().join(" "),
        })
    }
}

/// What to set so that votes and events are signed.
pub(crate) fn to_sign_blocks() -> &'static str {
    tr!(
        "set KARMADA_PARTNER_SIGNING_KEY to an SSH key, such as ~/.ssh/id_ed25519; or git's gpg.format to ssh and user.signingkey to it"
    )
}

fn unsigned() -> &'static str {
    tr!("to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none")
}

fn named() -> &'static str {
    tr!(
        "the key is named in KARMADA_PARTNER_SIGNING_KEY, or as signing_key in config.toml, or in git's user.signingkey"
    )
}

/// An error after which there is the way without.
fn off(error: Error) -> Error {
    error.hint(unsigned())
}

/// A setting that names a key, and the folder from which a relative path in it leads.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    pub setting: &'a str,
    pub beside: &'a Path,
}

/// Signs blocks with a person's SSH key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    source: KeySource,
    program: String,
    may_ask: bool,
}

impl Signer {
    /// The signer that the settings name: `named` is our own, before git's. `none` is no signer. `may_ask` is whether there is a person to ask for a passphrase.
    ///
    /// # Errors
    /// When a setting isn't a key's, or the command that git asks for one fails.
    pub fn find(
        named: Option<Named<'_>>,
        git: &GitSigning,
        home: Option<&Path>,
        may_ask: bool,
    ) -> Result<Option<Self>> {
        let source = match named {
            Some(Named { setting: "none", .. }) => None,
            Some(Named { setting, beside }) => Some(KeySource::parse(setting, home)?.beside(beside)),
            None if git.is_ssh() => git.ssh_key(may_ask)?,
            None => None,
        };
        Ok(source.map(|source| Self { source, program: git.ssh_keygen().to_owned(), may_ask }))
    }

    /// The public half of the key it signs with.
    ///
    /// # Errors
    /// When the key can't be read, or can't be used here.
    pub fn public_key(&self) -> Result<PublicKey> {
        let shown = self.source.shown();
        let unfit = |e: Invalid| {
            off(Error::usage(tr!("the key to sign with, {shown}, can't be used here: {why}", shown, why = e.why))
                .hint(e.hint))
        };
        let path = match &self.source {
            KeySource::Agent(line) => return line.parse().map_err(unfit),
            KeySource::File(path) => path,
        };
        let read = |path: &Path| crate::files::read(path, crate::domain::limits::DOCUMENT, tr!("the key to sign with"));
        let text = String::from_utf8(read(path).map_err(|e| off(e.hint(named())))?).unwrap_or_default();
        if text.starts_with("PuTTY-User-Key-File") {
            return Err(off(Error::usage(tr!("the key {shown} is PuTTY's, which ssh-keygen doesn't read", shown))
                .hint(tr!(
                    "puttygen {shown} -O private-openssh -o id_ed25519 makes one that it does",
                    shown = shell::quoted(&shown)
                ))));
        }
        if text.contains("-----BEGIN PGP") {
            return Err(off(Error::usage(tr!(
                "the key {shown} is OpenPGP's, and blocks are signed with SSH keys",
                shown
            ))
            .hint(to_sign_blocks())));
        }
        if text.contains("PRIVATE KEY-----\r\n") && !cfg!(windows) {
            return Err(off(Error::usage(tr!(
                "the lines of the key {shown} end with CRLF, which ssh-keygen doesn't read",
                shown
            ))
            .hint(tr!("save it with LF line ends, or copy the key again"))));
        }
        if !text.contains("PRIVATE KEY") {
            return text.trim().parse().map_err(unfit);
        }
        // What the private key itself says can't be out of date, as a file beside it can.
        let mut beside = path.as_os_str().to_owned();
        beside.push(".pub");
        let public = || String::from_utf8(read(Path::new(&beside)).ok()?).ok();
        let old = || {
            off(Error::usage(tr!("{source} is a private key that doesn't say its public half", source = shown)).hint(
                format!("ssh-keygen -y -f {} > {}", shell::quoted(&shown), shell::quoted(&format!("{shown}.pub"))),
            ))
        };
        match PublicKey::of_private(&text) {
            Some(key) => key.map_err(unfit),
            None => public().ok_or_else(old)?.trim().parse().map_err(unfit),
        }
    }

    /// Signs `bytes`. The signature is verified before anybody gets it.
    ///
    /// # Errors
    /// When the program can't sign, or signs with another key.
    pub fn sign(&self, namespace: &str, bytes: &[u8]) -> Result<Signature> {
        let key = self.public_key()?;
        if self.may_ask && key.algorithm().is_touched() {
            tell_terminal(
                &(tr!("Touch the security key {comment} to sign.", comment = text::visible(key.comment())) + "\n"),
            );
        }
        let armored = self.armored(namespace, bytes)?;
        let wrong = |why: String| {
            let program = text::visible(&self.program);
            off(Error::environment(tr!("{program} gave a signature that can't be used: {why}", program, why))
                .hint(tr!("check that the public key beside the private one belongs to it")))
        };
        let signature = Signature::from_armored(&armored).map_err(|e| wrong(e.why))?;
        signature.verify(bytes, namespace, std::slice::from_ref(&key)).map_err(|e| wrong(e.to_string()))?;
        Ok(signature)
    }

    fn armored(&self, namespace: &str, bytes: &[u8]) -> Result<String> {
        let cant = |e: std::io::Error| off(Error::environment(tr!("can't make a temporary file: {e}", e)));
        let mut command = self.command();
        command.args(["-Y", "sign", "-n", namespace, "-f"]);
        // Kept until the program has read it.
        let passing = match &self.source {
            KeySource::File(path) => {
                command.arg(path);
                None
            }
            KeySource::Agent(line) => {
                let mut file = tempfile::Builder::new().prefix("karmada-partner-key-").tempfile().map_err(cant)?;
                writeln!(file, "{line}").map_err(cant)?;
                command.arg(file.path()).arg("-U");
                Some(file)
            }
        };
        let said = run(command, bytes, self.may_ask).map_err(|e| self.explain(&e));
        drop(passing);
        Ok(armor_in(&String::from_utf8_lossy(&said?.out)).to_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if !self.may_ask {
            children::ask_nobody(&mut command);
        }
        command
    }

    fn explain(&self, trouble: &Trouble) -> Error {
        let program = text::visible(&self.program);
        let said = match trouble {
            Trouble::Missing(e) => {
                let install =
                    || tr!("install OpenSSH 8.2 or newer, or name the program in git's gpg.ssh.program").to_owned();
                let (e, hint) = files::programs::not_begun(&self.program, e);
                let hint = hint.unwrap_or_else(install);
                return off(Error::environment(tr!("can't run {program}: {e}", program, e)).hint(hint));
            }
            Trouble::Late(limit) => return off(Error::environment(late(&program, *limit)).hint(why_late())),
            Trouble::Failed(said) | Trouble::Ended(said, _) => said,
        };
        let shown = self.source.shown();
        let error = Error::environment(tr!("can't sign with {shown}:", shown) + "\n" + &indented(said));
        if let Trouble::Ended(_, hint) = trouble {
            return off(error.hint(*hint));
        }
        let heard = |words: &[&str]| words.iter().any(|w| said.contains(w));
        off(match ssh_files::remedy(said) {
            Some(hint) => error.hint(hint),
            None if heard(&["passphrase"]) && !self.may_ask => {
                error.hint(tr!("its passphrase can't be asked for here: add the key to an agent with ssh-add first"))
            }
            None if heard(&["passphrase"]) => error.hint(tr!("run it again with the right passphrase")),
            None if heard(&["agent", "Agent", "No private key"]) => {
                error.hint(tr!("start an agent and add the key with ssh-add; ssh-add -l shows what it has"))
            }
            None if heard(&["No such file", "not found"]) => error.hint(named()),
            None => error.hint(tr!(
                "try it by hand: {program} -Y sign -n test -f {shown}",
                program = shell::quoted(&program),
                shown = shell::quoted(&shown)
            )),
        })
    }
}

/// Says something where passphrases are asked for; where there is no terminal, nobody reads it.
fn tell_terminal(words: &str) {
    let terminal = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
    let _ = std::fs::OpenOptions::new().write(true).open(terminal).and_then(|mut tty| tty.write_all(words.as_bytes()));
}

/// Runs `gpg.ssh.defaultKeyCommand` as git does: its first line is a key.
fn ask_for_key(command: &str, may_ask: bool) -> Result<KeySource> {
    let shown = tr!("git's gpg.ssh.defaultKeyCommand, {command}", command = text::quote(command));
    let hint = tr!("set git's user.signingkey to the key to sign with");
    let fail = |why: &str| off(Error::usage(tr!("{shown}, {why}", shown, why)).hint(hint));
    let words = words(command).ok_or_else(|| fail(tr!("has quotes that aren't closed")))?;
    let (program, args) = words.split_first().ok_or_else(|| fail(tr!("is empty")))?;
    let mut command = Command::new(program);
    command.args(args);
    if !may_ask {
        children::ask_nobody(&mut command);
    }
    let said = run(command, b"", may_ask).map_err(|e| match e {
        Trouble::Missing(e) => {
            let (e, hint) = files::programs::not_begun(program, &e);
            let told = fail(&tr!("can't be run: {e}", e));
            hint.into_iter().fold(told, Error::hint)
        }
        Trouble::Late(limit) => fail(&tr!("wasn't done after {seconds} s, and was ended", seconds = limit.as_secs())),
        Trouble::Failed(said) => fail(&format!("failed:\n{}", indented(&said))),
        Trouble::Ended(said, hint) => fail(&format!("failed:\n{}", indented(&said))).hint(hint),
    })?;
    let out = String::from_utf8_lossy(&said.out);
    let line = out.lines().next().unwrap_or_default();
    match KeySource::parse(line, None)? {
        key @ KeySource::Agent(_) => Ok(key),
        KeySource::File(_) => Err(fail(tr!("doesn't print a public key"))),
    }
}

/// A command line taken apart as git does it: spaces, quotes, backslashes.
fn words(line: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let (mut word, mut quote): (Option<String>, Option<char>) = (None, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().push(chars.next()?),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    quote.is_none().then_some(out)
}

/// The signature that git would put on a commit, armored; `None` when it wouldn't. `committer` is `Name <mailbox>`.
///
/// # Errors
/// When git is to sign, and its program or key doesn't do.
pub fn sign_commit(settings: &GitSigning, committer: &str, commit: &[u8], may_ask: bool) -> Result<Option<String>> {
    if !settings.sign_commits {
        return Ok(None);
    }
    let without = |error: Error| {
        error.hint(tr!(
            "to commit without a signature: git config --global commit.gpgsign false, without --global where one repository alone is set so"
        ))
    };
    let key = settings.key.as_deref().unwrap_or(committer);
    let by_gnupg = |program| gnupg::sign(program, key, commit, may_ask).map(Some).map_err(without);
    match settings.signs_by() {
        "ssh" => {
            let source = settings.ssh_key(may_ask)?.ok_or_else(|| {
                let what = tr!("git is to sign commits with SSH, and isn't told with which key");
                without(Error::usage(what).hint("git config user.signingkey ~/.ssh/id_ed25519"))
            })?;
            let program = settings.ssh_keygen().to_owned();
            let signer = Signer { source, program, may_ask };
            // Git signs with kinds of keys that blocks can't have, so this isn't read as one of ours.
            let signed = signer.armored("git", commit).map_err(|mut error| {
                error.hints.retain(|hint| hint != unsigned());
                without(error)
            });
            signed.map(Some)
        }
        "openpgp" => by_gnupg(settings.openpgp_program.as_deref().unwrap_or("gpg")),
        "x509" => by_gnupg(settings.x509_program.as_deref().unwrap_or("gpgsm")),
        other => Err(without(
            Error::usage(tr!("git's gpg.format is {other}, which isn't known here", other = text::quote(other)))
                .hint(tr!("use openpgp, x509 or ssh")),
        )),
    }
}

/// A commit's bytes with a signature over them: the last of its headers, as git puts it.
#[must_use]
pub fn with_signature(commit: &[u8], armored: &str) -> Vec<u8> {
    let end = commit.windows(2).position(|pair| pair == b"\n\n").map_or(commit.len(), |at| at + 1);
    let lines: Vec<_> = armored.trim_end().lines().collect();
    let header = format!("gpgsig {}\n", lines.join("\n "));
    [&commit[..end], header.as_bytes(), &commit[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_split_as_git_splits_it() {
        for (line, parts) in [
            ("ssh-add -L", &["ssh-add", "-L"][..]),
            (" a  'b c' \"d \\\" e\"f\\ g '' ", &["a", "b c", "d \" ef g", ""]),
            ("", &[]),
        ] {
            assert_eq!(words(line).unwrap(), parts, "{line}");
        }
        assert_eq!(words("a 'b"), None);
        assert_eq!(words("a \\"), None);
    }

    #[test]
    fn settings_are_read_as_git_reads_them() {
        let read = |setting| KeySource::parse(setting, Some(Path::new("/home/jane"))).unwrap();
        assert_eq!(read("~/.ssh/id"), KeySource::File("/home/jane/.ssh/id".into()));
        assert_eq!(read("keys/id.pub"), KeySource::File("keys/id.pub".into()));
        assert_eq!(read("ssh-ed25519 AAAA"), KeySource::Agent("ssh-ed25519 AAAA".into()));
        for line in ["ecdsa-sha2-nistp256 AAAA jane", "sk-ssh-ed25519@openssh.com AAAA"] {
            assert_eq!(read(line), KeySource::Agent(line.into()));
        }
        assert_eq!(read("ssh-keys/id"), KeySource::File("ssh-keys/id".into()));
        assert_eq!(read("key::ecdsa-sha2-nistp256 AA"), KeySource::Agent("ecdsa-sha2-nistp256 AA".into()));
        assert!(KeySource::parse("key::a\nb", None).is_err());
        assert_eq!(read("key::").shown(), "key::", "something is shown");
        let git = GitSigning { format: Some("ssh".into()), key: Some("k".into()), ..GitSigning::default() };
        let find = |named| Signer::find(named, &git, None, true).unwrap().map(|s| s.source);
        assert_eq!(find(None), Some(KeySource::File("k".into())));
        let named = |setting| Some(Named { setting, beside: Path::new("") });
        assert_eq!(find(named("none")), None);
        assert_eq!(find(named("x")), Some(KeySource::File("x".into())));
        let beside = Path::new("/home/jane");
        assert_eq!(find(Some(Named { setting: "x", beside })), Some(KeySource::File("/home/jane/x".into())));
        assert!(git.can_sign_blocks().is_ok());
        let git = GitSigning { format: None, ..git };
        assert_eq!(Signer::find(None, &git, None, true).unwrap(), None, "an OpenPGP key signs no blocks");
        assert!(git.can_sign_blocks().is_err(), "and whoever set one is told");
        assert!(GitSigning::default().can_sign_blocks().is_ok(), "nobody asked for signatures");
    }
}
