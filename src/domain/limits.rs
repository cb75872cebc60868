//! How much of anything is taken, each with its reason. What one part writes or accepts, every other can read; so limits that
//! belong together stand together, and no other file has its own.

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

// Logos.

/// Of a logo's file as somebody gives it, in bytes: what it holds beside the picture is taken out before it is judged.
pub const LOGO_FILE: usize = 10 * MIB;
/// Of a logo on record, in bytes, whatever `[logo]` says. Git keeps it for ever, and a proposal has to hold it.
pub const LOGO_BYTES: u32 = 2 * 1024 * 1024;
/// Hardly a logo has fewer bytes: a policy that takes less takes none.
pub const LEAST_LOGO_BYTES: u32 = 1024;
/// Of a logo's side, in pixels: wider than any screen.
pub const LOGO_SIDE: u32 = 10_000;
/// Of a logo's pixels: decoded they take 50 MB, and each thread that draws decodes one.
pub const LOGO_PIXELS: u32 = 12_500_000;
/// Of a logo's width in its heights: a wider one is no more than a line on a card.
pub const LOGO_RATIO: u32 = 10;
/// Of a logo's height in its widths, for the same reason.
pub const LOGO_TALL_RATIO: u32 = 4;
/// Of what is kept in memory from one logo to the next, in bytes: more than a usual one takes.
pub const LOGO_ROOM: usize = 16 * MIB;
/// Of one text in a logo's file that is unpacked to tell what is in it, in bytes. A file of a few can unpack to any number.
pub const LOGO_TEXT: usize = MIB;
/// Of the color profile in a logo's file, unpacked, in bytes: what libpng, and so nearly every viewer, reads of one.
pub const PROFILE: usize = 8_000_000;
/// Of a color profile's tags: the longest that are known have some forty.
pub const PROFILE_TAGS: usize = 200;
/// Of the words in one tag of a color profile, in bytes: a few lines in every language.
pub const PROFILE_WORDS: usize = 64 * KIB;
/// Of a logo's bytes as a new program has it: eight times what a card of 500 pixels takes.
pub const USUAL_LOGO_BYTES: u32 = 200 * 1024;

// Records, policies, and what is typed.

/// Of `partner.toml`, `program.toml` and other documents in TOML, in bytes; and of texts and keys that are given as files. Far more
/// than a person writes, and read whole.
pub const DOCUMENT: usize = 64 * KIB;
/// Of a name, in characters: what a card and a title have room for.
pub const NAME: usize = 80;
/// Of a description, in characters.
pub const DESCRIPTION: usize = 400;
/// Of a description on a card of the website, in Latin letters: the longest that ever fitted.
pub const CARD: usize = 207;
/// Of an address, in bytes: browsers and servers take no more for certain.
pub const ADDRESS: usize = 2_000;
/// Of a line such as a reason or a note, in characters.
pub const LINE: usize = 1_000;
/// Of one answer in an issue form, or of a cell of a table, in bytes: more than all fields together may have.
pub const FORM_ANSWER: usize = 16 * KIB;
/// Of a list in a record, in items. With the longest of names it stays well within a document.
pub const ITEMS: usize = 50;
/// Of people with a certificate: more than any company has.
pub const CERTIFIED: u32 = 100_000;

// What stands in a log.

/// Of an event or a vote, in bytes: one that names the votes of a thousand members fits.
pub const BLOCK: usize = 256 * KIB;
/// Of an event or a vote, in lines: more than there are keys.
pub const BLOCK_LINES: usize = 65;
/// Of a commit that this program would have written, in bytes: its message has the block in it.
pub const COMMIT: usize = 2 * BLOCK;
/// Of a commit's signature, in bytes.
pub const COMMIT_SIGNATURE: usize = 8 * KIB;
/// Of an SSH signature, in characters: that of the largest RSA key has about 2,900.
pub const SIGNATURE: usize = 4_096;
/// Of the evidence that a voter saw, in bytes: GitHub takes it only as part of a comment, of 64 KiB.
pub const EVIDENCE: usize = 48 * KIB;
/// Of a proposal's commits, in bytes, where anybody may open them: a record and a few logos as large as can be.
pub const PROPOSAL: u64 = 4 * LOGO_BYTES as u64;
/// Of the commits of any other pull request, in bytes: documents with pictures, perhaps.
pub const PULL_REQUEST: u64 = 64 * 1024 * KIB as u64;

/// Of a commit's author, the name and the mailbox each, in bytes: no person's is longer, and a header stays within a screen.
pub const AUTHOR: usize = 200;

// What comes from elsewhere.

/// Of a page that is fetched from a partner's website, in bytes: what matters stands at its beginning.
pub const WEB_PAGE: usize = MIB;
/// Of an answer of GitHub's, in bytes: of none that is asked for here there is more.
pub const ANSWER: usize = 64 * MIB;
/// Of an issue that is given as a file, in bytes: 65,536 characters, as JSON escapes them.
pub const ISSUE: usize = MIB;
/// Of a table that is imported, and of a batch, in bytes: what `contacts` and `list` write of any registry fits.
pub const TABLE: usize = 64 * MIB;
/// Of a file of the website's, in bytes: the cards of ten thousand partners fit, and its writer knows no other bound.
pub const SITE_FILE: usize = 64 * MIB;
/// How many files of a website elsewhere are read to see what they name; and of how many bytes together.
pub const SEARCHED_FILES: usize = 1024;
pub const SEARCHED_BYTES: u64 = 8 * MIB as u64;
/// Of how many bytes each may be: of larger ones GitHub gives only the beginning.
pub const SEARCHED_FILE: u64 = 256 * 1024;
/// How many bytes of several of them are asked for at once.
pub const SEARCHED_AT_ONCE: u64 = MIB as u64;
/// Of what an earlier run remembered, in bytes. More is forgotten, which costs time only.
pub const MEMORY: usize = 256 * MIB;
/// Of objects that are held in memory before they go to disk, in bytes.
pub const HELD_OBJECTS: usize = 16 * MIB;
/// Of the messages of commits that an audit keeps until it judges them, in bytes. More are read again.
pub const HELD_MESSAGES: usize = 32 * MIB;
