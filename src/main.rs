//! The binary: reads the command line, then serves or does one thing and ends.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use docker_watcher::server::application::{Application, StartError};
use docker_watcher::server::commands;
use docker_watcher::server::config::{Cli, Command, Options};
use docker_watcher::server::{openapi, telemetry};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(cli.options.log_format);
    let outcome = match cli.command {
        None | Some(Command::Serve) => serve(&cli.options).await.map_err(|error| error.to_string()),
        Some(Command::Openapi) => print_openapi().map_err(|error| error.to_string()),
        Some(Command::Tool(tool)) => commands::run(tool, &cli.options)
            .await
            .map_err(|error| error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            telemetry::complain(&message);
            ExitCode::FAILURE
        }
    }
}

fn print_openapi() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &openapi::document())?;
    writeln!(out)
}

async fn serve(options: &Options) -> Result<(), StartError> {
    let application = Application::build(options).await?;
    let address = application.address().map_err(StartError::Serve)?;
    let mut out = std::io::stdout();
    // Standard output may be closed; the program serves all the same.
    let _ = writeln!(out, "Docker Watcher listens on http://{address}");
    if let Some(path) = application.setup_token() {
        let _ = writeln!(
            out,
            "There is no admin yet. Open http://{address}/setup; the setup token is in {}",
            path.display()
        );
    }
    let shutdown = application.shutdown();
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Serve)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Serve)?;
    let running = application.run_until_stopped();
    tokio::pin!(running);
    tokio::select! {
        () = &mut running => return Ok(()),
        _ = terminate.recv() => tracing::info!("asked to stop"),
        _ = interrupt.recv() => tracing::info!("interrupted"),
    }
    shutdown.cancel();
    running.await;
    Ok(())
}
