//! `GET /readyz`: a line for each part that has to work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::state::AppState;
use super::store;
use crate::error::{AppError, Code};

/// One part and how it is.
#[derive(Serialize)]
struct Line {
    /// `database`, `event_log`, `job:…` or `engine:…`.
    part: String,
    ok: bool,
    message: String,
}

/// 200 when the database answers and is whole, the event log is written and every job runs.
///
/// An engine that is down has a line that says so and does not make it 503: everything that was recorded can
/// still be read.
pub async fn ready(State(state): State<AppState>) -> Response {
    let database = match store::answer(state.db.read()).await {
        Ok(()) if state.db.is_damaged() => Line {
            part: "database".into(),
            ok: false,
            message: "is damaged; the server's log says where, and what to do".into(),
        },
        Ok(()) => Line {
            part: "database".into(),
            ok: true,
            message: "answers".into(),
        },
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let message = "does not answer; the server's log says why".into();
            Line {
                part: "database".into(),
                ok: false,
                message,
            }
        }
    };
    let is_written = !state.log.is_failing();
    let event_log = Line {
        part: "event_log".into(),
        ok: is_written,
        message: if is_written {
            "is written".to_owned()
        } else {
            "cannot be written; the server's log says why".to_owned()
        },
    };
    let mut lines = vec![database, event_log];
    lines.extend(state.supervisor.list().into_iter().map(|job| Line {
        part: format!("job:{}", job.name),
        ok: job.running,
        message: match job.failure {
            // Anybody reads this; what it failed of is in the log.
            Some(_) => format!("{}; {} restarts", job.description, job.restarts),
            None => job.description.to_owned(),
        },
    }));
    let failing = lines.iter().filter(|line| !line.ok);
    let failing: Vec<_> = failing.map(|line| line.part.clone()).collect();
    let is_ready = failing.is_empty();
    lines.extend(state.engines.list().into_iter().map(|engine| Line {
        part: format!("engine:{}", engine.name),
        ok: engine.up,
        message: if engine.up {
            "answers".to_owned()
        } else {
            "does not answer; /api/engines says why".to_owned()
        },
    }));
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut body = json!({ "success": is_ready, "data": { "ready": is_ready, "parts": lines } });
    if !is_ready {
        // A failure has an error wherever it comes from; what works and what does not is told all the same.
        let message = format!(
            "Not everything works: {}; the server's log says why.",
            failing.join(", ")
        );
        body["error"] = json!(AppError::new(Code::Internal, message));
    }
    (status, Json(body)).into_response()
}

/// What it answers, for the description of the API.
pub fn answers() -> Value {
    let part = json!({
        "type": "object",
        "required": ["part", "ok", "message"],
        "properties": {
            "part": { "type": "string" },
            "ok": { "type": "boolean" },
            "message": { "type": "string" },
        },
    });
    let answer = |description: &str, is_ready: bool| {
        let mut schema = json!({
            "type": "object",
            "required": ["success", "data"],
            "properties": {
                "success": { "const": is_ready },
                "data": {
                    "type": "object",
                    "required": ["ready", "parts"],
                    "properties": {
                        "ready": { "const": is_ready },
                        "parts": { "type": "array", "items": part },
                    },
                },
            },
        });
        if !is_ready {
            schema["required"] = json!(["success", "data", "error"]);
            schema["properties"]["error"] = json!({ "$ref": "#/components/schemas/AppError" });
        }
        json!({ "description": description, "content": { "application/json": { "schema": schema } } })
    };
    json!({
        "200": answer("Everything of ours works.", true),
        "503": answer("Something of ours does not work; `data` says what.", false),
    })
}
