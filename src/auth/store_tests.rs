//! Users as the database keeps them.

use super::*;
use crate::auth::model::Role;

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
    let ann = user("Ann", Role::Viewer);
    let added = add_user(&db, None, &ann, Some("hash"), 0).await;
    assert!(added.unwrap());
    let taken = add_user(&db, None, &user("ann", Role::Admin), None, 0).await;
    assert!(taken.is_err());
    let found = credentials(&db, "ANN").await.unwrap().unwrap();
    assert_eq!((found.user, found.second_factor), (ann, false));
    assert_eq!(found.password_hash.as_deref(), Some("hash"));
    assert!(credentials(&db, "bob").await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_is_added_by_somebody_who_is_no_admin_any_more() {
    let (_dir, db) = open().await;
    let (ann, bob) = (user("ann", Role::Admin), user("bob", Role::Viewer));
    for user in [&ann, &bob] {
        assert!(add_user(&db, None, user, None, 0).await.unwrap());
    }
    for (by, is_added) in [(&*ann.id, true), (&*bob.id, false), ("nobody", false)] {
        let new = user(&format!("by {by}"), Role::Admin);
        let added = add_user(&db, Some(by), &new, None, 0).await;
        assert_eq!(added.unwrap(), is_added, "{by}");
    }
}
