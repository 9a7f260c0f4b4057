//! Guessing passwords, over HTTP and for minutes of the program's own time: how many are really tried,
//! and what it costs those who are signed in already.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::clocked::{ClockedApp, Session};
use crate::fake_engine::FakeEngine;
use crate::harness::ADMIN;
use crate::raw;
use crate::reply::answer;

/// Passwords that may be tried for one name, or from one address, in a minute.
const A_MINUTE: usize = 10;

/// How many guess at the same moment, and how far the clock goes between two such moments.
const AT_ONCE: usize = 50;
const APART: chrono::Duration = chrono::Duration::seconds(3);

/// Somewhere that guesses come from, and the name that they are for.
struct Attack {
    what: &'static str,
    guesses: usize,
    /// The sender's address and the name, by the number of the guess.
    aim: fn(usize) -> (Ipv4Addr, String),
}

const ATTACKS: [Attack; 3] = [
    Attack {
        what: "one name from one address",
        guesses: 4000,
        aim: |_| (Ipv4Addr::LOCALHOST, ADMIN.0.to_owned()),
    },
    Attack {
        what: "many names from one address",
        guesses: 3000,
        aim: |number| (Ipv4Addr::LOCALHOST, format!("user{number}")),
    },
    Attack {
        what: "one name from many addresses",
        guesses: 3000,
        aim: |number| {
            let last = u8::try_from(number % 250).unwrap_or_default();
            (Ipv4Addr::new(127, 0, 1, last + 1), ADMIN.0.to_owned())
        },
    },
];

/// One wrong password; the status of the answer.
async fn guess(address: &str, from: Ipv4Addr, name: String, number: usize) -> u16 {
    let form = json!({"username": name, "password": format!("guess number {number}")});
    // Whoever guesses says that they are somebody else each time.
    let (high, low) = (number / 250, number % 250);
    let forwarded = format!("X-Forwarded-For: 198.51.{high}.{low}");
    let request = raw::Request {
        address,
        from,
        method: "POST",
        target: "/api/auth/login",
        headers: &format!("{forwarded}\r\nContent-Type: application/json\r\n"),
        body: &form.to_string(),
    };
    let reply = raw::send(request).await;
    let reply = reply.unwrap_or_else(|error| panic!("no answer: {error}"));
    reply.status
}

/// A read and a write by somebody who is signed in.
async fn work(app: &ClockedApp, session: &Session) {
    app.read(session, "/api/engines").await;
    let change = app.request(Method::PATCH, "/api/settings");
    let change = change.header("cookie", &session.cookie);
    answer(change.json(&json!({"stats_interval_secs": 20})))
        .await
        .data();
}

#[tokio::test]
async fn of_ten_thousand_guesses_few_are_tried_and_whoever_is_signed_in_goes_on() {
    let (mut guesses, mut tried, mut worked) = (0, 0, 0);
    for attack in ATTACKS {
        let engine = FakeEngine::start().await;
        let app = ClockedApp::start(&engine.url()).await;
        let session = app.set_up().await;
        let begin = app.clock.now();
        let mut tried_now = 0;
        for first in (0..attack.guesses).step_by(AT_ONCE) {
            let burst = (first..first + AT_ONCE).map(|number| {
                let (from, name) = (attack.aim)(number);
                guess(&app.address, from, name, number)
            });
            let statuses = futures::future::join_all(burst).await;
            assert!(
                statuses.iter().all(|status| [401, 429].contains(status)),
                "{statuses:?}"
            );
            tried_now += statuses.iter().filter(|status| **status == 401).count();
            work(&app, &session).await;
            worked += 1;
            app.clock.advance(APART);
        }
        let minutes = (app.clock.now() - begin).num_minutes();
        let allowed = A_MINUTE * (usize::try_from(minutes).unwrap_or_default() + 1);
        println!(
            "guessing: {}: {} guesses in {minutes} minutes, {tried_now} tried, at most {allowed} allowed",
            attack.what, attack.guesses
        );
        assert!((1..=allowed).contains(&tried_now), "{}", attack.what);
        // Once it is over, the right password opens again.
        app.clock.advance(chrono::Duration::hours(1));
        app.sign_in(ADMIN).await;
        guesses += attack.guesses;
        tried += tried_now;
    }
    println!(
        "guessing: {guesses} guesses, {tried} passwords tried; {worked} times a signed-in person worked on"
    );
    assert!(guesses >= 10_000);
}

#[tokio::test]
async fn the_code_that_turns_a_second_factor_on_is_not_guessed_either() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let session = app.set_up().await;
    let factor = "/api/auth/second-factor";
    let begin = json!({"password": ADMIN.1});
    app.write(&session, Method::POST, factor, &begin)
        .await
        .data();
    let guess = async |number: usize| {
        let code = json!({"code": format!("{number:05}x")});
        let path = format!("{factor}/confirm");
        app.write(&session, Method::POST, &path, &code).await
    };
    for number in 0..A_MINUTE {
        guess(number).await.is_invalid("code");
    }
    for number in 0..AT_ONCE {
        guess(number).await.is_refused(429, "too_many");
    }
    work(&app, &session).await;
    app.clock.advance(chrono::Duration::minutes(1));
    guess(0).await.is_invalid("code");
    // What was begun is over by then.
    app.clock.advance(chrono::Duration::minutes(15));
    guess(0).await.is_refused(409, "conflict");
}

/// Wrong sign-ins of each kind whose times are compared.
const TIMED: usize = 200;

#[tokio::test]
async fn a_known_and_an_unknown_name_take_the_same_time() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    app.set_up().await;
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..TIMED {
        // In turn, and each first as often as last, so that whatever else this machine does falls on
        // both alike.
        for kind in [number % 2, (number + 1) % 2] {
            let name = [ADMIN.0.to_owned(), format!("nobody{number}")][kind].clone();
            app.clock.advance(chrono::Duration::hours(1));
            let form = json!({"username": name, "password": "not the password at all"});
            let request = app.request(Method::POST, "/api/auth/login").json(&form);
            let begin = Instant::now();
            let status = answer(request).await.status;
            times[kind].push(begin.elapsed());
            assert_eq!(status, 401, "{name}");
        }
    }
    let [known, unknown] = times.map(median);
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    println!(
        "guessing: the median of {TIMED} wrong sign-ins is {known:?} for a known name, {unknown:?} for an unknown one: {ratio:.3} to 1"
    );
    assert!(
        (0.8..1.25).contains(&ratio),
        "the time tells who exists: {ratio}"
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
