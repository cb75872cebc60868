//! Tables as CSV, safe for spreadsheets: no cell is taken for a formula, and nothing in one is hidden.

use crate::domain::text;
use crate::error::{Error, Result};

/// A table with a line of heads.
pub fn csv<R: IntoIterator<Item = String>>(head: &[&str], rows: impl IntoIterator<Item = R>) -> Result<String> {
    let cant = |e: csv::Error| Error::environment(format!("can't write the table: {e}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(head).map_err(cant)?;
    for row in rows {
        out.write_record(row.into_iter().map(|cell| harmless(&cell))).map_err(cant)?;
    }
    let bytes = out.into_inner().map_err(|e| Error::environment(format!("can't write the table: {e}")))?;
    let table = String::from_utf8_lossy(&bytes).into_owned();
    // Excel takes a table for one in the machine's own encoding, unless it begins so.
    Ok(if table.is_ascii() { table } else { format!("\u{feff}{table}") })
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let cell = text::visible(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_cells() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("a=1"), "a=1");
        let table = csv(&["a", "b"], [["x,\"y\"".to_owned(), "@SUM(A1)".to_owned()]]).unwrap();
        assert_eq!(table, "a,b\n\"x,\"\"y\"\"\",'@SUM(A1)\n");
    }
}
