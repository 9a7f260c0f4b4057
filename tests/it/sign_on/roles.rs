//! Who is let in as what, and how a role follows the provider.

use serde_json::json;

use super::browser::World;

#[tokio::test]
async fn the_claim_decides_and_whom_it_does_not_name_stays_out() {
    let world = World::with_roles().await;
    for (subject, groups, role) in [
        ("1", json!(["staff", "ops"]), "admin"),
        ("2", json!("root"), "admin"),
        ("3", json!(["staff"]), "viewer"),
    ] {
        world.provider.say("sub", json!(subject));
        world.provider.say("groups", groups);
        let browser = world.browser();
        assert_eq!(browser.sign_on().await, "/");
        assert_eq!(browser.who().await["role"], role, "{subject}");
    }
    for groups in [json!(["guests"]), json!([]), json!(null), json!("OPS")] {
        world.provider.say("sub", json!("4"));
        world.provider.say("groups", groups.clone());
        let browser = world.browser();
        let end = browser.sign_on().await;
        assert_eq!(end, "/login?sign_on=refused&next=%2F", "{groups}");
        assert!(browser.who().await.is_null());
        let page = browser.get(&end).await.text().await.unwrap();
        assert!(page.contains("may not come in here"), "{page}");
    }
    assert_eq!(world.users().await.len(), 4);
}

#[tokio::test]
async fn another_role_ends_the_sessions_of_before() {
    let world = World::with_roles().await;
    world.provider.say("groups", json!(["ops"]));
    let old = world.browser();
    old.sign_on().await;
    assert_eq!(old.who().await["role"], "admin");
    world.provider.say("groups", json!(["staff"]));
    let new = world.browser();
    new.sign_on().await;
    assert_eq!(new.who().await["role"], "viewer");
    assert!(old.who().await.is_null());

    world.provider.say("groups", json!(["guests"]));
    assert!(world.browser().sign_on().await.contains("refused"));
    assert!(
        new.who().await.is_null(),
        "whom the provider no longer lets in is out"
    );
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let world = World::with_roles().await;
    world.provider.say("groups", json!(["ops"]));
    let first = world.browser();
    first.sign_on().await;
    let ann = world.user(crate::harness::ADMIN.0).await;
    let path = format!("/api/users/{}", ann["id"].as_str().unwrap());
    let request = world.app.request(reqwest::Method::DELETE, &path);
    crate::reply::answer(request).await.data();

    world.provider.say("groups", json!(["staff"]));
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/");
    assert_eq!(browser.who().await["role"], "admin");
    assert!(world.app.output().contains("the last admin keeps it"));
}
