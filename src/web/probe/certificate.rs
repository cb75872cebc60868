//! What a server's certificate says. It was verified before; here it is only read.

use serde::Serialize;
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::domain::{Time, text};

const NAMES: usize = 20;

/// Whom a certificate is for, who says so, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Hosts it is for, at most twenty.
    pub names: Vec<String>,
    /// The organization it is for, where that was checked by the issuer.
    pub organization: Option<String>,
    pub issuer: String,
    pub not_after: Time,
}

impl Certificate {
    /// Reads a certificate in DER; `None` if it can't be read.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let parsed = Parsed::from_der(der).ok()?;
        let certificate = parsed.tbs_certificate();
        let names = match certificate.get_extension::<SubjectAltName>() {
            Ok(Some((_, SubjectAltName(names)))) => names,
            _ => Vec::new(),
        };
        let name = |name: &GeneralName| match name {
            GeneralName::DnsName(name) => Some(text::visible(name.as_str())),
            _ => None,
        };
        let issuer = certificate.issuer();
        let said = [issuer.organization(), issuer.common_name()].into_iter().filter_map(|part| part.ok()?);
        let said: Vec<String> = said.map(|part| text::visible(&part.value())).collect();
        let until = certificate.validity().not_after.to_unix_duration().as_secs();
        Some(Self {
            names: names.iter().filter_map(name).take(NAMES).collect(),
            organization: certificate.subject().organization().ok().flatten().map(|o| text::visible(&o.value())),
            issuer: said.join(", "),
            not_after: Time::from_unix(i64::try_from(until).unwrap_or(i64::MAX)),
        })
    }
}
