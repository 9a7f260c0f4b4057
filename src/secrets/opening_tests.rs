//! Which installation opens with which key.

use super::*;
use crate::secrets::key::Key;
use crate::secrets::rotation::tests::{COLUMNS, house, seal};

fn variable(key: &Key) -> Unshown {
    Unshown::new(key.text().to_string())
}

#[tokio::test]
async fn without_a_sealed_value_any_key_will_do_and_a_missing_file_is_made() {
    let (dir, db) = house().await;
    let vault = open(None, dir.path(), db.read()).await.unwrap();
    let made = KeyFile::in_folder(dir.path()).peek().unwrap().unwrap();
    assert_eq!(made.current.id(), vault.key_id());
    drop(vault);
    let key = Key::random();
    let vault = open(Some(&variable(&key)), dir.path(), db.read()).await;
    assert_eq!(vault.unwrap().key_id(), key.id(), "the environment wins");
}

#[tokio::test]
async fn a_database_that_is_sealed_with_another_key_says_which_and_what_to_do() {
    let (dir, db) = house().await;
    let file = KeyFile::in_folder(dir.path());
    let right = file.make().unwrap();
    seal(&db, &right, 1..4).await;
    let used = keys_in_use(db.read(), &COLUMNS).await.unwrap();
    assert_eq!(used, BTreeSet::from([right.current.id()]));
    assert!(check(&Source::File, &file, &used).unwrap().is_some());

    let wrong = Key::random();
    let source = Source::Environment(wrong.clone());
    let error = check(&source, &file, &used).unwrap_err().to_string();
    for part in [
        right.current.id().to_string(),
        wrong.id().to_string(),
        "unset the variable".into(),
    ] {
        assert!(error.contains(&part), "{part} is not in: {error}");
    }

    let other = file.prepare(&Ring::of(wrong)).unwrap();
    file.replace(&other).unwrap();
    let error = check(&Source::File, &file, &used).unwrap_err();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    assert!(error.to_string().contains("restore"), "{error}");

    std::fs::remove_file(file.path()).unwrap();
    let error = check(&Source::File, &file, &used).unwrap_err();
    assert!(matches!(error, OpenError::NoKey { .. }), "{error}");
    assert!(!file.path().exists(), "no other key is made");
    let source = Source::Environment(right.current.clone());
    assert!(check(&source, &file, &used).is_ok());
}

#[tokio::test]
async fn both_keys_of_an_unfinished_change_are_good() {
    let (dir, db) = house().await;
    let file = KeyFile::in_folder(dir.path());
    let old = file.make().unwrap();
    seal(&db, &old, 1..3).await;
    let both = Ring {
        current: Key::random(),
        previous: Some(old.current),
    };
    seal(&db, &Ring::of(both.current.clone()), 3..5).await;
    file.replace(&file.prepare(&both).unwrap()).unwrap();
    let used = keys_in_use(db.read(), &COLUMNS).await.unwrap();
    assert_eq!(used.len(), 2);
    assert_eq!(check(&Source::File, &file, &used).unwrap(), Some(both));
}

#[tokio::test]
async fn what_was_never_sealed_and_a_variable_without_a_key_are_refused() {
    let (dir, db) = house().await;
    sqlx::query("insert into sealed_things values ('1', x'2a2a2a', null)")
        .execute(db.write())
        .await
        .unwrap();
    let error = keys_in_use(db.read(), &COLUMNS).await.unwrap_err();
    assert!(matches!(error, OpenError::Values(_)), "{error}");
    let wrong = Unshown::new("hunter2".into());
    let error = open(Some(&wrong), dir.path(), db.read()).await.unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn nobody_opens_the_vault_while_the_key_is_changed() {
    let (dir, db) = house().await;
    let alone = KeyFile::in_folder(dir.path()).hold_alone().unwrap();
    let error = open(None, dir.path(), db.read()).await.unwrap_err();
    assert!(matches!(error, OpenError::Rotating), "{error}");
    drop(alone);
    let vault = open(None, dir.path(), db.read()).await.unwrap();
    assert!(KeyFile::in_folder(dir.path()).hold_alone().is_err());
    drop(vault);
}
