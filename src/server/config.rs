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
    // The default is no value here, because Leptos' options have it.
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

    /// Where the proxies will take plain HTTP, or "off"; there are none yet
    #[arg(
        long,
        env = "DOCKER_WATCHER_PROXY_HTTP",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = read_proxy_listen,
        global = true
    )]
    pub proxy_http: ProxyListen,

    /// Where the proxies will take HTTPS, or "off"; there are none yet
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
    /// `DOCKER_WATCHER_NEW_SECRET_KEY` is the one to change to. Safe to run again whenever it was interrupted.
    RotateKey,
    /// Says whether the event log is as it was written, or where somebody changed it
    VerifyLog,
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

/// What is to be logged, by `RUST_LOG`; an empty one is not set.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub fn log_level() -> Option<String> {
    set(std::env::var("RUST_LOG").ok())
}

/// Whether somebody says where the browser's files lie; `leptos_config` reads where.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub fn is_site_named() -> bool {
    set(std::env::var("LEPTOS_SITE_ROOT").ok()).is_some()
}

fn set(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
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
#[path = "config_tests.rs"]
mod tests;
