//! People are added, changed and removed, and there is always somebody left to do it.

use super::*;
use crate::auth::sessions::store::{NewSession, Proven, still_good};
use crate::auth::tokens::keeper::{Maker, Wanted, make};

async fn open() -> (tempfile::TempDir, Db, Clock) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    (dir, db, Clock::held_at(chrono::DateTime::UNIX_EPOCH))
}

async fn somebody(db: &Db, clock: &Clock, name: &str, role: Role) -> Account {
    add(db, clock, name, "long enough", role).await.unwrap()
}

async fn sign_in(db: &Db, account: &Account) {
    let session = NewSession {
        id: &account.username,
        user_id: &account.id,
        now: 1,
        expires_at: 1000,
        address: None,
        agent: None,
        proven: Proven::SignedOn("https://id.example.org"),
    };
    let opened = crate::auth::sessions::store::add(db, &session).await;
    assert!(opened.unwrap().is_some());
}

async fn signed_in(db: &Db) -> Vec<String> {
    still_good(db, r#"["ann", "bob"]"#, 500, 0).await.unwrap()
}

fn role(role: Role) -> AccountPatch {
    AccountPatch {
        role: Some(role),
        ..AccountPatch::default()
    }
}

#[tokio::test]
async fn the_last_admin_cannot_be_removed_or_demoted() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let bob = somebody(&db, &clock, "bob", Role::Viewer).await;
    for refused in [
        change(&db, &ann.id, role(Role::Viewer)).await.unwrap_err(),
        remove(&db, &ann.id).await.unwrap_err(),
    ] {
        assert_eq!(refused.code.status(), 409);
    }
    change(&db, &bob.id, role(Role::Admin)).await.unwrap();
    change(&db, &ann.id, role(Role::Viewer)).await.unwrap();
    remove(&db, &ann.id).await.unwrap();
    assert_eq!(remove(&db, &bob.id).await.unwrap_err().code.status(), 409);
}

#[tokio::test]
async fn of_two_admins_who_remove_each_other_at_once_one_stays() {
    let (_dir, db, clock) = open().await;
    for round in 0..20 {
        let ann = somebody(&db, &clock, &format!("ann{round}"), Role::Admin).await;
        let bob = somebody(&db, &clock, &format!("bob{round}"), Role::Admin).await;
        for other in store::list(&db).await.unwrap() {
            if other.id != ann.id && other.id != bob.id {
                remove(&db, &other.id).await.unwrap();
            }
        }
        let (one, two) = tokio::join!(remove(&db, &ann.id), remove(&db, &bob.id));
        assert!(one.is_ok() != two.is_ok());
    }
}

#[tokio::test]
async fn another_role_or_password_ends_the_sessions_of_that_person_only() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let bob = somebody(&db, &clock, "bob", Role::Viewer).await;
    let password = AccountPatch {
        password: Some("quite another".into()),
        ..AccountPatch::default()
    };
    for patch in [role(Role::Admin), password] {
        sign_in(&db, &bob).await;
        sign_in_once(&db, &ann).await;
        change(&db, &bob.id, patch).await.unwrap();
        assert_eq!(signed_in(&db).await, ["ann"]);
    }
    sign_in(&db, &bob).await;
    change(&db, &bob.id, role(Role::Admin)).await.unwrap();
    assert_eq!(
        signed_in(&db).await,
        ["ann", "bob"],
        "the role was that already"
    );
}

async fn sign_in_once(db: &Db, account: &Account) {
    if !signed_in(db).await.contains(&account.username) {
        sign_in(db, account).await;
    }
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let taken = add(&db, &clock, "Ann", "long enough", Role::Viewer).await;
    assert_eq!(taken.unwrap_err().code.status(), 409);
    for (name, password, field) in [
        ("", "long enough", "username"),
        ("bob", "short", "password"),
        ("bobbyboy", "bobbyboy", "password"),
    ] {
        let error = add(&db, &clock, name, password, Role::Viewer).await;
        assert_eq!(error.unwrap_err().field.as_deref(), Some(field));
    }
    let weak = AccountPatch {
        role: Some(Role::Admin),
        password: Some("password".into()),
        ..AccountPatch::default()
    };
    assert_eq!(
        change(&db, &ann.id, weak).await.unwrap_err().code.status(),
        422
    );
    let nobody = change(&db, "x", role(Role::Admin)).await.unwrap_err();
    assert_eq!(nobody.code.status(), 404);
    assert_eq!(remove(&db, "x").await.unwrap_err().code.status(), 404);
    assert_eq!(store::list(&db).await.unwrap(), [ann]);
}

fn doer(id: Option<&str>, sign_on: bool) -> Doer<'_> {
    Doer {
        id,
        sign_on,
        ..Doer::command_line(&Clock::held_at(chrono::DateTime::UNIX_EPOCH))
    }
}

#[tokio::test]
async fn the_last_admin_is_the_last_who_can_come_in() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let jane = User {
        id: "jane".into(),
        username: "jane".into(),
        role: Role::Admin,
    };
    let mut transaction = db.begin().await.unwrap();
    let issuer = "https://id.example.org";
    crate::auth::sign_on::store::add(&mut transaction, &jane, issuer, "1", 0)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    // Nobody of no use at all is one more.
    let nobody = User {
        id: "nobody".into(),
        username: "nobody".into(),
        role: Role::Admin,
    };
    crate::auth::store::add_user(&db, None, &nobody, None, 0)
        .await
        .unwrap();

    let off = doer(None, false);
    for refused in [
        change_as(&off, &db, &ann.id, role(Role::Viewer))
            .await
            .err(),
        remove_as(&off, &db, &ann.id).await.err(),
    ] {
        assert_eq!(refused.map(|error| error.code.status()), Some(409));
    }
    remove_as(&doer(None, true), &db, &ann.id).await.unwrap();
    let last = remove_as(&doer(None, true), &db, &jane.id).await;
    assert_eq!(last.unwrap_err().code.status(), 409);
}

