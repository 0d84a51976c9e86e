//! AWS for unit tests: real SDK clients over an HTTP client that answers from a script and writes down what it is
//! asked. Only tests use this.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::{Value as Json, json};
use tfplugin_rs::tf::core_rules::{proposed_new, schema_is_valid};
use tfplugin_rs::tf::engine::{
    ApplyRequest, Circumstances, ManagedResource, PlanAnswer, PlanRequest, StateAnswer,
};
use tfplugin_rs::tf::{
    DataSource, MoveSource, Registry, Resource, Stop, Value, from_json, to_json,
};

use crate::api::Client;
use crate::aws::{
    Call, Context, Region, objects,
    testing::{self, Transport, response},
};
use crate::kind::{Kind, Managed};

/// What AWS answers: status, error type if it is an error, and body; or nothing, because the connection breaks.
#[derive(Clone, Debug)]
pub enum Answer {
    Body(Json),
    /// As EC2 answers.
    Xml(String),
    Error(u16, &'static str, String),
    Lost,
}

/// AWS as a script.
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    answers: BTreeMap<String, VecDeque<Answer>>,
    requests: Vec<String>,
    parameters: Vec<(String, String)>,
}

impl Script {
    /// The answers to a request such as `GET /clusters/demo`, or `GetRole` of IAM, in order. The last one is given again
    /// and again.
    pub fn on(self, request: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = answers.into_iter().collect();
        self.0
            .lock()
            .unwrap()
            .answers
            .insert(request.to_owned(), answers);
        self
    }

    /// The requests that change something, in order: method, path and body. ResourceDataSource is left out.
    pub fn changes(&self) -> String {
        let lines = self.0.lock().unwrap();
        let changes = lines.requests.iter().filter(|request| {
            !["GET ", "Get", "List", "Describe"]
                .iter()
                .any(|it| request.starts_with(it))
        });
        changes.map(|request| format!("{request}\n")).collect()
    }

    pub fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap().requests.clone()
    }

    /// The query strings of requests such as `DELETE /clusters/demo`, in order.
    pub fn parameters(&self, request: &str) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        let parameters = lines.parameters.iter().filter(|(line, _)| line == request);
        parameters.map(|(_, text)| text.clone()).collect()
    }

    /// A call with this AWS behind it.
    pub fn call(&self) -> Call {
        testing::call(self.context())
    }

    pub fn context(&self) -> Context {
        let mut settings = testing::settings();
        // Whose account it is is asked for where the script has an answer.
        let lines = self.0.lock().unwrap();
        settings.accounts.skip = !lines.answers.contains_key("GetCallerIdentity");
        drop(lines);
        testing::context(settings, self.clone())
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let uri: String = request.uri().to_owned();
        let path = uri.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
        let (path, parameters) = path.split_once('?').unwrap_or((&path, ""));
        let line = format!("{} /{path}", request.method());
        let body = request
            .body()
            .bytes()
            .map(|body| String::from_utf8_lossy(body).into_owned());
        let body = body.unwrap_or_default();
        let mut lines = self.0.lock().unwrap();
        let query = query(&body).filter(|(action, _)| lines.answers.contains_key(action));
        let is_query = query.is_some();
        let (line, body) = query.unwrap_or_else(|| (line, sorted(&body)));
        lines
            .requests
            .push(format!("{line} {body}").trim_end().to_owned());
        lines.parameters.push((line.clone(), parameters.to_owned()));
        let answers = lines.answers.entry(line.clone()).or_default();
        let answer = match answers.len() {
            0 => Answer::Error(
                404,
                "ResourceNotFoundException",
                format!("nothing is scripted for {line}"),
            ),
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        };
        match answer {
            Answer::Error(status, code, message) if is_query => {
                let error =
                    format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
                let body = format!("<ErrorResponse>{error}</ErrorResponse>");
                Ok(response(status, "", body))
            }
            answer => answer.into_response(),
        }
    }
}

