//! Terraform's side, in memory: a client over a pipe, with the little of Core that decides what is sent. Values are
//! written and shown as JSON, in which [`UNKNOWN`] stands for what is not known; what is null or empty is not shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper_util::rt::TokioIo;
use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6 as pb;
use tfplugin_rs::plugin::tfplugin6::provider_client::ProviderClient;
use tfplugin_rs::plugin::tfplugin6::provider_server::ProviderServer;
use tfplugin_rs::plugin::{MAX_MESSAGE_SIZE, Service, codec};
use tfplugin_rs::tf::core_rules::proposed_new;
use tfplugin_rs::tf::{Provider, Schema, Type, Value, from_json, to_json};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::transport::{Channel, Endpoint, Server};
use tower::service_fn;

use crate::toy::Toy;
use crate::toy::world::World;

/// Stands for an unknown value in JSON.
pub const UNKNOWN: &str = "(unknown)";

/// What Terraform 1.11 says it can do.
pub const CLIENT: pb::ClientCapabilities = pb::ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
};

/// A provider process and the connection to it.
pub struct Core {
    pub rpc: ProviderClient<Channel>,
    pub world: Arc<World>,
    world_name: String,
    connections: mpsc::UnboundedSender<DuplexStream>,
}

impl Core {
    /// A process that was just started.
    pub async fn start() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let world_name = format!("world {}", COUNT.fetch_add(1, Ordering::Relaxed));
        let (connections, incoming) = mpsc::unbounded_channel();
        let service = ProviderServer::new(Service::<Toy>::new())
            .max_decoding_message_size(MAX_MESSAGE_SIZE)
            .max_encoding_message_size(MAX_MESSAGE_SIZE);
        let incoming = UnboundedReceiverStream::new(incoming).map(Ok::<_, std::io::Error>);
        tokio::spawn(
            Server::builder()
                .add_service(service)
                .serve_with_incoming(incoming),
        );
        let rpc = connect(connections.clone()).await;
        let world = World::named(&world_name);
        Self {
            rpc,
            world,
            world_name,
            connections,
        }
    }

    /// A process that is ready for the other requests.
    pub async fn configured() -> Self {
        let core = Self::start().await;
        let found = core.configure(json!({"world": core.world_name})).await;
        assert_eq!(found, [""; 0]);
        core.world.events();
        core
    }

    /// One more connection to the same process.
    pub async fn another_connection(&self) -> ProviderClient<Channel> {
        connect(self.connections.clone()).await
    }

    pub fn rpc(&self) -> ProviderClient<Channel> {
        self.rpc.clone()
    }

    pub async fn configure(&self, config: Json) -> Vec<String> {
        let request = pb::configure_provider::Request {
            terraform_version: "1.11.4".into(),
            config: Some(encoded(&Toy::schema(), &config)),
            client_capabilities: Some(CLIENT),
        };
        let response = self.rpc().configure_provider(request).await.unwrap();
        messages(&response.into_inner().diagnostics)
    }

    /// Plans, and shows what was planned.
    pub async fn plan(&self, kind: &Kind, prior: &Json, config: &Json) -> Planned {
        let request = kind.plan_request(prior, config, Vec::new());
        let answer = self
            .rpc()
            .plan_resource_change(request)
            .await
            .unwrap()
            .into_inner();
        Planned::of(kind, answer)
    }

    /// Plans and applies, as one `terraform apply` does with a new or changed object.
    pub async fn apply(&self, kind: &Kind, prior: &Json, config: &Json) -> Applied {
        let request = self.apply_request(kind, prior, config).await;
        let answer = self
            .rpc()
            .apply_resource_change(request)
            .await
            .unwrap()
            .into_inner();
        Applied::of(kind, answer)
    }

    /// The request that carries out a plan.
    pub async fn apply_request(
        &self,
        kind: &Kind,
        prior: &Json,
        config: &Json,
    ) -> pb::apply_resource_change::Request {
        let request = kind.plan_request(prior, config, Vec::new());
        let plan = self
            .rpc()
            .plan_resource_change(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(messages(&plan.diagnostics), [""; 0]);
        pb::apply_resource_change::Request {
            type_name: kind.type_name.clone(),
            prior_state: request.prior_state,
            planned_state: plan.planned_state,
            config: request.config,
            planned_private: plan.planned_private,
            planned_identity: plan.planned_identity,
            ..Default::default()
        }
    }

    /// Refreshes.
    pub async fn read(&self, kind: &Kind, state: &Json) -> Applied {
        let request = pb::read_resource::Request {
            type_name: kind.type_name.clone(),
            current_state: Some(kind.encoded(state)),
            private: b"{\"kept\":1}".to_vec(),
            ..Default::default()
        };
        let answer = self
            .rpc()
            .read_resource(request)
            .await
            .unwrap()
            .into_inner();
        Applied {
            state: kind.shown(answer.new_state.as_ref()),
            identity: kind.shown_identity(answer.new_identity.as_ref()),
            private: String::from_utf8(answer.private).unwrap(),
            diagnostics: messages(&answer.diagnostics),
        }
    }
}

