//! The one error that crosses the wire: what went wrong, said to the person who can do something about it.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of trouble it is; the name is what clients match on, the HTTP status follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    Malformed,
    NotSignedIn,
    /// The password was right, and a one-time code is wanted.
    SecondFactor,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TimedOut,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    TooMany,
    EngineUnreachable,
    Internal,
    /// The browser could not reach the server; never sent by the server.
    Offline,
}

impl Code {
    /// The HTTP status of an answer with this code.
    pub fn status(self) -> u16 {
        match self {
            Code::Malformed => 400,
            Code::NotSignedIn | Code::SecondFactor => 401,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::TimedOut => 408,
            Code::Conflict => 409,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::Invalid => 422,
            Code::TooMany => 429,
            Code::Internal => 500,
            Code::EngineUnreachable | Code::Offline => 503,
        }
    }
}

/// An error as the API and the server functions carry it.
///
/// `message` is for people and names the remedy; it never holds an internal cause or a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ToSchema)]
#[error("{message}")]
pub struct AppError {
    pub code: Code,
    // On its way out of the server it loses whatever secret got into it.
    #[cfg_attr(
        feature = "ssr",
        serde(serialize_with = "crate::secrets::scrub::serialize")
    )]
    pub message: String,
    /// The input at fault, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "ssr",
        serde(serialize_with = "crate::secrets::scrub::serialize_option")
    )]
    pub field: Option<String>,
}

impl AppError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A well-formed input with a value that cannot be; `field` names it.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: Code::Invalid,
            message: message.into(),
            field: Some(field.into()),
        }
    }

    /// `what` is a noun: "workload", "engine".
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Code::Conflict, message)
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(Code::Malformed, message)
    }

    pub fn not_signed_in() -> Self {
        Self::new(Code::NotSignedIn, "Sign in first.")
    }

    pub fn forbidden() -> Self {
        Self::new(
            Code::Forbidden,
            "Your role does not allow this; ask an admin.",
        )
    }

    /// The engine did not answer; `message` says which and what to do.
    pub fn engine_unreachable(message: impl Into<String>) -> Self {
        Self::new(Code::EngineUnreachable, message)
    }

    /// Hides `cause` from the client and logs it, once, here.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::unexplained()
    }

    /// What a client learns of an internal error, which is in the log already.
    pub fn unexplained() -> Self {
        Self::new(
            Code::Internal,
            "Something failed on our side; the server's log says what.",
        )
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(
                Code::Offline,
                "The server did not answer; check the connection.",
            ),
            ServerFnErrorErr::Args(message)
            | ServerFnErrorErr::MissingArg(message)
            | ServerFnErrorErr::Deserialization(message) => Self::malformed(message),
            ServerFnErrorErr::UnsupportedRequestMethod(message) => {
                Self::new(Code::MethodNotAllowed, message)
            }
            other => Self::internal(other),
        }
    }
}
