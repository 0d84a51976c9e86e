//! hashicorp/aws 5.100.0, which `TF_EKS_COMPARE_MIRROR` says where to find. Each test passes without it, and says so.

use std::collections::BTreeSet;

use acceptance_tests::{Action, Cli, Prerequisites, Provider, Scenario, SimulatedAws, stack};
use serde_json::Value;

/// The types of objects in a cluster, besides node groups, that it shares with us, each with the least it needs.
const MEMBERS: [(&str, &str); 6] = [
    (
        "fargate_profile",
        r#"
  fargate_profile_name   = "tasks"
  pod_execution_role_arn = "ROLE"
  subnet_ids             = SUBNETS

  selector {
    namespace = "tasks"
    labels    = { compute = "fargate" }
  }
"#,
    ),
    (
        "addon",
        r#"
  addon_name                  = "vpc-cni"
  resolve_conflicts_on_create = "OVERWRITE"
"#,
    ),
    (
        "access_entry",
        r#"
  principal_arn     = "ROLE"
  kubernetes_groups = ["viewers"]
"#,
    ),
    (
        "access_policy_association",
        r#"
  principal_arn = "ROLE"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  depends_on    = [PREFIX_access_entry.this]

  access_scope {
    type       = "namespace"
    namespaces = ["shop"]
  }
"#,
    ),
    (
        "pod_identity_association",
        r#"
  namespace       = "shop"
  service_account = "cart"
  role_arn        = "ROLE"
"#,
    ),
    (
        // It updates the cluster, which hashicorp/aws does not wait for in whatever else it makes.
        "identity_provider_config",
        r#"
  depends_on = [AFTER]

  oidc {
    identity_provider_config_name = "login"
    client_id                     = "kubernetes"
    issuer_url                    = "https://login.example.com"
  }
"#,
    ),
];

/// Entries are not taken by a cluster that authenticates by its ConfigMap alone, the default.
const ACCESS: &str = "  access_config {\n    authentication_mode = \"API_AND_CONFIG_MAP\"\n  }\n";

/// Runs a test once: it is about the simulator, whichever command line drives that provider.
#[allow(clippy::print_stdout, reason = "A test that does nothing says so.")]
fn with_hashicorp_aws(test: impl Fn(Scenario, &Prerequisites)) {
    let Some(provider) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set, so hashicorp/aws is left out.");
    };
    let cli = Cli::installed().unwrap();
    let aws = SimulatedAws::new().unwrap();
    let ground = aws.set_up().unwrap();
    test(Scenario::new(&cli, &provider, aws).unwrap(), &ground);
}

/// An object, made after those others that a change of the cluster would disturb.
fn member(prefix: &str, ground: &Prerequisites, kind: &str, after: &[&str]) -> String {
    let (_, body) = MEMBERS.iter().find(|(name, _)| *name == kind).unwrap();
    let after: Vec<_> = after.iter().map(|it| format!("{prefix}_{it}")).collect();
    let private = stack::quoted(&ground.network.private_subnet_ids);
    let body = body
        .replace("ROLE", &ground.node_role_arn)
        .replace("SUBNETS", &private)
        .replace("PREFIX", prefix)
        .replace("AFTER", &after.join(", "));
    format!(
        "\nresource \"{prefix}_{kind}\" \"this\" {{\n  cluster_name = {prefix}_cluster.this.name\n{body}}}\n"
    )
}

#[test]
fn manages_a_cluster_and_a_node_group() {
    with_hashicorp_aws(|scenario, ground| {
        let hcl = |cluster: &str, desired| {
            let scaling = stack::scaling(1, desired, 3);
            stack::cluster("aws_eks", ground, cluster)
                + &stack::node_group("aws_eks", ground, "workers", &scaling)
        };
        scenario.apply(&hcl("", 1));
        let logging = "  enabled_cluster_log_types = [\"api\", \"audit\"]\n";
        let cluster = hcl(logging, 1);
        scenario.apply_expecting(Action::Update, "aws_eks_cluster.this", &cluster);
        let scaled = hcl(logging, 2);
        scenario.apply_expecting(Action::Update, "aws_eks_node_group.workers", &scaled);
        scenario.destroy();
    });
}

