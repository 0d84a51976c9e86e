//! eks_irsa_role, on moto's IAM and on ministack's.

use acceptance_tests::{Action, Import, Scenario, SimulatedAws, each_cli, stack};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_irsa_role.this";
const ISSUER: &str = "oidc.eks.us-east-1.amazonaws.com/id/ABC";

/// Arguments for a service account.
const CART: &str = "  service_accounts = [{ namespace = \"shop\", name = \"cart\" }]\n";
const FOREIGN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const INLINE: &str = "  inline_policies = {
    list = jsonencode({
      Version   = \"2012-10-17\"
      Statement = [{ Effect = \"Allow\", Action = \"s3:ListAllMyBuckets\", Resource = \"*\" }]
    })
  }
";

fn provider(scenario: &Scenario) -> String {
    let account = &scenario.aws.account.id;
    format!("arn:aws:iam::{account}:oidc-provider/{ISSUER}")
}

/// A role of that name for a service account of a cluster that is elsewhere, with `more` arguments.
fn role(scenario: &Scenario, name: &str, more: &str) -> String {
    let provider = provider(scenario);
    format!(
        r#"
resource "eks_irsa_role" "this" {{
  oidc_provider_arns = ["{provider}"]
  name               = "{name}"
{more}}}
"#
    )
}

fn cart(scenario: &Scenario, more: &str) -> String {
    role(scenario, "cart", &format!("{CART}{more}"))
}

fn attribute(scenario: &Scenario, pointer: &str) -> Value {
    let state = scenario.state();
    state
        .attribute(ADDRESS, pointer)
        .cloned()
        .unwrap_or_default()
}

fn iam(scenario: &Scenario, action: &str, more: &[(&str, &str)]) -> String {
    let parameters = [&[("RoleName", "cart")], more].concat();
    scenario.aws.account.iam(action, &parameters).unwrap()
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, creates_and_imports_with);
}

#[test]
fn creates_and_imports_on_ministack() {
    each_cli(SimulatedAws::with_ministack, creates_and_imports_with);
}

fn creates_and_imports_with(scenario: &Scenario) {
    let policy = scenario.aws.account.create_policy("cart").unwrap();
    let more = format!(
        "{INLINE}  policy_arns = [\"{policy}\"]\n  path = \"/eks/\"\n  description = \"cart\"\n  tags = {{ a = \"b\" }}\n"
    );
    scenario.apply(&cart(scenario, &more));
    let account = &scenario.aws.account.id;
    let arn = format!("arn:aws:iam::{account}:role/eks/cart");
    assert_eq!(attribute(scenario, "/arn"), json!(arn));
    assert_eq!(
        attribute(scenario, "/service_account_annotations"),
        json!({"eks.amazonaws.com/role-arn": arn})
    );
    let trust: Value =
        serde_json::from_str(attribute(scenario, "/assume_role_policy").as_str().unwrap()).unwrap();
    assert_eq!(
        trust["Statement"][0]["Condition"]["StringEquals"],
        json!({
            format!("{ISSUER}:aud"): "sts.amazonaws.com",
            format!("{ISSUER}:sub"): "system:serviceaccount:shop:cart",
        })
    );
    for how in [Import::Block, Import::Command] {
        scenario.imports(how, ADDRESS, "cart", &[]);
    }
}

#[test]
fn updates_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let policy = scenario.aws.account.create_policy("cart").unwrap();
        scenario.apply(&cart(scenario, ""));
        let id = attribute(scenario, "/unique_id");
        let others = "  service_accounts = [{ namespace = \"shop-*\", name = \"cart\" }]\n";
        for hcl in [
            cart(
                scenario,
                "  description = \"cart\"\n  max_session_duration = 7200\n",
            ),
            cart(
                scenario,
                &format!("  permissions_boundary = \"{policy}\"\n"),
            ),
            cart(scenario, &format!("  policy_arns = [\"{policy}\"]\n")),
            cart(scenario, INLINE),
            cart(scenario, "  tags = { a = \"b\" }\n"),
            role(scenario, "cart", others),
        ] {
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("arn"), "{plan}");
            assert!(!change.changed.contains_key("unique_id"), "{plan}");
        }
        assert_eq!(attribute(scenario, "/unique_id"), id);
        let trust = attribute(scenario, "/assume_role_policy");
        assert!(trust.as_str().unwrap().contains("StringLike"), "{trust}");
    });
}

