//! The languages of the directory.

use crate::domain::values::words;

words! {
    /// The languages there are. Each word is a directory's name, too.
    pub enum Lang {
        /// English, at the root.
        En = "en",
        /// Chinese, below `zh/`.
        Zh = "zh",
    }
}

impl Lang {
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The directory its pages are in, below the root.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::En => "",
            Self::Zh => "zh/",
        }
    }
}
