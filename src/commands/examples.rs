//! Examples, as they stand below each command's help: lines of a shell, each perhaps with a comment.

/// How a command's own begin.
const HEAD: &str = "Examples:\n";

/// The examples of a command that is called so: its own, else those of the command above that call it.
pub fn of(command: &clap::Command, call: &str, of_above: &[String]) -> Vec<String> {
    let own = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    match own.strip_prefix(HEAD) {
        Some(lines) => lines.lines().map(|line| line.trim().to_owned()).collect(),
        None => of_above.iter().filter(|line| calls(line, call)).cloned().collect(),
    }
}

fn calls(line: &str, call: &str) -> bool {
    line.strip_prefix(call).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
