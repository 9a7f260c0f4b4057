//! The watched engines.

use leptos::prelude::*;

use super::model::Engine;
use crate::error::AppError;

/// Every engine with what is known of it.
#[server(name = ListEngines, prefix = "/fn", endpoint = "engines/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_engines() -> Result<Vec<Engine>, AppError> {
    use super::registry::Engines;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;

    authorize(Act::Read)?;
    Ok(part::<Engines>()?.list())
}
