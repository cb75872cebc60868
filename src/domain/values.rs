//! The small values that records, events and votes are made of. Each can only be made from text that is valid.

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

pub use super::invalid::Invalid;
use super::{days, spoiled, text};

macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            /// The text as it was accepted.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
    };
}

/// Reads what is written as text, without a copy of that.
pub(crate) fn from_text<'de, D: serde::Deserializer<'de>, T: FromStr<Err = Invalid>>(from: D) -> Result<T, D::Error> {
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T: FromStr<Err = Invalid>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    from.deserialize_str(Text(std::marker::PhantomData))
}

/// Reads back what is written as text: it is held to the same rules.
macro_rules! read_back {
    ($($name:ty),+) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::domain::values::from_text(from)
            }
        }
    )+};
}
read_back!(Slug, Login, Sha256, GitId, Date, Time);

/// A partner's identifier and directory: 1 to 40 lower-case ASCII letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);
text_value!(Slug);

/// Names that Windows reserves for devices: no checkout there could hold such a directory.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// It stands for the policy itself, which has a log and votes like a partner.
const PROGRAM: &str = "program";

impl Slug {
    /// So many letters it has at most.
    pub(crate) const MAX: usize = 40;

    /// What stands for the program itself: its policy is proposed, voted on and decided under this name.
    #[must_use]
    pub fn program() -> Self {
        Self(PROGRAM.to_owned())
    }

    /// Whether it stands for the program itself.
    #[must_use]
    pub fn is_program(&self) -> bool {
        self.0 == PROGRAM
    }

    pub(crate) fn or_program(s: &str) -> Result<Self, Invalid> {
        if s == PROGRAM { Ok(Self::program()) } else { s.parse() }
    }
}

impl FromStr for Slug {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let hint = tr!("use 1 to 40 lower-case letters a-z, digits and inner hyphens, such as “acme-cloud”");
        let refuse = |why: &str| Err(Invalid::new(why, hint));
        if s.is_empty() || s.len() > Self::MAX {
            return refuse(if s.is_empty() { tr!("it is empty") } else { tr!("it is longer than 40 characters") });
        }
        if let Some(c) = s.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            return refuse(&tr!("{c} can't stand in a slug", c = text::quote(&c.to_string())));
        }
        if s.starts_with('-') || s.ends_with('-') {
            return refuse(tr!("it begins or ends with a hyphen"));
        }
        if s == PROGRAM {
            return Err(Invalid::new(
                tr!("program stands for the policy"),
                tr!("the policy is changed with karmada-partner program edit; a partner takes another name"),
            ));
        }
        if RESERVED.contains(&s) {
            return Err(Invalid::new(
                tr!("Windows keeps that name for a device"),
                tr!("take another name, such as {name}-cloud", name = s),
            ));
        }
        Ok(Self(s.to_owned()))
    }
}

/// A GitHub login, in the spelling its owner gave. Compare with `Login::is`: GitHub ignores case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);
text_value!(Login);

/// Whether GitHub gives such a name to an App or a workflow.
#[must_use]
pub fn is_bots(login: &str) -> bool {
    login.ends_with("[bot]")
}

impl Login {
    /// Whether both name the same account.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// A login known to be valid: letters only, at most 39.
    pub(crate) fn from_word(word: &'static str) -> Self {
        debug_assert!(word.parse::<Self>().is_ok());
        Self(word.to_owned())
    }

    /// Whether it is an App's or a workflow's: no person stands behind it.
    #[must_use]
    pub fn is_bot(&self) -> bool {
        is_bots(&self.0)
    }

