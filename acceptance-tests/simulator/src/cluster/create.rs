//! CreateCluster: checks, defaults, and the two ways it ends.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Cluster, Phase, auto_mode, encryption, logging, network, same, shapes, vpc};
use crate::call::Call;
use crate::clock::timestamp;
use crate::error::ApiError;
use crate::kind::Key;
use crate::object::Object;
use crate::shape::check;
use crate::state::{Replays, Scope};
use crate::{access_entry, insight, tag, version};

pub(super) fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::CREATE_CLUSTER, &call.body)?;
    let body = call.body.clone();
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    if let Some(existing) = call.region().clusters.get(&name) {
        let exists = || ApiError::in_use(format!("Cluster already exists with name: {name}"));
        return existing
            .replays
            .find("CreateCluster", &body)
            .ok_or_else(exists);
    }
    check_rules(&body)?;
    let mut cluster = new_cluster(&call.scope, &name, &body)?;
    let answer = json!({"cluster": cluster.describe()});
    cluster.replays.keep("CreateCluster", &body, &answer);
    let uid = cluster.uid;
    call.region().clusters.insert(name.clone(), cluster);
    end_creation(call, name, uid);
    Ok(answer)
}

fn end_creation(call: &mut Call, name: String, uid: Uuid) {
    let target = call.target(&name, None);
    let failure = call.world.faults.creation(&target);
    let millis = call.world.timings.cluster_create;
    call.after(millis, move |region| {
        let Some(cluster) = same(region, &name, uid) else {
            return;
        };
        let degraded = failure.as_ref().is_some_and(|(degraded, _)| *degraded);
        let failed = failure.is_some() && !degraded;
        cluster.phase = if failed { Phase::Failed } else { Phase::Active };
        cluster.issues = failure.map(|(_, issues)| issues).unwrap_or_default();
    });
}

fn check_rules(body: &Value) -> Result<(), ApiError> {
    let config = &body["resourcesVpcConfig"];
    let subnets = config["subnetIds"].as_array().map_or(0, Vec::len);
    if subnets < 2 && body["outpostConfig"].is_null() {
        // Known text. Whether two subnets are in two zones only EC2 could say.
        let message = "Subnets specified must be in at least two different AZs";
        return Err(ApiError::invalid_parameter(message));
    }
    vpc::check_endpoints(config)?;
    check_access(&body["accessConfig"])?;
    auto_mode::check_create(body)?;
    encryption::check_encryption(&body["encryptionConfig"])?;
    network::check_remote_networks(&body["remoteNetworkConfig"])?;
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)
}

fn check_access(access: &Value) -> Result<(), ApiError> {
    let config_map = matches!(
        access["authenticationMode"].as_str(),
        None | Some("CONFIG_MAP")
    );
    match config_map && access["bootstrapClusterCreatorAdminPermissions"] == false {
        // Known text.
        true => Err(ApiError::invalid_parameter(
            "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication \
             mode is set to CONFIG_MAP",
        )),
        false => Ok(()),
    }
}

fn new_cluster(scope: &Scope, name: &str, body: &Value) -> Result<Cluster, ApiError> {
    let version = match body["version"].as_str() {
        Some(version) => version::find(version)?,
        None => version::default(),
    };
    let uid = Uuid::new_v4();
    let (access, policy) = (&body["accessConfig"], &body["upgradePolicy"]);
    let mut document = json!({
        "arn": scope.arn(&format!("cluster/{name}")),
        "createdAt": timestamp(),
        "version": version.version,
        "platformVersion": version.platform_version,
        "roleArn": body["roleArn"],
        "resourcesVpcConfig": vpc_document(scope, body)?,
        "kubernetesNetworkConfig": network::document(&body["kubernetesNetworkConfig"])?,
        "logging": logging::document(&logging::enabled_log_types(&[], &body["logging"])),
        "accessConfig":
            // The API's default, whatever the console proposes.
            {"authenticationMode": text_or(&access["authenticationMode"], "CONFIG_MAP")},
        "upgradePolicy": {"supportType": text_or(&policy["supportType"], "EXTENDED")},
        "deletionProtection": body["deletionProtection"].as_bool().unwrap_or(false),
        "controlPlaneScalingConfig":
            {"tier": text_or(&body["controlPlaneScalingConfig"]["tier"], "standard")},
    });
    if let Some(document) = document.as_object_mut() {
        document.extend(echoed(body));
        document.extend(auto_mode::document(body));
        if body["outpostConfig"].is_object() {
            document.insert("id".to_owned(), uid.to_string().into());
        }
    }
    Ok(Cluster {
        name: name.to_owned(),
        uid,
        phase: Phase::Creating,
        issues: Vec::new(),
        tags: tag::from_body(body),
        document,
        made: made(scope, uid),
        upgrade: None,
        objects: bootstrap(scope, name, access),
        updates: Vec::new(),
        refresh: Value::Null,
        replays: Replays::default(),
    })
}

