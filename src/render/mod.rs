//! Partners as pages and as data. Pure: who is shown and the templates go in, text comes out; files are written elsewhere.

pub mod chart;
pub mod csv;
pub mod directory;
pub mod eml;
pub mod issue_form;
pub mod template_fault;
pub mod website;

/// Text in XML or HTML, between tags or in an attribute in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