async fn connect(connections: mpsc::UnboundedSender<DuplexStream>) -> ProviderClient<Channel> {
    let connector = service_fn(move |_| {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let sent = connections.send(theirs);
        async move {
            sent.map_err(|_| std::io::ErrorKind::ConnectionRefused)?;
            Ok::<_, std::io::Error>(TokioIo::new(ours))
        }
    });
    let endpoint = Endpoint::from_static("http://in.memory");
    let channel = endpoint.connect_with_connector(connector).await.unwrap();
    ProviderClient::new(channel)
        .max_decoding_message_size(MAX_MESSAGE_SIZE)
        .max_encoding_message_size(MAX_MESSAGE_SIZE)
}

/// A resource type: what is sent and received about it.
pub struct Kind {
    pub type_name: String,
    pub schema: Schema,
    identity: Vec<&'static str>,
}

impl Kind {
    pub fn named(name: &str) -> Self {
        let registry = Toy::registry();
        let resource = registry
            .resources
            .iter()
            .find(|r| r.name() == name)
            .unwrap();
        let type_name = format!("toy_{name}");
        Self {
            type_name,
            schema: resource.schema(),
            identity: [resource.identity(), Toy::IDENTITY].concat(),
        }
    }

    pub fn encoded(&self, json: &Json) -> pb::DynamicValue {
        encoded(&self.schema, json)
    }

    pub fn shown(&self, value: Option<&pb::DynamicValue>) -> Json {
        shown(&self.schema.ty(), value)
    }

    pub fn shown_identity(&self, identity: Option<&pb::ResourceIdentityData>) -> Json {
        let ty = |name: &&'static str| Some((*name, self.schema.attribute(name)?.ty()));
        let ty = Type::object(self.identity.iter().filter_map(ty));
        let data = identity.and_then(|identity| identity.identity_data.as_ref());
        let identity = shown(&ty, data);
        // No host can store one, not even in a plan.
        assert!(!identity.to_string().contains(UNKNOWN), "{identity}");
        identity
    }

    pub fn plan_request(
        &self,
        prior: &Json,
        config: &Json,
        prior_private: Vec<u8>,
    ) -> pb::plan_resource_change::Request {
        let (prior, config) = (value(&self.schema, prior), value(&self.schema, config));
        let proposed = match config.is_null() {
            true => Value::Null,
            false => proposed_new(&self.schema, &prior, &config),
        };
        let ty = self.schema.ty();
        let dynamic = |value: &Value| {
            Some(pb::DynamicValue {
                msgpack: codec::encode(value, &ty),
                json: Vec::new(),
            })
        };
        pb::plan_resource_change::Request {
            type_name: self.type_name.clone(),
            prior_state: dynamic(&prior),
            proposed_new_state: dynamic(&proposed),
            config: dynamic(&config),
            prior_private,
            client_capabilities: Some(CLIENT),
            ..Default::default()
        }
    }
}

/// An answer to a plan.
pub struct Planned {
    pub state: Json,
    pub identity: Json,
    pub replace: Vec<String>,
    pub private: Vec<u8>,
    pub diagnostics: Vec<String>,
}

