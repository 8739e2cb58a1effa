//! Whether the address of a QR code opens outside of one network.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Endings of the names of machines in local networks (RFC 2606, 6762).
const ENDINGS: [&str; 7] = ["localhost", "local", "lan", "internal", "intranet", "home", "test"];

/// Whether an address of the web opens on one machine or in one network only.
pub(crate) fn is_local_address(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // An IPv6 address stands in brackets, because it has colons itself.
    if let Some((inside, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return inside.parse::<Ipv6Addr>().is_ok_and(is_local_v6);
    }
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    if let Ok(number) = host.parse::<Ipv4Addr>() {
        return is_local_v4(number);
    }
    match host.rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending),
        // The name of a machine in the local network.
        None => true,
    }
}

fn is_local_v4(number: Ipv4Addr) -> bool {
    number.is_loopback() || number.is_private() || number.is_link_local() || number.is_unspecified()
}

fn is_local_v6(number: Ipv6Addr) -> bool {
    let is_unique_local = number.segments()[0] & 0xfe00 == 0xfc00;
    let is_link_local = number.segments()[0] & 0xffc0 == 0xfe80;
    number.is_loopback()
        || number.is_unspecified()
        || is_unique_local
        || is_link_local
        || number.to_ipv4_mapped().is_some_and(is_local_v4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_machine_or_network_are_told_apart() {
        for local in [
            "http://localhost:8080",
            "http://127.0.0.1:8080/",
            "http://10.1.2.3",
            "https://192.168.1.5:443",
            "http://172.20.0.1",
            "http://169.254.0.9",
            "http://0.0.0.0:8080",
            "http://[::1]:8080",
            "http://[fe80::1]",
            "http://[fd00::1]/",
            "http://[::ffff:10.0.0.1]",
            "http://circle.local",
            "http://SERVER.Local.",
            "http://server:8080",
        ] {
            assert!(is_local_address(local), "{local}");
        }
        for public in [
            "https://circle.example.org",
            "https://hrb.gov.cn/circle",
            "http://172.32.0.1",
            "http://8.8.8.8:80",
            "http://[2001:db8::1]",
            "https://local.example.org/10.0.0.1",
        ] {
            assert!(!is_local_address(public), "{public}");
        }
    }
}
