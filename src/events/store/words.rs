//! Lines by their words, out of the volumes of the index.

use sqlx::{AssertSqlSafe, SqlitePool};

use super::read::Span;
use super::row::{COLUMNS, Row};
use super::volumes::Volume;
use crate::events::model::filter::Filter;

/// What the row's facets hold for each thing that it can be filtered by.
pub fn facet(letter: char, value: impl std::fmt::Display) -> String {
    // One word for the tokenizer: it splits at anything that is no letter or digit.
    let value = value.to_string();
    let word: String = value
        .chars()
        .filter(|one| one.is_ascii_alphanumeric())
        .collect();
    format!("{letter}{word}")
}

/// The words and the rest of the filter in the language of FTS5, each from its beginning; `None` where there is no word in it.
pub fn expression(words: &str, filter: &Filter) -> Option<String> {
    // Quotes make a string of whatever is in between; what is in it cannot be syntax.
    let quoted = words
        // A control character would end the expression, or split a word.
        .split(|one: char| one.is_whitespace() || one.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")));
    let quoted: Vec<_> = quoted.collect();
    if quoted.is_empty() {
        return None;
    }
    let mut parts = vec![format!("words : ({})", quoted.join(" AND "))];
    let mut any = |letter: char, values: Vec<String>| {
        let each: Vec<_> = values
            .into_iter()
            .map(|value| format!("\"{}\"", facet(letter, value)))
            .collect();
        if !each.is_empty() {
            parts.push(format!("facets : ({})", each.join(" OR ")));
        }
    };
    let names = |name: &str| name.to_owned();
    any(
        's',
        filter
            .severities
            .iter()
            .map(|one| names(one.name()))
            .collect(),
    );
    any(
        'f',
        filter.sources.iter().map(|one| names(one.name())).collect(),
    );
    any('w', filter.workload_id.clone().into_iter().collect());
    any('c', filter.container_id.clone().into_iter().collect());
    any('o', filter.operation_id.clone().into_iter().collect());
    Some(parts.join(" AND "))
}

/// At most `limit` rows of the span that the expression finds, the newest first. The newest volumes are asked first,
/// and no more of them than it takes to fill the page.
///
/// # Errors
/// Where the database does not answer.
pub async fn rows(
    reader: &SqlitePool,
    expression: &str,
    span: Span,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let most = usize::try_from(limit).unwrap_or_default();
    // One state of the database for all of them: meanwhile, a volume may go.
    let mut reading = reader.begin().await?;
    let volumes: Vec<Volume> = sqlx::query_as(
        "select * from event_volumes where newest_key >= ? and oldest_key < ? order by newest_key desc",
    )
    .bind(span.from)
    .bind(span.below)
    .fetch_all(&mut *reading)
    .await?;
    let mut rows: Vec<Row> = Vec::new();
    for volume in volumes {
        // Where the clock was set back, the times of two volumes overlap.
        let last = rows.get(most.saturating_sub(1)).map(|row| row.key);
        if last.is_some_and(|last| last > volume.newest_key) {
            break;
        }
        // Of what was pruned, the words stay until their volume goes.
        let table = volume.table();
        let sql = format!(
            "select {COLUMNS} from {table} cross join event_log on key = {table}.rowid \
             where {table} match ? and {table}.rowid >= ? and {table}.rowid < ? \
             order by {table}.rowid desc limit ?"
        );
        let found: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(expression)
            .bind(last.map_or(span.from, |last| last + 1))
            .bind(span.below)
            .bind(limit)
            .fetch_all(&mut *reading)
            .await?;
        rows.extend(found);
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.key));
        rows.truncate(most);
    }
    Ok(rows)
}
