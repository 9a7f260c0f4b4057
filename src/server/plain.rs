//! The paths that are no doors onto a server function, each with who may pass.

use crate::auth::access::Access::{self, Admin, Everyone, Person, Reader};
use crate::auth::sign_on::provider::{CALLBACK, END, START};

/// A path of the HTTP API that answers something else than an envelope. It takes GET.
pub struct Plain {
    pub path: &'static str,
    pub access: Access,
    /// For the API's description.
    pub summary: &'static str,
    pub media_type: &'static str,
}

pub const READY: &str = "/readyz";
pub const STREAM: &str = "/api/stream";
pub const EXPORT: &str = "/api/events/export";

/// Every one of them.
pub const PLAIN: [Plain; 8] = [
    Plain {
        path: "/healthz",
        access: Everyone,
        summary: "Says ok while the process serves.",
        media_type: "text/plain",
    },
    Plain {
        path: READY,
        access: Everyone,
        summary: "A line for each part that has to work; 503 when one of ours does not.",
        media_type: "application/json",
    },
    Plain {
        path: STREAM,
        access: Reader,
        summary: "Server-sent events; ?topics= chooses among stats, events, deploys, proxies, containers, health.",
        media_type: "text/event-stream",
    },
    Plain {
        path: EXPORT,
        access: Reader,
        summary: "The event log as a file: ?format=ndjson or csv, with the filters of /api/events.",
        media_type: "application/x-ndjson",
    },
    Plain {
        path: "/api/openapi.json",
        access: Reader,
        summary: "This document.",
        media_type: "application/json",
    },
    Plain {
        path: START,
        access: Everyone,
        summary: "For browsers: redirects to the single sign-on provider; ?next= is where to go afterwards.",
        media_type: "text/html",
    },
    Plain {
        path: CALLBACK,
        access: Everyone,
        summary: "For browsers: where the single sign-on provider sends them back to.",
        media_type: "text/html",
    },
    Plain {
        path: END,
        access: Everyone,
        summary: "For browsers: leads on to where the single sign-on provider signs out.",
        media_type: "text/html",
    },
];

/// The pages, as the router has their paths. They take GET.
pub const PAGES: [(&str, Access); 13] = [
    ("/", Reader),
    ("/apps", Reader),
    ("/apps/{id}", Reader),
    ("/stale", Reader),
    ("/events", Reader),
    ("/account", Person),
    ("/settings", Reader),
    ("/settings/general", Reader),
    ("/settings/sign-on", Admin),
    ("/settings/users", Admin),
    ("/settings/tokens", Reader),
    ("/login", Everyone),
    ("/setup", Everyone),
];

/// Where the server functions are, each by its own path below.
pub const FUNCTIONS: &str = "/fn/{*function}";

/// What is below the API and is no door.
pub const UNKNOWN: [&str; 3] = ["/api", "/api/", "/api/{*rest}"];

/// The files of the site, open to all; a last `/` takes everything below it.
pub const FILES: [&str; 8] = [
    "/pkg/",
    "/generated/",
    "/favicon.svg",
    "/favicon.ico",
    "/manifest.webmanifest",
    "/offline.html",
    "/sw.js",
    "/robots.txt",
];