/// Action and arguments of a request in the query protocol, as IAM and EC2 have it.
fn query(body: &str) -> Option<(String, String)> {
    let (action, arguments) = body.strip_prefix("Action=")?.split_once('&')?;
    let (_, arguments) = arguments.split_once('&').unwrap_or_default();
    let arguments = arguments.replace(['&', '+'], " ");
    let arguments = percent_encoding::percent_decode_str(&arguments).decode_utf8_lossy();
    Some((action.to_owned(), arguments.into_owned()))
}

/// JSON with its members in order, so that texts can be compared.
fn sorted(body: &str) -> String {
    serde_json::from_str::<Json>(body).map_or_else(|_| body.to_owned(), |json| json.to_string())
}

impl Answer {
    fn into_response(self) -> Result<HttpResponse, ConnectorError> {
        match self {
            Self::Body(body) => Ok(response(200, "", body.to_string())),
            Self::Xml(body) => Ok(response(200, "", body)),
            Self::Error(status, error, message) => Ok(response(
                status,
                error,
                json!({"message": message}).to_string(),
            )),
            Self::Lost => Err(ConnectorError::io("connection reset".into())),
        }
    }
}

impl Transport for Script {
    fn respond(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.answer(request)
    }
}

/// What Terraform gets of a data source with this AWS behind it: the value, and the messages.
pub async fn read<D: DataSource<Context = Context>>(
    script: &Script,
    config: &Json,
) -> (Json, Vec<String>) {
    let source = Registry::new().data_source::<D>().data_sources.remove(0);
    let config = from_json(&source.schema().attributes, config).unwrap();
    assert_eq!(texts(source.validate(&config)), [] as [String; 0]);
    let context = Arc::new(script.context());
    let answer = source.read(context, Stop::default(), config).await;
    (to_json(&answer.value), texts(answer.diagnostics))
}

/// A resource as Terraform sees it, with a script for AWS.
pub struct Harness {
    script: Script,
    resource: Box<dyn ManagedResource<Context>>,
    private: Vec<u8>,
    process: Option<Arc<Context>>,
}

impl Harness {
    pub fn new<R: Resource<Context = Context>>(script: Script) -> Self {
        let mut registry = Registry::new().resource::<R>();
        Self {
            script,
            resource: registry.resources.remove(0),
            private: Vec::new(),
            process: None,
        }
    }

    /// All that is asked of this harness is asked of one process; else each question has a process of its own, as each
    /// command of Terraform has.
    #[must_use]
    pub fn in_one_process(self) -> Self {
        let process = Some(Arc::new(self.script.context()));
        Self { process, ..self }
    }

    /// With this private data next to the prior state.
    #[must_use]
    pub fn with_private(self, private: &[u8]) -> Self {
        let private = private.to_vec();
        Self { private, ..self }
    }

    /// The same for a kind of object.
    pub fn of<K: Kind<Client: Client<Context = Context>>>(script: Script) -> Self {
        Self::new::<Managed<K>>(script)
    }

    /// What Terraform would refuse about the schema.
    pub fn schema_violations(&self) -> Vec<String> {
        schema_is_valid(&self.resource.schema())
    }

    /// A value of the resource's type; `Json::Null` stands for nothing.
    pub fn value(&self, json: &Json) -> Value {
        from_json(&self.resource.schema().attributes, json).unwrap()
    }

    /// The messages about a configuration, as `path: summary: detail`.
    pub fn validate(&self, config: &Json) -> Vec<String> {
        texts(self.resource.validate(&self.value(config), true))
    }

    /// The plan for a configuration over a prior state; `Json::Null` stands for nothing.
    pub async fn plan(&self, prior: &Json, config: &Json) -> PlanAnswer {
        self.plan_over(self.value(prior), config).await
    }

    async fn plan_over(&self, prior: Value, config: &Json) -> PlanAnswer {
        let config = self.value(config);
        // Terraform asks for a destroy by proposing nothing.
        let proposed = match config {
            Value::Null => Value::Null,
            _ => proposed_new(&self.resource.schema(), &prior, &config),
        };
        let request = PlanRequest {
            proposed,
            config,
            prior,
            private: self.private.clone(),
        };
        self.resource.plan(self.circumstances(), request).await
    }

