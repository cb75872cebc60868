//! Where what a command says and writes goes: a standard output that is full or that nobody reads, links, pipes, devices.

use std::process::Command;

use crate::env::{TestEnv, at_home, until};

/// Whoever asked may not do it again.
#[cfg(target_os = "linux")]
#[test]
fn what_was_done_is_told_where_its_report_has_no_place() {
    let env = TestEnv::with_applicant();
    let full = |args: &[&str]| {
        let mut command = env.agreed(args);
        let child = command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let output = child.stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve", "--as", "bob"];
    let (code, said) = full(&[&["review", "acme"][..], &met].concat());
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("can't write to standard output"), "{said}");
    assert!(said.contains("this was sent, and stays:"), "{said}");
    assert!(env.file("apply/acme:data/partners/acme/votes/1/bob").contains("v1 approve"));
    for args in [&["--help"][..], &["-V"], &["list"], &["list", "--json"]] {
        let (code, said) = full(args);
        assert_eq!(code, Some(5), "{args:?} {said}");
        assert!(said.contains("can't write to standard output") && !said.contains("was sent"), "{args:?} {said}");
    }
    let (code, said) = full(&["show", "nobody", "--json"]);
    assert_eq!((code, said.lines().next()), (Some(3), Some("error: nobody isn't in the registry")));
}

/// Whether a program stands in a write to its standard output, as Linux shows it.
#[cfg(target_os = "linux")]
fn writes_to_its_output(id: &str) -> bool {
    let write = format!("{} 0x1 ", nix::libc::SYS_write);
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    threads.flatten().any(|thread| std::fs::read_to_string(thread.path().join("syscall")).unwrap().starts_with(&write))
}

/// Nobody has to read what comes before a program ends.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_it_while_nobody_reads_its_document() {
    use std::io::Write as _;
    let env = TestEnv::with_partner();
    let (reader, mut writer) = std::io::pipe().unwrap();
    // So much a pipe holds.
    writer.write_all(" ".repeat(65_536).as_bytes()).unwrap();
    let mut command = env.command(&["list", "--json"]);
    let mut child = command.stdout(writer).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    until("it waits for its reader", || writes_to_its_output(&id));
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    until("its end", || child.try_wait().unwrap().is_some());
    drop(reader);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(143), "Stopped; nothing was sent.\n"));
}

/// A link leads to where somebody wants it, and a pipe or a device stays what it is.
#[test]
fn what_is_written_goes_through_links_and_into_pipes() {
    let env = TestEnv::with_partner();
    for to in ["there.svg", "not-yet.svg"] {
        let _ = std::fs::remove_file(env.path("link.svg"));
        std::os::unix::fs::symlink(to, env.path("link.svg")).unwrap();
        if to == "there.svg" {
            env.write(to, "older");
        }
        env.run(&["stats", "--svg", "link.svg"]).ok().code.unwrap();
        assert!(env.path("link.svg").is_symlink() && env.read(to).contains("<svg"), "{to}");
    }
    assert!(Command::new("mkfifo").arg(env.path("pipe")).status().unwrap().success());
    let pipe = env.path("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap());
    env.run(&["stats", "--svg", "pipe"]).ok().code.unwrap();
    let stays =
        std::os::unix::fs::FileTypeExt::is_fifo(&std::fs::symlink_metadata(env.path("pipe")).unwrap().file_type());
    assert!(stays, "a pipe stays one");
    assert!(reader.join().unwrap().contains("<svg"));
    if cfg!(target_os = "linux") {
        let told = env.run(&["stats", "--svg", "/dev/full"]).fails(5);
        assert!(told.stderr.contains("can't write /dev/full: No space left"), "{told}");
    }
    let told = env.run(&["stats", "--svg", "home"]).fails(2);
    assert!(told.stderr.contains("can't write home: it is a directory\nhint: name a file"), "{told}");
    env.write("unwritable", "");
    let mut command = env.command(&["apply", "--name", "Acme", "--dry-run"]);
    at_home(&mut command, Some(&env.path("nobody")))
        .env("TMPDIR", env.path("unwritable"))
        .env_remove("KARMADA_PARTNER_REGISTRY");
    let told = env.output(&mut command).fails(5);
    assert!(told.stderr.contains("TMPDIR") && !told.stderr.contains("at path"), "{told}");
}
