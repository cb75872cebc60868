//! Files that OpenSSH's programs don't take, by what they say of them.

use crate::domain::{shell, text};

/// What helps, if they found fault with who may read or write a file.
pub(crate) fn remedy(said: &str) -> Option<String> {
    let line_with = |begin: &str, end: &str| {
        let inside = |line: &str| Some(line.split_once(begin)?.1.rsplit_once(end)?.0.to_owned());
        said.lines().find_map(|line| inside(line.trim_end()))
    };
    let open = || line_with(" for '", "' are too open").or_else(|| line_with("Load key \"", "\": bad permissions"));
    if let Some(file) = open() {
        let file = text::visible(&file);
        return Some(match cfg!(windows) {
            true => tr!(
                "nobody else may read a private key: icacls {shown} /inheritance:r /grant:r %USERNAME%:R",
                shown = file
            ),
            false => tr!("nobody else may read a private key: chmod 600 {shown}", shown = shell::quoted(&file)),
        });
    }
    let settings = said.lines().find_map(|line| line.trim_end().strip_prefix("Bad owner or permissions on "))?;
    Some(tr!(
        "ssh reads that file only where it is your own and nobody else may write to it: chmod 600 {shown}",
        shown = shell::quoted(&text::visible(settings))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_that_is_open_to_others() {
        let key = "@   WARNING: UNPROTECTED PRIVATE KEY FILE!   @\nPermissions 0644 for '/home/jane/.ssh/id' are too open.\r\n";
        for (said, file) in [
            (key, "/home/jane/.ssh/id"),
            ("Load key \"/home/jane/my key\": bad permissions\n", "'/home/jane/my key'"),
            ("Bad owner or permissions on /home/jane/.ssh/config\n", "/home/jane/.ssh/config"),
        ] {
            let told = remedy(said).unwrap();
            assert!(told.contains(file), "{told}");
        }
        for other in ["", "git@host.example: Permission denied (publickey).", "Load key \"/k\": error in libcrypto"] {
            assert_eq!(remedy(other), None, "{other}");
        }
    }
}
