//! Values that were given with something pasted around them: how they are read is said.

use crate::config::Pasted;
use crate::domain::text;
use crate::ui::Ui;

/// Says of a value that had something pasted around it how it is read.
pub fn say_pasted(ui: Ui, pasted: &Pasted) {
    let name = &pasted.name;
    match &pasted.shown {
        Some((typed, read)) => ui.say_reading(&tr!(
            "{field}: {typed} is read as {read}",
            field = name,
            typed = if text::unquoted(typed) == typed.trim() { text::quote(typed) } else { text::short(typed, 60) },
            read = text::visible(read)
        )),
        None => ui.say_reading(&tr!("{name} is read without what stands around it", name)),
    }
}
