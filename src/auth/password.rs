//! Passwords: argon2id, never on the threads that serve, and two at a time.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::rules::{PASSWORD_LEAST, PASSWORD_MOST};
use crate::error::AppError;

/// Each hash takes 19 MiB and some ten milliseconds of a core. More at once would let anybody who can
/// send a sign-in take the machine's memory. One process has one limit, so it is a static.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// No password has this hash, and checking one against it costs what checking a real one costs.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$YSBzYWx0IG9mIG5vYm9keQ\
                       $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password is refused where it is guessed within so many tries, which is what a list of the common
/// ones, with the usual changes, finds. At sixty an hour these are two years.
const GUESSES_LEAST: u64 = 1_000_000;

/// So many digits and signs around a word are what people add because they have to, such as a year and an
/// exclamation mark: the word alone has to be no common one.
///
/// More of them may be what the password is.
const ADDED_MOST: usize = 6;

/// What is guessed here before any list: our own name, and the first words of those who write Russian, whom
/// the list of common words does not know.
const FIRST_WORDS: [&str; 11] = [
    "docker",
    "watcher",
    "docker-watcher",
    "dockerwatcher",
    "container",
    "пароль",
    "йцукен",
    "привет",
    "админ",
    "администратор",
    "докер",
];

/// Whether a new password is long enough to keep, and not among those that are tried first: the common
/// ones, also with a year or a sign behind them, the user's own name, rows of keys.
///
/// No rule asks for signs of some kind; they only help those who guess.
///
/// # Errors
/// `invalid` on `password`.
pub fn check(password: &str, username: &str) -> Result<(), AppError> {
    if !(PASSWORD_LEAST..=PASSWORD_MOST).contains(&password.chars().count()) {
        return Err(AppError::invalid(
            "password",
            format!("A password has {PASSWORD_LEAST} to {PASSWORD_MOST} characters."),
        ));
    }
    // What is longer than this is not on any list, and looking at it takes long.
    let start: String = password.chars().take(64).collect();
    let parts = username.split(|sign: char| !sign.is_alphanumeric());
    let mut words = vec![username];
    words.extend(parts.filter(|part| part.chars().count() > 2));
    words.extend(FIRST_WORDS);
    let guesses = |text: &str| zxcvbn::zxcvbn(text, &words).guesses();
    // Of a stem less is asked: that nobody finds it sooner than by trying every letter.
    let is_common = |stem: &String| guesses(stem) < 10_u64.pow(length(stem).min(5));
    if guesses(&start) < GUESSES_LEAST || stems(&start).iter().any(is_common) {
        return Err(AppError::invalid(
            "password",
            "This password is among the first that are guessed, as is any common word with a number or a sign \
             added; take several words, or a rarer one.",
        ));
    }
    Ok(())
}

/// What is left of a password without the few digits and signs behind it, and without those before it as
/// well; nothing where there are none.
fn stems(password: &str) -> Vec<String> {
    let is_added = |sign: char| !sign.is_alphabetic();
    let without = password.trim_end_matches(is_added);
    let without_any = without.trim_start_matches(is_added);
    let whole = password.chars().count();
    let stems = [without, without_any].into_iter().filter(|stem| {
        let added = whole - stem.chars().count();
        (1..=ADDED_MOST).contains(&added)
    });
    stems.map(str::to_lowercase).collect()
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// A fresh PHC string for `password`, with a salt of its own.
///
/// # Errors
/// `internal` where the machine has no memory or no randomness left.
pub async fn hash(password: &str) -> Result<String, AppError> {
    let password = password.to_owned();
    apart(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(AppError::internal)
    })
    .await?
}

/// Whether `password` belongs to `hash`. Without a hash, for a user that does not exist, the same
/// work is done for nothing, so that the time does not tell who exists.
///
/// # Errors
/// `internal` where the hash cannot be read.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool, AppError> {
    let password = password.to_owned();
    let exists = hash.is_some();
    let hash = hash.unwrap_or(NOBODYS).to_owned();
    apart(move || {
        let hash = PasswordHash::new(&hash).map_err(AppError::internal)?;
        let right = Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok();
        Ok(right && exists)
    })
    .await?
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let permit = AT_ONCE.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || {
        // Held until the work is done: a client that goes away frees nothing.
        let _permit = permit;
        work()
    })
    .await
    .map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_counted_in_characters_and_not_in_bytes() {
        let longest: String = ('а'..='я').cycle().step_by(7).take(256).collect();
        for password in ["k8#Vq2!x", "ядро-9ыж", &longest] {
            assert_eq!(check(password, "ann"), Ok(()), "{password}");
        }
        for password in ["", "k8#Vq2!", "ядро-9ы", &"a".repeat(257)] {
            let error = check(password, "ann").unwrap_err();
            assert_eq!(
                (error.code.status(), error.field.as_deref()),
                (422, Some("password"))
            );
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "password",
            "12345678",
            "Passw0rd",
            "qwertyuiop",
            "iloveyou1",
            "aaaaaaaa",
            "abcdefgh",
            "annabelle",
            "Annabelle2026",
            "docker-watcher",
            "Password123!",
            "Password2026!",
            "P@ssw0rd1",
            "P@ssw0rd123!",
            "!Password1",
            "Admin123!",
            "admin1234",
            "changeme123",
            "Welcome123",
            "Qwerty123!",
            "docker123",
            "dockeradmin",
            "Docker2026!",
            "DockerWatcher1!",
            "Summer2026!",
            "2026Summer!",
            "$ummer2026",
            "January2026!",
            "Sunshine123!",
            "пароль123",
            "Пароль2026!",
            "Админ123",
        ] {
            let error = check(password, "annabelle").err();
            let field = error.and_then(|error| error.field);
            assert_eq!(field.as_deref(), Some("password"), "{password}");
        }
        for (password, username) in [
            ("vic12345", "vic"),
            ("Vic2026!!", "vic"),
            ("brightwater99", "ann.brightwater@example.org"),
        ] {
            assert!(check(password, username).is_err(), "{password}");
        }
    }

    #[test]
    fn what_nobody_guesses_soon_is_taken_whatever_it_is_made_of() {
        for password in [
            "correct horse battery staple",
            "long enough",
            "quite another",
            "a door that stays shut",
            "seven quiet otters swim upstream",
            "kettle-orbit-9",
            "blue-kettle-42",
            "Wv7-tulip-Rex",
            "k8#Vq2!x",
            "xK29!vbQ",
            "Kqzv83!2",
            "7391-8267-4402-7719",
            "zwölf Äpfel im Korb",
            "синий чайник поёт",
        ] {
            assert_eq!(check(password, "vic"), Ok(()), "{password}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_no_two_hashes_are_alike() {
        let one = hash("correct horse").await.unwrap();
        let other = hash("correct horse").await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(verify("correct horse", Some(&one)).await.unwrap());
        assert!(!verify("correct horse ", Some(&one)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
    }

    #[test]
    fn an_unknown_user_costs_what_a_known_one_costs() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let fresh = Argon2::default().hash_password(b"anything").unwrap();
        assert_eq!(nobodys.algorithm, fresh.algorithm);
        assert_eq!(nobodys.params, fresh.params);
        assert_eq!(nobodys.hash.unwrap().len(), fresh.hash.unwrap().len());
        assert_eq!(nobodys.salt.unwrap().len(), fresh.salt.unwrap().len());
    }
}
