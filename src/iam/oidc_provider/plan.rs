//! What is known of a provider before it is made: its issuer as soon as the cluster exists, and with it the ARN.

use tfplugin_rs::tf::{self, Plan};

use super::Model;
use crate::aws::{Call, region::Partition};
use crate::iam::issuer::{self, Planned};
use crate::iam::trust::OidcProvider;

/// What can be set where the cluster cannot be asked.
const INSTEAD: &str = "url";

pub(super) async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if plan.is_destroy() {
        return Ok(());
    }
    let provider = match plan.config.get("url").is_null() {
        true => of_cluster(cx, plan).await?,
        false => of_url(cx, plan).await?,
    };
    if let Some(provider) = provider.filter(|_| plan.is_create() || plan.will_replace()) {
        plan.set("arn", provider.arn());
        plan.set("id", provider.arn());
        plan.set("issuer", provider.issuer());
    }
    Ok(())
}

/// A cluster that was made anew has another issuer. One that is not there leaves a provider as it is: there is nothing
/// better to trust yet.
async fn of_cluster(cx: &Call, plan: &mut Plan) -> tf::Result<Option<OidcProvider>> {
    let region = plan.planned.get("region").as_str();
    let planned = match plan.planned.get("cluster_name").as_str() {
        Some(cluster) => issuer::planned_provider_of(cx, region, cluster, INSTEAD).await?,
        None => Planned::None,
    };
    match planned {
        Planned::Known(provider) => {
            plan.set("url", format!("https://{}", provider.issuer()));
            return Ok(Some(provider));
        }
        Planned::None if plan.is_update() && !plan.changes("cluster_name") => {}
        Planned::None | Planned::Later => plan.set_unknown("url"),
    }
    Ok(None)
}

async fn of_url(cx: &Call, plan: &Plan) -> tf::Result<Option<OidcProvider>> {
    let region = plan.planned.get("region");
    let (Some(url), Some(region)) = (plan.planned.get("url").as_str(), region.as_str()) else {
        return Ok(None);
    };
    let account = match plan.prior.is_null() || plan.changes("url") {
        true => cx.find_account_id().await?,
        false => None,
    };
    let partition = Partition::of(region).id;
    Ok(account.map(|account| OidcProvider::of_issuer(partition, &account, url)))
}

/// The planned provider with the issuer that could not be known at plan.
pub(super) async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
    let (None, Some(cluster)) = (&planned.url, &planned.cluster_name) else {
        return Ok(planned);
    };
    let region = planned.region.as_deref();
    let provider = issuer::provider_of(cx, region, cluster, INSTEAD).await?;
    let provider = provider.ok_or_else(|| issuer::none(cluster))?;
    Ok(Model {
        url: Some(format!("https://{}", provider.issuer())),
        ..planned
    })
}
