//! Who is let in as what, and how a role follows the provider.

use serde_json::json;

use super::browser::World;
use crate::event_log::{lines, lines_when};
use crate::harness::SOON;

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
async fn what_the_provider_gives_and_takes_is_told_as_an_admins_acts_are() {
    let world = World::with_roles().await;
    world.provider.say("groups", json!(["ops"]));
    let browser = world.browser();
    browser.sign_on().await;
    let name = browser.who().await["username"].clone();
    for (name, role) in [("changes", "admin"), ("reads", "viewer")] {
        let wanted = json!({"name": name, "role": role});
        browser.post("/api/tokens", &wanted).await.data();
    }
    let tokens = async || {
        let tokens = world.app.read("/api/tokens").await;
        tokens.as_array().map_or(0, Vec::len)
    };
    assert_eq!(tokens().await, 2);

    world.provider.say("groups", json!(["staff"]));
    world.browser().sign_on().await;
    assert_eq!(tokens().await, 1);
    let ended = lines_when(&world.app, "token.removed", SOON, |lines| lines.len() == 1).await;
    assert_eq!(ended[0]["details"]["name"], "changes");
    let all = lines(&world.app, "").await;
    for (kind, changes) in [
        ("user.created", json!(null)),
        (
            "user.changed",
            json!([{"field": "role", "from": "admin", "to": "viewer"}]),
        ),
    ] {
        let line = all.iter().find(|line| line["type"] == kind);
        let line = line.unwrap_or_else(|| panic!("no {kind} in {all:#?}"));
        assert_eq!(line["details"]["username"], name, "{line}");
        assert_eq!(line["details"]["by"], world.provider.issuer(), "{line}");
        assert_eq!(line["details"]["changes"], changes, "{line}");
    }
    let changed = all.iter().find(|line| line["type"] == "user.changed");
    assert!(ended[0]["operation_id"].is_string(), "{ended:?}");
    assert_eq!(
        changed.map(|line| &line["operation_id"]),
        Some(&ended[0]["operation_id"])
    );

    world.provider.say("groups", json!(["guests"]));
    assert!(world.browser().sign_on().await.contains("refused"));
    assert_eq!(tokens().await, 0, "whom it no longer lets in has none");
    lines_when(&world.app, "token.removed", SOON, |lines| lines.len() == 2).await;
}

#[tokio::test]
async fn a_value_with_a_comma_is_named_in_a_list() {
    let world = World::with_roles().await;
    let ops = "cn=ops,ou=groups,dc=example";
    let list = json!([ops, "root"]).to_string();
    let settings = json!({"oidc_admin_values": list});
    world.app.patch("/api/settings", &settings).await.data();
    for (groups, role) in [(json!([ops]), "admin"), (json!(["staff"]), "viewer")] {
        world.provider.say("groups", groups);
        let browser = world.browser();
        browser.sign_on().await;
        assert_eq!(browser.who().await["role"], role);
    }
    world.provider.say("groups", json!(["cn=ops"]));
    assert!(world.browser().sign_on().await.contains("refused"));
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
