//! Which addresses are out on the public internet. Whatever isn't known to be is not: an applicant must not get this machine to
//! ask its own network.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address isn't one of the public internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inner {
    /// This machine.
    Loopback,
    /// A network of somebody's own.
    Private,
    /// A provider's own network.
    Carrier,
    /// The wire right here.
    LinkLocal,
    /// What tells a cloud's machines their secrets.
    Metadata,
    /// No address at all.
    Unspecified,
    /// To many at once.
    Multicast,
    /// To all of a network.
    Broadcast,
    Documentation,
    Benchmark,
    /// Kept for something else.
    Reserved,
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Loopback => tr!("this machine itself"),
            Self::Private => tr!("a private network"),
            Self::Carrier => tr!("a provider's own network"),
            Self::LinkLocal => tr!("the local link"),
            Self::Metadata => tr!("a cloud's metadata service"),
            Self::Unspecified => tr!("no address at all"),
            Self::Multicast => tr!("many machines at once"),
            Self::Broadcast => tr!("all machines of a network"),
            Self::Documentation => tr!("an address for examples"),
            Self::Benchmark => tr!("an address for measuring"),
            Self::Reserved => tr!("an address kept for other uses"),
        })
    }
}

/// Whether an address is a public one of a single machine; otherwise, what it is.
pub fn judge(address: IpAddr) -> Result<(), Inner> {
    match address {
        IpAddr::V4(address) => judge_v4(address),
        IpAddr::V6(address) => judge_v6(address),
    }
}

/// By IANA's registry of special-purpose addresses; what is globally reachable there only for a protocol of its own is left
/// out, too.
fn judge_v4(address: Ipv4Addr) -> Result<(), Inner> {
    Err(match address.octets() {
        [0, 0, 0, 0] => Inner::Unspecified,
        // The second is Azure's, in the middle of public addresses; the third Alibaba's; the last Oracle's.
        [169, 254, 169, 254] | [168, 63, 129, 16] | [100, 100, 100, 200] | [192, 0, 0, 192] => Inner::Metadata,
        [127, ..] => Inner::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Inner::Private,
        [100, 64..=127, ..] => Inner::Carrier,
        [169, 254, ..] => Inner::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Inner::Documentation,
        [198, 18..=19, ..] => Inner::Benchmark,
        [255, 255, 255, 255] => Inner::Broadcast,
        [224..=239, ..] => Inner::Multicast,
        [0 | 240..=255, ..] | [192, 0, 0, _] | [192, 88, 99, _] => Inner::Reserved,
        _ => return Ok(()),
    })
}

fn judge_v6(address: Ipv6Addr) -> Result<(), Inner> {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    let last = v4(segments[6], segments[7]);
    Err(match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Inner::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Inner::Loopback,
        // What leads to an IPv4 address is what that is: mapped, and by way of a translator (NAT64).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => return judge_v4(last),
        // Long out of use: compatible, and translated (SIIT). Nothing public is found there.
        [0, 0, 0, 0, 0 | 0xffff, 0, ..] => judge_v4(last).err().unwrap_or(Inner::Reserved),
        // 6to4, and Teredo: its server, and the client with its bits turned over.
        [0x2002, high, low, ..] => return judge_v4(v4(high, low)),
        [0x2001, 0, high, low, ..] => {
            return judge_v4(v4(high, low)).and_then(|()| judge_v4(v4(!segments[6], !segments[7])));
        }
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Inner::Metadata,
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Inner::Private,
        [0xfe80..=0xfebf, ..] => Inner::LinkLocal,
        [0xff00..=0xffff, ..] => Inner::Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Inner::Documentation,
        [0x2001, 2, 0, ..] => Inner::Benchmark,
        // The rest of what IANA keeps for protocols; and all that was never handed out.
        [0x2001, 0..=0x1ff, ..] => Inner::Reserved,
        [0x2000..=0x3fff, ..] => return Ok(()),
        _ => Inner::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "185.199.108.153",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert_eq!(judge(address.parse().unwrap()), Ok(()), "{address}");
        }
    }

    #[test]
    fn all_others_are_named() {
        use Inner::*;
        for (address, what) in [
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Reserved),
            ("10.0.0.1", Private),
            ("10.255.255.255", Private),
            ("100.64.0.1", Carrier),
            ("100.127.255.255", Carrier),
            ("100.100.100.200", Metadata),
            ("127.0.0.1", Loopback),
            ("127.255.255.254", Loopback),
            ("168.63.129.16", Metadata),
            ("169.254.0.1", LinkLocal),
            ("169.254.169.254", Metadata),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.0.0.1", Reserved),
            ("192.0.0.192", Metadata),
            ("192.0.2.1", Documentation),
            ("192.88.99.1", Reserved),
            ("192.168.1.1", Private),
            ("198.18.0.1", Benchmark),
            ("198.19.255.255", Benchmark),
            ("198.51.100.1", Documentation),
            ("203.0.113.1", Documentation),
            ("224.0.0.1", Multicast),
            ("239.255.255.255", Multicast),
            ("240.0.0.1", Reserved),
            ("255.255.255.254", Reserved),
            ("255.255.255.255", Broadcast),
            ("::", Unspecified),
            ("::1", Loopback),
            ("::2", Reserved),
            ("::127.0.0.1", Loopback),
            ("::8.8.8.8", Reserved),
            ("::ffff:127.0.0.1", Loopback),
            ("::ffff:169.254.169.254", Metadata),
            ("::ffff:10.1.2.3", Private),
            ("::ffff:0:192.168.0.1", Private),
            ("64:ff9b::10.0.0.1", Private),
            ("64:ff9b::169.254.169.254", Metadata),
            ("64:ff9b:1::808:808", Private),
            ("100::1", Reserved),
            ("2001:0:0a00:1::", Private),
            // Teredo's client is written with its bits turned over: 127.0.0.1.
            ("2001:0:808:808::80ff:fffe", Loopback),
            ("2001:2::1", Benchmark),
            ("2001:10::1", Reserved),
            ("2001:20::1", Reserved),
            ("2001:db8::1", Documentation),
            ("2002:7f00:1::", Loopback),
            ("2002:a9fe:a9fe::1", Metadata),
            ("3fff::1", Documentation),
            ("3fff:fff:ffff::", Documentation),
            ("4000::1", Reserved),
            ("5f00::1", Reserved),
            ("fc00::1", Private),
            ("fd12:3456::1", Private),
            ("fd00:ec2::254", Metadata),
            ("fe80::1", LinkLocal),
            ("febf::1", LinkLocal),
            ("fec0::1", Private),
            ("ff02::1", Multicast),
        ] {
            assert_eq!(judge(address.parse().unwrap()), Err(what), "{address}");
        }
    }
}
