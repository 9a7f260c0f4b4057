//! Pages of the log by key, each from a few ranges of an index: the last page costs what the first does.

use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::row::{COLUMNS, Row, severity_number, source_number};
use super::words;
use crate::error::AppError;
use crate::events::model::cursor::{Cursor, first_key_at};
use crate::events::model::event::{EventPage, Severity, Source};
use crate::events::model::filter::Filter;
use crate::server::db::Db;

/// A part of the log that fits the filter, from before a cursor, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn page(
    db: &Db,
    filter: &Filter,
    before: Option<Cursor>,
    limit: i64,
) -> Result<EventPage, AppError> {
    let mut rows = rows(db.read(), filter, before.map(Cursor::key), limit + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    if more {
        rows.pop();
    }
    let items: Vec<_> = rows.into_iter().map(Row::event).collect();
    let next = items.last().filter(|_| more).map(|last| last.id.clone());
    Ok(EventPage { items, next })
}

/// At most `limit` rows with a key below `before`, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn rows(
    reader: &SqlitePool,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let Some(span) = Span::of(filter, before) else {
        return Ok(Vec::new());
    };
    if let Some(text) = &filter.words {
        let Some(expression) = words::expression(text, filter) else {
            return Ok(Vec::new());
        };
        return words::rows(reader, &expression, span, limit).await;
    }
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from event_log where "));
    if filter.container_id.is_some() || filter.operation_id.is_some() {
        // Few lines are of one container or of one operation, so that they can be looked through.
        span.push(&mut query);
        push_same(&mut query, "container_id", filter.container_id.as_deref());
        push_same(&mut query, "operation_id", filter.operation_id.as_deref());
        push_same(&mut query, "workload_id", filter.workload_id.as_deref());
        push_any(&mut query, "severity", &severities(filter));
        push_any(&mut query, "source", &sources(filter));
    } else if filter.workload_id.is_some()
        || !filter.severities.is_empty()
        || !filter.sources.is_empty()
    {
        push_ranges(&mut query, filter, span, limit);
    } else {
        span.push(&mut query);
    }
    query.push(" order by key desc limit ").push_bind(limit);
    query.build_query_as().fetch_all(reader).await
}

/// The keys from one to below another.
#[derive(Clone, Copy)]
pub struct Span {
    pub from: i64,
    pub below: i64,
}

impl Span {
    /// `None` where nothing can be in it.
    fn of(filter: &Filter, before: Option<i64>) -> Option<Self> {
        let millis = |time: chrono::DateTime<chrono::Utc>| time.timestamp_millis();
        let from = filter.since.map_or(0, |since| first_key_at(millis(since)));
        let until = filter
            .until
            .map(|until| first_key_at(millis(until).saturating_add(1)));
        let below = until.into_iter().chain(before).min().unwrap_or(i64::MAX);
        (from < below).then_some(Self { from, below })
    }

    fn push(self, query: &mut QueryBuilder<Sqlite>) {
        query.push("key >= ").push_bind(self.from);
        query.push(" and key < ").push_bind(self.below);
    }
}

/// One range of an index for each pair of a severity and a source, none longer than the page: however
/// rare a pair is, finding the next line of it is one step.
fn push_ranges(query: &mut QueryBuilder<Sqlite>, filter: &Filter, span: Span, limit: i64) {
    query.push("key in (");
    let mut first = true;
    for severity in severities(filter) {
        for source in sources(filter) {
            if !std::mem::take(&mut first) {
                query.push(" union all ");
            }
            query.push("select key from (select key from event_log where ");
            query.push("severity = ").push_bind(severity);
            query.push(" and source = ").push_bind(source);
            push_same(query, "workload_id", filter.workload_id.as_deref());
            query.push(" and ");
            span.push(query);
            query
                .push(" order by key desc limit ")
                .push_bind(limit)
                .push(")");
        }
    }
    query.push(")");
}

fn push_same(query: &mut QueryBuilder<Sqlite>, column: &str, value: Option<&str>) {
    if let Some(value) = value {
        query
            .push(format!(" and {column} = "))
            .push_bind(value.to_owned());
    }
}

fn push_any(query: &mut QueryBuilder<Sqlite>, column: &str, numbers: &[i64]) {
    query.push(format!(" and {column} in ("));
    let mut list = query.separated(", ");
    for number in numbers {
        list.push_bind(*number);
    }
    query.push(")");
}

/// Those that are asked for; all where none is.
fn severities(filter: &Filter) -> Vec<i64> {
    let chosen = Some(&filter.severities[..]).filter(|chosen| !chosen.is_empty());
    let chosen = chosen.unwrap_or(&Severity::ALL).iter();
    chosen.map(|one| severity_number(*one)).collect()
}

fn sources(filter: &Filter) -> Vec<i64> {
    let chosen = Some(&filter.sources[..]).filter(|chosen| !chosen.is_empty());
    let chosen = chosen.unwrap_or(&Source::ALL).iter();
    chosen.map(|one| source_number(*one)).collect()
}

/// What was written or repeated after `number`, in that order, at most `limit` of it.
///
/// # Errors
/// Where the database does not answer.
pub async fn written_after(db: &Db, number: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} from (\
           select * from (select * from event_log where number > ?1 and revision = number order by number limit ?2) \
           union all \
           select * from (select * from event_log where revision > ?1 and revision > number order by revision limit ?2)\
         ) order by revision limit ?2"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(number)
        .bind(limit)
        .fetch_all(db.read())
        .await
}

/// The number of errors that began after this time (Unix milliseconds).
///
/// # Errors
/// Where the database does not answer.
pub async fn count_errors_since(db: &Db, since: i64) -> Result<i64, sqlx::Error> {
    let mut query = QueryBuilder::new("select ");
    let mut sum = query.separated(" + ");
    for source in Source::ALL {
        sum.push("(select count(*) from event_log where severity = ");
        sum.push_bind_unseparated(severity_number(Severity::Error));
        sum.push_unseparated(" and source = ");
        sum.push_bind_unseparated(source_number(source));
        sum.push_unseparated(" and key >= ");
        sum.push_bind_unseparated(first_key_at(since));
        sum.push_unseparated(")");
    }
    query.build_query_scalar().fetch_one(db.read()).await
}

/// From where to where the log can be told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Numbers {
    /// The last one that was pruned; after it, nothing is missing.
    pub oldest: i64,
    pub last: i64,
}

/// The numbers that were given.
///
/// # Errors
/// Where the database does not answer.
pub async fn numbers(db: &Db) -> Result<Numbers, sqlx::Error> {
    let sql = "select anchor_number as oldest, last_number as last from event_chain";
    let numbers: Option<Numbers> = sqlx::query_as(sql).fetch_optional(db.read()).await?;
    Ok(numbers.unwrap_or(Numbers { oldest: 0, last: 0 }))
}
