//! The first words between host and plugin: the environment the host starts the process with, and the one line the
//! plugin answers on stdout. Source: go-plugin `client.go` and `server.go`, checked against Terraform 1.11.4.
//! It must not know how a listener or a certificate comes about.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listen::Address;
use super::start_error::StartError;

/// Not a secret: it tells a host that starts us from a human who does.
const MAGIC_COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// go-plugin's own version; a host refuses any other.
const CORE_PROTOCOL: u32 = 1;

/// The only major version of Terraform's protocol that we speak.
pub(super) const PROTOCOL: u32 = 6;

/// What the host says through the environment.
#[derive(Debug, PartialEq)]
pub(super) struct Invitation {
    /// PEM. Present: the host will speak TLS and nothing else.
    pub(super) client_certificate: Option<String>,
    /// For TCP; `0..=0` is any port.
    pub(super) ports: RangeInclusive<u16>,
    pub(super) socket_dir: Option<PathBuf>,
    /// Name or number of the group that may use the socket.
    pub(super) socket_group: Option<String>,
    /// Whether the host can read a seventh field of the handshake line.
    pub(super) reads_multiplex: bool,
    /// Whether the host offers our protocol version.
    pub(super) speaks_ours: bool,
}

impl Invitation {
    /// `None`: no host started us.
    pub(super) fn read(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, StartError> {
        let (key, cookie) = MAGIC_COOKIE;
        if variable(key).as_deref() != Some(cookie) {
            return Ok(None);
        }
        let set = |key: &str| variable(key).filter(|value| !value.is_empty());
        Ok(Some(Self {
            client_certificate: set("PLUGIN_CLIENT_CERT"),
            ports: port(set("PLUGIN_MIN_PORT"))?..=port(set("PLUGIN_MAX_PORT"))?,
            socket_dir: set("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: set("PLUGIN_UNIX_SOCKET_GROUP"),
            reads_multiplex: set("PLUGIN_MULTIPLEX_GRPC").is_some(),
            speaks_ours: offers(set("PLUGIN_PROTOCOL_VERSIONS").as_deref()),
        }))
    }

    /// What a human who starts us for debugging would say: plaintext, any port, a socket of our own.
    pub(super) fn of_a_human() -> Self {
        Self {
            client_certificate: None,
            ports: 0..=0,
            socket_dir: None,
            socket_group: None,
            reads_multiplex: false,
            speaks_ours: true,
        }
    }
}

fn port(value: Option<String>) -> Result<u16, StartError> {
    let Some(value) = value else { return Ok(0) };
    value.parse().map_err(StartError::unable(format!(
        "use {value:?} as a port number"
    )))
}

/// Negotiation has one possible outcome, since we speak one version: the host compares the version on our line with
/// what it offered and explains a mismatch to the user better than we could. Text that is no number is passed over,
/// as go-plugin does; no list at all means an old host that takes what it gets.
fn offers(versions: Option<&str>) -> bool {
    versions.is_none_or(|list| {
        list.split(',')
            .any(|version| version.trim().parse() == Ok(PROTOCOL))
    })
}

/// The line on stdout that lets the host connect.
pub(super) struct Greeting<'a> {
    pub(super) address: &'a Address,
    /// DER of the server's leaf certificate.
    pub(super) certificate: Option<&'a [u8]>,
    /// go-plugin ≤ 1.4 (Terraform ≤ 1.8, OpenTofu ≤ 1.10) would take a seventh field for a part of the certificate.
    pub(super) multiplex: bool,
}

impl fmt::Display for Greeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (network, address) = (self.address.network(), self.address);
        // Padded base64 is refused by the host.
        let certificate = self
            .certificate
            .map(|der| STANDARD_NO_PAD.encode(der))
            .unwrap_or_default();
        write!(
            f,
            "{CORE_PROTOCOL}|{PROTOCOL}|{network}|{address}|grpc|{certificate}"
        )?;
        // Nothing is ever brokered for a provider, so there is nothing to multiplex.
        if self.multiplex {
            f.write_str("|false\n")
        } else {
            f.write_str("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(variables: &[(&str, &str)]) -> Result<Option<Invitation>, String> {
        let cookie = [MAGIC_COOKIE];
        let variables = cookie.iter().chain(variables).rev();
        Invitation::read(|wanted| {
            let mut found = variables.clone().filter(|(key, _)| *key == wanted);
            found.next().map(|(_, value)| (*value).to_owned())
        })
        .map_err(|error| error.to_string())
    }

    fn check_offer(versions: &str, speaks_ours: bool) {
        let invitation = invitation(&[("PLUGIN_PROTOCOL_VERSIONS", versions)])
            .unwrap()
            .unwrap();
        assert_eq!(invitation.speaks_ours, speaks_ours, "{versions:?}");
    }

    #[test]
    fn wrong_cookie_is_no_invitation() {
        assert!(invitation(&[]).unwrap().is_some());
        assert_eq!(invitation(&[("TF_PLUGIN_MAGIC_COOKIE", "guess")]), Ok(None));
    }

    #[test]
    fn finds_our_version_in_any_order() {
        check_offer("5,6", true);
        check_offer("6,5", true);
        check_offer("", true);
        check_offer("six, 6", true);
        check_offer("5", false);
        check_offer("six,,66", false);
    }

    #[test]
    fn empty_certificate_means_plaintext() {
        let invitation = invitation(&[("PLUGIN_CLIENT_CERT", "")]).unwrap().unwrap();
        assert_eq!(invitation.client_certificate, None);
    }

    #[test]
    fn port_out_of_range_is_named() {
        assert_eq!(
            invitation(&[("PLUGIN_MAX_PORT", "70000")]).unwrap_err(),
            "Unable to use \"70000\" as a port number: number too large to fit in target type"
        );
    }

    #[test]
    fn line_has_six_fields_unless_seven_are_asked_for() {
        let address = &Address::Unix("/tmp/s".into());
        let line = |certificate, multiplex| {
            Greeting {
                address,
                certificate,
                multiplex,
            }
            .to_string()
        };
        // One byte would need two characters of padding.
        assert_eq!(line(Some(&[0xff][..]), false), "1|6|unix|/tmp/s|grpc|/w\n");
        assert_eq!(line(None, false), "1|6|unix|/tmp/s|grpc|\n");
        assert_eq!(line(None, true), "1|6|unix|/tmp/s|grpc||false\n");
    }
}