#[test]
fn manages_every_other_object_of_a_cluster() {
    let changes = [
        ("fargate_profile", "compute =", "runs_on =", Action::Replace),
        ("addon", "OVERWRITE", "NONE", Action::Update),
        ("access_entry", "viewers", "editors", Action::Update),
        (
            "access_policy_association",
            "shop",
            "bakery",
            Action::Replace,
        ),
        (
            "pod_identity_association",
            "role/node",
            "role/cluster",
            Action::Update,
        ),
        (
            "identity_provider_config",
            "kubernetes",
            "kubectl",
            Action::Replace,
        ),
    ];
    with_hashicorp_aws(|scenario, ground| {
        let cluster = stack::cluster("aws_eks", ground, ACCESS);
        let after = ["fargate_profile.this", "addon.this"];
        let member = |kind| member("aws_eks", ground, kind, &after);
        scenario.apply(&(cluster.clone() + &MEMBERS.map(|(kind, _)| member(kind)).concat()));
        let changed = changes.map(|(kind, old, new, _)| member(kind).replace(old, new));
        let plan = scenario.apply(&(cluster + &changed.concat()));
        for (kind, _, _, action) in changes {
            let address = format!("aws_eks_{kind}.this");
            assert_eq!(plan.action(&address), action, "{plan}");
        }
        scenario.destroy();
    });
}

#[test]
fn what_it_made_is_taken_over_without_a_change() {
    let ours = Provider::ours().unwrap();
    let taint = "  taint {\n    key    = \"dedicated\"\n    effect = \"NO_SCHEDULE\"\n  }\n";
    let group = stack::scaling(1, 1, 3) + taint;
    let after = ["node_group.workers", "fargate_profile.this", "addon.this"];
    with_hashicorp_aws(|scenario, ground| {
        let hcl = |prefix, issuer| {
            let members = MEMBERS.map(|(kind, _)| member(prefix, ground, kind, &after));
            stack::cluster(prefix, ground, ACCESS)
                + &stack::node_group(prefix, ground, "workers", &group)
                + &members.concat()
                + &oidc_provider(issuer, prefix)
        };
        scenario.apply(&hcl("aws_eks", THEIR_ISSUER));
        scenario.refresh();
        let scenario = scenario.handed_over_to(&ours);
        let moves = moves();
        let blocks = moves.iter().map(|(from, to)| moved(from, to));
        let hcl = hcl("eks", OUR_ISSUER) + &blocks.collect::<String>();
        let plan = scenario.plan(&hcl);
        assert_eq!(plan.changes().count(), 0, "{plan}");
        scenario.apply(&hcl);
        let addresses: Vec<_> = moves.into_iter().map(|(_, to)| to).collect();
        assert_eq!(scenario.state().addresses(), addresses);
        scenario.destroy();
    });
}

/// The data sources of what the resources here manage, each with what it asks for, and the attributes in which ours says
/// something else: more, where it shows blocks that are off, and nothing of what AWS does not tell.
const SOURCES: [(&str, &str, &[&str]); 6] = [
    (
        "cluster",
        "name = PREFIX_cluster.this.name",
        &[
            "/access_config/0/bootstrap_cluster_creator_admin_permissions",
            "/compute_config",
            "/storage_config",
            "/zonal_shift_config",
        ],
    ),
    ("clusters", "", &[]),
    ("node_group", "node_group_name = \"workers\"", &[]),
    ("node_groups", "", &[]),
    ("addon", "addon_name = \"vpc-cni\"", &[]),
    (
        "access_entry",
        "principal_arn = PREFIX_access_entry.this.principal_arn",
        &["/tags"],
    ),
];

fn sources(prefix: &str) -> String {
    let source = |(kind, arguments, _): (&str, &str, _)| {
        let cluster = match kind {
            "cluster" | "clusters" => "",
            _ => "cluster_name = PREFIX_cluster.this.name",
        };
        format!("\ndata \"PREFIX_{kind}\" \"this\" {{\n  {cluster}\n  {arguments}\n}}\n")
    };
    SOURCES.map(source).concat().replace("PREFIX", prefix)
}

