//! The command line and the environment: the only place where either is read.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

use super::sign_on_options::SignOnOptions;
use crate::auth::model::Role;
use crate::secrets::source::{NEW_VARIABLE, Unshown, VARIABLE};

/// Where the engine listens where nobody says otherwise.
pub const DOCKER_HOST: &str = "unix:///var/run/docker.sock";

/// Shows what runs beside a Docker engine and what it costs, live and over months.
///
/// Without a command it serves. Exit codes: 0 fine, 1 failed, 2 wrong usage.
#[derive(Clone, Debug, Parser)]
#[command(name = "docker-watcher", version, propagate_version = true, after_help = SECRETS)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What is no flag, because everybody on a machine can read the command lines on it.
const SECRETS: &str = "\
Only in the environment:
  DOCKER_WATCHER_SECRET_KEY      The key of the secrets in the database, 32 bytes in base64; without it
                                 the file secret-key in the data folder, made at the first start
  DOCKER_WATCHER_NEW_SECRET_KEY  For rotate-key, where the key comes from the environment: the next one
  DOCKER_WATCHER_OIDC_CLIENT_SECRET
                                 What this program proves itself with to the single sign-on provider";

/// What every command is told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The address and port to serve on [default: 127.0.0.1:3000]
    #[arg(
        long,
        env = "DOCKER_WATCHER_LISTEN",
        value_name = "ADDRESS",
        global = true
    )]
    pub listen: Option<SocketAddr>,

    /// The folder of the database, the keys and the setup token; made with mode 0700
    #[arg(
        long,
        env = "DOCKER_WATCHER_DATA_DIR",
        value_name = "FOLDER",
        default_value = "./data",
        global = true
    )]
    pub data_dir: PathBuf,

    /// The Docker engine to watch, by its socket or its address
    #[arg(
        long,
        env = "DOCKER_HOST",
        value_name = "unix://PATH|tcp://HOST:PORT",
        default_value = DOCKER_HOST,
        value_parser = read_docker_host,
        global = true
    )]
    pub docker_host: String,

    /// Where the proxies take plain HTTP, or "off"
    #[arg(
        long,
        env = "DOCKER_WATCHER_PROXY_HTTP",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = read_proxy_listen,
        global = true
    )]
    pub proxy_http: ProxyListen,

    /// Where the proxies take HTTPS, or "off"
    #[arg(
        long,
        env = "DOCKER_WATCHER_PROXY_HTTPS",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8443",
        value_parser = read_proxy_listen,
        global = true
    )]
    pub proxy_https: ProxyListen,

    /// Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count, as addresses or networks
    /// separated by commas; nobody's do by default
    #[arg(
        long,
        env = "DOCKER_WATCHER_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ',',
        value_parser = read_network,
        global = true
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// How log lines look; the variable `RUST_LOG` sets their level
    #[arg(
        long,
        env = "DOCKER_WATCHER_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub sign_on: SignOnOptions,

    /// The key of the secrets in the database, where it is not in its file.
    #[arg(skip = secret(VARIABLE))]
    pub secret_key: Option<Unshown>,

    /// The key that `rotate-key` changes to.
    #[arg(skip = secret(NEW_VARIABLE))]
    pub new_secret_key: Option<Unshown>,
}

/// What a variable holds; an empty one is not set.
pub fn secret(variable: &str) -> Option<Unshown> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the configuration, and clap has no variable without a flag"
    )]
    let value = std::env::var_os(variable)?;
    // What is no text is no key either, which is said where the key is read.
    let text = value.to_string_lossy().into_owned();
    (!text.is_empty()).then(|| Unshown::new(text))
}

impl Options {
    /// Where to serve where neither the command line nor the environment says it.
    pub const LISTEN: SocketAddr =
        SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 3000);
}

/// Where the proxies listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyListen {
    Off,
    At(SocketAddr),
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serves the pages and the API until SIGTERM or SIGINT
    Serve,
    /// Prints the OpenAPI document of the HTTP API
    Openapi,
    #[command(flatten)]
    Tool(Tool),
}

/// The commands that do one thing to an installation and end; none needs a running server.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Tool {
    /// Adds, lists, changes and removes people
    #[command(subcommand)]
    User(UserTool),
    /// Adds, lists and removes tokens for the HTTP API
    #[command(subcommand)]
    Token(TokenTool),
    /// Checks the data folder, the database, the key, the engine and its rights, the port and the clock,
    /// and says how to mend each
    Doctor,
    /// Seals the secrets in the database with another key; the server has to be stopped
    ///
    /// Where the key is in its file, a random one takes its place. Where it comes from the environment,
    /// DOCKER_WATCHER_NEW_SECRET_KEY is the one to change to. Safe to run again whenever it was interrupted.
    RotateKey,
}

/// What can be done about people.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum UserTool {
    /// Adds somebody; the password comes from standard input, or from a prompt on a terminal
    Add {
        /// What they sign in with: 1 to 64 letters, digits or . _ - @ +
        name: String,
        /// What they may do
        #[arg(long, value_name = "ROLE")]
        role: Role,
    },
    /// Sets a new password and ends all sessions of that user
    ResetPassword {
        /// Who
        name: String,
        /// Take the second factor away, too
        #[arg(long)]
        remove_second_factor: bool,
    },
    /// Gives somebody another role and ends all sessions of that user
    SetRole {
        /// Who
        name: String,
        /// What they may do
        #[arg(long, value_name = "ROLE")]
        role: Role,
    },
    /// Removes somebody; the last admin stays
    Remove {
        /// Who
        name: String,
    },
    /// Lists everybody
    List,
}

/// What can be done about API tokens.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum TokenTool {
    /// Makes a token and prints it, this once
    Add {
        /// What it is for, in up to 64 characters; no two tokens have the same name
        name: String,
        /// What it may do
        #[arg(long, value_name = "ROLE")]
        role: Role,
        /// How many days it is good for; without this it does not expire
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
        expires_in_days: Option<u16>,
    },
    /// Takes a token back
    Remove {
        /// Its name or its id
        name: String,
    },
    /// Lists the tokens, without their secrets
    List,
}

/// Whether `make dev` runs us, whose pages hold a script that reloads them.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub fn is_watched() -> bool {
    cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some()
}

/// An empty variable is how a script says "not set".
#[expect(
    clippy::unnecessary_wraps,
    reason = "clap wants a parser that could fail"
)]
fn read_docker_host(text: &str) -> Result<String, String> {
    Ok(if text.is_empty() { DOCKER_HOST } else { text }.to_owned())
}

fn read_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let network = text.parse();
    let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "an address such as 10.0.0.2, or a network such as 10.0.0.0/8".into())
}

fn read_proxy_listen(text: &str) -> Result<ProxyListen, String> {
    if text == "off" {
        return Ok(ProxyListen::Off);
    }
    let address = text.parse().map(ProxyListen::At);
    address.map_err(|_| "an address and a port such as 127.0.0.1:8080, or off".into())
}

#[cfg(test)]
mod tests {
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
        assert_eq!(Options::LISTEN.to_string(), "127.0.0.1:3000");
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
}
