//! Setting up, signing in and out, as it is tried by those who may and those who may not.

use super::*;
use crate::auth::credential::new_token;
use crate::auth::sessions::keeper::{IDLE, LIFETIME};
use crate::auth::sessions::signer::Signer;
use crate::auth::sign_on::keeper::SignOn;
use crate::auth::users::model::AccountPatch;
use crate::secrets::key::{Key, Ring};
use crate::secrets::vault::Vault;

/// A gate with a key of its own.
pub async fn gate_for_tests(db: &Db, clock: &Clock, setup_file: &Path) -> Gate {
    let vault = Vault::new(&Ring::of(Key::random()), None);
    let signer = Signer::open(db, &vault, clock).await.unwrap();
    let sessions = Sessions::new(db.clone(), clock.clone(), signer);
    let second_factors = SecondFactors::new(db.clone(), clock.clone(), vault);
    Gate::open(
        db.clone(),
        clock.clone(),
        sessions,
        second_factors,
        setup_file,
    )
    .await
    .unwrap()
}

/// Single sign-on beside it, which nobody has set up.
pub fn sign_on_for_tests(db: &Db, clock: &Clock, gate: &Gate) -> SignOn {
    let vault = Vault::new(&Ring::of(Key::random()), None);
    let sessions = gate.sessions.clone();
    SignOn::new(db.clone(), clock.clone(), vault, sessions, None)
}

struct House {
    dir: tempfile::TempDir,
    db: Db,
    clock: Clock,
    gate: Gate,
}

impl House {
    async fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(365));
        let gate = gate_for_tests(&db, &clock, &dir.path().join("setup-token")).await;
        Self {
            dir,
            db,
            clock,
            gate,
        }
    }

    async fn set_up(&self) -> SignedIn {
        let token = self.token().unwrap();
        let visit = Visit::default();
        self.gate
            .set_up("ann", "long enough", &token, &visit)
            .await
            .unwrap()
    }

    async fn log_in(&self, name: &str, password: &str) -> Result<SignedIn, AppError> {
        self.gate
            .log_in(name, password, None, &Visit::default())
            .await
    }

    /// What a request with this token is recognised as.
    async fn caller(&self, token: &str) -> Caller {
        let (_, credential) = self.gate.recognise(token).await.unwrap().unzip();
        Caller {
            credential,
            ..Caller::default()
        }
    }

    async fn is_good(&self, token: &str) -> bool {
        self.gate.recognise(token).await.unwrap().is_some()
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
            gate.set_up(
                &format!("admin{number}"),
                "long enough",
                &token,
                &Visit::default(),
            )
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
async fn a_wrong_token_name_or_password_leaves_the_setup_open() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    for (name, password, token, code, field) in [
        ("ann", "long enough", "dwsetup_x", 403, "setup_token"),
        ("ann", "long enough", "", 403, "setup_token"),
        ("ann", "short", &token, 422, "password"),
        ("ann", "password", &token, 422, "password"),
        ("", "long enough", &token, 422, "username"),
    ] {
        let refused = house
            .gate
            .set_up(name, password, token, &Visit::default())
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code.status(), refused.field.as_deref()),
            (code, Some(field))
        );
    }
    assert!(house.gate.state(None, None).await.unwrap().setup_required);
    assert!(house.token().is_some());
}

#[tokio::test]
async fn a_session_is_good_until_its_sign_out() {
    let house = House::fresh().await;
    let ann = house.set_up().await;
    let again = house.log_in("Ann", "long enough").await.unwrap();
    assert_ne!(again.token, ann.token);
    let caller = house.caller(&again.token).await;
    house.gate.log_out(&caller).await.unwrap();
    assert!(!house.is_good(&again.token).await);
    assert!(house.is_good(&ann.token).await);
    let nobody = house.gate.log_out(&Caller::default()).await;
    assert_eq!(status(nobody), 409);
}

