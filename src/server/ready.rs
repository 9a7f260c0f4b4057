//! `GET /readyz`: a line for each part that has to work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::state::AppState;

/// One part and how it is.
#[derive(Serialize)]
struct Line {
    /// `database`, `job:…` or `engine:…`.
    part: String,
    ok: bool,
    message: String,
}

/// 200 when the database answers and every job runs. An engine that is down has a line that says so
/// and does not make it 503: everything that was recorded can still be read.
pub async fn ready(State(state): State<AppState>) -> Response {
    let database =
        sqlx::query_scalar::<_, i64>("select id from settings").fetch_one(state.db.read());
    let database = match database.await {
        Ok(_) => Line {
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
    let mut lines = vec![database];
    lines.extend(state.supervisor.list().into_iter().map(|job| Line {
        part: format!("job:{}", job.name),
        ok: job.running,
        message: match job.failure {
            // Anybody reads this; what it failed of is in the log.
            Some(_) => format!("{}; {} restarts", job.description, job.restarts),
            None => job.description.to_owned(),
        },
    }));
    let is_ready = lines.iter().all(|line| line.ok);
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
    let body = json!({ "success": is_ready, "data": { "ready": is_ready, "parts": lines } });
    (status, Json(body)).into_response()
}