/// What a cluster contains from the start: insights, and its creator as its administrator, unless
/// the request says otherwise.
fn bootstrap(scope: &Scope, name: &str, access: &Value) -> BTreeMap<Key, Object> {
    let admin = access["bootstrapClusterCreatorAdminPermissions"] != false;
    let entry = admin.then(|| access_entry::of_creator(scope, name));
    let objects = insight::of_new_cluster().chain(entry);
    objects.map(|object| (object.key.clone(), object)).collect()
}

fn text_or<'a>(given: &'a Value, default: &'a str) -> &'a str {
    given.as_str().unwrap_or(default)
}

/// Members answered as they were given, and absent when they were not. For zonal shift and remote
/// networks that is known; for the kube* configurations it is a guess.
fn echoed(body: &Value) -> impl Iterator<Item = (String, Value)> {
    const MEMBERS: [&str; 7] = [
        "encryptionConfig",
        "outpostConfig",
        "zonalShiftConfig",
        "remoteNetworkConfig",
        "kubeApiServerConfig",
        "kubeSchedulerConfig",
        "kubeControllerManagerConfig",
    ];
    let given = |member: &str| Some((member.to_owned(), body.get(member)?.clone()));
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    MEMBERS
        .into_iter()
        .filter_map(given)
        .filter(move |(_, value)| !empty(value))
}

fn vpc_document(scope: &Scope, body: &Value) -> Result<Value, ApiError> {
    let vpc = &body["resourcesVpcConfig"];
    network::check_public_cidrs(&vpc["publicAccessCidrs"])?;
    let public = vpc["endpointPublicAccess"].as_bool().unwrap_or(true);
    let cidrs = match &vpc["publicAccessCidrs"] {
        Value::Array(cidrs) if !cidrs.is_empty() => cidrs.clone(),
        // A private cluster has none; from memory of describe-cluster, not from a captured answer.
        _ if !public => Vec::new(),
        _ if body["kubernetesNetworkConfig"]["ipFamily"] == "ipv6" => {
            vec!["0.0.0.0/0".into(), "::/0".into()]
        }
        _ => vec!["0.0.0.0/0".into()],
    };
    Ok(json!({
        "subnetIds": vpc["subnetIds"],
        "securityGroupIds": vpc["securityGroupIds"].as_array().cloned().unwrap_or_default(),
        "clusterSecurityGroupId": null,
        "vpcId": vpc_id(scope),
        "endpointPublicAccess": public,
        "endpointPrivateAccess": vpc["endpointPrivateAccess"].as_bool().unwrap_or(false),
        "publicAccessCidrs": cidrs,
        "controlPlaneEgressMode": vpc["controlPlaneEgressMode"].as_str().unwrap_or("AWS_MANAGED"),
    }))
}

/// One VPC per account and region: which VPC a subnet is in only EC2 could say.
fn vpc_id(scope: &Scope) -> String {
    let seed = format!("{}/{}", scope.account, scope.region);
    // FNV-1a, which unlike std's hasher gives the same id in every run.
    let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("vpc-0{hash:016x}")
}

/// What exists once the control plane does.
fn made(scope: &Scope, uid: Uuid) -> Value {
    let id = uid.simple().to_string().to_uppercase();
    let (region, domain) = (&scope.region, scope.domain());
    json!({
        "endpoint": format!("https://{id}.gr7.{region}.eks.{domain}"),
        "certificateAuthority": {"data": CERTIFICATE_AUTHORITY},
        "identity": {"oidc": {"issuer": format!("https://oidc.eks.{region}.{domain}/id/{id}")}},
        "resourcesVpcConfig":
            {"clusterSecurityGroupId": format!("sg-0{}", &uid.simple().to_string()[..16])},
    })
}

/// Base64 of a PEM block that holds no certificate: nothing ever connects to a simulated API
/// server.
const CERTIFICATE_AUTHORITY: &str =
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmVrcy1zaW11bGF0b3IKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
