//! Users, sessions and tokens as the database keeps them.

use super::*;

async fn open() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    (dir, db)
}

fn user(name: &str, role: Role) -> User {
    User {
        id: format!("id of {name}"),
        username: name.into(),
        role,
    }
}

#[tokio::test]
async fn of_many_first_admins_at_once_one_wins() {
    let (_dir, db) = open().await;
    assert!(!any_user(&db).await.unwrap());
    let tries = (0..200).map(|number| {
        let db = db.clone();
        async move {
            let admin = user(&format!("admin{number}"), Role::Admin);
            add_first_admin(&db, &admin, "hash", 0).await.unwrap()
        }
    });
    let won = futures::future::join_all(tries).await;
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    assert!(any_user(&db).await.unwrap());
}

#[tokio::test]
async fn a_name_is_taken_in_any_case_of_its_letters() {
    let (_dir, db) = open().await;
    add_user(&db, &user("Ann", Role::Viewer), "hash", 0)
        .await
        .unwrap();
    assert!(
        add_user(&db, &user("ann", Role::Admin), "hash", 0)
            .await
            .is_err()
    );
    let found = credentials(&db, "ANN").await.unwrap().unwrap();
    assert_eq!(
        (found.user, found.password_hash.as_str()),
        (user("Ann", Role::Viewer), "hash")
    );
    assert!(credentials(&db, "bob").await.unwrap().is_none());
}

#[tokio::test]
async fn an_expired_session_is_refused_and_then_removed() {
    let (_dir, db) = open().await;
    let ann = user("ann", Role::Admin);
    add_user(&db, &ann, "hash", 0).await.unwrap();
    let token = TokenHash::of("token");
    add_session(&db, "1", &ann.id, token, 0, 1000)
        .await
        .unwrap();
    add_session(&db, "2", &ann.id, TokenHash::of("other"), 0, 2000)
        .await
        .unwrap();
    assert_eq!(user_of_session(&db, token, 999).await.unwrap(), Some(ann));
    assert_eq!(user_of_session(&db, token, 1000).await.unwrap(), None);
    assert_eq!(
        user_of_session(&db, TokenHash::of("wrong"), 0)
            .await
            .unwrap(),
        None
    );
    assert_eq!(delete_expired(&db, 1000).await.unwrap(), 1);
    assert!(!delete_session(&db, token).await.unwrap());
    assert!(delete_session(&db, TokenHash::of("other")).await.unwrap());
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_that_user_only() {
    let (_dir, db) = open().await;
    for name in ["ann", "bob"] {
        let somebody = user(name, Role::Viewer);
        add_user(&db, &somebody, "old", 0).await.unwrap();
        add_session(&db, name, &somebody.id, TokenHash::of(name), 0, 1000)
            .await
            .unwrap();
    }
    assert!(set_password(&db, "Ann", "new").await.unwrap());
    assert!(!set_password(&db, "nobody", "new").await.unwrap());
    assert_eq!(
        credentials(&db, "ann")
            .await
            .unwrap()
            .unwrap()
            .password_hash,
        "new"
    );
    assert_eq!(
        user_of_session(&db, TokenHash::of("ann"), 0).await.unwrap(),
        None
    );
    assert!(
        user_of_session(&db, TokenHash::of("bob"), 0)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn an_api_token_acts_under_its_own_name_until_it_expires() {
    let (_dir, db) = open().await;
    let (one, other) = (TokenHash::of("one"), TokenHash::of("other"));
    add_api_token(&db, "1", "ci", Role::Viewer, one, 0, None)
        .await
        .unwrap();
    add_api_token(&db, "2", "cd", Role::Admin, other, 0, Some(10))
        .await
        .unwrap();
    assert!(
        add_api_token(&db, "3", "ci", Role::Admin, one, 0, None)
            .await
            .is_err()
    );
    let ci = User {
        id: "1".into(),
        username: "ci".into(),
        role: Role::Viewer,
    };
    assert_eq!(
        user_of_api_token(&db, one, i64::MAX).await.unwrap(),
        Some(ci)
    );
    assert!(user_of_api_token(&db, other, 9).await.unwrap().is_some());
    assert!(user_of_api_token(&db, other, 10).await.unwrap().is_none());
}