impl Planned {
    fn of(kind: &Kind, answer: pb::plan_resource_change::Response) -> Self {
        Self {
            state: kind.shown(answer.planned_state.as_ref()),
            identity: kind.shown_identity(answer.planned_identity.as_ref()),
            replace: answer.requires_replace.iter().map(path).collect(),
            private: answer.planned_private,
            diagnostics: messages(&answer.diagnostics),
        }
    }
}

/// An answer to an apply or a refresh.
#[derive(Debug)]
pub struct Applied {
    pub state: Json,
    pub identity: Json,
    pub private: String,
    pub diagnostics: Vec<String>,
}

impl Applied {
    pub fn of(kind: &Kind, answer: pb::apply_resource_change::Response) -> Self {
        Self {
            state: kind.shown(answer.new_state.as_ref()),
            identity: kind.shown_identity(answer.new_identity.as_ref()),
            private: String::from_utf8(answer.private).unwrap(),
            diagnostics: messages(&answer.diagnostics),
        }
    }
}

/// The value that JSON stands for.
fn value(schema: &Schema, json: &Json) -> Value {
    let mut value = from_json(&schema.attributes, &without_unknown(json)).unwrap();
    for path in unknown_paths(json, String::new()) {
        let place = value.at_path_mut(&tfplugin_rs::tf::Path::parse(&path));
        *place.unwrap_or_else(|| panic!("no {path}")) = Value::unknown();
    }
    value
}

fn without_unknown(json: &Json) -> Json {
    match json {
        Json::String(text) if text == UNKNOWN => Json::Null,
        Json::Array(elements) => elements.iter().map(without_unknown).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(name, json)| (name.clone(), without_unknown(json)))
            .collect(),
        other => other.clone(),
    }
}

fn unknown_paths(json: &Json, path: String) -> Vec<String> {
    match json {
        Json::String(text) if text == UNKNOWN => vec![path],
        Json::Array(elements) => {
            let each = |(i, json)| unknown_paths(json, format!("{path}[{i}]"));
            elements.iter().enumerate().flat_map(each).collect()
        }
        Json::Object(members) => {
            let each = |(name, json): (&String, _)| unknown_paths(json, format!("{path}.{name}"));
            members.iter().flat_map(each).collect()
        }
        _ => Vec::new(),
    }
}

pub fn encoded(schema: &Schema, json: &Json) -> pb::DynamicValue {
    let msgpack = codec::encode(&value(schema, json), &schema.ty());
    pb::DynamicValue {
        msgpack,
        json: Vec::new(),
    }
}

/// What came over the wire, which must fit the type exactly.
pub fn shown(ty: &Type, sent: Option<&pb::DynamicValue>) -> Json {
    let Some(sent) = sent else { return Json::Null };
    show(&codec::decode(&sent.msgpack, ty).unwrap())
}

fn show(value: &Value) -> Json {
    match value {
        Value::Unknown(_) => UNKNOWN.into(),
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => value.elements().map(show).collect(),
        Value::Object(members) | Value::Map(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), show(value)));
            members
                .filter(|(_, json)| !json.is_null() && *json != json!([]))
                .collect()
        }
        other => to_json(other),
    }
}

/// Diagnostics as text: `error at path: summary: detail`.
pub fn messages(found: &[pb::Diagnostic]) -> Vec<String> {
    let message = |diagnostic: &pb::Diagnostic| {
        let severity = diagnostic.severity().as_str_name().to_lowercase();
        let at = diagnostic.attribute.as_ref().map(path);
        let at = at.map_or(String::new(), |path| format!(" at {path}"));
        format!(
            "{severity}{at}: {}: {}",
            diagnostic.summary, diagnostic.detail
        )
    };
    found.iter().map(message).collect()
}

fn path(path: &pb::AttributePath) -> String {
    use pb::attribute_path::step::Selector;
    let mut text = String::new();
    for step in &path.steps {
        match step.selector.as_ref().unwrap() {
            Selector::AttributeName(name) if text.is_empty() => text.push_str(name),
            Selector::AttributeName(name) => text.push_str(&format!(".{name}")),
            Selector::ElementKeyInt(index) => text.push_str(&format!("[{index}]")),
            Selector::ElementKeyString(key) => text.push_str(&format!("[{key:?}]")),
        }
    }
    text
}
