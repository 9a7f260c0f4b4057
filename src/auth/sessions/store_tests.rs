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
        crate::auth::store::add_user(&db, &user, None, 0)
            .await
            .unwrap();
    }
    (dir, db)
}

async fn add_for(db: &Db, id: &str, user_id: &str, now: i64, expires_at: i64) {
    let session = NewSession {
        id,
        user_id,
        now,
        expires_at,
        address: Some("192.0.2.1".into()),
        agent: Some("Firefox"),
        signed_on: None,
    };
    add(db, &session).await.unwrap();
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
    add_for(&db, "1", "ann", 100, 1000).await;
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
        add_for(&db, id, "ann", 100, 1000).await;
    }
    add_for(&db, "4", "bob", 100, 1000).await;
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
    add_for(&db, "1", "ann", 100, 1000).await;
    assert!(is_signed_in_from(&db, "Ann", "192.0.2.1").await.unwrap());
    assert!(!is_signed_in_from(&db, "bob", "192.0.2.1").await.unwrap());
    assert!(!is_signed_in_from(&db, "ann", "192.0.2.2").await.unwrap());
}
