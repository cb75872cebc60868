//! What is wrong with a server's certificate, in words that are the same each time.

use rustls::CertificateError as Why;

use crate::domain::text;

pub const UNVOUCHED: &str = "nobody known has issued it";

/// What is wrong, as a sentence about the certificate.
#[must_use]
pub fn words(why: &Why) -> String {
    match why {
        Why::Expired | Why::ExpiredContext { .. } => tr!("it has expired").to_owned(),
        Why::NotValidYet | Why::NotValidYetContext { .. } => tr!("it isn't valid yet").to_owned(),
        Why::NotValidForName | Why::NotValidForNameContext { .. } => tr!("it is for another name").to_owned(),
        Why::UnknownIssuer => tr!("nobody known has issued it").to_owned(),
        Why::Revoked => tr!("it was revoked").to_owned(),
        Why::BadEncoding => tr!("it can't be read").to_owned(),
        Why::BadSignature => tr!("its signature is wrong").to_owned(),
        Why::InvalidPurpose | Why::InvalidPurposeContext { .. } => tr!("it isn't one for servers").to_owned(),
        // What the library that verifies says of the rest has no words, only names.
        Why::Other(of_its_own) if of_its_own.0.to_string().contains("CaUsedAsEndEntity") => {
            tr!("it is an authority's own, which no server may show").to_owned()
        }
        Why::Other(of_its_own) => {
            tr!("it is refused ({why})", why = text::visible(&of_its_own.0.to_string()))
        }
        other => text::visible(&other.to_string()),
    }
}

/// That a certificate isn't trusted, and what is wrong with it.
#[must_use]
pub fn untrusted(why: &str) -> String {
    tr!("its certificate isn't trusted: {why}", why)
}

/// Whether a clock that is set wrong here would explain it.
#[must_use]
pub fn is_of_time(why: &Why) -> bool {
    matches!(why, Why::Expired | Why::ExpiredContext { .. } | Why::NotValidYet | Why::NotValidYetContext { .. })
}

/// Whether nobody known here vouches for it.
#[must_use]
pub fn is_unvouched(why: &Why) -> bool {
    matches!(why, Why::UnknownIssuer)
}