#[tokio::test]
async fn a_session_is_over_when_it_is_old_or_was_not_used() {
    let house = House::fresh().await;
    let (used, idle) = (
        house.set_up().await,
        house.log_in("ann", "long enough").await,
    );
    let idle = idle.unwrap();
    let almost = IDLE - chrono::Duration::minutes(2);
    house.clock.advance(almost);
    assert!(house.is_good(&used.token).await);
    house.clock.advance(chrono::Duration::minutes(2));
    assert!(house.is_good(&used.token).await);
    assert!(!house.is_good(&idle.token).await);
    let mut age = IDLE;
    while age + almost < LIFETIME {
        house.clock.advance(almost);
        age += almost;
        assert!(house.is_good(&used.token).await, "{age}");
    }
    house.clock.advance(LIFETIME - age);
    assert!(!house.is_good(&used.token).await);
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_opens_one() {
    let house = House::fresh().await;
    let ann = house.set_up().await;
    let other = house.log_in("ann", "long enough").await.unwrap();
    let visit = Visit::default();
    let change = |current: &'static str, new: &'static str| {
        let (gate, user) = (&house.gate, ann.user.clone());
        let visit = &visit;
        async move {
            let changed = gate.change_password(user, "1", current, new, visit);
            changed.await
        }
    };
    let wrong = change("wrong", "quite another").await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("password"));
    let weak = change("long enough", "short").await.unwrap_err();
    assert_eq!(weak.field.as_deref(), Some("new_password"));
    assert!(house.is_good(&ann.token).await);
    let changed = change("long enough", "quite another").await.unwrap();
    assert!(house.is_good(&changed.token).await);
    for token in [&ann.token, &other.token] {
        assert!(!house.is_good(token).await);
    }
    assert_eq!(status(house.log_in("ann", "long enough").await), 401);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_and_soon_none() {
    let house = House::fresh().await;
    let ann = house.set_up().await;
    let wrong = house.log_in("ann", "long enougH").await.unwrap_err();
    assert_eq!(house.log_in("bob", "long enough").await.unwrap_err(), wrong);
    assert_eq!(wrong.code.status(), 401);
    for _ in 1..10 {
        assert_eq!(status(house.log_in("ann", "x").await), 401);
    }
    assert_eq!(status(house.log_in("ann", "long enough").await), 429);
    assert!(
        house.is_good(&ann.token).await,
        "a live session is never locked"
    );
    let proved = house.gate.prove(&ann.user, "1", "long enough").await;
    proved.unwrap();
    house.clock.advance(chrono::Duration::minutes(1));
    house.log_in("ann", "long enough").await.unwrap();
}

#[tokio::test]
async fn with_a_second_factor_the_password_alone_opens_nothing() {
    let house = House::fresh().await;
    let ann = house.set_up().await;
    let factors = house.gate.second_factors.clone();
    let hash = house.gate.prove(&ann.user, "1", "long enough").await;
    let secret = factors.begin(&ann.user, &hash.unwrap()).await.unwrap();
    let secret = totp_rs::Secret::try_from_base32(&secret.secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = || {
        let now = house.clock.now().timestamp();
        app.generate(now.try_into().unwrap()).to_string()
    };
    factors.confirm(&ann.user, &code()).await.unwrap();
    house.clock.advance(chrono::Duration::minutes(1));
    let log_in = async |password: &str, code: Option<&str>| {
        house
            .gate
            .log_in("ann", password, code, &Visit::default())
            .await
    };
    for _ in 0..20 {
        let missing = log_in("long enough", None).await.unwrap_err();
        assert_eq!(missing.code, Code::SecondFactor);
    }
    let wrong = log_in("wrong", Some(&code())).await.unwrap_err();
    assert_eq!(
        wrong.code,
        Code::NotSignedIn,
        "the code is not looked at first"
    );
    log_in("long enough", Some(&code())).await.unwrap();
    for _ in 0..9 {
        let replayed = log_in("long enough", Some(&code())).await.unwrap_err();
        assert_eq!(replayed.code, Code::SecondFactor);
    }
    assert_eq!(status(log_in("long enough", Some("123456")).await), 429);
}

#[tokio::test]
async fn a_token_that_was_never_ours_is_nobody() {
    let house = House::fresh().await;
    let setup = house.token().unwrap();
    for token in ["", "dwt_", "x", setup.trim(), &new_token(Kind::Api)] {
        assert!(!house.is_good(token).await, "{token}");
    }
}

#[tokio::test]
async fn with_users_there_is_no_setup_token_after_a_restart() {
    let house = House::fresh().await;
    let token = house.token().unwrap();
    house.set_up().await;
    let file = house.dir.path().join("setup-token");
    std::fs::write(&file, &token).unwrap();
    let (sessions, factors) = (house.gate.sessions, house.gate.second_factors);
    let gate = Gate::open(house.db, house.clock, sessions, factors, &file);
    let gate = gate.await.unwrap();
    assert!(!file.exists());
    let visit = Visit::default();
    let again = gate.set_up("eve", "long enough", &token, &visit);
    assert_eq!(status(again.await), 409);
}

#[tokio::test]
async fn a_password_that_was_reset_while_it_was_checked_opens_nothing_and_replaces_nothing() {
    let house = House::fresh().await;
    let ann = house.set_up().await.user;
    let checked = house.gate.prove(&ann, "1", "long enough").await.unwrap();
    let patch = AccountPatch {
        password: Some("quite another".into()),
        ..AccountPatch::default()
    };
    let reset = users::keeper::change(&house.db, &ann.id, patch).await;
    reset.unwrap();
    let proven = Proven::Password {
        hash: &checked,
        code: true,
    };
    let visit = Visit::default();
    let opened = house.gate.sessions.open(ann.clone(), &visit, proven).await;
    assert_eq!(opened.unwrap(), None);
    let mut transaction = house.db.begin().await.unwrap();
    let replaced =
        users::store::replace_password(&mut transaction, &ann.id, &checked, "a hash of ours");
    assert!(!replaced.await.unwrap());
    transaction.commit().await.unwrap();
    house.log_in("ann", "quite another").await.unwrap();
}

#[tokio::test]
async fn a_session_counts_what_it_gets_wrong_for_itself() {
    let house = House::fresh().await;
    let ann = house.set_up().await.user;
    for _ in 0..10 {
        assert_eq!(status(house.gate.prove(&ann, "1", "wrong").await), 422);
    }
    let locked = house.gate.prove(&ann, "1", "long enough").await;
    assert_eq!(status(locked), 429);
    house.gate.prove(&ann, "2", "long enough").await.unwrap();
    house.log_in("ann", "long enough").await.unwrap();
}

#[tokio::test]
async fn the_first_code_of_a_second_factor_is_guessed_as_seldom_as_a_password() {
    let house = House::fresh().await;
    let ann = house.set_up().await.user;
    let confirm = async || house.gate.confirm_second_factor(&ann, "abcdef").await;
    for _ in 0..20 {
        assert_eq!(status(confirm().await), 409, "there is nothing to guess");
    }
    let hash = house.gate.prove(&ann, "1", "long enough").await.unwrap();
    let begun = house.gate.second_factors.begin(&ann, &hash).await;
    begun.unwrap();
    for _ in 0..10 {
        assert_eq!(status(confirm().await), 422);
    }
    assert_eq!(status(confirm().await), 429);
    house.gate.prove(&ann, "1", "long enough").await.unwrap();
    house.clock.advance(chrono::Duration::minutes(1));
    assert_eq!(status(confirm().await), 422);
}

#[tokio::test]
async fn strangers_lock_no_name_in_the_network_where_its_owner_is_signed_in() {
    let house = House::fresh().await;
    house.set_up().await;
    let from = async |address: &str, password: &str| {
        let visit = Visit {
            address: Some(address.parse().unwrap()),
            ..Visit::default()
        };
        house.gate.log_in("ann", password, None, &visit).await
    };
    from("2001:db8:1:2::1", "long enough").await.unwrap();
    for stranger in 1..=10 {
        let guess = from(&format!("192.0.2.{stranger}"), "wrong").await;
        assert_eq!(status(guess), 401);
    }
    let elsewhere = from("2001:db8:1:3::1", "long enough").await;
    assert_eq!(status(elsewhere), 429);
    from("2001:db8:1:2:ffff::1", "long enough").await.unwrap();
}
