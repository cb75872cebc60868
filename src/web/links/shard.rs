//! A part of all partners, so that several machines share the work.

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

use crate::domain::Slug;
use crate::domain::values::Invalid;

/// Into how many parts it may be divided: as many as GitHub runs jobs of one kind.
const MOST: u32 = 256;

/// One part of several, `2/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    part: u32,
    of: u32,
}

impl Shard {
    /// Whether a partner belongs to it. That hangs on its slug alone, so that nobody moves when others come and go.
    #[must_use]
    pub fn has(self, slug: &Slug) -> bool {
        let hash: [u8; 32] = sha2::Sha256::digest(slug.as_str()).into();
        let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
        u64::from_be_bytes(*first) % u64::from(self.of) == u64::from(self.part - 1)
    }
}

impl FromStr for Shard {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let hint = tr!("write which part of how many, such as 2/5; at most {most}", most = MOST);
        let read = s.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match read {
            Some((part, of)) if 1 <= part && part <= of && of <= MOST => Ok(Self { part, of }),
            Some(_) => Err(Invalid::new(tr!("there is no such part"), hint)),
            None => Err(Invalid::new(tr!("it isn't a part of a whole"), hint)),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl serde::Serialize for Shard {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_in_one_part_and_stays_there() {
        let slugs: Vec<Slug> = (0..500).map(|n| format!("partner-{n}").parse().unwrap()).collect();
        for of in [1, 2, 5, 256] {
            let parts: Vec<Shard> = (1..=of).map(|part| format!("{part}/{of}").parse().unwrap()).collect();
            for slug in &slugs {
                assert_eq!(parts.iter().filter(|part| part.has(slug)).count(), 1, "{slug}");
            }
        }
        let sizes = ["1/5", "2/5", "3/5", "4/5", "5/5"].map(|s| {
            let shard: Shard = s.parse().unwrap();
            slugs.iter().filter(|slug| shard.has(slug)).count()
        });
        assert!(sizes.iter().all(|size| (70..130).contains(size)), "{sizes:?}");
        // Where a partner belongs mustn't change with a new version: memories are carried from run to run.
        let acme: Slug = "acme".parse().unwrap();
        let found: Vec<u32> = (1..=5).filter(|part| Shard { part: *part, of: 5 }.has(&acme)).collect();
        assert_eq!(found, [3]);
    }

    #[test]
    fn only_parts_that_exist_are_read() {
        for bad in ["", "1", "0/5", "6/5", "1/0", "-1/5", "1/257", "a/b", "1/5/5", " 1/5"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        assert_eq!("2/5".parse::<Shard>().unwrap().to_string(), "2/5");
    }
}
