//! The command line as people write it, and what it must never show.

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;
use crate::server::sign_on_options::CLIENT_SECRET;

fn read(line: &str) -> Result<Cli, clap::Error> {
    // Without the environment of whoever runs the tests.
    let mut command = Cli::command();
    for name in [
        "listen",
        "data_dir",
        "docker_host",
        "proxy_http",
        "proxy_https",
        "trusted_proxies",
        "log_format",
        "oidc_issuer",
        "oidc_client_id",
        "oidc_name",
        "oidc_role_claim",
        "oidc_admin_values",
        "oidc_viewer_values",
    ] {
        command = command.mut_arg(name, |argument| argument.env(None::<&str>));
    }
    let words = std::iter::once("docker-watcher").chain(line.split_whitespace());
    let matches = command.try_get_matches_from(words)?;
    <Cli as clap::FromArgMatches>::from_arg_matches(&matches)
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn without_arguments_it_serves_with_the_defaults() {
    let cli = read("").unwrap();
    assert_eq!(cli.command, None);
    let options = cli.options;
    assert_eq!(options.listen, None);
    assert_eq!(options.data_dir, PathBuf::from("./data"));
    assert_eq!(options.docker_host, DOCKER_HOST);
    assert_eq!(
        options.proxy_http,
        ProxyListen::At("127.0.0.1:8080".parse().unwrap())
    );
    assert_eq!(
        options.proxy_https,
        ProxyListen::At("127.0.0.1:8443".parse().unwrap())
    );
    assert_eq!(options.log_format, LogFormat::Text);
}

#[test]
fn a_flag_holds_before_and_after_the_command() {
    for line in [
        "--data-dir /d --proxy-http off --docker-host= user add ann --role admin",
        "user --data-dir /d add ann --role admin --proxy-http off --docker-host=",
    ] {
        let cli = read(line).unwrap();
        assert_eq!(cli.options.data_dir, PathBuf::from("/d"));
        assert_eq!(cli.options.proxy_http, ProxyListen::Off);
        assert_eq!(cli.options.docker_host, DOCKER_HOST);
        let add = UserTool::Add {
            name: "ann".into(),
            role: Role::Admin,
        };
        assert_eq!(cli.command, Some(Command::Tool(Tool::User(add))));
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for line in [
        "--listen 3000",
        "--proxy-http no",
        "--trusted-proxies 10.0.0.0/99",
        "--log-format xml",
        "fly",
        "user",
        "user add",
        "user add ann",
        "user add ann --role king",
        "token add ci",
    ] {
        assert_eq!(read(line).unwrap_err().exit_code(), 2, "{line}");
    }
    for (line, kind) in [
        ("--help", ErrorKind::DisplayHelp),
        ("--version", ErrorKind::DisplayVersion),
    ] {
        let shown = read(line).unwrap_err();
        assert_eq!((shown.kind(), shown.exit_code()), (kind, 0));
    }
}

#[test]
fn the_help_names_the_variables_of_secrets_and_none_is_a_flag() {
    let help = Cli::command().render_long_help().to_string();
    for variable in [VARIABLE, NEW_VARIABLE, CLIENT_SECRET] {
        assert!(help.contains(variable), "{help}");
        let flag = variable
            .trim_start_matches("DOCKER_WATCHER_")
            .to_lowercase();
        assert!(
            !help.contains(&format!("--{}", flag.replace('_', "-"))),
            "{help}"
        );
    }
}

#[test]
fn every_flag_has_its_variable() {
    let variables: Vec<_> = Cli::command()
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(
        variables,
        [
            "DOCKER_WATCHER_LISTEN",
            "DOCKER_WATCHER_DATA_DIR",
            "DOCKER_HOST",
            "DOCKER_WATCHER_PROXY_HTTP",
            "DOCKER_WATCHER_PROXY_HTTPS",
            "DOCKER_WATCHER_TRUSTED_PROXIES",
            "DOCKER_WATCHER_LOG_FORMAT",
            "DOCKER_WATCHER_OIDC_ISSUER",
            "DOCKER_WATCHER_OIDC_CLIENT_ID",
            "DOCKER_WATCHER_OIDC_NAME",
            "DOCKER_WATCHER_OIDC_ROLE_CLAIM",
            "DOCKER_WATCHER_OIDC_ADMIN_VALUES",
            "DOCKER_WATCHER_OIDC_VIEWER_VALUES",
        ]
    );
}
