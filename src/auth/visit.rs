//! Where a request really comes from. What a header says about that counts only where a reverse proxy
//! that we were told of wrote it: anybody else can write it, too.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::http::header::{HOST, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Uri};
use ipnet::IpNet;

/// How much of what a browser calls itself is kept.
const AGENT_MOST: usize = 256;

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The person's own address, as far as it can be known.
    pub address: Option<IpAddr>,
    /// Whether it came to us, or to the proxy before us, over https.
    pub is_https: bool,
    /// What the browser calls itself, in printable signs.
    pub agent: Option<String>,
}

/// The reverse proxies whose word counts.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        // A proxy on a dual-stack socket shows up as ::ffff:a.b.c.d.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Reads a request that came from `peer`; `public_url` is where people reach us, if that was set.
    pub fn read(
        &self,
        peer: Option<IpAddr>,
        uri: &Uri,
        headers: &HeaderMap,
        public_url: Option<&str>,
    ) -> Visit {
        let peer = peer.map(|peer| peer.to_canonical());
        let trusted = peer.filter(|peer| self.trusts(*peer));
        let agent = headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Visit {
            address: trusted.map_or(peer, |proxy| Some(self.client(proxy, headers))),
            is_https: if trusted.is_some() && headers.contains_key(&FORWARDED_PROTO) {
                last(headers, &FORWARDED_PROTO)
                    .is_some_and(|word| word.eq_ignore_ascii_case("https"))
            } else {
                is_public_host(host_of(uri, headers), public_url)
            },
            agent: agent.map(|agent| agent.chars().take(AGENT_MOST).collect()),
        }
    }

    /// Each proxy appends whom it got the request from, so the list is read from its end for as long as
    /// the entries are proxies of ours: what stands before the first stranger is that stranger's word.
    fn client(&self, proxy: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = proxy;
        let entries: Vec<&str> = headers
            .get_all(&FORWARDED_FOR)
            .iter()
            .flat_map(|line| line.to_str().unwrap_or_default().split(','))
            .collect();
        for entry in entries.iter().rev() {
            let Some(address) = parse(entry.trim()) else {
                break;
            };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// Whose addresses count as one: an IPv4 address, or the /64 that an IPv6 customer has at least.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The last proxy's word.
fn last<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim)
}

/// An address, with or without a port and brackets.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_matches(['[', ']']);
    let address = bare.parse().ok().or_else(|| {
        let socket: std::net::SocketAddr = entry.parse().ok()?;
        Some(socket.ip())
    })?;
    Some(IpAddr::to_canonical(&address))
}

/// The host that a request is for; HTTP/2 has it in the address instead of a header.
pub fn host_of<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.or_else(|| uri.authority().map(|authority| authority.as_str()))
}

/// Whether the request is for the https address that the settings say people use.
fn is_public_host(host: Option<&str>, public_url: Option<&str>) -> bool {
    let public: Option<Uri> = public_url.and_then(|url| url.parse().ok());
    match (public, host) {
        (Some(public), Some(host)) if public.scheme_str() == Some("https") => public
            .authority()
            .is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(host)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(&["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()])
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn address(peer: &str, lines: &[(&'static str, &str)]) -> String {
        let peer = Some(peer.parse().unwrap());
        let visit = proxies().read(peer, &Uri::default(), &headers(lines), None);
        visit.address.unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        let claim = [("x-forwarded-for", "1.2.3.4")];
        assert_eq!(address("203.0.113.9", &claim), "203.0.113.9");
        assert_eq!(address("10.1.1.1", &claim), "1.2.3.4");
        assert_eq!(address("::ffff:10.1.1.1", &claim), "1.2.3.4");
        assert_eq!(address("::1", &claim), "1.2.3.4");
    }

    #[test]
    fn what_a_client_wrote_before_the_proxies_is_not_believed() {
        for (lines, client) in [
            (vec![("x-forwarded-for", "6.6.6.6, 1.2.3.4")], "1.2.3.4"),
            (
                vec![("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.2.2.2")],
                "1.2.3.4",
            ),
            (
                vec![
                    ("x-forwarded-for", "6.6.6.6"),
                    ("x-forwarded-for", "1.2.3.4"),
                ],
                "1.2.3.4",
            ),
            (vec![("x-forwarded-for", "1.2.3.4, nonsense")], "10.1.1.1"),
            (vec![("x-forwarded-for", "[2001:db8::7]:80")], "2001:db8::7"),
            (vec![("x-forwarded-for", "10.3.3.3, 10.2.2.2")], "10.3.3.3"),
            (vec![], "10.1.1.1"),
        ] {
            assert_eq!(address("10.1.1.1", &lines), client, "{lines:?}");
        }
    }

    #[test]
    fn https_is_what_a_proxy_says_or_what_the_settings_say_of_this_host() {
        let is_https = |peer: &str, lines: &[(&'static str, &str)], url| {
            proxies()
                .read(
                    Some(peer.parse().unwrap()),
                    &Uri::default(),
                    &headers(lines),
                    url,
                )
                .is_https
        };
        let said = [("x-forwarded-proto", "https")];
        assert!(is_https("10.1.1.1", &said, None));
        assert!(!is_https("203.0.113.9", &said, None));
        let url = Some("https://watch.example.org");
        assert!(is_https(
            "203.0.113.9",
            &[("host", "Watch.example.org")],
            url
        ));
        assert!(!is_https("203.0.113.9", &[("host", "127.0.0.1:3000")], url));
        let plain = [("host", "watch.example.org"), ("x-forwarded-proto", "http")];
        assert!(!is_https("10.1.1.1", &plain, url));
        assert!(!is_https(
            "203.0.113.9",
            &[],
            Some("http://watch.example.org")
        ));
    }

    #[test]
    fn the_host_of_a_request_without_that_header_is_in_its_address() {
        let https = |uri: &'static str, lines: &[(&'static str, &str)]| {
            let uri = Uri::from_static(uri);
            let url = Some("https://watch.example.org");
            proxies().read(None, &uri, &headers(lines), url).is_https
        };
        assert!(https("http://watch.example.org/login", &[]));
        assert!(!https("http://other.example.org/login", &[]));
        assert!(!https("/login", &[]));
    }

    #[test]
    fn a_network_of_64_bits_is_one_home_and_ipv4_stays_itself() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
    }
}
