//! Is the database sound? Looks at the file as it lies, whether a program has it open or not.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::{Finding, Verdict, ok, trouble};
use crate::server::store;

pub async fn check_database(file: &Path) -> Finding {
    const NAME: &str = "database";
    let shown = file.display();
    if matches!(file.try_exists(), Ok(false)) {
        return ok(
            NAME,
            format!("{shown} is not there yet; the first start makes it"),
        );
    }
    let remedy = "stop the server and put a backup in its place; `sqlite3 FILE .recover` saves what can be saved";
    match look(file).await {
        Ok(answer) if answer == "ok" => ok(NAME, format!("{shown} is sound")),
        Ok(answer) => trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} is damaged: {answer}"),
            remedy,
        ),
        Err(error) => trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} cannot be read: {error}"),
            remedy,
        ),
    }
}

async fn look(file: &Path) -> Result<String, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(Duration::from_secs(5))
        .read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let answer = store::quick_check(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::server::db::Db;

    #[tokio::test]
    async fn a_damaged_database_is_told_from_a_sound_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("test.db");
        assert_eq!(check_database(&file).await.verdict, Verdict::Ok);
        assert!(!file.exists());
        Db::open(&file).await.unwrap().close().await;
        assert_eq!(check_database(&file).await.verdict, Verdict::Ok);

        let mut bytes = fs::read(&file).unwrap();
        bytes[4096..].fill(0x5a);
        fs::write(&file, bytes).unwrap();
        assert_eq!(check_database(&file).await.verdict, Verdict::Fail);
        fs::write(&file, "no database at all, not even nearly\n".repeat(40)).unwrap();
        assert_eq!(check_database(&file).await.verdict, Verdict::Fail);
    }
}
