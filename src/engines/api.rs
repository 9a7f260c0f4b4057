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

/// Watches one more engine, from now on.
#[server(name = CreateEngine, prefix = "/fn", endpoint = "engines/create",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_engine(name: String, url: String) -> Result<Engine, AppError> {
    use super::roll::{find, refresh};
    use super::rules::{check_name, check_url};
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::model::Happening;
    use crate::server::clock::Clock;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let (db, now) = (part::<Db>()?, part::<Clock>()?.millis());
    let id = store::create(&db, check_name(&name)?, check_url(&url)?, now).await?;
    refresh(&db).await?;
    let engine = find(&id)?;
    record(Happening::EngineAdded {
        engine: engine.name.clone(),
        by,
    })
    .await;
    Ok(engine)
}

/// Gives an engine another name or address.
#[server(name = ChangeEngine, prefix = "/fn", endpoint = "engines/change",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn change_engine(
    id: String,
    name: Option<String>,
    url: Option<String>,
) -> Result<Engine, AppError> {
    use super::roll::{find, refresh};
    use super::rules::{check_name, check_url};
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::model::Happening;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let db = part::<Db>()?;
    let name = name.as_deref().map(check_name).transpose()?;
    let url = url.as_deref().map(check_url).transpose()?;
    store::change(&db, &id, name, url).await?;
    refresh(&db).await?;
    let engine = find(&id)?;
    record(Happening::EngineChanged {
        engine: engine.name.clone(),
        by,
    })
    .await;
    Ok(engine)
}

/// Stops watching an engine and forgets what it had; nothing on the engine itself is touched.
#[server(name = DeleteEngine, prefix = "/fn", endpoint = "engines/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_engine(id: String) -> Result<(), AppError> {
    use super::roll::refresh;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::log::EventLog;
    use crate::events::model::Happening;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let db = part::<Db>()?;
    let engine = store::delete(&db, &id).await?;
    refresh(&db).await?;
    part::<EventLog>()?.forget(&id);
    record(Happening::EngineRemoved { engine, by }).await;
    Ok(())
}
