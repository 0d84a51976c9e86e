//! The smallest client that moto and the simulator understand.
//!
//! Neither checks signatures: the `Authorization` header only has to name the account's key, the service and the
//! region. That keeps an AWS SDK out of this crate.

use anyhow::{Context, Result, anyhow, bail};
use roxmltree::Document;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

/// A service that takes its parameters as a form and answers in XML.
#[derive(Clone, Copy)]
pub(super) struct QueryService {
    name: &'static str,
    version: &'static str,
}

pub(super) const EC2: QueryService = QueryService {
    name: "ec2",
    version: "2016-11-15",
};
pub(super) const IAM: QueryService = QueryService {
    name: "iam",
    version: "2010-05-08",
};
const STS: QueryService = QueryService {
    name: "sts",
    version: "2011-06-15",
};

/// Credentials for one account in one region.
#[derive(Clone)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Names the account in every request.
    pub access_key_id: String,
    /// Simulated AWS accepts any.
    pub secret_access_key: String,
    /// Comes with credentials of an assumed role, empty without.
    pub session_token: String,
    endpoint: String,
    agent: Agent,
}

impl Account {
    /// An account of moto's, which comes into being when a role in it is assumed.
    pub(crate) fn assume(endpoint: &str, region: &str, id: &str) -> Result<Self> {
        let nobody = Self::of_key(endpoint, region, id, "AKIAIOSFODNN7EXAMPLE");
        let role = format!("arn:aws:iam::{id}:role/acceptance-tests");
        let parameters = [
            ("RoleArn", role.as_str()),
            ("RoleSessionName", "acceptance-tests"),
        ];
        let answer = nobody.query(STS, "AssumeRole", &parameters)?;
        Ok(Self {
            access_key_id: text(&answer, "AccessKeyId")?,
            secret_access_key: text(&answer, "SecretAccessKey")?,
            session_token: text(&answer, "SessionToken")?,
            ..nobody
        })
    }

    /// An account that an access key alone names.
    pub(crate) fn of_key(endpoint: &str, region: &str, id: &str, access_key_id: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false);
        Self {
            id: id.to_owned(),
            region: region.to_owned(),
            access_key_id: access_key_id.to_owned(),
            secret_access_key: "unchecked".to_owned(),
            session_token: String::new(),
            endpoint: endpoint.to_owned(),
            agent: Agent::new_with_config(config.build()),
        }
    }

    /// Calls an operation of a service with a form, and gives back the XML.
    pub(super) fn query(
        &self,
        service: QueryService,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String> {
        let form = [("Action", action), ("Version", service.version)];
        let form = form.iter().chain(parameters).copied();
        let response = self
            .agent
            .post(&self.endpoint)
            .header("Authorization", self.authorization(service.name))
            .send_form(form)?;
        read(response, action)
    }

    /// Calls an operation of a service that speaks JSON 1.1, such as KMS; `target` is `TrentService.CreateKey`.
    pub(super) fn json(&self, service: &str, target: &str, body: &Value) -> Result<Value> {
        let response = self
            .agent
            .post(&self.endpoint)
            .header("Authorization", self.authorization(service))
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.1")
            .send(body.to_string())?;
        Ok(serde_json::from_str(&read(response, target)?)?)
    }

    /// Calls EKS at `endpoint`: for what a test changes behind Terraform's back.
    pub fn eks(&self, endpoint: &str, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{endpoint}{path}"))
            .header("Authorization", self.authorization("eks"))
            .header("Content-Type", "application/json")
            .body(body)?;
        let answer = read(self.agent.run(request)?, &format!("{method} {path}"))?;
        if answer.is_empty() {
            Ok(Value::Null)
        } else {
            Ok(serde_json::from_str(&answer)?)
        }
    }

    fn authorization(&self, service: &str) -> String {
        let Self {
            access_key_id,
            region,
            ..
        } = self;
        format!(
            "AWS4-HMAC-SHA256 Credential={access_key_id}/20260101/{region}/{service}/aws4_request, \
             SignedHeaders=host, Signature=unchecked"
        )
    }
}

fn read(mut response: Response<ureq::Body>, operation: &str) -> Result<String> {
    let body = response.body_mut().read_to_string()?;
    if !response.status().is_success() {
        bail!("{operation} answered {}: {body}", response.status());
    }
    Ok(body)
}

/// The text of the first element called `tag`.
pub(super) fn text(xml: &str, tag: &str) -> Result<String> {
    let document = Document::parse(xml).with_context(|| format!("not XML: {xml}"))?;
    document
        .descendants()
        .find(|node| node.has_tag_name_local(tag))
        .and_then(|node| node.text())
        .map(str::to_owned)
        .ok_or_else(|| anyhow!("no {tag} in {xml}"))
}

/// Every AWS service has its own XML namespace, and none of them matters here.
trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for roxmltree::Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_text_whatever_the_namespace() {
        let xml = r#"<A xmlns="http://ec2.amazonaws.com/"><vpc><vpcId>vpc-1</vpcId></vpc></A>"#;
        assert_eq!(text(xml, "vpcId").unwrap(), "vpc-1");
        assert_eq!(
            text(xml, "subnetId").unwrap_err().to_string(),
            format!("no subnetId in {xml}")
        );
    }
}
