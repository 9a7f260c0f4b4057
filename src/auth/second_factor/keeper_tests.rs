//! A second factor from its first code to its last.

use super::*;
use crate::auth::model::Role;
use crate::secrets::key::{Key, Ring};

/// Of everybody's password here.
const HASH: &str = "hash";

struct House {
    _dir: tempfile::TempDir,
    db: Db,
    clock: Clock,
    keeper: SecondFactors,
    ann: User,
}

impl House {
    async fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(365));
        let vault = Vault::new(&Ring::of(Key::random()), None);
        let ann = User {
            id: "1".into(),
            username: "ann".into(),
            role: Role::Admin,
        };
        crate::auth::store::add_user(&db, None, &ann, Some(HASH), 0)
            .await
            .unwrap();
        let keeper = SecondFactors::new(db.clone(), clock.clone(), vault);
        Self {
            _dir: dir,
            db,
            clock,
            keeper,
            ann,
        }
    }

    /// What the app shows now.
    fn code(&self, secret: &NewSecret) -> String {
        let secret = totp_rs::Secret::try_from_base32(&secret.secret).unwrap();
        let now = self.clock.now().timestamp().try_into().unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        app.generate(now).to_string()
    }

    fn later(&self) {
        self.clock.advance(chrono::Duration::seconds(30));
    }

    async fn set_up(&self) -> (NewSecret, RecoveryCodes) {
        let secret = self.keeper.begin(&self.ann, HASH).await.unwrap();
        let code = self.code(&secret);
        let codes = self.keeper.confirm(&self.ann, &code).await.unwrap();
        (secret, codes)
    }

    async fn takes(&self, code: &str) -> bool {
        self.keeper.takes(&self.ann, code).await.unwrap()
    }
}

#[tokio::test]
async fn no_code_is_asked_for_until_the_first_one_was_right() {
    let house = House::fresh().await;
    let before = house.keeper.read(&house.ann).await.unwrap();
    assert_eq!((before.since, before.recovery_codes_left), (None, 0));
    let early = house.keeper.confirm(&house.ann, "123456").await;
    assert_eq!(early.unwrap_err().code.status(), 409);

    let secret = house.keeper.begin(&house.ann, HASH).await.unwrap();
    assert!(house.keeper.read(&house.ann).await.unwrap().since.is_none());
    let code = house.code(&secret);
    assert!(!house.takes(&code).await);
    let wrong = house
        .keeper
        .confirm(&house.ann, "000000")
        .await
        .unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("code"));
    let codes = house.keeper.confirm(&house.ann, &code).await.unwrap();
    assert_eq!(codes.codes.len(), 10);
    let after = house.keeper.read(&house.ann).await.unwrap();
    assert_eq!(after.since, Some(house.clock.now()));
    assert_eq!(after.recovery_codes_left, 10);
    let again = house.keeper.begin(&house.ann, HASH).await.unwrap_err();
    assert_eq!(again.code.status(), 409);
}

#[tokio::test]
async fn a_code_opens_once_and_no_earlier_one_opens_after_it() {
    let house = House::fresh().await;
    let (secret, _) = house.set_up().await;
    assert!(
        !house.takes(&house.code(&secret)).await,
        "the first code was used up"
    );
    house.later();
    let earlier = house.code(&secret);
    house.later();
    let code = house.code(&secret);
    assert!(house.takes(&code).await);
    assert!(!house.takes(&code).await);
    assert!(!house.takes(&earlier).await);
    house.later();
    assert!(house.takes(&house.code(&secret)).await);
}

