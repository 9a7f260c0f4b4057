//! Providers that fail: the page says so in our words, soon, and the rest of the program goes on.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::browser::World;
use super::provider::Fault;
use crate::harness::{SOON, wait_for};
use crate::raw;

#[tokio::test]
async fn a_provider_that_cannot_be_used_is_said_to_be_away() {
    for fault in [
        Fault::Hang,
        Fault::Redirect,
        Fault::Huge,
        Fault::Garbage,
        Fault::OtherIssuer,
        Fault::ForeignEndpoint,
    ] {
        let world = World::new().await;
        world.provider.lock().fault = Some(fault);
        let browser = world.browser();
        let start = Instant::now();
        let end = browser.led("/api/auth/oidc/start?next=/apps").await;
        assert_eq!(end, "/login?sign_on=away&next=%2Fapps", "{fault:?}");
        assert!(start.elapsed() < Duration::from_secs(15), "{fault:?}");
        // Anybody may ask, and the provider is not asked each time.
        for _ in 0..5 {
            assert!(browser.led("/api/auth/oidc/start").await.contains("away"));
        }
        assert_eq!(world.provider.count("discovery"), 1, "{fault:?}");
        let page = browser.get(&end).await.text().await.unwrap();
        assert!(page.contains("does not answer"), "{page}");
    }
}

#[tokio::test]
async fn a_provider_that_hangs_and_a_crowd_before_it_hold_up_nobody_who_does_something_else() {
    const CROWD: u8 = 100;
    let world = World::new().await;
    world.provider.lock().fault = Some(Fault::Hang);
    let answered = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let strangers: Vec<_> = (0..CROWD)
        .map(|number| {
            let (address, answered) = (world.app.address.clone(), answered.clone());
            tokio::spawn(async move {
                let request = raw::Request {
                    address: &address,
                    from: Ipv4Addr::new(127, 0, 1, 1 + number % 8),
                    method: "GET",
                    target: "/api/auth/oidc/start",
                    headers: "",
                    body: "",
                };
                let reply = raw::send(request).await;
                answered.fetch_add(1, Ordering::SeqCst);
                reply.map(|reply| reply.status)
            })
        })
        .collect();
    // Those who find no room are sent away, long before the provider is given up.
    wait_for("somebody to be turned away", SOON, || async {
        match answered.load(Ordering::SeqCst) {
            0 => Err("all of them wait".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    let change = serde_json::json!({"quarantine_days": 8});
    world.app.patch("/api/settings", &change).await.data();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(8), "it took {took:?}");
    for stranger in strangers {
        assert_eq!(stranger.await.unwrap(), Ok(302));
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(18), "they waited {took:?}");
    assert_eq!(world.provider.count("discovery"), 1);
}

#[tokio::test]
async fn a_provider_that_gives_no_token_lets_nobody_in() {
    let world = World::new().await;
    world.provider.lock().fault = Some(Fault::NoTokens);
    let browser = world.browser();
    let end = browser.sign_on().await;
    assert!(end.starts_with("/login?sign_on="), "{end}");
    assert!(browser.who().await.is_null());
}

#[tokio::test]
async fn what_a_provider_says_in_words_does_not_reach_the_page() {
    let world = World::new().await;
    for (refusal, reason) in [
        ("access_denied", "cancelled"),
        ("login_required", "cancelled"),
        ("<script>alert(1)</script>", "cancelled"),
        ("server_error", "away"),
        ("temporarily_unavailable", "away"),
    ] {
        world.provider.lock().refusal = Some(refusal);
        let browser = world.browser();
        let end = browser.sign_on().await;
        assert_eq!(end, format!("/login?sign_on={reason}&next=%2F"));
        let page = browser.get(&end).await.text().await.unwrap();
        assert!(!page.contains("alert(1)"), "{page}");
    }
    let made_up = "/login?sign_on=%3Cscript%3Ealert(1)%3C/script%3E";
    let page = world.browser().get(made_up).await.text().await.unwrap();
    assert!(!page.contains("<script>alert(1)"), "{page}");
}
