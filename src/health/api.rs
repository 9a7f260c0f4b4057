//! Is all well?

use leptos::prelude::*;

use super::model::Summary;
use crate::error::AppError;

/// Everything at a glance.
#[server(name = ReadSummary, prefix = "/fn", endpoint = "health/summary",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_summary() -> Result<Summary, AppError> {
    use super::count::summarize;
    use super::summaries::Summaries;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::engines::registry::Engines;
    use crate::server::clock::Clock;
    use crate::server::context::part;
    use crate::server::db::Db;
    use crate::stale::keeper::Stale;

    authorize(Act::Read)?;
    if let Some(summary) = part::<Summaries>()?.get() {
        return Ok(summary);
    }
    let engines = part::<Engines>()?.list();
    Ok(summarize(
        &part::<Db>()?,
        &part::<Stale>()?,
        &engines,
        part::<Clock>()?.millis(),
    )
    .await?)
}
