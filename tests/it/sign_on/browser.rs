//! Somebody who signs in: a browser that follows each redirect by hand, so that a test can come between.

use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;

use super::provider::FakeProvider;
use crate::fake_engine::FakeEngine;
use crate::harness::TestApp;
use crate::reply::{Answer, answer};

/// The program with its admin and a provider, and an engine for it to watch.
pub struct World {
    pub app: TestApp,
    pub provider: FakeProvider,
    _engine: FakeEngine,
}

impl World {
    pub async fn new() -> Self {
        let engine = FakeEngine::start().await;
        let app = TestApp::ready(&engine.url()).await;
        let provider = FakeProvider::start().await;
        app.patch("/api/settings", &provider.settings())
            .await
            .data();
        Self {
            app,
            provider,
            _engine: engine,
        }
    }

    /// The same, where the claim `groups` decides about roles.
    pub async fn with_roles() -> Self {
        let world = Self::new().await;
        let roles = serde_json::json!({
            "oidc_role_claim": "groups", "oidc_admin_values": "ops, root", "oidc_viewer_values": "staff",
        });
        world.app.patch("/api/settings", &roles).await.data();
        world
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.app.address)
    }

    /// Everybody whom the program knows, as the admin sees them.
    pub async fn users(&self) -> Vec<Value> {
        let users = self.app.read("/api/users").await;
        users.as_array().cloned().unwrap_or_default()
    }

    /// The one of this name.
    pub async fn user(&self, name: &str) -> Value {
        let users = self.users().await;
        let found = users.iter().find(|user| user["username"] == name);
        found
            .cloned()
            .unwrap_or_else(|| panic!("no {name} in {users:?}"))
    }
}

/// A browser with cookies of its own.
pub struct Browser {
    client: Client,
    address: String,
}

impl Browser {
    pub fn new(address: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build();
        Self {
            client: client.expect("a client can be made"),
            address: address.to_owned(),
        }
    }

    pub async fn get(&self, place: &str) -> Response {
        let url = Url::parse(&self.address).and_then(|base| base.join(place));
        let url = url.expect("a test asks for an address");
        self.client
            .get(url)
            .send()
            .await
            .unwrap_or_else(|error| panic!("{place}: {error:?}"))
    }

    pub async fn submit(&self, path: &str) -> Response {
        let request = self.client.post(format!("{}{path}", self.address));
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html");
        request.send().await.expect("the form is answered")
    }

    /// Asks the API with its cookie.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.client.post(format!("{}{path}", self.address));
        answer(request.json(body)).await
    }

    /// Where the answer sends us.
    pub async fn led(&self, place: &str) -> String {
        location(&self.get(place).await)
    }

    /// Goes to the provider and as far as the address that it sends us back to.
    pub async fn to_the_way_back(&self, start: &str) -> String {
        let there = self.led(start).await;
        assert!(there.contains("/authorize?"), "led to {there}");
        self.led(&there).await
    }

    /// All the way; where it ends.
    pub async fn sign_on(&self) -> String {
        let back = self.to_the_way_back("/api/auth/oidc/start").await;
        self.led(&back).await
    }

    /// Who the program thinks this is.
    pub async fn who(&self) -> Value {
        let state = self.get("/api/auth/state").await;
        let state: Value = state.json().await.expect("it is JSON");
        state["data"]["user"].clone()
    }
}

pub fn location(response: &Response) -> String {
    let location = response.headers().get("location");
    let location = location.and_then(|one| one.to_str().ok());
    location
        .unwrap_or_else(|| panic!("{} leads nowhere", response.status()))
        .to_owned()
}

/// One value of an address's query.
pub fn query(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).expect("it is an address");
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
