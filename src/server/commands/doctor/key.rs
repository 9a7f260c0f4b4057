//! Is the key here that the secrets in the database are sealed with?

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::{Finding, Verdict, ok, trouble};
use crate::secrets::key_file::KeyFile;
use crate::secrets::opening::{OpenError, check, keys_in_use};
use crate::secrets::sealed::SEALED;
use crate::secrets::source::{Source, SourceError, Unshown};
use crate::server::data_dir::DataDir;

const NAME: &str = "secret key";

pub async fn check_key(variable: Option<&Unshown>, dir: &DataDir) -> Finding {
    let file = KeyFile::in_folder(dir.path());
    match look(variable, dir, &file).await {
        Ok(finding) => finding,
        Err(error) => {
            let remedy = match &error {
                OpenError::Source(SourceError::Variable(_)) => "put a key into it, or unset it",
                OpenError::Source(_) => "chmod 600 it, and let the user that serves own it",
                OpenError::WrongKey { .. } | OpenError::NoKey { .. } => {
                    "the server does not start with any other; SECURITY.md says what to back up"
                }
                _ => "see to the database first",
            };
            trouble(Verdict::Fail, NAME, error.to_string(), remedy)
        }
    }
}

async fn look(
    variable: Option<&Unshown>,
    dir: &DataDir,
    file: &KeyFile,
) -> Result<Finding, OpenError> {
    let source = Source::of(variable)?;
    let database = dir.database();
    let used = if database.exists() {
        let options = SqliteConnectOptions::new().filename(&database);
        let reader = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.read_only(true))
            .await?;
        let used = keys_in_use(&reader, &SEALED).await;
        reader.close().await;
        used?
    } else {
        Default::default()
    };
    let Some(ring) = check(&source, file, &used)? else {
        let message = "there is none yet; the first start makes it";
        return Ok(ok(NAME, message));
    };
    let place = source.place(dir.path());
    let (message, remedy) = match (&source, file.looser_mode()) {
        (Source::File, Some(mode)) => (
            format!("{place} is open to others (mode {mode:04o})"),
            format!("chmod 600 {place}"),
        ),
        _ if ring.previous.is_some() => (
            "a change of the key was not finished".to_owned(),
            "stop the server and run docker-watcher rotate-key".to_owned(),
        ),
        _ => {
            let key = ring.current.id();
            return Ok(ok(NAME, format!("{place} holds the right one, {key}")));
        }
    };
    Ok(trouble(Verdict::Warn, NAME, message, remedy))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::secrets::key::{Key, Ring};
    use crate::server::db::Db;

    #[tokio::test]
    async fn a_key_is_right_open_to_others_unfinished_or_no_key_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let dir = DataDir::at(dir.path());
        assert_eq!(check_key(None, &dir).await.verdict, Verdict::Ok);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        Db::open(&dir.database()).await.unwrap().close().await;
        let file = KeyFile::in_folder(dir.path());
        let ring = file.make().unwrap();
        let finding = check_key(None, &dir).await;
        assert_eq!(finding.verdict, Verdict::Ok, "{finding}");
        assert!(!finding.to_string().contains(ring.current.text().as_str()));
        fs::set_permissions(file.path(), Permissions::from_mode(0o640)).unwrap();
        let finding = check_key(None, &dir).await;
        assert_eq!(finding.verdict, Verdict::Warn, "{finding}");
        let both = Ring {
            current: Key::random(),
            previous: Some(ring.current),
        };
        file.replace(&file.prepare(&both).unwrap()).unwrap();
        let finding = check_key(None, &dir).await;
        assert!(finding.message.contains("not finished"), "{finding}");
        let wrong = Unshown::new("hunter2".into());
        let finding = check_key(Some(&wrong), &dir).await;
        assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
    }
}