    /// The spelling used in paths, so that no two differ only by case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Login {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let hint = tr!("give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores");
        let refuse = |why: &str| Err(Invalid::new(why, hint));
        // Accounts of enterprises have an underscore; old ones may have hyphens anywhere but in front; bots say so.
        let name = s.strip_suffix("[bot]").unwrap_or(s);
        if name.is_empty() || name.len() > 39 {
            return refuse(if name.is_empty() { tr!("it is empty") } else { tr!("it is longer than 39 characters") });
        }
        if let Some(c) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')) {
            return refuse(&tr!("{c} can't stand in a GitHub ID", c = text::quote(&c.to_string())));
        }
        if name.starts_with(['-', '_']) {
            return refuse(tr!("it begins with a hyphen or an underscore"));
        }
        Ok(Self(s.to_owned()))
    }
}

/// GitHub's number of an account, or of an issue: it stays when names change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct AccountId(u64);

impl<'de> serde::Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(<u64 as serde::Deserialize>::deserialize(from)?)
            .ok_or_else(|| serde::de::Error::custom(tr!("no account has the number 0")))
    }
}

impl AccountId {
    /// The number that GitHub gives; none is 0.
    #[must_use]
    pub const fn new(number: u64) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let plain = s.bytes().all(|b| b.is_ascii_digit()) && !s.starts_with('0');
        s.parse().ok().filter(|_| plain).map(Self).ok_or_else(|| {
            Invalid::new(
                tr!("it isn't a number that GitHub gives"),
                tr!("write a decimal number without leading zeros"),
            )
        })
    }
}

/// An address on the web that people may follow, spelled as it was given: http or https, no user names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpLink(String);
text_value!(HttpLink);

impl FromStr for HttpLink {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let refuse = |why: &str| {
            Err(Invalid::new(why, tr!("give an address that begins with https://, such as https://example.com/7")))
        };
        let Some(rest) = s.strip_prefix("https://").or_else(|| s.strip_prefix("http://")) else {
            return refuse(tr!("it isn't an http or https address"));
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() || authority.starts_with(':') {
            return refuse(tr!("it has no host"));
        }
        if authority.contains('@') {
            return refuse(tr!("it carries a user name or password, which would be published"));
        }
        if s.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '\\' | '^' | '|')) {
            return refuse(tr!("it has a character that has to be percent-encoded"));
        }
        s.parse::<Line>().map(|line| Self(line.0))
    }
}

/// One harmless, non-empty line of at most 1,000 characters: a reason, a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);
text_value!(Line);

impl Line {
    /// The longest line, in characters.
    pub(crate) const MAX: usize = crate::domain::limits::LINE;

    /// What somebody says on record. It stands in a commit's message, where GitHub would close an issue by it, or call somebody.
    ///
    /// # Errors
    /// When it is no line.
    pub fn said(s: &str) -> Result<Self, Invalid> {
        spoiled::judge(s).and_then(|()| Self::put_at_rest(s))
    }

    /// The same of what is on record already, which stays as it came.
    pub(crate) fn put_at_rest(s: &str) -> Result<Self, Invalid> {
        text::at_rest(s).parse()
    }

    /// Whether it says nothing that GitHub would act on.
    #[must_use]
    pub(crate) fn is_at_rest(&self) -> bool {
        text::at_rest(&self.0) == self.0
    }
}

impl FromStr for Line {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let line = text::one_line(s);
        if line.is_empty() {
            return Err(Invalid::new(tr!("it is empty"), tr!("say it in a sentence")));
        }
        if let Some(why) = text::fault(&line) {
            return Err(Invalid::new(why, tr!("write plain text")));
        }
        let length = line.chars().count();
        if length > Self::MAX {
            return Err(Invalid::new(
                tr!("it has {length} characters", length),
                tr!("at most {max} fit; link to the rest", max = Self::MAX),
            ));
        }
        Ok(Self(line))
    }
}

