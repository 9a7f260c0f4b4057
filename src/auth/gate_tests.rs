//! Setting up, signing in and out, as it is tried by those who may and those who may not.

use super::*;

struct House {
    dir: tempfile::TempDir,
    clock: Clock,
    gate: Gate,
}

impl House {
    async fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH);
        let gate = Gate::open(db, clock.clone(), &dir.path().join("setup-token"))
            .await
            .unwrap();
        Self { dir, clock, gate }
    }

    fn token(&self) -> Option<String> {
        std::fs::read_to_string(self.dir.path().join("setup-token")).ok()
    }
}

fn status<T: std::fmt::Debug>(result: Result<T, AppError>) -> u16 {
    result.unwrap_err().code.status()
}

#[tokio::test]
async fn of_two_hundred_who_set_up_at_once_one_becomes_the_admin() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    let tries = (0..200).map(|number| {
        let (gate, token) = (house.gate.clone(), token.clone());
        async move {
            gate.set_up(&format!("admin{number}"), "long enough", &token)
                .await
        }
    });
    let results = futures::future::join_all(tries).await;
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| status(lost) == 409));
    assert_eq!(house.token(), None);
}

#[tokio::test]
async fn a_wrong_token_or_a_short_password_leaves_the_setup_open() {
    let House { gate, .. } = &House::fresh().await;
    assert_eq!(
        status(gate.set_up("ann", "long enough", "dwsetup_x").await),
        403
    );
    assert_eq!(status(gate.set_up("ann", "long enough", "").await), 403);
    assert!(gate.state(None).await.unwrap().setup_required);
}

#[tokio::test]
async fn the_rules_for_names_and_passwords_hold_for_the_first_admin() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    let error = house.gate.set_up("ann", "short", &token).await.unwrap_err();
    assert_eq!(
        (error.code.status(), error.field.as_deref()),
        (422, Some("password"))
    );
    let error = house
        .gate
        .set_up("", "long enough", &token)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code.status(), error.field.as_deref()),
        (422, Some("username"))
    );
    assert!(house.token().is_some());
}

#[tokio::test]
async fn a_session_is_good_for_thirty_days_or_until_its_sign_out() {
    let house = House::fresh().await;
    let gate = &house.gate;
    let token = house.token().unwrap();
    let ann = gate.set_up("ann", "long enough", &token).await.unwrap();
    assert_eq!(
        gate.recognise(&ann.token).await.unwrap(),
        Some(ann.user.clone())
    );

    let again = gate.log_in("Ann", "long enough", None).await.unwrap();
    assert_ne!(again.token, ann.token);
    let caller = Caller {
        token: Some(TokenHash::of(&again.token)),
        ..Caller::default()
    };
    gate.log_out(&caller).await.unwrap();
    assert_eq!(gate.recognise(&again.token).await.unwrap(), None);
    assert_eq!(status(gate.log_out(&caller).await), 409);

    house
        .clock
        .advance(LIFETIME - chrono::Duration::milliseconds(1));
    assert!(gate.recognise(&ann.token).await.unwrap().is_some());
    house.clock.advance(chrono::Duration::milliseconds(1));
    assert_eq!(gate.recognise(&ann.token).await.unwrap(), None);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_and_soon_none() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    house
        .gate
        .set_up("ann", "long enough", &token)
        .await
        .unwrap();
    let wrong = house
        .gate
        .log_in("ann", "long enougH", None)
        .await
        .unwrap_err();
    assert_eq!(
        house
            .gate
            .log_in("bob", "long enough", None)
            .await
            .unwrap_err(),
        wrong
    );
    assert_eq!(wrong.code.status(), 401);
    for _ in 1..10 {
        assert_eq!(status(house.gate.log_in("ann", "x", None).await), 401);
    }
    assert_eq!(
        status(house.gate.log_in("ann", "long enough", None).await),
        429
    );
    house.clock.advance(chrono::Duration::minutes(1));
    house.gate.log_in("ann", "long enough", None).await.unwrap();
}

#[tokio::test]
async fn a_token_that_was_never_ours_is_nobody() {
    let house = House::fresh().await;
    let setup = house.token().unwrap();
    for token in ["", "dws_", "x", setup.trim(), &new_token(Kind::Session)] {
        assert_eq!(house.gate.recognise(token).await.unwrap(), None, "{token}");
    }
}

#[tokio::test]
async fn with_users_there_is_no_setup_token_after_a_restart() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    house
        .gate
        .set_up("ann", "long enough", &token)
        .await
        .unwrap();
    let file = house.dir.path().join("setup-token");
    std::fs::write(&file, &token).unwrap();
    let gate = Gate::open(house.gate.db, house.clock, &file).await.unwrap();
    assert!(!file.exists());
    assert_eq!(status(gate.set_up("eve", "long enough", &token).await), 409);
}
