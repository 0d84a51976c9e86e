//! What a launch template says against the configuration of a node group. EC2 is asked while planning, and only when
//! there is something to compare.
//!
//! Nobody needs this to plan: without an answer (no permission, no endpoint, no such template yet) the plan goes on, and
//! EKS judges at apply.

use std::sync::Arc;

use aws_sdk_ec2::{Client, types as ec2};
use tfplugin_rs::tf::{Plan, Value};

use crate::api::{self, in_time};
use crate::aws::Call;
use crate::ec2::Answer;

/// Compares a planned node group with its launch template, if either is new.
pub(super) async fn check(cx: &Call, plan: &mut Plan) {
    let relevant = [
        "launch_template",
        "instance_types",
        "ami_type",
        "version",
        "release_version",
        "warm_pool_config",
    ];
    if plan.is_destroy() || !relevant.into_iter().any(|name| plan.changes(name)) {
        return;
    }
    let is_worth_asking = relevant[1..]
        .iter()
        .any(|name| plan.config.get(name).is_set());
    let Some(wanted) = Wanted::of(&plan.planned).filter(|_| is_worth_asking) else {
        return;
    };
    match in_time(find(cx, &wanted)).await {
        Ok(data) => {
            if let Some(data) = data.as_ref() {
                compare(plan, data);
            }
        }
        Err(reason) => tracing::info!(%reason, "launch template not compared"),
    }
}

/// Which version of which template.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    region: Option<String>,
    id: Option<String>,
    name: Option<String>,
    version: String,
}

impl Wanted {
    /// `None` when there is no template, or not known yet which.
    fn of(planned: &Value) -> Option<Self> {
        let template = planned.at("launch_template[0]");
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        let id = text(template.get("id"));
        // EC2 takes one of the two.
        let name = text(template.get("name")).filter(|_| id.is_none());
        (id.is_some() || name.is_some()).then_some(Self {
            region: text(planned.get("region")),
            id,
            name,
            version: text(template.get("version"))?,
        })
    }

    fn question(&self) -> [&str; 3] {
        [
            "DescribeLaunchTemplateVersions",
            self.id.as_deref().unwrap_or_default(),
            &self.version,
        ]
    }
}

type Data = Option<ec2::ResponseLaunchTemplateData>;

/// A numbered version of a template never changes, so that node groups that share one ask once. `$Latest` may be another by
/// the next question, and so may a template that is found by its name.
async fn find(cx: &Call, wanted: &Wanted) -> Result<Arc<Data>, String> {
    let client = cx.ec2(wanted.region.as_deref()).await;
    let client = client.map_err(|error| error.detail)?;
    let data = ask(&client, wanted);
    let data = match wanted.version.parse::<u64>() {
        Ok(_) if wanted.id.is_some() => {
            cx.once(wanted.region.as_deref(), &wanted.question(), data)
                .await
        }
        _ => data.await.map(Arc::new),
    };
    data.map_err(|error| error.to_string())
}

async fn ask(client: &Client, wanted: &Wanted) -> api::Result<Data> {
    let request = client
        .describe_launch_template_versions()
        .set_launch_template_id(wanted.id.clone())
        .set_launch_template_name(wanted.name.clone())
        .versions(&wanted.version);
    let answer = request.send().await;
    let answer = answer.to("DescribeLaunchTemplateVersions", "the launch template")?;
    let mut versions = answer.launch_template_versions.into_iter().flatten();
    Ok(versions.next().and_then(|it| it.launch_template_data))
}

/// Source: EKS user guide, "Customize managed nodes with launch templates".
fn compare(plan: &mut Plan, template: &ec2::ResponseLaunchTemplateData) {
    if let Some(instance_type) = template
        .instance_type
        .as_ref()
        .map(ec2::InstanceType::as_str)
        && plan.config.get("instance_types").is_set()
    {
        let detail = format!(
            "The launch template names the instance type {instance_type}, so that instance_types must not name any. \
             Remove it there or here."
        );
        plan.diagnostics
            .error("instance_types", "Conflicting instance_types", detail);
    }
    match &template.image_id {
        Some(image) => compare_image(plan, image),
        None if plan.config.get("ami_type").as_str() == Some("CUSTOM") => {
            let detail = "ami_type \"CUSTOM\" means the image of the launch template, which names none. Name one there, or \
                          choose another ami_type.";
            plan.diagnostics
                .error("ami_type", "Conflicting ami_type", detail);
        }
        None => {}
    }
}

fn compare_image(plan: &mut Plan, image: &str) {
    let ami_type = plan.config.get("ami_type").as_str();
    if let Some(ami_type) = ami_type.filter(|ami_type| *ami_type != "CUSTOM") {
        let detail = format!(
            "The launch template names the image {image}, so that ami_type must be \"CUSTOM\" or absent, got \
             {ami_type:?}."
        );
        plan.diagnostics
            .error("ami_type", "Conflicting ami_type", detail);
    }
    for name in ["version", "release_version"] {
        if plan.config.get(name).is_set() {
            let detail = format!(
                "The launch template names the image {image}, which decides. Remove {name}."
            );
            plan.diagnostics
                .error(name, format!("Conflicting {name}"), detail);
        }
    }
    if plan.config.get("warm_pool_config").is_set() {
        let detail = format!(
            "The launch template names the image {image}, and warm pools are for AMIs of EKS only."
        );
        plan.diagnostics
            .error("warm_pool_config", "Warm pool not supported", detail);
    }
}
