//! A rotation that ends at any moment loses nothing, and the next one finishes it.

use std::ops::Range;

use tempfile::TempDir;

use super::*;

/// Two tables, one of them with an id that is a number, as the settings have.
pub const COLUMNS: [Column; 3] = [
    Column {
        table: "sealed_things",
        id: "id",
        column: "one_sealed",
    },
    Column {
        table: "sealed_things",
        id: "id",
        column: "two_sealed",
    },
    Column {
        table: "sealed_settings",
        id: "id",
        column: "key_sealed",
    },
];

/// A folder with a database that has these columns.
pub async fn house() -> (TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    for sql in [
        "create table sealed_things (id text primary key, one_sealed blob, two_sealed blob) strict",
        "create table sealed_settings (id integer primary key, key_sealed blob) strict",
    ] {
        sqlx::query(sql).execute(db.write()).await.unwrap();
    }
    (dir, db)
}

fn place(column: Column, row: &str) -> Place<'_> {
    Place {
        table: column.table,
        row,
        column: column.column,
    }
}

fn plain(column: Column, row: &str) -> Vec<u8> {
    format!("{}/{}/{row}", column.table, column.column).into_bytes()
}

/// Seals one value for each row of each column; the second column has gaps.
pub async fn seal(db: &Db, ring: &Ring, rows: Range<i64>) {
    let vault = Vault::new(ring, None);
    for row in rows {
        let row = row.to_string();
        let of = |column| {
            vault
                .seal(place(column, &row), &plain(column, &row))
                .unwrap()
        };
        let two = (row.len() % 2 == 1).then(|| of(COLUMNS[1]));
        sqlx::query("insert into sealed_things values (?, ?, ?)")
            .bind(&row)
            .bind(of(COLUMNS[0]))
            .bind(two)
            .execute(db.write())
            .await
            .unwrap();
        sqlx::query("insert into sealed_settings values (cast(? as integer), ?)")
            .bind(&row)
            .bind(of(COLUMNS[2]))
            .execute(db.write())
            .await
            .unwrap();
    }
}

/// Opens every value with these keys; answers how many there are.
async fn open_all(db: &Db, ring: &Ring) -> usize {
    let vault = Vault::new(ring, None);
    let mut connection = db.read().acquire().await.unwrap();
    let mut count = 0;
    for column in COLUMNS {
        for (row, sealed) in store::values(&mut connection, &column).await.unwrap() {
            let opened = vault.read(place(column, &row), &sealed).unwrap();
            assert_eq!(*opened, plain(column, &row));
            count += 1;
        }
    }
    count
}

fn unfinished(dir: &TempDir) -> Vec<String> {
    let names = std::fs::read_dir(dir.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".new")).collect()
}

fn go_on(_: Moment) -> io::Result<()> {
    Ok(())
}

#[tokio::test]
async fn every_value_gets_the_new_key_and_the_old_one_leaves() {
    let (dir, db) = house().await;
    let file = KeyFile::in_folder(dir.path());
    let old = file.make().unwrap();
    seal(&db, &old, 1..12).await;
    let count = open_all(&db, &old).await;
    let done = rotate_file(&file, &db, &COLUMNS, &mut go_on).await.unwrap();
    let new = file.peek().unwrap().unwrap();
    assert_eq!(new.previous, None);
    let wanted = Rotated {
        from: old.current.id(),
        to: new.current.id(),
        values: count,
        resumed: false,
    };
    assert_eq!(done, wanted);
    assert_eq!(open_all(&db, &new).await, count);
    let used = keys_in_use(db.read(), &COLUMNS).await.unwrap();
    assert_eq!(used.into_iter().collect::<Vec<_>>(), [new.current.id()]);
}

#[tokio::test]
async fn whatever_moment_it_ends_at_every_value_opens_and_the_next_run_finishes() {
    let mut moments = 0;
    for last in 0.. {
        let (dir, db) = house().await;
        let file = KeyFile::in_folder(dir.path());
        seal(&db, &file.make().unwrap(), 1..4).await;
        let mut seen = 0;
        let mut end = |moment: Moment| {
            seen += 1;
            match seen > last {
                true => Err(io::Error::other(format!("{moment:?}"))),
                false => Ok(()),
            }
        };
        let outcome = rotate_file(&file, &db, &COLUMNS, &mut end).await;
        let kept = file.peek().unwrap().unwrap();
        assert_eq!(open_all(&db, &kept).await, 9, "after {last} moments");
        if outcome.is_ok() {
            moments = last;
            break;
        }
        let again = rotate_file(&file, &db, &COLUMNS, &mut go_on).await.unwrap();
        assert_eq!(again.resumed, kept.previous.is_some());
        let new = file.peek().unwrap().unwrap();
        assert_eq!(new.previous, None, "after {last} moments");
        assert_eq!(open_all(&db, &new).await, 9);
        assert_eq!(unfinished(&dir), [""; 0]);
    }
    assert_eq!(moments, 7 + 9, "each moment, and each of nine values");
}

#[tokio::test]
async fn with_keys_of_the_environment_all_values_have_one_key_at_every_moment() {
    let (old, new) = (Ring::of(Key::random()), Ring::of(Key::random()));
    for last in 0.. {
        let (_dir, db) = house().await;
        seal(&db, &old, 1..4).await;
        let mut seen = 0;
        let mut end = |_| {
            seen += 1;
            match seen > last {
                true => Err(io::Error::other("killed")),
                false => Ok(()),
            }
        };
        let (from, to) = (&old.current, &new.current);
        let outcome = rotate_environment(from, to, &db, &COLUMNS, &mut end).await;
        let used = keys_in_use(db.read(), &COLUMNS).await.unwrap();
        assert_eq!(used.len(), 1);
        let ring = match used.contains(&to.id()) {
            true => &new,
            false => &old,
        };
        assert_eq!(open_all(&db, ring).await, 9);
        let again = rotate_environment(from, to, &db, &COLUMNS, &mut go_on).await;
        let again = again.unwrap();
        assert_eq!(again.resumed, ring == &new, "there is nothing left to do");
        assert_eq!(again.values, if again.resumed { 0 } else { 9 });
        assert_eq!(open_all(&db, &new).await, 9);
        if outcome.is_ok() {
            assert_eq!(last, 3 + 9);
            break;
        }
    }
}

#[tokio::test]
async fn a_value_that_does_not_open_stops_the_change_before_anything_is_lost() {
    let (dir, db) = house().await;
    let file = KeyFile::in_folder(dir.path());
    seal(&db, &file.make().unwrap(), 1..4).await;
    let sql = "update sealed_things set one_sealed = (select one_sealed from sealed_things where id = '1') where id = '2'";
    sqlx::query(sql).execute(db.write()).await.unwrap();
    let error = rotate_file(&file, &db, &COLUMNS, &mut go_on)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("sealed_things.one_sealed of row 2"),
        "{error}"
    );
    let used = keys_in_use(db.read(), &COLUMNS).await.unwrap();
    assert_eq!(used.len(), 1);
    assert!(check(&Source::File, &file, &used).is_ok());
}

#[tokio::test]
async fn old_values_do_not_stay_in_the_journal() {
    let (dir, db) = house().await;
    let file = KeyFile::in_folder(dir.path());
    seal(&db, &file.make().unwrap(), 1..30).await;
    rotate_file(&file, &db, &COLUMNS, &mut go_on).await.unwrap();
    let journal = dir.path().join("test.db-wal");
    assert_eq!(std::fs::metadata(journal).map_or(0, |file| file.len()), 0);
}