#[tokio::test]
async fn the_page_knows_who_the_last_admin_is_as_the_server_does() {
    let (_dir, db, clock) = open().await;
    let issuer = "https://id.example.org";
    // Who has a password, whom the provider knows, and who has neither.
    somebody(&db, &clock, "ann", Role::Admin).await;
    somebody(&db, &clock, "vic", Role::Viewer).await;
    let without = |name: &str| User {
        id: name.into(),
        username: name.into(),
        role: Role::Admin,
    };
    let mut transaction = db.begin().await.unwrap();
    let jane = without("jane");
    crate::auth::sign_on::store::add(&mut transaction, &jane, issuer, "1", 0)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    crate::auth::store::add_user(&db, None, &without("nobody"), None, 0)
        .await
        .unwrap();
    let people = store::list(&db).await.unwrap();
    let mut last = 0;
    // Each set of them as admins, the others as viewers.
    for chosen in 0..16_u32 {
        let mut transaction = db.begin().await.unwrap();
        for (number, account) in people.iter().enumerate() {
            let role = match chosen & (1 << number) {
                0 => Role::Viewer,
                _ => Role::Admin,
            };
            store::set_role(&mut transaction, &account.id, role)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
        let everybody = store::list(&db).await.unwrap();
        for sign_on in [false, true] {
            for account in &everybody {
                let mut transaction = db.begin().await.unwrap();
                let by = doer(None, sign_on);
                let kept = keep_an_admin(&by, &mut transaction, &account.id, account.role).await;
                let is_last = account.is_last_admin(&everybody, sign_on);
                assert_eq!(kept.is_err(), is_last, "{account:?} {chosen} {sign_on}");
                last += u32::from(is_last);
            }
        }
    }
    assert!(last > 10, "{last}");
}

/// A change of each thing that people prove themselves with.
fn changes_of_what_proves() -> [AccountPatch; 2] {
    let password = AccountPatch {
        password: Some("quite another".into()),
        ..AccountPatch::default()
    };
    let second_factor = AccountPatch {
        remove_second_factor: Some(true),
        ..AccountPatch::default()
    };
    [password, second_factor]
}

#[tokio::test]
async fn an_api_token_that_leaked_does_not_take_the_account_of_whom_it_belongs_to() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let bob = somebody(&db, &clock, "bob", Role::Admin).await;
    let make_by = async |name: &str, by: Option<&str>| {
        let wanted = Wanted {
            name,
            role: Role::Admin,
            expires_at: None,
            created_by: by.map(|id| Maker {
                id,
                name: "whoever",
            }),
        };
        make(&db, &clock, &wanted).await.unwrap().about.id
    };
    let anns = make_by("ann's", Some(ann.id.as_str())).await;
    let made_by_it = make_by("made by it", Some(anns.as_str())).await;
    let nobodys = make_by("nobody's", None).await;
    for patch in changes_of_what_proves() {
        for token in [&anns, &made_by_it] {
            let by = doer(Some(token), false);
            let own = change_as(&by, &db, &ann.id, patch.clone()).await;
            assert_eq!(own.unwrap_err().code.status(), 403);
            change_as(&by, &db, &bob.id, patch.clone()).await.unwrap();
        }
        let by = doer(Some(&nobodys), false);
        change_as(&by, &db, &ann.id, patch).await.unwrap();
    }
    // Whoever makes them less takes nothing.
    let by = doer(Some(&anns), false);
    change_as(&by, &db, &ann.id, role(Role::Viewer))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_open_page_changes_neither_its_own_password_nor_its_own_second_factor() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let bob = somebody(&db, &clock, "bob", Role::Admin).await;
    for patch in changes_of_what_proves() {
        let by_ann = doer(Some(&ann.id), false);
        let own = change_as(&by_ann, &db, &ann.id, patch.clone()).await;
        assert_eq!(own.unwrap_err().code.status(), 409);
        change_as(&by_ann, &db, &bob.id, patch.clone())
            .await
            .unwrap();
        change(&db, &ann.id, patch).await.unwrap();
    }
    change_as(
        &doer(Some(&ann.id), false),
        &db,
        &ann.id,
        role(Role::Viewer),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn whoever_is_no_admin_any_more_changes_nobody() {
    let (_dir, db, clock) = open().await;
    let ann = somebody(&db, &clock, "ann", Role::Admin).await;
    let bob = somebody(&db, &clock, "bob", Role::Viewer).await;
    for id in [bob.id.as_str(), "removed"] {
        let by = doer(Some(id), false);
        for refused in [
            change_as(&by, &db, &bob.id, role(Role::Admin)).await.err(),
            remove_as(&by, &db, &ann.id).await.err(),
            add_as(&by, &db, "eve", "long enough", Role::Admin)
                .await
                .err(),
        ] {
            assert_eq!(refused.map(|error| error.code.status()), Some(403));
        }
    }
    assert_eq!(store::list(&db).await.unwrap(), [ann, bob]);
}
