//! ID tokens that do not hold: each leads back to the sign-in page, and nobody comes in.

use serde_json::{Value, json};

use super::browser::World;
use super::provider::CLIENT_SECRET;
use super::signing::{Key, Signing};

const UNTRUSTED: &str = "/login?sign_on=untrusted&next=%2F";

async fn is_out(world: &World, why: &str) {
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, UNTRUSTED, "{why}");
    assert!(browser.who().await.is_null(), "{why}");
}

#[tokio::test]
async fn a_signature_is_the_providers_own() {
    let world = World::new().await;
    for signing in [
        Signing::None,
        Signing::Secret(CLIENT_SECRET.into()),
        Signing::ForeignKey,
        Signing::Garbled,
    ] {
        world.provider.lock().signing = signing.clone();
        is_out(&world, &format!("{signing:?}")).await;
    }
    {
        let mut inside = world.provider.lock();
        inside.signing = Signing::Right;
        inside.key = Key::new("never published");
    }
    is_out(&world, "a key that is not in the key set").await;
    assert_eq!(world.users().await.len(), 1);
}

#[tokio::test]
async fn a_public_key_is_nobodys_secret_in_whatever_form_it_is_taken_for_one() {
    let world = World::new().await;
    for key in [Key::new("point"), Key::rsa("rsa")] {
        {
            let mut inside = world.provider.lock();
            inside.published = vec![key.clone()];
            inside.key = key.clone();
        }
        // The key itself is good, so that what is refused below is refused for how it is used.
        world.provider.lock().signing = Signing::Right;
        assert_eq!(world.browser().sign_on().await, "/", "{}", key.id);
        for (form, secret) in key.public_forms() {
            assert!(!secret.is_empty(), "{form}");
            world.provider.lock().signing = Signing::Secret(secret);
            is_out(&world, &format!("{}: {form}", key.id)).await;
        }
    }
}

#[tokio::test]
async fn a_token_is_of_this_provider_for_us_now_and_for_this_question() {
    let world = World::new().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.unwrap().as_secs();
    for (name, value) in [
        ("iss", json!("https://evil.example.org")),
        ("iss", json!(format!("{}/", world.provider.issuer()))),
        ("iss", Value::Null),
        ("aud", json!("another-client")),
        ("aud", json!([])),
        ("aud", json!(["docker-watcher", "another-client"])),
        ("aud", Value::Null),
        ("azp", json!("another-client")),
        ("exp", json!(now - 1)),
        ("exp", Value::Null),
        ("iat", json!(now - 3600)),
        ("iat", json!(now + 3600)),
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", Value::Null),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ] {
        let wrong = serde_json::Map::from_iter([(name.to_owned(), value.clone())]);
        world.provider.lock().wrong = wrong;
        is_out(&world, &format!("{name}: {value}")).await;
    }
    assert_eq!(world.users().await.len(), 1);
    world.provider.lock().wrong.clear();
    assert_eq!(world.browser().sign_on().await, "/");
}
