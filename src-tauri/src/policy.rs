//! What the page may load: its own files, and media from the loopback server.
//!
//! Imported text and media are hostile and the page shows them; this is the layer that still holds
//! when everything before it failed. Nothing inline runs, nothing remote loads.

/// The content security policy, with the media server's exact origin where one runs.
pub(crate) fn content_security_policy(media: Option<&str>) -> String {
    let media = media.map(|origin| format!(" {origin}")).unwrap_or_default();
    [
        "default-src 'none'",
        "script-src 'self'",
        // Viewers place things with style attributes; sanitised text carries none.
        "style-src 'self' 'unsafe-inline'",
        &format!("img-src 'self' blob: data:{media}"),
        &format!("media-src blob:{media}"),
        "font-src 'self'",
        "worker-src 'self'",
        // Without the two addresses of `ipc`, Tauri falls back to a slower way for good.
        &format!("connect-src 'self' ipc: http://ipc.localhost{media}"),
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-src 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_exact_and_nothing_is_open() {
        let policy = content_security_policy(Some("http://127.0.0.1:4242"));
        assert_eq!(policy.matches("http://127.0.0.1:4242").count(), 3);
        assert!(!policy.contains('*'));
        let scripts = policy.split("; ").find(|d| d.starts_with("script-src"));
        assert_eq!(scripts, Some("script-src 'self'"));
    }

    /// The configuration needs a policy for Tauri to take care of the page's scripts when it is
    /// built in; it is the one without a server.
    #[test]
    fn the_configuration_has_the_same_policy() {
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../tauri.conf.json")).unwrap();
        let written = config["app"]["security"]["csp"].as_str().unwrap();
        assert_eq!(written, content_security_policy(None));
    }
}
