//! Sessions as the database keeps them.

use super::*;
use crate::auth::model::Role;

async fn open() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    for name in ["ann", "bob"] {
        let user = User {
            id: name.into(),
            username: name.into(),
            role: Role::Viewer,
        };
        crate::auth::store::add_user(&db, None, &user, Some("hash"), 0)
            .await
            .unwrap();
    }
    (dir, db)
}

const PASSWORD: Proven<'static> = Proven::Password {
    hash: "hash",
    code: false,
};

fn session<'a>(id: &'a str, user_id: &'a str, proven: Proven<'a>) -> NewSession<'a> {
    NewSession {
        id,
        user_id,
        now: 100,
        expires_at: 1000,
        address: Some("192.0.2.1".into()),
        agent: Some("Firefox"),
        proven,
    }
}

async fn add_for(db: &Db, id: &str, user_id: &str) {
    let role = add(db, &session(id, user_id, PASSWORD)).await.unwrap();
    assert_eq!(role, Some(Role::Viewer));
}

async fn is_good(db: &Db, id: &str, now: i64, idle_since: i64) -> bool {
    find(db, id, "ann", now, idle_since)
        .await
        .unwrap()
        .is_some()
}

#[tokio::test]
async fn a_session_is_over_at_its_end_or_when_it_was_idle_too_long() {
    let (_dir, db) = open().await;
    add_for(&db, "1", "ann").await;
    assert!(is_good(&db, "1", 999, 99).await);
    assert!(!is_good(&db, "1", 1000, 99).await);
    assert!(!is_good(&db, "1", 999, 100).await);
    touch(&db, r#"["1"]"#, 500, 440).await.unwrap();
    assert!(is_good(&db, "1", 999, 499).await);
    touch(&db, r#"["1"]"#, 510, 450).await.unwrap();
    assert!(
        !is_good(&db, "1", 999, 505).await,
        "noted within the minute"
    );
    assert!(find(&db, "1", "bob", 500, 0).await.unwrap().is_none());
    assert_eq!(delete_over(&db, 1000, 0).await.unwrap(), 1);
}

#[tokio::test]
async fn somebody_ends_their_own_sessions_only() {
    let (_dir, db) = open().await;
    for id in ["1", "2", "3"] {
        add_for(&db, id, "ann").await;
    }
    add_for(&db, "4", "bob").await;
    assert!(!delete(&db, "4", "ann").await.unwrap());
    assert!(delete(&db, "1", "ann").await.unwrap());
    assert_eq!(delete_others(&db, "ann", "3").await.unwrap(), 1);
    let left = list(&db, "ann", "3", 500, 0).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].id.as_str(), left[0].is_current), ("3", true));
    assert_eq!(left[0].address.as_deref(), Some("192.0.2.1"));
    let ids = r#"["1", "3", "4", "x"]"#;
    assert_eq!(still_good(&db, ids, 500, 0).await.unwrap(), ["3", "4"]);
}

#[tokio::test]
async fn a_place_is_known_while_its_session_lasts() {
    let (_dir, db) = open().await;
    add_for(&db, "1", "ann").await;
    add_for(&db, "2", "ann").await;
    assert_eq!(addresses(&db, "Ann").await.unwrap(), ["192.0.2.1"]);
    assert!(addresses(&db, "bob").await.unwrap().is_empty());
    assert_eq!(delete_over(&db, 1000, 0).await.unwrap(), 2);
    assert!(addresses(&db, "ann").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_opens_only_while_what_was_proven_holds() {
    let (_dir, db) = open().await;
    let role = async |id: &str, user: &str, proven: Proven<'_>| {
        add(&db, &session(id, user, proven)).await.unwrap()
    };
    let other = Proven::Password {
        hash: "hash of before",
        code: true,
    };
    assert_eq!(role("1", "ann", other).await, None);
    assert_eq!(role("2", "nobody", PASSWORD).await, None);
    assert_eq!(role("3", "nobody", Proven::SignedOn("x")).await, None);
    let signed_on = Proven::SignedOn("https://id.example.org");
    assert_eq!(role("4", "ann", signed_on).await, Some(Role::Viewer));

    let mut transaction = db.begin().await.unwrap();
    crate::auth::users::store::set_role(&mut transaction, "ann", Role::Admin)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(role("5", "ann", PASSWORD).await, Some(Role::Admin));

    // From here on codes are asked for, and whoever was not asked for one has to begin again.
    let factors = crate::auth::second_factor::store::begin(&db, "ann", "hash", b"sealed", 1).await;
    assert!(factors.unwrap());
    assert_eq!(role("6", "ann", PASSWORD).await, Some(Role::Admin));
    let on = crate::auth::second_factor::store::confirm(&db, "ann", b"sealed", 1, &[], 2).await;
    assert!(on.unwrap());
    assert_eq!(role("7", "ann", PASSWORD).await, None);
    let with_code = Proven::Password {
        hash: "hash",
        code: true,
    };
    assert_eq!(role("8", "ann", with_code).await, Some(Role::Admin));
    let opened = list(&db, "ann", "", 500, 0).await.unwrap();
    assert_eq!(opened.len(), 4);
}
