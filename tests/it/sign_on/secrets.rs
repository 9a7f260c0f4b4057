//! What nobody gets to read: the client secret, in the settings, in errors, in the log and in the file.

use serde_json::{Value, json};

use super::browser::World;
use super::provider::{CLIENT_SECRET, Fault};

#[tokio::test]
async fn the_client_secret_is_kept_and_never_shown() {
    let world = World::new().await;
    let settings = world.app.get("/api/settings").await;
    assert!(!settings.text.contains(CLIENT_SECRET), "{}", settings.text);
    assert_eq!(settings.data()["oidc_client_secret"], "set");
    world.browser().sign_on().await;
    world.provider.lock().fault = Some(Fault::NoTokens);
    world.browser().sign_on().await;
    let log = world.app.output();
    assert!(!log.contains(CLIENT_SECRET), "{log}");
    for entry in std::fs::read_dir(world.app.data_dir()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        let shown = bytes
            .windows(CLIENT_SECRET.len())
            .any(|part| part == CLIENT_SECRET.as_bytes());
        assert!(!shown);
    }
    let away = json!({"oidc_client_secret": null});
    let changed = world.app.patch("/api/settings", &away).await.data();
    assert_eq!(changed["oidc_client_secret"], Value::Null);
}

#[tokio::test]
async fn a_secret_is_not_sent_to_a_provider_that_it_was_not_made_for() {
    let world = World::new().await;
    let other = json!({"oidc_issuer": "https://evil.example.org"});
    let changed = world.app.patch("/api/settings", &other).await.data();
    assert_eq!(changed["oidc_client_secret"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let world = World::new().await;
    for (field, value) in [
        ("oidc_issuer", json!("http://id.example.org")),
        ("oidc_issuer", json!("https://ann:secret@id.example.org")),
        ("oidc_issuer", json!("https://id.example.org?x=1")),
        ("oidc_issuer", json!("javascript:alert(1)")),
        ("oidc_client_id", json!("")),
        ("oidc_client_id", Value::Null),
        ("oidc_client_secret", json!("a\nb")),
        ("oidc_name", json!("x".repeat(65))),
        ("oidc_role_claim", json!(" ")),
        ("oidc_admin_values", json!("x".repeat(1025))),
        ("oidc_viewer_values", json!("a\u{0}b")),
    ] {
        let change = json!({ field: value });
        world
            .app
            .patch("/api/settings", &change)
            .await
            .is_invalid(field);
    }
}
