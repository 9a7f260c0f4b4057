//! Ordinary text passes unchanged, leaky text does not, and what is known never survives.

use proptest::prelude::*;

use super::known::Known;
use super::views::views;
use super::*;
use crate::error::AppError;

/// What the program and those around it say every day.
const ORDINARY: &[&str] = &[
    "",
    "Docker Watcher listens on http://127.0.0.1:3000",
    "There is no admin yet. Open http://127.0.0.1:3000/setup; the setup token is in ./data/setup-token",
    "This is not the setup token; the log and the data directory have it.",
    "The username or the password is wrong.",
    "the password: must have at least 12 characters",
    "The two passwords are not the same.",
    "invalid type: string \"many\", expected i64 at line 1 column 9",
    "missing field `setup_token`",
    "unknown field `password`, expected one of `name`, `token`",
    "field=\"password\" is too short",
    "{\"code\":\"invalid\",\"message\":\"No.\",\"field\":\"password\"}",
    "{\"token\":null,\"secret\":true,\"password\":\"\"}",
    "a bearer token without an Origin works",
    "Bearer authentication is required",
    "Basic authentication failed for the registry",
    "authorization: required",
    "Send the header Authorization: Bearer <token>.",
    "cookie: not set",
    "tokens: 5, max_tokens=5, token_count=7",
    "a token expired; sessions=12 ended",
    "engine=\"local\" url=\"unix:///var/run/docker.sock\" the engine answers version=\"27.3.1\"",
    "tcp://10.0.0.1:2375: the engine cannot be reached: Connection refused (os error 111)",
    "http://[::1]:8080/@scope/name, http://host:8080/@scope/name and http://host/a@b",
    "git@github.com:owner/repo.git and ssh://git@github.com/owner/repo and mail ann@example.org",
    "registry.example.org:5000/team/app:1.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "container 4f2d9b7c1a6e4f2d9b7c1a6e4f2d9b7c1a6e4f2d9b7c1a6e4f2d9b7c1a6e4f2d exited with code=137",
    "id=018f3c1e-7a2b-7cde-8f01-23456789abcd name=\"shop-web-1\" image=\"nginx:1.27\"",
    "the database is sealed with key 0123456789abcdef, and data/secret-key holds key fedcba9876543210; restore it",
    "the key file data/secret-key cannot be used: Permission denied (os error 13)",
    "data/secret-key holds no key, which is 32 bytes in base64; restore it from your backup",
    "PWD=/home/ann pwd=/srv POSTGRES_PASSWORD_FILE is set",
    "pass --secret-key FILE or --password to be asked; --token is optional",
    "GET /login?next=/apps/x%3Fwindow%3D2h%26a%3D%252F 303",
    "a job failed and is started again job=\"stats\" failure=\"it ended by itself\" pause_ms=1000",
    "session ended, credentials unchanged, signature: valid",
    "100 % of 2+2 is \\u4 and C:\\new\\table",
    "Не удалось войти: неверный пароль или имя.",
    "docker-watcher token add reports --role viewer",
    "eyJ is how many tokens begin",
];

