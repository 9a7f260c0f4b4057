//! `GET /api/openapi.json`: the contract in OpenAPI 3.1, made from the table of doors and the types
//! of the server functions behind them.

use axum::http::Method;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use super::door::Door;
use super::doors::doors;
use super::plain::{EXPORT, PLAIN, READY, STREAM};
use super::ready;
use crate::auth::access::Access;
use crate::auth::sign_on::provider::START;
use crate::error::AppError;
use crate::events::topic::Topic;
use crate::stats::model::Window;

/// The whole document.
pub fn document() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("AppError".into(), as_json(&AppError::schema()));
    schemas.insert("Code".into(), as_json(&crate::error::Code::schema()));
    for door in doors() {
        let shapes = (door.shapes)();
        for (name, schema) in &shapes.named {
            // Units and lists have generated names and stand where they are used.
            if name.chars().next().is_some_and(char::is_uppercase) && !name.contains('_') {
                schemas
                    .entry(name.clone())
                    .or_insert_with(|| as_json(schema));
            }
        }
        let operation = describe(&door, &as_json(&shapes.input), as_json(&shapes.output));
        insert(&mut paths, door.path, door.method.as_str(), operation);
    }
    for plain in &PLAIN {
        let answer = json!({ "description": plain.summary, "content": { plain.media_type: {} } });
        let mut operation = json!({
            "summary": plain.summary,
            "operationId": operation_id(plain.path),
            "parameters": plain_parameters(plain.path, &paths),
            "responses": { "200": answer },
        });
        if plain.path == READY {
            operation["responses"] = ready::answers();
        }
        say_who_may(plain.access, &mut operation);
        insert(&mut paths, plain.path, "get", operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Docker Watcher",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": crate::auth::cookie::name(false) },
            },
        },
        "security": [{ "token": [] }, { "session": [] }],
    })
}

fn insert(paths: &mut Map<String, Value>, path: &str, method: &str, operation: Value) {
    let item = paths.entry(path).or_insert_with(|| json!({}));
    item[method.to_ascii_lowercase()] = operation;
}

fn as_json<T: serde::Serialize>(schema: &T) -> Value {
    // A schema that utoipa made always has a JSON form.
    serde_json::to_value(schema).unwrap_or_default()
}

fn describe(door: &Door, input: &Value, output: Value) -> Value {
    let names = path_names(door.path);
    let fields = input["properties"].as_object().cloned().unwrap_or_default();
    let required: Vec<_> = input["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut parameters: Vec<Value> = names
        .iter()
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let rest = fields
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()));
    let mut operation = json!({
        "summary": input["description"],
        "operationId": operation_id(door.function),
        "x-server-function": door.function,
        "responses": {
            "200": { "description": "Done.", "content": { "application/json": { "schema": wrap(door, output) } } },
            "default": { "description": "Not done.", "content": { "application/json": { "schema": failure() } } },
        },
    });
    if door.method == Method::GET {
        parameters.extend(rest.map(|(name, schema)| {
            let is_required = required.contains(&name.as_str());
            let mut schema = schema.clone();
            if name == "window" {
                // It is read by hand, so that a wrong one is answered with those that there are.
                schema["enum"] = json!(Window::ALL.map(|(_, name, _)| name));
            }
            json!({ "name": name, "in": "query", "required": is_required, "schema": schema })
        }));
    } else if let Some(name) = door.body_name {
        operation["requestBody"] = body(door, fields.get(name).unwrap_or(&Value::Null));
    } else if let properties = rest
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect::<Map<_, _>>()
        && !properties.is_empty()
    {
        let required: Vec<_> = required
            .iter()
            .filter(|name| properties.contains_key(**name))
            .collect();
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        operation["requestBody"] = body(door, &schema);
    }
    operation["parameters"] = Value::Array(parameters);
    say_who_may(door.access, &mut operation);
    operation
}

/// Who may pass: what they are known by, and how everybody else is refused.
fn say_who_may(access: Access, operation: &mut Value) {
    let refusal = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": failure() } } });
    if access == Access::Everyone {
        operation["security"] = json!([]);
        return;
    }
    operation["responses"]["401"] = refusal("Not signed in.");
    match access {
        Access::Everyone | Access::Reader => {}
        Access::Admin => operation["responses"]["403"] = refusal("The role is too low."),
        Access::Person => {
            operation["security"] = json!([{ "session": [] }]);
            operation["responses"]["403"] = refusal("An API token is no person.");
        }
    }
}