/// The SHA-256 of a file's bytes. Prints as `sha256:` and 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The first 12 hex digits, for people.
    #[must_use]
    pub(crate) fn short(&self) -> String {
        self.to_string()[7..19].to_owned()
    }

    /// All 64 hex digits.
    #[must_use]
    pub(crate) fn hex(&self) -> String {
        self.to_string()[7..].to_owned()
    }

    /// From its 64 lower-case hex digits.
    #[must_use]
    pub(crate) fn from_hex(digits: &str) -> Option<Self> {
        read_hex(digits).map(Self)
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = *b"sha256:0000000000000000000000000000000000000000000000000000000000000000";
        write_hex(&mut out[7..], &self.0);
        f.write_str(std::str::from_utf8(&out).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Sha256 {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let hash = s.strip_prefix("sha256:").and_then(Self::from_hex);
        hash.ok_or_else(|| Invalid::new(tr!("it isn't a SHA-256"), tr!("write “sha256:” and 64 lower-case hex digits")))
    }
}

/// The id under which git keeps an object: 40 lower-case hex digits. It says where to find it; what it must be is said by
/// a [`Sha256`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GitId(pub [u8; 20]);

impl GitId {
    /// The id of a file with these bytes.
    #[must_use]
    pub(crate) fn of_file(bytes: &[u8]) -> Self {
        Self::of("blob", bytes)
    }

    /// The id of a directory, by the bytes that git keeps of it.
    #[must_use]
    pub(crate) fn of_tree(bytes: &[u8]) -> Self {
        Self::of("tree", bytes)
    }

    fn of(kind: &str, bytes: &[u8]) -> Self {
        let mut hash = sha1::Sha1::new();
        hash.update(format!("{kind} {}\0", bytes.len()));
        hash.update(bytes);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for GitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = [0; 40];
        write_hex(&mut out, &self.0);
        f.write_str(std::str::from_utf8(&out).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for GitId {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        read_hex(s)
            .map(Self)
            .ok_or_else(|| Invalid::new(tr!("it isn't an object's id"), tr!("write 40 lower-case hex digits")))
    }
}

/// Writes bytes as lower-case hex digits; `out` is twice as long.
fn write_hex(out: &mut [u8], bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

/// Reads just so many bytes from lower-case hex digits.
fn read_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    if hex.len() != 2 * N {
        return None;
    }
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut out = [0; N];
    for (byte, [high, low]) in out.iter_mut().zip(hex.as_bytes().as_chunks::<2>().0) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

/// A moment in UTC, to the second. A claim by its writer, never an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(jiff::Timestamp);

/// By how many seconds people's clocks may differ.
pub const CLOCKS_DIFFER: i64 = 24 * 60 * 60;

impl Time {
    /// From seconds since 1970. Out-of-range values give the nearest moment that exists.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        let bounded = seconds.clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
        Self(jiff::Timestamp::from_second(bounded).unwrap_or_default())
    }

    /// The time of what is written now: one that git's commits and our own events can hold.
    #[must_use]
    pub fn written_at(seconds: i64) -> Option<Self> {
        let time = (seconds >= 0).then(|| Self::from_unix(seconds))?;
        // Beyond what there is, the nearest moment is another.
        (time.unix() == seconds && time.to_string().parse::<Self>().is_ok()).then_some(time)
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    /// Whether it is later than two clocks that differ explain: by more than a day.
    #[must_use]
    pub fn is_ahead_of(self, now: Self) -> bool {
        self.unix() > now.unix().saturating_add(CLOCKS_DIFFER)
    }

    /// Whether both may be one moment, by two clocks that differ.
    #[must_use]
    pub fn is_near(self, other: Self) -> bool {
        !self.is_ahead_of(other) && !other.is_ahead_of(self)
    }

    /// The day in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        Date(self.0.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The day where it is earliest, and where it is latest: people give days as it is with them.
    #[must_use]
    pub fn days_on_earth(self) -> std::ops::RangeInclusive<Date> {
        let at = |hours: i64| Self::from_unix(self.unix().saturating_add(hours * 3_600)).date();
        at(-12)..=at(14)
    }

    /// The days that may be meant by one that was written down now: that of UTC, which stands where none was given, is another one
    /// for who wrote it.
    #[must_use]
    pub fn meant_by(self, day: Date) -> std::ops::RangeInclusive<Date> {
        if day == self.date() { self.days_on_earth() } else { day..=day }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The numbers in a text of this form, in which `0` stands for a digit and all else for itself.
fn numbers<const N: usize>(s: &str, form: &str) -> Option<[i16; N]> {
    if s.len() != form.len() {
        return None;
    }
    let (mut out, mut at, mut inside) = ([0; N], 0, false);
    for (byte, form) in s.bytes().zip(form.bytes()) {
        match (form, byte) {
            (b'0', b'0'..=b'9') => {
                let number = out.get_mut(at)?;
                *number = *number * 10 + i16::from(byte - b'0');
            }
            (b'0', _) => return None,
            _ if byte != form => return None,
            _ => {}
        }
        if inside && form != b'0' {
            at += 1;
        }
        inside = form == b'0';
    }
    Some(out)
}

/// The day of these numbers. Every verifier can count with it: calendars differ before and after.
fn day(year: i16, month: i16, day: i16, last_year: i16) -> Option<jiff::civil::Date> {
    let in_time = (1..=last_year).contains(&year);
    let [month, day] = [month, day].map(|number| i8::try_from(number).ok());
    jiff::civil::Date::new(year, month?, day?).ok().filter(|_| in_time)
}

impl FromStr for Time {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let read = || {
            let [year, month, date, hour, minute, second] = numbers(s, "0000-00-00T00:00:00Z")?;
            let [hour, minute, second] = [hour, minute, second].map(|number| i8::try_from(number).ok());
            let time = jiff::civil::Time::new(hour?, minute?, second?, 0).ok()?;
            let moment = day(year, month, date, 9_998)?.to_datetime(time);
            jiff::tz::Offset::UTC.to_timestamp(moment).ok().map(Self)
        };
        read().ok_or_else(|| Invalid::new(tr!("it isn't a moment in UTC"), tr!("write it as 2026-11-22T10:00:00Z")))
    }
}

/// A day of the calendar, `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The moment the day begins in UTC.
    #[must_use]
    pub fn start(self) -> Time {
        Time(self.0.to_zoned(jiff::tz::TimeZone::UTC).map_or(jiff::Timestamp::MAX, |z| z.timestamp()))
    }

    /// Whole days from `self` to `other`; negative when `other` is earlier.
    #[must_use]
    pub(crate) fn days_until(self, other: Self) -> i64 {
        i64::from((other.0 - self.0).get_days())
    }

    /// So many days later.
    #[must_use]
    pub(crate) fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(i64::from(days.min(1_000_000)))))
    }

    /// The same day so many months later; the last of its month where there is none.
    #[must_use]
    pub(crate) fn plus_months(self, months: u32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(i64::from(months.min(12_000)))))
    }

    /// The first day of its month.
    #[must_use]
    pub(crate) fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    #[must_use]
    pub(crate) fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, `2026-11`.
    #[must_use]
    pub(crate) fn month(self) -> String {
        self.to_string()[..7].to_owned()
    }

    #[must_use]
    pub(crate) fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Date {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let read = numbers(s, "0000-00-00").and_then(|[year, month, date]| day(year, month, date, 9_999));
        read.map(Self).ok_or_else(|| days::why_unread(s))
    }
}