/// What must not be read by others: the text, the secret in it.
const LEAKY: &[(&str, &str)] = &[
    ("GET /x Authorization: Bearer abc", "abc"),
    ("authorization: Basic YW5uOmh1bnRlcjI=", "YW5uOmh1bnRlcjI"),
    (r#"{"authorization": "Bearer abc", "host": "x"}"#, "abc"),
    (
        r#"{"Authorization":"Digest username=\"ann\", response=\"f00\""}"#,
        "f00",
    ),
    ("Proxy-Authorization: Negotiate YII=", "YII"),
    ("Authorization=s3cr3tvalue", "s3cr3tvalue"),
    ("sent bearer S3cretS3cret to it", "S3cretS3cret"),
    ("Basic YW5uOmh1bnRlcjI= was refused", "YW5uOmh1bnRlcjI"),
    ("Cookie: a=b; __Host-session=zzz", "zzz"),
    ("Set-Cookie: docker_watcher_session=zzz; Path=/", "zzz"),
    ("docker_watcher_session=zzz", "zzz"),
    ("postgres://ann:hunter2@db/shop", "hunter2"),
    ("postgres://ann:hun@t/er2@db/shop: refused", "hun@t/er2"),
    ("redis://:swordfish@cache:6379", "swordfish"),
    (
        "https://ghx0123456789abcdefgh@github.com/o/r",
        "ghx0123456789abcdefgh",
    ),
    ("GET /hook?id=1&token=abc&x=2 404", "abc"),
    ("https://example.org/cb?code=abc&state=s", "abc"),
    ("next=%2Fcb%3Faccess_token%3Dabc", "abc"),
    ("password=abc", "abc"),
    ("PGPASSWORD=abc psql", "abc"),
    ("DB_PASSWORD='a b c' and more", "a b c"),
    ("OIDC_CLIENT_SECRET=\"a b\\\"c\"", "b\\\"c"),
    (
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG",
        "wJalrXUtnFEMI",
    ),
    ("api_key=abc,", "abc"),
    ("X-Api-Key: abc", "abc"),
    (r#"{"password":"abc"}"#, "abc"),
    (r#"{"password" : "a\"b\\"}"#, r#"a\"b"#),
    (r#"{"clientSecret":"abc","x":1}"#, "abc"),
    (r#"{"otp":123456,"x":1}"#, "123456"),
    (
        r#"{"message":"body {\"apiKey\":\"a\\\"bc\",\"x\":1}"}"#,
        "bc",
    ),
    ("Config { name: \"x\", client_secret: \"abc\" }", "abc"),
    ("password: hunter2", "hunter2"),
    ("password = hunter2!", "hunter2"),
    ("mysql --password hunter2 shop", "hunter2"),
    ("\x1b[3mtoken\x1b[0m\x1b[2m=\x1b[0m\"abc\"", "abc"),
    ("{\"fields\":{\"token\":\"abc\"}}", "abc"),
    ("x eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ. y", "eyJzdWIi"),
    ("%3DeyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln", "c2ln"),
    ("dwt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA"),
    ("dws_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA"),
    (
        "token dwsetup_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.",
        "AAAA",
    ),
    ("key AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "456789abc"),
    ("github_pat_11ABCDEFG0123456789_abcdefgh", "456789"),
    ("glpat-abcdefghij0123456789", "ghij0123"),
    ("xoxb-123456789012-abcdefABCDEF", "abcdefABC"),
    ("https://hooks.slack.com/services/T000/B000/XXXX", "XXXX"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39Hq"),
    ("dckr_pat_abcdefghijklmnopqrst", "ghijkl"),
    (
        "https://api.telegram.org/bot123456789:AAabcdefghijklmnopqrstuvwxyz012345/x",
        "ghijkl",
    ),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY----- after",
        "MIIabc",
    ),
    (r"-----BEGIN PRIVATE KEY-----\nMIIabc\nMIIdef", "MIIdef"),
];

#[test]
fn ordinary_text_passes_unchanged() {
    for text in ORDINARY {
        assert_eq!(scrub(text), *text);
    }
}

#[test]
fn what_looks_like_a_secret_is_hidden_and_stays_so() {
    for (text, secret) in LEAKY {
        assert!(text.contains(secret), "{text}");
        let scrubbed = scrub(text);
        assert!(!scrubbed.contains(secret), "{text} became {scrubbed}");
        assert!(scrubbed.contains(HIDDEN), "{text} became {scrubbed}");
        assert_eq!(scrub(&scrubbed), scrubbed, "{text}");
    }
}

#[test]
fn what_stands_around_a_secret_is_kept() {
    for (text, left) in [
        (
            "GET /hook?id=1&token=abc&x=2 404",
            "GET /hook?id=1&token=[hidden]&x=2 404",
        ),
        (
            "postgres://ann:hunter2@db/shop",
            "postgres://ann:[hidden]@db/shop",
        ),
        (
            "Authorization: Bearer abc was refused",
            "Authorization: Bearer [hidden] was refused",
        ),
        ("(password=abc), x", "(password=[hidden]), x"),
        ("use dwt_AAAAAAAAAAAAAAAAAAAA.", "use [hidden]."),
    ] {
        assert_eq!(scrub(text), left);
    }
}

#[test]
fn json_stays_json() {
    for (text, _) in LEAKY.iter().filter(|(text, _)| text.starts_with("{\"")) {
        let scrubbed = scrub(text);
        let read = serde_json::from_str::<serde_json::Value>(&scrubbed);
        assert!(read.is_ok(), "{text} became {scrubbed}");
    }
}

#[test]
fn an_error_leaves_without_what_is_known() {
    know(b"an opened value");
    let error = AppError::invalid("an opened value", "It was an%20opened+value, no?");
    let left = serde_json::to_value(&error).unwrap();
    let wanted = serde_json::json!(
        { "code": "invalid", "message": "It was [hidden], no?", "field": "[hidden]" }
    );
    assert_eq!(left, wanted);
    let left = serde_json::to_value(AppError::not_signed_in()).unwrap();
    assert_eq!(left["message"], "Sign in first.");
    assert!(left.get("field").is_none());
}

/// Every way in which `secret` may be written within another text.
fn encodings(secret: &str, raw: &[bool]) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).unwrap();
    let escaped = |text: &str| {
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        units.collect::<String>()
    };
    // Some letters need no encoding, and encoders do not agree on which.
    let percent = |space: &str| {
        let bytes = secret.bytes().zip(raw.iter().cycle());
        let bytes = bytes.map(|(byte, raw)| match byte {
            b' ' => space.to_owned(),
            _ if *raw && byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ if *raw => format!("%{byte:02x}"),
            _ => format!("%{byte:02X}"),
        });
        bytes.collect::<String>()
    };
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        secret.to_owned(),
        json(secret),
        json(&json(secret)),
        escaped(secret),
        format!("{secret:?}"),
        percent("%20"),
        percent("+"),
        json(&percent("+")),
        serde_urlencoded::to_string([("k", json(secret))]).unwrap(),
        hex.to_uppercase(),
        hex,
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, secret),
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE, secret),
    ]
}

proptest! {
    #[test]
    fn a_known_secret_never_survives_however_it_is_written(
        secret in "\\PC{6,40}|[ -~]{6,40}",
        before in "[a-z =:]{0,12}",
        after in "[a-z ,;]{0,12}",
        raw in prop::collection::vec(any::<bool>(), 1..8),
    ) {
        let mut known = Known::new();
        known.add(secret.as_bytes());
        for encoded in encodings(&secret, &raw) {
            let hidden = known.hide(&format!("{before} {encoded} {after}")).into_owned();
            prop_assert!(!hidden.contains(&encoded), "{} in {}", encoded, hidden);
            for view in views(&hidden) {
                let survives = view.bytes().windows(secret.len()).any(|part| part == secret.as_bytes());
                prop_assert!(!survives, "{} in {}", secret, hidden);
            }
        }
    }

    #[test]
    fn any_text_can_be_scrubbed_and_without_telling_names_words_stay(text: String, words in "[a-z ]{0,80}") {
        let once = scrub(&text).into_owned();
        prop_assert_eq!(scrub(&once), once.as_str());
        let mut known = Known::new();
        known.add(b"not in there at all");
        prop_assert_eq!(known.hide(&words), words.as_str());
    }
}
