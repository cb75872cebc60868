//! Whether a person would say that two names are nearly the same: what was mistyped, not what differs by as little.

/// Words that names are put together with. Whoever has another one of them has nearly the same name.
const SMALL: &[&str] = &[
    "and", "at", "da", "de", "del", "della", "der", "des", "di", "die", "do", "dos", "du", "el", "et", "for", "im",
    "in", "la", "las", "le", "les", "los", "of", "on", "the", "und", "von",
];

/// So many letters the longest of them has.
const LONGEST: usize = 5;

/// Letters that are heard or seen as one another.
const ALIKE: &[(char, char)] = &[
    ('b', 'p'),
    ('c', 'k'),
    ('c', 's'),
    ('d', 't'),
    ('i', 'j'),
    ('i', 'y'),
    ('m', 'n'),
    ('s', 'z'),
    ('u', 'v'),
    ('v', 'w'),
];

/// Below so many letters a word that differs so is another word.
mod least {
    /// A letter twice, or a plural's `s`.
    pub(super) const REPEATED: usize = 5;
    /// Two letters changed about.
    pub(super) const SWAPPED: usize = 6;
    /// A letter for one like it.
    pub(super) const ALIKE: usize = 7;
    /// A letter too many or too few, within.
    pub(super) const WITHIN: usize = 9;
    /// Any letter for another, or one more at the end.
    pub(super) const ANY: usize = 10;
}

/// Whether two names, as words in lower case, are the same but for a slip in one word. The same names aren't near.
pub(crate) fn are_near<'w>(one: impl Iterator<Item = &'w str>, other: impl Iterator<Item = &'w str>) -> bool {
    let (one, other) = (main_words(one), main_words(other));
    if one.len() == other.len() {
        return one != other && differ_by_a_slip(&one, &other) || one == other && one.len() > 1;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    // One of them is written with a space where the other is not.
    short.len() + 1 == long.len()
        && (1..long.len()).any(|at| {
            let mut joined: Vec<&str> = long.clone();
            let word = [long[at - 1], long[at]].concat();
            joined.splice(at - 1..=at, [word.as_str()]);
            joined != short && differ_by_a_slip(&short, &joined)
        })
}

/// What a name is with at most one letter left out, written without spaces: two that are near have one of these in common. What no
/// slip touches stays.
pub(crate) fn slips<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let whole = main_words(words).concat();
    let without = |(at, letter): (usize, char)| [&whole[..at], &whole[at + letter.len_utf8()..]].concat();
    let mut slips: Vec<String> = whole.char_indices().skip(1).filter(|(_, c)| !c.is_numeric()).map(without).collect();
    slips.push(whole);
    slips.sort_unstable();
    slips.dedup();
    slips
}

fn main_words<'w>(words: impl Iterator<Item = &'w str>) -> Vec<&'w str> {
    words.filter(|word| word.len() > LONGEST || SMALL.binary_search(word).is_err()).collect()
}

fn differ_by_a_slip(one: &[&str], other: &[&str]) -> bool {
    let mut differing = one.iter().zip(other).filter(|(a, b)| a != b);
    let first = differing.next();
    differing.next().is_none() && first.is_some_and(|(a, b)| is_slip(a, b))
}

/// Whether a word is another one, mistyped. Slips don't touch the first letter, by which words are told apart; and who differs by
/// a digit means to.
fn is_slip(one: &str, other: &str) -> bool {
    // Nearly all words differ by more, which is told without taking any apart.
    let same = |(a, b): &(char, char)| a == b;
    let (mut begin, mut last) = (0, None);
    for (letter, _) in one.chars().zip(other.chars()).take_while(same) {
        (begin, last) = (begin + letter.len_utf8(), Some(letter));
    }
    let (a, b) = (&one[begin..], &other[begin..]);
    let end: usize = a.chars().rev().zip(b.chars().rev()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let Some(last) = last.filter(|_| a.chars().nth(2).is_none() && b.chars().nth(2).is_none()) else { return false };
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (less, more, long) = if a.len() <= b.len() { (a, b, other) } else { (b, a, one) };
    if less.iter().chain(&more).any(|c| c.is_numeric()) {
        return false;
    }
    let at_the_end = end == 0;
    let needed = match (less.as_slice(), more.as_slice()) {
        ([], [new]) if last == *new => least::REPEATED,
        ([], ['s']) if at_the_end => least::REPEATED,
        ([], [_]) if at_the_end => least::ANY,
        ([], [_]) => least::WITHIN,
        ([a], [b]) if ALIKE.contains(&(*a.min(b), *a.max(b))) => least::ALIKE,
        ([_], [_]) => least::ANY,
        ([a, b], [c, d]) if a == d && b == c => least::SWAPPED,
        _ => return false,
    };
    long.chars().count() >= needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_are_found_by_their_order() {
        assert!(SMALL.is_sorted() && SMALL.iter().all(|word| word.len() <= LONGEST));
    }

    #[test]
    fn slips_are_told_from_other_words() {
        let near = |one: &str, other: &str| {
            let near = are_near(one.split(' '), other.split(' '));
            assert_eq!(are_near(other.split(' '), one.split(' ')), near);
            near
        };
        for (one, other) in [
            ("globex", "globexx"),
            ("hauwei", "huawei"),
            ("micrsoft azure", "microsoft azure"),
            ("acme solution", "acme solutions"),
            ("huaweicloud", "huawei clould"),
            ("bank of china", "bank china"),
        ] {
            assert!(near(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("lenovo", "de novo"),
            ("istio", "mist io"),
            ("kraken", "krakend"),
            ("acme", "acne"),
            ("acme", "acme"),
            ("globex", "globex 2"),
            ("omsk state university", "tomsk state university"),
            ("kanagawa", "kanazawa"),
        ] {
            assert!(!near(one, other), "{one} {other}");
        }
    }
}
