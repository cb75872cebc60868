//! Values that were given with something pasted around them: how they are read is said.

use crate::config::Pasted;
use crate::domain::text;
use crate::ui::Ui;

/// Says of a value that had something pasted around it how it is read.
pub fn say_pasted(ui: Ui, pasted: &Pasted) {
    let name = &pasted.name;
    match &pasted.shown {
        Some((typed, read)) => {
            let is_bare = text::unquoted(typed) == typed.trim();
            let typed = if is_bare { text::quote(typed) } else { text::short(typed, 60) };
            ui.say_reading(&text::is_read_as(name, &typed, &text::visible(read)));
        }
        None => ui.say_reading(&tr!("{name} is read without what stands around it", name)),
    }
}
