//! A directory in memory: what takes long to make is made once, and written wherever it is wanted.

use std::fs::{self, Permissions};
use std::path::{Path, PathBuf};

/// All that stood below a directory.
#[derive(Clone, Debug)]
pub struct Files {
    from: PathBuf,
    entries: Vec<(PathBuf, Entry)>,
}

#[derive(Clone, Debug)]
enum Entry {
    Directory,
    File(Vec<u8>, Permissions),
    Link(PathBuf),
}

impl Files {
    /// Reads a directory, whose name may be gone later.
    #[must_use]
    pub fn of(directory: &Path) -> Self {
        let mut files = Self { from: directory.to_owned(), entries: Vec::new() };
        files.read(directory);
        files
    }

    fn read(&mut self, directory: &Path) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let about = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(&self.from).unwrap().to_owned();
            if about.is_symlink() {
                self.entries.push((name, Entry::Link(fs::read_link(&path).unwrap())));
            } else if about.is_dir() {
                self.entries.push((name, Entry::Directory));
                self.read(&path);
            } else {
                self.entries.push((name, Entry::File(fs::read(&path).unwrap(), about.permissions())));
            }
        }
    }

    /// Writes it all into a directory that is there. Links within lead to what is there now.
    pub fn write(&self, directory: &Path) {
        for (name, entry) in &self.entries {
            let path = directory.join(name);
            match entry {
                Entry::Directory => fs::create_dir(path).unwrap(),
                Entry::File(bytes, permissions) => {
                    fs::write(&path, bytes).unwrap();
                    fs::set_permissions(path, permissions.clone()).unwrap();
                }
                Entry::Link(to) => {
                    let to = to.strip_prefix(&self.from).map_or_else(|_| to.clone(), |within| directory.join(within));
                    std::os::unix::fs::symlink(to, path).unwrap();
                }
            }
        }
    }
}
