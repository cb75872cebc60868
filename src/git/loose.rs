//! Loose objects, read from their files: libgit2 never comes back from one that is cut short (libgit2#7342), so it is
//! never let near them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use flate2::{Decompress, FlushDecompress, Status};
use git2::{ObjectType, Oid};
use sha1::{Digest as _, Sha1};

use crate::files;

/// What can't be wrong with a header is longer than this.
const LONGEST_HEADER: usize = 32;

/// How deep one repository may borrow from another, as git has it.
const DEEPEST: usize = 5;

pub(super) struct Object {
    pub(super) kind: ObjectType,
    pub(super) data: Vec<u8>,
}

/// A directory of objects: each lies in a directory below it that is named by the first two digits of its id.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    /// Whether there is one for these digits. In a repository that is packed there are few, and asking each time costs as
    /// much as reading does.
    there: [bool; 256],
}

impl Store {
    fn at(path: PathBuf) -> Self {
        let mut there = [false; 256];
        for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let digits = name.to_str().filter(|name| name.len() == 2);
            if let Some(first) = digits.and_then(|digits| usize::from_str_radix(digits, 16).ok()) {
                there[first] = true;
            }
        }
        Self { path, there }
    }
}

/// A repository's own store, and those that it borrows from.
pub(super) fn stores(objects: &Path) -> Vec<Store> {
    directories(objects).into_iter().map(Store::at).collect()
}

/// An object store, and those that it borrows from.
pub(super) fn directories(objects: &Path) -> Vec<PathBuf> {
    let mut out = vec![objects.to_owned()];
    let mut from = 0;
    for _ in 0..DEEPEST {
        let end = out.len();
        for at in from..end {
            let Ok(list) = files::read_plain(&out[at].join("info/alternates")) else { continue };
            for line in String::from_utf8_lossy(&list).lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
                let path = out[at].join(line);
                if !out.contains(&path) {
                    out.push(path);
                }
            }
        }
        from = end;
    }
    out
}

/// Why an object's file can't be read, in words.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub why: String,
    /// What helps, where it isn't damaged.
    pub remedy: Option<&'static str>,
}

/// Reads an object's file from one of the stores; `None` where none has it.
pub(super) fn read(stores: &[Store], oid: Oid, hashed: bool) -> Result<Option<Object>, Unreadable> {
    let first = oid.as_bytes().first().copied().unwrap_or_default();
    for store in stores.iter().filter(|store| store.there[usize::from(first)]) {
        let hex = oid.to_string();
        let (directory, name) = hex.split_at(2);
        return match files::read_plain(&store.path.join(directory).join(name)) {
            Err(e) if files::is_absence(&e) => continue,
            Err(e) => Err(Unreadable { why: tr!("its file can't be read: {e}", e), remedy: files::unless_damaged(&e) }),
            Ok(bytes) => {
                let read = unpack(&bytes, hashed.then_some(oid));
                read.map(Some).map_err(|why| Unreadable { why, remedy: None })
            }
        };
    }
    Ok(None)
}

thread_local! {
    /// 43 kB: to make it takes longer than to unpack what most objects are.
    static STATE: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

/// An object from what git keeps in its file: `blob 3`, a zero byte and the object, all of it packed.
fn unpack(packed: &[u8], oid: Option<Oid>) -> Result<Object, String> {
    STATE.with_borrow_mut(|state| {
        state.reset(true);
        unpack_with(state, packed, oid)
    })
}

fn unpack_with(state: &mut Decompress, packed: &[u8], oid: Option<Oid>) -> Result<Object, String> {
    let garbled = || tr!("its file is garbled").to_owned();
    let mut inflate = Inflate { packed, state, out: Vec::new(), ended: false };
    inflate.up_to(LONGEST_HEADER)?;
    let end = inflate.out.iter().position(|b| *b == 0).ok_or_else(garbled)?;
    let header = str::from_utf8(&inflate.out[..end]).ok().and_then(|h| h.split_once(' '));
    let (kind, size) = header.ok_or_else(garbled)?;
    let size: usize = size.parse().map_err(|_| garbled())?;
    let kind = ObjectType::from_str(kind).filter(ObjectType::is_loose).ok_or_else(garbled)?;
    let whole = size.checked_add(end + 1).ok_or_else(garbled)?;
    // One byte more than there may be, so that it shows.
    inflate.up_to(whole.checked_add(1).ok_or_else(garbled)?)?;
    let mut data = inflate.out;
    if data.len() != whole || !inflate.ended {
        return Err(tr!("its file has another length than it says").into());
    }
    if oid.is_some_and(|oid| Sha1::digest(&data).as_slice() != oid.as_bytes()) {
        return Err(tr!("its bytes aren't its own").into());
    }
    data.drain(..=end);
    Ok(Object { kind, data })
}

struct Inflate<'p> {
    packed: &'p [u8],
    state: &'p mut Decompress,
    out: Vec<u8>,
    /// Whether the end was read, its checksum with it.
    ended: bool,
}

impl Inflate<'_> {
    /// Goes on until so many bytes are there, or all.
    fn up_to(&mut self, size: usize) -> Result<(), String> {
        while !self.ended && self.out.len() < size {
            // What a header claims is believed only as far as bytes come.
            self.out.reserve_exact((size - self.out.len()).min(self.out.len().max(1 << 16)));
            let before = (self.state.total_in(), self.state.total_out());
            let from = usize::try_from(before.0).unwrap_or(usize::MAX);
            let rest = self.packed.get(from..).unwrap_or_default();
            let status = self.state.decompress_vec(rest, &mut self.out, FlushDecompress::None);
            match status.map_err(|_| tr!("its file is garbled").to_owned())? {
                Status::StreamEnd => self.ended = true,
                _ if (self.state.total_in(), self.state.total_out()) == before => {
                    return Err(tr!("its file is cut short").into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn only_a_whole_object_is_read() {
        for size in [0, 1, 20, 31, 32, 33, 100, 70_000, 300_000] {
            let data: Vec<u8> = (0..size).map(|i: u32| i.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
            let file = packed(&[format!("blob {size}\0").as_bytes(), &data].concat());
            let oid = Oid::hash_object(ObjectType::Blob, &data).unwrap();
            let object = unpack(&file, Some(oid)).unwrap();
            assert!(object.kind == ObjectType::Blob && object.data == data, "{size}");
            let step = (file.len() / 200).max(1);
            for cut in (0..file.len()).step_by(step).chain(file.len().saturating_sub(8)..file.len()) {
                assert!(unpack(&file[..cut], None).is_err(), "{size} cut to {cut}");
            }
        }
    }

    #[test]
    fn what_it_says_must_be_so() {
        let hello = Oid::hash_object(ObjectType::Blob, b"hello").unwrap();
        assert!(unpack(&packed(b"blob 5\0hello"), Some(hello)).is_ok());
        for wrong in [
            b"blob 6\0hello".as_slice(),
            b"blob 4\0hello",
            b"blob 5\0hellO",
            b"tree 5\0hello",
            b"blub 5\0hello",
            b"blob -5\0hello",
            b"blob 99999999999999999999\0hello",
            b"blob 18446744073709551615\0hello",
            b"blob 5 hello",
            b"",
        ] {
            assert!(unpack(&packed(wrong), Some(hello)).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
        assert!(unpack(b"blob 5\0hello", Some(hello)).is_err(), "it isn't packed");
    }
}