macro_rules! serialize_as_text {
    ($($name:ident),*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
    )*};
}
serialize_as_text!(Sha256, GitId, Time, Date);

/// An enum whose variants are written as fixed words, everywhere the same: in files, flags, prompts and JSON.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Their words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word it is written as.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The word as it is told to the person at the terminal.
            #[must_use]
            #[allow(dead_code, reason = "not every word is told to somebody")]
            pub fn told(self) -> &'static str {
                match self { $(Self::$variant => tr!("word" => $word)),+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.word()) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::domain::values::Invalid;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.word() == s).ok_or_else(|| $crate::domain::values::Invalid {
                    why: tr!("{s} isn't known here", s = $crate::domain::text::quote(s)),
                    hint: tr!("one of: {words}", words = Self::WORDS.join(tr!("in a list" => ", "))),
                })
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.word()) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::domain::values::from_text(from)
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_directory_names() {
        for bad in ["", "..", "a/b", "CON", "con", "-x", "x-", "a b", "ü", "Acme", "program", &"a".repeat(41)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
        for good in ["a", "acme-cloud", "4paradigm", "a--b"] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
    }

    #[test]
    fn logins_are_what_github_allows() {
        for bad in ["", "a b", "-a", "_a", "@a", "[bot]", "a[bot", "a/b", "a.b", &"a".repeat(40)] {
            assert!(bad.parse::<Login>().is_err(), "{bad}");
        }
        for good in ["a", "a-", "a--b", "jane_acme", "dependabot[bot]", &"a".repeat(39)] {
            assert!(good.parse::<Login>().is_ok(), "{good}");
        }
        let login = |s: &str| s.parse::<Login>().unwrap();
        assert!(login("Alice-1").is(&login("alice-1")));
    }

    #[test]
    fn hashes_and_times_have_one_spelling() {
        let hash = Sha256::of(b"");
        assert_eq!(hash.to_string(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!(hash.to_string().to_uppercase().parse::<Sha256>().is_err());
        let time = Time::from_unix(1_795_000_000);
        assert_eq!(time.to_string().parse(), Ok(time));
        for bad in
            ["2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00.5Z", "2026-11-22 10:00:00Z", "2026-02-30T00:00:00Z"]
        {
            assert!(bad.parse::<Time>().is_err(), "{bad}");
        }
        assert!("2026-02-29".parse::<Date>().is_err());
        for (given, why) in [
            ("2026-11-27T23:00:00-08:00", "a time stands behind the day"),
            ("2026-11-27 23:00", "a time stands behind the day"),
            ("2026-02-30T23:00Z", "it isn't a day of the calendar"),
            ("2026-11-27x", "it isn't a day as days are read here"),
        ] {
            assert_eq!(given.parse::<Date>().unwrap_err().why, why, "{given}");
        }
    }

    /// A time and a day have one spelling, as the calendar has it.
    #[test]
    fn times_and_days_are_read_as_they_are_written() {
        use proptest::prelude::*;
        let as_jiff = |text: &str| {
            let year = text.get(..4).and_then(|year| year.parse::<u16>().ok());
            let time = text.parse::<jiff::Timestamp>().ok().map(|time| Time::from_unix(time.as_second()));
            let date = text.parse::<jiff::civil::Date>().ok().map(Date);
            let of = |last| year.is_some_and(|year| (1..=last).contains(&year));
            (
                time.filter(|time| time.to_string() == text && of(9_998)),
                date.filter(|date| date.to_string() == text && of(9_999)),
            )
        };
        let ours = |text: &str| (text.parse::<Time>().ok(), text.parse::<Date>().ok());
        let number = || prop_oneof![0_u32..70, Just(99)];
        let year = prop_oneof![Just(0_u32), Just(1), 1890_u32..2110, Just(9998), Just(9999), Just(10_000)];
        let texts = (year, number(), number(), number(), number(), number(), "Z|z|[+]00|[.]5Z|");
        proptest!(|((year, month, date, hour, minute, second, end) in texts)| {
            for text in [
                format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}{end}"),
                format!("{year:04}-{month:02}-{date:02}"),
                format!("{year:04}-{:02}-{:02}T{:02}:{:02}:{:02}{end}", month % 13, date % 32, hour % 25, minute % 60, second % 61),
                format!("{year:04}-{:02}-{:02}", month % 13, date % 32),
            ] {
                prop_assert_eq!(ours(&text), as_jiff(&text), "{}", text);
            }
        });
        for odd in [
            "",
            "2026",
            "-026-01-01",
            "2026-1-01",
            "+2026-01-01",
            "2026-01-01T00:00:00",
            "２０２６-01-01",
            "2026/01/01",
        ] {
            assert_eq!(ours(odd), as_jiff(odd), "{odd}");
        }
    }
}
