//! A door: a path of the HTTP API that turns a request into the input of one server function, runs it,
//! and puts its answer into the envelope.

use std::fmt::Display;
use std::pin::Pin;

use axum::http::{HeaderMap, Method, header};
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::auth::access::Access;
use crate::error::{AppError, Code};

/// What a request brings, taken apart.
pub struct Knock {
    /// The values of the path's `{…}`.
    pub path: Vec<(String, String)>,
    pub query: String,
    pub body: Value,
}

type Answer = Pin<Box<dyn Future<Output = Result<Value, AppError>> + Send>>;

/// The schemas of a server function's input and output, and those that they refer to.
pub struct Shapes {
    pub input: RefOr<Schema>,
    pub output: RefOr<Schema>,
    pub named: Vec<(String, RefOr<Schema>)>,
}

/// One row of the table of doors.
#[derive(Clone)]
pub struct Door {
    pub method: Method,
    /// The path as the API has it, with `{…}` for what varies.
    pub path: &'static str,
    /// Where the server function itself listens.
    pub function: &'static str,
    /// Who may pass it, here and at the server function's own path.
    pub access: Access,
    /// It is there for the pages only, at the server function's own path.
    pub is_inside: bool,
    /// The input that the whole body is, where the body's fields are not the inputs themselves.
    pub body_name: Option<&'static str>,
    /// It takes no field that it does not know: what is misspelt would be done without.
    pub is_strict: bool,
    /// Runs the server function; must be called with the request's context in place.
    pub run: fn(&Door, Knock) -> Answer,
    pub shapes: fn() -> Shapes,
}

impl Door {
    /// A door from `path` onto the server function `F`, for those whom `access` names.
    pub fn onto<F>(method: &Method, path: &'static str, access: Access) -> Self
    where
        F: ServerFn<Error = AppError> + DeserializeOwned + ToSchema + Send + 'static,
        F::Output: Serialize + ToSchema + 'static,
    {
        Self {
            method: method.clone(),
            path,
            function: F::PATH,
            access,
            is_inside: false,
            body_name: None,
            is_strict: false,
            run: run::<F>,
            shapes: shapes::<F>,
        }
    }

    /// A server function that only the pages call.
    pub fn inside<F>(access: Access) -> Self
    where
        F: ServerFn<Error = AppError> + DeserializeOwned + ToSchema + Send + 'static,
        F::Output: Serialize + ToSchema + 'static,
    {
        Self {
            is_inside: true,
            ..Self::onto::<F>(&Method::POST, F::PATH, access)
        }
    }

    /// The body as a whole is the input `name`.
    pub fn body_is(mut self, name: &'static str) -> Self {
        self.body_name = Some(name);
        self
    }

    /// Refuses whatever it does not know.
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// The first field of the body that is none of its inputs.
    fn unknown<'a>(&self, body: &'a Value) -> Option<&'a str> {
        // A schema that utoipa made always has a JSON form.
        let input = serde_json::to_value((self.shapes)().input).unwrap_or_default();
        let mut fields = body.as_object()?.keys();
        let unknown = fields.find(|field| input["properties"].get(field.as_str()).is_none());
        unknown.map(String::as_str)
    }
}

fn run<F>(door: &Door, knock: Knock) -> Answer
where
    F: ServerFn<Error = AppError> + DeserializeOwned + Send + 'static,
    F::Output: Serialize,
{
    let input = read_input::<F>(door, knock);
    Box::pin(async move {
        let output = input?.run_body().await?;
        serde_json::to_value(output).map_err(AppError::internal)
    })
}

/// Reads take their inputs from path and query, writes from path and body.
fn read_input<F: DeserializeOwned>(door: &Door, knock: Knock) -> Result<F, AppError> {
    if door.method == Method::GET {
        let path = serde_urlencoded::to_string(&knock.path).map_err(AppError::internal)?;
        // The path comes last and its keys are not read from the query, so that it cannot be overruled.
        let own = serde_urlencoded::from_str::<Vec<(String, String)>>(&knock.query)
            .map_err(|error| AppError::malformed(error.to_string()))?
            .into_iter()
            .filter(|(key, _)| knock.path.iter().all(|(taken, _)| taken != key));
        let query =
            serde_urlencoded::to_string(own.collect::<Vec<_>>()).map_err(AppError::internal)?;
        let all = format!("{query}&{path}");
        let pairs = form_urlencoded::parse(all.as_bytes());
        let input = serde_urlencoded::Deserializer::new(pairs);
        return serde_path_to_error::deserialize(input).map_err(|error| explain(&error, None));
    }
    if door.is_strict {
        if !knock.query.is_empty() {
            let message = "This takes its inputs from the body, and nothing from the query.";
            return Err(AppError::new(Code::Invalid, message));
        }
        if let Some(field) = door.unknown(&knock.body) {
            let message =
                format!("There is no input `{field}`; /api/openapi.json has those that there are.");
            return Err(AppError::invalid(field, message));
        }
    }
    let mut input = match (door.body_name, knock.body) {
        (Some(name), body) => Map::from_iter([(name.to_owned(), body)]),
        (None, Value::Object(fields)) => fields,
        (None, _) => return Err(AppError::malformed("The body is to be a JSON object.")),
    };
    input.extend(
        knock
            .path
            .into_iter()
            .map(|(key, value)| (key, Value::String(value))),
    );
    serde_path_to_error::deserialize(Value::Object(input))
        .map_err(|error| explain(&error, door.body_name))
}

