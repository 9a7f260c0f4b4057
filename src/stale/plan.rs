//! The plan for one container: drawn from what its engine says, without touching anything.

use super::model::judging::Judgement;
use super::model::{Dependent, Plan, PlannedVolume, Relation, Untouched, VolumeKind};
use super::neighbours::Neighbours;
use crate::containers::model::ContainerStatus;
use crate::docker::containers::Listed;
use crate::docker::whole::{Mount, Whole};
use crate::server::clock::from_millis;

const COMPOSE_PROJECT: &str = "com.docker.compose.project";

/// Draws it. `all` is what the engine has; `volumes` are those that are named to go.
pub fn draw(whole: &Whole, judgement: &Judgement, all: &Neighbours, volumes: &[String]) -> Plan {
    let others = all.listed.iter().filter(|one| one.id != whole.id);
    let others: Vec<_> = others.collect();
    let policy = &whole.host_config.restart_policy;
    let mut networks: Vec<_> = whole.network_settings.networks.keys().cloned().collect();
    networks.sort();
    let volumes: Vec<_> = whole
        .mounts
        .iter()
        .filter(|mount| mount.kind == "volume")
        .map(|mount| plan_volume(mount, &others, volumes))
        .collect();
    Plan {
        verdict: judgement.verdict,
        reason: judgement.reason,
        last_alive_at: judgement.last_alive.map(from_millis),
        started: whole.state.started_at.clone(),
        finished: whole.state.finished_at.clone(),
        image: whole.config.image.clone(),
        restart_policy: if policy.is_none() { "no" } else { &policy.name }.to_owned(),
        size_bytes: whole.size_rw,
        untouched: untouched(whole, &networks, &volumes),
        dependents: dependents(whole, all, &others),
        volumes,
        networks,
    }
}

fn plan_volume(mount: &Mount, others: &[&Listed], named: &[String]) -> PlannedVolume {
    let users = others.iter().filter(|other| has(other, &mount.name));
    PlannedVolume {
        kind: if is_made_up(&mount.name) {
            VolumeKind::Anonymous
        } else {
            VolumeKind::Named
        },
        destination: mount.destination.clone(),
        used_by: users.map(|other| other.name().to_owned()).collect(),
        removed: named.contains(&mount.name),
        name: mount.name.clone(),
    }
}

fn has(other: &Listed, volume: &str) -> bool {
    let mut mounts = other.mounts.iter();
    mounts.any(|mount| mount.kind == "volume" && mount.name == volume)
}

/// Engines name what nobody named by 64 hexadecimal digits.
fn is_made_up(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn dependents(whole: &Whole, all: &Neighbours, others: &[&Listed]) -> Vec<Dependent> {
    let project = whole.config.labels.get(COMPOSE_PROJECT);
    let me = [
        format!("container:{}", whole.id),
        format!("container:{}", whole.name()),
    ];
    let linked = linked_to(whole, all);
    let mut found = Vec::new();
    for other in others {
        let host = all.hosts.get(&other.id);
        let joins =
            host.is_some_and(|host| me.contains(&host.pid_mode) || me.contains(&host.ipc_mode));
        let is_joined =
            joins || me.contains(&other.host_config.network_mode) || linked.contains(&other.name());
        let relations = [
            (
                project.is_some() && other.labels.get(COMPOSE_PROJECT) == project,
                Relation::ComposeSibling,
            ),
            (is_joined, Relation::SharesNetwork),
            (
                whole
                    .mounts
                    .iter()
                    .any(|mount| mount.kind == "volume" && has(other, &mount.name)),
                Relation::SharesVolume,
            ),
        ];
        let relations = relations.into_iter().filter(|(holds, _)| *holds);
        found.extend(relations.map(|(_, relation)| Dependent {
            name: other.name().to_owned(),
            status: ContainerStatus::parse(&other.state),
            relation,
        }));
    }
    found
}

/// The names of those that have a link to it: the engine lists it under theirs, too, as `/web/db`.
fn linked_to<'a>(whole: &Whole, all: &'a Neighbours) -> Vec<&'a str> {
    let own = all.listed.iter().filter(|one| one.id == whole.id);
    let names = own.flat_map(|one| &one.names);
    let names = names.filter_map(|name| name.trim_start_matches('/').split_once('/'));
    names.map(|(other, _)| other).collect()
}