#[test]
fn removes_what_is_unset() {
    each_cli(SimulatedAws::new, |scenario| {
        let policy = scenario.aws.account.create_policy("cart").unwrap();
        let more = format!(
            "{INLINE}  policy_arns = [\"{policy}\"]\n  permissions_boundary = \"{policy}\"\n  description = \"cart\"\n  tags = {{ a = \"b\" }}\n"
        );
        scenario.apply(&cart(scenario, &more));
        scenario.apply_expecting(Action::Update, ADDRESS, &cart(scenario, ""));
        for (action, gone) in [
            ("GetRole", "PermissionsBoundary"),
            ("GetRole", "<Key>a</Key>"),
            ("ListAttachedRolePolicies", &policy),
            ("ListRolePolicies", "<member>list</member>"),
        ] {
            let answer = iam(scenario, action, &[]);
            assert!(!answer.contains(gone), "{answer}");
        }
    });
}

#[test]
fn another_name_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(&cart(scenario, INLINE));
        let hcl = role(scenario, "checkout", &format!("{CART}{INLINE}"));
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["name"]);
    });
}

#[test]
fn a_name_is_made_up() {
    each_cli(SimulatedAws::new, |scenario| {
        let provider = provider(scenario);
        let hcl = format!(
            "resource \"eks_irsa_role\" \"this\" {{\n  oidc_provider_arns = [\"{provider}\"]\n  name_prefix = \"cart-\"\n{CART}}}\n"
        );
        scenario.apply(&hcl);
        let name = attribute(scenario, "/name");
        let name = name.as_str().unwrap();
        assert!(name.starts_with("cart-") && name.len() == 31, "{name}");
        scenario.imports(Import::Block, ADDRESS, name, &[]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(&cart(scenario, ""));
        scenario.disappears(ADDRESS, |aws| {
            aws.account
                .iam("DeleteRole", &[("RoleName", "cart")])
                .map(drop)
        });
    });
}

#[test]
fn what_others_change_is_mended() {
    each_cli(SimulatedAws::new, |scenario| {
        let policy = scenario.aws.account.create_policy("cart").unwrap();
        let hcl = cart(
            scenario,
            &format!("{INLINE}  policy_arns = [\"{policy}\"]\n"),
        );
        scenario.apply(&hcl);
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
        iam(
            scenario,
            "UpdateAssumeRolePolicy",
            &[("PolicyDocument", trust)],
        );
        iam(scenario, "DetachRolePolicy", &[("PolicyArn", &policy)]);
        iam(scenario, "DeleteRolePolicy", &[("PolicyName", "list")]);
        let plan = scenario.plan(&hcl);
        assert_eq!(plan.action(ADDRESS), Action::Update, "{plan}");
        scenario.apply(&hcl);
        assert!(iam(scenario, "ListAttachedRolePolicies", &[]).contains(&policy));
        assert!(iam(scenario, "ListRolePolicies", &[]).contains("list"));
    });
}

#[test]
fn what_others_gave_is_left_alone_unless_exclusive() {
    each_cli(SimulatedAws::new, |scenario| {
        let ours = scenario.aws.account.create_policy("ours").unwrap();
        let theirs = scenario.aws.account.create_policy("theirs").unwrap();
        let attached = format!("  policy_arns = [\"{ours}\"]\n");
        scenario.apply(&cart(scenario, &attached));
        iam(scenario, "AttachRolePolicy", &[("PolicyArn", &theirs)]);
        iam(
            scenario,
            "PutRolePolicy",
            &[("PolicyName", "theirs"), ("PolicyDocument", FOREIGN)],
        );
        let plan = scenario.plan(&cart(scenario, &attached));
        assert!(plan.is_empty(), "{plan}");
        scenario.apply(&cart(scenario, &format!("{attached}  exclusive = true\n")));
        let left = iam(scenario, "ListAttachedRolePolicies", &[]);
        assert!(left.contains(&ours) && !left.contains(&theirs), "{left}");
        assert!(!iam(scenario, "ListRolePolicies", &[]).contains("theirs"));
        // And what others give later is taken away again.
        iam(scenario, "AttachRolePolicy", &[("PolicyArn", &theirs)]);
        let hcl = cart(scenario, &format!("{attached}  exclusive = true\n"));
        let plan = scenario.plan(&hcl);
        assert_eq!(plan.action(ADDRESS), Action::Update, "{plan}");
        scenario.apply(&hcl);
        // What is there when it is exclusive no more stays, although the state has it by then; what is ours does not.
        iam(scenario, "AttachRolePolicy", &[("PolicyArn", &theirs)]);
        scenario.refresh();
        scenario.apply(&cart(scenario, ""));
        let left = iam(scenario, "ListAttachedRolePolicies", &[]);
        assert!(!left.contains(&ours) && left.contains(&theirs), "{left}");
        iam(scenario, "DetachRolePolicy", &[("PolicyArn", &theirs)]);
    });
}

#[test]
fn is_deleted_with_what_others_gave_where_that_is_asked_for() {
    each_cli(SimulatedAws::new, |scenario| {
        let theirs = scenario.aws.account.create_policy("theirs").unwrap();
        scenario.apply(&cart(scenario, "  force_detach_policies = true\n"));
        iam(scenario, "AttachRolePolicy", &[("PolicyArn", &theirs)]);
        let profile = [("InstanceProfileName", "theirs")];
        let account = &scenario.aws.account;
        account.iam("CreateInstanceProfile", &profile).unwrap();
        iam(scenario, "AddRoleToInstanceProfile", &profile);
        scenario.apply("");
        let gone = scenario.aws.account.iam("GetRole", &[("RoleName", "cart")]);
        assert!(gone.is_err(), "{gone:?}");
    });
}

#[test]
fn the_whole_way_from_the_cluster_in_one_apply() {
    const ALL: &str = r#"
resource "eks_oidc_provider" "this" {
  cluster_name = eks_cluster.this.name
}

resource "eks_irsa_role" "this" {
  cluster_name = eks_oidc_provider.this.cluster_name
  name         = "autoscaler"
  workload     = { name = "cluster-autoscaler" }
}
"#;
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&(stack::cluster("eks", &ground, "") + ALL));
        let trust = attribute(scenario, "/assume_role_policy");
        assert!(
            trust
                .as_str()
                .unwrap()
                .contains("system:serviceaccount:kube-system:cluster-autoscaler"),
            "{trust}"
        );
        let policy = attribute(scenario, "/workload_policy");
        assert!(
            policy
                .as_str()
                .unwrap()
                .contains("kubernetes.io/cluster/example"),
            "{policy}"
        );
        let state = scenario.state();
        let provider = state.attribute("eks_oidc_provider.this", "/arn").unwrap();
        assert_eq!(
            attribute(scenario, "/oidc_provider_arns"),
            json!([provider])
        );
    });
}

