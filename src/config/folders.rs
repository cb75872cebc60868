//! Where Windows and macOS have programs keep what is their user's. Elsewhere it is as XDG says, below HOME.

use std::path::PathBuf;

use etcetera::base_strategy::{Apple, BaseStrategy, Windows};

const NAME: &str = "karmada-partner";

/// The folders of this program, by what is kept there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    pub(super) data: PathBuf,
    pub(super) state: PathBuf,
    pub(super) cache: PathBuf,
    pub(super) config: PathBuf,
}

impl Folders {
    /// Those of this system, where it has its own idea of them.
    #[must_use]
    pub fn of_this_system() -> Option<Self> {
        match std::env::consts::OS {
            "windows" => Windows::new().ok().map(|windows| Self::on_windows(&windows)),
            "macos" => Apple::new().ok().map(|apple| Self::on_macos(&apple)),
            _ => None,
        }
    }

    /// Settings follow a person from machine to machine; a registry, and what was seen of it, doesn't.
    fn on_windows(windows: &Windows) -> Self {
        let local = windows.cache_dir().join(NAME);
        Self {
            data: local.join("data"),
            state: local.join("state"),
            cache: local.join("cache"),
            config: windows.config_dir().join(NAME),
        }
    }

    /// Preferences are what the system's own interface writes; a program's files stand beside what it keeps.
    fn on_macos(apple: &Apple) -> Self {
        let own = apple.data_dir().join(NAME);
        Self { data: own.clone(), state: own.join("state"), cache: apple.cache_dir().join(NAME), config: own }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_macos_they_are_in_the_library() {
        let apple = Apple::new().unwrap();
        let library = apple.home_dir().join("Library");
        let own = library.join("Application Support/karmada-partner");
        let folders = Folders {
            data: own.clone(),
            state: own.join("state"),
            cache: library.join("Caches/karmada-partner"),
            config: own,
        };
        assert_eq!(Folders::on_macos(&apple), folders);
    }

    #[test]
    fn on_windows_only_settings_roam() {
        let windows = Windows::new().unwrap();
        let folders = Folders::on_windows(&windows);
        assert_eq!(folders.config, windows.config_dir().join("karmada-partner"));
        let local = windows.cache_dir().join("karmada-partner");
        assert_eq!(
            [&folders.data, &folders.state, &folders.cache],
            [&local.join("data"), &local.join("state"), &local.join("cache")]
        );
    }

    #[test]
    fn where_xdg_holds_this_system_has_no_other_idea() {
        assert_eq!(Folders::of_this_system().is_some(), cfg!(any(windows, target_os = "macos")));
    }
}