#[tokio::test]
async fn of_many_who_send_one_code_at_once_one_gets_in() {
    let house = House::fresh().await;
    let (secret, codes) = house.set_up().await;
    house.later();
    for code in [house.code(&secret), codes.codes[0].clone()] {
        let tries = (0..50).map(|_| house.keeper.takes(&house.ann, &code));
        let taken = futures::future::join_all(tries).await;
        assert_eq!(
            taken
                .into_iter()
                .filter(|taken| *taken.as_ref().unwrap())
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_replace_the_old() {
    let house = House::fresh().await;
    let (_, codes) = house.set_up().await;
    assert!(house.takes(&codes.codes[0].to_uppercase()).await);
    assert!(!house.takes(&codes.codes[0]).await);
    let left = house.keeper.read(&house.ann).await.unwrap();
    assert_eq!(left.recovery_codes_left, 9);
    let renewed = house.keeper.renew_codes(&house.ann, HASH).await.unwrap();
    assert!(!house.takes(&codes.codes[1]).await);
    assert!(house.takes(&renewed.codes[1]).await);
}

#[tokio::test]
async fn without_a_second_factor_no_code_opens_anything() {
    let house = House::fresh().await;
    let (secret, codes) = house.set_up().await;
    house.keeper.remove(&house.ann, HASH).await.unwrap();
    house.later();
    assert!(!house.takes(&house.code(&secret)).await);
    assert!(!house.takes(&codes.codes[0]).await);
    let renewed = house
        .keeper
        .renew_codes(&house.ann, HASH)
        .await
        .unwrap_err();
    assert_eq!(renewed.code.status(), 409);
}

#[tokio::test]
async fn the_secret_is_not_in_the_database_and_not_good_for_another_user() {
    let house = House::fresh().await;
    let secret = house.keeper.begin(&house.ann, HASH).await.unwrap();
    let sealed = store::read(&house.db, "1").await.unwrap().unwrap();
    let sealed = sealed.totp_sealed.unwrap();
    let plain = totp_rs::Secret::try_from_base32(&secret.secret).unwrap();
    let plain: &[u8] = plain.as_ref();
    assert!(!sealed.windows(plain.len()).any(|window| window == plain));
    let bob = User {
        id: "2".into(),
        username: "bob".into(),
        role: Role::Viewer,
    };
    crate::auth::store::add_user(&house.db, None, &bob, Some(HASH), 0)
        .await
        .unwrap();
    let now = house.clock.millis();
    let begun = store::begin(&house.db, "2", HASH, &sealed, now).await;
    assert!(begun.unwrap());
    let moved = house.keeper.confirm(&bob, &house.code(&secret)).await;
    assert_eq!(moved.unwrap_err().code.status(), 500);
}

#[tokio::test]
async fn a_new_secret_waits_a_quarter_of_an_hour_for_its_first_code() {
    let house = House::fresh().await;
    let secret = house.keeper.begin(&house.ann, HASH).await.unwrap();
    house.clock.advance(WAITS);
    let code = house.code(&secret);
    let late = house.keeper.confirm(&house.ann, &code).await;
    assert_eq!(late.unwrap_err().code.status(), 409);
    let secret = house.keeper.begin(&house.ann, HASH).await.unwrap();
    house.clock.advance(WAITS - Duration::seconds(1));
    let code = house.code(&secret);
    house.keeper.confirm(&house.ann, &code).await.unwrap();
}

#[tokio::test]
async fn a_proof_by_the_password_of_before_does_nothing() {
    let house = House::fresh().await;
    let begun = house.keeper.begin(&house.ann, HASH).await.unwrap();
    let mut transaction = house.db.begin().await.unwrap();
    crate::auth::users::store::set_password(&mut transaction, &house.ann.id, "another")
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let code = house.code(&begun);
    let begun_before = house.keeper.confirm(&house.ann, &code).await;
    assert_eq!(begun_before.unwrap_err().code.status(), 409);
    let begun = house.keeper.begin(&house.ann, HASH).await;
    assert_eq!(begun.unwrap_err().code.status(), 401);

    let begun = house.keeper.begin(&house.ann, "another").await.unwrap();
    let code = house.code(&begun);
    house.keeper.confirm(&house.ann, &code).await.unwrap();
    let renewed = house.keeper.renew_codes(&house.ann, HASH).await;
    assert_eq!(renewed.unwrap_err().code.status(), 401);
    let removed = house.keeper.remove(&house.ann, HASH).await;
    assert_eq!(removed.unwrap_err().code.status(), 401);
    let left = house.keeper.read(&house.ann).await.unwrap();
    assert_eq!((left.since.is_some(), left.recovery_codes_left), (true, 10));
}
