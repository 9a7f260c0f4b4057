//! The envelope around every JSON answer: `{"success":true,"data":…}` or `{"success":false,"error":…}`.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::AppError;

/// Wraps what an operation answered, success or not.
pub fn answer(result: Result<Value, AppError>) -> Response {
    match result {
        Ok(data) => private(StatusCode::OK, json!({ "success": true, "data": data })),
        Err(error) => refuse(error),
    }
}

/// Wraps an error; the status follows from its code.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an error ends here, as in `Err(error)`"
)]
pub fn refuse(error: AppError) -> Response {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    private(status, json!({ "success": false, "error": error }))
}

/// What is for one person must not stay in anybody's cache.
fn private(status: StatusCode, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn read(response: Response) -> (u16, Value) {
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn data_is_wrapped_and_an_error_keeps_its_status_and_field() {
        let (status, body) = read(answer(Ok(json!({ "a": 1 })))).await;
        assert_eq!(
            (status, body),
            (200, json!({ "success": true, "data": { "a": 1 } }))
        );

        let (status, body) = read(answer(Err(AppError::invalid("domain", "No.")))).await;
        let error = json!({ "code": "invalid", "message": "No.", "field": "domain" });
        assert_eq!(
            (status, body),
            (422, json!({ "success": false, "error": error }))
        );

        let (status, body) = read(refuse(AppError::not_signed_in())).await;
        assert_eq!(status, 401);
        assert_eq!(body["error"]["code"], "not_signed_in");
        assert!(body["error"].get("field").is_none());
    }
}
