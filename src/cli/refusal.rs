//! What is wrong with a call: by what clap knows of it, told as all other errors are, and not in clap's words.

use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{kin, quoted};
use crate::error::{Error, Kind};

/// The error as all others are told.
pub(super) fn told(error: &clap::Error) -> Error {
    let known = |kind| known(error, kind);
    let message = message(error).unwrap_or_else(|| crate::commands::told(error));
    let mut told = Error::new(Kind::Usage, message);
    let tips = if error.kind() == ErrorKind::InvalidSubcommand { kin::meant(error) } else { None };
    let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if tips.is_none() {
        for names in similar.into_iter().filter_map(known) {
            told = told.hint(tr!("do you mean {names}?", names));
        }
    }
    for tip in tips.into_iter().flatten() {
        told = told.hint(tip);
    }
    if let Some(advice) = quoted::with_a_hyphen(error).or_else(|| quoted::with_plain_quotes(error)) {
        told = told.hint(advice);
    }
    told.hints.extend(known(ContextKind::Custom));
    if error.kind() == ErrorKind::MissingRequiredArgument
        && let Some(ContextValue::StyledStrs(besides)) = error.get(ContextKind::Suggested)
    {
        told.hints.extend(besides.iter().map(ToString::to_string));
    }
    if let Some(values) = known(ContextKind::ValidValue) {
        told = told.hint(tr!("possible values: {values}", values));
    }
    if let Some(commands) = known(ContextKind::ValidSubcommand) {
        told = told.hint(tr!("possible commands: {commands}", commands));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        told = told.hint(tr!("usage: {usage}", usage = usage.trim_start_matches("Usage: ")));
    }
    told.hint(tr!("{call} --help tells more", call = call(error)))
}

/// The same in a line, for whom no advice on how to call it helps.
pub(super) fn in_a_line(error: &clap::Error) -> String {
    let message = message(error).unwrap_or_else(|| crate::commands::told(error));
    let values = known(error, ContextKind::ValidValue).map(|values| tr!("possible values: {values}", values));
    [Some(message), values].into_iter().flatten().collect::<Vec<_>>().join(tr!("between clauses" => "; "))
}

/// The call as far as it names a command.
fn call(error: &clap::Error) -> String {
    kin::command(error).into_iter().fold("karmada-partner".into(), |call, word| format!("{call} {word}"))
}

fn message(error: &clap::Error) -> Option<String> {
    let known = |kind| known(error, kind);
    let argument = || known(ContextKind::InvalidArg);
    let value = || known(ContextKind::InvalidValue);
    let words = match error.kind() {
        ErrorKind::UnknownArgument => tr!("unexpected argument {argument}", argument = argument()?),
        ErrorKind::InvalidValue if value()?.is_empty() => tr!("{argument} needs a value", argument = argument()?),
        ErrorKind::InvalidValue => {
            tr!("{argument} doesn't take {value}", argument = argument()?, value = value()?)
        }
        ErrorKind::ValueValidation if value()?.is_empty() => tr!("{argument} needs a value", argument = argument()?),
        ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error)?;
            let why = match source.downcast_ref::<ParseIntError>().map(ParseIntError::kind) {
                Some(IntErrorKind::PosOverflow) => tr!("it is too large a number").to_owned(),
                Some(_) => tr!("it isn't a whole number").to_owned(),
                None => source.to_string(),
            };
            tr!("{argument} doesn't take {value}: {why}", argument = argument()?, value = value()?, why)
        }
        ErrorKind::MissingRequiredArgument => tr!("still missing: {arguments}", arguments = argument()?),
        ErrorKind::ArgumentConflict => {
            let one = argument().or_else(|| known(ContextKind::InvalidSubcommand))?;
            match known(ContextKind::PriorArg) {
                Some(prior) if prior == one => tr!("{one} is given more than once", one),
                Some(prior) => tr!("{one} can't be given together with {prior}", one, prior),
                None => tr!("{one} can't be given together with others", one),
            }
        }
        ErrorKind::InvalidSubcommand => {
            tr!("there is no command {word}", word = known(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingSubcommand => {
            tr!("{command} needs a command behind it", command = known(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            tr!("{command} needs a command behind it", command = call(error))
        }
        ErrorKind::NoEquals => tr!("the value of {argument} follows after =", argument = argument()?),
        ErrorKind::TooManyValues => tr!("{value} is too much for {argument}", value = value()?, argument = argument()?),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            let wanted = known(ContextKind::MinValues).or_else(|| known(ContextKind::ExpectedNumValues))?;
            let given = known(ContextKind::ActualNumValues)?;
            tr!("{argument} takes {wanted} values, and has {given}", argument = argument()?, wanted, given)
        }
        ErrorKind::InvalidUtf8 => match (argument(), value()) {
            (Some(argument), Some(value)) => {
                tr!("{argument} doesn't take {value}: {why}", argument, value, why = tr!("it isn't UTF-8"))
            }
            _ => tr!("something in the call isn't UTF-8").to_owned(),
        },
        _ => return None,
    };
    Some(words)
}

/// What clap knows of the error.
fn known(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(word) => Some(word.clone()),
        ContextValue::Strings(words) if !words.is_empty() => Some(words.join(tr!("in a list" => ", "))),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
