//! Sealed values as somebody else would read them who knows no more than the format, and the key: a
//! second opinion on what is in the database.

use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

/// A key of 32 bytes.
pub type Key = [u8; 32];

/// The columns and the names of their rows.
const COLUMNS: [(&str, &str); 4] = [
    ("signing_keys", "key_sealed"),
    ("users", "totp_sealed"),
    ("settings", "oidc_client_secret_sealed"),
    ("event_chain", "key_sealed"),
];

pub fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("secret-key")
}

/// The keys in the file, the current one first.
pub fn keys(data_dir: &Path) -> Vec<Key> {
    let text = std::fs::read_to_string(key_file(data_dir)).expect("there is a key file");
    let keys = text.lines().map(|line| {
        let bytes = STANDARD.decode(line).expect("a key is base64");
        bytes.try_into().expect("a key has 32 bytes")
    });
    keys.collect()
}

pub fn text_of(key: &Key) -> String {
    STANDARD.encode(key)
}

fn id_of(key: &Key) -> [u8; 8] {
    let digest = Sha256::digest([b"docker-watcher key id v1\0".as_slice(), key].concat());
    digest[..8].try_into().expect("a digest is longer")
}

/// How a person sees it.
pub fn shown_id(key: &Key) -> String {
    id_of(key)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn associated(header: &[u8], table: &str, row: &str, column: &str) -> Vec<u8> {
    let label = b"docker-watcher sealed value".as_slice();
    let parts = [
        label,
        header,
        table.as_bytes(),
        row.as_bytes(),
        column.as_bytes(),
    ];
    let parts = parts.map(|part| [&(part.len() as u64).to_be_bytes(), part].concat());
    parts.concat()
}

fn seal(key: &Key, table: &str, row: &str, column: &str, plain: &str) -> Vec<u8> {
    let header = [&[1], id_of(key).as_slice()].concat();
    let nonce = *uuid::Uuid::now_v7().as_bytes();
    let nonce: [u8; 12] = nonce[4..].try_into().expect("an id has 16 bytes");
    let payload = Payload {
        msg: plain.as_bytes(),
        aad: &associated(&header, table, row, column),
    };
    let secret = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload);
    [header, nonce.to_vec(), secret.expect("it can be sealed")].concat()
}

fn open(keys: &[Key], table: &str, row: &str, column: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (header, rest) = sealed.split_at_checked(9)?;
    let key = keys.iter().find(|key| id_of(key) == header[1..])?;
    let (nonce, secret) = rest.split_first_chunk::<12>()?;
    let payload = Payload {
        msg: secret,
        aad: &associated(header, table, row, column),
    };
    let plain = Aes256Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), payload);
    plain.ok()
}

fn plain(table: &str, row: &str) -> String {
    format!("the secret of {table} {row}")
}

async fn database(data_dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data_dir.join("docker-watcher.db"));
    let connection = SqliteConnection::connect_with(&options).await;
    connection.expect("the database can be opened")
}

/// Puts values into every column: `count` in the first two, and one in the settings.
pub async fn put(data_dir: &Path, key: &Key, count: usize) {
    let mut database = database(data_dir).await;
    sqlx::query("begin")
        .execute(&mut database)
        .await
        .expect("a transaction begins");
    for number in 0..count {
        let row = format!("row-{number}");
        let signing = seal(
            key,
            "signing_keys",
            &row,
            "key_sealed",
            &plain("signing_keys", &row),
        );
        let sql = "insert into signing_keys (id, key_sealed, created_at) values (?, ?, 0)";
        let query = sqlx::query(sql).bind(&row).bind(signing);
        query
            .execute(&mut database)
            .await
            .expect("a key is written");
        let totp = seal(key, "users", &row, "totp_sealed", &plain("users", &row));
        let sql = "insert into users (id, username, password_hash, role, created_at, totp_sealed) values (?1, ?1, 'none', 'viewer', 0, ?2)";
        let query = sqlx::query(sql).bind(&row).bind(totp);
        query
            .execute(&mut database)
            .await
            .expect("a user is written");
    }
    let column = "oidc_client_secret_sealed";
    let client = seal(key, "settings", "1", column, &plain("settings", "1"));
    let query = sqlx::query("update settings set oidc_client_secret_sealed = ?").bind(client);
    query
        .execute(&mut database)
        .await
        .expect("the settings are written");
    sqlx::query("commit")
        .execute(&mut database)
        .await
        .expect("a transaction ends");
    database.close().await.expect("the database closes");
}

/// Opens what [`put`] sealed, and whatever the program itself did, with these keys; answers how many
/// values there are, and how many of them the first key sealed.
pub async fn open_all(data_dir: &Path, keys: &[Key]) -> (usize, usize) {
    let mut database = database(data_dir).await;
    let (mut count, mut with_first) = (0, 0);
    for (table, column) in COLUMNS {
        let sql =
            format!("select cast(id as text), {column} from {table} where {column} is not null");
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&mut database)
            .await
            .expect("the values can be read");
        for (row, sealed) in rows {
            let opened = open(keys, table, &row, column, &sealed);
            let opened = opened.unwrap_or_else(|| panic!("{table} {row} does not open"));
            if row.starts_with("row-") || table == "settings" {
                assert_eq!(opened, plain(table, &row).into_bytes());
            }
            count += 1;
            with_first += usize::from(sealed[1..9] == id_of(&keys[0]));
        }
    }
    database.close().await.expect("the database closes");
    (count, with_first)
}