/// What was sent reads well and does not fit. A field that is missing or unknown serde names in backticks;
/// where a value does not fit, the way to it does.
fn explain<E: Display>(error: &serde_path_to_error::Error<E>, body_name: Option<&str>) -> AppError {
    let said = error.inner().to_string();
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| said.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    let mut way = error.path().iter().filter_map(|step| match step {
        Segment::Map { key } => Some(key.as_str()),
        Segment::Seq { .. } | Segment::Enum { .. } | Segment::Unknown => None,
    });
    // Whoever sent the body does not know that all of it is one input of ours.
    let field = named.or_else(|| way.find(|name| Some(*name) != body_name));
    match field {
        Some(field) if said.starts_with("missing field") => {
            AppError::invalid(field, format!("Give {field}: it has no default."))
        }
        Some(field) => AppError::invalid(field, said.as_str()),
        None => AppError::new(Code::Invalid, said.as_str()),
    }
}

fn shapes<F>() -> Shapes
where
    F: ServerFn + ToSchema,
    F::Output: ToSchema,
{
    let mut named = Vec::new();
    F::schemas(&mut named);
    <F::Output as ToSchema>::schemas(&mut named);
    named.push((F::Output::name().into_owned(), F::Output::schema()));
    Shapes {
        input: <F as PartialSchema>::schema(),
        output: F::Output::schema(),
        named,
    }
}

/// Takes the body apart; an absent one is an empty object.
///
/// # Errors
/// `unsupported_media_type` for anything that does not say it is JSON, `malformed` for what is none.
pub fn read_body(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, AppError> {
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    if !is_of(headers, "application/json") {
        return Err(AppError::new(
            Code::UnsupportedMediaType,
            "Send JSON, with the header Content-Type: application/json.",
        ));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| AppError::malformed(format!("The body is no JSON: {error}.")))
}

/// Lets only forms pass, and what is empty: of anything else a server function would take nothing in, and act as if
/// nothing was said.
///
/// # Errors
/// `unsupported_media_type`.
pub fn check_form(headers: &HeaderMap, bytes: &[u8]) -> Result<(), AppError> {
    if bytes.is_empty() || is_of(headers, "application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(AppError::new(
        Code::UnsupportedMediaType,
        "This is how the pages ask, with forms. Send JSON to the paths under /api.",
    ))
}

fn is_of(headers: &HeaderMap, media_type: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE);
    let said = said.and_then(|value| value.to_str().ok());
    said.and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct Input {
        id: String,
        limit: Option<i64>,
    }

    fn door(method: Method) -> Door {
        Door {
            method,
            ..Door::onto::<crate::engines::api::ListEngines>(&Method::GET, "/", Access::Reader)
        }
    }

    fn knock(query: &str, body: Value) -> Knock {
        Knock {
            path: vec![("id".into(), "a b".into())],
            query: query.into(),
            body,
        }
    }

    #[test]
    fn a_read_takes_path_and_query_and_the_path_wins() {
        let input = read_input::<Input>(&door(Method::GET), knock("limit=5&id=evil", Value::Null));
        assert_eq!(
            input.unwrap(),
            Input {
                id: "a b".into(),
                limit: Some(5)
            }
        );
    }

    #[test]
    fn a_write_takes_path_and_body_and_the_path_wins() {
        let body = serde_json::json!({ "id": "evil", "limit": 5 });
        let input = read_input::<Input>(&door(Method::POST), knock("", body));
        assert_eq!(
            input.unwrap(),
            Input {
                id: "a b".into(),
                limit: Some(5)
            }
        );
    }

    #[test]
    fn a_value_that_does_not_fit_is_invalid_and_no_object_is_malformed() {
        let wrong = read_input::<Input>(&door(Method::GET), knock("limit=many", Value::Null));
        let wrong = wrong.unwrap_err();
        assert_eq!(
            (wrong.code, wrong.field.as_deref()),
            (Code::Invalid, Some("limit"))
        );
        let wrong = read_input::<Input>(&door(Method::POST), knock("", Value::Array(vec![])));
        assert_eq!(wrong.unwrap_err().code, Code::Malformed);
    }

    #[test]
    fn a_strict_door_refuses_what_it_does_not_know() {
        use crate::stale::api::CleanUpOne;
        let door = Door::onto::<CleanUpOne>(&Method::POST, "/{id}", Access::Admin).strict();
        let come = |query: &str, body: Value| read_input::<CleanUpOne>(&door, knock(query, body));
        assert!(come("", serde_json::json!({"dry_run": true})).is_ok());
        let misspelt = come("", serde_json::json!({"dryrun": true}));
        assert_eq!(
            misspelt.map(|_| ()).unwrap_err().field.as_deref(),
            Some("dryrun")
        );
        assert!(come("dry_run=true", serde_json::json!({})).is_err());
    }

    #[test]
    fn a_missing_input_is_named() {
        for (method, query) in [(Method::GET, "limit=5"), (Method::POST, "")] {
            let knock = Knock {
                path: vec![],
                ..knock(query, serde_json::json!({}))
            };
            let error = read_input::<Input>(&door(method), knock).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("id"), "{error:?}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_as_it_was_sent() {
        let body = serde_json::json!({ "limit": "many" });
        let error = read_input::<Input>(&door(Method::POST), knock("", body)).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("limit"), "{error:?}");

        #[derive(Debug, serde::Deserialize)]
        struct Whole {
            #[expect(dead_code, reason = "only whether it can be read is looked at")]
            patch: Input,
        }
        let door = door(Method::PATCH).body_is("patch");
        let body = serde_json::json!({ "id": "a", "limit": {} });
        let error = read_input::<Whole>(&door, knock("", body)).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("limit"), "{error:?}");
    }
}
