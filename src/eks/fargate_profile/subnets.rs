//! Whether the subnets of a new profile are private, as EKS demands. EC2 is asked while planning, and only when there is
//! something to ask about.
//!
//! Nobody needs this to plan: without an answer (no permission, no endpoint, no such subnet yet) the plan goes on, and
//! EKS judges at apply.

use std::collections::BTreeMap;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as ec2;
use tfplugin_rs::tf::Plan;

use crate::api::{self, in_time};
use crate::aws::Call;
use crate::ec2::Answer;

/// Warns of subnets with a route to an internet gateway.
pub(super) async fn warn_of_public(cx: &Call, plan: &mut Plan) {
    let subnets = plan.planned.get("subnet_ids").elements();
    let known: Vec<_> = subnets
        .filter_map(|id| id.as_str().map(ToOwned::to_owned))
        .collect();
    if known.is_empty() {
        return;
    }
    let region = plan.planned.get("region").as_str().map(ToOwned::to_owned);
    let question = async {
        let client = cx
            .ec2(region.as_deref())
            .await
            .map_err(|error| error.detail)?;
        let answer = gateways(&client, &known).await;
        answer.map_err(|error| error.to_string())
    };
    match in_time(question).await {
        Ok(public) => warn(plan, &public),
        Err(reason) => tracing::info!(%reason, "routes of subnets not looked at"),
    }
}

/// Evidence: "Subnet subnet-… provided in Fargate Profile is not a private subnet" (InvalidParameterException).
fn warn(plan: &mut Plan, public: &BTreeMap<String, String>) {
    if public.is_empty() {
        return;
    }
    let routes = public
        .iter()
        .map(|(subnet, gateway)| format!("\n  - {subnet}: {gateway}"));
    let detail = format!(
        "Fargate takes private subnets only, so AWS will refuse those with a route to an internet gateway. Choose \
         subnets whose way out is a NAT gateway, or none:{}",
        routes.collect::<String>()
    );
    plan.diagnostics
        .warning("subnet_ids", "Subnets are not private", detail);
}

/// The internet gateway of each of the subnets that have a route to one.
async fn gateways(client: &Client, subnets: &[String]) -> api::Result<BTreeMap<String, String>> {
    let subnets = describe_subnets(client, subnets).await?;
    let vpcs = subnets.iter().filter_map(ec2::Subnet::vpc_id);
    let tables = describe_route_tables(client, vpcs.map(ToOwned::to_owned).collect()).await?;
    let public = subnets.iter().filter_map(|subnet| {
        let gateway = gateway(table_of(subnet, &tables)?)?;
        Some((subnet.subnet_id()?.to_owned(), gateway.to_owned()))
    });
    Ok(public.collect())
}

/// The route table that is associated with the subnet, else the main one of its VPC.
fn table_of<'a>(
    subnet: &ec2::Subnet,
    tables: &'a [ec2::RouteTable],
) -> Option<&'a ec2::RouteTable> {
    let has = |table: &&ec2::RouteTable, is: &dyn Fn(&ec2::RouteTableAssociation) -> bool| {
        table.vpc_id() == subnet.vpc_id() && table.associations().iter().any(is)
    };
    let is_own = |it: &ec2::RouteTableAssociation| it.subnet_id() == subnet.subnet_id();
    let is_main = |it: &ec2::RouteTableAssociation| it.main() == Some(true);
    let own = tables.iter().find(|table| has(table, &is_own));
    own.or_else(|| tables.iter().find(|table| has(table, &is_main)))
}

/// A route whose gateway is gone leads nowhere.
fn gateway(table: &ec2::RouteTable) -> Option<&str> {
    let leads = |route: &&ec2::Route| route.state() != Some(&ec2::RouteState::Blackhole);
    let mut gateways = table
        .routes()
        .iter()
        .filter(leads)
        .filter_map(ec2::Route::gateway_id);
    gateways.find(|gateway| gateway.starts_with("igw-"))
}

async fn describe_subnets(client: &Client, ids: &[String]) -> api::Result<Vec<ec2::Subnet>> {
    let request = client.describe_subnets().set_subnet_ids(Some(ids.to_vec()));
    let answer = request.send().await;
    let answer = answer.to("DescribeSubnets", ids.join(", "))?;
    Ok(answer.subnets.unwrap_or_default())
}

async fn describe_route_tables(
    client: &Client,
    mut vpcs: Vec<String>,
) -> api::Result<Vec<ec2::RouteTable>> {
    vpcs.sort();
    vpcs.dedup();
    let target = vpcs.join(", ");
    let of_vpcs = ec2::Filter::builder()
        .name("vpc-id")
        .set_values(Some(vpcs))
        .build();
    let pages = client
        .describe_route_tables()
        .filters(of_vpcs)
        .into_paginator();
    let tables = pages.items().send().try_collect().await;
    tables.to("DescribeRouteTables", target)
}
