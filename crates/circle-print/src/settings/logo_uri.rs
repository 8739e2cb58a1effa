//! A logo within the settings: a data URI instead of the path of a file.

use crate::logo::Logo;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Most characters of a data URI: an address with it has to stay below 8 KiB.
pub const LONGEST_LOGO: usize = 4_096;
const SCHEME: &str = "data:";
/// How the accepted data URIs begin.
const BEGINNINGS: [&str; 2] = ["data:image/svg+xml;base64,", "data:image/png;base64,"];

/// Whether a logo is a data URI, not the path of a file.
pub(super) fn is_logo_uri(logo: &str) -> bool {
    logo.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// The logo in a data URI.
///
/// # Errors
///
/// When it is of another type, too long, or no logo, as a message.
pub(super) fn logo_of_uri(uri: &str) -> Result<Logo, String> {
    let encoded = BEGINNINGS
        .iter()
        .find_map(|beginning| uri.strip_prefix(beginning))
        .ok_or_else(|| format!("a data URI begins with {}", BEGINNINGS.join(" or ")))?;
    if uri.len() > LONGEST_LOGO {
        return Err(format!(
            "{} characters are too many for an address, which holds {LONGEST_LOGO}; make it simpler, or set a file in the \
             board file of the server",
            uri.len()
        ));
    }
    let bytes = STANDARD.decode(encoded.trim()).map_err(|error| format!("no Base64: {error}"))?;
    Logo::parse(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(svg: &str) -> String {
        format!("{}{}", BEGINNINGS[0], STANDARD.encode(svg))
    }

    #[test]
    fn a_small_drawing_is_a_logo_and_everything_else_is_refused() {
        let plain = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'><rect width='20' height='10'/></svg>";
        let logo = logo_of_uri(&uri(plain)).unwrap();
        assert!((logo.aspect - 2.0).abs() < 1e-9);
        let long = plain.replace("/><", &format!("/><!--{}--><", "x".repeat(LONGEST_LOGO)));
        for (wrong, what) in [
            (uri("<svg"), "SVG"),
            (uri(&long), "too many"),
            ("data:text/html;base64,PGI+".to_owned(), "begins with"),
            (format!("{}!!", BEGINNINGS[1]), "Base64"),
        ] {
            let message = logo_of_uri(&wrong).unwrap_err();
            assert!(message.contains(what), "{message}");
        }
        assert!(is_logo_uri("DATA:x") && !is_logo_uri("data.svg") && !is_logo_uri(""));
    }
}
