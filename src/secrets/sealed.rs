//! The columns that hold what is sealed: the one list, which start and rotation go by.

/// A column of sealed values, a blob each, or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub table: &'static str,
    /// The column that names the row.
    pub id: &'static str,
    /// Ends in `_sealed`.
    pub column: &'static str,
}

/// Every column of sealed values. A rotation reseals these and no others, so one that is missing here
/// could not be opened any more; a test compares this list with the tables.
pub const SEALED: [Column; 5] = [
    Column {
        table: "signing_keys",
        id: "id",
        column: "key_sealed",
    },
    Column {
        table: "users",
        id: "id",
        column: "totp_sealed",
    },
    Column {
        table: "settings",
        id: "id",
        column: "oidc_client_secret_sealed",
    },
    Column {
        table: "event_chain",
        id: "id",
        column: "key_sealed",
    },
    Column {
        table: "quarantine",
        id: "id",
        column: "inspect_sealed",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::server::db::Db;

    #[tokio::test]
    async fn every_sealed_column_of_the_database_is_on_the_list_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let sql = "select t.name, c.name, c.type from sqlite_schema t, pragma_table_xinfo(t.name) c \
                   where t.type = 'table' and c.name like '%\\_sealed' escape '\\'";
        let found: Vec<(String, String, String)> =
            sqlx::query_as(sql).fetch_all(db.read()).await.unwrap();
        for (table, column, kind) in &found {
            assert_eq!(kind.to_lowercase(), "blob", "{table}.{column}");
        }
        let found: BTreeSet<_> = found
            .iter()
            .map(|(table, column, _)| (table.as_str(), column.as_str()))
            .collect();
        let listed = SEALED.map(|column| (column.table, column.column));
        assert_eq!(found, BTreeSet::from(listed));
    }
}
