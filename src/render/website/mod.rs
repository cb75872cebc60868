//! Karmada's website: its page of partners, read and written. Pure.

pub mod card;
pub mod logo_names;
pub mod mentions;
pub mod messages;
pub mod page;
pub mod tsx_card;
pub mod tsx_edit;
pub mod tsx_habits;
pub mod tsx_read;
pub mod tsx_text;
pub mod tsx_write;