/// What the paths that are no doors take, which no type of theirs describes.
fn plain_parameters(path: &str, described: &Map<String, Value>) -> Value {
    let text = || json!({ "type": "string" });
    match path {
        STREAM => {
            let topics = Topic::ALL.map(|(_, name)| name);
            let resume = "The last id that the stream gave; the lines of the log that came after it are sent first.";
            json!([
                {
                    "name": "topics",
                    "in": "query",
                    "description": "What to hear of, separated by commas; everything where it is absent.",
                    "style": "form",
                    "explode": false,
                    "schema": { "type": "array", "items": { "type": "string", "enum": topics } },
                },
                { "name": "last_event_id", "in": "query", "description": resume, "schema": text() },
                { "name": "Last-Event-ID", "in": "header", "description": resume, "schema": text() },
            ])
        }
        EXPORT => {
            let format = json!({
                "name": "format",
                "in": "query",
                "schema": { "type": "string", "enum": ["ndjson", "csv"], "default": "ndjson" },
            });
            let listed = described.get("/api/events");
            let filters = listed.and_then(|item| item["get"]["parameters"].as_array());
            let filters = filters.into_iter().flatten().cloned();
            // A file has no parts.
            let filters = filters.filter(|one| one["name"] != "limit");
            Value::Array(std::iter::once(format).chain(filters).collect())
        }
        START => json!([{ "name": "next", "in": "query", "schema": text() }]),
        _ => json!([]),
    }
}

/// What a generated client may call it: `eventsList` for `/fn/events/list`. It stays when the API's path
/// changes.
fn operation_id(path: &str) -> String {
    let below = ["/fn/", "/api/"]
        .iter()
        .find_map(|start| path.strip_prefix(start));
    let words = below.unwrap_or(path).split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).enumerate();
    let cased = words.map(|(at, word)| match word.split_at_checked(1) {
        Some((first, rest)) if at > 0 => first.to_ascii_uppercase() + rest,
        _ => word.to_owned(),
    });
    cased.collect()
}

/// The names in braces.
fn path_names(path: &str) -> Vec<&str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .collect()
}

fn body(door: &Door, schema: &Value) -> Value {
    let media_type = if door.is_inside {
        "application/x-www-form-urlencoded"
    } else {
        "application/json"
    };
    json!({ "required": true, "content": { media_type: { "schema": schema } } })
}

/// The envelope around an answer; the pages' own functions answer without one.
fn wrap(door: &Door, data: Value) -> Value {
    if door.is_inside {
        return data;
    }
    let properties = json!({ "success": { "const": true }, "data": data });
    json!({ "type": "object", "required": ["success", "data"], "properties": properties })
}

fn failure() -> Value {
    json!({
        "type": "object",
        "required": ["success", "error"],
        "properties": {
            "success": { "const": false },
            "error": { "$ref": "#/components/schemas/AppError" },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_function_is_in_the_document() {
        let document = document();
        let known: Vec<_> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .filter_map(|operation| operation["x-server-function"].as_str())
            .collect();
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            assert!(
                known.contains(&path),
                "{path} has no door and is not listed as inside"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"].get(name).is_some(),
                "{name} is not described"
            );
        }
    }

    #[test]
    fn every_operation_has_an_id_of_its_own() {
        let document = document();
        let mut ids = std::collections::BTreeSet::new();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{id} is there twice");
            }
        }
        assert!(
            ids.contains("eventsList") && ids.contains("staleCleanUpOne"),
            "{ids:?}"
        );
    }

    #[test]
    fn what_the_stream_and_a_window_may_be_and_that_it_may_not_be_ready_is_said() {
        let document = document();
        let parameter = |path: &str, name: &str| {
            let all = &document["paths"][path]["get"]["parameters"];
            let found = all
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one["name"] == name);
            found
                .cloned()
                .unwrap_or_else(|| panic!("{path} has no {name}: {all}"))
        };
        let topics = parameter("/api/stream", "topics");
        let topics = topics["schema"]["items"]["enum"].as_array().unwrap();
        assert!(topics.contains(&json!("stats")));
        parameter("/api/stream", "last_event_id");
        parameter("/api/events/export", "severity");
        for path in ["/api/stats/history", "/api/workloads/{id}/stats/history"] {
            let windows = &parameter(path, "window")["schema"]["enum"];
            assert_eq!(*windows, json!(["30m", "2h", "6h", "24h", "7d", "30d"]));
        }
        let unready = &document["paths"]["/readyz"]["get"]["responses"]["503"];
        let schema = &unready["content"]["application/json"]["schema"];
        assert!(schema["properties"]["error"].is_object(), "{schema}");
    }

    #[test]
    fn names_in_braces_are_parameters() {
        assert_eq!(
            path_names("/api/projects/{id}/stages/{stage}"),
            ["id", "stage"]
        );
    }
}