#[test]
fn a_workload_can_be_exchanged() {
    let workload = |hcl: &str| format!("  workload = {{ {hcl} }}\n");
    each_cli(SimulatedAws::with_managed_policies, |scenario| {
        scenario.apply(&role(scenario, "cart", &workload("name = \"vpc-cni\"")));
        let attached = iam(scenario, "ListAttachedRolePolicies", &[]);
        assert!(
            attached.contains("policy/AmazonEKS_CNI_Policy"),
            "{attached}"
        );
        let dns =
            "name = \"external-dns\", hosted_zone_arns = [\"arn:aws:route53:::hostedzone/Z1\"]";
        let hcl = role(scenario, "cart", &workload(dns));
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        let attached = iam(scenario, "ListAttachedRolePolicies", &[]);
        assert!(!attached.contains("AmazonEKS_CNI_Policy"), "{attached}");
        let inline = iam(scenario, "ListRolePolicies", &[]);
        assert!(inline.contains("external-dns"), "{inline}");
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        for (more, attribute, text) in [
            (
                "  service_accounts = [{ namespace = \"Shop\", name = \"cart\" }]\n",
                "service_accounts",
                "lower-case letters",
            ),
            (
                "  workload = { name = \"external-dns\" }\n",
                "workload",
                "hosted_zone_arns must be set",
            ),
            (
                "  workload = { name = \"externaldns\" }\n",
                "workload",
                "workload.name must be one of",
            ),
        ] {
            let hcl = role(scenario, "cart", more);
            scenario.expect_plan_error(&hcl, attribute, text);
        }
        let policies = format!("{CART}  inline_policies = {{ a = \"[\" }}\n");
        let hcl = role(scenario, "cart", &policies);
        scenario.expect_plan_error(&hcl, "inline_policies", "must be valid JSON");
    });
}
