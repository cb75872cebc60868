//! What helps where ssh failed before the server's git said anything, by what ssh said.

use super::push_report::OF_ENDS;
use crate::domain::{shell, text};
use crate::git::ssh_files;

/// What ssh says of its own settings, in small letters.
const OF_SETTINGS: [&str; 9] = [
    "bad configuration option",
    "can't open user config file",
    "command-line: line 0:",
    "command-line line 0:",
    "configuration file is too deeply nested",
    "unix_listener:",
    "controlpath too long",
    "percent_expand",
    "unknown option -- ",
];

/// That server and ssh know no way in common.
const OF_WAYS: [&str; 7] = [
    "unable to negotiate with ",
    "no matching host key type",
    "no matching key exchange",
    "no matching cipher",
    "no matching mac",
    "bad server host key: invalid key length",
    "protocol major versions differ",
];

/// That what ssh goes through ended: of what isn't a connection of its own it knows no host.
const OF_THROUGH: [&str; 4] =
    ["unknown port 65535", "stdio forwarding failed", "channel 0: open failed", "proxycommand"];

/// That whoever answers hung up before it said who it is.
const OF_GREETINGS: [&str; 4] =
    ["kex_exchange_identification: ", "ssh_exchange_identification: ", "banner exchange: ", "exceeded maxstartups"];

/// That the server takes none of the keys, or none that ssh would have had to ask somebody for.
const OF_KEYS: [&str; 2] = ["permission denied (", "host key verification failed"];

/// That the host's key is one that was withdrawn: whoever shows it may have stolen it.
const OF_WITHDRAWN: [&str; 3] = ["revoked host key detected", "was revoked and you have", " revoked by file "];

/// That the certificate which vouches for the host's key doesn't hold.
const OF_CERTIFICATES: &str = "certificate invalid: ";

/// Whether ssh said nothing of why it ended.
pub(super) fn is_silent(stderr: &str) -> bool {
    stderr.contains(OF_ENDS[0])
        && stderr.lines().all(|line| line.trim().is_empty() || OF_ENDS.contains(&line.trim_end()))
}

/// What helps, if ssh said that it failed; `may_ask`: whether it could ask somebody.
pub(super) fn remedy(stderr: &str, may_ask: bool) -> Option<String> {
    // What others say by way of it is none of its words.
    let own: Vec<_> = stderr.lines().filter(|line| !line.starts_with("remote:")).collect();
    let said = own.join("\n");
    let lower = said.to_lowercase();
    let is = |known: &[&str]| known.iter().any(|words| lower.contains(words));
    let owned = |hint: &'static str| Some(hint.to_owned());
    if is(&OF_WITHDRAWN) {
        return owned(tr!(
            "that server's key was withdrawn, and somebody else may have it: don't go on, and ask whoever keeps the server for its key"
        ));
    }
    if is(&OF_KEYS[1..]) && is(&[OF_CERTIFICATES]) {
        return owned(tr!(
            "the certificate for the server's key doesn't hold: check the date of this machine and the host's name; otherwise whoever keeps the server has to renew it"
        ));
    }
    if let Some(host) = changed_key(&own) {
        return Some(tr!(
            "the server's key is another than before: ask whoever keeps it; if it was changed: ssh-keygen -R {host}",
            host
        ));
    }
    if let Some(hint) = ssh_files::remedy(&said) {
        return Some(hint);
    }
    if is(&OF_SETTINGS) {
        return owned(tr!(
            "that is a setting of ssh's own: mend it in the file that is named, or in GIT_SSH_COMMAND or core.sshCommand where ssh is given it"
        ));
    }
    // What was tried before another key did isn't why.
    let is_refused = is(&OF_KEYS[..1]);
    if is(&OF_WAYS) || (is_refused && is(&["no mutual signature"])) {
        return owned(tr!(
            "the server and this ssh know no way in common: one of them is old; newer versions mend that, or that host's HostKeyAlgorithms, KexAlgorithms, Ciphers or PubkeyAcceptedAlgorithms in ~/.ssh/config"
        ));
    }
    if is(&["too many authentication failures"]) {
        return owned(tr!(
            "ssh offers more keys than the server looks at: name the right one for that host in ~/.ssh/config, with IdentityFile and IdentitiesOnly yes"
        ));
    }
    if is_refused && is(&["agent refused operation", "signing failed for "]) {
        return owned(tr!(
            "the agent has that key and wouldn't use it: agree where it asks, or touch the key; ssh-add -l shows what it has"
        ));
    }
    if let Some(key) = unread_key(&own).filter(|_| is_refused) {
        return Some(tr!("ssh can't use that key: ssh-keygen -y -f {key} tries it", key = shell::quoted(&key)));
    }
    if is(&OF_THROUGH) {
        return owned(tr!(
            "what ssh goes through to that host, its ProxyCommand or ProxyJump, ended: mend that in ~/.ssh/config, or try it by hand"
        ));
    }
    if is(&OF_GREETINGS) {
        return owned(tr!(
            "something answers there and hung up before it said who it is: check the port, or run it again in some minutes; whoever keeps the server sees why"
        ));
    }
    match is(&OF_KEYS) {
        // Whatever ssh would have asked, it was told that nobody answers.
        true if !may_ask => owned(tr!(
            "ssh can't ask anything here: give it the key by ssh-add, and the host's key by connecting once by hand"
        )),
        true if is(&OF_KEYS[..1]) => owned(tr!(
            "the server takes none of the keys that ssh offers: check who the address logs in as; ssh-add -l shows the keys"
        )),
        _ => None,
    }
}

