//! Why an object that something here names isn't found: what of the object store can't be read. Git and libgit2 pass over it.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::loose;
use crate::domain::shell;
use crate::files;

/// Whether somebody has git borrow objects by a variable of the environment, which isn't read here: its hooks' own is another
/// repository's.
static BORROWED: OnceLock<bool> = OnceLock::new();

/// Says whether that is so, once.
pub(crate) fn are_borrowed_by_variable(borrowed: bool) {
    let _ = BORROWED.set(borrowed);
}

/// The first thing in an object store, or in those that it borrows from, that keeps objects from being read: what it is, and what
/// helps.
pub(super) fn cause(objects: &Path) -> Option<(String, String)> {
    let stores = loose::directories(objects);
    let found = stores.iter().enumerate().find_map(|(at, store)| of_store(store, (at > 0).then_some(objects)));
    found.or_else(|| {
        let hint = || tr!("name what it names in {list}", list = objects.join("info/alternates").display());
        let what = || tr!("it isn't here, and GIT_ALTERNATE_OBJECT_DIRECTORIES isn't read").to_owned();
        BORROWED.get().is_some_and(|borrowed| *borrowed).then(|| (what(), hint()))
    })
}

fn unreadable(path: &Path, e: &io::Error) -> (String, String) {
    let hint = files::unless_damaged(e).unwrap_or_else(|| tr!("bring it from another clone, or clone it again"));
    (tr!("{path} can't be read: {e}", e, path = path.display()), hint.to_owned())
}

/// `borrows` is the store whose list names this one.
fn of_store(store: &Path, borrows: Option<&Path>) -> Option<(String, String)> {
    match (fs::read_dir(store), borrows) {
        (Err(e), Some(from)) if e.kind() == io::ErrorKind::NotFound => {
            let list = from.join("info/alternates");
            // git takes what stands between quotation marks.
            if store.strip_prefix(from).is_ok_and(|line| line.to_string_lossy().starts_with('"')) {
                let what =
                    tr!("{list} names a store between quotation marks, which isn't read here", list = list.display());
                return Some((what, tr!("write its path without them in {list}", list = list.display())));
            }
            let what =
                tr!("{store} isn't there, and {from} borrows from it", store = store.display(), from = from.display());
            return Some((what, tr!("bring it back, or mend {list}", list = list.display())));
        }
        (Err(e), _) => return Some(unreadable(store, &e)),
        (Ok(_), _) => {}
    }
    let list = store.join("info/alternates");
    if let Err(e) = files::read_plain(&list)
        && e.kind() != io::ErrorKind::NotFound
    {
        return Some(unreadable(&list, &e));
    }
    let packs = store.join("pack");
    let files = match fs::read_dir(&packs) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return None,
        Err(e) => return Some(unreadable(&packs, &e)),
        Ok(entries) => entries.flatten().map(|entry| entry.path()),
    };
    let mut bases: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|kind| kind == "pack" || kind == "idx"))
        .map(|path| path.with_extension(""))
        .collect();
    bases.sort();
    bases.dedup();
    bases.iter().find_map(|base| of_pack(&base.with_extension("pack"), &base.with_extension("idx")))
}

fn of_pack(pack: &Path, index: &Path) -> Option<(String, String)> {
    let again = || format!("git index-pack {}", shell::path(pack));
    let elsewhere = || tr!("bring it from another clone, or clone it again").to_owned();
    let (listed, indexed) = match index_ends(index) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Some((tr!("{pack} has no index beside it", pack = pack.display()), again()));
        }
        Err(e) => return Some(unreadable(index, &e)),
        Ok(None) => return Some((tr!("{index} is damaged", index = index.display()), again())),
        Ok(Some(ends)) => ends,
    };
    let ends = match pack_ends(pack) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Some((tr!("{pack} is gone, and its index is here", pack = pack.display()), elsewhere()));
        }
        Err(e) => return Some(unreadable(pack, &e)),
        Ok(ends) => ends,
    };
    (ends != Some((listed, indexed))).then(|| (tr!("{pack} is damaged", pack = pack.display()), elsewhere()))
}

/// A pack's checksum.
type Sum = [u8; 20];

/// How many objects an index lists, and the checksum of their pack; `None` where it hasn't the length that this takes.
fn index_ends(path: &Path) -> io::Result<Option<(u32, Sum)>> {
    const FAN: usize = 256 * 4;
    const HEAD: usize = 8 + FAN;
    let mut file = files::open_plain(path)?;
    let length = file.metadata()?.len();
    let mut head = [0; HEAD];
    if length < HEAD as u64 + 40 {
        return Ok(None);
    }
    file.read_exact(&mut head)?;
    // git's first kind of index has no mark, and begins with its table.
    let is_old = !head.starts_with(b"\xfftOc");
    let table = if is_old { &head[..FAN] } else { &head[..] };
    let objects = table.last_chunk().map_or(0, |last| u32::from_be_bytes(*last));
    let many = u64::from(objects);
    let fits = match is_old {
        true => length == FAN as u64 + 24 * many + 40,
        // Where a pack is large, places that don't fit into four bytes stand behind all others.
        false => {
            let least = HEAD as u64 + 28 * many + 40;
            head.starts_with(b"\xfftOc\0\0\0\x02") && (least..=least + 8 * many).contains(&length)
        }
    };
    if !fits {
        return Ok(None);
    }
    let mut sum = Sum::default();
    file.seek(SeekFrom::End(-40))?;
    file.read_exact(&mut sum)?;
    Ok(Some((objects, sum)))
}

/// The same, as the pack itself has it.
fn pack_ends(path: &Path) -> io::Result<Option<(u32, Sum)>> {
    let mut file = files::open_plain(path)?;
    let mut head = [0; 12];
    if file.metadata()?.len() < 32 {
        return Ok(None);
    }
    file.read_exact(&mut head)?;
    let mut sum = Sum::default();
    file.seek(SeekFrom::End(-20))?;
    file.read_exact(&mut sum)?;
    let objects = head.last_chunk().map_or(0, |last| u32::from_be_bytes(*last));
    Ok(head.starts_with(b"PACK").then_some((objects, sum)))
}
