//! Every path × every method × everybody: who passes is what the tables say, and nobody else.
//!
//! `identities` who knocks · `places` where, and with what

mod identities;
mod places;

use std::collections::BTreeSet;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::clocked::ClockedApp;
use crate::fake_engine::{FakeContainer, FakeEngine};
use identities::{Identity, NAMES};
use places::{Ids, Place, places};

const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// What an answer means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Something ran on their behalf, or would have with other inputs.
    Passed,
    /// Sign in first, or the page to do so.
    NotSignedIn,
    /// They are known, and that is not enough.
    Forbidden,
    /// There is nothing there to pass to.
    Nothing,
}

#[derive(Debug, Default)]
struct Count {
    requests: usize,
    passes: usize,
    refusals: usize,
    nothing: usize,
    sessions_renewed: usize,
    wrong: Vec<String>,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.requests += other.requests;
        self.passes += other.passes;
        self.refusals += other.refusals;
        self.nothing += other.nothing;
        self.sessions_renewed += other.sessions_renewed;
        self.wrong.extend(other.wrong);
    }
}

/// Reads an answer. A refusal is known by its words, so that a wrong password or a wrong setup token,
/// which share its status, are what they are: somebody who got as far as that.
async fn outcome(response: Response, is_there: bool) -> Outcome {
    let status = response.status().as_u16();
    let location = response.headers().get("location");
    let to = location.and_then(|value| value.to_str().ok());
    let to_sign_in = to.is_some_and(|to| to.starts_with("/login") || to.starts_with("/setup"));
    // A page that sends its reader on says 302.
    if status == 303 && to_sign_in {
        return Outcome::NotSignedIn;
    }
    if status == 405 || !is_there && status == 404 {
        return Outcome::Nothing;
    }
    let media_type = response.headers().get("content-type");
    let is_page = media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    // The doors answer in JSON: a page came from behind them, and says itself whom it is not for.
    if ![401, 403].contains(&status) || is_page {
        return Outcome::Passed;
    }
    let text = response.text().await.unwrap_or_default();
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let error = if body["error"].is_object() {
        &body["error"]
    } else {
        &body
    };
    match error["message"].as_str() {
        // The answer to a HEAD has no words.
        None if text.is_empty() && status == 401 => Outcome::NotSignedIn,
        None if text.is_empty() => Outcome::Forbidden,
        Some("Sign in first.") => Outcome::NotSignedIn,
        Some(message) if status == 403 && FORBIDDEN.contains(&message) => Outcome::Forbidden,
        _ => Outcome::Passed,
    }
}

/// How somebody hears that they are known and may not.
const FORBIDDEN: [&str; 2] = [
    "Your role does not allow this; ask an admin.",
    "This is for a person who is signed in, and not for an API token.",
];

/// All places and methods, on behalf of one of them, against an installation of its own.
async fn knock_everywhere(name: &'static str) -> Count {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = ClockedApp::start(&engine.url()).await;
    let mut identity = Identity::make(name, &app).await;
    let ids = Ids::of(&app).await;
    let mut count = Count::default();
    for place in places() {
        for method in METHODS {
            let row = place.access(&method);
            let mut got = knock(&app, &identity, &place, &method, &ids).await;
            // Signing out, and whatever else ends a session, is a success that has to be made good.
            if got == Outcome::NotSignedIn && identity.renew(&app).await {
                count.sessions_renewed += 1;
                got = knock(&app, &identity, &place, &method, &ids).await;
            }
            count.requests += 1;
            match got {
                Outcome::Passed => count.passes += 1,
                Outcome::Nothing => count.nothing += 1,
                Outcome::NotSignedIn | Outcome::Forbidden => count.refusals += 1,
            }
            let wanted = match row {
                // What nobody has a row for is refused to nobody first, and leads nowhere.
                None if identity.is_live() => Outcome::Nothing,
                None if place.is_file => Outcome::Nothing,
                None => Outcome::NotSignedIn,
                Some(access) if identity.may(access) => Outcome::Passed,
                Some(_) if identity.is_live() => Outcome::Forbidden,
                Some(_) => Outcome::NotSignedIn,
            };
            if got != wanted {
                let path = &place.path;
                count.wrong.push(format!(
                    "{name}: {method} {path}: {got:?} and not {wanted:?}"
                ));
            }
        }
    }
    count
}

async fn knock(
    app: &ClockedApp,
    identity: &Identity,
    place: &Place,
    method: &Method,
    ids: &Ids,
) -> Outcome {
    let request = app.request(method.clone(), &ids.fill(&place.path));
    let request = identity.sign(place.carry(method, request));
    let response = request.send().await;
    let response = response.unwrap_or_else(|error| panic!("{method} {}: {error:?}", place.path));
    outcome(response, place.access(method).is_some()).await
}

#[tokio::test]
async fn everybody_passes_where_the_tables_let_them_and_nowhere_else() {
    let mut all = Count::default();
    for name in NAMES {
        all.add(knock_everywhere(name).await);
    }
    let unexpected = |is_pass: bool| {
        let passed = |line: &&String| line.contains(": Passed and not") == is_pass;
        all.wrong.iter().filter(passed).count()
    };
    println!(
        "matrix: {} paths x {} methods x {} identities = {} requests: {} passes, {} refusals, {} to \
         where nothing is; {} unexpected passes, {} other surprises; {} sessions renewed",
        places().len(),
        METHODS.len(),
        NAMES.len(),
        all.requests,
        all.passes,
        all.refusals,
        all.nothing,
        unexpected(true),
        unexpected(false),
        all.sessions_renewed,
    );
    assert!(all.wrong.is_empty(), "{:#?}", all.wrong);
    assert!(all.requests >= 3000, "too few to prove anything");
}

#[tokio::test]
async fn every_documented_path_and_every_server_function_has_a_row() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let session = app.set_up().await;
    let request = app.request(Method::GET, "/api/openapi.json");
    let document = crate::reply::answer(request.header("cookie", &session.cookie)).await;
    let all = places();
    let known: BTreeSet<_> = all.iter().map(|place| place.path.as_str()).collect();
    let documented = document.json["paths"].as_object();
    let documented: Vec<_> = documented
        .into_iter()
        .flatten()
        .map(|(path, _)| path)
        .collect();
    assert!(documented.len() >= 15, "{documented:?}");
    for path in documented {
        assert!(known.contains(path.as_str()), "who may {path}?");
    }
    for endpoint in crate::doors::server_functions() {
        let path = format!("/fn/{endpoint}");
        assert!(known.contains(path.as_str()), "who may {path}?");
    }
}
