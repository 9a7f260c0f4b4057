//! An answer of the API, and what it is held to be.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;

/// An answer of the API.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub text: String,
    /// Null where the body is not JSON.
    pub json: Value,
}

impl Answer {
    /// What a successful answer carries.
    #[track_caller]
    pub fn data(self) -> Value {
        assert!(
            (200..300).contains(&self.status) && self.json["success"] == true,
            "not a success: {} {}",
            self.status,
            self.text
        );
        self.json["data"].clone()
    }

    /// Holds the answer to be a failure in the envelope, with this status and code.
    #[track_caller]
    pub fn is_refused(&self, status: u16, code: &str) {
        let error = &self.json["error"];
        assert!(
            self.status == status
                && self.json["success"] == false
                && error["code"] == code
                && error["message"]
                    .as_str()
                    .is_some_and(|message| !message.is_empty()),
            "expected {status} {code} in the envelope, got {} {}",
            self.status,
            self.text
        );
    }

    /// Holds the answer to be a 422 that names this field.
    #[track_caller]
    pub fn is_invalid(&self, field: &str) {
        self.is_refused(422, "invalid");
        assert_eq!(self.json["error"]["field"], field, "{}", self.text);
    }
}

/// Sends a request and reads the whole answer.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request
        .timeout(Duration::from_secs(90))
        .send()
        .await
        .unwrap_or_else(|error| panic!("no answer: {error:?}"));
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type");
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let content_type = content_type.to_owned();
    let text = response
        .text()
        .await
        .unwrap_or_else(|error| panic!("half an answer: {error:?}"));
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answer {
        status,
        content_type,
        text,
        json,
    }
}
