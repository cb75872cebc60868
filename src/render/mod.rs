//! Partners as pages and as data. Pure: who is shown and the templates go in, text comes out; files are written elsewhere.

pub mod collate;
pub mod data;
pub mod directory;
pub mod templates;
