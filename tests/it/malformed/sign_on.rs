//! What somebody brings back who was at no provider, or changes what the provider gave them.

use super::names::names;
use crate::raw::percent;
use crate::sign_on::browser::{World, location, query};

#[tokio::test]
async fn no_malformed_answer_of_a_provider_lets_anybody_in() {
    let world = World::new().await;
    let (mut sent, mut wrong) = (0, Vec::new());
    for name in names("a-state-that-nobody-gave") {
        let value = percent(&name);
        let browser = world.browser();
        let begin = || browser.led("/api/auth/oidc/start");
        let state = query(&begin().await, "state").unwrap_or_default();
        let stranger = format!("code=x&state={value}");
        let code = format!("code={value}&state={state}");
        let state = query(&begin().await, "state").unwrap_or_default();
        let issuer = format!("code=x&state={state}&iss={value}");
        let state = query(&begin().await, "state").unwrap_or_default();
        let error = format!("error={value}&state={state}&error_description={value}");
        for (brought, reasons) in [
            (stranger, ["stale", "stale"]),
            (code, ["untrusted", "away"]),
            (issuer, ["untrusted", "untrusted"]),
            (error, ["cancelled", "cancelled"]),
        ] {
            let place = format!("/api/auth/oidc/callback?{brought}");
            let answer = browser.get(&place).await;
            // A header that nobody reads to its end.
            if answer.status().as_u16() == 431 {
                continue;
            }
            let end = location(&answer);
            let reason = query(&format!("http://here{end}"), "sign_on");
            sent += 1;
            if !reason.is_some_and(|reason| reasons.contains(&&*reason)) {
                wrong.push(format!("{brought:.200}: {end}"));
            }
        }
        assert!(browser.who().await.is_null(), "{name:?} let somebody in");
    }
    println!(
        "malformed: {sent} answers that no provider gave, {} surprises",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        !world.app.output().contains("panicked"),
        "{}",
        world.app.output()
    );
}
