//! Is all well?

use leptos::prelude::*;

use super::model::Summary;
use crate::error::AppError;

/// Everything at a glance.
#[server(name = ReadSummary, prefix = "/fn", endpoint = "health/summary",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_summary() -> Result<Summary, AppError> {
    Err(AppError::internal("not built yet"))
}
