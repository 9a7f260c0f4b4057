//! What a provider says of a person becomes a role and a name.

use serde_json::{Map, Value};

use super::provider::Roles;
use crate::auth::model::Role;
use crate::auth::rules::{USERNAME_MOST, check_username};

/// What was said of one person, once it is proven who said it.
pub type Claims = Map<String, Value>;

/// The role that the claim's values give; admin wins. `None`: none of them lets anybody in.
pub fn role(claims: &Claims, roles: &Roles) -> Option<Role> {
    let values = values(claims, &roles.claim);
    let has = |wanted: &[String]| wanted.iter().any(|one| values.contains(&one.as_str()));
    match (has(&roles.admin), has(&roles.viewer)) {
        (true, _) => Some(Role::Admin),
        (false, true) => Some(Role::Viewer),
        (false, false) => None,
    }
}

/// Whether the claim is there at all.
pub fn has(claims: &Claims, name: &str) -> bool {
    find(claims, name).is_some()
}

/// The claim of this name; else, with dots in the name, the way into an object, as in
/// `realm_access.roles`.
fn find<'c>(claims: &'c Claims, name: &str) -> Option<&'c Value> {
    claims.get(name).or_else(|| {
        let mut parts = name.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    })
}

fn values<'c>(claims: &'c Claims, name: &str) -> Vec<&'c str> {
    match find(claims, name) {
        Some(Value::String(value)) => vec![value],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What somebody is called here, as far as our rules allow: their name there, else their address, else
/// their id. It names them and proves nothing.
pub fn username(claims: &Claims) -> String {
    let names = ["preferred_username", "email", "sub"].into_iter();
    let names = names.filter_map(|name| claims.get(name).and_then(Value::as_str));
    let mut fit = names.map(fit).filter(|name| check_username(name).is_ok());
    fit.next().unwrap_or_else(|| "user".into())
}

/// What is left of a name without the signs that one may not have.
fn fit(name: &str) -> String {
    let letters = name.trim().chars().map(|letter| match letter {
        ' ' | '\\' | '/' => '.',
        other => other,
    });
    letters
        .filter(|letter| check_username(letter.encode_utf8(&mut [0; 4])).is_ok())
        .take(USERNAME_MOST)
        .collect()
}

/// The name for the `try_number`th time, since the ones before it are taken.
pub fn numbered(name: &str, try_number: usize) -> String {
    if try_number < 2 {
        return name.to_owned();
    }
    let end = format!("-{try_number}");
    let room = USERNAME_MOST - end.len();
    name.chars().take(room).collect::<String>() + &end
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        serde_json::from_value(value).unwrap()
    }

    fn roles(claim: &str) -> Roles {
        Roles {
            claim: claim.into(),
            admin: vec!["ops".into(), "root".into()],
            viewer: vec!["staff".into()],
        }
    }

    #[test]
    fn a_claim_is_a_value_or_several_and_admin_wins() {
        for (groups, role_of) in [
            (json!(["staff"]), Some(Role::Viewer)),
            (json!(["staff", "root"]), Some(Role::Admin)),
            (json!("ops"), Some(Role::Admin)),
            (json!(["Ops"]), None),
            (json!("ops,staff"), None),
            (json!([]), None),
            (json!({"ops": true}), None),
            (json!([["ops"], 1, null]), None),
            (Value::Null, None),
        ] {
            let said = claims(json!({ "groups": groups }));
            assert_eq!(role(&said, &roles("groups")), role_of, "{groups}");
        }
        assert_eq!(role(&Claims::new(), &roles("groups")), None);
    }

    #[test]
    fn a_claim_can_lie_within_an_object_or_have_dots_of_its_own() {
        let said = claims(json!({"realm_access": {"roles": ["ops"]}}));
        assert_eq!(role(&said, &roles("realm_access.roles")), Some(Role::Admin));
        let said = claims(json!({"https://example.org/roles": "staff"}));
        let own = roles("https://example.org/roles");
        assert_eq!(role(&said, &own), Some(Role::Viewer));
    }

    #[test]
    fn a_name_is_made_fit_for_our_rules() {
        for (said, name) in [
            (
                json!({"preferred_username": "ann", "email": "a@b.c", "sub": "1"}),
                "ann",
            ),
            (
                json!({"email": "ann@example.org", "sub": "1"}),
                "ann@example.org",
            ),
            (json!({"preferred_username": "  ", "sub": "u-1"}), "u-1"),
            (
                json!({"preferred_username": "CORP\\Ann Lee", "sub": "1"}),
                "CORP.Ann.Lee",
            ),
            (
                json!({"preferred_username": "<b>\u{202e}ann</b>", "sub": "1"}),
                "bann.b",
            ),
            (json!({"preferred_username": ["ann"], "sub": "1"}), "1"),
            (json!({"sub": "§"}), "user"),
        ] {
            assert_eq!(username(&claims(said)), name);
        }
        let long = claims(json!({"preferred_username": "x".repeat(300)}));
        assert_eq!(username(&long).len(), USERNAME_MOST);
    }

    #[test]
    fn a_taken_name_gets_a_number_and_stays_within_the_rules() {
        assert_eq!(numbered("ann", 1), "ann");
        assert_eq!(numbered("ann", 2), "ann-2");
        let long = numbered(&"ж".repeat(USERNAME_MOST), 12);
        assert!(long.ends_with("ж-12") && check_username(&long).is_ok());
    }
}
