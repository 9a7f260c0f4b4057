//! Is the data folder there, ours, and closed to others?

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Finding, Verdict, ok, trouble};

pub fn check_folder(path: &Path) -> Finding {
    const NAME: &str = "data folder";
    let shown = path.display();
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return ok(
                NAME,
                format!("{shown} is not there yet; the first start makes it"),
            );
        }
        Err(error) => {
            let remedy = "run this as the user that serves, or name another --data-dir";
            return trouble(Verdict::Fail, NAME, format!("{shown}: {error}"), remedy);
        }
    };
    if !metadata.is_dir() {
        let remedy = "name another --data-dir";
        return trouble(Verdict::Fail, NAME, format!("{shown} is no folder"), remedy);
    }
    // Trying is the only answer that knows about owners, groups, root and read-only disks.
    if let Err(error) = try_a_file(path) {
        let remedy = format!("let the user that serves own it: chown -R USER {shown}");
        return trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} takes no files: {error}"),
            remedy,
        );
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let message = format!("{shown} is open to others (mode {mode:04o})");
        return trouble(Verdict::Warn, NAME, message, format!("chmod 700 {shown}"));
    }
    ok(NAME, format!("{shown} takes files and is closed to others"))
}

fn try_a_file(path: &Path) -> io::Result<()> {
    let probe = path.join(format!(".doctor-{}", std::process::id()));
    std::fs::File::create_new(&probe)?;
    std::fs::remove_file(&probe)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_folder_is_closed_to_others_or_worth_a_warning() {
        let dir = tempfile::tempdir().unwrap();
        for (mode, verdict) in [(0o700, Verdict::Ok), (0o755, Verdict::Warn)] {
            fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(check_folder(dir.path()).verdict, verdict, "{mode:o}");
        }
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            0,
            "nothing stays behind"
        );
        assert_eq!(check_folder(&dir.path().join("none")).verdict, Verdict::Ok);
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(check_folder(&file).verdict, Verdict::Fail);
    }
}