/// The host of which ssh says that it has another key than before.
fn changed_key(own: &[&str]) -> Option<String> {
    own.iter().find(|line| line.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"))?;
    let named = |line: &&str| line.strip_prefix("Host key for ")?.split(" has changed").next().map(text::visible);
    Some(shell::quoted(&own.iter().find_map(named).unwrap_or_else(|| "HOST".to_owned())))
}

/// The key that ssh found and could make nothing of.
fn unread_key(own: &[&str]) -> Option<String> {
    let named = |line: &&str| Some(line.trim_end().strip_prefix("Load key \"")?.rsplit_once("\": ")?.0.to_owned());
    own.iter().find_map(named).map(|key| text::visible(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_said_nothing_is_told_from_who_did() {
        let gits = OF_ENDS[..3].join("\n");
        assert!(is_silent(&format!("{gits}\n")) && !is_silent(""));
        assert!(!is_silent(&format!("ssh: connect to host h port 22: Connection refused\n{gits}")));
    }

    #[test]
    fn ssh_is_told_by_its_own_words() {
        for (said, helps) in [
            ("/h/.ssh/config: line 2: Bad configuration option: usekeychain", "a setting of ssh's own"),
            (
                "/h/.ssh/config line 2: Bad port 'abc'.\n/h/.ssh/config: terminating, 1 bad configuration options",
                "ssh's own",
            ),
            ("Can't open user config file /h/none: No such file or directory", "ssh's own"),
            ("unix_listener: path \"/h/x\" too long for Unix domain socket", "ssh's own"),
            (
                "Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa",
                "no way in",
            ),
            ("sign_and_send_pubkey: no mutual signature supported\ngit@h: Permission denied (publickey).", "no way in"),
            ("Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures", "IdentitiesOnly"),
            (
                "sign_and_send_pubkey: signing failed for ED25519 \"k\" from agent: agent refused operation\ngit@h: Permission denied (publickey).",
                "the agent has that key",
            ),
            ("Load key \"/h/my key\": error in libcrypto\ngit@h: Permission denied (publickey).", "-f '/h/my key'"),
            (
                "/bin/sh: 1: exec: /opt/x: not found\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
                "ProxyCommand",
            ),
            (
                "@ WARNING: REVOKED HOST KEY DETECTED! @\nThe ED25519 host key for h is marked as revoked.\nED25519 host key for h was revoked and you have requested strict checking.\nHost key verification failed.",
                "was withdrawn",
            ),
            (
                "Host key ED25519 SHA256:x revoked by file /etc/ssh/revoked\nHost key verification failed.",
                "was withdrawn",
            ),
            ("Certificate invalid: expired\nHost key verification failed.", "doesn't hold"),
            ("Host key verification failed.", "connecting once by hand"),
            ("kex_exchange_identification: Connection closed by remote host", "hung up"),
            ("git@h: Permission denied (publickey).", "ssh-add"),
        ] {
            let told = remedy(said, false).unwrap_or_default();
            assert!(told.contains(helps), "{said}: {told}");
        }
        assert!(remedy("git@h: Permission denied (publickey).", true).unwrap().contains("none of the keys"));
        for other in [
            "ssh: Could not resolve hostname h: Name or service not known",
            "ssh: connect to host h port 22: Connection refused",
            "remote: no matching policy",
            "Load key \"/h/id_rsa\": invalid format\nERROR: Repository not found.",
            "agent refused operation\nfatal: '/srv/r.git' does not appear to be a git repository",
            "send_pubkey_test: no mutual signature algorithm\nERROR: Repository not found.",
            "fatal: Could not read from remote repository.",
        ] {
            assert_eq!(remedy(other, false), None, "{other}");
        }
    }
}
