//! The log, read.

#![expect(clippy::too_many_arguments, reason = "each is a filter of the API")]

use leptos::prelude::*;

use super::model::EventPage;
use crate::error::AppError;

/// A part of the log, the newest first; filters narrow it, `before` goes on from a cursor.
#[server(name = ListEvents, prefix = "/fn", endpoint = "events/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_events(
    severity: Option<String>,
    source: Option<String>,
    q: Option<String>,
    workload: Option<String>,
    container: Option<String>,
    operation: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<i64>,
    before: Option<String>,
) -> Result<EventPage, AppError> {
    use super::question::Question;
    use super::store::read;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::{clock::Clock, context::part, db::Db};

    authorize(Act::Read)?;
    let question = Question {
        severity,
        source,
        q,
        workload,
        container,
        operation,
        since,
        until,
        limit,
        before,
    };
    let asked = question.read(part::<Clock>()?.now())?;
    read::page(&part::<Db>()?, &asked.filter, asked.before, asked.limit).await
}
