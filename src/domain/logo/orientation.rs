//! Which way up a picture is shown, as EXIF says it.

/// How what is stored is turned before it is shown, by EXIF's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Orientation(u8);

impl Orientation {
    /// One that turns or mirrors; `None` for what leaves a picture as it is stored, and for what EXIF doesn't know.
    pub const fn new(number: u16) -> Option<Self> {
        match number {
            // Cast where it is known to fit.
            2..=8 => Some(Self(number.to_be_bytes()[1])),
            _ => None,
        }
    }

    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether width and height change places.
    pub const fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    /// Width and height as they are shown.
    pub const fn shown(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }

    /// Pixels of four bytes, as they are shown.
    pub fn apply(self, stored: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
        let (width, height) = (width as usize, height as usize);
        let (across, down) = if self.swaps_sides() { (height, width) } else { (width, height) };
        let (pixels, _) = stored.as_chunks::<4>();
        let mut out = Vec::with_capacity(stored.len());
        for y in 0..down {
            for x in 0..across {
                let (column, row) = match self.0 {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                out.extend(pixels.get(row * width + column).copied().unwrap_or_default());
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each turns this stored picture into the one that is shown: a b c over d e f.
    #[test]
    fn each_number_turns_its_way() {
        let stored: Vec<u8> = b"abcdef".iter().flat_map(|letter| [*letter; 4]).collect();
        for (number, sides, shown) in [
            (2, (3, 2), "cbafed"),
            (3, (3, 2), "fedcba"),
            (4, (3, 2), "defabc"),
            (5, (2, 3), "adbecf"),
            (6, (2, 3), "daebfc"),
            (7, (2, 3), "fcebda"),
            (8, (2, 3), "cfbead"),
        ] {
            let orientation = Orientation::new(number).unwrap();
            assert_eq!(orientation.shown((3, 2)), sides);
            let turned: String =
                orientation.apply(&stored, (3, 2)).as_chunks::<4>().0.iter().map(|p| char::from(p[0])).collect();
            assert_eq!(turned, shown, "{number}");
        }
        assert_eq!([0, 1, 9, 262].map(Orientation::new), [None; 4]);
    }
}
