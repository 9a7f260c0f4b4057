//! Histories and fresh readings.

use leptos::prelude::*;

use super::model::{FreshReading, HistoryPoint, Round};
use crate::error::AppError;

/// CPU and memory of one workload over a window, oldest first, summed over its containers.
#[server(name = ReadWorkloadHistory, prefix = "/fn", endpoint = "stats/workload",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_workload_history(
    id: String,
    window: String,
) -> Result<Vec<HistoryPoint>, AppError> {
    use super::{history, model::Window};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    let window = Window::parse(&window)?;
    history::of_workload(&part()?, &part()?, &part()?, &id, window).await
}

/// CPU and memory of all containers together over a window, oldest first.
#[server(name = ReadFleetHistory, prefix = "/fn", endpoint = "stats/fleet",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_fleet_history(window: String) -> Result<Vec<HistoryPoint>, AppError> {
    use super::{history, model::Window};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    let window = Window::parse(&window)?;
    history::of_fleet(&part()?, &part()?, &part()?, window).await
}

/// One fresh reading of one container of a stage. Takes a second or two: CPU needs two readings.
#[server(name = ReadInstanceStats, prefix = "/fn", endpoint = "stats/instance",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_instance_stats(
    id: String,
    stage: String,
    iid: String,
) -> Result<FreshReading, AppError> {
    use super::{fresh, source::EngineApi};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    let source = EngineApi::new(part()?);
    fresh::read(&part()?, &part()?, &source, &id, &stage, &iid).await
}

/// The last round, so that a page shows figures before the next one comes; null before the first.
#[server(name = ReadLatest, prefix = "/fn", endpoint = "stats/latest",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_latest() -> Result<Option<Round>, AppError> {
    use super::recent::Recent;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    Ok(part::<Recent>()?.latest())
}
