//! Clients that go away in the middle of an answer. What was being made for them ends with them, and
//! nothing of it panics.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp, wait_for};

/// How many go away; `DOCKER_WATCHER_DROPPED` asks for more.
const DROPPED: usize = 600;

const AT_ONCE: usize = 12;

/// Numbers without order that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Asks, reads for a while and so many bytes at most, and is gone.
async fn drop_out(host: String, request: String, patience: Duration, most: u64) {
    let Ok(mut stream) = TcpStream::connect(&host).await else {
        return;
    };
    drop(stream.write_all(request.as_bytes()).await);
    let mut bytes = Vec::new();
    let reading = stream.take(most);
    tokio::pin!(reading);
    drop(tokio::time::timeout(patience, reading.read_to_end(&mut bytes)).await);
}

#[tokio::test]
async fn nothing_panics_of_clients_that_go_away() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let id = workload["id"].as_str().unwrap_or_default();
    let form = serde_json::json!({"username": crate::harness::ADMIN.0, "password": crate::harness::ADMIN.1});
    let signed_in = app.post("/api/auth/login", &form).await.data();
    let token = signed_in["token"].as_str().unwrap_or_default();
    let places = [
        "GET /".to_owned(),
        "GET /apps".to_owned(),
        format!("GET /apps/{id}"),
        "GET /account".to_owned(),
        "GET /settings".to_owned(),
        "GET /settings/general".to_owned(),
        "GET /settings/users".to_owned(),
        "GET /settings/tokens".to_owned(),
        "GET /settings/sign-on".to_owned(),
        "GET /login".to_owned(),
        "GET /no/such/page".to_owned(),
        "GET /?lang=ru".to_owned(),
        "GET /api/workloads".to_owned(),
        "GET /api/stream?topics=stats".to_owned(),
        format!("GET /api/workloads/{id}/stats/history?window=2h"),
        "POST /fn/workloads/list".to_owned(),
        "POST /fn/health/summary".to_owned(),
        "POST /fn/settings/read".to_owned(),
    ];
    let host = app.address.trim_start_matches("http://").to_owned();
    let wanted = std::env::var("DOCKER_WATCHER_DROPPED").ok();
    let wanted = wanted
        .and_then(|count| count.parse().ok())
        .unwrap_or(DROPPED);
    let mut dice = Dice(wanted as u64);
    for _ in 0..wanted.div_ceil(AT_ONCE) {
        let clients: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let place = &places[dice.below(places.len() as u64) as usize];
                let request = format!(
                    "{place} HTTP/1.1\r\nHost: {host}\r\nCookie: docker_watcher_session={token}\r\n\
                     Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                     Content-Length: 0\r\n\r\n"
                );
                let patience = Duration::from_micros(dice.below(40_000));
                tokio::spawn(drop_out(
                    host.clone(),
                    request,
                    patience,
                    1 << dice.below(17),
                ))
            })
            .collect();
        for client in clients {
            client.await.expect("a client goes");
        }
    }
    // What was begun for them ends before long, or is answered to nobody.
    wait_for("the program to be at rest", SOON, || async {
        match app.get("/healthz").await.text.as_str() {
            "ok" => Ok(()),
            other => Err(other.to_owned()),
        }
    })
    .await;
    let output = app.output();
    let panics: Vec<_> = output
        .lines()
        .filter(|line| line.contains("panicked"))
        .collect();
    println!(
        "dropped: {wanted} clients went away, {} panics",
        panics.len()
    );
    assert!(panics.is_empty(), "{panics:#?}");
}

#[tokio::test]
async fn pages_that_are_asked_for_at_once_are_each_written_whole_and_as_themselves() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let places = [
        ("/apps", "en", "Apps"),
        ("/apps", "ru", "Приложения"),
        ("/settings/tokens", "en", "API tokens"),
        ("/settings/users", "ru", "Пользователи"),
        ("/settings/general", "en", "General"),
        ("/no/such/page", "ru", "Такой страницы нет"),
    ];
    let mut wrong = Vec::new();
    for _ in 0..40 {
        let all = places.iter().cycle().take(2 * places.len());
        let all = all.map(async |(path, language, title)| {
            let request = app.request(reqwest::Method::GET, path);
            let request = request.header("accept", "text/html");
            let response = request.header("accept-language", *language).send().await;
            let response = response.expect("an answer");
            let status = response.status().as_u16();
            let page = response.text().await.expect("a whole page");
            let title = format!("<title>{title} · Docker Watcher</title>");
            let is_right = page.contains(&title) && page.contains("</html>");
            (!is_right).then(|| format!("{status} {path} {language}"))
        });
        wrong.extend(futures::future::join_all(all).await.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