fn untouched(whole: &Whole, networks: &[String], volumes: &[PlannedVolume]) -> Vec<Untouched> {
    let stays = |what: &str, name: &str| Untouched {
        what: what.to_owned(),
        name: name.to_owned(),
    };
    let mut all = vec![stays("image", &whole.config.image)];
    all.extend(networks.iter().map(|name| stays("network", name)));
    let kept = volumes.iter().filter(|volume| !volume.removed);
    all.extend(kept.map(|volume| stays("volume", &volume.name)));
    let bound = whole.mounts.iter().filter(|mount| mount.kind == "bind");
    all.extend(bound.map(|mount| stays("directory", &mount.source)));
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::docker::whole::HostConfig;
    use crate::stale::model::{Reason, Verdict};

    #[test]
    fn a_plan_says_what_goes_what_stays_and_who_may_miss_it() {
        let made_up = "ab".repeat(32);
        let whole: Whole = serde_json::from_value(serde_json::json!({
            "Id": "me", "Name": "/shop-db-1", "SizeRw": 42,
            "State": {"Status": "exited"},
            "Config": {"Image": "db:1", "Labels": {"com.docker.compose.project": "shop"}},
            "HostConfig": {"RestartPolicy": {"Name": "always"}},
            "NetworkSettings": {"Networks": {"shop_default": {}}},
            "Mounts": [
                {"Type": "volume", "Name": "data", "Destination": "/data"},
                {"Type": "volume", "Name": made_up, "Destination": "/tmp"},
                {"Type": "bind", "Source": "/etc/shop", "Destination": "/etc"},
            ],
        }))
        .unwrap();
        let listed: Vec<Listed> = serde_json::from_value(serde_json::json!([
            {"Id": "me", "Names": ["/linked/db", "/shop-db-1"]},
            {"Id": "a", "Names": ["/shop-web-1"], "State": "running",
             "Labels": {"com.docker.compose.project": "shop"}},
            {"Id": "b", "Names": ["/side"], "State": "exited", "HostConfig": {"NetworkMode": "container:me"},
             "Mounts": [{"Type": "volume", "Name": "data"}]},
            {"Id": "c", "Names": ["/linked"], "State": "created"},
            {"Id": "d", "Names": ["/debug"], "State": "exited"},
            {"Id": "e", "Names": ["/alone"], "State": "exited"},
        ]))
        .unwrap();
        let judgement = Judgement {
            verdict: Verdict::Stale,
            reason: Reason::Ended,
            last_alive: Some(1),
            age: Some(1),
            stale_since: Some(1),
            keeping: None,
        };
        let debug = HostConfig {
            pid_mode: "container:me".to_owned(),
            ..HostConfig::default()
        };
        let all = Neighbours {
            listed,
            hosts: HashMap::from([("d".to_owned(), debug)]),
        };
        let plan = draw(&whole, &judgement, &all, &["data".to_owned()]);
        assert_eq!(
            (plan.size_bytes, plan.restart_policy.as_str()),
            (Some(42), "always")
        );
        let volumes: Vec<_> = plan
            .volumes
            .iter()
            .map(|one| (one.kind, one.removed))
            .collect();
        assert_eq!(
            volumes,
            [(VolumeKind::Named, true), (VolumeKind::Anonymous, false)]
        );
        assert_eq!(plan.volumes[0].used_by, ["side"]);
        let bound: Vec<_> = plan
            .dependents
            .iter()
            .map(|one| (one.name.as_str(), one.relation))
            .collect();
        assert_eq!(
            bound,
            [
                ("shop-web-1", Relation::ComposeSibling),
                ("side", Relation::SharesNetwork),
                ("side", Relation::SharesVolume),
                ("linked", Relation::SharesNetwork),
                ("debug", Relation::SharesNetwork),
            ]
        );
        let stays: Vec<_> = plan.untouched.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(stays, ["db:1", "shop_default", &made_up, "/etc/shop"]);
    }
}