    /// What `type_name` of hashicorp/aws has in its state, moved here and refreshed.
    pub async fn moved(&self, type_name: &str, state: &Json) -> Value {
        let source = MoveSource {
            provider: "registry.terraform.io/hashicorp/aws".to_owned(),
            type_name: type_name.to_owned(),
            version: 0,
            state: state.clone(),
        };
        let moved = self.resource.move_from(&source).unwrap();
        let read = self.resource.read(self.circumstances(), moved, Vec::new());
        let answer = read.await;
        assert_eq!(texts(answer.diagnostics), [] as [String; 0]);
        answer.state
    }

    /// What a plan over that state changes, as `attribute: from -> to`; and it must not need a new object.
    pub async fn changes(&self, state: &Value, config: &Json) -> Vec<String> {
        let plan = self.plan_over(state.clone(), config).await;
        assert_eq!(texts(plan.diagnostics), [] as [String; 0]);
        assert_eq!(plan.replace, []);
        let attributes = self.resource.schema().attributes.into_iter();
        let change = |name: String| {
            let (from, to) = (state.get(&name), plan.planned.get(&name));
            (from != to).then(|| format!("{name}: {} -> {}", to_json(from), to_json(to)))
        };
        attributes
            .filter_map(|attribute| change(attribute.name))
            .collect()
    }

    /// Plans and applies; `Json::Null` stands for nothing. The plan must be one to carry out in place.
    pub async fn apply(&self, prior: &Json, config: &Json) -> StateAnswer {
        let mut plan = self.plan(prior, config).await;
        let said = std::mem::take(&mut plan.diagnostics);
        assert_eq!(texts(said), [] as [String; 0]);
        assert_eq!(plan.replace, []);
        self.carry_out(prior, config, plan).await
    }

    pub async fn carry_out(&self, prior: &Json, config: &Json, plan: PlanAnswer) -> StateAnswer {
        let request = ApplyRequest {
            config: self.value(config),
            prior: self.value(prior),
            planned: plan.planned,
            private: plan.private,
        };
        self.resource.apply(self.circumstances(), request).await
    }

    /// The state after a refresh; null when the object is gone.
    pub async fn read(&self, prior: &Json) -> StateAnswer {
        self.resource
            .read(self.circumstances(), self.value(prior), Vec::new())
            .await
    }

    fn circumstances(&self) -> Circumstances<Context> {
        Circumstances {
            context: match &self.process {
                Some(process) => process.clone(),
                None => Arc::new(self.script.context()),
            },
            stop: Stop::default(),
            adjust: objects::plan,
            observe: |_, _| {},
            identity: &[Region::NAME],
        }
    }
}

/// Members of `more` over those of `base`; null takes one away.
pub fn merged(mut base: Json, more: Json) -> Json {
    let members = base.as_object_mut().unwrap();
    for (name, member) in more.as_object().unwrap() {
        match member {
            Json::Null => members.remove(name),
            member => members.insert(name.clone(), member.clone()),
        };
    }
    base
}

/// A refusal of EKS.
pub fn refused(code: &'static str, message: &str) -> Answer {
    let status = match code {
        "ResourceInUseException" => 409,
        _ => 400,
    };
    Answer::Error(status, code, message.to_owned())
}

/// Seconds since 1970, as EKS writes times.
pub fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs_f64()
}

/// Messages as `path: summary: detail`.
pub fn texts(diagnostics: tfplugin_rs::tf::Diagnostics) -> Vec<String> {
    let text = |diagnostic: tfplugin_rs::tf::Diagnostic| {
        let path = diagnostic
            .path
            .map(|path| path.to_string())
            .unwrap_or_default();
        format!("{path}: {}: {}", diagnostic.summary, diagnostic.detail)
    };
    diagnostics.into_iter().map(text).collect()
}
