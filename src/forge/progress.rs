//! What a forge says while it works; whoever opened it shows that.

use std::any::Any;
use std::fmt::Debug;

pub trait Progress: Debug + Send + Sync {
    fn say(&self, words: &str);
    /// What is being done, for whoever wants details.
    fn detail(&self, words: &str);
    /// Something that may surprise.
    fn warn(&self, words: &str);
    /// What may take a second, shown until what is given is dropped.
    fn busy(&self, words: &'static str) -> Box<dyn Any>;
}