#[test]
fn its_data_sources_and_ours_say_the_same() {
    let ours = Provider::ours().unwrap();
    with_hashicorp_aws(|scenario, ground| {
        let hcl = |prefix| {
            let members = ["addon", "access_entry"].map(|kind| member(prefix, ground, kind, &[]));
            stack::cluster(prefix, ground, ACCESS)
                + &stack::node_group(prefix, ground, "workers", &stack::scaling(1, 1, 3))
                + &members.concat()
        };
        scenario.apply(&hcl("aws_eks"));
        let made: BTreeSet<_> = scenario
            .state()
            .addresses()
            .into_iter()
            .map(String::from)
            .collect();
        scenario.apply(&(hcl("aws_eks") + &sources("aws_eks")));
        let theirs = scenario.state();
        let scenario = scenario.handed_over_to(&ours);
        let moves = moves().into_iter().filter(|(from, _)| made.contains(from));
        let moves: String = moves.map(|(from, to)| moved(&from, &to)).collect();
        scenario.apply(&(hcl("eks") + &moves + &sources("eks")));
        let ours = scenario.state();
        for (kind, _, expected) in SOURCES {
            let theirs = theirs.attributes(&format!("data.aws_eks_{kind}.this"));
            let ours = ours.attributes(&format!("data.eks_{kind}.this"));
            let differing = differing("", theirs.unwrap(), ours.unwrap());
            assert_eq!(differing, expected, "{kind}");
        }
        scenario.destroy();
    });
}

/// Where ours says something else than theirs, which knows no null texts and no parts of a second.
fn differing(place: &str, theirs: &Value, ours: &Value) -> Vec<String> {
    match (theirs, ours) {
        (Value::Object(members), Value::Object(_)) => {
            let inside = members.iter().map(|(name, member)| (name.clone(), member));
            let inside =
                inside.map(|(name, it)| differing(&format!("{place}/{name}"), it, &ours[&name]));
            inside.flatten().collect()
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            let both = theirs.iter().zip(ours).enumerate();
            both.flat_map(|(n, (one, other))| differing(&format!("{place}/{n}"), one, other))
                .collect()
        }
        (Value::String(text), Value::Null) if text.is_empty() => Vec::new(),
        (Value::String(theirs), Value::String(ours)) if place.ends_with("_at") => {
            let same = ours.starts_with(theirs.trim_end_matches('Z'));
            if same {
                Vec::new()
            } else {
                vec![place.to_owned()]
            }
        }
        (theirs, ours) if theirs == ours => Vec::new(),
        _ => vec![place.to_owned()],
    }
}

/// What an issuer of tokens is to it, and to us.
const THEIR_ISSUER: &str = "aws_iam_openid_connect_provider";
const OUR_ISSUER: &str = "eks_oidc_provider";

/// The cluster as a provider of identities to IAM.
fn oidc_provider(kind: &str, prefix: &str) -> String {
    format!(
        r#"
resource "{kind}" "this" {{
  url            = {prefix}_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}}
"#
    )
}

/// All that is moved, from where to where, in the order of a state.
fn moves() -> Vec<(String, String)> {
    let mut names = vec!["cluster.this".to_owned(), "node_group.workers".to_owned()];
    names.extend(MEMBERS.map(|(kind, _)| format!("{kind}.this")));
    let names = names.into_iter();
    let mut moves: Vec<_> = names
        .map(|name| (format!("aws_eks_{name}"), format!("eks_{name}")))
        .collect();
    moves.push((format!("{THEIR_ISSUER}.this"), format!("{OUR_ISSUER}.this")));
    moves.sort_by(|(_, one), (_, other)| one.cmp(other));
    moves
}

fn moved(from: &str, to: &str) -> String {
    format!("\nmoved {{\n  from = {from}\n  to   = {to}\n}}\n")
}
