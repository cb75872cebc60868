//! Why a program can't be begun: what the system says of one that is there may be about what it is run by.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// So much of a file is read to learn what it is run by, as systems do.
const FIRST_LINE: u64 = 256;

/// What to say of it, and what helps; the latter is none where it just isn't there.
#[must_use]
pub fn not_begun(program: &str, e: &io::Error) -> (String, Option<String>) {
    let owned = |hint: &'static str| Some(hint.to_owned());
    match e.kind() {
        io::ErrorKind::NotFound => return lacking(program).unwrap_or_else(|| (e.to_string(), None)),
        io::ErrorKind::NotADirectory => return (e.to_string(), None),
        io::ErrorKind::PermissionDenied => {
            let hint = tr!("it is there, and may not be run: check its permissions, and how its disk is mounted");
            return (e.to_string(), owned(hint));
        }
        _ => {}
    }
    (e.to_string(), owned(by_number(e)))
}

/// What helps by what the system calls it.
fn by_number(e: &io::Error) -> &'static str {
    #[cfg(unix)]
    if let Some(number) = e.raw_os_error() {
        use nix::errno::Errno;

        match Errno::from_raw(number) {
            Errno::EMFILE | Errno::ENFILE => return super::more_files(),
            Errno::EAGAIN | Errno::ENOMEM => {
                return tr!("this machine has no room for another program: end one, or allow more (ulimit -u)");
            }
            Errno::ENOEXEC => return tr!("what stands there isn't a program of this machine's: install one that is"),
            Errno::E2BIG => {
                return tr!(
                    "what stands in the environment is more than this system gives a program: unset what is long there"
                );
            }
            _ => {}
        }
    }
    super::remedy(e)
}

/// What to say of a program that is there, of which the system says that it isn't: it means what the program is run by.
fn lacking(program: &str) -> Option<(String, Option<String>)> {
    if !cfg!(unix) {
        return None;
    }
    let file = place(program)?;
    let mut begin = Vec::new();
    std::fs::File::open(&file).ok()?.take(FIRST_LINE).read_to_end(&mut begin).ok()?;
    let begin = String::from_utf8_lossy(&begin);
    let Some(named) = begin.strip_prefix("#!").and_then(|rest| rest.split('\n').next()) else {
        return Some((
            tr!("it is there, and what this system runs such a program with isn't").to_owned(),
            Some(tr!("install one that is made for this machine").to_owned()),
        ));
    };
    if named.ends_with('\r') {
        return Some((
            tr!("it is there, and its lines end as on Windows, so that nothing is there that its first line names")
                .to_owned(),
            Some(tr!("save it with the ends of lines that this system has").to_owned()),
        ));
    }
    let named: String = named.trim_start_matches([' ', '\t']).split([' ', '\t']).next()?.to_owned();
    let shown: String = named.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    Some((
        tr!("it is there, and {shown}, which its first line names, isn't", shown),
        Some(tr!("install that, or mend the first line of {file}", file = file.display())),
    ))
}

/// Where a program stands that is named so, if it does.
#[expect(
    clippy::disallowed_methods,
    reason = "programs are looked for as the system looks for them: no setting of ours"
)]
fn place(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|file| file.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder: PathBuf| folder.join(Path::new(program))).find(|file| file.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn who_is_there_is_not_denied() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("it");
        let told = |text: &str| {
            std::fs::write(&file, text).unwrap();
            not_begun(&file.to_string_lossy(), &io::ErrorKind::NotFound.into())
        };
        for (text, why) in [
            ("#!/opt/nowhere/python9\nprint()\n", "/opt/nowhere/python9, which its first line names, isn't"),
            ("#! /opt/nowhere/python9 -u\n", "there, and /opt/nowhere/python9, which"),
            ("#!/bin/sh\r\ntrue\r\n", "end as on Windows"),
            ("\u{7f}ELF", "what this system runs such a program with"),
        ] {
            let (said, hint) = told(text);
            assert!(said.contains(why) && hint.is_some(), "{text}: {said}");
        }
        let (said, hint) = not_begun("/nowhere/it", &io::ErrorKind::NotFound.into());
        assert!(!said.contains("it is there") && hint.is_none(), "{said}");
    }

    #[test]
    fn what_does_not_fit_is_no_program_to_install() {
        let of = |number| not_begun("git", &io::Error::from_raw_os_error(number as i32)).1;
        assert!(of(nix::errno::Errno::E2BIG).is_some_and(|hint| hint.contains("environment")));
        assert!(of(nix::errno::Errno::EIO).is_some());
    }
}
